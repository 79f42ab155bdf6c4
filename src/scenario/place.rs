//! A place, resolved: counties with residents and persons by category, contributions, incomes, parameters.

use std::collections::BTreeMap;

use super::document::Document;
use super::fault::{Fault, Faults, nearest};
use crate::policy::claim::Sex;
use crate::raw::Status;
use crate::raw::place as raw;
use crate::units::Fen;

/// Number of five-year age bands: 0-4, 5-9 … 80-84, 85 and over.
pub const N_BANDS: usize = 18;

/// The values of a place that policies look up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaceValues {
    /// Contributions by group; the first group that fits applies.
    pub contributions: Vec<ContributionGroup>,
    /// Incomes by name and year.
    pub incomes: BTreeMap<String, BTreeMap<u16, Fen>>,
    /// County parameters by name: the default, and what single counties set.
    pub county_parameters: BTreeMap<String, (f64, BTreeMap<String, f64>)>,
}

impl PlaceValues {
    /// A county's value of a parameter.
    #[must_use]
    pub fn county_parameter(&self, name: &str, county: &str) -> Option<f64> {
        let (default, by_county) = self.county_parameters.get(name)?;
        Some(by_county.get(county).copied().unwrap_or(*default))
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

/// One county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct County {
    /// Administrative code.
    pub code: u32,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Residents by sex and age band.
    pub residents: [[u32; N_BANDS]; 2],
    /// Rural residents.
    pub rural: u32,
    /// All residents.
    pub all: u32,
    /// Family households and the persons in them.
    pub households: (u32, u32),
    /// Persons by category id, with the status of the figure.
    pub categories: Vec<(String, u32, Status)>,
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
}

/// The text of the two tables beside a place file.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Name and text of `counties.csv`.
    pub counties: (String, String),
    /// Name and text of `categories.csv`.
    pub categories: (String, String),
}

/// Resolves a place; `categories` are the ids that the policies rank.
pub fn resolve(
    id: &str,
    (raw, document): (raw::Place, &Document),
    tables: &Tables,
    categories: &[String],
    faults: &mut Faults,
) -> Place {
    let mut counties = read_counties(tables, faults);
    read_categories(tables, categories, &mut counties, faults);
    let values = values(&raw, document, &counties, faults);
    Place {
        id: id.to_owned(),
        name_zh: raw.name_zh.clone(),
        name_en: raw.name_en.clone(),
        counties,
        values,
        raw,
    }
}

fn values(raw: &raw::Place, document: &Document, counties: &[County], faults: &mut Faults) -> PlaceValues {
    let mut values = PlaceValues::default();
    let mut by_year = |key: &str, series: &indexmap::IndexMap<String, crate::raw::value::Yuan>| {
        let mut all = BTreeMap::new();
        for (year, yuan) in series {
            let key = format!("{key}.yuan_by_year.{year}");
            match (
                year.parse::<u16>().ok().filter(|year| (1990..=2100).contains(year)),
                Fen::from_yuan_f64(yuan.0),
            ) {
                (Some(year), Some(fen)) => {
                    all.insert(year, fen);
                }
                (None, _) => faults.push(document.fault(&key, "is not a year such as \"2022\"", None)),
                (_, None) => faults.push(document.fault(&key, "is too large", None)),
            }
        }
        all
    };
    for (id, group) in &raw.contribution {
        values.contributions.push(ContributionGroup {
            age_from: group.age_from.unwrap_or(0),
            age_below: group.age_below.unwrap_or(u8::MAX),
            sex: group.sex,
            by_year: by_year(&format!("contribution.{id}"), &group.yuan_by_year),
        });
    }
    for (id, income) in &raw.income {
        values.incomes.insert(id.clone(), by_year(&format!("income.{id}"), &income.yuan_by_year));
    }
    for (id, parameter) in &raw.county_parameters {
        let mut own = BTreeMap::new();
        for (county, value) in &parameter.by_county {
            if counties.iter().any(|known| known.name == *county) {
                own.insert(county.clone(), *value);
            } else {
                let key = format!("county_parameters.{id}.by_county.{county}");
                let hint = nearest(county, counties.iter().map(|known| known.name.as_str()));
                faults.push(document.fault(&key, format!("the place has no county `{county}`"), hint));
            }
        }
        values.county_parameters.insert(id.clone(), (parameter.default, own));
    }
    values
}

/// One row of a table with its line, for faults.
struct Row<'a> {
    file: &'a str,
    line: usize,
    header: &'a csv::StringRecord,
    record: csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
        let index = self.header.iter().position(|name| name == column);
        index.and_then(|index| self.record.get(index)).unwrap_or("").trim()
    }

    fn fault(&self, column: &str, problem: String, hint: Option<String>) -> Fault {
        Fault {
            file: self.file.to_owned(),
            line: Some(self.line),
            key: column.to_owned(),
            value: self.text(column).to_owned(),
            problem,
            hint,
        }
    }

    fn count(&self, column: &str, faults: &mut Faults) -> u32 {
        self.text(column).parse().unwrap_or_else(|_| {
            faults.push(self.fault(column, "must be a whole number of persons, 0 or more".to_owned(), None));
            0
        })
    }
}

fn rows<'a>(
    (file, text): &'a (String, String),
    needed: &[String],
    header: &'a mut csv::StringRecord,
    faults: &mut Faults,
) -> Vec<Row<'a>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    *header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            faults.file(file, format!("cannot be read as a table: {error}"));
            return Vec::new();
        }
    };
    for column in needed {
        if !header.iter().any(|name| name == column) {
            let hint = nearest(column, header.iter());
            faults.push(Fault {
                file: file.clone(),
                line: Some(1),
                key: column.clone(),
                value: String::new(),
                problem: "missing column".to_owned(),
                hint,
            });
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, |position| position.line() as usize);
                rows.push((line, record));
            }
            Err(error) => faults.file(file, format!("cannot be read as a table: {error}")),
        }
    }
    let header = &*header;
    rows.into_iter().map(|(line, record)| Row { file, line, header, record }).collect()
}

fn band_columns() -> Vec<String> {
    ["m", "f"].iter().flat_map(|sex| (0..N_BANDS).map(move |band| format!("{sex}_{}", band * 5))).collect()
}

fn read_counties(tables: &Tables, faults: &mut Faults) -> Vec<County> {
    let mut needed: Vec<String> =
        ["code", "name", "name_en", "residents", "rural", "households", "household_residents"]
            .map(ToOwned::to_owned)
            .to_vec();
    needed.extend(band_columns());
    let mut header = csv::StringRecord::new();
    let mut counties: Vec<County> = Vec::new();
    for row in rows(&tables.counties, &needed, &mut header, faults) {
        let code = row.text("code").parse().unwrap_or(0);
        if !(1..1 << 20).contains(&code) {
            faults.push(row.fault("code", "must be an administrative code of six digits".to_owned(), None));
        }
        if counties.iter().any(|other| other.code == code || other.name == row.text("name")) {
            faults.push(row.fault("code", "the county is listed twice".to_owned(), None));
        }
        let mut residents = [[0; N_BANDS]; 2];
        for (cell, column) in residents.iter_mut().flatten().zip(band_columns()) {
            *cell = row.count(&column, faults);
        }
        let all = row.count("residents", faults);
        let sum: u32 = residents.iter().flatten().sum();
        if sum != all {
            let problem = format!("the residents by age and sex add up to {sum}");
            faults.push(row.fault("residents", problem, None));
        }
        counties.push(County {
            code,
            name: row.text("name").to_owned(),
            name_en: row.text("name_en").to_owned(),
            residents,
            rural: row.count("rural", faults),
            all,
            households: (row.count("households", faults), row.count("household_residents", faults)),
            categories: Vec::new(),
        });
    }
    if counties.is_empty() {
        faults.file(&tables.counties.0, "lists no county");
    }
    counties
}

fn read_categories(tables: &Tables, known: &[String], counties: &mut [County], faults: &mut Faults) {
    let needed = ["code", "category", "persons", "status", "source"].map(ToOwned::to_owned);
    let mut header = csv::StringRecord::new();
    for row in rows(&tables.categories, &needed, &mut header, faults) {
        let persons = row.count("persons", faults);
        let category = row.text("category").to_owned();
        if !known.contains(&category) {
            let hint = nearest(&category, known.iter().map(String::as_str));
            faults.push(row.fault("category", "the policy ranks no such category".to_owned(), hint));
        }
        let status = match row.text("status") {
            "found" => Status::Found,
            "derived" => Status::Derived,
            "assumed" => Status::Assumed,
            _ => {
                faults.push(row.fault("status", "must be found, derived or assumed".to_owned(), None));
                Status::Assumed
            }
        };
        if row.text("source").is_empty() {
            faults.push(row.fault("source", "missing: name the source or the reasoning".to_owned(), None));
        }
        let code = row.text("code").parse::<u32>().unwrap_or(0);
        match counties.iter_mut().find(|county| county.code == code) {
            None => faults.push(row.fault("code", "is not a county of this place".to_owned(), None)),
            Some(county) if county.categories.iter().any(|(id, ..)| *id == category) => {
                faults.push(row.fault("category", "is given twice for this county".to_owned(), None));
            }
            Some(county) => county.categories.push((category, persons, status)),
        }
    }
}
