//! What a change can reach: it alone is laid over the first scenario, and the rules and draws that come out are compared.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};

use serde_json::{Map, Value};

use super::{Change, Extent, Touch, Unfelt};
use crate::lang::Words;
use crate::policy::rule::Family;
use crate::scenario::document::{Document, Origin};
use crate::scenario::fault::Faults;
use crate::scenario::load::{Files, Typed};
use crate::scenario::{Scenario, built, households};

/// The file that a change belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit {
    /// A policy, by its number in the timeline.
    Policy(usize),
    /// The place file.
    Place,
    /// The illness model.
    Model,
}

/// What a change reaches by itself: it alone is laid over the first scenario, and what comes out is compared.
pub(super) fn touch(base: &Scenario, change: &Change, edit: Edit, extent: Extent<'_>) -> Touch {
    let Ok(alone) = alone(base, change, edit) else { return Touch::Together };
    let run = simulated(base, extent);
    let here = extent.counties;
    let same_rules = base.policy.rules == alone.policy.rules;
    if felt(base, &alone, &run, here) || !same_rules {
        // Who pays, to which line it is booked and what is cited is felt as well.
        let rules = named_rules(base, &alone, change);
        let in_years = |years: &[u16]| felt(base, &alone, years, here);
        if same_rules && !in_years(extent.years) && are_paid_in_their_year(base, &rules) {
            return Touch::Unfelt(Unfelt::OtherYears(
                run.into_iter().filter(|&year| in_years(&[year])).collect(),
            ));
        }
        return Touch::Rules(rules);
    }
    if !draws_alike(base, &alone, extent) {
        return Touch::Draws;
    }
    let named = change.key.split('.').filter_map(year_of);
    let named: Vec<u16> = named.filter(|year| !run.contains(year)).collect();
    let known = base.place.values.contribution_years();
    let others = known.into_iter().filter(|year| !run.contains(year));
    let in_others: Vec<u16> = others.filter(|&year| felt(base, &alone, &[year], here)).collect();
    let all: Vec<usize> = (0..base.place.counties.len()).collect();
    match (named.is_empty(), in_others.is_empty()) {
        (false, _) => Touch::Unfelt(Unfelt::OtherYears(named)),
        (true, false) => Touch::Unfelt(Unfelt::OtherYears(in_others)),
        _ if felt(base, &alone, &run, &all) => Touch::Unfelt(Unfelt::OtherCounties),
        _ if is_label(base, &alone, change) => Touch::Unfelt(Unfelt::Label),
        _ => unfelt(base, change, edit, extent),
    }
}

/// Whether what rules do in a year leaves nothing to later ones: of contribution subsidies nothing is remembered, while what
/// a claim is paid may decide who applies, is listed or recognised later.
fn are_paid_in_their_year(base: &Scenario, rules: &[String]) -> bool {
    let is_subsidy = |id: &String| {
        base.policy.rules.iter().any(|rule| rule.id == *id && rule.key.family == Family::Subsidy)
    };
    !rules.is_empty() && rules.iter().all(is_subsidy)
}

/// Why a value changes nothing: another number in its place is tried, whether anything reads it at all.
fn unfelt(base: &Scenario, change: &Change, edit: Edit, extent: Extent<'_>) -> Touch {
    let others = |value: &Value| match value {
        Value::Bool(is) => vec![Value::Bool(!is)],
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            [number / 2.0, number + 1.0, number * 2.0].map(whole_or_not).to_vec()
        }
        _ => Vec::new(),
    };
    let values = change.after.as_ref().or(change.before.as_ref()).map(others).unwrap_or_default();
    let probes: Vec<Scenario> = values
        .into_iter()
        .filter_map(|value| alone(base, &Change { after: Some(value), ..change.clone() }, edit).ok())
        .collect();
    let run = simulated(base, extent);
    let all: Vec<usize> = (0..base.place.counties.len()).collect();
    let is_felt = |counties: &[usize]| {
        let extent = Extent { counties, ..extent };
        probes.iter().any(|probe| felt(base, probe, &run, counties) || !draws_alike(base, probe, extent))
    };
    if is_felt(extent.counties) {
        Touch::Unfelt(Unfelt::SameEffect)
    } else if is_felt(&all) {
        Touch::Unfelt(Unfelt::OtherCounties)
    } else {
        Touch::Unfelt(Unfelt::Unread)
    }
}

fn whole_or_not(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { Value::from(value as i64) } else { Value::from(value) }
}

/// Whether the rules of any of these years and counties differ.
fn felt(base: &Scenario, other: &Scenario, years: &[u16], counties: &[usize]) -> bool {
    let rules = |scenario: &Scenario, county: usize, year: u16| {
        let rules = if scenario.warm_up_years().contains(&year) {
            scenario.warm_up_rules(county, year).map(|warm_up| warm_up.rules)
        } else {
            scenario.rules(county, year)
        };
        rules.ok()
    };
    counties
        .iter()
        .any(|&county| years.iter().any(|&year| rules(base, county, year) != rules(other, county, year)))
}

/// The years that are simulated: the warm-up, then up to the last one that is reported.
fn simulated(scenario: &Scenario, extent: Extent<'_>) -> Vec<u16> {
    let last = extent.years.last().copied().unwrap_or_default();
    let reached = scenario.years().iter().copied().filter(|year| *year <= last);
    scenario.warm_up_years().chain(reached).collect()
}

fn year_of(key: &str) -> Option<u16> {
    key.parse().ok().filter(|year| (1990..=2200).contains(year))
}

fn is_label(base: &Scenario, alone: &Scenario, change: &Change) -> bool {
    let last = change.key.rsplit('.').next().unwrap_or_default();
    base.policy != alone.policy
        || (base.place.name_zh != alone.place.name_zh || base.place.name_en != alone.place.name_en)
        || ["zh", "en", "label_zh", "label_en", "note", "note_zh", "title_zh", "title_en"].contains(&last)
}

/// The rules whose section of the policy file holds the key.
fn named_rules(base: &Scenario, alone: &Scenario, change: &Change) -> Vec<String> {
    let Some(key) = change.key.strip_prefix("policy.") else { return Vec::new() };
    // A pool holds the sums of the rules that count in it.
    let keys = match key.strip_prefix("pools.").and_then(|rest| rest.split('.').next()) {
        Some(pool) => {
            [base, alone].into_iter().flat_map(|one| households::rules_of_pool(&one.files, pool)).collect()
        }
        None => vec![key.to_owned()],
    };
    let below = |key: &String, section: &str| {
        key.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let holds = |section: String| keys.iter().any(|key| below(key, &section));
    let all = base.policy.rules.iter().chain(&alone.policy.rules);
    let own = all.filter(|rule| holds(rule.key.path()) || rule.key.standard_path().is_some_and(holds));
    own.map(|rule| rule.id.clone()).collect::<BTreeSet<String>>().into_iter().collect()
}

/// Whether everything besides the rules is the same: persons, illness, enrolment, tests of households, the fund.
fn draws_alike(base: &Scenario, other: &Scenario, extent: Extent<'_>) -> bool {
    base.files.model.raw == other.files.model.raw && drawn_from(base, extent) == drawn_from(other, extent)
}

/// What the draws of a run take from a place, in the years and counties of that run; what rules look up by year and
/// county is compared with the rules.
fn drawn_from(scenario: &Scenario, extent: Extent<'_>) -> impl PartialEq + Debug + use<> {
    let years = simulated(scenario, extent);
    let last = years.last().copied().unwrap_or_default();
    let reached = |year: &str| year.parse().is_ok_and(|year: u16| year <= last);
    let mut place = scenario.place.raw.clone();
    place.income.clear();
    place.county_parameters.clear();
    place.contribution.clear();
    place.fund.revenue_yuan_per_resident.retain(|year, _| reached(year));
    // The parameters of the population hold it by year.
    place.population.category_growth.clear();
    (place.name_zh, place.name_en) = Default::default();
    let mut population = scenario.population.clone();
    // The year after decides who leaves at the end of the last one.
    population.categories.iter_mut().for_each(|category| category.growth.retain(|year, _| *year <= last + 1));
    let income = |name: &str, year: u16| {
        let series = scenario.place.values.incomes.get(name)?;
        series.iter().min_by_key(|(known, _)| known.abs_diff(year)).map(|(_, amount)| *amount)
    };
    let ordinary = &scenario.place.raw.application.ordinary_income;
    let incomes: Vec<_> = years.iter().map(|&year| (income(ordinary, year), income("rural", year))).collect();
    let county = |&county: &usize| {
        let here = &scenario.place.counties[county];
        let persons: Vec<(String, u32)> =
            here.categories.iter().map(|count| (count.id.clone(), count.persons)).collect();
        (here.code, here.residents, (here.urban, here.rural, here.all), here.households, persons)
    };
    let counties: Vec<_> = extent.counties.iter().map(county).collect();
    (place, population, incomes, counties)
}

/// The first scenario with one change.
fn alone(base: &Scenario, change: &Change, edit: Edit) -> Result<Scenario, Faults> {
    let mut files: Files = base.files.clone();
    let key = change.key.split_once('.').map_or("", |(_, key)| key);
    match edit {
        Edit::Policy(number) => edited(&mut files.policies[number].1, key, change)?,
        Edit::Place => edited(&mut files.place, key, change)?,
        Edit::Model => edited(&mut files.model, key, change)?,
    }
    // What cannot be compiled is felt as such: years and counties are not tried all again for each change.
    Ok(built(files)?.0)
}

fn edited<T: serde::de::DeserializeOwned>(
    typed: &mut Typed<T>,
    key: &str,
    change: &Change,
) -> Result<(), Faults> {
    put_all(&mut typed.document, (key, change.origin.as_ref()), change.after.as_ref());
    retype(typed)
}

/// Writes a value into a document at a key, or takes it away.
pub(super) fn put_all(
    document: &mut Document,
    (key, origin): (&str, Option<&Origin>),
    value: Option<&Value>,
) {
    put(&mut document.root, key, value);
    if let Some(origin) = origin {
        // As if it were typed on the command line: the delta's own provenance is not at hand here.
        let file = format!("--set {key}");
        document.origins.insert(key.to_owned(), Origin { file, ..origin.clone() });
    }
}

/// Reads the typed values from the tree again.
pub(super) fn retype<T: serde::de::DeserializeOwned>(typed: &mut Typed<T>) -> Result<(), Faults> {
    match serde_json::from_value(Value::Object(typed.document.root.clone())) {
        Ok(raw) => typed.raw = raw,
        Err(error) => {
            let mut faults = Faults::default();
            let problem = Words::new("内容无法识别", format!("cannot be understood: {error}"));
            faults.file(&typed.document.file, problem);
            return Err(faults);
        }
    }
    Ok(())
}

/// What tells the rules and draws of a run apart from those of another: equal ones give the same outcomes.
pub(super) fn fingerprint(scenario: &Scenario, extent: Extent<'_>) -> Result<[u8; 32], Faults> {
    let mut hash = Hash(blake3::Hasher::new());
    let names = &scenario.policy.names;
    for names in [&names.categories, &names.traits, &names.pools, &names.lines, &names.funders] {
        hash.add(&names.iter().map(|name| name.id.as_str()).collect::<Vec<_>>());
    }
    hash.add(&(&names.diseases, &scenario.policy.rules, &scenario.files.model.raw));
    hash.add(&(drawn_from(scenario, extent), &scenario.settings.run.without));
    for &county in extent.counties {
        for count in &scenario.place.counties[county].categories {
            // How uncertain a number is may be left to its status.
            hash.add(&(&count.id, count.persons, count.status, count.spread));
        }
        for year in simulated(scenario, extent) {
            let rules = |size: u8| {
                if scenario.warm_up_years().contains(&year) {
                    scenario.warm_up_rules_of(county, year, size).map(|warm_up| warm_up.rules)
                } else {
                    scenario.rules_of(county, year, size)
                }
            };
            let of_one = rules(1)?;
            hash.add(&of_one);
            if of_one.go_by_household_size() {
                for size in 2..=scenario.largest_household() {
                    hash.add(&rules(size)?);
                }
            }
        }
    }
    Ok(*hash.0.finalize().as_bytes())
}

/// A hash of values as they are written for debugging, which holds all of their parts.
struct Hash(blake3::Hasher);

impl Hash {
    fn add(&mut self, value: &impl Debug) {
        // Writing to a hash cannot fail.
        let _ = write!(self, "{value:?}|");
    }
}

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// Writes a value at a path, or takes it away.
fn put(root: &mut Map<String, Value>, path: &str, value: Option<&Value>) {
    let mut keys: Vec<&str> = path.split('.').collect();
    let Some(last) = keys.pop() else { return };
    let mut table = root;
    for key in keys {
        let below = table.entry(key.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if !below.is_object() {
            *below = Value::Object(Map::new());
        }
        let Value::Object(below) = below else { return };
        table = below;
    }
    match value {
        Some(value) => drop(table.insert(last.to_owned(), value.clone())),
        None => drop(table.shift_remove(last)),
    }
}
