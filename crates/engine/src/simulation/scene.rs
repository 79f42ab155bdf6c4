//! Where a person is settled, and whose year it is.

use super::counts::Weights;
use super::lane::Lane;
use super::replicate::County;
use crate::illness::YearContext;
use crate::illness::ordinary::Costly;
use crate::policy::claim::Sex;
use crate::policy::schedule::YearRules;
use crate::rng::{Key, Purpose};
use crate::units::Month;

/// Where a person is settled: county, lane and year of one replicate.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'s, 'c> {
    /// The county.
    pub county: &'s County<'c>,
    /// The lane.
    pub lane: &'s Lane<'c>,
    /// The drawn county-year.
    pub ctx: &'s YearContext,
    /// The position of the year.
    pub year: usize,
    /// For how many persons each person of the population stands in it.
    pub weights: &'s Weights,
}

impl Scene<'_, '_> {
    /// The key of a person's or household's draws in this year.
    pub(super) fn key(&self, person: u32) -> Key {
        Key { person, replicate: self.ctx.replicate, county: self.ctx.county, year: self.ctx.year }
    }

    /// The rules by which a person is settled. Of ordinary residents and recruits the household is not drawn.
    pub(super) fn rules_of(&self, who: Who) -> &YearRules {
        match who {
            Who::Holder { row, .. } => {
                let population = self.county.population;
                let size = population.households.size[population.household[row] as usize];
                self.lane.rules_of(self.year, size)
            }
            Who::Ordinary { .. } | Who::Recruit { .. } => &self.lane.rules[self.year],
        }
    }

    /// For how many persons of the county a person stands.
    pub(super) fn weight(&self, who: Who) -> i64 {
        match who {
            Who::Holder { row, .. } => self.weights.of(row),
            Who::Ordinary { .. } | Who::Recruit { .. } => 1,
        }
    }

    /// December of the year.
    pub(super) fn december(&self) -> Month {
        Month::new(self.ctx.year, 12)
    }
}

/// Keys of ordinary residents lie apart from those of the population.
pub(super) const ORDINARY_KEY: u32 = 1 << 31;

/// Whose year is settled.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    /// A person of the synthetic population.
    Holder {
        /// Row.
        row: usize,
        /// Stays in hospital.
        stays: u8,
    },
    /// An ordinary resident with a costly year.
    Ordinary {
        /// Key of the draws in that year.
        key: u32,
        /// Age.
        age: u8,
        /// Sex.
        sex: Sex,
    },
    /// An ordinary resident whom a watch list made a monitored person in an earlier year.
    Recruit {
        /// Position among the recruits.
        index: usize,
        /// Stays in hospital.
        stays: u8,
        /// Whether on the rural register.
        rural: bool,
    },
}

impl Who {
    /// An ordinary resident with a costly year.
    pub(super) const fn costly(costly: &Costly, number: u32) -> Self {
        Self::Ordinary { key: (costly.cell << 22) | number, age: costly.age, sex: costly.sex }
    }

    /// The key of the person's draws; ordinary residents and recruits lie apart from the population.
    pub(super) const fn key(self) -> u32 {
        match self {
            Self::Holder { row, .. } => row as u32,
            Self::Ordinary { key, .. } => key | ORDINARY_KEY,
            Self::Recruit { index, .. } => index as u32 | super::recruit::KEY,
        }
    }

    /// Stays in hospital; none where they are counted apart.
    pub(super) const fn stays(self) -> u8 {
        match self {
            Self::Holder { stays, .. } | Self::Recruit { stays, .. } => stays,
            Self::Ordinary { .. } => 0,
        }
    }

    /// Whether the person is on the rural register; of ordinary residents as many as live in the country.
    pub(super) fn is_rural(self, scene: Scene<'_, '_>) -> bool {
        match self {
            Self::Holder { row, .. } => scene.county.population.rural[row],
            Self::Ordinary { .. } => {
                let words = scene.ctx.draws.block(scene.key(self.key()), Purpose::Residence, 0);
                scene.county.ordinary.is_rural(words[0])
            }
            Self::Recruit { rural, .. } => rural,
        }
    }
}
