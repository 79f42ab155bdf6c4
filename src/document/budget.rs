//! What budgets, accounts and pooling come to, read off the tables of a run: for the charts, and as tables for a paper.

use std::collections::BTreeMap;

use super::content::Block;
use super::grid::{Cell, Grid, Show};
use super::labels::Words;
use super::money::distinct;
use super::overview::{column, maybe_wan};
use super::pictures::positions;
use super::results::captioned;
use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::Projection;
use crate::projection::budget::{AccountMonthRow, BudgetRow, Needed, Probability, SAFETIES};
use crate::projection::money::{MoneyRow, Part, Slice, SliceRow, Spending};
use crate::projection::pooling::{PoolingRow, Saving, Verdict};
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::finished::ReadTable;
use crate::report::number::{per_cent, unit};
use crate::report::pooling_files::verdict;
use crate::report::tables;
use crate::stats::Estimate;

/// The most counties in a table of budgets, those that need most; the others stand in `budget.csv`.
const MOST_COUNTIES: usize = 20;

/// A row of a table with what its charts ask for.
#[derive(Clone, Copy)]
struct Row<'r> {
    table: &'r ReadTable,
    row: &'r [String],
    funders: &'r [Name],
    counties: &'r BTreeMap<&'r str, usize>,
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        self.table.field(self.row, name)
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.table.number(self.row, name)
    }

    /// Whole fen of an amount; 0 where the field is empty.
    fn fen(&self, name: &str) -> i64 {
        self.number(name).map_or(0, fen)
    }

    fn estimate(&self, mean: &str, error: &str) -> Estimate {
        let n = 0;
        Estimate {
            n,
            mean: self.number(mean).unwrap_or_default(),
            sd: None,
            standard_error: self.number(error),
        }
    }

    /// A percentile with its error, from two columns that begin with the same words.
    fn percentile(&self, name: &str) -> Needed {
        let error_yuan = self.number(&format!("{name}_se_yuan"));
        Needed { fen: self.fen(&format!("{name}_yuan")), error_yuan }
    }

    fn year(&self) -> u16 {
        self.text("year").parse().unwrap_or_default()
    }

    /// The position of the county; none of all counties, nothing where it is not one of the run.
    #[expect(clippy::option_option, reason = "all counties and an unknown one are two things")]
    fn county(&self) -> Option<Option<usize>> {
        match self.text("county_code") {
            ALL => Some(None),
            code => self.counties.get(code).copied().map(Some),
        }
    }

    /// One funder over all lines, or everything; nothing of a funder that the run does not name.
    fn part(&self) -> Option<Part> {
        match self.text("funder") {
            TOTAL => Some(Part::TOTAL),
            id => self.funders.iter().position(|known| known.id == id).map(Part::funder),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole fen below 2^53, as they were written")]
fn fen(yuan: f64) -> i64 {
    (yuan * 100.0).round() as i64
}

/// With budgets, months, pooling and accounts as the charts take them.
#[must_use]
pub fn with_budgets(words: Words<'_>, projection: Projection) -> Projection {
    let funders = &projection.layout.funders;
    let counties = &positions(&words.run.record.counties);
    let rows = |file: &str| {
        let table = words.run.table(file);
        let rows = table.into_iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        rows.map(|(table, row)| Row { table, row, funders, counties })
    };
    let budgets: Vec<BudgetRow> = rows(tables::BUDGET.file).filter_map(budget).collect();
    let slices: Vec<SliceRow> = rows(tables::BY_MONTH.file).filter_map(month).collect();
    let people =
        rows(tables::BY_CATEGORY.file).filter_map(|row| of_category(row, &projection.layout.categories));
    let mut slices: Vec<SliceRow> = slices.into_iter().chain(people).collect();
    let pooling: Vec<PoolingRow> = rows(tables::POOLING.file).filter_map(saving).collect();
    let mut account_months: Vec<AccountMonthRow> =
        rows(tables::ACCOUNT_MONTHS.file).filter_map(position).collect();
    slices.sort_by_key(|slice| (slice.row.county.is_none(), slice.row.county));
    account_months.sort_by_key(|row| (row.county.is_none(), row.county));
    Projection { budgets, slices, pooling, account_months, ..projection }
}

fn budget(row: Row<'_>) -> Option<BudgetRow> {
    let needed = SAFETIES.map(|at| row.percentile(&format!("needed_p{}", per_cent(at))));
    let share = |share| Probability {
        share,
        low: row.number("exceeded_share_low").unwrap_or_default(),
        high: row.number("exceeded_share_high").unwrap_or_default(),
    };
    Some(BudgetRow {
        county: row.county()?,
        year: row.year(),
        funder: row.part()?.funder,
        spending: row.estimate("mean_yuan", "se_yuan"),
        budget_fen: row.number("budget_yuan").map(fen),
        exceeded: row.number("exceeded_share").map(share),
        shortfall: row.number("shortfall_yuan").map(|_| row.estimate("shortfall_yuan", "shortfall_se_yuan")),
        needed,
    })
}

/// A month of a funder; nothing of single lines, and of what is settled by year.
fn month(row: Row<'_>) -> Option<SliceRow> {
    let month: usize = row.text("month").parse().ok()?;
    slice(row, Slice::Month(month.checked_sub(1)?))
}

/// A category of a funder; nothing of single lines.
fn of_category(row: Row<'_>, categories: &[Name]) -> Option<SliceRow> {
    let rank = categories.iter().position(|known| known.id == row.text("category"))?;
    slice(row, Slice::People(rank))
}

fn slice(row: Row<'_>, slice: Slice) -> Option<SliceRow> {
    let part = row.part().filter(|_| row.text("line") == TOTAL)?;
    // An amount that is not published is none, which is not 0.
    row.number("mean_yuan")?;
    let spending = Spending {
        yuan: row.estimate("mean_yuan", "se_yuan"),
        p05_fen: row.fen("p05_yuan"),
        p50_fen: row.fen("p50_yuan"),
        p95_fen: row.fen("p95_yuan"),
        ..Spending::default()
    };
    Some(SliceRow { slice, row: MoneyRow { county: row.county()?, year: row.year(), part, spending } })
}

fn saving(row: Row<'_>) -> Option<PoolingRow> {
    let saving = |apart_fen, pooled, error| Saving {
        apart_fen,
        pooled_fen: row.fen(pooled),
        error_yuan: row.number(error),
    };
    let apart = row.fen("apart_p95_yuan");
    let independent = row.number("independent_p95_yuan");
    Some(PoolingRow {
        year: row.year(),
        part: row.part()?,
        model: saving(apart, "pooled_p95_yuan", "saved_se_yuan"),
        apart_error_yuan: row.number("apart_p95_se_yuan"),
        pooled_error_yuan: row.number("pooled_p95_se_yuan"),
        independent: independent.map(|_| saving(apart, "independent_p95_yuan", "independent_saved_se_yuan")),
        common: None,
    })
}

fn position(row: Row<'_>) -> Option<AccountMonthRow> {
    let share = |name: &str| row.number(name).unwrap_or_default();
    Some(AccountMonthRow {
        county: row.county()?,
        year: row.year(),
        month: row.text("month").parse().ok()?,
        runs_out: Probability {
            share: share("runs_out_share"),
            low: share("runs_out_share_low"),
            high: share("runs_out_share_high"),
        },
        revenue: row.estimate("revenue_yuan", "revenue_se_yuan"),
        paid: row.estimate("paid_yuan", "paid_se_yuan"),
        position: row.estimate("position_yuan", "position_se_yuan"),
        positions: ["position_p05", "position_p50", "position_p95"].map(|name| row.percentile(name)),
        unpaid: row.estimate("unpaid_yuan", "unpaid_se_yuan"),
    })
}

/// The tables for a paper: what a safety needs and how safe the budgets in force are, the accounts, and what pooling saves.
#[must_use]
pub fn budgets(words: Words<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(table) = words.run.table(tables::BUDGET.file) {
        let payers = distinct(table.rows.iter().map(|row| table.field(row, "funder")));
        for payer in payers {
            blocks.extend(safety(words, (table, payer)));
        }
    }
    blocks.extend(words.run.table(tables::ACCOUNT.file).into_iter().flat_map(|table| account(words, table)));
    blocks.extend(words.run.table(tables::POOLING.file).into_iter().flat_map(|table| pooling(words, table)));
    blocks
}

fn wan(table: &ReadTable, row: &[String], name: &str) -> Cell {
    maybe_wan(table.number(row, name))
}

fn share(table: &ReadTable, row: &[String], name: &str) -> Cell {
    table.number(row, name).map_or(Cell::Nothing, Cell::Number)
}

/// The budgets of a payer in the last year, county by county; nothing of a payer that spends nothing.
fn safety(words: Words<'_>, (table, payer): (&ReadTable, &str)) -> Vec<Block> {
    let last = words.run.record.years.last().map_or_else(String::new, ToString::to_string);
    let is_own = |row: &&Vec<String>| table.field(row, "year") == last && table.field(row, "funder") == payer;
    let rows: Vec<&Vec<String>> = table.rows.iter().filter(is_own).collect();
    if rows.iter().all(|row| table.number(row, "mean_yuan").is_none_or(|mean| mean == 0.0)) {
        return Vec::new();
    }
    let n_counties = words.run.record.counties.len();
    let whose = if payer == TOTAL {
        words.pick("各出资方合计", "all payers together")
    } else {
        words.funder(payer)
    };
    let what = match words.lang {
        Lang::Zh => format!("{last}年{whose}：不同把握所需预算"),
        Lang::En => format!("Budgets needed for a safety, {last}, {whose}"),
    };
    let rows = shown((table, rows), n_counties);
    let mut blocks =
        vec![Block::Table { caption: captioned(words, &what), grid: safety_grid(words, table, &rows) }];
    blocks.extend(in_force(words, (table, &rows), &format!("{last}{}", words.pick("年", ", ")), whose));
    if n_counties > MOST_COUNTIES {
        blocks.push(Block::Note(match words.lang {
            Lang::Zh => format!("只列所需最多的{MOST_COUNTIES}个县区，其余见 budget.csv。"),
            Lang::En => format!("The {MOST_COUNTIES} counties that need most; all are in budget.csv."),
        }));
    }
    blocks
}

/// The counties that a paper shows, then all together; a single county is the total, too.
fn shown<'r>(
    (table, mut rows): (&ReadTable, Vec<&'r Vec<String>>),
    n_counties: usize,
) -> Vec<&'r Vec<String>> {
    let is_all = |row: &&Vec<String>| table.field(row, "county_code") == ALL;
    if n_counties > MOST_COUNTIES {
        let most = |row: &Vec<String>| table.number(row, "needed_p95_yuan").unwrap_or_default();
        rows.sort_by(|a, b| most(b).total_cmp(&most(a)));
    }
    let (all, mut counties): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_all);
    counties.truncate(MOST_COUNTIES);
    counties.into_iter().chain(all.into_iter().filter(|_| n_counties > 1)).collect()
}

fn safety_grid(words: Words<'_>, table: &ReadTable, rows: &[&Vec<String>]) -> Grid {
    let amounts = [
        (words.pick("均值", "Mean"), "mean_yuan", "se_yuan"),
        ("P80", "needed_p80_yuan", "needed_p80_se_yuan"),
        ("P90", "needed_p90_yuan", "needed_p90_se_yuan"),
        ("P95", "needed_p95_yuan", "needed_p95_se_yuan"),
        ("P99", "needed_p99_yuan", "needed_p99_se_yuan"),
    ];
    let mut columns = vec![column(words.pick("县区", "County"), Show::Text)];
    for (heading, _, _) in amounts {
        columns.extend([column(heading, Show::Two), column(error_heading(words), Show::Two)]);
    }
    let cells = |row: &&Vec<String>| {
        let mut cells = vec![county_of(words, table, row)];
        cells.extend(
            amounts.iter().flat_map(|(_, amount, error)| [amount, error].map(|name| wan(table, row, name))),
        );
        cells
    };
    Grid { columns, n_keys: 1, rows: rows.iter().map(cells).collect() }
}

/// How safe the budgets in force are, of the counties that have one.
fn in_force(
    words: Words<'_>,
    (table, rows): (&ReadTable, &[&Vec<String>]),
    year: &str,
    whose: &str,
) -> Option<Block> {
    let rows: Vec<&&Vec<String>> =
        rows.iter().filter(|row| table.number(row, "budget_yuan").is_some()).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        column(words.pick("县区", "County"), Show::Text),
        column(words.pick("现行预算", "Budget in force"), Show::Two),
        column(words.pick("超过概率", "Exceeded with"), Show::Percent),
        column(words.pick("95%区间下限", "95 % interval from"), Show::Percent),
        column(words.pick("上限", "to"), Show::Percent),
        column(words.pick("超过时平均缺口", "Missing then, mean"), Show::Two),
        column(error_heading(words), Show::Two),
    ];
    let cells = |row: &&&Vec<String>| {
        let mut cells = vec![county_of(words, table, row), wan(table, row, "budget_yuan")];
        let shares = ["exceeded_share", "exceeded_share_low", "exceeded_share_high"];
        cells.extend(shares.map(|name| share(table, row, name)));
        cells.extend(["shortfall_yuan", "shortfall_se_yuan"].map(|name| wan(table, row, name)));
        cells
    };
    let grid = Grid { columns, n_keys: 1, rows: rows.iter().map(cells).collect() };
    let what = match words.lang {
        Lang::Zh => format!("{year}{whose}：现行预算的把握"),
        Lang::En => format!("How safe the budgets in force are, {year}{whose}"),
    };
    Some(Block::Table { caption: captioned(words, &what), grid })
}

fn county_of(words: Words<'_>, table: &ReadTable, row: &[String]) -> Cell {
    Cell::Text(words.county(table.field(row, "county_code")).to_owned())
}

/// The heading of a standard error, which stands on the right of what it belongs to.
const fn error_heading<'a>(words: Words<'a>) -> &'a str {
    words.pick("标准误", "Standard error")
}

/// The accounts of the funds, year by year.
fn account(words: Words<'_>, table: &ReadTable) -> Vec<Block> {
    if table.rows.is_empty() {
        return Vec::new();
    }
    // What waits or is advanced goes by what the fund does when it is empty.
    let occurs =
        |name: &str| table.rows.iter().any(|row| table.number(row, name).is_some_and(|yuan| yuan != 0.0));
    let sums = [
        (words.pick("收入", "Revenue"), "revenue_yuan", "revenue_se_yuan"),
        (words.pick("支付", "Paid"), "paid_yuan", "paid_se_yuan"),
        (words.pick("年末结余", "Balance at the end"), "balance_yuan", "balance_se_yuan"),
        (words.pick("年末待付", "Unpaid at the end"), "unpaid_yuan", "unpaid_se_yuan"),
        (words.pick("年末垫付", "Advanced at the end"), "advanced_yuan", "advanced_se_yuan"),
    ];
    let is_shown = |name: &str| !matches!(name, "unpaid_yuan" | "advanced_yuan") || occurs(name);
    let sums: Vec<_> = sums.into_iter().filter(|(_, name, _)| is_shown(name)).collect();
    let top_up = [
        (words.pick("补足所需P80", "To be added, P80"), "top_up_p80_yuan", "top_up_p80_se_yuan"),
        (words.pick("补足所需P95", "To be added, P95"), "top_up_p95_yuan", "top_up_p95_se_yuan"),
    ];
    let shares = [
        (words.pick("不足概率", "Short with"), Show::Percent, "short_share"),
        (words.pick("95%区间下限", "95 % interval from"), Show::Percent, "short_share_low"),
        (words.pick("上限", "to"), Show::Percent, "short_share_high"),
        (words.pick("最可能用完的月份", "Most likely runs out in month"), Show::Plain, "likely_month"),
        (words.pick("其概率", "With"), Show::Percent, "likely_month_share"),
    ];
    let captions = match words.lang {
        Lang::Zh => ["基金收支和结余均值", "资金够不够、截至年末需补充多少"],
        Lang::En => [
            "Accounts of the funds, means",
            "Whether the money lasts, and what is to be added by the end of the year",
        ],
    };
    let grids = [account_grid((words, table), &[], &sums), account_grid((words, table), &shares, &top_up)];
    let tables = captions.into_iter().zip(grids);
    tables.map(|(what, grid)| Block::Table { caption: captioned(words, what), grid }).collect()
}

/// Shares, each in its way of being shown, and amounts with their errors, fund by fund and year by year.
fn account_grid(
    (words, table): (Words<'_>, &ReadTable),
    shares: &[(&str, Show, &str)],
    amounts: &[(&str, &str, &str)],
) -> Grid {
    let mut columns =
        vec![column(words.pick("基金", "Fund"), Show::Text), column(words.pick("年度", "Year"), Show::Plain)];
    columns.extend(shares.iter().map(|(heading, show, _)| column(heading, *show)));
    for (heading, _, _) in amounts {
        columns.extend([column(heading, Show::Two), column(error_heading(words), Show::Two)]);
    }
    let cells = |row: &Vec<String>| {
        let mut cells = vec![county_of(words, table, row), share(table, row, "year")];
        cells.extend(shares.iter().map(|(_, _, name)| share(table, row, name)));
        for (_, amount, error) in amounts {
            cells.extend([amount, error].map(|name| wan(table, row, name)));
        }
        cells
    };
    Grid { columns, n_keys: 2, rows: table.rows.iter().map(cells).collect() }
}

/// What one fund of all counties saves in reserves in the last year.
fn pooling(words: Words<'_>, table: &ReadTable) -> Vec<Block> {
    let last = words.run.record.years.last().map_or_else(String::new, ToString::to_string);
    let rows: Vec<&Vec<String>> = table.rows.iter().filter(|row| table.field(row, "year") == last).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        column(words.pick("出资方", "Payer"), Show::Text),
        column(words.pick("各县区P95之和", "Sum of the counties' P95"), Show::Two),
        column(error_heading(words), Show::Two),
        column(words.pick("统筹后P95", "P95 pooled"), Show::Two),
        column(error_heading(words), Show::Two),
        column(words.pick("节省", "Saved"), Show::Two),
        column(error_heading(words), Show::Two),
        column(words.pick("结论", "Finding"), Show::Text),
    ];
    let finding = |row: &Vec<String>| {
        let id = table.field(row, "verdict");
        Verdict::ALL
            .into_iter()
            .find(|one| one.name() == id)
            .map_or(id, |one| verdict(one, words.lang))
            .to_owned()
    };
    let cells = |row: &&Vec<String>| {
        let amounts = ["apart_p95", "pooled_p95", "saved"]
            .map(|name| [format!("{name}_yuan"), format!("{name}_se_yuan")]);
        let mut cells = vec![Cell::Text(words.funder(table.field(row, "funder")).to_owned())];
        cells.extend(amounts.iter().flatten().map(|name| wan(table, row, name)));
        cells.push(Cell::Text(finding(row)));
        cells
    };
    let grid = Grid { columns, n_keys: 1, rows: rows.iter().map(cells).collect() };
    let caption = match words.lang {
        Lang::Zh => format!("{last}年市级统筹可节省的备付（P95之差，单位：{}）", unit(words.lang)),
        Lang::En => {
            format!("What pooling saves in reserves, {last} (difference of P95, unit: {})", unit(words.lang))
        }
    };
    vec![Block::Table { caption, grid }]
}
