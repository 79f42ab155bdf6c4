//! Rows of (county, year, value) as a table: counties in order of first appearance, years ascending.

use super::error::ChartError;
use fundcast_engine::lang::Lang;

/// A value for each county and year; a pair without a row is `None`, never zero.
#[derive(Debug, Clone)]
pub(super) struct Table<T> {
    /// County names.
    pub(super) counties: Vec<String>,
    /// Years, ascending.
    pub(super) years: Vec<i32>,
    /// `cells[county][year]`.
    pub(super) cells: Vec<Vec<Option<T>>>,
}

impl<T: Copy> Table<T> {
    /// Sorts the rows into a table; two rows for one county and year are an error.
    pub(super) fn of(chart: &'static str, rows: &[(&str, i32, T)]) -> Result<Self, ChartError> {
        if rows.is_empty() {
            return Err(ChartError::NoData { chart });
        }
        let mut counties: Vec<String> = Vec::new();
        let mut years: Vec<i32> = rows.iter().map(|row| row.1).collect();
        years.sort_unstable();
        years.dedup();
        let mut cells: Vec<Vec<Option<T>>> = Vec::new();
        for &(county, year, value) in rows {
            let row = counties.iter().position(|name| name == county).unwrap_or_else(|| {
                counties.push(county.to_owned());
                cells.push(vec![None; years.len()]);
                counties.len() - 1
            });
            let column = years.partition_point(|&y| y < year);
            if cells[row][column].replace(value).is_some() {
                return Err(ChartError::Twice { chart, what: format!("{county} {year}") });
            }
        }
        Ok(Self { counties, years, cells })
    }

    /// The value of a county in a year.
    pub(super) fn get(&self, county: &str, year: i32) -> Option<T> {
        let row = self.counties.iter().position(|name| name == county)?;
        let column = self.years.iter().position(|&y| y == year)?;
        self.cells[row][column]
    }

    /// Every value.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.cells.iter().flatten().flatten()
    }

    /// The table of the latest year alone, without the counties that have no value in it.
    pub(super) fn latest(&self) -> Self {
        let last = self.years.len() - 1;
        let kept: Vec<usize> = (0..self.counties.len()).filter(|&i| self.cells[i][last].is_some()).collect();
        Self {
            counties: kept.iter().map(|&i| self.counties[i].clone()).collect(),
            years: vec![self.years[last]],
            cells: kept.iter().map(|&i| vec![self.cells[i][last]]).collect(),
        }
    }

    /// The counties in descending order of `key` of their last value; equal ones keep their order.
    pub(super) fn sorted_by(&self, key: impl Fn(&T) -> f64) -> Self {
        let weight = |i: usize| self.cells[i].last().and_then(Option::as_ref).map_or(f64::NEG_INFINITY, &key);
        let mut order: Vec<usize> = (0..self.counties.len()).collect();
        order.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)));
        Self {
            counties: order.iter().map(|&i| self.counties[i].clone()).collect(),
            years: self.years.clone(),
            cells: order.iter().map(|&i| self.cells[i].clone()).collect(),
        }
    }

    /// Some of the counties, by their positions.
    pub(super) fn part(&self, range: std::ops::Range<usize>) -> Self {
        Self {
            counties: self.counties[range.clone()].to_vec(),
            years: self.years.clone(),
            cells: self.cells[range].to_vec(),
        }
    }
}

/// Pages of nearly equal length for `n` rows, at most `most` on each; one page for none.
pub(super) fn pages(n: usize, most: usize) -> Vec<std::ops::Range<usize>> {
    let n_pages = n.div_ceil(most.max(1)).max(1);
    (0..n_pages).map(|page| page * n / n_pages..(page + 1) * n / n_pages).collect()
}

/// Which ranks stand on a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranks<'r> {
    /// What the counties are ranked by.
    pub(super) by: &'r str,
    /// The page, from 0.
    pub(super) page: usize,
    /// All pages.
    pub(super) pages: &'r [std::ops::Range<usize>],
    /// The language.
    pub(super) lang: Lang,
}

impl Ranks<'_> {
    /// The note under the page.
    pub(super) fn note(&self) -> String {
        let Self { by, pages, .. } = *self;
        let (n_pages, n) = (pages.len(), pages.last().map_or(0, |last| last.end));
        let ranks = pages.get(self.page).cloned().unwrap_or_default();
        let (first, last, page) = (ranks.start + 1, ranks.end, self.page + 1);
        match (n_pages, self.lang) {
            (1, Lang::Zh) => format!("按{by}从大到小排列。"),
            (1, Lang::En) => format!("In descending order of {by}."),
            (_, Lang::Zh) => format!(
                "按{by}从大到小排列，第{first}至{last}名，共{n}个县（市、区）；第{page}页，共{n_pages}页，各页刻度不同。"
            ),
            (_, Lang::En) => format!(
                "In descending order of {by}: {first} to {last} of {n} counties, page {page} of {n_pages}; each page has its own scale."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_pages_hold_every_row_once() {
        assert_eq!(pages(111, 28), [0..27, 27..55, 55..83, 83..111]);
        assert_eq!(pages(28, 28).len(), 1);
        assert_eq!(pages(28, 28)[0], 0..28);
        assert_eq!(pages(0, 28)[0], 0..0);
    }

    #[test]
    fn exact_rows_find_their_cells() {
        let table = Table::of("t", &[("b", 2026, 1), ("a", 2025, 2), ("b", 2025, 3)]).unwrap();
        assert_eq!(table.counties, ["b", "a"]);
        assert_eq!(table.years, [2025, 2026]);
        assert_eq!(table.cells, [[Some(3), Some(1)], [Some(2), None]]);
        assert_eq!(table.latest().counties, ["b"]);
        assert!(matches!(Table::of("t", &[("a", 1, 0), ("a", 1, 0)]), Err(ChartError::Twice { .. })));
    }
}
