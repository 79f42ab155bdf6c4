//! The settlement of a case as one JSON line.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::SettledCase;
use super::new_year::PartOfBill;
use super::typed::TypedCase;
use crate::policy::Policy;
use crate::policy::claim::Category;
use crate::policy::schedule::{RuleId, Schedule, YearRules};
use crate::policy::settle::{Layer, Payment, SettledClaim};
use crate::units::Fen;

/// An amount in yuan with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yuan(pub Fen);

impl Serialize for Yuan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

/// Amounts by the id of a line or funder.
type Amounts<'a> = IndexMap<&'a str, Yuan>;

/// The answer to one case.
#[derive(Debug, Clone, Serialize)]
pub struct Answer<'a> {
    case: &'a str,
    year: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    subsidy: Option<SubsidyAnswer<'a>>,
    claims: Vec<ClaimAnswer<'a>>,
    /// Claims that were reversed: not settled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reversed: Vec<ReversedAnswer<'a>>,
    year_end: Vec<PaymentAnswer<'a>>,
    totals: Totals<'a>,
}

#[derive(Debug, Clone, Serialize)]
struct SubsidyAnswer<'a> {
    contribution: Yuan,
    amount: Yuan,
    self_pay: Yuan,
    category: &'a str,
    funders: Amounts<'a>,
    cite: Vec<&'a str>,
}

#[derive(Debug, Clone, Serialize)]
struct PartAnswer {
    total: Yuan,
    days: i64,
    of_days: i64,
}

#[derive(Debug, Clone, Serialize)]
struct ReversedAnswer<'a> {
    id: &'a str,
    by: &'a str,
    total: Yuan,
}

#[derive(Debug, Clone, Serialize)]
struct ClaimAnswer<'a> {
    id: &'a str,
    /// Of a stay over New Year: which part of the bill belongs to the year.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<PartAnswer>,
    category: &'a str,
    in_scope: Yuan,
    basic: Yuan,
    critical: Yuan,
    /// What another payer pays, where any does.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<Yuan>,
    assistance: Vec<PaymentAnswer<'a>>,
    provider: Yuan,
    patient_in_scope: Yuan,
    patient_out_of_scope: Yuan,
}

#[derive(Debug, Clone, Serialize)]
struct PaymentAnswer<'a> {
    line: &'a str,
    amount: Yuan,
    funders: Amounts<'a>,
    cite: Vec<&'a str>,
}

#[derive(Debug, Clone, Serialize)]
struct Totals<'a> {
    total: Yuan,
    /// What was left of the claims of the years before, where any were given: payers and patient bear it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<Yuan>,
    basic: Yuan,
    critical: Yuan,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<Yuan>,
    assistance: Yuan,
    provider: Yuan,
    patient: Yuan,
    by_line: Amounts<'a>,
    by_funder: Amounts<'a>,
}

/// The id of a category, `ordinary` for none.
#[must_use]
pub fn category_id(policy: &Policy, category: Category) -> &str {
    policy.names.categories.get(usize::from(category.0)).map_or("ordinary", |name| name.id.as_str())
}

/// Who writes answers: the policy's names and the compiled rules of the case.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The rules by which the case was settled.
    pub rules: &'a YearRules,
}

impl<'a> Writer<'a> {
    /// The answer to a case.
    #[must_use]
    pub fn answer(&self, case: &'a TypedCase, settled: &SettledCase) -> Answer<'a> {
        let mut assistance: Vec<Vec<PaymentAnswer<'a>>> = settled.claims.iter().map(|_| Vec::new()).collect();
        for payment in settled.payments.iter().filter(|payment| payment.layer == Layer::Assistance) {
            if let Some(claim) = payment.claim.filter(|_| payment.amount > Fen::ZERO) {
                assistance[claim].push(self.payment(payment));
            }
        }
        let claims = settled
            .claims
            .iter()
            .zip(assistance)
            .enumerate()
            .map(|(index, (claim, assistance))| ClaimAnswer {
                part: case.parts.get(&index).map(part_answer),
                ..self.claim(&case.claim_names[index], claim, assistance)
            })
            .collect();
        let reversed = case.reversed.iter();
        let reversed = reversed
            .map(|one| ReversedAnswer { id: &one.name, by: &one.by, total: Yuan(one.total) })
            .collect();
        let year_end = settled
            .payments
            .iter()
            .filter(|payment| matches!(payment.layer, Layer::Tilt | Layer::Application))
            .filter(|payment| payment.amount > Fen::ZERO)
            .map(|payment| self.payment(payment))
            .collect();
        let subsidy = settled.subsidy.map(|paid| SubsidyAnswer {
            contribution: Yuan(paid.contribution),
            amount: Yuan(paid.amount),
            self_pay: Yuan(paid.contribution - paid.amount),
            category: category_id(self.policy, paid.by.map_or(Category::ORDINARY, |(_, category)| category)),
            funders: paid.by.map_or_else(Amounts::new, |(rule, _)| self.split(rule, paid.amount)),
            cite: paid.by.map_or_else(Vec::new, |(rule, _)| self.cite(rule)),
        });
        Answer {
            case: &case.name,
            year: case.year,
            subsidy,
            claims,
            reversed,
            year_end,
            totals: self.totals(case, settled),
        }
    }

    fn claim(
        &self,
        id: &'a str,
        settled: &SettledClaim,
        assistance: Vec<PaymentAnswer<'a>>,
    ) -> ClaimAnswer<'a> {
        ClaimAnswer {
            id,
            part: None,
            category: category_id(self.policy, settled.category),
            in_scope: Yuan(settled.in_scope),
            basic: Yuan(settled.basic),
            critical: Yuan(settled.critical),
            other: some(settled.other),
            assistance,
            provider: Yuan(settled.provider),
            patient_in_scope: Yuan(settled.patient_in_scope),
            patient_out_of_scope: Yuan(settled.patient_out_of_scope),
        }
    }

    fn payment(&self, payment: &Payment) -> PaymentAnswer<'a> {
        PaymentAnswer {
            line: self.line(payment.rule),
            amount: Yuan(payment.amount),
            funders: self.split(payment.rule, payment.amount),
            cite: self.cite(payment.rule),
        }
    }

    fn line(&self, rule: RuleId) -> &'a str {
        let line = self.policy.rules[usize::from(rule.0)].line;
        line.map_or("", |line| self.policy.names.lines[line].id.as_str())
    }

    fn cite(&self, rule: RuleId) -> Vec<&'a str> {
        self.policy.rules[usize::from(rule.0)].cite.iter().map(String::as_str).collect()
    }

    /// The schedule whose rule it is: the funders of a rule stand in its own policy's schedule.
    fn schedule(&self, rule: RuleId) -> &'a Schedule {
        let own = |schedule: &&Schedule| !schedule.funders[usize::from(rule.0)].is_empty();
        self.rules.schedules.iter().find(own).unwrap_or(&self.rules.schedules[0])
    }

    fn split(&self, rule: RuleId, amount: Fen) -> Amounts<'a> {
        let mut amounts = Amounts::new();
        self.schedule(rule).split(rule, amount, |funder, part| {
            if part > Fen::ZERO {
                add(&mut amounts, &self.policy.names.funders[usize::from(funder)].id, part);
            }
        });
        amounts
    }

    fn totals(&self, case: &TypedCase, settled: &SettledCase) -> Totals<'a> {
        let sum = |part: fn(&SettledClaim) -> Fen| settled.claims.iter().map(part).sum::<Fen>();
        let total: Fen = case.claims.iter().map(|claim| claim.total).sum();
        let (mut by_line, mut by_funder) = (Amounts::new(), Amounts::new());
        let mut assistance = Fen::ZERO;
        let lines = [Layer::Assistance, Layer::Tilt, Layer::Application];
        for payment in settled.payments.iter().filter(|payment| lines.contains(&payment.layer)) {
            if payment.amount == Fen::ZERO {
                continue;
            }
            assistance += payment.amount;
            add(&mut by_line, self.line(payment.rule), payment.amount);
            for (funder, part) in self.split(payment.rule, payment.amount) {
                add(&mut by_funder, funder, part.0);
            }
        }
        let (basic, critical) = (sum(|claim| claim.basic), sum(|claim| claim.critical));
        let provider = sum(|claim| claim.provider);
        let other = sum(|claim| claim.other);
        let earlier: Fen = settled.earlier.iter().map(|claim| claim.self_pay).sum();
        Totals {
            total: Yuan(total),
            earlier: (!settled.earlier.is_empty()).then_some(Yuan(earlier)),
            basic: Yuan(basic),
            critical: Yuan(critical),
            other: some(other),
            assistance: Yuan(assistance),
            provider: Yuan(provider),
            patient: Yuan(total + earlier - basic - critical - other - assistance - provider),
            by_line,
            by_funder,
        }
    }
}

fn part_answer(part: &PartOfBill) -> PartAnswer {
    PartAnswer { total: Yuan(part.whole.total), days: part.days, of_days: part.of_days }
}

/// An amount, unless it is nothing.
fn some(amount: Fen) -> Option<Yuan> {
    (amount > Fen::ZERO).then_some(Yuan(amount))
}

fn add<'a>(amounts: &mut Amounts<'a>, id: &'a str, amount: Fen) {
    amounts.entry(id).or_insert(Yuan(Fen::ZERO)).0 += amount;
}
