//! The table of a fund: reading its file, and saying what was understood of it.

use std::path::Path;

use super::super::new_args::FundArgs;
use super::{MOST_SHOWN, consistent, every_cell};
use crate::draft::census::CensusCounty;
use crate::draft::fund::heading::{self, Names};
use crate::draft::fund::{self, Cell, FundTable, On, Question, Use, Whose, words};
use crate::draft::maps::Maps;
use crate::draft::register::sheet::TableFault;
use crate::lang::Lang;
use crate::lang::Words;
use crate::report::{number, screen};

/// Whose payments and budgets the table may speak of.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The counties of the place.
    pub counties: &'a [&'a CensusCounty],
    /// The payers of the policy with their labels.
    pub funders: &'a [(String, Words)],
    /// The payer whose money the fund is.
    pub funder: &'a str,
}

/// Reads the table that was named, if one was.
pub fn read(args: &FundArgs, asked: Asked<'_>) -> Result<Option<FundTable>, Vec<Words>> {
    let Some(path) = &args.fund else { return Ok(None) };
    let book = super::book(path, "--fund")?;
    let names = Names { funders: asked.funders, funder: asked.funder, maps: &args.fund_maps };
    unknown_ids(args, names)?;
    consistent(Maps { option: "--fund-map", pairs: &args.fund_maps })?;
    let question = Question { counties: asked.counties, names, sheet: args.fund_sheet.as_deref() };
    fund::read(&book, question).map(Some).map_err(|faults| said(args, &faults))
}

/// An id of `--fund-map` that there is not.
fn unknown_ids(args: &FundArgs, names: Names<'_>) -> Result<(), Vec<Words>> {
    let own = words::ITEMS.iter().map(|(id, _)| (*id).to_owned());
    let known: Vec<String> = own.chain(names.funders.iter().map(|(id, _)| format!("budget.{id}"))).collect();
    let known = known.join(", ");
    let is_known = |id: &str| id == "-" || heading::of_id(id, names).is_some();
    let wrong: Vec<Words> = args
        .fund_maps
        .iter()
        .filter(|(_, id)| !is_known(id))
        .map(|(text, id)| {
            Words::new(
                format!("--fund-map {text}={id}：没有代码 {id}；可用：{known}，或 - 表示不计入"),
                format!(
                    "--fund-map {text}={id}: there is no item {id}; known: {known}, or - to leave it out"
                ),
            )
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Faults with the file, cell and value.
pub fn said(args: &FundArgs, faults: &[TableFault]) -> Vec<Words> {
    super::said(args.fund.as_deref().unwrap_or_else(|| Path::new("")), faults)
}

/// What was understood, cell by cell; `kept` is the file that has all of it, where one is written.
pub fn understood(args: &FundArgs, table: &FundTable, kept: Option<&str>, lang: Lang) -> String {
    let path = args.fund.as_deref().unwrap_or_else(|| Path::new("")).display();
    let counted = table.cells.iter().filter(|cell| cell.becomes == Use::Counted).count();
    let all = every_cell(kept, lang);
    let mut text = match lang {
        Lang::Zh => format!("基金表 {path}：计入{counted}个金额{all}\n"),
        Lang::En => format!("fund table {path}: {counted} amounts count{all}\n"),
    };
    let header = match lang {
        Lang::Zh => ["单元格", "表中的名称", "县区代码", "项目代码", "年度", "处理", "金额（元）"],
        Lang::En => ["Cell", "Heading", "County", "Item", "Year", "Use", "Yuan"],
    };
    let cells = screen::grid(&header, table.cells.iter().take(MOST_SHOWN).map(|cell| row(cell, lang)), 6);
    text.extend(cells.lines().map(|line| format!("  {line}\n")));
    if table.cells.len() > MOST_SHOWN {
        text.push_str("  …\n");
    }
    if table.pooled {
        text.push_str(lang.pick(
            "  余额和收入没有分县：按全部县区共用一个基金（市级统筹）处理\n",
            "  balances and revenue are not by county: one fund for all counties (pooled)\n",
        ));
    }
    for note in &table.notes {
        text.push_str(&format!("  {}\n", note.pick(lang)));
    }
    text
}

fn row(cell: &Cell, lang: Lang) -> Vec<String> {
    let whose = match cell.whose {
        On::Point(Whose::County(code)) => code.to_string(),
        On::Point(Whose::All) => lang.pick("全部", "all").to_owned(),
        On::Sum => String::new(),
    };
    let item = if let Some(On::Point(item)) = &cell.item { item.id() } else { String::new() };
    let year = if let On::Point(Some(year)) = cell.year { year.to_string() } else { String::new() };
    let becomes = cell.becomes.words().pick(lang).to_owned();
    vec![cell.place.clone(), cell.label.clone(), whose, item, year, becomes, yuan(cell.amount.0)]
}

/// An amount of fen in yuan, with separators and no more decimals than it has.
pub fn yuan(fen: i64) -> String {
    let text = fund::amount_in_yuan(fen.unsigned_abs().into());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    #[expect(clippy::cast_precision_loss, reason = "the bound of amounts is far below")]
    let whole =
        whole.parse::<u64>().map_or_else(|_| whole.to_owned(), |whole| number::grouped(whole as f64, 0));
    let sign = if fen < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}
