//! One policy after another: each can be changed alone, and what a year's tilt counts of claims under both.

use fundcast::scenario::load::Setting;
use fundcast::scenario::{self, Scenario};

use crate::engines::{all_engines, simulate};
use crate::support::{fen, path, scenario, settle};
use crate::tiles::check_few;

const TIMELINE: &str = "scenarios/baise-timeline.toml";
const WHOLE_YEAR: (&str, &str) = (
    "timeline",
    r#"[{ from = "2022-01", policy = "baise-2022-05" }, { from = "2022-08", policy = "guangxi-2022-06", tilts_count_whole_year = true }]"#,
);

/// The subsidies of a lifted-out person from 2022 to 2025.
fn subsidies(scenario: &Scenario) -> Vec<i64> {
    let case = |year: u16| {
        format!(
            r#"{{"case":"s","county":"那坡县","year":{year},"age":30,"identities":[{{"category":"stable_lifted","from":"2020-01"}}]}}"#
        )
    };
    let lines: Vec<String> = (2022..=2025).map(case).collect();
    let answers = settle(scenario, &lines.join("\n"));
    answers.iter().map(|answer| fen(&answer["subsidy"]["amount"]).expect("an amount")).collect()
}

fn faults(settings: &[(&str, &str)]) -> String {
    let setting =
        |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
    let settings: Vec<Setting> = settings.iter().map(setting).collect();
    scenario::load(&path(TIMELINE), &settings).expect_err("a fault").to_string()
}

/// 60, 50, 40 and 30 % of 320, 350, 380 and 400 yuan; with the change 50 % in 2025. The policy of early 2022 leaves the
/// contribution with the person and is not touched.
#[test]
fn exact_one_policy_of_a_timeline_is_changed_alone() {
    assert_eq!(subsidies(&scenario(TIMELINE, &[])), [19_200, 17_500, 15_200, 12_000]);
    let alone = ("policies.guangxi-2022-06.subsidy.stable_lifted.share.by_year.2025", "0.5");
    assert_eq!(subsidies(&scenario(TIMELINE, &[alone])), [19_200, 17_500, 15_200, 20_000]);
    let changed = scenario(TIMELINE, &[alone]);
    let key = "policy.subsidy.stable_lifted.share.by_year.2025";
    assert_eq!(changed.provenance.status[key], fundcast::raw::Status::Assumed);
}

#[test]
fn exact_a_change_of_every_policy_says_how_to_reach_one() {
    let everywhere = faults(&[("policy.subsidy.stable_lifted.share.by_year.2025", "0.5")]);
    assert!(everywhere.contains("change.policies.NAME.subsidy.stable_lifted"), "{everywhere}");
    let unknown = faults(&[("policy.tilt.monitored.trigger_yuan", "5000")]);
    assert!(unknown.contains("no such rule to change in "), "{unknown}");
    assert!(
        unknown.contains("baise-2022-05.toml;") && !unknown.contains("guangxi-2022-06.toml"),
        "{unknown}"
    );
    assert!(unknown.contains("change.policies.NAME"), "{unknown}");
    let nowhere = faults(&[("policy.assistance.nobody.ratio", "0.5")]);
    assert_eq!(nowhere.matches("no such rule to change").count(), 1, "{nowhere}");
    assert!(nowhere.contains("baise-2022-05.toml and in "), "{nowhere}");
    let misspelt = faults(&[("policies.guangxi-2022-6.tilt.monitored.trigger_yuan", "5000")]);
    assert!(
        misspelt.contains("the scenario has no such policy; it has baise-2022-05, guangxi-2022-06"),
        "{misspelt}"
    );
    assert!(misspelt.contains("guangxi-2022-06"), "{misspelt}");
    let alone = faults(&[("policies.guangxi-2022-06.tilt.monitoredd.trigger_yuan", "5000")]);
    assert!(alone.contains("no such rule to change"), "{alone}");
}

/// A file that writes the key for one policy and one for all: the one alone counts, and a warning says so; the command line
/// overwrites both.
#[test]
fn exact_the_change_of_one_policy_is_laid_over_that_of_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = path(TIMELINE).display().to_string();
    let text = format!(
        "base = {base:?}\ntitle_zh = \"试\"\ntitle_en = \"t\"\ndescription_zh = \"试\"\ndescription_en = \"t\"\n\n[change.policy.assistance.class1]\nratio = 0.8\n\n[change.policies.guangxi-2022-06.assistance.class1]\nratio = 0.9\n"
    );
    let file = folder.path().join("delta.toml");
    std::fs::write(&file, text).expect("written");
    let case = r#"{"case":"s","county":"那坡县","year":2022,"age":30,"identities":[{"category":"tekun","from":"2020-01"}],"claims":[{"id":"july","kind":"inpatient","admitted":"2022-07-01","level":"tertiary","total":10600},{"id":"august","kind":"inpatient","admitted":"2022-08-01","level":"tertiary","total":2300}]}"#;
    let paid = |scenario: &Scenario| {
        let answers = settle(scenario, case);
        let amount =
            |claim: usize| fen(&answers[0]["claims"][claim]["assistance"][0]["amount"]).expect("an amount");
        [amount(0), amount(1)]
    };
    // July: basic 0.60 × 10,000, left 4,600. August, second stay: 0.60 × 2,000, left 1,100.
    let own = scenario::load(&file, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(paid(&own), [368_000, 99_000]);
    let said = own.notices.iter().any(|notice| {
        notice
            .line_of_text(fundcast::lang::Lang::En)
            .contains("does not reach this policy: policies.guangxi-2022-06")
    });
    assert!(said, "{:?}", own.notices);
    let set = Setting { path: "policy.assistance.class1.ratio".to_owned(), value: "0.5".to_owned() };
    let set = scenario::load(&file, &[set]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(paid(&set), [230_000, 55_000]);
}

/// Monitored, chronic 20,000 each in July and August, tertiary. July: basic 2,500 (cap), left 17,500, critical-illness 0.70 ×
/// 11,500 = 8,050, left 9,450. August: nothing of the cap is left; 0.70 × 20,000 = 14,000, left 6,000. Under the notice alone
/// 6,000 do not reach 10,000; over the year 15,450 do: 0.80 × 40,000 − 24,550 = 7,450.
const BOTH: &str = r#"{"case":"TT-mix","county":"那坡县","year":2022,"age":50,"identities":[{"category":"monitored_unstable","from":"2022-01"}],"claims":[{"id":"c1","kind":"outpatient_chronic","admitted":"2022-07-31","level":"tertiary","total":20000},{"id":"c2","kind":"outpatient_chronic","admitted":"2022-08-31","level":"tertiary","total":20000}]}"#;

#[test]
fn exact_a_tilt_counts_its_own_months_or_the_whole_year() {
    let tilt = |settings: &[(&str, &str)]| {
        let answers = settle(&scenario(TIMELINE, settings), BOTH);
        let left = [0, 1].map(|claim| fen(&answers[0]["claims"][claim]["patient_in_scope"]));
        assert_eq!(left, [Some(945_000), Some(600_000)]);
        fen(&answers[0]["year_end"][0]["amount"])
    };
    assert_eq!(tilt(&[]), None);
    assert_eq!(tilt(&[WHOLE_YEAR]), Some(745_000));
}

/// Two timelines that differ in nothing else are not settled as one, and each gives what it gives alone.
#[test]
fn exact_whole_years_are_compared_with_own_months() {
    let (own, whole) = (scenario(TIMELINE, &[]), scenario(TIMELINE, &[WHOLE_YEAR]));
    let trials = |of: &[&Scenario]| -> Vec<Vec<i64>> {
        let outcomes = simulate(of, 1, 10, Default::default());
        outcomes.iter().map(|outcome| outcome.trials().collect()).collect()
    };
    let together = trials(&[&own, &whole]);
    assert_eq!(together, [trials(&[&own]), trials(&[&whole])].concat());
    assert_ne!(together[0], together[1]);
    assert_ne!(own.content_hash(), whole.content_hash());
}

#[test]
fn exact_a_sheet_says_which_months_a_tilt_counts() {
    let last = |settings: &[(&str, &str)]| {
        let sheets = crate::sheet::sheets(&scenario(TIMELINE, settings), BOTH, fundcast::lang::Lang::Zh);
        let step = sheets[0].steps.last().expect("a step").clone();
        (step.amount.0, step.note)
    };
    let (none, note) = last(&[]);
    assert_eq!(none, 0);
    assert!(note.contains("自付 6000.00 < 10000.00，只计2022-08至2022-12入院的费用"), "{note}");
    let (paid, note) = last(&[WHOLE_YEAR]);
    assert_eq!(paid, 745_000);
    assert!(note.contains("自付 15450.00 ≥ 10000.00，计入全年费用"), "{note}");
}

#[test]
fn exact_engines_agree_where_a_tilt_counts_the_whole_year() {
    let scenario = scenario(TIMELINE, &[WHOLE_YEAR]);
    all_engines("a timeline with tilts over the whole year", &[&scenario], 10, 1);
    let (settled, rare) = check_few("whole year", &scenario, 2000);
    assert!(settled > 1000 && rare > 20, "{settled} {rare}");
}
