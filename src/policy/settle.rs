//! The settlement of one person's year: who pays what, step by step, to the fen.
//!
//! This is the plain implementation of the rules, which the [tiles](super::tile) must equal. Typed-in cases, tables of
//! claims, explanations and the plain reference come through [`settle_year`]; they differ in the [`Ledger`] that listens.

use super::balance::{self, Imbalance};
use super::bands::{banded, increment};
use super::claim::{Category, Claim, Kind, Person};
use super::parts::Parts;
use super::schedule::{Adjustment, Assistance, At, BasicKind, RuleId, Schedule, Setting, YearRules};
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
    /// The position of the claim in the input; none at the year's end.
    pub claim: Option<usize>,
    /// How much; never negative, possibly zero.
    pub amount: Fen,
    /// How it came about.
    pub formula: Formula,
}

/// What listens to a settlement.
pub trait Ledger {
    /// A payment was made, in the order of the settlement. Zero payments of rules that applied are reported too.
    fn pays(&mut self, payment: &Payment);

    /// What the next payment was worked out from, told only to those who ask for it.
    fn parts(&mut self, _parts: impl FnOnce() -> Parts) {}
}

/// The settlement of one claim, before the year's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledClaim {
    /// Identities held in any month of the claim, as a bit set.
    pub held: u32,
    /// The category under which it was settled.
    pub category: Category,
    /// The number of the schedule that settled it.
    pub schedule: u8,
    /// The part within the catalogue.
    pub in_scope: Fen,
    /// Paid by basic insurance.
    pub basic: Fen,
    /// Paid by critical-illness insurance.
    pub critical: Fen,
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
    const EMPTY: Self = Self {
        held: 0,
        category: Category::ORDINARY,
        schedule: 0,
        in_scope: Fen::ZERO,
        basic: Fen::ZERO,
        critical: Fen::ZERO,
        assistance: Fen::ZERO,
        provider: Fen::ZERO,
        patient_in_scope: Fen::ZERO,
        patient_out_of_scope: Fen::ZERO,
    };
}

/// In-scope self-pay of the year before that an application can still reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierClaim {
    /// Month of admission.
    pub admitted: Month,
    /// Kind of claim.
    pub kind: Kind,
    /// Its setting.
    pub setting: Setting,
    /// In-scope self-pay after that year's tilt assistance.
    pub self_pay: Fen,
}

/// Running sums of one pool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct PoolState {
    bases: Fen,
    paid: Fen,
}

/// Running sums of one kind of claim.
#[derive(Debug, Clone, Copy, Default)]
struct KindState {
    claims: usize,
    in_scope: Fen,
    basic: Fen,
}

/// The running sums of one person's year.
#[derive(Debug, Clone, Default)]
struct YearState {
    kinds: [KindState; 4],
    basic: Fen,
    critical_base: Fen,
    critical: Fen,
    pools: Vec<PoolState>,
}

/// Memory that is used again from person to person; holds the settled claims after [`settle_year`].
#[derive(Debug, Clone, Default)]
pub struct Work {
    order: Vec<usize>,
    /// The settled claims, in the order of the input.
    pub settled: Vec<SettledClaim>,
    state: YearState,
    /// Tilt payments with the claims they were for, see [`year_end`].
    pub(super) tilted: Vec<year_end::TiltedGroup>,
    /// All assistance of the year so far, contribution subsidy not counted.
    pub assistance: Fen,
    /// What was paid at the year's end.
    pub year_end: Fen,
    /// In-scope and out-of-scope self-pay of all claims, before what is paid at the year's end.
    pub(crate) self_pay: Fen,
    /// The first settlement that did not add up; whoever settles must look, and must not use the amounts then.
    pub imbalance: Option<Imbalance>,
}

impl YearState {
    /// What is left of the caps that bound a rule of regular assistance.
    fn room(&self, rule: &Assistance) -> Fen {
        let room_of = |pool: usize, cap: Fen| {
            if cap == Fen::UNBOUNDED { cap } else { cap - self.pools[pool].paid }
        };
        let own = room_of(rule.pool, rule.annual_cap);
        rule.within.map_or(own, |within| own.min(room_of(within.pool, within.cap)))
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
        self.assistance = Fen::ZERO;
        self.year_end = Fen::ZERO;
        self.self_pay = Fen::ZERO;
        self.state.kinds = [KindState::default(); 4];
        self.state.basic = Fen::ZERO;
        self.state.critical_base = Fen::ZERO;
        self.state.critical = Fen::ZERO;
        self.state.pools.fill(PoolState::default());
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

/// Settles a person's year: claims by date of admission, then tilt assistance, then assistance on application.
///
/// Afterwards `work.settled` holds the claims in the order of the input.
pub fn settle_year<L: Ledger>(rules: &YearRules, case: &Case<'_>, work: &mut Work, ledger: &mut L) {
    work.begin(case.claims);
    let Work { order, settled: all, state, .. } = work;
    let (mut assistance, mut self_pay) = (Fen::ZERO, Fen::ZERO);
    for &index in &*order {
        let settled = &mut all[index];
        let number = rules.number_in(case.claims[index].admitted.month);
        settled.schedule = number as u8;
        settle_claim(&rules.schedules[number], case, index, (settled, state, ledger));
        assistance += settled.assistance;
        self_pay += settled.patient_in_scope + settled.patient_out_of_scope;
    }
    (work.assistance, work.self_pay) = (assistance, self_pay);
    year_end::tilt(rules, case, work, ledger);
    year_end::application(rules, case, work, ledger);
    work.imbalance = work.imbalance.or_else(|| balance::of_year(rules.year, case, work));
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
    year_end::application(rules, case, work, ledger);
    work.imbalance = work.imbalance.or_else(|| balance::of_application(rules.year, case, work));
}

/// Steps 0 to 4 for one claim.
fn settle_claim<L: Ledger>(
    schedule: &Schedule,
    case: &Case<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) {
    let claim = &case.claims[index];
    settled.held = held_identities(&case.person, claim);
    settled.category = first_assisted(settled.held, schedule);
    let at = At { person: &case.person, claim, setting: Setting::of(claim), category: settled.category };

    scope(schedule, &at, index, (settled, ledger));
    basic(schedule, &at, index, (settled, state, ledger));
    critical(schedule, &at, index, (settled, state, ledger));
    for rule in &schedule.assistance[schedule.row(at.category)] {
        if rule.when.includes(claim.kind, at.setting) && rule.who.includes(&case.person) {
            assistance(rule, &at, index, (settled, state, ledger));
        }
    }
}

/// Step 0: an identity covers whole months; every one that a month of the claim touches is held.
fn held_identities(person: &Person<'_>, claim: &Claim) -> u32 {
    person
        .spells
        .iter()
        .filter(|spell| spell.touches(claim.admitted.month, claim.discharged))
        .fold(0, |held, spell| held | spell.category.bit())
}

/// Step 0: the first in rank order among those the policy assists.
fn first_assisted(held: u32, schedule: &Schedule) -> Category {
    match held & schedule.assisted {
        0 => Category::ORDINARY,
        assisted => Category(assisted.trailing_zeros() as u8),
    }
}

/// Step 1: the patient pays what is outside the catalogue, up to the limit; the hospital bears the rest.
fn scope<L: Ledger>(
    schedule: &Schedule,
    at: &At<'_>,
    index: usize,
    (settled, ledger): (&mut SettledClaim, &mut L),
) {
    let claim = at.claim;
    settled.in_scope = claim.total - claim.out_of_scope;
    settled.patient_in_scope = settled.in_scope;
    settled.patient_out_of_scope = claim.out_of_scope;
    let Some(limit) = &schedule.out_of_catalogue else { return };
    if settled.held & limit.categories == 0 {
        return;
    }
    let share = limit.share.at(at.setting);
    let largest = share.of(claim.total);
    settled.patient_out_of_scope = claim.out_of_scope.min(largest);
    settled.provider = claim.out_of_scope - settled.patient_out_of_scope;
    let formula = Formula {
        base: claim.out_of_scope,
        before: claim.total,
        deductible: largest,
        ratio: share,
        uncapped: settled.provider,
        room: Fen::UNBOUNDED,
    };
    let payment = Payment {
        layer: Layer::Provider,
        rule: limit.rule,
        claim: Some(index),
        amount: settled.provider,
        formula,
    };
    ledger.pays(&payment);
}

/// Step 2: basic insurance above its deductible, within the kind's own cap and the cap over all kinds.
fn basic<L: Ledger>(
    schedule: &Schedule,
    at: &At<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) {
    let insurance = schedule.basic(at.person.insurance);
    let sums = &mut state.kinds[at.claim.kind.index()];
    let number = sums.claims;
    sums.claims += 1;
    let Some(rule) = &insurance.kinds[at.claim.kind.index()] else { return };
    let deductible = per_claim_deductible(rule, number, at.setting);
    let deductible = Adjustment::deductible(&rule.adjustments, deductible, at);
    let base = settled.in_scope.above(deductible);
    let before = sums.in_scope;
    sums.in_scope += base;
    let covered = increment(before, base, rule.annual_deductible);
    let ratio = Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at);
    let uncapped = ratio.of(covered);
    let room = (rule.annual_cap - sums.basic).min(insurance.annual_cap - state.basic);
    let amount = uncapped.min(room).min(settled.in_scope).max(Fen::ZERO);
    sums.basic += amount;
    state.basic += amount;
    settled.basic = amount;
    settled.patient_in_scope -= amount;
    let formula = Formula { base: settled.in_scope, before, deductible, ratio, uncapped, room };
    ledger.pays(&Payment { layer: Layer::Basic, rule: rule.rule, claim: Some(index), amount, formula });
}

/// The deductible of the first, second … claim of its kind in the year; the last one given stays.
fn per_claim_deductible(rule: &BasicKind, number: usize, setting: Setting) -> Fen {
    match rule.deductible.get(number).or(rule.deductible.last()) {
        Some(deductible) => deductible.at(setting),
        None => Fen::ZERO,
    }
}

/// Step 3: critical-illness insurance on this claim's increment of the year's self-pay.
fn critical<L: Ledger>(
    schedule: &Schedule,
    at: &At<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) {
    if schedule.critical_kinds & (1 << at.claim.kind as u8) == 0
        || schedule.critical_insurance & (1 << at.person.insurance as u8) == 0
    {
        return;
    }
    let rule = &schedule.critical[schedule.row(at.category)];
    let before = state.critical_base;
    let base = settled.patient_in_scope;
    state.critical_base += base;
    if state.critical_base <= rule.deductible {
        return;
    }
    let bands = rule.bands.iter().map(|band| (band.to, Adjustment::apply(&rule.adjustments, band.ratio, at)));
    let uncapped = banded(rule.deductible, bands, (before, before + base));
    let room =
        if rule.annual_cap == Fen::UNBOUNDED { Fen::UNBOUNDED } else { rule.annual_cap - state.critical };
    let amount = uncapped.min(room).min(base).max(Fen::ZERO);
    state.critical += amount;
    settled.critical = amount;
    settled.patient_in_scope -= amount;
    let ratio = rule.bands.first().map_or(crate::units::Ratio::ZERO, |band| band.ratio);
    let formula = Formula { base, before, deductible: rule.deductible, ratio, uncapped, room };
    ledger.pays(&Payment { layer: Layer::Critical, rule: rule.rule, claim: Some(index), amount, formula });
}

/// Step 4: one rule of regular assistance on the in-scope self-pay that the insurances (or the rules before) left.
fn assistance<L: Ledger>(
    rule: &Assistance,
    at: &At<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) {
    let after_insurance = settled.in_scope - settled.basic - settled.critical;
    let left = if rule.after_earlier_rules { settled.patient_in_scope } else { after_insurance };
    let base = match &rule.claim_deductible {
        None => left,
        Some(each) => left.above(Adjustment::deductible(&rule.adjustments, each.at(at.setting), at)),
    };
    let before = state.pools[rule.pool].bases;
    state.pools[rule.pool].bases += base;
    let ratio = Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at);
    let uncapped = if rule.bands.is_empty() {
        ratio.of(increment(before, base, rule.deductible))
    } else {
        let bands = rule
            .bands
            .iter()
            .map(|band| (band.to, Adjustment::apply(&rule.adjustments, band.ratio.at(at.setting), at)));
        banded(rule.deductible, bands, (before, before + base))
    };
    let room = state.room(rule);
    let amount = uncapped.min(room).min(settled.patient_in_scope).max(Fen::ZERO);
    state.pools[rule.pool].paid += amount;
    if let Some(within) = rule.within.filter(|within| within.pool != rule.pool) {
        state.pools[within.pool].paid += amount;
    }
    settled.assistance += amount;
    settled.patient_in_scope -= amount;
    let formula = Formula { base, before, deductible: rule.deductible, ratio, uncapped, room };
    ledger.pays(&Payment { layer: Layer::Assistance, rule: rule.rule, claim: Some(index), amount, formula });
}
