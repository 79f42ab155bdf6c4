//! How many persons a changed line touches by itself.

use crate::simulation::winners::{CountyChange, NotTheSame};
use crate::stats::Estimate;

/// The most lines of a scenario of which each is looked at by itself.
pub const MOST_LINES: usize = 10;

/// The persons who get something other than under the base where one line alone is changed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Touched {
    /// It was not asked for.
    #[default]
    NotAsked,
    /// More lines are felt than are looked at one by one: so many.
    TooMany(usize),
    /// The line alone is no valid scenario.
    Invalid,
    /// The persons are not the same.
    NotTheSame(NotTheSame),
    /// It cannot be felt: nobody, in whichever replicate.
    Nobody,
    /// So many a year, on average over the years that are reported and the replicates looked at.
    Persons(Estimate),
}

impl Touched {
    /// Persons a year, and the standard error.
    #[must_use]
    pub const fn persons(&self) -> Option<(f64, Option<f64>)> {
        match self {
            Self::Nobody => Some((0.0, Some(0.0))),
            Self::Persons(persons) => Some((persons.mean, persons.standard_error)),
            Self::NotAsked | Self::TooMany(_) | Self::Invalid | Self::NotTheSame(_) => None,
        }
    }
}

/// Takes whom a line touches in county after county.
#[derive(Debug, Clone)]
pub struct TouchedBuilder {
    n_years: u32,
    /// By replicate.
    persons: Vec<i64>,
    absence: Option<NotTheSame>,
}

impl TouchedBuilder {
    /// For so many years and replicates.
    #[must_use]
    pub fn new(n_years: usize, n_replicates: usize) -> Self {
        let n_years = u32::try_from(n_years.max(1)).unwrap_or(u32::MAX);
        Self { n_years, persons: vec![0; n_replicates], absence: None }
    }

    /// Adds a county.
    pub fn add(&mut self, change: &Result<CountyChange, NotTheSame>) {
        match change {
            Err(reason) => self.absence = Some(*reason),
            Ok(change) => {
                self.persons.iter_mut().zip(&change.touched).for_each(|(sum, more)| *sum += more);
            }
        }
    }

    /// The persons, or why there are none.
    #[must_use]
    pub fn finish(self) -> Touched {
        match (self.absence, Estimate::of(&self.persons, self.n_years)) {
            (Some(reason), _) => Touched::NotTheSame(reason),
            (None, Some(persons)) => Touched::Persons(persons),
            (None, None) => Touched::NotAsked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county(touched: &[i64]) -> Result<CountyChange, NotTheSame> {
        let groups = std::collections::BTreeMap::new();
        Ok(CountyChange { county: 0, groups, touched: touched.to_vec(), same_bills: true, drawn_apart: 0 })
    }

    /// Two years, two counties: 6 + 4 = 10 and 10 + 8 = 18 persons are 5 and 9 a year, 7 ± 2.
    #[test]
    fn exact_persons_a_year_by_hand() {
        let mut builder = TouchedBuilder::new(2, 2);
        builder.add(&county(&[6, 10]));
        builder.add(&county(&[4, 8]));
        let Touched::Persons(persons) = builder.clone().finish() else { panic!("{builder:?}") };
        assert!((persons.mean - 7.0).abs() < 1e-12 && (persons.standard_error.unwrap() - 2.0).abs() < 1e-12);
        builder.add(&Err(NotTheSame::Illness));
        assert_eq!(builder.finish().persons(), None);
        assert_eq!(Touched::Nobody.persons(), Some((0.0, Some(0.0))));
    }
}
