//! Where the outcomes of counties come from: they are simulated, taken from parts of an interrupted run, or from shards.

use std::collections::BTreeMap;
use std::path::PathBuf;

use indicatif::ProgressBar;

use super::Stop;
use super::parts::Parts;
use super::simulate::{self, Size};
use crate::scenario::Scenario;
use crate::scenario::notice::Words;
use crate::shard::{self, Refused};
use crate::simulation::from_scenario::Simulated;
use crate::simulation::outcome::NotJoined;

/// Counties that are simulated already, by position.
pub type Ready = BTreeMap<usize, Simulated>;

/// Where outcomes come from.
#[derive(Debug)]
pub enum Supply {
    /// From the simulation, but for those that are ready.
    Simulation(Ready),
    /// From parts that are there, and from the simulation, which leaves its own there.
    Parts(Parts),
    /// From the shards of a plan, complete and looked at before: by position of the county, in the order of replicates.
    Shards(BTreeMap<usize, Vec<PathBuf>>),
}

impl Supply {
    /// Everything is simulated.
    #[must_use]
    pub const fn simulation() -> Self {
        Self::Simulation(Ready::new())
    }

    /// A county in all replicates of a size.
    pub fn county(
        &mut self,
        scenarios: &[&Scenario],
        number: usize,
        (size, bar): (&Size, &ProgressBar),
    ) -> Result<Simulated, Stop> {
        match self {
            Self::Simulation(ready) => match ready.remove(&number) {
                Some(done) => Ok(done),
                None => simulate::county(scenarios, number, size, bar),
            },
            Self::Parts(parts) => parts.county(scenarios, number, (size, bar)),
            Self::Shards(shards) => of_shards(shards.remove(&number).unwrap_or_default(), number, bar),
        }
    }
}

fn of_shards(paths: Vec<PathBuf>, number: usize, bar: &ProgressBar) -> Result<Simulated, Stop> {
    let mut whole: Option<Simulated> = None;
    for path in paths {
        let (head, later) = shard::read(&path, number).map_err(|refused| refused_at(&path, &refused))?;
        bar.inc(u64::from(head.unit.n_replicates));
        whole = Some(after(whole, later)?);
    }
    whole.ok_or_else(|| Stop::Failed(Words::new("有县区没有分块", "a county has no shard")))
}

/// A file that is no shard.
pub fn refused_at(path: &std::path::Path, refused: &Refused) -> Stop {
    Stop::BadInput(refused.words().at(path.display()))
}

/// What is there with what comes next.
pub fn after(before: Option<Simulated>, later: Simulated) -> Result<Simulated, Stop> {
    match before {
        None => Ok(later),
        Some(before) => shard::joined(before, &later).map_err(|error: NotJoined| Stop::Failed(error.words())),
    }
}
