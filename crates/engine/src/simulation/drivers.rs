//! What of a replicate was drawn for many persons at once, as numbers that spending may depend on: for whoever asks later
//! where its spread comes from.

use super::book::YearBook;
use super::facts::{Fact, PeopleMeasure};
use super::outcome::joined_by_year;
use crate::illness::{ReplicateParameters, YearContext};
use crate::raw::settings::Source;

/// The numbers of the illness model, in order, each with its source.
pub const OF_MODEL: [Source; 13] = [
    Source::YearShocks,
    Source::YearShocks,
    Source::CountyShocks,
    Source::CountyShocks,
    Source::CountyShocks,
    Source::CountyShocks,
    Source::Parameters,
    Source::Parameters,
    Source::Parameters,
    Source::Parameters,
    Source::Parameters,
    Source::Parameters,
    Source::Parameters,
];

/// Their names in tables, in the same order.
pub const NAMES: [&str; OF_MODEL.len()] = [
    "year_admissions",
    "year_cost",
    "county_admissions",
    "county_cost",
    "county_year_admissions",
    "county_year_cost",
    "admissions",
    "cost",
    "admissions_growth",
    "cost_growth",
    "tail_index",
    "category_admissions",
    "chronic_visits",
];

/// Whether a number of the model is the logarithm of what it stands for; else it is a yearly growth.
#[must_use]
pub fn is_logarithm(number: usize) -> bool {
    !NAMES.get(number).is_some_and(|name| name.ends_with("_growth"))
}

/// Whether it could be known beforehand, by looking something up: shocks of a year cannot.
#[must_use]
pub fn can_be_known(number: usize) -> bool {
    !NAMES.get(number).is_some_and(|name| name.starts_with("year_") || name.starts_with("county_year_"))
}

/// The numbers of all replicates of one county: `[year][replicate][number]`; those of [`OF_MODEL`], then for each category
/// by rank the persons as a multiple of the table's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drivers {
    /// How many numbers a year of a replicate has.
    pub width: usize,
    pub(super) n_replicates: usize,
    pub(super) values: Vec<f64>,
}

impl Drivers {
    /// Room for all replicates.
    #[must_use]
    pub fn of_numbers((n_years, n_replicates): (usize, usize), n_categories: usize) -> Self {
        let width = OF_MODEL.len() + n_categories;
        Self { width, n_replicates, values: vec![0.0; n_years * n_replicates * width] }
    }

    /// From all numbers in their order, as [`Drivers::values`] gives them.
    ///
    /// # Panics
    /// When they are not a whole number of years.
    #[must_use]
    pub fn from_values((width, n_replicates): (usize, usize), values: Vec<f64>) -> Self {
        assert_eq!(values.len() % (n_replicates * width).max(1), 0, "whole years");
        Self { width, n_replicates, values }
    }

    /// All numbers: by year, replicate and number.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Enters the numbers of a year of a replicate.
    ///
    /// # Panics
    /// When they are not as many as the width.
    pub fn put(&mut self, (year, replicate): (usize, usize), values: &[f64]) {
        let at = (year * self.n_replicates + replicate) * self.width;
        self.values[at..at + self.width].copy_from_slice(values);
    }

    /// One number of a year in every replicate.
    #[must_use]
    pub fn column(&self, year: usize, number: usize) -> Vec<f64> {
        let first = year * self.n_replicates;
        (first..first + self.n_replicates).map(|row| self.values[row * self.width + number]).collect()
    }

    /// These numbers and those of the replicates after them.
    pub(super) fn followed_by(&self, later: &Self) -> Self {
        let sizes = [self, later].map(|one| (one.n_replicates * one.width).max(1));
        let n_years = self.values.len() / sizes[0];
        let values = joined_by_year((&self.values, sizes[0]), (&later.values, sizes[1]), n_years);
        Self { n_replicates: self.n_replicates + later.n_replicates, values, ..*self }
    }

    /// The numbers of some years.
    pub(super) fn of_years(&self, years: &[usize]) -> Self {
        let length = self.n_replicates * self.width;
        let rows = years.iter().flat_map(|&year| &self.values[year * length..(year + 1) * length]);
        Self { values: rows.copied().collect(), ..*self }
    }
}

/// The numbers of one year: logarithms of factors, so that what is added up acts together.
pub(super) fn of_year(
    (params, ctx): (&ReplicateParameters, &YearContext),
    (opened, everybody): (&YearBook, &YearBook),
) -> Vec<f64> {
    let shocks = &ctx.shocks;
    let ln = libm::log;
    let mut all = vec![
        ln(shocks.year_admissions),
        ln(shocks.year_cost),
        ln(shocks.county_admissions),
        ln(shocks.county_cost),
        ln(shocks.county_year_admissions),
        ln(shocks.county_year_cost),
        ln(params.admissions),
        ln(params.cost),
        ctx.growths[0],
        ctx.growths[1],
        ln(params.tail_index),
        ln(params.category_admissions),
        ln(params.chronic_visits),
    ];
    let months =
        |book: &YearBook, row| book[Fact::People { row, measure: PeopleMeasure::PersonMonths }] as f64;
    let n_categories = everybody.layout().n_people - 1;
    all.extend((0..n_categories).map(|row| match months(everybody, row) {
        none if none <= 0.0 => 1.0,
        all => months(opened, row) / all,
    }));
    all
}
