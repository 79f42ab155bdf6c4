//! The files of a run folder, written from what was projected or compared.

use super::attribution_files::{attributed, write_attribution, write_attribution_pairs};
use super::csv_files::{self, write_columns, write_fit};
use super::difference_files::{
    write_changes, write_difference, write_difference_categories, write_difference_clauses,
};
use super::table::Table;
use super::tables;
use super::trials::Detail;
use super::winners_files::{looked_at, write_winners};
use super::write::{RunFolder, WriteError};
use crate::population::FitRow;
use crate::projection::Projection;
use crate::projection::compare::Comparison;

/// Writes every CSV file of a run; `fits` are those of the synthetic populations, by the counties' positions, `trials` the
/// kinds of trials that were written.
///
/// # Errors
/// What the system says.
pub fn write_run_tables(
    folder: &RunFolder,
    projection: &Projection,
    fits: &[(usize, Vec<FitRow>)],
    trials: &[Detail],
) -> Result<(), WriteError> {
    let written = || tables::OF_A_RUN.into_iter().filter(|table| !csv_files::is_empty(table, projection));
    for table in written() {
        folder.write(table.file, |out| {
            csv_files::write(&mut *out, table, projection)
                .unwrap_or_else(|| write_fit(out, &projection.layout, fits))
        })?;
    }
    let trials = trials.iter().map(|detail| detail.table());
    let all: Vec<&Table> = written().chain(trials).collect();
    columns(folder, &all)
}

/// Writes every CSV file of a comparison of one base with one or more other scenarios.
///
/// # Errors
/// What the system says.
pub fn write_comparison_tables(folder: &RunFolder, comparisons: &[Comparison]) -> Result<(), WriteError> {
    folder.write(tables::DIFFERENCE.file, |out| write_difference(out, comparisons))?;
    folder.write(tables::DIFFERENCE_CATEGORIES.file, |out| write_difference_categories(out, comparisons))?;
    folder.write(tables::DIFFERENCE_CLAUSES.file, |out| write_difference_clauses(out, comparisons))?;
    folder.write(tables::CHANGES.file, |out| write_changes(out, comparisons))?;
    let mut lacking = Vec::new();
    if looked_at(comparisons).next().is_some() {
        folder.write(tables::WINNERS.file, |out| write_winners(out, comparisons))?;
    } else {
        lacking.push(tables::WINNERS);
    }
    if attributed(comparisons).next().is_some() {
        folder.write(tables::ATTRIBUTION.file, |out| write_attribution(out, comparisons))?;
    } else {
        lacking.push(tables::ATTRIBUTION);
    }
    if attributed(comparisons).any(|(_, attribution)| !attribution.pairs.is_empty()) {
        folder.write(tables::ATTRIBUTION_PAIRS.file, |out| write_attribution_pairs(out, comparisons))?;
    } else {
        lacking.push(tables::ATTRIBUTION_PAIRS);
    }
    let written = tables::OF_A_COMPARISON.into_iter().filter(|table| !lacking.contains(table));
    columns(folder, &written.collect::<Vec<_>>())
}

fn columns(folder: &RunFolder, all: &[&Table]) -> Result<(), WriteError> {
    folder.write(tables::COLUMNS.file, |out| write_columns(out, all))
}
