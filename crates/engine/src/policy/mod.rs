//! Policy: the rules as data, and what settles a person's year by them.
//!
//! [`schedule`] holds a policy compiled for one county and year, [`settle`] and [`year_end`] the order of
//! settlement, [`subsidy`] the help with contributions. Nothing here reads files or draws random numbers.

pub mod balance;
pub mod apart;
mod bands;
mod application;
mod burden;
pub mod claim;
pub mod conditions;
mod exact;
pub mod names;
pub mod new_year;
pub mod parts;
pub mod rule;
pub mod rules;
pub mod schedule;
pub mod sums;
pub mod cut_off;
pub mod tilts;
pub mod settle;
pub mod split;
pub mod subsidy;
pub mod year_end;
pub mod programme;
pub mod tile;

use names::{Clause, Names};
pub use rule::{CitingFunder, Rule};

/// A policy or the policies of a timeline: names, clauses and rules; the values are in the schedules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Ids of the policy files, in the order in which they come into force.
    pub ids: Vec<String>,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The first year that can be settled.
    pub first_year: u16,
    /// All names.
    pub names: Names,
    /// The clauses of the documents, in order.
    pub clauses: Vec<Clause>,
    /// All rules; the position is the [`schedule::RuleId`].
    pub rules: Vec<Rule>,
}
