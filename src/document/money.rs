//! The money of a run and of a comparison, read off its tables: what the sentences and tables of a document need.

use crate::report::csv_files::{ALL, TOTAL};
use crate::report::finished::{Finished, ReadTable};
use crate::report::tables;

/// Spending of one county (or of all) in a year, over a line (or all) and a funder (or all). Amounts in yuan.
#[derive(Debug, Clone, PartialEq)]
pub struct Spending {
    /// Code of the county, or `ALL`.
    pub county: String,
    /// The year.
    pub year: u16,
    /// Line, or `total`.
    pub line: String,
    /// Funder, or `total`.
    pub funder: String,
    /// Residents.
    pub residents: f64,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean; `None` with a single replicate.
    pub error: Option<f64>,
    /// 5th, 25th, 50th, 75th, 90th and 95th percentiles.
    pub percentiles: [f64; 6],
    /// Standard errors of P50, P90, P95; `None` with too few replicates.
    pub percentile_errors: [Option<f64>; 3],
}

impl Spending {
    /// Median.
    #[must_use]
    pub const fn p50(&self) -> f64 {
        self.percentiles[2]
    }

    /// 90th percentile.
    #[must_use]
    pub const fn p90(&self) -> f64 {
        self.percentiles[4]
    }

    /// 95th percentile.
    #[must_use]
    pub const fn p95(&self) -> f64 {
        self.percentiles[5]
    }

    /// Mean spending per resident, yuan; `None` without residents.
    #[must_use]
    pub fn per_resident(&self) -> Option<f64> {
        (self.residents > 0.0).then(|| self.mean / self.residents)
    }
}

/// All rows of `projection.csv`.
#[must_use]
pub fn spending(run: &Finished) -> Vec<Spending> {
    run.table(tables::PROJECTION.file)
        .map_or_else(Vec::new, |table| table.rows.iter().map(|row| spending_of(table, row)).collect())
}

fn spending_of(table: &ReadTable, row: &[String]) -> Spending {
    let text = |name: &str| table.field(row, name).to_owned();
    let number = |name: &str| table.number(row, name).unwrap_or_default();
    let percentiles = ["p05_yuan", "p25_yuan", "p50_yuan", "p75_yuan", "p90_yuan", "p95_yuan"].map(number);
    Spending {
        county: text("county_code"),
        year: table.field(row, "year").parse().unwrap_or_default(),
        line: text("line"),
        funder: text("funder"),
        residents: number("residents"),
        mean: number("mean_yuan"),
        error: table.number(row, "se_yuan"),
        percentiles,
        percentile_errors: ["p50_se_yuan", "p90_se_yuan", "p95_se_yuan"].map(|name| table.number(row, name)),
    }
}

/// The paired difference of one scenario from the base, in a county (or all) and year. Amounts in yuan.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Id of the scenario.
    pub other: String,
    /// Code of the county, or `ALL`.
    pub county: String,
    /// The year.
    pub year: u16,
    /// Line, or `total`.
    pub line: String,
    /// Funder, or `total`.
    pub funder: String,
    /// Mean of the base and of the scenario.
    pub means: [f64; 2],
    /// Mean difference.
    pub mean: f64,
    /// The 95 % error of the mean; `None` with a single replicate.
    pub mean_95: Option<[f64; 2]>,
    /// 5th, 50th and 95th percentiles of the outcomes.
    pub outcomes: [f64; 3],
    /// Shares of the replicates in which the scenario is dearer, and in which both are equal.
    pub probabilities: [f64; 2],
}

/// All rows of `difference.csv`.
#[must_use]
pub fn differences(run: &Finished) -> Vec<Difference> {
    run.table(tables::DIFFERENCE.file)
        .map_or_else(Vec::new, |table| table.rows.iter().map(|row| difference_of(table, row)).collect())
}

fn difference_of(table: &ReadTable, row: &[String]) -> Difference {
    let text = |name: &str| table.field(row, name).to_owned();
    let number = |name: &str| table.number(row, name).unwrap_or_default();
    let ends = ["mean_low95_yuan", "mean_high95_yuan"].map(|name| table.number(row, name));
    Difference {
        other: text("other"),
        county: text("county_code"),
        year: table.field(row, "year").parse().unwrap_or_default(),
        line: text("line"),
        funder: text("funder"),
        means: ["base_yuan", "other_yuan"].map(number),
        mean: number("mean_yuan"),
        mean_95: ends[0].zip(ends[1]).map(|(low, high)| [low, high]),
        outcomes: ["outcome_p05_yuan", "outcome_p50_yuan", "outcome_p95_yuan"].map(number),
        probabilities: ["probability_dearer", "probability_equal"].map(number),
    }
}

/// What a changed line causes in a county (or all), year and purse. Amounts in yuan.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributed {
    /// Id of the scenario.
    pub other: String,
    /// Code of the county, or `ALL`.
    pub county: String,
    /// The year.
    pub year: u16,
    /// Funder, or `total`.
    pub funder: String,
    /// The changed line.
    pub line: String,
    /// What it causes.
    pub value: f64,
    /// The 95 % interval of the mean; `None` with a single replicate.
    pub mean_95: Option<[f64; 2]>,
    /// Whether it is nothing, alone and last too.
    pub is_nothing: bool,
}

/// All rows of `attribution.csv`.
#[must_use]
pub fn attributed(run: &Finished) -> Vec<Attributed> {
    run.table(tables::ATTRIBUTION.file)
        .map_or_else(Vec::new, |table| table.rows.iter().map(|row| attributed_of(table, row)).collect())
}

fn attributed_of(table: &ReadTable, row: &[String]) -> Attributed {
    let text = |name: &str| table.field(row, name).to_owned();
    let number = |name: &str| table.number(row, name).unwrap_or_default();
    let ends = ["mean_low95_yuan", "mean_high95_yuan"].map(|name| table.number(row, name));
    let amounts = ["value_yuan", "alone_yuan", "last_yuan", "outcome_p05_yuan", "outcome_p95_yuan"];
    Attributed {
        other: text("other"),
        county: text("county_code"),
        year: table.field(row, "year").parse().unwrap_or_default(),
        funder: text("funder"),
        line: text("changed_line"),
        value: number("value_yuan"),
        mean_95: ends[0].zip(ends[1]).map(|(low, high)| [low, high]),
        is_nothing: amounts.into_iter().all(|name| number(name) == 0.0),
    }
}

/// Distinct values in the order in which they come.
#[must_use]
pub fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for value in values {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

/// Whether a row is of all lines and funders.
#[must_use]
pub fn is_total(line: &str, funder: &str) -> bool {
    line == TOTAL && funder == TOTAL
}

/// The total of a county (or `ALL`) in a year.
#[must_use]
pub fn total<'a>(all: &'a [Spending], county: &str, year: u16) -> Option<&'a Spending> {
    all.iter().find(|row| row.county == county && row.year == year && is_total(&row.line, &row.funder))
}

/// The totals of single counties in a year, the largest mean first; ties stay in the order of the place.
#[must_use]
pub fn largest_counties(all: &[Spending], year: u16) -> Vec<&Spending> {
    let of = |row: &&Spending| row.county != ALL && row.year == year && is_total(&row.line, &row.funder);
    let mut rows: Vec<&Spending> = all.iter().filter(of).collect();
    rows.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    rows
}
