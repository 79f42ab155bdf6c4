//! `why`: the change of a figure between two finished runs, taken apart to the fen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Done, fundcast};
use crate::support::scenarios_with;
use crate::tables::trials;

/// A copy of the shipped scenarios, and the folder of the runs.
struct Place {
    scenarios: tempfile::TempDir,
    out: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { scenarios: scenarios_with::<&str, &str>(&[]), out: tempfile::tempdir().expect("a folder") }
    }

    /// Runs the scenario into a folder of a name.
    fn run(&self, name: &str, more: &[&str]) -> PathBuf {
        let out = self.out.path().join(name);
        let scenario = self.scenarios.path().join("ewenki.toml").display().to_string();
        let args = ["run", &scenario, "--quiet", "--dpi", "50", "--out", &out.display().to_string()];
        fundcast(&args).with(more).run().good();
        out
    }

    /// Changes a text in a file of the scenarios.
    fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.scenarios.path().join(file);
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{file}: {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("written");
    }
}

fn why(one: &Path, other: &Path, more: &[&str]) -> Done {
    let [one, other] = [one, other].map(|path| path.display().to_string());
    fundcast(&["why", &one, &other, "--lang", "en", "--quiet"]).with(more).run()
}

fn json(one: &Path, other: &Path, more: &[&str]) -> Value {
    let said = why(one, other, &[more, &["--json"]].concat()).good();
    serde_json::from_str(&said).expect("JSON")
}

fn fen(value: &Value) -> i64 {
    crate::support::fen(value).expect("an amount")
}

/// The parts of a figure in fen.
fn parts(figure: &Value) -> BTreeMap<String, i64> {
    let all = figure["parts"].as_array().expect("parts").iter();
    all.map(|part| (part["part"].as_str().expect("a name").to_owned(), fen(&part["yuan"]))).collect()
}

fn figures(all: &Value) -> Vec<Value> {
    all["figures"].as_array().expect("figures").clone()
}

/// The mean (rounded to the fen) or the 95th percentile of what a run recorded, from its trials.
fn recorded(run: &Path, figure: &Value) -> i64 {
    let funder = if figure["payer"] == "all" { "total" } else { "assistance_fund" };
    let key = ["ALL".to_owned(), figure["year"].to_string(), "total".to_owned(), funder.to_owned()];
    let mut sums = trials(run).remove(&key).expect("the trials");
    sums.sort_unstable();
    match figure["figure"].as_str() {
        Some("p95") => sums[(sums.len() * 95).div_ceil(100) - 1],
        _ => {
            let (sum, n) = (sums.iter().sum::<i64>(), sums.len() as i64);
            (2 * sum + n).div_euclid(2 * n)
        }
    }
}

/// Two runs that differ in a policy value, a count, the seed and the replicates: each is named, and all add up.
#[test]
fn exact_the_parts_add_up_to_the_fen() {
    let place = Place::new();
    let years = ["--set", "run.years=[2023, 2024]"];
    let one = place.run("one", &[&["--replicates", "80", "--seed", "1"], &years[..]].concat());
    place.change("policies/ewenki-2022-09.toml", "ratio = 1.0\npool", "ratio = 0.9\npool");
    let counts = place.scenarios.path().join("places/ewenki/categories.csv");
    let text = std::fs::read_to_string(&counts).expect("counts");
    let line = text.lines().find(|line| line.contains("dibao")).expect("a count").to_owned();
    let number = line.split(',').find(|field| field.parse::<u32>().is_ok_and(|n| n < 100_000 && n > 10));
    let number = number.expect("persons").to_owned();
    let more = (number.parse::<u32>().expect("persons") + 100).to_string();
    place.change("places/ewenki/categories.csv", &line, &line.replacen(&number, &more, 1));
    let other = place.run("other", &[&["--replicates", "100", "--seed", "2"], &years[..]].concat());
    let all = json(&one, &other, &[]);
    let names: Vec<&str> =
        all["changed"].as_array().expect("a list").iter().filter_map(|one| one["part"].as_str()).collect();
    assert_eq!(names, ["policy", "place", "seed", "replicates"], "{}", all["changed"]);
    let keys: Vec<&str> =
        all["changed"].as_array().expect("a list").iter().filter_map(|one| one["key"].as_str()).collect();
    assert!(keys[0] == "policy.assistance.tekun.ratio" && keys[1].ends_with(".dibao"), "{keys:?}");
    let figures = figures(&all);
    assert_eq!(figures.len(), 2 * 2 * 2, "two years, two payers, two figures");
    for figure in &figures {
        let (before, after) = (fen(&figure["before_yuan"]), fen(&figure["after_yuan"]));
        assert_eq!([before, after], [recorded(&one, figure), recorded(&other, figure)], "{figure}");
        let parts = parts(figure);
        assert_eq!(parts.keys().collect::<Vec<_>>(), ["place", "policy", "replicates", "seed"]);
        assert_eq!(parts.values().sum::<i64>(), after - before, "{figure}");
        if figure["figure"] == "mean" && figure["payer"] == "fund" {
            assert!(parts["policy"] < 0 && parts["place"] > 0, "less is paid, to more persons: {figure}");
        }
        let errors = figure["parts"].as_array().expect("parts").iter();
        assert!(errors.clone().all(|part| part["se_yuan"].as_f64().is_some_and(|error| error >= 0.0)));
    }
    let said = why(&one, &other, &["--year", "2024", "--figure", "mean"]).good();
    for part in
        ["policy.assistance.tekun.ratio 1.0 → 0.9", "policy lines", "place data", "seed†", "replicates†"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("program (first"), "the program gives what was recorded: {said}");
}

/// One policy value alone, by another road: `compare` gives the same difference.
#[test]
fn exact_a_single_line_is_what_compare_says() {
    let place = Place::new();
    let one = place.run("one", &["--replicates", "8"]);
    let set = ["--set", "policy.assistance.tekun.ratio=0.9", "--replicates", "8"];
    let other = place.run("other", &set);
    let all = json(&one, &other, &["--figure", "mean", "--payer", "all"]);
    std::fs::write(
        place.scenarios.path().join("delta.toml"),
        "base = \"ewenki.toml\"\n[change.policy.assistance.tekun]\nratio = 0.9\n",
    )
    .expect("a delta");
    let file = |name: &str| place.scenarios.path().join(name).display().to_string();
    let out = place.out.path().join("compared");
    let args =
        ["compare", &file("ewenki.toml"), &file("delta.toml"), "--replicates", "8", "--quiet", "--dpi", "50"];
    fundcast(&args).with(&["--attribution=never", "--out", &out.display().to_string()]).run().good();
    let rows = crate::tables::rows(&out, "difference.csv");
    for figure in figures(&all) {
        let year = figure["year"].to_string();
        let row = rows.iter().find(|row| {
            row["county_code"] == "ALL"
                && row["year"] == year
                && row["line"] == "total"
                && row["funder"] == "total"
        });
        let row = row.expect("the difference");
        let policy = parts(&figure)["policy"] as f64 / 100.0;
        assert!((policy - crate::tables::number(row, "mean_yuan")).abs() < 0.011, "{figure} {row:?}");
        let error = figure["parts"][0]["se_yuan"].as_f64().expect("an error");
        assert!((error - crate::tables::number(row, "se_yuan")).abs() < 0.01, "{figure} {row:?}");
    }
}

#[test]
fn exact_equal_runs_say_so_at_once() {
    let place = Place::new();
    let one = place.run("one", &["--replicates", "2"]);
    let other = place.run("other", &["--replicates", "2", "--set", "title_en=\"Another title\""]);
    for (one, other) in [(&one, &one), (&one, &other)] {
        assert!(why(one, other, &[]).good().contains("nothing differs"), "{}", other.display());
    }
    assert_eq!(json(&one, &other, &[])["differs"], false);
}

/// A run that is not what this program gives for its inputs: what is left is the program's part.
#[test]
fn exact_what_the_inputs_do_not_explain_is_the_programs() {
    let place = Place::new();
    let one = place.run("one", &["--replicates", "3"]);
    let other = place.run("other", &["--replicates", "3", "--seed", "3"]);
    // The trials of another seed under the record of the first run stand for another version of the program.
    let strange = place.run("strange", &["--replicates", "3", "--seed", "4"]);
    std::fs::copy(strange.join("trials.parquet"), one.join("trials.parquet")).expect("copied");
    let record = one.join("run.json");
    let mut text: Value = serde_json::from_slice(&std::fs::read(&record).expect("a record")).expect("JSON");
    let bytes = std::fs::read(one.join("trials.parquet")).expect("trials");
    text["files"]["trials.parquet"] = fundcast::scenario::kept::hash(&bytes).into();
    text["version"] = "0.0.9".into();
    std::fs::write(&record, text.to_string()).expect("written");
    for figure in figures(&json(&one, &other, &[])) {
        let parts = parts(&figure);
        assert_eq!(parts.keys().collect::<Vec<_>>(), ["program_before", "seed"], "{figure}");
        assert_eq!(parts.values().sum::<i64>(), recorded(&other, &figure) - recorded(&strange, &figure));
        assert_ne!(parts["program_before"], 0, "{figure}");
    }
    let said = why(&one, &other, &["--year", "2023"]).good();
    assert!(said.contains("program (first run to now)") && said.contains("0.0.9"), "{said}");
}

/// Settings of the run are a part: the warm-up, what is switched off, and the counties.
#[test]
fn exact_settings_are_a_part() {
    let place = Place::new();
    let one = place.run("one", &["--replicates", "3"]);
    let set = ["--without", "shocks", "--set", "run.warm_up_years=1", "--set", "place.enrolment.dibao=0.9"];
    let other = place.run("other", &[&["--replicates", "3"], &set[..]].concat());
    let all = json(&one, &other, &[]);
    for figure in figures(&all) {
        assert_eq!(parts(&figure).keys().collect::<Vec<_>>(), ["place", "settings"], "{figure}");
    }
    let keys: Vec<&str> =
        all["changed"].as_array().expect("a list").iter().filter_map(|one| one["key"].as_str()).collect();
    assert!(keys.contains(&"run.without") && keys.contains(&"run.warm_up_years"), "{keys:?}");
}

#[test]
fn exact_what_cannot_be_held_against_each_other_is_refused() {
    let place = Place::new();
    let one = place.run("one", &["--replicates", "1", "--years", "2023"]);
    let other = place.run("other", &["--replicates", "1", "--years", "2024"]);
    assert!(why(&one, &other, &[]).refused().contains("no year in common: 2023 and 2024"));
    assert!(why(&one, &one, &["--year", "2030"]).refused().contains("both runs have 2023"));
    let payer = why(&one, &one, &["--payer", "assistance_fnd"]).refused();
    assert!(payer.contains("assistance_fund"), "{payer}");
    assert!(why(&one, &one, &["--county", "nowhere"]).refused().contains("both runs have"));
    let compared = place.out.path().join("compared");
    let scenario = place.scenarios.path().join("ewenki.toml").display().to_string();
    let out = compared.display().to_string();
    let args =
        ["compare", &scenario, &scenario, "--replicates", "1", "--quiet", "--dpi", "50", "--out", &out];
    fundcast(&args).run().good();
    assert!(why(&one, &compared, &[]).refused().contains("a folder that run or budget wrote"));
    std::fs::write(one.join("people.csv"), "x").expect("written");
    assert!(why(&one, &other, &[]).refused().contains("people.csv"));
}
