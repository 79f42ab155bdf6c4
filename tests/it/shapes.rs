//! Shapes of claims and of insurances that plans of other cities have: worked by hand, and settled alike by both engines.

use fundcast::simulation::facts::RuleMeasure;
use serde_json::{Value, json};

use crate::command::{FANGCHENGGANG, fundcast, settle as settle_by_command, settle_tables};
use crate::engines::{all_engines, simulate};
use crate::support::{differences, scenario, settle};

/// Changes of a scenario.
type Settings<'a> = &'a [(&'a str, &'a str)];

fn check((file, settings): (&str, Settings<'_>), case: &Value, expected: &Value) {
    let answers = settle(&scenario(file, settings), &case.to_string());
    let wrong = differences(expected, &answers[0]);
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", answers[0]);
}

/// A stay in a tertiary hospital of the city.
fn stay(id: &str, admitted: &str, total: f64) -> Value {
    json!({"id": id, "kind": "inpatient", "admitted": admitted, "level": "tertiary", "place": "city", "total": total})
}

/// A field more.
fn with(mut claim: Value, field: &str, value: impl Into<Value>) -> Value {
    claim[field] = value.into();
    claim
}

/// Listed diseases with a ratio, deductible and cap of their own, as in Xianyang.
const LISTED: Settings<'_> = &[
    ("policy.diseases.listed", r#"{ zh = "重大疾病病种", en = "Listed diseases" }"#),
    ("policy.pools.listed", r#"{ zh = "重大疾病住院", en = "Stays for listed diseases" }"#),
    ("policy.assistance.margin.when", r#"{ kinds = ["inpatient"], without_diseases = ["listed"] }"#),
    ("policy.basic.resident.inpatient.deductible_yuan", "600"),
    ("policy.assistance.margin.deductible_yuan", "0"),
    ("policy.assistance.margin.ratio", "0.6"),
    (
        "policy.assistance.listed",
        r#"{ line = "inpatient_assistance", who = { categories = ["dibao_margin"] }, when = { kinds = ["inpatient"], diseases = ["listed"] }, ratio = 0.6, pool = "listed", deductible_yuan = 2500, annual_cap_yuan = 40000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#,
    ),
];

/// Two stays of 6,600, each with 3,000 left: the ordinary one 0.60 × 3,000 = 1,800, that for a listed disease
/// 0.60 × (3,000 − 2,500) = 300.
#[test]
fn exact_stays_for_listed_diseases_beside_ordinary_stays() {
    let claims = [stay("ordinary", "2024-02-02", 6600.0), stay("major", "2024-05-02", 6600.0)];
    let [ordinary, major] = claims;
    let major = with(major, "disease", "listed");
    let case = json!({"case": "two-tracks", "county": "防城区", "year": 2024, "age": 40, "sex": "f",
        "identities": [{"category": "dibao_margin", "from": "2023-01"}], "claims": [ordinary, major]});
    let expected = json!({"claims": [
        {"id": "ordinary", "assistance": [{"line": "inpatient_assistance", "amount": 1800.0}]},
        {"id": "major", "assistance": [{"line": "inpatient_assistance", "amount": 300.0}]},
    ]});
    check((FANGCHENGGANG, LISTED), &case, &expected);
}

#[test]
fn exact_a_disease_that_is_not_listed_is_refused() {
    for (file, county, disease, words) in [
        (FANGCHENGGANG, "防城区", "listed", "is no listed disease of this policy; it lists none"),
        ("tests/cases/invented/invented.toml", "甲县", "rare_blod", "did you mean `rare_blood`?"),
        ("tests/cases/invented/invented.toml", "甲县", "罕见血液病（虚构）", "did you mean `rare_blood`?"),
    ] {
        let claim = with(stay("c1", "2024-02-02", 6600.0), "disease", disease);
        let case = json!({"case": "d", "county": county, "year": 2024, "age": 40, "claims": [claim]});
        let shown = settle_by_command(file, case.to_string()).refused();
        assert!(shown.contains(words) && shown.contains("claims[0].disease"), "{shown}");
    }
}

/// Which stays are for which disease.
const MARKS: Settings<'_> = &[
    ("model.stay.diseases", "{ listed = 0.02 }"),
    ("model.condition.malignant_tumour.diseases", "{ listed = 0.6 }"),
    ("model.condition.dialysis_haemo.diseases", "{ listed = 1.0 }"),
];

/// A rule for the monthly bills of listed diseases alone: of dialysis all, whose model share is 1, and nothing where the
/// model marks nothing.
const LISTED_BILLS: (&str, &str) = (
    "policy.assistance.listed_bills",
    r#"{ line = "outpatient_major_assistance", who = { categories = ["dibao_margin"] }, when = { kinds = ["outpatient_major"], diseases = ["listed"] }, ratio = 0.5, pool = "listed_bills", base = "after_earlier_rules", funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#,
);

#[test]
fn exact_rules_for_listed_diseases_reach_monthly_bills() {
    let pool = ("policy.pools.listed_bills", r#"{ zh = "列名病种门诊", en = "Bills of listed diseases" }"#);
    let paid = |marks: Settings<'_>| {
        let one = scenario(FANGCHENGGANG, &[LISTED, &[pool, LISTED_BILLS], marks].concat());
        let outcome = all_engines("listed bills", &[&one], 2, 3);
        let rule = one.policy.rules.iter().position(|rule| rule.id == "assistance.listed_bills");
        let rule = rule.expect("the rule");
        (0..outcome[0].n_years).map(|year| outcome[0].rule_sum(year, rule, RuleMeasure::Fen)).sum::<i128>()
    };
    let dialysis = paid(&MARKS[2..]);
    let every = [
        ("model.condition.dialysis_haemo.diseases", "{ listed = 1.0 }"),
        ("model.condition.dialysis_peritoneal.diseases", "{ listed = 1.0 }"),
        ("model.condition.malignant_tumour.diseases", "{ listed = 1.0 }"),
    ];
    assert!(dialysis > 0, "no monthly bill is for a listed disease");
    assert!(paid(&every) > dialysis);
    assert_eq!(paid(&[]), 0);
}

/// Marked stays move money by the rule for them, alike in both engines, also where an application counts them alone; a
/// model that marks none moves nothing and draws as before.
#[test]
fn exact_engines_agree_on_listed_diseases() {
    let application = [
        ("policy.application.illness_poor.when", r#"{ kinds = ["inpatient"], diseases = ["listed"] }"#),
        ("policy.application.illness_poor.deductible_yuan", "500"),
        ("place.application.approval_share", "1.0"),
        ("place.application.self_pay_share_of_income", "0.02"),
    ];
    let indicator = [(
        "policy.indicator.listed",
        r#"{ zh = "列名病种自付", en = "Self-pay of listed diseases", who = { categories = ["dibao_margin"] }, when = { diseases = ["listed"] }, at_most = 0.1, cite = ["FCG-10"] }"#,
    )];
    let mut spent = std::collections::BTreeSet::new();
    for more in [&[][..], &application, &indicator] {
        let marked = scenario(FANGCHENGGANG, &[LISTED, MARKS, more].concat());
        let outcome = all_engines("listed diseases", &[&marked], 2, 3);
        let paid =
            marked.policy.rules.iter().position(|rule| rule.id == "assistance.listed").expect("the rule");
        assert!(
            (0..outcome[0].n_years).any(|year| outcome[0].rule_sum(year, paid, RuleMeasure::Fen) > 0),
            "the rule for listed diseases pays nobody"
        );
        spent.insert(outcome[0].booked_fen());
    }
    let unmarked = scenario(FANGCHENGGANG, LISTED);
    let outcome = all_engines("no marks", &[&unmarked], 2, 3);
    let paid =
        unmarked.policy.rules.iter().position(|rule| rule.id == "assistance.listed").expect("the rule");
    assert!((0..outcome[0].n_years).all(|year| outcome[0].rule_sum(year, paid, RuleMeasure::Fen) == 0));
    spent.insert(outcome[0].booked_fen());
    assert!(spent.len() >= 3, "{spent:?}");
    let (plain, marks) =
        (scenario(FANGCHENGGANG, &[LISTED[0]]), scenario(FANGCHENGGANG, &[LISTED[0], MARKS[1]]));
    let outcomes = [&plain, &marks].map(|one| simulate(&[one], 2, 2, Default::default()));
    assert!(outcomes[0] == outcomes[1], "marks that no rule asks for move something");
}

/// 100 a year at primary level: 0.55 × (1,100 − 100) = 550; then at secondary level the running cost of 1,100 is above 550
/// already: 0.55 × 400 = 220.
const BY_LEVEL: Settings<'_> = &[
    ("policy.basic.resident.outpatient.ratio", "0.55"),
    ("policy.basic.resident.outpatient.annual_cap_yuan", "5000"),
    (
        "policy.basic.resident.outpatient.annual_deductible_yuan",
        "{ by_level = { primary = 100, secondary = 550, tertiary = 550, provincial = 550 } }",
    ),
];

#[test]
fn exact_an_annual_deductible_of_basic_insurance_by_level() {
    let visit = |id: &str, day: &str, level: &str, total: f64| json!({"id": id, "kind": "outpatient", "admitted": day, "level": level, "place": "city", "total": total});
    let case = json!({"case": "primary", "county": "滨湖区", "year": 2024, "age": 40, "sex": "f",
        "identities": [{"category": "dibao", "from": "2023-01"}],
        "claims": [visit("c1", "2024-03-02", "primary", 1100.0), visit("c2", "2024-04-02", "secondary", 400.0)]});
    let expected = json!({"claims": [{"id": "c1", "basic": 550.0}, {"id": "c2", "basic": 220.0}]});
    check(("scenarios/wuxi.toml", BY_LEVEL), &case, &expected);
}

/// One annual deductible over several kinds: who shares it is covered and in one pool, and the sheet names the kinds.
#[test]
fn exact_kinds_of_basic_insurance_share_a_pool() {
    let invented = "tests/cases/invented/invented.toml";
    let pool = "policy.basic.resident.pool";
    for (key, value, words) in [
        (".special.kinds", r#"["outpatient_chronic", "outpatient"]"#, "does not cover `outpatient`"),
        (".special.kinds", r#"["outpatient_chronic", "dental"]"#, "outpatient_major"),
        (".special.kinds", r#"["outpatient_chronic"]"#, "shared by at least two kinds"),
        (
            ".b",
            r#"{ kinds = ["inpatient", "outpatient_major"], annual_cap_yuan = 9000 }"#,
            "stands in pool `special`",
        ),
        (".special.cite", r#"["NONE"]"#, "unknown clause"),
    ] {
        let set = format!("{pool}{key}={value}");
        let shown = fundcast(&["check", invented, "--set", &set]).run().refused();
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let claims = [("outpatient_chronic", "secondary"), ("outpatient_major", "tertiary")];
    let claims: Vec<Value> = (1..)
        .zip(claims)
        .map(|(n, (kind, level))| {
            json!({"id": format!("c{n}"), "kind": kind, "admitted": format!("2023-0{n}-10"), "level": level, "total": 400})
        })
        .collect();
    let case = json!({"case": "p", "county": "甲县", "year": 2023, "age": 40, "claims": claims});
    let sheet = |lang| {
        let args = ["explain", invented, "--cases", "-", "--lang", lang];
        fundcast(&args).input(case.to_string()).run().good()
    };
    // 0.80 × (400 + 400 − 500).
    let english = sheet("en");
    assert!(english.contains("one annual deductible over outpatient_chronic, outpatient_major"), "{english}");
    assert!(english.contains("240.00"), "{english}");
    assert!(sheet("zh").contains("起付合并计算：门诊特殊慢性病、门诊重特大疾病"));
}

/// The deductible of a child is 650 at every stay, that of others 1,300 and then 650: 0.75 × 20,000 = 15,000 twice; an
/// adult 0.75 × (20,650 − 1,300) = 14,512.50 at the first.
const BY_AGE: Settings<'_> = &[
    ("policy.basic.resident.inpatient.deductible_yuan.by_level.tertiary", "{ by_stay = [1300, 650] }"),
    (
        "policy.adjustment.child",
        r#"{ changes = ["basic.resident.inpatient"], who = { age_below = 18 }, deductible_yuan = 650, cite = ["WX-03"] }"#,
    ),
];

#[test]
fn exact_a_deductible_of_basic_insurance_by_age_at_every_stay() {
    for (age, first) in [(8, 15_000.0), (40, 14_512.5)] {
        let case = json!({"case": "child", "county": "滨湖区", "year": 2024, "age": age, "sex": "f",
            "identities": [{"category": "dibao", "from": "2023-01"}],
            "claims": [stay("c1", "2024-03-02", 20650.0), stay("c2", "2024-05-02", 20650.0)]});
        let expected = json!({"claims": [{"id": "c1", "basic": first}, {"id": "c2", "basic": 15000.0}]});
        check(("scenarios/wuxi.toml", BY_AGE), &case, &expected);
    }
}

/// Outside the catalogue, for 低保: 0.40 of what the patient bears there; and of all that is borne, for margin households.
const OUTSIDE: Settings<'_> = &[
    ("policy.pools.outside", r#"{ zh = "目录外", en = "Outside the catalogue" }"#),
    ("policy.pools.whole", r#"{ zh = "全部负担", en = "All that is borne" }"#),
    (
        "policy.assistance.outside",
        r#"{ line = "inpatient_assistance", who = { categories = ["dibao"] }, when = { kinds = ["inpatient"] }, base = "out_of_scope", ratio = 0.4, pool = "outside", annual_cap_yuan = 3000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#,
    ),
    (
        "policy.assistance.whole",
        r#"{ line = "inpatient_assistance", who = { categories = ["dibao_margin", "dibao"] }, when = { kinds = ["inpatient"] }, base = "in_and_out_of_scope", ratio = 1.0, pool = "whole", deductible_yuan = 1000, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#,
    ),
];

/// What is paid outside the catalogue is never more than the patient bears there: 低保, 20,000 with 6,000 outside, of which
/// the limit leaves 10 % of 20,000 = 2,000. Assistance outside 0.40 × 2,000 = 800, left 1,200. The rule on all that is
/// borne pays all above 1,000, first what is left in scope.
#[test]
fn exact_assistance_outside_the_catalogue_stops_at_what_is_borne() {
    let case = json!({"case": "outside", "county": "上思县", "year": 2024, "age": 40, "sex": "f",
        "identities": [{"category": "dibao", "from": "2023-01"}],
        "claims": [with(stay("c1", "2024-03-02", 20000.0), "out_of_scope", 6000.0)]});
    let answers = settle(&scenario(FANGCHENGGANG, OUTSIDE), &case.to_string());
    let claim = &answers[0]["claims"][0];
    // In scope nothing is left; outside the 1,000 of the deductible.
    let expected = json!({"provider": 4000.0, "patient_in_scope": 0.0, "patient_out_of_scope": 1000.0});
    let wrong = differences(&expected, claim);
    assert!(wrong.is_empty(), "{wrong:#?}\n{claim}");
    assert_eq!(claim["assistance"][1]["amount"].to_string(), "800.0", "{claim}");
    let sheet = fundcast(&["explain", FANGCHENGGANG, "--cases", "-", "--lang", "en"]);
    let args =
        OUTSIDE.iter().fold(sheet, |sheet, (key, value)| sheet.with(&["--set", &format!("{key}={value}")]));
    let shown = args.input(case.to_string()).run().good();
    assert!(shown.contains("on what the patient bears outside the catalogue"), "{shown}");
    assert!(shown.contains("outside the catalogue too, of this payment"), "{shown}");
}

#[test]
fn exact_engines_agree_on_assistance_outside_the_catalogue_and_on_deductibles() {
    let plain = simulate(&[&scenario(FANGCHENGGANG, &[])], 2, 2, Default::default());
    let outside = all_engines("outside the catalogue", &[&scenario(FANGCHENGGANG, OUTSIDE)], 2, 2);
    assert!(plain[0].booked_fen() < outside[0].booked_fen());
    let plain = simulate(&[&scenario("scenarios/wuxi.toml", &[])], 1, 1, Default::default());
    for (what, settings) in [("by level", BY_LEVEL), ("by age", BY_AGE)] {
        let changed = all_engines(what, &[&scenario("scenarios/wuxi.toml", settings)], 1, 1);
        assert!(!plain[0].trials().eq(changed[0].trials()), "{what}");
    }
}

fn margin(county: &str, claims: &[Value]) -> Value {
    json!({"case": "m", "county": county, "year": 2024, "age": 40, "sex": "f",
        "identities": [{"category": "dibao_margin", "from": "2023-01"}], "claims": claims})
}

/// 20,600: basic 0.60 × 20,000 = 12,000, left 8,600. Critical-illness by the tilt of margin households 0.70 × (8,600 −
/// 6,000) = 1,820, left 6,780. Another payer 1,000, left 5,780. Assistance 0.80 × (5,780 − 3,000) = 2,224. The patient
/// 3,556: all payers and the patient together bear the 20,600.
#[test]
fn exact_another_payer_between_insurance_and_assistance() {
    let case = margin("上思县", &[with(stay("c1", "2024-03-02", 20600.0), "other_paid", 1000.0)]);
    let expected = json!({
        "claims": [{"id": "c1", "basic": 12000.0, "critical": 1820.0, "other": 1000.0, "patient_in_scope": 3556.0,
            "assistance": [{"line": "inpatient_assistance", "amount": 2224.0}]}],
        "totals": {"total": 20600.0, "basic": 12000.0, "other": 1000.0, "assistance": 2224.0, "patient": 3556.0},
    });
    check((FANGCHENGGANG, &[]), &case, &expected);
    let explain = |lang: &str| {
        let args = ["explain", FANGCHENGGANG, "--cases", "-", "--lang", lang];
        fundcast(&args).input(case.to_string()).run().good()
    };
    let (en, zh) = (explain("en"), explain("zh"));
    assert!(en.contains("Another payer") && en.contains("5780.00"), "{en}");
    assert!(zh.contains("其他支付") && zh.contains("5780.00"), "{zh}");
}

/// A stay of the year before, 20,600: 8,600 left by the insurances, of which another payer takes 600.
#[test]
fn exact_another_payer_of_an_earlier_claim_counts_too() {
    let earlier = |other: f64| {
        let bill = with(stay("e1", "2023-11-02", 20600.0), "other_paid", other);
        let case = json!({"case": "w", "county": "防城区", "year": 2024, "age": 51, "recognised": "2024-01",
            "claims": [], "earlier": [bill]});
        settle(&scenario(FANGCHENGGANG, &[]), &case.to_string())[0]["totals"]["earlier"].as_f64()
    };
    assert_eq!((earlier(0.0), earlier(600.0)), (Some(8600.0), Some(8000.0)));
}

/// The bill that was taken back is as if it had never been: the second is the first stay, from 600.
#[test]
fn exact_a_reversed_claim_is_settled_as_if_it_had_never_been() {
    let reversal = json!({"id": "r1", "reverses": "c1", "admitted": "2024-03-20", "total": -20600.0});
    for reversal in [reversal, json!({"id": "r1", "reverses": "c1"})] {
        let case = margin(
            "上思县",
            &[stay("c1", "2024-03-02", 20600.0), reversal, stay("c2", "2024-04-02", 10600.0)],
        );
        let expected = json!({
            "claims": [{"id": "c2", "basic": 6000.0}],
            "reversed": [{"id": "c1", "by": "r1", "total": 20600.0}],
            "totals": {"total": 10600.0},
        });
        check((FANGCHENGGANG, &[]), &case, &expected);
        let answer = settle(&scenario(FANGCHENGGANG, &[]), &case.to_string()).remove(0);
        assert_eq!(answer["claims"].as_array().map(Vec::len), Some(1), "{answer}");
        let sheet = fundcast(&["explain", FANGCHENGGANG, "--cases", "-", "--lang", "en"]);
        let shown = sheet.input(case.to_string()).run().good();
        assert!(
            shown.contains("c1: total 20600.00, reversed by r1: settled as if it had never been"),
            "{shown}"
        );
    }
}

/// Two bills of one stay: 600 once, 0.60 × 10,000 = 6,000 each; the next stay is the second, from 300. A bill below the
/// deductible leaves the rest of it to the next one: 400, then 0.60 × (1,200 − 200) = 600.
#[test]
fn exact_interim_bills_of_one_stay_have_one_deductible() {
    let part = |id: &str, day: &str, total: f64| with(stay(id, day, total), "stay", "s1");
    let claims = [
        part("c1", "2024-03-02", 10600.0),
        part("c2", "2024-04-01", 10000.0),
        stay("c3", "2024-06-02", 10300.0),
    ];
    let expected = json!({"claims": [{"id": "c1", "basic": 6000.0}, {"id": "c2", "basic": 6000.0}, {"id": "c3", "basic": 6000.0}]});
    check((FANGCHENGGANG, &[]), &margin("上思县", &claims), &expected);
    let claims = [part("c1", "2024-03-02", 400.0), part("c2", "2024-04-01", 1200.0)];
    let expected = json!({"claims": [{"id": "c1", "basic": 0.0}, {"id": "c2", "basic": 600.0}]});
    check((FANGCHENGGANG, &[]), &margin("上思县", &claims), &expected);
}

/// The deductible that assistance takes off each claim is taken off a stay once: 4,600 − 500 = 4,100 at 0.80 = 3,280. Of the
/// second bill's 4,000 critical-illness insurance pays 0.70 × (8,600 − 6,000) = 1,820; 2,180 at 0.80 = 1,744.
#[test]
fn exact_assistance_takes_its_deductible_off_a_stay_once() {
    let settings = [
        ("policy.assistance.margin.deductible_yuan", "0"),
        ("policy.assistance.margin.claim_deductible_yuan", "500"),
    ];
    let part = |id: &str, day: &str, total: f64| with(stay(id, day, total), "stay", "s1");
    let claims = [part("c1", "2024-03-02", 10600.0), part("c2", "2024-04-01", 10000.0)];
    let assisted = |amount: f64| json!([{"line": "inpatient_assistance", "amount": amount}]);
    let expected = json!({"claims": [{"id": "c1", "assistance": assisted(3280.0)}, {"id": "c2", "assistance": assisted(1744.0)}]});
    check((FANGCHENGGANG, &settings), &margin("上思县", &claims), &expected);
}

#[test]
fn exact_what_cannot_be_meant_of_payers_reversals_and_stays_is_refused() {
    let first = || stay("c1", "2024-03-02", 20600.0);
    let reversal = |fields: Value| {
        let mut reversal = json!({"id": "r1", "reverses": "c1"});
        fields.as_object().expect("fields").iter().for_each(|(name, value)| reversal[name] = value.clone());
        vec![first(), reversal]
    };
    let part = |field: &str, value: &str| {
        let other = with(with(stay("c2", "2024-03-12", 600.0), "stay", "s1"), field, value);
        vec![with(first(), "stay", "s1"), other]
    };
    let bad: Vec<(Vec<Value>, &str)> = vec![
        (
            vec![with(first(), "other_paid", 9000.0)],
            "must not exceed what the insurances left within the catalogue, 6780.00",
        ),
        (
            vec![with(first(), "other_paid", 30000.0)],
            "must not exceed the part within the catalogue, 20600.00",
        ),
        (vec![with(first(), "other_paid", -1.0)], "must not be negative"),
        (reversal(json!({"reverses": "c7"})), "is no bill of this case; did you mean `c1`?"),
        (reversal(json!({"reverses": "r1"})), "is the reversal itself"),
        (reversal(json!({"total": -20000.0})), "takes back the whole of it"),
        (reversal(json!({"level": "primary"})), "must be as in the bill that is reversed"),
        (reversal(json!({"admitted": "2024-01-02"})), "must not be before the bill, 2024-03-02"),
        (
            [reversal(json!({})), vec![json!({"id": "r2", "reverses": "c1"})]].concat(),
            "is reversed already, by the entry of line 1",
        ),
        ([reversal(json!({})), vec![json!({"id": "r2", "reverses": "r1"})]].concat(), "is a reversal itself"),
        (part("level", "primary"), "must be as in the bill \"c1\" of the same stay"),
        (part("kind", "outpatient"), "only `inpatient` claims have it"),
    ];
    for (claims, words) in bad {
        let shown = settle_by_command(FANGCHENGGANG, margin("上思县", &claims).to_string()).refused();
        assert!(shown.contains(words), "{words}: {shown}");
        assert!(shown.contains("1 fault found"), "{words}: {shown}");
    }
}

#[test]
fn exact_bills_of_one_stay_that_lie_far_apart_are_warned_of() {
    let first = with(with(stay("c1", "2024-03-02", 600.0), "stay", "s1"), "discharged", "2024-03-10");
    let claims = [first, with(stay("c2", "2024-05-02", 600.0), "stay", "s1")];
    let done = settle_by_command(FANGCHENGGANG, margin("上思县", &claims).to_string());
    assert!(done.err.contains("begins 53 days after the end of the bill"), "{}", done.err);
    done.good();
}

/// Tables give the same, by Chinese headings too.
#[test]
fn exact_tables_name_diseases_payers_stays_and_reversals() {
    let persons = "个案,县区,年度,年龄,身份\nm,上思县,2024,40,dibao_margin:2023-01\n";
    let claims = "个案,编号,类型,入院日期,医院级别,总费用,其他支付,住院编号,冲销编号\n\
        m,c1,住院,2024/3/2,三级,10600,1000,s1,\nm,c2,住院,2024/4/1,三级,10000,,s1,\nm,c3,住院,2024/5/1,三级,5000,,,\nm,r,,,,-5000,,,c3\n";
    let shown = settle_tables(persons, claims).good();
    let answer: Value = serde_json::from_str(shown.lines().next().expect("an answer")).expect("JSON");
    let expected = json!({
        "claims": [{"id": "c1", "basic": 6000.0, "other": 1000.0}, {"id": "c2", "basic": 6000.0}],
        "reversed": [{"id": "c3", "by": "r", "total": 5000.0}],
    });
    let wrong = differences(&expected, &answer);
    assert!(wrong.is_empty(), "{wrong:#?}\n{answer}");
}

fn over_new_year(year: u16, total: f64) -> Value {
    let claim = with(stay("c1", "2023-12-23", total), "discharged", "2024-01-20");
    json!({"case": "n", "county": "上思县", "year": year, "age": 40, "sex": "f", "claims": [claim]})
}

/// From 23 December to 20 January, 29 days, 9 of them in the first year: of 10,000 yuan 3,103.45 and 6,896.55. By discharge
/// the whole bill counts in 2024, by admission in 2023.
#[test]
fn exact_a_stay_over_new_year_counts_as_the_plan_says() {
    let rule = |stays: &str| ("policy.new_year", format!(r#"{{ stays = "{stays}", cite = ["FCG-01"] }}"#));
    let settled = |stays: &str, year: u16| {
        let (key, value) = rule(stays);
        settle(&scenario(FANGCHENGGANG, &[(key, &value)]), &over_new_year(year, 10_000.0).to_string())
            .remove(0)
    };
    let check = |answer: &Value, total: f64, basic: f64| {
        let expected = json!({"claims": [{"id": "c1", "basic": basic}], "totals": {"total": total}});
        let wrong = differences(&expected, answer);
        assert!(wrong.is_empty(), "{wrong:#?}\n{answer}");
    };
    check(&settled("by_admission", 2023), 10_000.0, 5_640.0);
    check(&settled("by_discharge", 2024), 10_000.0, 5_640.0);
    // 0.60 × (3,103.45 − 600) = 1,502.07 and 0.60 × (6,896.55 − 600) = 3,777.93.
    check(&settled("split", 2023), 3_103.45, 1_502.07);
    let second = settled("split", 2024);
    check(&second, 6_896.55, 3_777.93);
    assert_eq!(second["claims"][0]["part"].to_string(), r#"{"total":10000.0,"days":20,"of_days":29}"#);
    for (stays, year, words) in [
        ("by_admission", 2024, "belongs to the year of admission, 2023"),
        ("by_discharge", 2023, "belongs to the year of discharge, so to the case of 2024"),
        ("split", 2025, "must be a day of the case's year 2025"),
    ] {
        let (key, value) = rule(stays);
        let args = ["settle", FANGCHENGGANG, "--set", &format!("{key}={value}"), "--cases", "-"];
        let shown = fundcast(&args).input(over_new_year(year, 10_000.0).to_string()).run().refused();
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

/// A table names the year of a bill that counts in another than that of admission; split, the bill stands once for each.
#[test]
fn exact_tables_name_the_year_of_a_stay_over_new_year() {
    let claims = "case,year,id,kind,admitted,discharged,level,total\nn,2023,c1,inpatient,2023-12-23,2024-01-20,tertiary,10000\nn,2024,c1,inpatient,2023-12-23,2024-01-20,tertiary,10000\n";
    let shown = split_tables(TWO_YEARS, claims).good();
    let totals: Vec<f64> = shown
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?["totals"]["total"].as_f64())
        .collect();
    assert_eq!(totals.len(), 2, "{shown}");
    assert!((totals.iter().sum::<f64>() - 10_000.0).abs() < 0.001, "{totals:?}");
}

/// A person with a row for each of two years.
const TWO_YEARS: &str = "case,county,year,age\nn,上思县,2023,40\nn,上思县,2024,41\n";

const SPLIT: &str = r#"policy.new_year={ stays = "split", cite = ["FCG-01"] }"#;

/// What `settle` answers of tables under a rule for stays over New Year.
fn tables(rule: &str, persons: &str, claims: &str) -> crate::command::Done {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a table");
        path.display().to_string()
    };
    let (persons, claims) = (write("persons.csv", persons), write("claims.csv", claims));
    fundcast(&["settle", FANGCHENGGANG, "--set", rule, "--persons", &persons, "--claims", &claims]).run()
}

fn split_tables(persons: &str, claims: &str) -> crate::command::Done {
    tables(SPLIT, persons, claims)
}

fn split_lines(cases: &[Value]) -> crate::command::Done {
    let lines: Vec<String> = cases.iter().map(ToString::to_string).collect();
    fundcast(&["settle", FANGCHENGGANG, "--set", SPLIT, "--cases", "-"]).input(lines.join("\n")).run()
}

fn totals(out: &str) -> Vec<Option<i64>> {
    let answers = out.lines().map(|line| serde_json::from_str::<Value>(line).expect("an answer"));
    answers.map(|answer| crate::support::fen(&answer["totals"]["total"])).collect()
}

/// A row of a table without a year belongs to each of the person's years that it counts in, and its reversal with it; with
/// the row of one year alone the other part is warned of.
#[test]
fn exact_tables_give_each_year_its_part_of_a_split_stay() {
    let two = TWO_YEARS;
    let claims = "case,id,kind,admitted,discharged,level,total,reverses\nn,c1,住院,2023-12-23,2024-01-20,三级,10000,\nn,c2,住院,2024-03-01,2024-03-02,三级,700,\n";
    let both = split_tables(two, claims);
    assert_eq!(totals(&both.out), [Some(310_345), Some(689_655 + 70_000)], "{}", both.err);
    assert!(!both.err.contains("warning"), "{}", both.err);
    // What is wrong with a row is said once, although it counts in two years.
    let wrong = split_tables(two, &claims.replace("10000", "1x")).refused();
    assert!(wrong.contains("claims.csv:2: total = 1x: must be an amount"), "{wrong}");
    assert!(wrong.contains("1 fault found"), "{wrong}");
    let wrong = split_tables(two, &claims.replace("2024-01-20", "2024-01-32")).refused();
    assert!(wrong.contains("claims.csv:2: discharged = \"2024-01-32\""), "{wrong}");
    assert!(wrong.contains("1 fault found"), "{wrong}");
    let wrong = split_tables(two, &claims.replace("2023-12-23", "2023-12-32")).refused();
    assert!(wrong.contains("claims.csv:2: admitted = \"2023-12-32\""), "{wrong}");
    let reversed = split_tables(two, &format!("{claims}n,r1,,2024-02-01,,,-10000,c1\n")).good();
    assert_eq!(totals(&reversed), [Some(0), Some(70_000)], "{reversed}");
    assert_eq!(reversed.matches("\"reversed\":[").count(), 2, "{reversed}");
    let one =
        split_tables("case,county,year,age\nn,上思县,2023,40\n", claims.split_once("n,c2").expect("a row").0);
    let warned = "claims.csv:2: claim \"c1\": discharged = 2024-01-20: 3103.45 of 10000.00 is settled, the part of 2023; that \
                  of 2024 is in no case: give a case \"n\" of 2024 too, with the same bill";
    assert!(one.err.contains(warned), "{}", one.err);
    assert_eq!(totals(&one.good()), [Some(310_345)]);
}

/// By discharge a row without a year belongs to the year of discharge.
#[test]
fn exact_tables_find_the_year_of_discharge() {
    let claims =
        "case,id,kind,admitted,discharged,level,total\nn,c1,inpatient,2023-12-23,2024-01-20,tertiary,10000\n";
    let done = tables(&SPLIT.replace("split", "by_discharge"), TWO_YEARS, claims);
    assert_eq!(totals(&done.good()), [Some(0), Some(1_000_000)]);
}

/// The parts of a split stay are of one bill: what differs, or is reversed in one year alone, is refused with both lines.
#[test]
fn exact_parts_of_a_split_stay_that_are_not_of_one_bill_are_refused() {
    let (first, second) = (over_new_year(2023, 10_000.0), over_new_year(2024, 10_000.0));
    let fine = split_lines(&[second.clone(), first.clone()]);
    assert!(!fine.err.contains("warning"), "{}", fine.err);
    assert_eq!(totals(&fine.good()), [Some(689_655), Some(310_345)]);
    let err = split_lines(&[first.clone(), over_new_year(2024, 9_000.0)]).refused();
    let words = "standard input:2: claim \"c1\": total = 9000.00: must be as on line 1, in the year 2023";
    assert!(err.contains(words) && err.contains("1 fault found"), "{err}");
    let reversal = json!({ "id": "r1", "reverses": "c1" });
    let reversed = |mut case: Value| {
        case["claims"].as_array_mut().expect("claims").push(reversal.clone());
        case
    };
    for (cases, stands, other) in [
        (
            [reversed(first.clone()), second.clone()],
            "2: claim \"c1\" = not reversed in the year 2024",
            "2023 (line 1)",
        ),
        (
            [first.clone(), reversed(second.clone())],
            "1: claim \"c1\" = not reversed in the year 2023",
            "2024 (line 2)",
        ),
    ] {
        let err = split_lines(&cases).refused();
        assert!(err.contains(&format!("standard input:{stands}")) && err.contains(other), "{err}");
    }
    let none = split_lines(&[reversed(first.clone()), reversed(second)]).good();
    assert_eq!(totals(&none), [Some(0), Some(0)], "{none}");
    let mut empty = over_new_year(2024, 1.0);
    empty["claims"] = json!([]);
    let err = split_lines(&[first, empty]).err;
    assert!(
        err.contains("that of 2024 is in no case: type the same bill in the case of line 2 too"),
        "{err}"
    );
}

/// An earlier stay over New Year is split too, whether its bill is typed or what was left of it.
#[test]
fn exact_an_earlier_stay_over_new_year_that_is_split_is_refused() {
    for amount in ["total", "self_pay"] {
        let bill = json!({ "id": "e1", "kind": "inpatient", "admitted": "2023-12-20", "discharged": "2024-01-20", "level": "tertiary", amount: 9_000 });
        let case = json!({ "case": "n", "county": "上思县", "year": 2024, "age": 40, "recognised": "2024-01", "earlier": [bill] });
        let err = split_lines(&[case]).refused();
        let words = "earlier[0].discharged = \"2024-01-20\": by this policy a stay over New Year is split: type the days";
        assert!(err.contains(words) && err.contains("1 fault found"), "{err}");
    }
}

/// Only stays reach over New Year, and that is what a bill of another kind is told under every rule.
#[test]
fn exact_a_bill_over_new_year_that_is_no_stay_is_told_so() {
    for stays in ["by_admission", "by_discharge", "split"] {
        let mut case = over_new_year(2024, 10_000.0);
        case["claims"][0]["kind"] = json!("outpatient_major");
        let rule = SPLIT.replace("split", stays);
        let args = ["settle", FANGCHENGGANG, "--set", &rule, "--cases", "-"];
        let err = fundcast(&args).input(case.to_string()).run().refused();
        let words = "must be a day of the case's year 2024; only stays (`inpatient`) reach over New Year";
        assert!(err.contains(words) && !err.contains("as `earlier`"), "{stays}: {err}");
    }
}

/// What a cap cut off is paid as in-scope self-pay: of a pool for cost outside the catalogue it is none.
#[test]
fn exact_what_a_cap_cut_off_outside_the_catalogue_is_refused() {
    let tilt = [(
        "policy.tilt.a",
        r#"{ line = "tilt_assistance", who = { categories = ["dibao"] }, when = {}, beyond_cap_of = "outside", ratio = 0.5, funders = { assistance_fund = 1.0 }, cite = ["FCG-10"] }"#,
    )];
    let args = ["check", FANGCHENGGANG];
    let check = [OUTSIDE, &tilt]
        .concat()
        .iter()
        .fold(fundcast(&args), |check, (key, value)| check.with(&["--set", &format!("{key}={value}")]));
    let shown = check.run().refused();
    assert!(shown.contains("`outside` of the pool `outside` is for cost outside the catalogue"), "{shown}");
}
