//! Lines that the self-pay of a year passes, so that adjustments hold for the whole year.

use super::super::schedule::{Adjustment, Once, RuleId, Schedule, Setting, YearRules};
use super::super::sums::SumsOf;
use super::{Case, Work};
use crate::units::Fen;

/// A line that the year's self-pay passed, so that an adjustment holds for the whole year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// The adjustment.
    pub rule: RuleId,
    /// The number of its schedule.
    pub schedule: u8,
    /// The line.
    pub once: Once,
    /// The in-scope self-pay that passed it, as settled without any such adjustment.
    pub self_pay: Fen,
}

impl Passed {
    /// The lines passed under a schedule, as bits.
    #[must_use]
    pub fn bits(all: &[Self], schedule: u8) -> u32 {
        all.iter().filter(|one| one.schedule == schedule).fold(0, |bits, one| bits | 1 << one.once.bit)
    }
}

/// The lines that the in-scope self-pay of the settled claims passes, of those that an adjustment is for: that of a member
/// of a household, or of all together where the adjustment says so.
pub(super) fn lines(rules: &YearRules, cases: &[Case<'_>], works: &[Work], member: usize) -> Vec<Passed> {
    let of = |(number, schedule): (usize, &Schedule)| -> Vec<Passed> {
        let number = number as u8;
        let lines = schedule.once.iter().filter_map(|rule| Some((rule, rule.once?)));
        lines
            .map(|(rule, once)| {
                let all = match once.sums_of {
                    SumsOf::Person => member..member + 1,
                    SumsOf::Household => 0..cases.len(),
                };
                let own = all.map(|member| self_pay((rule, number), &cases[member], &works[member]));
                Passed { rule: rule.rule, schedule: number, once, self_pay: own.sum() }
            })
            .filter(|one| one.self_pay > one.once.above)
            .collect()
    };
    rules.schedules.iter().enumerate().flat_map(of).collect()
}

/// The in-scope self-pay of a person's settled claims that an adjustment is for.
fn self_pay((rule, schedule): (&Adjustment, u8), case: &Case<'_>, work: &Work) -> Fen {
    if !rule.who.includes(&case.person) {
        return Fen::ZERO;
    }
    let claims = case.claims.iter().zip(&work.settled);
    let counted = claims.filter(|(claim, settled)| {
        settled.schedule == schedule
            && (rule.ordinary || settled.held & rule.categories != 0)
            && rule.when.includes(claim.kind, Setting::of(claim), claim.disease)
    });
    counted.map(|(_, settled)| settled.patient_in_scope).sum()
}
