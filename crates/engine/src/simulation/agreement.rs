//! The outcome of a county held against itself: money by rule against money by line, persons against residents.
//!
//! Rules, lines and people are counted in different places, so that a payment or a person lost in one of them shows
//! here, in every run.

use crate::lang::Words;
use crate::policy::Rule;

use super::facts::{Fact, MONTHS, PeopleMeasure, RuleMeasure};
use super::outcome::CountyOutcome;

/// Two figures of an outcome that should be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// What the rules of a line paid is not what was booked to the line.
    #[error(
        "{year}: replicate {replicate}: the rules of spending line number {line} paid {by_rule} fen, {by_line} fen are booked; this is a fault of the program"
    )]
    Money {
        /// The year.
        year: u16,
        /// The replicate.
        replicate: usize,
        /// Position of the line.
        line: usize,
        /// Fen by rule.
        by_rule: i64,
        /// Fen by line.
        by_line: i64,
    },
    /// What falls due in the months, or is paid for the categories, does not add up to what was booked.
    #[error(
        "{year}: replicate {replicate}, spending line number {line}: {booked} fen are booked, {by_month} by month and {by_category} by category; this is a fault of the program"
    )]
    Occasions {
        /// The year.
        year: u16,
        /// The replicate.
        replicate: usize,
        /// Position of the line.
        line: usize,
        /// Fen booked to a cell of the line.
        booked: i64,
        /// The sum of its months.
        by_month: i64,
        /// The sum of its categories.
        by_category: i64,
    },
    /// What persons got one by one does not add up to what was booked.
    #[error(
        "{year}: replicate {replicate}, spending line number {line}: {booked} fen are booked, persons got {by_person}; this is a fault of the program"
    )]
    ByPerson {
        /// The year.
        year: u16,
        /// The replicate.
        replicate: u32,
        /// Position of the line.
        line: usize,
        /// Fen booked to a cell of the line.
        booked: i64,
        /// Fen that persons got from it.
        by_person: i64,
    },
    /// The payments of a fund by person do not add up to what was booked in the month.
    #[error(
        "{year}: replicate {replicate}, month {month}: {booked} fen of the fund are booked, persons got {by_person}; this is a fault of the program"
    )]
    ByPersonInMonth {
        /// The year.
        year: u16,
        /// The replicate.
        replicate: u32,
        /// The month in which they fall due, from 1; 13 for after the year.
        month: usize,
        /// Fen booked to the fund, of all its counties.
        booked: i64,
        /// Fen that persons got from it.
        by_person: i64,
    },
    /// What some persons gain under another scenario less what others lose is not the difference of what is booked.
    #[error(
        "{year}: replicate {replicate}: persons gain {gained} fen and lose {lost}, {difference} fen more are booked; this is a fault of the program"
    )]
    Gains {
        /// The year.
        year: u16,
        /// The replicate.
        replicate: u32,
        /// Fen that persons gain.
        gained: i64,
        /// Fen that persons lose.
        lost: i64,
        /// Fen booked in the second scenario beyond the first.
        difference: i64,
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

impl Disagreement {
    /// The same in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            Self::Money { year, replicate, line, by_rule, by_line } => format!(
                "{year}年第{replicate}次模拟：第{line}号支出项目按规则支付{by_rule}分，而记账{by_line}分"
            ),
            Self::Occasions { year, replicate, line, booked, by_month, by_category } => format!(
                "{year}年第{replicate}次模拟：第{line}号支出项目记账{booked}分，而各月合计{by_month}分、各人员类别合计{by_category}分"
            ),
            Self::ByPerson { year, replicate, line, booked, by_person } => format!(
                "{year}年第{replicate}次模拟：第{line}号支出项目记账{booked}分，而个人合计得到{by_person}分"
            ),
            Self::ByPersonInMonth { year, replicate, month, booked, by_person } => format!(
                "{year}年第{replicate}次模拟：第{month}月基金记账{booked}分，而个人合计得到{by_person}分"
            ),
            Self::Gains { year, replicate, gained, lost, difference } => format!(
                "{year}年第{replicate}次模拟：个人共增加{gained}分、减少{lost}分，而记账相差{difference}分"
            ),
            Self::Persons { year, counted, due } => {
                format!("{year}年：全部人员的人月数为{counted}，而常住人口为{due}")
            }
            Self::Payments { year, category, persons, payments } => {
                format!("{year}年：第{category}号人员类别有{persons}人获得救助，而支付为{payments}笔")
            }
        };
        Words::new(format!("{zh}；这是程序的错误"), self.to_string())
    }
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
        occasions_agree(outcome, (index, year))?;
        persons_agree(outcome, (index, year), residents)?;
    }
    Ok(())
}

fn money_agrees(
    outcome: &CountyOutcome,
    (index, year): (usize, u16),
    rules: &[Rule],
) -> Result<(), Disagreement> {
    let n_lines = outcome.cells.iter().map(|cell| cell.line + 1).max().unwrap_or_default();
    for replicate in 0..outcome.n_replicates {
        let mut paid = vec![(0, 0); n_lines];
        let kept = outcome.kept(index, replicate);
        for (number, rule) in rules.iter().enumerate() {
            if let Some(line) = rule.line.filter(|&line| line < n_lines) {
                paid[line].0 +=
                    kept[outcome.layout.place(Fact::Rule { rule: number, measure: RuleMeasure::Fen })];
            }
        }
        for (cell, &fen) in outcome.cells.iter().zip(outcome.trial(index, replicate)) {
            paid[cell.line].1 += fen;
        }
        if let Some(line) = paid.iter().position(|(by_rule, by_line)| by_rule != by_line) {
            let (by_rule, by_line) = paid[line];
            return Err(Disagreement::Money { year, replicate, line, by_rule, by_line });
        }
    }
    Ok(())
}

/// Months and categories are gathered apart from the cells.
fn occasions_agree(outcome: &CountyOutcome, (index, year): (usize, u16)) -> Result<(), Disagreement> {
    let layout = &outcome.layout;
    for replicate in 0..outcome.n_replicates {
        let kept = outcome.kept(index, replicate);
        let fen = |fact| kept[layout.place(fact)];
        for cell in 0..layout.n_cells {
            let booked = fen(Fact::Money { cell });
            let by_month = (0..MONTHS).map(|month| fen(Fact::MoneyInMonth { cell, month })).sum();
            let by_category = (0..layout.n_people).map(|row| fen(Fact::MoneyForPeople { cell, row })).sum();
            if booked != by_month || booked != by_category {
                let line = outcome.cells[cell].line;
                return Err(Disagreement::Occasions { year, replicate, line, booked, by_month, by_category });
            }
        }
    }
    Ok(())
}

fn persons_agree(
    outcome: &CountyOutcome,
    (index, year): (usize, u16),
    residents: u32,
) -> Result<(), Disagreement> {
    let rows = 0..outcome.layout.n_people;
    let months = rows.clone().map(|row| outcome.people(index, row, PeopleMeasure::PersonMonths));
    let counted: i128 = months.clone().map(|months| months.sum).sum();
    let n = months.map(|months| months.n).max().unwrap_or_default();
    let due = i128::from(n) * 12 * i128::from(residents);
    if counted != due {
        return Err(Disagreement::Persons { year, counted, due });
    }
    for category in rows {
        let [persons, payments] = [PeopleMeasure::AssistedPersons, PeopleMeasure::AssistedCases]
            .map(|measure| outcome.people(index, category, measure).sum);
        if persons > payments || (persons == 0) != (payments == 0) {
            return Err(Disagreement::Payments { year, category, persons, payments });
        }
    }
    Ok(())
}
