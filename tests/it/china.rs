//! The scenario of all counties of China: what the command makes, persons held against national figures, and that 2,948
//! counties are read, checked and planned in seconds.

use std::collections::BTreeMap;

use fundcast::raw::Status;
use fundcast::scenario;

use crate::command::fundcast;
use crate::counts::grouped;
use crate::support::{path, scenario, scenarios_with, text};

const CHINA: &str = "scenarios/china.toml";

/// National figures, with how the README of the place says them: a number of persons of some categories.
const NATIONAL: [(&[&str], u64, &str); 8] = [
    (&["dibao"], 40_000_000, "| `dibao` |"),
    (&["dibao"], 44_268_000, "| `dibao` |"),
    (&["dibao"], 39_350_000, "| `dibao` |"),
    (&["tekun"], 4_777_000, "| `tekun` |"),
    (&["dibao_margin"], 6_000_000, "| `dibao_margin` |"),
    (&["stable_lifted", "monitored_unstable"], 98_990_000, "| `stable_lifted` and `monitored_unstable` |"),
    (&["!", "stable_lifted"], 81_860_000, "| all categories but `stable_lifted` |"),
    (&["!"], 81_860_000, "| all categories |"),
];

/// A deviation as the README writes it.
fn deviation(own: u64, national: u64) -> String {
    let percent = (own as f64 / national as f64 - 1.0) * 100.0;
    let shown = format!("{:.1} %", percent.abs());
    match (shown.as_str(), percent < 0.0) {
        ("0.0 %", _) => shown,
        (_, true) => format!("−{shown}"),
        (_, false) => format!("+{shown}"),
    }
}

#[test]
fn exact_persons_of_the_country_are_held_against_national_figures() {
    let china = scenario(CHINA, &[]);
    let page = text("scenarios/places/china/README.md");
    assert_eq!(china.place.counties.len(), 2_948);
    let mut persons: BTreeMap<&str, u64> = BTreeMap::new();
    for row in china.place.counties.iter().flat_map(|county| &county.categories) {
        assert_eq!(row.status, Status::Assumed, "{row:?}");
        assert!(row.source.contains(" / "), "in both languages: {}", row.source);
        *persons.entry(&row.id).or_default() += u64::from(row.persons);
    }
    let of = |ids: &[&str]| -> u64 {
        let is_meant = |id: &str| if ids[0] == "!" { !ids.contains(&id) } else { ids.contains(&id) };
        persons.iter().filter(|(id, _)| is_meant(id)).map(|(_, persons)| persons).sum()
    };
    for (ids, national, begins) in NATIONAL {
        let own = of(ids);
        let row = format!("{begins} {} | {}: ", grouped(own), grouped(national));
        let line = page.lines().find(|line| line.starts_with(&row));
        let ends = format!("| {} |", deviation(own, national));
        assert!(line.is_some_and(|line| line.ends_with(&ends)), "the README should say: {row}… {ends}");
    }
    let residents: u64 = china.place.counties.iter().map(|county| u64::from(county.all)).sum();
    let row = format!("| residents | {} | 1,411,778,724: ", grouped(residents));
    let ends = format!("| {} |", deviation(residents, 1_411_778_724));
    assert!(page.lines().any(|line| line.starts_with(&row) && line.ends_with(&ends)), "{row}… {ends}");
}

#[test]
fn exact_the_shipped_place_is_what_the_command_makes() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = ["new", "china", "--county", "全国", "--policy", "guangxi-2022-06"];
    let said = fundcast(&make).within(folder.path()).run().good();
    assert!(said.contains("全国，2948个县（市、区）"), "{said}");
    let made = |name: &str| {
        std::fs::read_to_string(folder.path().join("china").join(name))
            .unwrap_or_else(|_| panic!("no {name}"))
    };
    for name in ["places/china/place.toml", "places/china/population.toml"] {
        assert_eq!(made(name), text(&format!("scenarios/{name}")), "{name}");
    }
    let settings = |text: &str| {
        let table: toml::Table = text.parse().expect("TOML");
        ["policy", "place", "model"].map(|key| table[key].clone())
    };
    assert_eq!(settings(&made("china.toml")), settings(&text(CHINA)));
    assert!(made("README.md").contains("不是任何县的预算"));
    for table in ["counties.csv", "categories.csv"] {
        assert!(!folder.path().join("china/places/china").join(table).exists(), "{table}");
    }
}

#[test]
fn exact_nobody_takes_all_china_for_a_budget() {
    let china = scenario(CHINA, &[]);
    let says = [&china.settings.title_zh, &china.settings.title_en];
    assert!(
        says[0].contains("不是任何县的预算") && says[1].contains("not a budget of any county"),
        "{says:?}"
    );
    let checked = fundcast(&["check", CHINA]).run();
    assert!(checked.out.contains("scale only: one policy stands for all"), "{}", checked.out);
    // Nothing by county: a screen of lines at most.
    assert!(checked.out.lines().count() < 20, "{}", checked.out);
    assert_eq!(checked.err, "");
}

/// Tables beside a census could be meant too; what is no census that is built in; nothing to import into.
#[test]
fn exact_a_census_and_tables_are_refused_together() {
    let none: [(&str, &str); 0] = [];
    let folder = scenarios_with(&none);
    let place = folder.path().join("places/china");
    let load = || scenario::load(&folder.path().join("china.toml"), &[]);
    assert!(load().is_ok());
    std::fs::write(place.join("categories.csv"), "code,category,persons,status,source\n").expect("a file");
    let faults = load().expect_err("two sources").to_string();
    assert!(faults.contains("census") && faults.contains("delete one of them"), "{faults}");
    std::fs::remove_file(place.join("categories.csv")).expect("removed");
    let own = text("scenarios/places/china/place.toml").replace("census = \"2020\"", "census = \"2010\"");
    std::fs::write(place.join("place.toml"), own).expect("a file");
    let faults = load().expect_err("no such census").to_string();
    assert!(faults.contains("census") && faults.contains("2020"), "{faults}");
    let register = path("tests/registers").display().to_string();
    let import = fundcast(&["import", CHINA, "--register", &register, "--lang", "en"]).run().refused();
    assert!(import.contains("has no tables to import into"), "{import}");
}

/// The plan of all counties is a file of well below a megabyte or two, made in seconds, with every county in it.
#[test]
fn exact_all_china_is_planned() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.json").display().to_string();
    let said = fundcast(&["plan", CHINA, "--replicates", "1000", "--out", &file, "--quiet"]).run().good();
    assert!(said.contains("2948 counties, 1000 replicates"), "{said}");
    let bytes = std::fs::read(&file).expect("the plan");
    assert!(bytes.len() < 2_000_000, "{} bytes", bytes.len());
    let plan: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let units = plan["units"].as_array().expect("units");
    let counties: std::collections::BTreeSet<_> = units.iter().map(|unit| unit["unit"].to_string()).collect();
    assert_eq!(counties.len(), units.len());
    let seconds: f64 = units.iter().map(|unit| unit["seconds"].as_f64().expect("seconds")).sum();
    let hours = seconds / 3600.0;
    let page = text("docs/many-machines.md");
    for says in [
        format!("| 2,948, {} |", grouped(units.len() as u64)),
        format!("| {hours:.1} hours |"),
        format!("| 2 cores | {:.1} hours |", hours / 2.0),
        format!("| 64 cores | {:.1} hours |", hours / 64.0),
        format!("| 1,000 cores | {:.1} minutes", hours * 60.0 / 1000.0),
        format!("| {:.0} | worked out |", hours * 0.3),
    ] {
        assert!(page.contains(&says), "docs/many-machines.md should say: {says}");
    }
}
