//! Whom of a county-year several lanes settle alike, so that tiles settle them once.
//!
//! A lane that changes rules of some identities treats everybody else as the first lane does. Persons whom the same lanes
//! treat so stand in tiles of their own: the first lane settles them, what it books goes into a book of all these lanes, and
//! what it notes of a person goes over to each ([`following`](super::super::following)).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::lane::Lane;
use super::super::person::LaneState;
use crate::illness::Ill;
use crate::policy::apart::{RowsApart, either};
use crate::policy::claim::{Category, OverNewYear};
use crate::population::Population;

/// Lanes by number, as bits.
pub type LaneSet = u64;

/// Which lanes treat whom otherwise than the first one does, in one year.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Alike {
    /// By identity, residents without one last.
    otherwise: Vec<LaneSet>,
    /// All lanes but the first.
    others: LaneSet,
}

impl Alike {
    /// Compares the lanes with the first one: in each year by the rules up to it, because what they noted of a person before
    /// must be the same.
    #[must_use]
    pub fn by_year(lanes: &[&Lane<'_>], n_years: usize) -> Vec<Self> {
        let Some((base, others)) = lanes.split_first() else { return Vec::new() };
        let n_rows = base.ordinary_row() + 1;
        let mut apart = vec![Some(vec![false; n_rows]); others.len()];
        let of_year = |year: usize| {
            for (apart, lane) in apart.iter_mut().zip(others) {
                let known = apart.take();
                *apart = either(known, rows_apart(base, lane, year)).filter(|rows| rows.len() == n_rows);
            }
            Self::new(&apart, n_rows)
        };
        (0..n_years).map(of_year).collect()
    }

    /// Of what each lane but the first treats otherwise; none where that is everybody.
    pub(super) fn new(apart: &[Option<RowsApart>], n_rows: usize) -> Self {
        if apart.len() >= LaneSet::BITS as usize {
            // More lanes than bits: each for itself.
            return Self { otherwise: vec![LaneSet::MAX; n_rows], others: LaneSet::MAX };
        }
        let others = (1..=apart.len()).map(|lane| 1 << lane).sum();
        let lanes = |row: usize| -> LaneSet {
            let is_apart = |rows: &Option<RowsApart>| rows.as_ref().is_none_or(|rows| rows[row]);
            (1..).zip(apart).filter(|(_, rows)| is_apart(rows)).map(|(lane, _)| 1 << lane).sum()
        };
        Self { otherwise: (0..n_rows).map(lanes).collect(), others }
    }

    /// Whether no lane treats such persons as the first one does.
    #[must_use]
    pub const fn is_everyone(&self, otherwise: LaneSet) -> bool {
        otherwise & self.others == self.others
    }

    /// Whether each lane settles everybody for itself.
    #[must_use]
    pub fn all_go_alone(&self) -> bool {
        self.otherwise.iter().all(|otherwise| self.is_everyone(*otherwise))
    }

    /// The lanes that treat residents without an identity otherwise.
    #[must_use]
    pub fn of_residents(&self) -> LaneSet {
        self.otherwise.last().copied().unwrap_or_default()
    }

    /// The lanes that treat an identity's holders otherwise.
    fn of(&self, category: Category) -> LaneSet {
        self.otherwise.get(usize::from(category.0)).copied().unwrap_or(self.others)
    }

    /// The identities that any lane besides these treats otherwise than the first one, as bits.
    #[must_use]
    pub fn changed_for(&self, otherwise: LaneSet) -> u32 {
        let held = self.otherwise.iter().take(self.otherwise.len().saturating_sub(1));
        let changed = (0_u32..).zip(held).filter(|(_, lanes)| **lanes & self.others & !otherwise != 0);
        changed.map(|(number, _)| 1_u32.checked_shl(number).unwrap_or_default()).sum()
    }

    /// Takes persons apart by the lanes that treat them otherwise than the first one: by the rules of any identity that they
    /// ever hold, of the months without one, or because lanes know of another identity gained.
    #[must_use]
    pub fn part<'i>(
        &self,
        ill: Cow<'i, [Ill]>,
        population: &Population,
        lanes: &[LaneState],
    ) -> BTreeMap<LaneSet, Cow<'i, [Ill]>> {
        if self.all_go_alone() {
            return BTreeMap::from([(self.others, ill)]);
        }
        let mut parts: BTreeMap<LaneSet, Vec<Ill>> = BTreeMap::new();
        for one in ill.iter() {
            let row = one.row as usize;
            let spells = population.spells_of(row).iter();
            let otherwise = spells.fold(self.of_residents(), |all, spell| all | self.of(spell.category));
            parts.entry(otherwise | self.of_gained(row, lanes)).or_default().push(*one);
        }
        parts.into_iter().map(|(otherwise, ill)| (otherwise, Cow::Owned(ill))).collect()
    }

    /// The lanes that treat a person otherwise because of an identity that the first one or they gave.
    fn of_gained(&self, row: usize, lanes: &[LaneState]) -> LaneSet {
        let Some((first, others)) = lanes.split_first() else { return 0 };
        let known = first.knows_of(row);
        let differ = (1..).zip(others).filter(|(_, state)| state.knows_of(row) != known);
        let differ: LaneSet = differ.map(|(lane, _)| 1 << lane).sum();
        differ | known.map_or(0, |spell| self.of(spell.category))
    }

    /// The identities that the second lane treats otherwise, by number; none for everybody.
    #[cfg(test)]
    pub fn second(&self) -> Option<Vec<usize>> {
        let is_otherwise = |lanes: &LaneSet| lanes >> 1 & 1 == 1;
        let of: Vec<usize> =
            (0..).zip(&self.otherwise).filter(|(_, lanes)| is_otherwise(lanes)).map(|(at, _)| at).collect();
        (of.len() < self.otherwise.len()).then_some(of)
    }
}

/// Whom a lane treats otherwise than another in a year, by identity, residents without one last; none for everybody.
fn rows_apart(base: &Lane<'_>, lane: &Lane<'_>, year: usize) -> Option<RowsApart> {
    let is_alike = goes_by_persons(base, year)
        && goes_by_persons(lane, year)
        && base.test == lane.test
        && base.books_like(lane, year)
        && base.by_household_size.len() == lane.by_household_size.len();
    let sizes = base.by_household_size.iter().zip(&lane.by_household_size);
    let rules = std::iter::once((&base.rules, &lane.rules)).chain(sizes);
    let each = rules.map(|(own, other)| own[year].rows_apart(&other[year]));
    if is_alike { each.reduce(either).flatten() } else { None }
}

/// Whether what a year books of a person goes by the person's own claims and identities alone.
fn goes_by_persons(lane: &Lane<'_>, year: usize) -> bool {
    let schedule = lane.schedule(year);
    schedule.second_assistance.is_empty()
        && !lane.counts_households(year)
        && (0..lane.rules.len()).all(|year| lane.schedule(year).over_new_year == OverNewYear::ByAdmission)
}
