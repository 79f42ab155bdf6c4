//! fundcast: a Monte Carlo projection of medical-assistance spending.
pub mod lang;
pub mod policy;
pub mod rng;
pub mod units;
