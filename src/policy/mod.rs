//! Policy: the rules as data, and what settles a person's year by them.
//!
//! [`schedule`] holds a policy compiled for one county and year, [`settle`] and [`year_end`] the order of
//! settlement, [`subsidy`] the help with contributions. Nothing here reads files or draws random numbers.

pub mod balance;
mod bands;
mod application;
mod burden;
pub mod claim;
pub mod conditions;
mod exact;
pub mod names;
pub mod new_year;
pub mod parts;
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

/// What is known of a rule apart from its values: where it stands, where its money is booked, what it cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id, the key of the policy file, such as `assistance.class1_inpatient`.
    pub id: String,
    /// The line of spending, as a position in [`Names::lines`]; none for insurers, hospitals and lists.
    pub line: Option<usize>,
    /// The clauses it implements.
    pub cite: Vec<String>,
    /// Its funders that cite clauses of their own: those on the fund itself.
    pub funders: Vec<CitingFunder>,
}

/// A funder that can pay a rule, and the clauses on the fund or budget itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitingFunder {
    /// Position in [`Names::funders`].
    pub funder: usize,
    /// The clauses.
    pub cite: Vec<String>,
}

impl Rule {
    /// Whether the rule cites a clause.
    #[must_use]
    pub fn cites(&self, clause: &str) -> bool {
        self.cite.iter().any(|id| id == clause)
    }

    /// The funders of the rule that cite a clause.
    pub fn funders_citing<'a>(&'a self, clause: &'a str) -> impl Iterator<Item = usize> + 'a {
        let citing = self.funders.iter().filter(move |of| of.cite.iter().any(|id| id == clause));
        citing.map(|of| of.funder)
    }
}

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
