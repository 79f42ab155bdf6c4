//! Workbooks (.xlsx, .xls, .ods, .xlsb) as sheets of texts, as people read their cells.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Sheets};

use crate::file;
use crate::lang::Words;

/// The most cells between the first and the last of a sheet: each takes memory, whether anything stands in it or not.
const MOST_CELLS: u64 = 4_000_000;

/// What a spreadsheet program shows of a number at most: what follows is the error of binary numbers.
const DIGITS: usize = 15;

/// A sheet: rows from the first on, with cells from the first column on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextSheet {
    /// Its name.
    pub name: String,
    /// The texts of its cells.
    pub rows: Vec<Vec<String>>,
}

/// Whether bytes are a workbook, and no text.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// The letters of a column, from 0: A, B … Z, AA.
#[must_use]
pub fn letters(column: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    if column < 26 { letter.to_string() } else { format!("{}{letter}", letters(column / 26 - 1)) }
}

/// The sheets of a workbook in their order.
///
/// # Errors
/// What is none, is broken, or has cells that lie too far apart.
pub fn sheets(bytes: Vec<u8>) -> Result<Vec<TextSheet>, Words> {
    let damaged = || broken(("文件不完整或已损坏", "it is cut off or damaged"));
    file::undisturbed(|| sheets_of(bytes)).unwrap_or_else(|| Err(damaged()))
}

fn broken((zh, en): (&str, &str)) -> Words {
    Words::new(
        format!("：工作簿无法读取（{zh}）；请用表格软件打开后另存为 .xlsx"),
        format!(
            ": the workbook cannot be read ({en}); open it in a spreadsheet program and save it as .xlsx"
        ),
    )
}

fn sheets_of(bytes: Vec<u8>) -> Result<Vec<TextSheet>, Words> {
    let unread = |error: calamine::Error| {
        let error = error.to_string();
        broken((&error, &error))
    };
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(unread)?;
    let mut all = Vec::new();
    for name in book.sheet_names() {
        if let Some((row, column)) = too_wide(&mut book, &name) {
            let last = format!("{name}!{}{}", letters(column), row + 1);
            return Err(Words::new(
                format!("：单元格散布太广，直到 {last}；请删除远离表格的内容后另存"),
                format!(
                    ": cells lie too far apart, up to {last}; delete what stands far from the table, and save it"
                ),
            ));
        }
        // Charts and macros are sheets too: they have no cells.
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut rows: Vec<Vec<String>> = vec![Vec::new(); top as usize];
        rows.extend(range.rows().map(|row| {
            let blanks = std::iter::repeat_n(String::new(), left as usize);
            blanks.chain(row.iter().map(shown)).collect()
        }));
        all.push(TextSheet { name, rows });
    }
    Ok(all)
}

/// Row and column of the last cell of a sheet whose cells lie too far apart; none of a sheet in order.
fn too_wide(book: &mut Sheets<Cursor<Vec<u8>>>, name: &str) -> Option<(usize, usize)> {
    let mut extent = Extent::default();
    match book {
        Sheets::Xlsx(book) => {
            let mut cells = book.worksheet_cells_reader(name).ok()?;
            while let Some(cell) = cells.next_cell().ok()? {
                extent.see(cell.get_position(), *cell.get_value() == DataRef::Empty);
            }
        }
        Sheets::Xlsb(book) => {
            let mut cells = book.worksheet_cells_reader(name).ok()?;
            while let Some(cell) = cells.next_cell().ok()? {
                extent.see(cell.get_position(), *cell.get_value() == DataRef::Empty);
            }
        }
        // The others have no room for so many, or are read row by row.
        Sheets::Xls(_) | Sheets::Ods(_) => {}
    }
    extent.last.filter(|_| extent.n_cells() > MOST_CELLS)
}

/// How far down and to the right cells stand that hold anything.
#[derive(Default)]
struct Extent {
    last: Option<(usize, usize)>,
}

impl Extent {
    fn see(&mut self, (row, column): (u32, u32), is_empty: bool) {
        if is_empty {
            return;
        }
        let last = self.last.unwrap_or_default();
        self.last = Some((last.0.max(row as usize), last.1.max(column as usize)));
    }

    fn n_cells(&self) -> u64 {
        // What lies before the first cell is filled up with empty ones.
        self.last.map_or(0, |(row, column)| (row as u64 + 1) * (column as u64 + 1))
    }
}

/// A cell as people read it: numbers and days as they are shown, not as they are kept.
fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Float(number) => decimal(*number),
        Data::DateTime(at) if at.is_datetime() => moment(at),
        Data::DateTimeIso(at) => at.trim_end_matches("T00:00:00").to_owned(),
        other => other.to_string(),
    }
}

/// A number to as many digits as are shown; 480.30000000000007 is 480.3.
fn decimal(number: f64) -> String {
    let digits = format!("{number:.*e}", DIGITS - 1);
    digits.parse::<f64>().map_or(digits, |number| number.to_string())
}

/// A day, with the hour where it has one.
fn moment(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = format!("{year}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour}:{minute:02}:{second:02}") }
}

/// The text of the sheet with a table, as CSV: row by row, so that a line has the number of its row. Of several sheets it
/// is the one that has a heading of each list, whose entries are the ways of writing it.
///
/// # Errors
/// As [`sheets`]; no sheet, or several that could be meant.
pub fn table(bytes: Vec<u8>, headings: &[Vec<&str>]) -> Result<String, Words> {
    let mut all = sheets(bytes)?;
    all.retain(|sheet| sheet.rows.iter().flatten().any(|cell| !cell.trim().is_empty()));
    if all.len() > 1 {
        let names: Vec<String> = all.iter().map(|sheet| sheet.name.clone()).collect();
        all.retain(|sheet| has_all(sheet, headings));
        if all.len() != 1 {
            let (zh, en) = (names.join("、"), names.join(", "));
            let needed: Vec<&str> = headings.iter().filter_map(|one| one.first().copied()).collect();
            let needed = needed.join(", ");
            let (n_zh, n_en) = if all.is_empty() {
                ("都没有", "none of them has")
            } else {
                ("不止一个有", "several have")
            };
            return Err(Words::new(
                format!("：有几个工作表（{zh}），{n_zh}所需的表头（{needed}）；请只留下要读的那一个"),
                format!(
                    ": has the sheets {en}, and {n_en} the headings that are needed ({needed}); leave only the one that is to be read"
                ),
            ));
        }
    }
    Ok(all.first().map(csv_of).unwrap_or_default())
}

/// Whether the first row of a sheet that holds anything has a heading of each kind, in one of its ways of writing it.
fn has_all(sheet: &TextSheet, headings: &[Vec<&str>]) -> bool {
    let first = sheet.rows.iter().find(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    let has = |one: &Vec<&str>| first.is_some_and(|row| row.iter().any(|cell| one.contains(&cell.trim())));
    headings.iter().all(has)
}

fn csv_of(sheet: &TextSheet) -> String {
    let mut text = String::new();
    for row in &sheet.rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A cell of CSV; on one line, because the number of a line is that of a row.
fn quoted(cell: &str) -> String {
    let cell = cell.replace(['\r', '\n'], " ");
    let cell = cell.trim();
    if cell.contains([',', '"', ';', '\t']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_are_read_as_they_are_shown() {
        for (number, text) in [
            (450_602.0, "450602"),
            (480.1 + 0.2, "480.3"),
            (0.1 + 0.2, "0.3"),
            (52_000.01, "52000.01"),
            (-0.5, "-0.5"),
            (0.0, "0"),
            (123_456_789.12, "123456789.12"),
        ] {
            assert_eq!(decimal(number), text);
        }
    }

    #[test]
    fn exact_a_sheet_is_csv_line_by_line() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = vec![Vec::new(), row(&["个案", "a,b"]), row(&["x\ny", "say \"no\""])];
        let text = csv_of(&TextSheet { name: String::new(), rows });
        assert_eq!(text, "\n个案,\"a,b\"\nx y,\"say \"\"no\"\"\"\n");
    }

    #[test]
    fn exact_columns_are_named_as_in_a_spreadsheet() {
        assert_eq!([0, 25, 26, 27].map(letters), ["A", "Z", "AA", "AB"]);
    }
}
