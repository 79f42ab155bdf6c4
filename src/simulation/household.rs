//! Assistance on application: households whose medical self-pay of a year is large against their income.
//!
//! The household is tested at the year's end. Who is approved is recognised some months after the last bill; a
//! recognition that falls into the next year counts the bills of its twelve months, this year's among them.

use super::book::YearBook;
use super::lane::HouseholdTest;
use super::person::{LaneState, Scene, Who, earlier_claims};
use crate::illness::Ill;
use crate::policy::claim::{Claim, Person, Spell};
use crate::policy::schedule::Setting;
use crate::policy::settle::{self, Case, EarlierClaim, Layer, Work};
use crate::population::{Households, Population};
use crate::rng::{Purpose, threshold, uniform};
use crate::units::{Fen, Month};

/// Keys of households lie apart from those of persons.
const HOUSEHOLD_KEY: u32 = 3 << 30;
/// Index of the draws of approval, above those of the watch lists.
pub(super) const APPROVAL: u32 = 64;

/// An application that is recognised in the next year.
#[derive(Debug, Clone)]
pub struct Pending {
    who: Who,
    month: Month,
    earlier: Vec<EarlierClaim>,
}

/// A person's settled claims, by day, and what each of them left to the person in scope.
#[derive(Debug, Clone, Default)]
pub struct SettledClaims {
    /// Kind, setting and months.
    pub claims: Vec<Claim>,
    /// What each left.
    pub left: Vec<Fen>,
}

impl SettledClaims {
    /// The claims as a later application sees them.
    fn earlier(&self) -> impl Iterator<Item = EarlierClaim> + '_ {
        let some = self.claims.iter().zip(&self.left).filter(|(_, left)| **left > Fen::ZERO);
        some.map(|(claim, &self_pay)| EarlierClaim {
            admitted: claim.admitted.month,
            kind: claim.kind,
            setting: Setting::of(claim),
            self_pay,
        })
    }
}

/// The settled claims of a member of a household that may apply.
#[derive(Debug)]
pub struct Kept {
    row: u32,
    settled: Option<SettledClaims>,
}

/// A year and the one before it, with who fell ill in each.
#[derive(Debug, Clone, Copy)]
pub struct Scenes<'s, 'c> {
    /// This year.
    pub scene: Scene<'s, 'c>,
    /// Who fell ill this year, in the order of rows.
    pub ill: &'s [Ill],
    /// The year before and who fell ill in it; none in the first year.
    pub last: Option<(Scene<'s, 'c>, &'s [Ill])>,
}

/// The whole self-pay of a settled year: in scope and outside it, after everything that was paid.
fn self_pay(work: &Work) -> Fen {
    work.self_pay - work.year_end
}

fn last_bill(claims: &[Claim]) -> Month {
    claims.iter().map(|claim| claim.discharged).max().unwrap_or(Month::FIRST)
}

impl LaneState {
    /// Keeps what households, applications and second assistance will ask for at the year's end.
    pub(super) fn remember(
        &mut self,
        scene: Scene<'_, '_>,
        (who, spells): (Who, &[Spell]),
        claims: &[Claim],
        book: &mut YearBook,
    ) {
        if !scene.lane.schedule(scene.year).second_assistance.is_empty() {
            self.remember_need(scene, spells);
        }
        if !scene.lane.has_applications(scene.year) {
            return;
        }
        match who {
            Who::Holder { row, .. } => {
                let bills = (self_pay(&self.work), last_bill(claims));
                self.note_bills(scene, (row, Fen::ZERO), bills);
            }
            Who::Ordinary { .. } => self.ordinary_household(scene, who, claims, book),
            // A recruit's household is not known: its test was passed when the list was verified.
            Who::Recruit { .. } => {}
        }
    }

    /// Notes a member's self-pay of the year and the month of the last bill; whether the household may apply, because
    /// it is no less than `line`.
    #[inline]
    pub(super) fn note_bills(
        &mut self,
        scene: Scene<'_, '_>,
        (row, line): (usize, Fen),
        (self_pay, last): (Fen, Month),
    ) -> bool {
        (self.self_pay[row], self.last_bill[row]) = (self_pay, last);
        let may_apply = self_pay >= line;
        if may_apply {
            self.may_apply.push(scene.county.population.household[row]);
        }
        may_apply
    }

    /// An ordinary resident's household is tested at once, since nobody else of it is drawn.
    fn ordinary_household(&mut self, scene: Scene<'_, '_>, who: Who, claims: &[Claim], book: &mut YearBook) {
        if !ordinary_applies(scene, who, self_pay(&self.work)) {
            return;
        }
        let month = Month(last_bill(claims).0 + scene.lane.test.delay_months);
        if month <= scene.december() {
            self.settle(scene, who, (&[], claims, Some(month), &[]));
            self.book_application(scene, scene.lane.policy.names.categories.len(), book);
        } else {
            let earlier = earlier_claims(&self.work, claims).collect();
            self.pending.push(Pending { who, month, earlier });
        }
    }

    /// The application of an ordinary resident whose claims were settled in a tile.
    pub(super) fn application_of_settled(
        &mut self,
        scene: Scene<'_, '_>,
        who: Who,
        settled: &SettledClaims,
        book: &mut YearBook,
    ) {
        let month = Month(last_bill(&settled.claims).0 + scene.lane.test.delay_months);
        if month > scene.december() {
            self.pending.push(Pending { who, month, earlier: settled.earlier().collect() });
        } else {
            self.apply_to_settled(scene, (who, month), (settled, &[]), &[]);
            self.book_application(scene, scene.lane.policy.names.categories.len(), book);
        }
    }

    /// What an application pays on claims that are settled already.
    fn apply_to_settled(
        &mut self,
        scene: Scene<'_, '_>,
        (who, month): (Who, Month),
        (settled, earlier): (&SettledClaims, &[EarlierClaim]),
        spells: &[Spell],
    ) {
        self.payments.clear();
        let person = Person { recognised: Some(month), ..self.person(scene, who, spells) };
        let case = Case { person, claims: &settled.claims, earlier };
        let rules = &scene.lane.rules[scene.year];
        settle::apply_alone(rules, &case, &settled.left, (&mut self.work, &mut self.payments));
    }

    /// Keeps the claims of a person, settled in a tile, for the application of the household, where it would be
    /// approved.
    pub(super) fn keep(&mut self, scene: Scene<'_, '_>, row: usize, settled: impl FnOnce() -> SettledClaims) {
        if scene.would_be_approved(scene.county.population.household[row]) {
            debug_assert!(self.kept.last().is_none_or(|last| last.row < row as u32), "rows rise");
            self.kept.push(Kept { row: row as u32, settled: Some(settled()) });
        }
    }

    /// Takes the claims kept of a person.
    fn take_kept(&mut self, who: Who) -> Option<SettledClaims> {
        let Who::Holder { row, .. } = who else { return None };
        // Rows rise.
        let at = self.kept.binary_search_by_key(&(row as u32), |kept| kept.row).ok()?;
        self.kept[at].settled.take()
    }

    /// Books only what an application paid: the rest of the year was booked before.
    fn book_application(&mut self, scene: Scene<'_, '_>, people: usize, book: &mut YearBook) {
        self.serial += 1;
        book.people[people].recognised += 1;
        let paid: Vec<_> =
            self.payments.list.iter().filter(|(_, layer, _)| *layer == Layer::Application).copied().collect();
        for (rule, _, amount) in paid {
            scene.lane.book_rule(scene.year, rule, amount, book);
            book.touch(rule, self.serial);
            book.people[people].assisted_cases += 1;
        }
    }

    /// Applications of the year: those pending from the year before, then the households of this year.
    pub fn applications(&mut self, scenes: Scenes<'_, '_>, book: &mut YearBook) {
        let Scenes { scene, ill, .. } = scenes;
        if !scene.lane.has_applications(scene.year) {
            return;
        }
        for pending in std::mem::take(&mut self.pending) {
            if pending.month.year() == scene.ctx.year {
                self.pending_application(scene, &pending, ill, book);
            } else {
                self.pending.push(pending);
            }
        }
        let mut households = std::mem::take(&mut self.may_apply);
        households.sort_unstable();
        households.dedup();
        for &household in &households {
            if let Some(month) = self.approved(scene, household) {
                self.household_applies(scenes, (household, month), book);
            }
        }
        self.may_apply = households;
    }

    /// The month of recognition of a household that passes the test and is approved.
    fn approved(&self, scene: Scene<'_, '_>, household: u32) -> Option<Month> {
        let members = scene.county.members(household).iter().map(|&row| row as usize);
        let self_pay: Fen = members.clone().map(|row| self.self_pay[row]).sum();
        let homes = &scene.county.population.households;
        let test = &scene.lane.test;
        if self_pay.yuan() <= test.line_yuan(homes, household, scene.county.income_growth[scene.year]) {
            return None;
        }
        let last = members.map(|row| self.last_bill[row]).max().unwrap_or(Month::FIRST);
        scene.would_be_approved(household).then_some(Month(last.0 + test.delay_months))
    }

    /// Every member with bills of the year is assisted as recognised: by the claims that were kept, or settled again.
    fn household_applies(
        &mut self,
        scenes: Scenes<'_, '_>,
        (household, month): (u32, Month),
        book: &mut YearBook,
    ) {
        let Scenes { scene, ill, last } = scenes;
        let members = scene.county.members(household);
        for &row in members {
            if self
                .pending
                .iter()
                .any(|other| matches!(other.who, Who::Holder { row: same, .. } if same == row as usize))
            {
                continue;
            }
            let who = Who::Holder { row: row as usize, stays: 0 };
            let kept = self.take_kept(who);
            if month <= scene.december() {
                let earlier = last.map_or_else(Vec::new, |(scene, ill)| self.left_over(scene, who, ill));
                match kept {
                    Some(settled) => {
                        self.settled_recognised(scene, (who, month), (&settled, &earlier), book);
                    }
                    None => self.settle_recognised(scene, (who, month), (&earlier, ill), book),
                }
            } else {
                let earlier = match kept {
                    Some(settled) => settled.earlier().collect(),
                    None => self.left_over(scene, who, ill),
                };
                if !earlier.is_empty() {
                    self.pending.push(Pending { who, month, earlier });
                }
            }
        }
    }

    fn pending_application(
        &mut self,
        scene: Scene<'_, '_>,
        pending: &Pending,
        ill: &[Ill],
        book: &mut YearBook,
    ) {
        match pending.who {
            Who::Holder { .. } => {
                self.settle_recognised(scene, (pending.who, pending.month), (&pending.earlier, ill), book);
            }
            Who::Ordinary { .. } | Who::Recruit { .. } => {
                self.settle(scene, pending.who, (&[], &[], Some(pending.month), &pending.earlier));
                self.book_application(scene, scene.lane.policy.names.categories.len(), book);
            }
        }
    }

    /// What a person's claims of a year left to the person: they are drawn and settled again, the same ones,
    /// because few are ever asked for.
    fn left_over(&mut self, scene: Scene<'_, '_>, who: Who, ill: &[Ill]) -> Vec<EarlierClaim> {
        let claims = claims_again(scene, who, ill);
        if claims.is_empty() {
            return Vec::new();
        }
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        self.settle(scene, who, (&spells, &claims, None, &[]));
        earlier_claims(&self.work, &claims).collect()
    }

    /// Applies for a person whose claims are settled already.
    fn settled_recognised(
        &mut self,
        scene: Scene<'_, '_>,
        (who, month): (Who, Month),
        (settled, earlier): (&SettledClaims, &[EarlierClaim]),
        book: &mut YearBook,
    ) {
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        self.apply_to_settled(scene, (who, month), (settled, earlier), &spells);
        let people = scene.lane.people_row(scene.year, &spells);
        self.book_application(scene, people, book);
    }

    /// Settles a person's year again with the month of recognition; the claims are drawn again, the same ones.
    fn settle_recognised(
        &mut self,
        scene: Scene<'_, '_>,
        (who, month): (Who, Month),
        (earlier, ill): (&[EarlierClaim], &[Ill]),
        book: &mut YearBook,
    ) {
        let claims = claims_again(scene, who, ill);
        if claims.is_empty() && earlier.is_empty() {
            return;
        }
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        self.settle(scene, who, (&spells, &claims, Some(month), earlier));
        let people = scene.lane.people_row(scene.year, &spells);
        self.book_application(scene, people, book);
    }
}

impl Scene<'_, '_> {
    /// Whether the application of a household would be approved.
    fn would_be_approved(&self, household: u32) -> bool {
        let key = self.key(household | HOUSEHOLD_KEY);
        let word = self.ctx.draws.block(key, Purpose::Recognition, APPROVAL)[0];
        u64::from(word) < threshold(self.lane.test.approval_share)
    }
}

impl HouseholdTest {
    /// The self-pay above which a household can apply, in yuan.
    pub(super) fn line_yuan(&self, homes: &Households, household: u32, income_growth: f64) -> f64 {
        let per_head = homes.income_per_year[household as usize].yuan() * income_growth;
        let income = per_head * f64::from(homes.size[household as usize]);
        self.self_pay_share_of_income * income
    }

    /// By row: the self-pay in fen that at least one member of a household that can apply has, rounded down.
    pub(super) fn lines_by_row(&self, population: &Population, income_growth: f64) -> Vec<u32> {
        let mut members = vec![0_u32; population.households.size.len()];
        for &household in &population.household {
            members[household as usize] += 1;
        }
        let line = |&household: &u32| {
            let line = self.line_yuan(&population.households, household, income_growth);
            // A fen less, because yuan are rounded.
            (line * 100.0 / f64::from(members[household as usize]) - 1.0) as u32
        };
        population.household.iter().map(line).collect()
    }
}

/// Whether an ordinary resident's household applies with this self-pay, and is approved.
pub(super) fn ordinary_applies(scene: Scene<'_, '_>, who: Who, self_pay: Fen) -> bool {
    let test = &scene.lane.test;
    let words = scene.ctx.draws.block(scene.key(who.key()), Purpose::Recognition, APPROVAL);
    if u64::from(words[0]) >= threshold(test.approval_share) {
        return false;
    }
    let income = scene.county.ordinary.household_income(scene.year, [words[1], words[2]]);
    self_pay.yuan() > test.self_pay_share_of_income * income
}

/// The claims of an identity holder's year, drawn again.
fn claims_again(scene: Scene<'_, '_>, who: Who, ill: &[Ill]) -> Vec<Claim> {
    let mut claims = Vec::new();
    let Who::Holder { row, .. } = who else { return claims };
    if let Ok(position) = ill.binary_search_by_key(&(row as u32), |ill| ill.row) {
        let persons = scene.county.columns[scene.year].persons();
        scene.county.model.claims(scene.ctx, &persons, &ill[position], &mut claims);
    }
    claims
}

/// Draws an ordinary household's income of a year in yuan: members times a lognormal income per head.
pub(super) fn income(mean_per_head: f64, sigma: f64, mean_size: f64, [size, head]: [u32; 2]) -> f64 {
    let whole = mean_size.floor();
    let members = whole + f64::from(u8::from(uniform(size) < mean_size - whole));
    let normal = crate::illness::math::normal_quantile(uniform(head));
    members.max(1.0) * mean_per_head * libm::exp(sigma * normal - 0.5 * sigma * sigma)
}
