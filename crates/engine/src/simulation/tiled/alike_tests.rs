//! Who is settled alike, of a shipped plan whose changed rules are for few.

use std::path::Path;

use super::super::assemble::with_county;
use super::super::from_scenario::{EngineChoice, Plan};
use super::super::replicate::Engine;
use crate::scenario::{self, Scenario, load::Setting};

fn load(settings: &[(&str, &str)]) -> Scenario {
    let setting =
        |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fangchenggang.toml");
    let settings: Vec<Setting> = settings.iter().map(setting).collect();
    scenario::load(&file, &settings).unwrap()
}

/// By year: whether the second scenario goes along with the first, and the share of the rows that it treats otherwise.
fn alike(change: &[(&str, &str)]) -> Vec<(bool, f64)> {
    let (base, other) = (load(&[]), load(change));
    let plan = Plan {
        years: base.years(),
        warm_up_years: 1,
        first_replicate: 0,
        n_replicates: 1,
        seed: 7,
        engine: EngineChoice::default(),
        observer: &(),
    };
    with_county((&[&base, &other], 1, plan), |county, _| {
        let Engine::Tiled(tiles) = &county.engine else { panic!("tiled") };
        let of_year = |year: usize| {
            let one = &tiles.alike[year];
            let n = one.otherwise.len() as f64;
            (one.is_any(), one.otherwise.iter().filter(|otherwise| **otherwise).count() as f64 / n)
        };
        Ok((0..tiles.alike.len()).map(of_year).collect())
    })
    .unwrap()
}

/// Monitored persons are a few in a hundred; a rule that ends with 2023 changes nobody's 2022.
#[test]
fn a_rule_of_few_leaves_all_others_alike() {
    for (goes_along, otherwise) in alike(&[("policy.assistance.monitored.ratio", "0.8")]) {
        assert!(goes_along && otherwise > 0.0 && otherwise < 0.2, "{goes_along} {otherwise}");
    }
    let by_year = alike(&[("policy.assistance.margin.annual_cap_yuan", "12000")]);
    assert!(by_year.iter().all(|(goes_along, otherwise)| *goes_along && *otherwise < 0.2), "{by_year:?}");
    assert!(alike(&[]).iter().all(|(_, otherwise)| *otherwise == 0.0));
}

/// Other lists ask everybody otherwise, and so does another insurance.
#[test]
fn what_reaches_everybody_leaves_nobody_alike() {
    let delay = alike(&[("policy.watch.lifted_out.delay_months", "3")]);
    assert!(delay.iter().all(|(goes_along, _)| !goes_along), "{delay:?}");
    let chronic = alike(&[("policy.basic.resident.outpatient_chronic.ratio", "0.5")]);
    assert!(chronic.iter().all(|(goes_along, otherwise)| !goes_along || *otherwise > 0.9), "{chronic:?}");
}
