//! What identity holders are like, resolved and checked: by category in the policy's rank order, or, while a population
//! is drawn, in the place's.

use std::collections::BTreeMap;

use crate::policy::claim::Category;
use crate::units::Fen;

use super::target::BANDS;

/// What identity holders are like. Made by `PopulationParams::resolve`.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationParams {
    /// By rank of the category.
    pub categories: Vec<CategoryParams>,
    /// Persons with two identities.
    pub overlaps: Vec<Overlap>,
    /// By bit of the trait.
    pub traits: Vec<TraitParams>,
    /// Deaths per person and year, by sex (male, female) and band of age.
    pub death_rate: [[f64; BANDS]; 2],
    /// Disposable income per head of the place's rural residents in the base year.
    pub rural_income_per_year: Fen,
}

/// What the persons of one category are like.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryParams {
    /// Id.
    pub name: String,
    /// Whether all members of a household hold it.
    pub by_household: bool,
    /// First age.
    pub age_from: u8,
    /// Last age; `u8::MAX` where there is none.
    pub age_to: u8,
    /// Weight by sex and band of age relative to the residents.
    pub age_weight: [[f64; BANDS]; 2],
    /// Households by size (index 0 = one member), adding up to 1.
    pub household_sizes: Vec<f64>,
    /// Share insured as employees, by band of age.
    pub employee_share: [f64; BANDS],
    /// Share on the rural register.
    pub rural_share: f64,
    /// Share who lose the identity in a year.
    pub loss_per_year: f64,
    /// Deaths as a multiple of `death_rate`.
    pub mortality_ratio: f64,
    /// Share of the places of the dead that newborns take.
    pub newborn_share: f64,
    /// Mean income per head relative to the rural disposable income.
    pub income_mean_relative: f64,
    /// Standard deviation of its logarithm.
    pub income_sigma: f64,
    /// Persons as a multiple of the year before, by year; 1 where not named.
    pub growth: BTreeMap<u16, f64>,
}

/// Persons with two identities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// The category whose persons are counted.
    pub of: Category,
    /// The other one.
    pub also: Category,
    /// Share of the persons of `of`.
    pub share: f64,
}

/// How often a trait occurs.
#[derive(Debug, Clone, PartialEq)]
pub struct TraitParams {
    /// Name.
    pub name: String,
    /// Whether all members of a household have it.
    pub by_household: bool,
    /// Share by rank of the category.
    pub share: Vec<f64>,
}
