//! The table of a fund as bureaus keep it in a spreadsheet: what it has, what it gets by source and year, which budgets
//! are in force; what was understood of it, cell by cell, or what cannot be understood, each with its place.

pub mod heading;
mod layout;
pub mod number;
mod rows;
mod said;
mod select;
mod totals;
pub mod words;
mod written;

pub use select::{Budget, Fund, Owned, Revenue, Taken, YearAmount, YearsIn};
pub use written::{PATTERNS, amount_in_yuan, provenance, section};

use super::census::CensusCounty;
use super::maps::Maps;
use super::register::sheet::{At, Book, TableFault, one_each};
use crate::lang::Words;
use crate::raw::fund::Source;
use crate::units::Fen;

/// Every source of revenue, in the order of place files.
pub const SOURCES: [Source; 7] = [
    Source::Central,
    Source::Region,
    Source::City,
    Source::County,
    Source::WelfareLottery,
    Source::Donations,
    Source::Other,
];

/// What a table is read for.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The counties of the place.
    pub counties: &'a [&'a CensusCounty],
    /// The payers of the policy, and what the user said that texts mean.
    pub names: heading::Names<'a>,
    /// The sheet to be read, where the user named one.
    pub sheet: Option<&'a str>,
}

/// Something that a place file asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// The balance at the beginning of the first year.
    Opening,
    /// Payments of earlier years that are still to be made.
    Outstanding,
    /// Revenue of a source.
    Revenue(Source),
    /// The budget of a payer, by its id.
    Budget(String),
}

impl Item {
    /// Its id: `opening`, `central`, `budget.county_finance`.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Opening => "opening".to_owned(),
            Self::Outstanding => "outstanding".to_owned(),
            Self::Revenue(source) => source.name().to_owned(),
            Self::Budget(funder) => format!("budget.{funder}"),
        }
    }
}

/// Whose an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Of a county, by its code.
    County(u32),
    /// Of the whole place.
    All,
}

/// Where a cell lies on one of the axes of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On<T> {
    /// At one of its points.
    Point(T),
    /// It adds up the points.
    Sum,
}

impl<T: PartialEq> On<T> {
    /// Whether a point is what this is, or part of what it adds up.
    fn takes(&self, point: &Self) -> bool {
        *self == Self::Sum || self == point
    }
}

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It counts.
    Counted,
    /// A part of an amount that is counted: `其中`.
    PartOfWhole,
    /// A sum, held against what it adds up.
    Total,
    /// A balance of another year than the first of the projection.
    OtherYear,
    /// No place file asks for it, or the user left it out.
    LeftOut,
}

impl Use {
    /// What is said of it.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Counted => Words::new("计入", "counted"),
            Self::PartOfWhole => Words::new("其中项，不另计", "part of another amount, not counted again"),
            Self::Total => Words::new("合计，已核对", "total, checked"),
            Self::OtherYear => {
                Words::new("不是测算首年的余额，未计入", "no balance of the first year, left out")
            }
            Self::LeftOut => Words::new("测算不需要，未计入", "not asked for, left out"),
        }
    }
}

/// A cell with an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Where it stands, such as `Sheet1!B3`.
    pub place: String,
    /// The number of its sheet among those read.
    pub sheet: usize,
    /// The position, for order and sums.
    pub at: At,
    /// The texts that say which item it is.
    pub label: String,
    /// Whose it is.
    pub whose: On<Whose>,
    /// What it is; none for what is left out.
    pub item: Option<On<Item>>,
    /// Its year; a balance may have none.
    pub year: On<Option<u16>>,
    /// The amount.
    pub amount: Fen,
    /// What became of it.
    pub becomes: Use,
    /// The months in which it arrives, where the table says so.
    pub months: Option<Vec<u8>>,
    /// How uncertain it is, in millionths, where the table says so.
    pub log_sd: Option<u32>,
}

/// A table of a fund, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FundTable {
    /// Every cell with an amount, in the order of the file.
    pub cells: Vec<Cell>,
    /// One fund for the whole place: nothing but budgets is by county.
    pub pooled: bool,
    /// The sheets that were read; a text has none with a name.
    pub sheets: Vec<String>,
    /// What whoever made the table should know.
    pub notes: Vec<Words>,
}

impl FundTable {
    /// First and last year with revenue; none where there is none.
    #[must_use]
    pub fn years(&self) -> Option<(u16, u16)> {
        let is_revenue = |cell: &&Cell| {
            cell.becomes == Use::Counted && matches!(cell.item, Some(On::Point(Item::Revenue(_))))
        };
        let year = |cell: &Cell| if let On::Point(year) = cell.year { year } else { None };
        let years = || self.cells.iter().filter(is_revenue).filter_map(year);
        Some((years().min()?, years().max()?))
    }
}

/// Reads a table.
///
/// # Errors
/// Every cell that cannot be understood, each once.
pub fn read(book: &Book, question: Question<'_>) -> Result<FundTable, Vec<TableFault>> {
    let sheets = chosen(book, question).map_err(|fault| vec![fault])?;
    let mut table = FundTable::default();
    let (mut faults, mut names, mut unused) = (Vec::new(), Vec::new(), Vec::new());
    for (number, found) in sheets.iter().enumerate() {
        let rows::Rows { mut cells, unused: more } = rows::cells(found, question, &mut faults);
        cells.iter_mut().for_each(|cell| cell.sheet = number);
        names.extend(rows::names(found));
        unused.extend(more);
        table.cells.extend(cells);
        if !found.sheet.name.is_empty() {
            table.sheets.push(found.sheet.name.clone());
        }
    }
    table.notes.extend(book.note());
    table.notes.extend(said::unused(&unused));
    let labels = table.cells.iter().map(|cell| cell.label.clone());
    let also: Vec<String> = labels.chain(faults.iter().map(|fault| fault.value.clone())).collect();
    faults.extend(Maps { option: "--fund-map", pairs: question.names.maps }.unmatched(&names, &also));
    if faults.is_empty() {
        table.pooled = totals::settle(&mut table.cells, question.counties.len(), &mut faults);
    }
    if faults.is_empty() && !table.cells.iter().any(|cell| cell.becomes == Use::Counted) {
        let problem = Words::new("没有一个可计入的金额", "holds no amount that counts");
        faults.push(TableFault::whole(problem));
    }
    if faults.is_empty() { Ok(table) } else { Err(faults) }
}

/// The sheets that are read: the only one, the one named, or one for each county.
fn chosen<'b>(book: &'b Book, question: Question<'_>) -> Result<Vec<layout::Found<'b>>, TableFault> {
    if let Some(name) = question.sheet {
        let sheet = book.named(name)?;
        return layout::find(sheet, question).map(|found| vec![found]).ok_or_else(no_table);
    }
    let found: Vec<layout::Found<'_>> =
        book.sheets.iter().filter_map(|sheet| layout::find(sheet, question)).collect();
    let of_counties: Vec<Option<Whose>> = found.iter().map(|found| found.layout.only.whose).collect();
    match found.as_slice() {
        [] if book.sheets.iter().all(|sheet| sheet.rows.iter().flatten().all(String::is_empty)) => {
            Err(TableFault::whole(Words::new("文件是空的", "the file is empty")))
        }
        [] => Err(no_table()),
        [_] => Ok(found),
        _ if one_each(&of_counties) => Ok(found),
        _ => {
            let list = found.iter().map(|found| found.sheet.name.as_str()).collect::<Vec<_>>().join("、");
            Err(TableFault::whole(Words::new(
                format!("有几个工作表都像基金表：{list}；用 --fund-sheet 指明读哪一个"),
                format!(
                    "several sheets look like the table of a fund: {list}; say with --fund-sheet which one is to be read"
                ),
            )))
        }
    }
}

fn no_table() -> TableFault {
    let first = layout::FIRST_ROWS;
    TableFault::whole(Words::new(
        format!(
            "前{first}行中没有找到表头：需要“项目”“年度”“金额”三列（几个县的加“县区”一列），或每年一列、每个项目一列"
        ),
        format!(
            "no headings were found in the first {first} rows: columns `项目` (item), `年度` (year) and `金额` (amount) are \
             needed, with `县区` (county) where there are several, or a column for each year or item"
        ),
    ))
}
