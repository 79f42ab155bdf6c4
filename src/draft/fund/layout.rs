//! Where the table of a sheet stands and what its columns are: items, years or counties, alone or one over the other.

use super::heading::{self, Key, Meaning};
use super::number::{self, Unit};
use super::{Question, Whose};
use crate::draft::census;
use crate::draft::register::heading as register;
use crate::draft::register::sheet::{At, Sheet};

/// A title and headings stand in the first rows.
pub(super) const FIRST_ROWS: usize = 20;

/// Headings stand in at most so many rows.
const MOST_ROWS_OF_HEADINGS: usize = 3;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    County,
    Key(Key),
    /// Its heading says nothing.
    Nothing,
}

/// What the headings over a column, or a title, say of the amounts below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Says {
    /// Whose they are.
    pub(super) whose: Option<Whose>,
    /// The texts that say which item.
    pub(super) items: Vec<String>,
    /// The year.
    pub(super) year: Option<u16>,
    /// They add up those of other columns.
    pub(super) is_total: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its number.
    pub(super) at: usize,
    /// What it holds.
    pub(super) role: Role,
    /// All its headings, one after the other.
    pub(super) heading: String,
    /// What they say.
    pub(super) says: Says,
    /// The unit that they name.
    pub(super) unit: Option<Unit>,
}

/// A table found in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The last row of the headings.
    pub(super) header: usize,
    /// All columns.
    pub(super) columns: Vec<Column>,
    /// What the sheet's name or title says of all amounts.
    pub(super) only: Says,
    /// The unit that a line above the table names.
    pub(super) unit: Option<Unit>,
}

/// A sheet with its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<'b> {
    pub(super) sheet: &'b Sheet,
    pub(super) layout: Layout,
}

impl Layout {
    /// The first column with a role.
    pub(super) fn column(&self, role: Role) -> Option<usize> {
        self.columns.iter().find(|column| column.role == role).map(|column| column.at)
    }

    /// The columns of amounts.
    pub(super) fn amounts(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.role == Role::Key(Key::Amount))
    }

    /// The column with a further word on the amounts of another: under the same headings, or for all.
    pub(super) fn beside(&self, key: Key, of: &Column) -> Option<&Column> {
        let all = || self.columns.iter().filter(|column| column.role == Role::Key(key));
        all()
            .find(|column| column.says == of.says)
            .or_else(|| all().find(|column| column.says == Says::default()))
    }
}

/// What one text of a heading says.
enum Part {
    Role(Role),
    Whose(Whose),
    Year(u16),
    Item,
    Total,
    Nothing,
}

fn part(text: &str, question: Question<'_>) -> Part {
    if text.is_empty() {
        return Part::Nothing;
    }
    if let Some(key) = heading::key(text) {
        return Part::Role(Role::Key(key));
    }
    if register::is_county(text) {
        return Part::Role(Role::County);
    }
    if let Some(year) = heading::year(text) {
        return Part::Year(year);
    }
    match heading::meaning(text, question.names) {
        Meaning::Total => Part::Total,
        Meaning::Unknown => whose(text, question).map_or(Part::Nothing, Part::Whose),
        _ => Part::Item,
    }
}

/// Whose amounts are by a text: a county's, or those of the whole place.
pub(super) fn whose(text: &str, question: Question<'_>) -> Option<Whose> {
    if let [code] = census::among(question.counties, text)[..] {
        return Some(Whose::County(code));
    }
    let is_all = |county: &&census::CensusCounty| {
        [&county.county.city, &county.province.zh].into_iter().any(|name| !name.is_empty() && name == text)
            || ["全市", "全区", "全省", "市级统筹", "市级合计", "全部县区"].contains(&text)
    };
    question.counties.iter().any(is_all).then_some(Whose::All)
}

/// Finds the table of a sheet.
pub(super) fn find<'b>(sheet: &'b Sheet, question: Question<'_>) -> Option<Found<'b>> {
    (0..sheet.rows.len().min(FIRST_ROWS)).find_map(|first| {
        let is_heading = |text: &&String| !matches!(part(text, question), Part::Nothing);
        if sheet.rows[first].iter().filter(is_heading).count() < 2 {
            return None;
        }
        let header = last_row(sheet, first, question);
        let columns = columns(sheet, (first, header), question);
        let mut only = title(sheet, first, question);
        // Years of rows or columns say more than a title, which may name when the table was made.
        if columns.iter().any(|one| one.says.year.is_some() || one.role == Role::Key(Key::Year)) {
            only.year = None;
        }
        let layout = Layout { header, columns, only, unit: unit(sheet, first) };
        let says_something = layout.amounts().next().is_some();
        says_something.then_some(Found { sheet, layout })
    })
}

/// The last row of headings that begin in a row: below it only headings, and nothing in the columns that it names.
fn last_row(sheet: &Sheet, first: usize, question: Question<'_>) -> usize {
    let is_key =
        |text: &str| matches!(part(text, question), Part::Role(role) if role != Role::Key(Key::Amount));
    let keys: Vec<usize> =
        (0..sheet.rows[first].len()).filter(|&at| is_key(&sheet.rows[first][at])).collect();
    let goes_on = |row: usize| {
        let Some(cells) = sheet.rows.get(row) else { return false };
        let leaves_keys = keys.iter().all(|&column| {
            let text = sheet.cell(At { row, column });
            // What belongs to the amounts alone may have its heading in the second row.
            text.is_empty() || text == sheet.cell(At { row: first, column })
        });
        let texts: Vec<&String> = cells.iter().filter(|text| !text.is_empty()).collect();
        !texts.is_empty()
            && leaves_keys
            && texts.iter().all(|text| !matches!(part(text, question), Part::Nothing))
    };
    (first + 1..first + MOST_ROWS_OF_HEADINGS).take_while(|&row| goes_on(row)).last().unwrap_or(first)
}

fn columns(sheet: &Sheet, (first, last): (usize, usize), question: Question<'_>) -> Vec<Column> {
    let width = sheet.rows[first..=last].iter().map(Vec::len).max().unwrap_or_default();
    (0..width)
        .map(|at| {
            let mut texts: Vec<&str> = (first..=last).map(|row| over(sheet, (row, last), at)).collect();
            texts.dedup();
            column(at, &texts, question)
        })
        .collect()
}

/// The heading of a column in a row; what was merged over several columns stands in the first of them.
fn over(sheet: &Sheet, (row, last): (usize, usize), column: usize) -> &str {
    let own = sheet.cell(At { row, column });
    let has_below = (row + 1..=last).any(|below| !sheet.cell(At { row: below, column }).is_empty());
    if !own.is_empty() || row == last || !has_below {
        return own;
    }
    (0..column)
        .rev()
        .map(|column| sheet.cell(At { row, column }))
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

fn column(at: usize, texts: &[&str], question: Question<'_>) -> Column {
    let mut says = Says::default();
    let mut role = Role::Nothing;
    for text in texts {
        match part(text, question) {
            Part::Role(own) if role == Role::Nothing || own != Role::Key(Key::Amount) => role = own,
            Part::Role(_) | Part::Nothing => {}
            Part::Whose(whose) => says.whose = Some(whose),
            Part::Year(year) => says.year = Some(year),
            Part::Item => says.items.push((*text).to_owned()),
            Part::Total => says.is_total = true,
        }
    }
    if role == Role::Nothing && says != Says::default() {
        role = Role::Key(Key::Amount);
    }
    let heading = texts.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join("/");
    Column { at, role, heading, says, unit: texts.iter().rev().find_map(|text| number::unit(text)) }
}

/// What the name of the sheet or a title above the table says: a county, a year.
fn title(sheet: &Sheet, first: usize, question: Question<'_>) -> Says {
    let texts = || std::iter::once(&sheet.name).chain(sheet.rows[..first].iter().flatten());
    let named = |one: &&&census::CensusCounty| texts().any(|text| text.contains(&one.county.name));
    let mut counties = question.counties.iter().filter(named).map(|one| one.county.code);
    let whose = match (question.counties, counties.next(), counties.next()) {
        ([one], ..) => Some(Whose::County(one.county.code)),
        (_, Some(code), None) => Some(Whose::County(code)),
        _ => None,
    };
    Says { whose, year: texts().find_map(|text| year_in(text)), ..Says::default() }
}

/// The year before 年 in a title that names one.
fn year_in(text: &str) -> Option<u16> {
    let (before, rest) = text.split_once('年')?;
    if rest.contains('年') || before.contains(['-', '—', '~', '至']) {
        return None;
    }
    let year: u16 = before.get(before.len().checked_sub(4)?..)?.parse().ok()?;
    (1990..=2100).contains(&year).then_some(year)
}

/// The unit that a line above the table names.
fn unit(sheet: &Sheet, first: usize) -> Option<Unit> {
    let above = sheet.rows[..first].iter().flatten();
    std::iter::once(&sheet.name).chain(above).find_map(|text| number::unit(text))
}
