//! The engines held against each other on policies that nobody wrote: values, persons, kinds, caps, deductibles, bands,
//! tilts and payers of the shipped policies are changed at random, and what `check` accepts is settled by both.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use fundcast::policy::rule::Family;
use fundcast::scenario::load::Setting;
use fundcast::scenario::{self, Scenario};
use fundcast::simulation::outcome::CountyOutcome;
use rayon::prelude::*;
use toml::{Table, Value};

use crate::engines::{all_engines, simulate};
use crate::mutation::tell;
use crate::support::{path, text};

/// A scenario that is changed, the files of its policy from the bottom up, and a small county.
#[derive(Debug, Clone, Copy)]
pub struct Base {
    scenario: &'static str,
    policies: &'static [&'static str],
    county: usize,
    replicates: u32,
}

pub const BASES: [Base; 6] = [
    Base {
        scenario: "tests/cases/invented/persons.toml",
        policies: &["tests/cases/invented/policies/invented.toml"],
        county: 0,
        replicates: 4,
    },
    Base {
        scenario: "tests/cases/invented/invented.toml",
        policies: &["tests/cases/invented/policies/invented.toml"],
        county: 0,
        replicates: 4,
    },
    Base {
        scenario: "scenarios/ewenki.toml",
        policies: &["scenarios/policies/ewenki-2022-09.toml"],
        county: 0,
        replicates: 2,
    },
    Base {
        scenario: "scenarios/fangchenggang.toml",
        policies: &[
            "scenarios/policies/guangxi-common.toml",
            "scenarios/policies/fangchenggang-2022-08.toml",
        ],
        county: 2,
        replicates: 1,
    },
    Base {
        scenario: "scenarios/baise.toml",
        policies: &["scenarios/policies/guangxi-common.toml", "scenarios/policies/baise-2022-05.toml"],
        county: 10,
        replicates: 1,
    },
    Base {
        scenario: "scenarios/wuxi.toml",
        policies: &["scenarios/policies/wuxi-2023.toml"],
        county: 1,
        replicates: 1,
    },
];

/// Random numbers, the same in every run.
pub struct Luck(pub u64);

impl Luck {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 16) as usize % n
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Every value of the rules with its path, and every rule that can be taken away.
fn values(files: &[&str]) -> BTreeMap<String, Value> {
    let rules = Family::ALL.into_iter().filter(|family| !family.only_explains()).map(Family::section);
    let sections: Vec<&str> = rules.chain(["pools"]).collect();
    let mut all = BTreeMap::new();
    for file in files {
        let policy: Table = text(file).parse().expect("TOML");
        for section in &sections {
            if let Some(value) = policy.get(*section) {
                collect(&format!("policy.{section}"), value, &mut all);
            }
        }
    }
    all
}

fn collect(at: &str, value: &Value, out: &mut BTreeMap<String, Value>) {
    const WORDS: [&str; 9] =
        ["zh", "en", "cite", "line", "pool", "label", "by_standard_of", "changes", "recognised_as"];
    let key = at.rsplit('.').next().unwrap_or_default();
    if WORDS.contains(&key) || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return;
    }
    match value {
        Value::Table(table) if key == "funders" => {
            drop(out.insert(at.to_owned(), Value::Table(table.clone())))
        }
        Value::Table(table) => {
            if table.contains_key("cite") {
                out.insert(format!("{at}.enabled"), Value::Boolean(true));
            }
            table.iter().for_each(|(key, inner)| collect(&format!("{at}.{key}"), inner, out));
        }
        other => drop(out.insert(at.to_owned(), other.clone())),
    }
}

/// Names that lists of a policy may hold, by the key of the list.
fn names(scenario: &Scenario, key: &str) -> Vec<String> {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let of = |names: &[fundcast::policy::names::Name]| names.iter().map(|name| name.id.clone()).collect();
    match key {
        "kinds" => list(fundcast::policy::claim::Kind::NAMES),
        "levels" => list(fundcast::policy::claim::Level::NAMES),
        "places" => list(fundcast::policy::claim::Locality::NAMES),
        "insurance" => list(fundcast::policy::claim::Insurance::NAMES),
        "categories" => of(&scenario.policy.names.categories),
        "traits" | "without_traits" => of(&scenario.policy.names.traits),
        "diseases" | "without_diseases" => {
            scenario.policy.names.diseases.iter().map(|listed| listed.name.id.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// Another value in the place of one; none where nothing is changed there.
fn other(luck: &mut Luck, scenario: &Scenario, at: &str, value: &Value) -> Option<Value> {
    let key = at.rsplit('.').next().unwrap_or_default();
    let in_share =
        ["ratio", "share", "target", "points", "times", "at_most"].iter().any(|word| at.contains(word));
    Some(match value {
        Value::Boolean(yes) => Value::Boolean(!yes),
        Value::String(word) => Value::String(match word.as_str() {
            "above_deductible" => "cumulative".to_owned(),
            "cumulative" => "above_deductible".to_owned(),
            "all_groups" => "each_group".to_owned(),
            "each_group" => "all_groups".to_owned(),
            "all_assistance" => "tilt_alone".to_owned(),
            "tilt_alone" => "all_assistance".to_owned(),
            "household" => "person".to_owned(),
            "person" => "household".to_owned(),
            _ => return None,
        }),
        Value::Integer(_) | Value::Float(_) if in_share => {
            Value::Float(luck.one(&[0.0, 0.05, 0.333_333, 0.5, 0.777, 0.95, 1.0]))
        }
        Value::Integer(n) if key.ends_with("months") || key.ends_with("_year") || key.starts_with("age") => {
            Value::Integer((n + luck.below(5) as i64 - 2).max(0))
        }
        Value::Integer(n) => Value::Integer(scaled(luck, *n as f64).round() as i64),
        Value::Float(x) => Value::Float(scaled(luck, *x)),
        Value::Array(list) if list.iter().all(Value::is_str) => {
            let names = names(scenario, key);
            let changed = Value::String(if names.is_empty() { return None } else { luck.one(&names) });
            let mut list = list.clone();
            match list.iter().position(|known| *known == changed) {
                Some(at) => drop(list.remove(at)),
                None => list.push(changed),
            }
            Value::Array(list)
        }
        Value::Array(list) if !list.is_empty() => {
            let mut list = list.clone();
            let at = luck.below(list.len());
            match list.get(at) {
                // A deductible for the first, second … stay.
                Some(Value::Integer(_) | Value::Float(_)) => {
                    list[at] = other(luck, scenario, key, &list[at].clone())?
                }
                Some(Value::Table(_)) if luck.below(4) == 0 && list.len() > 1 => drop(list.remove(at)),
                Some(Value::Table(table)) => list[at] = Value::Table(row(luck, scenario, table)?),
                _ => return None,
            }
            Value::Array(list)
        }
        Value::Table(_) if key == "funders" => {
            let funders = &scenario.policy.names.funders;
            let (first, second) = (luck.one(funders).id, luck.one(funders).id);
            let share = luck.one(&[0.1, 0.333_333, 0.5, 0.9]);
            let mut table = Table::new();
            table.insert(first.clone(), Value::Float(if first == second { 1.0 } else { share }));
            if first != second {
                table.insert(second, Value::String("rest".to_owned()));
            }
            Value::Table(table)
        }
        _ => return None,
    })
}

/// One entry of a list of bands or groups with another value.
fn row(luck: &mut Luck, scenario: &Scenario, table: &Table) -> Option<Table> {
    let keys: Vec<&String> = table.keys().collect();
    let key = luck.one(&keys);
    let mut table = table.clone();
    let changed = other(luck, scenario, key, &table[key])?;
    table.insert(key.clone(), changed);
    Some(table)
}

fn scaled(luck: &mut Luck, amount: f64) -> f64 {
    let factor = luck.one(&[0.0, 0.01, 0.1, 0.5, 0.9, 1.1, 2.0, 10.0]);
    (amount * factor * 100.0).round() / 100.0
}

/// A value as the command line takes it.
fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Float(number) => format!("{number:?}"),
        Value::Array(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let parts: Vec<String> =
                table.iter().map(|(key, inner)| format!("{key} = {}", inline(inner))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Integer(number) => number.to_string(),
        Value::Boolean(yes) => yes.to_string(),
        Value::Datetime(_) => unreachable!("rules hold no dates"),
    }
}

/// What makes rare things common: without it most changes of tilts, lists and applications would touch nobody.
fn common(luck: &mut Luck) -> Vec<Setting> {
    let all = [
        ("place.county_parameters.city_share_of_county_lines.default", "0.37"),
        ("place.application.approval_share", "1.0"),
        ("place.application.self_pay_share_of_income", "0.02"),
        ("place.application.delay_months", "0"),
    ];
    let chosen: Vec<_> = all.iter().filter(|_| luck.below(2) == 0).collect();
    let chosen = chosen.into_iter();
    let households = [("policy.pools.inpatient.sums_of", "\"household\"")];
    let households = households.iter().filter(|_| luck.below(6) == 0);
    let chosen: Vec<&(&str, &str)> = chosen.chain(households).collect();
    let setting =
        |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
    chosen.into_iter().map(setting).collect()
}

/// A changed scenario with its changes; each is kept if the scenario still loads.
pub fn changed(base: &Base, luck: &mut Luck) -> (Scenario, Vec<Setting>) {
    let load = |settings: &[Setting]| scenario::load(&path(base.scenario), settings).ok();
    let values = values(base.policies);
    let paths: Vec<&String> = values.keys().collect();
    let mut settings: Vec<Setting> = Vec::new();
    let mut scenario = load(&[]).expect("a shipped scenario");
    for setting in common(luck) {
        settings.push(setting);
        match load(&settings) {
            Some(next) => scenario = next,
            None => drop(settings.pop()),
        }
    }
    let wanted = settings.len() + 1 + luck.below(6);
    for _ in 0..40 {
        if settings.len() >= wanted {
            break;
        }
        let at = luck.one(&paths);
        let Some(value) = other(luck, &scenario, at, &values[at]) else { continue };
        settings.push(Setting { path: at.clone(), value: inline(&value) });
        match load(&settings) {
            Some(next) => scenario = next,
            None => drop(settings.pop()),
        }
    }
    (scenario, settings)
}

/// What changed policies did: how many changes each part of the policy saw, and how many pairs spent another amount
/// than the shipped policy.
#[derive(Debug, Default)]
struct Compared {
    seen: BTreeMap<String, usize>,
    moved: usize,
}

impl Compared {
    fn and(mut self, other: Self) -> Self {
        other.seen.into_iter().for_each(|(part, n)| *self.seen.entry(part).or_default() += n);
        Self { moved: self.moved + other.moved, ..self }
    }
}

/// Compares the engines on changed policies, each pair by random numbers of its own.
fn compare(n: usize, seed: u64) -> Compared {
    let spent = |outcomes: &[CountyOutcome]| outcomes[0].booked_fen();
    let usual = BASES.map(|base| {
        let shipped = scenario::load(&path(base.scenario), &[]).expect("a shipped scenario");
        spent(&simulate(&[&shipped], base.county, base.replicates, Default::default()))
    });
    let done = AtomicUsize::new(0);
    let one = |number: usize| {
        let base = &BASES[number % BASES.len()];
        let (scenario, settings) = changed(base, &mut Luck(seed << 32 | number as u64));
        let list: Vec<String> = settings.iter().map(|one| format!("{}={}", one.path, one.value)).collect();
        let what = format!("{} with {}", base.scenario, list.join(" "));
        let outcomes = all_engines(&what, &[&scenario], base.county, base.replicates);
        let mut compared = Compared::default();
        compared.moved += usize::from(usual[number % BASES.len()] != spent(&outcomes));
        for part in settings.iter().filter_map(|one| one.path.strip_prefix("policy.")?.split('.').next()) {
            *compared.seen.entry(part.to_owned()).or_default() += 1;
        }
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(100) {
            tell(&format!("{done} pairs of {n} agree"));
        }
        compared
    };
    (0..n).into_par_iter().map(one).reduce(Compared::default, Compared::and)
}

#[test]
fn exact_engines_agree_on_changed_policies() {
    let Compared { seen, moved } = compare(15, 1);
    assert!(moved >= 10, "{moved} pairs moved anything; {seen:?}");
    assert!(seen.len() >= 4, "{seen:?}");
}

/// The long form: every part of the format is changed many times.
#[test]
#[ignore = "takes long: 1,000 pairs of simulations"]
fn exact_engines_agree_on_a_thousand_changed_policies() {
    let Compared { seen, moved } = compare(1000, 2);
    assert!(moved >= 700, "{moved} pairs moved anything; {seen:?}");
    for part in ["basic", "critical", "subsidy", "assistance", "tilt", "application", "watch"] {
        assert!(seen.get(part).is_some_and(|n| *n >= 20), "{part}: {seen:?}");
    }
}
