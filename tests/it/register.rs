//! The register of clauses: every money clause has a rule and moves money, and no note excuses one that does not.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::command::{Done, FANGCHENGGANG, fundcast};

const BAISE: &str = "scenarios/baise.toml";
const WUXI: &str = "scenarios/wuxi.toml";
const EWENKI: &str = "scenarios/ewenki.toml";

/// The register of one county (none: all) after a very small run.
fn clauses(scenario: &str, county: Option<&str>, more: &[&str]) -> Done {
    let mut args = vec!["clauses", scenario, "--quiet", "--json", "--replicates", "2"];
    args.extend(county.iter().flat_map(|county| ["--county", county]));
    args.extend(more);
    fundcast(&args).run()
}

/// The entries by clause.
fn register(scenario: &str, county: &str, more: &[&str]) -> BTreeMap<String, Value> {
    let text = clauses(scenario, Some(county), more).good();
    let entries: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let id = |entry: &Value| entry["clause"].as_str().expect("an id").to_owned();
    entries.into_iter().map(|entry| (id(&entry), entry)).collect()
}

fn number(entry: &Value, key: &str) -> f64 {
    entry[key].as_f64().unwrap_or_else(|| panic!("{key} in {entry}"))
}

#[test]
fn exact_clauses_on_the_fund_and_on_no_subsidy_move_money() {
    let shipped = [
        (FANGCHENGGANG, "450602", "FCG-19", "assistance.class1"),
        (WUXI, "宜兴市", "WX-13", "subsidy.full"),
        (BAISE, "451002", "BS-02", "subsidy.stable_lifted"),
        (EWENKI, "鄂温克族自治旗", "EWK-04", "subsidy.stable_lifted"),
    ];
    for (scenario, county, clause, rule) in shipped {
        let entry = &register(scenario, county, &[])[clause];
        let rules = entry["rules"].as_array().expect("rules");
        assert!(rules.iter().any(|id| id == rule), "{entry}");
        for key in ["persons", "cases", "yuan"] {
            assert!(number(entry, key) > 0.0, "{key} of {entry}");
        }
        assert!(entry["kind"] == "money" && entry["fault"].is_null(), "{entry}");
    }
}

#[test]
fn exact_a_note_does_not_excuse_a_money_clause() {
    let silent = "the rules of this money clause move nothing";
    let missing = "no rule implements this money clause";
    let noted = r#"policy.clauses.X-1={kind="money",where="—",zh="虚构",en="Invented",note="A good reason"}"#;
    let plain = r#"policy.clauses.X-1={kind="money",where="—",zh="虚构",en="Invented"}"#;
    let bad = [
        (FANGCHENGGANG, "450602", "policy.funders.assistance_fund.cite=[]", "FCG-19", missing),
        (FANGCHENGGANG, "450602", noted, "X-1", missing),
        (FANGCHENGGANG, "450602", plain, "X-1", missing),
        (BAISE, "451002", "policy.subsidy.stable_lifted.enabled=false", "BS-02", silent),
        (WUXI, "宜兴市", "policy.funders.assistance_fund.cite=[]", "WX-13", missing),
    ];
    for (scenario, county, setting, clause, fault) in bad {
        let done = clauses(scenario, Some(county), &["--strict", "--lang", "en", "--set", setting]);
        let told = format!("{clause}: {fault}");
        assert!(done.code == 1 && done.err.contains(&told), "{setting}: {}", done.err);
    }
}

/// The register of the whole place, as the gate asks for it.
#[test]
fn exact_every_money_clause_of_a_shipped_policy_moves_money() {
    for scenario in [BAISE, WUXI] {
        let done = clauses(scenario, None, &["--strict"]);
        assert_eq!(done.code, 0, "{scenario}: {}", done.err);
    }
}

/// City finance pays nothing until the county parameter gives it a share; then the clause on it has what it pays.
#[test]
fn exact_a_clause_on_a_funder_counts_where_the_funder_pays() {
    let clause = r#"policy.clauses.X-1={kind="money",where="—",zh="虚构",en="Invented"}"#;
    let own = ["--set", clause, "--set", r#"policy.funders.city_finance.cite=["X-1"]"#];
    let nothing = &register(FANGCHENGGANG, "450602", &own)["X-1"];
    assert!(nothing["rules"].as_array().is_some_and(|all| all.len() == 4), "{nothing}");
    assert!(number(nothing, "yuan") == 0.0 && nothing["fault"].is_string(), "{nothing}");
    let share = ["--set", "place.county_parameters.city_share_of_county_lines.default=0.4"];
    let all = register(FANGCHENGGANG, "450602", &[&own[..], &share].concat());
    // What city and county share, in full: subsidies of stable lifted-out persons and their assistance.
    let shared = number(&all["FCG-06"], "yuan") + number(&all["FCG-11"], "yuan");
    assert!((number(&all["X-1"], "yuan") - shared).abs() < 0.01, "{} of {shared}", all["X-1"]);
}

#[test]
fn exact_a_superseded_clause_names_the_clauses_in_its_place() {
    for scenario in ["scenarios/guangxi.toml", "scenarios/baise-timeline.toml"] {
        let county = if scenario.contains("guangxi") { "450123" } else { "451026" };
        let all = register(scenario, county, &[]);
        let entry = &all["BS-02"];
        assert!(entry["kind"] == "superseded" && number(entry, "yuan") == 0.0, "{entry}");
        for id in entry["superseded_by"].as_array().expect("clauses") {
            let id = id.as_str().expect("an id");
            assert!(all[id]["kind"] == "money" && number(&all[id], "yuan") > 0.0, "{id}");
        }
    }
}

fn table(folder: &std::path::Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(folder.join(file)).expect("a table");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// The fund pays its rules whole, so that its clause has what `projection.csv` gives for the fund; what a clause leaves
/// with the person is in no line.
#[test]
fn exact_tables_give_the_clause_on_the_fund_what_the_fund_pays() {
    let folder = tempfile::tempdir().expect("a folder");
    for (scenario, county, clause) in [(FANGCHENGGANG, "450602", "FCG-19"), (WUXI, "宜兴市", "WX-13")] {
        let out = folder.path().join(clause);
        let name = out.display().to_string();
        let args = ["run", scenario, "--county", county, "--replicates", "2", "--quiet", "--out", &name];
        fundcast(&args).run().good();
        let by_clause = table(&out, "clauses.csv");
        let mut years = 0;
        for money in table(&out, "projection.csv") {
            if money["line"] == "total" && money["funder"] == "assistance_fund" {
                let same = |row: &&BTreeMap<String, String>| {
                    row["clause"] == clause
                        && row["county_code"] == money["county_code"]
                        && row["year"] == money["year"]
                };
                let row = by_clause.iter().find(same).expect("a row of the clause");
                assert_eq!(row["mean_yuan"], money["mean_yuan"], "{clause} {}", money["year"]);
                assert_eq!(row["booked_yuan"], money["mean_yuan"], "{clause} {}", money["year"]);
                years += 1;
            }
        }
        assert!(years >= 6, "{clause}: {years} rows");
    }
    let out = folder.path().join("BS-02");
    let name = out.display().to_string();
    let args = ["run", BAISE, "--county", "451002", "--replicates", "2", "--quiet", "--out", &name];
    fundcast(&args).run().good();
    for row in table(&out, "clauses.csv").iter().filter(|row| row["clause"] == "BS-02") {
        let yuan = |key: &str| row[key].parse::<f64>().expect("an amount");
        // One contribution for each person: 320 yuan in 2022, at most 400 in 2025.
        let contribution = yuan("mean_yuan") / yuan("persons");
        assert!((320.0..=400.0).contains(&contribution), "{contribution}");
        assert!(row["persons"] == row["cases"] && yuan("booked_yuan") == 0.0, "{row:?}");
    }
    let people = table(&out, "people.csv");
    let lifted = people.iter().filter(|row| row["category"] == "stable_lifted");
    assert!(lifted.clone().count() > 0);
    assert!(lifted.clone().all(|row| row["subsidised"].parse::<f64>().expect("persons") == 0.0));
}

/// Of a clause that gives nothing the sheet says that it was applied, and two sheets match step by step.
#[test]
fn exact_the_sheet_names_the_clause_that_leaves_the_contribution() {
    let case = r#"{"case":"S","county":"乐业县","year":2022,"age":40,"identities":[{"category":"stable_lifted","from":"2021-01"}]}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("case.jsonl");
    std::fs::write(&file, case).expect("a case");
    let name = file.display().to_string();
    let explain = |scenarios: &[&str]| {
        fundcast(&[&["explain"], scenarios, &["--cases", &name, "--lang", "en"]].concat()).run().good()
    };
    let sheet = explain(&[BAISE]);
    let row = sheet.lines().find(|line| line.contains("BS-02")).expect("a step of the clause");
    assert!(
        row.contains("Contribution subsidy Stable lifted-out persons") && row.contains("320.00"),
        "{row}"
    );
    let both = explain(&[BAISE, "scenarios/guangxi.toml"]);
    let marked = both.lines().find(|line| line.contains('►')).expect("a step that differs");
    assert!(marked.contains("192.00") && marked.contains("BS-02 | GX-04"), "{both}");
}

/// An adjustment counts the payments that it changed: as many as the reference counts, and its clause moves money; also
/// where it leaves nothing of them.
#[test]
fn exact_an_adjustment_counts_what_it_changed() {
    let clauses = [("X-1", "money"), ("X-2", "money"), ("X-3", "money")];
    let mut own: Vec<String> = clauses
        .iter()
        .map(|(id, kind)| {
            format!(r#"policy.clauses.{id}={{kind="{kind}",where="—",zh="虚构",en="Invented"}}"#)
        })
        .collect();
    own.push(r#"policy.adjustment.all={changes=["class2_other"],points=0.05,cite=["X-1"]}"#.to_owned());
    own.push(r#"policy.adjustment.some={changes=["basic.resident.inpatient"],who={categories=["dibao"]},deductible_times=0.5,cite=["X-2"]}"#.to_owned());
    own.push(
        r#"policy.adjustment.none={changes=["margin"],when={places=["province"]},times=0,cite=["X-3"]}"#
            .to_owned(),
    );
    let set: Vec<&str> = own.iter().flat_map(|setting| ["--set", setting.as_str()]).collect();
    let all = &register(FANGCHENGGANG, "450602", &set);
    for id in ["X-1", "X-2", "X-3"] {
        assert!(all[id]["fault"].is_null() && number(&all[id], "cases") > 0.0, "{}", all[id]);
        let (persons, cases) = (number(&all[id], "persons"), number(&all[id], "cases"));
        assert!(persons > 0.0 && persons <= cases, "{}", all[id]);
    }
    assert!(number(&all["X-2"], "yuan") > number(&all["X-1"], "yuan"), "{} {}", all["X-1"], all["X-2"]);
    assert!(number(&all["X-3"], "yuan") == 0.0, "{}", all["X-3"]);
    // Everything that the rule pays in hospital is changed; outpatients are paid by another one.
    let folder = tempfile::tempdir().expect("a folder");
    let mut tables = Vec::new();
    for engine in ["tiled", "reference"] {
        let out = folder.path().join(engine);
        let name = out.display().to_string();
        let county = ["run", FANGCHENGGANG, "--county", "450602", "--replicates", "2", "--quiet"];
        let rest = ["--engine", engine, "--out", &name];
        fundcast(&[&county[..], &rest, &set].concat()).run().good();
        tables.push(table(&out, "rules.csv"));
    }
    assert_eq!(tables[0], tables[1]);
    let changed = |rule: &str| -> Vec<&BTreeMap<String, String>> {
        tables[0].iter().filter(|row| row["rule"] == rule).collect()
    };
    for (own, whole) in changed("adjustment.all").iter().zip(changed("assistance.class2_other")) {
        assert_eq!(own["mean_yuan"], whole["mean_yuan"]);
        assert_eq!(own["cases"], whole["cases"]);
        assert_eq!(own["persons"], whole["persons"]);
    }
}

/// A rule by the standard of others cites its own clauses and theirs, each once.
#[test]
fn exact_a_rule_by_reference_cites_each_clause_once() {
    for scenario in [FANGCHENGGANG, WUXI] {
        let scenario = crate::support::scenario(scenario, &[]);
        for rule in &scenario.policy.rules {
            let mut once = rule.cite.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), rule.cite.len(), "{}: {:?}", rule.id, rule.cite);
        }
    }
}

/// A rule of 0 % is said to pay nothing, not that nobody meets it.
#[test]
fn exact_a_rule_of_nothing_is_not_one_that_nobody_meets() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out").display().to_string();
    let set = ["--set", "policy.assistance.class2_other.ratio=0", "--out", &out];
    let args = ["run", FANGCHENGGANG, "--county", "450602", "--replicates", "2", "--lang", "en"];
    let said = fundcast(&[&args[..], &set].concat()).run();
    let all = format!("{}{}", said.out, said.err);
    let told = all.lines().find(|line| line.contains("`assistance.class2_other`")).unwrap_or_default();
    assert!(told.contains("its share or amount is 0"), "{all}");
}
