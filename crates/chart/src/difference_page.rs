//! What of the differences goes on each page: all years or the latest, all counties or a rank of those that differ most.

use std::ops::Range;

use super::canvas::DotShape;
use super::level::{Level, MOST_WITH_INTERVAL, Mark, Row};
use super::number::{self, Unit};
use super::spread::Reach;
use super::table::{Ranks, Table, pages};
use super::theme::{DEEP, PALETTE};
use fundcast_engine::lang::Lang;

/// Scenarios that stand side by side; more of them become rows of the latest year.
const MOST_COLUMNS: usize = 3;
/// Rows that go on one page.
const MOST_ROWS: usize = 60;
/// Height that leaves room for title and notes on one page, in pixels.
const TALLEST: i32 = 2050;
/// Counties that go on one page when each has one row.
const MOST_COUNTIES: usize = 30;

/// The pages, each with as many rows as it takes: fewer are tried when long names make them high.
pub(super) fn fitting(
    scenarios: &[&str],
    tables: &[Table<Reach>],
    unit: Unit,
    lang: Lang,
) -> Vec<(Shown, Level)> {
    let mut most_rows = MOST_ROWS;
    loop {
        let pages: Vec<(Shown, Level)> = Shown::of(tables, most_rows)
            .into_iter()
            .map(|shown| {
                let level = shown.level(scenarios, tables, unit, lang);
                (shown, level)
            })
            .collect();
        if pages.iter().all(|(_, level)| level.height() <= TALLEST) || most_rows <= 1 {
            return pages;
        }
        most_rows = most_rows * 3 / 4;
    }
}

/// What of the rows goes on a page.
#[derive(Debug)]
pub(super) struct Shown {
    counties: Vec<String>,
    years: Vec<i32>,
    /// Whether years were left out.
    latest_only: bool,
    /// Where there are several pages: the page, and the ranks of the counties on each.
    rank: Option<(usize, Vec<Range<usize>>)>,
}

impl Shown {
    /// All years if they fit; else the latest; and if even that is too long, pages in the order of the difference.
    fn of(tables: &[Table<Reach>], most_rows: usize) -> Vec<Self> {
        let mut counties: Vec<String> = Vec::new();
        for county in tables.iter().flat_map(|table| &table.counties) {
            if !counties.contains(county) {
                counties.push(county.clone());
            }
        }
        let mut years: Vec<i32> = tables.iter().flat_map(|table| &table.years).copied().collect();
        years.sort_unstable();
        years.dedup();
        let stacked = if tables.len() > MOST_COLUMNS { tables.len() } else { 1 };
        let latest_only = years.len() > 1 && (stacked > 1 || counties.len() * years.len() > most_rows);
        if latest_only {
            years.drain(..years.len() - 1);
        }
        let most = (most_rows / stacked).clamp(1, MOST_COUNTIES);
        if counties.len() <= most || years.len() > 1 {
            return vec![Self { counties, years, latest_only, rank: None }];
        }
        let size = |county: &String| {
            let of_county = tables.iter().filter_map(|table| table.get(county, years[0]));
            of_county.map(|reach| reach.middle.abs()).fold(0.0, f64::max)
        };
        counties.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let all = pages(counties.len(), most);
        let page = |(number, ranks): (usize, &Range<usize>)| Self {
            counties: counties[ranks.clone()].to_vec(),
            years: years.clone(),
            latest_only,
            rank: Some((number, all.clone())),
        };
        all.iter().enumerate().map(page).collect()
    }

    fn level(&self, scenarios: &[&str], tables: &[Table<Reach>], unit: Unit, lang: Lang) -> Level {
        let in_columns = (2..=MOST_COLUMNS).contains(&scenarios.len());
        let columns: Vec<String> = if in_columns {
            scenarios.iter().map(|&name| name.to_owned()).collect()
        } else {
            vec![String::new()]
        };
        let head = match columns.len() {
            1 => lang.pick("均值±95%误差（P5～P95）", "mean ± 95% error (P5–P95)"),
            2..=MOST_WITH_INTERVAL => lang.pick("均值±95%误差", "mean ± 95% error"),
            _ => lang.pick("均值", "mean"),
        };
        let rows = self.rows(scenarios, tables, unit, lang);
        Level { groups: self.counties.clone(), columns, rows, head, unit: unit.label(lang), lang }
    }

    /// A row per county and year with the scenarios as columns, or a row per county and scenario.
    fn rows(&self, scenarios: &[&str], tables: &[Table<Reach>], unit: Unit, lang: Lang) -> Vec<Row> {
        let cell =
            |table: &Table<Reach>, county: &str, year| table.get(county, year).map(|r| r.in_unit(unit));
        let several = self.years.len() > 1;
        let mut rows = Vec::new();
        for (group, county) in self.counties.iter().enumerate() {
            for &year in &self.years {
                if scenarios.len() > MOST_COLUMNS {
                    rows.extend(scenarios.iter().zip(tables).enumerate().map(|(k, (scenario, table))| {
                        let reaches = vec![cell(table, county, year)];
                        Row { group, part: (*scenario).to_owned(), reaches, mark: mark(k) }
                    }));
                } else {
                    let part = if several { number::year(year, lang) } else { String::new() };
                    let reaches = tables.iter().map(|table| cell(table, county, year)).collect();
                    rows.push(Row { group, part, reaches, mark: Mark::Dot(DEEP, DotShape::Round) });
                }
            }
        }
        rows
    }

    /// What the reader must know about years and counties that are not drawn here.
    pub(super) fn notes(&self, lang: Lang) -> Vec<String> {
        let mut notes = Vec::new();
        if let ([year], true) = (self.years.as_slice(), self.latest_only) {
            notes.push(match lang {
                Lang::Zh => format!("只画{year}年；其他年份见数据表。"),
                Lang::En => format!("{year} only; see the table for the other years."),
            });
        }
        if let Some((page, pages)) = &self.rank {
            let by = lang.pick("差额", "the difference");
            notes.push(Ranks { by, page: *page, pages, lang }.note());
        }
        notes
    }
}

/// Colour and shape of scenario `k` where scenarios share a column.
fn mark(k: usize) -> Mark {
    const SHAPES: [DotShape; 4] = [DotShape::Round, DotShape::Square, DotShape::Triangle, DotShape::Diamond];
    const DARK: [usize; 5] = [0, 6, 2, 4, 8];
    Mark::Dot(PALETTE[DARK[k % DARK.len()]], SHAPES[k % SHAPES.len()])
}
