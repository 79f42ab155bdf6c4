//! Whose contribution of a coverage year is subsidised, and when: holders at enrolment, and the newly recognised.
//!
//! The contribution is paid in the enrolment period before the year, so that whoever holds an identity in January is
//! subsidised by it, once, whatever comes later in the year. Who is recognised later enrols in the year, unless they
//! have already paid it as an ordinary resident. What is paid for the latter is a rule of the policy.
//!
//! A typed person is settled by the best identity of the year instead ([`subsidy`](crate::policy::subsidy::subsidy)):
//! nobody says for a single person what had been paid when.

use std::sync::Arc;

use super::book::{Occasion, YearBook};
use super::columns::YearColumns;
use super::facts::{PeopleMeasure, RuleMeasure};
use super::from_scenario::{EngineChoice, Years, lane};
use super::lane::Lane;
use crate::policy::claim::{Category, Person};
use crate::policy::schedule::YearRules;
use crate::policy::subsidy::{NewlyRecognised, SubsidyPayment, held_between, held_in_year, subsidy_for};
use crate::population::Population;
use crate::rng::{Draws, Key, Purpose, threshold};
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::units::{Fen, Month};

/// Who of the newly recognised has already paid the year, as an ordinary resident.
#[derive(Debug, Clone, Copy)]
pub struct AlreadyPaid {
    draws: Draws,
    county: u32,
    threshold: u64,
}

impl AlreadyPaid {
    /// Drawn with a share in a county.
    #[must_use]
    pub fn new(draws: &Draws, county: u32, share: f64) -> Self {
        Self { draws: *draws, county, threshold: threshold(share) }
    }

    /// Nobody has.
    #[must_use]
    pub const fn nobody() -> Self {
        Self { draws: Draws::new(0), county: 0, threshold: 0 }
    }

    /// Whether a person has. Children enrol for the first time in the year of their birth.
    fn has(&self, year: u16, person: &Person<'_>, whose: Whose) -> bool {
        let key = Key { person: whose.person, replicate: whose.replicate, county: self.county, year };
        person.age > 0 && u64::from(self.draws.block(key, Purpose::Enrolment, 0)[0]) < self.threshold
    }
}

/// Whose draw it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose {
    /// The key of the person's draws.
    pub person: u32,
    /// The replicate; 0 for persons of the synthetic population, who are the same in all.
    pub replicate: u32,
}

impl Whose {
    /// A person of the synthetic population.
    #[expect(clippy::cast_possible_truncation, reason = "below 2^32 persons")]
    pub const fn row(row: usize) -> Self {
        Self { person: row as u32, replicate: 0 }
    }
}

/// A contribution that is due, and who helps with it.
struct Due {
    payment: SubsidyPayment,
    /// The identities that count for it.
    held: u32,
    /// Whether it is due in the year, and not when the year was enrolled for.
    newly: bool,
}

/// The contribution that a holder owes for a year, if any: at most one, so that nobody is subsidised twice.
fn due(rules: &YearRules, person: &Person<'_>, has_already_paid: impl FnOnce() -> bool) -> Option<Due> {
    let january = Month::new(rules.year, 1);
    let held = [held_between(january, january, person), held_in_year(rules.year, person)];
    let [at_enrolment, in_year] = held.map(|held| {
        // A contribution that the place does not give is a fault found when the scenario was loaded.
        let payment = subsidy_for(rules, person, held).ok().flatten().filter(|_| held != 0)?;
        Some(Due { payment, held, newly: false })
    });
    let rule = rules.of_coverage_year().enrolment.newly_recognised;
    let newly = held[1] & !held[0];
    let pays = |due: &Option<Due>| due.as_ref().is_some_and(|due| due.payment.amount > Fen::ZERO);
    let waits = match rule {
        NewlyRecognised::Always => false,
        NewlyRecognised::UnlessPaid => pays(&at_enrolment) || has_already_paid(),
        NewlyRecognised::FromNextYear => true,
    };
    if newly == 0 || waits {
        return at_enrolment;
    }
    let by_new = |due: &Due| due.payment.by.is_some_and(|(_, category)| newly & category.bit() != 0);
    in_year.map(|due| Due { newly: by_new(&due), ..due })
}

/// The first month of a year in which a person holds a category.
fn first_month(year: u16, person: &Person<'_>, category: Category) -> Month {
    let (january, december) = (Month::new(year, 1), Month::new(year, 12));
    let held = person.spells.iter().filter(|spell| spell.category == category);
    let in_year = held.filter(|spell| spell.touches(january, december));
    in_year.map(|spell| spell.from.max(january)).min().unwrap_or(january)
}

impl Lane<'_> {
    /// Whether what is the same in every replicate is so in another lane too: contributions, who pays them, and how they
    /// are booked.
    #[must_use]
    pub fn prepares_like(&self, other: &Self) -> bool {
        fn contributions(year: &YearRules) -> impl PartialEq + '_ {
            let schedule = year.of_coverage_year();
            (year.year, &schedule.subsidies, &schedule.contributions, &schedule.enrolment)
        }
        self.policy.names == other.policy.names
            && self.policy.rules == other.policy.rules
            && (&self.cells, &self.layout, &self.funders) == (&other.cells, &other.layout, &other.funders)
            && self.rules.iter().map(contributions).eq(other.rules.iter().map(contributions))
    }

    /// Takes over from a lane that prepares like this one.
    pub fn prepare_as(&mut self, other: &Self) {
        self.already_paid = other.already_paid;
        self.base = Arc::clone(&other.base);
    }

    /// Counts what is paid for a person's contribution of a year, or takes it out again with `sign` −1.
    pub(super) fn count_contribution_of(
        &self,
        year: usize,
        (person, whose): (&Person<'_>, Whose),
        sign: i64,
        book: &mut YearBook,
    ) {
        let rules = &self.rules[year];
        let Some(due) = due(rules, person, || self.already_paid.has(rules.year, person, whose)) else {
            return;
        };
        let (paid, row) = (due.payment, due.held.trailing_zeros() as usize);
        let Some((rule, category)) = paid.by.filter(|_| paid.amount > Fen::ZERO) else {
            if let Some((rule, _)) = paid.left_by {
                // What the clause leaves with the person: the rule has no funder, so that no cell gets it.
                let occasion = Occasion::in_month(Month::new(rules.year, 1), row);
                self.count_contribution(year, (rule, occasion), (paid.contribution, sign), book);
            }
            return;
        };
        book.count_people(row, PeopleMeasure::Subsidised, sign);
        book.count_people(row, PeopleMeasure::SubsidisedNewly, i64::from(due.newly) * sign);
        let month =
            if due.newly { first_month(rules.year, person, category) } else { Month::new(rules.year, 1) };
        let occasion = Occasion::in_month(month, row);
        self.count_contribution(year, (rule, occasion), (paid.amount, sign), book);
        let enrolment = rules.of_coverage_year().enrolment.rule.filter(|_| due.newly);
        let choice = book.subsidy_choice.filter(|_| paid.n_entitled > 1);
        for rule in choice.into_iter().chain(enrolment.map(|rule| usize::from(rule.0))) {
            book.count_rule(rule, RuleMeasure::Cases, sign);
            book.count_rule(rule, RuleMeasure::Persons, sign);
            book.count_rule(rule, RuleMeasure::Fen, sign * paid.amount.0);
        }
    }
}

/// The lanes of some scenarios; what is the same in every replicate is worked out once where it is the same in several,
/// but for the reference, which works out every lane by itself.
pub(super) fn lanes<'a>(
    (scenarios, county, years): (&[&'a Scenario], usize, Years<'_>),
    (population, columns): (&Population, &[YearColumns]),
    (paid, engine): (AlreadyPaid, EngineChoice),
) -> Result<Vec<Lane<'a>>, Faults> {
    let mut lanes: Vec<Lane<'_>> = Vec::new();
    for scenario in scenarios {
        let mut lane = lane(scenario, county, years)?;
        let known = lanes.iter().find(|known| known.prepares_like(&lane));
        match known.filter(|_| engine != EngineChoice::Reference) {
            Some(known) => lane.prepare_as(known),
            None => lane.prepare(population, columns, paid),
        }
        lanes.push(lane);
    }
    Ok(lanes)
}
