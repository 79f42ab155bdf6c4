//! People by county, year and category: the rows of `people.csv`.

use crate::simulation::facts::PeopleMeasure;
use crate::simulation::outcome::CountyOutcome;

use super::tally::{CountyRow, Tally};

/// What is counted of people, in the order of [`PeopleRow::counts`] and of [`PeopleMeasure::ALL`].
pub const COUNTS: [&str; 8] = [
    "persons",
    "subsidised",
    "subsidised_newly",
    "admitted",
    "assisted_persons",
    "assisted_cases",
    "watch_listed",
    "recognised",
];

/// The people of one category in one county (or all) and year.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleRow {
    /// The county's position; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// Position in [`super::layout::Layout::categories`].
    pub category: usize,
    /// Persons whom the register has in this category in every month of the year; for ordinary residents, all others.
    pub register: i64,
    /// Persons of the synthetic population who hold it, on the average of the months; who holds two counts in both.
    pub holders: f64,
    /// Averages over replicates, named by [`COUNTS`].
    pub counts: [Tally; 8],
}

impl PeopleRow {
    /// The persons.
    #[must_use]
    pub const fn persons(&self) -> &Tally {
        &self.counts[0]
    }
}

impl CountyRow for PeopleRow {
    type Key = (u16, usize);

    fn key(&self) -> Self::Key {
        (self.year, self.category)
    }

    fn county_mut(&mut self) -> &mut Option<usize> {
        &mut self.county
    }

    fn add(&mut self, other: &Self) {
        self.register += other.register;
        self.holders += other.holders;
        for (sum, more) in self.counts.iter_mut().zip(&other.counts) {
            sum.add(more);
        }
    }
}

/// The rows of one county.
#[must_use]
pub fn rows(outcome: &CountyOutcome, years: &[u16]) -> Vec<PeopleRow> {
    let mut rows = Vec::new();
    for (position, &year) in years.iter().enumerate() {
        for category in 0..outcome.layout.n_people {
            let of_year = outcome.register.get(position).and_then(|year| year.get(category));
            let register = of_year.copied().unwrap_or_default();
            rows.push(PeopleRow {
                county: Some(outcome.county),
                year,
                category,
                register: register.target,
                holders: register.holder_months as f64 / 12.0,
                counts: PeopleMeasure::ALL.map(|measure| count(outcome, (position, category), measure)),
            });
        }
    }
    rows
}

/// Persons are the months of a year over twelve; all else is counted in persons or payments.
fn count(outcome: &CountyOutcome, (year, row): (usize, usize), measure: PeopleMeasure) -> Tally {
    let moments = outcome.people(year, row, measure);
    match measure {
        PeopleMeasure::PersonMonths => Tally::of_parts(moments, 12),
        _ => Tally::of(moments),
    }
}
