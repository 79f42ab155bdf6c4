//! `settle` and `explain` with workbooks: what is read of them is what is read of CSV, and what is written are the amounts
//! of the JSON lines.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::Value;

use crate::command::{Done, FANGCHENGGANG, fundcast};
use crate::support::{fen, path, text};

const TABLES: [(&str, &str); 2] =
    [("persons", "docs/examples/persons.csv"), ("claims", "docs/examples/claims.csv")];

/// Writes a table as a spreadsheet program keeps it: numbers as numbers, days as days.
fn fill(sheet: &mut Worksheet, table: &str, first: u32) {
    let day = Format::new().set_num_format("yyyy/m/d");
    for (row, line) in (first..).zip(table.lines()) {
        for (column, cell) in (0..).zip(line.trim_start_matches('\u{feff}').split(',')) {
            let date = cell.split('-').filter_map(|part| part.parse::<u16>().ok()).collect::<Vec<_>>();
            if let ([year, month, one], 10) = (&date[..], cell.len()) {
                let at = ExcelDateTime::from_ymd(*year, *month as u8, *one as u8).expect("a day");
                sheet.write_datetime_with_format(row, column, &at, &day).expect("a cell");
            } else if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number(row, column, number).expect("a cell");
            } else if ["true", "false"].contains(&cell) {
                sheet.write_boolean(row, column, cell == "true").expect("a cell");
            } else if !cell.is_empty() {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
}

/// The example tables as two workbooks.
fn books(folder: &Path) {
    for (name, table) in TABLES {
        let mut book = Workbook::new();
        fill(book.add_worksheet(), &text(table), 0);
        book.save(folder.join(format!("{name}.xlsx"))).expect("a workbook");
    }
}

fn settle(folder: &Path, persons: &str, claims: &str, more: &[&str]) -> Done {
    let scenario = path(FANGCHENGGANG).display().to_string();
    let args = ["settle", &scenario, "--persons", persons, "--claims", claims];
    fundcast(&args).with(more).within(folder).run()
}

#[test]
fn exact_a_workbook_is_settled_as_csv_is() {
    let folder = tempfile::tempdir().expect("a folder");
    books(folder.path());
    let csv = TABLES.map(|(_, table)| path(table).display().to_string());
    let expected = settle(folder.path(), &csv[0], &csv[1], &[]).good();
    assert!(expected.lines().count() >= 4, "{expected}");
    assert_eq!(settle(folder.path(), "persons.xlsx", "claims.xlsx", &[]).good(), expected);
    assert_eq!(settle(folder.path(), &csv[0], "claims.xlsx", &[]).good(), expected, "one of each");
    // Both in one file, each found by its headings, with a sheet that is neither; empty rows above.
    let mut book = Workbook::new();
    for (name, table) in TABLES {
        fill(book.add_worksheet().set_name(name).expect("a name"), &text(table), 2);
    }
    book.add_worksheet().write_string(0, 0, "注意").expect("a cell");
    book.save(folder.path().join("both.xlsx")).expect("a workbook");
    assert_eq!(settle(folder.path(), "both.xlsx", "both.xlsx", &[]).good(), expected);
}

/// Faults have the number of the row; sheets that cannot be told apart are named.
#[test]
fn exact_faults_of_a_workbook_are_said_with_their_row() {
    let folder = tempfile::tempdir().expect("a folder");
    books(folder.path());
    let mut book = Workbook::new();
    let table = "个案,县区,年度,年龄\nA,上思县,2023,40\nB,无此县,2023,40\n";
    fill(book.add_worksheet(), table, 1);
    book.save(folder.path().join("faulty.xlsx")).expect("a workbook");
    let mut book = Workbook::new();
    fill(book.add_worksheet(), "case,id,kind,admitted,level,total\nA,c1,住院,2023-02-03,三级,600\n", 0);
    book.save(folder.path().join("claims.xlsx")).expect("a workbook");
    let said = settle(folder.path(), "faulty.xlsx", "claims.xlsx", &[]).refused();
    assert!(said.contains("faulty.xlsx:4") && said.contains("无此县"), "{said}");
    let mut book = Workbook::new();
    for name in ["甲", "乙"] {
        fill(book.add_worksheet().set_name(name).expect("a name"), table, 0);
    }
    book.save(folder.path().join("two.xlsx")).expect("a workbook");
    let said = settle(folder.path(), "two.xlsx", "claims.xlsx", &["--lang", "zh"]).refused();
    assert!(
        said.contains("two.xlsx：有几个工作表（甲、乙），不止一个有所需的表头（case, county, year, age）"),
        "{said}"
    );
    std::fs::write(folder.path().join("broken.xlsx"), b"PK\x03\x04nothing").expect("written");
    let said = settle(folder.path(), "broken.xlsx", "claims.xlsx", &["--lang", "en"]).refused();
    assert!(said.contains("broken.xlsx: the workbook cannot be read"), "{said}");
}

/// The rows of a sheet, by heading.
fn rows(book: &Path, sheet: &str) -> Vec<BTreeMap<String, Data>> {
    let mut book: Xlsx<_> = open_workbook(book).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("a sheet");
    let mut rows = range.rows();
    let headings: Vec<String> = rows.next().expect("headings").iter().map(ToString::to_string).collect();
    rows.map(|row| headings.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn in_fen(cell: &Data) -> i64 {
    match cell {
        Data::Float(yuan) => (yuan * 100.0).round() as i64,
        Data::Int(yuan) => yuan * 100,
        _ => 0,
    }
}

#[test]
fn exact_the_workbook_of_a_settlement_has_its_amounts() {
    let folder = tempfile::tempdir().expect("a folder");
    books(folder.path());
    let lines = settle(folder.path(), "persons.xlsx", "claims.xlsx", &[]).good();
    let answers: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let done = settle(folder.path(), "persons.xlsx", "claims.xlsx", &["--out", "out.xlsx", "--lang", "en"]);
    assert_eq!((done.code, done.out.as_str()), (0, ""), "{}", done.err);
    let book = folder.path().join("out.xlsx");
    let cases = rows(&book, "cases");
    assert_eq!(cases.len(), answers.len());
    for (row, answer) in cases.iter().zip(&answers) {
        assert_eq!(row["case"].to_string(), answer["case"].as_str().expect("a name"));
        for key in ["total", "basic", "critical", "assistance", "provider", "patient"] {
            let expected = fen(&answer["totals"][key]).unwrap_or(0);
            assert_eq!(in_fen(&row[&format!("{key}, yuan")]), expected, "{key} of {answer}");
        }
        // The payers of assistance add up to it.
        let by_funder: i64 =
            answer["totals"]["by_funder"].as_object().expect("payers").values().filter_map(fen).sum();
        let paid: i64 = rows(&book, "payments")
            .iter()
            .filter(|one| one["case"] == row["case"] && one["year"] == row["year"])
            .map(|one| in_fen(&one["amount, yuan"]))
            .sum();
        assert_eq!(paid, by_funder, "{answer}");
    }
    let n: usize = answers.iter().map(|answer| answer["claims"].as_array().map_or(0, Vec::len)).sum();
    let claims = rows(&book, "claims");
    assert!(claims.len() >= n && n > 0, "{} of {n}", claims.len());
    let first = &answers[0]["claims"][0];
    for key in ["in_scope", "basic", "patient_out_of_scope"] {
        let heading = format!("{}, yuan", key.replace('_', " "));
        assert_eq!(in_fen(&claims[0][&heading]), fen(&first[key]).unwrap_or(0), "{key}");
    }
    // The same cases give the same bytes; JSON lines are those of the screen; nothing is written over.
    settle(folder.path(), "persons.xlsx", "claims.xlsx", &["--out", "again.xlsx", "--lang", "en"]).good();
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    assert!(bytes("out.xlsx") == bytes("again.xlsx"));
    settle(folder.path(), "persons.xlsx", "claims.xlsx", &["--out", "out.jsonl"]).good();
    assert_eq!(bytes("out.jsonl"), lines.as_bytes());
    let said = settle(folder.path(), "persons.xlsx", "claims.xlsx", &["--out", "out.xlsx", "--lang", "zh"])
        .refused();
    assert!(said.contains("--out out.xlsx：已存在，不覆盖"), "{said}");
    let said =
        settle(folder.path(), "persons.xlsx", "claims.xlsx", &["--out", "out.csv", "--lang", "zh"]).refused();
    assert!(said.contains("须以 .xlsx 或 .jsonl 结尾"), "{said}");
}

#[test]
fn exact_settlement_sheets_are_written_as_a_workbook() {
    let folder = tempfile::tempdir().expect("a folder");
    books(folder.path());
    let scenario = path(FANGCHENGGANG).display().to_string();
    let tables = ["--persons", "persons.xlsx", "--claims", "claims.xlsx"];
    let explain = |more: &[&str]| {
        fundcast(&["explain", &scenario]).with(more).with(&tables).within(folder.path()).run().good()
    };
    let screen = explain(&[]);
    assert_eq!(explain(&["--out", "sheets.xlsx"]), "");
    let mut book: Xlsx<_> = open_workbook(folder.path().join("sheets.xlsx")).expect("a workbook");
    let names = book.sheet_names();
    assert_eq!(names.len(), screen.matches("结算单 ").count());
    for name in &names {
        let range = book.worksheet_range(name).expect("a sheet");
        let title = range.get_value((0, 0)).expect("a title").to_string();
        assert!(screen.contains(&format!("结算单 {title}\n")), "{title}");
        let steps: Vec<&[Data]> = range.rows().skip(3).take_while(|row| row[1] != Data::Empty).collect();
        assert!(!steps.is_empty(), "{title}");
        for step in steps {
            assert!(screen.contains(&step[1].to_string()) && in_fen(&step[4]) >= 0, "{step:?}");
        }
    }
    explain(&["--out", "sheets.txt"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("sheets.txt")).expect("text"), screen);
    // Of two scenarios the sheets of a case stand beside each other.
    let other = path("scenarios/fangchenggang-subsidy-held.toml").display().to_string();
    explain(&[&other, "--out", "two.xlsx"]);
    let two: Xlsx<_> = open_workbook(folder.path().join("two.xlsx")).expect("a workbook");
    assert_eq!(two.sheet_names().len(), 2 * names.len());
}
