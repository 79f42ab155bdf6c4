//! Steps 0 to 4 of the settlement: one claim, from the identities held to what regular assistance leaves.
//!
//! Of several identities the one whose terms pay most is taken, family by family of rights: basic insurance where a rule
//! changes it for some categories, the critical-illness tilt, regular assistance of each pool. Whatever a rule asks of
//! person and claim is looked at before. What every resident gets is open to everybody, whatever else is held.

use super::super::bands::{banded, increment};
use super::super::claim::{Category, Claim, Person};
use super::super::cut_off::{self, CutOff};
use super::super::parts::{OtherIdentity, Parts};
use super::super::schedule::{Adjustment, Assistance, At, Band, BasicKind, Borne, RuleId, Schedule, Setting};
use super::{Case, Fit, Formula, Layer, Ledger, Passed, Payment, SettledClaim, YearState};
use crate::units::{Fen, Ratio};

/// Steps 0 to 4 for one claim.
pub(super) fn settle_claim<L: Ledger>(
    schedule: &Schedule,
    case: &Case<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) {
    let claim = &case.claims[index];
    settled.held = held_identities(&case.person, claim);
    let passed = if state.passed.is_empty() { 0 } else { Passed::bits(&state.passed, settled.schedule) };
    let (setting, category) = (Setting::of(claim), Category::ORDINARY);
    let at = At { person: &case.person, claim, setting, category, passed };
    scope(schedule, &at, index, (settled, ledger));
    basic(schedule, &at, index, (settled, state, ledger));
    let tilted = critical(schedule, &at, index, (settled, state, ledger));
    settled.other = claim.other_paid.min(settled.patient_in_scope);
    settled.patient_in_scope -= settled.other;
    let assisted = regular(schedule, &at, index, (settled, state, ledger));
    settled.category = assisted.or(tilted).unwrap_or_else(|| first_assisted(settled.held, schedule));
}

/// Step 0: an identity covers whole months; every one that a month of the claim touches is held.
fn held_identities(person: &Person<'_>, claim: &Claim) -> u32 {
    person
        .spells
        .iter()
        .filter(|spell| spell.touches(claim.admitted.month, claim.discharged.month))
        .fold(0, |held, spell| held | spell.category.bit())
}

/// Step 0: the first in rank order among those the policy assists.
pub(in super::super) fn first_assisted(held: u32, schedule: &Schedule) -> Category {
    match held & schedule.assisted {
        0 => Category::ORDINARY,
        assisted => Category(assisted.trailing_zeros() as u8),
    }
}

/// What a claim would be paid by the terms of one identity.
#[derive(Debug, Clone, Copy)]
struct Offer {
    category: Category,
    rule: RuleId,
    amount: Fen,
    formula: Formula,
}

impl Offer {
    /// The larger one; of equals that of the better rank.
    fn better(self, other: Self) -> Self {
        let more = other.amount > self.amount;
        if more || other.amount == self.amount && other.category < self.category { other } else { self }
    }

    /// The other offers, by rank; ordinary residents' terms are no identity's.
    fn others(self, all: impl Iterator<Item = Self>) -> Vec<OtherIdentity> {
        let is_other = |one: &Self| one.category != self.category && one.category != Category::ORDINARY;
        let mut others: Vec<OtherIdentity> = all
            .filter(is_other)
            .map(|Self { category, amount, .. }| OtherIdentity { category, amount })
            .collect();
        others.sort_by_key(|other| other.category);
        others
    }

    /// Pays, and tells which rules changed the payment.
    fn pay<L: Ledger>(
        self,
        (layer, claim, outside): (Layer, usize, Fen),
        (adjustments, ratios, at): (&[Adjustment], impl Iterator<Item = Ratio>, &At<'_>),
        ledger: &mut L,
    ) {
        let Self { category, rule, amount, formula } = self;
        ledger.pays(&Payment { layer, rule, category, claim: Some(claim), amount, outside, formula });
        let at = &At { category, ..*at };
        let mut fitting = Adjustment::fitting(adjustments, at).peekable();
        if fitting.peek().is_some()
            && (amount > Fen::ZERO || Adjustment::leave_nothing(adjustments, ratios, at))
        {
            fitting.for_each(|one| ledger.adjusted(one.rule, amount));
        }
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
        category: Category((settled.held & limit.categories).trailing_zeros() as u8),
        claim: Some(index),
        amount: settled.provider,
        outside: settled.provider,
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
    let number = state.number_of(at.claim);
    // What earlier bills of the same stay have used of its deductible.
    let used = state.stay(at.claim).map_or(Fen::ZERO, |stay| stay.used);
    let kind = at.claim.kind.index();
    let Some(rule) = &insurance.kinds[kind] else { return };
    let shared = rule.shared_cap.map_or(Fen::UNBOUNDED, |shared| shared.cap - state.basic_of(shared.kinds));
    let room =
        (rule.annual_cap - state.kinds[kind].basic).min(shared).min(insurance.annual_cap - state.basic);
    let before = state.in_scope_of(rule.deductible_kinds);
    let annual = rule.annual_deductible.at(at.setting);
    let offer = |category: Category| {
        let at = &At { category, ..*at };
        let deductible = per_claim_deductible(rule, number, at.setting);
        let deductible = Adjustment::deductible(&rule.adjustments, deductible, at).above(used);
        let covered = increment(before, settled.in_scope.above(deductible), annual);
        let ratio = Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at);
        let uncapped = ratio.of(covered);
        let amount = uncapped.min(room).min(settled.in_scope).max(Fen::ZERO);
        let formula = Formula { base: settled.in_scope, before, deductible, ratio, uncapped, room };
        Offer { category, rule: rule.rule, amount, formula }
    };
    let mut best = offer(Category::ORDINARY);
    let mut deductible = best.formula.deductible;
    // Only a rule that changes basic insurance for some categories makes a difference between them.
    let open = Category::open_to(settled.held).take_while(|_| !rule.adjustments.is_empty());
    for other in open.clone().map(offer) {
        deductible = deductible.min(other.formula.deductible);
        best = best.better(other);
    }
    ledger.others(|| best.others(open.map(offer)));
    state.kinds[kind].in_scope += settled.in_scope.above(deductible);
    state.kinds[kind].basic += best.amount;
    if let Some(stay) = state.stay_mut(at.claim) {
        stay.used += deductible.min(settled.in_scope);
    }
    state.basic += best.amount;
    settled.basic = best.amount;
    settled.patient_in_scope -= best.amount;
    let ratios = std::iter::once(rule.ratio.at(at.setting));
    best.pay((Layer::Basic, index, Fen::ZERO), (&rule.adjustments, ratios, at), ledger);
}

/// The deductible of the first, second … claim of its kind in the year; the last one given stays.
fn per_claim_deductible(rule: &BasicKind, number: usize, setting: Setting) -> Fen {
    match rule.deductible.get(number).or(rule.deductible.last()) {
        Some(deductible) => deductible.at(setting),
        None => Fen::ZERO,
    }
}

/// Step 3: critical-illness insurance on this claim's increment of the year's self-pay; gives the identity whose tilt
/// paid.
fn critical<L: Ledger>(
    schedule: &Schedule,
    at: &At<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) -> Option<Category> {
    if schedule.critical_kinds & (1 << at.claim.kind as u8) == 0
        || schedule.critical_insurance & (1 << at.person.insurance as u8) == 0
    {
        return None;
    }
    let before = state.critical_base;
    let base = settled.patient_in_scope;
    let after = before + base;
    state.critical_base = after;
    let paid = state.critical;
    let offer = |category: Category| {
        let rule = &schedule.critical[schedule.row(category)];
        if after <= rule.deductible {
            return None;
        }
        let at = &At { category, ..*at };
        let bands =
            rule.bands.iter().map(|band| (band.to, Adjustment::apply(&rule.adjustments, band.ratio, at)));
        let uncapped = banded(rule.deductible, bands, (before, after));
        let room = if rule.annual_cap == Fen::UNBOUNDED { Fen::UNBOUNDED } else { rule.annual_cap - paid };
        let amount = uncapped.min(room).min(base).max(Fen::ZERO);
        let ratio = rule.bands.first().map_or(Ratio::ZERO, |band| band.ratio);
        let formula = Formula { base, before, deductible: rule.deductible, ratio, uncapped, room };
        Some(Offer { category, rule: rule.rule, amount, formula })
    };
    let offers = Category::open_to(settled.held).filter_map(offer);
    let best = offers.clone().reduce(Offer::better)?;
    ledger.others(|| best.others(offers));
    state.critical += best.amount;
    settled.critical = best.amount;
    settled.patient_in_scope -= best.amount;
    let rule = &schedule.critical[schedule.row(best.category)];
    let ratios = rule.bands.iter().map(|band| band.ratio);
    best.pay((Layer::Critical, index, Fen::ZERO), (&rule.adjustments, ratios, at), ledger);
    let is_tilt = best.rule != schedule.critical[schedule.row(Category::ORDINARY)].rule;
    (is_tilt && best.amount > Fen::ZERO).then_some(best.category)
}

/// Step 4: regular assistance, pool by pool in the order in which the file first names a rule that fits; gives the
/// identity that was assisted first.
fn regular<L: Ledger>(
    schedule: &Schedule,
    at: &At<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) -> Option<Category> {
    let mut fits = std::mem::take(&mut state.fits);
    find_fits(schedule, (settled.held, at), &mut fits);
    let after_insurance = settled.patient_in_scope;
    fits.retain(|fit| {
        let rule = &schedule.assistance[schedule.row(fit.category)][usize::from(fit.position)];
        rule.each.self_pay.includes(after_insurance)
    });
    let mut assisted = None;
    for (number, first) in fits.iter().enumerate() {
        if fits[..number].iter().any(|other| other.pool == first.pool) {
            continue;
        }
        let of_pool = fits[number..].iter().filter(|fit| fit.pool == first.pool);
        let paid_to = pool((schedule, of_pool), at, index, (settled, state, ledger));
        assisted = assisted.or(paid_to);
    }
    state.fits = fits;
    assisted
}

/// The rules of all identities that fit person and claim, in the order of the file.
pub(in super::super) fn find_fits(schedule: &Schedule, (held, at): (u32, &At<'_>), fits: &mut Vec<Fit>) {
    fits.clear();
    for category in Category::open_to(held) {
        let rules = &schedule.assistance[schedule.row(category)];
        for (position, rule) in rules.iter().enumerate() {
            if rule.when.includes(at.claim.kind, at.setting, at.claim.disease) && rule.who.includes(at.person)
            {
                fits.push(Fit { rule: rule.rule, category, position: position as u16, pool: rule.pool });
            }
        }
    }
    // Those of one identity are in order already.
    if fits.windows(2).any(|two| two[1].category != two[0].category) {
        fits.sort_by_key(|fit| fit.rule);
    }
}

/// One pool's payment on the in-scope self-pay that the insurances, or the rules before, left.
fn pool<'f, L: Ledger>(
    (schedule, fits): (&Schedule, impl Iterator<Item = &'f Fit> + Clone),
    at: &At<'_>,
    index: usize,
    (settled, state, ledger): (&mut SettledClaim, &mut YearState, &mut L),
) -> Option<Category> {
    let rule_of = |fit: &Fit| &schedule.assistance[schedule.row(fit.category)][usize::from(fit.position)];
    let offer = |fit: &Fit| {
        let at = At { category: fit.category, ..*at };
        match rule_of(fit) {
            rule if rule.beyond_cap_of.is_some() => beyond_cap(rule, (&at, index), (settled, state)),
            rule => Some(assistance(rule, &at, (settled, state))),
        }
    };
    let (mut largest, mut best) = (Fen::ZERO, None);
    for fit in fits.clone() {
        let Some(own) = offer(fit) else { continue };
        largest = largest.max(own.formula.base);
        best = match best {
            Some((other, of)) if Offer::better(other, own).category == other.category => Some((other, of)),
            _ => Some((own, rule_of(fit))),
        };
    }
    let (best, rule): (Offer, &Assistance) = best?;
    ledger.others(|| best.others(fits.filter_map(offer)));
    match rule.beyond_cap_of {
        Some(pool) => {
            let own = cut_off_of(state, index, pool);
            ledger.parts(|| Parts::CutOff(cut_off::parts_of(own, settled.patient_in_scope)));
        }
        None => note_cut_off(rule, (best, index), at, state),
    }
    if let (Some(each), true) = (&rule.claim_deductible, at.claim.stay != 0) {
        let at = At { category: best.category, ..*at };
        let used = claim_deductible(rule, each.at(at.setting), &at, state).min(counted(rule, settled));
        if let Some(stay) = state.stay_mut(at.claim) {
            stay.used_of_pools.push((rule.pool, used));
        }
    }
    // Whatever rule pays, the pool counts all that is due to any of them.
    state.pools[rule.pool].bases += largest;
    state.counted.push((index, rule.pool));
    state.pools[rule.pool].paid += best.amount;
    if let Some(within) = rule.within.filter(|within| within.pool != rule.pool) {
        state.pools[within.pool].paid += best.amount;
    }
    let outside = settled.assist(rule.borne, best.amount);
    best.pay((Layer::Assistance, index, outside), (&rule.adjustments, rule.ratios(at.setting), at), ledger);
    (best.amount > Fen::ZERO).then_some(best.category)
}

/// What of a claim counts for a rule.
fn counted(rule: &Assistance, settled: &SettledClaim) -> Fen {
    let after_insurance = settled.in_scope - settled.basic - settled.critical - settled.other;
    if rule.after_earlier_rules { settled.borne(rule.borne) } else { after_insurance }
}

/// The deductible of a claim, less what earlier bills of the same stay have used of it.
fn claim_deductible(rule: &Assistance, each: Fen, at: &At<'_>, state: &YearState) -> Fen {
    let used = state.stay(at.claim).map_or(Fen::ZERO, |stay| stay.used_of(rule.pool));
    Adjustment::deductible(&rule.adjustments, each, at).above(used)
}

/// What one rule of regular assistance would pay.
fn assistance(rule: &Assistance, at: &At<'_>, (settled, state): (&SettledClaim, &YearState)) -> Offer {
    let left = counted(rule, settled);
    let base = match &rule.claim_deductible {
        None => left,
        Some(each) => left.above(claim_deductible(rule, each.at(at.setting), at, state)),
    };
    let before = state.pools[rule.pool].bases;
    let ratio = Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at);
    let uncapped = if rule.bands.is_empty() {
        ratio.of(increment(before, base, rule.deductible))
    } else {
        let (deductible, sums) = measured(rule, (before, base));
        banded(deductible, bands_of(rule, at), sums)
    };
    let (own, further) = state.rooms(rule);
    let room = own.min(further).min(cap_of_claim(rule, at));
    let amount = uncapped.min(room).min(settled.borne(rule.borne)).max(Fen::ZERO);
    let formula = Formula { base, before, deductible: rule.deductible, ratio, uncapped, room };
    Offer { category: at.category, rule: rule.rule, amount, formula }
}

/// What bands are measured on: the pool's running sum before and after, or what the deductible leaves of the claim alone.
fn measured(rule: &Assistance, (before, base): (Fen, Fen)) -> (Fen, (Fen, Fen)) {
    if rule.each.bands {
        (Fen::ZERO, (Fen::ZERO, increment(before, base, rule.deductible)))
    } else {
        (rule.deductible, (before, before + base))
    }
}

fn cap_of_claim(rule: &Assistance, at: &At<'_>) -> Fen {
    rule.each.cap.as_ref().map_or(Fen::UNBOUNDED, |cap| cap.at(at.setting))
}

/// The bands of a rule for a claim; one where the share is the same for all.
fn bands_of<'r>(rule: &'r Assistance, at: &'r At<'_>) -> impl Iterator<Item = (Fen, Ratio)> + 'r {
    let changed = |ratio: Ratio| Adjustment::apply(&rule.adjustments, ratio, at);
    let one = rule.bands.is_empty().then(|| (Fen::UNBOUNDED, changed(rule.ratio.at(at.setting))));
    one.into_iter().chain(rule.bands.iter().map(move |band| (band.to, changed(band.ratio.at(at.setting)))))
}

/// Notes what the cap of a pool cut off of a claim, before the payment is booked to the pool.
fn note_cut_off(rule: &Assistance, (paid, claim): (Offer, usize), at: &At<'_>, state: &mut YearState) {
    let Formula { base, before, uncapped, .. } = paid.formula;
    let at = At { category: paid.category, ..*at };
    let (own, further) = state.rooms(rule);
    let room = own.min(further);
    // A cap on one claim that is smaller keeps the annual one from being reached.
    if rule.borne != Borne::InScope || uncapped <= room || cap_of_claim(rule, &at) < room {
        return;
    }
    let (deductible, sums) = measured(rule, (before, base));
    let beyond = cut_off::beyond(bands_of(rule, &at), deductible, sums, room);
    let Some((whole, left_millionths, ratio)) = beyond else { return };
    let pool = cut_off::bounding(rule, own, further);
    state.cut_offs.push(CutOff { claim, pool, whole, left_millionths, ratio });
}

/// What a pool's cap cut off of the claim that is being settled: what was added last.
fn cut_off_of(state: &YearState, claim: usize, pool: usize) -> impl Iterator<Item = &CutOff> + Clone {
    let begins = state.cut_offs.iter().rposition(|one| one.claim != claim).map_or(0, |last| last + 1);
    state.cut_offs[begins..].iter().filter(move |one| one.pool == pool)
}

/// What a rule on what a cap cut off would pay; none where the cap is not reached.
fn beyond_cap(
    rule: &Assistance,
    (at, claim): (&At<'_>, usize),
    (settled, state): (&SettledClaim, &YearState),
) -> Option<Offer> {
    let own = cut_off_of(state, claim, rule.beyond_cap_of?);
    let beyond = cut_off::counted(own, settled.patient_in_scope);
    if !beyond.exceeds(Fen::ZERO) {
        return None;
    }
    let ratio = Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at);
    let uncapped = beyond.banded(&[Band { to: Fen::UNBOUNDED, ratio }], Fen::ZERO);
    let (own, further) = state.rooms(rule);
    let room = own.min(further).min(cap_of_claim(rule, at));
    let amount = uncapped.min(room).min(settled.patient_in_scope).max(Fen::ZERO);
    let (base, before) = (beyond.fen(), state.pools[rule.pool].bases);
    let formula = Formula { base, before, deductible: Fen::ZERO, ratio, uncapped, room };
    Some(Offer { category: at.category, rule: rule.rule, amount, formula })
}
