//! `fill`: what is not found yet, by its weight, with the lines to write it in.

use serde_json::Value;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::support::{scenarios_with, text};

const TABLE: &str = "places/fangchenggang/categories.csv";

fn inputs(scenario: &str) -> Vec<Value> {
    let args = [
        "fill",
        scenario,
        "--county",
        "450602",
        "--years",
        "2022",
        "--replicates",
        "150",
        "--json",
        "--quiet",
    ];
    let answer: Value = serde_json::from_str(&fundcast(&args).run().good()).expect("JSON");
    answer["inputs"].as_array().expect("a list").clone()
}

fn find<'v>(all: &'v [Value], input: &str) -> Option<&'v Value> {
    all.iter().find(|one| one["input"] == input)
}

/// Every category of a county whose count is assumed stands with its line, the largest share of the variance first.
#[test]
fn every_assumed_count_stands_with_the_line_to_write_it_in() {
    let all = inputs(FANGCHENGGANG);
    let table = text(&format!("scenarios/{TABLE}"));
    let lines: Vec<&str> = table.lines().collect();
    let of_county = lines.iter().filter(|line| line.starts_with("450602,") && line.contains(",assumed,"));
    let categories: Vec<&str> = of_county.filter_map(|line| line.split(',').nth(1)).collect();
    assert!(categories.len() > 5, "{categories:?}");
    for category in &categories {
        let one = find(&all, category).unwrap_or_else(|| panic!("{category} is missing"));
        let [line] = one["lines"].as_array().expect("lines").as_slice() else { panic!("{one}") };
        let line = lines[line.as_u64().expect("a number") as usize - 1];
        assert!(line.starts_with(&format!("450602,{category},{},", one["persons"])), "{line} {one}");
    }
    assert_eq!(all.len(), categories.len() + 1, "and the parameters of the model");
    assert!(
        find(&all, "parameters")
            .is_some_and(|one| one["file"].as_str().is_some_and(|file| file.ends_with("guangxi.toml")))
    );
    let shares: Vec<f64> =
        all.iter().map(|one| one["share_of_variance"].as_f64().expect("a share")).collect();
    assert!(shares.is_sorted_by(|a, b| a >= b), "{shares:?}");
    assert_eq!(all[0]["input"], "dibao");
}

/// A count that is found leaves the list, and what is left of the spread comes from elsewhere.
#[test]
fn what_is_found_leaves_the_list() {
    let found = text(&format!("scenarios/{TABLE}"))
        .lines()
        .map(|line| {
            if line.starts_with("450602,dibao,") {
                line.replace(",assumed,", ",found,")
            } else {
                line.to_owned()
            }
        })
        .collect::<Vec<String>>()
        .join("\n");
    let folder = scenarios_with(&[(TABLE, found)]);
    let all = inputs(&folder.path().join("fangchenggang.toml").display().to_string());
    assert!(find(&all, "dibao").is_none());
    assert_eq!(all[0]["input"], "parameters");
}

#[test]
fn too_few_replicates_are_refused() {
    let refused = fundcast(&["fill", FANGCHENGGANG, "--replicates", "20", "--lang", "en"]).run().refused();
    assert!(refused.contains("must be at least 72"), "{refused}");
    let shown = fundcast(&[
        "fill",
        FANGCHENGGANG,
        "--county",
        "450602",
        "--years",
        "2022",
        "--replicates",
        "80",
        "--quiet",
    ]);
    let shown = shown.run().good();
    assert!(shown.contains("categories.csv:") && shown.contains("status 改为 found"), "{shown}");
}
