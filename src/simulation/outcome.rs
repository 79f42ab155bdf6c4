//! What a simulation returns: whole fen and counts by replicate, county and year, and sums for what is only averaged.

use std::borrow::Cow;

use crate::policy::Policy;
use crate::policy::schedule::{FunderShare, YearRules};
use crate::population::RegisterCount;

/// A line of spending paid by a funder: one column of the trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// What one rule did in one county and year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleMoments {
    /// Persons for whom it moved money (or whom a watch list names).
    pub persons: Moments,
    /// Payments.
    pub cases: Moments,
    /// Fen.
    pub fen: Moments,
}

/// The people of one category in one county and year; but for months, a person counts under the best identity held in
/// the year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeopleMoments {
    /// Persons times months of the year; each month of a person counts once, under the best identity held in it.
    pub person_months: Moments,
    /// Persons with a contribution subsidy.
    pub subsidised: Moments,
    /// Of these, recognised after the year was enrolled for.
    pub subsidised_newly: Moments,
    /// Persons admitted to hospital at least once.
    pub admitted: Moments,
    /// Persons with any assistance on bills.
    pub assisted_persons: Moments,
    /// Assistance payments on bills and at the year's end.
    pub assisted_cases: Moments,
    /// Persons on a watch list.
    pub watch_listed: Moments,
    /// Persons newly recognised through a watch list or on application.
    pub recognised: Moments,
}

/// How an indicator stands in one county and year; and what the caps of tilt assistance leave unmet (GX-12): there what
/// tilt assistance comes to without its cap stands for the cost, what the cap cut off for the self-pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BurdenMoments {
    /// In-scope cost, fen.
    pub in_scope_fen: Moments,
    /// In-scope self-pay, fen.
    pub self_pay_fen: Moments,
    /// Persons.
    pub persons: Moments,
}

/// One county's outcome over all replicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyOutcome {
    /// The county's position in the place.
    pub county: usize,
    /// Number of replicates.
    pub n_replicates: usize,
    /// Number of years.
    pub n_years: usize,
    /// Number of cells.
    pub n_cells: usize,
    /// What the cells are, see [`cells`]: another county may have others, where its parameters differ.
    pub cells: Vec<Cell>,
    /// Fen: `[year][replicate][cell]` in one row, see [`CountyOutcome::trial`].
    pub trials: Vec<i64>,
    /// `[year][rule]`.
    pub rules: Vec<Vec<RuleMoments>>,
    /// `[year][rule]`: who pays the rule in this county.
    pub funders: Vec<Vec<Vec<FunderShare>>>,
    /// `[year][category]`, the last one for ordinary residents.
    pub people: Vec<Vec<PeopleMoments>>,
    /// `[year][category]`: what the register says and who holds it, the last one for ordinary residents.
    pub register: Vec<Vec<RegisterCount>>,
    /// `[year][watch list][month]`: persons newly listed, by the number of the list's rule in the schedule.
    pub watched: Vec<Vec<[Moments; 12]>>,
    /// `[year][indicator]`.
    pub indicators: Vec<Vec<BurdenMoments>>,
    /// `[year]`: persons whose tilt assistance met its cap, and what the cap cut off.
    pub residual: Vec<BurdenMoments>,
}

impl CountyOutcome {
    /// The fen of each cell in one year and replicate.
    #[must_use]
    pub fn trial(&self, year: usize, replicate: usize) -> &[i64] {
        let start = (year * self.n_replicates + replicate) * self.n_cells;
        &self.trials[start..start + self.n_cells]
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
        let places: Option<Vec<usize>> = self.cells.iter().map(place).collect();
        let places = places.expect("all counties have every cell of one of them");
        let mut trials = vec![0; self.n_years * self.n_replicates * all.len()];
        for (own, wide) in
            self.trials.chunks_exact(self.n_cells.max(1)).zip(trials.chunks_exact_mut(all.len().max(1)))
        {
            for (&fen, &place) in own.iter().zip(&places) {
                wide[place] = fen;
            }
        }
        Cow::Owned(Self { n_cells: all.len(), cells: all.to_vec(), trials, ..self.clone() })
    }
}

impl CountyOutcome {
    /// The part of some of the years.
    #[must_use]
    pub fn of_years(self, all: &[u16], wanted: &[u16]) -> Self {
        if all == wanted {
            return self;
        }
        let kept: Vec<usize> = (0..all.len()).filter(|&index| wanted.contains(&all[index])).collect();
        let rows = self.n_replicates * self.n_cells;
        let pick = |index: &usize| self.trials[index * rows..(index + 1) * rows].iter().copied();
        Self {
            n_years: kept.len(),
            trials: kept.iter().flat_map(pick).collect(),
            rules: kept.iter().map(|&index| self.rules[index].clone()).collect(),
            funders: kept.iter().map(|&index| self.funders[index].clone()).collect(),
            people: kept.iter().map(|&index| self.people[index].clone()).collect(),
            register: kept.iter().filter_map(|&index| self.register.get(index).cloned()).collect(),
            watched: kept.iter().map(|&index| self.watched[index].clone()).collect(),
            indicators: kept.iter().map(|&index| self.indicators[index].clone()).collect(),
            residual: kept.iter().map(|&index| self.residual[index]).collect(),
            ..self
        }
    }
}

/// How much work a simulation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
