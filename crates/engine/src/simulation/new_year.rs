//! Stays over New Year where the policy counts them by discharge or by days: what of them belongs to the next year is
//! carried into it.
//!
//! Few persons have such a stay, so that both engines come through here: their year is settled plainly. What is carried
//! out of the last year that is simulated belongs to a year that nobody reports.

use std::collections::BTreeMap;

use super::book::YearBook;
use super::person::LaneState;
use super::scene::{Scene, Who};
use crate::illness::Ill;
use crate::policy::claim::{Claim, OverNewYear};

/// Keys of ordinary residents whose stay reaches into the next year lie apart from those who are drawn in it.
pub(super) const OF_CARRIED: u32 = 1 << 28;

/// Stays that were carried into each year.
#[derive(Debug, Default)]
pub struct CarriedStays {
    /// By the position of the year, then by the key of the person.
    years: Vec<BTreeMap<u32, Carried>>,
}

/// What was carried into a year for one person.
#[derive(Debug)]
struct Carried {
    who: Who,
    stays: Vec<Claim>,
    settled: bool,
}

impl CarriedStays {
    /// Forgets the replicate before.
    pub(super) fn begin(&mut self, n_years: usize) {
        self.years.clear();
        self.years.resize_with(n_years + 1, BTreeMap::new);
    }

    /// Whether anything was carried into a year for somebody.
    pub(super) fn holds(&self, year: usize, key: u32) -> bool {
        self.years[year].contains_key(&key)
    }

    /// The rows of identity holders for whom anything was carried into a year.
    pub(super) fn holders(&self, year: usize) -> impl Iterator<Item = usize> + '_ {
        self.years[year].values().filter_map(|carried| match carried.who {
            Who::Holder { row, .. } => Some(row),
            Who::Ordinary { .. } | Who::Recruit { .. } => None,
        })
    }

    /// Whether nothing was carried into a year.
    pub(super) fn is_empty(&self, year: usize) -> bool {
        self.years[year].is_empty()
    }
}

impl Who {
    /// The person as known in the next year, without a stay of that year; an ordinary resident is followed for the
    /// carried stay alone.
    fn in_next_year(self) -> Self {
        match self {
            Self::Holder { row, .. } => Self::Holder { row, stays: 0 },
            Self::Recruit { index, rural, .. } => Self::Recruit { index, stays: 0, rural },
            Self::Ordinary { key, age, sex } => {
                Self::Ordinary { key: key | OF_CARRIED, age: age.saturating_add(1), sex }
            }
        }
    }
}

impl Scene<'_, '_> {
    /// The claims of an identity holder, drawn again.
    pub(super) fn drawn_again(&self, who: Who, ill: &[Ill]) -> Vec<Claim> {
        let mut claims = Vec::new();
        let Who::Holder { row, .. } = who else { return claims };
        if let Ok(position) = ill.binary_search_by_key(&(row as u32), |ill| ill.row) {
            let persons = self.county.columns[self.year].persons();
            self.county.model.claims(self.ctx, &persons, &ill[position], &mut claims);
        }
        claims
    }

    /// To which year stays belong that last beyond the end of this one.
    pub(super) fn over_new_year(&self) -> OverNewYear {
        self.lane.schedule(self.year).over_new_year
    }
}

impl LaneState {
    /// The bills that belong to this year, of those drawn in it and those carried into it; none where they are just those
    /// drawn.
    pub(super) fn claims_of_year(
        &self,
        scene: Scene<'_, '_>,
        who: Who,
        drawn: &[Claim],
    ) -> Option<Vec<Claim>> {
        let rule = scene.over_new_year();
        let carried = self.carried.years[scene.year].get(&who.key());
        let goes_over = rule != OverNewYear::ByAdmission && drawn.iter().any(Claim::is_over_new_year);
        if carried.is_none() && !goes_over {
            return None;
        }
        let of_this_year = |claim: &Claim| match rule {
            OverNewYear::ByDischarge if claim.is_over_new_year() => None,
            OverNewYear::Split if claim.is_over_new_year() => Some(claim.split_at_new_year().until),
            _ => Some(*claim),
        };
        let before = carried.into_iter().flat_map(|carried| carried.stays.iter().copied());
        Some(before.chain(drawn.iter().filter_map(of_this_year)).collect())
    }

    /// The same, where the year is settled for good: what belongs to the next year is carried into it.
    pub(super) fn take_year(
        &mut self,
        scene: Scene<'_, '_>,
        who: Who,
        drawn: &[Claim],
    ) -> Option<Vec<Claim>> {
        let moved = self.claims_of_year(scene, who, drawn);
        if moved.is_some() {
            self.carry(scene, who, drawn);
        }
        moved
    }

    /// Notes that what was carried into this year for a person is settled, and carries on what belongs to the next.
    fn carry(&mut self, scene: Scene<'_, '_>, who: Who, drawn: &[Claim]) {
        if let Some(carried) = self.carried.years[scene.year].get_mut(&who.key()) {
            carried.settled = true;
        }
        let rule = scene.over_new_year();
        let stays: Vec<Claim> = drawn
            .iter()
            .filter(|claim| claim.is_over_new_year())
            .filter_map(|claim| match rule {
                OverNewYear::ByAdmission => None,
                OverNewYear::ByDischarge => Some(*claim),
                OverNewYear::Split => Some(claim.split_at_new_year().after),
            })
            .collect();
        if !stays.is_empty() {
            let who = who.in_next_year();
            let carried = Carried { who, stays, settled: false };
            self.carried.years[scene.year + 1].insert(who.key(), carried);
        }
    }

    /// Of the stays carried into this year, those of an ordinary resident whom last year made a recruit are the recruit's.
    pub(super) fn hand_stays_to_recruits(&mut self, scene: Scene<'_, '_>) {
        let all = std::mem::take(&mut self.carried.years[scene.year]);
        let handed = all.into_values().map(|carried| {
            let who = match carried.who {
                Who::Ordinary { key, age, sex } => {
                    let before = Who::Ordinary { key: key & !OF_CARRIED, age, sex };
                    self.recruited(before.key(), scene.ctx.year - 1).unwrap_or(carried.who)
                }
                other => other,
            };
            (who.key(), Carried { who, ..carried })
        });
        let handed = handed.collect();
        self.carried.years[scene.year] = handed;
    }

    /// Settles what was carried into this year for persons without a bill drawn in it.
    pub(super) fn settle_carried(&mut self, scene: Scene<'_, '_>, book: &mut YearBook) {
        let left = self.carried.years[scene.year].values().filter(|carried| !carried.settled);
        let left: Vec<Who> = left.map(|carried| carried.who).collect();
        for who in left {
            self.settle_year(scene, (who, &[]), book);
        }
    }
}
