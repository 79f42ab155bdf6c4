//! The year's end: tilt assistance, then assistance on application.
//!
//! A tilt payment is made for a group of claims. Where only some of them count for an application, the
//! payment's share of a claim is in proportion to the claim's self-pay within its group, as an exact fraction:
//! only the application's own payment is rounded. A later tilt rule sees what earlier ones left; for it each
//! payment is spread over its claims in whole fen.

use super::burden::Burden;
use super::claim::Category;
use super::cut_off;
use super::exact::{Exact, i64_of};
use super::parts::{OtherIdentity, Parts, TopUp, Window};
use super::schedule::{
    Application, Band, CapCounts, RuleId, Setting, TargetGroup, Tilt, TiltCap, TiltShape, TriggerOn, When,
    YearRules,
};
use super::settle::{Case, Formula, Layer, Ledger, Payment, PoolState, SettledClaim, Work};
use crate::units::{Fen, Month, Ratio};

/// One claim of a tilt payment's group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TiltedClaim {
    /// Position of the claim in the input.
    pub claim: usize,
    /// Its in-scope self-pay when the payment was made.
    pub self_pay: Fen,
    /// Its part of the payment, in whole fen.
    pub taken: Fen,
}

/// A tilt payment with the claims it was for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TiltedGroup {
    /// In-scope self-pay of the group's claims when it was paid.
    pub self_pay: Fen,
    /// The payment.
    pub paid: Fen,
    /// The claims.
    pub claims: Vec<TiltedClaim>,
}

impl TiltedGroup {
    /// Spreads a payment over claims in proportion to their self-pay; the parts add up to it.
    fn spread(paid: Fen, claims: &[(usize, Fen)]) -> Self {
        let self_pay: Fen = claims.iter().map(|(_, own)| *own).sum();
        let all = i128::from(self_pay.0.max(1));
        let (mut so_far, mut given) = (0_i128, Fen::ZERO);
        let claims = claims
            .iter()
            .map(|&(claim, self_pay)| {
                so_far += i128::from(self_pay.0);
                let taken = Fen(i64_of(i128::from(paid.0) * so_far / all)) - given;
                given += taken;
                TiltedClaim { claim, self_pay, taken }
            })
            .collect();
        Self { self_pay, paid, claims }
    }
}

/// Step 5: every tilt rule, in the order of the file, over the claims during which one of its identities was held.
///
/// In a timeline each schedule's rules look at the claims that this schedule settled, or at those of the whole year where
/// the scenario says so. What reaches no threshold is told as a payment of nothing. Most persons never held an identity
/// that any rule is for: they are passed over before a claim is looked at.
pub(super) fn tilt<L: Ledger>(rules: &YearRules, case: &Case<'_>, work: &mut Work, ledger: &mut L) {
    if case.person.spells.is_empty() {
        return;
    }
    let ever_held = work.settled.iter().fold(0, |held, claim| held | claim.held);
    for (number, schedule) in rules.schedules.iter().enumerate() {
        let settled_by = (rules.tilts_count_from[number], number as u8);
        for rule in schedule.tilts.iter().filter(|rule| rule.who.includes(&case.person)) {
            if rule.categories & ever_held == 0 {
                continue;
            }
            let held = (0..work.settled.len())
                .filter(|&index| counts((rule, settled_by), case, (&work.settled[index], index)))
                .fold(0, |held, index| held | work.settled[index].held);
            let due = rule.shapes_of(held);
            let due: Vec<(Category, Due)> = due
                .map(|(category, shape)| (category, due_by(shape, (rule, settled_by), (case, work))))
                .collect();
            // The best-ranked identity comes first, so that it is taken of equals.
            let most = due.iter().map(|(_, due)| due.paid).max();
            let best = due.iter().position(|(_, due)| Some(due.paid) == most);
            if let Some(best) = best {
                pay_tilt(rule, (due, best), (work, ledger));
            }
        }
    }
}

/// A tilt rule with the first and the last schedule whose claims count for it.
type Counted<'a> = (&'a Tilt, (u8, u8));

/// What one shape of a tilt rule would pay, and on what.
struct Due {
    paid: Fen,
    formula: Formula,
    groups: Vec<TiltedGroup>,
    /// The groups of a target-ratio tilt that reached the trigger, or what caps cut off.
    parts: Option<Parts>,
}

fn due_by(shape: &TiltShape, rule: Counted<'_>, of: (&Case<'_>, &Work)) -> Due {
    match shape {
        TiltShape::TargetRatio { groups, trigger, trigger_on, limit } => {
            target_ratio(rule, groups, ((*trigger, *trigger_on), limit), of)
        }
        TiltShape::ExcessRatio { bands, threshold, beyond_cap_of, limit } => {
            let chosen = match beyond_cap_of {
                Some(pool) => cut_off_of(rule, *pool, of),
                None => self_pay_of(rule, of),
            };
            excess_ratio(chosen, (bands, *threshold, limit), of.1)
        }
    }
}

fn pay_tilt<L: Ledger>(
    rule: &Tilt,
    (mut due, best): (Vec<(Category, Due)>, usize),
    (work, ledger): (&mut Work, &mut L),
) {
    let (category, Due { paid, formula, groups, parts }) = due.remove(best);
    let other = |(category, due): &(Category, Due)| OtherIdentity { category: *category, amount: due.paid };
    ledger.others(|| due.iter().map(other).collect());
    work.tilted.extend(groups);
    if let Some(parts) = parts {
        ledger.parts(|| parts);
    }
    let shape = rule.shapes_of(category.bit()).next();
    if let Some(within) = shape.and_then(|(_, shape)| shape.limit().within) {
        work.state.pools[within.pool].paid += paid;
    }
    pay_at_year_end(Layer::Tilt, (rule.rule, category), (paid, formula), (work, ledger));
}

/// What is left under the caps of a tilt, and what counts against its own.
fn room_of(limit: &TiltCap, work: &Work) -> (Fen, Fen) {
    let already = match limit.counts {
        CapCounts::AllAssistance => work.assistance,
        CapCounts::TiltAlone => Fen::ZERO,
    };
    let own = room_under(limit.cap, already);
    let further = limit.within.map_or(Fen::UNBOUNDED, |one| work.state.room_under(one.pool, one.cap));
    (own.min(further.max(Fen::ZERO)), already)
}

fn counts((rule, (first, last)): Counted<'_>, case: &Case<'_>, settled: (&SettledClaim, usize)) -> bool {
    let (claim, index) = settled;
    let typed = &case.claims[index];
    (first..=last).contains(&claim.schedule)
        && claim.held & rule.categories != 0
        && rule.when.includes(typed.kind, Setting::of(typed), typed.disease)
}

/// In-scope self-pay of a claim that earlier tilt rules left.
fn left_by_tilts(work: &Work, index: usize) -> Fen {
    let taken: Fen = tilts_of(index, work).map(|(_, claim)| claim.taken).sum();
    work.settled[index].patient_in_scope - taken
}

/// The claims that count for a rule and are of these kinds, each with the self-pay left so far.
fn selected(rule: Counted<'_>, kinds: u8, (case, work): (&Case<'_>, &Work)) -> Vec<(usize, Fen)> {
    (0..work.settled.len())
        .filter(|&index| kinds & (1 << case.claims[index].kind as u8) != 0)
        .filter(|&index| counts(rule, case, (&work.settled[index], index)))
        .map(|index| (index, left_by_tilts(work, index)))
        .collect()
}

fn sum_of(claims: &[(usize, Fen)]) -> Fen {
    claims.iter().map(|(_, self_pay)| *self_pay).sum()
}

/// The kinds of each group: one that several groups name belongs to the first, so that no claim is topped up twice.
pub(crate) fn own_kinds(groups: &[TargetGroup]) -> impl Iterator<Item = u8> + '_ {
    groups.iter().scan(0, |taken, group| {
        let own = group.kinds & !*taken;
        *taken |= group.kinds;
        Some(own)
    })
}

/// Tops up each group of claims to its target share of the in-scope cost.
fn target_ratio(
    rule: Counted<'_>,
    groups: &[TargetGroup],
    ((trigger, trigger_on), limit): ((Fen, TriggerOn), &TiltCap),
    (case, work): (&Case<'_>, &Work),
) -> Due {
    let chosen: Vec<Vec<(usize, Fen)>> =
        own_kinds(groups).map(|kinds| selected(rule, kinds, (case, work))).collect();
    let burden: Fen = chosen.iter().map(|claims| sum_of(claims)).sum();
    let reached = |self_pay: Fen| match trigger_on {
        TriggerOn::AllGroups => burden >= trigger,
        TriggerOn::EachGroup => self_pay >= trigger,
    };
    let (room, already) = room_of(limit, work);
    let mut paid = Fen::ZERO;
    let mut wanted = Fen::ZERO;
    let (mut tilted, mut tops) = (Vec::new(), Vec::new());
    let some = |claims: &[(usize, Fen)]| burden > Fen::ZERO && reached(sum_of(claims));
    for (group, claims) in groups.iter().zip(&chosen).filter(|(_, claims)| some(claims)) {
        let in_scope: Fen = claims.iter().map(|&(index, _)| work.settled[index].in_scope).sum();
        let top_up = (group.target.of(in_scope) - (in_scope - sum_of(claims))).max(Fen::ZERO);
        let amount = top_up.min(room_under(room, paid)).min(sum_of(claims));
        wanted += top_up;
        paid += amount;
        tilted.push(TiltedGroup::spread(amount, claims));
        tops.push(TopUp { target: group.target, in_scope, paid: in_scope - sum_of(claims) });
    }
    let ratio = groups.first().map_or(Ratio::ZERO, |group| group.target);
    let formula =
        Formula { base: burden, before: already, deductible: trigger, ratio, uncapped: wanted, room };
    Due { paid, formula, groups: tilted, parts: Some(Parts::Targets(tops)) }
}

/// What a threshold is held against: an amount, and the claims that it belongs to with the whole fen of each.
struct Burdened {
    amount: Exact,
    claims: Vec<(usize, Fen)>,
    parts: Option<Parts>,
}

/// The self-pay of the claims that count.
fn self_pay_of(rule: Counted<'_>, of: (&Case<'_>, &Work)) -> Burdened {
    let claims = selected(rule, u8::MAX, of);
    Burdened { amount: Exact::less(sum_of(&claims), 0, 1), claims, parts: None }
}

/// What the caps of a pool cut off of the claims that count, as far as earlier tilt rules left it.
fn cut_off_of(rule: Counted<'_>, pool: usize, of: (&Case<'_>, &Work)) -> Burdened {
    let mut all = Burdened { amount: Exact::ZERO, claims: Vec::new(), parts: None };
    let mut parts = Vec::new();
    for (index, left) in selected(rule, u8::MAX, of) {
        let own = of.1.state.cut_offs.iter().filter(|one| one.claim == index && one.pool == pool);
        let counted = cut_off::counted(own.clone(), left);
        if !counted.exceeds(Fen::ZERO) {
            continue;
        }
        parts.extend(cut_off::parts_of(own, left));
        all.amount = all.amount.plus(counted);
        all.claims.push((index, counted.fen()));
    }
    Burdened { parts: Some(Parts::CutOff(parts)), ..all }
}

/// Pays a share of what lies above a threshold.
fn excess_ratio(
    Burdened { amount, claims, parts }: Burdened,
    (bands, threshold, limit): (&[Band], Fen, &TiltCap),
    work: &Work,
) -> Due {
    let base = amount.fen();
    let uncapped = amount.banded(bands, threshold);
    let (room, before) = room_of(limit, work);
    let paid = uncapped.min(room).min(base).max(Fen::ZERO);
    let ratio = first_ratio(bands);
    let formula = Formula { base, before, deductible: threshold, ratio, uncapped, room };
    let groups =
        if amount.exceeds(threshold) { vec![TiltedGroup::spread(paid, &claims)] } else { Vec::new() };
    Due { paid, formula, groups, parts }
}

fn first_ratio(bands: &[Band]) -> Ratio {
    bands.first().map_or(Ratio::ZERO, |band| band.ratio)
}

fn room_under(cap: Fen, used: Fen) -> Fen {
    if cap == Fen::UNBOUNDED { cap } else { cap.above(used) }
}

fn pay_at_year_end<L: Ledger>(
    layer: Layer,
    (rule, category): (RuleId, Category),
    (amount, formula): (Fen, Formula),
    (work, ledger): (&mut Work, &mut L),
) {
    work.assistance += amount;
    work.year_end += amount;
    let outside = Fen::ZERO;
    ledger.pays(&Payment { layer, rule, category, claim: None, amount, outside, formula });
}

/// Step 6: assistance on application, by the schedule of the month of recognition.
pub(super) fn application<L: Ledger>(rules: &YearRules, case: &Case<'_>, work: &mut Work, ledger: &mut L) {
    let Some(recognised) = case.person.recognised else { return };
    let schedule = &rules.schedules[rules.number_in(recognised)];
    let assisted =
        case.person.spells.iter().any(|spell| {
            spell.touches(recognised, recognised) && spell.category.bit() & schedule.assisted != 0
        });
    let mut paid = Fen::ZERO;
    for rule in &schedule.applications {
        if rule.who.includes(&case.person) {
            let when = if assisted { rule.when_assisted } else { rule.when };
            paid += apply(rule, (when, recognised, paid), (rules.year, case), (work, ledger));
        }
    }
}

fn apply<L: Ledger>(
    rule: &Application,
    (when, recognised, paid): (When, Month, Fen),
    (year, case): (u16, &Case<'_>),
    (work, ledger): (&mut Work, &mut L),
) -> Fen {
    let (first, last) = rule.window.ending(recognised);
    let shared = |index: usize| rule.pool.is_some_and(|pool| work.state.counted.contains(&(index, pool)));
    // What an earlier rule of application paid is taken off, so that a yuan is never paid twice.
    let mut burden = Burden { self_pay: -paid, ..Burden::default() };
    let mut counted = Vec::new();
    for (index, claim) in case.claims.iter().enumerate() {
        let inside = (first..=last).contains(&claim.month_in(year));
        if inside && when.includes(claim.kind, Setting::of(claim), claim.disease) && !shared(index) {
            burden.add(work.settled[index].patient_in_scope, tilts_of(index, work));
            counted.extend(rule.pool.map(|pool| (index, pool)));
        }
    }
    let own = burden.self_pay + paid;
    for claim in case.earlier {
        if (first..=last).contains(&claim.admitted) && when.includes(claim.kind, claim.setting, claim.disease)
        {
            burden.add(claim.self_pay, std::iter::empty());
        }
    }
    // A pool that is shared goes on where regular assistance stopped.
    let (before, used) = rule.pool.map_or((Fen::ZERO, Fen::ZERO), |pool| {
        let PoolState { bases, paid } = work.state.pools[pool];
        (bases, paid)
    });
    let (base, uncapped) = burden.payment(rule, before, &work.tilted);
    ledger.parts(|| {
        let tilts = burden.tilt_parts(&work.tilted);
        Parts::Window(Window { first, last, when, self_pay: own, paid, tilts })
    });
    let room = if rule.cap == Fen::UNBOUNDED { rule.cap } else { (rule.cap - used).max(Fen::ZERO) };
    let amount = uncapped.min(room).min(left(case, work)).max(Fen::ZERO);
    let formula = Formula {
        base,
        before,
        deductible: rule.deductible,
        ratio: first_ratio(&rule.bands),
        uncapped,
        room,
    };
    if let Some(pool) = rule.pool {
        work.state.counted.extend(counted);
        work.state.pools[pool].bases += base;
        work.state.pools[pool].paid += amount;
    }
    pay_at_year_end(Layer::Application, (rule.rule, Category::ORDINARY), (amount, formula), (work, ledger));
    amount
}

/// What is left to the patient in scope of the bills of the year and of those before that were given.
fn left(case: &Case<'_>, work: &Work) -> Fen {
    let own: Fen = work.settled.iter().map(|claim| claim.patient_in_scope).sum();
    let earlier: Fen = case.earlier.iter().map(|claim| claim.self_pay).sum();
    own + earlier - work.year_end
}

/// The tilt payments that a claim had a part in, by number, with that part.
fn tilts_of(index: usize, work: &Work) -> impl Iterator<Item = (usize, TiltedClaim)> {
    work.tilted.iter().enumerate().filter_map(move |(number, group)| {
        group.claims.iter().find(|claim| claim.claim == index).map(|claim| (number, *claim))
    })
}

/// In-scope self-pay per claim after tilt assistance, for the window of next year's applications: the share
/// of a tilt payment is rounded down, because it is carried as whole fen.
#[must_use]
pub fn self_pay_after_tilt(work: &Work, index: usize) -> Fen {
    let self_pay = work.settled[index].patient_in_scope;
    let taken: i64 = tilts_of(index, work)
        .map(|(number, claim)| {
            let group = &work.tilted[number];
            let product = i128::from(group.paid.0) * i128::from(claim.self_pay.0);
            i64_of(product / i128::from(group.self_pay.0.max(1)))
        })
        .sum();
    (self_pay - Fen(taken)).max(Fen::ZERO)
}
