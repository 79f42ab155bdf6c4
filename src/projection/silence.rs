//! Lines and rules that move no money, with the reason: nothing that a scenario says is swallowed.

use std::collections::BTreeMap;

use super::clauses::{EffectRow, cited};
use super::layout::{Layout, YearLayout};
use super::people::PeopleRow;
use super::warning::{Silence, Warning};

/// The silent lines, then the silent rules, then the rules that pay without a clause.
#[must_use]
pub fn warnings(layout: &Layout, rules: &[EffectRow], people: &[PeopleRow]) -> Vec<Warning> {
    let states = States::new(layout, rules, people);
    let mut warnings = Vec::new();
    for line in 0..layout.lines.len() {
        let own: Vec<usize> =
            (0..layout.rules.len()).filter(|&rule| layout.rules[rule].line == Some(line)).collect();
        let reason = |year: usize| states.line(&own, year);
        let silent = by_reason(layout, reason);
        warnings.extend(silent.into_iter().map(|(reason, years)| Warning::SilentLine {
            line,
            years,
            reason,
        }));
    }
    for rule in (0..layout.rules.len()).filter(|&rule| layout.rules[rule].key.family.is_expected_to_act()) {
        let silent = by_reason(layout, |year| states.0[rule][year]);
        warnings.extend(silent.into_iter().map(|(reason, years)| Warning::SilentRule {
            rule,
            years,
            reason,
        }));
    }
    let cited = cited(&layout.rules, &layout.clauses);
    let pays = |rule: usize| rules.iter().any(|row| row.of == rule && row.effect.booked_fen.total() != 0);
    let uncited = (0..layout.rules.len()).filter(|&rule| cited[rule].is_empty() && pays(rule));
    warnings.extend(uncited.map(|rule| Warning::Uncited { rule }));
    warnings
}

/// The years of each reason.
fn by_reason(layout: &Layout, reason: impl Fn(usize) -> Option<Silence>) -> BTreeMap<Silence, Vec<u16>> {
    let mut all: BTreeMap<Silence, Vec<u16>> = BTreeMap::new();
    for (position, year) in layout.years.iter().enumerate() {
        if let Some(reason) = reason(position) {
            all.entry(reason).or_default().push(year.year);
        }
    }
    all
}

/// Why each rule is silent in each year; `None` where it is not.
pub(super) struct States(Vec<Vec<Option<Silence>>>);

impl States {
    pub(super) fn new(layout: &Layout, rules: &[EffectRow], people: &[PeopleRow]) -> Self {
        let state = |rule: usize, year: &YearLayout| {
            let acts =
                rules.iter().any(|row| row.of == rule && row.year == year.year && !row.effect.is_nothing());
            if acts {
                return None;
            }
            let Some(reach) = year.reach.get(rule).copied().flatten() else {
                return Some(Silence::NotInForce);
            };
            let reached = people.iter().filter(|row| row.year == year.year).any(|row| {
                let within =
                    layout.bit_of(row.category).map_or(reach.ordinary, |bit| reach.categories & bit != 0);
                within && row.persons().total() > 0
            });
            Some(match (reached, reach.pays) {
                (false, _) => Silence::NoPersons,
                (true, false) => Silence::PaysNothing,
                (true, true) => Silence::NoCase,
            })
        };
        let of_rule = |rule| layout.years.iter().map(|year| state(rule, year)).collect();
        Self((0..layout.rules.len()).map(of_rule).collect())
    }

    /// Why a rule is silent in a year, by position.
    pub(super) fn of(&self, rule: usize, year: usize) -> Option<Silence> {
        self.0.get(rule)?.get(year).copied().flatten()
    }

    /// A line is silent when all its rules are, for the reason that comes nearest to a payment.
    fn line(&self, rules: &[usize], year: usize) -> Option<Silence> {
        let reasons: Option<Vec<Silence>> = rules.iter().map(|&rule| self.0[rule][year]).collect();
        Some(reasons?.into_iter().max().unwrap_or(Silence::NoRule))
    }
}
