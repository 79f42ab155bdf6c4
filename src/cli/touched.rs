//! How many persons each changed line touches by itself: the scenarios in which one line alone is switched on.

use crate::projection::touched::{MOST_LINES, Touched, TouchedBuilder};
use crate::scenario::Scenario;
use crate::scenario::changes::Change;
use crate::scenario::changes::lines::{Alone, Lines};
use crate::simulation::winners::{CountyChange, NotTheSame};

/// Whom the lines of a scenario touch.
#[derive(Debug, Default)]
pub struct LinesTouched {
    /// By change.
    of_change: Vec<Of>,
    /// The scenarios that are looked at.
    scenarios: Vec<Scenario>,
    /// One for each of them.
    builders: Vec<TouchedBuilder>,
    /// Of the scenario itself, for a line that does what all of them do.
    whole: Option<TouchedBuilder>,
}

/// Where it is known from whom a change touches.
#[derive(Debug, Clone, Copy)]
enum Of {
    Known(Touched),
    /// From all lines together.
    Whole,
    /// From a scenario of its own, by number.
    Scenario(usize),
}

impl LinesTouched {
    /// For the lines as they are written, of so many years and replicates; of no replicates nobody is looked at.
    pub fn of((lines, changes): (&Lines<'_>, &[Change]), (n_years, n_replicates): (usize, usize)) -> Self {
        let builder = || TouchedBuilder::new(n_years, n_replicates);
        let n_lines = lines.n_felt_alone(changes);
        let unknown = if n_replicates == 0 {
            Touched::NotAsked
        } else if n_lines > MOST_LINES {
            Touched::TooMany(n_lines)
        } else {
            Touched::Invalid
        };
        let of = |change: &Change| Of::Known(if change.touch.is_felt() { unknown } else { Touched::Nobody });
        let mut touched = Self { of_change: changes.iter().map(of).collect(), ..Self::default() };
        if n_replicates == 0 || n_lines > MOST_LINES {
            return touched;
        }
        for (line, alone) in lines.each_alone(changes) {
            let of = match alone {
                Alone::Invalid => continue,
                Alone::LikeBase => Of::Known(Touched::Nobody),
                Alone::LikeOther => {
                    touched.whole = Some(builder());
                    Of::Whole
                }
                Alone::Scenario(scenario) => {
                    touched.scenarios.push(*scenario);
                    touched.builders.push(builder());
                    Of::Scenario(touched.scenarios.len() - 1)
                }
            };
            line.changes
                .iter()
                .filter(|&&at| changes[at].touch.is_felt())
                .for_each(|&at| touched.of_change[at] = of);
        }
        touched
    }

    /// The scenarios of single lines.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// Adds what all lines together change for the persons of a county.
    pub fn add_whole(&mut self, change: &Result<CountyChange, NotTheSame>) {
        self.whole.iter_mut().for_each(|builder| builder.add(change));
    }

    /// Adds what a line by itself changes for them.
    pub fn add(&mut self, number: usize, change: &Result<CountyChange, NotTheSame>) {
        self.builders[number].add(change);
    }

    /// Whom each change touches.
    pub fn finish(self) -> Vec<Touched> {
        let whole = self.whole.map_or(Touched::NotAsked, TouchedBuilder::finish);
        let lines: Vec<Touched> = self.builders.into_iter().map(TouchedBuilder::finish).collect();
        let of = |of: Of| match of {
            Of::Known(touched) => touched,
            Of::Whole => whole,
            Of::Scenario(number) => lines[number],
        };
        self.of_change.into_iter().map(of).collect()
    }
}
