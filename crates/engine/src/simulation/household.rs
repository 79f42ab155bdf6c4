//! Assistance on application: households whose medical self-pay of a year is large against their income.
//!
//! A household that is approved is recognised some months after the bill with which its self-pay of the year passed
//! the line, once a year at most. A recognition that falls into the next year counts the bills of its twelve months,
//! this year's among them; what an earlier recognition counted is not counted again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::application::Applicant;
use super::book::YearBook;
use super::lane::HouseholdTest;
use super::person::LaneState;
use super::scene::{Scene, Who};
use super::settled::{SettledClaims, by_month, earlier_claims};
use crate::illness::Ill;
use crate::policy::claim::{Claim, Person, Spell};
use crate::policy::settle::{self, Case, EarlierClaim, Work};
use crate::population::{Households, Population};
use crate::rng::{Purpose, threshold, uniform};
use crate::units::{Fen, Month};

/// Keys of households lie apart from those of persons.
const HOUSEHOLD_KEY: u32 = 3 << 30;
/// Keys of ordinary residents who applied by the bills of last year lie apart from those of this year.
pub(super) const OF_LAST_YEAR: u32 = 1 << 29;
/// Index of the draws of approval, above those of the watch lists.
pub(super) const APPROVAL: u32 = 64;

/// An application that is recognised in the next year.
#[derive(Debug, Clone)]
pub struct Pending {
    pub(super) who: Who,
    pub(super) month: Month,
    /// The identity that a list gave an ordinary resident in the year of the bills.
    pub(super) gained: Option<Spell>,
    pub(super) earlier: Vec<EarlierClaim>,
}

/// The applicant as known in the next year, in which the key of an ordinary resident belongs to somebody else.
const fn of_last_year(who: Who) -> Who {
    match who {
        Who::Ordinary { key, age, sex } => Who::Ordinary { key: key | OF_LAST_YEAR, age, sex },
        other => other,
    }
}

/// The settled claims of a member of a household that may apply.
#[derive(Debug, Clone)]
pub struct Kept {
    row: u32,
    /// Lanes that settle the person alike hold the same ones.
    settled: Option<Arc<SettledClaims>>,
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
pub(super) fn self_pay(work: &Work) -> Fen {
    work.self_pay - work.year_end
}

/// What the patient pays of each claim before the year's end, by the month of the bill.
pub(super) fn bills(work: &Work, claims: &[Claim]) -> BTreeMap<Month, Fen> {
    let self_pay = work.settled.iter().map(|claim| claim.patient_in_scope + claim.patient_out_of_scope);
    by_month(claims, self_pay)
}

/// The month of the bill with which the self-pay passes the line; the last one where rounding hides it.
pub(super) fn passes(bills: &BTreeMap<Month, Fen>, line_yuan: f64) -> Month {
    let mut sum = Fen::ZERO;
    let passed = bills.iter().find(|(_, self_pay)| {
        sum += **self_pay;
        sum.yuan() > line_yuan
    });
    passed.or(bills.last_key_value()).map_or(Month::FIRST, |(month, _)| *month)
}

impl LaneState {
    /// Keeps what households, applications and second assistance will ask for at the year's end.
    pub(super) fn remember(
        &mut self,
        scene: Scene<'_, '_>,
        (who, spells, gained): (Who, &[Spell], Option<Spell>),
        claims: &[Claim],
        book: &mut YearBook,
    ) {
        if !scene.lane.schedule(scene.year).second_assistance.is_empty() {
            self.remember_need(scene, (who, spells));
        }
        if !scene.lane.has_applications(scene.year) {
            return;
        }
        match who {
            Who::Holder { row, .. } => {
                self.note_bills(scene, (row, Fen::ZERO), self_pay(&self.work));
            }
            Who::Ordinary { .. } => self.ordinary_household(scene, (who, gained), claims, book),
            // A recruit's household is not known: its test was passed when the list was verified.
            Who::Recruit { .. } => {}
        }
    }

    /// Notes a member's self-pay of the year; whether the household may apply, because it is no less than `line`.
    #[inline]
    pub(super) fn note_bills(
        &mut self,
        scene: Scene<'_, '_>,
        (row, line): (usize, Fen),
        self_pay: Fen,
    ) -> bool {
        self.self_pay[row] = self_pay;
        let may_apply = self_pay >= line;
        if may_apply {
            self.may_apply.push(scene.county.population.household[row]);
        }
        may_apply
    }

    /// An ordinary resident's household is tested at once, since nobody else of it is drawn. An identity that a list
    /// gave in the same year counts for the application as for the claims.
    fn ordinary_household(
        &mut self,
        scene: Scene<'_, '_>,
        (who, gained): (Who, Option<Spell>),
        claims: &[Claim],
        book: &mut YearBook,
    ) {
        let Some(line) = ordinary_applies(scene, who, self_pay(&self.work)) else { return };
        let month = scene.recognition_after(passes(&bills(&self.work, claims), line));
        if month <= scene.december() {
            let assisted = self.is_assisted();
            self.settle(scene, who, (gained.as_slice(), claims, Some(month), &[]));
            self.book_application(scene, Applicant { who, month, assisted, gained }, book);
        } else {
            let earlier = earlier_claims(&self.work, (scene.ctx.year, claims)).collect();
            self.pending.push(Pending { who: of_last_year(who), month, gained, earlier });
        }
    }

    /// The application of an ordinary resident whose claims were settled in a tile.
    pub(super) fn application_of_settled(
        &mut self,
        scene: Scene<'_, '_>,
        (who, gained, line_yuan): (Who, Option<Spell>, f64),
        settled: &SettledClaims,
        book: &mut YearBook,
    ) {
        let month = scene.recognition_after(passes(&settled.bills(), line_yuan));
        if month > scene.december() {
            let (who, earlier) = (of_last_year(who), settled.earlier().collect());
            self.pending.push(Pending { who, month, gained, earlier });
        } else {
            self.apply_to_settled(scene, (who, month), (settled, &[]), gained.as_slice());
            self.book_application(scene, Applicant { who, month, assisted: settled.assisted, gained }, book);
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
        let rules = scene.rules_of(who);
        settle::apply_alone(rules, &case, &settled.left, (&mut self.work, &mut self.payments));
    }

    /// Keeps the claims of a person, settled in a tile, for the application of the household, where it would be
    /// approved.
    ///
    /// An application that shares a pool needs its running sums: there the claims are settled again.
    pub(super) fn keep(&mut self, scene: Scene<'_, '_>, row: usize, settled: impl FnOnce() -> SettledClaims) {
        if scene.lane.shares_pools_on_application(scene.year) {
            return;
        }
        if scene.would_be_approved(scene.county.population.household[row]) {
            self.kept.push(Kept { row: row as u32, settled: Some(Arc::new(settled())) });
        }
    }

    /// Takes the claims kept of a person.
    fn take_kept(&mut self, who: Who) -> Option<Arc<SettledClaims>> {
        let Who::Holder { row, .. } = who else { return None };
        let at = self.kept.binary_search_by_key(&(row as u32), |kept| kept.row).ok()?;
        self.kept[at].settled.take()
    }

    /// Applications of the year: those pending from the year before, then the households of this year.
    pub fn applications(&mut self, scenes: Scenes<'_, '_>, book: &mut YearBook) {
        let Scenes { scene, ill, .. } = scenes;
        if !scene.lane.has_applications(scene.year) {
            return;
        }
        // Persons were settled apart by the number for whom each stands.
        self.kept.sort_unstable_by_key(|kept| kept.row);
        let together = scene.lane.counts_households(scene.year);
        let all = std::mem::take(&mut self.pending).into_iter();
        let (due, later): (Vec<_>, _) = all.partition(|pending| pending.month.year() == scene.ctx.year);
        self.pending = later;
        if together {
            self.pending_together(scene, (due, ill), book);
        } else {
            due.iter().for_each(|pending| self.pending_application(scene, pending, ill, book));
        }
        let mut households = std::mem::take(&mut self.may_apply);
        households.sort_unstable();
        households.dedup();
        for &household in &households {
            match self.approved(scene, household) {
                Some(line) if together => self.household_applies_together(scenes, (household, line), book),
                Some(line) => self.household_applies(scenes, (household, line), book),
                None => {}
            }
        }
        self.may_apply = households;
    }

    /// The line in yuan of a household that passes it and is approved, unless it was recognised in this year already.
    fn approved(&self, scene: Scene<'_, '_>, household: u32) -> Option<f64> {
        let members = scene.county.members(household).iter().map(|&row| row as usize);
        let self_pay: Fen = members.map(|row| self.self_pay[row]).sum();
        let homes = &scene.county.population.households;
        let line = scene.lane.test.line_yuan(homes, household, scene.county.income_growth[scene.year]);
        let again = self.recognised[household as usize] >= Month::new(scene.ctx.year, 1);
        (self_pay.yuan() > line && !again && scene.would_be_approved(household)).then_some(line)
    }

    /// Every member with bills of the year is assisted as recognised: by the claims that were kept, or settled again.
    fn household_applies(
        &mut self,
        scenes: Scenes<'_, '_>,
        (household, line_yuan): (u32, f64),
        book: &mut YearBook,
    ) {
        let Scenes { scene, ill, last } = scenes;
        let month = scene.recognition_after(self.passing(scene, (household, line_yuan), ill));
        let before = self.recognised[household as usize];
        self.recognised[household as usize] = month;
        for &row in scene.county.members(household) {
            let who = Who::Holder { row: row as usize, stays: 0 };
            let kept = self.take_kept(who);
            if month > scene.december() {
                let earlier = match kept {
                    Some(settled) => settled.earlier().collect(),
                    None => self.left_over(scene, who, ill),
                };
                if !earlier.is_empty() {
                    self.pending.push(Pending { who, month, gained: None, earlier });
                }
                continue;
            }
            let mut earlier = last.map_or_else(Vec::new, |(scene, ill)| self.left_over(scene, who, ill));
            earlier.retain(|claim| claim.admitted > before);
            match kept {
                Some(settled) => self.settled_recognised(scene, (who, month), (&settled, &earlier), book),
                None => self.settle_recognised(scene, (who, month), (&earlier, ill), book),
            }
        }
    }

    /// The month of the bill with which a household passes its line.
    fn passing(&mut self, scene: Scene<'_, '_>, (household, line_yuan): (u32, f64), ill: &[Ill]) -> Month {
        let mut all: BTreeMap<Month, Fen> = BTreeMap::new();
        for &row in scene.county.members(household) {
            let kept = self.kept.binary_search_by_key(&row, |kept| kept.row).ok();
            let own = match kept.and_then(|at| self.kept[at].settled.as_ref()) {
                Some(settled) => settled.bills(),
                None => self.bills_again(scene, Who::Holder { row: row as usize, stays: 0 }, ill),
            };
            for (month, self_pay) in own {
                *all.entry(month).or_default() += self_pay;
            }
        }
        passes(&all, line_yuan)
    }

    /// A person's bills of the year by month, from claims that are drawn and settled again.
    fn bills_again(&mut self, scene: Scene<'_, '_>, who: Who, ill: &[Ill]) -> BTreeMap<Month, Fen> {
        let claims = self.claims_again(scene, who, ill);
        if claims.is_empty() {
            // A member who is not there in the year, too.
            return BTreeMap::new();
        }
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        self.settle(scene, who, (&spells, &claims, None, &[]));
        bills(&self.work, &claims)
    }

    pub(super) fn pending_application(
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
                let Pending { who, month, gained, ref earlier } = *pending;
                self.settle(scene, who, (gained.as_slice(), &[], Some(month), earlier));
                let applicant = Applicant { who, month, assisted: false, gained };
                self.book_application(scene, applicant, book);
            }
        }
    }

    /// The claims of an identity holder's year, drawn again, with what stays over New Year add and take.
    pub(super) fn claims_again(&self, scene: Scene<'_, '_>, who: Who, ill: &[Ill]) -> Vec<Claim> {
        let drawn = scene.drawn_again(who, ill);
        self.claims_of_year(scene, who, &drawn).unwrap_or(drawn)
    }

    /// What a person's claims of a year left to the person: they are drawn and settled again, the same ones,
    /// because few are ever asked for.
    fn left_over(&mut self, scene: Scene<'_, '_>, who: Who, ill: &[Ill]) -> Vec<EarlierClaim> {
        let claims = self.claims_again(scene, who, ill);
        if claims.is_empty() {
            return Vec::new();
        }
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        self.settle(scene, who, (&spells, &claims, None, &[]));
        earlier_claims(&self.work, (scene.ctx.year, &claims)).collect()
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
        self.book_application(
            scene,
            Applicant { who, month, assisted: settled.assisted, gained: None },
            book,
        );
    }

    /// Settles a person's year again with the month of recognition; the claims are drawn again, the same ones.
    fn settle_recognised(
        &mut self,
        scene: Scene<'_, '_>,
        (who, month): (Who, Month),
        (earlier, ill): (&[EarlierClaim], &[Ill]),
        book: &mut YearBook,
    ) {
        let claims = self.claims_again(scene, who, ill);
        if claims.is_empty() && earlier.is_empty() {
            return;
        }
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        self.settle(scene, who, (&spells, &claims, Some(month), earlier));
        let assisted = self.is_assisted();
        self.book_application(scene, Applicant { who, month, assisted, gained: None }, book);
    }
}

impl Scene<'_, '_> {
    /// The month of recognition of who passes the line in a month.
    ///
    /// Where applications count the year before, they are made in the next one.
    pub(super) fn recognition_after(&self, passed: Month) -> Month {
        let month = Month(passed.0 + self.lane.test.delay_months);
        if self.lane.applies_for_year_before(self.year) {
            Month::new(self.ctx.year + 1, 1).max(month)
        } else {
            month
        }
    }

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

/// The line in yuan that an ordinary resident's household passes with this self-pay, where it is approved.
pub(super) fn ordinary_applies(scene: Scene<'_, '_>, who: Who, self_pay: Fen) -> Option<f64> {
    let test = &scene.lane.test;
    let words = scene.ctx.draws.block(scene.key(who.key()), Purpose::Recognition, APPROVAL);
    if u64::from(words[0]) >= threshold(test.approval_share) {
        return None;
    }
    let income = scene.county.ordinary.household_income(scene.year, [words[1], words[2]]);
    let line = test.self_pay_share_of_income * income;
    (self_pay.yuan() > line).then_some(line)
}

/// Draws an ordinary household's income of a year in yuan: members times a lognormal income per head.
pub(super) fn income(mean_per_head: f64, sigma: f64, mean_size: f64, [size, head]: [u32; 2]) -> f64 {
    let whole = mean_size.floor();
    let members = whole + f64::from(u8::from(uniform(size) < mean_size - whole));
    let normal = crate::illness::math::normal_quantile(uniform(head));
    members.max(1.0) * mean_per_head * libm::exp(sigma * normal - 0.5 * sigma * sigma)
}
