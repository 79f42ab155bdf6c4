//! The register of `new`: reading its file, and saying what was understood of it.

use std::path::Path;

use super::super::args::NewArgs;
use crate::draft::census::Area;
use crate::draft::register::{self, Question, Register, RegisterFault, Use};
use crate::draft::{self, Draft, shipped::Plan};
use crate::file;
use crate::lang::Lang;
use crate::raw::Status;
use crate::report::screen;
use crate::scenario::notice::Words;

/// How many cells the screen shows; the file beside has all.
const MOST_SHOWN: usize = 40;

/// Reads the register that was named, if one was.
pub fn read(args: &NewArgs, area: &Area, plan: &Plan) -> Result<Option<Register>, Vec<Words>> {
    let Some(path) = &args.register else { return Ok(None) };
    let at = path.display();
    let bytes = file::read(path, file::MOST_OF_A_REGISTER).map_err(|error| {
        let (zh, en) = (error.text(Lang::Zh), error.text(Lang::En));
        vec![Words::new(
            format!("--register {at}：文件读取不到（{zh}）"),
            format!("--register {at}: cannot be read: {en}"),
        )]
    })?;
    let book = register::sheet::read(bytes)
        .map_err(|words| vec![Words::new(format!("{at}{}", words.zh), format!("{at}{}", words.en))])?;
    let categories = draft::categories(plan.policy);
    unknown_ids(args, &categories)?;
    let question = Question {
        counties: &area.counties,
        categories: &categories,
        maps: &args.maps,
        sheet: args.sheet.as_deref(),
    };
    let faults =
        |faults: Vec<RegisterFault>| faults.iter().map(|fault| said(path, fault)).collect::<Vec<_>>();
    register::read(&book, question).map(Some).map_err(faults)
}

/// An id of `--map` that the policy does not have.
fn unknown_ids(args: &NewArgs, categories: &[(String, Words)]) -> Result<(), Vec<Words>> {
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

fn said(path: &Path, fault: &RegisterFault) -> Words {
    let mut at = path.display().to_string();
    if !fault.place.is_empty() {
        at.push_str(&format!(" {}", fault.place));
    }
    let value = if fault.value.is_empty() { String::new() } else { format!(" = {}", fault.value) };
    Words::new(format!("{at}{value}：{}", fault.problem.zh), format!("{at}{value}: {}", fault.problem.en))
}

/// What was understood, cell by cell, and what is missing.
pub fn preview(args: &NewArgs, register: &Register, draft: &Draft, lang: Lang) -> String {
    let path = args.register.as_deref().unwrap_or_else(|| Path::new("")).display();
    let counted = register.cells.iter().filter(|cell| cell.becomes == Use::Counted).count();
    let date = register.date.map_or_else(String::new, |(year, month)| match lang {
        Lang::Zh => format!("，{year}年{month}月"),
        Lang::En => format!(", {year}-{month:02}"),
    });
    let mut text = match lang {
        Lang::Zh => format!("台账 {path}{date}：计入{counted}个数，逐格见 register.csv\n"),
        Lang::En => {
            format!("register {path}{date}: {counted} numbers count, every cell stands in register.csv\n")
        }
    };
    text.push_str(&cells(register, lang));
    for note in &register.notes {
        text.push_str(&format!("  {}\n", note.pick(lang)));
    }
    let missing: Vec<&str> = draft
        .categories
        .iter()
        .filter(|(id, _)| {
            let own = draft.counts.iter().flatten().filter(|count| count.category == *id);
            own.clone().any(|count| count.status != Status::Found)
        })
        .map(|(_, label)| label.pick(lang))
        .collect();
    if !missing.is_empty() {
        text.push_str(&match lang {
            Lang::Zh => format!("台账中没有或不全，仍为推算：{}\n", missing.join("、")),
            Lang::En => format!(
                "not in the register, or not for every county, and so assumed: {}\n",
                missing.join(", ")
            ),
        });
    }
    let (first, begins) = (draft.years.0, draft::begins(register));
    if begins.is_some_and(|begins| begins != first) {
        text.push_str(&match lang {
            Lang::Zh => format!("人数按测算首年{first}年使用，台账日期与之不同（方案数值的年度所限，或由 --years 指定）\n"),
            Lang::En => format!(
                "the persons are taken for {first}, the first year, which is not that of the register (as far as the policy's \
                 values reach, or as --years says)\n"
            ),
        });
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
            super::grouped(cell.persons.into()),
        ]
    };
    let table = screen::grid(&header, register.cells.iter().take(MOST_SHOWN).map(row), 5);
    let mut text: String = table.lines().map(|line| format!("  {line}\n")).collect();
    if register.cells.len() > MOST_SHOWN {
        text.push_str("  …\n");
    }
    text
}
