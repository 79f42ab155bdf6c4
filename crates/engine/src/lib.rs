//! The engine of `fundcast`: from the files of a scenario to the years of all replicates.
//!
//! A [`scenario`] is loaded, a [`population`] drawn, each person's year of [`illness`] drawn, the [`policy`] settles
//! who pays, and the [`simulation`] repeats it over replicates.
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
pub mod simulation;
