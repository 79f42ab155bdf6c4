//! What the cap of a pool cuts off: the self-pay of a claim on which the pool would have paid but for its cap.

use super::claim::{Category, Person};
use super::exact::Exact;
use super::schedule::{Assistance, PoolCap, Schedule, Setting};
use super::tilts::TiltShape;
use crate::units::{Fen, Ratio};

/// The self-pay of one claim that lies beyond the cap of a pool: `whole − left ÷ ratio`.
///
/// The cap is reached within a band, when what was left under it is used up; what the claim adds from there on lies
/// beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOff {
    /// Position of the claim in the input.
    pub claim: usize,
    /// The pool.
    pub pool: usize,
    /// What the claim adds from the band on in which the cap is reached.
    pub whole: Fen,
    /// What is left under the cap for that band, in millionths of a fen.
    pub left_millionths: i64,
    /// The share that is paid in that band.
    pub ratio: Ratio,
}

impl CutOff {
    /// The amount.
    pub(super) fn exact(&self) -> Exact {
        Exact::less(self.whole, self.left_millionths, self.ratio.0)
    }
}

/// What of a claim's cut-offs counts, where so much of the claim is left.
pub(super) fn counted<'c>(all: impl Iterator<Item = &'c CutOff>, left: Fen) -> Exact {
    all.map(CutOff::exact).fold(Exact::ZERO, Exact::plus).at_most(left)
}

/// The same as parts of a sum.
pub(super) fn parts_of<'c>(all: impl Iterator<Item = &'c CutOff> + Clone, left: Fen) -> Vec<CutOff> {
    let counted = counted(all.clone(), left);
    if counted == self::counted(all.clone(), Fen::UNBOUNDED) {
        return all.copied().collect();
    }
    let bounded = |one: &CutOff| CutOff { whole: left, left_millionths: 0, ratio: Ratio::ONE, ..*one };
    all.take(1).map(bounded).collect()
}

/// What an addition to a running sum adds beyond a cap of which `room` is left; nothing where the cap is not reached.
pub(super) fn beyond(
    bands: impl Iterator<Item = (Fen, Ratio)>,
    deductible: Fen,
    (before, after): (Fen, Fen),
    room: Fen,
) -> Option<(Fen, i64, Ratio)> {
    let mut floor = deductible;
    let mut left = room.max(Fen::ZERO).0.saturating_mul(Ratio::SCALE);
    let mut reached: Option<(Fen, i64, Ratio)> = None;
    for (to, ratio) in bands {
        let inside = (after.min(to) - before.max(floor)).max(Fen::ZERO);
        floor = floor.max(to);
        let paid = inside.0.saturating_mul(ratio.0);
        match &mut reached {
            Some((whole, ..)) => *whole += inside,
            None if paid > left => reached = Some((inside, left, ratio)),
            None => left -= paid,
        }
    }
    reached
}

/// The pool whose cap bounds a rule, where so much is left of its own and of the further pool's.
pub(super) fn bounding(rule: &Assistance, own: Fen, further: Fen) -> usize {
    match rule.within {
        Some(PoolCap { pool, .. }) if further <= own => pool,
        _ => rule.pool,
    }
}

/// Whether anything is paid on what a cap cut off.
pub(super) fn is_assisted(schedule: &Schedule) -> bool {
    let shapes = schedule.tilts.iter().flat_map(|tilt| &tilt.shapes);
    let at_year_end = |(_, shape): &(u32, TiltShape)| {
        matches!(shape, TiltShape::ExcessRatio { beyond_cap_of: Some(_), .. })
    };
    shapes.into_iter().any(at_year_end)
        || schedule.assistance.iter().flatten().any(|rule| rule.beyond_cap_of.is_some())
}

/// The in-scope self-pay of the year from which a person with these identities may be paid on what a cap cut off;
/// `Fen::UNBOUNDED` for never.
pub(super) fn self_pay_from(schedule: &Schedule, held: u32, person: &Person<'_>) -> Fen {
    let rows = || Category::open_to(held).map(|category| &schedule.assistance[schedule.row(category)]);
    let rules = rows().flatten().filter(|rule| rule.who.includes(person));
    let on_claims = rules.filter_map(|rule| Some((rule.beyond_cap_of?, Fen::ZERO)));
    let tilts = schedule.tilts.iter().filter(|tilt| tilt.who.includes(person));
    let shapes = tilts.flat_map(|tilt| tilt.shapes_of(held));
    let at_year_end = shapes.filter_map(|(_, shape)| match shape {
        TiltShape::ExcessRatio { beyond_cap_of: Some(pool), threshold, .. } => Some((*pool, *threshold)),
        _ => None,
    });
    let from = on_claims.chain(at_year_end).map(|(pool, threshold)| {
        let paying: Vec<&Assistance> = rows().flatten().filter(|rule| rule.who.includes(person)).collect();
        left_at_cap(&paying, pool).max(threshold + Fen(1))
    });
    from.min().unwrap_or(Fen::UNBOUNDED)
}

/// The least self-pay that is left when the cap of a pool is reached: paid is at most the highest ratio of what lies above
/// the lowest deductible. Where other rules may pay on the same claims, any self-pay.
fn left_at_cap(rules: &[&Assistance], pool: usize) -> Fen {
    let (mut cap, mut deductible, mut ratio) = (Fen::UNBOUNDED, Fen::UNBOUNDED, 0);
    for rule in rules.iter().filter(|rule| rule.beyond_cap_of.is_none()) {
        let further = rule.within.filter(|within| within.pool == pool);
        if rule.pool != pool && further.is_none() {
            continue;
        }
        let alone = rules
            .iter()
            .all(|other| other.pool == rule.pool || other.beyond_cap_of.is_some() || !other.overlaps(rule));
        if !alone || !rule.adjustments.is_empty() {
            return Fen(1);
        }
        let own = if rule.pool == pool { rule.annual_cap } else { Fen::UNBOUNDED };
        cap = cap.min(own).min(further.map_or(Fen::UNBOUNDED, |further| further.cap));
        deductible = deductible.min(rule.deductible);
        let highest = Setting::all().flat_map(|(setting, ..)| rule.ratios(setting)).max();
        ratio = ratio.max(highest.map_or(0, |ratio| ratio.0));
    }
    if cap == Fen::UNBOUNDED || ratio == 0 {
        return Fen::UNBOUNDED;
    }
    let at_cap = i128::from(cap.0) * i128::from(Ratio::SCALE) / i128::from(ratio) - i128::from(cap.0);
    // Each payment is rounded, by half a fen at most; nobody has that many in a year.
    Fen((i64::try_from(at_cap).unwrap_or(i64::MAX / 2) + deductible.0 - 1000).max(1))
}
