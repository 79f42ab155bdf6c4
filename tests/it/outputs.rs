//! Outputs held against what the inputs promise: persons against the register, the people's table against the
//! residents, a year against any horizon, and the first year against the others.

use fundcast::scenario::Scenario;
use fundcast::scenario::place::CategoryCount;
use fundcast::simulation::facts::{PeopleMeasure, RuleMeasure};
use fundcast::simulation::from_scenario::{EngineChoice, Plan, simulate_county};
use fundcast::simulation::outcome::CountyOutcome;

use crate::command::FANGCHENGGANG;
use crate::support::scenario;

/// Every shipped scenario.
pub const SCENARIOS: [&str; 19] = [
    "scenarios/baise-timeline.toml",
    "scenarios/baise.toml",
    "scenarios/china.toml",
    "scenarios/ewenki.toml",
    "scenarios/fangchenggang-2027.toml",
    "scenarios/fangchenggang-fund.toml",
    "scenarios/fangchenggang-no-lifted-subsidy.toml",
    "scenarios/fangchenggang-subsidy-held.toml",
    "scenarios/fangchenggang-taper-ended.toml",
    FANGCHENGGANG,
    "scenarios/guangde.toml",
    "scenarios/guangxi.toml",
    "scenarios/handan.toml",
    "scenarios/jiujiang.toml",
    "scenarios/panjin.toml",
    "scenarios/suqian.toml",
    "scenarios/wuxi.toml",
    "scenarios/zichuan.toml",
    "tests/cases/invented/invented.toml",
];

pub fn simulate(scenario: &Scenario, county: usize, warm_up_years: u16, n_replicates: u32) -> CountyOutcome {
    let years = scenario.years();
    let engine = EngineChoice::default();
    let plan = Plan {
        years,
        warm_up_years,
        first_replicate: 0,
        n_replicates,
        seed: 20_260_301,
        engine,
        observer: &(),
    };
    simulate_county(&[scenario], county, plan, &|_| ()).expect("a simulation").outcomes.remove(0)
}

fn residents(scenario: &Scenario, county: usize) -> i128 {
    let ratio = scenario.place.raw.register_per_resident;
    let census = &scenario.place.counties[county].residents;
    let scaled = fundcast::population::scaled_census(census, ratio);
    scaled.iter().flatten().map(|&persons| i128::from(persons)).sum()
}

/// All shipped scenarios are here, so that a new one is held to the same.
#[test]
fn every_scenario_file_is_held_against_its_inputs() {
    let folder = std::fs::read_dir(crate::support::path("scenarios")).expect("the scenarios");
    let mut found: Vec<String> = folder
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".toml"))
        .map(|name| format!("scenarios/{name}"))
        .collect();
    found.sort();
    let mut held: Vec<&str> =
        SCENARIOS.iter().copied().filter(|name| name.starts_with("scenarios/")).collect();
    held.sort_unstable();
    assert_eq!(found, held);
}

#[test]
fn persons_of_each_month_are_those_of_the_register_and_add_up_to_all_residents() {
    for file in SCENARIOS {
        let scenario = scenario(file, &[]);
        for county in [0, scenario.place.counties.len() - 1] {
            let outcome = simulate(&scenario, county, 1, 2);
            let all = residents(&scenario, county);
            for (year, register) in outcome.register.iter().enumerate() {
                for (category, count) in register.iter().enumerate() {
                    let at = format!("{file} {county} {year} {category}");
                    // Of every month: a shortage of one could not be made up by another, see the error of a run.
                    assert_eq!(count.holder_months, 12 * count.target, "{at}");
                }
                let rows = 0..outcome.layout.n_people;
                let months = |row| outcome.people(year, row, PeopleMeasure::PersonMonths).sum;
                let months: i128 = rows.clone().map(months).sum();
                assert_eq!(months, 2 * 12 * all, "{file} {county} {year}");
                for category in rows {
                    counts_fit(&outcome, (year, category), &format!("{file} {county} {year} {category}"));
                }
            }
        }
    }
}

/// Persons with payments and payments; who is there in any month.
fn counts_fit(outcome: &CountyOutcome, (year, row): (usize, usize), at: &str) {
    let of = |measure| outcome.people(year, row, measure).sum;
    let (persons, cases) = (of(PeopleMeasure::AssistedPersons), of(PeopleMeasure::AssistedCases));
    assert!(of(PeopleMeasure::PersonMonths) >= 0, "{at}");
    assert!(persons <= cases, "{at}: {persons} {cases}");
    assert_eq!(persons == 0, cases == 0, "{at}: {persons} {cases}");
}

/// Counts of the table for the base year and the years after, by the growth of each category.
#[test]
fn the_register_of_a_run_is_the_table_of_counts() {
    for file in SCENARIOS {
        let scenario = scenario(file, &[]);
        let county = scenario.place.counties.len() - 1;
        let outcome = simulate(&scenario, county, 0, 1);
        for CategoryCount { id, persons, .. } in &scenario.place.counties[county].categories {
            let rank = scenario.policy.names.categories.iter().position(|name| name.id == *id);
            let rank = rank.expect("is ranked");
            assert_eq!(outcome.register[0][rank].target, i64::from(*persons), "{file} {id}");
        }
    }
}

#[test]
fn a_year_does_not_change_when_later_years_are_added() {
    for file in [FANGCHENGGANG, "scenarios/ewenki.toml", "scenarios/wuxi.toml"] {
        let long = scenario(file, &[]);
        let whole = simulate(&long, 0, 2, 3);
        for n in 1..long.years().len() {
            let years = format!("{:?}", &long.years()[..n]);
            let short = simulate(&scenario(file, &[("run.years", &years)]), 0, 2, 3);
            assert_eq!(short.layout, whole.layout, "{file} {years}");
            for year in 0..n {
                let at = format!("{file} {years} {year}");
                for replicate in 0..3 {
                    assert_eq!(short.kept(year, replicate), whole.kept(year, replicate), "{at} {replicate}");
                }
                for fact in &whole.layout.facts()[whole.layout.n_kept()..] {
                    assert_eq!(short.moments(year, *fact), whole.moments(year, *fact), "{at} {fact:?}");
                }
                assert_eq!(short.register[year], whole.register[year], "{at}");
            }
        }
    }
}

/// With the same values in every year the first year stands like the others: without a warm-up it lacks the
/// applications for bills of the year before.
#[test]
fn a_flat_first_year_stands_like_the_second_after_the_warm_up() {
    let mut flat: Vec<(String, String)> = Vec::new();
    for year in 2022..=2023 {
        flat.push((format!("place.contribution.resident.yuan_by_year.{year}"), "350".to_owned()));
        flat.push((format!("policy.subsidy.stable_lifted.share.by_year.{year}"), "0.5".to_owned()));
    }
    flat.push(("run.years".to_owned(), "[2022, 2023]".to_owned()));
    let settings: Vec<(&str, &str)> =
        flat.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let scenario = scenario(FANGCHENGGANG, &settings);
    let names = &scenario.policy.rules;
    let applications = |outcome: &CountyOutcome, year: usize| -> f64 {
        let own = (0..names.len()).filter(|&rule| names[rule].id.starts_with("application."));
        own.map(|rule| outcome.rule_sum(year, rule, RuleMeasure::Fen) as f64).sum()
    };
    let (cold, warm) = (simulate(&scenario, 2, 0, 12), simulate(&scenario, 2, 2, 12));
    assert!(
        applications(&warm, 0) > 1.08 * applications(&cold, 0),
        "the artefact is there without a warm-up"
    );
    let ratio = applications(&warm, 1) / applications(&warm, 0);
    assert!((0.6..1.6).contains(&ratio), "{ratio}");
}

/// Recruits leave as others of their category do, so that their number settles.
#[test]
fn persons_recognised_by_lists_lose_the_identity_again() {
    let settings = [
        ("policy.watch.ordinary.verification_share", "1.0"),
        ("place.population.groups.monitored.loss_per_year", "0.9"),
    ];
    let held_for_long = scenario(FANGCHENGGANG, &settings[..1]);
    let lost_soon = scenario(FANGCHENGGANG, &settings);
    let rank = held_for_long.policy.names.categories.iter().position(|name| name.id == "monitored_sudden");
    let rank = rank.expect("a category");
    let beyond = |scenario: &Scenario| -> Vec<f64> {
        let outcome = simulate(scenario, 2, 0, 4);
        let persons = |year: usize| {
            outcome.people(year, rank, PeopleMeasure::PersonMonths).mean().unwrap_or(0.0) / 12.0
        };
        let first = persons(0);
        (1..4).map(|year| persons(year) - first).collect()
    };
    let (long, soon) = (beyond(&held_for_long), beyond(&lost_soon));
    assert!(long[2] > 1.5 * long[0].max(1.0), "with a low loss they add up: {long:?}");
    assert!(soon[2] < 0.7 * long[2], "with a high loss they do not: {soon:?} {long:?}");
}
