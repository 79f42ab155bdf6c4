//! An outcome that disagrees with itself is found.

use super::fixture::{layout, outcome};
use crate::policy::Rule;
use crate::simulation::agreement::{Disagreement, held_against_itself};
use crate::simulation::outcome::{CountyOutcome, PeopleMoments};

/// An outcome of the fixture, with rules that paid what is booked, and its persons.
fn agreeing() -> (CountyOutcome, Vec<u16>, Vec<Rule>, u32) {
    let layout = layout(2);
    let mut outcome = outcome(0, &[[10, 20, 30], [1, 2, 3]]);
    let years: Vec<u16> = layout.years.iter().map(|year| year.year).collect();
    (outcome.rules.iter_mut().flatten()).for_each(|rule| rule.fen.sum = 0);
    for line in 0..layout.lines.len() {
        let Some(rule) = layout.rules.iter().position(|rule| rule.line == Some(line)) else { continue };
        for index in 0..years.len() {
            let of = |replicate| outcome.cells.iter().zip(outcome.trial(index, replicate));
            let own = (0..outcome.n_replicates).flat_map(of).filter(|(cell, _)| cell.line == line);
            let fen = own.map(|(_, &fen)| i128::from(fen)).sum();
            outcome.rules[index][rule].fen.sum = fen;
        }
    }
    for row in outcome.people.iter_mut().flatten() {
        *row = PeopleMoments::default();
        row.person_months.add(12 * 50);
        row.person_months.add(12 * 50);
    }
    let residents = 50 * u32::try_from(outcome.people[0].len()).expect("few categories");
    (outcome, years, layout.rules, residents)
}

#[test]
fn figures_that_agree_pass() {
    let (outcome, years, rules, residents) = agreeing();
    assert_eq!(held_against_itself(&outcome, &years, &rules, residents), Ok(()));
}

#[test]
fn a_fen_that_no_rule_paid_is_found() {
    let (mut outcome, years, rules, residents) = agreeing();
    outcome.trials[0] += 1;
    let found = held_against_itself(&outcome, &years, &rules, residents);
    let Err(Disagreement::Money { year, by_rule, by_line, .. }) = found else { panic!("{found:?}") };
    assert_eq!((year, by_line - by_rule), (years[0], 1));
}

#[test]
fn a_person_who_is_missing_for_a_month_is_found() {
    let (mut outcome, years, rules, residents) = agreeing();
    outcome.people.last_mut().expect("a year")[0].person_months.sum -= 1;
    let found = held_against_itself(&outcome, &years, &rules, residents);
    assert!(matches!(found, Err(Disagreement::Persons { counted, due, .. }) if counted + 1 == due));
}

#[test]
fn payments_without_a_person_are_found() {
    let (mut outcome, years, rules, residents) = agreeing();
    outcome.people[0][0].assisted_cases.add(3);
    let found = held_against_itself(&outcome, &years, &rules, residents);
    assert!(matches!(found, Err(Disagreement::Payments { category: 0, payments: 3, .. })), "{found:?}");
}
