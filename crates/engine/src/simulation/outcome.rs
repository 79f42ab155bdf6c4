//! What a simulation returns: whole fen and counts by replicate, county and year, and sums for what is only averaged.

use crate::lang::Words;
use std::borrow::Cow;

use crate::policy::Policy;
use crate::policy::schedule::{FunderShare, YearRules};
use crate::population::RegisterCount;

use super::drivers::Drivers;
use super::facts::{BurdenMeasure, Fact, FactLayout, PeopleMeasure, RuleMeasure};

/// A line of spending paid by a funder: one column of the trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Cell {
    /// Position in [`crate::policy::names::Names::lines`].
    pub line: usize,
    /// Position in [`crate::policy::names::Names::funders`].
    pub funder: usize,
}

/// The lines and funders that a policy's rules can book to, in order of line and funder.
#[must_use]
pub fn cells<'a>(policy: &Policy, rules: impl IntoIterator<Item = &'a YearRules>) -> Vec<Cell> {
    let mut all = std::collections::BTreeSet::new();
    for schedule in rules.into_iter().flat_map(|year| &year.schedules) {
        for (rule, shares) in policy.rules.iter().zip(&schedule.funders) {
            let Some(line) = rule.line else { continue };
            all.extend(shares.iter().map(|share| Cell { line, funder: usize::from(share.funder) }));
        }
    }
    all.into_iter().collect()
}

/// Sums over replicates of a whole number: exact, so that their order cannot matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Moments {
    /// Number of replicates.
    pub n: u64,
    /// Sum.
    pub sum: i128,
    /// Sum of squares.
    pub sum_squares: i128,
}

impl Moments {
    /// Adds one replicate.
    pub fn add(&mut self, value: i64) {
        self.n += 1;
        self.sum += i128::from(value);
        self.sum_squares += i128::from(value) * i128::from(value);
    }

    /// Adds other replicates.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum += other.sum;
        self.sum_squares += other.sum_squares;
    }

    /// The mean; `None` without replicates.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "statistics")]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum as f64 / self.n as f64)
    }

    /// The standard deviation with divisor n − 1; `None` below two replicates.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "statistics")]
    pub fn sd(&self) -> Option<f64> {
        if self.n < 2 {
            return None;
        }
        let n = i128::from(self.n);
        let scaled = self.sum_squares * n - self.sum * self.sum;
        Some((scaled as f64 / (n as f64 * (n - 1) as f64)).max(0.0).sqrt())
    }

    /// The standard error of the mean; `None` below two replicates.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "statistics")]
    pub fn standard_error(&self) -> Option<f64> {
        self.sd().map(|sd| sd / (self.n as f64).sqrt())
    }
}

/// One county's outcome over all replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct CountyOutcome {
    /// The county's position in the place.
    pub county: usize,
    /// The number of the first replicate.
    pub first_replicate: u32,
    /// Number of replicates.
    pub n_replicates: usize,
    /// Number of years.
    pub n_years: usize,
    /// What stands where in a year's facts.
    pub layout: FactLayout,
    /// What the cells are, see [`cells`]: another county may have others, where its parameters differ.
    pub cells: Vec<Cell>,
    /// Fen: `[year][replicate][fact]` in one row, see [`CountyOutcome::kept`].
    pub kept: Vec<i64>,
    /// `[year][fact]` of the facts behind those that are kept.
    pub averaged: Vec<Moments>,
    /// `[year][rule]`: who pays the rule in this county.
    pub funders: Vec<Vec<Vec<FunderShare>>>,
    /// What was drawn for many at once.
    pub drivers: Drivers,
    /// `[year][category]`: what the register says and who holds it, the last one for ordinary residents.
    pub register: Vec<Vec<RegisterCount>>,
}

impl CountyOutcome {
    /// An outcome with room for all replicates.
    #[must_use]
    pub fn empty(
        county: usize,
        (n_years, n_replicates): (usize, usize),
        (layout, cells): (FactLayout, Vec<Cell>),
        funders: Vec<Vec<Vec<FunderShare>>>,
    ) -> Self {
        Self {
            county,
            first_replicate: 0,
            n_replicates,
            n_years,
            layout,
            cells,
            kept: vec![0; n_years * n_replicates * layout.n_kept()],
            averaged: vec![Moments::default(); n_years * (layout.n_facts() - layout.n_kept())],
            funders,
            drivers: Drivers::of_numbers((n_years, n_replicates), layout.n_people.saturating_sub(1)),
            register: Vec::new(),
        }
    }

    /// Adds the facts of a year of a replicate.
    ///
    /// # Panics
    /// When the facts have another layout.
    pub fn add(&mut self, year: usize, replicate: usize, numbers: &[i64]) {
        assert_eq!(numbers.len(), self.layout.n_facts(), "facts have the layout of the outcome");
        let (kept, averaged) = numbers.split_at(self.layout.n_kept());
        let at = self.row(year, replicate);
        self.kept[at..at + kept.len()].copy_from_slice(kept);
        let moments = &mut self.averaged[year * averaged.len()..];
        moments.iter_mut().zip(averaged).for_each(|(moments, &number)| moments.add(number));
    }

    /// The outcome of these replicates and of those that come after them, as one run of all would give it.
    ///
    /// # Errors
    /// Outcomes of another county, other rules or years, or replicates that do not come next.
    pub fn followed_by(&self, later: &Self) -> Result<Self, NotJoined> {
        let mine = (self.county, self.n_years, &self.layout, &self.cells, &self.funders, &self.register);
        let other =
            (later.county, later.n_years, &later.layout, &later.cells, &later.funders, &later.register);
        if mine != other {
            return Err(NotJoined::Another);
        }
        let next = self.first_replicate + self.n_replicates as u32;
        if later.first_replicate != next {
            return Err(NotJoined::Gap { next, found: later.first_replicate });
        }
        let sizes = [self, later].map(|one| (one.n_replicates * one.layout.n_kept()).max(1));
        let kept = joined_by_year((&self.kept, sizes[0]), (&later.kept, sizes[1]), self.n_years);
        let mut averaged = self.averaged.clone();
        averaged.iter_mut().zip(&later.averaged).for_each(|(sum, more)| sum.merge(more));
        Ok(Self {
            n_replicates: self.n_replicates + later.n_replicates,
            kept,
            averaged,
            drivers: self.drivers.followed_by(&later.drivers),
            ..self.clone()
        })
    }

    fn row(&self, year: usize, replicate: usize) -> usize {
        (year * self.n_replicates + replicate) * self.layout.n_kept()
    }

    /// What is kept of one year and replicate: money by cell, by cell and month, by cell and category, and what rules
    /// did, see [`FactLayout`].
    #[must_use]
    pub fn kept(&self, year: usize, replicate: usize) -> &[i64] {
        let start = self.row(year, replicate);
        &self.kept[start..start + self.layout.n_kept()]
    }

    /// The fen of each cell in one year and replicate.
    #[must_use]
    pub fn trial(&self, year: usize, replicate: usize) -> &[i64] {
        &self.kept(year, replicate)[..self.layout.n_cells]
    }

    /// The fen of all trials: by year, replicate and cell.
    pub fn trials(&self) -> impl Iterator<Item = i64> + '_ {
        let pairs = (0..self.n_years).flat_map(|year| (0..self.n_replicates).map(move |one| (year, one)));
        pairs.flat_map(|(year, replicate)| self.trial(year, replicate)).copied()
    }

    /// All fen booked in all years and replicates.
    #[must_use]
    pub fn booked_fen(&self) -> i64 {
        self.trials().sum()
    }

    /// The sums over replicates of a fact that is not kept for each of them.
    ///
    /// # Panics
    /// For money and rules, which are kept.
    #[must_use]
    pub fn moments(&self, year: usize, fact: Fact) -> &Moments {
        let n_kept = self.layout.n_kept();
        let place = self.layout.place(fact);
        assert!(place >= n_kept, "this fact is kept for each replicate");
        &self.averaged[year * (self.layout.n_facts() - n_kept) + place - n_kept]
    }

    /// What a rule did in each replicate.
    pub fn rule(&self, year: usize, rule: usize, measure: RuleMeasure) -> impl Iterator<Item = i64> + '_ {
        let place = self.layout.place(Fact::Rule { rule, measure });
        (0..self.n_replicates).map(move |replicate| self.kept(year, replicate)[place])
    }

    /// What a rule did in all replicates together.
    #[must_use]
    pub fn rule_sum(&self, year: usize, rule: usize, measure: RuleMeasure) -> i128 {
        self.rule(year, rule, measure).map(i128::from).sum()
    }

    /// The people of a category; the last row for ordinary residents.
    #[must_use]
    pub fn people(&self, year: usize, row: usize, measure: PeopleMeasure) -> &Moments {
        self.moments(year, Fact::People { row, measure })
    }

    /// Persons newly on a watch list in a month (January 0).
    #[must_use]
    pub fn listed(&self, year: usize, list: usize, month: usize) -> &Moments {
        self.moments(year, Fact::Listed { list, month })
    }

    /// An indicator.
    #[must_use]
    pub fn indicator(&self, year: usize, number: usize, measure: BurdenMeasure) -> &Moments {
        self.moments(year, Fact::Indicator { number, measure })
    }

    /// The outcome on the cells of all counties: nothing was booked to those that this county does not have.
    ///
    /// # Panics
    /// Where the county has a cell that is not among all.
    #[must_use]
    pub fn on_cells(&self, all: &[Cell]) -> Cow<'_, Self> {
        if self.cells == all {
            return Cow::Borrowed(self);
        }
        let place = |cell: &Cell| all.iter().position(|other| other == cell);
        let cell_of: Option<Vec<usize>> = self.cells.iter().map(place).collect();
        let cell_of = cell_of.expect("all counties have every cell of one of them");
        let layout = FactLayout { n_cells: all.len(), ..self.layout };
        let places = self.layout.kept_places(&layout, &cell_of);
        let mut kept = vec![0; self.n_years * self.n_replicates * layout.n_kept()];
        let (own, wide) = (self.layout.n_kept().max(1), layout.n_kept().max(1));
        for (own, wide) in self.kept.chunks_exact(own).zip(kept.chunks_exact_mut(wide)) {
            for (&fen, &place) in own.iter().zip(&places) {
                wide[place] = fen;
            }
        }
        Cow::Owned(Self { layout, cells: all.to_vec(), kept, ..self.clone() })
    }

    /// The part of some of the years.
    #[must_use]
    pub fn of_years(self, all: &[u16], wanted: &[u16]) -> Self {
        if all == wanted {
            return self;
        }
        let years: Vec<usize> = (0..all.len()).filter(|&index| wanted.contains(&all[index])).collect();
        Self {
            n_years: years.len(),
            kept: rows_of(&self.kept, self.n_replicates * self.layout.n_kept(), &years),
            averaged: rows_of(&self.averaged, self.layout.n_facts() - self.layout.n_kept(), &years),
            funders: rows_of(&self.funders, 1, &years),
            drivers: self.drivers.of_years(&years),
            register: years.iter().filter_map(|&index| self.register.get(index).cloned()).collect(),
            ..self
        }
    }
}

/// Why two outcomes cannot be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotJoined {
    /// They are not of the same county, years and rules.
    #[error("the outcomes are of another county, other years or other rules")]
    Another,
    /// Replicates are missing between them, or there twice.
    #[error("replicate {next} comes next, not {found}")]
    Gap {
        /// The replicate that comes next.
        next: u32,
        /// The first one of the later outcome.
        found: u32,
    },
}

impl NotJoined {
    /// What is said of it.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            Self::Another => "结果属于另一县区、另外的年度或另外的规则".to_owned(),
            Self::Gap { next, found } => format!("接下来应为第{next}次模拟，而不是第{found}次"),
        };
        Words::new(zh, self.to_string())
    }
}

/// Two tables that stand year after year, each with its own number of values a year, as one.
pub(super) fn joined_by_year<T: Clone>(
    (first, of_first): (&[T], usize),
    (later, of_later): (&[T], usize),
    n_years: usize,
) -> Vec<T> {
    let years = first.chunks(of_first).zip(later.chunks(of_later)).take(n_years);
    years.flat_map(|(first, later)| first.iter().chain(later)).cloned().collect()
}

/// Some rows of a table that stands row after row.
fn rows_of<T: Clone>(all: &[T], length: usize, rows: &[usize]) -> Vec<T> {
    rows.iter().flat_map(|&row| &all[row * length..(row + 1) * length]).cloned().collect()
}

/// How much work a simulation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WorkDone {
    /// Persons × years × replicates: identity holders who are there in any month of the year.
    pub person_years: u64,
    /// Those with any claim.
    pub ill_person_years: u64,
    /// Claims settled.
    pub claims: u64,
}

impl WorkDone {
    /// Adds other work.
    pub fn merge(&mut self, other: &Self) {
        self.person_years += other.person_years;
        self.ill_person_years += other.ill_person_years;
        self.claims += other.claims;
    }
}
