//! Typed-in cases: reading a person's year from JSON lines or tables, settling it, writing the settlement.
//!
//! The rules are those of [`crate::policy`]; here is only what stands around them: what was typed, whether it can
//! be meant, and how the answer looks.

pub mod answer;
pub mod field;
pub mod json;
pub mod sheet;
pub mod table;
pub mod typed;

use std::collections::BTreeMap;

use crate::policy::schedule::YearRules;
use crate::policy::settle::{self, Ledger, Payment, Work};
use crate::policy::subsidy::{NoContribution, SubsidyPayment, subsidy};
use crate::scenario::Scenario;

use field::{CaseFault, CaseFaults};
use typed::TypedCase;

/// The settlement of one typed-in case.
#[derive(Debug, Clone)]
pub struct SettledCase {
    /// The contribution and its subsidy; none for employees.
    pub subsidy: Option<SubsidyPayment>,
    /// The claims in the order of the input.
    pub claims: Vec<settle::SettledClaim>,
    /// Every payment in the order in which it was made.
    pub payments: Vec<Payment>,
}

/// Settles cases of one scenario; rules are compiled once for each county and year.
#[derive(Debug)]
pub struct Settler<'a> {
    scenario: &'a Scenario,
    rules: BTreeMap<(usize, u16), YearRules>,
    years: Vec<u16>,
    work: Work,
}

#[derive(Default)]
struct Recorder {
    payments: Vec<Payment>,
}

impl Ledger for Recorder {
    fn pays(&mut self, payment: &Payment) {
        self.payments.push(*payment);
    }
}

impl<'a> Settler<'a> {
    /// A settler for a scenario.
    #[must_use]
    pub fn new(scenario: &'a Scenario) -> Self {
        Self {
            scenario,
            rules: BTreeMap::new(),
            years: scenario.years_with_parameters(),
            work: Work::new(scenario.policy.names.pools.len()),
        }
    }

    /// The scenario.
    #[must_use]
    pub const fn scenario(&self) -> &'a Scenario {
        self.scenario
    }

    /// The years that can be settled.
    #[must_use]
    pub fn years(&self) -> &[u16] {
        &self.years
    }

    /// The rules of a county and year, compiled at most once.
    pub fn rules(&mut self, county: usize, year: u16) -> Option<&YearRules> {
        if !self.rules.contains_key(&(county, year)) {
            let compiled = self.scenario.rules(county, year).ok()?;
            self.rules.insert((county, year), compiled);
        }
        self.rules.get(&(county, year))
    }

    /// Settles one case.
    ///
    /// # Errors
    /// Where the year has no parameters, or the contribution depends on a sex that is not given.
    pub fn settle(&mut self, case: &TypedCase) -> Result<SettledCase, CaseFaults> {
        let mut work = std::mem::take(&mut self.work);
        let years = self.years.clone();
        let Some(rules) = self.rules(case.county, case.year) else {
            return Err(case.fault("year", &case.year.to_string(), &typed::years_text(&years)));
        };
        let person = case.person();
        let subsidy = subsidy(rules, &person).map_err(|problem| match problem {
            NoContribution::SexNeeded => {
                case.fault("sex", "missing", "m or f: the contribution of this age depends on it")
            }
            NoContribution::NoGroup => {
                case.fault("age", &case.age.to_string(), "an age for which the place gives a contribution")
            }
        })?;
        let mut recorder = Recorder::default();
        let whole = settle::Case { person, claims: &case.claims, earlier: &[] };
        settle::settle_year(rules, &whole, &mut work, &mut recorder);
        let settled = SettledCase { subsidy, claims: work.settled.clone(), payments: recorder.payments };
        self.work = work;
        Ok(settled)
    }
}

impl TypedCase {
    fn fault(&self, field: &str, value: &str, allowed: &str) -> CaseFaults {
        CaseFaults {
            list: vec![CaseFault {
                file: self.file.clone(),
                line: self.line,
                field: field.to_owned(),
                value: value.to_owned(),
                allowed: allowed.to_owned(),
            }],
            n_more: 0,
        }
    }
}
