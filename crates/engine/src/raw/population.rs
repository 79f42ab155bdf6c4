//! The part `[population]` of a place file, as typed: who holds an identity, and how that changes from year to year.
//!
//! How many hold one stands in the place's `categories.csv`; here stands what they are like.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Status;

/// The part `[population]` of a place file.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PopulationPart {
    /// Deaths per person and year, before a group's `mortality_ratio`.
    pub death_rate: BySex,
    /// Categories that are alike, by a free name. Each category of the policy belongs to exactly one group.
    pub groups: BTreeMap<String, Group>,
    /// Persons with two identities.
    #[serde(default)]
    pub overlaps: Vec<Overlap>,
    /// Shares of the policy's traits, by the trait's name.
    #[serde(default)]
    pub traits: BTreeMap<String, TraitShare>,
    /// Persons of a category as a multiple of the year before, by category and year (`"2024" = 0.97`). A year
    /// that is not named has 1.
    #[serde(default)]
    pub category_growth: BTreeMap<String, BTreeMap<String, f64>>,
    /// How uncertain the persons of `categories.csv` are. Left out, or a value of it left out: the defaults below.
    #[serde(default)]
    pub count_spread: CountSpread,
}

/// How uncertain numbers of persons are: standard deviations of their logarithm (0.1 = about 10 %), by the status of the
/// row in `categories.csv`. A row can give its own in a column `spread`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CountSpread {
    /// Of numbers that were found, such as a register's. Default 0.02.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub found: f64,
    /// Of numbers derived from others. Default 0.10.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub derived: f64,
    /// Of assumed numbers. Default 0.25.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub assumed: f64,
    /// The share of the variance which all counties of the place have in common, because their numbers were estimated in
    /// the same way. Default 0.5.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub common_share: f64,
    /// Of the growth of a category from one year to the next, after the first year of the run; alike in all counties.
    /// Default 0.01.
    #[schemars(range(min = 0.0, max = 0.5))]
    pub growth_per_year: f64,
}

impl Default for CountSpread {
    fn default() -> Self {
        Self { found: 0.02, derived: 0.10, assumed: 0.25, common_share: 0.5, growth_per_year: 0.01 }
    }
}

impl CountSpread {
    /// Nothing is uncertain.
    pub const NONE: Self =
        Self { found: 0.0, derived: 0.0, assumed: 0.0, common_share: 0.5, growth_per_year: 0.0 };

    /// The standard deviation of the logarithm of a number with this status.
    #[must_use]
    pub const fn of(&self, status: Status) -> f64 {
        match status {
            Status::Found => self.found,
            Status::Derived => self.derived,
            Status::Assumed => self.assumed,
        }
    }
}

/// One value for each five-year band of age (0-4, 5-9, …, 80-84, 85 and over), by sex.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BySex {
    /// Males.
    #[schemars(inner(range(min = 0.0, max = 1e9)))]
    pub male: [f64; 18],
    /// Females.
    #[schemars(inner(range(min = 0.0, max = 1e9)))]
    pub female: [f64; 18],
}

/// How identities of a group are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// To all members of a household.
    Household,
    /// To single persons, whose household may have other members.
    Person,
}

/// The first and the last age at which an identity can be held, in whole years at the last birthday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ages {
    /// First age, years.
    #[serde(default)]
    #[schemars(range(max = 85))]
    pub from: u8,
    /// Last age, years; the identity ends with the year in which it is reached. Without it there is no last age.
    #[serde(default)]
    #[schemars(range(max = 84))]
    pub to: Option<u8>,
}

impl Ages {
    /// Whether an age of a five-year band, counted from 0, is among them.
    #[must_use]
    pub const fn reach(&self, band: usize) -> bool {
        let first = band * 5;
        let from = (self.from as usize) < first + 5 || first >= 85;
        let to = match self.to {
            Some(to) => to as usize >= first,
            None => true,
        };
        from && to
    }
}

/// Categories that are alike.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Ids of the categories.
    pub categories: Vec<String>,
    /// To whom the identity is given.
    pub given_to: Given,
    /// Ages at which it can be held; all, if not stated. Only where it is given to single persons.
    #[serde(default)]
    pub ages: Option<Ages>,
    /// Weight of each band of age relative to the county's residents of that band: 2 = twice as likely to hold
    /// the identity. Only their proportions count.
    pub age_weight: BySex,
    /// Households of 1, 2, 3 … members in proportion; at most 16 sizes.
    #[schemars(inner(range(min = 0.0, max = 1e9)), length(min = 1, max = 16))]
    pub household_sizes: Vec<f64>,
    /// Share insured as employees, by band of age.
    #[schemars(inner(range(min = 0.0, max = 1.0)))]
    pub employee_share: [f64; 18],
    /// Share on the rural register.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub rural_share: f64,
    /// Share who lose the identity in a year other than by death or age.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub loss_per_year: f64,
    /// Deaths as a multiple of `death_rate`.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub mortality_ratio: f64,
    /// Share of the places of the dead that a newborn of the group takes; the others go to persons of all ages.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub newborn_share: f64,
    /// Mean income per head of the households as a multiple of the place's rural disposable income.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub income_mean_relative: f64,
    /// Standard deviation of the logarithm of that income between households.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub income_sigma: f64,
}

/// Persons with two identities. Nobody is drawn with three.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlap {
    /// The category whose persons are counted.
    pub of: String,
    /// The other category that some of them hold.
    pub also: String,
    /// Share of the persons of `of` who hold `also` too.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
}

/// How often a trait occurs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraitShare {
    /// Whether a whole household or a single person has it.
    pub given_to: Given,
    /// Share by category; a category that is not named has none. Who holds two identities has the larger share.
    #[schemars(inner(range(min = 0.0, max = 1.0)))]
    pub share: BTreeMap<String, f64>,
}
