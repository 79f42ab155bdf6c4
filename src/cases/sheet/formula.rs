//! The formulas of a settlement sheet: how each payment came about, with its value before rounding.

use super::super::SettledCase;
use super::super::typed::TypedCase;
use super::{Scribe, exact, product};
use crate::policy::schedule::{Adjustment, At, Band, Setting, TargetGroup, Tilt, TiltShape};
use crate::policy::settle::{Formula, Layer, Payment, SettledClaim};
use crate::units::{Fen, Ratio};

/// A formula and its value in fen-millionths.
type Worked = (String, i128);

impl Scribe<'_> {
    /// The formula of a claim's payment and its value before rounding.
    pub(super) fn formula(
        &self,
        case: &TypedCase,
        (index, done): (usize, &SettledClaim),
        payment: &Payment,
    ) -> (String, String) {
        let f = &payment.formula;
        let person = case.person();
        let claim = &case.claims[index];
        let at = At { person: &person, claim, setting: Setting::of(claim), category: done.category };
        let (text, value) = match payment.layer {
            Layer::Provider => (
                format!("{} − min({}, {} × {})", f.base, f.base, f.ratio, f.before),
                i128::from((f.base - f.deductible).max(Fen::ZERO).0) * i128::from(Ratio::SCALE),
            ),
            Layer::Basic => self.basic(done, &at, f),
            Layer::Critical => self.critical(done, &at, f),
            _ => self.assistance(done, &at, payment),
        };
        (self.capped(text, payment), exact(value))
    }

    /// Adds what was left of a cap where it bound the payment.
    pub(super) fn capped(&self, text: String, payment: &Payment) -> String {
        if payment.amount < payment.formula.uncapped {
            let room = payment.formula.room.max(Fen::ZERO);
            return format!("{text}{}{room}", self.say("，限额余 ", ", left under the cap "));
        }
        text
    }

    fn basic(&self, done: &SettledClaim, at: &At<'_>, f: &Formula) -> Worked {
        let rule = &self.schedule(done).basic(at.person.insurance).kinds[at.claim.kind.index()];
        let annual = rule.as_ref().map_or(Fen::ZERO, |rule| rule.annual_deductible);
        let covered = f.base.above(f.deductible);
        if annual == Fen::ZERO {
            return (format!("{} × ({} − {})", f.ratio, f.base, f.deductible), product(f.ratio, covered));
        }
        increment(f.ratio, (f.before, covered), annual)
    }

    /// The parts of the increment in the bands of critical-illness insurance.
    fn critical(&self, done: &SettledClaim, at: &At<'_>, f: &Formula) -> Worked {
        let schedule = self.schedule(done);
        let rule = &schedule.critical[schedule.row(done.category)];
        let bands =
            rule.bands.iter().map(|band| (band.to, Adjustment::apply(&rule.adjustments, band.ratio, at)));
        let (text, value) = banded(bands, f.deductible, (f.before, f.before + f.base));
        (format!("{text} ({})", self.running(f)), value)
    }

    fn running(&self, f: &Formula) -> String {
        format!(
            "{} {} → {}, {} {}",
            self.say("累计自付", "cumulative self-pay"),
            f.before,
            f.before + f.base,
            self.say("起付线", "deductible"),
            f.deductible
        )
    }

    fn assistance(&self, done: &SettledClaim, at: &At<'_>, payment: &Payment) -> Worked {
        let f = &payment.formula;
        let schedule = self.schedule(done);
        let rules = &schedule.assistance[schedule.row(done.category)];
        let rule = rules.iter().find(|rule| rule.rule == payment.rule && rule.who.includes(at.person));
        let (text, value) = match rule.filter(|rule| !rule.bands.is_empty()) {
            Some(rule) => {
                let bands = rule.bands.iter().map(|band| {
                    (band.to, Adjustment::apply(&rule.adjustments, band.ratio.at(at.setting), at))
                });
                let (text, value) = banded(bands, f.deductible, (f.before, f.before + f.base));
                (format!("{text} ({})", self.running(f)), value)
            }
            None if f.deductible == Fen::ZERO => {
                (format!("{} × {}", f.ratio, f.base), product(f.ratio, f.base))
            }
            None => increment(f.ratio, (f.before, f.base), f.deductible),
        };
        let Some(each) = rule.and_then(|rule| {
            let each = rule.claim_deductible.as_ref()?.at(at.setting);
            Some(Adjustment::deductible(&rule.adjustments, each, at))
        }) else {
            return (text, value);
        };
        (format!("{text}{} {each}", self.say("，每次先扣", ", after a deductible of each claim of")), value)
    }

    /// The formula of a payment at the year's end.
    pub(super) fn year_end_formula(
        &self,
        case: &TypedCase,
        settled: &SettledCase,
        payment: &Payment,
    ) -> (String, String) {
        let f = &payment.formula;
        for (number, schedule) in self.rules.schedules.iter().enumerate() {
            if let Some(tilt) = schedule.tilts.iter().find(|tilt| tilt.rule == payment.rule) {
                let counts = |index: usize| counts((tilt, number), case, settled, index);
                let held = (0..case.claims.len())
                    .filter(|&index| counts(index))
                    .fold(0, |held, index| held | settled.claims[index].held);
                return match tilt.shape(held) {
                    Some(TiltShape::TargetRatio { groups, .. }) => {
                        self.targets(groups, (case, settled), counts, f)
                    }
                    Some(TiltShape::ExcessRatio { bands, .. }) => excess(bands, f),
                    None => (String::new(), String::new()),
                };
            }
            let application = schedule.applications.iter().find(|rule| rule.rule == payment.rule);
            if let Some(rule) = application {
                return excess(&rule.bands, f);
            }
        }
        (String::new(), String::new())
    }

    fn targets(
        &self,
        groups: &[TargetGroup],
        (case, settled): (&TypedCase, &SettledCase),
        counts: impl Fn(usize) -> bool,
        f: &Formula,
    ) -> (String, String) {
        let mut parts = Vec::new();
        let mut sum = 0;
        for group in groups {
            let (mut scope, mut left) = (Fen::ZERO, Fen::ZERO);
            for (index, claim) in settled.claims.iter().enumerate() {
                if group.kinds & (1 << case.claims[index].kind as u8) != 0 && counts(index) {
                    scope += claim.in_scope;
                    left += claim.patient_in_scope;
                }
            }
            // With one group the burden is what earlier tilt rules left of its self-pay.
            let left = if groups.len() == 1 { f.base } else { left };
            parts.push(format!("({} × {scope} − {})⁺", group.target, scope - left));
            sum += (product(group.target, scope) - product(Ratio::ONE, scope - left)).max(0);
        }
        let burden = format!("{} {} ≥ {}", self.say("自付", "self-pay"), f.base, f.deductible);
        (format!("{} ({burden})", parts.join(" + ")), exact(sum))
    }
}

/// Whether a tilt rule of a schedule counts a claim.
fn counts((tilt, number): (&Tilt, usize), case: &TypedCase, settled: &SettledCase, index: usize) -> bool {
    let (claim, done) = (&case.claims[index], &settled.claims[index]);
    usize::from(done.schedule) == number
        && done.held & tilt.categories != 0
        && tilt.when.includes(claim.kind, Setting::of(claim))
}

/// `ratio ×` what a running sum gains above a deductible.
fn increment(ratio: Ratio, (before, gain): (Fen, Fen), deductible: Fen) -> Worked {
    let covered = (before + gain).above(deductible) - before.above(deductible);
    let text = format!("{ratio} × [({before} + {gain} − {deductible})⁺ − ({before} − {deductible})⁺]");
    (text, product(ratio, covered))
}

/// The parts of an increment in bands, each with its ratio.
fn banded(bands: impl Iterator<Item = (Fen, Ratio)>, deductible: Fen, (before, after): (Fen, Fen)) -> Worked {
    let (mut floor, mut sum) = (deductible, 0);
    let mut parts = Vec::new();
    for (to, ratio) in bands {
        let inside = (after.min(to) - before.max(floor)).max(Fen::ZERO);
        if inside > Fen::ZERO {
            parts.push(format!("{ratio} × {inside}"));
            sum += product(ratio, inside);
        }
        floor = floor.max(to);
    }
    (if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") }, sum)
}

/// A share of the self-pay above a threshold or deductible, by bands where there is more than one.
fn excess(bands: &[Band], f: &Formula) -> (String, String) {
    if bands.len() == 1 {
        let text = format!("{} × ({} − {})⁺", f.ratio, f.base, f.deductible);
        return (text, exact(product(f.ratio, f.base.above(f.deductible))));
    }
    let shares = bands.iter().map(|band| (band.to, band.ratio));
    let (text, value) = banded(shares, f.deductible, (Fen::ZERO, f.base));
    (format!("{text} ({} > {})", f.base, f.deductible), exact(value))
}
