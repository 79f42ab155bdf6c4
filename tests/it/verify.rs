//! `verify`: finished runs held against their hashes, their inputs and a new simulation.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Done, fundcast};
use crate::support::scenarios_with;

/// A delta on the shipped scenario, in a folder of its own.
const DELTA: &str = "base = \"../ewenki.toml\"\n[change.policy.assistance.tekun]\nratio = 0.95\n";

/// A second one, to be laid over the first.
const OTHER: &str = "base = \"../ewenki.toml\"\n[change.model.ordinary]\ncostly_stay_yuan = 17000\n";

/// A copy of the shipped scenarios with two deltas, and the folder of a run of one of them.
struct Place {
    scenarios: tempfile::TempDir,
    out: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let scenarios = scenarios_with::<&str, &str>(&[]);
        let deltas = scenarios.path().join("deltas");
        std::fs::create_dir(&deltas).expect("a folder");
        std::fs::write(deltas.join("a.toml"), DELTA).expect("a delta");
        std::fs::write(deltas.join("b.toml"), OTHER).expect("a delta");
        Self { scenarios, out: tempfile::tempdir().expect("a folder") }
    }

    fn file(&self, name: &str) -> String {
        self.scenarios.path().join(name).display().to_string()
    }

    fn run(&self) -> PathBuf {
        self.out.path().join("run")
    }

    /// Runs a command on two scenarios or one, into the folder.
    fn make(&self, args: &[&str]) -> &Self {
        let out = self.run().display().to_string();
        let small = ["--replicates", "2", "--quiet", "--dpi", "50", "--out", &out];
        fundcast(args).with(&small).run().good();
        self
    }
}

fn verify(run: &Path, more: &[&str]) -> Done {
    fundcast(&["verify", &run.display().to_string(), "--lang", "en", "--quiet"]).with(more).run()
}

fn json(run: &Path, more: &[&str]) -> Value {
    let done = verify(run, &[more, &["--json"]].concat());
    let mut all: Value = serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{}", done.err));
    let one = all[0].take();
    assert_eq!(done.code, i32::from(one["holds"] != true), "{one}");
    one
}

/// The record of a run, changed.
fn change_record(run: &Path, change: impl FnOnce(&mut Value)) {
    let path = run.join("run.json");
    let mut record: Value = serde_json::from_slice(&std::fs::read(&path).expect("a record")).expect("JSON");
    change(&mut record);
    std::fs::write(path, record.to_string()).expect("written");
}

#[test]
fn exact_a_run_comes_out_again_wherever_it_is_taken() {
    let place = Place::new();
    let set = ["--set", "policy.assistance.tekun.ratio=0.97", "--years", "2024", "--without", "shocks"];
    let detail = ["--trials-by", "month", "--seed", "11"];
    place.make(&[&["run", &place.file("deltas/a.toml")], &set[..], &detail[..]].concat());
    let all = json(&place.run(), &["--rerun"]);
    assert_eq!((&all["holds"], &all["inputs"][0]["content"]), (&true.into(), &"same".into()), "{all}");
    assert_eq!(all["rerun"]["differing"], serde_json::json!([]));
    assert!(all["rerun"]["same"].as_u64() >= Some(15), "{all}");
    assert!(all["inputs"][0]["kept"] == true && place.run().join("inputs/deltas/a.toml").is_file());
    // On another machine the scenario's files are not there, and the folder has another name.
    let moved = place.out.path().join("moved");
    std::fs::rename(place.run(), &moved).expect("moved");
    std::fs::rename(place.scenarios.path().join("deltas"), place.scenarios.path().join("gone"))
        .expect("moved");
    std::fs::remove_file(place.scenarios.path().join("ewenki.toml")).expect("gone");
    for folder in ["policies", "places", "models"] {
        std::fs::remove_dir_all(place.scenarios.path().join(folder)).expect("gone");
    }
    let elsewhere = fundcast(&["verify", "moved", "--rerun", "--lang", "en"]).within(place.out.path()).run();
    assert_eq!(elsewhere.code, 0, "{}{}", elsewhere.out, elsewhere.err);
    for said in
        ["files are not here today", "same to the bit", "all of this holds", "Neither shows that the rules"]
    {
        assert!(elsewhere.out.contains(said), "{said}: {}", elsewhere.out);
    }
    assert_eq!(
        std::fs::read_dir(place.out.path()).expect("a folder").count(),
        1,
        "nothing is left beside it"
    );
    // The kept files are a scenario of their own.
    let again = fundcast(&["check", "moved/inputs/deltas/a.toml"]).within(place.out.path()).run();
    assert_eq!(again.code, 0, "{}", again.err);
}

#[test]
fn exact_what_is_changed_missing_or_foreign_is_named() {
    let place = Place::new();
    place.make(&["budget", &place.file("ewenki.toml")]);
    let run = place.run();
    assert_eq!(verify(&run, &[]).code, 0);
    let table = run.join("people.csv");
    let mut bytes = std::fs::read(&table).expect("a table");
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    std::fs::write(&table, bytes).expect("written");
    std::fs::remove_file(run.join("charts/fan.svg")).expect("gone");
    std::fs::write(run.join("charts/mine.svg"), "x").expect("written");
    std::fs::write(run.join("inputs/ewenki.toml"), "x").expect("written");
    let all = json(&run, &[]);
    assert_eq!(all["failing"], serde_json::json!(["files"]));
    assert_eq!(all["files"]["changed"], serde_json::json!(["inputs/ewenki.toml", "people.csv"]));
    assert_eq!(all["files"]["missing"], serde_json::json!(["charts/fan.svg"]));
    assert_eq!(all["files"]["beyond"], serde_json::json!(["charts/mine.svg"]));
    assert_eq!(all["inputs"][0]["kept"], false);
    let said = verify(&run, &[]);
    assert!(said.out.contains("changed since: inputs/ewenki.toml, people.csv"), "{}", said.out);
    assert!(said.err.contains("not verified"), "{}", said.err);
    let chinese = fundcast(&["verify", &run.display().to_string()]).run();
    assert!(chinese.code == 1 && chinese.out.contains("缺少：charts/fan.svg"), "{}", chinese.out);
    // What the run wrote still comes out again, from the file of today in place of the kept one.
    let again = json(&run, &["--rerun"]);
    assert_eq!(again["rerun"]["differing"], serde_json::json!([]), "{again}");
}

/// Who edits a table and its hash is found by a new simulation: file, row, column and both values.
#[test]
fn exact_an_edited_table_is_found_by_a_new_simulation() {
    let place = Place::new();
    place.make(&["run", &place.file("ewenki.toml")]);
    let run = place.run();
    let table = run.join("projection.csv");
    let text = std::fs::read_to_string(&table).expect("a table");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let column = lines[0].split(',').position(|name| name == "mean_yuan").expect("a column");
    let fields: Vec<&str> = lines[3].split(',').collect();
    let mut edited = fields.clone();
    edited[column] = "1.00";
    let edited = text.replacen(lines[3], &edited.join(","), 1);
    std::fs::write(&table, &edited).expect("written");
    change_record(&run, |record| {
        record["files"]["projection.csv"] = fundcast::scenario::kept::hash(edited.as_bytes()).into();
    });
    assert_eq!(json(&run, &[])["holds"], true, "hashes alone do not tell");
    let all = json(&run, &["--rerun"]);
    assert_eq!(all["failing"], serde_json::json!(["rerun"]));
    let found = &all["rerun"]["differing"];
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    let found = &found[0];
    assert_eq!((&found["file"], &found["row"]), (&"projection.csv".into(), &3.into()));
    assert_eq!((&found["column"], &found["was"]), (&"mean_yuan".into(), &"1.00".into()));
    assert_eq!(found["again"], fields[column]);
}

#[test]
fn exact_an_edited_input_is_named() {
    let place = Place::new();
    place.make(&["run", &place.file("deltas/a.toml")]);
    let delta = place.scenarios.path().join("deltas/a.toml");
    std::fs::write(&delta, format!("# a remark\n{DELTA}")).expect("written");
    let remark = json(&place.run(), &[]);
    assert_eq!(remark["failing"], serde_json::json!(["inputs"]));
    assert_eq!(remark["inputs"][0]["content"], "same", "a remark decides nothing");
    let changed = remark["inputs"][0]["changed"][0].as_str().expect("a name");
    assert!(changed.ends_with("deltas/a.toml"), "{changed}");
    std::fs::write(&delta, DELTA.replace("0.95", "0.94")).expect("written");
    assert_eq!(json(&place.run(), &[])["inputs"][0]["content"], "differs");
    // The run is worked out from what it read.
    assert_eq!(json(&place.run(), &["--rerun"])["rerun"]["differing"], serde_json::json!([]));
    std::fs::write(&delta, "nonsense = 1\n").expect("written");
    let broken = verify(&place.run(), &[]);
    assert!(broken.code == 1 && broken.out.contains("no valid scenario"), "{}", broken.out);
}

#[test]
fn exact_a_comparison_of_deltas_comes_out_again() {
    let place = Place::new();
    let both = format!("{}+{}", place.file("deltas/a.toml"), place.file("deltas/b.toml"));
    place.make(&["compare", &place.file("ewenki.toml"), &both, &place.file("deltas/a.toml")]);
    let all = json(&place.run(), &["--rerun"]);
    assert_eq!(all["holds"], true, "{all}");
    assert_eq!(all["inputs"].as_array().map(Vec::len), Some(3));
    assert!(
        place.run().join("attribution.csv").is_file() && place.run().join("inputs/deltas/b.toml").is_file()
    );
}

/// A run as an earlier version wrote it: nothing is kept, and what was typed is not known.
#[test]
fn exact_a_run_without_kept_inputs_takes_those_of_today() {
    let place = Place::new();
    place.make(&["run", &place.file("ewenki.toml")]);
    let forget = |run: &Path| {
        std::fs::remove_dir_all(run.join("inputs")).expect("gone");
        change_record(run, |record| {
            record.as_object_mut().expect("keys").remove("typed");
            let input = record["inputs"][0].as_object_mut().expect("keys");
            input.remove("kept");
            input.remove("own");
            let files = record["files"].as_object_mut().expect("files");
            files.retain(|name, _| !name.starts_with("inputs/"));
        });
    };
    forget(&place.run());
    let all = json(&place.run(), &["--rerun"]);
    assert!(all["holds"] == true && all["inputs"][0]["kept"] == false, "{all}");
    assert_eq!(all["rerun"]["differing"], serde_json::json!([]));
    let policy = place.scenarios.path().join("policies/ewenki-2022-09.toml");
    let text = std::fs::read_to_string(&policy).expect("a policy");
    std::fs::write(&policy, format!("{text}\n# a remark\n")).expect("written");
    let lost = json(&place.run(), &["--rerun"]);
    assert_eq!(lost["rerun"]["done"], false);
    assert!(lost["rerun"]["why"]["en"].as_str().expect("a reason").contains("ewenki-2022-09.toml"), "{lost}");
    std::fs::write(&policy, text).expect("written");
    // Values that were changed on the command line cannot be told from the files.
    std::fs::remove_dir_all(place.run()).expect("gone");
    place.make(&["run", &place.file("ewenki.toml"), "--set", "policy.assistance.tekun.ratio=0.9"]);
    forget(&place.run());
    let unknown = json(&place.run(), &["--rerun"]);
    assert!(unknown["rerun"]["why"]["en"].as_str().expect("a reason").contains("--set"), "{unknown}");
}

#[test]
fn exact_what_is_no_run_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = verify(folder.path(), &[]).refused();
    assert!(said.contains("holds no run"), "{said}");
    let said = verify(&folder.path().join("none"), &[]).refused();
    assert!(said.contains("no such folder"), "{said}");
}
