//! Which inputs were found, derived or assumed: every number has a status, and nothing assumed passes as found.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Document, join};
use super::fault::Faults;
use super::load::{Files, Typed};
use super::schema;
use crate::lang::Words;
use crate::policy::rule::Family;
use crate::raw::{Provenance, Status};

/// How many inputs of a scenario have which status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// By part of the scenario (`policy`, `place`, `model`) and status.
    pub counts: BTreeMap<String, BTreeMap<Status, usize>>,
    /// The status of each number by part and key.
    pub status: BTreeMap<String, Status>,
}

#[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct OnlyProvenance {
    provenance: Vec<Provenance>,
}

/// Takes the provenance of one file out of its tree, so that entries of several files are all kept; each covers
/// something that the file writes.
pub(super) fn take(document: &mut Document, faults: &mut Faults) -> Vec<(String, Provenance)> {
    let Some(list) = document.take("provenance") else { return Vec::new() };
    let root = [("provenance".to_owned(), list.clone())].into_iter().collect();
    let mut holder = document.clone();
    holder.root = root;
    schema::check::<OnlyProvenance>(&holder, faults);
    let entries: Vec<Provenance> = serde_json::from_value(list).unwrap_or_default();
    for (number, entry) in entries.iter().enumerate() {
        for (position, _) in
            entry.covers.iter().enumerate().filter(|(_, pattern)| covers_nothing(document, pattern))
        {
            let key = format!("provenance.{number}.covers.{position}");
            let problem = Words::new(
                "不覆盖任何内容：本文件没有写这样的键",
                "covers nothing: this file writes no such key",
            );
            faults.push(holder.fault(&key, problem, None));
        }
    }
    entries.into_iter().map(|entry| (document.file.clone(), entry)).collect()
}

/// Whether no key of a document is covered. A value in the place of a table has a fault of its own.
fn covers_nothing(document: &Document, pattern: &str) -> bool {
    let mut above = pattern.rsplit_once('.');
    while let Some((path, _)) = above {
        if document.get(path).is_some_and(|value| !value.is_object() && !value.is_array()) {
            return false;
        }
        above = path.rsplit_once('.');
    }
    !document.has_covered(pattern)
}

/// Checks that every number of the policies, the place and the model has a provenance, and counts them.
///
/// A rule of a policy that cites clauses comes from its document: found, unless an entry says otherwise. What a
/// scenario file changes is assumed, unless an entry of that file covers it.
pub fn check(files: &Files, faults: &mut Faults) -> Summary {
    let mut summary = Summary::default();
    let own = &files.scenario.provenance;
    let home = &files.scenario.document;
    for (_, typed) in &files.policies {
        part("policy", typed, (own, home), (&mut summary, faults));
    }
    part("place", &files.place, (own, home), (&mut summary, faults));
    part("model", &files.model, (own, home), (&mut summary, faults));
    summary
}

fn part<T>(
    name: &str,
    typed: &Typed<T>,
    (changes, scenario): (&[(String, Provenance)], &Document),
    (summary, faults): (&mut Summary, &mut Faults),
) {
    let mut numbers = Vec::new();
    collect(&typed.document.root, "", None, &mut numbers);
    // A change of one policy is laid over that of every policy.
    let parts = [format!("policies.{}", typed.id), name.to_owned()];
    for (path, cited) in numbers {
        let file = typed.document.origin(&path).map_or("", |origin| origin.file.as_str());
        let changed = parts.iter().map(|part| format!("change.{part}.{path}")).find(|key| {
            scenario.get(key).is_some() && scenario.origin(key).is_some_and(|origin| origin.file == file)
        });
        let is_change = file.starts_with("--set") || changed.is_some();
        let covering = |entries: &[(String, Provenance)], path: &str| {
            entries
                .iter()
                .filter(|(at, _)| at == file)
                .flat_map(|(_, entry)| entry.covers.iter().map(move |pattern| (pattern, entry.status)))
                .filter(|(pattern, _)| covers(pattern, path))
                .max_by_key(|(pattern, _)| pattern.len())
                .map(|(_, status)| status)
        };
        let status = if typed.document.is_continued(&path) {
            Some(Status::Assumed)
        } else if is_change {
            changed.and_then(|key| covering(changes, &key)).or(Some(Status::Assumed))
        } else {
            covering(&typed.provenance, &path).or(cited.then_some(Status::Found))
        };
        let Some(status) = status else {
            let problem = if name == "policy" {
                Words::new(
                    "没有来源：其规则须写明依据条款（`cite`），或由本文件的[[provenance]]条目覆盖（status为found、derived或assumed，并写明source）",
                    "has no provenance: its rule must cite clauses (`cite`), or an entry of [[provenance]] in this file cover it (status found, derived or assumed, with source)",
                )
            } else {
                Words::new(
                    "没有来源：须由本文件的[[provenance]]条目覆盖（status为found、derived或assumed，并写明source）",
                    "has no provenance: an entry of [[provenance]] in this file must cover it (status found, derived or assumed, with source)",
                )
            };
            // One fault for a list of numbers, not one for each.
            let list = path.rsplit_once('.').filter(|(_, last)| last.parse::<usize>().is_ok());
            faults.push(typed.document.fault(list.map_or(path.as_str(), |(list, _)| list), problem, None));
            continue;
        };
        *summary.counts.entry(name.to_owned()).or_default().entry(status).or_insert(0) += 1;
        summary.status.insert(format!("{name}.{path}"), status);
    }
}

/// The paths of all numbers below a table, with whether a rule around them cites a clause. What only says when
/// or for whom a rule holds (years, ages) needs no source of its own.
fn collect(
    table: &serde_json::Map<String, Value>,
    path: &str,
    cited: Option<bool>,
    out: &mut Vec<(String, bool)>,
) {
    // A rule that cites nothing is reported once, at its `cite`; the insurances may do without.
    let here = table.get("cite").and_then(Value::as_array);
    let here = here.map(|list| !list.is_empty() || !may_cite_nothing(path));
    let cited = here.or(cited);
    for (key, value) in table {
        if matches!(
            key.as_str(),
            "who"
                | "from_year"
                | "to_year"
                | "first_year"
                | "transition_to_year"
                | "age_from"
                | "age_below"
                | "window_months"
        ) {
            continue;
        }
        walk(value, &join(path, key), cited, out);
    }
}

/// Whether a rule at a path may cite no clause.
fn may_cite_nothing(path: &str) -> bool {
    let of = |family: Family| {
        path.strip_prefix(family.section()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    Family::ALL.into_iter().any(|family| family.may_cite_nothing() && of(family))
}

fn walk(value: &Value, path: &str, cited: Option<bool>, out: &mut Vec<(String, bool)>) {
    match value {
        Value::Number(_) => out.push((path.to_owned(), cited.unwrap_or(false))),
        Value::Object(table) => collect(table, path, cited, out),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &join(path, &index.to_string()), cited, out);
            }
        }
        _ => {}
    }
}

/// Whether a pattern such as `basic.*.ratio`, `shock.year_*` or `basic` covers a path: a pattern covers all below it.
#[must_use]
pub fn covers(pattern: &str, path: &str) -> bool {
    let mut keys = path.split('.');
    pattern.split('.').all(|wanted| keys.next().is_some_and(|key| fits(wanted, key)))
}

/// Whether a key fits a pattern in which one star stands for any letters.
fn fits(wanted: &str, key: &str) -> bool {
    match wanted.split_once('*') {
        None => wanted == key,
        Some((before, after)) => {
            key.len() >= before.len() + after.len() && key.starts_with(before) && key.ends_with(after)
        }
    }
}
