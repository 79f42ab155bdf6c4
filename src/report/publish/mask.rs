//! What is hidden: counts of fewer than ten persons, what else stands in their rows, and whatever is about a small group.

use std::collections::BTreeSet;

use super::column::Kind;
use super::groups::{SmallGroups, is_few};
use super::{FEW, FEWEST, WITHHELD};
use crate::projection::layout::ORDINARY;
use crate::report::csv_files::ALL;
use crate::report::finished::ReadTable;
use crate::report::tables;

/// Hides what may not be shown of a table; gives the number of hidden fields.
pub(super) fn mask(table: &mut ReadTable, small: &SmallGroups) -> usize {
    let kinds = Kind::all(&table.columns);
    let is_people = table.file == tables::PEOPLE.file;
    let mut rows = std::mem::take(&mut table.rows);
    let mut n_hidden = 0;
    for row in &mut rows {
        if small.has(table, row) {
            n_hidden += withhold(row, &kinds, 0..kinds.len());
        } else if is_people {
            n_hidden += mask_counts(table, row, &kinds);
        } else if kinds.iter().zip(row.iter()).any(|(kind, field)| *kind == Kind::Count && is_few_in(field)) {
            // Money, errors and other counts of so few would say how many they are.
            n_hidden += withhold(row, &kinds, 0..kinds.len());
        }
    }
    table.rows = rows;
    if is_people {
        n_hidden += complement(table, &kinds);
    }
    n_hidden
}

fn is_hidden(field: &str) -> bool {
    [FEW, WITHHELD].contains(&field)
}

fn is_few_in(field: &str) -> bool {
    field.parse().is_ok_and(is_few)
}

/// Hides fields of a row: a count as fewer than ten where it is, whatever else without a word.
fn withhold(row: &mut [String], kinds: &[Kind], which: impl IntoIterator<Item = usize>) -> usize {
    let mut n_hidden = 0;
    for at in which {
        if kinds[at] == Kind::Known || row[at].is_empty() || is_hidden(&row[at]) {
            continue;
        }
        let is_count_of_few =
            kinds[at] == Kind::Count && row[at].parse().is_ok_and(|count: f64| count.abs() < FEWEST);
        row[at] = if is_count_of_few { FEW } else { WITHHELD }.to_owned();
        n_hidden += 1;
    }
    n_hidden
}

/// Of a group that is not small, each count by itself, with its error; payments go with the persons who get them.
fn mask_counts(table: &ReadTable, row: &mut [String], kinds: &[Kind]) -> usize {
    let mut which = BTreeSet::new();
    for (at, column) in table.columns.iter().enumerate() {
        if kinds[at] != Kind::Count || !is_few_in(&row[at]) {
            continue;
        }
        let mut names = vec![column.name.as_str()];
        if column.name == "assisted_persons" {
            names.push("assisted_cases");
        }
        for name in names {
            which
                .extend([name.to_owned(), format!("{name}_se")].iter().filter_map(|name| table.column(name)));
        }
    }
    withhold(row, kinds, which)
}

/// The categories of a county add up to its residents, whose number is public: where one of them is hidden, the ordinary
/// residents are, too, here and of all counties together.
fn complement(table: &mut ReadTable, kinds: &[Kind]) -> usize {
    let mut n_hidden = 0;
    for name in ["register", "holders", "persons"] {
        let Some(at) = table.column(name) else { continue };
        let hidden = table.rows.iter().filter(|row| is_hidden(&row[at]));
        let mut places: BTreeSet<[String; 2]> = BTreeSet::new();
        for row in hidden {
            let year = table.field(row, "year").to_owned();
            places.insert([table.field(row, "county_code").to_owned(), year.clone()]);
            places.insert([ALL.to_owned(), year]);
        }
        let which: Vec<usize> =
            [Some(at), table.column(&format!("{name}_se"))].into_iter().flatten().collect();
        let mut rows = std::mem::take(&mut table.rows);
        for row in &mut rows {
            let place = ["county_code", "year"].map(|name| table.field(row, name).to_owned());
            if table.field(row, "category") == ORDINARY.0 && places.contains(&place) {
                n_hidden += withhold(row, kinds, which.iter().copied());
            }
        }
        table.rows = rows;
    }
    n_hidden
}
