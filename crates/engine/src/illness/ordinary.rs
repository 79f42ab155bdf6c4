//! Ordinary residents: counted by cells of age and sex, looked at singly only in a costly year.
//!
//! Numbers are binomial with the probability integrated over the risk. A year is costly when one stay costs at
//! least the threshold or a major condition is present; below it an ordinary resident can come near the
//! early-warning line only by several stays, which is left out. Each year is drawn afresh: nobody's history is
//! kept, and special chronic and general outpatient bills are left out.

use super::disease::OF_ORDINARY;
use super::math::{exp, ln, normal_quantile};
use super::tile::ordinary::{self as tile, ROOM};
use super::year::YearContext;
use super::{IllnessModel, bill};
use crate::policy::claim::{Claim, Level, Sex};
use crate::rng::{Key, Purpose, uniform};
use crate::units::Month;

/// Columns of cells of ordinary residents.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// Age that stands for the cell, such as the middle of its band.
    pub age: &'a [u8],
    /// Sex.
    pub sex: &'a [Sex],
    /// Number of persons.
    pub persons: &'a [u32],
}

/// The ordinary residents of one cell with a costly year.
#[derive(Debug, Clone)]
pub struct Costly {
    /// Number of the cell.
    pub cell: u32,
    /// Age that stands for it.
    pub age: u8,
    /// Sex.
    pub sex: Sex,
    /// Persons with at least one costly stay: numbers 0 to this in `costly_claims`.
    pub by_stay: u32,
    /// Persons with a major condition: the numbers after these.
    pub by_condition: u32,
    /// Stays per year of a person of average risk.
    pub(super) rate: f64,
    /// Cumulated weights of the risk at the nodes, given a costly stay.
    /// Beyond the nodes they are above any probability.
    pub(super) risk: [f64; ROOM],
}

impl Costly {
    /// The number of persons.
    #[must_use]
    pub fn persons(&self) -> u32 {
        self.by_stay + self.by_condition
    }
}

/// The months of an ordinary resident's presence.
const ALL_YEAR: (u8, u8) = (1, 12);

pub(super) const NODES: usize = 49;
const FIRST_NODE: f64 = -5.5;
const STEP: f64 = 0.25;

/// The risk at a node: even steps, on which sums over a normal density are as good as exact.
#[expect(clippy::cast_precision_loss, reason = "below 49")]
pub(super) fn node(at: usize) -> f64 {
    FIRST_NODE + STEP * at as f64
}

/// The risk at even steps: the weight of each node and its factor on stays.
#[derive(Debug, Clone)]
pub(super) struct Nodes {
    pub(super) weight: [f64; NODES],
    pub(super) factor: [f64; NODES],
}

/// Ordinary residents of a county-year: how many were admitted, and who had a costly year.
#[derive(Debug, Clone)]
pub struct OrdinaryYear {
    /// Persons admitted at least once, over all cells.
    pub admitted: u64,
    /// Persons with a costly year.
    pub costly: CostlyYear,
}

/// The ordinary residents with a costly year, by cell.
#[derive(Debug, Clone)]
pub struct CostlyYear {
    /// One entry a cell, in the order of the cells; empty where nobody asked for it.
    pub cells: Vec<Costly>,
    /// At each node of the risk and by level: the share of all stays that are there and reach the threshold.
    pub(super) shares: [[f64; 4]; NODES],
    /// The same for the kernels; none where the plain stage counted.
    pub(super) nodes: Option<Box<tile::Nodes>>,
}

impl IllnessModel {
    /// Counts the ordinary persons of each cell who are admitted at least once and, where `costly` asks for it,
    /// those with a costly year; who has a costly stay is among those admitted.
    #[must_use]
    pub fn ordinary_year(&self, ctx: &YearContext, cells: &Cells<'_>, costly: bool) -> OrdinaryYear {
        let at_least_one = |rates: &[f64], factors: &[f64; NODES]| {
            rates.iter().map(|rate| self.nodes.at_least_one(*rate, factors)).collect()
        };
        self.count_cells(ctx, cells, costly, at_least_one)
    }

    /// The same for the kernels, with their tables, given how they work out for each rate the probability of at
    /// least one stay at these factors, as cumulated over the nodes.
    pub(super) fn count_ordinary(
        &self,
        ctx: &YearContext,
        cells: &Cells<'_>,
        costly: bool,
        at_least_one: impl Fn(&[f64], &[f64; NODES]) -> Vec<[f64; NODES]>,
    ) -> OrdinaryYear {
        let mut year = self.count_cells(ctx, cells, costly, at_least_one);
        if costly {
            let nodes = tile::Nodes::new(self, &year.costly.shares, &self.nodes.factor);
            year.costly.nodes = Some(Box::new(nodes));
        }
        year
    }

    fn count_cells(
        &self,
        ctx: &YearContext,
        cells: &Cells<'_>,
        costly: bool,
        at_least_one: impl Fn(&[f64], &[f64; NODES]) -> Vec<[f64; NODES]>,
    ) -> OrdinaryYear {
        let mut year = CostlyYear { cells: Vec::new(), shares: [[0.0; 4]; NODES], nodes: None };
        let who = cells.age.iter().copied().zip(cells.sex.iter().copied());
        let rates: Vec<f64> = who.map(|who| self.rate(ctx, Self::ORDINARY, who)).collect();
        let any = at_least_one(&rates, &self.nodes.factor);
        let mut risk = Vec::new();
        if costly {
            year.cells.reserve_exact(cells.persons.len());
            let factors;
            (year.shares, factors) = self.costly_shares(ctx);
            risk = at_least_one(&rates, &factors);
        }
        let mut all = 0;
        for (cell, (rate, any)) in rates.iter().zip(&any).enumerate() {
            let any = any[NODES - 1];
            let words = cell_words(ctx, cell);
            let admitted = binomial(cells.persons[cell], any, words[0]);
            all += u64::from(admitted);
            if costly {
                year.cells.push(self.costly_cell(cells, cell, (*rate, any, admitted), (&risk[cell], words)));
            }
        }
        OrdinaryYear { admitted: all, costly: year }
    }

    /// The persons of a cell with a costly year, of those admitted: a share `any` of the cell's at this rate of stays.
    fn costly_cell(
        &self,
        cells: &Cells<'_>,
        cell: usize,
        (rate, any, admitted): (f64, f64, u32),
        (cumulated, words): (&[f64; NODES], [u32; 4]),
    ) -> Costly {
        let some = cumulated[NODES - 1];
        let mut risk = [2.0; ROOM];
        risk.iter_mut().zip(cumulated).for_each(|(to, until)| *to = until / some.max(f64::MIN_POSITIVE));
        let ill = self.conditions.any(Self::ORDINARY, cells.age[cell]);
        #[expect(clippy::cast_possible_truncation, reason = "cells are few")]
        Costly {
            cell: cell as u32,
            age: cells.age[cell],
            sex: cells.sex[cell],
            // Who has a major condition is among the others, with or without a costly stay.
            by_stay: binomial(admitted, if any > 0.0 { some / any * (1.0 - ill) } else { 0.0 }, words[1]),
            by_condition: binomial(cells.persons[cell], ill, words[2]),
            rate,
            risk,
        }
    }

    /// At each node: the share of all stays by level that are there and reach the threshold, and such stays per
    /// year per stay of a person of average risk.
    fn costly_shares(&self, ctx: &YearContext) -> ([[f64; 4]; NODES], [f64; NODES]) {
        let mut factors = self.nodes.factor;
        let mut shares = [[0.0; 4]; NODES];
        for (at, (factor, shares)) in factors.iter_mut().zip(&mut shares).enumerate() {
            *shares = self.costly_share(ctx, node(at));
            *factor *= costly_part(shares);
        }
        (shares, factors)
    }

    /// By level: the share of all stays at a risk that are there and reach the threshold.
    fn costly_share(&self, ctx: &YearContext, risk: f64) -> [f64; 4] {
        let least = ln(self.costly_stay_yuan.max(0.01));
        let factor = self.ordinary_factor(risk);
        let mut shares = self.places.level_share;
        for (share, log_cost) in shares.iter_mut().zip(ctx.log_cost) {
            *share *= ctx.shape.at_least(least - log_cost - factor);
        }
        shares
    }

    /// Appends the claims of the `number`-th person of a costly cell.
    ///
    /// Block 0 of `Purpose::OrdinaryPerson`: node of the risk, none, number of costly stays, number of others (of
    /// a person with a condition: condition, risk, none, number of stays); block 1 + i: stay i; block 2^20 + i:
    /// level of stay i and its place; block 2^21: the bills of a condition.
    pub fn costly_claims(
        &self,
        ctx: &YearContext,
        (year, costly): (&CostlyYear, &Costly),
        number: u32,
        out: &mut Vec<Claim>,
    ) {
        let key = ctx.key((costly.cell << 22) | number);
        let words = ctx.draws.block(key, Purpose::OrdinaryPerson, 0);
        if number < costly.by_stay {
            self.dear_and_others(ctx, (year, costly), (key, words), out);
        } else {
            self.with_condition(ctx, costly, (key, words), out);
        }
    }

    /// The stays of a person with a costly stay.
    fn dear_and_others(
        &self,
        ctx: &YearContext,
        (year, costly): (&CostlyYear, &Costly),
        (key, words): (Key, [u32; 4]),
        out: &mut Vec<Claim>,
    ) {
        let at = costly.risk.partition_point(|&until| until <= uniform(words[0])).min(NODES - 1);
        let share = year.shares[at];
        let part = costly_part(&share);
        let rate = costly.rate * self.nodes.factor[at];
        let most = self.admission.most_stays;
        let dear = at_least_one(rate * part, words[2], most);
        let others = self.admission.stays(rate * (1.0 - part), words[3]).min(most - dear);
        let cheap = self.cheap(&share);
        for stay in 0..dear + others {
            let kind = if stay < dear { (&share, true) } else { (&cheap, false) };
            let claim = self.ordinary_stay(ctx, (key, u32::from(stay)), (kind, node(at)));
            let disease = self.disease(ctx, 0, (key, OF_ORDINARY + u32::from(stay)));
            out.push(Claim { disease, ..claim });
        }
    }

    /// A stay whose cost is at least the threshold, or below it: the word of the cost is moved into that part.
    fn ordinary_stay(
        &self,
        ctx: &YearContext,
        (key, stay): (Key, u32),
        ((shares, costly), risk): ((&[f64; 4], bool), f64),
    ) -> Claim {
        let places = ctx.draws.block(key, Purpose::OrdinaryPerson, (1 << 20) + stay);
        let mut words = ctx.draws.block(key, Purpose::OrdinaryPerson, 1 + stay);
        let level = level_of_share(shares, uniform(places[0]));
        let part = self.words_of_part(shares, level);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within a word")]
        let moved = (uniform(words[0]) * part) as u32;
        words[0] = if costly { !moved } else { moved };
        let place = self.places.at_level(Level::ALL[level], places[1]);
        self.stay_claim(ctx, (place, self.ordinary_factor(risk)), ALL_YEAR, words)
    }

    /// The log factor of a risk on the cost of a stay.
    fn ordinary_factor(&self, risk: f64) -> f64 {
        self.groups[usize::from(Self::ORDINARY)].log_cost + self.risk.cost_loading * risk
    }

    /// The shares of stays below the threshold by level, from the shares of those that reach it.
    pub(super) fn cheap(&self, costly: &[f64; 4]) -> [f64; 4] {
        let mut cheap = self.places.level_share;
        cheap.iter_mut().zip(costly).for_each(|(all, dear)| *all = (*all - dear).max(0.0));
        cheap
    }

    /// How many words of the cost of a stay at a level belong to stays with these shares by level.
    pub(super) fn words_of_part(&self, shares: &[f64; 4], level: usize) -> f64 {
        let all = self.places.level_share[level].max(f64::MIN_POSITIVE);
        (shares[level] / all).clamp(0.0, 1.0) * 4_294_967_296.0
    }

    /// The claims of a person of any risk with a major condition, a whole year of them: its bills by quarter, because
    /// an ordinary resident is only held against lists and the household test, for which the months within a quarter
    /// matter little.
    fn with_condition(
        &self,
        ctx: &YearContext,
        costly: &Costly,
        (key, words): (Key, [u32; 4]),
        out: &mut Vec<Claim>,
    ) {
        let number = self.conditions.given_any(Self::ORDINARY, costly.age, words[0]);
        let Some(condition) = self.conditions.get(number) else { return };
        let risk = self.normal.draw(words[1]);
        let rate = (costly.rate + ctx.extra * condition.extra_stays) * self.risk_factor(risk);
        let factor = self.ordinary_factor(risk) + condition.log_stay_cost;
        for stay in 0..u32::from(self.admission.stays(rate, words[3])) {
            let words = ctx.draws.block(key, Purpose::OrdinaryPerson, 1 + stay);
            let claim = self.stay_claim(ctx, (self.places.at(words[1]), factor), ALL_YEAR, words);
            let disease = self.disease(ctx, number, (key, OF_ORDINARY + stay));
            out.push(Claim { disease, ..claim });
        }
        let words = ctx.draws.block(key, Purpose::OrdinaryPerson, 1 << 21);
        let quarter = bill::major(condition, &self.normal, &self.catalogue, words).of_months(3);
        let disease = self.disease_of_ordinary_bills(ctx, number, key);
        let bill = |month| Claim { disease, ..quarter.on(Month::new(ctx.year, month), 10) };
        out.extend([3, 6, 9, 12].map(bill));
    }
}

/// The share of a person's stays that reach the threshold.
pub(super) fn costly_part(shares: &[f64; 4]) -> f64 {
    shares.iter().sum::<f64>().min(1.0)
}

/// The level that a number uniform on (0, 1) picks by these shares.
fn level_of_share(shares: &[f64; 4], uniform: f64) -> usize {
    let mut beyond = uniform * shares.iter().sum::<f64>();
    for (level, share) in shares[..3].iter().enumerate() {
        if beyond < *share {
            return level;
        }
        beyond -= share;
    }
    3
}

impl Nodes {
    pub(super) fn new(admission_loading: f64) -> Self {
        let a = admission_loading;
        let (mut weight, mut factor) = ([0.0; NODES], [0.0; NODES]);
        for at in 0..NODES {
            let z = node(at);
            weight[at] = exp(-0.5 * z * z);
            factor[at] = exp(a * z - 0.5 * a * a);
        }
        let sum: f64 = weight.iter().sum();
        Self { weight: weight.map(|weight| weight / sum), factor }
    }

    /// The probability of at least one stay at these factors, as cumulated over the nodes.
    fn at_least_one(&self, rate: f64, factors: &[f64; NODES]) -> [f64; NODES] {
        let mut sum = 0.0;
        std::array::from_fn(|at| {
            sum += self.weight[at] * (1.0 - exp(-rate * factors[at]));
            sum
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "cells are few")]
fn cell_words(ctx: &YearContext, cell: usize) -> [u32; 4] {
    ctx.draws.block(ctx.key(cell as u32), Purpose::OrdinaryCount, 0)
}

/// A Poisson number given that it is not zero, at most `most`.
pub(super) fn at_least_one(rate: f64, word: u32, most: u8) -> u8 {
    let none = exp(-rate);
    let u = uniform(word) * (1.0 - none);
    let (mut exactly, mut at_least, mut number) = (none * rate, 1.0 - none - none * rate, 1);
    while number < most && u < at_least {
        number += 1;
        exactly *= rate / f64::from(number);
        at_least -= exactly;
    }
    number
}

/// A binomial number: the quantile at a word.
///
/// Up to a mean of 24 by adding up probabilities; above it by the normal quantile with the Cornish-Fisher
/// terms of the skewness and of the lattice, which misses the exact quantile by at most one, seldom.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded to 0..=n")]
pub fn binomial(n: u32, probability: f64, word: u32) -> u32 {
    let p = probability.clamp(0.0, 1.0);
    if p > 0.5 {
        return n - binomial(n, 1.0 - p, !word);
    }
    let (size, u) = (f64::from(n), uniform(word));
    let mean = size * p;
    if mean > 24.0 {
        let z = normal_quantile(u);
        let variance = mean * (1.0 - p);
        let skew = (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0;
        let deviation = libm::sqrt(variance);
        let kurtosis = (z * (z * z - 3.0) * (1.0 - 6.0 * p * (1.0 - p)) / 24.0
            - z * (2.0 * z * z - 5.0) * (1.0 - 2.0 * p) * (1.0 - 2.0 * p) / 36.0)
            / deviation;
        let lattice = -z / (24.0 * deviation);
        let at = libm::ceil(mean + z * deviation + skew + kurtosis + lattice - 0.5);
        return at.clamp(0.0, size) as u32;
    }
    let odds = p / (1.0 - p);
    let mut exactly = exp(size * ln(1.0 - p));
    let (mut until, mut number) = (exactly, 0.0);
    while u > until && number < size {
        exactly *= odds * (size - number) / (number + 1.0);
        number += 1.0;
        until += exactly;
        if exactly < 1e-300 {
            break;
        }
    }
    number as u32
}
