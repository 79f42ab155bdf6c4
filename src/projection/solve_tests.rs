//! A goal seek in which every answer is known by arithmetic: spending is a straight line in the value.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::budget::Funds;
use super::condition::{Condition, Measure};
use super::solve::{Found, Search, Spent};
use crate::simulation::account::{Account, Inflow};
use crate::stats::PerMille;

/// A hundred replicates: replicate r spends r + slope × value, in one year.
fn spent(slope: i64, at: i64) -> Spent {
    let fen = (0..100).map(|replicate| replicate + slope * at).collect();
    Spent { fen: [(None, vec![fen])].into() }
}

fn funds(budget: i64) -> Funds {
    Funds { budgets: [((None, 2024, 0), budget)].into(), ..Funds::none() }
}

/// Looks until nothing is wanted; the values that were simulated on the way.
fn sought(
    condition: Condition,
    last: i64,
    spent: impl Fn(i64) -> Spent,
    funds: impl Fn(i64) -> Funds,
) -> (Search, usize) {
    let mut search = Search::new(condition, vec![2024], last);
    let of = |at: i64| Ok::<Funds, Infallible>(funds(at));
    for _ in 0..20 {
        let wanted = search.wanted(&of).expect("funds");
        if wanted.is_empty() {
            let n = search.simulated().count();
            return (search, n);
        }
        wanted.into_iter().for_each(|at| search.add(at, spent(at), &funds(at)));
    }
    panic!("no end")
}

const fn exceed(at_most: f64) -> Condition {
    Condition { measure: Measure::Exceed, at_most, payer: 0 }
}

/// Above 1,099 are the replicates r > 1,099 − 10 v: at v = 100 all but r ≤ 99, none; at 101 ten. Five of a hundred may be.
#[test]
fn the_largest_value_is_the_last_that_holds() {
    let (search, n) = sought(exceed(0.05), 1000, |at| spent(10, at), |_| funds(1099));
    let Found::Edge { at, interval: (surely, maybe) } = search.found() else {
        panic!("{:?}", search.found())
    };
    assert_eq!(at, 100, "with 101 ten of a hundred are above");
    // None of a hundred is up to 3.7 % for sure; ten of a hundred may be 5.5 % at least.
    assert_eq!((surely, maybe), (Some(100), 100));
    assert!(!search.is_safe_at_high() && search.again().is_empty());
    assert!(n <= 12, "{n} values of 1,001 were simulated");
    let figure = |at: i64| search.standings(at)[0].figure;
    assert!((figure(100) - 0.0).abs() < 1e-12 && (figure(101) - 0.1).abs() < 1e-12);
}

/// The interval is that of the share: with slope 1, k of a hundred are above at v = 1,000 + k.
#[test]
fn the_interval_of_the_answer_comes_from_that_of_the_share() {
    let (search, _) = sought(exceed(0.05), 3000, |at| spent(1, at), |_| funds(1099));
    // 1 of 100 has the Wilson interval 0.2 to 5.4 %, none 0 to 3.7 %; 11 of 100 begin at 6.3 %, 9 at 4.8 %, 10 at 5.5 %.
    assert_eq!(search.found(), Found::Edge { at: 1005, interval: (Some(1000), 1009) });
}

/// Spending falls as the value rises: the smallest value that does is asked for.
#[test]
fn where_spending_falls_the_smallest_value_is_found() {
    let (search, _) = sought(exceed(0.0), 500, |at| spent(-1, at), |_| funds(0));
    assert!(search.is_safe_at_high());
    let Found::Edge { at, .. } = search.found() else { panic!("{:?}", search.found()) };
    assert_eq!(at, 99, "99 − 99 is not above 0");
}

#[test]
fn all_or_none_of_the_values_may_do() {
    let (all, _) = sought(exceed(0.05), 10, |at| spent(1, at), |_| funds(1_000));
    assert_eq!(all.found(), Found::Everywhere);
    let (none, _) = sought(exceed(0.05), 10, |at| spent(1, at), |_| funds(-1_000));
    assert_eq!(none.found(), Found::Nowhere { nearest: 0 });
}

/// The mean is 49.5 + v fen, the 95th percentile the 95th smallest, 94 + v.
#[test]
fn means_and_percentiles_are_in_yuan() {
    let at_most = |measure, at_most| Condition { measure, at_most, payer: 0 };
    let edge = |condition| match sought(condition, 400, |at| spent(1, at), |_| Funds::none()).0.found() {
        Found::Edge { at, .. } => at,
        other => panic!("{other:?}"),
    };
    assert_eq!(edge(at_most(Measure::Mean, 2.0)), 150, "199.5 fen");
    assert_eq!(edge(at_most(Measure::Percentile(PerMille::P95), 2.0)), 106, "200 fen");
}

/// Ten fen are due in every month; v fen come in every January: 120 are needed, and 131 with the month after the year, which
/// is paid when the year is over.
#[test]
fn the_revenue_that_a_fund_needs_is_found() {
    let months = vec![vec![10; 100]; crate::simulation::facts::MONTHS];
    let spent = Spent { fen: BTreeMap::from([(None, months)]) };
    let funds = |at: i64| {
        let inflow = Inflow { year: 0, fen: at, months: vec![0], log_sd: 0.0, number: 1 };
        let account = Account { inflows: vec![inflow], ..Account::default() };
        Funds { accounts: [(None, (account, 1))].into(), ..Funds::none() }
    };
    let condition = Condition { measure: Measure::Short, at_most: 0.05, payer: 0 };
    let (search, _) = sought(condition, 500, |_| spent.clone(), funds);
    let Found::Edge { at, .. } = search.found() else { panic!("{:?}", search.found()) };
    assert!(search.is_safe_at_high());
    assert_eq!(at, 120, "twelve months of ten");
}

/// A condition that holds again beyond its edge is said.
#[test]
fn a_condition_that_turns_back_is_said() {
    let there_and_back = |at: i64| spent(1, if at <= 50 { at } else { 100 - at });
    let (search, _) = sought(exceed(0.05), 100, there_and_back, |_| funds(100));
    assert!(matches!(search.found(), Found::Edge { .. }), "{:?}", search.found());
    assert!(!search.again().is_empty());
}
