//! Statistics of replicates: estimates with their Monte Carlo error, quantiles, tail means, intervals, Shapley values.
//!
//! One definition of each, used everywhere. Sums are exact integers and are divided once, so that no result
//! depends on the order of the replicates.

pub mod estimate;
pub mod interval;
pub mod regression;
pub mod sample;
pub mod shapley;

pub use estimate::Estimate;
pub use interval::{margin_95, normal_quantile, quantile_ranks, student_t_quantile};
pub use sample::{PerMille, Sample};
