//! The rows of a register below its headings, cell by cell.

use super::heading::{self, Meaning};
use super::layout::{self, Axis, Column, Layout};
use super::number::{self, Number};
use super::sheet::{At, Sheet, TableFault};
use super::{Cell, Question, Register, Use};
use crate::draft::census::{self, CensusCounty};
use crate::lang::Words;

/// Beginnings of a row that says something about the table.
const REMARKS: [&str; 9] = ["注", "说明", "备注", "填表", "制表", "审核", "数据来源", "单位负责人", "note"];

/// Columns of numbers that are no persons of a category.
const OTHER_NUMBERS: [&str; 12] = [
    "序号",
    "编号",
    "户数",
    "常住人口",
    "户籍人口",
    "总人口",
    "年份",
    "电话",
    "联系电话",
    "占比",
    "比例",
    "no.",
];

/// What a row is about.
struct Subject {
    code: Option<u32>,
    label: String,
    meaning: Option<Meaning>,
    is_total: bool,
}

/// Every cell of the table with a number.
pub(super) fn cells(
    sheet: &Sheet,
    layout: &Layout,
    question: Question<'_>,
    faults: &mut Vec<TableFault>,
) -> Vec<Cell> {
    unknown_columns(sheet, layout, question, faults);
    let mut cells = Vec::new();
    let mut county = layout.only;
    for row in layout.header + 1..sheet.rows.len() {
        if is_remark(sheet, row) || !has_number(sheet, layout, row) {
            continue;
        }
        let Some(subject) = subject(sheet, (layout, row), &mut county, question, faults) else { continue };
        for column in &layout.numbers {
            let at = At { row, column: column.at.column };
            match number::read(sheet.cell(at), column.unit) {
                Some(Number::Missing) => {}
                Some(Number::Persons(persons)) => {
                    cells.push(cell(sheet, at, (&subject, column), persons));
                }
                None => faults.push(TableFault::new(sheet, at, no_number())),
            }
        }
    }
    cells
}

/// The texts that are asked what they mean: those of the column of categories, or the headings of the others.
pub(super) fn names(sheet: &Sheet, layout: &Layout) -> Vec<String> {
    let Some(column) = layout.category else {
        let others = layout.texts.iter().enumerate().filter(|(column, _)| Some(*column) != layout.county);
        return others.map(|(_, text)| text.clone()).collect();
    };
    let rows = (layout.header + 1..sheet.rows.len()).filter(|&row| !is_remark(sheet, row));
    rows.map(|row| sheet.cell(At { row, column }).to_owned()).collect()
}

fn no_number() -> Words {
    Words::new(
        "不是整数人数；写成 2143 或 2,143（没有的留空或写 0）",
        "is no whole number of persons; write 2143 or 2,143 (nothing or 0 where there is none)",
    )
}

fn is_remark(sheet: &Sheet, row: usize) -> bool {
    let first = sheet.rows[row].iter().find(|text| !text.is_empty());
    first.is_none_or(|text| {
        let text = text.to_lowercase();
        REMARKS.iter().any(|start| text.starts_with(start))
    })
}

/// Whether a row has anything where numbers stand; a second row of headings has words alone.
fn has_number(sheet: &Sheet, layout: &Layout, row: usize) -> bool {
    let texts = layout.numbers.iter().map(|column| sheet.cell(At { row, column: column.at.column }));
    let is_heading = row == layout.header + 1
        && layout.category.or(layout.county).is_some_and(|column| sheet.cell(At { row, column }).is_empty());
    let mut texts = texts.filter(|text| !text.is_empty()).peekable();
    texts.peek().is_some()
        && (!is_heading || texts.any(|text| text.contains(|one: char| one.is_ascii_digit())))
}

/// What the cells before the numbers say; `county` goes on over cells that were merged.
fn subject(
    sheet: &Sheet,
    (layout, row): (&Layout, usize),
    county: &mut Option<u32>,
    question: Question<'_>,
    faults: &mut Vec<TableFault>,
) -> Option<Subject> {
    let mut is_total = false;
    if let Some(column) = layout.county {
        let at = At { row, column };
        let text = sheet.cell(at);
        if heading::is_total(text) || is_all(text, question) {
            is_total = true;
        } else if !text.is_empty() {
            *county = layout::county_named(text, question);
            if county.is_none() {
                faults.push(TableFault::new(sheet, at, census::not_chosen(text, question.counties)));
                return None;
            }
        } else if county.is_none() {
            let problem = Words::new("没有写县区", "the county is missing");
            faults.push(TableFault::new(sheet, at, problem));
            return None;
        }
    }
    let code = county.filter(|_| !is_total);
    let Some(column) = layout.category else {
        return Some(Subject { code, label: String::new(), meaning: None, is_total });
    };
    let at = At { row, column };
    let label = sheet.cell(at).to_owned();
    let meaning = heading::meaning(&label, question.categories, question.maps);
    if meaning == Meaning::Unknown {
        // A total over counties may say so in the column of counties alone.
        if is_total && label.is_empty() {
            return Some(Subject { code, label, meaning: Some(Meaning::Total), is_total });
        }
        let at = if label.is_empty() { At { row, column: layout.numbers[0].at.column } } else { at };
        faults.push(TableFault::new(sheet, at, unknown_category(&label, question)));
        return None;
    }
    let is_total = is_total || meaning == Meaning::Total;
    Some(Subject { code, label, meaning: Some(meaning), is_total })
}

/// Whether a text names all counties together: the area's city or province.
fn is_all(text: &str, question: Question<'_>) -> bool {
    let is = |one: &CensusCounty| {
        text == one.county.city
            || text == one.province.zh
            || text == "全市"
            || text == "全区"
            || text == "市级合计"
    };
    question.counties.len() > 1 && question.counties.iter().any(|one| is(one))
}

fn unknown_category(label: &str, question: Question<'_>) -> Words {
    if label.is_empty() {
        return Words::new("有人数但没有写类别", "a number without a category");
    }
    let near = heading::nearest(label, question.categories);
    let zh = near.as_ref().map_or_else(String::new, |near| format!("（是不是“{near}”？）"));
    let en = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
    Words::new(
        format!("不认识这个类别{zh}；用 --map \"{label}=代码\" 指明，不计入的写 --map \"{label}=-\""),
        format!(
            "no known category{en}; say what it is with --map \"{label}=ID\", or leave it out with --map \"{label}=-\""
        ),
    )
}

/// Columns of numbers under headings that mean nothing: in a table with a column for each category nothing is dropped
/// in silence.
fn unknown_columns(sheet: &Sheet, layout: &Layout, question: Question<'_>, faults: &mut Vec<TableFault>) {
    let is_by_category = layout.numbers.iter().any(|one| matches!(one.is, Axis::Category(_)));
    let is_by_county = layout.numbers.iter().any(|one| matches!(one.is, Axis::County(_)));
    if !is_by_category && !is_by_county {
        return;
    }
    for (column, text) in layout.texts.iter().enumerate() {
        let at = At { row: layout.header, column };
        let is_known = Some(column) == layout.county
            || Some(column) == layout.category
            || layout.numbers.iter().any(|one| one.at.column == column)
            || OTHER_NUMBERS.iter().any(|other| text.to_lowercase().starts_with(other));
        let mut below = (layout.header + 1..sheet.rows.len()).map(|row| sheet.cell(At { row, column }));
        let is_number =
            |text: &str| matches!(number::read(text, number::Unit::Persons), Some(Number::Persons(_)));
        if !is_known && below.any(is_number) {
            let problem = if is_by_category {
                unknown_category(text, question)
            } else {
                census::not_chosen(text, question.counties)
            };
            faults.push(TableFault { value: text.clone(), ..TableFault::new(sheet, at, problem) });
        }
    }
}

fn cell(sheet: &Sheet, at: At, (subject, column): (&Subject, &Column), persons: u32) -> Cell {
    let (code, meaning, is_total_column) = match &column.is {
        Axis::Numbers => (subject.code, subject.meaning.clone(), false),
        Axis::County(code) => (Some(*code), subject.meaning.clone(), false),
        Axis::AllCounties => (None, subject.meaning.clone(), true),
        Axis::Category(meaning) => (subject.code, Some(meaning.clone()), *meaning == Meaning::Total),
    };
    let by_column = matches!(column.is, Axis::Category(_));
    let label = if by_column { column.label.clone() } else { subject.label.clone() };
    let (category, becomes) = match meaning {
        Some(Meaning::Category(id)) => (Some(id), Use::Counted),
        Some(Meaning::Part(id)) => (Some(id), Use::PartOfWhole),
        Some(Meaning::NotInPolicy(id)) => (Some(id), Use::NotInPolicy),
        _ => (None, Use::Total),
    };
    let is_total = subject.is_total || is_total_column;
    Cell {
        place: sheet.place(at),
        at,
        label,
        code,
        category,
        persons,
        becomes: if is_total { Use::Total } else { becomes },
        total: (subject.is_total, is_total_column),
        is_part: false,
    }
}

/// Parts of a number count where the whole is not given; where it is, they are left out.
pub(super) fn resolve_parts(cells: &mut [Cell]) {
    let wholes: Vec<(Option<u32>, Option<String>)> = cells
        .iter()
        .filter(|cell| cell.becomes == Use::Counted)
        .map(|cell| (cell.code, cell.category.clone()))
        .collect();
    for cell in cells.iter_mut().filter(|cell| cell.becomes == Use::PartOfWhole) {
        let of_which = super::sheet::plain(&cell.label).to_lowercase();
        let is_said = of_which.starts_with("其中") || of_which.starts_with("of which");
        if !is_said && !wholes.contains(&(cell.code, cell.category.clone())) {
            cell.becomes = Use::Counted;
            cell.is_part = true;
        }
    }
}

/// Adds cells up by county and category; what stands twice as a whole is a fault.
pub(super) fn add_up(register: &mut Register, faults: &mut Vec<TableFault>) {
    for cell in &register.cells {
        let (Use::Counted, Some(code), Some(category)) = (cell.becomes, cell.code, &cell.category) else {
            continue;
        };
        let found = register.found.entry((code, category.clone())).or_default();
        if !found.places.is_empty() && !cell.is_part {
            let first = &found.places[0];
            let other = register.cells.iter().find(|other| other.place == *first);
            let other = other.map(|other| other.label.as_str()).filter(|label| *label != cell.label);
            faults.push(TableFault {
                place: cell.place.clone(),
                value: cell.label.clone(),
                problem: twice((first, other), category),
            });
            continue;
        }
        found.persons = found.persons.saturating_add(cell.persons);
        found.places.push(cell.place.clone());
    }
}

/// A number that stands twice; under two names, both of which mean the category.
fn twice((first, other): (&str, Option<&str>), category: &str) -> Words {
    match other {
        None => Words::new(
            format!("同一县同一类别已在 {first} 出现；分乡镇的请先按县合计"),
            format!("the same category of the same county stands in {first} already; add up by county first"),
        ),
        Some(other) => Words::new(
            format!(
                "与 {first} 的“{other}”同为 {category}，一县一类只能有一个人数；用 --map 把其中一个指为别的代码，或写“=-”不计入"
            ),
            format!(
                "is {category} as `{other}` in {first} is, and a county has one number of each; say with --map that one of them is something else, or leave it out with `=-`"
            ),
        ),
    }
}
