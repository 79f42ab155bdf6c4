//! The outcome of a county held against itself: money by rule against money by line, persons against residents.
//!
//! Rules, lines and people are counted in different places, so that a payment or a person lost in one of them shows
//! here, in every run.

use crate::policy::Rule;

use super::outcome::{CountyOutcome, PeopleMoments};

/// Two figures of an outcome that should be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// What the rules of a line paid is not what was booked to the line.
    #[error(
        "{year}: the rules of spending line number {line} paid {by_rule} fen, {by_line} fen are booked; this is a fault of the program"
    )]
    Money {
        /// The year.
        year: u16,
        /// Position of the line.
        line: usize,
        /// Fen of all replicates, by rule.
        by_rule: i128,
        /// Fen of all replicates, by line.
        by_line: i128,
    },
    /// The categories do not add up to the residents.
    #[error(
        "{year}: the months of all persons are {counted}, those of the residents {due}; this is a fault of the program"
    )]
    Persons {
        /// The year.
        year: u16,
        /// Months of all persons in all replicates.
        counted: i128,
        /// Months of the residents in all replicates.
        due: i128,
    },
    /// More persons with payments than payments, or payments without a person.
    #[error(
        "{year}: category number {category} has {persons} assisted persons and {payments} payments; this is a fault of the program"
    )]
    Payments {
        /// The year.
        year: u16,
        /// The rank of the category; one more than the last for ordinary residents.
        category: usize,
        /// Persons of all replicates.
        persons: i128,
        /// Payments of all replicates.
        payments: i128,
    },
}

/// Holds an outcome against itself.
///
/// # Errors
/// The first two figures that differ.
pub fn held_against_itself(
    outcome: &CountyOutcome,
    years: &[u16],
    rules: &[Rule],
    residents: u32,
) -> Result<(), Disagreement> {
    for (index, &year) in years.iter().enumerate() {
        money_agrees(outcome, (index, year), rules)?;
        persons_agree(&outcome.people[index], year, residents)?;
    }
    Ok(())
}

fn money_agrees(
    outcome: &CountyOutcome,
    (index, year): (usize, u16),
    rules: &[Rule],
) -> Result<(), Disagreement> {
    let n_lines = outcome.cells.iter().map(|cell| cell.line + 1).max().unwrap_or_default();
    let mut paid = vec![(0_i128, 0_i128); n_lines];
    for (rule, moments) in rules.iter().zip(&outcome.rules[index]) {
        if let Some(line) = rule.line.filter(|&line| line < n_lines) {
            paid[line].0 += moments.fen.sum;
        }
    }
    for replicate in 0..outcome.n_replicates {
        for (cell, &fen) in outcome.cells.iter().zip(outcome.trial(index, replicate)) {
            paid[cell.line].1 += i128::from(fen);
        }
    }
    match paid.iter().position(|(by_rule, by_line)| by_rule != by_line) {
        None => Ok(()),
        Some(line) => {
            let (by_rule, by_line) = paid[line];
            Err(Disagreement::Money { year, line, by_rule, by_line })
        }
    }
}

fn persons_agree(people: &[PeopleMoments], year: u16, residents: u32) -> Result<(), Disagreement> {
    let months = people.iter().map(|row| &row.person_months);
    let counted: i128 = months.clone().map(|months| months.sum).sum();
    let n = months.map(|months| months.n).max().unwrap_or_default();
    let due = i128::from(n) * 12 * i128::from(residents);
    if counted != due {
        return Err(Disagreement::Persons { year, counted, due });
    }
    for (category, row) in people.iter().enumerate() {
        let (persons, payments) = (row.assisted_persons.sum, row.assisted_cases.sum);
        if persons > payments || (persons == 0) != (payments == 0) {
            return Err(Disagreement::Payments { year, category, persons, payments });
        }
    }
    Ok(())
}
