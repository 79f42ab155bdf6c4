//! What is written and reaches nothing: years that no run can have, categories of the model that nobody holds.

use serde_json::Value;

use super::document::{Document, join};
use super::fault::{Faults, is_slip, nearest};
use super::load::{Files, Typed};
use super::place::Place;
use crate::lang::{Words, words};
use crate::policy::names::Names;
use crate::raw;

/// The years that a run of a policy at a place can have: from its first year as long as contributions are given.
#[derive(Debug, Clone, Copy)]
struct Reach {
    first: u16,
    last: u16,
}

/// Adds a notice for every year of the policies that no run of the scenario's place can reach.
pub fn years(files: &Files, place: &Place, faults: &mut Faults) {
    let Some(&last) = place.values.contribution_years().last() else { return };
    for (_, typed) in &files.policies {
        let reach = Reach { first: typed.raw.about.first_year, last };
        for (key, value) in &typed.document.root {
            below(value, key, (&typed.document, reach), faults);
        }
    }
}

fn below(value: &Value, path: &str, (document, reach): (&Document, Reach), faults: &mut Faults) {
    match value {
        Value::Object(table) => {
            for (key, value) in table {
                let at = join(path, key);
                if let (Ok(year), true) = (key.parse::<u16>(), path.ends_with(".by_year")) {
                    entry(year, &at, (document, reach), faults);
                }
                match (key.as_str(), value.as_u64()) {
                    ("from_year", Some(year)) if year > u64::from(reach.last) => {
                        never(&at, (document, reach), faults);
                    }
                    ("to_year", Some(year)) if year < u64::from(reach.first) => {
                        never(&at, (document, reach), faults);
                    }
                    _ => below(value, &at, (document, reach), faults),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(item, &join(path, &index.to_string()), (document, reach), faults);
            }
        }
        _ => {}
    }
}

/// Years before the first one that an extended file wrote are no slip of this one.
fn entry(year: u16, key: &str, (document, reach): (&Document, Reach), faults: &mut Faults) {
    let own = document.origin(key).is_some_and(|origin| origin.file == document.file);
    if year > reach.last || (year < reach.first && own) {
        let Reach { first, last } = reach;
        let words = Words::new(
            format!("没有测算会用到{year}年：政策从{first}年起可结算，地区缴费标准给到{last}年"),
            format!(
                "no run reaches {year}: the policy can be settled from {first}, the place gives contributions until {last}"
            ),
        );
        faults.warn(document.notice(key, words));
    }
}

fn never(key: &str, (document, reach): (&Document, Reach), faults: &mut Faults) {
    let Reach { first, last } = reach;
    let words = Words::new(
        format!("该规则在可测算的{first}至{last}年内从不生效"),
        format!("the rule holds in none of the years that can be run, {first} to {last}"),
    );
    faults.warn(document.notice(key, words));
}

/// Categories of the illness model that are misspelt: nearly one that the policies rank, or written by the scenario
/// itself. A model file serves several policies, so that other categories than a policy's are no fault of it.
pub fn model_categories(files: &Files, names: &Names, faults: &mut Faults) {
    let Typed { raw, document, .. } = &files.model;
    let raw::model::RawModel { category, .. } = raw;
    let ranked = || names.categories.iter().map(|name| name.id.as_str());
    for id in category.keys().filter(|id| *id != "ordinary" && *id != "default") {
        let key = format!("category.{id}");
        let changed = files.scenario.document.get(&format!("change.model.{key}")).is_some();
        let near = is_slip(id, ranked());
        if !ranked().any(|name| name == id) && (changed || near) {
            let problem = words!("政策的`rank`中没有人员类别`{id}`", "the policy ranks no category `{id}`");
            faults.push(document.fault(&key, problem, nearest(id, ranked())));
        }
    }
}

/// Diseases that no simulated stay is for, and shares of stays for a disease that is misspelt: nearly one that the policies
/// declare, or written by the scenario itself. A model file serves several policies, so that other diseases than a
/// policy's are no fault of it.
pub fn diseases(files: &Files, names: &Names, faults: &mut Faults) {
    let Typed { raw, document, .. } = &files.model;
    let marked = raw.diseases();
    for (_, typed) in &files.policies {
        for id in typed.raw.diseases.keys().filter(|id| !marked.contains(id)) {
            let words = Words::new(
                "测算中没有住院属于该病种：疾病模型未标记；按该病种的规则在测算中不支付".to_owned(),
                "no stay of a projection is for it: the illness model marks none (`diseases` of `stay` or of a condition), so rules for it pay nothing there".to_owned(),
            );
            faults.warn(typed.document.notice(&format!("diseases.{id}"), words));
        }
    }
    let declared = || names.diseases.iter().map(|listed| listed.name.id.as_str());
    let conditions = raw.condition.iter();
    let tables = conditions.map(|(id, of)| (format!("condition.{id}.diseases"), &of.diseases));
    for (key, shares) in tables.chain([("stay.diseases".to_owned(), &raw.stay.diseases)]) {
        for id in shares.keys().filter(|id| !declared().any(|name| name == id.as_str())) {
            let key = format!("{key}.{id}");
            let changed = files.scenario.document.get(&format!("change.model.{key}")).is_some();
            let near = declared().any(|name| strsim::normalized_damerau_levenshtein(id, name) >= 0.75);
            if changed || near {
                let problem = words!("政策没有列出病种`{id}`", "the policy declares no disease `{id}`");
                faults.push(document.fault(&key, problem, nearest(id, declared())));
            }
        }
    }
}

/// The traits of the place that the policies do not know and that are no slips: nobody has them, and it is said.
pub fn other_traits<'f>(files: &'f Files, known: &[&str], faults: &mut Faults) -> Vec<&'f str> {
    let given = files.place.raw.population.traits.keys().map(String::as_str);
    let is_other = |name: &&str| !known.contains(name) && !is_slip(name, known.iter().copied());
    let others: Vec<&str> = given.filter(is_other).collect();
    for name in &others {
        let words =
            Words::new("方案没有这一特征，不影响结果", "changes nothing: the policy asks for no such trait");
        faults.warn(files.place.document.notice(&format!("population.traits.{name}"), words));
    }
    others
}
