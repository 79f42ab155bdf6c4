//! The formulas of a settlement sheet: how each payment came about, with its value before rounding.
//!
//! A formula is written so that it can be worked out again: numbers, percentages, `+ − × ÷`, brackets, `(…)⁺` for what
//! is above zero, `min(…)`, and `round(…)` to the fen where the rules round within a payment.

use std::borrow::Cow;

use super::super::SettledCase;
use super::super::typed::TypedCase;
use super::{Fraction, Scribe};
use crate::lang::Lang;
use crate::policy::claim::Kind;
use crate::policy::cut_off::CutOff;
use crate::policy::parts::{Parts, TopUp, Window};
use crate::policy::schedule::{Adjustment, Assistance, At, Band, Borne, Schedule, TiltShape, YearRules};
use crate::policy::settle::{Formula, Layer, Payment, SettledClaim};
use crate::policy::sums::SumsOf;
use crate::units::{Fen, Month, Ratio};

/// A formula, its value, and what goes with it in words.
#[derive(Debug, Default)]
pub(super) struct Worked {
    pub(super) formula: String,
    pub(super) value: String,
    pub(super) note: String,
}

impl Worked {
    fn new(formula: String, value: Fraction) -> Self {
        Self { formula, value: value.to_string(), note: String::new() }
    }

    /// With one more note.
    fn and(self, more: &str) -> Self {
        let note = if self.note.is_empty() { more.to_owned() } else { format!("{}; {more}", self.note) };
        self.with(note)
    }

    fn with(self, note: String) -> Self {
        Self { note, ..self }
    }
}

impl Scribe<'_> {
    /// The formula of a claim's payment.
    pub(super) fn formula(&self, done: &SettledClaim, at: &At<'_>, payment: &Payment) -> Worked {
        let f = &payment.formula;
        match payment.layer {
            Layer::Provider => Worked::new(
                format!("{} − min({}, round({} × {}))", f.base, f.base, f.ratio, f.before),
                Fraction::from(f.base.above(f.deductible)),
            ),
            Layer::Basic => self.basic(done, at, f),
            Layer::Critical => self.critical(done, at, f),
            _ => self.assistance(done, at, payment),
        }
    }

    /// Adds to a note what bound the payment: what was left under a cap, or what was left to pay at all.
    pub(super) fn bounds(&self, note: String, payment: &Payment) -> String {
        if payment.amount >= payment.formula.uncapped {
            return note;
        }
        let room = payment.formula.room.max(Fen::ZERO);
        let bound = if payment.amount == room {
            format!("{} {room}", self.say("限额余", "left under the cap"))
        } else {
            format!("{} {}", self.say("至多为所余", "at most what is left,"), payment.amount)
        };
        if note.is_empty() { bound } else { format!("{note}{}{bound}", self.say("，", ", ")) }
    }

    /// The adjustments that changed a payment on a claim.
    pub(super) fn adjusting<'s>(
        &'s self,
        done: &SettledClaim,
        at: &'s At<'_>,
        payment: &Payment,
    ) -> impl Iterator<Item = &'s Adjustment> + use<'s> {
        let schedule = self.schedule(done);
        let all: &[Adjustment] = match payment.layer {
            Layer::Basic => {
                let rule = &schedule.basic(at.person.insurance).kinds[at.claim.kind.index()];
                rule.as_ref().map_or(&[], |rule| rule.adjustments.as_slice())
            }
            Layer::Critical => &schedule.critical[schedule.row(at.category)].adjustments,
            Layer::Assistance => {
                self.rule_of(done, at, payment).map_or(&[], |rule| rule.adjustments.as_slice())
            }
            _ => &[],
        };
        Adjustment::fitting(all, at)
    }

    /// Adds to a note which line the year's self-pay passed, so that a rule holds for the whole year.
    pub(super) fn passed<'r>(
        &self,
        note: String,
        settled: &SettledCase,
        adjusting: impl Iterator<Item = &'r Adjustment>,
    ) -> String {
        let once: Vec<_> = adjusting.filter(|one| one.once.is_some()).map(|one| one.rule).collect();
        let passed = settled.passed.iter().filter(|one| once.contains(&one.rule));
        passed.fold(note, |note, one| {
            let of_all = one.once.sums_of == SumsOf::Household;
            let said = match self.lang {
                Lang::Zh => format!(
                    "{}全年自付{}超过{}，全年按提高后的标准",
                    if of_all { "全户" } else { "" },
                    one.self_pay,
                    one.once.above
                ),
                Lang::En => format!(
                    "the {} self-pay of {} passes {}: holds for the whole year",
                    if of_all { "household's" } else { "year's" },
                    one.self_pay,
                    one.once.above
                ),
            };
            self.noted(note, said)
        })
    }

    fn basic(&self, done: &SettledClaim, at: &At<'_>, f: &Formula) -> Worked {
        let rule = &self.schedule(done).basic(at.person.insurance).kinds[at.claim.kind.index()];
        let annual = rule.as_ref().map_or(Fen::ZERO, |rule| rule.annual_deductible.at(at.setting));
        let covered = f.base.above(f.deductible);
        if annual == Fen::ZERO {
            let text = format!("{} × ({} − {})⁺", f.ratio, f.base, f.deductible);
            return self.of_stay(Worked::new(text, Fraction::share(f.ratio, covered)), at);
        }
        let mut each = format!("{} {} − {}", self.say("每次", "of each claim"), f.base, f.deductible);
        let together = rule.as_ref().map_or(0, |rule| rule.deductible_kinds);
        if together.count_ones() > 1 {
            let kinds = Kind::ALL.iter().filter(|kind| together & 1 << **kind as u8 != 0);
            let kinds: Vec<&str> = match self.lang {
                Lang::Zh => kinds.map(|kind| kind.label_zh()).collect(),
                Lang::En => kinds.map(|kind| kind.name()).collect(),
            };
            let said = self.say("起付合并计算：", "one annual deductible over ");
            each.push_str(&format!("{}{said}{}", self.say("；", "; "), kinds.join(self.say("、", ", "))));
        }
        self.of_stay(increment(f.ratio, (f.before, covered), annual).with(each), at)
    }

    /// Of a bill of several of one stay: that the stay has one deductible.
    fn of_stay(&self, worked: Worked, at: &At<'_>) -> Worked {
        match at.claim.stay {
            0 => worked,
            _ => worked.and(self.say(
                "同一次住院只计一次起付，已扣除前次账单用去的部分",
                "one deductible for the stay, less what its earlier bills used",
            )),
        }
    }

    /// The parts of the increment in the bands of critical-illness insurance.
    fn critical(&self, done: &SettledClaim, at: &At<'_>, f: &Formula) -> Worked {
        let schedule = self.schedule(done);
        let rule = &schedule.critical[schedule.row(at.category)];
        let bands =
            rule.bands.iter().map(|band| (band.to, Adjustment::apply(&rule.adjustments, band.ratio, at)));
        banded(bands, f.deductible, (f.before, f.before + f.base)).with(self.running(f))
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

    pub(super) fn rule_of(&self, done: &SettledClaim, at: &At<'_>, payment: &Payment) -> Option<&Assistance> {
        let schedule = self.schedule(done);
        let rules = &schedule.assistance[schedule.row(at.category)];
        rules.iter().find(|rule| {
            rule.rule == payment.rule
                && rule.who.includes(at.person)
                && rule.when.includes(at.claim.kind, at.setting, at.claim.disease)
        })
    }

    fn assistance(&self, done: &SettledClaim, at: &At<'_>, payment: &Payment) -> Worked {
        let f = &payment.formula;
        let rule = self.rule_of(done, at, payment);
        let worked = match rule.filter(|rule| !rule.bands.is_empty()) {
            Some(rule) => {
                let bands = rule.bands.iter().map(|band| {
                    (band.to, Adjustment::apply(&rule.adjustments, band.ratio.at(at.setting), at))
                });
                if rule.each.bands {
                    let after = f.before + f.base;
                    let counted = after.above(f.deductible) - f.before.above(f.deductible);
                    let each = self.say("分段按本次费用计算", "bands on this claim alone").to_owned();
                    banded(bands, Fen::ZERO, (Fen::ZERO, counted)).with(each)
                } else {
                    banded(bands, f.deductible, (f.before, f.before + f.base)).with(self.running(f))
                }
            }
            None if f.deductible == Fen::ZERO => {
                Worked::new(format!("{} × {}", f.ratio, f.base), Fraction::share(f.ratio, f.base))
            }
            None => increment(f.ratio, (f.before, f.base), f.deductible),
        };
        let worked = match rule.map_or(Borne::InScope, |rule| rule.borne) {
            Borne::InScope => worked,
            Borne::OutOfScope => worked
                .and(self.say("基数为目录外个人负担", "on what the patient bears outside the catalogue")),
            Borne::Both => worked.and(&format!(
                "{} {}",
                self.say(
                    "基数含目录外个人负担，本次支付其中目录外",
                    "outside the catalogue too, of this payment"
                ),
                payment.outside
            )),
        };
        let Some(each) = rule.and_then(|rule| {
            let each = rule.claim_deductible.as_ref()?.at(at.setting);
            Some(Adjustment::deductible(&rule.adjustments, each, at))
        }) else {
            return worked;
        };
        let each = format!("{} {each}", self.say("每次先扣", "after a deductible of each claim of"));
        self.of_stay(worked.and(&each), at)
    }

    /// The formula of a payment at the year's end.
    pub(super) fn year_end_formula(
        &self,
        case: &TypedCase,
        settled: &SettledCase,
        (number, payment): (usize, &Payment),
    ) -> Worked {
        let f = &payment.formula;
        match settled.parts.get(&number) {
            Some(Parts::Targets(groups)) => self.targets(groups, f),
            Some(Parts::Window(window)) => self.window(case, settled, (window, payment)),
            Some(Parts::CutOff(parts)) => {
                let (text, value) = cut_off(parts);
                above(&self.tilt_bands(payment), f.deductible, (text, value)).with(self.beyond_the_cap())
            }
            None => {
                above(&self.tilt_bands(payment), f.deductible, (f.base.to_string(), Fraction::from(f.base)))
            }
        }
    }

    /// Groups topped up to a target, each rounded by itself.
    fn targets(&self, groups: &[TopUp], f: &Formula) -> Worked {
        let text =
            |group: &TopUp| format!("(round({} × {}) − {})⁺", group.target, group.in_scope, group.paid);
        let value = |group: &TopUp| group.target.of(group.in_scope).above(group.paid);
        let parts: Vec<String> = groups.iter().map(text).collect();
        let parts = if parts.is_empty() { Fen::ZERO.to_string() } else { parts.join(" + ") };
        let sign = if f.base < f.deductible { "<" } else { "≥" };
        let burden = if groups.is_empty() && f.base >= f.deductible {
            format!("{} {}", self.say("各组自付均低于", "each group's self-pay below"), f.deductible)
        } else {
            format!("{} {} {sign} {}", self.say("自付", "self-pay"), f.base, f.deductible)
        };
        Worked::new(parts, Fraction::from(groups.iter().map(value).sum::<Fen>())).with(burden)
    }

    /// In a year of two policies: of which months the claims count for a tilt.
    pub(super) fn months_counted(&self, payment: &Payment) -> Option<String> {
        let YearRules { year, schedules, by_month, tilts_count_from } = self.rules;
        let own = |schedule: &Schedule| schedule.rules().any(|rule| rule.rule == payment.rule);
        let number = schedules.iter().position(own).filter(|_| schedules.len() > 1)?;
        let from = by_month.iter().position(|one| *one == tilts_count_from[number]);
        let last = by_month.iter().rposition(|one| usize::from(*one) == number);
        let month = |position: usize| Month::new(*year, position as u8 + 1);
        let (first, last) = (month(from?), month(last?));
        Some(match self.lang {
            Lang::Zh => format!("只计{first}至{last}入院的费用，其他月份按另一方案结算"),
            Lang::En => format!("claims admitted {first} to {last} count; other months are another policy's"),
        })
        .filter(|_| first != month(0) || last != month(11))
        .or_else(|| {
            Some(
                self.say(
                    "计入全年费用，含按前一方案结算的",
                    "counts the whole year, claims settled by the policy before too",
                )
                .to_owned(),
            )
        })
    }

    /// The bands of a tilt on self-pay, or on what a cap cut off, by the identity that was chosen.
    fn tilt_bands(&self, payment: &Payment) -> Cow<'_, [Band]> {
        let f = &payment.formula;
        let tilts = self.rules.schedules.iter().flat_map(|schedule| &schedule.tilts);
        let shapes = tilts.filter(|tilt| tilt.rule == payment.rule);
        let shapes = shapes.flat_map(|tilt| tilt.shapes_of(payment.category.bit()));
        let bands = shapes.filter_map(|(_, shape)| match shape {
            TiltShape::ExcessRatio { bands, threshold, .. } if *threshold == f.deductible => Some(bands),
            _ => None,
        });
        let bands = bands.max_by_key(|bands| bands.first().map(|band| band.ratio) == Some(f.ratio));
        match bands {
            Some(bands) => Cow::Borrowed(bands),
            None => Cow::Owned(vec![Band { to: Fen::UNBOUNDED, ratio: f.ratio }]),
        }
    }

    /// A share of what the cap of a pool cut off of a claim.
    pub(super) fn share_of_cut_off(&self, parts: &[CutOff], payment: &Payment) -> Worked {
        let bands = [Band { to: Fen::UNBOUNDED, ratio: payment.formula.ratio }];
        above(&bands, Fen::ZERO, cut_off(parts)).with(self.beyond_the_cap())
    }

    fn beyond_the_cap(&self) -> String {
        self.say("年度限额以外的部分", "what lies beyond the annual cap").to_owned()
    }

    /// A share of what the window of an application counts: the self-pay, less what tilt assistance and earlier rules
    /// paid of it.
    fn window(
        &self,
        case: &TypedCase,
        settled: &SettledCase,
        (window, payment): (&Window, &Payment),
    ) -> Worked {
        let mut text = window.self_pay.to_string();
        let mut value = Fraction::from(window.self_pay);
        let mut reached = Vec::new();
        for (typed, claim) in case.earlier.iter().zip(&settled.earlier).filter(|(_, one)| window.reaches(one))
        {
            text.push_str(&format!(" + {}", claim.self_pay));
            value = value.plus(Fraction::from(claim.self_pay));
            reached.push(format!("{} {} {}", typed.name, typed.claim.admitted, claim.self_pay));
        }
        if window.earlier_of_others > Fen::ZERO {
            text.push_str(&format!(" + {}", window.earlier_of_others));
            value = value.plus(Fraction::from(window.earlier_of_others));
            let of_others = self.say("其他成员", "other members");
            reached.push(format!("{of_others} {}", window.earlier_of_others));
        }
        for part in &window.tilts {
            text.push_str(&format!(" − {} × {} ÷ {}", part.paid, part.counted, part.all));
            value = value.minus(Fraction::part(part.paid, part.counted, part.all));
        }
        if window.paid > Fen::ZERO {
            text.push_str(&format!(" − {}", window.paid));
            value = value.minus(Fraction::from(window.paid));
        }
        let applications = self.rules.schedules.iter().flat_map(|schedule| &schedule.applications);
        let rule = applications
            .filter(|rule| rule.rule == payment.rule && rule.deductible == payment.formula.deductible)
            .max_by_key(|rule| rule.bands.first().map(|band| band.ratio) == Some(payment.formula.ratio));
        let one = [Band { to: Fen::UNBOUNDED, ratio: payment.formula.ratio }];
        let bands = rule.map_or(&one[..], |rule| rule.bands.as_slice());
        let mut note = format!("{} {} – {}", self.say("计算期", "window"), window.first, window.last);
        if !reached.is_empty() {
            let earlier = self.say("，其中以前年度自付：", ", with earlier claims: ");
            note.push_str(&format!("{earlier}{}", reached.join(self.say("、", ", "))));
        }
        if let Some(other) = &window.other {
            let would = self.say("另一计算期不更高：", "the other window pays no more: ");
            let sep = self.say("；", "; ");
            note.push_str(&format!("{sep}{would}{} – {} {}", other.first, other.last, other.amount));
        }
        // A pool that is shared goes on where regular assistance stopped.
        let before = payment.formula.before;
        if before > Fen::ZERO {
            text = format!("{before} + {text}");
            value = value.plus(Fraction::from(before));
            let shared = self.say("与日常救助累计计算", "counted on with regular assistance");
            note.push_str(&format!("{}{shared}", self.say("，", ", ")));
        }
        above(bands, payment.formula.deductible.max(before), (text, value)).with(note)
    }
}

/// `ratio ×` what a running sum gains above a deductible.
fn increment(ratio: Ratio, (before, gain): (Fen, Fen), deductible: Fen) -> Worked {
    let covered = (before + gain).above(deductible) - before.above(deductible);
    let text = format!("{ratio} × [({before} + {gain} − {deductible})⁺ − ({before} − {deductible})⁺]");
    Worked::new(text, Fraction::share(ratio, covered))
}

/// The parts of an increment in bands, each with its ratio.
fn banded(bands: impl Iterator<Item = (Fen, Ratio)>, deductible: Fen, (before, after): (Fen, Fen)) -> Worked {
    let (mut floor, mut sum) = (deductible, Fraction::ZERO);
    let mut parts = Vec::new();
    for (to, ratio) in bands {
        let inside = (after.min(to) - before.max(floor)).max(Fen::ZERO);
        if inside > Fen::ZERO {
            parts.push(format!("{ratio} × {inside}"));
            sum = sum.plus(Fraction::share(ratio, inside));
        }
        floor = floor.max(to);
    }
    Worked::new(if parts.is_empty() { "0.00".to_owned() } else { parts.join(" + ") }, sum)
}

/// What caps cut off: what claims add from the band on in which the cap is reached, less what that band still takes.
fn cut_off(parts: &[CutOff]) -> (String, Fraction) {
    let mut sum = Fraction::ZERO;
    let mut texts = Vec::new();
    for part in parts {
        sum = sum.plus(Fraction::from(part.whole));
        let left = Fraction::millionths(part.left_millionths);
        if part.left_millionths == 0 {
            texts.push(part.whole.to_string());
        } else {
            texts.push(format!("{} − {left} ÷ {}", part.whole, part.ratio));
            sum = sum.minus(left.over(part.ratio));
        }
    }
    (if texts.is_empty() { Fen::ZERO.to_string() } else { texts.join(" + ") }, sum)
}

/// Shares of an amount above a floor, by bands; the amount may be a formula.
fn above(bands: &[Band], floor: Fen, (text, value): (String, Fraction)) -> Worked {
    let (mut floor, mut sum) = (floor, Fraction::ZERO);
    let mut parts = Vec::new();
    for band in bands {
        let (mut inside, mut reaches) = (text.clone(), value);
        if band.to != Fen::UNBOUNDED {
            inside = format!("min({inside}, {})", band.to);
            reaches = reaches.at_most(Fraction::from(band.to));
        }
        parts.push(format!("{} × ({inside} − {floor})⁺", band.ratio));
        sum = sum.plus(reaches.minus(Fraction::from(floor)).above_zero().times(band.ratio));
        floor = floor.max(band.to);
    }
    Worked::new(if parts.is_empty() { "0.00".to_owned() } else { parts.join(" + ") }, sum)
}
