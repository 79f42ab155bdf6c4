//! fundcast: a Monte Carlo projection of medical-assistance spending.
pub mod lang;
pub mod units;
pub mod rng;
pub mod stats;
pub mod policy;
pub mod raw;
pub mod illness;
pub mod population;
pub mod scenario;
pub mod cases;
pub mod simulation;
pub mod projection;
pub mod chart;
pub mod report;
pub mod cli;
