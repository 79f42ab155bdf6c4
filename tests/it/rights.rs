//! Of several identities the highest standard, family by family of rights and claim by claim (就高不重复): cases worked by
//! hand, and what holds whatever the rules and the person are.

use fundcast::policy::claim::{Category, Spell};
use fundcast::policy::schedule::{TiltShape, YearRules};
use fundcast::policy::settle::{Case, Layer, Payment, Work, settle_year};
use fundcast::scenario::Scenario;
use fundcast::scenario::load::Setting;
use fundcast::units::{Fen, Month};
use serde_json::json;

use crate::changed::{BASES, Luck, changed};
use crate::support::{POLICIES, Recorder, Who, differences, scenario, settle};
use crate::tiles::{check_few, claims, edges, kindred, luck};

fn check(file: &str, settings: &[(&str, &str)], case: &str, expected: &serde_json::Value) {
    let answers = settle(&scenario(file, settings), case);
    let wrong = differences(expected, &answers[0]);
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", answers[0]);
}

/// Tertiary, 20,800: basic 0.50 × 20,000 = 10,000, left 10,800. Critical-illness by the tilt of who has fallen back, from
/// 7,500 at 65 %: 2,145, left 8,655. Fallen back has no regular assistance here; as a margin household 0.67 × (8,655 −
/// 3,140) = 3,695.05.
#[test]
fn exact_an_identity_of_the_tilt_alone_leaves_regular_assistance_to_another() {
    let settings = [
        ("policy.basic.resident.inpatient.ratio", "0.5"),
        ("policy.basic.resident.inpatient.deductible_yuan", "800"),
        ("policy.critical.deductible_yuan", "15000"),
        ("policy.critical.bands", "[{ratio=0.6}]"),
        ("policy.critical.tilt.hardship.categories", r#"["returned_poor"]"#),
        ("policy.critical.tilt.hardship.ratio_raise", "0.05"),
        ("policy.assistance.returned.enabled", "false"),
        ("policy.assistance.margin.ratio", "0.67"),
        ("policy.assistance.margin.deductible_yuan", "3140"),
    ];
    for identities in [["returned_poor", "dibao_margin"], ["dibao_margin", "returned_poor"]] {
        let [first, second] = identities;
        let case = format!(
            r#"{{"case":"tilt-decides","county":"上思县","year":2024,"age":40,"sex":"f","identities":[{{"category":"{first}","from":"2023-01"}},{{"category":"{second}","from":"2023-01"}}],"claims":[{{"id":"c1","kind":"inpatient","admitted":"2024-03-02","level":"tertiary","place":"city","total":20800.0}}]}}"#
        );
        let expected = json!({"claims": [{
            "id": "c1", "category": "dibao_margin", "basic": 10000.0, "critical": 2145.0, "patient_in_scope": 4959.95,
            "assistance": [{ "line": "inpatient_assistance", "amount": 3695.05 }],
        }]});
        check("scenarios/fangchenggang.toml", &settings, &case, &expected);
    }
}

/// An employee, 50,300: basic 0.85 × 50,000 = 42,500, left 7,800. The severely disabled are assisted on resident insurance
/// alone; as another person in special hardship 0.70 × (7,800 − 3,000) = 3,360.
#[test]
fn exact_a_rule_that_is_not_for_the_insurance_leaves_the_claim_to_the_next_identity() {
    let disabled = r#"{ categories = ["severe_disabled"], insurance = ["resident"] }"#;
    let others = r#"{ line = "inpatient_assistance", who = { categories = ["other_special"] }, when = { kinds = ["inpatient"] }, ratio = 0.7, pool = "shared", deductible_yuan = 3000, funders = { assistance_fund = 1.0 }, cite = ["WX-04"] }"#;
    let settings = [
        ("policy.basic.employee.inpatient.ratio", "0.85"),
        ("policy.basic.employee.inpatient.deductible_yuan", "300"),
        ("policy.assistance.fixed_subsidy.who", disabled),
        ("policy.assistance.others", others),
    ];
    let case = r#"{"case":"next-category","county":"江阴市","year":2024,"age":40,"sex":"f","insurance":"employee","identities":[{"category":"severe_disabled","from":"2023-01"},{"category":"other_special","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2024-03-02","level":"secondary","place":"city","total":50300.0}]}"#;
    let expected = json!({"claims": [{
        "id": "c1", "category": "other_special", "basic": 42500.0, "patient_in_scope": 4440.0,
        "assistance": [{ "line": "inpatient_assistance", "amount": 3360.0 }],
    }]});
    check("scenarios/wuxi.toml", &settings, case, &expected);
}

/// A stay of 60,000, tertiary: basic 0.60 × 59,400 = 35,640, left 24,360. Critical-illness from 6,000: by the tilt of dibao
/// 0.70 × 18,360 = 12,852, left 11,508, of which dibao's rule, switched off, pays nothing. As a lifted-out person 0.50 ×
/// (11,508 − 3,000) = 4,254. Alone that identity has 0.65 × 18,360 = 11,934, left 12,426, and 0.50 × 9,426 = 4,713.
#[test]
fn exact_a_rule_that_is_switched_off_does_not_hide_that_of_another_identity() {
    let off = [("policy.assistance.class2_other.enabled", "false")];
    let case = |identities: &str| {
        format!(
            r#"{{"case":"k","county":"上思县","year":2024,"age":50,"identities":[{identities}{{"category":"stable_lifted","from":"2020-01"}}],"claims":[{{"id":"c1","kind":"inpatient","admitted":"2024-03-01","level":"tertiary","total":60000}}]}}"#
        )
    };
    let both = json!({"claims": [{
        "id": "c1", "category": "stable_lifted", "critical": 12852.0, "patient_in_scope": 7254.0,
        "assistance": [{ "amount": 4254.0, "funders": { "county_finance": 4254.0 } }],
    }]});
    let dibao = r#"{"category":"dibao","from":"2023-01"},"#;
    check("scenarios/fangchenggang.toml", &off, &case(dibao), &both);
    let alone = json!({"claims": [{
        "id": "c1", "critical": 11934.0, "patient_in_scope": 7713.0, "assistance": [{ "amount": 4713.0 }],
    }]});
    check("scenarios/fangchenggang.toml", &off, &case(""), &alone);
    // With the rule on, dibao pays 0.90 × 11,508 = 10,357.20, whatever else is held.
    let on = json!({"claims": [{ "id": "c1", "category": "dibao", "assistance": [{ "amount": 10357.2 }] }]});
    check("scenarios/fangchenggang.toml", &[], &case(dibao), &on);
}

/// A stay of 60,000, tertiary: basic 0.75 × 59,400 = 44,550, left 15,450; critical-illness from 9,000 at 65 %: 4,192.50, left
/// 11,257.50. With 60 % for dibao and 70 % for the severely disabled, who holds both gets 70 %: 7,880.25.
#[test]
fn exact_the_higher_ratio_counts_although_its_identity_ranks_lower() {
    let lower = [("policy.assistance.full_subsidy.ratio", "0.6")];
    let case = r#"{"case":"k","county":"江阴市","year":2024,"age":50,"sex":"m","identities":[{"category":"dibao","from":"2023-01"},{"category":"severe_disabled","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2024-03-01","level":"tertiary","total":60000}]}"#;
    let expected = json!({"claims": [{
        "id": "c1", "category": "severe_disabled", "critical": 4192.5, "patient_in_scope": 3377.25,
        "assistance": [{ "amount": 7880.25 }],
    }]});
    check("scenarios/wuxi.toml", &lower, case, &expected);
}

/// The same amount by both: the better rank is named, and its payers pay.
#[test]
fn exact_of_equals_the_better_rank_pays() {
    // Basic 0.60 × 8,000 = 4,800, left 3,800; 0.70 × 800 = 560 for both.
    let case = r#"{"case":"k","county":"上思县","year":2024,"age":50,"identities":[{"category":"monitored_sudden","from":"2023-01"},{"category":"returned_poor","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2024-03-01","level":"tertiary","total":8600}]}"#;
    let expected = json!({"claims": [{
        "id": "c1", "category": "returned_poor", "basic": 4800.0, "patient_in_scope": 3240.0,
        "assistance": [{ "amount": 560.0, "cite": ["FCG-10"] }],
    }]});
    check("scenarios/fangchenggang.toml", &[], case, &expected);
}

/// Two claims of one identity each way: neither is better on both. Dibao has 90 % to a cap of 3,000, margin 50 % without a
/// cap. Stay of 4,600, tertiary: left 2,200 (600 + 0.4 × 4,000): dibao 0.90 × 2,200 = 1,980 is more than 1,100. Second stay,
/// 8,300: left 3,500: of dibao's cap 1,020 are left, margin pays 1,750.
#[test]
fn exact_the_choice_is_made_for_each_claim() {
    let settings = [
        ("policy.assistance.class2_other.annual_cap_yuan", "3000"),
        ("policy.assistance.margin.deductible_yuan", "0"),
        ("policy.assistance.margin.ratio", "0.5"),
        ("policy.assistance.margin.annual_cap_yuan", "100000"),
    ];
    let case = r#"{"case":"k","county":"上思县","year":2024,"age":50,"identities":[{"category":"dibao","from":"2023-01"},{"category":"dibao_margin","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2024-03-01","level":"tertiary","total":4600},{"id":"c2","kind":"inpatient","admitted":"2024-05-01","level":"tertiary","total":8300}]}"#;
    let expected = json!({"claims": [
        { "id": "c1", "category": "dibao", "assistance": [{ "amount": 1980.0, "cite": ["FCG-08"] }] },
        { "id": "c2", "category": "dibao_margin", "assistance": [{ "amount": 1750.0, "cite": ["FCG-10"] }] },
    ]});
    check("scenarios/fangchenggang.toml", &settings, case, &expected);
}

/// What every resident gets is open to who holds an identity too: dibao, named in no rule, gets the 40 % of ordinary
/// residents.
#[test]
fn exact_an_identity_never_hides_the_rights_of_ordinary_residents() {
    let everybody = r#"{ line = "inpatient_assistance", who = { categories = ["ordinary"] }, when = { kinds = ["inpatient"] }, ratio = 0.4, pool = "inpatient", funders = { assistance_fund = 1.0 }, cite = ["FCG-08"] }"#;
    let settings =
        [("policy.assistance.everybody", everybody), ("policy.assistance.class2_other.enabled", "false")];
    let case = r#"{"case":"k","county":"上思县","year":2024,"age":50,"identities":[{"category":"dibao","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2024-03-01","level":"tertiary","total":10600}]}"#;
    // Basic 0.60 × 10,000 = 6,000, left 4,600; 0.40 × 4,600.
    let expected = json!({"claims": [{ "id": "c1", "basic": 6000.0, "assistance": [{ "amount": 1840.0 }] }]});
    check("scenarios/fangchenggang.toml", &settings, case, &expected);
}

/// The threshold of a tilt that varies by category: who held two identities is paid by the one that gives more.
#[test]
fn exact_a_tilt_takes_the_terms_that_pay_most() {
    let settings = [(
        "policy.tilt.within_province.ratio",
        r#"{ by_category = { tekun = 0.6, orphan = 0.6, unattended_child = 0.6, dibao = 0.1, child_in_difficulty = 0.6, entitled_group = 0.6, retrenched_1960s = 0.6, hardship_employee = 0.6, dibao_margin = 0.6, expenditure_poor_patient = 0.6, temporary_relief_patient = 0.6, severe_disabled = 0.6, other_special = 0.5 } }"#,
    )];
    let case = r#"{"case":"k","county":"江阴市","year":2024,"age":50,"sex":"m","identities":[{"category":"dibao","from":"2023-01"},{"category":"other_special","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2024-03-01","level":"tertiary","total":600600}]}"#;
    let answers = settle(&scenario("scenarios/wuxi.toml", &settings), case);
    // Left after the insurances and 85 % of assistance; 50 % of what exceeds 6,000, not 10 %.
    let left = crate::support::fen(&answers[0]["claims"][0]["patient_in_scope"]).expect("an amount");
    let tilt = crate::support::fen(&answers[0]["year_end"][0]["amount"]).expect("an amount");
    assert!(left > 700_000, "{left}");
    assert_eq!(tilt, (left - 600_000 + 1) / 2);
}

/// A person's year under some rules.
struct Desk {
    rules: YearRules,
    n_pools: usize,
}

struct Outcome {
    payments: Vec<Payment>,
    paid: Fen,
}

impl Desk {
    fn settle(&self, who: &Who, claims: &[fundcast::policy::claim::Claim]) -> Outcome {
        let (mut work, mut ledger) = (Work::new(self.n_pools), Recorder::default());
        settle_year(
            &self.rules,
            &Case { person: who.person(), claims, earlier: &[] },
            &mut work,
            &mut ledger,
        );
        assert_eq!(work.imbalance, None);
        let paid = ledger.0.iter().map(|payment| payment.amount).sum();
        Outcome { payments: ledger.0, paid }
    }

    /// Known cliffs: a raise once the year's self-pay passes a line, a rule for claims of which much is left, and an
    /// application that leaves out what regular assistance of its pool has counted, be it at a lower ratio. Whoever is paid
    /// more before may lose each.
    fn has_cliff(&self, who: &Who) -> bool {
        let person = who.person();
        self.rules.schedules.iter().any(|schedule| {
            let mut rules = schedule.assistance.iter().flatten();
            schedule.once.iter().any(|rule| rule.who.includes(&person))
                || rules.any(|rule| rule.each.self_pay.above.is_some() && rule.who.includes(&person))
                || person.recognised.is_some()
                    && schedule
                        .applications
                        .iter()
                        .any(|rule| rule.pool.is_some() && rule.who.includes(&person))
        })
    }

    /// A target-ratio tilt that reached its trigger: whatever is paid before may fall below it. A share of what a cap cut
    /// off that is larger than the share below the cap: the better identity, with a higher cap, leaves less of it.
    fn has_trigger(&self) -> bool {
        let shapes = self.rules.schedules.iter().flat_map(|schedule| &schedule.tilts);
        shapes.flat_map(|tilt| &tilt.shapes).any(|(_, shape)| match shape {
            TiltShape::TargetRatio { .. } => true,
            TiltShape::ExcessRatio { beyond_cap_of, .. } => beyond_cap_of.is_some(),
        })
    }
}

/// Adds identities to random persons one by one: what all payers together pay never falls by more than rounding, and the
/// order of identities changes nothing. Gives how many additions raised it, and by another identity than the best-ranked.
fn add_identities(what: &str, scenario: &Scenario, n: usize, seed: u64) -> (usize, usize) {
    let names = &scenario.policy.names;
    let sizes = (names.categories.len(), names.traits.len());
    let (mut draws, mut raised, mut by_lower) = (luck(seed), 0, 0);
    for number in 0..n {
        let year = scenario.years()[number % scenario.years().len()];
        let rules = scenario.rules(number % scenario.place.counties.len(), year).expect("rules");
        let edges = edges(&rules);
        let desk = Desk { rules, n_pools: names.pools.len() };
        for _ in 0..20 {
            let mut who = kindred(&mut draws, year, sizes);
            let bills = claims(&mut draws, year, &edges);
            who.spells.truncate(2);
            let before = desk.settle(&who, &bills);
            let mut with = who.clone();
            let category = Category(draws.below(sizes.0) as u8);
            with.spells.push(Spell { category, from: Month::new(year - 1, 1), to: Month::LAST });
            let after = desk.settle(&with, &bills);
            let tilted = before
                .payments
                .iter()
                .any(|payment| payment.layer == Layer::Tilt && payment.amount > Fen::ZERO);
            let rounding = Fen(before.payments.len() as i64);
            if !(tilted && desk.has_trigger() || desk.has_cliff(&who)) {
                assert!(
                    after.paid + rounding >= before.paid,
                    "{what} {year}: {} before, {} with {category:?} too: {who:?} {bills:?}\n{:#?}\n{:#?}",
                    before.paid,
                    after.paid,
                    before.payments,
                    after.payments
                );
            }
            raised += usize::from(after.paid > before.paid);
            let best = with.spells.iter().map(|spell| spell.category).min();
            by_lower +=
                after.payments.iter().any(|one| one.layer >= Layer::Critical && Some(one.category) != best)
                    as usize;
            let turned = Who { spells: with.spells.iter().rev().copied().collect(), ..with };
            assert_eq!(desk.settle(&turned, &bills).payments, after.payments, "{what}: {turned:?}");
        }
    }
    (raised, by_lower)
}

/// Known cliff, left out: a target-ratio tilt pays from a trigger on, below which an identity that pays more before may
/// bring the self-pay.
#[test]
fn prop_adding_an_identity_never_lowers_what_all_pay() {
    for (label, file) in POLICIES {
        let (raised, _) = add_identities(label, &scenario(file, &[]), 100, 1);
        assert!(raised > 200, "{label}: {raised}");
    }
}

/// The settings of a changed policy, for messages.
fn said(settings: &[Setting]) -> String {
    let list: Vec<String> = settings.iter().map(|one| format!("{}={}", one.path, one.value)).collect();
    list.join(" ")
}

#[test]
fn prop_adding_an_identity_never_lowers_what_all_pay_under_changed_policies() {
    let mut changes = Luck(3);
    let (mut raised, mut by_lower) = (0, 0);
    for number in 0..60 {
        let (scenario, settings) = changed(&BASES[number % BASES.len()], &mut changes);
        let (more, lower) = add_identities(&said(&settings), &scenario, 10, number as u64);
        raised += more;
        by_lower += lower;
    }
    assert!(raised > 2000 && by_lower > 100, "{raised} raised, {by_lower} by a lower rank");
}

/// Tiles take the identity that is never worse, or leave the person to the plain settlement: what they pay is the same.
#[test]
fn exact_tiles_choose_among_identities_as_the_plain_settlement_does() {
    let mut changes = Luck(4);
    let (mut settled, mut rare) = (0, 0);
    for number in 0..40 {
        let (scenario, settings) = changed(&BASES[number % BASES.len()], &mut changes);
        let (own, left) = check_few(&said(&settings), &scenario, 400);
        settled += own;
        rare += left;
    }
    assert!(settled > 10_000 && rare > 1000, "{settled} in tiles, {rare} plainly");
}
