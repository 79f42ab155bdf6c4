//! A place, resolved: counties with residents and persons by category, contributions, incomes, parameters.

pub mod census;
pub mod lookup;
mod series;
pub mod shares;
mod tables;

use std::collections::BTreeMap;

use super::document::Document;
use super::fault::{Fault, Faults};
use crate::lang::Words;
use crate::policy::claim::Sex;
use crate::raw::Status;
use crate::raw::place as raw;
use crate::raw::population::CountSpread;
use crate::units::{Fen, Ratio};

/// Number of five-year age bands: 0-4, 5-9 … 80-84, 85 and over.
pub const N_BANDS: usize = 18;

/// The values of a place that policies look up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaceValues {
    /// Contributions by group; the first group that fits applies.
    pub contributions: Vec<ContributionGroup>,
    /// Incomes by name and year.
    pub incomes: BTreeMap<String, BTreeMap<u16, Fen>>,
    /// County parameters by name.
    pub county_parameters: BTreeMap<String, CountyParameter>,
}

/// A parameter that each county sets for itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CountyParameter {
    /// The value where a county sets none.
    pub default: f64,
    /// What single counties set, by their code.
    pub by_code: BTreeMap<u32, f64>,
    /// Where each value is written, the default under `None`: faults without a problem.
    pub written: BTreeMap<Option<u32>, Fault>,
}

impl CountyParameter {
    /// A fault of a county's value, where that is written.
    #[must_use]
    pub fn fault(&self, code: u32, problem: Words) -> Fault {
        let written = self.written.get(&Some(code)).or_else(|| self.written.get(&None));
        Fault { problem, ..written.cloned().unwrap_or_default() }
    }
}

impl PlaceValues {
    /// A county's value of a parameter; the county by its code.
    #[must_use]
    pub fn county_parameter(&self, name: &str, code: u32) -> Option<f64> {
        let parameter = self.county_parameters.get(name)?;
        Some(parameter.by_code.get(&code).copied().unwrap_or(parameter.default))
    }

    /// Years for which every group's contribution is known.
    #[must_use]
    pub fn contribution_years(&self) -> Vec<u16> {
        let Some(first) = self.contributions.first() else { return Vec::new() };
        let known = |year: &&u16| self.contributions.iter().all(|group| group.by_year.contains_key(*year));
        first.by_year.keys().filter(known).copied().collect()
    }
}

/// The contribution of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributionGroup {
    /// Youngest age.
    pub age_from: u8,
    /// First age that is too old.
    pub age_below: u8,
    /// Sex, where it matters.
    pub sex: Option<Sex>,
    /// Amount by coverage year.
    pub by_year: BTreeMap<u16, Fen>,
}

impl ContributionGroup {
    /// Whether the group is for persons of an age and sex.
    #[must_use]
    pub fn includes(&self, age: u8, sex: Sex) -> bool {
        (self.age_from..self.age_below).contains(&age) && self.sex.is_none_or(|only| only == sex)
    }
}

/// One county.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct County {
    /// Administrative code.
    pub code: u32,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The city in Chinese; empty where the table does not say.
    pub city: String,
    /// The city in English; empty where the table does not say.
    pub city_en: String,
    /// What the county is called in Chinese: its name, with the city where another county of the place has that name.
    pub label_zh: String,
    /// What the county is called in English, likewise.
    pub label_en: String,
    /// Residents by sex and age band.
    pub residents: [[u32; N_BANDS]; 2],
    /// Urban residents.
    pub urban: u32,
    /// Rural residents.
    pub rural: u32,
    /// All residents.
    pub all: u32,
    /// Family households and the persons in them.
    pub households: (u32, u32),
    /// Persons of each category, in the order of the table.
    pub categories: Vec<CategoryCount>,
}

/// The persons of one category in a county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount {
    /// Id of the category.
    pub id: String,
    /// Persons.
    pub persons: u32,
    /// The status of the figure.
    pub status: Status,
    /// Its source, or the reasoning.
    pub source: String,
    /// The same in Chinese, where the table gives it.
    pub source_zh: Option<String>,
    /// How uncertain the number is: standard deviation of its logarithm; none where the status says it.
    pub spread: Option<Ratio>,
    /// The line of the table, for faults.
    pub line: usize,
}

impl CategoryCount {
    /// How uncertain the number is, standard deviation of its logarithm: its own, else that of its status; a number of
    /// nobody is not.
    #[must_use]
    pub fn log_sd(&self, by_status: &CountSpread) -> f64 {
        match self.persons {
            0 => 0.0,
            _ => self.spread.map_or(by_status.of(self.status), Ratio::as_f64),
        }
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its folder's name.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Counties in the order of the table.
    pub counties: Vec<County>,
    /// What policies look up.
    pub values: PlaceValues,
    /// The file as typed, for the population and the tests of households.
    pub raw: raw::Place,
    /// Categories of the table that the policies do not know: who has one is an ordinary resident.
    pub other_categories: Vec<String>,
}

/// The text of the two tables beside a place file, or of those that the census gives.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Name and text of `counties.csv`.
    pub counties: (String, String),
    /// Name and text of `categories.csv`.
    pub categories: (String, String),
}

/// Said of a name that is no category of any policy of the scenario.
pub(super) fn not_ranked() -> Words {
    Words::new("政策的`rank`中没有这一人员类别", "the policy ranks no such category")
}

/// Resolves a place; `categories` are the ids that the policies rank. What depends on counties that cannot be read is
/// not looked at.
pub fn resolve(
    id: &str,
    (raw, document): (raw::Place, &Document),
    tables: &Tables,
    categories: &[String],
    faults: &mut Faults,
) -> Place {
    let counties = tables::counties(tables, faults);
    let values = series::values(&raw, document, counties.as_deref(), faults);
    let mut counties = counties.unwrap_or_default();
    let other_categories = match counties.is_empty() {
        true => Vec::new(),
        false => tables::categories(tables, categories, &mut counties, faults),
    };
    Place {
        id: id.to_owned(),
        name_zh: raw.name_zh.clone(),
        name_en: raw.name_en.clone(),
        counties,
        values,
        raw,
        other_categories,
    }
}
