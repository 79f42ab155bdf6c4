//! `report.xlsx`: the tables of a run as sheets, with headings, units, page setup, native charts and the trials.

mod basis;
mod paper;
mod specs;
mod summary;
mod trials;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::DocumentError;
use super::findings::findings;
use super::grid::Grid;
use super::labels::Words;
use crate::lang::Lang;
use crate::report::finished::Finished;
use paper::Paper;

pub use paper::width;

/// The most rows of a sheet: a file has 1,048,576, and long before them a spreadsheet program takes too long to open it.
const MOST_ROWS: usize = 200_000;

/// What stands in the place of a table with more rows.
fn too_long(n: usize, file: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{n}行，超过本工作簿每表上限{MOST_ROWS}行，未列出；全部内容在 {file} 中。"),
        Lang::En => format!(
            "{n} rows are more than the {MOST_ROWS} that a sheet here may have: not shown; all of them are in {file}."
        ),
    }
}

/// Makes the workbook of a run: its bytes.
///
/// # Errors
/// Trials that cannot be read, or what the library refuses.
pub fn make(run: &Finished, lang: Lang) -> Result<Vec<u8>, DocumentError> {
    let words = Words { run, lang };
    let findings = findings(words);
    let mut book = Workbook::new();
    // No clock: the same run gives the same bytes.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(findings.whole_title())
        .set_author("fundcast")
        .set_comment(format!("{} {}", lang.pick("运行编号", "Run"), run.run_id()))
        .set_creation_datetime(&created);
    book.set_properties(&properties);
    let paper = Paper::new(words);
    summary::write(&mut book, &paper, words, &findings)?;
    for spec in specs::of(run) {
        let Some(table) = run.table(&spec.file) else { continue };
        let grid = Grid::of(table, spec.part, words);
        let sheet = paper.sheet(&mut book, spec.name.text(lang))?;
        if grid.rows.len() > MOST_ROWS {
            Paper::write_text(sheet, (0, 0), spec.title.text(lang), &paper.title)?;
            Paper::write_text(sheet, (1, 0), &too_long(grid.rows.len(), &spec.file, lang), &paper.text)?;
            continue;
        }
        let note = format!("{}{}", spec.note(words), lang.pick("。", "."));
        paper.table(sheet, (spec.title.text(lang), &note), &grid)?;
    }
    trials::write(&mut book, &paper, words)?;
    basis::write_assumptions(&mut book, &paper, words)?;
    basis::write_record(&mut book, &paper, words)?;
    Ok(book.save_to_buffer()?)
}
