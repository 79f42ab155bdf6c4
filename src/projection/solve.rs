//! Goal seek: the value of one input with which a condition on the budgets still holds.
//!
//! Values are tried on common draws. Between two values that were simulated each replicate's money is taken to change
//! evenly, which says where to look next; what is answered was simulated itself, with its neighbours.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::{Funds, Probability, account_rows};
use super::condition::{Condition, Measure};
use crate::simulation::facts::MONTHS;
use crate::stats::{Estimate, Sample, normal_quantile};

/// The money of one payer under one value: by owner (a county; `None`: all together), year or month, and replicate, fen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    /// `[year][replicate]`, or `[12 × year + month][replicate]` where a fund's account is asked about.
    pub fen: BTreeMap<Option<usize>, Vec<Vec<i64>>>,
}

impl Spent {
    /// What lies between two: a share of the way from the first to the second, replicate by replicate.
    #[must_use]
    fn between(&self, other: &Self, share: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "only where to look"
        )]
        let mix = |a: &i64, b: &i64| a + ((b - a) as f64 * share).round() as i64;
        let column = |(a, b): (&Vec<i64>, &Vec<i64>)| a.iter().zip(b).map(|(a, b)| mix(a, b)).collect();
        let owner = |(owner, own): (&Option<usize>, &Vec<Vec<i64>>)| {
            let others = other.fen.get(owner).unwrap_or(own);
            (*owner, own.iter().zip(others).map(column).collect())
        };
        Self { fen: self.fen.iter().map(owner).collect() }
    }
}

/// The figure of a condition in one year, with the ends of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The county; `None`: all together, or the pooled fund.
    pub owner: Option<usize>,
    /// The year.
    pub year: u16,
    /// A share, or yuan.
    pub figure: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How a condition stands under a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holds {
    /// It holds even at the upper ends of all intervals.
    pub surely: bool,
    /// It holds.
    pub holds: bool,
    /// It may hold: at the lower ends of all intervals.
    pub maybe: bool,
    /// A figure has no error, so that nothing is known of what may be.
    pub unknown: bool,
}

impl Holds {
    /// Of the figures of all owners and years: it holds where it holds for each.
    #[must_use]
    pub fn of(standings: &[Standing], at_most: f64) -> Self {
        let all = |of: fn(&Standing) -> f64| standings.iter().all(|one| of(one) <= at_most);
        let unknown = standings.iter().any(|one| !(one.low.is_finite() && one.high.is_finite()));
        Self { surely: all(|one| one.high), holds: all(|one| one.figure), maybe: all(|one| one.low), unknown }
    }

    const fn each(self) -> [bool; 3] {
        [self.surely, self.holds, self.maybe]
    }
}

/// The figures of a condition: of each budget in force, each account, or of all counties together.
#[must_use]
pub fn standings(condition: &Condition, years: &[u16], spent: &Spent, funds: &Funds) -> Vec<Standing> {
    let mut all = Vec::new();
    for (&owner, columns) in &spent.fen {
        if condition.measure == Measure::Short {
            let n = columns.first().map_or(0, Vec::len);
            let of = |year: usize, month: usize| columns[year * MONTHS + month].clone();
            let accounts = account_rows(owner, (years, n), funds, |year, (_, slice)| match slice {
                super::money::Slice::Month(month) => of(year, month),
                _ => vec![0; n],
            });
            all.extend(accounts.years.iter().map(|row| of_share(owner, row.year, row.short)));
            continue;
        }
        for (&year, fen) in years.iter().zip(columns) {
            match condition.measure {
                Measure::Exceed => {
                    let budget = funds.budgets.get(&(owner, year, condition.payer));
                    let share = |budget: &i64| {
                        Probability::of(fen.iter().filter(|spent| *spent > budget).count(), fen.len())
                    };
                    all.extend(budget.map(|budget| of_share(owner, year, share(budget))));
                }
                Measure::Mean => {
                    let mean = Estimate::of(fen, 100);
                    all.extend(mean.map(|of| of_yuan((owner, year), of.mean, of.standard_error)));
                }
                Measure::Percentile(at) => {
                    let sample = Sample::new(fen.clone());
                    #[expect(clippy::cast_precision_loss, reason = "yuan, for a reader")]
                    let of = |sample: Sample| {
                        let yuan = sample.quantile(at) as f64 / 100.0;
                        of_yuan((owner, year), yuan, sample.quantile_error(at).map(|fen| fen / 100.0))
                    };
                    all.extend(sample.map(of));
                }
                Measure::Short => {}
            }
        }
    }
    all
}

const fn of_share(owner: Option<usize>, year: u16, of: Probability) -> Standing {
    Standing { owner, year, figure: of.share, low: of.low, high: of.high }
}

/// A figure without an error may be anything.
fn of_yuan((owner, year): (Option<usize>, u16), yuan: f64, error: Option<f64>) -> Standing {
    let half = error.map_or(f64::INFINITY, |error| normal_quantile(0.975) * error);
    Standing { owner, year, figure: yuan, low: yuan - half, high: yuan + half }
}

/// A value that was simulated.
#[derive(Debug, Clone)]
struct Node {
    spent: Spent,
    standings: Vec<Standing>,
    holds: Holds,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The last value with which the condition holds, counted from the safe end; the value next to it does not do.
    Edge {
        /// The value.
        at: i64,
        /// The ends of its 95 % interval: up to the first the condition surely holds (`None`: nowhere surely), up to
        /// the second it may.
        interval: (Option<i64>, i64),
    },
    /// It holds with every value that was tried.
    Everywhere,
    /// It holds with none; with this one it is nearest to holding.
    Nowhere {
        /// The value.
        nearest: i64,
    },
}

impl Found {
    /// The value that was found.
    #[must_use]
    pub const fn edge(self) -> Option<i64> {
        match self {
            Self::Edge { at, .. } => Some(at),
            Self::Everywhere | Self::Nowhere { .. } => None,
        }
    }

    /// The value whose figures are worth showing: what was found or, where nothing was, what comes nearest.
    #[must_use]
    pub const fn shown(self) -> Option<i64> {
        match self {
            Self::Edge { at, .. } | Self::Nowhere { nearest: at } => Some(at),
            Self::Everywhere => None,
        }
    }
}

/// The search over the places 0 to `last` of an even grid of values.
#[derive(Debug, Clone)]
pub struct Search {
    condition: Condition,
    years: Vec<u16>,
    last: i64,
    nodes: BTreeMap<i64, Node>,
}

impl Search {
    /// Values of the first look, between the ends.
    const FIRST_INNER: i64 = 2;

    /// A search for the years that are reported.
    #[must_use]
    pub const fn new(condition: Condition, years: Vec<u16>, last: i64) -> Self {
        Self { condition, years, last, nodes: BTreeMap::new() }
    }

    /// Which values are to be simulated next; none where the answer is there.
    ///
    /// # Errors
    /// Of `funds`, which gives the funds of a value.
    pub fn wanted<E>(&self, funds: &impl Fn(i64) -> Result<Funds, E>) -> Result<Vec<i64>, E> {
        let mut wanted = BTreeSet::new();
        if self.nodes.is_empty() {
            let parts = Self::FIRST_INNER + 1;
            wanted.extend((0..=parts).map(|part| self.last * part / parts));
        } else {
            for flag in 0..3 {
                if let Some((good, bad)) = self.bracket(flag) {
                    let edge = self.edge((good, bad), flag, funds)?;
                    wanted.extend([edge, edge + (bad - good).signum()]);
                }
            }
            wanted.retain(|at| !self.nodes.contains_key(at));
        }
        Ok(wanted.into_iter().collect())
    }

    /// Takes what a value came to.
    pub fn add(&mut self, at: i64, spent: Spent, funds: &Funds) {
        let standings = standings(&self.condition, &self.years, &spent, funds);
        let holds = Holds::of(&standings, self.condition.at_most);
        self.nodes.insert(at, Node { spent, standings, holds });
    }

    /// The values that were simulated, with their figures.
    pub fn simulated(&self) -> impl Iterator<Item = (i64, &[Standing], Holds)> {
        self.nodes.iter().map(|(&at, node)| (at, node.standings.as_slice(), node.holds))
    }

    /// The figures of a value that was simulated.
    #[must_use]
    pub fn standings(&self, at: i64) -> &[Standing] {
        self.nodes.get(&at).map_or(&[], |node| &node.standings)
    }

    /// Whether the condition is easier to hold at high values.
    #[must_use]
    pub fn is_safe_at_high(&self) -> bool {
        let end = |at: i64| self.nodes.get(&at);
        let (Some(low), Some(high)) = (end(0), end(self.last)) else { return false };
        let n_held = |node: &Node| node.holds.each().into_iter().filter(|holds| *holds).count();
        let sum = |node: &Node| node.standings.iter().map(|one| one.figure).sum::<f64>();
        match n_held(high).cmp(&n_held(low)) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => sum(high) < sum(low),
        }
    }

    /// The values that were simulated, from the safe end on.
    fn outwards(&self) -> Vec<(i64, &Node)> {
        let mut all: Vec<(i64, &Node)> = self.nodes.iter().map(|(&at, node)| (at, node)).collect();
        if self.is_safe_at_high() {
            all.reverse();
        }
        all
    }

    /// The first two neighbours of which one holds and the next does not; none where they are next to each other or all
    /// are alike.
    fn bracket(&self, flag: usize) -> Option<(i64, i64)> {
        let all = self.outwards();
        let pair =
            all.windows(2).find(|pair| pair[0].1.holds.each()[flag] && !pair[1].1.holds.each()[flag])?;
        let (good, bad) = (pair[0].0, pair[1].0);
        ((good - bad).abs() > 1).then_some((good, bad))
    }

    /// The last place between a good and a bad value at which the condition holds, as far as what lies between two
    /// simulated values tells.
    fn edge<E>(
        &self,
        (mut good, mut bad): (i64, i64),
        flag: usize,
        funds: &impl Fn(i64) -> Result<Funds, E>,
    ) -> Result<i64, E> {
        let (first, last) = (good, bad);
        let (Some(from), Some(to)) = (self.nodes.get(&first), self.nodes.get(&last)) else { return Ok(good) };
        while (good - bad).abs() > 1 {
            let middle = i64::midpoint(good, bad);
            #[expect(clippy::cast_precision_loss, reason = "a share of the way")]
            let share = (middle - first) as f64 / (last - first) as f64;
            let spent = from.spent.between(&to.spent, share);
            let standings = standings(&self.condition, &self.years, &spent, &funds(middle)?);
            match Holds::of(&standings, self.condition.at_most).each()[flag] {
                true => good = middle,
                false => bad = middle,
            }
        }
        Ok(good)
    }

    /// What was found, once nothing is wanted any more.
    #[must_use]
    pub fn found(&self) -> Found {
        let all = self.outwards();
        let reach = |flag: usize| {
            let held = all.iter().take_while(|(_, node)| node.holds.each()[flag]);
            held.last().map(|(at, _)| *at)
        };
        let worst = |node: &Node| {
            let over = node.standings.iter().map(|one| one.figure - self.condition.at_most);
            over.fold(f64::NEG_INFINITY, f64::max)
        };
        match reach(1) {
            Some(_) if all.iter().all(|(_, node)| node.holds.holds) => Found::Everywhere,
            Some(at) => Found::Edge { at, interval: (reach(0), reach(2).unwrap_or(at)) },
            None => {
                let nearest = all.iter().min_by(|(_, a), (_, b)| worst(a).total_cmp(&worst(b)));
                Found::Nowhere { nearest: nearest.map_or(0, |(at, _)| *at) }
            }
        }
    }

    /// Values beyond the edge with which the condition holds again: it does not change in one direction only.
    #[must_use]
    pub fn again(&self) -> Vec<i64> {
        let all = self.outwards();
        let beyond = all.iter().skip_while(|(_, node)| node.holds.holds);
        beyond.filter(|(_, node)| node.holds.holds).map(|(at, _)| *at).collect()
    }
}
