//! Deductibles, caps and thresholds of a household: typed cases, properties of random households, and the projection.

use fundcast::cases::sheet::Sheet;
use fundcast::lang::Lang;
use fundcast::policy::settle::{self, Case, Layer, Payment, Work};
use fundcast::scenario::Scenario;
use fundcast::scenario::load::Setting;
use fundcast::simulation::facts::PeopleMeasure;
use fundcast::simulation::outcome::{CountyOutcome, Moments};
use fundcast::units::{Day, Fen, Month, days_in};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::command::{FANGCHENGGANG, fundcast};
use crate::engines::all_engines;
use crate::properties::{Desk, Drawn, Outcome, YEAR, check, drawn, outcome};
use crate::sheet::sheets;
use crate::support::{Recorder, fen, path, scenario, settle as answers};

const INVENTED: &str = "tests/cases/invented/invented.toml";
const PERSONS: &str = "tests/cases/invented/persons.toml";

/// The shipped plan with everything counted for the household that can be.
const OF_HOUSEHOLDS: [(&str, &str); 3] = [
    ("policy.pools.inpatient.sums_of", "\"household\""),
    ("policy.tilt.monitored.sums_of", "\"household\""),
    ("policy.application.illness_poor.sums_of", "\"household\""),
];

type Settings<'a> = &'a [(&'a str, &'a str)];

fn member(name: &str, household: &str, more: &Value, claims: &Value) -> String {
    let mut case = json!({
        "case": name, "household": household, "county": "上思县", "year": 2024, "age": 50,
        "identities": [{ "category": "dibao_margin", "from": "2020-01" }], "claims": claims,
    });
    let (Some(case_fields), Some(more)) = (case.as_object_mut(), more.as_object()) else { panic!("objects") };
    case_fields.extend(more.clone());
    case.to_string()
}

fn stay(day: &str, total: u32) -> Value {
    json!([{ "id": "c1", "kind": "inpatient", "admitted": day, "level": "tertiary", "total": total }])
}

fn settle_text(settings: Settings<'_>, lines: &[String]) -> crate::command::Done {
    let mut args = vec!["settle".to_owned(), FANGCHENGGANG.to_owned(), "--cases".to_owned(), "-".to_owned()];
    for (key, value) in settings {
        args.extend(["--set".to_owned(), format!("{key}={value}")]);
    }
    fundcast(&args).input(lines.join("\n")).run()
}

// ---------------------------------------------------------------- typed cases

/// A household that no rule counts is settled as its members alone are, and it is said once.
#[test]
fn exact_a_household_that_nothing_counts_is_said_once() {
    let lines = ["A", "B"].map(|name| member(name, "H", &json!({}), &stay("2024-03-01", 20_600)));
    let alone = lines.clone().map(|line| line.replace("\"household\":\"H\",", ""));
    let done = settle_text(&[], &lines);
    assert_eq!(done.err.matches("`household` changes nothing").count(), 1, "{}", done.err);
    assert_eq!(done.good(), settle_text(&[], &alone).good());
}

#[test]
fn exact_households_that_cannot_be_are_refused() {
    let of = |more: Value| member("B", "H", &more, &stay("2024-03-01", 20_600));
    let first = member("A", "H", &json!({ "recognised": "2024-05" }), &stay("2024-02-01", 20_600));
    let refused = |settings: Settings<'_>, second: Value, words: &[&str]| {
        let err = settle_text(settings, &[first.clone(), of(second)]).refused();
        words.iter().for_each(|word| assert!(err.contains(word), "{word} in {err}"));
        assert!(err.contains("1 fault found"), "{err}");
    };
    let county = json!({ "county": "东兴市" });
    refused(
        &[],
        county,
        &["standard input:2: household = \"H\": lives in another county than \"A\" on line 1"],
    );
    let other_month = json!({ "recognised": "2024-06" });
    let together = ["standard input:2: recognised = 2024-06: must be the month of \"A\" on line 1"];
    refused(&OF_HOUSEHOLDS, other_month.clone(), &together);
    refused(&[], json!({ "household": " " }), &["household = \" \": must not be empty"]);
    // Where no application counts households, each member may be recognised when it is.
    settle_text(&[], &[first.clone(), of(other_month)]).good();
    // The household of another year is another one.
    let next = of(json!({ "year": 2025, "county": "东兴市" })).replace("2024-03-01", "2025-03-01");
    settle_text(&[], &[first.clone(), next]).good();
}

/// A multiple of last year's rural income, 18,700 yuan a head (2023), of a household or of a person.
fn of_income(share: &str, of: &str) -> String {
    format!(r#"{{ share_of_income = {share}, income = "rural", income_of = "{of}" }}"#)
}

/// What assistance pays each case in all, yuan.
fn assistance(settings: Settings<'_>, lines: &[String]) -> Vec<f64> {
    let answers = answers(&scenario(FANGCHENGGANG, settings), &lines.join("\n"));
    answers.iter().map(|one| one["totals"]["assistance"].as_f64().expect("an amount")).collect()
}

/// The income of the household is that of a person for each member, with or without a case: a twentieth of it is 2,805 for
/// three and 3,740 for four. Basic insurance leaves 5,000 and 2,200: 0.80 × (5,000 − 2,805) = 1,756 and 0.80 × 2,200 = 1,760;
/// for four 0.80 × 1,260 = 1,008; for two, as many as cases, 0.80 × (5,000 − 1,870) = 2,504.
#[test]
fn exact_a_deductible_by_the_income_of_the_household() {
    let paid = |of: &str, size: Value| {
        let income = of_income("0.05", of);
        let settings = [OF_HOUSEHOLDS[0], ("policy.assistance.margin.deductible_yuan", income.as_str())];
        let lines = [
            member("A", "H", &size, &stay("2024-03-01", 11_600)),
            member("B", "H", &json!({}), &stay("2024-04-01", 4_600)),
        ];
        assistance(&settings, &lines)
    };
    let of = |size: u8| json!({ "household_size": size });
    assert_eq!(paid("household", of(3)), [1_756.0, 1_760.0]);
    assert_eq!(paid("household", of(4)), [1_008.0, 1_760.0]);
    assert_eq!(paid("household", json!({})), [2_504.0, 1_760.0]);
    // 0.80 × (5,000 − 935), of one person's income whatever the size.
    assert_eq!(paid("person", of(3)), [3_252.0, 1_760.0]);
}

/// The line of an adjustment, the trigger of a tilt and the deductible of an application, for whoever has the only bill at
/// home: basic insurance leaves 5,000.
/// Margin: 0.80 × (5,000 − 3,000) = 1,600, of which 3,400 are left: more than a tenth of the income of one, 1,870, so that
/// 0.90 × 2,000 = 1,800 are paid; not of that of two, 3,740.
/// Monitored: 0.70 × 2,000 = 1,400, left 3,600; where that reaches the line all is topped up to 0.90 × 11,600: 2,440.
/// Recognised: 0.60 × (5,000 − 1,870) = 1,878 and 0.60 × (5,000 − 3,740) = 756.
#[test]
fn exact_other_amounts_by_the_income_of_the_household() {
    let line = of_income("0.1", "household");
    let adjustment = format!(
        r#"{{ changes = ["margin"], who = {{ categories = ["dibao_margin"] }}, when = {{ kinds = ["inpatient"] }}, points = 0.1,
           year_self_pay_above_yuan = {line}, cite = ["FCG-08"] }}"#
    );
    let held = |category: &str| json!([{ "category": category, "from": "2020-01" }]);
    let none = json!([]);
    for (key, value, who, expected) in [
        (
            "policy.adjustment.heavy",
            &adjustment,
            json!({ "identities": held("dibao_margin") }),
            [1_800.0, 1_600.0],
        ),
        (
            "policy.tilt.monitored.trigger_yuan",
            &line,
            json!({ "identities": held("monitored_unstable") }),
            [3_840.0, 1_400.0],
        ),
        (
            "policy.application.illness_poor.deductible_yuan",
            &line,
            json!({ "identities": none, "recognised": "2024-06" }),
            [1_878.0, 756.0],
        ),
    ] {
        for (size, expected) in [1, 2].into_iter().zip(expected) {
            let mut more = who.clone();
            more["household_size"] = json!(size);
            let lines = [member("A", "H", &more, &stay("2024-03-01", 11_600))];
            assert_eq!(assistance(&[(key, value)], &lines), [expected], "{key}, household of {size}");
        }
    }
}

/// What is wrong with the size of a household, and where it is missing or moves nothing.
#[test]
fn exact_the_size_of_a_household_is_looked_at() {
    let income = of_income("0.1", "household");
    let by_size = [("policy.assistance.margin.deductible_yuan", income.as_str())];
    let case = |name: &str, size: Value| member(name, "H", &size, &stay("2024-03-01", 19_600));
    let of = |size: i32| json!({ "household_size": size });
    let refused = |lines: &[String], words: &str| {
        let done = settle_text(&by_size, lines);
        assert!(done.code == 2 && done.err.contains(words), "{}", done.err);
    };
    refused(
        &[case("A", of(1)), case("B", json!({}))],
        "standard input:1: household_size = 1: must be at least 2: so many cases",
    );
    refused(&[case("A", of(3)), case("B", of(4))], "household_size = 4: must be that of \"A\" on line 1");
    refused(&[case("A", of(0))], "household_size = 0: must be a whole number from 1 to 99");
    let missing = settle_text(&by_size, &[case("A", json!({})), case("B", json!({}))]);
    assert!(
        missing.err.contains("case \"A\" on line 1, and others like it, give no `household_size`"),
        "{}",
        missing.err
    );
    missing.good();
    let given = settle_text(&by_size, &[case("A", of(3)), case("B", json!({}))]);
    assert!(!given.err.contains("household_size"), "{}", given.err);
    let useless = settle_text(&[], &[case("A", of(3))]);
    assert!(useless.err.contains("`household_size` changes nothing"), "{}", useless.err);
    let refused_key = |key: &str, words: &str| {
        let setting = Setting { path: key.to_owned(), value: income.clone() };
        let faults =
            fundcast::scenario::load(&path(FANGCHENGGANG), &[setting]).expect_err("a fault").to_string();
        assert!(faults.contains(words), "{faults}");
    };
    refused_key("policy.critical.deductible_yuan", "critical.deductible_yuan.income_of");
    refused_key("policy.watch.ordinary.threshold_yuan", "watch.ordinary.threshold_yuan.income_of");
    let title = |size: u8| {
        let shown = sheets(&scenario(FANGCHENGGANG, &by_size), &case("A", of(size.into())), Lang::En);
        shown[0].title.clone()
    };
    assert!(title(3).ends_with(" · household H (3 members)"), "{}", title(3));
    assert!(title(1).ends_with(" · household H (1 member)"), "{}", title(1));
}

/// The same household as tables, with the Chinese heading and a number on the register for the household.
#[test]
fn exact_tables_name_the_household() {
    let lines = ["A", "B"].map(|name| {
        member(name, "17", &json!({}), &stay(if name == "A" { "2024-03-01" } else { "2024-04-01" }, 20_600))
    });
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a table");
        folder.path().join(name).display().to_string()
    };
    let persons = write(
        "persons.csv",
        "个案,县区,年度,年龄,身份,家庭编号\nA,上思县,2024,50,dibao_margin:2020-01:,17\nB,上思县,2024,50,dibao_margin:2020-01:,17\n",
    );
    let claims = write(
        "claims.csv",
        "case,id,kind,admitted,level,total\nA,c1,inpatient,2024-03-01,tertiary,20600\nB,c1,inpatient,2024-04-01,tertiary,20600\n",
    );
    let set = format!("{}={}", OF_HOUSEHOLDS[0].0, OF_HOUSEHOLDS[0].1);
    let args = ["settle", FANGCHENGGANG, "--persons", &persons, "--claims", &claims, "--set", &set];
    let tables = fundcast(&args).run().good();
    assert_eq!(tables, settle_text(&OF_HOUSEHOLDS[..1], &lines).good());
    assert_ne!(tables, settle_text(&[], &lines).good());
}

/// The sums of the household before each claim, whose they are, and each member's part of a payment to the household.
#[test]
fn exact_a_sheet_shows_the_sums_of_the_household() {
    let lines = crate::support::hands("tests/cases/invented/cases.toml");
    let of = |household: &str| -> Vec<Sheet> {
        let marked = format!("\"household\":\"{household}\"");
        let lines: Vec<&str> =
            lines.iter().map(|case| case.input.trim()).filter(|line| line.contains(&marked)).collect();
        sheets(&scenario(INVENTED, &[]), &lines.join("\n"), Lang::En)
    };
    let second = &of("H1")[1];
    assert!(second.title.ends_with("· household H1"), "{}", second.title);
    let step =
        second.steps.iter().find(|step| step.name == "General outpatient assistance").expect("a payment");
    assert_eq!(
        step.note,
        "as Margin households (invented); household before (Chronic outpatient of the household): counted \
         a_household_deductible_passed_by_the_first_member 1300.00 + a_household_deductible_used_by_the_second_member 0.00, \
         paid a_household_deductible_passed_by_the_first_member 150.00 + a_household_deductible_used_by_the_second_member 0.00"
    );
    let first = &of("H5")[0];
    let whole =
        first.steps.iter().find(|step| step.name == "Second tilt assistance (household)").expect("the whole");
    assert_eq!((whole.formula.as_str(), whole.amount), ("40 % × (3500.00 − 3000.00)⁺", Fen(20_000)));
    let own =
        first.steps.iter().find(|step| step.name == "Second tilt assistance (own part)").expect("the part");
    assert_eq!(own.amount, Fen(13_428));
    assert!(own.note.starts_with("of 200.00 to the household, in proportion to self-pay: "), "{}", own.note);
    assert!(own.note.contains("first_member 2350.00 + ") && own.note.ends_with(" 1150.00"), "{}", own.note);
    let young = &of("H4")[0];
    assert!(
        young
            .steps
            .iter()
            .any(|step| step.note.contains("the household's self-pay of 2020.00 passes 2000.00"))
    );
}

fn paid(settings: Settings<'_>, lines: &[String], at: &str) -> Vec<Option<i64>> {
    let answers = answers(&scenario(FANGCHENGGANG, settings), &lines.join("\n"));
    answers.iter().map(|answer| answer.pointer(at).map_or(Some(0), fen)).collect()
}

/// 40,600 and 50,600: basic insurance 24,000 and 30,000, critical-illness insurance 0.70 × 10,600 and 0.70 × 14,600, assistance
/// 0.70 × 6,180 and 0.70 × 7,380: 4,854 and 5,214 are left, together 10,068, at least the trigger of 10,000, which neither
/// reaches alone. To 90 % of 91,200: 82,080 − 81,132 = 948, of which 4,854 ÷ 10,068 are 457.0512. With a cap of 10,000 on all
/// assistance of the household 10,000 − 4,326 − 5,166 = 508 are left: 244.9178.
#[test]
fn exact_a_trigger_and_a_cap_of_all_assistance_of_a_household() {
    let monitored = json!({ "identities": [{ "category": "monitored_sudden", "from": "2023-01" }] });
    let lines = [
        member("A", "H", &monitored, &stay("2024-03-01", 40_600)),
        member("B", "H", &monitored, &stay("2024-04-01", 50_600)),
    ];
    let tilt = |settings: Settings<'_>| paid(settings, &lines, "/year_end/0/amount");
    assert_eq!(tilt(&[]), [Some(0), Some(0)]);
    let together = ("policy.tilt.monitored.sums_of", "\"household\"");
    assert_eq!(tilt(&[together]), [Some(45_705), Some(49_095)]);
    let cap = ("policy.tilt.monitored.annual_cap_yuan", "10000");
    assert_eq!(tilt(&[together, cap]), [Some(24_491), Some(26_309)]);
}

/// A deductible of each person within a cap of the household: 0.80 × (4,600 − 3,000) = 1,280 each, of 2,000 a household 720 are
/// left to the second. What the cap cut off is 560 ÷ 0.80 = 700 of the second member's stay: a tilt pays half of it.
#[test]
fn exact_persons_within_a_cap_of_the_household() {
    let lines = [("A", "2024-03-01"), ("B", "2024-04-01")]
        .map(|(name, day)| member(name, "H", &json!({}), &stay(day, 10_600)));
    let tilt = |sums_of: &str| {
        format!(
            r#"{{ line = "tilt_assistance", who = {{ categories = ["dibao_margin"] }}, when = {{ kinds = ["inpatient"] }}, sums_of = "{sums_of}", beyond_cap_of = "family", ratio = 0.5, funders = {{ assistance_fund = 1.0 }}, cite = ["FCG-10"] }}"#
        )
    };
    let pool = ("policy.pools.family", r#"{ zh = "每户", en = "Household", sums_of = "household" }"#);
    let within = ("policy.assistance.margin.within", r#"{ pool = "family", annual_cap_yuan = 2000 }"#);
    for sums_of in ["person", "household"] {
        let tilt = tilt(sums_of);
        let settings = [pool, within, ("policy.tilt.beyond", tilt.as_str())];
        assert_eq!(paid(&settings, &lines, "/claims/0/assistance/0/amount"), [Some(128_000), Some(72_000)]);
        assert_eq!(paid(&settings, &lines, "/year_end/0/amount"), [Some(0), Some(35_000)], "{sums_of}");
    }
}

/// Bills of the year before that an application reaches are settled together too, and those of other members count.
#[test]
fn exact_earlier_claims_of_a_household_count_together() {
    let earlier = |total: u32| json!([{ "id": "e1", "kind": "outpatient_chronic", "admitted": "2023-11-01", "level": "secondary", "total": total }]);
    let case = |name: &str, household: bool, total: u32| {
        let mut case = json!({
            "case": name, "county": "甲县", "year": 2024, "age": 40, "recognised": "2024-03",
            "identities": [{ "category": "margin", "from": "2020-01" }], "earlier": earlier(total),
        });
        if household {
            case["household"] = json!("H");
        }
        case.to_string()
    };
    let settled = |household: bool| -> Vec<Value> {
        let lines = [case("A", household, 2_500), case("B", household, 1_500)];
        answers(&scenario(INVENTED, &[]), &lines.join("\n"))
    };
    // 2023 as in a_household_deductible_passed_by_the_first_member: 1,150 and 450 are left; alone 1,150 and 900.
    let left = |answers: &[Value]| -> Vec<Option<i64>> {
        answers.iter().map(|answer| fen(&answer["totals"]["earlier"])).collect()
    };
    assert_eq!(left(&settled(true)), [Some(115_000), Some(45_000)]);
    assert_eq!(left(&settled(false)), [Some(115_000), Some(90_000)]);
}

/// Where claims count for the household, earlier ones are given in one form by all members, and who gives none is named.
#[test]
fn exact_earlier_claims_of_a_household_are_given_in_one_form() {
    let earlier = |amount: &str| json!([{ "id": "e1", "kind": "inpatient", "admitted": "2023-06-01", "level": "tertiary", amount: 8_000 }]);
    let case = |name: &str, amount: Option<&str>| {
        let more = match amount {
            Some(amount) => json!({ "recognised": "2024-02", "earlier": earlier(amount) }),
            None => json!({}),
        };
        member(name, "H", &more, &json!([]))
    };
    let pool = &OF_HOUSEHOLDS[..1];
    let mixed = [case("A", Some("self_pay")), case("B", Some("total"))];
    let err = settle_text(pool, &mixed).refused();
    let words = "standard input:2: earlier claim \"e1\": total = 8000.00: \"A\" of the same household gives `self_pay` for 2023 (line 1)";
    assert!(err.contains(words) && err.contains("1 fault found"), "{err}");
    let missing = [case("A", None), case("B", Some("total"))];
    let done = settle_text(pool, &missing);
    let words = "standard input:2: earlier claim \"e1\": total = 8000.00: is settled by the sums of the household of 2023, in which \
                 nothing of \"A\" counts";
    assert!(done.err.contains(words), "{}", done.err);
    done.good();
    // In one form, or where each person's sums count, nothing is amiss.
    for (settings, lines) in [
        (pool, [case("A", Some("total")), case("B", Some("total"))]),
        (pool, [case("A", Some("self_pay")), case("B", Some("self_pay"))]),
        (pool, [case("A", None), case("B", Some("self_pay"))]),
        (&OF_HOUSEHOLDS[2..], mixed),
        (&OF_HOUSEHOLDS[2..], missing),
    ] {
        let done = settle_text(settings, &lines);
        assert!(!done.err.contains("earlier claim"), "{}", done.err);
        done.good();
    }
}

#[test]
fn exact_a_pool_counts_the_same_in_each_policy_of_a_timeline() {
    let setting = Setting {
        path: "policies.guangxi-2022-06.pools.inpatient.sums_of".to_owned(),
        value: "\"household\"".to_owned(),
    };
    let faults =
        fundcast::scenario::load(&path("scenarios/baise-timeline.toml"), &[setting]).expect_err("a fault");
    let shown = faults.to_string();
    assert!(
        shown.contains("the pool counts the household here and each person in `baise-2022-05`"),
        "{shown}"
    );
}

// ---------------------------------------------------------------- properties

fn plans() -> [(&'static str, Scenario); 2] {
    [("invented", scenario(INVENTED, &[])), ("fangchenggang", scenario(FANGCHENGGANG, &OF_HOUSEHOLDS))]
}

/// A household whose members have bills on days of their own, and are recognised in one month.
fn household(desk: &Desk) -> impl Strategy<Value = Vec<Drawn>> + use<> {
    let month = prop_oneof![Just(None), (1_u8..=12).prop_map(|month| Some(Month::new(YEAR, month)))];
    (prop::collection::vec(drawn(desk), 2..=4), month).prop_map(|(mut members, recognised)| {
        let n = members.len();
        for (number, one) in members.iter_mut().enumerate() {
            one.who.recognised = recognised;
            for claim in &mut one.claims {
                let Day { month, of_month } = claim.admitted;
                let day = (usize::from(of_month) / n * n + number).clamp(1, usize::from(days_in(month)));
                claim.admitted = Day { month, of_month: day as u8 };
            }
        }
        members
    })
}

fn settle_all(desk: &Desk, members: &[Drawn]) -> Vec<Outcome> {
    let cases: Vec<Case<'_>> = members
        .iter()
        .map(|one| Case { person: one.who.person(), claims: &one.claims, earlier: &[] })
        .collect();
    let mut works: Vec<Work> = members.iter().map(|_| Work::new(desk.n_pools)).collect();
    let mut ledgers: Vec<Recorder> = members.iter().map(|_| Recorder::default()).collect();
    settle::settle_household(&desk.rules, &cases, &mut works, &mut ledgers);
    let settled = works.iter().zip(ledgers);
    settled
        .map(|(work, ledger)| {
            assert_eq!(work.imbalance, None, "payers and patient bear the bills");
            outcome(work, ledger)
        })
        .collect()
}

/// Payers never pay more than the bills of each member, and each member pays no less than nothing.
#[test]
fn exact_each_member_of_a_household_bears_what_is_left() {
    for (label, scenario) in plans() {
        let desk = Desk::of(&scenario);
        check(400, label, &household(&desk), |members| {
            for (one, settled) in members.iter().zip(settle_all(&desk, members)) {
                let bills: Fen = one.claims.iter().map(|claim| claim.total).sum();
                let paid: Fen = settled.payments.iter().map(|payment| payment.amount).sum();
                prop_assert!(settled.patient >= Fen::ZERO && paid + settled.patient == bills);
                prop_assert!(settled.payments.iter().all(|payment| payment.amount >= Fen::ZERO));
            }
            Ok(())
        });
    }
}

/// The order of the members changes nothing on claims, where no two of them fall on one day; at the year's end it
/// decides only who gets the fen that cannot be divided.
#[test]
fn exact_the_order_of_members_changes_nothing_but_a_fen() {
    let at_year_end = |payments: &[Payment]| -> Vec<(u16, i64)> {
        payments.iter().filter(|one| one.claim.is_none()).map(|one| (one.rule.0, one.amount.0)).collect()
    };
    for (label, scenario) in plans() {
        let desk = Desk::of(&scenario);
        check(400, label, &household(&desk), |members| {
            // Members beyond the days of a month may share one.
            let days: Vec<Day> =
                members.iter().flat_map(|one| one.claims.iter().map(|claim| claim.admitted)).collect();
            let shared = |one: &Drawn, other: &Drawn| {
                one.claims.iter().any(|a| other.claims.iter().any(|b| a.admitted == b.admitted))
            };
            let pairs = members
                .iter()
                .enumerate()
                .flat_map(|(n, one)| members[n + 1..].iter().map(move |two| (one, two)));
            prop_assume!(!days.is_empty() && !pairs.into_iter().any(|(one, other)| shared(one, other)));
            let turned: Vec<Drawn> = members.iter().rev().cloned().collect();
            let (settled, mut other) = (settle_all(&desk, members), settle_all(&desk, &turned));
            other.reverse();
            for (one, other) in settled.iter().zip(&other) {
                prop_assert_eq!(&one.claims, &other.claims);
                let (own, others) = (at_year_end(&one.payments), at_year_end(&other.payments));
                prop_assert_eq!(own.len(), others.len());
                for (own, other) in own.iter().zip(&others) {
                    prop_assert!(own.0 == other.0 && (own.1 - other.1).abs() <= 10, "{:?} {:?}", own, other);
                }
            }
            Ok(())
        });
    }
}

/// For who is alone, rules on the sums of a household are rules on the sums of a person, formulas included.
#[test]
fn exact_a_household_of_one_is_a_person() {
    let plans =
        [(INVENTED, &[][..], PERSONS, &[][..]), (FANGCHENGGANG, &OF_HOUSEHOLDS[..], FANGCHENGGANG, &[][..])];
    for (households, settings, persons, none) in plans {
        let (first, second) = (Desk::of(&scenario(households, settings)), Desk::of(&scenario(persons, none)));
        let each = drawn(&first);
        check(400, households, &each, |one| {
            let alone = std::slice::from_ref(one);
            prop_assert_eq!(settle_all(&first, alone), settle_all(&second, alone));
            Ok(())
        });
    }
}

/// A household is paid more than its members by a deductible, and less by a cap: both are seen.
#[test]
fn exact_random_households_meet_the_sums_of_others() {
    let assisted = |settled: &[Outcome]| -> Fen {
        let all = settled.iter().flat_map(|one| &one.payments);
        all.filter(|one| one.layer >= Layer::Assistance).map(|one| one.amount).sum()
    };
    let (first, second) = (Desk::of(&scenario(INVENTED, &[])), Desk::of(&scenario(PERSONS, &[])));
    let (more, less) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    check(1000, "more and less", &household(&first), |members| {
        let (together, apart) =
            (assisted(&settle_all(&first, members)), assisted(&settle_all(&second, members)));
        more.set(more.get() + u32::from(together > apart));
        less.set(less.get() + u32::from(together < apart));
        Ok(())
    });
    assert!(more.get() > 5 && less.get() > 5, "{more:?} {less:?}");
}

// ---------------------------------------------------------------- the projection

/// What makes the rules of households common in the invented plan and in the shipped one.
const COMMON: [(&str, &str); 3] = [
    ("place.application.approval_share", "1.0"),
    ("place.application.self_pay_share_of_income", "0.02"),
    ("place.application.delay_months", "4"),
];

#[test]
fn exact_engines_agree_on_households() {
    let low =
        [("policy.application.family.deductible_yuan", "100"), ("policy.tilt.family.threshold_yuan", "200")];
    let lists = [
        ("policy.watch.heavy.threshold_yuan", "300"),
        ("policy.watch.heavy.verification_share", "1.0"),
        ("policy.watch.heavy.delay_months", "0"),
    ];
    let settings = [&COMMON[..], &low, &lists].concat();
    let (together, apart) = (scenario(INVENTED, &settings), scenario(PERSONS, &settings));
    for county in 0..2 {
        // A lane that counts households and one that does not, on the same draws.
        all_engines("households", &[&together, &apart], county, 20);
    }
    let year_before = [
        ("policy.application.family.window_months", "12"),
        ("policy.pools.inpatient.sums_of", "\"household\""),
        ("policy.pools.total.sums_of", "\"household\""),
        ("policy.pools.beyond.sums_of", "\"household\""),
    ];
    let pools = scenario(INVENTED, &[&settings[..], &year_before].concat());
    all_engines("pools of households", &[&pools], 0, 20);
}

#[test]
fn exact_engines_agree_on_households_of_the_shipped_plan() {
    let lists = [
        ("policy.watch.lifted_out.threshold_yuan", "300"),
        ("policy.watch.lifted_out.verification_share", "1.0"),
        ("policy.tilt.monitored.trigger_yuan", "100"),
        ("policy.application.illness_poor.deductible_yuan", "500"),
    ];
    let together = scenario(FANGCHENGGANG, &[&OF_HOUSEHOLDS[..], &COMMON, &lists].concat());
    all_engines("households", &[&together], 2, 1);
}

/// In households of one the projection of rules on households is, to the bit, that of rules on persons.
/// The people of all years by category.
fn people(outcome: &CountyOutcome) -> Vec<Moments> {
    let years = 0..outcome.n_years;
    let rows = years.flat_map(|year| (0..outcome.layout.n_people).map(move |row| (year, row)));
    let all = rows.flat_map(|(year, row)| PeopleMeasure::ALL.map(|one| *outcome.people(year, row, one)));
    all.collect()
}

#[test]
fn exact_households_of_one_are_projected_as_persons() {
    let alone = ("place.population.groups.all.household_sizes", "[1.0]");
    let settings = [&COMMON[..], &[alone]].concat();
    let (together, apart) = (scenario(INVENTED, &settings), scenario(PERSONS, &settings));
    let outcomes = all_engines("alone", &[&together, &apart], 0, 20);
    assert!(outcomes[0].trials().eq(outcomes[1].trials()));
    assert_eq!(people(&outcomes[0]), people(&outcomes[1]));
    let of_two = [&COMMON[..], &[("place.population.groups.all.household_sizes", "[0.0, 1.0]")]].concat();
    let (together, apart) = (scenario(INVENTED, &of_two), scenario(PERSONS, &of_two));
    let outcomes = all_engines("of two", &[&together, &apart], 0, 20);
    assert!(!outcomes[0].trials().eq(outcomes[1].trials()));
}

/// Where all households have two members, a tenth of the household's income is, to the bit, a fifth of a person's; and the
/// engines agree where sizes differ.
#[test]
fn exact_the_income_of_a_household_is_that_of_its_members() {
    let key = "policy.assistance.family_chronic.deductible_yuan";
    let of = |share: &str, whose: &str, more: Settings<'_>| {
        let income =
            format!(r#"{{ share_of_income = {share}, income = "residents", income_of = "{whose}" }}"#);
        scenario(INVENTED, &[&COMMON[1..], &[(key, income.as_str())], more].concat())
    };
    let of_two = [("place.population.groups.all.household_sizes", "[0.0, 1.0]")];
    // Nobody is recognised among ordinary residents, whose household is not drawn.
    let lists =
        [("policy.watch.heavy.verification_share", "0.0"), ("place.application.approval_share", "0.0")];
    let alike = [&of_two[..], &lists].concat();
    let (household, person) = (of("0.01", "household", &alike), of("0.02", "person", &alike));
    let outcomes = all_engines("of two", &[&household, &person], 0, 20);
    assert!(outcomes[0].trials().eq(outcomes[1].trials()));
    assert_eq!(people(&outcomes[0]), people(&outcomes[1]));
    let (household, person) = (of("0.01", "household", &[]), of("0.01", "person", &[]));
    let outcomes = all_engines("of any size", &[&household, &person], 0, 20);
    assert!(!outcomes[0].trials().eq(outcomes[1].trials()));
}

/// A deductible of the household pays no less than one of each person, and in households of several it pays more.
#[test]
fn exact_a_deductible_of_the_household_costs_more() {
    let only = [
        ("policy.tilt.family.enabled", "false"),
        ("policy.application.family.enabled", "false"),
        ("policy.adjustment.young_family.enabled", "false"),
        ("policy.assistance.family_chronic.annual_cap_yuan", "900000"),
        ("policy.tilt.first.enabled", "false"),
        ("place.population.groups.all.household_sizes", "[0.0, 0.0, 0.0, 1.0]"),
    ];
    let (together, apart) = (scenario(INVENTED, &only), scenario(PERSONS, &only));
    let outcomes = all_engines("deductible", &[&together, &apart], 0, 20);
    let paid = |number: usize| -> i64 { outcomes[number].booked_fen() };
    assert!(paid(0) > paid(1), "{} and {}", paid(0), paid(1));
}

/// What the sums of a pool are of is a change of the rules that count in it.
#[test]
fn exact_a_comparison_says_what_the_sums_of_a_pool_moved() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out").display().to_string();
    let options = ["--replicates", "20", "--dpi", "50", "--quiet", "--threads", "1", "--out", &out];
    fundcast(&["compare", PERSONS, INVENTED]).with(&options).run().good();
    let mut found = Vec::new();
    let mut folders = vec![folder.path().join("out")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.ends_with("changes.csv") => {
                    found.push(std::fs::read_to_string(path).expect("text"))
                }
                _ => {}
            }
        }
    }
    let [changes] = &found[..] else { panic!("{} tables of changes", found.len()) };
    let row = changes.lines().find(|line| line.contains("policy.pools.family.sums_of")).expect("a row");
    assert!(row.contains("person,household,") && row.contains(",its_rules,"), "{row}");
}

/// Whom the projection draws alone although a rule counts households is said by name.
#[test]
fn exact_check_names_whom_a_projection_draws_alone() {
    let shown = |settings: Settings<'_>| -> Vec<String> {
        let scenario = scenario(FANGCHENGGANG, settings);
        scenario.notices.iter().map(|one| one.line_of_text(Lang::En)).collect()
    };
    let said = shown(&OF_HOUSEHOLDS);
    let of =
        |key: &str| said.iter().filter(|line| line.contains(key)).cloned().collect::<Vec<_>>().join("\n");
    assert!(
        of("pools.inpatient.sums_of").contains("tekun, orphan, unattended_child are drawn as single"),
        "{said:?}"
    );
    assert!(
        of("application.illness_poor.sums_of").contains("unattended_child, ordinary residents are drawn"),
        "{said:?}"
    );
    // The monitored are given their identity by whole households.
    assert_eq!(of("tilt.monitored.sums_of"), "", "{said:?}");
    assert!(shown(&[]).is_empty());
}
