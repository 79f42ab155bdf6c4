//! Money by county, year, line and funder: the rows of `projection.csv`.

use crate::simulation::facts::{Fact, FactLayout, MONTHS};
use crate::simulation::outcome::{Cell, CountyOutcome};
use crate::stats::{Estimate, PerMille, Sample};

/// Which cells a row adds up: one line or all, one funder or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The line; `None` for the total of the lines.
    pub line: Option<usize>,
    /// The funder; `None` for the total of the funders.
    pub funder: Option<usize>,
}

impl Part {
    /// All lines and funders.
    pub const TOTAL: Self = Self { line: None, funder: None };

    /// All lines of one funder.
    #[must_use]
    pub const fn funder(funder: usize) -> Self {
        Self { line: None, funder: Some(funder) }
    }

    /// Whether a cell belongs to it.
    #[must_use]
    pub fn includes(&self, cell: &Cell) -> bool {
        self.line.is_none_or(|line| line == cell.line)
            && self.funder.is_none_or(|funder| funder == cell.funder)
    }
}

/// All parts of a set of cells: each line with its funders and its total, then the total of each funder, then
/// the total of everything.
#[must_use]
pub fn parts(cells: &[Cell]) -> Vec<Part> {
    let lines: std::collections::BTreeSet<usize> = cells.iter().map(|cell| cell.line).collect();
    let funders: std::collections::BTreeSet<usize> = cells.iter().map(|cell| cell.funder).collect();
    let mut parts = Vec::new();
    for &line in &lines {
        let own = cells.iter().filter(|cell| cell.line == line);
        parts.extend(own.map(|cell| Part { line: Some(line), funder: Some(cell.funder) }));
        parts.push(Part { line: Some(line), funder: None });
    }
    parts.extend(funders.into_iter().map(Part::funder));
    parts.push(Part::TOTAL);
    parts
}

/// What of the money of a year is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slice {
    /// All of it.
    Year,
    /// What falls due in a month: January 0, [`AFTER_THE_YEAR`](crate::simulation::facts::AFTER_THE_YEAR).
    Month(usize),
    /// What is for the people of a category: its rank, or ordinary residents.
    People(usize),
}

impl Slice {
    /// All months of a year, with what falls due after it.
    pub fn months() -> impl Iterator<Item = Self> {
        (0..MONTHS).map(Self::Month)
    }

    /// The fact of a cell.
    #[must_use]
    pub const fn fact(self, cell: usize) -> Fact {
        match self {
            Self::Year => Fact::Money { cell },
            Self::Month(month) => Fact::MoneyInMonth { cell, month },
            Self::People(row) => Fact::MoneyForPeople { cell, row },
        }
    }
}

/// The money of one county or of several added up: fen by year, replicate and fact; what rules did is not kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trials {
    n_replicates: usize,
    layout: FactLayout,
    fen: Vec<i64>,
}

impl Trials {
    /// Zero everywhere.
    #[must_use]
    pub fn zero(n_years: usize, n_replicates: usize, layout: FactLayout) -> Self {
        let layout = FactLayout { n_rules: 0, ..layout };
        Self { n_replicates, layout, fen: vec![0; n_years * n_replicates * layout.n_kept()] }
    }

    /// Adds a county, replicate by replicate.
    pub fn add(&mut self, outcome: &CountyOutcome) {
        // Money comes first among what is kept of a replicate.
        let own = self.fen.chunks_exact_mut(self.layout.n_kept().max(1));
        for (sums, kept) in own.zip(outcome.kept.chunks_exact(outcome.layout.n_kept().max(1))) {
            sums.iter_mut().zip(kept).for_each(|(sum, fen)| *sum += fen);
        }
    }

    /// The fen of each replicate in one year, over the cells of a part.
    #[must_use]
    pub fn column(&self, year: usize, cells: &[Cell], (part, slice): (&Part, Slice)) -> Vec<i64> {
        column(&self.fen, (self.n_replicates, &self.layout, year), cells, (part, slice))
    }
}

/// The fen of each replicate of a county in one year, over the cells of a part.
#[must_use]
pub fn county_column(
    outcome: &CountyOutcome,
    year: usize,
    cells: &[Cell],
    (part, slice): (&Part, Slice),
) -> Vec<i64> {
    column(&outcome.kept, (outcome.n_replicates, &outcome.layout, year), cells, (part, slice))
}

fn column(
    fen: &[i64],
    (n_replicates, layout, year): (usize, &FactLayout, usize),
    cells: &[Cell],
    (part, slice): (&Part, Slice),
) -> Vec<i64> {
    let mut sums = vec![0; n_replicates];
    let own = &fen[year * n_replicates * layout.n_kept()..];
    for (cell, _) in cells.iter().enumerate().filter(|(_, cell)| part.includes(cell)) {
        let place = layout.place(slice.fact(cell));
        for (sum, trial) in sums.iter_mut().zip(own.chunks_exact(layout.n_kept().max(1))) {
            *sum += trial[place];
        }
    }
    sums
}

/// How an amount varies between replicates; quantiles by [`Sample::quantile`] in whole fen, the rest in yuan.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Spending {
    /// Mean, standard deviation and standard error, yuan.
    pub yuan: Estimate,
    /// 5th percentile, fen.
    pub p05_fen: i64,
    /// 25th percentile, fen.
    pub p25_fen: i64,
    /// Median, fen.
    pub p50_fen: i64,
    /// 75th percentile, fen.
    pub p75_fen: i64,
    /// 90th percentile, fen.
    pub p90_fen: i64,
    /// 95th percentile, fen.
    pub p95_fen: i64,
    /// 99th percentile, fen.
    pub p99_fen: i64,
    /// Mean of the worst 5 % of the replicates, yuan.
    pub tvar95_yuan: f64,
    /// Standard error of the median, yuan, see [`Sample::quantile_error`]; `None` with too few replicates.
    pub p50_error_yuan: Option<f64>,
    /// Standard error of the 90th percentile, yuan.
    pub p90_error_yuan: Option<f64>,
    /// Standard error of the 95th percentile, yuan.
    pub p95_error_yuan: Option<f64>,
}

impl Spending {
    /// Summarises the fen of all replicates; `None` without any.
    #[must_use]
    pub fn of(fen: Vec<i64>) -> Option<Self> {
        let sample = Sample::new(fen)?;
        let error_yuan = |at| sample.quantile_error(at).map(|fen| fen / 100.0);
        Some(Self {
            yuan: sample.estimate(100),
            p05_fen: sample.quantile(PerMille::P05),
            p25_fen: sample.quantile(PerMille::P25),
            p50_fen: sample.quantile(PerMille::P50),
            p75_fen: sample.quantile(PerMille::P75),
            p90_fen: sample.quantile(PerMille::P90),
            p95_fen: sample.quantile(PerMille::P95),
            p99_fen: sample.quantile(PerMille::P99),
            tvar95_yuan: sample.tail_mean(PerMille::P95) / 100.0,
            p50_error_yuan: error_yuan(PerMille::P50),
            p90_error_yuan: error_yuan(PerMille::P90),
            p95_error_yuan: error_yuan(PerMille::P95),
        })
    }

    /// The percentiles that budgets are read from, P50, P90 and P95, in yuan, each with its standard error.
    #[must_use]
    pub fn budgets_yuan(&self) -> [(f64, Option<f64>); 3] {
        let yuan = |fen: i64| crate::units::Fen(fen).yuan();
        [
            (yuan(self.p50_fen), self.p50_error_yuan),
            (yuan(self.p90_fen), self.p90_error_yuan),
            (yuan(self.p95_fen), self.p95_error_yuan),
        ]
    }

    /// Percentiles with their names, in fen, in the order of the tables.
    #[must_use]
    pub const fn percentiles_fen(&self) -> [i64; 7] {
        [self.p05_fen, self.p25_fen, self.p50_fen, self.p75_fen, self.p90_fen, self.p95_fen, self.p99_fen]
    }
}

/// A row of what falls due in a month, or is for a category.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SliceRow {
    /// Which part of the year's money.
    pub slice: Slice,
    /// County, year, line or funder, and the amounts.
    pub row: MoneyRow,
}

/// One row: a county or all, a year, a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MoneyRow {
    /// The county's position; `None` for all counties, added up within each replicate.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// Line and funder.
    pub part: Part,
    /// The amounts.
    pub spending: Spending,
}

/// The rows of one county or of all, for every year and part.
pub fn rows(
    county: Option<usize>,
    years: &[u16],
    cells: &[Cell],
    column: impl Fn(usize, &Part) -> Vec<i64>,
) -> Vec<MoneyRow> {
    let parts = parts(cells);
    let mut rows = Vec::with_capacity(years.len() * parts.len());
    for (position, &year) in years.iter().enumerate() {
        for part in &parts {
            if let Some(spending) = Spending::of(column(position, part)) {
                rows.push(MoneyRow { county, year, part: *part, spending });
            }
        }
    }
    rows
}

/// The rows of one county or of all by month and by category: each line, each funder and the total.
pub fn slice_rows(
    county: Option<usize>,
    years: &[u16],
    (cells, n_people): (&[Cell], usize),
    column: impl Fn(usize, (&Part, Slice)) -> Vec<i64>,
) -> Vec<SliceRow> {
    let parts: Vec<Part> =
        parts(cells).into_iter().filter(|part| part.line.is_none() || part.funder.is_none()).collect();
    let slices: Vec<Slice> = Slice::months().chain((0..n_people).map(Slice::People)).collect();
    let mut rows = Vec::with_capacity(years.len() * slices.len() * parts.len());
    for (position, &year) in years.iter().enumerate() {
        for &slice in &slices {
            for part in &parts {
                if let Some(spending) = Spending::of(column(position, (part, slice))) {
                    rows.push(SliceRow { slice, row: MoneyRow { county, year, part: *part, spending } });
                }
            }
        }
    }
    rows
}
