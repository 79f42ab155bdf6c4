//! Beside what pooling saves: what it would save if counties were independent or had all risk in common, each county's
//! fair share of the pooled budget, and who pays for whom on average.

use std::collections::BTreeMap;

use super::money::Part;
use super::pooling::Saving;
use crate::stats::shapley::rounded_to;
use crate::stats::{Estimate, PerMille, Sample};

/// The most ways in which replicates of different counties are put together.
const MOST_PAIRINGS: usize = 16;

/// The groups of replicates that are left out one after the other to find an error.
const GROUPS: usize = 20;

/// Parts of a fen in which shares are held before they are rounded.
const PARTS: f64 = 1024.0;

/// The fen of all replicates of a county.
type Column = (usize, Vec<i64>);

/// Figures of some counties, in fen; `None` where there are too few replicates.
type Figures<'f> = &'f dyn Fn(&[Vec<i64>]) -> Option<Vec<f64>>;

/// The fen of all replicates by year and part, county by county.
#[derive(Debug, Clone, Default)]
pub struct Columns(BTreeMap<(u16, Part), Vec<Column>>);

/// What a county would put into the pooled budget, and what it gets out. Amounts in fen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareRow {
    /// The county's position.
    pub county: usize,
    /// The year.
    pub year: u16,
    /// One funder over all lines, or everything.
    pub part: Part,
    /// Mean spending, yuan.
    pub mean: Estimate,
    /// The 95th percentile of the county by itself.
    pub own_p95_fen: i64,
    /// Standard error of that percentile, yuan; `None` with too few replicates.
    pub own_p95_error_yuan: Option<f64>,
    /// Its share of the pooled 95th percentile by its part in the tail; the counties add up to it.
    pub fair_fen: i64,
    /// Standard error of the share, yuan; `None` with too few replicates.
    pub fair_error_yuan: Option<f64>,
    /// Paid for other counties in the mean where all pay by their fair shares, ten-thousandths of a yuan; negative:
    /// others pay for it. The counties add up to 0.
    pub net_by_share_units: i64,
    /// Its standard error, yuan; `None` with too few replicates.
    pub net_by_share_error_yuan: Option<f64>,
    /// The same where all pay alike for each resident.
    pub net_by_residents_units: i64,
    /// Its standard error, yuan; `None` below two replicates.
    pub net_by_residents_error_yuan: Option<f64>,
}

impl Columns {
    /// Adds a county; the order of counties does not matter.
    pub fn add(&mut self, key: (u16, Part), county: usize, column: Vec<i64>) {
        let own = self.0.entry(key).or_default();
        let at = own.partition_point(|(known, _)| *known < county);
        own.insert(at, (county, column));
    }

    /// What pooling saves if the counties are independent: every replicate of a county is put together with other
    /// replicates of the others. `None` where the replicates are too few for it or for its error.
    #[must_use]
    pub fn independent(&self, key: (u16, Part)) -> Option<Saving> {
        let columns = self.columns(key)?;
        let of = |columns: &[Vec<i64>]| {
            let pooled = Sample::new(paired(columns)?)?.quantile(PerMille::P95);
            Some(Saving { apart_fen: apart(columns)?, pooled_fen: pooled, error_yuan: None })
        };
        // A saving without its error says nothing, least of all where it comes out below nothing.
        let errors = left_out(&columns, &|columns| Some(vec![of(columns)?.saved_fen() as f64]))?;
        Some(Saving { error_yuan: Some(errors[0] / 100.0), ..of(&columns)? })
    }

    /// What pooling saves if all risk is common: all counties have their best, second best … year together.
    #[must_use]
    pub fn common(&self, key: (u16, Part)) -> Option<Saving> {
        let mut columns = self.columns(key)?;
        let apart_fen = apart(&columns)?;
        columns.iter_mut().for_each(|column| column.sort_unstable());
        let pooled_fen = Sample::new(summed(&columns))?.quantile(PerMille::P95);
        Some(Saving { apart_fen, pooled_fen, error_yuan: Some(0.0) })
    }

    /// Each county's share of the pooled budget; none with fewer than two counties. `residents` of each county.
    #[must_use]
    pub fn shares(&self, (year, part): (u16, Part), residents: &dyn Fn(usize) -> u64) -> Vec<ShareRow> {
        let Some(columns) = self.columns((year, part)) else { return Vec::new() };
        let counties: Vec<usize> = self.0[&(year, part)].iter().map(|(county, _)| *county).collect();
        let Some((budget, own)) = fair(&columns) else { return Vec::new() };
        // The fair shares, then what each pays for others by them: both hang on the same tail.
        let errors = left_out(&columns, &|columns| {
            let own = fair(columns)?.1;
            let net = nets(&parts_of(&own), columns);
            Some(own.into_iter().chain(net).collect())
        });
        let error_yuan = |at: usize| errors.as_ref().map(|errors| errors[at] / 100.0);
        let fair_fen = apportioned(i128::from(budget), &own);
        let heads: Vec<f64> = counties.iter().map(|&county| residents(county) as f64).collect();
        let by_residents = parts_of(&heads);
        // A hundredth of a fen is a ten-thousandth of a yuan.
        let rounded = |parts: &[f64]| {
            apportioned(0, &nets(parts, &columns).iter().map(|fen| 100.0 * fen).collect::<Vec<f64>>())
        };
        let (net_by_share, net_by_residents) = (rounded(&parts_of(&own)), rounded(&by_residents));
        let pool = summed(&columns);
        let row = |(at, &county): (usize, &usize)| {
            let sample = Sample::new(columns[at].clone())?;
            Some(ShareRow {
                county,
                year,
                part,
                mean: sample.estimate(100),
                own_p95_fen: sample.quantile(PerMille::P95),
                own_p95_error_yuan: sample.quantile_error(PerMille::P95).map(|fen| fen / 100.0),
                fair_fen: i64::try_from(fair_fen[at]).ok()?,
                fair_error_yuan: error_yuan(at),
                net_by_share_units: i64::try_from(net_by_share[at]).ok()?,
                net_by_share_error_yuan: error_yuan(columns.len() + at),
                net_by_residents_units: i64::try_from(net_by_residents[at]).ok()?,
                net_by_residents_error_yuan: paid_for_others(by_residents[at], (&pool, &columns[at]))
                    .standard_error,
            })
        };
        counties.iter().enumerate().filter_map(row).collect()
    }

    /// The shares of all years and parts.
    #[must_use]
    pub fn all_shares(&self, residents: &dyn Fn(usize) -> u64) -> Vec<ShareRow> {
        self.0.keys().flat_map(|&key| self.shares(key, residents)).collect()
    }

    fn columns(&self, key: (u16, Part)) -> Option<Vec<Vec<i64>>> {
        let own = self.0.get(&key).filter(|own| own.len() > 1)?;
        Some(own.iter().map(|(_, column)| column.clone()).collect())
    }
}

/// The sum of the counties' 95th percentiles.
fn apart(columns: &[Vec<i64>]) -> Option<i64> {
    columns.iter().map(|column| Some(Sample::new(column.clone())?.quantile(PerMille::P95))).sum()
}

/// The counties added up, replicate by replicate.
fn summed(columns: &[Vec<i64>]) -> Vec<i64> {
    let n = columns.first().map_or(0, Vec::len);
    (0..n).map(|replicate| columns.iter().map(|column| column[replicate]).sum()).collect()
}

/// The counties added up, each with another replicate than all others: in each pairing replicate r of the first county
/// goes with r + s of the second, r + 2 s of the third … `None` where there are no more replicates than counties.
fn paired(columns: &[Vec<i64>]) -> Option<Vec<i64>> {
    let n = columns.first()?.len();
    let most = n.checked_sub(1)? / columns.len();
    let sum = |step: usize, replicate: usize| -> i64 {
        let of = |(at, column): (usize, &Vec<i64>)| column[(replicate + at * step) % n];
        columns.iter().enumerate().map(of).sum()
    };
    let pairings = 1..=most.min(MOST_PAIRINGS);
    let all: Vec<i64> = pairings
        .flat_map(|step| (0..n).map(move |replicate| (step, replicate)))
        .map(|(s, r)| sum(s, r))
        .collect();
    (!all.is_empty()).then_some(all)
}

/// The pooled budget and what each county would put into it: its mean, and of what the budget has beyond the mean its
/// part in the worst 5 % of the replicates.
#[expect(clippy::cast_precision_loss, reason = "shares of amounts far below 2^53 fen")]
fn fair(columns: &[Vec<i64>]) -> Option<(i64, Vec<f64>)> {
    let pool = summed(columns);
    let budget = Sample::new(pool.clone())?.quantile(PerMille::P95);
    let mut ranked: Vec<usize> = (0..pool.len()).collect();
    ranked.sort_by_key(|&replicate| (std::cmp::Reverse(pool[replicate]), replicate));
    // The worst 5 %: in thousandths of a replicate, the last of which may count by a part.
    let part = pool.len() * 50;
    let weight = |rank: usize| (part - part.min(rank * 1000)).min(1000) as i128;
    let tail = |column: &[i64]| {
        let own = ranked.iter().take(part.div_ceil(1000)).enumerate();
        own.map(|(rank, &replicate)| weight(rank) * i128::from(column[replicate])).sum::<i128>() as f64
            / part as f64
    };
    let beyond: Vec<f64> = columns.iter().map(|column| tail(column) - mean(column)).collect();
    let (all_beyond, all_mean) = (beyond.iter().sum::<f64>(), mean(&pool));
    let of = |(column, own): (&Vec<i64>, &f64)| {
        if all_beyond > 0.0 {
            mean(column) + (budget as f64 - all_mean) * own / all_beyond
        } else {
            budget as f64 * share_of(mean(column), all_mean)
        }
    };
    Some((budget, columns.iter().zip(&beyond).map(of).collect()))
}

#[expect(clippy::cast_precision_loss, reason = "one rounding of an exact sum")]
fn mean(column: &[i64]) -> f64 {
    column.iter().map(|&fen| i128::from(fen)).sum::<i128>() as f64 / column.len().max(1) as f64
}

/// What each county pays for the others in the mean where it puts up its part of the pool's spending, fen.
fn nets(parts: &[f64], columns: &[Vec<i64>]) -> Vec<f64> {
    let means: Vec<f64> = columns.iter().map(|column| mean(column)).collect();
    let all: f64 = means.iter().sum();
    parts.iter().zip(&means).map(|(part, mean)| part * all - mean).collect()
}

/// The same of one county whose part is certain, replicate by replicate: yuan, from hundredths of a fen.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "amounts far below 2^53 fen"
)]
fn paid_for_others(part: f64, (pool, own): (&[i64], &[i64])) -> Estimate {
    let net = |(all, own): (&i64, &i64)| (100.0 * (part * *all as f64 - *own as f64)).round() as i64;
    Estimate::of(&pool.iter().zip(own).map(net).collect::<Vec<i64>>(), 10_000).unwrap_or_default()
}

/// What each amount is of their sum.
fn parts_of(amounts: &[f64]) -> Vec<f64> {
    let whole = amounts.iter().sum();
    amounts.iter().map(|amount| share_of(*amount, whole)).collect()
}

/// A part of a whole; nothing of nothing.
fn share_of(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// Amounts rounded so that they add up to a whole: what their own sum lacks is put to the largest first.
#[expect(clippy::cast_possible_truncation, reason = "amounts far within the range")]
fn apportioned(whole: i128, amounts: &[f64]) -> Vec<i128> {
    let mut parts: Vec<i128> = amounts.iter().map(|amount| (amount * PARTS).round() as i128).collect();
    let lacking = whole * PARTS as i128 - parts.iter().sum::<i128>();
    if let Some(largest) = (0..parts.len()).max_by_key(|&at| (parts[at].abs(), std::cmp::Reverse(at))) {
        parts[largest] += lacking;
    }
    rounded_to(whole, &parts, PARTS as i128).unwrap_or_default()
}

/// The standard errors of figures of some counties by the jackknife: twenty groups of replicates are left out one after
/// the other. For percentiles groups must hold many replicates (J. Shao and C. F. J. Wu, *Annals of Statistics* 17 (1989)
/// 1176-1197, doi:10.1214/aos/1176347263): `None` below the replicates from which a 95th percentile can be told.
#[expect(clippy::cast_precision_loss, reason = "a number of groups")]
fn left_out(columns: &[Vec<i64>], figures: Figures<'_>) -> Option<Vec<f64>> {
    let n = columns.first()?.len();
    if (n as u64) < PerMille::P95.fewest_replicates()? {
        return None;
    }
    let without = |group: usize| {
        let rest = |column: &Vec<i64>| -> Vec<i64> {
            let kept = column.iter().enumerate().filter(|(at, _)| at % GROUPS != group);
            kept.map(|(_, &fen)| fen).collect()
        };
        figures(&columns.iter().map(rest).collect::<Vec<_>>())
    };
    let all: Vec<Vec<f64>> = (0..GROUPS).map(without).collect::<Option<_>>()?;
    let error = |at: usize| {
        let mean = all.iter().map(|figures| figures[at]).sum::<f64>() / GROUPS as f64;
        let squares: f64 = all.iter().map(|figures| (figures[at] - mean).powi(2)).sum();
        (squares * (GROUPS - 1) as f64 / GROUPS as f64).sqrt()
    };
    Some((0..all[0].len()).map(error).collect())
}

#[cfg(test)]
#[path = "pooled_tests.rs"]
mod tests;
