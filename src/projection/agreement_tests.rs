//! An outcome that disagrees with itself is found.

use super::fixture::{cells, facts, layout, year};
use crate::policy::Rule;
use crate::simulation::agreement::{Disagreement, held_against_itself};
use crate::simulation::facts::{Fact, Facts, PeopleMeasure, RuleMeasure};
use crate::simulation::outcome::CountyOutcome;

/// Residents: 20 in two rows of 120 months.
const RESIDENTS: u32 = 20;

/// What is found in the outcome of two replicates of the fixture, the second of which was changed.
fn found(change: impl FnOnce(&mut Facts)) -> Result<(), Disagreement> {
    let rules: Vec<Rule> = layout(2).rules;
    let mut outcome = CountyOutcome::empty(0, (1, 2), (facts(), cells()), Vec::new());
    outcome.add(0, 0, year(&[10, 20, 30]).numbers());
    let mut changed = year(&[1, 2, 3]);
    change(&mut changed);
    outcome.add(0, 1, changed.numbers());
    held_against_itself(&outcome, &[2023], &rules, RESIDENTS)
}

#[test]
fn figures_that_agree_pass() {
    assert_eq!(found(|_| ()), Ok(()));
}

#[test]
fn a_fen_that_no_rule_paid_is_found() {
    let found = found(|facts| facts[Fact::Money { cell: 0 }] += 1);
    let Err(Disagreement::Money { year, replicate, by_rule, by_line, .. }) = found else {
        panic!("{found:?}")
    };
    assert_eq!((year, replicate, by_line - by_rule), (2023, 1, 1));
}

#[test]
fn a_fen_that_falls_due_in_no_month_is_found() {
    let found = found(|facts| facts[Fact::MoneyInMonth { cell: 1, month: 1 }] -= 1);
    let Err(Disagreement::Occasions { replicate, booked, by_month, by_category, .. }) = found else {
        panic!("{found:?}")
    };
    assert_eq!((replicate, booked, by_month, by_category), (1, 2, 1, 2));
}

#[test]
fn a_fen_that_is_for_nobody_is_found() {
    let found = found(|facts| {
        facts[Fact::Money { cell: 2 }] += 1;
        facts[Fact::MoneyInMonth { cell: 2, month: 2 }] += 1;
        facts[Fact::Rule { rule: 1, measure: RuleMeasure::Fen }] += 1;
    });
    assert!(matches!(found, Err(Disagreement::Occasions { booked: 4, by_month: 4, by_category: 3, .. })));
}

#[test]
fn a_person_who_is_missing_for_a_month_is_found() {
    let found = found(|facts| facts[Fact::People { row: 0, measure: PeopleMeasure::PersonMonths }] -= 1);
    assert!(matches!(found, Err(Disagreement::Persons { counted, due, .. }) if counted + 1 == due));
}

#[test]
fn payments_without_a_person_are_found() {
    let found = found(|facts| facts[Fact::People { row: 0, measure: PeopleMeasure::AssistedCases }] += 3);
    assert!(matches!(found, Err(Disagreement::Payments { category: 0, payments: 3, .. })), "{found:?}");
}
