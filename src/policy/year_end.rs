//! The year's end: tilt assistance, then assistance on application.
//!
//! A tilt payment is made for a group of claims. Where only some of them count for an application, the
//! payment's share of a claim is in proportion to the claim's self-pay within its group, as an exact fraction:
//! only the application's own payment is rounded.

use super::schedule::{
    Application, CapCounts, RuleId, Setting, TargetGroup, Tilt, TiltShape, When, YearRules,
};
use super::settle::{Case, Formula, Layer, Ledger, Payment, SettledClaim, Work};
use crate::units::{Fen, Month, Ratio};

/// A tilt payment with the claims it was for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TiltedGroup {
    /// In-scope self-pay of the group's claims when it was paid.
    pub self_pay: Fen,
    /// The payment.
    pub paid: Fen,
    /// Positions of the claims in the input.
    pub claims: Vec<usize>,
}

/// Step 5: every tilt rule, over the claims during which one of its identities was held.
///
/// In a timeline each schedule's rules look at the claims that this schedule settled. Most persons never held
/// an identity that any rule is for: they are passed over before a claim is looked at.
pub(super) fn tilt<L: Ledger>(rules: &YearRules, case: &Case<'_>, work: &mut Work, ledger: &mut L) {
    if case.person.spells.is_empty() {
        return;
    }
    let held = work.settled.iter().fold(0, |held, claim| held | claim.held);
    for (number, schedule) in rules.schedules.iter().enumerate() {
        for rule in &schedule.tilts {
            if rule.categories & held == 0 || !rule.who.includes(&case.person) {
                continue;
            }
            match &rule.shape {
                TiltShape::TargetRatio { groups, trigger, cap, cap_counts } => {
                    let limits = TargetLimits { trigger: *trigger, cap: *cap, cap_counts: *cap_counts };
                    target_ratio((rule, number), groups, limits, (case, work, ledger));
                }
                TiltShape::ExcessRatio { ratio, threshold, cap } => {
                    excess_ratio((rule, number), (*ratio, *threshold, *cap), (case, work, ledger));
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
struct TargetLimits {
    trigger: Fen,
    cap: Fen,
    cap_counts: CapCounts,
}

fn counts(rule: &Tilt, number: usize, case: &Case<'_>, settled: (&SettledClaim, usize)) -> bool {
    let (claim, index) = settled;
    let typed = &case.claims[index];
    usize::from(claim.schedule) == number
        && claim.held & rule.categories != 0
        && rule.when.includes(typed.kind, Setting::of(typed))
}

/// Positions of the claims of some kinds that count for a rule.
fn selected<'s>(
    (rule, number): (&'s Tilt, usize),
    kinds: u8,
    (case, work): (&'s Case<'_>, &'s Work),
) -> impl Iterator<Item = usize> + 's {
    let of_kind = move |index: &usize| kinds & (1 << case.claims[*index].kind as u8) != 0;
    (0..work.settled.len())
        .filter(of_kind)
        .filter(move |&index| counts(rule, number, case, (&work.settled[index], index)))
}

fn self_pay_of(claims: impl Iterator<Item = usize>, work: &Work) -> Fen {
    claims.map(|index| work.settled[index].patient_in_scope).sum()
}

/// Tops up each group of claims to its target share of the in-scope cost.
fn target_ratio<L: Ledger>(
    (rule, number): (&Tilt, usize),
    groups: &[TargetGroup],
    limits: TargetLimits,
    (case, work, ledger): (&Case<'_>, &mut Work, &mut L),
) {
    let rule_number = (rule, number);
    let of_group = |group: &TargetGroup, work: &Work| {
        self_pay_of(selected(rule_number, group.kinds, (case, work)), work)
    };
    let burden: Fen = groups.iter().map(|group| of_group(group, work)).sum();
    if burden < limits.trigger || burden == Fen::ZERO {
        return;
    }
    let already = match limits.cap_counts {
        CapCounts::AllAssistance => work.assistance,
        CapCounts::TiltAlone => Fen::ZERO,
    };
    let room = room_under(limits.cap, already);
    let mut paid = Fen::ZERO;
    let mut wanted = Fen::ZERO;
    for group in groups {
        let claims: Vec<usize> = selected(rule_number, group.kinds, (case, work)).collect();
        let self_pay = of_group(group, work);
        let in_scope: Fen = claims.iter().map(|&index| work.settled[index].in_scope).sum();
        let top_up = (group.target.of(in_scope) - (in_scope - self_pay)).max(Fen::ZERO);
        let amount = top_up.min(room_under(room, paid));
        wanted += top_up;
        paid += amount;
        work.tilted.push(TiltedGroup { self_pay, paid: amount, claims });
    }
    let ratio = groups.first().map_or(Ratio::ZERO, |group| group.target);
    let formula =
        Formula { base: burden, before: already, deductible: limits.trigger, ratio, uncapped: wanted, room };
    pay_at_year_end(Layer::Tilt, rule.rule, (paid, formula), (work, ledger));
}

/// Pays a share of the self-pay above a threshold.
fn excess_ratio<L: Ledger>(
    (rule, number): (&Tilt, usize),
    (ratio, threshold, cap): (Ratio, Fen, Fen),
    (case, work, ledger): (&Case<'_>, &mut Work, &mut L),
) {
    let self_pay = self_pay_of(selected((rule, number), u8::MAX, (case, work)), work);
    if self_pay <= threshold {
        return;
    }
    let claims: Vec<usize> = selected((rule, number), u8::MAX, (case, work)).collect();
    let uncapped = ratio.of(self_pay.above(threshold));
    let amount = uncapped.min(cap);
    work.tilted.push(TiltedGroup { self_pay, paid: amount, claims });
    let formula =
        Formula { base: self_pay, before: Fen::ZERO, deductible: threshold, ratio, uncapped, room: cap };
    pay_at_year_end(Layer::Tilt, rule.rule, (amount, formula), (work, ledger));
}

fn room_under(cap: Fen, used: Fen) -> Fen {
    if cap == Fen::UNBOUNDED { cap } else { cap.above(used) }
}

fn pay_at_year_end<L: Ledger>(
    layer: Layer,
    rule: RuleId,
    (amount, formula): (Fen, Formula),
    (work, ledger): (&mut Work, &mut L),
) {
    work.assistance += amount;
    work.year_end += amount;
    ledger.pays(&Payment { layer, rule, claim: None, amount, formula });
}

/// Step 6: assistance on application, by the schedule of the month of recognition.
pub(super) fn application<L: Ledger>(rules: &YearRules, case: &Case<'_>, work: &mut Work, ledger: &mut L) {
    let Some(recognised) = case.person.recognised else { return };
    let schedule = &rules.schedules[rules.number_in(recognised)];
    let assisted =
        case.person.spells.iter().any(|spell| {
            spell.touches(recognised, recognised) && spell.category.bit() & schedule.assisted != 0
        });
    for rule in &schedule.applications {
        if rule.who.includes(&case.person) {
            let when = if assisted { rule.when_assisted } else { rule.when };
            apply(rule, (when, recognised), case, (work, ledger));
        }
    }
}

fn apply<L: Ledger>(
    rule: &Application,
    (when, recognised): (When, Month),
    case: &Case<'_>,
    (work, ledger): (&mut Work, &mut L),
) {
    let first = Month(recognised.0.saturating_sub(rule.window_months - 1));
    let mut burden = Burden::default();
    for (index, claim) in case.claims.iter().enumerate() {
        let inside = (first..=recognised).contains(&claim.admitted.month);
        if inside && when.includes(claim.kind, Setting::of(claim)) {
            burden.add(work.settled[index].patient_in_scope, tilts_of(index, work));
        }
    }
    for claim in case.earlier {
        if claim.admitted >= first && when.includes(claim.kind, claim.setting) {
            burden.add(claim.self_pay, std::iter::empty());
        }
    }
    let (base, uncapped) = burden.payment(rule.ratio, rule.deductible, &work.tilted);
    let amount = uncapped.min(rule.cap);
    let formula = Formula {
        base,
        before: Fen::ZERO,
        deductible: rule.deductible,
        ratio: rule.ratio,
        uncapped,
        room: rule.cap,
    };
    pay_at_year_end(Layer::Application, rule.rule, (amount, formula), (work, ledger));
}

fn tilts_of(index: usize, work: &Work) -> impl Iterator<Item = usize> {
    work.tilted
        .iter()
        .enumerate()
        .filter(move |(_, group)| group.claims.contains(&index))
        .map(|(number, _)| number)
}

/// The self-pay that counts for an application, with what tilt assistance took of it.
#[derive(Debug, Default)]
struct Burden {
    self_pay: Fen,
    /// Self-pay that counts within each tilt payment's group.
    counted: Vec<Fen>,
}

impl Burden {
    fn add(&mut self, self_pay: Fen, tilts: impl Iterator<Item = usize>) {
        self.self_pay += self_pay;
        for tilt in tilts {
            if self.counted.len() <= tilt {
                self.counted.resize(tilt + 1, Fen::ZERO);
            }
            self.counted[tilt] += self_pay;
        }
    }

    /// The self-pay after tilt assistance (rounded down, for display) and `ratio ×` what exceeds the
    /// deductible, rounded half up once.
    ///
    /// With tilt payments `T` on groups of self-pay `S`, of which `C` counts, the base is
    /// `Σ C − Σ T × C / S`. Whole fen and the fractions are kept apart so that 128 bits are enough.
    fn payment(&self, ratio: Ratio, deductible: Fen, tilted: &[TiltedGroup]) -> (Fen, Fen) {
        let mut whole = i128::from(self.self_pay.0);
        // The sum of the fractions taken off, as numerator over denominator.
        let (mut numerator, mut denominator) = (0_i128, 1_i128);
        for (group, counted) in tilted.iter().zip(&self.counted) {
            let all = i128::from(group.self_pay.0);
            if all == 0 {
                continue;
            }
            let product = i128::from(group.paid.0) * i128::from(counted.0);
            whole -= product / all;
            let rest = product % all;
            if rest != 0 {
                numerator = numerator * all + rest * denominator;
                denominator *= all;
            }
        }
        let display = whole - i128::from(numerator != 0);
        let excess = whole - i128::from(deductible.0);
        // excess − numerator / denominator must be positive.
        if excess <= 0 || excess * denominator <= numerator {
            return (Fen(i64_of(display)), Fen::ZERO);
        }
        let scale = i128::from(Ratio::SCALE);
        let scaled = i128::from(ratio.0) * excess;
        let (quotient, remainder) = (scaled / scale, scaled % scale);
        let fraction = remainder * denominator - i128::from(ratio.0) * numerator;
        let unit = scale * denominator;
        let rounded = quotient + (2 * fraction + unit).div_euclid(2 * unit);
        (Fen(i64_of(display)), Fen(i64_of(rounded)))
    }
}

fn i64_of(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// In-scope self-pay per claim after tilt assistance, for the window of next year's applications: the share
/// of a tilt payment is rounded down, because it is carried as whole fen.
#[must_use]
#[inline]
pub fn self_pay_after_tilt(work: &Work, index: usize) -> Fen {
    let self_pay = work.settled[index].patient_in_scope;
    if work.tilted.is_empty() {
        return self_pay.max(Fen::ZERO);
    }
    let taken: i64 = tilts_of(index, work)
        .map(|number| {
            let group = &work.tilted[number];
            let product = i128::from(group.paid.0) * i128::from(self_pay.0);
            i64_of(product / i128::from(group.self_pay.0.max(1)))
        })
        .sum();
    (self_pay - Fen(taken)).max(Fen::ZERO)
}
