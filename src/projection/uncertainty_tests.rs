//! Parts of a spread that are known beforehand.

use super::money::{Part, Slice};
use super::uncertainty::{Effects, Origin, UncertaintyRow, county_rows, rows_of_all};
use crate::rng::{Draws, Key, Purpose, uniform};
use crate::simulation::drivers::{Drivers, OF_MODEL};
use crate::simulation::outcome::Cell;

const N: usize = 4000;

/// Standard normals of a replicate: number 0 to 15.
fn normal(county: usize, replicate: usize, number: usize) -> f64 {
    let key = Key { person: number as u32, replicate: replicate as u32, county: county as u32 + 1, year: 0 };
    let [first, second, ..] = Draws::new(5).block(key, Purpose::Parameter, 0);
    (-2.0 * uniform(first).ln()).sqrt() * (std::f64::consts::TAU * uniform(second)).cos()
}

/// Spending of a county: 100 million fen for a category whose persons vary by a tenth, a shock of 5 million that all
/// counties share, one of its own of 10 million, and luck of 2 million.
struct County {
    drivers: Drivers,
    fen: Vec<i64>,
    of_category: Vec<i64>,
}

fn county(number: usize) -> County {
    let mut drivers = Drivers::of_numbers((1, N), 1);
    let (mut fen, mut of_category) = (Vec::new(), Vec::new());
    for replicate in 0..N {
        let mut values: Vec<f64> = vec![0.0; OF_MODEL.len()];
        values[0] = normal(99, replicate, 0);
        values[3] = normal(number, replicate, 3);
        // A parameter that moves nothing.
        values[9] = normal(98, replicate, 9);
        let persons = 1.0 + 0.1 * normal(number, replicate, 1);
        let money = 1e8 * persons;
        let luck = 2e6 * normal(number, replicate, 2);
        of_category.push(money.round() as i64);
        fen.push((money + 5e6 * values[0] + 1e7 * values[3] + luck).round() as i64);
        values.push(persons);
        drivers.put((0, replicate), &values);
    }
    County { drivers, fen, of_category }
}

fn column(of: &County) -> impl Fn(usize, (&Part, Slice)) -> Vec<i64> + '_ {
    |_, (_, slice)| match slice {
        Slice::People(0) => of.of_category.clone(),
        _ => of.fen.clone(),
    }
}

fn find(rows: &[UncertaintyRow], origin: Origin) -> UncertaintyRow {
    *rows.iter().find(|row| row.origin == origin && row.funder.is_none()).unwrap()
}

/// Variances of a county in units of 10¹² fen²: counts 100, year 25, county 100, luck 4; together 229.
#[test]
fn exact_shares_are_those_that_were_put_in() {
    let one = county(0);
    let cells = [Cell { line: 0, funder: 0 }];
    let mut all = Effects::default();
    let rows = county_rows(0, (&[2025], &cells), &one.drivers, column(&one), &mut all);
    let expected = [
        (Origin::Counts, 100.0),
        (Origin::Category(0), 100.0),
        (Origin::YearShocks, 25.0),
        (Origin::CountyShocks, 100.0),
        (Origin::Parameters, 0.0),
        (Origin::Chance, 4.0),
    ];
    for (origin, variance) in expected {
        let row = find(&rows, origin);
        let off = row.share - variance / 229.0;
        assert!(off.abs() < 4.0 * row.share_error.max(1e-4), "{origin:?}: {row:?}");
    }
    let sum: f64 = rows
        .iter()
        .filter(|row| row.funder.is_none() && row.origin != Origin::Category(0))
        .map(|row| row.share)
        .sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    // Of normal spending P95 lies 1.645 standard deviations above the mean: √229 against √154 million fen.
    let counts = find(&rows, Origin::Counts);
    let fall = 1.6449 * (229_f64.sqrt() - 154_f64.sqrt()) * 1e6 / 100.0;
    let (found, error) = (counts.p95_fall_yuan.unwrap(), counts.p95_fall_error_yuan.unwrap());
    assert!((found - fall).abs() < 4.0 * error, "{found} {error}, not {fall}");
    assert_eq!(find(&rows, Origin::Chance).p95_fall_yuan, None);
}

/// Of sixteen counties together the shared shock is left: 16² × 25 against 16 × 204.
#[test]
fn what_counties_share_does_not_average_out() {
    let counties: Vec<County> = (0..16).map(county).collect();
    let cells = [Cell { line: 0, funder: 0 }];
    let mut all = Effects::default();
    let mut sum = vec![0; N];
    for (number, one) in counties.iter().enumerate() {
        county_rows(number, (&[2025], &cells), &one.drivers, column(one), &mut all);
        sum.iter_mut().zip(&one.fen).for_each(|(sum, fen)| *sum += fen);
    }
    let rows = rows_of_all(&[2025], &all, |_, _| sum.clone());
    let of_all = 6400.0 + 16.0 * 204.0;
    for (origin, variance) in [
        (Origin::YearShocks, 6400.0),
        (Origin::Counts, 1600.0),
        (Origin::CountyShocks, 1600.0),
        (Origin::Chance, 64.0),
    ] {
        let row = find(&rows, origin);
        assert!(
            (row.share - variance / of_all).abs() < 4.0 * row.share_error.max(1e-3),
            "{origin:?}: {row:?}"
        );
    }
}

#[test]
fn nothing_is_said_from_too_few_replicates_or_of_what_does_not_vary() {
    let one = county(0);
    let cells = [Cell { line: 0, funder: 0 }];
    let fixed = |_: usize, _: (&Part, Slice)| vec![7; N];
    assert!(county_rows(0, (&[2025], &cells), &one.drivers, fixed, &mut Effects::default()).is_empty());
    let few = Drivers::of_numbers((1, 30), 1);
    let column = |_: usize, _: (&Part, Slice)| (0..30).collect();
    assert!(county_rows(0, (&[2025], &cells), &few, column, &mut Effects::default()).is_empty());
}

/// A share that a fit found has the error that many runs show: the fit moves too when other replicates are drawn.
#[test]
fn the_error_of_a_share_is_its_spread_between_runs() {
    let cells = [Cell { line: 0, funder: 0 }];
    let shares: Vec<UncertaintyRow> = (0..80)
        .map(|number| {
            let one = county(number);
            let rows = county_rows(0, (&[2025], &cells), &one.drivers, column(&one), &mut Effects::default());
            find(&rows, Origin::CountyShocks)
        })
        .collect();
    let n = shares.len() as f64;
    let mean = shares.iter().map(|row| row.share).sum::<f64>() / n;
    let spread = (shares.iter().map(|row| (row.share - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let said = (shares.iter().map(|row| row.share_error.powi(2)).sum::<f64>() / n).sqrt();
    assert!((0.8..1.25).contains(&(said / spread)), "{said} said, {spread} seen");
}
