//! What pooling the counties' funds saves: each county's reserve for itself against one reserve for all.

use super::money::{MoneyRow, Part};

/// The budget that is enough in 95 % of the replicates, county by county and pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolingRow {
    /// The year.
    pub year: u16,
    /// One funder over all lines, or everything.
    pub part: Part,
    /// The sum of the counties' 95th percentiles, fen.
    pub apart_fen: i64,
    /// The 95th percentile of the counties together, fen.
    pub pooled_fen: i64,
}

impl PoolingRow {
    /// What pooling saves, fen; negative where it costs (quantiles may do that).
    #[must_use]
    pub const fn saved_fen(&self) -> i64 {
        self.apart_fen - self.pooled_fen
    }
}

/// One row for each year and funder and for all funders; none with fewer than two counties.
#[must_use]
pub fn rows(money: &[MoneyRow]) -> Vec<PoolingRow> {
    let pooled = money.iter().filter(|row| row.county.is_none() && row.part.line.is_none());
    pooled
        .filter_map(|all| {
            let same = |row: &&MoneyRow| row.county.is_some() && row.year == all.year && row.part == all.part;
            let apart: Vec<i64> = money.iter().filter(same).map(|row| row.spending.p95_fen).collect();
            (apart.len() > 1).then(|| PoolingRow {
                year: all.year,
                part: all.part,
                apart_fen: apart.iter().sum(),
                pooled_fen: all.spending.p95_fen,
            })
        })
        .collect()
}
