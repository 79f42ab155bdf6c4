//! fundcast: a Monte Carlo projection of medical-assistance spending.
pub mod chart;
pub mod lang;
