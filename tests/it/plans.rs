//! Entering a plan: a template that is in order as written, a policy that knows less than the place, parts left out.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::fundcast;
use crate::support::{scenarios_with, settle};

/// A policy of two categories on stays alone.
const SMALL: &str = r#"
rank = ["tekun", "dibao"]
[about]
title_zh = "小方案（虚构）"
title_en = "Small plan (invented)"
document = "虚构"
in_force = "2024-01-01"
first_year = 2024
[categories]
tekun = { zh = "特困人员", en = "Destitute persons" }
dibao = { zh = "低保对象", en = "Subsistence-allowance recipients" }
[pools]
stays = { zh = "住院", en = "Inpatient" }
[lines]
inpatient_assistance = { zh = "住院救助", en = "Inpatient assistance" }
[funders]
assistance_fund = { zh = "医疗救助基金", en = "Assistance fund" }
[clauses.S-1]
kind = "money"
where = "一"
zh = "住院救助80%"
en = "Inpatient 80 %"
[basic.resident.inpatient]
ratio = 0.70
[assistance.all]
line = "inpatient_assistance"
who = { categories = ["tekun", "dibao"] }
when = { kinds = ["inpatient"] }
ratio = 0.80
pool = "stays"
funders = { assistance_fund = 1.0 }
cite = ["S-1"]
[[provenance]]
covers = ["basic"]
status = "assumed"
source = "invented"
"#;

const SCENARIO: &str = r#"
title_zh = "试"
title_en = "Try"
description_zh = "试"
description_en = "Try"
policy = "small"
place = "fangchenggang"
model = "guangxi"
[run]
years = [2024]
replicates = 2
seed = 1
precision_target = 0.05
"#;

/// The shipped files with the small plan among them.
fn with_small_plan() -> TempDir {
    scenarios_with(&[("policies/small.toml", SMALL), ("small.toml", SCENARIO)])
}

fn person(insurance: &str, category: &str) -> String {
    json!({
        "case": format!("{insurance} {category}"), "county": "上思县", "year": 2024, "age": 50, "insurance": insurance,
        "traits": ["severe_disability"],
        "identities": [{ "category": category, "from": "2023-01" }],
        "claims": [{ "id": "c", "kind": "inpatient", "admitted": "2024-03-02", "level": "tertiary", "total": 100_000 }],
    })
    .to_string()
}

/// 0.70 × 100,000 = 70,000, without critical-illness insurance; 0.80 × 30,000 = 24,000. Employees as residents; an orphan,
/// whom the plan does not know, is an ordinary resident.
#[test]
fn exact_a_policy_need_not_know_what_the_place_knows_nor_have_every_insurance() {
    let folder = with_small_plan();
    let scenario = fundcast::scenario::load(&folder.path().join("small.toml"), &[]).expect("a scenario");
    let cases = [person("resident", "dibao"), person("employee", "dibao"), person("resident", "orphan")];
    let paid = |answer: &Value| {
        let totals = &answer["totals"];
        ["basic", "critical", "assistance"].map(|key| totals[key].as_f64().expect("an amount"))
    };
    let answers = settle(&scenario, &cases.join("\n"));
    let found: Vec<[f64; 3]> = answers.iter().map(paid).collect();
    let assisted = [70_000.0, 0.0, 24_000.0];
    assert_eq!(found, [assisted, assisted, [70_000.0, 0.0, 0.0]]);
    let told = fundcast(&["check", &folder.path().join("small.toml").display().to_string(), "--lang", "en"]);
    let told = told.run().good();
    for words in [
        "category = orphan: the policy has no such category: its 277 persons count as ordinary residents",
        "population.traits.severe_disability: changes nothing: the policy asks for no such trait",
        "critical: left out: there is no critical-illness insurance, it pays nothing",
        "basic.employee: left out: employees are settled as residents are",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
}

/// A category that looks like one of the policy, or that stands where one of the policy is missing, is a slip.
#[test]
fn exact_a_misspelt_category_of_the_place_is_no_other_category() {
    let folder = with_small_plan();
    let table = folder.path().join("places/fangchenggang/categories.csv");
    let text = std::fs::read_to_string(&table).expect("a table");
    for (wrong, line) in [("dibaoo", 5), ("welfare", 5)] {
        std::fs::write(&table, text.replacen(",dibao,", &format!(",{wrong},"), 1)).expect("written");
        let done = fundcast(&["check", &folder.path().join("small.toml").display().to_string()]).run();
        assert_eq!(done.code, 2, "{wrong}: {}", done.err);
        let place = format!("categories.csv:{line}: category = {wrong}: the policy ranks no such category");
        let is_told =
            done.err.contains(&place) || (wrong == "welfare" && done.err.contains("has no row for dibao"));
        assert!(is_told, "{}", done.err);
    }
}

/// The template runs as it is written, with and without its further shapes, and is never written over anything.
#[test]
fn exact_the_template_of_a_policy_is_in_order() {
    let folder = scenarios_with(&[] as &[(&str, &str)]);
    let at = folder.path().display().to_string();
    for (name, more) in [("plain", &[][..]), ("full", &["--all-shapes"][..])] {
        let args = [&["new-policy", name, "--folder", &at, "--lang", "en"], more].concat();
        let done = fundcast(&args).run().good();
        assert!(done.contains("Every key: docs/policy-format.md"), "{done}");
        let scenario = folder.path().join(format!("{name}.toml")).display().to_string();
        fundcast(&["check", &scenario]).run().good();
        fundcast(&["clauses", &scenario, "--replicates", "20", "--strict"]).run().good();
        let again = fundcast(&args).run();
        assert_eq!(again.code, 2, "{}", again.err);
        assert!(again.err.contains("already there, nothing was written"), "{}", again.err);
    }
    let plain = std::fs::read_to_string(folder.path().join("policies/plain.toml")).expect("a policy");
    let full = std::fs::read_to_string(folder.path().join("policies/full.toml")).expect("a policy");
    assert!(plain.contains("#| [tilt.to_target]") && full.contains("\n[tilt.to_target]"), "{full}");
    for wrong in
        [&["a/b"][..], &["x", "--place", "nowhere"], &["x", "--model", "none"], &["x", "--year", "2040"]]
    {
        let done = fundcast(&[&["new-policy"], wrong, &["--folder", &at]].concat()).run();
        assert_eq!(done.code, 2, "{wrong:?}: {}", done.err);
        assert!(!folder.path().join("policies/x.toml").exists(), "{wrong:?}");
    }
}

/// In the schema for editors no key is required: what a file builds on may give it.
#[test]
fn exact_the_schema_for_editors_requires_nothing() {
    for kind in ["scenario", "policy", "place", "model"] {
        let schema = fundcast(&["schema", kind]).run().good();
        assert!(!schema.contains("\"required\": ["), "{kind}");
    }
}

/// What is one level too high, and a condition that the model does not have, are told of once.
#[test]
fn exact_a_key_in_the_wrong_part_is_told_where_it_belongs() {
    let one = |set: &str, words: &str| {
        let done = fundcast(&["check", "scenarios/fangchenggang.toml", "--set", set]).run();
        assert_eq!(done.code, 2, "{}", done.err);
        assert!(done.err.contains(words) && done.err.contains("1 fault found"), "{}", done.err);
    };
    one(
        "policy.basic.resident.annual_deductible_yuan=300",
        "stands one level too high; it is a key of each of inpatient, outpatient, outpatient_chronic, outpatient_major",
    );
    one(
        "model.condition.tumour.diseases={x=0.9}",
        "the model has no such condition to change; known: dialysis_haemo",
    );
}
