//! What a county's population has to add up to.

use crate::policy::claim::Category;

use super::integerise::integerise;

/// Bands of age: 0-4, 5-9, …, 80-84, 85 and over.
pub const BANDS: usize = 18;

/// Persons by sex (male, female) and band of age.
pub type Census = [[u32; BANDS]; 2];

/// One county: its residents and the persons of each category in the base year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyTarget {
    /// Administrative code, below 2^20.
    pub code: u32,
    /// Name, for messages.
    pub name: String,
    /// Residents; already multiplied by the register-to-resident ratio where a scenario has one (`scaled_census`).
    pub census: Census,
    /// Persons by category. A category that is not named has none.
    pub categories: Vec<CategoryTarget>,
}

/// The persons of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryTarget {
    /// Rank in the policy: an index into `PopulationParams::categories`.
    pub category: Category,
    /// Id, for messages.
    pub name: String,
    /// Persons who hold it in the base year; who holds two identities counts in both.
    pub persons: u32,
}

/// The band of an age at the last birthday.
#[must_use]
pub fn band_of_age(age: u8) -> usize {
    usize::from(age / 5).min(BANDS - 1)
}

/// A band as in `60-64` or `85+`.
#[must_use]
pub fn band_name(band: usize) -> String {
    if band == BANDS - 1 { "85+".to_owned() } else { format!("{}-{}", band * 5, band * 5 + 4) }
}

/// A census multiplied by a ratio and made whole again: each cell is within one person of its product, the total
/// is the nearest whole number.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of persons")]
pub fn scaled_census(census: &Census, ratio: f64) -> Census {
    let cells: Vec<f64> = census.iter().flatten().map(|&n| f64::from(n)).collect();
    let total = (cells.iter().sum::<f64>() * ratio + 0.5) as u32;
    let whole = integerise(total, &cells, 0.5);
    let mut scaled = [[0; BANDS]; 2];
    for (index, n) in whole.into_iter().enumerate() {
        scaled[index / BANDS][index % BANDS] = n;
    }
    scaled
}
