//! The runs between two runs, simulated: what each payer spends, replicate by replicate.

use std::collections::BTreeMap;

use super::super::simulate::{self, Size};
use super::super::{Stop, terminal};
use super::sides::{Content, Counties, Sides};
use crate::lang::Lang;
use crate::projection::money::{Part, Slice, county_column};
use crate::scenario::Scenario;
use crate::simulation::from_scenario::EngineChoice;
use crate::stats::shapley::Subset;

/// Whose spending is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payer {
    /// The assistance fund, whatever it is called.
    Fund,
    /// All payers.
    All,
    /// A funder by its id.
    Funder(String),
}

impl Payer {
    /// What of the spending of a scenario it is; `None` where the scenario has no such payer.
    #[must_use]
    pub fn part(&self, scenario: &Scenario) -> Option<Part> {
        match self {
            Self::All => Some(Part::TOTAL),
            Self::Fund => Some(Part::funder(scenario.funds.funder)),
            Self::Funder(id) => {
                let position = scenario.policy.names.funders.iter().position(|name| name.id == *id);
                position.map(Part::funder)
            }
        }
    }
}

/// What is asked of every run.
pub struct Asked<'a> {
    /// The years.
    pub years: &'a [u16],
    /// The payers.
    pub payers: &'a [Payer],
    /// The counties.
    pub counties: &'a Counties,
}

impl Asked<'_> {
    /// Every year with the number of every payer.
    pub fn keys(&self) -> impl Iterator<Item = (u16, usize)> {
        self.years.iter().flat_map(|&year| (0..self.payers.len()).map(move |payer| (year, payer)))
    }
}

/// The fen of every replicate by year and number of the payer.
type Columns = BTreeMap<(u16, usize), Vec<i64>>;

/// The simulated runs: by content and seed, each with as many replicates as the larger run has.
pub struct Arms {
    columns: BTreeMap<(Content, usize), Columns>,
    replicates: [usize; 2],
}

impl Arms {
    /// Simulates whatever a game of two runs needs.
    pub fn simulated(sides: &Sides, asked: &Asked<'_>, (quiet, lang): (bool, Lang)) -> Result<Self, Stop> {
        let runs = [&sides.own[0].settings.run, &sides.own[1].settings.run];
        let n = runs[0].replicates.max(runs[1].replicates);
        let seeds = if runs[0].seed == runs[1].seed { &runs[..1] } else { &runs[..] };
        let mut batches: BTreeMap<(usize, usize), Vec<Content>> = BTreeMap::new();
        for content in sides.scenarios.keys() {
            batches.entry((content.settings, content.place)).or_default().push(*content);
        }
        let counties = |contents: &[Content]| {
            asked.counties.positions(&sides.scenarios[&contents[0]], contents[0].settings)
        };
        let n_counties: usize = batches.values().map(|contents| counties(contents).len()).sum();
        let bar = terminal::progress((n_counties * seeds.len()) as u64 * u64::from(n), quiet, lang);
        // A payer that a scenario does not have, or a place without any of the counties, spends nothing.
        let none = || asked.keys().map(|key| (key, vec![0; n as usize])).collect::<Columns>();
        let all = sides.scenarios.keys().flat_map(|content| (0..seeds.len()).map(|seed| (*content, seed)));
        let mut columns: BTreeMap<(Content, usize), Columns> = all.map(|arm| (arm, none())).collect();
        for (seed, run) in seeds.iter().enumerate() {
            for contents in batches.values() {
                let lanes: Vec<&Scenario> =
                    contents.iter().map(|content| &sides.scenarios[content]).collect();
                let size = Size { n_replicates: n, seed: run.seed, ..size(lanes[0], asked) };
                for county in counties(contents) {
                    let done = simulate::county(&lanes, county, &size, &bar)?;
                    for (content, (scenario, outcome)) in
                        contents.iter().zip(lanes.iter().zip(&done.outcomes))
                    {
                        let own = columns.entry((*content, seed)).or_default();
                        add(own, asked, |payer, year| {
                            let part = payer.part(scenario)?;
                            Some(county_column(outcome, year, &outcome.cells, (&part, Slice::Year)))
                        });
                    }
                }
            }
        }
        bar.finish_and_clear();
        Ok(Self { columns, replicates: runs.map(|run| run.replicates as usize) })
    }

    /// The replicates of a subset of what differs.
    #[must_use]
    pub fn column(&self, sides: &Sides, on: Subset, key: (u16, usize)) -> &[i64] {
        let (content, seed, replicates) = sides.arm(on);
        let own = self.columns.get(&(content, seed)).and_then(|columns| columns.get(&key));
        own.map_or(&[], |fen| &fen[..self.replicates[replicates].min(fen.len())])
    }
}

/// How much is simulated of a scenario.
fn size(scenario: &Scenario, asked: &Asked<'_>) -> Size {
    Size {
        simulated: scenario.years().to_vec(),
        reported: asked.years.to_vec(),
        warm_up_years: scenario.settings.run.warm_up_years,
        first_replicate: 0,
        n_replicates: scenario.settings.run.replicates,
        seed: scenario.settings.run.seed,
        counties: Vec::new(),
        engine: EngineChoice::default(),
    }
}

/// Adds what a county spends to the columns of all payers and years.
fn add(columns: &mut Columns, asked: &Asked<'_>, of: impl Fn(&Payer, usize) -> Option<Vec<i64>>) {
    for (number, payer) in asked.payers.iter().enumerate() {
        for (position, &year) in asked.years.iter().enumerate() {
            if let Some((sums, fen)) = columns.get_mut(&(year, number)).zip(of(payer, position)) {
                sums.iter_mut().zip(fen).for_each(|(sum, fen)| *sum += fen);
            }
        }
    }
}
