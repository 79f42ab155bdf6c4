//! A run before anything is simulated: `run`, `budget`, `plan`, `block` and `merge` begin with it.

use super::Stop;
use super::args::SizeArgs;
use super::held::Held;
use super::simulate::{self, Size, Source};
use crate::projection::layout::Layout;
use crate::scenario::Scenario;
use crate::shard::work_hash;

/// A scenario with its size, and what is simulated beside it.
pub struct Loaded {
    /// It.
    pub scenario: Scenario,
    /// How much is simulated.
    pub size: Size,
    /// What the positions in its outcomes mean.
    pub layout: Layout,
    /// The same with the rules of its transition held, where it does not say what becomes of them.
    pub held: Option<Held>,
}

impl Loaded {
    /// Reads the scenario; whatever of it can be refused is refused here.
    pub fn new(args: &SizeArgs, source: Source<'_>) -> Result<Self, Stop> {
        let scenario = args.load_from(source, &[])?;
        let size = Size::new(&scenario, args)?;
        let layout = simulate::layout(&scenario, &size)?;
        let held = Held::of(&scenario, &layout, (args, source, &size))?;
        Ok(Self { scenario, size, layout, held })
    }

    /// The scenario, and the one that is simulated beside it.
    pub fn scenarios(&self) -> Vec<&Scenario> {
        [&self.scenario].into_iter().chain(self.held.as_ref().map(|held| &held.scenario)).collect()
    }

    /// What decides the numbers of every unit of it.
    pub fn work_hash(&self) -> String {
        work_hash(&self.scenarios(), &self.size.simulated, &self.size.reported)
    }
}
