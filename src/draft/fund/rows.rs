//! The rows of a fund's table below its headings, cell by cell.

use super::heading::{self, Key, Meaning};
use super::layout::{self, Column, Found, Layout, Role};
use super::number::{self, NoAmount, Unit};
use super::said::{no_amount, no_year, unknown_item};
use super::{Cell, Item, On, Question, Use, Whose};
use crate::draft::census;
use crate::draft::register::heading as register;
use crate::draft::register::sheet::{At, Sheet, TableFault};
use crate::lang::Words;
use crate::units::Fen;

/// Beginnings of a row that says something about the table.
const REMARKS: [&str; 9] = ["注", "说明", "备注", "填表", "制表", "审核", "数据来源", "单位负责人", "note"];

/// What the cells before the amounts say, as far as it goes on over merged cells.
#[derive(Debug, Clone, Default)]
struct Subject {
    whose: Option<On<Whose>>,
    item: String,
    source: String,
    year: Option<On<Option<u16>>>,
}

struct Reader<'a, 'f> {
    sheet: &'a Sheet,
    layout: &'a Layout,
    question: Question<'a>,
    faults: &'f mut Vec<TableFault>,
    carried: Subject,
    /// The amount of the last row that was no `其中` is a sum: what follows with that word are its parts.
    after_total: bool,
    is_unit_missed: bool,
    unused: Vec<String>,
}

/// What the rows of a table hold.
pub(super) struct Rows {
    /// Every cell with an amount.
    pub(super) cells: Vec<Cell>,
    /// Months and errors, each with its place, of amounts that have none.
    pub(super) unused: Vec<String>,
}

/// The texts that are asked which item they are: in the columns of items and sources, and over columns of amounts.
pub(super) fn names(found: &Found<'_>) -> Vec<String> {
    let Found { sheet, layout } = found;
    let is_asked = |column: &&Column| matches!(column.role, Role::Key(Key::Item | Key::Source));
    let asked: Vec<usize> = layout.columns.iter().filter(is_asked).map(|column| column.at).collect();
    let rows = layout.header + 1..sheet.rows.len();
    let in_rows = rows.flat_map(|row| asked.iter().map(move |&column| At { row, column }));
    let over = layout.columns.iter().flat_map(|column| match column.role {
        Role::Nothing => vec![column.heading.clone()],
        _ => column.says.items.clone(),
    });
    over.chain(in_rows.map(|at| sheet.cell(at).to_owned())).collect()
}

/// Every cell of the table with an amount.
pub(super) fn cells(found: &Found<'_>, question: Question<'_>, faults: &mut Vec<TableFault>) -> Rows {
    let mut reader = Reader {
        sheet: found.sheet,
        layout: &found.layout,
        question,
        faults,
        carried: Subject::default(),
        after_total: false,
        is_unit_missed: false,
        unused: Vec::new(),
    };
    reader.unknown_columns();
    reader.two_units();
    let mut cells = Vec::new();
    for row in found.layout.header + 1..found.sheet.rows.len() {
        if !reader.is_remark(row) {
            reader.row(row, &mut cells);
        }
    }
    Rows { cells, unused: reader.unused }
}

impl Reader<'_, '_> {
    fn fault(&mut self, at: At, problem: Words) {
        self.faults.push(TableFault::new(self.sheet, at, problem));
    }

    /// Headings that name another unit than the line above the table: one of the two is wrong by a power of ten.
    fn two_units(&mut self) {
        let above = self.layout.unit;
        let differs = |column: &&Column| above.is_some() && column.unit.is_some() && column.unit != above;
        let wrong: Vec<usize> = self.layout.columns.iter().filter(differs).map(|column| column.at).collect();
        for column in wrong {
            let problem = Words::new(
                "与表上方写的单位不一致；两处写成同一个单位，或只写一处",
                "names another unit than the line above the table; write the same one in both places, or only in one",
            );
            self.fault(At { row: self.layout.header, column }, problem);
        }
    }

    fn is_remark(&self, row: usize) -> bool {
        let first = self.sheet.rows[row].iter().find(|text| !text.is_empty());
        first.is_none_or(|text| {
            let text = text.to_lowercase();
            REMARKS.iter().any(|start| text.starts_with(start))
        })
    }

    /// The text of a row in the column of a role; empty where there is no such column.
    fn text(&self, row: usize, role: Role) -> &str {
        let column = self.layout.column(role);
        column.map_or("", |column| self.sheet.cell(At { row, column }))
    }

    fn row(&mut self, row: usize, cells: &mut Vec<Cell>) {
        let has_amount =
            self.layout.amounts().any(|column| !self.sheet.cell(At { row, column: column.at }).is_empty());
        if !has_amount {
            self.heading_of_rows(row);
            return;
        }
        let Some(subject) = self.subject(row) else { return };
        let before = cells.len();
        let layout = self.layout;
        for column in layout.amounts() {
            let at = At { row, column: column.at };
            if let (Some(amount), Some(cell)) = (self.amount(at, column), self.cell(at, (&subject, column))) {
                cells.push(Cell { amount, ..cell });
            }
        }
        let own = [subject.item.as_str(), &subject.source];
        let is_of_which = own.iter().any(|text| heading::is_of_which(text));
        if !is_of_which && cells.len() > before {
            self.after_total = heading::together(&own, self.question.names) == Meaning::Total;
        }
    }

    /// A row with a name and no amount may say whose the rows below are.
    fn heading_of_rows(&mut self, row: usize) {
        let texts: Vec<&String> = self.sheet.rows[row].iter().filter(|text| !text.is_empty()).collect();
        if let ([text], None) = (&texts[..], self.layout.column(Role::County))
            && let Some(whose) = layout::whose(text, self.question)
        {
            self.carried.whose = Some(On::Point(whose));
        }
    }

    /// What the cells before the amounts say of a row.
    fn subject(&mut self, row: usize) -> Option<Subject> {
        let roles = [Role::County, Role::Key(Key::Item), Role::Key(Key::Source), Role::Key(Key::Year)];
        let [county, item, source, year] = roles.map(|role| self.text(row, role).to_owned());
        let (whose, year_is) = (self.whose(row, &county), self.year(row, &year));
        let mut subject = Subject { whose: whose?, item, source, year: year_is? };
        let names_a_sum = [&county, &year].into_iter().any(|text| register::is_total(text));
        // What stands behind the item tells the rows apart over which it is merged.
        let behind = |role: Role| {
            let item = self.layout.column(Role::Key(Key::Item));
            item.is_some() && self.layout.column(role) > item
        };
        let of = |role: Role, text: &'_ String| behind(role) && !text.is_empty();
        let goes_on =
            of(Role::County, &county) || of(Role::Key(Key::Year), &year) || !subject.source.is_empty();
        if subject.item.is_empty() && !names_a_sum && goes_on {
            // Merged over rows: the item goes on, and its source where the row has none of its own.
            subject.item.clone_from(&self.carried.item);
            if subject.source.is_empty() {
                subject.source.clone_from(&self.carried.source);
            }
        }
        let item_column =
            self.layout.column(Role::Key(Key::Item)).or_else(|| self.layout.column(Role::Key(Key::Source)));
        let is_total = matches!(subject.whose, Some(On::Sum)) || matches!(subject.year, Some(On::Sum));
        if let (Some(column), true, false) =
            (item_column, subject.item.is_empty() && subject.source.is_empty(), is_total)
        {
            let problem = Words::new("有金额但没有写项目", "an amount without an item");
            let amount = self.layout.amounts().map(|column| column.at);
            let first = amount.into_iter().find(|&at| !self.sheet.cell(At { row, column: at }).is_empty());
            self.fault(At { row, column: first.unwrap_or(column) }, problem);
            return None;
        }
        self.carried = subject.clone();
        Some(subject)
    }

    /// Whose a row is; nothing where neither it nor one above says so. None (reported) where nobody is meant.
    #[expect(clippy::option_option, reason = "a fault, nothing said, or said")]
    fn whose(&mut self, row: usize, text: &str) -> Option<Option<On<Whose>>> {
        let Some(column) = self.layout.column(Role::County) else { return Some(self.carried.whose.clone()) };
        if text.is_empty() {
            if self.carried.whose.is_none() {
                self.fault(At { row, column }, Words::new("没有写县区", "the county is missing"));
                return None;
            }
            return Some(self.carried.whose.clone());
        }
        if register::is_total(text) {
            return Some(Some(On::Sum));
        }
        let whose = layout::whose(text, self.question);
        if whose.is_none() {
            self.fault(At { row, column }, census::not_chosen(text, self.question.counties));
        }
        whose.map(|whose| Some(On::Point(whose)))
    }

    /// The year of a row, as [`Self::whose`].
    #[expect(clippy::option_option, reason = "a fault, nothing said, or said")]
    fn year(&mut self, row: usize, text: &str) -> Option<Option<On<Option<u16>>>> {
        let Some(column) = self.layout.column(Role::Key(Key::Year)) else { return Some(None) };
        if matches!(text, "" | "-" | "—" | "/") {
            // A year that stands before the item is merged over its rows; behind it, the item has none.
            let item = self.layout.column(Role::Key(Key::Item));
            let goes_on = text.is_empty() && item.is_some_and(|item| column < item);
            return Some(if goes_on { self.carried.year.clone() } else { None });
        }
        if register::is_total(text) {
            return Some(Some(On::Sum));
        }
        let year = heading::year(text);
        if year.is_none() {
            let problem = Words::new("不是年度；写成 2026 或 2026年", "is no year; write 2026");
            self.fault(At { row, column }, problem);
        }
        year.map(|year| Some(On::Point(Some(year))))
    }

    /// The amount of a cell; none where there is none, or (reported) where it is no amount.
    fn amount(&mut self, at: At, column: &Column) -> Option<Fen> {
        let unit: Option<Unit> = column.unit.or(self.layout.unit);
        match number::amount(self.sheet.cell(at), unit) {
            Ok(amount) => amount,
            Err(NoAmount::NoUnit) => {
                // One cause for the whole table.
                if !self.is_unit_missed {
                    self.is_unit_missed = true;
                    self.fault(at, no_amount(NoAmount::NoUnit));
                }
                None
            }
            Err(why) => {
                self.fault(at, no_amount(why));
                None
            }
        }
    }

    /// A cell without its amount; none (reported) where it cannot be said what it is.
    fn cell(&mut self, at: At, (subject, column): (&Subject, &Column)) -> Option<Cell> {
        let own = [subject.item.as_str(), &subject.source];
        let texts: Vec<&str> = own
            .into_iter()
            .chain(column.says.items.iter().map(String::as_str))
            .filter(|text| !text.is_empty())
            .collect();
        let label = texts.join("/");
        let item = match (heading::together(&texts, self.question.names), texts.is_empty()) {
            (_, true) => Some(On::Sum),
            (Meaning::Item(item), _) => Some(On::Point(item)),
            (Meaning::LeftOut, _) => None,
            (Meaning::Unknown, _) => {
                self.unknown_item(at, subject, &label);
                return None;
            }
            (Meaning::Total | Meaning::Kind(_), _) => Some(On::Sum),
        };
        let (whose, year) = (self.whose_of(subject, column), self.year_of(subject, column));
        let needs_year = matches!(item, Some(On::Point(Item::Revenue(_) | Item::Budget(_))));
        if needs_year && year == On::Point(None) {
            self.fault(at, no_year(&label));
            return None;
        }
        let is_part = texts.iter().any(|text| heading::is_of_which(text))
            && !(self.after_total || self.is_behind_total(column));
        let becomes = if item.is_none() {
            Use::LeftOut
        } else if is_part {
            Use::PartOfWhole
        } else {
            Use::Counted
        };
        let (months, log_sd) = (self.months(at, column)?, self.error(at, column)?);
        if !matches!(item, Some(On::Point(Item::Revenue(_))) | None) {
            self.not_taken((at, column), (months.is_some(), log_sd.is_some()), &label);
        }
        let place = self.sheet.place(at);
        let amount = Fen::ZERO;
        Some(Cell { place, sheet: 0, at, label, whose, item, year, amount, becomes, months, log_sd })
    }

    /// Whether the column before those of `其中` adds them up.
    fn is_behind_total(&self, column: &Column) -> bool {
        let is_of_which = |other: &&Column| other.says.items.iter().any(|text| heading::is_of_which(text));
        let before = self.layout.columns[..column.at].iter().rev().find(|other| !is_of_which(other));
        before.is_some_and(|other| {
            let texts: Vec<&str> = other.says.items.iter().map(String::as_str).collect();
            other.says.is_total || heading::together(&texts, self.question.names) == Meaning::Total
        })
    }

    fn whose_of(&self, subject: &Subject, column: &Column) -> On<Whose> {
        let by_column = self.layout.amounts().any(|other| other.says.whose.is_some());
        match (column.says.whose, &subject.whose) {
            (_, Some(On::Sum)) => On::Sum,
            (Some(whose), _) => On::Point(whose),
            (None, _) if by_column && column.says.is_total => On::Sum,
            (None, Some(whose)) => whose.clone(),
            (None, None) => On::Point(self.layout.only.whose.unwrap_or(Whose::All)),
        }
    }

    fn year_of(&self, subject: &Subject, column: &Column) -> On<Option<u16>> {
        let by_column = self.layout.amounts().any(|other| other.says.year.is_some());
        match (column.says.year, &subject.year) {
            (_, Some(On::Sum)) => On::Sum,
            (Some(year), _) => On::Point(Some(year)),
            (None, _) if by_column && column.says.is_total => On::Sum,
            (None, Some(year)) => year.clone(),
            (None, None) => On::Point(self.layout.only.year),
        }
    }

    /// The months in which an amount arrives: beside it, or in the brackets of its heading.
    #[expect(clippy::option_option, reason = "a fault, nothing said, or said")]
    fn months(&mut self, at: At, column: &Column) -> Option<Option<Vec<u8>>> {
        let Some(beside) = self.layout.beside(Key::Months, column) else {
            return Some(column.says.items.iter().find_map(|text| months_in(text)));
        };
        let at = At { column: beside.at, ..at };
        let months = number::months(self.sheet.cell(at));
        if months.is_err() {
            let problem = Words::new(
                "不是月份；写成 3、9 或 1-12（每月各一次）",
                "lists no months from 1 to 12, each once; write 3, 9 or 1-12",
            );
            self.fault(at, problem);
        }
        months.ok()
    }

    #[expect(clippy::option_option, reason = "a fault, nothing said, or said")]
    fn error(&mut self, at: At, column: &Column) -> Option<Option<u32>> {
        let Some(beside) = self.layout.beside(Key::Error, column) else { return Some(None) };
        let at = At { column: beside.at, ..at };
        let error = number::error(self.sheet.cell(at), &beside.heading);
        if error.is_err() {
            let problem = Words::new(
                "不是误差；写成 5% 或 0.05（标准差占金额的比例）",
                "is no error; write 5% or 0.05, the standard deviation as a share of the amount",
            );
            self.fault(at, problem);
        }
        error.ok()
    }

    /// Notes months and an error of an amount that no place file has them for.
    fn not_taken(&mut self, (at, column): (At, &Column), (months, error): (bool, bool), label: &str) {
        for (key, _) in [(Key::Months, months), (Key::Error, error)].into_iter().filter(|(_, has)| *has) {
            // Without a column of their own the months stand in the heading of the amounts.
            let beside = self.layout.beside(key, column);
            let at = beside.map_or(at, |beside| At { column: beside.at, ..at });
            let value = if beside.is_some() { format!(" = {}", self.sheet.cell(at)) } else { String::new() };
            let place = self.sheet.place(at);
            self.unused.push(format!("{place} {label}{value}"));
        }
    }

    fn unknown_item(&mut self, at: At, subject: &Subject, label: &str) {
        let key = if subject.source.is_empty() { Key::Item } else { Key::Source };
        let by_row = !subject.item.is_empty() || !subject.source.is_empty();
        let column =
            self.layout.column(Role::Key(key)).or_else(|| self.layout.column(Role::Key(Key::Source)));
        let at = At { column: column.filter(|_| by_row).unwrap_or(at.column), ..at };
        let fault = TableFault {
            place: self.sheet.place(at),
            value: label.to_owned(),
            problem: unknown_item(label, self.question),
        };
        // One cause, however many rows and years have it.
        if !self.faults.iter().any(|other| (&other.value, &other.problem) == (&fault.value, &fault.problem)) {
            self.faults.push(fault);
        }
    }

    /// Columns of numbers under headings that mean nothing: nothing is dropped in silence.
    fn unknown_columns(&mut self) {
        let layout = self.layout;
        for column in layout.columns.iter().filter(|column| column.role == Role::Nothing) {
            let mut below = layout.header + 1..self.sheet.rows.len();
            let is_amount = |row: usize| {
                let text = self.sheet.cell(At { row, column: column.at });
                matches!(number::amount(text, Some(Unit(100))), Ok(Some(_)))
            };
            if let Some(row) = below.find(|&row| is_amount(row)) {
                let at = At {
                    row: if column.heading.is_empty() { row } else { layout.header },
                    column: column.at,
                };
                let problem = if column.heading.is_empty() {
                    Words::new("这一列没有表头", "the column has no heading")
                } else {
                    unknown_item(&column.heading, self.question)
                };
                let (place, value) = (self.sheet.place(at), column.heading.clone());
                self.faults.push(TableFault { place, value, problem });
            }
        }
    }
}

/// The months that a heading names in brackets: 中央补助（3月、9月到账）.
fn months_in(text: &str) -> Option<Vec<u8>> {
    let (_, inner) = text.rsplit_once('(')?;
    let inner = inner.trim_end_matches(')').trim_end_matches("到账").trim_end_matches("拨付");
    inner.contains('月').then(|| number::months(inner).ok().flatten()).flatten()
}
