//! The settlement of one person's year: who pays what, step by step, to the fen.
//!
//! This is the plain implementation of the rules, which the [tiles](super::tile) must equal. Typed-in cases, tables of
//! claims, explanations and the plain reference come through [`settle_year`]; they differ in the [`Ledger`] that listens.

mod household;
mod passed;
pub(super) mod steps;

pub use household::settle_household;
pub(super) use household::{Members, share_out};
pub use passed::Passed;

use std::slice::{from_mut, from_ref};

use super::application;
use super::balance::{self, Imbalance};
use super::claim::{Category, Claim, Disease, Kind, Person};
use super::cut_off::CutOff;
use super::parts::{HouseholdPart, HouseholdPool, OtherIdentity, Parts};
use super::schedule::{Assistance, Borne, RuleId, Setting, YearRules};
use super::year_end;
use crate::units::{Fen, Month};

/// Which layer a payment belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The hospital bears what is outside the catalogue beyond the limit.
    Provider,
    /// Basic insurance.
    Basic,
    /// Critical-illness insurance.
    Critical,
    /// Regular assistance of a claim.
    Assistance,
    /// Tilt assistance at the year's end.
    Tilt,
    /// Assistance on application at the year's end.
    Application,
}

/// How an amount came about: the formula's parts, for explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formula {
    /// What the ratio applies to; for critical-illness insurance the increment of the running sum.
    pub base: Fen,
    /// The running sum of the pool before this claim.
    pub before: Fen,
    /// The deductible, threshold or trigger.
    pub deductible: Fen,
    /// The ratio or target.
    pub ratio: crate::units::Ratio,
    /// The rounded product, before any cap.
    pub uncapped: Fen,
    /// What was left of the caps; `Fen::UNBOUNDED` without a cap.
    pub room: Fen,
}

/// One payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// The layer.
    pub layer: Layer,
    /// The rule that pays.
    pub rule: RuleId,
    /// The identity by whose terms it pays, chosen among those held; ordinary where none is asked for.
    pub category: Category,
    /// The position of the claim in the input; none at the year's end.
    pub claim: Option<usize>,
    /// How much; never negative, possibly zero.
    pub amount: Fen,
    /// The part of it that is for cost outside the catalogue.
    pub outside: Fen,
    /// How it came about.
    pub formula: Formula,
}

impl Payment {
    /// The part of it that is for cost within the catalogue.
    #[must_use]
    pub fn inside(&self) -> Fen {
        self.amount - self.outside
    }
}

/// What listens to a settlement.
pub trait Ledger {
    /// A payment was made, in the order of the settlement. Zero payments of rules that applied are reported too.
    fn pays(&mut self, payment: &Payment);

    /// What the next payment was worked out from, told only to those who ask for it.
    fn parts(&mut self, _parts: impl FnOnce() -> Parts) {}

    /// A rule that changes others changed the payment of a claim that was made last. Payments that it left nothing of are
    /// told too, with nothing.
    fn adjusted(&mut self, _rule: RuleId, _amount: Fen) {}

    /// What the other identities held would have been paid in the place of the next payment, by rank: only those whose
    /// rules fit. Told only to those who ask for it.
    fn others(&mut self, _others: impl FnOnce() -> Vec<OtherIdentity>) {}

    /// The sums of the pools of a household before the next claim is settled, or whose part of a payment to the household
    /// the next payment is. Told only of several members, and only to those who ask for it.
    fn of_household(&mut self, _sums: impl FnOnce() -> HouseholdSums) {}
}

/// What a household's sums were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HouseholdSums {
    /// Before a claim, by its position.
    Before(usize, Vec<HouseholdPool>),
    /// Of the next payment.
    Part(HouseholdPart),
}

/// The settlement of one claim, before the year's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledClaim {
    /// Identities held in any month of the claim, as a bit set.
    pub held: u32,
    /// The category that answers name: that of the regular assistance paid, else of the critical-illness tilt, else the
    /// best-ranked identity that the policy assists.
    pub category: Category,
    /// The number of the schedule that settled it.
    pub schedule: u8,
    /// The part within the catalogue.
    pub in_scope: Fen,
    /// Paid by basic insurance.
    pub basic: Fen,
    /// Paid by critical-illness insurance.
    pub critical: Fen,
    /// Paid by another payer before assistance, at most what the insurances left.
    pub other: Fen,
    /// Paid by regular assistance.
    pub assistance: Fen,
    /// Borne by the hospital.
    pub provider: Fen,
    /// In-scope cost left to the patient.
    pub patient_in_scope: Fen,
    /// Out-of-scope cost left to the patient.
    pub patient_out_of_scope: Fen,
}

impl SettledClaim {
    /// What the patient still bears of the part that a rule is for.
    fn borne(&self, part: Borne) -> Fen {
        match part {
            Borne::InScope => self.patient_in_scope,
            Borne::OutOfScope => self.patient_out_of_scope,
            Borne::Both => self.patient_in_scope + self.patient_out_of_scope,
        }
    }

    /// Takes a payment of assistance off what the patient bears; gives the part that is outside the catalogue.
    fn assist(&mut self, part: Borne, amount: Fen) -> Fen {
        let outside = match part {
            Borne::InScope => Fen::ZERO,
            Borne::OutOfScope => amount,
            Borne::Both => amount.above(self.patient_in_scope),
        };
        self.assistance += amount;
        self.patient_in_scope -= amount - outside;
        self.patient_out_of_scope -= outside;
        outside
    }

    const EMPTY: Self = Self {
        held: 0,
        category: Category::ORDINARY,
        schedule: 0,
        in_scope: Fen::ZERO,
        basic: Fen::ZERO,
        critical: Fen::ZERO,
        other: Fen::ZERO,
        assistance: Fen::ZERO,
        provider: Fen::ZERO,
        patient_in_scope: Fen::ZERO,
        patient_out_of_scope: Fen::ZERO,
    };
}

/// In-scope self-pay of the year before that an application can still reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierClaim {
    /// Month of admission; January of the year that it counts in, where it began before.
    pub admitted: Month,
    /// Kind of claim.
    pub kind: Kind,
    /// Its setting.
    pub setting: Setting,
    /// The listed disease it was for.
    pub disease: Disease,
    /// In-scope self-pay after that year's tilt assistance.
    pub self_pay: Fen,
}

impl EarlierClaim {
    /// What was left of a claim that counts in a year.
    #[must_use]
    pub fn of(claim: &Claim, year: u16, self_pay: Fen) -> Self {
        let (admitted, setting) = (claim.month_in(year), Setting::of(claim));
        Self { admitted, kind: claim.kind, setting, disease: claim.disease, self_pay }
    }
}

/// Running sums of one pool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PoolState {
    /// What was counted.
    pub bases: Fen,
    /// What was paid.
    pub paid: Fen,
}

/// Running sums of one kind of claim.
#[derive(Debug, Clone, Copy, Default)]
struct KindState {
    claims: usize,
    in_scope: Fen,
    basic: Fen,
}

/// The sums of the kinds of a bit set.
fn of_kinds(all: &[KindState; 4], kinds: u8) -> impl Iterator<Item = &KindState> {
    all.iter().enumerate().filter(move |(kind, _)| kinds & 1 << kind != 0).map(|(_, sums)| sums)
}

/// A stay that is billed in several claims: what of its deductibles earlier bills have used.
#[derive(Debug, Clone, Default)]
struct StayState {
    stay: u8,
    /// The number of the stay among those of the year.
    number: usize,
    /// Of the deductible of basic insurance.
    used: Fen,
    /// Of the deductibles per claim of regular assistance, by pool.
    used_of_pools: Vec<(usize, Fen)>,
}

impl StayState {
    fn used_of(&self, pool: usize) -> Fen {
        self.used_of_pools.iter().filter(|(of, _)| *of == pool).map(|(_, used)| *used).sum()
    }
}

/// A rule of regular assistance that fits a claim by the terms of one identity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) rule: RuleId,
    pub(super) category: Category,
    /// Among the rules of the category.
    pub(super) position: u16,
    pub(super) pool: usize,
}

/// The running sums of one person's year.
#[derive(Debug, Clone, Default)]
pub(super) struct YearState {
    kinds: [KindState; 4],
    basic: Fen,
    critical_base: Fen,
    critical: Fen,
    pub(super) pools: Vec<PoolState>,
    /// Of pools that a household of several shares: what of them is this member's; empty until there is any.
    own_of_pools: Vec<PoolState>,
    stays: Vec<StayState>,
    /// What caps of pools cut off, claim by claim in the order of settlement.
    pub(super) cut_offs: Vec<CutOff>,
    /// Which claims a pool has counted.
    pub(super) counted: Vec<(usize, usize)>,
    /// The lines that the year's self-pay passed, see [`Once`](super::schedule::Once).
    pub(super) passed: Vec<Passed>,
    /// Memory that is used again from claim to claim.
    fits: Vec<Fit>,
}

/// Memory that is used again from person to person; holds the settled claims after [`settle_year`].
#[derive(Debug, Clone, Default)]
pub struct Work {
    order: Vec<usize>,
    /// How many of them are settled.
    done: usize,
    /// Identities held during any claim.
    pub(super) ever_held: u32,
    /// The settled claims, in the order of the input.
    pub settled: Vec<SettledClaim>,
    pub(super) state: YearState,
    /// Tilt payments with the claims they were for, see [`year_end`].
    pub(super) tilted: Vec<year_end::TiltedGroup>,
    /// All assistance of the year so far, contribution subsidy not counted.
    pub assistance: Fen,
    /// What was paid at the year's end.
    pub year_end: Fen,
    /// What of it was paid on application.
    pub(super) applied: Fen,
    /// In-scope and out-of-scope self-pay of all claims, before what is paid at the year's end.
    pub(crate) self_pay: Fen,
    /// The first settlement that did not add up; whoever settles must look, and must not use the amounts then.
    pub imbalance: Option<Imbalance>,
}

impl YearState {
    /// What a pool's cap cut off, by claim.
    pub(super) fn cut_offs_by_claim(&self, pool: usize) -> Vec<CutOff> {
        let mut all: Vec<CutOff> = self.cut_offs.iter().filter(|one| one.pool == pool).copied().collect();
        all.sort_by_key(|one| one.claim);
        all
    }

    /// The stay of which a claim is one of several bills, if it is.
    fn stay(&self, claim: &Claim) -> Option<&StayState> {
        self.stays.iter().find(|stay| claim.stay != 0 && stay.stay == claim.stay)
    }

    fn stay_mut(&mut self, claim: &Claim) -> Option<&mut StayState> {
        self.stays.iter_mut().find(|stay| claim.stay != 0 && stay.stay == claim.stay)
    }

    /// The number of a claim among those of its kind in the year; bills of one stay have that of the first.
    fn number_of(&mut self, claim: &Claim) -> usize {
        if let Some(stay) = self.stay(claim) {
            return stay.number;
        }
        let claims = &mut self.kinds[claim.kind.index()].claims;
        let number = *claims;
        *claims += 1;
        if claim.stay != 0 {
            self.stays.push(StayState { stay: claim.stay, number, ..StayState::default() });
        }
        number
    }

    /// The in-scope cost of some kinds so far, above the deductibles of their claims.
    fn in_scope_of(&self, kinds: u8) -> Fen {
        of_kinds(&self.kinds, kinds).map(|kind| kind.in_scope).sum()
    }

    /// What basic insurance has paid for some kinds.
    fn basic_of(&self, kinds: u8) -> Fen {
        of_kinds(&self.kinds, kinds).map(|kind| kind.basic).sum()
    }

    /// What is left of the caps that bound a rule of regular assistance: its own and that of the further pool.
    fn rooms(&self, rule: &Assistance) -> (Fen, Fen) {
        let further = rule.within.map_or(Fen::UNBOUNDED, |within| self.room_under(within.pool, within.cap));
        (self.room_under(rule.pool, rule.annual_cap), further)
    }

    /// What is left under a cap of a pool.
    pub(super) fn room_under(&self, pool: usize, cap: Fen) -> Fen {
        if cap == Fen::UNBOUNDED { cap } else { cap - self.pools[pool].paid }
    }
}

impl Work {
    /// Makes room for policies with so many pools.
    #[must_use]
    pub fn new(n_pools: usize) -> Self {
        let mut work = Self::default();
        work.state.pools = vec![PoolState::default(); n_pools];
        work
    }

    /// The lines that the year's self-pay passed.
    #[must_use]
    pub fn passed(&self) -> &[Passed] {
        &self.state.passed
    }

    /// Positions of the claims in the order in which they were settled.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    fn begin(&mut self, claims: &[Claim]) {
        self.order.clear();
        self.order.extend(0..claims.len());
        // The sort is stable: bills of one day stay in the order of the input.
        self.order.sort_by_key(|&index| claims[index].admitted);
        self.settled.clear();
        self.settled.resize(claims.len(), SettledClaim::EMPTY);
        self.tilted.clear();
        (self.done, self.ever_held) = (0, 0);
        self.assistance = Fen::ZERO;
        self.year_end = Fen::ZERO;
        self.applied = Fen::ZERO;
        self.self_pay = Fen::ZERO;
        self.state.kinds = [KindState::default(); 4];
        self.state.basic = Fen::ZERO;
        self.state.critical_base = Fen::ZERO;
        self.state.critical = Fen::ZERO;
        self.state.pools.fill(PoolState::default());
        self.state.own_of_pools.clear();
        self.state.stays.clear();
        self.state.cut_offs.clear();
        self.state.passed.clear();
        self.state.counted.clear();
    }
}

/// Everything of a person's year that is settled together.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The person.
    pub person: Person<'a>,
    /// The bills of the year, in any order.
    pub claims: &'a [Claim],
    /// Bills of the year before, for the window of an application.
    pub earlier: &'a [EarlierClaim],
}

/// Settles a person's year, as that of a household of one: see [`settle_household`].
///
/// Afterwards `work.settled` holds the claims in the order of the input.
pub fn settle_year<L: Ledger>(rules: &YearRules, case: &Case<'_>, work: &mut Work, ledger: &mut L) {
    settle_household(rules, from_ref(case), from_mut(work), from_mut(ledger));
}

/// Step 6 alone, for a year whose claims are settled already: `left` is what each of them left to the patient in
/// scope. No tilt assistance may have been paid.
pub fn apply_alone<L: Ledger>(
    rules: &YearRules,
    case: &Case<'_>,
    left: &[Fen],
    (work, ledger): (&mut Work, &mut L),
) {
    work.begin(case.claims);
    for (settled, &left) in work.settled.iter_mut().zip(left) {
        settled.patient_in_scope = left;
    }
    let (cases, works, ledgers) = (from_ref(case), from_mut(work), from_mut(ledger));
    let mut alone = Members { cases, works, ledgers, first: 0 };
    application::apply(rules, &mut alone);
    work.imbalance = work.imbalance.or_else(|| balance::of_application(rules.year, case, work));
}
