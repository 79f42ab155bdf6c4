//! Help with the individual contribution of a coverage year.

use super::claim::{Category, Insurance, Person};
use super::schedule::{RuleId, Schedule, SubsidyAmount, YearRules};
use crate::units::{Fen, Month};

/// What becomes of the contribution of a person who is recognised after the coverage year has begun, and for whom
/// nothing was paid when the year was enrolled for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NewlyRecognised {
    /// The person enrols in the year and is subsidised; who has already paid the year, as an ordinary resident, is
    /// not paid again.
    #[default]
    UnlessPaid,
    /// The subsidy of the best identity held in any month is paid in full, also where the contribution or a part of
    /// it had been paid: it is given back.
    Always,
    /// Nothing is paid for the year: the subsidy begins with the enrolment for the next one.
    FromNextYear,
}

/// Who is subsidised, and the rule that says so; holders in January are, whatever it says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Enrolment {
    /// The rule, where the policy writes one down.
    pub rule: Option<RuleId>,
    /// Who is recognised in the year.
    pub newly_recognised: NewlyRecognised,
}

/// The contribution of one person and year, and who helps with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubsidyPayment {
    /// The individual contribution.
    pub contribution: Fen,
    /// What is paid for the person.
    pub amount: Fen,
    /// The rule that pays and the identity it pays for; none where nothing is paid.
    pub by: Option<(RuleId, Category)>,
    /// The rule that leaves the whole contribution with the person, and the identity; only where nothing is paid.
    pub left_by: Option<(RuleId, Category)>,
    /// How many identities of the person have a subsidy: with two or more the highest standard was chosen.
    pub n_entitled: u8,
}

/// Why a contribution cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoContribution {
    /// It depends on the sex, which is not given.
    SexNeeded,
    /// No group of the place's contributions fits the person.
    NoGroup,
}

/// The subsidy of a resident's coverage year; `None` for employees, who pay no such contribution.
///
/// Among the identities held in any month of the year the one with the largest subsidy pays, once; of equals
/// the better rank. Where the newly recognised are subsidised from the next year on, those held in January count.
///
/// # Errors
/// Where the place's contributions do not tell what the person pays.
pub fn subsidy(rules: &YearRules, person: &Person<'_>) -> Result<Option<SubsidyPayment>, NoContribution> {
    let january = Month::new(rules.year, 1);
    let held = match rules.of_coverage_year().enrolment.newly_recognised {
        NewlyRecognised::FromNextYear => held_between(january, january, person),
        NewlyRecognised::UnlessPaid | NewlyRecognised::Always => held_in_year(rules.year, person),
    };
    subsidy_for(rules, person, held)
}

/// The same for a set of identities: what those held at some time of the year are worth.
///
/// # Errors
/// As [`subsidy`].
pub fn subsidy_for(
    rules: &YearRules,
    person: &Person<'_>,
    held: u32,
) -> Result<Option<SubsidyPayment>, NoContribution> {
    if person.insurance != Insurance::Resident {
        return Ok(None);
    }
    let schedule = rules.of_coverage_year();
    let contribution = contribution(schedule, person)?;
    let mut best: Option<(Fen, RuleId, Category)> = None;
    let mut left_by: Option<(RuleId, Category)> = None;
    let mut entitled: u32 = 0;
    for rule in &schedule.subsidies {
        let mut categories = rule.categories & held;
        if categories == 0 || !rule.who.includes(person) {
            continue;
        }
        let amount = match rule.amount {
            SubsidyAmount::Share(share) => share.of(contribution),
            SubsidyAmount::Fixed(fixed) => fixed.min(contribution),
            SubsidyAmount::LeftToPerson => {
                let category = Category(categories.trailing_zeros() as u8);
                left_by = left_by.filter(|(_, rank)| *rank <= category).or(Some((rule.rule, category)));
                continue;
            }
        };
        entitled |= categories;
        while categories != 0 {
            let category = Category(categories.trailing_zeros() as u8);
            categories &= categories - 1;
            let better =
                best.is_none_or(|(most, _, rank)| amount > most || (amount == most && category < rank));
            if better {
                best = Some((amount, rule.rule, category));
            }
        }
    }
    let (amount, by) = match best {
        Some((amount, rule, category)) => (amount, Some((rule, category))),
        None => (Fen::ZERO, None),
    };
    let left_by = left_by.filter(|_| amount == Fen::ZERO);
    Ok(Some(SubsidyPayment { contribution, amount, by, left_by, n_entitled: entitled.count_ones() as u8 }))
}

/// Identities held in any month of a year, as a bit set.
#[must_use]
pub fn held_in_year(year: u16, person: &Person<'_>) -> u32 {
    held_between(Month::new(year, 1), Month::new(year, 12), person)
}

/// Identities held in any of some months, as a bit set.
#[must_use]
pub fn held_between(first: Month, last: Month, person: &Person<'_>) -> u32 {
    person
        .spells
        .iter()
        .filter(|spell| spell.touches(first, last))
        .fold(0, |held, spell| held | spell.category.bit())
}

fn contribution(schedule: &Schedule, person: &Person<'_>) -> Result<Fen, NoContribution> {
    let mut sex_needed = false;
    for group in &schedule.contributions {
        if !(group.age_from..group.age_below).contains(&person.age) {
            continue;
        }
        match (group.sex, person.sex) {
            (None, _) if sex_needed => return Err(NoContribution::SexNeeded),
            (None, _) => return Ok(group.amount),
            (Some(needed), Some(sex)) if needed == sex => return Ok(group.amount),
            (Some(_), Some(_)) => {}
            (Some(_), None) => sex_needed = true,
        }
    }
    Err(if sex_needed { NoContribution::SexNeeded } else { NoContribution::NoGroup })
}
