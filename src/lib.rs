//! fundcast: a Monte Carlo projection of medical-assistance spending.
pub mod cases;
pub mod chart;
pub mod cli;
pub mod illness;
pub mod lang;
pub mod policy;
pub mod population;
pub mod projection;
pub mod raw;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod simulation;
pub mod stats;
pub mod units;
