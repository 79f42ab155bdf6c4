//! Shapes of the terms of assistance that plans of other cities have, on cases worked by hand.

use serde_json::{Value, json};

use crate::support::{differences, scenario, settle};

const MARGIN: &str = "scenarios/fangchenggang.toml";

/// Settles one case with changed rules and holds it against what is due.
fn check(settings: &[(&str, &str)], case: &str, expected: &Value) {
    let answers = settle(&scenario(MARGIN, settings), case);
    let wrong = differences(expected, &answers[0]);
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", answers[0]);
}

/// Basic insurance to 150,000, nothing of critical-illness insurance; margin households 67 % above 3,140, at most 20,000.
const TO_A_CAP: [(&str, &str); 7] = [
    ("policy.basic.resident.annual_cap_yuan", "150000"),
    ("policy.basic.resident.inpatient.ratio", "1.0"),
    ("policy.basic.resident.inpatient.deductible_yuan", "0"),
    ("policy.critical.insurance", "[]"),
    ("policy.assistance.margin.ratio", "0.67"),
    ("policy.assistance.margin.deductible_yuan", "3140"),
    ("policy.assistance.margin.annual_cap_yuan", "20000"),
];

fn margin_stay(total: &str) -> String {
    format!(
        r#"{{"case":"m","county":"上思县","year":2024,"age":40,"sex":"f","identities":[{{"category":"dibao_margin","from":"2023-01"}}],"claims":[{{"id":"c1","kind":"inpatient","admitted":"2024-03-02","level":"tertiary","place":"city","total":{total}}}]}}"#
    )
}

/// Left 43,080.04. The cap of 20,000 is reached 20,000 / 0.67 above 3,140; beyond lie 43,080.04 − 3,140 − 20,000 / 0.67 =
/// 10,089.29373, of which 70 % are 7,062.5056.
#[test]
fn exact_assistance_on_what_a_cap_cut_off_of_a_claim() {
    let beyond = r#"{ line = "tilt_assistance", who = { categories = ["dibao_margin"] }, when = { kinds = ["inpatient"], places = ["county", "city", "province"], referred = true }, beyond_cap_of = "inpatient", ratio = 0.7, pool = "beyond", annual_cap_yuan = 20000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#;
    let pool = r#"{ zh = "限额以外", en = "Beyond the cap" }"#;
    let more = [("policy.pools.beyond", pool), ("policy.assistance.beyond", beyond)];
    let settings = [&TO_A_CAP[..], &more].concat();
    let expected = json!({ "claims": [{
        "id": "c1", "basic": 150_000.0, "critical": 0.0, "patient_in_scope": 16_017.53,
        "assistance": [
            { "line": "inpatient_assistance", "amount": 20_000.0 },
            { "line": "tilt_assistance", "amount": 7_062.51 },
        ],
    }]});
    check(&settings, &margin_stay("193080.04"), &expected);
    // The cap is just reached: 0.67 × 29,850.75 = 20,000.0025.
    let reached = json!({ "claims": [{ "assistance": [{ "amount": 20_000.0 }] }] });
    check(&settings, &margin_stay("182990.75"), &reached);
    // One yuan above: 0.70 × (29,851.75 − 29,850.746269) = 0.7026.
    let above = json!({ "claims": [{ "assistance": [{ "amount": 20_000.0 }, { "amount": 0.7 }] }] });
    check(&settings, &margin_stay("182991.75"), &above);
}

/// The same at the year's end, shared with the cap of regular assistance: of 24,000 over both 4,000 are left.
#[test]
fn exact_a_tilt_on_what_a_cap_cut_off_inside_another_cap() {
    let tilt = |more: &str| {
        format!(
            r#"{{ line = "tilt_assistance", who = {{ categories = ["dibao_margin"] }}, when = {{ kinds = ["inpatient"] }}, beyond_cap_of = "inpatient", ratio = 0.7, {more} funders = {{ assistance_fund = 1.0 }}, cite = ["FCG-10"] }}"#
        )
    };
    let paid = |more: &str, amount: f64| {
        let tilt = tilt(more);
        let settings = [&TO_A_CAP[..], &[("policy.tilt.beyond", tilt.as_str())]].concat();
        let expected = json!({ "year_end": [{ "line": "tilt_assistance", "amount": amount }] });
        check(&settings, &margin_stay("193080.04"), &expected);
    };
    paid("", 7_062.51);
    paid(r#"within = { pool = "inpatient", annual_cap_yuan = 24000 },"#, 4_000.0);
    paid(r#"annual_cap_yuan = 23000, cap_counts = "all_assistance","#, 3_000.0);
    paid("annual_cap_yuan = 5000,", 5_000.0);
    // Above a threshold of 10,000: 0.70 × 89.29373 = 62.5056.
    paid("threshold_yuan = 10000,", 62.51);
}

/// Left 43,080.04, of which regular assistance pays 20,000: 23,080.04. A threshold tilt inside the annual cap of regular
/// assistance: 0.60 × (23,080.04 − 8,000) = 9,048.02, of which what is left of a cap over both is paid.
#[test]
fn exact_a_threshold_tilt_inside_the_annual_cap_of_regular_assistance() {
    let paid = |more: &str, amount: f64| {
        let tilt = format!(
            r#"{{ line = "tilt_assistance", who = {{ categories = ["dibao_margin"] }}, when = {{ kinds = ["inpatient"] }}, threshold_yuan = 8000, ratio = 0.6, {more} funders = {{ assistance_fund = 1.0 }}, cite = ["FCG-10"] }}"#
        );
        let settings = [&TO_A_CAP[..], &[("policy.tilt.inside", tilt.as_str())]].concat();
        let expected =
            json!({ "year_end": [{ "amount": amount }], "totals": { "assistance": 20_000.0 + amount } });
        check(&settings, &margin_stay("193080.04"), &expected);
    };
    paid("", 9_048.02);
    paid(r#"within = { pool = "inpatient", annual_cap_yuan = 25000 },"#, 5_000.0);
    paid(r#"annual_cap_yuan = 22000, cap_counts = "all_assistance","#, 2_000.0);
    paid(r#"annual_cap_yuan = 22000, cap_counts = "tilt_alone","#, 9_048.02);
    paid(r#"annual_cap_yuan = 4000, within = { pool = "inpatient", annual_cap_yuan = 25000 },"#, 4_000.0);
}
