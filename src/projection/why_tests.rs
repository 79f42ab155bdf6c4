//! Changes taken apart whose parts are known by arithmetic.

use super::*;

const P50: Figure = Figure::Percentile(PerMille::P50);

/// Takes the mean or median of some columns apart, one for each subset of two players.
fn of_two(columns: &[Vec<i64>; 4], seed: Option<usize>, figure: Figure) -> Apart {
    let of = |subset: Subset| columns[usize::try_from(subset).unwrap()].as_slice();
    apart(&Game::exact(2), &Column { of: &of, seed }, figure).unwrap()
}

/// By hand: the first part adds 10 alone and 30 after the second, so 20; the second 40 and 60, so 50; together 70.
#[test]
fn exact_shares_are_means_over_both_orders() {
    let apart = of_two(&[vec![100, 100], vec![110, 110], vec![140, 140], vec![170, 170]], None, Figure::Mean);
    assert_eq!((apart.before_fen, apart.after_fen), (100, 170));
    let shares: Vec<i64> = apart.shares.iter().map(|share| share.fen).collect();
    assert_eq!(shares, [20, 50]);
    assert!(apart.shares.iter().all(|share| share.error_yuan == Some(0.0)), "alike in every replicate");
}

/// Values that are no whole fen are rounded so that they add up: 1/3 and 1/3 of a fen make 1 after rounding both ends.
#[test]
fn exact_shares_add_up_to_the_last_fen() {
    let columns = [vec![0, 0, 0], vec![1, 0, 0], vec![0, 1, 0], vec![1, 1, 0]];
    let apart = of_two(&columns, None, Figure::Mean);
    assert_eq!(apart.after_fen - apart.before_fen, 1);
    assert_eq!(apart.shares.iter().map(|share| share.fen).sum::<i64>(), 1);
    for n in 1..40_i64 {
        let column = |by: i64| (0..n).map(|at| at * at * by % 1009).collect::<Vec<i64>>();
        for figure in [Figure::Mean, P50] {
            let apart = of_two(&[column(3), column(5), column(7), column(11)], None, figure);
            let sum: i64 = apart.shares.iter().map(|share| share.fen).sum();
            assert_eq!(sum, apart.after_fen - apart.before_fen, "{n}");
        }
    }
}

/// Two seeds and two numbers of replicates: 3 replicates of which the first two are the shorter run.
#[test]
fn exact_seed_and_replicates_are_parts_like_others() {
    // Player 0 is the seed, player 1 the number of replicates: means 15, 25, 20, 30.
    let columns = [vec![10, 20], vec![20, 30], vec![10, 20, 30], vec![20, 30, 40]];
    let apart = of_two(&columns, Some(0), Figure::Mean);
    let shares: Vec<i64> = apart.shares.iter().map(|share| share.fen).collect();
    assert_eq!((apart.before_fen, apart.after_fen, shares), (15, 30, vec![10, 5]));
    let median = of_two(&columns, Some(0), P50);
    assert_eq!((median.before_fen, median.after_fen), (10, 30));
    assert_eq!(median.shares.iter().map(|share| share.fen).sum::<i64>(), 20);
    assert!(median.shares.iter().all(|share| share.error_yuan.is_none()), "too few for a median");
}

/// The error of a paired share is that of the paired differences: of 10, 12 and 14 it is 2 / √3 fen; that of unpaired
/// columns is the root of the sum of both variances.
#[test]
fn exact_errors_are_paired_within_a_seed() {
    let columns = [vec![5, 100, 900], vec![15, 112, 914]];
    let of = |subset: Subset| columns[usize::try_from(subset).unwrap()].as_slice();
    let error = |seed| {
        let apart = apart(&Game::exact(1), &Column { of: &of, seed }, Figure::Mean).unwrap();
        apart.shares[0].error_yuan.unwrap() * 100.0
    };
    assert!((error(None) - 2.0 / 3.0_f64.sqrt()).abs() < 1e-9, "{}", error(None));
    let variance = |column: &[i64]| {
        let mean = column.iter().sum::<i64>() as f64 / 3.0;
        column.iter().map(|&fen| (fen as f64 - mean).powi(2)).sum::<f64>() / 2.0
    };
    let apart = ((variance(&columns[0]) + variance(&columns[1])) / 3.0).sqrt();
    assert!((error(Some(0)) - apart).abs() < 1e-6, "{} {apart}", error(Some(0)));
}

/// Of uniform replicates shifted by the same amount the median moves by it, in every part that is left: no error.
#[test]
fn exact_a_shift_has_no_error_in_a_percentile() {
    let one: Vec<i64> = (0..200).map(|at| at * 37 % 200).collect();
    let other: Vec<i64> = one.iter().map(|fen| fen + 50).collect();
    let columns = [one, other];
    let of = |subset: Subset| columns[usize::try_from(subset).unwrap()].as_slice();
    let figure = Figure::Percentile(PerMille::P95);
    let apart = apart(&Game::exact(1), &Column { of: &of, seed: None }, figure).unwrap();
    assert_eq!(apart.shares[0], Share { fen: 50, error_yuan: Some(0.0) });
    assert_eq!((figure.name(), Figure::Mean.name()), ("p95".to_owned(), "mean".to_owned()));
}
