//! Years beyond the last one that the files give: what is continued, by what, and what becomes of a transition.

use fundcast::raw::Status;
use fundcast::scenario::load::Setting;
use fundcast::scenario::{self, Scenario};
use fundcast::units::Fen;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::outputs::simulate;
use crate::support::{path, rows, scenario, scenarios_with, text};

/// Until 2028, as the command line has it.
const TO_2028: (&str, &str) = ("run.years", "[2022, 2023, 2024, 2025, 2026, 2027, 2028]");

fn yuan(amounts: &[i64]) -> Vec<Fen> {
    amounts.iter().map(|yuan| Fen::from_yuan(*yuan)).collect()
}

/// 21,100 yuan rise by 5 % a year to 22,155, 23,262.75 and 24,425.89, 400 from 2026 on by 2.5 % to 410 and 420.25, the annual
/// cap of 238,200 by 3.5 % to 246,537, 255,165.80 and 264,096.60: each in whole yuan.
#[test]
fn exact_what_is_given_by_year_goes_on_by_the_stated_growth() {
    let ahead = scenario(FANGCHENGGANG, &[TO_2028]);
    let rural = &ahead.place.values.incomes["rural"];
    let incomes: Vec<Fen> = (2025..=2028).map(|year| rural[&year]).collect();
    assert_eq!(incomes, yuan(&[21_100, 22_155, 23_263, 24_426]));
    let contribution = &ahead.place.values.contributions[0].by_year;
    let contributions: Vec<Fen> = (2025..=2028).map(|year| contribution[&year]).collect();
    assert_eq!(contributions, yuan(&[400, 400, 410, 420]));
    let cap = |year| {
        let rules = ahead.rules(0, year).expect("rules");
        rules.of_coverage_year().basic(fundcast::policy::claim::Insurance::Resident).annual_cap
    };
    assert_eq!((2025..=2028).map(cap).collect::<Vec<_>>(), yuan(&[238_200, 246_537, 255_166, 264_097]));
    // What is continued is assumed, whatever the status of what it continues.
    let status = |key: &str| ahead.provenance.status[key];
    assert_eq!(status("place.contribution.resident.yuan_by_year.2026"), Status::Found);
    assert_eq!(status("place.contribution.resident.yuan_by_year.2027"), Status::Assumed);
    assert_eq!(status("policy.basic.resident.annual_cap_yuan.by_year.2026"), Status::Assumed);
    let said: Vec<&str> = ahead.notices.iter().map(|notice| notice.problem.en.as_str()).collect();
    let continued = said.iter().filter(|text| text.contains("continued from")).count();
    assert_eq!(continued, 4, "{said:?}");
    assert!(scenario(FANGCHENGGANG, &[]).notices.iter().all(|one| !one.problem.en.contains("continued")));
}

/// The years that the files give are the same, whichever years follow.
#[test]
fn exact_years_ahead_do_not_change_those_before() {
    let (short, long) = (scenario(FANGCHENGGANG, &[]), scenario(FANGCHENGGANG, &[TO_2028]));
    let (short, long) = (simulate(&short, 2, 2, 3), simulate(&long, 2, 2, 3));
    for year in 0..4 {
        for replicate in 0..2 {
            assert_eq!(short.trial(year, replicate), long.trial(year, replicate), "year {year}");
        }
    }
}

#[test]
fn exact_every_shipped_scenario_can_be_run_until_2028() {
    let mut n_scenarios = 0;
    for file in std::fs::read_dir(path("scenarios")).expect("the scenarios").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".toml") {
            continue;
        }
        n_scenarios += 1;
        let first = scenario(&format!("scenarios/{name}"), &[]).years()[0];
        let years: Vec<String> = (first..=2028).map(|year| year.to_string()).collect();
        let years = format!("[{}]", years.join(", "));
        let ahead = scenario(&format!("scenarios/{name}"), &[("run.years", years.as_str())]);
        for county in [0, ahead.place.counties.len() - 1] {
            for year in 2026..=2028 {
                assert!(ahead.rules(county, year).is_ok(), "{name}: {year}");
            }
        }
    }
    assert!(n_scenarios >= 10, "{n_scenarios} scenarios");
}

/// Held, the subsidy of stable lifted-out persons stays 30 % of the contribution: 120 yuan in 2026, 123 in 2027. Lapsed, there
/// is none.
#[test]
fn exact_rules_of_the_transition_lapse_or_are_held() {
    let of = |after: &str| scenario(FANGCHENGGANG, &[TO_2028, ("run.after_transition", after)]);
    let subsidised = |scenario: &Scenario, year: u16| -> Vec<String> {
        let rules = scenario.rules(0, year).expect("rules");
        let subsidies = &rules.of_coverage_year().subsidies;
        subsidies.iter().map(|one| scenario.policy.rules[usize::from(one.rule.0)].id.clone()).collect()
    };
    let (lapsed, held) = (of("\"lapse\""), of("\"hold\""));
    assert_eq!(subsidised(&lapsed, 2025), subsidised(&held, 2025));
    let more: Vec<String> =
        subsidised(&held, 2026).into_iter().filter(|id| !subsidised(&lapsed, 2026).contains(id)).collect();
    assert_eq!(more, ["subsidy.monitored", "subsidy.stable_lifted", "subsidy.exit_2014_2015"]);
    let case = |year: u16| {
        let case = serde_json::json!({ "case": "A", "county": "上思县", "year": year, "age": 40,
            "identities": [{ "category": "stable_lifted", "from": "2020-01" }] });
        let answers = crate::support::settle(&held, &case.to_string());
        crate::support::fen(&answers[0]["subsidy"]["amount"]).expect("an amount")
    };
    assert_eq!([2025, 2026, 2027].map(case), [12_000, 12_000, 12_300]);
    let asked = |one: &Scenario| one.lapses_after;
    assert_eq!(asked(&scenario(FANGCHENGGANG, &[TO_2028])), Some(2025));
    assert_eq!((asked(&lapsed), asked(&held), asked(&scenario(FANGCHENGGANG, &[]))), (None, None, None));
    let all = [&lapsed, &held].map(|one| one.notices.iter().any(|one| one.key == "about.transition_to_year"));
    assert_eq!(all, [false, false]);
}

/// A run beyond the transition says what holding its rules would cost: what a comparison of the two says.
#[test]
fn exact_a_run_says_what_holding_the_transition_would_cost() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = |name: &str| folder.path().join(name).display().to_string();
    let options = ["--replicates", "4", "--county", "上思县", "--dpi", "50", "--threads", "1", "--quiet"];
    let options = [&options[..], &["--lang", "en", "--years", "2026-2027", "--out"]].concat();
    let run = fundcast(&["run", FANGCHENGGANG]).with(&options).with(&[out("run")]).run().good();
    assert!(run.contains("outlook to 2027"), "{run}");
    let base = path(FANGCHENGGANG).display().to_string();
    let delta = |after: &str| {
        format!(
            "base = {base:?}\ntitle_zh = \"甲\"\ntitle_en = \"A\"\n[run]\nafter_transition = \"{after}\"\n"
        )
    };
    for after in ["lapse", "hold"] {
        std::fs::write(folder.path().join(format!("{after}.toml")), delta(after)).expect("a file");
    }
    let both = ["lapse.toml", "hold.toml"].map(out);
    fundcast(&["compare"]).with(&both).with(&options).with(&[out("compared")]).run().good();
    let table = rows(&std::fs::read(out("compared/difference.csv")).expect("a table"));
    let record = std::fs::read_to_string(out("run/run.json")).expect("a record");
    let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
    let warnings = record["warnings"].as_array().expect("warnings");
    let lapsed = warnings.iter().find(|one| one["kind"] == "lapsed").expect("the warning");
    let said = lapsed["en"].as_str().expect("a text");
    for year in ["2026", "2027"] {
        let row = table.iter().find(|row| {
            row.iter().any(|cell| cell == year) && row.iter().filter(|cell| *cell == "total").count() == 2
        });
        let row = row.expect("a row of all spending");
        let mean = row.iter().filter_map(|cell| cell.parse::<f64>().ok()).collect::<Vec<_>>();
        let found = mean.iter().any(|yuan| said.contains(&format!("{:+.2} ±", yuan / 10_000.0)));
        assert!(found, "{said}\n{row:?}");
    }
    let held = fundcast(&["run", FANGCHENGGANG, "--after-transition", "hold"]);
    let held = held.with(&options).with(&[out("held")]).run();
    assert!(!held.good().contains("lapse"), "held");
}

/// A place that states no growth is asked for it, and a scenario can be continued only so far.
#[test]
fn exact_without_stated_growth_nothing_is_continued() {
    let place = text("scenarios/places/fangchenggang/place.toml");
    let from = place.find("[outlook]").expect("a section");
    let to = place[from..].find("\n\n").expect("its end") + from;
    let rest = place[to..].replacen("covers = [\"outlook\"]", "covers = [\"application\"]", 1);
    let without = format!("{}{rest}", &place[..from]);
    let folder = scenarios_with(&[("places/fangchenggang/place.toml", without)]);
    let setting = Setting { path: TO_2028.0.to_owned(), value: TO_2028.1.to_owned() };
    let faults = scenario::load(&folder.path().join("fangchenggang.toml"), &[setting]).expect_err("faults");
    let shown = faults.to_string();
    for words in [
        "income.rural.yuan_by_year: has no value for 2026, 2027, 2028",
        "the place gives no contribution for this year",
        "say under [outlook] of the place file by what growth it goes on",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let far = fundcast(&["run", FANGCHENGGANG, "--years", "2026-2040"]).run();
    assert!(far.code == 2 && far.err.contains("2040年比方案的最后年度2025年晚10年以上"), "{}", far.err);
}
