//! What budgets, accounts and pooling come to, read off the tables of a run: for the charts, and as tables for a paper.

use super::content::Block;
use super::grid::{Cell, Grid, Show};
use super::labels::Words;
use super::money::distinct;
use super::overview::{column, maybe_wan};
use super::results::captioned;
use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::Projection;
use crate::projection::budget::{AccountMonthRow, BudgetRow, Needed, Probability, SAFETIES};
use crate::projection::money::{MoneyRow, Part, Slice, SliceRow, Spending};
use crate::projection::pooling::{PoolingRow, Saving, Verdict};
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::finished::ReadTable;
use crate::report::number::unit;
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
    counties: &'r [String],
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

    fn year(&self) -> u16 {
        self.text("year").parse().unwrap_or_default()
    }

    /// The position of the county; none of all counties, nothing where it is not one of the run.
    #[expect(clippy::option_option, reason = "all counties and an unknown one are two things")]
    fn county(&self) -> Option<Option<usize>> {
        match self.text("county_code") {
            ALL => Some(None),
            code => self.counties.iter().position(|known| known == code).map(Some),
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
    let counties = &words.run.record.counties;
    let rows = |file: &str| {
        let table = words.run.table(file);
        let rows = table.into_iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        rows.map(|(table, row)| Row { table, row, funders, counties })
    };
    let budgets: Vec<BudgetRow> = rows(tables::BUDGET.file).filter_map(budget).collect();
    let slices: Vec<SliceRow> = rows(tables::BY_MONTH.file).filter_map(month).collect();
    let pooling: Vec<PoolingRow> = rows(tables::POOLING.file).filter_map(saving).collect();
    let account_months: Vec<AccountMonthRow> =
        rows(tables::ACCOUNT_MONTHS.file).filter_map(position).collect();
    Projection { budgets, slices, pooling, account_months, ..projection }
}

fn budget(row: Row<'_>) -> Option<BudgetRow> {
    let needed = SAFETIES.map(|at| {
        let name = format!("needed_p{}", (at.as_f64() * 100.0).round());
        let error_yuan = row.number(&format!("{name}_se_yuan"));
        Needed { fen: row.fen(&format!("{name}_yuan")), error_yuan }
    });
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
    let part = row.part().filter(|_| row.text("line") == TOTAL)?;
    let month: usize = row.text("month").parse().ok()?;
    let spending = Spending {
        yuan: row.estimate("mean_yuan", "se_yuan"),
        p05_fen: row.fen("p05_yuan"),
        p50_fen: row.fen("p50_yuan"),
        p95_fen: row.fen("p95_yuan"),
        ..Spending::default()
    };
    let slice = Slice::Month(month.checked_sub(1)?);
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
        revenue: row.estimate("revenue_yuan", ""),
        paid: row.estimate("paid_yuan", ""),
        position: row.estimate("position_yuan", "position_se_yuan"),
        position_fen: ["position_p05_yuan", "position_p50_yuan", "position_p95_yuan"]
            .map(|name| row.fen(name)),
        unpaid: row.estimate("unpaid_yuan", ""),
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
    let grid = safety_grid(words, table, &shown((table, rows), n_counties));
    let mut blocks = vec![Block::Table { caption: captioned(words, &what), grid }];
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
    let mut columns =
        vec![column(words.pick("县区", "County"), Show::Text), column(words.pick("均值", "Mean"), Show::Two)];
    let has_budgets = rows.iter().any(|row| table.number(row, "budget_yuan").is_some());
    if has_budgets {
        columns.extend([
            column(words.pick("现行预算", "Budget in force"), Show::Two),
            column(words.pick("超过概率", "Exceeded with"), Show::Percent),
            column(words.pick("95%区间下限", "95 % interval from"), Show::Percent),
            column(words.pick("上限", "to"), Show::Percent),
            column(words.pick("超过时平均缺口", "Missing then, mean"), Show::Two),
        ]);
    }
    columns.extend(["P80", "P90", "P95", "P99"].map(|name| column(name, Show::Two)));
    columns.push(column(words.pick("P95的标准误", "Standard error of P95"), Show::Two));
    let cells = |row: &&Vec<String>| {
        let county = words.county(table.field(row, "county_code")).to_owned();
        let mut cells = vec![Cell::Text(county), wan(table, row, "mean_yuan")];
        if has_budgets {
            cells.push(wan(table, row, "budget_yuan"));
            let shares = ["exceeded_share", "exceeded_share_low", "exceeded_share_high"];
            cells.extend(shares.map(|name| share(table, row, name)));
            cells.push(wan(table, row, "shortfall_yuan"));
        }
        let needed = ["needed_p80_yuan", "needed_p90_yuan", "needed_p95_yuan", "needed_p99_yuan"];
        cells.extend(needed.map(|name| wan(table, row, name)));
        cells.push(wan(table, row, "needed_p95_se_yuan"));
        cells
    };
    Grid { columns, n_keys: 1, rows: rows.iter().map(cells).collect() }
}

/// The accounts of the funds, year by year.
fn account(words: Words<'_>, table: &ReadTable) -> Vec<Block> {
    if table.rows.is_empty() {
        return Vec::new();
    }
    let code = |row: &Vec<String>| Cell::Text(words.county(table.field(row, "county_code")).to_owned());
    let money = [
        ("revenue_yuan", words.pick("收入", "Revenue")),
        ("paid_yuan", words.pick("支付", "Paid")),
        ("balance_yuan", words.pick("年末结余", "Balance at the end")),
        ("unpaid_yuan", words.pick("年末待付", "Unpaid at the end")),
        ("advanced_yuan", words.pick("年末垫付", "Advanced at the end")),
        ("top_up_p95_yuan", words.pick("补足所需（95%把握）", "To be added (safety of 95 %)")),
        ("top_up_p95_se_yuan", words.pick("其标准误", "Its standard error")),
    ];
    // What waits or is advanced goes by what the fund does when it is empty.
    let occurs =
        |name: &str| table.rows.iter().any(|row| table.number(row, name).is_some_and(|yuan| yuan != 0.0));
    let is_shown = |name: &str| !matches!(name, "unpaid_yuan" | "advanced_yuan") || occurs(name);
    let money: Vec<(&str, &str)> = money.into_iter().filter(|(name, _)| is_shown(name)).collect();
    let mut columns = vec![
        column(words.pick("基金", "Fund"), Show::Text),
        column(words.pick("年度", "Year"), Show::Plain),
        column(words.pick("不足概率", "Short with"), Show::Percent),
        column(words.pick("最可能用完的月份", "Most likely runs out in month"), Show::Plain),
    ];
    columns.extend(money.iter().map(|(_, heading)| column(heading, Show::Two)));
    let cells = |row: &Vec<String>| {
        let mut cells = vec![code(row)];
        cells.extend(["year", "short_share", "likely_month"].map(|name| share(table, row, name)));
        cells.extend(money.iter().map(|(name, _)| wan(table, row, name)));
        cells
    };
    let grid = Grid { columns, n_keys: 2, rows: table.rows.iter().map(cells).collect() };
    let caption = match words.lang {
        Lang::Zh => format!("基金收支和结余（均值，单位：{}）", unit(words.lang)),
        Lang::En => format!("Accounts of the funds (means, unit: {})", unit(words.lang)),
    };
    vec![Block::Table { caption, grid }]
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
        column(words.pick("统筹后P95", "P95 pooled"), Show::Two),
        column(words.pick("节省", "Saved"), Show::Two),
        column(words.pick("其标准误", "Its standard error"), Show::Two),
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
        let amounts = ["apart_p95_yuan", "pooled_p95_yuan", "saved_yuan", "saved_se_yuan"];
        let mut cells = vec![Cell::Text(words.funder(table.field(row, "funder")).to_owned())];
        cells.extend(amounts.map(|name| wan(table, row, name)));
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
