//! One lane's view of a replicate: a person's claims are settled, listed, verified and booked.

use super::book::{Occasion, Payments, YearBook};
use super::enrolment::Whose;
use super::facts::{BurdenMeasure, Fact, PeopleMeasure, RuleMeasure};
use super::following::Onto;
use super::household::{Kept, Pending, self_pay};
use super::lane::{Lane, holds};
use super::new_year::CarriedStays;
use super::scene::{Scene, Who};
use super::together::Together;
use super::trace::{Got, PaidOn, PersonId};
use super::watch;
use crate::illness::State;
use crate::policy::claim::{Claim, Insurance, Person, Sex, Spell};
use crate::policy::settle::{self, Case, EarlierClaim, Layer, Work};
use crate::population::Population;
use crate::rng::{Purpose, threshold};
use crate::units::{Fen, Month};

/// What a lane carries through a replicate.
#[derive(Debug, Default)]
pub struct LaneState {
    pub(super) work: Work,
    pub(super) payments: Payments,
    /// Members of a household who are settled together.
    pub(super) together: Together,
    pub(super) spells: Vec<Spell>,
    spells_with_gained: Vec<Spell>,
    /// An identity gained through a watch list, by row, with the year in which it was gained.
    pub(super) acquired: Vec<Option<(Spell, u16)>>,
    pub(super) acquired_rows: Vec<usize>,
    /// Whether a row gained an identity: a narrow column for a question asked of everybody.
    pub(super) has_gained: Vec<bool>,
    /// Ordinary residents who became monitored persons.
    pub(super) recruits: Vec<super::recruit::Recruit>,
    pub(super) recruits_states: Vec<State>,
    /// Self-pay of this year by row, for the households' applications.
    pub(super) self_pay: Vec<Fen>,
    /// The last month in which a household was recognised on application; `Month::FIRST` for never.
    pub(super) recognised: Vec<Month>,
    /// Households that may apply this year; one can be there more than once.
    pub(super) may_apply: Vec<u32>,
    /// Settled claims of members of such households, by row.
    pub(super) kept: Vec<Kept>,
    /// Applications recognised in the next year.
    pub(super) pending: Vec<Pending>,
    /// In-scope self-pay left after everything, with category row, for second assistance.
    pub(super) needs: Vec<super::second::Need>,
    /// What the fund has.
    pub(super) balance: Option<Fen>,
    /// What of stays over New Year belongs to the next year.
    pub(super) carried: CarriedStays,
    /// A running number of person-years.
    pub(super) serial: u64,
    /// The row of the people's table in which the person counted last was counted.
    pub(super) counted_in: usize,
}

impl LaneState {
    /// Forgets the replicate before.
    pub fn begin(&mut self, lane: &Lane<'_>, population: &Population) {
        self.work = Work::new(lane.policy.names.pools.len());
        self.together = Together::default();
        self.acquired.clear();
        self.acquired.resize(population.len(), None);
        self.acquired_rows.clear();
        self.has_gained.clear();
        self.has_gained.resize(population.len(), false);
        self.recruits.clear();
        self.recruits_states.clear();
        self.self_pay.clear();
        self.self_pay.resize(population.len(), Fen::ZERO);
        self.recognised.clear();
        self.recognised.resize(population.households.size.len(), Month::FIRST);
        self.may_apply.clear();
        self.kept.clear();
        self.pending.clear();
        self.needs.clear();
        self.balance = lane.fund.opening;
        self.carried.begin(lane.rules.len());
        self.serial = 0;
    }

    /// Persons who gained an identity in an earlier year are counted with it, and their subsidy is theirs.
    pub fn begin_year(&self, scene: Scene<'_, '_>, book: &mut YearBook) {
        for &row in &self.acquired_rows {
            recount(scene, row, self.acquired[row].map(|(spell, _)| spell), book);
        }
        for recruit in &self.recruits {
            recruit.count(scene, book);
        }
    }

    /// Persons who gained an identity in this year are counted with it.
    pub(super) fn count_recognised(&self, scene: Scene<'_, '_>, book: &mut YearBook) {
        let this_year = |spell: Spell, since: u16| since == scene.ctx.year && spell.from <= scene.december();
        for &row in self.acquired_rows.iter() {
            if let Some((spell, _)) = self.acquired[row].filter(|&(spell, since)| this_year(spell, since)) {
                recount(scene, row, Some(spell), book);
            }
        }
        for recruit in self.recruits.iter().filter(|recruit| this_year(recruit.spell, recruit.since)) {
            recruit.count(scene, book);
        }
    }

    /// Settles a person's claims of the year and books what was paid: of those drawn in it, and of stays over New Year,
    /// what belongs to it.
    pub fn settle_year(&mut self, scene: Scene<'_, '_>, of_year: (Who, &[Claim]), book: &mut YearBook) {
        self.settle_onto(scene, of_year, &mut Onto::own(book));
    }

    /// The same onto a book that goes by the identity that the year gives.
    pub(super) fn settle_onto(
        &mut self,
        scene: Scene<'_, '_>,
        (who, drawn): (Who, &[Claim]),
        onto: &mut Onto<'_>,
    ) {
        let moved = self.take_year(scene, who, drawn);
        self.settle_own(scene, (who, moved.as_deref().unwrap_or(drawn)), onto);
    }

    /// Settles the claims that belong to a person's year.
    fn settle_own(&mut self, scene: Scene<'_, '_>, (who, claims): (Who, &[Claim]), onto: &mut Onto<'_>) {
        let mut spells = std::mem::take(&mut self.spells);
        self.spells_of(scene, who, &mut spells);
        self.settle(scene, who, (&spells, claims, None, &[]));
        let found = watch::look(scene, (&self.work, claims), (&spells, who));
        let gained = self.verified(scene, (who, &found), &spells);
        let book = onto.book(gained);
        match gained {
            Some(spell) if claims.iter().any(|claim| claim.discharged.month >= spell.from) => {
                self.settle_gained(scene, (who, claims), (&found, spell), book);
            }
            _ => {
                self.book(scene, (who, &spells), (&found, claims), book);
                self.remember(scene, (who, &spells, gained), claims, book);
                if let Some(spell) = gained {
                    self.recognise(scene, (who, spell), book);
                }
            }
        }
        self.spells = spells;
    }

    /// Settles and books the year of a person to whom verification of the lists found gives an identity: claims that
    /// touch the months after the recognition are settled with it.
    pub(super) fn settle_gained(
        &mut self,
        scene: Scene<'_, '_>,
        (who, claims): (Who, &[Claim]),
        (found, gained): (&watch::Found, Spell),
        book: &mut YearBook,
    ) {
        let mut spells = std::mem::take(&mut self.spells_with_gained);
        self.spells_of(scene, who, &mut spells);
        spells.push(gained);
        self.settle(scene, who, (&spells, claims, None, &[]));
        self.book(scene, (who, &spells), (found, claims), book);
        self.remember(scene, (who, &spells, Some(gained)), claims, book);
        self.recognise(scene, (who, gained), book);
        self.spells_with_gained = spells;
    }

    pub(super) fn spells_of(&self, scene: Scene<'_, '_>, who: Who, spells: &mut Vec<Spell>) {
        spells.clear();
        match who {
            Who::Holder { row, .. } => {
                spells.extend_from_slice(scene.county.population.spells_of(row));
                // What was gained later does not change how an earlier year was settled.
                let gained = self.acquired[row].filter(|(_, year)| *year <= scene.ctx.year);
                spells.extend(gained.map(|(spell, _)| spell));
            }
            Who::Recruit { index, .. } => spells.push(self.recruits[index].spell),
            Who::Ordinary { .. } => {}
        }
    }

    #[inline]
    pub(super) fn person<'p>(&self, scene: Scene<'_, '_>, who: Who, spells: &'p [Spell]) -> Person<'p> {
        match who {
            Who::Holder { row, .. } => {
                scene.county.columns[scene.year].person(scene.county.population, row, spells)
            }
            Who::Recruit { index, .. } => self.recruits[index].person(scene.ctx.year, spells),
            Who::Ordinary { age, sex, .. } => ordinary_person(age, sex, spells),
        }
    }

    /// The name of a person that is the same in every lane.
    pub(super) fn id_of(&self, scene: Scene<'_, '_>, who: Who) -> PersonId {
        match who {
            Who::Holder { row, .. } => PersonId::Holder(row as u32),
            Who::Ordinary { key, .. } => PersonId::resident(scene.ctx.year, key),
            Who::Recruit { index, .. } => self.recruits[index].id(),
        }
    }

    /// Settles claims; the payments and the settled claims stay until the next call.
    pub(super) fn settle(
        &mut self,
        scene: Scene<'_, '_>,
        who: Who,
        (spells, claims, recognised, earlier): (&[Spell], &[Claim], Option<Month>, &[EarlierClaim]),
    ) {
        self.payments.clear();
        let person = Person { recognised, ..self.person(scene, who, spells) };
        let case = Case { person, claims, earlier };
        settle::settle_year(scene.rules_of(who), &case, &mut self.work, &mut self.payments);
    }

    /// The identity that a person of the population gained beside those of the register.
    #[inline]
    pub(super) fn knows_of(&self, row: usize) -> Option<Spell> {
        if self.has_gained[row] { self.acquired[row].map(|(spell, _)| spell) } else { None }
    }

    /// The identity that verification of the lists gives, if it confirms one.
    pub(super) fn verified(
        &self,
        scene: Scene<'_, '_>,
        (who, found): (Who, &watch::Found),
        spells: &[Spell],
    ) -> Option<Spell> {
        let knows = match who {
            Who::Holder { row, .. } => self.acquired[row].is_some(),
            Who::Ordinary { .. } => false,
            Who::Recruit { .. } => true,
        };
        if found.is_empty() || knows {
            return None;
        }
        for (list, month) in found.iter() {
            let watch = &scene.lane.schedule(scene.year).watches[list];
            let Some(category) = watch.recognised_as else { continue };
            let from = Month(month.0 + watch.delay_months);
            if holds(spells, category, from) {
                continue;
            }
            let word = scene.ctx.draws.block(scene.key(who.key()), Purpose::Recognition, list as u32)[0];
            if u64::from(word) < threshold(watch.verification_share.as_f64()) {
                return Some(self.held_from(scene, who, (category, from)));
            }
        }
        None
    }

    pub(super) fn book(
        &mut self,
        scene: Scene<'_, '_>,
        (who, spells): (Who, &[Spell]),
        (found, claims): (&watch::Found, &[Claim]),
        book: &mut YearBook,
    ) {
        book.turn_to(self.id_of(scene, who), scene.weight(who));
        self.serial += 1;
        let mut assisted = 0;
        let people = scene.lane.people_row(scene.year, spells);
        for paid in &self.payments.list {
            let claim = paid.claim.map(|claim| &claims[claim]);
            let occasion = Occasion::of_claim(claim, scene.december(), people);
            book.pays_on(PaidOn::of_settlement(self.serial, (paid.rule, paid.claim.zip(claim))));
            scene.lane.book_payment(scene.year, paid.rule, (paid.amount, occasion), book);
            book.touch(paid.rule, self.serial);
            assisted += i64::from(paid.layer >= Layer::Assistance);
        }
        for &(rule, amount) in &self.payments.adjusted {
            book.count_rule(usize::from(rule.0), RuleMeasure::Fen, amount.0);
            book.touch(rule, self.serial);
        }
        book.gets(Got::SelfPay, self_pay(&self.work).0);
        self.count(scene, (who, people), (assisted, found), book);
        if self.payments.wanted > Fen::ZERO {
            book.add(Fact::Residual(BurdenMeasure::InScopeFen), self.payments.wanted.0);
            book.add(Fact::Residual(BurdenMeasure::SelfPayFen), self.payments.unmet.0);
            let is_unmet = self.payments.unmet > Fen::ZERO;
            book.add(Fact::Residual(BurdenMeasure::Persons), i64::from(is_unmet));
        }
        if scene.lane.schedule(scene.year).indicators.is_empty() {
            return;
        }
        let person = self.person(scene, who, spells);
        watch::indicators(scene, (&self.work, claims), (&person, self.serial), book);
    }

    /// Counts a person with so many payments of assistance, and enters the lists.
    pub(super) fn count(
        &mut self,
        scene: Scene<'_, '_>,
        (who, people): (Who, usize),
        (assisted, found): (i64, &watch::Found),
        book: &mut YearBook,
    ) {
        self.counted_in = people;
        book.count_assisted(people, [assisted, i64::from(assisted > 0), i64::from(who.stays() > 0)]);
        book.count_people(people, PeopleMeasure::WatchListed, i64::from(!found.is_empty()));
        for (list, month) in found.iter() {
            book.add(Fact::Listed { list, month: usize::from(month.of_year()) - 1 }, 1);
            book.touch(scene.lane.schedule(scene.year).watches[list].rule, self.serial);
        }
    }

    /// The identity that a person gained from a list.
    #[inline]
    pub(super) fn gained(&self, who: Who) -> Option<Spell> {
        match who {
            Who::Holder { row, .. } => self.knows_of(row),
            Who::Ordinary { .. } | Who::Recruit { .. } => None,
        }
    }

    /// Gives a person the identity that verification confirmed.
    pub(super) fn recognise(
        &mut self,
        scene: Scene<'_, '_>,
        (who, spell): (Who, Spell),
        book: &mut YearBook,
    ) {
        book.turn_to(self.id_of(scene, who), scene.weight(who));
        book.count_people(usize::from(spell.category.0), PeopleMeasure::Recognised, 1);
        self.acquire(scene, who, spell);
    }

    /// Notes the identity that a person gained in this year; who gained one before keeps that one.
    pub(super) fn acquire(&mut self, scene: Scene<'_, '_>, who: Who, spell: Spell) {
        match who {
            Who::Holder { row, .. } if self.acquired[row].is_none() => {
                self.acquired[row] = Some((spell, scene.ctx.year));
                self.acquired_rows.push(row);
                self.has_gained[row] = true;
            }
            Who::Ordinary { age, sex, .. } => {
                let about = (age, sex, who.is_rural(scene));
                self.recruit(super::recruit::Recruit::new(who.key(), about, spell, scene.ctx.year));
            }
            Who::Holder { .. } | Who::Recruit { .. } => {}
        }
    }

    /// Makes room for the next year.
    pub fn end_year(&mut self) {
        self.self_pay.fill(Fen::ZERO);
        self.may_apply.clear();
        self.kept.clear();
        self.needs.clear();
    }
}

/// Counts a person with the gained identity instead of without it.
fn recount(scene: Scene<'_, '_>, row: usize, gained: Option<Spell>, book: &mut YearBook) {
    let columns = &scene.county.columns[scene.year];
    if !columns.is_present(row) {
        return;
    }
    let population = scene.county.population;
    let without = population.spells_of(row);
    let with: Vec<Spell> = without.iter().copied().chain(gained).collect();
    book.turn_to(PersonId::Holder(row as u32), scene.weights.of(row));
    recount_months(scene, row, (without, &with), book);
    if columns.is_enrolled(row) {
        for (spells, sign) in [(without, -1), (&with[..], 1)] {
            let person = columns.person(population, row, spells);
            scene.lane.count_contribution_of(scene.year, (&person, Whose::row(row)), sign, book);
        }
    }
}

/// Counts the months of a person of the population under other identities than before.
pub(super) fn recount_months(
    scene: Scene<'_, '_>,
    row: usize,
    (before, now): (&[Spell], &[Spell]),
    book: &mut YearBook,
) {
    if let Some(months) = scene.county.columns[scene.year].months(row) {
        scene.lane.count_months(scene.year, (before, months), -1, book);
        scene.lane.count_months(scene.year, (now, months), 1, book);
    }
}

/// An ordinary resident: on resident insurance, without traits.
pub(super) const fn ordinary_person(age: u8, sex: Sex, spells: &[Spell]) -> Person<'_> {
    Person { age, sex: Some(sex), insurance: Insurance::Resident, traits: 0, spells, recognised: None }
}
