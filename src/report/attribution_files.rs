//! The CSV files of the attribution of a comparison.

use std::io::{Result, Write};

use super::csv_files::{county, id_or_total};
use super::difference_files::{line_of, scenarios};
use super::table::{self, average, maybe};
use super::tables;
use crate::lang::Lang;
use crate::projection::attribution::{Attribution, AttributionRow, PairRow, yuan};
use crate::projection::compare::Comparison;

/// Writes `attribution.csv`.
///
/// # Errors
/// What the system says.
pub fn write_attribution(out: impl Write, comparisons: &[Comparison]) -> Result<()> {
    let of = |(comparison, attribution): (&Comparison, &Attribution)| {
        let ends: Vec<[String; 5]> =
            (0..attribution.lines.len()).map(|line| ends(comparison, attribution, line)).collect();
        attribution
            .rows
            .iter()
            .map(|row| value(comparison, row, (&attribution.lines[row.line].key, &ends[row.line])))
            .collect::<Vec<_>>()
    };
    table::write(out, &tables::ATTRIBUTION, attributed(comparisons).flat_map(of))
}

/// Writes `attribution_pairs.csv`.
///
/// # Errors
/// What the system says.
pub fn write_attribution_pairs(out: impl Write, comparisons: &[Comparison]) -> Result<()> {
    let of = |(comparison, attribution): (&Comparison, &Attribution)| {
        attribution.pairs.iter().map(|row| pair(comparison, attribution, row)).collect::<Vec<_>>()
    };
    table::write(out, &tables::ATTRIBUTION_PAIRS, attributed(comparisons).flat_map(of))
}

/// The comparisons whose differences are attributed.
pub(super) fn attributed(comparisons: &[Comparison]) -> impl Iterator<Item = (&Comparison, &Attribution)> {
    comparisons.iter().filter_map(|one| Some((one, one.attribution.as_ref()?)))
}

/// Where a line is written, and why it moved nothing where it did: file, line, reason and that in words.
fn ends(comparison: &Comparison, attribution: &Attribution, line: usize) -> [String; 5] {
    let first = attribution.lines[line].changes.first().and_then(|&at| comparison.changes.get(at));
    let origin = first.and_then(|row| row.change.origin.as_ref());
    let why = attribution.why(line, comparison);
    let text = |lang: Lang| why.as_ref().map_or_else(String::new, |why| why.text(lang));
    [
        origin.map_or_else(String::new, |origin| origin.file.clone()),
        origin.and_then(line_of).map_or_else(String::new, |line| line.to_string()),
        why.as_ref().map_or_else(String::new, |why| why.name().to_owned()),
        text(Lang::Zh),
        text(Lang::En),
    ]
}

fn value(
    comparison: &Comparison,
    row: &AttributionRow,
    (key, [file, line, reason, zh, en]): (&str, &[String; 5]),
) -> Vec<String> {
    let mut fields = scenarios(comparison);
    fields.extend(county(&comparison.base, row.county));
    fields.push(row.year.to_string());
    fields.push(id_or_total(&comparison.funders, row.part.funder));
    fields.push(key.to_owned());
    fields.extend([file.clone(), line.clone()]);
    fields.push(average(row.yuan()));
    fields.push(maybe(row.error_yuan));
    let margin = |side: f64| row.margin_95_yuan.map(|margin| row.yuan() + side * margin);
    fields.extend([margin(-1.0), margin(1.0)].map(maybe));
    fields.push(maybe(row.order_error_yuan));
    fields.extend([row.p05_yuan, row.p95_yuan].map(average));
    let ends = [yuan(row.alone_units), yuan(row.last_units), row.interaction_yuan()];
    fields.extend(
        ends.into_iter().zip(row.end_errors_yuan).flat_map(|(of, error)| [average(of), maybe(error)]),
    );
    fields.extend([reason.clone(), zh.clone(), en.clone()]);
    fields
}

fn pair(comparison: &Comparison, attribution: &Attribution, row: &PairRow) -> Vec<String> {
    let mut fields = scenarios(comparison);
    fields.push(row.year.to_string());
    fields.push(id_or_total(&comparison.funders, row.part.funder));
    fields.extend(row.lines.map(|line| attribution.lines[line].key.clone()));
    fields.push(average(row.alone.mean));
    fields.push(maybe(row.alone.standard_error));
    fields.push(maybe(row.mean.map(|mean| mean.mean)));
    fields.push(maybe(row.mean.and_then(|mean| mean.standard_error)));
    fields
}
