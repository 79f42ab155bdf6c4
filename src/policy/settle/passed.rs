//! Lines that the self-pay of a year passes, so that adjustments hold for the whole year.

use super::super::schedule::{Once, RuleId, Schedule, Setting, YearRules};
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

/// The lines that the in-scope self-pay of the settled claims passes: of those that an adjustment is for.
pub(super) fn lines(rules: &YearRules, case: &Case<'_>, work: &Work) -> Vec<Passed> {
    let of = |(number, schedule): (usize, &Schedule)| -> Vec<Passed> {
        let number = number as u8;
        let claims = || case.claims.iter().zip(&work.settled).filter(move |(_, one)| one.schedule == number);
        let lines = schedule.once.iter().filter_map(|rule| Some((rule, rule.once?)));
        lines
            .map(|(rule, once)| {
                let counted = claims().filter(|(claim, settled)| {
                    (rule.ordinary || settled.held & rule.categories != 0)
                        && rule.who.includes(&case.person)
                        && rule.when.includes(claim.kind, Setting::of(claim), claim.disease)
                });
                let self_pay = counted.map(|(_, settled)| settled.patient_in_scope).sum();
                Passed { rule: rule.rule, schedule: number, once, self_pay }
            })
            .filter(|one| one.self_pay > one.once.above)
            .collect()
    };
    rules.schedules.iter().enumerate().flat_map(of).collect()
}
