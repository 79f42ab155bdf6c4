//! The one list of rules: its order, what it says of each rule, and that nothing is missing from it.

use std::collections::BTreeSet;

use fundcast::policy::rule::Family;
use fundcast::policy::rules::Stage;
use fundcast::policy::schedule::RuleId;
use fundcast::raw::policy::Policy;
use fundcast::raw::rules::{Funders, Head};
use fundcast::scenario::Scenario;
use serde_json::Value;

use crate::support::{POLICIES, path, scenario, text};

const INVENTED: &str = "tests/cases/invented/policies/invented.toml";
const ORDER: &str = "tests/it/rules.txt";

/// Rules that their files switch off.
const SWITCHED_OFF: [(&str, &str); 1] = [("guangde-2024", "subsidy.fixed")];

/// A scenario for each policy: the shipped ones, the invented one and a timeline.
fn scenarios() -> Vec<Scenario> {
    let more = ["tests/cases/invented/invented.toml", "scenarios/baise-timeline.toml"];
    POLICIES.iter().map(|(_, file)| *file).chain(more).map(|file| scenario(file, &[])).collect()
}

/// The rules of each policy by their numbers.
fn order() -> String {
    let mut all = String::new();
    for scenario in scenarios() {
        all.push_str(&format!("{}\n", scenario.policy.ids.join(" + ")));
        scenario.policy.rules.iter().for_each(|rule| all.push_str(&format!("  {}\n", rule.id)));
    }
    all
}

#[test]
fn exact_the_order_of_rules_is_pinned() {
    let (wanted, found) = (text(ORDER), order());
    let moved = wanted.lines().zip(found.lines()).enumerate().find(|(_, (wanted, found))| wanted != found);
    assert!(
        wanted == found,
        "The order of rules is not the one of {ORDER}; first at line {}: {:?}.\n\
         The place of a rule in this list is its number: outcomes, `rules.csv` and the sheets count by it, and a claim \
         meets the rules of a family in this order. If a policy file gained, lost or moved a rule, write the new list into \
         {ORDER} and look at what it moves. If no policy file changed, the walk over the rules did \
         (`raw::rules`, `policy::rule::Family`): put its order back, or results that were published cannot be repeated.\n\
         The list as it is now was written to {}.",
        moved.as_ref().map_or(wanted.lines().count().min(found.lines().count()), |(line, _)| *line) + 1,
        moved.map(|(_, lines)| lines),
        written(&found),
    );
}

fn written(list: &str) -> String {
    let file = std::env::temp_dir().join("rules.txt");
    std::fs::write(&file, list).expect("a file");
    file.display().to_string()
}

/// The families stand in the order of their rules, and each has a rule in some policy, so that what follows asks of all.
#[test]
fn exact_families_are_numbered_in_their_order() {
    let mut seen = BTreeSet::new();
    for scenario in scenarios() {
        for of_policy in scenario.policy.rules.chunk_by(|one, next| one.key.policy == next.key.policy) {
            assert!(of_policy.is_sorted_by_key(|rule| rule.key.family), "{:?}", scenario.policy.ids);
            seen.extend(of_policy.iter().map(|rule| rule.key.family));
        }
        let ids: BTreeSet<&str> = scenario.policy.rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(
            ids.len(),
            scenario.policy.rules.len(),
            "two rules have one key: {:?}",
            scenario.policy.ids
        );
    }
    assert_eq!(seen, Family::ALL.into_iter().collect());
    assert!(Family::ALL.is_sorted());
}

/// Every table of a policy file that cites clauses.
fn citing(value: &Value, at: &str, out: &mut Vec<String>) {
    let Value::Object(table) = value else { return };
    if table.contains_key("cite") {
        out.push(at.to_owned());
    }
    for (key, inner) in table {
        citing(inner, &if at.is_empty() { key.clone() } else { format!("{at}.{key}") }, out);
    }
}

fn pointer(at: &str) -> String {
    format!("/{}", at.replace('.', "/"))
}

/// The invented plan uses every shape: each table of it that cites clauses is a rule, and the head of the rule has what
/// the table writes.
#[test]
fn exact_heads_say_what_their_rules_write() {
    let policy: Policy = toml::from_str(&text(INVENTED)).expect("the invented plan");
    let file: Value = toml::from_str(&text(INVENTED)).expect("the invented plan");
    let heads = policy.rules_as_written();
    let mut tables = Vec::new();
    citing(&file, "", &mut tables);
    let is_rule = |at: &String| !at.starts_with("funders.") && !at.contains(".pool.");
    let of_file: BTreeSet<String> = tables.into_iter().filter(is_rule).collect();
    let of_walk: BTreeSet<String> = heads.iter().map(Head::path).collect();
    // Insurances need not cite.
    let missing: Vec<&String> = of_file.difference(&of_walk).collect();
    assert!(missing.is_empty(), "no rule of `raw::rules`: {missing:?}");
    for head in &heads {
        let table = file.pointer(&pointer(&head.path())).unwrap_or_else(|| panic!("{}", head.path()));
        said(head, table);
    }
}

/// What a table writes stands in the head.
fn said(head: &Head<'_>, table: &Value) {
    let at = head.path();
    let has = |key: &str| table.get(key).is_some();
    assert_eq!(has("who"), head.who.is_some() && table["who"].is_object(), "{at}.who");
    assert_eq!(has("categories"), head.categories.is_some(), "{at}.categories");
    let when = |key: &str| head.when.iter().any(|(known, _)| *known == key);
    assert!(!has("when") || when("when"), "{at}.when");
    assert_eq!(has("when_assisted"), when("when_assisted"), "{at}.when_assisted");
    assert_eq!((has("from_year"), has("to_year")), (head.years.0.is_some(), head.years.1.is_some()), "{at}");
    assert!(!has("line") || head.line == table["line"].as_str(), "{at}.line");
    assert_eq!(has("funders"), matches!(head.funders, Funders::Shared(..)), "{at}.funders");
    assert_eq!(has("funder"), matches!(head.funders, Funders::Surplus(_)), "{at}.funder");
    let within = table.pointer("/within/pool").and_then(Value::as_str);
    let pools = table["pool"].as_str().into_iter().chain(within);
    assert_eq!(head.pools, pools.collect::<Vec<_>>(), "{at}.pool");
    assert!(!has("sums_of") || head.sums_of.is_some(), "{at}.sums_of");
    let cite = |value: &Value| value.as_array().map_or(0, Vec::len);
    assert_eq!(cite(&table["cite"]), head.cite.len(), "{at}.cite");
    assert_eq!(table.get("enabled").and_then(Value::as_bool).unwrap_or(true), head.enabled, "{at}.enabled");
}

/// Each rule that pays, lists, measures or changes holds in a schedule of some year, and the walk over schedules has it.
#[test]
fn exact_schedules_list_every_rule() {
    let mut kinds = Vec::new();
    for scenario in scenarios() {
        let counties = 0..scenario.place.counties.len().min(2);
        let years = scenario.years_with_parameters();
        let rules = counties.flat_map(|county| years.iter().map(move |&year| (county, year)));
        let compiled: Vec<_> =
            rules.map(|(county, year)| scenario.rules(county, year).expect("rules")).collect();
        let listed: BTreeSet<RuleId> =
            compiled.iter().flat_map(|year| year.rules()).map(|rule| rule.rule).collect();
        for (number, rule) in scenario.policy.rules.iter().enumerate() {
            let policies = &scenario.policy.ids;
            let is_off = SWITCHED_OFF.contains(&(policies[0].as_str(), rule.id.as_str()));
            let is_listed = listed.contains(&RuleId(number as u16));
            // Of a timeline rules can have ended before.
            let can_be_gone = policies.len() > 1;
            let is_expected = !rule.key.family.only_explains() && !is_off;
            assert!(is_listed == is_expected || can_be_gone, "{policies:?} {}: {is_listed}", rule.id);
        }
        kinds.extend(compiled.iter().flat_map(|year| year.rules()).map(|rule| rule.stage));
    }
    let all = [
        Stage::Claims,
        Stage::Line,
        Stage::YearEnd,
        Stage::Application,
        Stage::Contribution,
        Stage::List,
        Stage::Indicator,
        Stage::Surplus,
    ];
    assert!(all.iter().all(|stage| kinds.contains(stage)));
}

/// A rule that follows the standard of another may have funders of its own: they pay it, and not those of the other.
#[test]
fn exact_a_rule_by_another_standard_is_paid_by_its_own_funders() {
    let own = [("policy.assistance.major.funders", r#"{ assistance_fund = 0.6, county_finance = "rest" }"#)];
    let file = "scenarios/fangchenggang.toml";
    let shares = |settings: &[(&str, &str)], id: &str| {
        let scenario = scenario(file, settings);
        let rule = scenario.policy.rules.iter().position(|rule| rule.id == id).expect("a rule");
        let funders = scenario.policy.names.funders.clone();
        let shares = scenario.rules(0, 2023).expect("rules").schedules[0].funders[rule].clone();
        let named = |share: &fundcast::policy::schedule::FunderShare| {
            (funders[usize::from(share.funder)].id.clone(), share.share.0)
        };
        shares.iter().map(named).collect::<Vec<_>>()
    };
    let [fund, county] = ["assistance_fund", "county_finance"].map(ToOwned::to_owned);
    assert_eq!(shares(&own, "assistance.major/class1"), [(fund.clone(), 600_000), (county, 400_000)]);
    assert_eq!(shares(&own, "assistance.class1"), [(fund, 1_000_000)]);
    // What does not add up is told where it is written.
    let wrong = [fundcast::scenario::load::Setting {
        path: "policy.assistance.major.funders".to_owned(),
        value: "{ assistance_fund = 0.6 }".to_owned(),
    }];
    let faults = fundcast::scenario::load(&path(file), &wrong).expect_err("a fault").to_string();
    assert!(faults.contains("assistance.major.funders.assistance_fund"), "{faults}");
}
