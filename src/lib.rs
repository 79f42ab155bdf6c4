//! fundcast: a Monte Carlo projection of medical-assistance spending.
//!
//! A [`scenario`] is loaded → a [`population`] is drawn → each person's year of [`illness`] is drawn → the
//! [`policy`] settles who pays → the [`simulation`] repeats it over replicates → outcomes become a
//! [`projection`] → which is drawn ([`chart`]) and written ([`report`]). Modules stand in the order in which they
//! may use each other: a module knows only those above it.

#![warn(missing_docs)]

pub mod lang;
pub mod units;
pub mod rng;
pub mod policy;
pub mod raw;
pub mod illness;
pub mod population;
pub mod scenario;
pub mod cases;
pub mod simulation;
pub mod chart;
pub mod cli;
