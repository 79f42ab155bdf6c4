//! Tables of a bureau that a command is given: reading their files, and saying what was understood of them.

pub mod fund;
pub mod register;

use std::path::Path;

use crate::draft::maps::Maps;
use crate::draft::register::sheet::{self, Book, TableFault};
use crate::file;
use crate::lang::Lang;
use crate::lang::Words;
use crate::report::number;

/// How many cells the screen shows; the file beside has all.
const MOST_SHOWN: usize = 40;

/// The sheets of a file, as `option` named it.
fn book(path: &Path, option: &str) -> Result<Book, Vec<Words>> {
    let at = path.display();
    let bytes = file::read(path, file::MOST_OF_A_REGISTER).map_err(|error| {
        let (zh, en) = (error.text(Lang::Zh), error.text(Lang::En));
        vec![Words::new(
            format!("{option} {at}：文件读取不到（{zh}）"),
            format!("{option} {at}: cannot be read: {en}"),
        )]
    })?;
    sheet::read(bytes)
        .map_err(|words| vec![Words::new(format!("{at}{}", words.zh), format!("{at}{}", words.en))])
}

/// Refuses a text that is said to be two things.
fn consistent(maps: Maps<'_>) -> Result<(), Vec<Words>> {
    let faults = maps.contradictions();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// What is wrong with a table, behind file, place and value.
fn said(path: &Path, faults: &[TableFault]) -> Vec<Words> {
    faults.iter().map(|fault| with_cell(path, fault)).collect()
}

fn with_cell(path: &Path, TableFault { place, value, problem }: &TableFault) -> Words {
    let mut at = path.display().to_string();
    if !place.is_empty() {
        at.push_str(&format!(" {place}"));
    }
    let value = if value.is_empty() { String::new() } else { format!(" = {value}") };
    Words::new(format!("{at}{value}：{}", problem.zh), format!("{at}{value}: {}", problem.en))
}

/// Where every cell stands, where that is written.
fn every_cell(kept: Option<&str>, lang: Lang) -> String {
    kept.map_or_else(String::new, |kept| match lang {
        Lang::Zh => format!("，逐格见 {kept}"),
        Lang::En => format!(", every cell stands in {kept}"),
    })
}

/// A number of persons with separators.
#[expect(clippy::cast_precision_loss, reason = "fewer persons than a float counts exactly")]
pub fn persons(persons: u64) -> String {
    number::grouped(persons as f64, 0)
}
