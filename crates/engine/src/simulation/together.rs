//! Households whose members are settled together, because a rule counts the sums of the household: all members who are
//! drawn, plainly and in both engines alike. Ordinary residents and recruits are single persons: nobody else of their
//! household is drawn.

use std::collections::BTreeMap;

use super::application::Applicant;
use super::book::{Payments, YearBook};
use super::household::{Pending, Scenes, bills, passes};
use super::person::LaneState;
use super::replicate::OpenYear;
use super::scene::{Scene, Who};
use super::settled::earlier_claims;
use super::watch;
use crate::illness::Ill;
use crate::policy::claim::{Claim, Person, Spell};
use crate::policy::settle::{self, Case, EarlierClaim, Work};
use crate::units::{Fen, Month};

/// A member of a household on the way through a year.
#[derive(Debug)]
struct Member {
    who: Who,
    spells: Vec<Spell>,
    claims: Vec<Claim>,
    earlier: Vec<EarlierClaim>,
    recognised: Option<Month>,
}

/// Memory of members who are settled together; used again from household to household.
#[derive(Debug, Default)]
pub(super) struct Together {
    works: Vec<Work>,
    payments: Vec<Payments>,
}

/// The year of all identity holders who fell ill, in the lanes whose rules count the sums of households.
pub(super) fn settle_households(open: &mut OpenYear<'_, '_>, states: &mut [LaneState], ill: &[Ill]) {
    let OpenYear { county, lanes, ctx, year, weights, .. } = *open;
    let lanes = lanes.iter().zip(states).zip(open.books.iter_mut());
    for ((lane, state), book) in lanes.filter(|((lane, _), _)| lane.counts_households(year)) {
        state.settle_ill(Scene { county, lane, ctx, year, weights }, ill, book);
    }
}

impl LaneState {
    /// Whoever fell ill, and whoever has a stay that was carried into the year.
    fn settle_ill(&mut self, scene: Scene<'_, '_>, ill: &[Ill], book: &mut YearBook) {
        let household = |row: usize| scene.county.population.household[row];
        let carried = self.carried.holders(scene.year).map(|row| ((household(row), row), 0));
        let mut all: BTreeMap<(u32, usize), u8> = carried.collect();
        all.extend(ill.iter().map(|one| ((household(one.row as usize), one.row as usize), one.stays)));
        let all: Vec<(u32, Who)> = all
            .into_iter()
            .map(|((household, row), stays)| (household, Who::Holder { row, stays }))
            .collect();
        for members in all.chunk_by(|one, other| one.0 == other.0) {
            match members {
                &[(_, alone)] => self.settle_year(scene, (alone, &scene.drawn_again(alone, ill)), book),
                several => {
                    let members = several.iter().map(|&(_, who)| self.own_year(scene, who, ill)).collect();
                    self.settle_members(scene, members, book);
                }
            }
        }
    }

    /// A member with the claims that belong to the year; what belongs to the next one is carried into it.
    fn own_year(&mut self, scene: Scene<'_, '_>, who: Who, ill: &[Ill]) -> Member {
        let drawn = scene.drawn_again(who, ill);
        let moved = self.take_year(scene, who, &drawn);
        self.member(scene, who, moved.unwrap_or(drawn))
    }

    fn member(&self, scene: Scene<'_, '_>, who: Who, claims: Vec<Claim>) -> Member {
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        Member { who, spells, claims, earlier: Vec::new(), recognised: None }
    }

    /// The members of a household who have bills of the year, or earlier ones that are given by row.
    fn members(
        &self,
        scene: Scene<'_, '_>,
        (household, ill): (u32, &[Ill]),
        mut earlier: BTreeMap<usize, Vec<EarlierClaim>>,
    ) -> Vec<Member> {
        let with_bills = |row: usize| {
            let own = earlier.remove(&row).unwrap_or_default();
            let who = Who::Holder { row, stays: 0 };
            let member = self.member(scene, who, self.claims_again(scene, who, ill));
            let has_bills = !member.claims.is_empty() || !own.is_empty();
            has_bills.then_some(Member { earlier: own, ..member })
        };
        scene.county.members(household).iter().map(|&row| row as usize).filter_map(with_bills).collect()
    }

    /// What the claims of members who were settled together left to them, by row.
    fn left_together(&self, scene: Scene<'_, '_>, members: &[Member]) -> BTreeMap<usize, Vec<EarlierClaim>> {
        let left = |(one, work): (&Member, &Work)| {
            let Who::Holder { row, .. } = one.who else { return None };
            Some((row, earlier_claims(work, (scene.ctx.year, &one.claims)).collect()))
        };
        members.iter().zip(&self.together.works).filter_map(left).collect()
    }

    /// Settles members together; payments and settled claims stay until the next call.
    fn settle_together(&mut self, scene: Scene<'_, '_>, members: &[Member]) {
        let mut together = std::mem::take(&mut self.together);
        let n_pools = scene.lane.policy.names.pools.len();
        while together.works.len() < members.len() {
            together.works.push(Work::new(n_pools));
            together.payments.push(Payments::default());
        }
        let Together { works, payments } = &mut together;
        let (works, payments) = (&mut works[..members.len()], &mut payments[..members.len()]);
        payments.iter_mut().for_each(Payments::clear);
        let cases: Vec<Case<'_>> = members
            .iter()
            .map(|one| {
                let person = self.person(scene, one.who, &one.spells);
                let person = Person { recognised: one.recognised, ..person };
                Case { person, claims: &one.claims, earlier: &one.earlier }
            })
            .collect();
        // All are of one household, and somebody is.
        let rules = members.first().map_or(&scene.lane.rules[scene.year], |one| scene.rules_of(one.who));
        settle::settle_household(rules, &cases, works, payments);
        let found = works.iter().find_map(|work| work.imbalance);
        self.work.imbalance = self.work.imbalance.or(found);
        self.together = together;
    }

    /// Does something with the settled year of one member, as with that of a person settled alone.
    fn as_settled_alone(&mut self, member: usize, with: impl FnOnce(&mut Self)) {
        self.swap_with(member);
        with(self);
        self.swap_with(member);
    }

    fn swap_with(&mut self, member: usize) {
        std::mem::swap(&mut self.work, &mut self.together.works[member]);
        std::mem::swap(&mut self.payments, &mut self.together.payments[member]);
    }

    /// Settles the year of several members who fell ill, with the identities that verification of the lists gives, and
    /// books it.
    fn settle_members(&mut self, scene: Scene<'_, '_>, mut members: Vec<Member>, book: &mut YearBook) {
        self.settle_together(scene, &members);
        let mut listed = Vec::new();
        for (one, work) in members.iter().zip(&self.together.works) {
            let found = watch::look(scene, (work, &one.claims), (&one.spells, one.who));
            listed.push((found, self.verified(scene, (one.who, &found), &one.spells)));
        }
        let mut again = false;
        for (one, (_, gained)) in members.iter_mut().zip(&listed) {
            if let Some(spell) =
                gained.filter(|spell| one.claims.iter().any(|of| of.discharged.month >= spell.from))
            {
                one.spells.push(spell);
                again = true;
            }
        }
        if again {
            self.settle_together(scene, &members);
        }
        for (number, (one, (found, gained))) in members.iter().zip(listed).enumerate() {
            self.as_settled_alone(number, |this| {
                this.book(scene, (one.who, &one.spells), (&found, &one.claims), book);
                this.remember(scene, (one.who, &one.spells, gained), &one.claims, book);
            });
            if let Some(spell) = gained {
                self.recognise(scene, (one.who, spell), book);
            }
        }
    }

    /// Applies for a household: the claims of all members are settled together, as recognised.
    pub(super) fn household_applies_together(
        &mut self,
        scenes: Scenes<'_, '_>,
        (household, line_yuan): (u32, f64),
        book: &mut YearBook,
    ) {
        let Scenes { scene, ill, last } = scenes;
        let members = self.members(scene, (household, ill), BTreeMap::new());
        self.settle_together(scene, &members);
        let mut all: BTreeMap<Month, Fen> = BTreeMap::new();
        for (one, work) in members.iter().zip(&self.together.works) {
            for (month, self_pay) in bills(work, &one.claims) {
                *all.entry(month).or_default() += self_pay;
            }
        }
        let month = scene.recognition_after(passes(&all, line_yuan));
        let before = std::mem::replace(&mut self.recognised[household as usize], month);
        if month > scene.december() {
            for (row, earlier) in self.left_together(scene, &members) {
                if !earlier.is_empty() {
                    let who = Who::Holder { row, stays: 0 };
                    self.pending.push(Pending { who, month, gained: None, earlier });
                }
            }
            return;
        }
        let mut earlier = BTreeMap::new();
        if let Some((last, ill)) = last {
            let members = self.members(last, (household, ill), BTreeMap::new());
            self.settle_together(last, &members);
            earlier = self.left_together(last, &members);
        }
        earlier.values_mut().for_each(|own| own.retain(|claim| claim.admitted > before));
        let members = self.members(scene, (household, ill), earlier);
        self.recognised_together(scene, (members, month), book);
    }

    /// Applications that were made by the bills of the year before, household by household.
    pub(super) fn pending_together(
        &mut self,
        scene: Scene<'_, '_>,
        (due, ill): (Vec<Pending>, &[Ill]),
        book: &mut YearBook,
    ) {
        let mut by_household: BTreeMap<(u32, Month), BTreeMap<usize, Vec<EarlierClaim>>> = BTreeMap::new();
        for pending in due {
            match pending.who {
                Who::Holder { row, .. } => {
                    let key = (scene.county.population.household[row], pending.month);
                    by_household.entry(key).or_default().insert(row, pending.earlier);
                }
                Who::Ordinary { .. } | Who::Recruit { .. } => {
                    self.pending_application(scene, &pending, ill, book);
                }
            }
        }
        for ((household, month), earlier) in by_household {
            let members = self.members(scene, (household, ill), earlier);
            self.recognised_together(scene, (members, month), book);
        }
    }

    /// Settles the members of a household as recognised in a month, and books what the application adds.
    fn recognised_together(
        &mut self,
        scene: Scene<'_, '_>,
        (mut members, month): (Vec<Member>, Month),
        book: &mut YearBook,
    ) {
        members.iter_mut().for_each(|one| one.recognised = Some(month));
        self.settle_together(scene, &members);
        for (number, one) in members.iter().enumerate() {
            self.as_settled_alone(number, |this| {
                let assisted = this.is_assisted();
                let applicant = Applicant { who: one.who, month, assisted, gained: None };
                this.book_application(scene, applicant, book);
            });
        }
    }
}
