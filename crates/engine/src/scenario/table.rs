//! The one reader of tables, of places and of typed-in cases: text as rows of trimmed cells, each row with its line in
//! the file.

use super::fault::{like, nearest};
use crate::lang::{Words, words};

/// A table in order: every column is known, none is missing or doubled, every row has a cell for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns in the order of the file.
    pub columns: Vec<String>,
    /// The rows that hold anything.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The line in which it begins, from 1.
    pub line: usize,
    /// The cells without blanks around them, one for each column.
    pub cells: Vec<String>,
}

/// Which columns a table may and must have, and how they may be written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Columns<'a> {
    /// All columns that mean something.
    pub known: &'a [&'a str],
    /// Those that may not be left out.
    pub needed: &'a [&'a str],
    /// Of these one must be there, mostly the first.
    pub one_of: &'a [&'a str],
    /// Other headings that are understood, each with the column that it means.
    pub headings: &'a [(&'a str, &'a str)],
    /// What may stand between cells besides commas.
    pub separators: &'a [char],
}

impl<'a> Columns<'a> {
    /// The columns of a table that is written in one way alone.
    #[must_use]
    pub fn plain(known: &'a [&'a str], needed: &'a [&'a str]) -> Self {
        Self { known, needed, ..Self::default() }
    }

    /// The column that a heading means; else the heading itself.
    fn named<'h>(&self, heading: &'h str) -> &'h str
    where
        'a: 'h,
    {
        self.headings.iter().find(|(other, _)| *other == heading).map_or(heading, |(_, column)| *column)
    }

    /// What separates the cells of a text: by what its first line names most of the columns; of equals the comma.
    fn separator(&self, text: &str) -> char {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let n_known = |separator: char| {
            let cells = first.split(separator).map(|cell| self.named(cell.trim().trim_matches('"')));
            cells.filter(|cell| self.known.contains(cell)).count()
        };
        let all = self.separators.iter().copied().rev().chain([',']);
        all.max_by_key(|&separator| n_known(separator)).unwrap_or(',')
    }
}

/// Something wrong with the form of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableFault {
    /// The line, from 1.
    pub line: usize,
    /// The column; empty where the row as a whole is meant.
    pub column: String,
    /// What stands there; empty where something is missing.
    pub value: String,
    /// What is wrong.
    pub problem: Words,
    /// The nearest known name or the next step.
    pub hint: Option<Words>,
}

/// Reads a table. Rows without any content, and columns without a name and content, are as if they were not there:
/// spreadsheets leave them behind.
///
/// # Errors
/// Every fault of form: another separator, unknown, missing or doubled columns, rows with more or fewer cells than
/// the header, cells that run over several lines.
pub fn read(text: &str, columns: Columns<'_>) -> Result<Table, Vec<TableFault>> {
    let mut faults = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    let mut records = records(text, columns.separator(text), &mut faults).into_iter();
    let Some(mut header) = records.next() else {
        let problem = Words::new(
            "表是空的：须有一行写列名",
            "the table is empty: it needs a line with the names of the columns",
        );
        return Err(vec![TableFault { line: 1, problem, ..TableFault::default() }]);
    };
    if let Some(fault) = other_separator(&header) {
        return Err(vec![fault]);
    }
    let named = header.cells.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    header.cells.truncate(named);
    header.cells.iter_mut().for_each(|heading| *heading = columns.named(heading).to_owned());
    check_columns(&header, columns, &mut faults);
    if !faults.is_empty() {
        // Every row would be at fault for its columns.
        return Err(faults);
    }
    let rows = records.filter_map(|row| fitted(row, &header, &mut faults)).collect();
    if faults.is_empty() { Ok(Table { columns: header.cells, rows }) } else { Err(faults) }
}

impl Table {
    /// The cell of a row in a column; empty where the table has no such column.
    #[must_use]
    pub fn cell<'t>(&self, row: &'t Row, column: &str) -> &'t str {
        let position = self.columns.iter().position(|name| name == column);
        position.and_then(|position| row.cells.get(position)).map_or("", String::as_str)
    }
}

/// Every record that holds anything, the header among them.
fn records(text: &str, separator: char, faults: &mut Vec<TableFault>) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(separator as u8)
        .from_reader(text.as_bytes());
    let mut lines = Lines::new(text);
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = lines.of(record.position().map_or(0, |position| position.byte() as usize));
                let cells: Vec<String> = record.iter().map(ToOwned::to_owned).collect();
                if cells.iter().any(|cell| !cell.is_empty()) {
                    rows.push(Row { line, cells });
                }
            }
            Err(error) => {
                let line = lines.of(error.position().map_or(0, |position| position.byte() as usize));
                let problem = Words::new("无法作为表格读取", format!("cannot be read as a table: {error}"));
                faults.push(TableFault { line, problem, ..TableFault::default() });
            }
        }
    }
    rows
}

/// Counts lines as an editor does, whether they end in LF, CR LF or CR.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    /// Before the first line.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the record that the reader says begins at a byte. The reader may stand between the CR and the LF of
    /// the line before, or before blank lines.
    pub fn of(&mut self, byte: usize) -> usize {
        let is_break = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        let begins = byte + self.text[byte..].iter().take_while(is_break).count();
        let passed = &self.text[self.at..begins];
        let ends = |(index, byte): &(usize, &u8)| {
            **byte == b'\n' || (**byte == b'\r' && passed.get(index + 1) != Some(&b'\n'))
        };
        self.line += passed.iter().enumerate().filter(ends).count();
        self.at = begins;
        self.line
    }
}

/// Spreadsheets of some countries write semicolons or tabs: one fault instead of one for each column.
fn other_separator(header: &Row) -> Option<TableFault> {
    let [only] = header.cells.as_slice() else { return None };
    let others = [
        (';', "分号", "semicolons"),
        ('\t', "制表符", "tabs"),
        ('，', "全角逗号", "full-width commas"),
        ('|', "竖线", "vertical bars"),
    ];
    let (_, zh, en) = others.into_iter().find(|(separator, ..)| only.contains(*separator))?;
    let problem = Words::new(
        format!("各列以{zh}分隔，须用半角逗号"),
        format!("the columns are separated by {en}, but commas are needed"),
    );
    let hint = Some(Words::new(
        "请另存为“CSV UTF-8（逗号分隔）”",
        "save the table as \"CSV UTF-8 (comma delimited)\"",
    ));
    Some(TableFault { line: header.line, problem, hint, ..TableFault::default() })
}

fn check_columns(header: &Row, columns: Columns<'_>, faults: &mut Vec<TableFault>) {
    let names = &header.cells;
    let has = |column: &str| names.iter().any(|name| name == column);
    let mut missing: Vec<&str> = columns.needed.iter().copied().filter(|column| !has(column)).collect();
    let alternative = columns.one_of.first().filter(|_| !columns.one_of.iter().any(|column| has(column)));
    missing.extend(alternative);
    if missing.len() > 1 {
        // One cause: the first line does not name the columns.
        faults.push(no_header(header, &missing, columns));
        return;
    }
    let mut fault = |column: &str, problem: Words, hint: Option<Words>| {
        let (line, column) = (header.line, column.to_owned());
        faults.push(TableFault { line, column, value: String::new(), problem, hint });
    };
    for (position, name) in names.iter().enumerate() {
        if name.is_empty() {
            fault("", words!("第{n}列没有列名", "column {n} has no name", n = position + 1), None);
        } else if names[..position].contains(name) {
            let once = Words::new("只能写一次", "it may stand once");
            fault(name, Words::new("该列写了两次", "the column stands twice"), Some(once));
        } else if !columns.known.contains(&name.as_str()) {
            let absent = columns.known.iter().copied().filter(|known| !has(known));
            fault(name, Words::new("没有这一列", "unknown column"), nearest(name, absent));
        }
    }
    for column in missing {
        let near = names.iter().map(String::as_str).filter(|name| !columns.known.contains(name));
        let hint = like(column, near).or_else(|| Some(Words::new("必须有这一列", "it is needed")));
        fault(column, Words::new("缺少这一列", "missing column"), hint);
    }
}

/// The one fault of a first line that does not name the columns.
fn no_header(header: &Row, missing: &[&str], columns: Columns<'_>) -> TableFault {
    let unknown: Vec<&str> =
        header.cells.iter().map(String::as_str).filter(|name| !columns.known.contains(name)).collect();
    let known = Words::list(columns.known);
    let mut hint = Words::new(
        format!("第一行须写列名：{}", known.zh),
        format!("the first line must name the columns: {}", known.en),
    );
    let headings: Vec<&str> = columns.headings.iter().map(|(heading, _)| *heading).collect();
    if !headings.is_empty() {
        hint.zh.push_str(&format!("；或{}", headings.join("、")));
        hint.en.push_str(&format!(", or {}", headings.join("、")));
    }
    if !unknown.is_empty() {
        let unknown = Words::list(&unknown);
        hint.zh.push_str(&format!("（不认识：{}）", unknown.zh));
        hint.en.push_str(&format!(" (unknown: {})", unknown.en));
    }
    TableFault {
        line: header.line,
        column: missing.join(", "),
        value: String::new(),
        problem: Words::new("缺少列", "missing columns"),
        hint: Some(hint),
    }
}

/// A row with as many cells as the header; a fault where something would be lost or is missing.
fn fitted(mut row: Row, header: &Row, faults: &mut Vec<TableFault>) -> Option<Row> {
    let (n, wanted) = (row.cells.len(), header.cells.len());
    if let Some(index) = row.cells.iter().position(|cell| cell.contains(['\n', '\r'])) {
        let column = header.cells.get(index).cloned().unwrap_or_default();
        let problem = Words::new(
            "单元格跨了几行：引号是否没有配对？",
            "the cell runs over several lines: is a quotation mark not closed?",
        );
        faults.push(TableFault { line: row.line, column, problem, ..TableFault::default() });
        return None;
    }
    let too_many = row.cells.iter().skip(wanted).any(|cell| !cell.is_empty());
    if n < wanted || too_many {
        let problem =
            words!("该行有{n}个单元格，表头有{wanted}个", "the row has {n} cells, the header {wanted}");
        let hint = too_many.then(|| {
            Words::new("含逗号的单元格须加引号", "a cell that holds a comma stands in quotation marks")
        });
        faults.push(TableFault { line: row.line, problem, hint, ..TableFault::default() });
        return None;
    }
    row.cells.truncate(wanted);
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns<'static> = Columns {
        known: &["code", "persons", "note"],
        needed: &["code", "persons"],
        one_of: &[],
        headings: &[],
        separators: &[],
    };

    #[test]
    fn exact_other_separators_and_headings_are_read_where_they_are_allowed() {
        let columns = Columns {
            headings: &[("代码", "code"), ("人数", "persons")],
            separators: &[';', '\t'],
            ..COLUMNS
        };
        for text in ["code,persons\n1,2\n", "代码;人数\n1;2\n", "\u{feff}\"代码\"\tpersons\t\n1\t2\t\n"]
        {
            let table = read(text, columns).expect("in order");
            assert_eq!(table.columns, ["code", "persons"], "{text:?}");
            assert_eq!(table.rows[0].cells, ["1", "2"], "{text:?}");
        }
        let twice = read("code,代码,persons\n1,2,3\n", columns).expect_err("twice");
        assert_eq!(
            (twice[0].column.as_str(), twice[0].problem.en.as_str()),
            ("code", "the column stands twice")
        );
    }

    #[test]
    fn exact_a_first_line_without_the_columns_is_one_fault() {
        let found = read("编号,数量\n1,2\n3\n", COLUMNS).expect_err("faulty");
        assert_eq!(
            (found[0].column.as_str(), found[0].problem.en.as_str()),
            ("code, persons", "missing columns")
        );
        assert!(
            found[0].hint.as_ref().is_some_and(|hint| hint.en.contains("unknown: 编号, 数量")),
            "{found:?}"
        );
        let either =
            Columns { one_of: &["note", "remark"], known: &["code", "persons", "note", "remark"], ..COLUMNS };
        assert!(read("code,persons,remark\n1,2,3\n", either).is_ok());
        assert_eq!(read("code,persons\n1,2\n", either).expect_err("faulty")[0].column, "note");
    }

    fn lines(text: &str) -> Vec<usize> {
        read(text, COLUMNS).expect("in order").rows.iter().map(|row| row.line).collect()
    }

    fn faults(text: &str) -> Vec<(usize, String, String)> {
        let found = read(text, COLUMNS).expect_err("faulty");
        found.into_iter().map(|fault| (fault.line, fault.column, fault.problem.en)).collect()
    }

    #[test]
    fn exact_lines_are_counted_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["code,persons", "1,2", "", "3,4", ",,", "5,6"].join(end);
            assert_eq!(lines(&text), [2, 4, 6], "{end:?}");
            assert_eq!(lines(&format!("\u{feff}{text}{end}")), [2, 4, 6], "{end:?} with a mark");
        }
    }

    #[test]
    fn exact_what_spreadsheets_leave_behind_is_not_there() {
        let table = read("code,persons,,\n1,2,,\n,,,\n", COLUMNS).expect("in order");
        assert_eq!(table.columns, ["code", "persons"]);
        assert_eq!(table.rows, [Row { line: 2, cells: vec!["1".to_owned(), "2".to_owned()] }]);
    }

    #[test]
    fn exact_faults_of_form_stand_at_their_line_and_column() {
        let unknown = faults("code,persons,coment\n1,2,x\n");
        assert_eq!(unknown, [(1, "coment".to_owned(), "unknown column".to_owned())]);
        let twice = faults("code,persons,persons\n1,2,3\n");
        assert_eq!(twice, [(1, "persons".to_owned(), "the column stands twice".to_owned())]);
        assert_eq!(faults("code\n1\n"), [(1, "persons".to_owned(), "missing column".to_owned())]);
        let short = faults("code,persons\r\n1,2\r\n3\r\n");
        assert_eq!(short, [(3, String::new(), "the row has 1 cells, the header 2".to_owned())]);
        let long = faults("code,persons\n1,2,143\n");
        assert_eq!(long, [(2, String::new(), "the row has 3 cells, the header 2".to_owned())]);
        let open = faults("code,persons,note\n1,2,\"x\n3,4,y\n");
        assert_eq!(open[0].0, 2);
        assert_eq!(open[0].1, "note");
        assert!(faults("")[0].2.contains("empty"));
    }

    #[test]
    fn exact_another_separator_is_one_fault() {
        for text in ["code;persons\n1;2\n3;4\n", "code\tpersons\n1\t2\n"] {
            assert_eq!(faults(text).len(), 1, "{text}");
        }
    }
}
