//! How many persons a changed line touches by itself.

use crate::simulation::winners::{CountyChange, Kind, NotTheSame};
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
    /// Somebody, on average over the replicates looked at.
    Somebody(Moved),
}

/// Whom a line touches, and what it moves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moved {
    /// Persons a year, over the years that are reported.
    pub persons: Estimate,
    /// What they get more of assistance and contribution subsidies in all of these years, yuan.
    pub yuan: Estimate,
}

impl Touched {
    /// Persons a year, and the standard error.
    #[must_use]
    pub const fn persons(&self) -> Option<(f64, Option<f64>)> {
        match self {
            Self::Nobody => Some((0.0, Some(0.0))),
            Self::Somebody(Moved { persons, .. }) => Some((persons.mean, persons.standard_error)),
            Self::NotAsked | Self::TooMany(_) | Self::Invalid | Self::NotTheSame(_) => None,
        }
    }

    /// What the line moves by itself, yuan, and the standard error.
    #[must_use]
    pub const fn yuan(&self) -> Option<(f64, Option<f64>)> {
        match self {
            Self::Nobody => Some((0.0, Some(0.0))),
            Self::Somebody(Moved { yuan, .. }) => Some((yuan.mean, yuan.standard_error)),
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
    /// By replicate.
    fen: Vec<i64>,
    absence: Option<NotTheSame>,
}

impl TouchedBuilder {
    /// For so many years and replicates.
    #[must_use]
    pub fn new(n_years: usize, n_replicates: usize) -> Self {
        let n_years = u32::try_from(n_years.max(1)).unwrap_or(u32::MAX);
        let none = vec![0; n_replicates];
        Self { n_years, persons: none.clone(), fen: none, absence: None }
    }

    /// Adds a county.
    pub fn add(&mut self, change: &Result<CountyChange, NotTheSame>) {
        match change {
            Err(reason) => self.absence = Some(*reason),
            Ok(change) => {
                self.persons.iter_mut().zip(&change.touched).for_each(|(sum, more)| *sum += more);
                let assistance = change.groups.iter().filter(|(group, _)| group.kind == Kind::Assistance);
                for (_, tallies) in assistance {
                    self.fen.iter_mut().zip(tallies).for_each(|(sum, tally)| *sum += tally.fen);
                }
            }
        }
    }

    /// The persons, or why there are none.
    #[must_use]
    pub fn finish(self) -> Touched {
        if let Some(reason) = self.absence {
            return Touched::NotTheSame(reason);
        }
        match (Estimate::of(&self.persons, self.n_years), Estimate::of(&self.fen, 100)) {
            (Some(persons), Some(yuan)) => Touched::Somebody(Moved { persons, yuan }),
            _ => Touched::NotAsked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::winners::{Direction, Group, Tally};

    /// Each person gets 3 yuan more of assistance.
    fn county(touched: &[i64]) -> Result<CountyChange, NotTheSame> {
        let tally = |&persons: &i64| Tally { persons, fen: 300 * persons, largest: 300 };
        let group = |kind| Group { year: 0, kind, category: 0, direction: Direction::More, size: 0 };
        let tallies: Vec<Tally> = touched.iter().map(tally).collect();
        // What is paid on bills is a part of all assistance.
        let groups = [Kind::Assistance, Kind::OnBills].map(|kind| (group(kind), tallies.clone())).into();
        Ok(CountyChange { county: 0, groups, touched: touched.to_vec(), same_bills: true, drawn_apart: 0 })
    }

    /// Two years, two counties: 6 + 4 = 10 and 10 + 8 = 18 persons are 5 and 9 a year, 7 ± 2.
    #[test]
    fn exact_persons_a_year_by_hand() {
        let mut builder = TouchedBuilder::new(2, 2);
        builder.add(&county(&[6, 10]));
        builder.add(&county(&[4, 8]));
        let Touched::Somebody(Moved { persons, yuan }) = builder.clone().finish() else {
            panic!("{builder:?}")
        };
        assert!((persons.mean - 7.0).abs() < 1e-12 && (persons.standard_error.unwrap() - 2.0).abs() < 1e-12);
        // 30 and 54 yuan, not a year.
        assert!((yuan.mean - 42.0).abs() < 1e-12 && (yuan.standard_error.unwrap() - 12.0).abs() < 1e-12);
        builder.add(&Err(NotTheSame::Illness));
        assert_eq!(builder.finish().persons(), None);
        assert_eq!(Touched::Nobody.persons(), Some((0.0, Some(0.0))));
    }
}
