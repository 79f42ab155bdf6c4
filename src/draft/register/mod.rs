//! A register of persons by county and category, as bureaus keep it in a spreadsheet: what was understood of it, cell by
//! cell, or what cannot be understood, each with its place.

pub mod heading;
mod layout;
pub mod number;
mod rows;
pub mod sheet;
mod totals;

use std::collections::BTreeMap;

use super::census::CensusCounty;
use super::maps::Maps;
use crate::lang::Words;
use sheet::{At, Book, Sheet, TableFault, one_each};

/// What a register is read for.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The counties of the place.
    pub counties: &'a [&'a CensusCounty],
    /// The categories of the policy with their labels.
    pub categories: &'a [(String, Words)],
    /// What the user said that a heading means: its text, and an id or `-` for what is not to be counted.
    pub maps: &'a [(String, String)],
    /// The sheet to be read, where the user named one.
    pub sheet: Option<&'a str>,
}

/// What became of a cell with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It counts.
    Counted,
    /// A part of a number that is counted: `其中`.
    PartOfWhole,
    /// A sum, held against what it adds up.
    Total,
    /// The policy has no such category, or the user left it out.
    NotInPolicy,
}

impl Use {
    /// What is said of it.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Counted => Words::new("计入", "counted"),
            Self::PartOfWhole => Words::new("其中项，不另计", "part of another number, not counted again"),
            Self::Total => Words::new("合计，已核对", "total, checked"),
            Self::NotInPolicy => Words::new("方案无此类别，未计入", "not a category of the policy, left out"),
        }
    }
}

/// A cell with a number of persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Where it stands, such as `Sheet1!B3`.
    pub place: String,
    /// The position, for order and sums.
    pub at: At,
    /// The heading that says which category it is.
    pub label: String,
    /// The county's code; none for a sum over counties.
    pub code: Option<u32>,
    /// The category; none for a sum over categories.
    pub category: Option<String>,
    /// Persons.
    pub persons: u32,
    /// What became of it.
    pub becomes: Use,
    /// Whether its row and its column add up others.
    pub total: (bool, bool),
    /// Whether it is one of several parts that make up a number.
    pub is_part: bool,
}

/// A number from the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Persons.
    pub persons: u32,
    /// The cells that it is made of.
    pub places: Vec<String>,
}

/// A register, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// Every cell with a number that was looked at, in the order of the file.
    pub cells: Vec<Cell>,
    /// Persons by county and category.
    pub found: BTreeMap<(u32, String), Found>,
    /// Year and month of the register, where a title says so.
    pub date: Option<(u16, u8)>,
    /// What whoever made the table should know.
    pub notes: Vec<Words>,
}

/// Reads a register.
///
/// # Errors
/// Every cell that cannot be understood, each once.
pub fn read(book: &Book, question: Question<'_>) -> Result<Register, Vec<TableFault>> {
    let sheets = chosen(book, question).map_err(|fault| vec![fault])?;
    let mut register = Register::default();
    let (mut faults, mut names) = (Vec::new(), Vec::new());
    for (sheet, layout) in &sheets {
        let before = faults.len();
        names.extend(rows::names(sheet, layout));
        let mut cells = rows::cells(sheet, layout, question, &mut faults);
        if faults.len() == before {
            rows::resolve_parts(&mut cells);
            totals::check(sheet, &cells, &mut faults);
        }
        register.date = register.date.or_else(|| layout::date(sheet, layout));
        register.cells.extend(cells);
    }
    register.notes.extend(book.note());
    faults.extend(Maps { option: "--map", pairs: question.maps }.unmatched(&names, &[]));
    if faults.is_empty() {
        rows::add_up(&mut register, &mut faults);
    }
    if faults.is_empty() && register.found.is_empty() {
        let problem = Words::new("没有一个可计入的人数", "holds no number of persons that counts");
        faults.push(TableFault::whole(problem));
    }
    if faults.is_empty() { Ok(register) } else { Err(faults) }
}

/// The sheets that are read, each with where its table stands: the only one, the one named, or one for each county.
fn chosen<'b>(
    book: &'b Book,
    question: Question<'_>,
) -> Result<Vec<(&'b Sheet, layout::Layout)>, TableFault> {
    if let Some(name) = question.sheet {
        let sheet = book.named(name)?;
        return layout::find(sheet, question).map(|layout| vec![(sheet, layout)]);
    }
    let found: Vec<(&Sheet, layout::Layout)> = book
        .sheets
        .iter()
        .filter_map(|sheet| layout::find(sheet, question).ok().map(|layout| (sheet, layout)))
        .collect();
    let of_counties: Vec<Option<u32>> =
        found.iter().map(|(sheet, _)| layout::county_of(sheet, question)).collect();
    match found.as_slice() {
        [] => Err(
            match book.sheets.iter().find(|sheet| sheet.rows.iter().flatten().any(|cell| !cell.is_empty())) {
                Some(sheet) => {
                    layout::find(sheet, question).err().unwrap_or_else(|| TableFault::whole(Words::default()))
                }
                None => TableFault::whole(Words::new("文件是空的", "the file is empty")),
            },
        ),
        [_] => Ok(found),
        _ if one_each(&of_counties) => Ok(found),
        _ => {
            let list = found.iter().map(|(sheet, _)| sheet.name.as_str()).collect::<Vec<_>>().join("、");
            Err(TableFault::whole(Words::new(
                format!("有几个工作表都像台账：{list}；用 --sheet 指明读哪一个"),
                format!(
                    "several sheets look like a register: {list}; say with --sheet which one is to be read"
                ),
            )))
        }
    }
}
