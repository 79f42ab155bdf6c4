//! Under which category everybody counts in a year of a replicate: whoever is looked at one by one.

use std::collections::BTreeMap;

use super::lane::Lane;
use super::person::LaneState;
use super::replicate::County;
use super::trace::PersonId;
use crate::policy::claim::Spell;

/// The category of everybody in a year of a lane.
pub(super) struct Categories<'m> {
    of_row: &'m [usize],
    gained: BTreeMap<PersonId, usize>,
    ordinary: usize,
}

/// The category of each row in a year, without identities that are gained.
pub(super) fn of_rows(county: &County<'_>, lane: &Lane<'_>, year: usize) -> Vec<usize> {
    let rows = 0..county.columns[year].len();
    rows.map(|row| lane.people_row(year, county.population.spells_of(row))).collect()
}

impl<'m> Categories<'m> {
    /// With what was gained up to the year, from [`of_rows`].
    pub fn new(
        (county, lane): (&County<'_>, &Lane<'_>),
        state: &LaneState,
        year: usize,
        of_row: &'m [usize],
    ) -> Self {
        let this = county.columns[year].year;
        let mut gained = BTreeMap::new();
        for (row, acquired) in state.acquired.iter().enumerate() {
            if let Some((spell, _)) = acquired.filter(|(_, since)| *since <= this) {
                let spells: Vec<Spell> =
                    county.population.spells_of(row).iter().copied().chain([spell]).collect();
                gained.insert(PersonId::Holder(row as u32), lane.people_row(year, &spells));
            }
        }
        for recruit in state.recruits.iter().filter(|recruit| recruit.since <= this) {
            gained.insert(recruit.id(), lane.people_row(year, &[recruit.spell]));
        }
        Self { of_row, gained, ordinary: lane.ordinary_row() }
    }

    /// Of a person.
    pub fn of(&self, person: PersonId) -> usize {
        let standing = match person {
            PersonId::Holder(row) => self.of_row.get(row as usize).copied(),
            PersonId::Resident { .. } => None,
        };
        self.gained.get(&person).copied().or(standing).unwrap_or(self.ordinary)
    }
}
