//! Winners and losers in `compare`: whose persons are looked at, county by county.

use indicatif::ProgressBar;

use super::Stop;
use super::simulate::{self, Size};
use crate::projection::compare::{Comparison, ComparisonBuilder};
use crate::projection::winners::{Absence, WinnersBuilder};
use crate::scenario::Scenario;
use crate::simulation::from_scenario::Plan;
use crate::simulation::outcome::CountyOutcome;
use crate::simulation::winners::{Again, of_county};

/// Takes the persons of all counties.
#[derive(Debug)]
pub struct AllWinners {
    /// One for each scenario but the base; none where nobody is looked at.
    builders: Vec<Option<WinnersBuilder>>,
    n_replicates: u32,
}

impl AllWinners {
    /// For a comparison whose first so many replicates are looked at; of a scenario with the content of the base nothing
    /// can change.
    pub fn new(
        scenarios: &[Scenario],
        comparisons: &[ComparisonBuilder],
        (size, asked): (&Size, u32),
    ) -> Self {
        let n_replicates = asked.min(size.n_replicates);
        let hash = scenarios[0].content_hash();
        let of = |(scenario, comparison): (&Scenario, &ComparisonBuilder)| {
            let is_other = scenario.content_hash() != hash;
            let n = n_replicates as usize;
            (n > 0 && is_other).then(|| WinnersBuilder::new(comparison.base(), n))
        };
        Self { builders: scenarios[1..].iter().zip(comparisons).map(of).collect(), n_replicates }
    }

    /// How many replicates of a county are worked out again.
    pub fn n_again(&self) -> u64 {
        if self.builders.iter().any(Option::is_some) { u64::from(self.n_replicates) } else { 0 }
    }

    /// Looks at the persons of a county, of which the run gave these outcomes.
    pub fn add(
        &mut self,
        county: usize,
        (scenarios, size): (&[Scenario], &Size),
        outcomes: &[CountyOutcome],
        bar: &ProgressBar,
    ) -> Result<(), Stop> {
        if self.n_again() == 0 {
            return Ok(());
        }
        let asked: Vec<usize> =
            (1..scenarios.len()).filter(|&number| self.builders[number - 1].is_some()).collect();
        let all: Vec<usize> = std::iter::once(0).chain(asked.iter().copied()).collect();
        let together: Vec<&Scenario> = all.iter().map(|&number| &scenarios[number]).collect();
        let outcomes: Vec<&CountyOutcome> = all.iter().map(|&number| &outcomes[number]).collect();
        let plan = Plan { n_replicates: self.n_replicates, ..size.plan() };
        let again = Again { plan, reported: &size.reported };
        let changes =
            of_county(&together, county, again, &outcomes, &|n| bar.inc(n)).map_err(simulate::stop)?;
        for (number, change) in asked.into_iter().zip(changes) {
            self.builders[number - 1].iter_mut().for_each(|builder| builder.add(change.clone()));
        }
        Ok(())
    }

    /// Hands each comparison what was seen of its persons.
    pub fn finish(self, comparisons: &mut [Comparison]) {
        for (builder, comparison) in self.builders.into_iter().zip(comparisons) {
            comparison.winners = builder.map_or(Err(Absence::NotAsked), WinnersBuilder::finish);
        }
    }
}
