//! `docs/tables.md` has every table of a run and of a comparison, with the columns that the program writes, in their order.

use std::collections::BTreeMap;

use fundcast::report::table::Table;
use fundcast::report::tables;

use crate::support::text;

/// The tables that the page is about.
fn written() -> Vec<&'static Table> {
    let trials = [&tables::TRIALS, &tables::TRIALS_BY_MONTH, &tables::TRIALS_BY_CATEGORY];
    tables::OF_A_RUN.into_iter().chain(trials).chain(tables::OF_A_COMPARISON).collect()
}

/// What stands in back quotes.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

#[test]
fn exact_the_page_has_every_column_of_every_table() {
    let page = text("docs/tables.md");
    let (_, lists) = page.split_once("\n## Columns\n").expect("a part with the columns");
    let known: BTreeMap<&str, Vec<&str>> = lists
        .lines()
        .filter(|line| line.starts_with('`'))
        .map(|line| {
            let names = quoted(line);
            (names[0], names[1..].to_vec())
        })
        .collect();
    let expected: BTreeMap<&str, Vec<&str>> = written()
        .into_iter()
        .map(|table| (table.file, table.columns.iter().map(|column| column.name).collect()))
        .collect();
    for (file, columns) in &expected {
        assert_eq!(known.get(file), Some(columns), "{file}");
    }
    assert_eq!(known.len(), expected.len(), "tables that there are not");
}

#[test]
fn exact_the_page_says_what_a_row_of_every_table_is() {
    let page = text("docs/tables.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    for table in written() {
        let of_table = |line: &&&str| quoted(line)[0] == table.file;
        assert_eq!(rows.iter().filter(of_table).count(), 1, "{}", table.file);
    }
    assert_eq!(rows.len(), written().len());
}

/// The three ways to a percentile read the file of the trials and columns that it has, and name the payer as the ids do.
#[test]
fn exact_the_recipes_name_columns_of_the_trials() {
    let page = text("docs/tables.md");
    let fences: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    assert_eq!(fences.len(), 3);
    for recipe in fences {
        assert!(recipe.trim_end().lines().count() == 4, "three lines and the language: {recipe}");
        for part in [tables::TRIALS.file, "replicate", "funder", "year", "fen", "0.95", "assistance_fund"] {
            assert!(recipe.contains(part), "{part}: {recipe}");
        }
    }
}
