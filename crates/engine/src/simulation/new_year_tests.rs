//! What stays over New Year move, counted apart from the simulation: the bills of everybody are drawn again, and each
//! is given to its year, or cut by days, in another way than the program does it.

use std::path::Path;

use super::facts::BurdenMeasure;
use super::from_scenario::{EngineChoice, Plan, columns, population, simulate_county};
use crate::policy::claim::Spell;
use crate::policy::claim::{Claim, Kind};
use crate::population::Population;
use crate::rng::Draws;
use crate::scenario::{self, Scenario, load::Setting};
use crate::units::{Month, days_in};

const SEED: u64 = 20_260_101;
const COUNTY: usize = 2;
const REPLICATES: u32 = 2;
const WARM_UP: u16 = 2;

/// Fangchenggang with an indicator that counts the stays of everybody with an identity; nobody gains one.
fn counting(stays: &str) -> Scenario {
    let indicator = r#"{ zh = "住院", en = "Stays", when = { kinds = ["inpatient"] }, who = {}, at_most = 0.5, cite = ["FCG-01"] }"#;
    let rule = format!(r#"{{ stays = "{stays}", cite = ["FCG-01"] }}"#);
    let settings = [
        ("policy.indicator.stays", indicator),
        ("policy.watch.lifted_out.verification_share", "0.0"),
        ("policy.watch.ordinary.verification_share", "0.0"),
        ("policy.application.illness_poor.enabled", "false"),
        ("policy.new_year", &rule),
        // What is counted here by another hand is the population as it is drawn.
        ("run.without", "[\"counts\"]"),
    ];
    let setting = |(path, value): (&str, &str)| Setting { path: path.to_owned(), value: value.to_owned() };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fangchenggang.toml");
    scenario::load(&file, &settings.map(setting)).unwrap()
}

/// Days from the beginning of a year.
fn day_of_year(year: u16, day: crate::units::Day) -> i64 {
    let january = Month::new(year, 1).0;
    let before: i64 = (january..day.month.0).map(|month| i64::from(days_in(Month(month)))).sum();
    before + i64::from(day.of_month)
}

/// Fen of a stay that count in the year after that of admission.
fn of_next_year(stays: &str, year: u16, claim: &Claim, fen: i64) -> i64 {
    let new_year = if days_in(Month::new(year, 2)) == 29 { 366 } else { 365 };
    let (from, to) = (day_of_year(year, claim.admitted), day_of_year(year, claim.discharged));
    match stays {
        "by_discharge" if to > new_year => fen,
        "split" if to > new_year => {
            let (until, days) = (new_year - from + 1, to - from + 1);
            fen - (fen as f64 * until as f64 / days as f64 + 0.5).floor() as i64
        }
        _ => 0,
    }
}

/// Whether an identity is held in a month from the one to the other.
fn held(spells: &[Spell], first: Month, last: Month) -> bool {
    (first.0..=last.0).any(|month| spells.iter().any(|one| one.from.0 <= month && month <= one.to.0))
}

/// In-scope fen of the stays of each year, of those with an identity, over all replicates; and how much was moved.
fn counted(scenario: &Scenario, stays: &str, years: &[u16]) -> (Vec<i128>, i128) {
    let draws = Draws::new(SEED);
    let reported = scenario.years();
    let drawn: Population = population(scenario, COUNTY, reported, &draws).unwrap().with_warm_up(WARM_UP);
    let columns = columns(scenario, &drawn, years, &draws);
    let (mut all, mut moved) = (vec![0_i128; years.len() + 1], 0);
    for replicate in 0..REPLICATES {
        let parameters = scenario.model.replicate(&draws, replicate);
        let mut states = Vec::new();
        for (at, &year) in years.iter().enumerate() {
            let ctx = scenario.model.year(&parameters, drawn.county, year);
            let persons = columns[at].persons();
            let (mut ill, mut claims) = (Vec::new(), Vec::new());
            scenario.model.begin(&ctx, &persons, &mut states);
            scenario.model.incidence(&ctx, &persons, &mut states, &mut ill);
            for one in &ill {
                claims.clear();
                scenario.model.claims(&ctx, &persons, one, &mut claims);
                let spells = drawn.spells_of(one.row as usize);
                let (december, january) = (Month::new(year, 12), Month::new(year + 1, 1));
                for claim in claims.iter().filter(|claim| claim.kind == Kind::Inpatient) {
                    let part = |fen: i64| of_next_year(stays, year, claim, fen);
                    let later = part(claim.total.0) - part(claim.out_of_scope.0);
                    let now = claim.total.0 - claim.out_of_scope.0 - later;
                    let (from, to) = (claim.admitted.month, claim.discharged.month);
                    let of_both = stays == "split" && to > december;
                    let until = if of_both { december } else { to };
                    all[at] += i128::from(now) * i128::from(held(spells, from, until));
                    let since = if of_both { january } else { from };
                    all[at + 1] += i128::from(later) * i128::from(held(spells, since, to));
                    moved += i128::from(later);
                }
            }
        }
    }
    (all, moved)
}

#[test]
fn exact_stays_over_new_year_count_in_the_year_that_the_plan_says() {
    let mut totals = Vec::new();
    for stays in ["by_admission", "by_discharge", "split"] {
        let scenario = counting(stays);
        let reported = scenario.years().to_vec();
        let plan = Plan {
            years: &reported,
            warm_up_years: WARM_UP,
            first_replicate: 0,
            n_replicates: REPLICATES,
            seed: SEED,
            engine: EngineChoice::default(),
            observer: &(),
        };
        let (counted, moved) = counted(&scenario, stays, &plan.simulated_years());
        let outcome = simulate_county(&[&scenario], COUNTY, plan, &|_| ()).unwrap().outcomes.remove(0);
        let number = outcome.layout.n_indicators - 1;
        let cost = |year| outcome.indicator(year, number, BurdenMeasure::InScopeFen).sum;
        let found: Vec<i128> = (0..outcome.n_years).map(cost).collect();
        let expected = &counted[usize::from(WARM_UP)..usize::from(WARM_UP) + reported.len()];
        assert_eq!(found, expected, "{stays}");
        assert_eq!(moved > 0, stays != "by_admission", "{stays}");
        totals.push(found);
    }
    assert!(totals[0] != totals[1] && totals[1] != totals[2] && totals[0] != totals[2]);
}
