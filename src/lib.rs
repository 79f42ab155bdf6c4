//! fundcast: a Monte Carlo projection of medical-assistance spending.
//!
//! A [`scenario`] is loaded, a [`population`] drawn, each person's year of [`illness`] drawn, the [`policy`] settles
//! who pays, the [`simulation`] repeats it over replicates, outcomes become a [`projection`], which is drawn as
//! [`chart`]s and written as a [`report`]; of a finished run [`document`]s are made.
//!
//! The modules stand in reading order: each uses only those above it, which a test checks. `docs/architecture.md`
//! is the map.
pub mod lang;
pub mod shown;
pub mod file;
pub mod units;
pub mod rng;
pub mod instruction_set;
pub mod stats;
pub mod policy;
pub mod raw;
pub mod illness;
pub mod population;
pub mod scenario;
pub mod cases;
pub mod draft;
pub mod simulation;
pub mod projection;
pub mod chart;
pub mod report;
pub mod document;
pub mod cli;
