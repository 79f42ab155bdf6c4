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
        let note = format!("{}{}", spec.note(words), lang.pick("。", "."));
        paper.table(sheet, (spec.title.text(lang), &note), &grid)?;
    }
    trials::write(&mut book, &paper, words)?;
    basis::write_assumptions(&mut book, &paper, words)?;
    basis::write_record(&mut book, &paper, words)?;
    Ok(book.save_to_buffer()?)
}
