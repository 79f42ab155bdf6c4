//! Simulation: the years of all replicates of a county.
pub mod outcome;
