//! fundcast: a Monte Carlo projection of medical-assistance spending.
//!
//! A [`scenario`] is loaded, a [`population`] drawn, each person's year of [`illness`] drawn, the [`policy`] settles
//! who pays, the [`simulation`] repeats it over replicates, outcomes become a [`projection`], which is drawn as
//! [`chart`]s and written as a [`report`]; of a finished run [`document`]s are made.
//!
//! Up to the simulation everything stands in the crate `fundcast-engine`, the charts in `fundcast-chart`; both are
//! named here, so that whoever uses the library sees one house. The modules stand in reading order: each uses only
//! those above it, which a test checks. `docs/architecture.md` is the map.
pub use fundcast_chart as chart;
pub use fundcast_engine::{
    file, illness, instruction_set, lang, policy, population, raw, rng, scenario, shown, simulation, stats,
    units,
};

pub mod cases;
pub mod draft;
pub mod projection;
pub mod shard;
pub mod report;
pub mod document;
pub mod cli;
