//! Tables for readers: the rows of a run's tables with labels and headings, whatever they will be written to.

use super::labels::Words;
use crate::report::csv_files::TOTAL;
use crate::report::finished::{ReadColumn, ReadTable};
use crate::report::publish::WITHHELD;

/// How the numbers of a column are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Text.
    Text,
    /// A whole number without separators: years and months.
    Plain,
    /// Whole numbers with separators.
    Whole,
    /// One decimal.
    One,
    /// Two decimals.
    Two,
    /// A share as a percentage with one decimal.
    Percent,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A value that does not exist.
    Nothing,
}

/// A column of a table for readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridColumn {
    /// Its heading, with the unit.
    pub heading: String,
    /// How its numbers are shown.
    pub show: Show,
}

/// A table for readers.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Its columns.
    pub columns: Vec<GridColumn>,
    /// How many of them name the row.
    pub n_keys: usize,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Which rows of a table of money are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All.
    All,
    /// All lines and funders together.
    Totals,
    /// Each line, all funders together.
    Lines,
    /// Each funder, all lines together.
    Funders,
    /// Each line by funder.
    Details,
}

impl Part {
    /// Whether a row is shown.
    #[must_use]
    pub fn has(self, table: &ReadTable, row: &[String]) -> bool {
        let (line, funder) = (table.field(row, "line") == TOTAL, table.field(row, "funder") == TOTAL);
        match self {
            Self::All => true,
            Self::Totals => line && funder,
            Self::Lines => !line && funder,
            Self::Funders => line && !funder,
            Self::Details => !line && !funder,
        }
    }

    /// Whether a column says something in it: a column in which every row says "total" does not.
    const fn shows(self, column: &str) -> bool {
        let (line, funder) = (column.eq_ignore_ascii_case("line"), column.eq_ignore_ascii_case("funder"));
        match self {
            Self::All | Self::Details => true,
            Self::Totals => !line && !funder,
            Self::Lines => !funder,
            Self::Funders => !line,
        }
    }
}

impl Grid {
    /// Part of a table.
    #[must_use]
    pub fn of(table: &ReadTable, part: Part, words: Words<'_>) -> Self {
        let other_language = words.pick("_en", "_zh");
        let shown: Vec<usize> = (0..table.columns.len())
            .filter(|&at| {
                part.shows(&table.columns[at].name) && !table.columns[at].name.ends_with(other_language)
            })
            .collect();
        let mut columns = Vec::new();
        for &at in &shown {
            let show = show(table, at);
            columns.push(GridColumn { heading: words.heading(table, at), show });
            if table.columns[at].name == "clause" {
                let heading = words.pick("条款内容", "What the clause says").to_owned();
                columns.push(GridColumn { heading, show: Show::Text });
            }
        }
        let rows = table.rows.iter().filter(|row| part.has(table, row));
        let rows = rows.map(|row| cells(table, row, &shown, words)).collect();
        let is_key = |column: &GridColumn| matches!(column.show, Show::Text | Show::Plain);
        let n_keys = columns.iter().take_while(|column| is_key(column)).count();
        Self { columns, n_keys, rows }
    }
}

fn cells(table: &ReadTable, row: &[String], shown: &[usize], words: Words<'_>) -> Vec<Cell> {
    let mut all = Vec::new();
    for &at in shown {
        let column = &table.columns[at];
        all.push(cell(table, row, at, words));
        if column.name == "clause" {
            all.push(Cell::Text(words.clause(&row[at])));
        }
    }
    all
}

fn cell(table: &ReadTable, row: &[String], at: usize, words: Words<'_>) -> Cell {
    if !table.columns[at].is_number {
        let text = words.shown(table, row, at);
        return if text.is_empty() { Cell::Nothing } else { Cell::Text(text) };
    }
    number_or_text(&row[at])
}

/// A field of a column of numbers: what is hidden in it is text.
#[must_use]
pub fn number_or_text(field: &str) -> Cell {
    match field.parse() {
        Ok(number) => Cell::Number(number),
        Err(_) if field.is_empty() => Cell::Nothing,
        Err(_) => Cell::Text(field.to_owned()),
    }
}

/// How a column is shown: by its unit, and by whether any of its values has decimals.
fn show(table: &ReadTable, at: usize) -> Show {
    let ReadColumn { is_number, unit, .. } = &table.columns[at];
    if !is_number {
        return Show::Text;
    }
    match unit.as_str() {
        "year" | "month" | "number" => Show::Plain,
        "share" => Show::Percent,
        "yuan" | "fen" => Show::Whole,
        "yuan per resident" | "ratio" => Show::Two,
        _ if table.rows.iter().all(|row| !row[at].contains('.') || row[at] == WITHHELD) => Show::Whole,
        _ => Show::One,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_parts_of_a_table_of_money_are_disjoint_and_complete() {
        let names = ["line", "funder"].map(|name| ReadColumn {
            name: name.to_owned(),
            is_number: false,
            unit: String::new(),
            meaning: crate::report::names::Label::default(),
        });
        let table = ReadTable { file: "x.csv".to_owned(), columns: names.to_vec(), rows: Vec::new() };
        let parts = [Part::Totals, Part::Lines, Part::Funders, Part::Details];
        for (line, funder, expected) in
            [("total", "total", 0), ("a", "total", 1), ("total", "b", 2), ("a", "b", 3)]
        {
            let row = [line, funder].map(ToOwned::to_owned);
            let found: Vec<usize> = (0..4).filter(|&at| parts[at].has(&table, &row)).collect();
            assert_eq!(found, [expected]);
        }
    }
}
