//! Attributions of outcomes with known numbers.

use proptest::prelude::*;

use super::super::compare::ComparisonBuilder;
use super::super::fixture::{layout, outcome};
use super::*;
use crate::rng::Draws;
use crate::simulation::outcome::CountyOutcome;
use crate::stats::shapley::{Game, Subset};

/// What each subset of lines books in a county.
type Books<'a> = &'a dyn Fn(usize, Subset) -> Vec<[i64; 3]>;

/// The comparison of two scenarios in both counties, with its attribution.
fn attributed(keys: &[&str], game: Game, books: Books<'_>) -> (Comparison, Attribution) {
    let of = |county: usize, subset: Subset| -> CountyOutcome { outcome(county, &books(county, subset)) };
    let n = books(0, 0).len();
    let all = game.all();
    let plan = Plan::of_game(keys, game);
    let variants = plan.variants.clone();
    let mut builder = ComparisonBuilder::new(layout(n), layout(n)).unwrap();
    let funders = builder.funders().to_vec();
    let mut attribution = AttributionBuilder::new(plan, (1, funders.len(), n));
    for county in [1, 0] {
        let (base, other) = (of(county, 0), of(county, all));
        builder.add(&base, &other);
        let fen = |outcome: &CountyOutcome| booked(outcome, &funders, &funders);
        attribution.add(county, Arm::Base, &fen(&base));
        attribution.add(county, Arm::Other, &fen(&other));
        for (number, &subset) in variants.iter().enumerate() {
            attribution.add(county, Arm::Variant(number), &fen(&of(county, subset)));
        }
    }
    let comparison = builder.finish();
    let attribution = attribution.finish(&comparison).unwrap();
    (comparison, attribution)
}

fn row(attribution: &Attribution, at: (Option<usize>, Part), line: usize) -> AttributionRow {
    *attribution.of(at.0, 2023, at.1).find(|row| row.line == line).unwrap()
}

/// In the first county line 1 costs the fund 3 and 5 yuan, line 2 the county 1 yuan, and both together 1.01 yuan more
/// of the fund; line 3 is not felt. In the second county nothing happens.
fn two_lines(county: usize, subset: Subset) -> Vec<[i64; 3]> {
    let (one, two) = ((subset & 1) as i64, (subset >> 1 & 1) as i64);
    if county == 1 {
        return vec![[7, 7, 7]; 2];
    }
    let of = |fen: i64| [1000, 500 + 100 * two, 2000 + fen * one + 101 * one * two];
    vec![of(300), of(500)]
}

#[test]
fn exact_two_lines_by_hand() {
    let (comparison, attribution) = attributed(&["a", "b", "c"], Game::exact(2), &two_lines);
    let fund = (Some(0), Part::funder(0));
    let [a, b, c] = [0, 1, 2].map(|line| row(&attribution, fund, line));
    // Alone 4 yuan, last 5.01: the mean of both; the other line gets the other half of 1.01.
    assert_eq!((a.value_units, a.alone_units, a.last_units), (45_050, 40_000, 50_100));
    assert_eq!((b.value_units, b.alone_units, b.last_units), (5_050, 0, 10_100));
    assert!((a.interaction_yuan() - 0.505).abs() < 1e-12 && (b.interaction_yuan() - 0.505).abs() < 1e-12);
    // 3.505 and 5.505: sd √2, error 1, t(1) 12.7062.
    assert!((a.error_yuan.unwrap() - 1.0).abs() < 1e-12);
    assert!((a.margin_95_yuan.unwrap() - 12.706_204_736).abs() < 1e-6);
    assert!((a.p05_yuan - 3.505).abs() < 1e-12 && (a.p95_yuan - 5.505).abs() < 1e-12);
    assert!(b.error_yuan == Some(0.0) && c.is_nothing && c.value_units == 0 && c.order_error_yuan.is_none());
    let total = [0, 1, 2].map(|line| row(&attribution, (None, Part::TOTAL), line).value_units);
    assert_eq!(total, [45_050, 15_050, 0]);
    let whole = comparison.difference(None, 2023, Part::TOTAL).unwrap();
    assert!((whole.yuan.mean - 6.01).abs() < 1e-12);
    let pair = attribution.pairs.iter().find(|pair| pair.part == Part::TOTAL).unwrap();
    assert!((pair.alone.mean - 1.01).abs() < 1e-12 && pair.mean == Some(pair.alone));
    assert_eq!((attribution.n_variants, attribution.n_orders, attribution.n_felt()), (2, None, 2));
    assert!((0..2).all(|line| !attribution.is_nothing(line)) && attribution.is_nothing(2));
    let elsewhere = row(&attribution, (Some(1), Part::TOTAL), 0);
    assert!(elsewhere.is_nothing && elsewhere.value_units == 0);
}

/// Values that were tampered with are found.
#[test]
fn exact_what_does_not_add_up_is_refused() {
    let (mut comparison, mut attribution) = attributed(&["a", "b"], Game::exact(2), &two_lines);
    assert_eq!(attribution.adds_up(&comparison), Ok(()));
    attribution.rows[0].value_units += 1;
    assert!(attribution.adds_up(&comparison).is_err());
    attribution.rows[0].value_units -= 1;
    comparison.rows.iter_mut().for_each(|row| row.difference.yuan.mean += 0.000_1);
    let error = attribution.adds_up(&comparison).unwrap_err().words().en;
    assert!(error.contains("2023") && error.contains("add up"), "{error}");
}

/// A whole outcome of the second scenario that is not that of all lines is refused, replicate by replicate: here the sum
/// over replicates is right.
#[test]
fn exact_each_replicate_adds_up() {
    let plan = Plan::of_game(&["a"], Game::exact(1));
    let mut builder = ComparisonBuilder::new(layout(2), layout(2)).unwrap();
    let (base, other) = (outcome(0, &[[0, 0, 0], [0, 0, 0]]), outcome(0, &[[100, 0, 0], [300, 0, 0]]));
    builder.add(&base, &other);
    let comparison = builder.finish();
    let fen = |at: usize| if at == 0 { vec![0, 0, 0, 0] } else { vec![100, 300, 0, 0] };
    let mut right = AttributionBuilder::new(plan.clone(), (1, 2, 2));
    right.add(0, Arm::Base, &fen(0));
    right.add(0, Arm::Other, &fen(1));
    assert!(right.clone().finish(&comparison).is_ok());
    // An outcome that was lost.
    let mut wrong = AttributionBuilder::new(plan, (1, 2, 2));
    wrong.add(0, Arm::Base, &fen(0));
    assert!(wrong.finish(&comparison).is_err());
}

/// A game of three lines whose amounts no hand chose.
fn three_lines(fen: &[[i64; 8]]) -> impl Fn(usize, Subset) -> Vec<[i64; 3]> + use<> {
    let fen = fen.to_vec();
    move |county, subset| {
        let of = |all: &[i64; 8]| {
            let own = all[subset as usize] * (county as i64 + 1);
            [own, own / 3, own / 7]
        };
        fen.iter().map(of).collect()
    }
}

proptest! {
    /// Whatever the amounts, the lines add up to the difference as it is shown, and which of them is called first does
    /// not matter.
    #[test]
    fn prop_lines_add_up_in_any_order(
        fen in prop::collection::vec(prop::array::uniform8(-1_000_000_i64..1_000_000), 1..12)
    ) {
        let books = three_lines(&fen);
        let (comparison, attribution) = attributed(&["a", "b", "c"], Game::exact(3), &books);
        prop_assert_eq!(attribution.adds_up(&comparison), Ok(()));
        for (county, part) in [(None, Part::TOTAL), (Some(0), Part::funder(0)), (Some(1), Part::funder(1))] {
            let sum: i64 = attribution.of(county, 2023, part).map(|row| row.value_units).sum();
            let shown = comparison.difference(county, 2023, part).unwrap().yuan.mean;
            prop_assert_eq!(sum, shown_units(shown));
        }
        // The first and the last line change places.
        let turned = |subset: Subset| (subset & 1) << 2 | subset & 2 | subset >> 2 & 1;
        let other_way = |county: usize, subset: Subset| books(county, turned(subset));
        let (_, other) = attributed(&["c", "b", "a"], Game::exact(3), &other_way);
        for line in 0..3 {
            let (one, two) = (row(&attribution, (None, Part::TOTAL), line), row(&other, (None, Part::TOTAL), 2 - line));
            prop_assert_eq!((one.error_yuan, one.p05_yuan, one.alone_units), (two.error_yuan, two.p05_yuan, two.alone_units));
            // A unit that is missing goes to the first of equal remainders.
            prop_assert!((one.value_units - two.value_units).abs() <= 1);
        }
    }
}

/// Four drawn orders of twelve lines, which add 1 to 12 yuan and 0.13 for each two of them: what is drawn adds up, and
/// lies within the error that is stated.
#[test]
fn val_sampled_lines_add_up_within_their_error() {
    let keys: Vec<String> = (0..12).map(|line| format!("line {line:02}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let books = |_: usize, subset: Subset| {
        let n = i64::from(subset.count_ones());
        let fen: i64 = (0..12).filter(|line| subset >> line & 1 == 1).map(|line| 100 * (line + 1)).sum();
        // The first line gives more with many others.
        let first = (subset & 1) as i64 * n * n * 7;
        vec![[fen + 13 * n * (n - 1) / 2 + first, 0, 0]; 2]
    };
    let (comparison, attribution) = attributed(&keys, Game::sampled(12, 4, &Draws::new(1)), &books);
    assert_eq!((attribution.n_orders, attribution.adds_up(&comparison)), (Some(8), Ok(())));
    let exact = |line: i64| {
        // Of each pair a line gets half; v(S) of the first line by the mean of its place.
        let squares: f64 = (1..=12).map(|n| f64::from(n * n * 7)).sum::<f64>() / 12.0;
        let of_first = if line == 0 { squares } else { (12.0 * 12.0 * 7.0 - squares) / 11.0 };
        2.0 * (100.0 * (line as f64 + 1.0) + 13.0 * 11.0 / 2.0 + of_first) / 100.0
    };
    for line in 0..12 {
        let row = row(&attribution, (None, Part::TOTAL), line);
        let (error, away) = (row.order_error_yuan.unwrap(), (row.yuan() - exact(line as i64)).abs());
        assert!(away <= 6.0 * error + 1e-6, "{line}: {} ± {error}, {}", row.yuan(), exact(line as i64));
    }
    assert!(attribution.pairs.iter().all(|pair| pair.mean.is_none()));
}

#[test]
fn exact_units_are_the_decimals_that_are_shown() {
    for (yuan, units) in
        [(0.0, 0), (-0.000_04, 0), (1.234_56, 12_346), (-12.5, -125_000), (1e9, 10_000_000_000_000)]
    {
        assert_eq!(shown_units(yuan), units, "{yuan}");
    }
}
