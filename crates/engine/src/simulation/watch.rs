//! Watch lists and indicators: who is listed, in which month, and how the lists' persons stand.

use super::book::YearBook;
use super::facts::{BurdenMeasure, Fact};
use super::scene::{Scene, Who};
use crate::policy::claim::{Claim, Person, Spell};
use crate::policy::schedule::{MOST_WATCHES, Setting, Watch};
use crate::policy::settle::Work;
use crate::units::{Fen, Month};

/// The lists that name a person, each with the month in which the threshold was passed; at most [`MOST_WATCHES`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Found {
    list: [(u8, u16); MOST_WATCHES],
    n: usize,
}

impl Found {
    /// Whether no list names the person.
    pub const fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// List and month.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Month)> + '_ {
        self.list[..self.n].iter().map(|&(list, month)| (usize::from(list), Month(month)))
    }

    pub(super) fn push(&mut self, list: usize, month: Month) {
        if self.n < self.list.len() {
            self.list[self.n] = (list as u8, month.0);
            self.n += 1;
        }
    }
}

/// Looks at the self-pay of the year so far, claim by claim, before the payments of the year's end.
pub fn look(
    scene: Scene<'_, '_>,
    (work, claims): (&Work, &[Claim]),
    (spells, who): (&[Spell], Who),
) -> Found {
    let mut found = Found::default();
    let watches = &scene.lane.schedule(scene.year).watches;
    let most = work.self_pay;
    for (number, watch) in watches.iter().enumerate() {
        if most < watch.threshold || (watch.rural_only && !who.is_rural(scene)) {
            continue;
        }
        if let Some(month) = passed(watch, (work, claims), (spells, scene.ctx.year)) {
            found.push(number, month);
        }
    }
    found
}

/// The month of the claim with which a listed person's self-pay reaches the threshold.
fn passed(
    watch: &Watch,
    (work, claims): (&Work, &[Claim]),
    (spells, year): (&[Spell], u16),
) -> Option<Month> {
    let mut sum = Fen::ZERO;
    for &index in work.order() {
        let settled = &work.settled[index];
        sum += settled.patient_in_scope;
        if watch.counts_out_of_scope {
            sum += settled.patient_out_of_scope;
        }
        let month = claims[index].month_in(year);
        let held = spells
            .iter()
            .filter(|spell| spell.touches(month, month))
            .fold(0, |held, spell| held | spell.category.bit());
        let named = held & watch.categories != 0 || (held == 0 && watch.ordinary);
        if named && sum >= watch.threshold {
            return Some(month);
        }
    }
    None
}

/// Adds a person's claims to the indicators.
#[inline]
pub fn indicators(
    scene: Scene<'_, '_>,
    (work, claims): (&Work, &[Claim]),
    (person, serial): (&Person<'_>, u64),
    book: &mut YearBook,
) {
    for (number, indicator) in scene.lane.schedule(scene.year).indicators.iter().enumerate() {
        if !indicator.who.includes(person) {
            continue;
        }
        let mut any = false;
        for (claim, settled) in claims.iter().zip(&work.settled) {
            let counts = settled.held & indicator.categories != 0
                && indicator.when.includes(claim.kind, Setting::of(claim), claim.disease);
            if counts {
                any = true;
                let (cost, left) = (settled.in_scope.0, settled.patient_in_scope.0);
                book.add(Fact::Indicator { number, measure: BurdenMeasure::InScopeFen }, cost);
                book.add(Fact::Indicator { number, measure: BurdenMeasure::SelfPayFen }, left);
            }
        }
        if any {
            book.add(Fact::Indicator { number, measure: BurdenMeasure::Persons }, 1);
            book.touch(indicator.rule, serial);
        }
    }
}
