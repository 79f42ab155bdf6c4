//! Ordinary residents of one county: counted by age and sex, never held one by one.

use super::household;
use crate::illness::ordinary::Cells;
use crate::policy::claim::Sex;
use crate::population::{BANDS, Census};
use crate::rng::threshold;

/// The residents without an identity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Residents {
    age: Vec<u8>,
    sex: Vec<Sex>,
    persons: Vec<u32>,
    /// Mean income per head of each year, yuan; empty where no income is known.
    income_per_head: Vec<f64>,
    income_sigma: f64,
    household_size: f64,
    /// Random words below it belong to rural residents.
    rural_below: u64,
}

impl Residents {
    /// The residents by age and sex, and what is known of their households.
    #[must_use]
    pub fn new(census: &Census, income_per_head: Vec<f64>, income_sigma: f64, household_size: f64) -> Self {
        let mut residents = Self { income_per_head, income_sigma, household_size, ..Self::default() };
        for (sex, bands) in Sex::ALL.iter().zip(census) {
            for (band, &persons) in bands.iter().enumerate().take(BANDS) {
                // The middle of the band stands for it; 87 for 85 and over.
                residents.age.push((band * 5 + 2) as u8);
                residents.sex.push(*sex);
                residents.persons.push(persons);
            }
        }
        residents
    }

    /// With the share of them who are rural.
    #[must_use]
    pub fn with_rural_share(self, share: f64) -> Self {
        Self { rural_below: threshold(share), ..self }
    }

    /// Whether the resident to whom a random word belongs is rural.
    pub(super) fn is_rural(&self, word: u32) -> bool {
        u64::from(word) < self.rural_below
    }

    /// What the illness model reads.
    #[must_use]
    pub fn cells(&self) -> Cells<'_> {
        Cells { age: &self.age, sex: &self.sex, persons: &self.persons }
    }

    /// All of them.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.persons.iter().map(|&persons| i64::from(persons)).sum()
    }

    /// Draws the income of a resident's household in a year, yuan.
    pub(super) fn household_income(&self, year: usize, words: [u32; 2]) -> f64 {
        household::income(self.income_per_head[year], self.income_sigma, self.household_size, words)
    }
}
