//! A register of persons: reading its file, and saying what was understood of it.

use std::path::Path;

use super::super::new_args::RegisterArgs;
use super::{MOST_SHOWN, consistent, every_cell, persons, said};
use crate::draft::census::CensusCounty;
use crate::draft::maps::Maps;
use crate::draft::register::{self, Question, Register, Use};
use crate::lang::Lang;
use crate::lang::Words;
use crate::report::screen;

/// Reads the register that was named, if one was.
pub fn read(
    args: &RegisterArgs,
    counties: &[&CensusCounty],
    categories: &[(String, Words)],
) -> Result<Option<Register>, Vec<Words>> {
    let Some(path) = &args.register else { return Ok(None) };
    let book = super::book(path, "--register")?;
    unknown_ids(args, categories)?;
    consistent(Maps { option: "--map", pairs: &args.maps })?;
    let question = Question { counties, categories, maps: &args.maps, sheet: args.sheet.as_deref() };
    register::read(&book, question).map(Some).map_err(|faults| said(path, &faults))
}

/// An id of `--map` that the policy does not have.
fn unknown_ids(args: &RegisterArgs, categories: &[(String, Words)]) -> Result<(), Vec<Words>> {
    let is_known = |id: &str| id == "-" || categories.iter().any(|(known, _)| known == id);
    let ids = || categories.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(", ");
    let wrong: Vec<Words> = args
        .maps
        .iter()
        .filter(|(_, id)| !is_known(id))
        .map(|(heading, id)| {
            Words::new(
                format!("--map {heading}={id}：方案没有代码 {id}；可用：{}，或 - 表示不计入", ids()),
                format!(
                    "--map {heading}={id}: the policy has no category {id}; known: {}, or - to leave it out",
                    ids()
                ),
            )
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// What was understood, cell by cell; `kept` is the file that has all of it, where one is written.
pub fn understood(args: &RegisterArgs, register: &Register, kept: Option<&str>, lang: Lang) -> String {
    let path = args.register.as_deref().unwrap_or_else(|| Path::new("")).display();
    let counted = register.cells.iter().filter(|cell| cell.becomes == Use::Counted).count();
    let date = register.date.map_or_else(String::new, |(year, month)| match lang {
        Lang::Zh => format!("，{year}年{month}月"),
        Lang::En => format!(", {year}-{month:02}"),
    });
    let all = every_cell(kept, lang);
    let mut text = match lang {
        Lang::Zh => format!("台账 {path}{date}：计入{counted}个数{all}\n"),
        Lang::En => {
            format!("register {path}{date}: {counted} numbers count{all}\n")
        }
    };
    text.push_str(&cells(register, lang));
    for note in &register.notes {
        text.push_str(&format!("  {}\n", note.pick(lang)));
    }
    text
}

fn cells(register: &Register, lang: Lang) -> String {
    let header = match lang {
        Lang::Zh => ["单元格", "台账中的名称", "县区代码", "类别代码", "处理", "人数"],
        Lang::En => ["Cell", "Heading", "County", "Category", "Use", "Persons"],
    };
    let row = |cell: &register::Cell| {
        vec![
            cell.place.clone(),
            cell.label.clone(),
            cell.code.map_or_else(String::new, |code| code.to_string()),
            cell.category.clone().unwrap_or_default(),
            cell.becomes.words().pick(lang).to_owned(),
            persons(cell.persons.into()),
        ]
    };
    let table = screen::grid(&header, register.cells.iter().take(MOST_SHOWN).map(row), 5);
    let mut text: String = table.lines().map(|line| format!("  {line}\n")).collect();
    if register.cells.len() > MOST_SHOWN {
        text.push_str("  …\n");
    }
    text
}
