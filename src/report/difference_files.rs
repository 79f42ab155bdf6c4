//! The CSV files of a comparison: one base, one or more other scenarios.

use std::io::{Result, Write};

use super::csv_files::{county, id_or_total, place_and_year};
use super::table::{self, average, fen, maybe, share};
use super::tables;
use crate::lang::Lang;
use crate::projection::compare::Comparison;
use crate::projection::difference::{CategoryDifference, ClauseDifference, Difference, DifferenceRow};
use crate::projection::moved::ChangeRow;
use crate::scenario::document::Origin;
use crate::stats::Estimate;

/// Writes `difference.csv`.
///
/// # Errors
/// What the system says.
pub fn write_difference(out: impl Write, comparisons: &[Comparison]) -> Result<()> {
    let rows = comparisons.iter().flat_map(|one| one.rows.iter().map(move |row| money(one, row)));
    table::write(out, &tables::DIFFERENCE, rows)
}

/// Writes `difference_categories.csv`.
///
/// # Errors
/// What the system says.
pub fn write_difference_categories(out: impl Write, comparisons: &[Comparison]) -> Result<()> {
    let rows = comparisons.iter().flat_map(|one| one.by_category.iter().map(move |row| category(one, row)));
    table::write(out, &tables::DIFFERENCE_CATEGORIES, rows)
}

/// Writes `difference_clauses.csv`.
///
/// # Errors
/// What the system says.
pub fn write_difference_clauses(out: impl Write, comparisons: &[Comparison]) -> Result<()> {
    let rows = comparisons.iter().flat_map(|one| one.by_clause.iter().map(move |row| clause(one, row)));
    table::write(out, &tables::DIFFERENCE_CLAUSES, rows)
}

/// Writes `changes.csv`.
///
/// # Errors
/// What the system says.
pub fn write_changes(out: impl Write, comparisons: &[Comparison]) -> Result<()> {
    let rows = comparisons.iter().flat_map(|one| one.changes.iter().map(move |row| change(one, row)));
    table::write(out, &tables::CHANGES, rows)
}

fn change(comparison: &Comparison, row: &ChangeRow) -> Vec<String> {
    let change = &row.change;
    let origin = change.origin.as_ref();
    let mut fields = scenarios(comparison);
    fields.push(change.key.clone());
    fields.extend([&change.before, &change.after].map(|value| value_text(value.as_ref())));
    fields.push(origin.map_or_else(String::new, |origin| origin.file.clone()));
    fields.push(origin.and_then(line_of).map_or_else(String::new, |line| line.to_string()));
    fields.push(row.outcome.name().to_owned());
    fields.extend(row.outcome.yuan().map_or_else(Default::default, |yuan| mean_and_error(&yuan)));
    for known in [row.touched.persons(), row.touched.yuan()] {
        let (value, error) = known.unzip();
        fields.extend([value, error.flatten()].map(maybe));
    }
    fields.extend([Lang::Zh, Lang::En].map(|lang| row.outcome.text(lang)));
    fields
}

/// A value as it is written in the files; nothing where there is none.
pub(super) fn value_text(value: Option<&serde_json::Value>) -> String {
    match value {
        None => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The line of a file; options of the command line and tables as a whole have none.
pub(super) fn line_of(origin: &Origin) -> Option<usize> {
    (origin.line > 0 && !origin.file.starts_with("--set")).then_some(origin.line)
}

pub(super) fn scenarios(comparison: &Comparison) -> Vec<String> {
    vec![comparison.base.scenario.clone(), comparison.other.scenario.clone()]
}

fn money(comparison: &Comparison, row: &DifferenceRow) -> Vec<String> {
    let difference = &row.difference;
    let mut fields = scenarios(comparison);
    let residents = comparison.residents(row.county);
    fields.extend(place_and_year(&comparison.base, (row.county, residents), row.year));
    fields.push(id_or_total(&comparison.lines, row.part.line));
    fields.push(id_or_total(&comparison.funders, row.part.funder));
    fields.extend([difference.base_yuan, difference.other_yuan, difference.yuan.mean].map(average));
    fields.extend([difference.yuan.sd, difference.yuan.standard_error].map(maybe));
    let (low, high) = difference.interval_yuan.unzip();
    fields.extend([low, high].map(maybe));
    fields.extend(outcomes(difference));
    let (low, high) = difference.dearer_interval;
    let shares = [difference.probability_dearer, low, high, difference.probability_equal];
    fields.extend(shares.map(|p| share(Some(p))));
    fields.push(maybe(difference.variance_reduction));
    fields.push(maybe((residents > 0).then(|| difference.yuan.mean / residents as f64)));
    fields
}

fn category(
    comparison: &Comparison,
    CategoryDifference { category, row }: &CategoryDifference,
) -> Vec<String> {
    let difference = &row.difference;
    let mut fields = scenarios(comparison);
    fields.extend(county(&comparison.base, row.county));
    fields.push(row.year.to_string());
    fields.push(id_or_total(&comparison.categories, Some(*category)));
    fields.push(id_or_total(&comparison.funders, row.part.funder));
    fields.extend([difference.base_yuan, difference.other_yuan, difference.yuan.mean].map(average));
    fields.push(maybe(difference.yuan.standard_error));
    let (low, high) = difference.interval_yuan.unzip();
    fields.extend([low, high].map(maybe));
    fields.extend(outcomes(difference));
    fields
}

/// The percentiles of a difference, each with its error.
fn outcomes(difference: &Difference) -> impl Iterator<Item = String> {
    let percentiles = [difference.p05_fen, difference.p50_fen, difference.p95_fen];
    let errors = difference.percentile_errors_yuan;
    percentiles.into_iter().zip(errors).flat_map(|(percentile, error)| [fen(percentile), maybe(error)])
}

fn mean_and_error(yuan: &Estimate) -> [String; 2] {
    [average(yuan.mean), maybe(yuan.standard_error)]
}

fn clause(comparison: &Comparison, row: &ClauseDifference) -> Vec<String> {
    let mut fields = scenarios(comparison);
    fields.push(comparison.clause_id(row.clause).to_owned());
    fields.extend(place_and_year(&comparison.base, (row.county, comparison.residents(row.county)), row.year));
    fields.extend([row.base_yuan, row.other_yuan].map(average));
    fields.extend([row.moved, row.booked, row.addable].iter().flat_map(mean_and_error));
    fields
}
