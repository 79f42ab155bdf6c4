//! cli
pub mod settle;
