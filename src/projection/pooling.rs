//! What pooling the counties' funds saves: each county's reserve for itself against one reserve for all.
//!
//! The saving is a difference of percentiles of the same replicates, so its error is not the sum of theirs. It is
//! worked out by the infinitesimal jackknife (Efron, *The Jackknife, the Bootstrap and Other Resampling Plans*, 1982):
//! a replicate moves a percentile q by about (p − 1{x ≤ q}) / f(q), the density f being the one that is behind the
//! percentile's own error ([`crate::stats::Sample::quantile_error`]). The moves of all counties and of the pool are
//! added up within each replicate, whole fen, in any order; their spread gives the error.

use std::collections::BTreeMap;

use super::figure::moves;
use super::money::{MoneyRow, Part, Spending};
use super::pooled::Columns;
use crate::stats::{Estimate, PerMille, margin_95};

/// The budget that is enough in 95 % of the replicates, county by county and pooled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolingRow {
    /// The year.
    pub year: u16,
    /// One funder over all lines, or everything.
    pub part: Part,
    /// With the dependence of the model.
    pub model: Saving,
    /// Standard error of the sum of the counties' percentiles, yuan; `None` with too few replicates.
    pub apart_error_yuan: Option<f64>,
    /// Standard error of the percentile of the counties together, yuan.
    pub pooled_error_yuan: Option<f64>,
    /// If the counties were independent; `None` where the replicates are too few for it or for its error.
    pub independent: Option<Saving>,
    /// If all risk were common.
    pub common: Option<Saving>,
}

/// What pooling saves, with its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saving {
    /// The sum of the counties' 95th percentiles, fen.
    pub apart_fen: i64,
    /// The 95th percentile of the counties together, fen.
    pub pooled_fen: i64,
    /// Standard error of the saving, yuan; `None` with too few replicates.
    pub error_yuan: Option<f64>,
}

/// What can be said of a saving, given its error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Pooling needs a smaller reserve.
    Saves,
    /// Pooling needs a larger reserve (quantiles may do that).
    Costs,
    /// The saving cannot be told from 0: 0 lies within its 95 % error.
    NotDistinguishable,
    /// The replicates are too few to give the saving an error.
    Unknown,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Saves, Self::Costs, Self::NotDistinguishable, Self::Unknown];

    /// The word in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Saves => "saves",
            Self::Costs => "costs",
            Self::NotDistinguishable => "not_distinguishable_from_0",
            Self::Unknown => "too_few_replicates",
        }
    }
}

impl Saving {
    /// What pooling saves, fen; negative where it costs.
    #[must_use]
    pub const fn saved_fen(&self) -> i64 {
        self.apart_fen - self.pooled_fen
    }

    /// Half the width of the 95 % interval of the saving, yuan.
    #[must_use]
    pub fn margin_95_yuan(&self) -> Option<f64> {
        self.error_yuan.map(margin_95)
    }

    /// What can be said of the saving.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let saved = crate::units::Fen(self.saved_fen()).yuan();
        match self.margin_95_yuan() {
            None => Verdict::Unknown,
            Some(margin) if saved.abs() <= margin => Verdict::NotDistinguishable,
            Some(_) if saved > 0.0 => Verdict::Saves,
            Some(_) if saved < 0.0 => Verdict::Costs,
            Some(_) => Verdict::NotDistinguishable,
        }
    }
}

/// How each replicate moves the sum of the counties' reserves, by year and part; grows with the replicates only.
#[derive(Debug, Clone, Default)]
pub struct Reserves(BTreeMap<(u16, Part), Option<Vec<i64>>>);

/// The standard errors of what pooling compares, yuan; `None` with too few replicates.
#[derive(Debug, Clone, Copy, Default)]
struct Errors {
    apart: Option<f64>,
    saved: Option<f64>,
}

impl Reserves {
    /// Adds a county: the fen of all replicates with what they come to.
    pub fn add(&mut self, key: (u16, Part), column: &[i64], spending: &Spending) {
        let sums = self.0.entry(key).or_insert_with(|| Some(vec![0; column.len()]));
        match (reserve_moves(column, spending), sums.as_mut()) {
            (Some(moved), Some(sums)) => sums.iter_mut().zip(moved).for_each(|(sum, moved)| *sum += moved),
            _ => *sums = None,
        }
    }

    /// The errors of the counties' sum, and of what is left of it once the pool is taken off.
    fn errors(&self, key: (u16, Part), pool: &[i64], spending: &Spending) -> Errors {
        let Some(sums) = self.0.get(&key).and_then(Option::as_ref) else { return Errors::default() };
        let error = |moved: &[i64]| Estimate::of(moved, 100).and_then(|moved| moved.standard_error);
        let saved = reserve_moves(pool, spending).map(|pooled| -> Vec<i64> {
            sums.iter().zip(pooled).map(|(apart, pooled)| apart - pooled).collect()
        });
        Errors { apart: error(sums), saved: saved.and_then(|moved| error(&moved)) }
    }
}

/// How each replicate moves a 95th percentile, fen; `None` where it has no error.
fn reserve_moves(column: &[i64], spending: &Spending) -> Option<Vec<i64>> {
    let error_fen = spending.p95_error_yuan? * 100.0;
    Some(moves(column, (PerMille::P95, spending.p95_fen), error_fen).collect())
}

/// One row for each year and funder and for all funders; none with fewer than two counties. `reserves` and `columns`
/// hold the counties, `pool` gives the fen of all replicates of the counties together.
#[must_use]
pub fn rows(
    money: &[MoneyRow],
    (reserves, columns): (&Reserves, &Columns),
    pool: &dyn Fn(u16, &Part) -> Vec<i64>,
) -> Vec<PoolingRow> {
    let pooled = money.iter().filter(|row| row.county.is_none() && row.part.line.is_none());
    pooled
        .filter_map(|all| {
            let same = |row: &&MoneyRow| row.county.is_some() && row.year == all.year && row.part == all.part;
            let apart: Vec<i64> = money.iter().filter(same).map(|row| row.spending.p95_fen).collect();
            if apart.len() < 2 {
                return None;
            }
            let key = (all.year, all.part);
            let errors = reserves.errors(key, &pool(all.year, &all.part), &all.spending);
            Some(PoolingRow {
                year: all.year,
                part: all.part,
                model: Saving {
                    apart_fen: apart.iter().sum(),
                    pooled_fen: all.spending.p95_fen,
                    error_yuan: errors.saved,
                },
                apart_error_yuan: errors.apart,
                pooled_error_yuan: all.spending.p95_error_yuan,
                independent: columns.independent(key),
                common: columns.common(key),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three counties that share a shock, `n` replicates; what pooling saves and its error.
    fn one(uniform: &mut impl FnMut() -> f64, n: usize) -> PoolingRow {
        let mut columns: [Vec<i64>; 4] = Default::default();
        for _ in 0..n {
            let shock = uniform();
            let counties: [i64; 3] =
                [1e6, 2e6, 3e6].map(|scale| (-uniform().ln() * scale + 2e6 * shock) as i64);
            let pool = counties.iter().sum();
            columns
                .iter_mut()
                .zip(counties.into_iter().chain([pool]))
                .for_each(|(column, fen)| column.push(fen));
        }
        let key = (2025, Part::TOTAL);
        let (mut reserves, mut money) = (Reserves::default(), Vec::new());
        for (county, column) in columns.iter().enumerate() {
            let spending = Spending::of(column.clone()).unwrap();
            let county = (county < 3).then_some(county);
            if county.is_some() {
                reserves.add(key, column, &spending);
            }
            money.push(MoneyRow { county, year: key.0, part: key.1, spending });
        }
        rows(&money, (&reserves, &Columns::default()), &|_, _| columns[3].clone())[0]
    }

    /// The error against brute force: the spread of the saving over 1,000 independent runs.
    #[test]
    fn val_the_error_of_the_saving_is_its_spread_over_repeated_runs() {
        let mut state = 7_u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        let runs: Vec<PoolingRow> = (0..1000).map(|_| one(&mut uniform, 400)).collect();
        let saved: Vec<i64> = runs.iter().map(|row| row.model.saved_fen()).collect();
        let spread = Estimate::of(&saved, 100).unwrap().sd.unwrap();
        let error = runs.iter().map(|row| row.model.error_yuan.unwrap()).sum::<f64>() / 1000.0;
        assert!((0.9..1.2).contains(&(error / spread)), "{error} {spread}");
    }

    #[test]
    fn exact_a_saving_is_called_by_its_error() {
        let row = |apart_fen, error_yuan| Saving { apart_fen, pooled_fen: 100_000, error_yuan };
        // 1.96 × 100 yuan: 19,600 fen.
        assert_eq!(row(119_700, Some(100.0)).verdict(), Verdict::Saves);
        assert_eq!(row(119_500, Some(100.0)).verdict(), Verdict::NotDistinguishable);
        assert_eq!(row(80_300, Some(100.0)).verdict(), Verdict::Costs);
        assert_eq!(row(100_000, Some(0.0)).verdict(), Verdict::NotDistinguishable);
        assert_eq!(row(200_000, None).verdict(), Verdict::Unknown);
    }

    #[test]
    fn exact_too_few_replicates_give_no_error() {
        let mut numbers = (1..).map(|n| 1.0 / f64::from(n));
        assert_eq!(one(&mut || numbers.next().unwrap(), 20).model.error_yuan, None);
    }
}
