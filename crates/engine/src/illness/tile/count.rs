//! Poisson numbers of stays: a few steps for every row, more for the rows that need them.

use super::TILE;
use super::lanes::positions;
use super::memory::filled_up;
use super::tables::Column;
use crate::illness::math::exp;

/// Steps that are made for every row.
const STEPS: u8 = 4;

/// Rows whose stays are counted.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Counting {
    /// Stays a year.
    pub(super) rate: Column<f64>,
    /// The word of the number plus one: a word lies below the whole part of x when this is at most x.
    pub(super) next: Column<f64>,
    pub(super) stays: Column<u32>,
    /// P(N = 4), and P(N > 4).
    exactly: Column<f64>,
    at_least: Column<f64>,
    /// One where there may be more.
    flag: Column<u8>,
    found: [u8; TILE + 64],
}

/// Those with more, side by side.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct More {
    rate: Column<f64>,
    next: Column<f64>,
    exactly: Column<f64>,
    at_least: Column<f64>,
    stays: Column<u32>,
}

impl Counting {
    pub(super) const EMPTY: Self = Self {
        rate: [0.0; TILE],
        next: [1.0; TILE],
        stays: [0; TILE],
        exactly: [0.0; TILE],
        at_least: [0.0; TILE],
        flag: [0; TILE],
        found: [0; TILE + 64],
    };
}

impl More {
    pub(super) const EMPTY: Self = Self {
        rate: [0.0; TILE],
        next: [1.0; TILE],
        exactly: [0.0; TILE],
        at_least: [0.0; TILE],
        stays: [0; TILE],
    };
}

/// Counts the stays of the first `n` rows, at most `most` each: the plain `Admission::stays`.
#[inline(always)]
pub(super) fn count(most: u8, n: usize, rows: &mut Counting, more: &mut More) {
    first_steps(u32::from(most), n, rows);
    let many = positions(&rows.flag[..n.min(TILE)], &mut rows.found);
    if many == 0 {
        return;
    }
    take(rows, many, more);
    let lanes = filled_up(many);
    for k in STEPS + 1..=most {
        if step(f64::from(k), lanes, more) == 0 {
            break;
        }
    }
    for j in 0..many {
        rows.stays[usize::from(rows.found[j])] = more.stays[j].min(u32::from(most));
    }
}

/// For each k up to four whether the word is below P(N >= k).
///
/// Probabilities are not clamped: a word is never below a negative number, and always below one above 2^32.
#[inline(always)]
fn first_steps(most: u32, n: usize, rows: &mut Counting) {
    for i in 0..n.min(TILE) {
        let rate = rows.rate[i];
        let rate = if rate < 500.0 { rate } else { 500.0 };
        rows.exactly[i] = exp(-rate);
        rows.at_least[i] = rate / 3.0;
    }
    for i in 0..n.min(TILE) {
        let (next, rate, none) = (rows.next[i], rows.rate[i], rows.exactly[i]);
        let possible = is_below(next, rate);
        let rate = if rate < 500.0 { rate } else { 500.0 };
        let least_1 = 1.0 - none;
        let just_1 = none * rate;
        let least_2 = least_1 - just_1;
        let just_2 = just_1 * (rate / 2.0);
        let least_3 = least_2 - just_2;
        let just_3 = just_2 * rows.at_least[i];
        let least_4 = least_3 - just_3;
        let one = possible & is_below(next, least_1);
        let two = one & is_below(next, least_2);
        let three = two & is_below(next, least_3);
        let four = three & is_below(next, least_4);
        let stays = u32::from(one) + u32::from(two) + u32::from(three) + u32::from(four);
        rows.stays[i] = stays.min(most);
        rows.exactly[i] = just_3;
        rows.at_least[i] = least_4;
        rows.flag[i] = u8::from(four);
    }
}

/// Whether the word before `next` lies below the threshold of a probability.
#[inline(always)]
fn is_below(next: f64, probability: f64) -> bool {
    next <= probability * 4_294_967_296.0
}

#[inline(always)]
fn take(rows: &Counting, many: usize, more: &mut More) {
    for j in 0..many.min(TILE) {
        let at = usize::from(rows.found[j]);
        let rate = rows.rate[at];
        more.rate[j] = if rate < 500.0 { rate } else { 500.0 };
        more.next[j] = rows.next[at];
        // P(N = 4) and P(N >= 5).
        more.exactly[j] = rows.exactly[at] * (more.rate[j] / 4.0);
        more.at_least[j] = rows.at_least[at] - more.exactly[j];
        more.stays[j] = u32::from(STEPS);
    }
    // Rows that fill up have no more.
    for j in many.min(TILE)..filled_up(many) {
        more.next[j] = f64::INFINITY;
    }
}

/// Whether the word is below P(N >= k); none when that holds for no row.
#[inline(always)]
fn step(k: f64, n: usize, more: &mut More) -> u32 {
    let mut any = 0;
    for j in 0..n.min(TILE) {
        let below = u32::from(is_below(more.next[j], more.at_least[j]));
        more.stays[j] += below;
        any |= below;
        let exactly = more.exactly[j] * (more.rate[j] / k);
        more.exactly[j] = exactly;
        more.at_least[j] -= exactly;
    }
    any
}
