//! The bytes of a table, from a spreadsheet program or as text, as sheets of cells.

use crate::cases::encoding;
use crate::cases::workbook::{self, TextSheet, letters};
use crate::lang::Words;
use crate::scenario::table::Lines;

/// One sheet of a file; a table as text is a file with one sheet without a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; empty for text.
    pub name: String,
    /// Rows from the first of the sheet on, with cells from its first column on, trimmed, full-width signs made plain.
    pub rows: Vec<Vec<String>>,
}

/// Where a cell stands: row and column from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

impl Sheet {
    /// The text of a cell; empty where there is none.
    #[must_use]
    pub fn cell(&self, at: At) -> &str {
        self.rows.get(at.row).and_then(|row| row.get(at.column)).map_or("", String::as_str)
    }

    /// A place in the words of a spreadsheet: `Sheet1!B3`.
    #[must_use]
    pub fn place(&self, at: At) -> String {
        let cell = format!("{}{}", letters(at.column), at.row + 1);
        if self.name.is_empty() { cell } else { format!("{}!{cell}", self.name) }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// The sheets in their order.
    pub sheets: Vec<Sheet>,
    /// How text was written, where that was not UTF-8.
    pub written_as: Option<&'static str>,
}

/// Something in a table that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFault {
    /// Where, such as `Sheet1!B3`; empty for the file as a whole.
    pub place: String,
    /// What stands there; empty where nothing does.
    pub value: String,
    /// What is wrong and what to do.
    pub problem: Words,
}

impl TableFault {
    /// Of a cell.
    #[must_use]
    pub fn new(sheet: &Sheet, at: At, problem: Words) -> Self {
        Self { place: sheet.place(at), value: sheet.cell(at).to_owned(), problem }
    }

    /// Of the file as a whole.
    #[must_use]
    pub const fn whole(problem: Words) -> Self {
        Self { place: String::new(), value: String::new(), problem }
    }
}

impl Book {
    /// The sheet of a name.
    ///
    /// # Errors
    /// There is none; the names that there are.
    pub fn named(&self, name: &str) -> Result<&Sheet, TableFault> {
        self.sheets.iter().find(|sheet| sheet.name == name).ok_or_else(|| {
            let names = self.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join("、");
            TableFault::whole(Words::new(
                format!("没有名为“{name}”的工作表；有：{names}"),
                format!("there is no sheet `{name}`; there are: {names}"),
            ))
        })
    }

    /// What is said of text that was not UTF-8.
    #[must_use]
    pub fn note(&self) -> Option<Words> {
        self.written_as.map(|written_as| {
            Words::new(format!("文件编码按 {written_as} 读取"), format!("the file was read as {written_as}"))
        })
    }
}

/// Whether every sheet is of something, and none of the same as another.
#[must_use]
pub fn one_each<T: PartialEq>(of: &[Option<T>]) -> bool {
    of.iter().all(Option::is_some) && of.iter().enumerate().all(|(index, one)| !of[..index].contains(one))
}

/// Reads a workbook (.xlsx, .xls, .ods, .xlsb) or a table as text: commas, semicolons or tabs; UTF-8, UTF-16, GB 18030.
///
/// # Errors
/// What is neither, or is broken.
pub fn read(bytes: Vec<u8>) -> Result<Book, Words> {
    if workbook::is_workbook(&bytes) {
        return workbook(bytes);
    }
    let decoded = encoding::decode(bytes).map_err(|error| {
        let line = error.line.map_or_else(String::new, |line| format!(":{line}"));
        Words::new(
            format!("{line}：不是能识别的文本，请另存为 .xlsx，或 CSV UTF-8"),
            format!("{line}: {}", error.problem.en),
        )
    })?;
    let rows = text_rows(&decoded.text).map_err(|line| {
        Words::new(
            format!("第{line}行：引号没有闭合"),
            format!("line {line}: a quotation mark is not closed"),
        )
    })?;
    Ok(Book { sheets: vec![Sheet { name: String::new(), rows }], written_as: decoded.written_as })
}

fn workbook(bytes: Vec<u8>) -> Result<Book, Words> {
    let plain_of = |sheet: TextSheet| {
        let rows = sheet.rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect());
        Sheet { name: sheet.name, rows: rows.collect() }
    };
    let sheets = workbook::sheets(bytes)?.into_iter().map(plain_of).collect();
    Ok(Book { sheets, written_as: None })
}

/// The rows of a text; an error is the line of a quotation mark that is not closed.
fn text_rows(text: &str) -> Result<Vec<Vec<String>>, usize> {
    let count = |separator: char| text.matches(separator).count();
    // Titles and notes have commas too: what stands in most lines separates.
    let separator = ['\t', ';', ','].into_iter().max_by_key(|one| lines_with(text, *one)).unwrap_or(',');
    let separator = if count(separator) == 0 { ',' } else { separator };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator as u8)
        .from_reader(text.as_bytes());
    let mut lines = Lines::new(text);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else { return Err(rows.len() + 1) };
        // Blank lines are no records: rows are counted as a spreadsheet does.
        let line = record.position().map_or(rows.len() + 1, |position| lines.of(position.byte() as usize));
        if record.iter().any(|cell| cell.contains('\n') && cell.matches('\n').count() > 5) {
            return Err(line);
        }
        while rows.len() + 1 < line {
            rows.push(Vec::new());
        }
        // One that is never closed takes in all that comes after it.
        if takes_in_the_end(text, &record) && text.matches('"').count() % 2 == 1 {
            return Err(line);
        }
        rows.push(record.iter().map(plain).collect());
    }
    Ok(rows)
}

/// Whether a record of several lines ends with the text.
fn takes_in_the_end(text: &str, record: &csv::StringRecord) -> bool {
    let has_lines = |cell: &&str| cell.contains('\n');
    record.iter().find(has_lines).is_some_and(|cell| text.trim_end().ends_with(cell.trim_end()))
}

fn lines_with(text: &str, separator: char) -> usize {
    text.lines().filter(|line| line.contains(separator)).count()
}

/// A text without blanks around it, with full-width signs as plain ones and without line breaks.
#[must_use]
pub fn plain(text: &str) -> String {
    let narrow = |one: char| match one {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(one as u32 - 0xfee0).unwrap_or(one),
        '\u{3000}' | '\u{a0}' | '\n' | '\r' | '\t' => ' ',
        other => other,
    };
    let narrow: String = text.chars().filter(|one| *one != '\u{feff}').map(narrow).collect();
    narrow.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_places_are_named_as_in_a_spreadsheet() {
        let sheet = Sheet { name: "台账".to_owned(), rows: Vec::new() };
        assert_eq!(sheet.place(At { row: 2, column: 1 }), "台账!B3");
        assert_eq!(Sheet::default().place(At { row: 0, column: 27 }), "AB1");
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_refused_with_its_line() {
        let swallowed = "县区,项目,金额,备注\n上思县,中央,100,\"见文件\n上思县,自治区,50,\n上思县,市级,20,\n";
        assert_eq!(text_rows(swallowed), Err(2));
        let closed = "县区,项目,备注\n上思县,中央,\"见\n文件\"\n上思县,5\" 管,\n";
        assert_eq!(text_rows(closed).map(|rows| rows.len()), Ok(4), "rows are counted by their lines");
    }

    #[test]
    fn exact_text_is_read_whatever_separates_it() {
        for separator in [",", ";", "\t"] {
            let text = format!("2025年，汇总\n\n类别{separator}人数\n\"低保\"{separator}１２\n");
            let book = read(text.into_bytes()).unwrap();
            assert_eq!(book.sheets[0].rows[2], ["类别", "人数"], "{separator:?}");
            assert_eq!(book.sheets[0].rows[3], ["低保", "12"], "{separator:?}");
        }
        let gbk = read(b"\xc0\xe0\xb1\xf0,\xc8\xcb\xca\xfd\n".to_vec()).unwrap();
        assert_eq!((gbk.written_as, gbk.sheets[0].rows[0].join("|")), (Some("GBK"), "类别|人数".to_owned()));
        assert!(read(b"a\xff\n".to_vec()).is_err());
        assert!(read(b"PK\x03\x04nothing".to_vec()).is_err());
    }
}
