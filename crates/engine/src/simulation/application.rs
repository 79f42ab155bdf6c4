//! What a recognition on application books, and the identity that it gives.

use super::book::{Occasion, Paid, YearBook};
use super::facts::PeopleMeasure;
use super::person::{LaneState, recount_months};
use super::scene::{Scene, Who};
use super::trace::{Got, PaidOn};
use crate::policy::claim::{Category, Spell};
use crate::policy::schedule::RuleId;
use crate::policy::settle::Layer;
use crate::units::Month;

/// Who is recognised on application.
#[derive(Debug, Clone, Copy)]
pub(super) struct Applicant {
    pub who: Who,
    /// The month of recognition.
    pub month: Month,
    /// Whether the person is counted as assisted in the year already.
    pub assisted: bool,
    /// The identity that a list gave an ordinary resident in the year of the bills; of others it stands with the person.
    pub gained: Option<Spell>,
}

impl LaneState {
    /// Whether the payments of the year at hand hold any assistance.
    pub(super) fn is_assisted(&self) -> bool {
        let layers = self.payments.list.iter().map(|paid| paid.layer);
        layers.into_iter().any(|layer| layer >= Layer::Assistance && layer != Layer::Application)
    }

    /// Books only what an application paid, because the rest of the year was booked before, and gives the person the
    /// category of who is recognised: counted from the month of recognition on, with its rights from the next year.
    pub(super) fn book_application(
        &mut self,
        scene: Scene<'_, '_>,
        applicant: Applicant,
        book: &mut YearBook,
    ) {
        let Applicant { who, assisted, .. } = applicant;
        book.turn_to(self.id_of(scene, who), scene.weight(who));
        self.serial += 1;
        let of_application = |paid: &&Paid| paid.layer == Layer::Application;
        let paid: Vec<Paid> = self.payments.list.iter().filter(of_application).copied().collect();
        let Some(category) = scene.recognised_as(paid.first().map(|paid| paid.rule)) else { return };
        let people = scene.lane.people_row(scene.year, &self.identities_of(scene, applicant));
        let recognised = usize::from(category.0).min(people);
        book.count_people(recognised, PeopleMeasure::Recognised, 1);
        // Who was assisted before the application counts in another row, and so do the payments.
        let counted = if matches!(who, Who::Ordinary { .. }) { self.counted_in } else { people };
        let row = if assisted { counted } else { recognised };
        let newly_assisted = !assisted && !paid.is_empty();
        book.count_assisted(row, [paid.len() as i64, i64::from(newly_assisted), 0]);
        book.pays_on(PaidOn::Application { settlement: self.serial });
        for Paid { rule, amount, .. } in paid {
            let occasion = Occasion::in_month(applicant.month, row);
            scene.lane.book_payment(scene.year, rule, (amount, occasion), book);
            book.touch(rule, self.serial);
            book.gets(Got::SelfPay, -amount.0);
        }
        self.hold_as_recognised(scene, applicant, category, book);
    }

    /// The identities of an applicant without what the application gives.
    fn identities_of(&self, scene: Scene<'_, '_>, applicant: Applicant) -> Vec<Spell> {
        let mut spells = Vec::new();
        self.spells_of(scene, applicant.who, &mut spells);
        spells.extend(applicant.gained);
        spells
    }

    /// Counts who is recognised on application for the rest of the year, and lets the identity begin with the next one:
    /// the claims of this year are settled already.
    fn hold_as_recognised(
        &mut self,
        scene: Scene<'_, '_>,
        applicant: Applicant,
        category: Category,
        book: &mut YearBook,
    ) {
        let Applicant { who, month, gained, .. } = applicant;
        let spells = self.identities_of(scene, applicant);
        let december = scene.december();
        // Who gained an identity from a list keeps that one.
        let gained_before =
            gained.is_some() || matches!(who, Who::Holder { row, .. } if self.acquired[row].is_some());
        if gained_before || spells.iter().any(|spell| spell.category == category && spell.to >= month) {
            return;
        }
        let with: Vec<Spell> =
            spells.iter().copied().chain([Spell { category, from: month, to: december }]).collect();
        match who {
            Who::Holder { row, .. } => recount_months(scene, row, (&spells, &with), book),
            Who::Ordinary { .. } | Who::Recruit { .. } => {
                scene.lane.count_months(scene.year, (&with, (0, 11)), 1, book);
            }
        }
        let spell = self.held_from(scene, who, (category, Month(december.0 + 1)));
        self.acquire(scene, who, spell);
    }
}

impl Scene<'_, '_> {
    /// The category in which a rule of application counts who is recognised; the first rule's where none paid.
    fn recognised_as(&self, paid_by: Option<RuleId>) -> Option<Category> {
        let rules = self.lane.rules[self.year].schedules.iter().flat_map(|schedule| &schedule.applications);
        let mut rules = rules.filter(|rule| paid_by.is_none_or(|paid| rule.rule == paid));
        rules.next().map(|rule| rule.recognised_as)
    }
}
