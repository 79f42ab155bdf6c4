//! Tests of the comparison on outcomes with known numbers.

use proptest::prelude::*;

use super::super::fixture::{layout, name, outcome};
use super::*;
use crate::simulation::outcome::CountyOutcome;

fn compare(base: &[CountyOutcome], other: &[CountyOutcome]) -> Comparison {
    let layout = layout(base[0].n_replicates);
    let mut builder = ComparisonBuilder::new(layout.clone(), layout).unwrap();
    base.iter().zip(other).for_each(|(base, other)| builder.add(base, other));
    builder.finish()
}

/// The subsidies of county 2 rise by 1 and 3 yuan, nothing else differs.
#[test]
fn exact_the_difference_and_what_causes_it() {
    let same = outcome(0, &[[100, 100, 100], [200, 0, 0]]);
    let (base, other) =
        (outcome(1, &[[500, 0, 900], [500, 0, 0]]), outcome(1, &[[600, 0, 900], [800, 0, 0]]));
    let comparison = compare(&[same.clone(), base], &[same, other]);
    let total = comparison.difference(None, 2023, Part::TOTAL).unwrap();
    assert!((total.yuan.mean - 2.0).abs() < 1e-12);
    assert!((total.probability_dearer - 1.0).abs() < 1e-12);
    let unchanged = comparison.difference(Some(0), 2023, Part::TOTAL).unwrap();
    assert!((unchanged.probability_equal - 1.0).abs() < 1e-12);
    for leading in [comparison.leading_lines(None, 2023, 3), comparison.leading_clauses(None, 2023, 3)] {
        let [(first, yuan)] = leading[..] else { panic!("one line and one clause differ: {leading:?}") };
        assert_eq!((first, yuan.mean), (0, 2.0));
        // 1 and 3 yuan: standard deviation √2, of the mean of two replicates 1.
        assert!((yuan.standard_error.unwrap() - 1.0).abs() < 1e-12);
    }
    let causes = &comparison.causes[0];
    assert_eq!((causes.lines.rest.mean, causes.clauses.rest.standard_error), (0.0, Some(0.0)));
    assert_eq!(comparison.moved.total, total.yuan);
}

/// A funder that only the second scenario has, listed before the common ones, is matched by id.
#[test]
fn exact_names_are_matched_by_id() {
    let base = layout(1);
    let mut other = layout(1);
    other.funders = vec![name("city"), name("fund"), name("county")];
    other.cells = [(0, 1), (0, 0), (1, 1)].map(|(line, funder)| Cell { line, funder }).to_vec();
    let renamed = CountyOutcome { cells: other.cells.clone(), ..outcome(0, &[[100, 50, 30]]) };
    let mut builder = ComparisonBuilder::new(base, other).unwrap();
    builder.add(&outcome(0, &[[100, 50, 30]]), &renamed);
    let comparison = builder.finish();
    let mean = |part| comparison.difference(None, 2023, part).unwrap().yuan.mean;
    let ids: Vec<&str> = comparison.funders.iter().map(|name| name.id.as_str()).collect();
    assert_eq!(ids, ["fund", "county", "city"]);
    for (funder, yuan) in [(0, 0.0), (1, -0.5), (2, 0.5)] {
        assert!((mean(Part::funder(funder)) - yuan).abs() < 1e-12);
    }
    assert!((mean(Part::TOTAL)).abs() < 1e-12);
}

#[test]
fn exact_scenarios_on_other_draws_are_refused() {
    let mut seeded = layout(2);
    seeded.seed = 99;
    let mut later = layout(2);
    later.years[0].year = 2030;
    let mut elsewhere = layout(2);
    elsewhere.counties.pop();
    let refused = |other| ComparisonBuilder::new(layout(2), other).map(|_| ()).unwrap_err();
    let both = || ("small".to_owned(), "small".to_owned());
    assert_eq!(refused(seeded), CompareError::Draws(both().0, both().1));
    assert_eq!(refused(later), CompareError::Years(both().0, both().1));
    assert_eq!(refused(elsewhere), CompareError::Counties(both().0, both().1));
    assert_eq!(refused(layout(3)), CompareError::Draws(both().0, both().1));
}

proptest! {
    #[test]
    fn prop_identical_scenarios_differ_by_exactly_nothing(
        trials in prop::collection::vec(prop::array::uniform3(0_i64..1_000_000_000), 1..30)
    ) {
        let county = || [outcome(0, &trials), outcome(1, &trials)];
        let comparison = compare(&county(), &county());
        for row in &comparison.rows {
            let difference = &row.difference;
            prop_assert!(difference.yuan.mean == 0.0 && difference.probability_dearer == 0.0);
            prop_assert!((difference.probability_equal - 1.0).abs() < f64::EPSILON && difference.variance_reduction.is_none());
        }
        for row in &comparison.by_clause {
            prop_assert!(row.moved.mean == 0.0 && row.booked.mean == 0.0);
        }
    }

    /// The mean difference is the difference of the means, and turns its sign with the order.
    #[test]
    fn prop_the_difference_turns_with_the_order(
        trials in prop::collection::vec(prop::array::uniform6(0_i64..1_000_000), 2..30)
    ) {
        let half = |from: usize| trials.iter().map(|t| [t[from], t[from + 1], t[from + 2]]).collect::<Vec<_>>();
        let (a, b) = ([outcome(0, &half(0))], [outcome(0, &half(3))]);
        let (forth, back) = (compare(&a, &b), compare(&b, &a));
        for (one, two) in forth.rows.iter().zip(&back.rows) {
            let (one, two) = (&one.difference, &two.difference);
            prop_assert!((one.yuan.mean + two.yuan.mean).abs() < 1e-9);
            prop_assert!((one.yuan.mean - (one.other_yuan - one.base_yuan)).abs() < 1e-6);
            prop_assert!((one.probability_dearer + one.probability_equal + two.probability_dearer - 1.0).abs() < 1e-12);
        }
    }
}
