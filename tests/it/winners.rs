//! Who gets more and who gets less, as `compare` tells it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::command::{Done, fundcast};
use crate::support::{rows, scenarios_with};

type Row = BTreeMap<String, String>;

fn table(folder: &Path, file: &str) -> Vec<Row> {
    let bytes = std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let header = text.trim_start_matches('\u{feff}').lines().next().expect("a header").to_owned();
    let named = |row: Vec<String>| header.split(',').map(str::to_owned).zip(row).collect();
    rows(&bytes).into_iter().map(named).collect()
}

fn compare(folder: &Path, others: &[&str], more: &[&str]) -> Done {
    let mut args = vec!["compare".to_owned(), folder.join("fangchenggang.toml").display().to_string()];
    args.extend(others.iter().map(|other| folder.join(other).display().to_string()));
    let size = [
        "--county",
        "港口区",
        "--county",
        "东兴市",
        "--years",
        "2024-2025",
        "--replicates",
        "3",
        "--dpi",
        "50",
    ];
    args.extend(size.map(ToOwned::to_owned));
    if !more.iter().any(|one| one.starts_with("--attribution")) {
        args.push("--attribution=never".to_owned());
    }
    args.extend(["--lang", "en", "--out"].map(ToOwned::to_owned));
    args.push(folder.join("out").display().to_string());
    args.extend(more.iter().map(|one| (*one).to_owned()));
    fundcast(&args).run()
}

fn delta(lines: &str) -> String {
    format!("base = \"fangchenggang.toml\"\ntitle_zh = \"改动\"\ntitle_en = \"Changed\"\n{lines}")
}

fn number(row: &Row, name: &str) -> f64 {
    row[name].parse().unwrap_or_else(|_| panic!("{name}: {row:?}"))
}

/// Rows of one county and year, of all categories and sizes.
fn totals<'r>(rows: &'r [Row], key: [&'r str; 4]) -> impl Iterator<Item = &'r Row> {
    let names = ["other", "county_code", "year", "what_changes"];
    let own = rows.iter().filter(move |row| names.iter().zip(key).all(|(name, value)| row[*name] == value));
    own.filter(|row| (row["person_category"].as_str(), row["size_class"].as_str()) == ("total", "total"))
}

/// Gains less losses are the difference of spending to the fen where all replicates are looked at; categories and sizes add
/// up; neither the threads nor another scenario beside it change a byte.
#[test]
fn exact_gains_less_losses_are_the_difference() {
    let swap = delta(
        "[change.policy.assistance.stable_lifted]\ndeductible_yuan = 0\nratio = 0.3\n\
         [change.policy.subsidy.class2_and_returned]\nshare = 0.95\n",
    );
    let folder = scenarios_with(&[("swap.toml", &swap)]);
    let own = folder.path();
    let done = compare(own, &["swap.toml"], &["--threads", "1"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(
        done.out.contains("Who gets more and who gets less (persons of the first 3 replicates"),
        "{}",
        done.out
    );
    let out = own.join("out");
    let all = table(&out, "winners.csv");
    let mut held = 0;
    for row in table(&out, "difference.csv") {
        if row["line"] != "total" || row["funder"] != "total" {
            continue;
        }
        let both = totals(&all, ["swap", &row["county_code"], &row["year"], "assistance"]);
        let sum: f64 = both.map(|row| number(row, "change_yuan")).sum();
        assert!((sum - number(&row, "mean_yuan")).abs() < 0.001, "{row:?} {sum}");
        held += 1;
    }
    assert_eq!(held, 6);
    // Everybody stands once in a category and once in a size.
    for part in ["person_category", "size_class"] {
        let mut sums: BTreeMap<[&str; 6], f64> = BTreeMap::new();
        let other = if part == "size_class" { "person_category" } else { "size_class" };
        for row in all.iter().filter(|row| row["direction"] != "same") {
            let key = ["other", "county_code", "year", "what_changes", "direction", other]
                .map(|name| row[name].as_str());
            let sign = if row[part] == "total" { 1.0 } else { -1.0 };
            *sums.entry(key).or_default() += sign * number(row, "persons_per_year");
        }
        assert!(sums.len() > 20 && sums.values().all(|rest| rest.abs() < 0.01), "{sums:?}");
    }
    assert!(out.join("charts/winners.svg").exists());
    let columns = std::fs::read_to_string(out.join("columns.csv")).expect("columns");
    assert!(columns.contains("winners.csv,persons_per_year"), "{columns}");

    let first = std::fs::read(out.join("winners.csv")).expect("a table");
    let again = compare(own, &["swap.toml"], &["--threads", "2", "--force"]);
    assert_eq!((again.code, std::fs::read(out.join("winners.csv")).expect("a table")), (0, first));
    let json = compare(own, &["swap.toml"], &["--json", "--force"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json[0]["winners"]["replicates"], 3);
    let shown = json[0]["winners"]["rows"].as_array().expect("rows");
    let (all, single): (Vec<_>, Vec<_>) = shown.iter().partition(|row| row["county_code"] == "ALL");
    assert!(
        all.iter().any(|row| row["size_class"] == "100-1000" && row["person_category"] == "stable_lifted")
    );
    assert!(!single.is_empty() && single.iter().all(|row| row["size_class"] == "total"));
}

/// Scenarios of which nobody can be held against the base are told apart: the same content, another model, not asked for.
#[test]
fn exact_what_has_no_winners_says_why() {
    let model = "base = \"fangchenggang.toml\"\ntitle_zh = \"模型\"\ntitle_en = \"Model\"\n[change.model.admission]\nplace_factor = 1.1\n";
    let folder = scenarios_with(&[("same.toml", delta("").as_str()), ("model.toml", model)]);
    let own = folder.path();
    let done = compare(own, &["same.toml", "model.toml"], &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    let says = "No winners and losers: the illness model or the sources of uncertainty differ";
    assert!(done.out.contains("identical in content") && done.out.matches(says).count() == 1, "{}", done.out);
    assert!(!own.join("out/winners.csv").exists() && !own.join("out/charts/winners.svg").exists());
    let margin = delta("[change.policy.assistance.margin]\nratio = 0.9\n");
    let folder = scenarios_with(&[("margin.toml", margin.as_str())]);
    let own = folder.path();
    let without = compare(own, &["margin.toml"], &["--winners", "0"]);
    assert_eq!(without.code, 0, "{}", without.err);
    assert!(!without.out.contains("inners") && !without.out.contains("Who gets"), "{}", without.out);
    assert!(!own.join("out/winners.csv").exists());
}

/// The touched persons of each changed key, with their error.
fn touched(out: &Path) -> BTreeMap<String, Option<(f64, f64)>> {
    let of = |row: &Row| {
        let there = !row["persons_touched"].is_empty();
        there.then(|| (number(row, "persons_touched"), number(row, "persons_touched_se")))
    };
    table(out, "changes.csv").iter().map(|row| (row["key"].clone(), of(row))).collect()
}

/// A subsidy is raised in two years, to no more than that of any other category, each in a line of its own, beside one that is not reported and one that the scenario does
/// not project: each line touches whom the rule subsidises in its year, half as many a year of the two, and the others nobody.
/// How the difference is attributed does not matter.
#[test]
fn exact_a_line_touches_whom_its_rule_subsidises() {
    let subsidy = "[change.policy.subsidy.stable_lifted.share.by_year]\n2022 = 0.9\n2024 = 0.5\n2025 = 0.6\n2026 = 0.5\n";
    let folder = scenarios_with(&[("double.toml", delta(subsidy).as_str())]);
    let own = folder.path();
    let out = own.join("out");
    let done = compare(own, &["double.toml"], &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    let key = |year: &str| format!("policy.subsidy.stable_lifted.share.by_year.{year}");
    let lines = touched(&out);
    assert_eq!([lines[&key("2022")], lines[&key("2026")]], [Some((0.0, 0.0)); 2]);
    let dead = table(&out, "changes.csv").into_iter().find(|row| row["key"] == key("2026")).expect("a row");
    assert!(dead["outcome"] == "other_years" && dead["explanation_en"].contains("2026"), "{dead:?}");
    assert!(done.out.contains("persons a year get"), "{}", done.out);
    let winners = table(&out, "winners.csv");
    let run = own.join("run");
    let args = ["run", "--quiet", "--county", "港口区", "--county", "东兴市", "--years", "2024-2025"];
    let (scenario, base) = (own.join("fangchenggang.toml").display().to_string(), run.display().to_string());
    let more = [scenario.as_str(), "--replicates", "3", "--dpi", "50", "--out", &base];
    assert_eq!(fundcast(&args).with(&more).run().code, 0);
    let rules = table(&run, "rules.csv");
    for year in ["2024", "2025"] {
        let (persons, error) = lines[&key(year)].expect("persons");
        let all = totals(&winners, ["double", "ALL", year, "contribution"]);
        let by_winners: f64 = all.map(|row| number(row, "persons_per_year")).sum();
        assert!((2.0 * persons - by_winners).abs() < 0.001 && error > 0.0, "{year}: {persons} {by_winners}");
        let is_own = |row: &&Row| {
            row["rule"].ends_with("subsidy.stable_lifted")
                && (&*row["county_code"], &*row["year"]) == ("ALL", year)
        };
        let subsidised: f64 = rules.iter().filter(is_own).map(|row| number(row, "persons")).sum();
        assert!(subsidised > 1000.0 && (by_winners - subsidised).abs() < 0.001, "{by_winners} {subsidised}");
    }
    let always = compare(own, &["double.toml"], &["--attribution=always", "--threads", "2", "--force"]);
    assert_eq!((always.code, touched(&out)), (0, lines));
    let without = compare(own, &["double.toml"], &["--winners", "0", "--json", "--force"]);
    let json: serde_json::Value = serde_json::from_str(&without.out).expect("JSON");
    let shown: Vec<bool> = json[0]["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|one| one["persons_touched"].is_null() == (one["outcome"] != "other_years"))
        .collect();
    assert_eq!(shown, [true; 4], "{}", json[0]["changes"]);
}

/// Twelve lines that are felt.
const MANY: &str = "[change.policy.assistance]\n\
    class1.ratio = 0.99\nclass2_severe.ratio = 0.94\nclass2_other.ratio = 0.89\nmargin.ratio = 0.79\n\
    monitored.ratio = 0.69\nreturned.ratio = 0.69\nstable_lifted.ratio = 0.49\nchronic_class1.ratio = 0.99\n\
    chronic_class2_severe.ratio = 0.94\nchronic_class2_other.ratio = 0.89\nmargin.deductible_yuan = 2900\n\
    monitored.deductible_yuan = 2900\n";

/// One line is looked at by the scenario itself; eleven are not looked at, which is said.
#[test]
fn exact_one_line_is_the_whole_and_more_than_ten_are_not_looked_at() {
    let one = delta("[change.policy.assistance.margin]\nratio = 0.9\n");
    let many = delta(MANY);
    let folder = scenarios_with(&[("one.toml", one.as_str()), ("many.toml", many.as_str())]);
    let own = folder.path();
    let done = compare(own, &["one.toml", "many.toml"], &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("more than 10: persons touched are not counted"), "{}", done.err);
    let rows = table(&own.join("out"), "changes.csv");
    let of = |other: &str| rows.iter().filter(|row| row["other"] == other).collect::<Vec<_>>();
    assert!(of("many").len() > 10 && of("many").iter().all(|row| row["persons_touched"].is_empty()));
    let [only] = of("one")[..] else { panic!("{rows:?}") };
    let winners = table(&own.join("out"), "winners.csv");
    let years = ["2024", "2025"];
    let sum: f64 = years
        .iter()
        .flat_map(|year| totals(&winners, ["one", "ALL", year, "self_pay"]))
        .map(|row| number(row, "persons_per_year"))
        .sum();
    assert!(sum > 0.0 && (2.0 * number(only, "persons_touched") - sum).abs() < 0.001, "{only:?} {sum}");
}
