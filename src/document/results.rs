//! The tables of a report: totals, payers, lines, counties, persons, clauses, changes.

use super::content::Block;
use super::grid::{Cell, Grid, Show, number_or_text};
use super::labels::Words;
use super::money::{self, Difference, Spending, distinct, is_total};
use super::overview::{Kind, column, difference_grid, means_by_year, spending_grid};
use crate::lang::Lang;
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::finished::ReadTable;
use crate::report::number::unit;
use crate::report::tables;

/// Years beside each other in a table of counties.
const YEARS_ABREAST: usize = 4;

/// The tables of money.
#[must_use]
pub fn results(words: Words<'_>) -> Vec<Block> {
    if words.run.is_comparison() { of_comparison(words) } else { of_run(words) }
}

fn table(caption: String, grid: Grid) -> Block {
    Block::Table { caption, grid }
}

/// A caption with the unit of amounts.
pub(super) fn captioned(words: Words<'_>, what: &str) -> String {
    match words.lang {
        Lang::Zh => format!("{what}（单位：{}）", unit(words.lang)),
        Lang::En => format!("{what} (unit: {})", unit(words.lang)),
    }
}

fn of_run(words: Words<'_>) -> Vec<Block> {
    let all = money::spending(words.run);
    let years = &words.run.record.years;
    let totals = years.iter().filter_map(|&year| money::total(&all, ALL, year));
    let rows = totals.map(|row| (row.year.to_string(), row)).collect();
    let place = words.everywhere();
    let [total, funders, lines] = match words.lang {
        Lang::Zh => ["各年度医疗救助支出", "分资金渠道的支出均值", "分支出项目的支出均值"]
            .map(|what| format!("{place}{what}")),
        Lang::En => ["Medical assistance by year", "Mean spending by payer", "Mean spending by line"]
            .map(|what| format!("{what}, {place}")),
    };
    let mut blocks = vec![
        table(captioned(words, &total), spending_grid(words, words.pick("年度", "Year"), rows)),
        table(captioned(words, &funders), means_by_year(words, &all, Kind::Funder)),
        table(captioned(words, &lines), means_by_year(words, &all, Kind::Line)),
    ];
    for years in years.chunks(YEARS_ABREAST) {
        let what = words.pick("各县区各年度支出均值和P95", "Mean and P95 of each county, by year");
        blocks.push(table(captioned(words, what), counties(words, &all, years)));
    }
    blocks
}

/// Mean and P95 of each county and of all, year beside year.
fn counties(words: Words<'_>, all: &[Spending], years: &[u16]) -> Grid {
    let mut columns = vec![column(words.pick("县区", "County"), Show::Text)];
    for year in years {
        columns.push(column(&format!("{year} {}", words.pick("均值", "mean")), Show::Two));
        columns.push(column(&format!("{year} P95"), Show::Two));
    }
    let codes = distinct(all.iter().map(|row| row.county.as_str()));
    // A single county is the total, too.
    let codes = codes.into_iter().filter(|code| *code != ALL || words.run.record.counties.len() > 1);
    let amounts = |code: &str, year: u16| match money::total(all, code, year) {
        Some(row) => [row.mean, row.p95()].map(|yuan| Cell::Number(yuan / 10_000.0)),
        None => [Cell::Nothing, Cell::Nothing],
    };
    let rows = codes.map(|code| {
        let name = std::iter::once(Cell::Text(words.county(code).to_owned()));
        name.chain(years.iter().flat_map(|&year| amounts(code, year))).collect()
    });
    Grid { n_keys: 1, rows: rows.collect(), columns }
}

fn of_comparison(words: Words<'_>) -> Vec<Block> {
    let all = money::differences(words.run);
    let last = words.run.record.years.last().copied().unwrap_or_default();
    let place = words.everywhere();
    let mut blocks = Vec::new();
    for other in distinct(all.iter().map(|row| row.other.as_str())) {
        let own: Vec<&Difference> = all.iter().filter(|row| row.other == other).collect();
        let title = words.scenario(other);
        let mut add = |what: String, first: &str, rows: Vec<(String, &Difference)>| {
            if !rows.is_empty() {
                blocks.push(table(captioned(words, &what), difference_grid(words, first, rows)));
            }
        };
        let totals = own.iter().filter(|row| is_total(&row.line, &row.funder));
        let of_all = totals.clone().filter(|row| row.county == ALL);
        let what = match words.lang {
            Lang::Zh => format!("“{title}”减基准方案，{place}各年度的差额"),
            Lang::En => format!("“{title}” minus the base, {place}, by year"),
        };
        add(what, words.pick("年度", "Year"), of_all.map(|row| (row.year.to_string(), *row)).collect());
        let what = match words.lang {
            Lang::Zh => format!("“{title}”减基准方案，{last}年分资金渠道和支出项目的差额"),
            Lang::En => format!("“{title}” minus the base, {last}, by payer and by line"),
        };
        let here = own.iter().filter(|row| row.county == ALL && row.year == last);
        let parts = here.filter(|row| (row.line == TOTAL) != (row.funder == TOTAL));
        let name = |row: &Difference| {
            if row.line == TOTAL {
                words.funder(&row.funder).to_owned()
            } else {
                words.line(&row.line).to_owned()
            }
        };
        add(
            what,
            words.pick("资金渠道或支出项目", "Payer or line"),
            parts.map(|row| (name(row), *row)).collect(),
        );
        let what = match words.lang {
            Lang::Zh => format!("“{title}”减基准方案，{last}年各县区的差额"),
            Lang::En => format!("“{title}” minus the base, {last}, by county"),
        };
        let counties = totals.filter(|row| row.county != ALL && row.year == last);
        let counties = counties.map(|row| (words.county(&row.county).to_owned(), *row)).collect();
        add(what, words.pick("县区", "County"), counties);
    }
    blocks
}

/// A table with some columns of a table of the run, for all counties in the last year.
fn of_last_year(words: Words<'_>, whole: &ReadTable, shown: &[&str]) -> Grid {
    let last = words.run.record.years.last().map(ToString::to_string).unwrap_or_default();
    let here = |row: &[String]| whole.field(row, "county_code") == ALL && whole.field(row, "year") == last;
    let positions: Vec<usize> = shown.iter().filter_map(|name| whole.column(name)).collect();
    let rows = whole.rows.iter().filter(|row| here(row));
    let cell = |row: &[String], at: usize| {
        if whole.columns[at].is_number {
            number_or_text(&row[at])
        } else if whole.columns[at].name == "clause" {
            Cell::Text(format!("{} {}", row[at], words.clause(&row[at])))
        } else {
            Cell::Text(words.shown(whole, row, at))
        }
    };
    let show = |at: usize| match (whole.columns[at].is_number, whole.columns[at].unit.as_str()) {
        (false, _) => Show::Text,
        (true, _) => Show::Whole,
    };
    Grid {
        columns: positions.iter().map(|&at| column(&words.heading(whole, at), show(at))).collect(),
        n_keys: 1,
        rows: rows.map(|row| positions.iter().map(|&at| cell(row, at)).collect()).collect(),
    }
}

/// Persons by category.
#[must_use]
pub fn people(words: Words<'_>) -> Vec<Block> {
    let Some(whole) = words.run.table(tables::PEOPLE.file) else { return Vec::new() };
    let (last, place) = (words.run.record.years.last().copied().unwrap_or_default(), words.everywhere());
    let shown = [
        "category",
        "register",
        "persons",
        "subsidised",
        "admitted",
        "assisted_persons",
        "assisted_cases",
        "recognised",
    ];
    let caption = match words.lang {
        Lang::Zh => format!("{last}年{place}各类人员（均值）"),
        Lang::En => format!("Persons by category, {place}, {last} (means)"),
    };
    vec![table(caption, of_last_year(words, whole, &shown))]
}

/// What each clause moves.
#[must_use]
pub fn clauses(words: Words<'_>) -> Vec<Block> {
    let (last, place) = (words.run.record.years.last().copied().unwrap_or_default(), words.everywhere());
    if let Some(whole) = words.run.table(tables::CLAUSES.file) {
        let caption = match words.lang {
            Lang::Zh => format!("{last}年{place}各条款涉及的人数、人次和金额（均值，元）"),
            Lang::En => format!("What each clause moves, {place}, {last} (means, yuan)"),
        };
        let shown = [
            "clause",
            "persons",
            "cases",
            "booked_yuan",
            "booked_se_yuan",
            "addable_yuan",
            "addable_se_yuan",
        ];
        let note = words.pick(
            "一条规则引用两个条款时，其金额在两个条款下均列示；只有可加总的金额可以相加。",
            "A rule that cites two clauses appears under both; only the amounts that may be added up add up.",
        );
        return vec![table(caption, of_last_year(words, whole, &shown)), Block::Note(note.to_owned())];
    }
    let Some(whole) = words.run.table(tables::DIFFERENCE_CLAUSES.file) else { return Vec::new() };
    let moved = whole.only(|row| whole.number(row, "difference_yuan").is_some_and(|yuan| yuan != 0.0));
    let shown = ["other", "clause", "base_yuan", "other_yuan", "difference_yuan", "se_yuan"];
    let grid = of_last_year(words, &moved, &shown);
    if grid.rows.is_empty() {
        return Vec::new();
    }
    let caption = match words.lang {
        Lang::Zh => format!("{last}年{place}金额有变化的条款（均值，元）"),
        Lang::En => format!("Clauses whose amounts differ, {place}, {last} (means, yuan)"),
    };
    vec![table(caption, grid)]
}

/// What the scenarios of a comparison change.
#[must_use]
pub fn changes(words: Words<'_>) -> Vec<Block> {
    let Some(whole) = words.run.table(tables::CHANGES.file) else { return Vec::new() };
    if whole.rows.is_empty() {
        return vec![Block::Text(
            words.pick("各方案与基准方案没有差别。", "Nothing differs from the base.").to_owned(),
        )];
    }
    let columns = vec![
        column(words.pick("方案", "Scenario"), Show::Text),
        column(words.pick("改动的键", "Key"), Show::Text),
        column(words.pick("由", "From"), Show::Text),
        column(words.pick("改为", "To"), Show::Text),
        column(words.pick("影响", "What it moved"), Show::Text),
    ];
    let explanation = words.pick("explanation_zh", "explanation_en");
    let cells = |row: &Vec<String>| {
        let field = |name: &str| Cell::Text(whole.field(row, name).to_owned());
        vec![
            Cell::Text(words.scenario(whole.field(row, "other")).to_owned()),
            field("key"),
            field("before"),
            field("after"),
            field(explanation),
        ]
    };
    let caption = words.pick("各方案的改动及其影响", "The changes of each scenario, and what they moved");
    let grid = Grid { columns, n_keys: 1, rows: whole.rows.iter().map(cells).collect() };
    vec![table(caption.to_owned(), grid)]
}
