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
    args.extend(["--attribution=never", "--lang", "en", "--out"].map(ToOwned::to_owned));
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
