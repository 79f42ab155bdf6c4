//! Uncertain numbers of persons: whom a person stands for, the law of the factors, and a run against many runs whose
//! tables were drawn.

use super::columns::YearColumns;
use super::counts::{CountLaw, Counts, Weights};
use super::from_scenario::{EngineChoice, Plan, columns, population, simulate_county};
use crate::population::Population;
use crate::raw::population::CountSpread;
use crate::rng::{Draws, Key, Purpose, uniform};
use crate::scenario::load::Setting;
use crate::scenario::{self, Scenario};
use crate::units::Ratio;

/// Mean and standard deviation of some figures.
#[derive(Debug, Clone, Copy)]
struct Moments {
    n: f64,
    mean: f64,
    sd: f64,
}

impl Moments {
    fn of(figures: &[f64]) -> Self {
        let n = figures.len() as f64;
        let mean = figures.iter().sum::<f64>() / n;
        let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
        Self { n, mean, sd: (squares / (n - 1.0)).sqrt() }
    }

    fn error(&self) -> f64 {
        self.sd / self.n.sqrt()
    }
}

const SEED: u64 = 8;
const COUNTY: usize = 0;

fn loaded(settings: &[(&str, &str)]) -> Scenario {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fangchenggang.toml");
    let set = |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
    scenario::load(&path, &settings.iter().map(set).collect::<Vec<_>>()).unwrap()
}

struct Prepared {
    population: Population,
    columns: Vec<YearColumns>,
    counts: Counts,
}

fn prepared(scenario: &Scenario) -> Prepared {
    let (draws, years) = (Draws::new(SEED), scenario.years());
    let population = population(scenario, COUNTY, years, &draws).unwrap();
    let columns = columns(scenario, &population, years, &draws);
    let law = CountLaw::new(scenario, COUNTY).unwrap();
    let counts = Counts::new(law, &draws, &population, &columns);
    Prepared { population, columns, counts }
}

impl Prepared {
    /// Persons of a category in a month of a year of the horizon, each as often as they stand for one.
    fn persons(&self, (year, month): (usize, usize), rank: u8, weights: &Weights) -> i64 {
        let columns = &self.columns[year];
        let holds = |row: &usize| {
            let there = columns.months(*row).is_some_and(|(first, last)| (first..=last).contains(&month));
            there && columns.held_in(&self.population, *row, month).iter().any(|held| held.0 == rank)
        };
        (0..columns.len()).filter(holds).map(|row| weights.of(row)).sum()
    }
}

/// In every replicate the persons of a category are the register times one factor, in every month: the factor has mean
/// one and the stated spread, and a category of found numbers moves less.
#[test]
fn persons_follow_the_stated_law_in_every_month() {
    let scenario = loaded(&[("place.population.count_spread.growth_per_year", "0.0")]);
    let here = prepared(&scenario);
    let dibao = scenario.policy.names.categories.iter().position(|name| name.id == "dibao").unwrap();
    let register = f64::from(here.population.register[0][dibao]);
    let mut factors = Vec::new();
    for replicate in 0..800 {
        let weights = here.counts.weights(replicate);
        let january = here.persons((0, 0), dibao as u8, &weights[0]);
        factors.push(january as f64 / register);
        if replicate % 40 == 0 {
            for (year, month) in [(0, 11), (1, 0), (2, 6), (3, 11)] {
                let of_year = f64::from(here.population.register[year][dibao]);
                let expected = of_year * january as f64 / register;
                let persons = here.persons((year, month), dibao as u8, &weights[year]) as f64;
                assert!(
                    (persons - expected).abs() < 0.01 * of_year,
                    "{year} {month}: {persons}, not {expected}"
                );
            }
        }
    }
    let logs: Vec<f64> = factors.iter().map(|factor| factor.ln()).collect();
    let (of, of_logs) = (Moments::of(&factors), Moments::of(&logs));
    assert!((of.mean - 1.0).abs() < 4.0 * of.error(), "{of:?}");
    assert!((of_logs.sd - 0.25).abs() < 4.0 * 0.25 / 1600.0_f64.sqrt(), "{of_logs:?}");
}

/// Over the replicates everybody stands for one on average, and a household stands or falls together.
#[test]
fn everybody_stands_for_one_on_average() {
    let here = prepared(&loaded(&[("place.population.count_spread.growth_per_year", "0.0")]));
    let n = here.columns[0].len();
    let mut sums = vec![0_i64; n];
    for replicate in 0..1500 {
        let weights = here.counts.weights(replicate);
        sums.iter_mut().enumerate().for_each(|(row, sum)| *sum += weights[0].of(row));
    }
    let means: Vec<f64> = sums.iter().map(|&sum| sum as f64 / 1500.0).collect();
    // The factor has an SD of a quarter, whether a household is there one of at most a half.
    let error = (0.25_f64.powi(2) + 0.25).sqrt() / 1500.0_f64.sqrt();
    assert!(means.iter().all(|mean| (mean - 1.0).abs() < 6.0 * error), "{:?}", Moments::of(&means));
}

#[test]
fn a_typed_spread_and_a_found_number_make_the_interval_narrow() {
    let mut scenario = loaded(&[]);
    let wide = spread_of_total(&scenario);
    for count in &mut scenario.place.counties[COUNTY].categories {
        count.spread = Ratio::from_f64(0.02);
    }
    let narrow = spread_of_total(&scenario);
    assert!(narrow < wide / 4.0, "{narrow} {wide}");
    let off = loaded(&[("run.without", "[\"counts\"]")]);
    assert_eq!(CountLaw::new(&off, COUNTY), None);
    assert_eq!(off.place.raw.population.count_spread, CountSpread::NONE);
    assert!(off.notices.iter().any(|notice| notice.value == "counts"));
}

/// The standard deviation of all holders together, relative to their number.
fn spread_of_total(scenario: &Scenario) -> f64 {
    let here = prepared(scenario);
    let total = |replicate| {
        let weights = here.counts.weights(replicate);
        (0..here.columns[0].len()).map(|row| weights[0].of(row)).sum::<i64>() as f64
    };
    let totals: Vec<f64> = (0..300).map(total).collect();
    let of = Moments::of(&totals);
    of.sd / of.mean
}

/// More holders than residents cannot be: where a place is full, all categories give way in proportion.
#[test]
fn there_are_never_more_holders_than_residents() {
    let mut scenario = loaded(&[]);
    for count in &mut scenario.place.counties[COUNTY].categories {
        count.spread = Ratio::from_f64(1.0);
    }
    let mut here = prepared(&scenario);
    let holders = here.columns[0].n_present() as u32;
    here.population.residents = holders;
    let law = CountLaw::new(&scenario, COUNTY).unwrap();
    let counts = Counts::new(law, &Draws::new(SEED), &here.population, &here.columns);
    for replicate in 0..200 {
        let january = |row: &usize| here.columns[0].months(*row).is_some_and(|(first, _)| first == 0);
        let weights = &counts.weights(replicate)[0];
        let all: i64 = (0..here.columns[0].len()).filter(january).map(|row| weights.of(row)).sum();
        assert!(all <= i64::from(holders) + i64::from(holders) / 300, "{all} of {holders}");
    }
}

fn plan(n_replicates: u32, seed: u64) -> Plan<'static> {
    Plan {
        years: &[2024],
        warm_up_years: 0,
        first_replicate: 0,
        n_replicates,
        seed,
        engine: EngineChoice::default(),
        observer: &(),
    }
}

/// Spending of one county and year by replicate, yuan.
fn spending(scenario: &Scenario, plan: Plan<'_>) -> Vec<f64> {
    let done = simulate_county(&[scenario], COUNTY, plan, &|_| ()).unwrap();
    let outcome = &done.outcomes[0];
    let fen = |replicate| outcome.trial(0, replicate).iter().sum::<i64>() as f64;
    (0..outcome.n_replicates).map(|replicate| fen(replicate) / 100.0).collect()
}

/// A run with uncertain numbers against runs of one replicate, each with a table of its own that was drawn with the same
/// law by another hand: new persons, households and ages every time. Mean and standard deviation agree.
#[test]
fn exact_many_runs_with_drawn_tables_have_the_same_mean_and_spread() {
    const RUNS: u32 = 120;
    let no_growth = ("place.population.count_spread.growth_per_year", "0.0");
    let scenario = loaded(&[no_growth, ("run.years", "[2024]")]);
    let with_counts = spending(&scenario, plan(600, SEED));
    let mut drawn = Vec::new();
    for run in 0..RUNS {
        let mut own = loaded(&[("run.years", "[2024]"), ("run.without", "[\"counts\"]")]);
        for (number, count) in own.place.counties[COUNTY].categories.iter_mut().enumerate() {
            let key = Key { person: number as u32, replicate: run, county: 1, year: 0 };
            let [first, second, ..] = Draws::new(99).block(key, Purpose::Counts, 7);
            // Box and Muller's normals, so that the quantile function is not taken on trust.
            let z = (-2.0 * uniform(first).ln()).sqrt() * (std::f64::consts::TAU * uniform(second)).cos();
            let factor = (0.25 * z - 0.25_f64.powi(2) / 2.0).exp();
            count.persons = (f64::from(count.persons) * factor).round() as u32;
        }
        drawn.extend(spending(&own, plan(1, 1000 + u64::from(run))));
    }
    let (ours, brute) = (Moments::of(&with_counts), Moments::of(&drawn));
    let error = ours.error().hypot(brute.error());
    assert!((ours.mean - brute.mean).abs() < 3.5 * error, "{ours:?} {brute:?}");
    let error_of_log = (0.5 / ours.n + 0.5 / brute.n).sqrt() * 1.3;
    assert!((ours.sd / brute.sd).ln().abs() < 3.5 * error_of_log, "{ours:?} {brute:?}");
    // Without them the spread is far smaller: the test would see if counts did nothing.
    let fixed = loaded(&[("run.years", "[2024]"), ("run.without", "[\"counts\"]")]);
    let fixed = Moments::of(&spending(&fixed, plan(300, SEED)));
    assert!(fixed.sd < 0.75 * ours.sd, "{fixed:?} {ours:?}");
}
