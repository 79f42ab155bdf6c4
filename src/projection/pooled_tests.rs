//! Pooling of counties whose dependence is known.

use super::*;
use crate::projection::pooling::Verdict;
use crate::stats::Estimate;

const KEY: (u16, Part) = (2025, Part::TOTAL);

fn uniforms(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// A sum of twelve uniforms: mean 6, variance 1, near normal.
fn bell(uniform: &mut impl FnMut() -> f64) -> f64 {
    (0..12).map(|_| uniform()).sum()
}

fn columns(of: &[Vec<i64>]) -> Columns {
    let mut columns = Columns::default();
    // The order in which they come does not matter.
    for (county, column) in of.iter().enumerate().rev() {
        columns.add(KEY, county, column.clone());
    }
    columns
}

/// Equal independent counties need a reserve beyond their means that grows with √n, in the model as in the bound.
#[test]
fn val_equal_independent_counties_follow_the_root_of_n() {
    let mut uniform = uniforms(11);
    for n in [4_usize, 16] {
        let all: Vec<Vec<i64>> =
            (0..n).map(|_| (0..4000).map(|_| (1e6 * bell(&mut uniform)) as i64).collect()).collect();
        let means: f64 = all.iter().map(|column| mean(column)).sum();
        let saving = columns(&all).independent(KEY).unwrap();
        let reserve = |fen: i64| fen as f64 - means;
        let ratio = reserve(saving.apart_fen) / reserve(saving.pooled_fen);
        let expected = (n as f64).sqrt();
        assert!((ratio / expected - 1.0).abs() < 0.04, "{n}: {ratio}");
        assert_eq!(saving.verdict(), Verdict::Saves);
        let pooled = Sample::new(summed(&all)).unwrap().quantile(PerMille::P95);
        // The model's own pairing is one of many.
        assert!((reserve(pooled) / reserve(saving.pooled_fen) - 1.0).abs() < 0.1);
    }
}

/// Counties of different size whose risk is wholly common save nothing, and each pays its own; independent they would.
#[test]
fn exact_a_perfectly_common_shock_saves_nothing() {
    let mut uniform = uniforms(5);
    let shocks: Vec<i64> = (0..200).map(|_| (1e6 * uniform()) as i64).collect();
    let all: Vec<Vec<i64>> =
        (1..=4).map(|scale| shocks.iter().map(|shock| scale * shock).collect()).collect();
    let columns = columns(&all);
    let common = columns.common(KEY).unwrap();
    assert_eq!((common.saved_fen(), common.verdict()), (0, Verdict::NotDistinguishable));
    let pool = Sample::new(summed(&all)).unwrap().quantile(PerMille::P95);
    assert_eq!(common.pooled_fen, pool, "the model's dependence is the common one");
    assert!(columns.independent(KEY).unwrap().saved_fen() > 0);
    for row in columns.shares(KEY, &|_| 1000) {
        assert!((row.fair_fen - row.own_p95_fen).abs() <= 1, "{row:?}");
        assert_eq!(row.net_by_share_units, 0, "{row:?}");
    }
}

/// Shares add up to the pooled budget and payments for others to nothing, to the last unit; who varies more pays more of
/// the reserve.
#[test]
fn exact_shares_add_up() {
    let mut uniform = uniforms(3);
    let all: Vec<Vec<i64>> = (0..7)
        .map(|county| (0..333).map(|_| (1e5 * f64::from(county + 1) * uniform()) as i64 + 777_777).collect())
        .collect();
    let rows = columns(&all).shares(KEY, &|county| 1000 + 17 * county as u64);
    let budget = Sample::new(summed(&all)).unwrap().quantile(PerMille::P95);
    assert_eq!(rows.iter().map(|row| row.fair_fen).sum::<i64>(), budget);
    assert_eq!(rows.iter().map(|row| row.net_by_share_units).sum::<i64>(), 0);
    assert_eq!(rows.iter().map(|row| row.net_by_residents_units).sum::<i64>(), 0);
    assert!(rows.iter().all(|row| row.fair_error_yuan.is_some_and(|error| error > 0.0)));
    let loading = |row: &ShareRow| row.fair_fen as f64 / 100.0 - row.mean.mean;
    assert!(loading(&rows[6]) > loading(&rows[0]));
}

/// Two counties, 20 replicates: the worst 5 % is the one replicate in which the first has 300 and the second 100 above
/// what they have else. Pool 400 in nineteen, 800 in one: P95 is 400 (the 19th), below the mean 420. By hand: means 215
/// and 205; tail 500 and 300; beyond the mean 285 and 95, three to one; −20 of reserve: 215 − 15 and 205 − 5.
#[test]
fn exact_a_share_by_hand() {
    let column =
        |extra: i64| -> Vec<i64> { (0..20).map(|at| 200 + if at == 4 { extra } else { 0 }).collect() };
    let rows = columns(&[column(300), column(100)]).shares(KEY, &|_| 500);
    assert_eq!(rows.iter().map(|row| row.fair_fen).collect::<Vec<_>>(), [200, 200]);
    // By residents each pays 210 of 420: the second pays 5 fen, 500 hundredths, for the first.
    assert_eq!(rows.iter().map(|row| row.net_by_residents_units).collect::<Vec<_>>(), [-500, 500]);
    assert_eq!(rows[0].fair_error_yuan, None, "too few replicates");
}

#[test]
fn exact_one_county_and_few_replicates_give_nothing() {
    assert!(columns(&[vec![1, 2, 3]]).independent(KEY).is_none());
    assert!(columns(&[vec![1, 2, 3]]).shares(KEY, &|_| 1).is_empty());
    let few = columns(&[vec![1, 2, 3], vec![1, 2, 3], vec![1, 2, 3]]);
    assert!(few.independent(KEY).is_none() && few.common(KEY).is_some_and(|saving| saving.saved_fen() == 0));
}

/// The error of the saving of independent counties against brute force, its spread over independent runs: a jackknife of
/// percentiles is rather too large, here by four tenths, and not too small.
#[test]
fn val_the_error_is_the_spread_over_repeated_runs() {
    let mut uniform = uniforms(17);
    let savings: Vec<Saving> = (0..300)
        .map(|_| {
            let all: Vec<Vec<i64>> =
                (0..3).map(|_| (0..400).map(|_| (-uniform().ln() * 1e6) as i64).collect()).collect();
            columns(&all).independent(KEY).unwrap()
        })
        .collect();
    let saved: Vec<i64> = savings.iter().map(Saving::saved_fen).collect();
    let spread = Estimate::of(&saved, 100).unwrap().sd.unwrap();
    let error = savings.iter().map(|saving| saving.error_yuan.unwrap()).sum::<f64>() / 300.0;
    assert!((0.95..1.6).contains(&(error / spread)), "{error} {spread}");
}

/// What a county pays for others in the mean has the error of that payment between independent runs: by residents to the
/// point, by fair shares a jackknife of the tail, rather too large.
#[test]
fn val_the_error_of_what_is_paid_for_others_is_its_spread() {
    let mut uniform = uniforms(23);
    let runs: Vec<ShareRow> = (0..300)
        .map(|_| {
            let column = |scale: f64, uniform: &mut dyn FnMut() -> f64| -> Vec<i64> {
                (0..400).map(|_| (-uniform().ln() * scale) as i64).collect()
            };
            let all = [1e6, 2e6, 3e6].map(|scale| column(scale, &mut uniform));
            columns(&all).shares(KEY, &|_| 1000)[0]
        })
        .collect();
    let held = |of: fn(&ShareRow) -> (i64, Option<f64>)| {
        let nets: Vec<i64> = runs.iter().map(|row| of(row).0).collect();
        let spread = Estimate::of(&nets, 10_000).unwrap().sd.unwrap();
        runs.iter().map(|row| of(row).1.unwrap()).sum::<f64>() / 300.0 / spread
    };
    let by_residents = held(|row| (row.net_by_residents_units, row.net_by_residents_error_yuan));
    assert!((0.9..1.1).contains(&by_residents), "{by_residents}");
    let by_share = held(|row| (row.net_by_share_units, row.net_by_share_error_yuan));
    assert!((0.85..1.6).contains(&by_share), "{by_share}");
}
