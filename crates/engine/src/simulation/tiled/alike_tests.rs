//! Who is settled alike, of a shipped plan whose changed rules are for few.

use std::path::Path;

use super::super::assemble::with_county;
use super::super::from_scenario::{EngineChoice, Plan};
use super::super::replicate::Engine;
use super::alike::Alike;
use crate::scenario::{self, Scenario, load::Setting};

fn load(settings: &[(&str, &str)]) -> Scenario {
    let setting =
        |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fangchenggang.toml");
    let settings: Vec<Setting> = settings.iter().map(setting).collect();
    scenario::load(&file, &settings).unwrap()
}

/// By year: the identities that the second scenario treats otherwise, by number, residents without one last; none for
/// everybody.
fn otherwise(change: &[(&str, &str)]) -> Vec<Option<Vec<usize>>> {
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
        Ok(tiles.alike.iter().map(Alike::second).collect())
    })
    .unwrap()
}

fn numbers(of: &[&str]) -> Option<Vec<usize>> {
    let names = load(&[]).policy.names.categories;
    Some(of.iter().map(|id| names.iter().position(|one| one.id == **id).unwrap()).collect())
}

/// A rule of some identities concerns these alone, from the first year on in which it is another: what was noted of a
/// person in it goes on.
#[test]
fn a_rule_of_few_leaves_all_others_alike() {
    let monitored = otherwise(&[("policy.assistance.monitored.ratio", "0.8")]);
    let first = monitored.iter().position(|of| *of != Some(Vec::new())).unwrap();
    assert!(monitored[first].as_ref().is_some_and(|of| !of.is_empty() && of.len() < 6), "{monitored:?}");
    assert!(monitored[first..].iter().all(|of| *of == monitored[first]), "{monitored:?}");
    assert!(otherwise(&[]).iter().all(|of| *of == Some(Vec::new())));
    let ended = otherwise(&[("policy.assistance.margin.to_year", "2023")]);
    // One year before the run, then 2022 and 2023 as before.
    assert!(ended[..3].iter().all(|of| *of == Some(Vec::new())), "{ended:?}");
    assert_eq!(ended[3], numbers(&["dibao_margin"]), "{ended:?}");
}

/// Other lists ask everybody otherwise, and so does another insurance; other contribution subsidies change no claim.
#[test]
fn what_reaches_everybody_leaves_nobody_alike() {
    for everybody in [
        ("policy.watch.lifted_out.delay_months", "3"),
        ("policy.basic.resident.outpatient_chronic.ratio", "0.5"),
        ("place.application.approval_share", "0.9"),
    ] {
        let of = otherwise(&[everybody]);
        assert!(of.iter().all(Option::is_none), "{everybody:?} {of:?}");
    }
}

/// More scenarios than bits are settled each for itself.
#[test]
fn many_lanes_go_alone() {
    let of = |n: usize| Alike::new(&vec![Some(vec![false, true]); n], 2);
    assert!(!of(63).is_everyone(0) && of(63).is_everyone(of(63).of_residents()));
    assert!(of(64).is_everyone(of(64).of_residents()) && of(64).all_go_alone());
    assert!(of(0).all_go_alone());
}
