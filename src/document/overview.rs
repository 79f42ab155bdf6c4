//! The tables with which a reader begins: totals, means by payer and line, differences; in ten thousands of yuan.

use super::grid::{Cell, Grid, GridColumn, Show};
use super::labels::Words;
use super::money::{Difference, Spending, distinct};
use crate::report::csv_files::{ALL, TOTAL};

/// A column with its heading.
#[must_use]
pub fn column(heading: &str, show: Show) -> GridColumn {
    GridColumn { heading: heading.to_owned(), show }
}

fn wan(yuan: f64) -> Cell {
    Cell::Number(yuan / 10_000.0)
}

/// An amount in ten thousands of yuan, where there is one.
pub(super) fn maybe_wan(yuan: Option<f64>) -> Cell {
    yuan.map_or(Cell::Nothing, wan)
}

/// Mean, errors and percentiles of rows with their names, in ten thousands of yuan.
#[must_use]
pub fn spending_grid(words: Words<'_>, first: &str, rows: Vec<(String, &Spending)>) -> Grid {
    let columns = vec![
        column(first, Show::Text),
        column(words.pick("均值", "Mean"), Show::Two),
        column(words.pick("均值的标准误", "Standard error of the mean"), Show::Two),
        column("P50", Show::Two),
        column("P90", Show::Two),
        column("P95", Show::Two),
        column(words.pick("P95的标准误", "Standard error of P95"), Show::Two),
        column(words.pick("常住人口（人）", "Residents"), Show::Whole),
        column(words.pick("均值（元/人）", "Mean (yuan per resident)"), Show::Two),
    ];
    let cells = |(name, row): (String, &Spending)| {
        vec![
            Cell::Text(name),
            wan(row.mean),
            maybe_wan(row.error),
            wan(row.p50()),
            wan(row.p90()),
            wan(row.p95()),
            maybe_wan(row.percentile_errors[2]),
            Cell::Number(row.residents),
            row.per_resident().map_or(Cell::Nothing, Cell::Number),
        ]
    };
    Grid { columns, n_keys: 1, rows: rows.into_iter().map(cells).collect() }
}

/// What a table of means is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Who pays.
    Funder,
    /// The line of spending.
    Line,
}

/// Means of all counties by year, a column for each funder or line.
#[must_use]
pub fn means_by_year(words: Words<'_>, all: &[Spending], kind: Kind) -> Grid {
    let own = |row: &Spending| match kind {
        Kind::Funder => row.line == TOTAL && row.funder != TOTAL,
        Kind::Line => row.line != TOTAL && row.funder == TOTAL,
    };
    let id = |row: &Spending| if kind == Kind::Funder { row.funder.clone() } else { row.line.clone() };
    let rows: Vec<&Spending> = all.iter().filter(|row| row.county == ALL && own(row)).collect();
    let ids: Vec<String> = rows.iter().map(|row| id(row)).collect();
    let ids = distinct(ids.iter().map(String::as_str)).into_iter().map(ToOwned::to_owned).collect::<Vec<_>>();
    let mut columns = vec![column(words.pick("年度", "Year"), Show::Text)];
    columns.extend(ids.iter().map(|id| {
        let name = if kind == Kind::Funder { words.funder(id).to_owned() } else { words.line(id).to_owned() };
        column(&name, Show::Two)
    }));
    let mean = |year: u16, wanted: &String| {
        let found = rows.iter().find(|row| row.year == year && id(row) == *wanted);
        maybe_wan(found.map(|row| row.mean))
    };
    let years = words.run.record.years.iter();
    let cells = years.map(|&year| {
        std::iter::once(Cell::Text(year.to_string())).chain(ids.iter().map(|id| mean(year, id))).collect()
    });
    Grid { n_keys: 1, rows: cells.collect(), columns }
}

/// Paired differences of rows with their names, in ten thousands of yuan.
#[must_use]
pub fn difference_grid(words: Words<'_>, first: &str, rows: Vec<(String, &Difference)>) -> Grid {
    let columns = vec![
        column(first, Show::Text),
        column(words.pick("基准方案均值", "Mean of the base"), Show::Two),
        column(words.pick("对比方案均值", "Mean of the scenario"), Show::Two),
        column(words.pick("差额均值", "Mean difference"), Show::Two),
        column(words.pick("均值95%误差下限", "95 % error of the mean, low"), Show::Two),
        column(words.pick("均值95%误差上限", "95 % error of the mean, high"), Show::Two),
        column(words.pick("差额P5", "P5 of outcomes"), Show::Two),
        column(words.pick("差额P95", "P95 of outcomes"), Show::Two),
        column(words.pick("更贵的概率（%）", "Probability of being dearer (%)"), Show::Percent),
    ];
    let cells = |(name, row): (String, &Difference)| {
        let mut cells = vec![Cell::Text(name)];
        cells.extend(row.means.map(wan));
        cells.push(wan(row.mean));
        cells.extend([0, 1].map(|end| maybe_wan(row.mean_95.map(|ends| ends[end]))));
        cells.extend([row.outcomes[0], row.outcomes[2]].map(wan));
        cells.push(Cell::Number(row.probabilities[0]));
        cells
    };
    Grid { columns, n_keys: 1, rows: rows.into_iter().map(cells).collect() }
}
