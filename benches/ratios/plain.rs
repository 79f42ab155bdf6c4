//! The plain loop that the engine is compared with: one annual claim per ill person, one person after the other.
//!
//! It draws and settles what `benches/one_claim.py` does, with the project's keyed draws and plain settlement.

use std::time::Instant;

use fundcast::policy::claim::{
    Category, Claim, Disease, Insurance, Kind, Level, Locality, Person, Sex, Spell,
};
use fundcast::policy::schedule::YearRules;
use fundcast::policy::settle::{Case, Ledger, Payment, Work, settle_year};
use fundcast::rng::{Draws, Key, Purpose, threshold, uniform};
use fundcast::scenario::Scenario;
use fundcast::units::{Day, Fen, Month};

use crate::job::{SEED, SHANGSI};

const YEAR: u16 = 2024;
/// Admissions and cost of 2024 of the illness model; factors of a category as of `default`.
const STAYS: f64 = 0.217 * 1.54;
const YUAN_PER_STAY: f64 = 7408.0 * 0.9;
const LOG_SD: f64 = 1.0;
/// Hospital levels: upper ends of the shares, cost against the mean, share outside the catalogue.
const LEVEL_BELOW: [f64; 3] = [0.25, 0.70, 0.94];
const LEVEL_COST: [f64; 4] = [0.448, 0.819, 1.597, 2.235];
const OUTSIDE: [f64; 4] = [0.05, 0.08, 0.12, 0.15];

/// Sums what each rule pays.
struct Sums(Vec<i64>);

impl Ledger for Sums {
    fn pays(&mut self, payment: &Payment) {
        self.0[usize::from(payment.rule.0)] += payment.amount.0;
    }
}

/// The loop, ready to be run.
pub struct PlainLoop {
    rules: YearRules,
    county: u32,
    /// The identity of each person, all year.
    spells: Vec<[Spell; 1]>,
    work: Work,
    sums: Sums,
}

impl PlainLoop {
    /// The identity holders of one county, each with one identity.
    pub fn new(scenario: &Scenario) -> Self {
        let county = &scenario.place.counties[SHANGSI];
        let names = &scenario.policy.names;
        let rank = |id: &str| names.categories.iter().position(|name| name.id == *id).expect("is ranked");
        let spell = |rank: usize| Spell {
            category: Category(u8::try_from(rank).expect("at most 32 categories")),
            from: Month::FIRST,
            to: Month::LAST,
        };
        let held = county.categories.iter().flat_map(|count| {
            let persons = usize::try_from(count.persons).expect("fits");
            std::iter::repeat_n([spell(rank(&count.id))], persons)
        });
        Self {
            rules: scenario.rules(SHANGSI, YEAR).expect("the scenario has the year"),
            county: county.code,
            spells: held.collect(),
            work: Work::new(names.pools.len()),
            sums: Sums(vec![0; scenario.policy.rules.len()]),
        }
    }

    /// Runs replicates; nanoseconds for each claim.
    pub fn run(&mut self, n_replicates: u32) -> f64 {
        let Self { rules, county, spells, work, sums } = self;
        let draws = Draws::new(SEED);
        let chance = 1.0 - libm::exp(-STAYS);
        let ill_below = threshold(chance);
        let log_mean = libm::log(100.0 * YUAN_PER_STAY * STAYS / chance) - LOG_SD * LOG_SD / 2.0;
        let mut n_claims = 0_u32;
        let began = Instant::now();
        for replicate in 0..n_replicates {
            for (person, spells) in (0..).zip(spells.iter()) {
                let key = Key { person, replicate, county: *county, year: YEAR };
                let words = draws.block(key, Purpose::PersonYear, 0);
                if u64::from(words[0]) >= ill_below {
                    continue;
                }
                n_claims += 1;
                let claim = annual_claim(words, log_mean);
                let person = Person {
                    age: 50,
                    sex: Some(Sex::Male),
                    insurance: Insurance::Resident,
                    traits: 0,
                    spells,
                    recognised: None,
                };
                settle_year(rules, &Case { person, claims: &[claim], earlier: &[] }, work, sums);
            }
        }
        let ns = 1e9 * began.elapsed().as_secs_f64() / f64::from(n_claims);
        assert!(std::hint::black_box(sums).0.iter().sum::<i64>() > 0, "something is paid");
        ns
    }
}

/// One bill for the whole year: hospital level, and a lognormal cost of that level.
#[expect(clippy::cast_possible_truncation, reason = "whole fen far below the limit")]
fn annual_claim(words: [u32; 4], log_mean: f64) -> Claim {
    let which = uniform(words[1]);
    let level = LEVEL_BELOW.iter().filter(|below| which >= **below).count();
    let radius = libm::sqrt(-2.0 * libm::log(uniform(words[2])));
    let normal = radius * libm::cos(std::f64::consts::TAU * uniform(words[3]));
    let fen = libm::exp(log_mean + LOG_SD * normal) * LEVEL_COST[level];
    let fen = fen.clamp(5_000.0, 300_000_000.0);
    Claim {
        kind: Kind::Inpatient,
        level: Level::ALL[level],
        locality: Locality::County,
        referred: true,
        disease: Disease::NONE,
        admitted: Day { month: Month::new(YEAR, 6), of_month: 15 },
        discharged: Day { month: Month::new(YEAR, 6), of_month: 15 },
        total: Fen(libm::round(fen) as i64),
        out_of_scope: Fen(libm::round(fen * OUTSIDE[level]) as i64),
        other_paid: Fen::ZERO,
        stay: 0,
    }
}
