//! The counties of the census of 2020, which is built in: what a place file asks for with `census = "2020"`, and what a new
//! place begins with.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::{County, N_BANDS, Tables, shares};
use crate::lang::Words;
use crate::raw::Status;
use crate::scenario::table::{self, Columns};

const CENSUS: &str = include_str!("../../../../../assets/census-2020-counties.csv");

/// The columns before the residents by sex and age; those of the province are not in the table of a place.
const COLUMNS: [&str; 12] = [
    "code",
    "name",
    "name_en",
    "city",
    "city_en",
    "province",
    "province_en",
    "residents",
    "urban",
    "rural",
    "households",
    "household_residents",
];

/// One county of the census.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CensusCounty {
    /// Province in Chinese and English.
    pub province: Words,
    /// Name, code and city: what a county is found by.
    pub county: County,
    /// The row as `counties.csv` of a place has it.
    pub row: Vec<String>,
}

/// Every county of the census, in the order of the codes.
static COUNTIES: LazyLock<Vec<CensusCounty>> = LazyLock::new(|| {
    let bands = bands();
    let all: Vec<&str> = COLUMNS.into_iter().chain(bands.iter().map(String::as_str)).collect();
    let table = table::read(CENSUS, Columns::plain(&all, &all)).unwrap_or_default();
    table.rows.iter().filter_map(|row| county(&table, row, &bands)).collect()
});

/// Every county of the census of 2020.
#[must_use]
pub fn counties() -> &'static [CensusCounty] {
    &COUNTIES
}

/// The columns of `counties.csv`.
#[must_use]
pub fn columns() -> Vec<String> {
    let own = COLUMNS.into_iter().filter(|column| !column.starts_with("province")).map(ToOwned::to_owned);
    own.chain(bands()).collect()
}

fn bands() -> Vec<String> {
    ["m", "f"].iter().flat_map(|sex| (0..N_BANDS).map(move |band| format!("{sex}_{}", band * 5))).collect()
}

fn county(table: &table::Table, row: &table::Row, bands: &[String]) -> Option<CensusCounty> {
    let cell = |column: &str| table.cell(row, column);
    let number = |column: &str| cell(column).parse::<u32>().ok();
    let mut residents = [[0; N_BANDS]; 2];
    for (count, band) in residents.iter_mut().flatten().zip(bands) {
        *count = number(band)?;
    }
    let text = |column: &str| cell(column).to_owned();
    let county = County {
        code: number("code")?,
        name: text("name"),
        name_en: text("name_en"),
        city: text("city"),
        city_en: text("city_en"),
        label_zh: text("name"),
        label_en: text("name_en"),
        residents,
        urban: number("urban")?,
        rural: number("rural")?,
        all: number("residents")?,
        households: (number("households")?, number("household_residents")?),
        ..County::default()
    };
    let row = columns().iter().map(|column| text(column)).collect();
    Some(CensusCounty { province: Words::new(text("province"), text("province_en")), county, row })
}

/// The two tables of a place that is all counties of the census: residents as counted, persons of each category by the
/// documented shares. In the place of the names of files stands what they are.
#[must_use]
pub fn tables(categories: &[String]) -> Tables {
    let mut counties = format!("{}\n", columns().join(","));
    let mut persons = "code,category,persons,status,source\n".to_owned();
    for one in self::counties() {
        let _ = writeln!(counties, "{}", one.row.join(","));
        let code = one.county.code;
        for id in categories {
            let shares::Estimate { persons: n, source } = shares::of_census(&one.county, id);
            let _ = writeln!(persons, "{code},{id},{n},{},\"{source}\"", Status::Assumed.name());
        }
    }
    Tables {
        counties: ("census 2020: counties".to_owned(), counties),
        categories: ("census 2020: persons by category".to_owned(), persons),
    }
}
