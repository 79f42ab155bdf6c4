//! All tables of a run held against each other: what `columns.csv` says may be added up is added up, every figure of
//! the projection is worked out again from the trials, and rules, clauses, lines, people and residents agree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::outputs::SCENARIOS;

/// Of many counties a few, with all their tables.
const COUNTIES: [(&str, &[&str]); 5] = [
    ("scenarios/baise-timeline.toml", &["451002", "451081"]),
    ("scenarios/baise.toml", &["451002", "451022", "451081"]),
    ("scenarios/china.toml", &["632626", "621126"]),
    ("scenarios/guangxi.toml", &["450102", "450603", "451081"]),
    ("scenarios/wuxi.toml", &["320206", "320281"]),
];

const REPLICATES: &str = "7";

/// A row by heading.
pub type Row = BTreeMap<String, String>;

/// The rows of a table of a run.
pub fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let all = reader.deserialize().map(|row| row.unwrap_or_else(|error| panic!("{file}: {error}")));
    all.collect()
}

/// A figure of a row.
pub fn number(row: &Row, column: &str) -> f64 {
    let value = row.get(column).unwrap_or_else(|| panic!("no column {column}: {row:?}"));
    value.parse().unwrap_or_else(|_| panic!("{column} is not a number: {row:?}"))
}

/// Equal but for the decimals that a table shows, times the numbers that were added up.
fn close(left: f64, right: f64, n_added: usize) -> bool {
    let terms = u32::try_from(n_added + 1).expect("few terms");
    (left - right).abs() <= 0.000_051 * f64::from(terms) + 1e-12 * left.abs()
}

/// The sum of a column by the other columns of a key.
fn sums<'r>(
    rows: impl IntoIterator<Item = &'r Row>,
    key: &[&str],
    column: &str,
) -> BTreeMap<Vec<String>, (f64, usize)> {
    let mut all: BTreeMap<Vec<String>, (f64, usize)> = BTreeMap::new();
    for row in rows {
        let entry = all.entry(key.iter().map(|name| row[*name].clone()).collect()).or_default();
        entry.0 += number(row, column);
        entry.1 += 1;
    }
    all
}

/// Asserts that two sums by the same key are the same.
fn assert_same(
    at: &str,
    left: &BTreeMap<Vec<String>, (f64, usize)>,
    right: &BTreeMap<Vec<String>, (f64, usize)>,
) {
    let keys: BTreeSet<_> = left.keys().chain(right.keys()).collect();
    assert!(!keys.is_empty(), "{at}: nothing to compare");
    for key in keys {
        let (a, n) = left.get(key).copied().unwrap_or_default();
        let (b, m) = right.get(key).copied().unwrap_or_default();
        assert!(close(a, b, n + m), "{at}, {key:?}: {a} and {b}");
    }
}

fn of_counties(rows: &[Row]) -> impl Iterator<Item = &Row> {
    rows.iter().filter(|row| row["county_code"] != "ALL")
}

fn is_total(row: &Row, column: &str) -> bool {
    row.get(column).is_some_and(|value| value == "total")
}

/// Whether a row is of a rule of this family; in a timeline the id of the policy stands before it.
fn is_of(row: &Row, family: &str) -> bool {
    let rule = row["rule"].as_str();
    rule.split_once(':').map_or(rule, |(_, rule)| rule).starts_with(family)
}

#[test]
fn tables_of_a_run_agree_with_each_other() {
    for scenario in SCENARIOS {
        let counties = COUNTIES.iter().find(|(name, _)| *name == scenario).map_or(&[][..], |(_, some)| some);
        let folder = tempfile::tempdir().expect("a folder");
        let run = folder.path().join("run");
        project(scenario, counties, &run);
        let columns = explained(scenario, &run);
        what_may_be_added_adds_up(scenario, &run, &columns);
        the_projection_is_that_of_the_trials(scenario, &run);
        money_is_the_same_by_rule_clause_and_line(scenario, &run);
        months_and_categories_add_up_to_the_projection(scenario, &run);
        people_agree_with_rules_and_residents(scenario, &run);
        pooling_is_that_of_the_projection(scenario, &run);
        lists_and_burdens_agree(scenario, &run);
    }
}

/// Each line, each payer and the total: the months of a year, and the categories, make up the year.
fn months_and_categories_add_up_to_the_projection(at: &str, run: &Path) {
    let key = ["county_code", "year", "line", "funder"];
    let projection = rows(run, "projection.csv");
    let whole = projection.iter().filter(|row| is_total(row, "line") || is_total(row, "funder"));
    let whole = sums(whole, &key, "mean_yuan");
    for (file, column) in [("by_month.csv", "month"), ("by_category.csv", "category")] {
        let parts = rows(run, file);
        assert_same(&format!("{at} {file}"), &sums(&parts, &key, "mean_yuan"), &whole);
        let paid: BTreeSet<&str> = parts
            .iter()
            .filter(|row| number(row, "mean_yuan") > 0.0)
            .map(|row| row[column].as_str())
            .collect();
        assert!(paid.len() > 1, "{at} {file}: {paid:?}");
    }
    // Who is paid for is there; money on bills is paid to somebody who is counted as assisted or subsidised.
    let people = rows(run, "people.csv");
    let by_category = rows(run, "by_category.csv");
    for row in by_category.iter().filter(|row| is_total(row, "line") && is_total(row, "funder")) {
        let same =
            |one: &&Row| ["county_code", "year", "category"].iter().all(|name| one[*name] == row[*name]);
        let own = people.iter().find(same).expect("a row of people");
        let helped = number(own, "assisted_persons") + number(own, "subsidised");
        assert_eq!(number(row, "mean_yuan") > 0.0, helped > 0.0, "{at}: {row:?} {own:?}");
    }
}

fn project(scenario: &str, counties: &[&str], run: &Path) {
    let out = run.display().to_string();
    let mut args = vec!["run", scenario, "--quiet", "--dpi", "50", "--replicates", REPLICATES, "--out", &out];
    for county in counties {
        args.extend(["--county", county]);
    }
    fundcast(&args).run().good();
}

/// The columns of `columns.csv` by file: those of every file of the run, in their order.
fn explained(at: &str, run: &Path) -> Vec<Row> {
    let columns = rows(run, "columns.csv");
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(run).expect("the run").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".csv") && name != "columns.csv" {
            let text = std::fs::read_to_string(entry.path()).expect("a table");
            let head = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().to_owned();
            let of_file = columns.iter().filter(|row| row["file"] == name);
            let said: Vec<&str> = of_file.map(|row| row["column"].as_str()).collect();
            assert_eq!(head.split(',').collect::<Vec<_>>(), said, "{at}: {name}");
            files.insert(name);
        }
    }
    files.insert("trials.parquet".to_owned());
    let said: BTreeSet<String> = columns.iter().map(|row| row["file"].clone()).collect();
    assert_eq!(files, said, "{at}");
    columns
}

/// For every column that `columns.csv` lets be added over counties, lines or funders: the row of the total.
fn what_may_be_added_adds_up(at: &str, run: &Path, columns: &[Row]) {
    let over = [("county", "county_code", "ALL"), ("line", "line", "total"), ("funder", "funder", "total")];
    for (dimension, key, total) in over {
        for column in columns.iter().filter(|row| row["file"].ends_with(".csv")) {
            if !column["adds_over"].split(' ').any(|one| one == dimension) {
                continue;
            }
            let (file, name) = (column["file"].as_str(), column["column"].as_str());
            let table = rows(run, file);
            // Row keys: every text, the year and the month, but the dimension itself.
            let keys: Vec<&str> = columns
                .iter()
                .filter(|row| row["file"] == file && row["column"] != key)
                .filter(|row| row["kind"] == "text" || ["year", "month"].contains(&row["column"].as_str()))
                .map(|row| row["column"].as_str())
                .filter(|one| dimension != "county" || *one != "county")
                .collect();
            let (all, parts): (Vec<&Row>, Vec<&Row>) = table.iter().partition(|row| row[key] == total);
            if all.is_empty() {
                continue; // one county only, or a table without totals
            }
            let label = format!("{at}: {file} {name} over {dimension}");
            assert_same(&label, &sums(all, &keys, name), &sums(parts, &keys, name));
        }
    }
}

/// One county, year, line and funder; `ALL` and `total` where they were added up.
type Place = [String; 4];

/// Yuan by replicate for every row of the projection, added up from the trials.
pub fn trials(run: &Path) -> BTreeMap<Place, Vec<i64>> {
    let file = std::fs::File::open(run.join("trials.parquet")).expect("trials");
    let reader = SerializedFileReader::new(file).expect("a Parquet file");
    let mut all: BTreeMap<Place, Vec<i64>> = BTreeMap::new();
    for row in reader.get_row_iter(None).expect("rows") {
        let row = row.expect("a row");
        let text = |column| row.get_string(column).expect("a text").clone();
        let replicate = usize::try_from(row.get_int(0).expect("a number")).expect("a replicate");
        let fen = row.get_long(6).expect("fen");
        for county in [text(1), "ALL".to_owned()] {
            for line in [text(4), "total".to_owned()] {
                for funder in [text(5), "total".to_owned()] {
                    let year = row.get_int(3).expect("a year").to_string();
                    let fens = all.entry([county.clone(), year, line.clone(), funder]).or_default();
                    if fens.len() <= replicate {
                        fens.resize(replicate + 1, 0);
                    }
                    fens[replicate] += fen;
                }
            }
        }
    }
    all
}

/// Mean, deviation, error, percentiles and tail, by their definitions.
fn the_projection_is_that_of_the_trials(at: &str, run: &Path) {
    let trials = trials(run);
    let table = rows(run, "projection.csv");
    assert!(!table.is_empty());
    for row in &table {
        let key = ["county_code", "year", "line", "funder"].map(|column| row[column].clone());
        let mut fens = trials.get(&key).unwrap_or_else(|| panic!("{at}: no trials of {key:?}")).clone();
        fens.sort_unstable();
        let n = fens.len() as f64;
        let yuan: Vec<f64> = fens.iter().map(|&fen| fen as f64 / 100.0).collect();
        let mean = yuan.iter().sum::<f64>() / n;
        let variance = yuan.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let smallest_enough = |share: f64| yuan[((n * share - 1e-9).ceil() as usize).max(1) - 1];
        let expected = [
            ("mean_yuan", mean),
            ("sd_yuan", variance.sqrt()),
            ("se_yuan", (variance / n).sqrt()),
            ("p05_yuan", smallest_enough(0.05)),
            ("p25_yuan", smallest_enough(0.25)),
            ("p50_yuan", smallest_enough(0.50)),
            ("p75_yuan", smallest_enough(0.75)),
            ("p90_yuan", smallest_enough(0.90)),
            ("p95_yuan", smallest_enough(0.95)),
            ("p99_yuan", smallest_enough(0.99)),
            // Of seven replicates the worst 5 % are a part of the largest.
            ("tvar95_yuan", yuan[yuan.len() - 1]),
            ("mean_yuan_per_resident", mean / number(row, "residents")),
        ];
        for (column, value) in expected {
            let shown = number(row, column);
            assert!((shown - value).abs() <= 0.000_06 + 1e-9 * value.abs(), "{at}: {column} {value} {row:?}");
        }
    }
    // And nothing of the trials is left out.
    let shown: BTreeSet<Place> = table
        .iter()
        .map(|row| ["county_code", "year", "line", "funder"].map(|column| row[column].clone()))
        .collect();
    let one_county = !table.iter().any(|row| row["county_code"] == "ALL");
    for key in trials.keys().filter(|key| !(one_county && key[0] == "ALL")) {
        assert!(shown.contains(key), "{at}: {key:?} is not in projection.csv");
    }
}

fn money_is_the_same_by_rule_clause_and_line(at: &str, run: &Path) {
    let by_year = ["county_code", "year"];
    let projection = rows(run, "projection.csv");
    let (rules, clauses) = (rows(run, "rules.csv"), rows(run, "clauses.csv"));
    let total = projection.iter().filter(|row| is_total(row, "line") && is_total(row, "funder"));
    let total = sums(total, &by_year, "mean_yuan");
    assert_same(&format!("{at}: rules"), &sums(&rules, &by_year, "addable_yuan"), &total);
    assert_same(&format!("{at}: clauses"), &sums(&clauses, &by_year, "addable_yuan"), &total);

    let by_line = ["county_code", "year", "line"];
    let booked = rules.iter().filter(|row| !row["line"].is_empty());
    let lines = projection.iter().filter(|row| !is_total(row, "line") && is_total(row, "funder"));
    assert_same(
        &format!("{at}: rules by line"),
        &sums(booked, &by_line, "addable_yuan"),
        &sums(lines, &by_line, "mean_yuan"),
    );
    for row in &rules {
        let due = if row["line"].is_empty() { 0.0 } else { number(row, "mean_yuan") };
        assert!(close(number(row, "addable_yuan"), due, 1), "{at}: {row:?}");
        assert!(number(row, "mean_yuan") >= 0.0 && number(row, "persons") >= 0.0, "{at}: {row:?}");
    }
    clauses_are_their_rules(at, &rules, &clauses);
}

/// A clause has at least what the rules have that cite it, and exactly that where no funder cites it too.
fn clauses_are_their_rules(at: &str, rules: &[Row], clauses: &[Row]) {
    let by_place =
        |row: &Row, clause: &str| [clause, &row["county_code"], &row["year"]].map(ToOwned::to_owned);
    for column in ["mean_yuan", "persons", "cases"] {
        let mut cited: BTreeMap<[String; 3], (f64, usize)> = BTreeMap::new();
        for row in rules {
            let listed: Vec<&str> = row["clauses"].split_whitespace().collect();
            assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "{at}: twice in {row:?}");
            for clause in listed {
                let entry = cited.entry(by_place(row, clause)).or_default();
                entry.0 += number(row, column);
                entry.1 += 1;
            }
        }
        let mut alike = 0;
        for row in clauses {
            let key = by_place(row, &row["clause"]);
            let shown = number(row, column);
            let Some((sum, n)) = cited.remove(&key) else { continue };
            assert!(shown >= sum || close(shown, sum, n), "{at}: {column} {sum} {row:?}");
            alike += usize::from(close(shown, sum, n));
        }
        assert!(cited.is_empty(), "{at}: clauses of rules that clauses.csv lacks: {cited:?}");
        assert!(2 * alike > clauses.len() / 2, "{at}: {alike} of {} clauses are their rules", clauses.len());
    }
}

fn people_agree_with_rules_and_residents(at: &str, run: &Path) {
    let by_year = ["county_code", "year"];
    let (people, rules) = (rows(run, "people.csv"), rows(run, "rules.csv"));
    let residents: BTreeMap<(String, String), String> = people
        .iter()
        .map(|row| ((row["county_code"].clone(), row["year"].clone()), row["residents"].clone()))
        .collect();
    for (key, (persons, n)) in sums(&people, &by_year, "persons") {
        let all = residents[&(key[0].clone(), key[1].clone())].parse::<f64>().expect("residents");
        assert!(close(persons, all, n), "{at}: {key:?} {persons} of {all} residents");
    }
    for file in ["projection.csv", "rules.csv", "clauses.csv", "watch.csv", "indicators.csv", "residual.csv"]
    {
        for row in rows(run, file) {
            let key = (row["county_code"].clone(), row["year"].clone());
            assert_eq!(Some(&row["residents"]), residents.get(&key), "{at}: {file} {row:?}");
        }
    }
    for row in &people {
        assert!(close(number(row, "register"), number(row, "holders"), 0), "{at}: {row:?}");
        let at_most = [
            ("subsidised_newly", "subsidised"),
            ("assisted_persons", "assisted_cases"),
            ("subsidised", "residents"),
            ("admitted", "residents"),
            ("assisted_persons", "residents"),
        ];
        for (part, whole) in at_most {
            assert!(number(row, part) <= number(row, whole), "{at}: {part} above {whole}: {row:?}");
        }
    }
    // A share of nothing is booked to no line and subsidises nobody.
    let subsidies = rules.iter().filter(|row| is_of(row, "subsidy.") && !row["line"].is_empty());
    let subsidies = sums(subsidies, &by_year, "persons");
    assert_same(&format!("{at}: subsidised"), &sums(&people, &by_year, "subsidised"), &subsidies);
    let of_bills = rules.iter().filter(|row| !row["line"].is_empty() && !is_of(row, "subsidy."));
    let of_bills: Vec<&Row> = of_bills.collect();
    let cases = sums(of_bills.iter().copied(), &by_year, "cases");
    assert_same(&format!("{at}: payments"), &sums(&people, &by_year, "assisted_cases"), &cases);
    // A person whom two rules assist is one person.
    let assisted = sums(&people, &by_year, "assisted_persons");
    for (key, (persons, n)) in sums(of_bills, &by_year, "persons") {
        let once = assisted[&key].0;
        assert!(once <= persons || close(once, persons, n), "{at}: {key:?} {once} {persons}");
        assert!((once > 0.0) == (persons > 0.0), "{at}: {key:?} {once} {persons}");
    }
}

fn pooling_is_that_of_the_projection(at: &str, run: &Path) {
    let projection = rows(run, "projection.csv");
    for row in rows(run, "pooling.csv") {
        let same = |other: &&Row| {
            other["year"] == row["year"] && other["funder"] == row["funder"] && other["line"] == "total"
        };
        let (all, parts): (Vec<&Row>, Vec<&Row>) =
            projection.iter().filter(same).partition(|other| other["county_code"] == "ALL");
        assert_eq!(all.len(), 1, "{at}: {row:?}");
        let apart: f64 = parts.iter().map(|part| number(part, "p95_yuan")).sum();
        let pooled = number(all[0], "p95_yuan");
        for (column, due) in
            [("apart_p95_yuan", apart), ("pooled_p95_yuan", pooled), ("saved_yuan", apart - pooled)]
        {
            assert!((number(&row, column) - due).abs() < 0.02, "{at}: {column} {due} {row:?}");
        }
        assert_eq!(row["verdict"], "too_few_replicates", "{at}: {row:?}");
    }
}

/// Watch lists against rules and people; shares and burdens within their bounds.
fn lists_and_burdens_agree(at: &str, run: &Path) {
    let (watch, rules, people) = (rows(run, "watch.csv"), rows(run, "rules.csv"), rows(run, "people.csv"));
    if !watch.is_empty() {
        let of_list = ["list", "county_code", "year"];
        let months = sums(&watch, &of_list, "persons");
        let lists = rules.iter().filter(|row| is_of(row, "watch."));
        assert_same(
            &format!("{at}: lists"),
            &months,
            &sums(lists, &["rule", "county_code", "year"], "persons"),
        );
        // Who is on two lists is one person.
        let listed = sums(&people, &["county_code", "year"], "watch_listed");
        for (key, (persons, n)) in sums(&watch, &["county_code", "year"], "persons") {
            let once = listed[&key].0;
            assert!(once <= persons || close(once, persons, n), "{at}: {key:?} {once} {persons}");
            assert!((once > 0.0) == (persons > 0.0), "{at}: {key:?} {once} {persons}");
        }
    }
    let burdens = [
        ("indicators.csv", "self_pay_yuan", "in_scope_yuan"),
        ("residual.csv", "above_cap_yuan", "without_cap_yuan"),
    ];
    for (file, part, whole) in burdens {
        for row in rows(run, file) {
            let (left, all) = (number(&row, part), number(&row, whole));
            assert!((0.0..=all).contains(&left), "{at}: {file} {row:?}");
            assert_eq!(number(&row, "persons") > 0.0, left > 0.0, "{at}: {file} {row:?}");
            if row.get("self_pay_share").is_some_and(|share| !share.is_empty()) {
                assert!((number(&row, "self_pay_share") - left / all).abs() < 1e-5, "{at}: {row:?}");
            }
        }
    }
    for row in rows(run, "population_fit.csv").iter().filter(|row| row["promise"] == "exact") {
        assert!(close(number(row, "target"), number(row, "achieved"), 0), "{at}: {row:?}");
    }
    register_is_that_of_the_first_year(at, run, &people);
}

/// What the population is fitted to is what the people's table calls the register of the first year.
fn register_is_that_of_the_first_year(at: &str, run: &Path, people: &[Row]) {
    let first = people.iter().map(|row| row["year"].clone()).min().expect("a year");
    let fit = rows(run, "population_fit.csv");
    let mut compared = 0;
    for row in of_counties(people).filter(|row| row["year"] == first && row["category"] != "ordinary") {
        let of_row = |other: &&Row| {
            other["margin"] == "category"
                && other["county_code"] == row["county_code"]
                && other["cell"] == row["category"]
        };
        if let Some(target) = fit.iter().find(of_row) {
            assert!(close(number(row, "register"), number(target, "target"), 0), "{at}: {row:?}");
            compared += 1;
        }
    }
    assert!(compared > 0, "{at}: no category of population_fit.csv is in people.csv");
}

/// A comparison speaks of the runs of its two scenarios: their means, and differences that add up.
#[test]
fn tables_of_a_comparison_agree_with_the_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    let pair = [FANGCHENGGANG, "scenarios/fangchenggang-subsidy-held.toml"];
    project(pair[0], &[], &place("base"));
    project(pair[1], &[], &place("other"));
    let out = place("pair").display().to_string();
    let args = ["compare", pair[0], pair[1], "--quiet", "--replicates", REPLICATES, "--out", &out];
    fundcast(&args).run().good();
    let columns = rows(&place("pair"), "columns.csv");
    let difference = rows(&place("pair"), "difference.csv");
    what_may_be_added_adds_up("a comparison", &place("pair"), &columns);
    let key = ["county_code", "year", "line", "funder"];
    for (run, column) in [("base", "base_yuan"), ("other", "other_yuan")] {
        let alone = sums(&rows(&place(run), "projection.csv"), &key, "mean_yuan");
        assert_same(run, &sums(&difference, &key, column), &alone);
    }
    for row in &difference {
        let due = number(row, "other_yuan") - number(row, "base_yuan");
        assert!(close(number(row, "mean_yuan"), due, 2), "{row:?}");
    }
    let categories = rows(&place("pair"), "difference_categories.csv");
    let key = ["county_code", "year", "category", "funder"];
    for (run, column) in [("base", "base_yuan"), ("other", "other_yuan")] {
        let alone = rows(&place(run), "by_category.csv");
        let alone = sums(alone.iter().filter(|row| is_total(row, "line")), &key, "mean_yuan");
        assert_same(run, &sums(&categories, &key, column), &alone);
    }
    let clauses = rows(&place("pair"), "difference_clauses.csv");
    let by_year = ["county_code", "year"];
    let total = difference.iter().filter(|row| is_total(row, "line") && is_total(row, "funder"));
    assert_same(
        "clauses of a comparison",
        &sums(&clauses, &by_year, "addable_difference_yuan"),
        &sums(total, &by_year, "mean_yuan"),
    );
}
