//! Typed-in cases: reading a person's year from JSON lines or tables, settling it, writing the settlement.
//!
//! The rules are those of [`crate::policy`]; here is only what stands around them: what was typed, whether it can
//! be meant, and how the answer looks.

pub mod answer;
pub mod answer_book;
pub mod bills;
pub mod columns;
pub mod encoding;
pub mod field;
pub mod household;
mod identities;
pub mod json;
pub mod new_year;
pub mod reversal;
pub mod sheet;
mod stay;
pub mod table;
pub mod together;
pub mod typed;
pub mod workbook;

use std::collections::BTreeMap;

use crate::lang::Words;
use crate::policy::balance::Imbalance;
use crate::policy::claim::Claim;
use crate::policy::parts::{HouseholdPart, HouseholdPool, OtherIdentity, Parts};
use crate::policy::schedule::YearRules;
use crate::policy::settle::{self, EarlierClaim, HouseholdSums, Ledger, Payment, Work};
use crate::policy::subsidy::SubsidyPayment;
use crate::scenario::Scenario;
use crate::units::Fen;

use bills::TypedEarlier;
use field::{CaseFault, CaseFaults, same};
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
    /// What payments at the year's end were worked out from, by the position of the payment.
    pub parts: BTreeMap<usize, Parts>,
    /// What other identities held would have been paid in the place of a payment, by the position of the payment.
    pub others: BTreeMap<usize, Vec<OtherIdentity>>,
    /// What was left of the claims of the years before, in the order of the input.
    pub earlier: Vec<EarlierClaim>,
    /// The lines that the year's self-pay passed, so that an adjustment holds for the whole year.
    pub passed: Vec<settle::Passed>,
    /// The names of the cases of the household that were settled together, in their order; none of a person alone.
    pub members: Vec<String>,
    /// How many members the household has.
    pub household_size: u8,
    /// The sums of the household's pools before each claim, by its position.
    pub before: BTreeMap<usize, Vec<HouseholdPool>>,
    /// The payments to the household of which a payment is a part, by the position of the payment.
    pub wholes: BTreeMap<usize, HouseholdPart>,
}

/// Why a case is not settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSettled {
    /// What was typed cannot be settled.
    Faults(CaseFaults),
    /// The payments do not add up to the bills.
    Unbalanced {
        /// File and line.
        place: String,
        /// The case.
        case: String,
        /// What does not add up.
        imbalance: Imbalance,
    },
}

impl NotSettled {
    /// What is said of it.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Faults(faults) => faults.words(),
            Self::Unbalanced { place, case, imbalance } => {
                let why = imbalance.words();
                Words::new(
                    format!("{place}：个案 {case:?}：{}", why.zh),
                    format!("{place}: case {case:?}: {}", why.en),
                )
            }
        }
    }
}

impl std::fmt::Display for NotSettled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words().en)
    }
}

impl From<CaseFaults> for NotSettled {
    fn from(faults: CaseFaults) -> Self {
        Self::Faults(faults)
    }
}

/// Settles cases of one scenario; rules are compiled once for each county and year.
#[derive(Debug)]
pub struct Settler<'a> {
    scenario: &'a Scenario,
    /// By county, year and size of the household; none where the year has no parameters.
    rules: BTreeMap<(usize, u16, u8), Option<YearRules>>,
    years: Vec<u16>,
    works: Vec<Work>,
}

#[derive(Default)]
struct Recorder {
    payments: Vec<Payment>,
    parts: BTreeMap<usize, Parts>,
    others: BTreeMap<usize, Vec<OtherIdentity>>,
    before: BTreeMap<usize, Vec<HouseholdPool>>,
    wholes: BTreeMap<usize, HouseholdPart>,
}

impl Ledger for Recorder {
    fn pays(&mut self, payment: &Payment) {
        self.payments.push(*payment);
    }

    fn parts(&mut self, parts: impl FnOnce() -> Parts) {
        self.parts.insert(self.payments.len(), parts());
    }

    fn others(&mut self, others: impl FnOnce() -> Vec<OtherIdentity>) {
        self.others.insert(self.payments.len(), others());
    }

    fn of_household(&mut self, sums: impl FnOnce() -> HouseholdSums) {
        match sums() {
            HouseholdSums::Before(claim, pools) => drop(self.before.insert(claim, pools)),
            HouseholdSums::Part(part) => drop(self.wholes.insert(self.payments.len(), part)),
        }
    }
}

impl<'a> Settler<'a> {
    /// A settler for a scenario.
    #[must_use]
    pub fn new(scenario: &'a Scenario) -> Self {
        Self { scenario, rules: BTreeMap::new(), years: scenario.years_with_parameters(), works: Vec::new() }
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

    /// The rules of a county and year for whoever is a household of one, compiled at most once.
    pub fn rules(&mut self, county: usize, year: u16) -> Option<&YearRules> {
        self.rules_of(county, year, 1)
    }

    /// The rules of a county and year for a household of so many members, compiled at most once.
    pub fn rules_of(&mut self, county: usize, year: u16, household_size: u8) -> Option<&YearRules> {
        let key = (county, year, household_size);
        let compiled = || self.scenario.rules_of(county, year, household_size).ok();
        self.rules.entry(key).or_insert_with(compiled).as_ref()
    }

    /// The rules by which a case was settled.
    pub fn rules_of_settled(&mut self, case: &TypedCase, settled: &SettledCase) -> Option<&YearRules> {
        self.rules_of(case.county, case.year, settled.household_size)
    }

    /// Settles one case by itself, see [`settle_together`](Self::settle_together).
    ///
    /// # Errors
    /// Where the year has no parameters, the contribution depends on a sex that is not given, or the payments do not
    /// add up to the bills.
    pub fn settle(&mut self, case: &TypedCase) -> Result<SettledCase, NotSettled> {
        let mut settled = self.settle_together(&[case])?;
        Ok(settled.remove(0))
    }

    /// The rules of a household in a year, and the memory to settle its cases by them.
    fn at_work(&mut self, cases: &[&TypedCase], year: u16) -> Result<(&YearRules, &mut [Work]), CaseFaults> {
        let (case, persons, size) = (cases[0], cases.len(), household::size_of(cases));
        let n_pools = self.scenario.policy.names.pools.len();
        while self.works.len() < persons {
            self.works.push(Work::new(n_pools));
        }
        let key = (case.county, year, size);
        let compiled = || self.scenario.rules_of(case.county, year, size).ok();
        match self.rules.entry(key).or_insert_with(compiled) {
            Some(rules) => Ok((rules, &mut self.works[..persons])),
            None => Err(case.fault(same("year"), same(&year.to_string()), typed::years_text(&self.years))),
        }
    }
}

impl TypedEarlier {
    fn as_typed(&self) -> EarlierClaim {
        EarlierClaim::of(&self.claim, self.year, self.self_pay.unwrap_or(Fen::ZERO))
    }
}

/// Two cases of one name and year are one person on two lines: deductibles and caps, which count once a year, would
/// be taken twice.
///
/// # Errors
/// Every second line, with the first.
pub fn once_a_year(cases: &[TypedCase]) -> Result<(), CaseFaults> {
    let mut first: BTreeMap<(&str, u16), &TypedCase> = BTreeMap::new();
    let mut faults = CaseFaults::default();
    for case in cases {
        match first.get(&(case.name.as_str(), case.year)) {
            Some(other) => {
                let (line, year) = (other.line, case.year);
                let allowed = Words::new(
                    format!(
                        "第{line}行也有，同为{year}年：一个人一年的费用写在一个个案中，因为起付线和封顶线一年只计一次"
                    ),
                    format!(
                        "stands on line {line} too, for the same year {year}: all bills of a person and year belong to one \
                         case, because deductibles and caps count once a year"
                    ),
                );
                faults.extend(case.fault(same("case"), same(&format!("{:?}", case.name)), allowed));
            }
            None => drop(first.insert((&case.name, case.year), case)),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

impl TypedCase {
    fn balanced(&self, work: &mut Work) -> Result<(), NotSettled> {
        match work.imbalance.take() {
            None => Ok(()),
            Some(imbalance) => {
                let place = format!("{}:{}", self.file, self.line);
                Err(NotSettled::Unbalanced { place, case: self.name.clone(), imbalance })
            }
        }
    }

    /// Another payer pays at most what the insurances left.
    fn other_payers<'c>(
        &self,
        claims: impl Iterator<Item = (&'c Claim, &'c String)>,
        settled: &[settle::SettledClaim],
    ) -> Result<(), CaseFaults> {
        let mut faults = CaseFaults::default();
        for ((claim, name), done) in
            claims.zip(settled).filter(|((claim, _), done)| claim.other_paid > done.other)
        {
            let field = of_claim(name, "other_paid");
            let allowed = Words::new(
                format!("不能超过目录内费用经基本医保和大病保险支付后的余额 {}", done.other),
                format!("must not exceed what the insurances left within the catalogue, {}", done.other),
            );
            faults.extend(self.fault(field, same(&claim.other_paid.to_string()), allowed));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn fault(&self, field: Words, value: Words, allowed: Words) -> CaseFaults {
        CaseFaults::one(CaseFault { file: self.file.clone(), line: self.line, field, value, allowed })
    }
}

/// A field of a claim that is named, or the claim as a whole.
fn of_claim(name: &str, field: &str) -> Words {
    if field.is_empty() {
        return Words::new(format!("费用 {name:?}"), format!("claim {name:?}"));
    }
    Words::new(format!("费用 {name:?}：{field}"), format!("claim {name:?}: {field}"))
}
