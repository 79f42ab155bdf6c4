//! Shapes of the terms of assistance that plans of other cities have, on cases worked by hand.

use serde_json::{Value, json};

use crate::command::fundcast;
use crate::engines::all_engines;
use crate::support::{differences, scenario, settle};

/// Changes of a scenario.
type Settings<'a> = &'a [(&'a str, &'a str)];

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

/// Left 39,680; at 65 % above 3,140 are left 15,929. Above 15,700 the ratio is 75 % for the whole year: 0.75 × 36,540 =
/// 27,405, left 12,275. What equals the line does not pass it.
#[test]
fn exact_a_ratio_that_rises_for_the_whole_year_once_self_pay_passes_a_line() {
    let paid = |line: &str, amount: f64| {
        let raise = format!(
            r#"{{ changes = ["margin"], points = 0.10, year_self_pay_above_yuan = {line}, cite = ["FCG-10"] }}"#
        );
        let settings = [
            &TO_A_CAP[..],
            &[
                ("policy.assistance.margin.ratio", "0.65"),
                ("policy.assistance.margin.annual_cap_yuan", "60000"),
                ("policy.adjustment.raise", raise.as_str()),
            ],
        ]
        .concat();
        let expected = json!({ "claims": [{ "assistance": [{ "amount": amount }] }], "totals": { "patient": 39_680.0 - amount } });
        check(&settings, &margin_stay("189680"), &expected);
    };
    paid("15700", 27_405.0);
    paid("15929", 23_751.0);
    paid("15928.99", 27_405.0);
}

/// The first stay is assisted at the higher ratio too, although the line is passed with the second: left 10,000 and 30,000; at
/// 50 % 5,000 and 15,000, together 20,000 > 18,000; at 60 % 6,000 and 18,000.
#[test]
fn exact_a_line_passed_late_raises_what_was_paid_before() {
    let settings = [
        &TO_A_CAP[..],
        &[
            ("policy.basic.resident.annual_cap_yuan", "0"),
            ("policy.assistance.margin.ratio", "0.5"),
            ("policy.assistance.margin.deductible_yuan", "0"),
            ("policy.assistance.margin.annual_cap_yuan", "60000"),
            (
                "policy.adjustment.raise",
                r#"{ changes = ["margin"], times = 1.2, year_self_pay_above_yuan = 18000, cite = ["FCG-10"] }"#,
            ),
        ],
    ]
    .concat();
    let expected = json!({ "claims": [
        { "assistance": [{ "amount": 6_000.0 }], "patient_in_scope": 4_000.0 },
        { "assistance": [{ "amount": 18_000.0 }], "patient_in_scope": 12_000.0 },
    ]});
    check(&settings, &stays(&["10000", "30000"]), &expected);
    let below = json!({ "claims": [{ "assistance": [{ "amount": 5_000.0 }] }, { "assistance": [{ "amount": 13_000.0 }] }] });
    check(&settings, &stays(&["10000", "26000"]), &below);
}

/// Stays of a margin household of which nothing is insured.
fn stays(totals: &[&str]) -> String {
    let claims: Vec<String> = totals
        .iter()
        .enumerate()
        .map(|(number, total)| {
            format!(
                r#"{{"id":"c{number}","kind":"inpatient","admitted":"2024-0{}-02","level":"tertiary","place":"city","total":{total}}}"#,
                number + 1
            )
        })
        .collect();
    format!(
        r#"{{"case":"m","county":"上思县","year":2024,"age":40,"sex":"f","identities":[{{"category":"dibao_margin","from":"2023-01"}}],"claims":[{}]}}"#,
        claims.join(",")
    )
}

/// The same without insurance: all of a stay is left.
fn uninsured<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let none = [
        ("policy.basic.resident.annual_cap_yuan", "0"),
        ("policy.assistance.margin.ratio", "0.5"),
        ("policy.assistance.margin.deductible_yuan", "0"),
        ("policy.assistance.margin.annual_cap_yuan", "60000"),
    ];
    [&TO_A_CAP[..], &none, more].concat()
}

fn each_paid(settings: &[(&str, &str)], totals: &[&str], amounts: &[f64]) {
    let claims: Vec<Value> =
        amounts.iter().map(|amount| json!({ "assistance": [{ "amount": amount }] })).collect();
    check(settings, &stays(totals), &json!({ "claims": claims }));
}

/// At most 8,000 a stay (单次限额); the annual cap bounds all stays together.
#[test]
fn exact_a_cap_on_one_claim() {
    let settings = uninsured(&[("policy.assistance.margin.claim_cap_yuan", "8000")]);
    each_paid(&settings, &["10000", "30000", "20000"], &[5_000.0, 8_000.0, 8_000.0]);
    let both = [&settings[..], &[("policy.assistance.margin.annual_cap_yuan", "14000")]].concat();
    each_paid(&both, &["10000", "30000", "20000"], &[5_000.0, 8_000.0, 1_000.0]);
}

/// 50 % to 10,000 of each stay, 60 % above: 5,000 + 6,000 twice; on the running sum the second would have 12,000. With a
/// deductible of 4,000 a year 16,000 of the first stay count: 5,000 + 3,600.
#[test]
fn exact_bands_on_one_claim() {
    let rule = |deductible: &str, on: &str| {
        format!(
            r#"{{ line = "inpatient_assistance", who = {{ categories = ["dibao_margin"] }}, when = {{ kinds = ["inpatient"] }}, bands = [{{ to_yuan = 10000, ratio = 0.5 }}, {{ ratio = 0.6 }}], bands_on = "{on}", deductible_yuan = {deductible}, pool = "inpatient", funders = {{ assistance_fund = 1.0 }}, cite = ["FCG-10"] }}"#
        )
    };
    let paid = |deductible: &str, on: &str, amounts: [f64; 2]| {
        let rule = rule(deductible, on);
        let more =
            [("policy.assistance.margin.enabled", "false"), ("policy.assistance.banded", rule.as_str())];
        each_paid(&uninsured(&more), &["20000", "20000"], &amounts);
    };
    paid("0", "one_claim", [11_000.0, 11_000.0]);
    paid("0", "cumulative", [11_000.0, 12_000.0]);
    paid("4000", "one_claim", [8_600.0, 11_000.0]);
}

/// 50 % of stays of which at most 10,000 are left, 70 % of others, in one pool.
#[test]
fn exact_a_rule_for_stays_whose_self_pay_passes_a_line() {
    let large = r#"{ line = "inpatient_assistance", who = { categories = ["dibao_margin"] }, when = { kinds = ["inpatient"] }, claim_self_pay_above_yuan = 10000, ratio = 0.7, pool = "inpatient", annual_cap_yuan = 60000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#;
    let settings = uninsured(&[
        ("policy.assistance.margin.claim_self_pay_up_to_yuan", "10000"),
        ("policy.assistance.large", large),
    ]);
    each_paid(&settings, &["10000", "10000.01", "40000"], &[5_000.0, 7_000.01, 28_000.0]);
}

/// Without critical-illness insurance, at one ratio and deductible, and with one application alone.
fn with_one_application<'s>(application: (&'s str, &'s str)) -> [(&'s str, &'s str); 5] {
    [
        ("policy.critical.insurance", "[]"),
        ("policy.basic.resident.inpatient.ratio", "0.75"),
        ("policy.basic.resident.inpatient.deductible_yuan", "1300"),
        ("policy.application.illness_poor.enabled", "false"),
        application,
    ]
}

/// Without critical-illness insurance 0.75 × 200,000 = 150,000 of a stay of 2023 are insured, left 51,300; 0.60 × (51,300 −
/// 30,458.40) = 12,504.96. Neither 2022 nor 2024 counts.
#[test]
fn exact_an_application_counts_the_calendar_year_before() {
    let rule = r#"{ line = "application_assistance", when = { kinds = ["inpatient"] }, deductible_yuan = 30458.40, ratio = 0.6, window = "year_before", recognised_as = "illness_poor", funders = { assistance_fund = 1.0 }, cite = ["FCG-16"] }"#;
    let settings = with_one_application(("policy.application.year_before", rule));
    let case = r#"{"case":"year-before","county":"上思县","year":2024,"age":40,"sex":"f","recognised":"2024-03","claims":[{"id":"c2","kind":"inpatient","admitted":"2024-01-02","level":"tertiary","total":41300}],"earlier":[{"id":"c0","kind":"inpatient","admitted":"2022-12-31","level":"tertiary","self_pay":9999},{"id":"c1","kind":"inpatient","admitted":"2023-02-02","level":"tertiary","place":"city","total":201300}]}"#;
    let expected = json!({ "year_end": [{ "line": "application_assistance", "amount": 12_504.96 }] });
    check(&settings, case, &expected);
}

/// Both windows: the year before gives 12,504.96 as above, the months to March 2024 hold 11,300 alone and give nothing; and the
/// other way round. The sheet names the other one.
#[test]
fn exact_an_application_takes_the_better_of_two_windows() {
    let rule = r#"{ line = "application_assistance", when = { kinds = ["inpatient"] }, deductible_yuan = 30458.40, ratio = 0.6, window_months = 12, window = "year_before", recognised_as = "illness_poor", funders = { assistance_fund = 1.0 }, cite = ["FCG-16"] }"#;
    let settings = with_one_application(("policy.application.either", rule));
    let case = |before: u32, now: u32| {
        format!(
            r#"{{"case":"either","county":"上思县","year":2024,"age":40,"sex":"f","recognised":"2024-03","claims":[{{"id":"c2","kind":"inpatient","admitted":"2024-01-02","level":"tertiary","total":{now}}}],"earlier":[{{"id":"c1","kind":"inpatient","admitted":"2023-02-02","level":"tertiary","place":"city","total":{before}}}]}}"#
        )
    };
    let expected = json!({ "year_end": [{ "line": "application_assistance", "amount": 12_504.96 }] });
    for (before, now, window, other) in [
        (201_300, 41_300, "window 2023-01 – 2023-12", "2023-04 – 2024-03 0.00"),
        (41_300, 201_300, "window 2023-04 – 2024-03", "2023-01 – 2023-12 0.00"),
    ] {
        check(&settings, &case(before, now), &expected);
        let mut args = vec!["explain", MARGIN, "--cases", "-", "--lang", "en"];
        let sets = settings.map(|(key, value)| format!("{key}={value}"));
        args.extend(sets.iter().flat_map(|set| ["--set", set.as_str()]));
        let sheet = fundcast(&args).input(case(before, now)).run().good();
        assert!(sheet.contains(window) && sheet.contains(other), "{sheet}");
    }
}

/// Three stays leave 8,600, 2,300 and 4,300. Only those that leave more than 3,000 count: 0.50 × (12,900 − 5,000) = 3,950; up
/// to a target of 90 % of their 30,900, 12,900 − 3,090 = 9,810. Of at most 3,000 counts one: 0.50 × (2,300 − 1,000) = 650.
#[test]
fn exact_a_tilt_counts_only_stays_that_leave_so_much() {
    let stay = |id: &str, day: &str, total: u32| {
        format!(r#"{{"id":"{id}","kind":"inpatient","admitted":"{day}","level":"tertiary","total":{total}}}"#)
    };
    let claims =
        [stay("c1", "2024-02-02", 20_600), stay("c2", "2024-03-02", 5_300), stay("c3", "2024-04-02", 10_300)];
    let case = format!(
        r#"{{"case":"each","county":"上思县","year":2024,"age":40,"sex":"f","identities":[{{"category":"dibao_margin","from":"2020-01"}}],"claims":[{}]}}"#,
        claims.join(",")
    );
    for (shape, amount) in [
        ("threshold_yuan = 5000, ratio = 0.5, claim_self_pay_above_yuan = 3000", 3_950.0),
        ("threshold_yuan = 5000, ratio = 0.5", 5_100.0),
        ("threshold_yuan = 1000, ratio = 0.5, claim_self_pay_up_to_yuan = 3000", 650.0),
        (
            r#"trigger_yuan = 100, groups = [{ kinds = ["inpatient"], target = 0.9 }], claim_self_pay_above_yuan = 3000"#,
            9_810.0,
        ),
    ] {
        let rule = format!(
            r#"{{ line = "tilt_assistance", who = {{ categories = ["dibao_margin"] }}, when = {{ kinds = ["inpatient"] }}, {shape}, funders = {{ assistance_fund = 1.0 }}, cite = ["FCG-10"] }}"#
        );
        let settings = [
            ("policy.critical.insurance", "[]"),
            ("policy.assistance.margin.enabled", "false"),
            ("policy.basic.resident.inpatient.ratio", "0.6"),
            ("policy.tilt.each", &rule),
        ];
        check(&settings, &case, &json!({ "year_end": [{ "line": "tilt_assistance", "amount": amount }] }));
    }
}

/// Recognised in August as made poor by illness: the stay of March is applied for, that of October has regular assistance;
/// one deductible of 7,850 for both. Each stay 0.60 × 40,000 = 24,000 of basic insurance, left 16,600; critical-illness
/// insurance above 15,000 at 60 %: 960, then 9,960; left 15,640 and 6,640: 0.65 × (15,640 + 6,640 − 7,850) = 9,379.50.
#[test]
fn exact_application_and_regular_assistance_share_one_deductible_and_cap() {
    let regular = r#"{ line = "inpatient_assistance", who = { categories = ["illness_poor"] }, when = { kinds = ["inpatient"] }, ratio = 0.65, pool = "inpatient", deductible_yuan = 7850, annual_cap_yuan = 50000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#;
    let settings = [
        ("policy.critical.deductible_yuan", "15000"),
        ("policy.critical.bands", "[{ ratio = 0.6 }]"),
        ("policy.basic.resident.inpatient.deductible_yuan", "600"),
        ("policy.basic.resident.inpatient.ratio", "0.6"),
        ("policy.assistance.illness", regular),
        ("policy.application.illness_poor.pool", "\"inpatient\""),
        ("policy.application.illness_poor.deductible_yuan", "7850"),
        ("policy.application.illness_poor.ratio", "0.65"),
    ];
    let case = |from: &str| {
        format!(
            r#"{{"case":"one-deductible","county":"上思县","year":2024,"age":40,"sex":"f","identities":[{{"category":"illness_poor","from":"{from}"}}],"recognised":"2024-08","claims":[{{"id":"c1","kind":"inpatient","admitted":"2024-03-02","level":"tertiary","place":"city","total":40600}},{{"id":"c2","kind":"inpatient","admitted":"2024-10-02","level":"tertiary","place":"city","total":40600}}]}}"#
        )
    };
    let expected = json!({ "claims": [{ "id": "c1", "patient_in_scope": 15_640.0 }, { "id": "c2", "assistance": [] }],
        "year_end": [{ "line": "application_assistance", "amount": 9_379.5 }], "totals": { "assistance": 9_379.5 } });
    check(&settings, &case("2024-08"), &expected);
    // One cap for both, too.
    let capped = [&settings[..], &[("policy.application.illness_poor.annual_cap_yuan", "9000")]].concat();
    check(&capped, &case("2024-08"), &json!({ "totals": { "assistance": 9_000.0 } }));
    // Who holds the class all year has been assisted for both stays; nothing is counted twice.
    let all_year = json!({ "claims": [{ "assistance": [{ "amount": 5_063.5 }] }, { "assistance": [{ "amount": 4_316.0 }] }],
        "year_end": [], "totals": { "assistance": 9_379.5 } });
    check(&settings, &case("2023-08"), &all_year);
}

/// Left 43,080.04 of a margin household. Income per head of 2023: 30,000.
#[test]
fn exact_amounts_of_income_and_of_other_values() {
    let paid = |more: &[(&str, &str)], amount: f64| {
        let income = [
            ("place.income.residents.yuan_by_year.2023", "30000"),
            ("policy.critical.deductible_yuan", "12000"),
            ("policy.assistance.margin.annual_cap_yuan", "60000"),
        ];
        let settings = [&TO_A_CAP[..], &income, more].concat();
        let expected = json!({ "claims": [{ "assistance": [{ "amount": amount }] }] });
        check(&settings, &margin_stay("193080.04"), &expected);
    };
    let deductible = "policy.assistance.margin.deductible_yuan";
    // A tenth of 30,000 and 500: 0.67 × 39,580.04 = 26,518.6268.
    paid(&[(deductible, r#"{ share_of_income = 0.1, income = "residents", plus_yuan = 500 }"#)], 26_518.63);
    // Half of 12,000: 0.67 × 37,080.04 = 24,843.6268; with 100 more 24,776.6268.
    paid(&[(deductible, r#"{ value_of = "critical.deductible_yuan", times = 0.5 }"#)], 24_843.63);
    paid(
        &[(deductible, r#"{ value_of = "critical.deductible_yuan", times = 0.5, plus_yuan = 100 }"#)],
        24_776.63,
    );
    // The cap of another rule, and a ratio of one: 0.90 × 39,940.04 = 35,946.036.
    let ratio = ("policy.assistance.margin.ratio", r#"{ value_of = "assistance.class2_other.ratio" }"#);
    paid(&[ratio], 35_946.04);
    paid(
        &[
            ratio,
            (
                "policy.assistance.margin.annual_cap_yuan",
                r#"{ value_of = "assistance.class2_other.annual_cap_yuan" }"#,
            ),
        ],
        30_000.0,
    );
    // Bands to half of the income: 0.50 × (15,000 − 3,140) + 0.60 × 28,080.04 = 22,778.024.
    let banded = r#"{ line = "inpatient_assistance", who = { categories = ["dibao_margin"] }, when = { kinds = ["inpatient"] }, bands = [{ to_yuan = { share_of_income = 0.5, income = "residents" }, ratio = 0.5 }, { ratio = 0.6 }], deductible_yuan = { value_of = "assistance.margin.deductible_yuan" }, pool = "inpatient", funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#;
    paid(&[("policy.assistance.margin.enabled", "false"), ("policy.assistance.banded", banded)], 22_778.02);
}

fn refused(settings: &[(&str, &str)], words: &str) {
    let settings: Vec<_> = settings
        .iter()
        .map(|(path, value)| fundcast::scenario::load::Setting {
            path: (*path).to_owned(),
            value: (*value).to_owned(),
        })
        .collect();
    let faults =
        fundcast::scenario::load(&crate::support::path(MARGIN), &settings).expect_err(words).to_string();
    assert!(faults.contains(words), "{words}: {faults}");
}

#[test]
fn exact_terms_that_contradict_each_other_are_refused() {
    let deductible = "policy.assistance.margin.deductible_yuan";
    let of = |key: &str, more: &str| format!(r#"{{ value_of = "{key}"{more} }}"#);
    refused(&[(deductible, &of("assistance.margin.deductible_yuan", ""))], "names itself");
    refused(&[(deductible, &of("critical.deductable_yuan", ""))], "did you mean `critical.deductible_yuan`?");
    refused(&[(deductible, &of("assistance.margin.ratio", ""))], "is no amount in yuan");
    refused(&[(deductible, "{ times = 0.5 }")], "there is none");
    refused(
        &[(deductible, "{ by_year = { 2022 = 1, 2023 = 1, 2024 = 1, 2025 = 1 }, plus_yuan = 3 }")],
        "there is neither",
    );
    refused(
        &[("policy.critical.bands_on", "\"one_claim\"")],
        "only regular assistance has bands on `one_claim`",
    );
    refused(&[("policy.application.illness_poor.pool", "\"inpatint\"")], "did you mean `inpatient`?");
    let both = [
        ("policy.assistance.margin.claim_self_pay_above_yuan", "10000"),
        ("policy.assistance.margin.claim_self_pay_up_to_yuan", "10000"),
    ];
    refused(&both, "no claim fits");
    let raise =
        r#"{ changes = ["critical"], points = 0.1, year_self_pay_above_yuan = 1000, cite = ["FCG-10"] }"#;
    refused(&[("policy.adjustment.raise", raise)], "only rules of regular assistance");
    let beyond = |pool: &str, more: &str| {
        format!(
            r#"{{ line = "tilt_assistance", who = {{ categories = ["dibao_margin"] }}, when = {{}}, beyond_cap_of = "{pool}", ratio = 0.7, pool = "chronic", {more} funders = {{ assistance_fund = 1.0 }}, cite = ["FCG-10"] }}"#
        )
    };
    refused(&[("policy.assistance.beyond", &beyond("chronic", ""))], "a pool of its own is needed");
    refused(
        &[("policy.assistance.beyond", &beyond("inpatient", "deductible_yuan = 5,"))],
        "not together with `beyond_cap_of`",
    );
}

/// Each shape moves money, alike in both engines, also for persons who gain identities, households that apply, and persons
/// whose standing changes in the year.
#[test]
fn exact_engines_agree_on_shapes_of_terms() {
    let common: Settings<'_> = &[
        ("place.application.approval_share", "1.0"),
        ("place.application.self_pay_share_of_income", "0.02"),
        ("policy.watch.lifted_out.threshold_yuan", "300"),
        ("policy.watch.lifted_out.verification_share", "1.0"),
    ];
    let raise = r#"{ changes = ["margin", "class2_other", "returned"], points = 0.05, year_self_pay_above_yuan = 900, cite = ["FCG-10"] }"#;
    let large = r#"{ line = "inpatient_assistance", who = { categories = ["dibao_margin"] }, when = { kinds = ["inpatient"] }, claim_self_pay_above_yuan = 3000, ratio = 0.8, claim_cap_yuan = 2000, pool = "inpatient", deductible_yuan = 1000, annual_cap_yuan = 20000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#;
    let before = r#"{ line = "application_assistance", when = {}, deductible_yuan = 500, ratio = 0.6, window = "year_before", recognised_as = "illness_poor", funders = { assistance_fund = 1.0 }, cite = ["FCG-16"] }"#;
    let tilt = r#"{ line = "tilt_assistance", who = { categories = ["dibao", "dibao_margin"] }, when = {}, threshold_yuan = 500, ratio = 0.5, within = { pool = "inpatient", annual_cap_yuan = 4000 }, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#;
    let beyond = r#"{ line = "tilt_assistance", who = { categories = ["dibao", "dibao_margin", "returned_poor"] }, when = { referred = true }, beyond_cap_of = "inpatient", ratio = 0.5, annual_cap_yuan = 3000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#;
    let both = before.replace("window =", "window_months = 12, window =");
    let each = tilt.replace("threshold_yuan = 500", "threshold_yuan = 500, claim_self_pay_above_yuan = 400");
    let shapes: [(&str, Settings<'_>); 8] = [
        ("as it is", &[]),
        ("once", &[("policy.adjustment.raise", raise)]),
        (
            "one claim",
            &[
                ("policy.assistance.margin.claim_self_pay_up_to_yuan", "3000"),
                ("policy.assistance.large", large),
            ],
        ),
        (
            "year before",
            &[("policy.application.illness_poor.enabled", "false"), ("policy.application.before", before)],
        ),
        (
            "both windows",
            &[("policy.application.illness_poor.enabled", "false"), ("policy.application.both", &both)],
        ),
        ("stays that leave so much", &[("policy.tilt.each", &each)]),
        (
            "pool",
            &[
                ("policy.application.illness_poor.pool", "\"inpatient\""),
                (
                    "policy.application.illness_poor.deductible_yuan",
                    "{ value_of = \"assistance.margin.deductible_yuan\" }",
                ),
            ],
        ),
        (
            "caps",
            &[
                ("policy.assistance.class2_other.annual_cap_yuan", "900"),
                (
                    "policy.assistance.margin.annual_cap_yuan",
                    "{ value_of = \"assistance.class2_other.annual_cap_yuan\" }",
                ),
                ("policy.tilt.beyond", beyond),
                ("policy.tilt.inside", tilt),
            ],
        ),
    ];
    let mut spent = std::collections::BTreeSet::new();
    for (what, settings) in shapes {
        let changed = scenario(MARGIN, &[common, settings].concat());
        let outcome = all_engines(what, &[&changed], 2, 3);
        spent.insert(outcome[0].booked_fen());
    }
    assert_eq!(spent.len(), shapes.len(), "a shape that moves nothing: {spent:?}");
}
