//! The loops of the settlement: each works on one round, column by column, and is compiled for every instruction set.

#![expect(
    clippy::needless_range_loop,
    reason = "columns of one length, indexed alike: so loops become vectors"
)]

use super::super::programme::{Bands, CELLS, CODES, Cell, EMPTY, POOLS, Programme, info};
use super::claims::{BILL_BITS, BILLS, Claims, NO_BILL};
use super::persons::Persons;
use super::{Line, NOT_REACHED, PERSONS, Settled};
use crate::instruction_set::Kernel;

/// All rounds of a tile.
pub(super) struct Rounds<'a> {
    pub(super) programme: &'a Programme,
    pub(super) lines: &'a [Line],
    pub(super) claims: &'a Claims,
    pub(super) settled: &'a mut Settled,
}

impl Kernel for Rounds<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { programme, lines, claims, settled } = self;
        let persons = &mut *settled.persons;
        let cells = &*programme.cells;
        let mut start = 0;
        for (number, &own) in claims.rounds.iter().enumerate() {
            let n = Claims::filled(own).min(PERSONS);
            let rows = start..start + n;
            fetch(claims, (number, own), n, persons);
            scope_and_basic(cells, n, persons);
            for &kind in &programme.capped_kinds {
                match kind {
                    0 => kind_cap::<0>(n, persons),
                    1 => kind_cap::<1>(n, persons),
                    2 => kind_cap::<2>(n, persons),
                    _ => kind_cap::<3>(n, persons),
                }
            }
            let n_over = critical_base(n, persons);
            pay_critical(programme, n_over, persons);
            let over = persons.round.over[..n_over.min(PERSONS)].iter();
            settled.critical.extend(over.map(|place| start as u32 + place));
            assistance::<0>(programme, n, persons);
            if programme.two_slots {
                assistance::<1>(programme, n, persons);
            }
            close(n, persons);
            for (number, line) in lines.iter().enumerate() {
                match number {
                    0 => look::<0>(*line, n, persons),
                    1 => look::<1>(*line, n, persons),
                    2 => look::<2>(*line, n, persons),
                    _ => look::<3>(*line, n, persons),
                }
            }
            for (all, paid) in settled.paid.iter_mut().zip(&persons.round.paid) {
                all[rows.clone()].copy_from_slice(&paid[..n]);
            }
            settled.account[rows].copy_from_slice(&persons.round.account[..n]);
            start += n;
        }
        find_rare(programme, Claims::filled(claims.rounds.first().copied().unwrap_or(0)), persons);
    }
}

/// The lower word of a pair as a float: exact.
#[inline(always)]
fn low(pair: u64) -> f64 {
    f64::from_bits((pair & 0xFFFF_FFFF) | TWO_52_BITS) - TWO_52
}

/// The upper word of a pair as a float: exact.
#[inline(always)]
fn high(pair: u64) -> f64 {
    f64::from_bits((pair >> 32) | TWO_52_BITS) - TWO_52
}

const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_52_BITS: u64 = TWO_52.to_bits();
/// Adding and taking it off leaves the nearest whole number.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// The larger of two numbers; one instruction, because neither is ever not a number.
#[inline(always)]
fn max(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The smaller of two numbers.
#[inline(always)]
fn min(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// One of two numbers, both worked out already: a choice of bits, which never becomes a branch.
#[inline(always)]
fn select(first: bool, a: f64, b: f64) -> f64 {
    let mask = u64::from(first).wrapping_neg();
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// A product with a ratio in millionths, rounded half up to the fen.
///
/// The product is a whole number below 2^49. A quarter of a millionth is added so that an exact half goes up, and it
/// is more than the errors of the two roundings (below 1.2e-7 for amounts up to 5e8), less than half a step.
#[inline(always)]
pub(super) fn rounded(millionths: f64) -> f64 {
    ((millionths + 0.25) * 1e-6 + ROUNDER) - ROUNDER
}

/// A whole number from 0 to 2^32 as a word.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are the number")]
fn word(amount: f64) -> u32 {
    (amount + TWO_52).to_bits() as u32
}

#[inline(always)]
fn at(cells: &[Cell; CELLS], cell: u32) -> &Cell {
    &cells[cell as usize % CELLS]
}

/// Finds the bill and the cell of each person's next claim.
#[inline(always)]
fn fetch(claims: &Claims, (number, own): (usize, usize), n: usize, persons: &mut Persons) {
    let Persons { round, last_month, .. } = persons;
    let (keys, tags) = (&*claims.keys, &*claims.tag);
    let (total, outside) = (&*claims.total, &*claims.out_of_scope);
    for i in 0..n.min(PERSONS) {
        let key = keys[(claims.first[i] as usize + number) % BILLS];
        let real = u32::from(i < own).wrapping_neg();
        let bill = ((key & ((1 << BILL_BITS) - 1)) & real) | (NO_BILL & !real);
        let tag = tags[bill as usize % BILLS];
        let month = key >> (BILL_BITS + 5);
        round.month[i] = month;
        let last = (month + (tag >> 8)) & real;
        last_month[i] = if last > last_month[i] { last } else { last_month[i] };
        round.total[i] = total[bill as usize % BILLS];
        round.outside[i] = outside[bill as usize % BILLS];
        let cell = claims.standing[i] * CODES as u32 + (tag & 0xFF);
        round.cell[i] = (cell & real) | (EMPTY & !real);
    }
    for &(place, first, n) in &claims.movers {
        // Those with most claims come first.
        if number >= n {
            break;
        }
        round.cell[place % PERSONS] = claims.moving[first + number];
    }
}

/// Steps 1 and 2 without the caps of kinds.
#[inline(always)]
fn scope_and_basic(cells: &[Cell; CELLS], n: usize, persons: &mut Persons) {
    let Persons { sums, round, rare, .. } = persons;
    for i in 0..n.min(PERSONS) {
        let c = at(cells, round.cell[i]);
        let (total, outside) = (round.total[i], round.outside[i]);
        let patient = min(outside, rounded(high(c[0]) * total));
        round.paid[0][i] = word(outside - patient);
        round.out_of_scope[i] = patient;
        let bill = total - outside;
        round.bill[i] = bill;
        let info = (c[5] >> 32) as u32;
        round.info[i] = info;
        round.account[i] = info >> info::ACCOUNT;
        rare[i] |= info & info::IRREGULAR;
        sums.bills[i] += total;
        let bit = 1 << (info & info::KIND);
        let deductible = select(sums.seen[i] & bit == 0, low(c[1]), high(c[1]));
        sums.seen[i] |= bit;
        let base = max(bill - deductible, 0.0);
        round.basic[i] = rounded(low(c[0]) * base);
        round.critical_deductible[i] = low(c[2]);
        round.kind_cap[i] = high(c[2]);
    }
}

/// The annual cap of one kind of claim.
#[inline(always)]
fn kind_cap<const KIND: usize>(n: usize, persons: &mut Persons) {
    let (round, paid) = (&mut persons.round, &mut persons.sums.basic[KIND]);
    for i in 0..n.min(PERSONS) {
        let room = max(round.kind_cap[i] - paid[i], 0.0);
        let own = round.info[i] & info::KIND == KIND as u32;
        let amount = select(own, min(round.basic[i], room), round.basic[i]);
        round.basic[i] = amount;
        paid[i] += select(own, amount, 0.0);
    }
}

/// Adds each claim's part to the running self-pay of critical-illness insurance, and lists those above the deductible.
#[inline(always)]
fn critical_base(n: usize, persons: &mut Persons) -> usize {
    let Persons { sums, round, .. } = persons;
    let n = n.min(PERSONS);
    for i in 0..n {
        let patient = round.bill[i] - round.basic[i];
        sums.basic_all[i] += round.basic[i];
        round.paid[1][i] = word(round.basic[i]);
        round.paid[2][i] = 0;
        round.patient[i] = patient;
        round.after_insurance[i] = patient;
        let counts = round.info[i] & info::CRITICAL != 0;
        let so_far = sums.critical_base[i] + select(counts, patient, 0.0);
        sums.critical_base[i] = so_far;
        round.base[i] = select(counts, so_far - round.critical_deductible[i], 0.0);
    }
    let mut n_over = 0;
    for i in 0..n {
        round.over[n_over % PERSONS] = i as u32;
        n_over += usize::from(round.base[i] > 0.0);
    }
    n_over
}

/// Step 3 for the claims listed.
#[inline(always)]
fn pay_critical(programme: &Programme, n_over: usize, persons: &mut Persons) {
    let Persons { sums, round, .. } = persons;
    for at in 0..n_over.min(PERSONS) {
        let i = round.over[at] as usize % PERSONS;
        let rule = &programme.bands[usize::from(programme.band_of[round.cell[i] as usize % CELLS])];
        let after = sums.critical_base[i];
        let before = after - round.patient[i];
        let amount = banded(rule, before, after);
        round.patient[i] -= amount;
        round.after_insurance[i] -= amount;
        sums.critical_all[i] += amount;
        round.paid[2][i] = word(amount);
    }
}

/// Σ ratio × the part of the increment in each band, rounded once.
#[inline(always)]
fn banded(rule: &Bands, before: f64, after: f64) -> f64 {
    let mut floor = rule.from;
    let mut millionths = 0.0;
    for &(to, ratio) in &rule.bands {
        millionths += ratio * max(min(after, to) - max(before, floor), 0.0);
        floor = max(floor, to);
    }
    rounded(millionths)
}

/// Step 4: one rule of regular assistance.
#[inline(always)]
fn assistance<const SLOT: usize>(programme: &Programme, n: usize, persons: &mut Persons) {
    let n_pools = programme.n_pools.min(POOLS);
    for number in 0..n_pools {
        match number {
            0 => read_pool::<SLOT, 0>(n, persons),
            1 => read_pool::<SLOT, 1>(n, persons),
            2 => read_pool::<SLOT, 2>(n, persons),
            3 => read_pool::<SLOT, 3>(n, persons),
            4 => read_pool::<SLOT, 4>(n, persons),
            _ => read_pool::<SLOT, 5>(n, persons),
        }
    }
    pay_assistance::<SLOT>(&programme.cells, n, persons);
    for number in 0..n_pools {
        match number {
            0 => add_to_pool::<SLOT, 0>(n, persons),
            1 => add_to_pool::<SLOT, 1>(n, persons),
            2 => add_to_pool::<SLOT, 2>(n, persons),
            3 => add_to_pool::<SLOT, 3>(n, persons),
            4 => add_to_pool::<SLOT, 4>(n, persons),
            _ => add_to_pool::<SLOT, 5>(n, persons),
        }
    }
}

/// What a rule pays on each claim.
#[inline(always)]
fn pay_assistance<const SLOT: usize>(cells: &[Cell; CELLS], n: usize, persons: &mut Persons) {
    let Persons { round, assisted, .. } = persons;
    for i in 0..n.min(PERSONS) {
        let c = at(cells, round.cell[i]);
        let (cap, within_cap) = caps::<SLOT>(c);
        let (ratio, deductible, each) = values::<SLOT>(c);
        let after_first = SLOT > 0 && round.info[i] & info::AFTER != 0;
        let left = select(after_first, round.patient[i], round.after_insurance[i]);
        let base = max(left - each, 0.0);
        let before = round.before[i];
        let above = max(before + base - deductible, 0.0) - max(before - deductible, 0.0);
        let room = min(cap - round.own[i], within_cap - round.further[i]);
        let amount = max(min(min(rounded(ratio * above), room), round.patient[i]), 0.0);
        round.base[i] = base;
        round.amount[i] = amount;
        round.patient[i] -= amount;
        round.paid[3 + SLOT][i] = word(amount);
        assisted[i] += u32::from(amount > 0.0);
    }
}

/// Reads the running sums of a pool for the claims that share it.
#[inline(always)]
fn read_pool<const SLOT: usize, const POOL: usize>(n: usize, persons: &mut Persons) {
    let Persons { sums, round, .. } = persons;
    for i in 0..n.min(PERSONS) {
        let (pool, within) = pools::<SLOT>(round.info[i]);
        let all = sums.pool_paid[POOL][i];
        round.before[i] = select(pool == POOL as u32, sums.pool_base[POOL][i], round.before[i]);
        round.own[i] = select(pool == POOL as u32, all, round.own[i]);
        round.further[i] = select(within == POOL as u32, all, round.further[i]);
    }
}

/// Adds the bases and payments to the running sums of a pool.
#[inline(always)]
fn add_to_pool<const SLOT: usize, const POOL: usize>(n: usize, persons: &mut Persons) {
    let Persons { sums, round, .. } = persons;
    for i in 0..n.min(PERSONS) {
        let (pool, within) = pools::<SLOT>(round.info[i]);
        let (own, further) = (pool == POOL as u32, within == POOL as u32);
        sums.pool_base[POOL][i] += select(own, round.base[i], 0.0);
        sums.pool_paid[POOL][i] += select(own | further, round.amount[i], 0.0);
    }
}

#[inline(always)]
fn values<const SLOT: usize>(c: &Cell) -> (f64, f64, f64) {
    if SLOT == 0 { (low(c[3]), high(c[3]), high(c[4])) } else { (low(c[6]), high(c[6]), high(c[7])) }
}

#[inline(always)]
fn caps<const SLOT: usize>(c: &Cell) -> (f64, f64) {
    if SLOT == 0 { (low(c[4]), low(c[5])) } else { (low(c[7]), f64::INFINITY) }
}

#[inline(always)]
fn pools<const SLOT: usize>(info: u32) -> (u32, u32) {
    ((info >> info::POOL[SLOT]) & 7, (info >> info::WITHIN[SLOT]) & 7)
}

/// What the claim leaves to the patient, and which payments were made.
#[inline(always)]
fn close(n: usize, persons: &mut Persons) {
    let Persons { round, flags, self_pay, in_scope, .. } = persons;
    let n = n.min(PERSONS);
    for i in 0..n {
        in_scope[i] += round.patient[i];
        self_pay[i] += round.patient[i] + round.out_of_scope[i];
    }
    for i in 0..n {
        let mut made = 0;
        for (payment, paid) in round.paid.iter().enumerate() {
            made |= u32::from(paid[i] > 0) << payment;
        }
        flags[i] |= made << (8 * (round.info[i] & info::KIND));
    }
}

/// Notes the month in which the running self-pay reached a threshold.
#[inline(always)]
fn look<const LINE: usize>(line: Line, n: usize, persons: &mut Persons) {
    let Persons { round, reached, self_pay, in_scope, .. } = persons;
    let reached = &mut reached[LINE];
    for i in 0..n.min(PERSONS) {
        let sum = select(line.counts_out_of_scope, self_pay[i], in_scope[i]);
        let now = u32::from((sum >= line.fen) & (reached[i] == NOT_REACHED)).wrapping_neg();
        reached[i] = (round.month[i] & now) | (reached[i] & !now);
    }
}

/// Marks persons for whom tilt assistance or a cap of the insurances could matter, or whose sums are too large.
#[inline(always)]
fn find_rare(programme: &Programme, n: usize, persons: &mut Persons) {
    let Persons { sums, rare, in_scope, tilt_from, .. } = persons;
    let (basic_cap, critical_cap, most) =
        (programme.basic_cap_fen, programme.critical_cap_fen, programme.most_fen);
    for i in 0..n.min(PERSONS) {
        let capped = (sums.basic_all[i] > basic_cap) | (sums.critical_all[i] > critical_cap);
        rare[i] |= u32::from(capped | (sums.bills[i] > most) | (in_scope[i] >= tilt_from[i]));
    }
}
