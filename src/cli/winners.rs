//! Winners and losers in `compare`: whose persons are looked at, county by county.

use indicatif::ProgressBar;

use super::Stop;
use super::simulate::{self, Size};
use super::touched::LinesTouched;
use crate::projection::compare::{Comparison, ComparisonBuilder};
use crate::projection::touched::Touched;
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
    /// Of each of them, whom its lines touch one by one.
    touched: Vec<LinesTouched>,
    n_replicates: u32,
}

/// The most scenarios of single lines that are worked out side by side: the books of all of them are held at once.
const MOST_LINES_TOGETHER: usize = 4;

impl AllWinners {
    /// For a comparison whose first so many replicates are looked at; of a scenario with the content of the base nothing
    /// can change.
    pub fn new(
        scenarios: &[Scenario],
        comparisons: &[ComparisonBuilder],
        touched: Vec<LinesTouched>,
        (size, asked): (&Size, u32),
    ) -> Self {
        let n_replicates = asked.min(size.n_replicates);
        let hash = scenarios[0].content_hash();
        let of = |(scenario, comparison): (&Scenario, &ComparisonBuilder)| {
            let is_other = scenario.content_hash() != hash;
            let n = n_replicates as usize;
            (n > 0 && is_other).then(|| WinnersBuilder::new(comparison.base(), n))
        };
        let builders = scenarios[1..].iter().zip(comparisons).map(of).collect();
        Self { builders, touched, n_replicates }
    }

    /// How many replicates of a county are worked out again, once for each group of scenarios.
    pub fn n_again(&self) -> u64 {
        if self.builders.iter().all(Option::is_none) {
            return 0;
        }
        let n_lines = self.lines().len();
        let n_groups = 1 + n_lines.saturating_sub(MOST_LINES_TOGETHER).div_ceil(MOST_LINES_TOGETHER);
        n_groups as u64 * u64::from(self.n_replicates)
    }

    /// The scenarios of single lines: of which scenario, and its number.
    fn lines(&self) -> Vec<(usize, usize)> {
        let of = |(of, own): (usize, &LinesTouched)| {
            (0..own.scenarios().len()).map(move |number| (of, number)).collect::<Vec<_>>()
        };
        self.touched.iter().enumerate().flat_map(of).collect()
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
        let lines = self.lines();
        let (first, rest) = lines.split_at(lines.len().min(MOST_LINES_TOGETHER));
        self.look(county, (scenarios, size), (outcomes, &asked, first), bar)?;
        for lines in rest.chunks(MOST_LINES_TOGETHER) {
            self.look(county, (scenarios, size), (outcomes, &[], lines), bar)?;
        }
        Ok(())
    }

    /// Looks at the persons under some of the scenarios, and some of those of single lines, which the run did not work out.
    fn look(
        &mut self,
        county: usize,
        (scenarios, size): (&[Scenario], &Size),
        (outcomes, asked, lines): (&[CountyOutcome], &[usize], &[(usize, usize)]),
        bar: &ProgressBar,
    ) -> Result<(), Stop> {
        let whole: Vec<usize> = std::iter::once(0).chain(asked.iter().copied()).collect();
        let of_lines = lines.iter().map(|&(of, number)| &self.touched[of].scenarios()[number]);
        let together: Vec<&Scenario> =
            whole.iter().map(|&number| &scenarios[number]).chain(of_lines).collect();
        let booked = whole.iter().map(|&number| Some(&outcomes[number]));
        let booked: Vec<Option<&CountyOutcome>> = booked.chain(lines.iter().map(|_| None)).collect();
        let plan = Plan { n_replicates: self.n_replicates, ..size.plan() };
        let again = Again { plan, reported: &size.reported };
        let changes =
            of_county(&together, county, again, &booked, &|n| bar.inc(n)).map_err(simulate::stop)?;
        let (of_whole, of_lines) = changes.split_at(asked.len());
        for (&number, change) in asked.iter().zip(of_whole) {
            self.touched[number - 1].add_whole(change);
            self.builders[number - 1].iter_mut().for_each(|builder| builder.add(change.clone()));
        }
        for (&(of, number), change) in lines.iter().zip(of_lines) {
            self.touched[of].add(number, change);
        }
        Ok(())
    }

    /// Hands each comparison what was seen of its persons; gives whom each of its changes touches.
    pub fn finish(self, comparisons: &mut [Comparison]) -> Vec<Vec<Touched>> {
        for (builder, comparison) in self.builders.into_iter().zip(comparisons) {
            comparison.winners = builder.map_or(Err(Absence::NotAsked), WinnersBuilder::finish);
        }
        self.touched.into_iter().map(LinesTouched::finish).collect()
    }
}
