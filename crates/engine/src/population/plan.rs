//! The strata of a county: sets of persons who hold the same identities, how many there are in each year, and
//! at which ages.

use std::ops::RangeInclusive;

use crate::policy::claim::{Category, Sex};

use super::error::PopulationError;
use super::integerise::integerise;
use super::params::{CategoryParams, PopulationParams};
use super::target::{BANDS, Census, CountyTarget, band_name};

/// Cells of sex and band of age, males first.
pub(super) const CELLS: usize = 2 * BANDS;

/// The offset with which expected numbers of the base year are made whole: the nearest.
pub(super) const AT_THE_START: f64 = 0.5;

/// Persons who hold the same one or two identities.
#[derive(Debug, Clone)]
pub(super) struct Stratum {
    /// The identities, the first in the place's order first; the second is `Category::ORDINARY` where there is only one.
    pub identities: [Category; 2],
    /// Whether all members of a household hold them.
    pub by_household: bool,
    /// First age.
    pub age_from: u8,
    /// Last age; `u8::MAX` where there is none.
    pub age_to: u8,
    /// Weight of each cell, the residents of the cell included.
    pub weights: [f64; CELLS],
    /// The running sum of the weights, ending at 1.
    pub running: [f64; CELLS],
    /// Share with each trait.
    pub trait_shares: Vec<f64>,
    /// Persons by year of the horizon.
    pub persons: Vec<u32>,
}

impl Stratum {
    /// The identities.
    pub fn held(&self) -> &[Category] {
        let n = if self.identities[1] == Category::ORDINARY { 1 } else { 2 };
        &self.identities[..n]
    }

    /// The number of the first identity, whose parameters hold where only one can.
    pub fn lead(&self) -> usize {
        usize::from(self.identities[0].0)
    }

    /// So many persons of the stratum by cell of sex and age.
    pub fn cells(&self, persons: u32, offset: f64) -> Vec<u32> {
        integerise(persons, &self.weights, offset)
    }

    /// Whether the identity ends at some age.
    pub fn ends_by_age(&self) -> bool {
        self.age_to < u8::MAX
    }
}

/// What is to be drawn for a county.
#[derive(Debug, Clone)]
pub(super) struct Plan<'a> {
    pub target: &'a CountyTarget,
    pub params: &'a PopulationParams,
    pub base_year: u16,
    /// The year after the last one that is lived through.
    pub last_year: u16,
    /// First the strata of one identity by rank, then those of two in the order of the overlaps.
    pub strata: Vec<Stratum>,
    /// Residents without an identity in the base year.
    pub ordinary: Census,
}

impl<'a> Plan<'a> {
    pub fn new(
        target: &'a CountyTarget,
        params: &'a PopulationParams,
        horizon: &RangeInclusive<u16>,
    ) -> Result<Self, PopulationError> {
        let (base_year, last_year) = (*horizon.start(), *horizon.end());
        let ordinary = target.census;
        let mut plan = Self { target, params, base_year, last_year, strata: Vec::new(), ordinary };
        let mut alone = plan.persons_by_category(horizon)?;
        let base: Vec<u32> = alone.iter().map(|years| years.first().copied().unwrap_or(0)).collect();
        let wanted = alone.clone();
        let mut both = Vec::new();
        for overlap in &params.overlaps {
            let (of, also) = (usize::from(overlap.of.0), usize::from(overlap.also.0));
            let persons = rounded(f64::from(base[of]) * overlap.share);
            let years = overlapping(persons, [&params.categories[of], &params.categories[also]], horizon);
            for rank in [of, also] {
                plan.take_off(rank, &years, (&mut alone[rank], &wanted[rank]))?;
            }
            both.push((of.min(also), of.max(also), years));
        }
        for (rank, persons) in alone.into_iter().enumerate() {
            plan.push(&[rank], persons)?;
        }
        for (better, other, persons) in both {
            plan.push(&[better, other], persons)?;
        }
        plan.take_off_holders()?;
        Ok(plan)
    }

    /// Residents less the holders of the base year, cell by cell; in no year are there more holders than residents.
    fn take_off_holders(&mut self) -> Result<(), PopulationError> {
        self.ordinary = self.others(0)?;
        // Ages shift while the years pass, residents do not: what could not live there at once never could.
        (1..self.years()).try_for_each(|index| self.others(index).map(|_| ()))
    }

    /// Years of the horizon.
    fn years(&self) -> usize {
        usize::from(self.last_year - self.base_year) + 1
    }

    /// Residents less the holders of a year of the horizon, if these had the ages of the base year.
    fn others(&self, index: usize) -> Result<Census, PopulationError> {
        let mut holders = [0_u64; CELLS];
        for stratum in &self.strata {
            for (holders, n) in holders.iter_mut().zip(stratum.cells(stratum.persons[index], AT_THE_START)) {
                *holders += u64::from(n);
            }
        }
        let mut others = self.target.census;
        for (cell, holders) in holders.into_iter().enumerate() {
            let (sex, band) = (cell / BANDS, cell % BANDS);
            let residents = self.target.census[sex][band];
            let left = u32::try_from(holders).ok().and_then(|holders| residents.checked_sub(holders));
            others[sex][band] = left.ok_or_else(|| PopulationError::TooManyHolders {
                county: self.target.name.clone(),
                sex: Sex::ALL[sex],
                ages: band_name(band),
                year: (self.base_year..).nth(index).unwrap_or(self.last_year),
                holders,
                residents,
                most: self.most_held(index, cell),
            })?;
        }
        Ok(others)
    }

    /// The id of the category that most holders of a cell have in a year of the horizon.
    fn most_held(&self, index: usize, cell: usize) -> String {
        let mut held = vec![0_u64; self.params.categories.len()];
        for stratum in &self.strata {
            let n = stratum.cells(stratum.persons[index], AT_THE_START)[cell];
            for identity in stratum.identities {
                if let Some(held) = held.get_mut(usize::from(identity.0)) {
                    *held += u64::from(n);
                }
            }
        }
        let most = held.iter().zip(&self.params.categories).max_by_key(|(n, _)| **n);
        most.map_or_else(String::new, |(_, params)| params.name.clone())
    }

    /// Persons of each category by year.
    fn persons_by_category(&self, horizon: &RangeInclusive<u16>) -> Result<Vec<Vec<u32>>, PopulationError> {
        let years = horizon.clone().count();
        let mut persons = vec![vec![0; years]; self.params.categories.len()];
        for wanted in &self.target.categories {
            let rank = usize::from(wanted.category.0);
            let Some(params) = self.params.categories.get(rank) else {
                let (county, category) = (self.target.name.clone(), wanted.name.clone());
                return Err(PopulationError::NoParameters { county, category });
            };
            persons[rank] =
                growth(params, horizon).map(|factor| rounded(f64::from(wanted.persons) * factor)).collect();
        }
        Ok(persons)
    }

    fn take_off(
        &self,
        rank: usize,
        overlapping: &[u32],
        (alone, wanted): (&mut [u32], &[u32]),
    ) -> Result<(), PopulationError> {
        for (index, &both) in overlapping.iter().enumerate() {
            alone[index] = alone[index].checked_sub(both).ok_or_else(|| PopulationError::TooMuchOverlap {
                county: self.target.name.clone(),
                category: self.params.categories[rank].name.clone(),
                year: (self.base_year..).nth(index).unwrap_or(self.last_year),
                persons: wanted[index],
                overlapping: u64::from(wanted[index] - alone[index]) + u64::from(both),
            })?;
        }
        Ok(())
    }

    fn push(&mut self, ranks: &[usize], persons: Vec<u32>) -> Result<(), PopulationError> {
        let held: Vec<&CategoryParams> = ranks.iter().map(|&rank| &self.params.categories[rank]).collect();
        let weights = weights(self.target, &held);
        let stratum = Stratum {
            identities: [category(ranks[0]), ranks.get(1).map_or(Category::ORDINARY, |&rank| category(rank))],
            by_household: held.iter().all(|params| params.by_household),
            age_from: held.iter().map(|params| params.age_from).max().unwrap_or(0),
            age_to: held.iter().map(|params| params.age_to).min().unwrap_or(u8::MAX),
            weights,
            running: running(&weights),
            trait_shares: trait_shares(self.params, ranks),
            persons,
        };
        let most = stratum.persons.iter().copied().max().unwrap_or(0);
        if most > 0 && stratum.weights.iter().sum::<f64>() <= 0.0 {
            let category = held.iter().map(|params| params.name.as_str()).collect::<Vec<_>>().join(" + ");
            let county = self.target.name.clone();
            return Err(PopulationError::NoSuchAges { county, category, persons: most });
        }
        self.strata.push(stratum);
        Ok(())
    }
}

/// The weight of a cell is the residents of the cell times the age weight of each identity, as if two identities
/// were independent within a cell; a band that is only partly allowed counts for its allowed years.
fn weights(target: &CountyTarget, held: &[&CategoryParams]) -> [f64; CELLS] {
    let from = held.iter().map(|params| params.age_from).max().unwrap_or(0);
    let to = held.iter().map(|params| params.age_to).min().unwrap_or(u8::MAX);
    let mut weights = [0.0; CELLS];
    for (cell, weight) in weights.iter_mut().enumerate() {
        let (sex, band) = (cell / BANDS, cell % BANDS);
        let of_age: f64 = held.iter().map(|params| params.age_weight[sex][band]).product();
        *weight = f64::from(target.census[sex][band]) * of_age * allowed_share(band, from, to);
    }
    weights
}

#[expect(clippy::cast_possible_truncation, reason = "a band is below 18")]
fn allowed_share(band: usize, from: u8, to: u8) -> f64 {
    let first = band as u8 * 5;
    if band == BANDS - 1 {
        return if to > first { 1.0 } else { 0.0 };
    }
    let allowed = (first..first + 5).filter(|age| (from..=to).contains(age)).count();
    allowed as f64 / 5.0
}

fn running(weights: &[f64; CELLS]) -> [f64; CELLS] {
    let (sum, mut reached) = (weights.iter().sum::<f64>(), 0.0);
    weights.map(|weight| {
        reached += weight;
        if sum > 0.0 { reached / sum } else { 0.0 }
    })
}

/// Who holds two identities has the larger share of the two.
fn trait_shares(params: &PopulationParams, ranks: &[usize]) -> Vec<f64> {
    let larger = |shares: &Vec<f64>| ranks.iter().map(|&rank| shares[rank]).fold(0.0, f64::max);
    params.traits.iter().map(|of| larger(&of.share)).collect()
}

/// Persons of a category in each year of the horizon as a multiple of the base year.
fn growth<'p>(
    params: &'p CategoryParams,
    horizon: &RangeInclusive<u16>,
) -> impl Iterator<Item = f64> + use<'p> {
    let base = *horizon.start();
    horizon.clone().scan(1.0, move |factor, year| {
        if year > base {
            *factor *= params.growth.get(&year).copied().unwrap_or(1.0);
        }
        Some(*factor)
    })
}

/// Persons with both identities change with the one that grows less.
fn overlapping(persons: u32, of: [&CategoryParams; 2], horizon: &RangeInclusive<u16>) -> Vec<u32> {
    growth(of[0], horizon)
        .zip(growth(of[1], horizon))
        .map(|(first, second)| rounded(f64::from(persons) * first.min(second)))
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of persons")]
pub(super) fn rounded(persons: f64) -> u32 {
    (persons + 0.5) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "a policy has at most 32 categories")]
pub(super) const fn category(rank: usize) -> Category {
    Category(rank as u8)
}
