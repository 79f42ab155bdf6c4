//! Watch lists, indicators and what stays unmet: the rows of `watch.csv`, `indicators.csv` and `residual.csv`.

use crate::simulation::facts::{BurdenMeasure, Fact};
use crate::simulation::outcome::{CountyOutcome, Moments};

use super::layout::YearLayout;
use super::tally::{CountyRow, Tally};

/// Persons newly on a list in one month of a county (or all).
#[derive(Debug, Clone, PartialEq)]
pub struct ListRow {
    /// The county's position; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The rule of the list.
    pub rule: usize,
    /// 1 to 12.
    pub month: u8,
    /// Persons.
    pub persons: Tally,
}

impl CountyRow for ListRow {
    type Key = (u16, usize, u8);

    fn key(&self) -> Self::Key {
        (self.year, self.rule, self.month)
    }

    fn county_mut(&mut self) -> &mut Option<usize> {
        &mut self.county
    }

    fn add(&mut self, other: &Self) {
        self.persons.add(&other.persons);
    }
}

/// In-scope cost and what patients paid of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Burden {
    /// In-scope cost, fen.
    pub in_scope_fen: Tally,
    /// In-scope self-pay, fen.
    pub self_pay_fen: Tally,
    /// Persons.
    pub persons: Tally,
}

impl Burden {
    fn of<'m>(moments: impl Fn(BurdenMeasure) -> &'m Moments) -> Self {
        Self {
            in_scope_fen: Tally::of(moments(BurdenMeasure::InScopeFen)),
            self_pay_fen: Tally::of(moments(BurdenMeasure::SelfPayFen)),
            persons: Tally::of(moments(BurdenMeasure::Persons)),
        }
    }

    fn add(&mut self, other: &Self) {
        self.in_scope_fen.add(&other.in_scope_fen);
        self.self_pay_fen.add(&other.self_pay_fen);
        self.persons.add(&other.persons);
    }

    /// The share of all replicates' in-scope cost that patients paid; `None` where there was no cost.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "one rounding of exact sums")]
    pub fn self_pay_share(&self) -> Option<f64> {
        let cost = self.in_scope_fen.total();
        (cost > 0).then(|| self.self_pay_fen.total() as f64 / cost as f64)
    }
}

/// An indicator, or what stays unmet, in one county (or all) and year.
#[derive(Debug, Clone, PartialEq)]
pub struct BurdenRow {
    /// The county's position; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The indicator's rule and the share that should not be exceeded; `None` for what stays unmet.
    pub indicator: Option<(usize, f64)>,
    /// The burden.
    pub burden: Burden,
}

impl CountyRow for BurdenRow {
    type Key = (u16, Option<usize>);

    fn key(&self) -> Self::Key {
        (self.year, self.indicator.map(|(rule, _)| rule))
    }

    fn county_mut(&mut self) -> &mut Option<usize> {
        &mut self.county
    }

    fn add(&mut self, other: &Self) {
        self.burden.add(&other.burden);
    }
}

/// The watch lists of one county.
#[must_use]
pub fn list_rows(outcome: &CountyOutcome, years: &[YearLayout]) -> Vec<ListRow> {
    let mut rows = Vec::new();
    for (position, year) in years.iter().enumerate() {
        for (list, rule) in year.lists.iter().enumerate() {
            rows.extend((0..12).map(|month: u8| ListRow {
                county: Some(outcome.county),
                year: year.year,
                rule: usize::from(rule.0),
                month: month + 1,
                persons: Tally::of(outcome.listed(position, list, usize::from(month))),
            }));
        }
    }
    rows
}

/// The indicators of one county.
#[must_use]
pub fn indicator_rows(outcome: &CountyOutcome, years: &[YearLayout]) -> Vec<BurdenRow> {
    let mut rows = Vec::new();
    for (position, year) in years.iter().enumerate() {
        for (number, (rule, at_most)) in year.indicators.iter().enumerate() {
            rows.push(BurdenRow {
                county: Some(outcome.county),
                year: year.year,
                indicator: Some((usize::from(rule.0), *at_most)),
                burden: Burden::of(|measure| outcome.indicator(position, number, measure)),
            });
        }
    }
    rows
}

/// What stays unmet after tilt assistance in one county.
#[must_use]
pub fn residual_rows(outcome: &CountyOutcome, years: &[YearLayout]) -> Vec<BurdenRow> {
    let of = |(position, year): (usize, &YearLayout)| BurdenRow {
        county: Some(outcome.county),
        year: year.year,
        indicator: None,
        burden: Burden::of(|measure| outcome.moments(position, Fact::Residual(measure))),
    };
    years.iter().enumerate().map(of).collect()
}
