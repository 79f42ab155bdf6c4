//! fundcast: a Monte Carlo projection of medical-assistance spending.
pub mod cases;
pub mod simulation;
pub mod cli;
pub mod illness;
pub mod population;
pub mod lang;
pub mod policy;
pub mod raw;
pub mod rng;
pub mod scenario;
pub mod units;
