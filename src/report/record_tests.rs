//! The record as it is written, and as it is read back.

use super::*;
use crate::projection::ProjectionBuilder;
use crate::projection::fixture::{layout, outcome};
use crate::report::write::Replace;
use crate::scenario::load::Setting;

fn scenario(settings: &[Setting]) -> Scenario {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/fangchenggang.toml"));
    crate::scenario::load(path, settings).unwrap()
}

#[test]
fn exact_the_record_of_a_run() {
    let output = tempfile::tempdir().unwrap();
    let scenario = scenario(&[]);
    let mut builder = ProjectionBuilder::with_layout(layout(2));
    builder.add(&outcome(1, &[[1, 2, 3]; 2]));
    let execution = Execution {
        threads: 3,
        engine: "tiled (avx2)".to_owned(),
        work: WorkDone::default(),
        seconds: vec![("draw".to_owned(), 0.5)],
    };
    let target = output.path().join("run");
    let folder = RunFolder::begin(&target, &Owner::of(&scenario.id, &[&scenario]), Replace::Refuse).unwrap();
    folder.write("charts/fan.svg", |out| std::io::Write::write_all(out, b"abc")).unwrap();
    Record::of_run(&scenario, &builder.finish(), &execution).write(&folder).unwrap();
    folder.finish().unwrap();
    let held = held(&target).unwrap();
    assert_eq!(held.owner, Owner::of("fangchenggang", &[&scenario]));
    assert!(held.owner.scenario_files[0].ends_with("fangchenggang.toml"), "{held:?}");
    let kept = [
        "charts/fan.svg",
        "inputs/fangchenggang.toml",
        "inputs/models/guangxi.toml",
        "inputs/places/fangchenggang/categories.csv",
        "inputs/places/fangchenggang/counties.csv",
        "inputs/places/fangchenggang/place.toml",
        "inputs/policies/fangchenggang-2022-08.toml",
    ];
    assert!(kept.iter().all(|name| held.files.contains_key(*name)), "{held:?}");
    let text = std::fs::read_to_string(target.join(FILE)).unwrap();
    let record: serde_json::Value = serde_json::from_str(&text).unwrap();
    // The published BLAKE3 hash of `abc`.
    let hash = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
    assert_eq!(record["files"]["charts/fan.svg"], hash);
    let input = &record["inputs"][0];
    let (name, stored) = input["kept"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(input["files"][name], record["files"][stored.as_str().unwrap()], "kept as it was read");
    assert_eq!(record["counties"], serde_json::json!(["450603"]));
    assert_eq!(record["seconds"], serde_json::json!({ "draw": 0.5 }));
    assert_eq!((&record["threads"], &record["replicates"]), (&3.into(), &2.into()));
    assert_eq!(record["engine"], "tiled (avx2)");
    let all = &record["resting_on_assumed_inputs"][2];
    assert_eq!((&all["county_code"], &all["any"]), (&"ALL".into(), &1.0.into()));
    let kinds: Vec<&str> =
        record["warnings"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"silent_line"), "{kinds:?}");
    // Two replicates are too few for any percentile of the tables.
    assert_eq!(kinds.iter().filter(|kind| **kind == "few_for_percentile").count(), 7);
}

#[test]
fn exact_the_input_hash_follows_what_decides_the_results() {
    let hash = |settings: &[Setting]| Input::of(&scenario(settings), BTreeMap::new()).input_hash;
    let change = Setting { path: "policy.tilt.monitored.enabled".to_owned(), value: "false".to_owned() };
    assert_eq!(hash(&[]), hash(&[]));
    assert_ne!(hash(&[]), hash(&[change]));
    // The value that it has anyway, and a label of the scenario, decide nothing.
    let same = Setting { path: "policy.tilt.monitored.enabled".to_owned(), value: "true".to_owned() };
    let title = Setting { path: "title_zh".to_owned(), value: "另一个标题".to_owned() };
    assert_eq!(hash(&[]), hash(&[same]));
    assert_eq!(hash(&[]), hash(&[title]));
}
