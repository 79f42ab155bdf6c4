//! Tests of the projection on outcomes with known numbers.

use proptest::prelude::*;

use super::fixture::{layout, outcome, paid_by};
use super::money::Part;
use super::warning::{Silence, Warning};
use super::*;
use crate::policy::CitingFunder;

fn project(counties: &[CountyOutcome]) -> Projection {
    let mut builder = ProjectionBuilder::with_layout(layout(counties[0].n_replicates));
    counties.iter().for_each(|county| builder.add(county));
    builder.finish()
}

fn fen(yuan: f64) -> i64 {
    (yuan * 100.0).round() as i64
}

/// County 1: totals 600, 900, 1200, 1500 fen; county 2: 2000, 1000, 1000, 0; together 2600, 1900, 2200, 1500.
fn two() -> Projection {
    project(&[
        outcome(0, &[[100, 200, 300], [200, 300, 400], [300, 400, 500], [400, 500, 600]]),
        outcome(1, &[[2000, 0, 0], [0, 1000, 0], [0, 0, 1000], [0, 0, 0]]),
    ])
}

#[test]
fn exact_statistics_of_a_county_and_of_all() {
    let projection = two();
    let first = projection.spending(Some(0), 2023, Part::TOTAL).unwrap();
    assert!((first.yuan.mean - 10.5).abs() < 1e-12);
    // Deviations ±4.5 and ±1.5 yuan: sum of squares 45, divided by 3 is 15.
    assert!((first.yuan.sd.unwrap() - 15.0_f64.sqrt()).abs() < 1e-12);
    assert!((first.yuan.standard_error.unwrap() - 15.0_f64.sqrt() / 2.0).abs() < 1e-12);
    assert_eq!(first.percentiles_fen(), [600, 600, 900, 1200, 1500, 1500, 1500]);
    assert!((first.tvar95_yuan - 15.0).abs() < 1e-12);
    let all = projection.spending(None, 2023, Part::TOTAL).unwrap();
    assert_eq!(all.percentiles_fen(), [1500, 1500, 1900, 2200, 2600, 2600, 2600]);
    let fund = projection.spending(None, 2023, Part::funder(0)).unwrap();
    assert_eq!(fen(fund.yuan.mean * 4.0), 2400 + 600 + 1800 + 1000);
}

/// The fund: counties' largest 1000 and 2000, together 2400; everything: 1500 + 2000 against 2600.
#[test]
fn exact_pooling_saves_what_the_counties_hold_too_much() {
    let projection = two();
    let saved: Vec<_> =
        projection.pooling.iter().map(|row| (row.part.funder, row.model.saved_fen())).collect();
    assert_eq!(saved, [(Some(0), 600), (Some(1), 500 + 1000 - 1300), (None, 900)]);
    assert_eq!(project(&[outcome(0, &[[1, 2, 3]; 4])]).pooling, []);
}

/// Rule 1 (1800 fen in county 1) cites; the subsidies (2400) cite X-01 only.
#[test]
fn exact_a_rule_stands_under_each_clause_it_cites() {
    let projection = two();
    let of = |clause: usize| {
        let mut rows = projection.clauses.iter();
        let row = rows.find(|row| row.county == Some(0) && row.of == clause).unwrap();
        (row.effect.fen.total(), row.effect.booked_fen.total(), row.effect.persons.total())
    };
    let addable: i128 = projection.clauses.iter().map(|row| row.effect.addable_fen.total()).sum();
    assert_eq!(addable, 2 * 8200, "each yuan once by county, and once for all counties");
    assert_eq!(of(0), (2400 + 1800, 4200, 4 * 4));
    assert_eq!(of(1), (1800, 1800, 2 * 4));
    assert_eq!(of(2), (0, 0, 5 * 4));
}

/// The fund pays a half of the subsidies (2400) and all of rule 1 (1800), which cites X-02 itself; the county only
/// the subsidies, and in the second county nothing.
#[test]
fn exact_a_funders_clause_has_every_rule_that_the_funder_pays() {
    let mut layout = layout(4);
    let citing = |funder, clause: &str| CitingFunder { funder, cite: vec![clause.to_owned()] };
    layout.rules[0].funders = vec![citing(0, "X-02"), citing(1, "X-03")];
    layout.rules[1].funders = vec![citing(0, "X-02")];
    let trials = [[100, 200, 300], [200, 300, 400], [300, 400, 500], [400, 500, 600]];
    let mut second = outcome(1, &trials);
    second.funders[0][0] = paid_by(&[0]);
    let mut builder = ProjectionBuilder::with_layout(layout);
    [outcome(0, &trials), second].iter().for_each(|county| builder.add(county));
    let projection = builder.finish();
    let of = |county: usize, clause: usize| {
        let mut rows = projection.clauses.iter();
        let row = rows.find(|row| row.county == Some(county) && row.of == clause).unwrap();
        (row.effect.fen.total(), row.effect.booked_fen.total(), row.effect.persons.total())
    };
    assert_eq!([of(0, 1), of(1, 1)], [(4200, 4200, 4 * 4); 2], "a rule counts once for a clause");
    assert_eq!((of(0, 2), of(1, 2)), ((2400, 2400, 7 * 4), (0, 0, 5 * 4)));
}

/// Year totals: county 1 4200 fen, of which 1800 by the rule with assumed values; county 2 (assumed count): all of
/// 4000, of which 1000 by that rule.
#[test]
fn exact_share_resting_on_assumed_inputs() {
    let projection = two();
    let row = |county| projection.assumed.iter().find(|row| row.county == county).unwrap();
    let policy = super::assumed::KINDS.iter().position(|kind| *kind == "policy_values").unwrap();
    let shares = |county| (row(Some(county)).kinds[0], row(Some(county)).kinds[policy]);
    assert_eq!(shares(0), (Some(0.0), Some(1800.0 / 4200.0)));
    assert_eq!(shares(1), (Some(1.0), Some(0.25)));
    let all = projection.resting_on_assumed().unwrap();
    assert_eq!((all.any, all.kinds[1]), (Some((1800.0 + 4000.0) / 8200.0), Some(0.0)));
}

#[test]
fn exact_silent_lines_and_rules_have_a_reason() {
    let projection = two();
    let years = || vec![2023];
    assert!(projection.warnings.contains(&Warning::SilentLine {
        line: 2,
        years: years(),
        reason: Silence::NoRule
    }));
    // Rule 2 is for a category of which there is nobody.
    assert!(projection.warnings.contains(&Warning::SilentRule {
        rule: 2,
        years: years(),
        reason: Silence::NoPersons
    }));
    let mut layout = layout(4);
    layout.years[0].reach[2] = None;
    layout.clauses.truncate(1);
    let mut builder = ProjectionBuilder::with_layout(layout);
    builder.add(&outcome(0, &[[1, 1, 0]; 4]));
    let warnings = builder.finish().warnings;
    let silent = |rule, reason| Warning::SilentRule { rule, years: years(), reason };
    assert!(warnings.contains(&silent(2, Silence::NotInForce)), "{warnings:?}");
    assert!(!warnings.iter().any(|warning| matches!(warning, Warning::Uncited { .. })));
}

/// Mean 10.5, error √15 / 2 = 1.936: 18.44 % against 1 %: 4 × 18.44² = 1361 replicates.
#[test]
fn exact_an_imprecise_county_names_the_replicates_it_needs() {
    let projection = two();
    let first = &projection.warnings[0];
    let Warning::Imprecise { county: Some(0), year: 2023, relative_error, replicates_needed } = first else {
        panic!("{first:?}")
    };
    assert!((relative_error - 0.184_428).abs() < 1e-6);
    assert_eq!(*replicates_needed, 1361);
    let text = first.text(&projection.layout, Lang::En);
    assert!(
        text.starts_with("Gangkou 2023: the standard error of the total is 18.44 % of its mean"),
        "{text}"
    );
    assert_eq!(project(&[outcome(0, &[[1, 2, 3]])]).warnings[0], Warning::NoError);
    assert!(
        !project(&[outcome(0, &[[5, 5, 5]; 3])])
            .warnings
            .iter()
            .any(|warning| matches!(warning, Warning::Imprecise { .. }))
    );
}

/// More than three sentences of one kind become one, with the largest number of replicates.
#[test]
fn exact_many_imprecise_totals_are_told_in_one_sentence() {
    let layout = layout(4);
    let imprecise = |replicates_needed| Warning::Imprecise {
        county: Some(0),
        year: 2023,
        relative_error: 0.02,
        replicates_needed,
    };
    let mut warnings: Vec<Warning> = (1..=4).map(imprecise).collect();
    warnings.push(Warning::Uncited { rule: 0 });
    let told = warning::brief(&warnings, &layout, Lang::En);
    assert_eq!(
        told[0],
        "the standard errors of 4 yearly totals of counties or all together exceed the target of 1.00 % of the mean, up to 2.00 %; about 4 replicates are needed"
    );
    assert_eq!(told[1..], ["rule `subsidy.all` pays without citing a clause"]);
    assert_eq!(warning::brief(&warnings[2..], &layout, Lang::Zh).len(), 3);
}

/// From the files of the main scenario, with one rule switched off.
#[test]
fn exact_the_layout_of_a_scenario() {
    let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/fangchenggang.toml"));
    let off = crate::scenario::load::Setting {
        path: "policy.tilt.monitored.enabled".to_owned(),
        value: "false".to_owned(),
    };
    let scenario = crate::scenario::load(path, &[off]).unwrap();
    let layout = Layout::new(&scenario, Vec::new(), &[2023], 10).unwrap();
    let category = |id: &str| layout.categories.iter().position(|name| name.id == id).unwrap();
    let reach = |id: &str| layout.years[0].reach[layout.rules.iter().position(|rule| rule.id == id).unwrap()];
    assert_eq!(reach("tilt.monitored"), None);
    let lifted = layout.bit_of(category("stable_lifted")).unwrap();
    assert_eq!(reach("subsidy.stable_lifted").unwrap().categories, lifted);
    assert_eq!(reach("assistance.major/stable_lifted").unwrap().categories, lifted);
    assert!(reach("watch.ordinary").unwrap().ordinary && reach("watch.ordinary").unwrap().categories == 0);
    assert!(reach("application.illness_poor").unwrap().ordinary);
    assert_eq!(layout.bit_of(category("ordinary")), None);
    let lists: Vec<&str> =
        layout.years[0].lists.iter().map(|rule| layout.rule_id(usize::from(rule.0))).collect();
    assert_eq!(lists, ["watch.lifted_out", "watch.ordinary"]);
    assert!(layout.counties.iter().all(|county| county.assumed_counts & lifted != 0));
}

/// A rule that only a later county's parameter lets pay anything pays.
#[test]
fn exact_the_reach_of_a_rule_is_that_in_any_county() {
    let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/fangchenggang.toml"));
    let share = |value: &str| crate::scenario::load::Setting {
        path: "place.county_parameters.exit_2014_2015_share".to_owned(),
        value: format!(
            "{{ label = {{ zh = \"资助比例\", en = \"Share\" }}, default = 0.0, by_county = {{ \"东兴市\" = {value} }} }}"
        ),
    };
    for (value, expected) in [("0.0", false), ("0.2", true)] {
        let scenario = crate::scenario::load(path, &[share(value)]).unwrap();
        let layout = Layout::new(&scenario, Vec::new(), &[2023], 10).unwrap();
        let rule = layout.rules.iter().position(|rule| rule.id == "subsidy.exit_2014_2015").unwrap();
        assert_eq!(layout.years[0].reach[rule].unwrap().pays, expected, "{value}");
    }
}

#[test]
fn prop_the_order_of_counties_does_not_matter() {
    let (a, b) = (outcome(0, &[[1, 2, 3], [4, 5, 6]]), outcome(1, &[[7, 8, 9], [0, 0, 1]]));
    assert_eq!(project(&[a.clone(), b.clone()]), project(&[b, a]));
}

proptest! {
    /// Means add up over cells and counties, and every percentile of ALL is one of its own replicates' sums.
    #[test]
    fn prop_sums_add_up(trials in prop::collection::vec(prop::array::uniform6(0_i64..1_000_000), 1..40)) {
        let half = |from: usize| trials.iter().map(|t| [t[from], t[from + 1], t[from + 2]]).collect::<Vec<_>>();
        let projection = project(&[outcome(0, &half(0)), outcome(1, &half(3))]);
        let n = trials.len() as f64;
        let total = |county, part| fen(projection.spending(county, 2023, part).unwrap().yuan.mean * n);
        for part in super::money::parts(&projection.layout.cells) {
            prop_assert_eq!(total(None, part), total(Some(0), part) + total(Some(1), part));
        }
        for county in [None, Some(0), Some(1)] {
            let lines: i64 = (0..2).map(|line| total(county, Part { line: Some(line), funder: None })).sum();
            let funders: i64 = (0..2).map(|funder| total(county, Part::funder(funder))).sum();
            prop_assert_eq!(lines, total(county, Part::TOTAL));
            prop_assert_eq!(funders, total(county, Part::TOTAL));
        }
        let sums: Vec<i64> = trials.iter().map(|trial| trial.iter().sum()).collect();
        for fen in projection.spending(None, 2023, Part::TOTAL).unwrap().percentiles_fen() {
            prop_assert!(sums.contains(&fen));
        }
        let rules: i128 = projection.rules.iter().filter(|row| row.county.is_none()).map(|row| row.effect.booked_fen.total()).sum();
        prop_assert_eq!(rules, i128::from(total(None, Part::TOTAL)));
    }
}
