//! A policy's rank gives rights and nothing else: persons, households, insurance and illness follow the place's own order.

use std::path::Path;

use super::facts::BurdenMeasure;
use super::from_scenario::{EngineChoice, Plan, columns, population, simulate_county};
use crate::population::Population;
use crate::rng::Draws;
use crate::scenario::{self, Scenario, load::Setting};

const SEED: u64 = 20_260_101;
const COUNTY: usize = 2;

const INDICATOR: &str =
    r#"{ zh = "住院", en = "Stays", when = {}, who = {}, at_most = 0.5, cite = ["FCG-01"] }"#;

/// Fangchenggang with an order of rank, where nobody gains an identity and an indicator counts all costs.
fn ranked(rank: Option<&[String]>) -> Scenario {
    let mut settings = vec![
        ("policy.indicator.all".to_owned(), INDICATOR.to_owned()),
        ("policy.watch.lifted_out.verification_share".to_owned(), "0.0".to_owned()),
        ("policy.watch.ordinary.verification_share".to_owned(), "0.0".to_owned()),
        ("policy.application.illness_poor.enabled".to_owned(), "false".to_owned()),
    ];
    settings.extend(rank.map(|rank| ("policy.rank".to_owned(), format!("{rank:?}"))));
    let settings: Vec<Setting> = settings.into_iter().map(|(path, value)| Setting { path, value }).collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fangchenggang.toml");
    scenario::load(&file, &settings).unwrap()
}

/// The identities of everybody by name, with their months.
fn held(scenario: &Scenario, drawn: &Population) -> Vec<(String, u16, u16)> {
    let name = |rank: u8| scenario.policy.names.categories[usize::from(rank)].id.clone();
    drawn.spells.iter().map(|spell| (name(spell.category.0), spell.from.0, spell.to.0)).collect()
}

#[test]
fn exact_a_rank_changes_rights_alone() {
    let usual = ranked(None);
    let mut rank: Vec<String> = usual.policy.names.categories.iter().map(|name| name.id.clone()).collect();
    rank.reverse();
    let other = ranked(Some(&rank));
    let draws = Draws::new(SEED);
    let years = usual.years().to_vec();
    let [first, second] = [&usual, &other].map(|one| population(one, COUNTY, &years, &draws).unwrap());
    assert_eq!(held(&usual, &first), held(&other, &second));
    let without = |drawn: &Population| {
        let mut drawn = drawn.clone();
        (drawn.spells, drawn.register, drawn.order) = Default::default();
        drawn
    };
    assert!(without(&first) == without(&second), "persons or households differ");
    let two =
        |drawn: &Population| (0..drawn.len()).filter(|&person| drawn.spells_of(person).len() > 1).count();
    assert!(two(&first) > 1000, "few hold two identities");
    for (at, (one, two)) in columns(&usual, &first, &years, &draws)
        .iter()
        .zip(&columns(&other, &second, &years, &draws))
        .enumerate()
    {
        assert_eq!(one.persons().group, two.persons().group, "year {at}");
    }
    let plan = Plan {
        years: &years,
        warm_up_years: 2,
        first_replicate: 0,
        n_replicates: 2,
        seed: SEED,
        engine: EngineChoice::default(),
        observer: &(),
    };
    let [one, two] = [&usual, &other].map(|one| simulate_county(&[one], COUNTY, plan, &|_| ()).unwrap());
    assert_eq!(one.work.claims, two.work.claims);
    let cost = |done: &super::from_scenario::Simulated| -> Vec<i128> {
        let outcome = &done.outcomes[0];
        let last = outcome.layout.n_indicators - 1;
        let cost = |year| outcome.indicator(year, last, BurdenMeasure::InScopeFen).sum;
        (0..outcome.n_years).map(cost).collect()
    };
    assert_eq!(cost(&one), cost(&two));
    assert!(cost(&one).iter().all(|&fen| fen > 0));
}
