//! Settlements as a workbook: a row for each case, each bill and each payment, with the amounts of the JSON lines.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::sheet::Sheet as Steps;
use crate::lang::{Lang, Words};
use crate::policy::names::{Name, Names};
use crate::units::Fen;

/// The most rows that a sheet of a workbook has, with its headings.
const MOST_ROWS: usize = 1_048_576;

/// The width of a column of texts and of one of amounts, in characters.
const WIDTHS: (f64, f64) = (18.0, 14.0);

/// Why there is no workbook.
#[derive(Debug)]
pub enum NoBook {
    /// A line is no answer.
    Line(serde_json::Error),
    /// What the library refuses.
    Book(XlsxError),
    /// More rows than a sheet has.
    TooMany(usize),
}

impl NoBook {
    /// What is said of it.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Line(error) => Words::new(
                format!("结算结果无法再次读取（{error}）"),
                format!("an answer cannot be read again: {error}"),
            ),
            Self::Book(error) => Words::new(
                format!("工作簿无法生成（{error}）"),
                format!("the workbook cannot be made: {error}"),
            ),
            Self::TooMany(rows) => Words::new(
                format!("{rows}行：一个工作表最多{MOST_ROWS}行；请写出 JSON 行，或分批结算"),
                format!(
                    "{rows} rows: a sheet has at most {MOST_ROWS}; write JSON lines, or settle fewer cases at once"
                ),
            ),
        }
    }
}

impl From<serde_json::Error> for NoBook {
    fn from(error: serde_json::Error) -> Self {
        Self::Line(error)
    }
}

impl From<XlsxError> for NoBook {
    fn from(error: XlsxError) -> Self {
        Self::Book(error)
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
    Yuan(f64),
    Nothing,
}

/// One sheet.
struct Grid {
    name: &'static str,
    headings: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// Who writes workbooks of answers.
#[derive(Debug, Clone, Copy)]
pub struct BookWriter<'a> {
    /// The names of the policy.
    pub names: &'a Names,
    /// The language of the headings.
    pub lang: Lang,
}

impl BookWriter<'_> {
    /// The workbook of answers, given as JSON lines: cases, bills, payments.
    ///
    /// # Errors
    /// More rows than a sheet has, or what the library refuses.
    pub fn settlement(self, lines: &str) -> Result<Vec<u8>, NoBook> {
        let answers: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        let grids = [self.cases(&answers), self.claims(&answers), self.payments(&answers)];
        let longest = grids.iter().map(|grid| grid.rows.len() + 1).max().unwrap_or_default();
        if longest > MOST_ROWS {
            return Err(NoBook::TooMany(longest));
        }
        let (mut book, heading, yuan) = begun()?;
        for grid in &grids {
            write(book.add_worksheet(), grid, (&heading, &yuan))?;
        }
        Ok(book.save_to_buffer()?)
    }

    /// The workbook of settlement sheets, one sheet each.
    ///
    /// # Errors
    /// What the library refuses.
    pub fn sheets(self, sheets: &[Steps]) -> Result<Vec<u8>, NoBook> {
        let (mut book, heading, yuan) = begun()?;
        for (number, steps) in sheets.iter().enumerate() {
            let grid = self.steps(steps);
            let sheet = book.add_worksheet();
            sheet.set_name(format!("{}", number + 1))?;
            sheet.write_string_with_format(0, 0, &steps.title, &Format::new().set_bold())?;
            fill(sheet, (2, &grid), (&heading, &yuan))?;
            let below = u32::try_from(grid.rows.len() + 4).unwrap_or(u32::MAX);
            for (row, (name, amount)) in (below..).zip(&steps.totals) {
                sheet.write_string(row, 0, name)?;
                sheet.write_number_with_format(row, 4, in_yuan(*amount), &yuan)?;
            }
        }
        Ok(book.save_to_buffer()?)
    }

    fn say(self, zh: &str, en: &str) -> String {
        self.lang.pick(zh, en).to_owned()
    }

    fn label(self, list: &[Name], id: &str) -> String {
        let name = list.iter().find(|name| name.id == id);
        name.map_or_else(|| id.to_owned(), |name| self.lang.pick(&name.zh, &name.en).to_owned())
    }

    fn category(self, value: &Value) -> Cell {
        match value.as_str() {
            Some("ordinary") => Cell::Text(self.say("普通居民", "ordinary")),
            Some(id) => Cell::Text(self.label(&self.names.categories, id)),
            None => Cell::Nothing,
        }
    }

    /// A row for each case and year.
    fn cases(self, answers: &[Value]) -> Grid {
        let lines = used(&self.names.lines, answers, "by_line");
        let funders = used(&self.names.funders, answers, "by_funder");
        let say = |zh: &str, en: &str| self.say(zh, en);
        let mut headings = vec![
            say("个案", "case"),
            say("年度", "year"),
            say("个人缴费（元）", "contribution, yuan"),
            say("资助参保（元）", "subsidy, yuan"),
            say("总费用（元）", "total, yuan"),
            say("往年自付（元）", "earlier, yuan"),
            say("基本医保（元）", "basic, yuan"),
            say("大病保险（元）", "critical, yuan"),
            say("其他支付（元）", "other, yuan"),
            say("医疗救助（元）", "assistance, yuan"),
            say("医疗机构承担（元）", "provider, yuan"),
            say("个人负担（元）", "patient, yuan"),
        ];
        let unit = self.lang.pick("（元）", ", yuan");
        headings.extend(lines.iter().map(|name| self.label(&self.names.lines, &name.id) + unit));
        headings.extend(funders.iter().map(|name| self.label(&self.names.funders, &name.id) + unit));
        let row = |answer: &Value| {
            let (subsidy, totals) = (&answer["subsidy"], &answer["totals"]);
            let own = ["total", "earlier", "basic", "critical", "other", "assistance", "provider", "patient"];
            let mut cells = vec![text(&answer["case"]), number(&answer["year"])];
            cells.extend([yuan(&subsidy["contribution"]), yuan(&subsidy["amount"])]);
            cells.extend(own.map(|key| yuan(&totals[key])));
            cells.extend(lines.iter().map(|name| yuan(&totals["by_line"][&name.id])));
            cells.extend(funders.iter().map(|name| yuan(&totals["by_funder"][&name.id])));
            cells
        };
        Grid { name: self.lang.pick("个案", "cases"), headings, rows: answers.iter().map(row).collect() }
    }

    /// A row for each bill, those that were taken back among them.
    fn claims(self, answers: &[Value]) -> Grid {
        let say = |zh: &str, en: &str| self.say(zh, en);
        let headings = vec![
            say("个案", "case"),
            say("年度", "year"),
            say("编号", "id"),
            say("身份", "category"),
            say("目录内费用（元）", "in scope, yuan"),
            say("基本医保（元）", "basic, yuan"),
            say("大病保险（元）", "critical, yuan"),
            say("其他支付（元）", "other, yuan"),
            say("医疗救助（元）", "assistance, yuan"),
            say("医疗机构承担（元）", "provider, yuan"),
            say("目录内个人负担（元）", "patient in scope, yuan"),
            say("目录外个人负担（元）", "patient out of scope, yuan"),
            say("跨年度住院的全部费用（元）", "whole stay over New Year, yuan"),
            say("其中本年度天数", "its days in the year"),
            say("全部天数", "all its days"),
            say("冲销编号", "reversed by"),
        ];
        let mut rows = Vec::new();
        for answer in answers {
            let own = [text(&answer["case"]), number(&answer["year"])];
            for claim in list(&answer["claims"]) {
                let paid: f64 = list(&claim["assistance"]).filter_map(|one| one["amount"].as_f64()).sum();
                let mut row = own.to_vec();
                row.extend([text(&claim["id"]), self.category(&claim["category"])]);
                row.extend(["in_scope", "basic", "critical", "other"].map(|key| yuan(&claim[key])));
                row.push(Cell::Yuan(whole_fen(paid)));
                row.extend(
                    ["provider", "patient_in_scope", "patient_out_of_scope"].map(|key| yuan(&claim[key])),
                );
                // Of a stay over New Year the amounts of the row are those of its days in the year.
                let part = &claim["part"];
                row.extend([yuan(&part["total"]), number(&part["days"]), number(&part["of_days"])]);
                row.push(Cell::Nothing);
                rows.push(row);
            }
            for claim in list(&answer["reversed"]) {
                let mut row = own.to_vec();
                row.push(text(&claim["id"]));
                row.extend(std::iter::repeat_n(Cell::Nothing, headings.len() - 4));
                row.push(text(&claim["by"]));
                rows.push(row);
            }
        }
        Grid { name: self.lang.pick("费用", "claims"), headings, rows }
    }

    /// A row for each payment of assistance and each payer of it.
    fn payments(self, answers: &[Value]) -> Grid {
        let say = |zh: &str, en: &str| self.say(zh, en);
        let headings = vec![
            say("个案", "case"),
            say("年度", "year"),
            say("编号", "id"),
            say("救助项目", "line"),
            say("支付方", "payer"),
            say("金额（元）", "amount, yuan"),
            say("条款", "clauses"),
        ];
        let mut rows = Vec::new();
        for answer in answers {
            let of_claims = list(&answer["claims"])
                .flat_map(|claim| list(&claim["assistance"]).map(|payment| (text(&claim["id"]), payment)));
            let year_end = Cell::Text(self.say("年末", "year end"));
            let at_end = list(&answer["year_end"]).map(|payment| (year_end.clone(), payment));
            for (id, payment) in of_claims.chain(at_end) {
                let cite: Vec<&str> = list(&payment["cite"]).filter_map(Value::as_str).collect();
                let line = payment["line"].as_str().unwrap_or_default();
                for (funder, amount) in payment["funders"].as_object().into_iter().flatten() {
                    rows.push(vec![
                        text(&answer["case"]),
                        number(&answer["year"]),
                        id.clone(),
                        Cell::Text(self.label(&self.names.lines, line)),
                        Cell::Text(self.label(&self.names.funders, funder)),
                        yuan(amount),
                        Cell::Text(cite.join(" ")),
                    ]);
                }
            }
        }
        Grid { name: self.lang.pick("救助支付", "payments"), headings, rows }
    }

    /// The steps of a settlement sheet, as they stand on the screen.
    fn steps(self, sheet: &Steps) -> Grid {
        let headings = [
            ("项目", "of"),
            ("步骤", "step"),
            ("计算", "formula"),
            ("舍入前", "before rounding"),
            ("金额（元）", "amount, yuan"),
            ("余额（元）", "left, yuan"),
            ("条款", "clauses"),
        ];
        let of = |id: &str| match id {
            "subsidy" => self.say("资助参保", "contribution subsidy"),
            "year end" => self.say("年末", "year end"),
            id => id.to_owned(),
        };
        let row = |step: &super::sheet::Step| {
            let formula = match step.note.is_empty() {
                true => step.formula.clone(),
                false => format!("{} ({})", step.formula, step.note),
            };
            let left = step.left.map_or(Cell::Nothing, |left| Cell::Yuan(in_yuan(left)));
            let texts = [of(&step.of), step.name.clone(), formula, step.unrounded.clone()];
            let mut cells: Vec<Cell> = texts.into_iter().map(Cell::Text).collect();
            cells.extend([Cell::Yuan(in_yuan(step.amount)), left, Cell::Text(step.cite.clone())]);
            cells
        };
        let headings = headings.into_iter().map(|(zh, en)| self.say(zh, en)).collect();
        Grid { name: "", headings, rows: sheet.steps.iter().map(row).collect() }
    }
}

/// An empty workbook, the format of headings and that of amounts.
fn begun() -> Result<(Workbook, Format, Format), XlsxError> {
    let mut book = Workbook::new();
    // No clock: the same cases give the same bytes.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_author("fundcast").set_creation_datetime(&created));
    Ok((book, Format::new().set_bold().set_text_wrap(), Format::new().set_num_format("#,##0.00")))
}

fn write(sheet: &mut Worksheet, grid: &Grid, formats: (&Format, &Format)) -> Result<(), XlsxError> {
    sheet.set_name(grid.name)?;
    sheet.set_freeze_panes(1, 0)?;
    fill(sheet, (0, grid), formats)
}

/// Headings in a row, and the cells below it. Every text is written as one: none is taken for a formula.
fn fill(
    sheet: &mut Worksheet,
    (first, grid): (u32, &Grid),
    (heading, amount): (&Format, &Format),
) -> Result<(), XlsxError> {
    for (column, text) in (0..).zip(&grid.headings) {
        sheet.write_string_with_format(first, column, text, heading)?;
        let is_yuan = |row: &Vec<Cell>| matches!(row.get(usize::from(column)), Some(Cell::Yuan(_)));
        let width = if grid.rows.iter().any(is_yuan) { WIDTHS.1 } else { WIDTHS.0 };
        sheet.set_column_width(column, width)?;
    }
    for (row, cells) in (first + 1..).zip(&grid.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                Cell::Number(number) => sheet.write_number(row, column, *number)?,
                Cell::Yuan(yuan) => sheet.write_number_with_format(row, column, *yuan, amount)?,
                Cell::Nothing => continue,
            };
        }
    }
    Ok(())
}

/// The names that occur in the totals of any answer, in the order of the policy.
fn used<'n>(names: &'n [Name], answers: &[Value], key: &str) -> Vec<&'n Name> {
    let occurs = |name: &&Name| answers.iter().any(|answer| !answer["totals"][key][&name.id].is_null());
    names.iter().filter(occurs).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> Cell {
    value.as_str().map_or(Cell::Nothing, |text| Cell::Text(text.to_owned()))
}

fn number(value: &Value) -> Cell {
    value.as_f64().map_or(Cell::Nothing, Cell::Number)
}

fn yuan(value: &Value) -> Cell {
    value.as_f64().map_or(Cell::Nothing, Cell::Yuan)
}

/// A sum of yuan without the error of its binary parts.
fn whole_fen(yuan: f64) -> f64 {
    (yuan * 100.0).round() / 100.0
}

#[expect(clippy::cast_precision_loss, reason = "amounts of a person are far below 2^53 fen")]
fn in_yuan(amount: Fen) -> f64 {
    amount.0 as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn exact_a_bill_says_how_its_stay_over_new_year_is_divided() {
        let line = r#"{"case":"n","year":2024,"claims":[
            {"id":"c1","in_scope":6896.55,"part":{"total":10000.0,"days":20,"of_days":29}},{"id":"c2","in_scope":5.0}]}"#;
        let writer = BookWriter { names: &Names::default(), lang: Lang::Zh };
        let bytes = writer.settlement(&line.replace('\n', "")).unwrap();
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("费用").unwrap();
        let heading =
            |name: &str| sheet.rows().next().unwrap().iter().position(|cell| *cell == name).unwrap();
        let columns = ["跨年度住院的全部费用（元）", "其中本年度天数", "全部天数"].map(heading);
        let shown: Vec<Vec<&Data>> =
            sheet.rows().skip(1).map(|row| columns.iter().map(|&at| &row[at]).collect()).collect();
        assert_eq!(shown[0], [&Data::Float(10_000.0), &Data::Float(20.0), &Data::Float(29.0)]);
        assert_eq!(shown[1], [&Data::Empty; 3]);
    }
}
