//! CSV tables: which files there are, which columns they have, and how numbers are written.
//!
//! UTF-8 with a byte-order mark, because spreadsheet programs in China take a file without one for GBK and show
//! Chinese names as garbage; lines end with a line feed. Amounts of whole fen have two decimals, averages four,
//! shares six; an empty field means that a value does not exist (an error with a single replicate). A text that a
//! spreadsheet program would take for a formula has a `'` before it.

use std::io::Write;

use crate::shown::in_cell;
use crate::units::Fen;

/// The byte-order mark at the beginning of every CSV file.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header, with the unit last.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// The unit of its values; empty for text.
    pub unit: &'static str,
    /// Over which columns' values it may be added up, separated by spaces; empty where it may not.
    pub adds_over: &'static str,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text: a code of a county, too, is text of six digits.
    Text,
    /// A number.
    Number,
}

impl Kind {
    /// The word in `columns.csv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
        }
    }
}

/// Shorthand for a column of text.
#[must_use]
pub(super) const fn text(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    Column { name, kind: Kind::Text, unit: "", adds_over: "", zh, en }
}

/// Shorthand for a column of numbers that may not be added up.
#[must_use]
pub(super) const fn number(
    name: &'static str,
    unit: &'static str,
    zh: &'static str,
    en: &'static str,
) -> Column {
    Column { name, kind: Kind::Number, unit, adds_over: "", zh, en }
}

impl Column {
    /// The same, that may be added up over the values of some columns (rows of `ALL` and `total` left out).
    #[must_use]
    pub(super) const fn adds_over(self, columns: &'static str) -> Self {
        Self { adds_over: columns, ..self }
    }
}

/// A table of a run folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// The name of the file.
    pub file: &'static str,
    /// Its columns in order.
    pub columns: &'static [Column],
}

/// Writes a table: byte-order mark, header, rows.
///
/// # Errors
/// What the system says.
pub fn write(out: impl Write, table: &Table, rows: impl Iterator<Item = Vec<String>>) -> std::io::Result<()> {
    write_rows(out, table.columns.iter().map(|column| column.name), rows)
}

/// Writes rows under the names of their columns.
pub(super) fn write_rows<'a>(
    mut out: impl Write,
    names: impl Iterator<Item = &'a str>,
    rows: impl Iterator<Item = Vec<String>>,
) -> std::io::Result<()> {
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    let mut writer = csv::WriterBuilder::new().from_writer(out);
    let names: Vec<&str> = names.collect();
    writer.write_record(&names).map_err(into_io)?;
    for row in rows {
        debug_assert_eq!(row.len(), names.len(), "{names:?}");
        for cell in &row {
            writer.write_field(in_cell(cell).as_bytes()).map_err(into_io)?;
        }
        writer.write_record(None::<&[u8]>).map_err(into_io)?;
    }
    writer.flush()
}

fn into_io(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

/// Whole fen as yuan with two decimals.
pub(super) fn fen(fen: i64) -> String {
    Fen(fen).to_string()
}

/// An average with four decimals.
pub(super) fn average(value: f64) -> String {
    decimals(value, 4)
}

/// An average with four decimals, empty where there is none.
pub(super) fn maybe(value: Option<f64>) -> String {
    value.map_or_else(String::new, average)
}

/// A share with six decimals, empty where there is none.
pub(super) fn share(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| decimals(value, 6))
}

/// Fixed decimals without a negative zero.
fn decimals(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(positive) if positive.bytes().all(|byte| matches!(byte, b'0' | b'.')) => positive.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_as_written() {
        assert_eq!(fen(-5), "-0.05");
        assert_eq!(average(1.0 / 3.0), "0.3333");
        assert_eq!(average(-0.000_01), "0.0000");
        assert_eq!(average(-0.5), "-0.5000");
        assert_eq!(maybe(None), "");
        assert_eq!(share(Some(0.25)), "0.250000");
    }

    #[test]
    fn exact_a_table_begins_with_the_mark_and_quotes_what_needs_it() {
        const TABLE: Table = Table { file: "x.csv", columns: &[text("a", "", ""), text("b", "", "")] };
        let mut out = Vec::new();
        let rows = [["港口区", "1,2"], ["=1+1", "-0.05"]].map(|row| row.map(ToOwned::to_owned).to_vec());
        write(&mut out, &TABLE, rows.into_iter()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\u{feff}a,b\n港口区,\"1,2\"\n'=1+1,-0.05\n");
    }
}
