//! The CSV file of winners and losers, and what its words are.

use std::io::{Result, Write};

use super::csv_files::{TOTAL, county, id_or_total};
use super::difference_files::scenarios;
use super::table::{self, average, fen, maybe};
use super::tables;
use crate::projection::compare::Comparison;
use crate::projection::winners::{Winners, WinnersRow};
use crate::simulation::winners::{Direction, Kind, SIZES_YUAN};

/// Writes `winners.csv`.
///
/// # Errors
/// What the system says.
pub fn write_winners(out: impl Write, comparisons: &[Comparison]) -> Result<()> {
    let of = |(comparison, winners): (&Comparison, &Winners)| {
        winners.rows.iter().map(|one| row(comparison, winners, one)).collect::<Vec<_>>()
    };
    table::write(out, &tables::WINNERS, looked_at(comparisons).flat_map(of))
}

/// The comparisons whose persons were looked at.
pub(super) fn looked_at(comparisons: &[Comparison]) -> impl Iterator<Item = (&Comparison, &Winners)> {
    comparisons.iter().filter_map(|one| Some((one, one.winners.as_ref().ok()?)))
}

/// The word of what changes.
pub(super) const fn kind_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Assistance => "assistance",
        Kind::OnBills => "on_bills",
        Kind::Contribution => "contribution",
        Kind::Insurance => "insurance",
        Kind::SelfPay => "self_pay",
    }
}

/// The word of a direction.
pub(super) const fn direction_id(direction: Direction) -> &'static str {
    match direction {
        Direction::More => "more",
        Direction::Less => "less",
        Direction::Same => "same",
    }
}

/// A size class by its bounds in yuan: `0-100`, `100-1000` …, `20000+`; `total` for all.
#[must_use]
pub fn size_id(size: Option<usize>) -> String {
    let Some(size) = size else { return TOTAL.to_owned() };
    let from = size.checked_sub(1).map_or(0, |below| SIZES_YUAN[below]);
    SIZES_YUAN.get(size).map_or_else(|| format!("{from}+"), |to| format!("{from}-{to}"))
}

/// The largest change with its sign, fen.
pub(super) const fn largest_fen(row: &WinnersRow) -> i64 {
    match row.whom.direction {
        Direction::Less => -row.largest_fen,
        Direction::More | Direction::Same => row.largest_fen,
    }
}

fn row(comparison: &Comparison, winners: &Winners, row: &WinnersRow) -> Vec<String> {
    let mut fields = scenarios(comparison);
    fields.extend(county(&comparison.base, row.county));
    fields.push(row.whom.year.to_string());
    fields.push(kind_id(row.whom.kind).to_owned());
    fields.push(id_or_total(&comparison.base.categories, row.whom.category));
    fields.push(direction_id(row.whom.direction).to_owned());
    fields.push(size_id(row.whom.size));
    fields.push(average(row.persons.mean));
    fields.push(maybe(row.persons.standard_error));
    fields.push(average(row.yuan.mean));
    fields.push(maybe(row.yuan.standard_error));
    fields.push(average(row.mean_yuan));
    fields.push(maybe(row.mean_error_yuan));
    fields.push(fen(largest_fen(row)));
    fields.push(winners.n_replicates.to_string());
    fields
}
