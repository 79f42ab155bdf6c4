//! The settlement against cases worked by hand and against a second implementation.

use serde_json::Value;

use crate::support::{check_hands, flat, scenario, scenario_of, settle, text};

fn check_hand_worked(policy: &str) {
    check_hands(&format!("tests/cases/hand/{policy}.toml"), &scenario(scenario_of(policy), &[]));
}

#[test]
fn exact_hand_worked_fangchenggang() {
    check_hand_worked("fangchenggang-2022-08");
}

#[test]
fn exact_hand_worked_guangxi() {
    check_hand_worked("guangxi-2022-06");
}

#[test]
fn exact_hand_worked_baise() {
    check_hand_worked("baise-2022-05");
}

#[test]
fn exact_hand_worked_ewenki() {
    check_hand_worked("ewenki-2022-09");
}

#[test]
fn exact_hand_worked_wuxi() {
    check_hand_worked("wuxi-2023");
}

/// The plans of single counties of other provinces, on one set of assumed insurances.
const OTHER_PROVINCES: [&str; 6] =
    ["suqian-2024", "jiujiang-2023", "panjin-2025", "zichuan-2025", "handan-2024", "guangde-2024"];

#[test]
fn exact_hand_worked_other_provinces() {
    OTHER_PROVINCES.into_iter().for_each(check_hand_worked);
}

/// Every amount of 400 random cases, against a second implementation of the contract.
fn check_independent(policy: &str) {
    let folder = format!("tests/cases/independent/{policy}");
    let answers = settle(&scenario(scenario_of(policy), &[]), &text(&format!("{folder}.cases.jsonl")));
    let expected = text(&format!("{folder}.expected.jsonl"));
    let expected: Vec<Value> =
        expected.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), expected.len());
    for (answer, wanted) in answers.iter().zip(&expected) {
        assert_eq!(flat(answer), flat(wanted), "case {}", wanted["case"]);
    }
}

#[test]
fn val_independent_fangchenggang() {
    check_independent("fangchenggang-2022-08");
}

#[test]
fn val_independent_guangxi() {
    check_independent("guangxi-2022-06");
}

#[test]
fn val_independent_baise() {
    check_independent("baise-2022-05");
}

#[test]
fn val_independent_ewenki() {
    check_independent("ewenki-2022-09");
}

#[test]
fn val_independent_wuxi() {
    check_independent("wuxi-2023");
}

#[test]
fn val_independent_other_provinces() {
    OTHER_PROVINCES.into_iter().for_each(check_independent);
}

/// Monitored, 2023, without critical-illness insurance, so that much is left. Stay of 400,600, tertiary: basic
/// 0.60 × 400,000 bounded at 226,600; left 174,000. Regular: 0.70 × 171,000 bounded at 20,000; left 154,000.
/// Chronic 50,000: nothing of basic insurance remains, no rule for monitored persons; left 50,000.
/// Targets: 0.90 × 400,600 = 360,540, of which 246,600 is paid: 113,940 wanted; 0.80 × 50,000 = 40,000 wanted.
const CAPPED: &str = r#"{"case":"capped","county":"上思县","year":2023,"age":30,"identities":[{"category":"monitored_sudden","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2023-02-02","level":"tertiary","total":400600},{"id":"c2","kind":"outpatient_chronic","admitted":"2023-03-02","level":"tertiary","total":50000}]}"#;

fn capped(settings: &[(&str, &str)]) -> (Option<i64>, Option<i64>) {
    let mut all = vec![("policy.critical.insurance", "[]")];
    all.extend(settings);
    let answers = settle(&scenario("scenarios/fangchenggang.toml", &all), CAPPED);
    let amount = |path: &str| answers[0].pointer(path).and_then(crate::support::fen);
    assert_eq!(amount("/claims/0/basic"), Some(22_660_000));
    assert_eq!(amount("/claims/0/assistance/0/amount"), Some(2_000_000));
    assert_eq!(amount("/claims/1/patient_in_scope"), Some(5_000_000));
    (amount("/year_end/0/amount"), amount("/totals/patient"))
}

#[test]
fn exact_cap_of_the_target_tilt_bounds_all_assistance() {
    // 100,000 − 20,000 of regular assistance: 80,000 for the stay, nothing for the chronic group.
    assert_eq!(capped(&[]), (Some(8_000_000), Some(15_400_000 + 5_000_000 - 8_000_000)));
}

#[test]
fn exact_cap_of_the_target_tilt_bounds_the_tilt_alone() {
    let alone = ("policy.tilt.monitored.cap_counts", "tilt_alone");
    assert_eq!(capped(&[alone]), (Some(10_000_000), Some(15_400_000 + 5_000_000 - 10_000_000)));
    // 140,000: 113,940 for the stay, the 26,060 that remain for the chronic group.
    let cap = ("policy.tilt.monitored.annual_cap_yuan", "140000");
    assert_eq!(capped(&[alone, cap]), (Some(14_000_000), Some(6_400_000)));
    // 200,000 does not bind: 113,940 + 40,000.
    let cap = ("policy.tilt.monitored.annual_cap_yuan", "200000");
    assert_eq!(capped(&[alone, cap]), (Some(15_394_000), Some(20_400_000 - 15_394_000)));
}

/// Monitored, 2023. January, chronic 20,000, primary: basic 0.80 × 20,000 bounded at 2,500; self-pay 17,500;
/// critical-illness 0.70 × (17,500 − 6,000) = 8,050; left 9,450, no rule for monitored persons. February, stay of
/// 3,000, secondary: basic 0.75 × 2,700 = 2,025; self-pay 975, all above 6,000: 0.70 × 975 = 682.50; left 292.50,
/// under the deductible of 3,000. Both groups 9,742.50, the chronic group alone 9,450.
/// Targets: 0.90 × 3,000 = 2,700 is exceeded; 0.80 × 20,000 = 16,000 less 10,550 paid: 5,450 wanted.
#[test]
fn exact_trigger_of_the_target_tilt_counts_all_groups_or_each() {
    const TWO_GROUPS: &str = r#"{"case":"groups","county":"上思县","year":2023,"age":30,"identities":[{"category":"monitored_unstable","from":"2023-01"}],"claims":[{"id":"c1","kind":"outpatient_chronic","admitted":"2023-01-05","level":"primary","total":20000},{"id":"c2","kind":"inpatient","admitted":"2023-02-02","level":"secondary","total":3000}]}"#;
    let tilt = |trigger: &str, on: &str| {
        let settings =
            [("policy.tilt.monitored.trigger_yuan", trigger), ("policy.tilt.monitored.trigger_on", on)];
        let answers = settle(&scenario("scenarios/fangchenggang.toml", &settings), TWO_GROUPS);
        assert_eq!(
            answers[0].pointer("/claims/0/patient_in_scope").and_then(crate::support::fen),
            Some(945_000)
        );
        assert_eq!(
            answers[0].pointer("/claims/1/patient_in_scope").and_then(crate::support::fen),
            Some(29_250)
        );
        answers[0].pointer("/year_end/0/amount").and_then(crate::support::fen)
    };
    assert_eq!(tilt("9742.50", "all_groups"), Some(545_000));
    assert_eq!(tilt("9742.51", "all_groups"), None);
    assert_eq!(tilt("9450.01", "each_group"), None);
    assert_eq!(tilt("9450", "each_group"), Some(545_000));
}

/// The notice is in force from 1 August 2022. July, no rights of persons in sudden hardship yet: tertiary, first
/// stay, 0.60 × 20,000 = 12,000, left 8,600 under the deductible of 12,000. August, monitored: secondary, second
/// stay, 0.75 × 10,000 = 7,500, left 2,700; sum 8,600 → 11,300, all above 6,000: 0.70 × 2,700 = 1,890; base 810
/// under the deductible of 3,000. Subsidy by the notice, 0.60 × 320 = 192.
#[test]
fn exact_timeline_settles_july_and_august_by_different_policies() {
    let case = r#"{"case":"t","county":"那坡县","year":2022,"age":30,"identities":[{"category":"monitored_sudden","from":"2022-01"}],"claims":[{"id":"july","kind":"inpatient","admitted":"2022-07-31","discharged":"2022-08-09","level":"tertiary","total":20600},{"id":"august","kind":"inpatient","admitted":"2022-08-01","level":"secondary","total":10200}]}"#;
    let answers = settle(&scenario("scenarios/baise-timeline.toml", &[]), case);
    let expected = serde_json::json!({
        "subsidy": { "amount": 192.0, "category": "monitored_sudden" },
        "claims": [
            { "id": "july", "category": "ordinary", "basic": 12000, "critical": 0, "patient_in_scope": 8600 },
            { "id": "august", "category": "monitored_sudden", "basic": 7500, "critical": 1890, "assistance": [], "patient_in_scope": 810 },
        ],
        "totals": { "patient": 9410, "assistance": 0 },
    });
    let wrong = crate::support::differences(&expected, &answers[0]);
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Stable lifted-out, a stay of 49,100 in July and one of 60,300 in August. July: nothing beyond the insurances:
/// basic 0.60 × 48,500 = 29,100, left 20,000, critical 0.60 × 8,000 = 4,800, left 15,200. August: basic 0.60 ×
/// 60,000 = 36,000, left 24,300; 20,000 → 44,300 above 6,000 at 0.65: 15,795, base 8,505; S begins here:
/// 0.50 × 5,505 = 2,752.50 of county finance. Left 5,752.50.
#[test]
fn exact_timeline_begins_running_sums_of_a_new_rule_with_the_policy() {
    let case = r#"{"case":"t","county":"那坡县","year":2022,"age":30,"identities":[{"category":"stable_lifted","from":"2020-01"}],"claims":[{"id":"july","kind":"inpatient","admitted":"2022-07-01","level":"tertiary","total":49100},{"id":"august","kind":"inpatient","admitted":"2022-08-01","level":"tertiary","total":60300}]}"#;
    let answers = settle(&scenario("scenarios/baise-timeline.toml", &[]), case);
    let expected = serde_json::json!({
        "subsidy": { "amount": 192.0, "funders": { "county_finance": 192.0 } },
        "claims": [
            { "id": "july", "category": "ordinary", "critical": 4800, "patient_in_scope": 15200 },
            { "id": "august", "critical": 15795, "patient_in_scope": 5752.5, "assistance": [
                { "line": "inpatient_assistance", "amount": 2752.5, "funders": { "county_finance": 2752.5 } },
            ] },
        ],
    });
    let wrong = crate::support::differences(&expected, &answers[0]);
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The deltas on Fangchenggang change the subsidies of stable lifted-out persons and nothing else.
#[test]
fn exact_deltas_on_fangchenggang_change_the_subsidy_alone() {
    let case = |year: u16, traits: &str| {
        format!(
            r#"{{"case":"d","county":"上思县","year":{year},"age":30,"traits":[{traits}],"identities":[{{"category":"stable_lifted","from":"2020-01"}}]}}"#
        )
    };
    let exit = "\"exit_2014_2015\"";
    let lines: Vec<String> = [2022, 2023, 2024, 2025].iter().map(|&year| case(year, "")).collect();
    let lines = [lines, vec![case(2025, exit)]].concat().join("\n");
    let subsidies = |file: &str| -> Vec<i64> {
        let answers = settle(&scenario(file, &[]), &lines);
        answers.iter().map(|answer| crate::support::fen(&answer["subsidy"]["amount"]).unwrap()).collect()
    };
    // 60/50/40/30 % of 320/350/380/400, and 30 % of 400 for the exit household.
    assert_eq!(subsidies("scenarios/fangchenggang.toml"), [19_200, 17_500, 15_200, 12_000, 12_000]);
    let held = subsidies("scenarios/fangchenggang-subsidy-held.toml");
    assert_eq!(held, [19_200, 21_000, 22_800, 24_000, 12_000]);
    let ended = subsidies("scenarios/fangchenggang-taper-ended.toml");
    assert_eq!(ended, [19_200, 17_500, 0, 0, 0]);
    let none = subsidies("scenarios/fangchenggang-no-lifted-subsidy.toml");
    assert_eq!(none, [0, 0, 0, 0, 0]);
}

/// Ordinary, recognised in June 2023: a stay of 200,600, tertiary: basic 0.60 × 200,000 = 120,000, left 80,600;
/// critical 0.60 × 50,000 + 0.70 × 18,600 = 43,020, left 37,580. The plan's rule: 0.60 × 27,580 = 16,548. A second
/// rule that pays everything without deductible finds 21,032 left, not 37,580.
#[test]
fn exact_second_application_rule_pays_what_the_first_left() {
    let second = r#"{ line = "application_assistance", when = { kinds = ["inpatient"] }, deductible_yuan = 0, ratio = 1.0, window_months = 12, recognised_as = "illness_poor", funders = { assistance_fund = 1.0 }, cite = ["FCG-16"] }"#;
    let case = r#"{"case":"s","county":"上思县","year":2023,"age":40,"recognised":"2023-06","claims":[{"id":"c1","kind":"inpatient","admitted":"2023-02-10","level":"tertiary","total":200600}]}"#;
    let settings = [("policy.application.second", second)];
    let answers = settle(&scenario("scenarios/fangchenggang.toml", &settings), case);
    let expected = serde_json::json!({
        "claims": [{ "id": "c1", "basic": 120_000, "critical": 43_020, "patient_in_scope": 37_580 }],
        "year_end": [{ "amount": 16_548 }, { "amount": 21_032 }],
        "totals": { "patient": 0 },
    });
    let wrong = crate::support::differences(&expected, &answers[0]);
    assert!(wrong.is_empty(), "{wrong:?}");
}
