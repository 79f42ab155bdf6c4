//! The synthetic population of one county: everyone who holds an identity at some time of the horizon, in
//! columns, and the number of residents who hold none. Pure: no files, no clock, keyed draws only.

mod error;
mod fit;
mod from_raw;
mod integerise;
mod order;
mod params;
mod people;
mod plan;
mod register;
mod standing;
mod target;
mod turnover;

use std::ops::RangeInclusive;

pub use error::PopulationError;
pub use fit::FitRow;
pub use from_raw::{Fault, Names};
pub use params::{CategoryParams, Overlap, PopulationParams, TraitParams};
pub use people::{Exit, Households};
pub use register::{RegisterCount, RegisterError};
pub use target::{BANDS, CategoryTarget, Census, CountyTarget, band_name, band_of_age, scaled_census};
pub(crate) use turnover::month_of;

use crate::policy::claim::{Category, Insurance, Sex, Spell};
use crate::rng::Draws;
use crate::units::Month;

/// The persons of one county who hold an identity, and the count of all others.
///
/// Persons are numbered from 0 in the order of their entry, so that the persons of a year are a run of the first
/// numbers, and a longer horizon only adds persons behind them. One year of the simulation needs the persons with
/// `entry <= December` and `last >= January`.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Administrative code of the county.
    pub county: u32,
    /// The year in which the margins are met.
    pub base_year: u16,
    /// The last year of the horizon.
    pub last_year: u16,
    /// All residents, holders and others.
    pub residents: u32,
    /// Persons who are to hold each category in each month of a year of the horizon, by year and rank; who holds two
    /// counts in both. After the categories stand the residents who hold none.
    pub register: Vec<Vec<u32>>,
    /// By rank of a category: its position in the place's own order, the order of the county's rows.
    pub order: Vec<u8>,
    /// Residents without an identity in the base year, by sex (male, female) and five-year band of age.
    pub ordinary: Census,
    /// Calendar year of birth.
    pub birth_year: Vec<u16>,
    /// Sex.
    pub sex: Vec<Sex>,
    /// Kind of basic insurance.
    pub insurance: Vec<Insurance>,
    /// Whether the person is on the rural register.
    pub rural: Vec<bool>,
    /// Bit set of the policy's traits, in the policy's order.
    pub traits: Vec<u32>,
    /// First month in the population, ascending: January of the base year, or the month of recognition or birth.
    pub entry: Vec<Month>,
    /// Last month in the population; `Month::LAST` for who is present at the end of the horizon.
    pub last: Vec<Month>,
    /// Why it is the last.
    pub exit: Vec<Exit>,
    /// Number of the household, an index into `households`.
    pub household: Vec<u32>,
    /// Where each person's spells begin in `spells`; one entry more than persons.
    pub spell_start: Vec<u32>,
    /// Identities of all persons, person by person.
    pub spells: Vec<Spell>,
    /// The households.
    pub households: Households,
    fit: Vec<FitRow>,
}

/// Whether the population of a county can be drawn for all years of `horizon`; nothing is drawn.
///
/// # Errors
/// As for [`Population::draw`].
pub fn check(
    target: &CountyTarget,
    params: &PopulationParams,
    horizon: RangeInclusive<u16>,
) -> Result<(), PopulationError> {
    plan::Plan::new(target, params, &horizon).map(|_| ())
}

impl Population {
    /// Draws the population of a county for all years of `horizon`, whose first year is the base year.
    ///
    /// # Errors
    /// When the county cannot hold the targets, or the targets contradict each other.
    pub fn draw(
        target: &CountyTarget,
        params: &PopulationParams,
        horizon: RangeInclusive<u16>,
        draws: &Draws,
    ) -> Result<Self, PopulationError> {
        // Who leaves with the last December is followed, and a category shrinks, as in any other year.
        let and_after = *horizon.start()..=horizon.end().saturating_add(1);
        let order = order::Order::of(target, params.categories.len());
        let (target, params) = (order.target(target), order.params(params));
        let plan = plan::Plan::new(&target, &params, &and_after)?;
        let mut people = people::People::new(&plan, draws);
        people.found();
        let rows = fit::fit(&people);
        for year in horizon {
            people.live_through(year);
        }
        Ok(order.back(people.finish(), rows))
    }

    /// Of some identities the one that comes first in the place's own order: by it a person is drawn and falls ill.
    #[must_use]
    pub fn first_of<'s>(&self, held: impl Iterator<Item = &'s Spell>) -> Option<Category> {
        let place =
            |category: Category| self.order.get(usize::from(category.0)).copied().unwrap_or(category.0);
        held.map(|spell| spell.category).min_by_key(|&category| place(category))
    }

    /// The same population with years before the base year: the persons of its first month are there, with their
    /// identities, for so many years more. Nobody of them can have died or left in these years, and nobody else is
    /// there, so that the persons of each category are as many as in the base year.
    #[must_use]
    pub fn with_warm_up(mut self, years: u16) -> Self {
        let (begin, first) = (Month::new(self.base_year, 1), Month::new(self.base_year - years, 1));
        let founders = self.entry.partition_point(|entry| *entry <= begin);
        self.entry[..founders].fill(first);
        let spells = self.spell_start[founders] as usize;
        for spell in self.spells[..spells].iter_mut().filter(|spell| spell.from == begin) {
            spell.from = first;
        }
        self
    }

    /// Everyone who is ever in the population.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.birth_year.len()
    }

    /// Whether nobody ever is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.birth_year.is_empty()
    }

    /// The identities of a person, the earlier first.
    #[must_use]
    pub fn spells_of(&self, person: usize) -> &[Spell] {
        &self.spells[self.spell_start[person] as usize..self.spell_start[person + 1] as usize]
    }

    /// Age at the last birthday at the end of a year; 0 before the year of birth.
    #[must_use]
    pub fn age_in(&self, person: usize, year: u16) -> u8 {
        age_in(self.birth_year[person], year)
    }

    /// Whether a person is in the population in a month.
    #[must_use]
    pub fn is_present(&self, person: usize, month: Month) -> bool {
        self.entry[person] <= month && month <= self.last[person]
    }

    /// What the base year was to be and what it is.
    #[must_use]
    pub fn fit(&self) -> &[FitRow] {
        &self.fit
    }
}

/// Age at the last birthday at the end of a year.
fn age_in(birth_year: u16, year: u16) -> u8 {
    year.saturating_sub(birth_year).min(255) as u8
}

#[cfg(test)]
mod tests;
