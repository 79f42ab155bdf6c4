//! The year's end: tilt assistance; what assistance on application (`application`) sees of it.
//!
//! A tilt payment is made for a group of claims, of one person or of a household. Where only some of them count for an
//! application, the payment's share of a claim is in proportion to the claim's self-pay within its group, as an exact
//! fraction: only the application's own payment is rounded. A later tilt rule sees what earlier ones left; for it each
//! payment is spread over its claims in whole fen.

use super::claim::Category;
use super::cut_off::{self, CutOff};
use super::exact::{Exact, i64_of};
use super::parts::{HouseholdPart, OtherIdentity, Parts, TopUp};
use super::schedule::{
    Band, CapCounts, RuleId, SelfPayRange, Setting, TargetGroup, Tilt, TiltCap, TiltShape, TriggerOn,
    YearRules,
};
use super::settle::{
    Case, Formula, HouseholdSums, Layer, Ledger, Members, Payment, SettledClaim, Work, share_out,
};
use super::sums::SumsOf;
use crate::units::{Fen, Ratio};

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

/// Tells the tilt payments of a settlement apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TiltNumber {
    /// The member to whom it was made; none for a household together, whose members have it under one number.
    pub member: Option<usize>,
    /// How many were made before.
    pub nth: usize,
}

/// A tilt payment with the claims of one person that it was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TiltedGroup {
    /// Which payment of the settlement it was.
    pub number: TiltNumber,
    /// In-scope self-pay of the group's claims when it was paid, of all members.
    pub self_pay: Fen,
    /// The payment, to all members.
    pub paid: Fen,
    /// The person's claims.
    pub claims: Vec<TiltedClaim>,
}

/// A claim that counts, of a member, with the self-pay that is left of it.
#[derive(Debug, Clone, Copy)]
struct Counting {
    member: usize,
    claim: usize,
    left: Fen,
}

/// A payment spread over claims.
struct Spread {
    self_pay: Fen,
    paid: Fen,
    claims: Vec<(usize, TiltedClaim)>,
}

impl Spread {
    /// Spreads a payment over claims in proportion to their self-pay; the parts add up to it.
    fn new(paid: Fen, claims: &[Counting]) -> Self {
        let self_pay = sum_of(claims);
        let all = i128::from(self_pay.0.max(1));
        let (mut so_far, mut given) = (0_i128, Fen::ZERO);
        let claims = claims
            .iter()
            .map(|&Counting { member, claim, left: self_pay }| {
                so_far += i128::from(self_pay.0);
                let taken = Fen(i64_of(i128::from(paid.0) * so_far / all)) - given;
                given += taken;
                (member, TiltedClaim { claim, self_pay, taken })
            })
            .collect();
        Self { self_pay, paid, claims }
    }

    /// The part of a member.
    fn of(&self, number: TiltNumber, member: usize) -> TiltedGroup {
        let own = self.claims.iter().filter(|(of, _)| *of == member).map(|(_, claim)| *claim);
        TiltedGroup { number, self_pay: self.self_pay, paid: self.paid, claims: own.collect() }
    }

    fn taken_by(&self, member: usize) -> Fen {
        self.claims.iter().filter(|(of, _)| *of == member).map(|(_, claim)| claim.taken).sum()
    }
}

/// Step 5: every tilt rule, in the order of the file, over the claims during which one of its identities was held.
///
/// In a timeline each schedule's rules look at the claims that this schedule settled, or at those of the whole year where
/// the scenario says so. What reaches no threshold is told as a payment of nothing. Most persons never held an identity
/// that any rule is for: they are passed over before a claim is looked at.
pub(super) fn tilt<L: Ledger>(rules: &YearRules, members: &mut Members<'_, '_, L>) {
    if members.cases.iter().all(|case| case.person.spells.is_empty()) {
        return;
    }
    for (number, schedule) in rules.schedules.iter().enumerate() {
        let settled_by = (rules.tilts_count_from[number], number as u8);
        for rule in &schedule.tilts {
            members.each((rules, rule.sums_of), |members| tilt_by(rules, (rule, settled_by), members));
        }
    }
}

/// One tilt rule for one person, or for a household together.
fn tilt_by<L: Ledger>(rules: &YearRules, counted: Counted<'_>, members: &mut Members<'_, '_, L>) {
    let (cases, works) = (members.cases, &*members.works);
    let rule = counted.0;
    let is_for = |(case, work): (&Case<'_>, &Work)| {
        rule.categories & work.ever_held != 0 && rule.who.includes(&case.person)
    };
    if !cases.iter().zip(works).any(is_for) {
        return;
    }
    let claims = selected((counted, SelfPayRange::default()), u8::MAX, (cases, works));
    let held = claims.iter().fold(0, |held, one| held | works[one.member].settled[one.claim].held);
    let due = rule.shapes_of(held);
    let due: Vec<(Category, Due)> =
        due.map(|(category, shape)| (category, due_by(shape, counted, (cases, works)))).collect();
    // The best-ranked identity comes first, so that it is taken of equals.
    let most = due.iter().map(|(_, due)| due.paid).max();
    if let Some(best) = due.iter().position(|(_, due)| Some(due.paid) == most) {
        let each =
            rule.shapes_of(due[best].0.bit()).next().map_or_else(SelfPayRange::default, |of| of.1.each());
        let claims = selected((counted, each), u8::MAX, (cases, works));
        pay_tilt((rules, rule), (due, best), &claims, members);
    }
}

/// A tilt rule with the first and the last schedule whose claims count for it.
type Counted<'a> = (&'a Tilt, (u8, u8));

/// The members whose sums count together: often one person.
type Of<'a, 'c> = (&'a [Case<'c>], &'a [Work]);

/// What one shape of a tilt rule would pay, and on what.
struct Due {
    paid: Fen,
    formula: Formula,
    groups: Vec<Spread>,
    /// The groups of a target-ratio tilt that reached the trigger, or what caps cut off.
    parts: Option<Parts>,
}

fn due_by(shape: &TiltShape, rule: Counted<'_>, of: Of<'_, '_>) -> Due {
    match shape {
        TiltShape::TargetRatio { groups, trigger, trigger_on, each, limit } => {
            target_ratio((rule, *each), groups, ((*trigger, *trigger_on), limit), of)
        }
        TiltShape::ExcessRatio { bands, threshold, beyond_cap_of, each, limit } => {
            let chosen = match beyond_cap_of {
                Some(pool) => cut_off_of((rule, *each), *pool, of),
                None => self_pay_of((rule, *each), of),
            };
            excess_ratio(chosen, (bands, *threshold, limit), of.1)
        }
    }
}

/// Pays what is due: each member of a household gets a part, in proportion to the claims that it is for.
fn pay_tilt<L: Ledger>(
    (rules, rule): (&YearRules, &Tilt),
    (mut due, best): (Vec<(Category, Due)>, usize),
    claims: &[Counting],
    members: &mut Members<'_, '_, L>,
) {
    let (category, Due { paid, formula, groups, parts }) = due.remove(best);
    let others: Vec<OtherIdentity> =
        due.iter().map(|(category, due)| OtherIdentity { category: *category, amount: due.paid }).collect();
    let shape = rule.shapes_of(category.bit()).next();
    let within = shape.and_then(|(_, shape)| shape.limit().within);
    let n = members.works.len();
    let own = |member: usize| claims.iter().filter(|one| one.member == member).map(|one| one.left).sum();
    let own: Vec<Fen> = (0..n).map(own).collect();
    let part = |member: usize| {
        let taken: Fen = groups.iter().map(|group| group.taken_by(member)).sum();
        (taken, members.works[member].left_in_scope())
    };
    let paid_to = share_out(paid, &(0..n).map(part).collect::<Vec<_>>());
    let wanted = own.iter().map(|own| (*own, Fen::UNBOUNDED)).collect::<Vec<_>>();
    let wanted = share_out(formula.uncapped, &wanted);
    let number = TiltNumber {
        member: (rule.sums_of == SumsOf::Person).then_some(members.first),
        nth: members.works.iter().map(|work| work.tilted.len()).sum(),
    };
    for member in (0..n).filter(|member| claims.iter().any(|one| one.member == *member)) {
        let (work, ledger) = (&mut members.works[member], &mut members.ledgers[member]);
        ledger.others(|| others.clone());
        if let Some(parts) = &parts {
            ledger.parts(|| parts.clone());
        }
        if n > 1 {
            let whole = || HouseholdSums::Part(HouseholdPart { formula, paid, own: own.clone() });
            ledger.of_household(whole);
        }
        let groups = groups.iter().enumerate();
        let numbered = |position: usize| TiltNumber { nth: number.nth + position, ..number };
        work.tilted.extend(groups.map(|(position, group)| group.of(numbered(position), member)));
        if let Some(within) = within {
            work.state.pools[within.pool].paid += paid_to[member];
        }
        let formula = Formula { uncapped: wanted[member], ..formula };
        pay_at_year_end(Layer::Tilt, (rule.rule, category), (paid_to[member], formula), (work, ledger));
        members.share(rules, member);
    }
}

/// What is left under the caps of a tilt, and what counts against its own.
fn room_of(limit: &TiltCap, works: &[Work]) -> (Fen, Fen) {
    let already = match limit.counts {
        CapCounts::AllAssistance => works.iter().map(|work| work.assistance).sum(),
        CapCounts::TiltAlone => Fen::ZERO,
    };
    let own = room_under(limit.cap, already);
    // A pool of a household is the same with each member.
    let further = limit.within.map_or(Fen::UNBOUNDED, |one| works[0].state.room_under(one.pool, one.cap));
    (own.min(further.max(Fen::ZERO)), already)
}

fn counts((rule, (first, last)): Counted<'_>, case: &Case<'_>, settled: (&SettledClaim, usize)) -> bool {
    let (claim, index) = settled;
    let typed = &case.claims[index];
    (first..=last).contains(&claim.schedule)
        && claim.held & rule.categories != 0
        && rule.who.includes(&case.person)
        && rule.when.includes(typed.kind, Setting::of(typed), typed.disease)
}

/// In-scope self-pay of a claim that earlier tilt rules left.
fn left_by_tilts(work: &Work, index: usize) -> Fen {
    let taken: Fen = tilts_of(index, work).map(|(_, claim)| claim.taken).sum();
    work.settled[index].patient_in_scope - taken
}

/// The claims that count for a rule and are of these kinds, each with the self-pay left so far; those of which regular
/// assistance left an amount in a range.
fn selected(
    (rule, each): (Counted<'_>, SelfPayRange),
    kinds: u8,
    (cases, works): Of<'_, '_>,
) -> Vec<Counting> {
    let of = |(member, (case, work)): (usize, (&Case<'_>, &Work))| {
        let claims = (0..work.settled.len())
            .filter(|&index| kinds & (1 << case.claims[index].kind as u8) != 0)
            .filter(|&index| counts(rule, case, (&work.settled[index], index)))
            .filter(|&index| each.includes(work.settled[index].patient_in_scope));
        claims
            .map(|claim| Counting { member, claim, left: left_by_tilts(work, claim) })
            .collect::<Vec<Counting>>()
    };
    cases.iter().zip(works).enumerate().flat_map(of).collect()
}

fn sum_of(claims: &[Counting]) -> Fen {
    claims.iter().map(|one| one.left).sum()
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
    rule: (Counted<'_>, SelfPayRange),
    groups: &[TargetGroup],
    ((trigger, trigger_on), limit): ((Fen, TriggerOn), &TiltCap),
    (cases, works): Of<'_, '_>,
) -> Due {
    let chosen: Vec<Vec<Counting>> =
        own_kinds(groups).map(|kinds| selected(rule, kinds, (cases, works))).collect();
    let burden: Fen = chosen.iter().map(|claims| sum_of(claims)).sum();
    let reached = |self_pay: Fen| match trigger_on {
        TriggerOn::AllGroups => burden >= trigger,
        TriggerOn::EachGroup => self_pay >= trigger,
    };
    let (room, already) = room_of(limit, works);
    let mut paid = Fen::ZERO;
    let mut wanted = Fen::ZERO;
    let (mut tilted, mut tops) = (Vec::new(), Vec::new());
    let some = |claims: &[Counting]| burden > Fen::ZERO && reached(sum_of(claims));
    for (group, claims) in groups.iter().zip(&chosen).filter(|(_, claims)| some(claims)) {
        let in_scope = |one: &Counting| works[one.member].settled[one.claim].in_scope;
        let in_scope: Fen = claims.iter().map(in_scope).sum();
        let top_up = (group.target.of(in_scope) - (in_scope - sum_of(claims))).max(Fen::ZERO);
        let amount = top_up.min(room_under(room, paid)).min(sum_of(claims));
        wanted += top_up;
        paid += amount;
        tilted.push(Spread::new(amount, claims));
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
    claims: Vec<Counting>,
    parts: Option<Parts>,
}

/// The self-pay of the claims that count.
fn self_pay_of(rule: (Counted<'_>, SelfPayRange), of: Of<'_, '_>) -> Burdened {
    let claims = selected(rule, u8::MAX, of);
    Burdened { amount: Exact::less(sum_of(&claims), 0, 1), claims, parts: None }
}

/// What the caps of a pool cut off of the claims that count, as far as earlier tilt rules left it.
fn cut_off_of(rule: (Counted<'_>, SelfPayRange), pool: usize, of: Of<'_, '_>) -> Burdened {
    let mut all = Burdened { amount: Exact::ZERO, claims: Vec::new(), parts: None };
    let mut parts = Vec::new();
    let by_claim: Vec<Vec<CutOff>> = of.1.iter().map(|work| work.state.cut_offs_by_claim(pool)).collect();
    for Counting { member, claim, left } in selected(rule, u8::MAX, of) {
        let all_of_member = &by_claim[member];
        let begins = all_of_member.partition_point(|one| one.claim < claim);
        let own = all_of_member[begins..].iter().take_while(|one| one.claim == claim);
        let counted = cut_off::counted(own.clone(), left);
        if !counted.exceeds(Fen::ZERO) {
            continue;
        }
        parts.extend(cut_off::parts_of(own, left));
        all.amount = all.amount.plus(counted);
        all.claims.push(Counting { member, claim, left: counted.fen() });
    }
    Burdened { parts: Some(Parts::CutOff(parts)), ..all }
}

/// Pays a share of what lies above a threshold.
fn excess_ratio(
    Burdened { amount, claims, parts }: Burdened,
    (bands, threshold, limit): (&[Band], Fen, &TiltCap),
    works: &[Work],
) -> Due {
    let base = amount.fen();
    let uncapped = amount.banded(bands, threshold);
    let (room, before) = room_of(limit, works);
    let paid = uncapped.min(room).min(base).max(Fen::ZERO);
    let ratio = first_ratio(bands);
    let formula = Formula { base, before, deductible: threshold, ratio, uncapped, room };
    let groups = if amount.exceeds(threshold) { vec![Spread::new(paid, &claims)] } else { Vec::new() };
    Due { paid, formula, groups, parts }
}

pub(super) fn first_ratio(bands: &[Band]) -> Ratio {
    bands.first().map_or(Ratio::ZERO, |band| band.ratio)
}

impl Work {
    /// What is left to the patient in scope, after what was paid at the year's end so far.
    pub(super) fn left_in_scope(&self) -> Fen {
        self.settled.iter().map(|claim| claim.patient_in_scope).sum::<Fen>() - self.year_end
    }
}

fn room_under(cap: Fen, used: Fen) -> Fen {
    if cap == Fen::UNBOUNDED { cap } else { cap.above(used) }
}

pub(super) fn pay_at_year_end<L: Ledger>(
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

/// The tilt payments that a claim had a part in, by number, with that part.
pub(super) fn tilts_of(index: usize, work: &Work) -> impl Iterator<Item = (usize, TiltedClaim)> {
    work.tilted.iter().enumerate().filter_map(move |(number, group)| {
        group.claims.iter().find(|claim| claim.claim == index).map(|claim| (number, *claim))
    })
}

/// In-scope self-pay per claim after tilt assistance, for the window of next year's applications: the share
/// of a tilt payment is rounded down, because it is carried as whole fen.
#[must_use]
pub fn self_pay_after_tilt(work: &Work, index: usize) -> Fen {
    let taken = tilts_of(index, work).map(|(number, claim)| taken_of(&work.tilted[number], claim)).sum();
    (work.settled[index].patient_in_scope - taken).max(Fen::ZERO)
}

/// The same of all claims, in their order.
#[must_use]
pub fn self_pays_after_tilt(work: &Work) -> Vec<Fen> {
    let mut taken = vec![Fen::ZERO; work.settled.len()];
    for group in &work.tilted {
        group.claims.iter().for_each(|claim| taken[claim.claim] += taken_of(group, *claim));
    }
    let left = |(settled, taken): (&SettledClaim, Fen)| (settled.patient_in_scope - taken).max(Fen::ZERO);
    work.settled.iter().zip(taken).map(left).collect()
}

/// The part of a tilt payment that went to one claim.
fn taken_of(group: &TiltedGroup, claim: TiltedClaim) -> Fen {
    let product = i128::from(group.paid.0) * i128::from(claim.self_pay.0);
    Fen(i64_of(product / i128::from(group.self_pay.0.max(1))))
}
