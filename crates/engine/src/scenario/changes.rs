//! What one scenario changes against another: key by key, with both values, where it is written, and whether the
//! years and counties of a run can feel it at all.

pub mod lines;
mod touch;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Scenario;
use super::document::{Document, Origin, leaves};
use super::identity::same_value;
use super::load::Overwritten;
use touch::{Edit, touch};

/// The most changes that are tried one by one; more of them are only listed.
const MOST_TRIED: usize = 400;

/// Keys of a scenario file that say what it is called or are looked at by themselves.
const NAMES: [&str; 6] = ["base", "change", "title_zh", "title_en", "description_zh", "description_en"];

/// Which part of a run is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Extent<'a> {
    /// Positions of the counties.
    pub counties: &'a [usize],
    /// The years that are reported.
    pub years: &'a [u16],
}

/// One key that differs, or that a delta writes with the value that it had.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The key, such as `policy.assistance.class1.ratio`.
    pub key: String,
    /// The value in the first scenario; `None` where it has none.
    pub before: Option<Value>,
    /// The value in the second scenario.
    pub after: Option<Value>,
    /// Where the second scenario has it from; where it has none, the first.
    pub origin: Option<Origin>,
    /// What it can reach.
    pub touch: Touch,
}

/// What a change can reach in the counties and years of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// Nothing, as the files alone tell.
    Unfelt(Unfelt),
    /// The rules, of which these are named by the key (none: those that look the value up).
    Rules(Vec<String>),
    /// Persons, illness, enrolment, households or the fund.
    Draws,
    /// It is no valid scenario by itself, or there are too many changes to try each: only all together are known.
    Together,
}

/// Why a change reaches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfelt {
    /// The value is the one that it had.
    SameValue,
    /// The value is the one that applied anyway, a default or what another key gives.
    SameEffect,
    /// Only the status of the number differs, found, derived or assumed.
    Status,
    /// `--set` gives all scenarios another value.
    Overwritten(String),
    /// It is a title or a name.
    Label,
    /// It acts in these years only, which are not reported.
    OtherYears(Vec<u16>),
    /// It acts in counties only that are not simulated.
    OtherCounties,
    /// No rule, draw or test of these years reads it.
    Unread,
}

impl Touch {
    /// Whether the results could differ by it.
    #[must_use]
    pub const fn is_felt(&self) -> bool {
        !matches!(self, Self::Unfelt(_))
    }

    /// What both reach together.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Rules(mut rules), Self::Rules(more)) => {
                // Once each: what they moved is added up.
                let new: Vec<String> = more.into_iter().filter(|rule| !rules.contains(rule)).collect();
                rules.extend(new);
                Self::Rules(rules)
            }
            (one, other) if other.is_felt() && !one.is_felt() => other,
            (one, _) => one,
        }
    }
}

impl Change {
    /// File and line in which it is written.
    fn place(&self) -> Option<(&str, usize)> {
        self.origin.as_ref().map(|origin| (origin.file.as_str(), origin.line))
    }

    /// The key without the name of the policy.
    fn plain_key(&self) -> String {
        match self.key.split_once('[').zip(self.key.split_once("].")) {
            Some(((part, _), (_, key))) => format!("{part}.{key}"),
            None => self.key.clone(),
        }
    }
}

/// Everything that differs between two scenarios, in the order of the files.
#[must_use]
pub fn changes(base: &Scenario, other: &Scenario, extent: Extent<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    own_keys(base, other, &mut all);
    let deltas = own_deltas(base, other);
    let mut felt: Vec<(Change, Edit)> = Vec::new();
    for (number, (_, policy)) in base.files.policies.iter().enumerate() {
        let Some((_, same)) = other.files.policies.iter().find(|(_, one)| one.id == policy.id) else {
            continue;
        };
        let sides = (&policy.document, &same.document);
        felt.extend(differing("policy", sides, &deltas).map(|change| (change, Edit::Policy(number))));
    }
    let (a, b) = (&base.files, &other.files);
    let sides = (&a.place.document, &b.place.document);
    felt.extend(differing("place", sides, &deltas).map(|change| (change, Edit::Place)));
    let sides = (&a.model.document, &b.model.document);
    felt.extend(differing("model", sides, &deltas).map(|change| (change, Edit::Model)));
    let n_tried = felt.iter().filter(|(change, _)| change.touch.is_felt()).count();
    for (change, edit) in &mut felt {
        if change.touch.is_felt() && n_tried <= MOST_TRIED {
            change.touch = touch(base, change, *edit, extent);
        }
    }
    all.extend(merged(felt, |policy| &base.files.policies[policy].1.id));
    tables(base, other, extent, &mut all);
    let overwritten = overwritten(base, other);
    // What the command line gives both is no change of its own beside the one that it overwrites.
    all.retain(|change| {
        change.touch != Touch::Unfelt(Unfelt::SameValue)
            || overwritten.iter().all(|one| one.key != change.key)
    });
    all.extend(overwritten);
    statuses(base, other, &mut all);
    all
}

/// The deltas of the second scenario, but for those that the first is made of as well, whatever they are called there.
fn own_deltas<'a>(base: &Scenario, other: &'a Scenario) -> BTreeSet<&'a str> {
    let shared: BTreeSet<&String> = base.files.hashes.values().collect();
    let is_own = |file: &&str| other.files.hashes.get(*file).is_none_or(|content| !shared.contains(content));
    let origins = other.files.scenario.document.origins.values();
    origins.map(|origin| origin.file.as_str()).filter(is_own).collect()
}

/// One line of a delta changes every policy of a timeline: it is one change where it does the same to all of them, else
/// the key says of which policy.
fn merged<'a>(all: Vec<(Change, Edit)>, policy_id: impl Fn(usize) -> &'a str) -> Vec<Change> {
    let mut merged: Vec<(Change, Edit)> = Vec::new();
    for (change, edit) in all {
        let same = |(known, _): &&mut (Change, Edit)| {
            known.key == change.key
                && (&known.before, &known.after) == (&change.before, &change.after)
                && known.place() == change.place()
        };
        match merged.iter_mut().find(same) {
            Some((known, _)) => {
                known.touch =
                    std::mem::replace(&mut known.touch, Touch::Unfelt(Unfelt::Unread)).or(change.touch);
            }
            None => merged.push((change, edit)),
        }
    }
    let keys: Vec<String> = merged.iter().map(|(change, _)| change.key.clone()).collect();
    let named = |(mut change, edit): (Change, Edit)| {
        if let (Edit::Policy(number), Some(key)) = (edit, change.key.strip_prefix("policy."))
            && keys.iter().filter(|known| **known == change.key).count() > 1
        {
            change.key = format!("policy[{}].{key}", policy_id(number));
        }
        change
    };
    merged.into_iter().map(named).collect()
}

/// The numbers of which only the status differs, because the second scenario gives another source.
fn statuses(base: &Scenario, other: &Scenario, all: &mut Vec<Change>) {
    let (before, after) = (&base.provenance.status, &other.provenance.status);
    let is_listed = |key: &str, all: &[Change]| {
        all.iter().map(Change::plain_key).any(|known| key == known || key.starts_with(&format!("{known}.")))
    };
    for (key, status) in after {
        let Some(known) = before.get(key).filter(|known| *known != status && !is_listed(key, all)) else {
            continue;
        };
        let value = |status| serde_json::to_value(status).ok();
        all.push(Change {
            key: format!("{key} [[provenance]]"),
            before: value(known),
            after: value(status),
            origin: other.files.own.last().map(|file| Origin { file: file.clone(), line: 0, layer: 0 }),
            touch: Touch::Unfelt(Unfelt::Status),
        });
    }
}

/// What the scenario files say for themselves: the run, which policy, place and model. Titles and descriptions are what
/// a scenario is called, and no change.
fn own_keys(base: &Scenario, other: &Scenario, all: &mut Vec<Change>) {
    let own = |scenario: &Scenario| {
        let mut found = Vec::new();
        let keys = scenario.files.scenario.document.root.iter();
        for (key, value) in keys.filter(|(key, _)| !NAMES.contains(&key.as_str())) {
            leaves(value, key, &mut found);
        }
        found.into_iter().collect::<BTreeMap<String, Value>>()
    };
    let (before, after) = (own(base), own(other));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (a, b) = (before.get(key), after.get(key));
        if a.zip(b).is_some_and(|(a, b)| same_value(a, b)) {
            continue;
        }
        let documents = (&base.files.scenario.document, &other.files.scenario.document);
        all.push(Change {
            key: key.clone(),
            before: a.cloned(),
            after: b.cloned(),
            origin: origin(documents, key, b.is_some()),
            touch: Touch::Together,
        });
    }
}

fn origin((base, other): (&Document, &Document), key: &str, is_there: bool) -> Option<Origin> {
    if is_there { other.origin(key).cloned() } else { base.origin(key).cloned() }
}

/// The keys of one file that differ, and those that a delta (one of `deltas`) writes with the same value.
fn differing<'a>(
    part: &'a str,
    (base, other): (&'a Document, &'a Document),
    deltas: &'a BTreeSet<&str>,
) -> impl Iterator<Item = Change> + 'a {
    let values = |document: &Document| {
        let mut found = Vec::new();
        document.root.iter().for_each(|(key, value)| leaves(value, key, &mut found));
        found
    };
    let (before, after) = (values(base), values(other));
    let known: BTreeMap<String, Value> = before.iter().cloned().collect();
    let new: BTreeMap<String, Value> = after.iter().cloned().collect();
    let gone = before
        .into_iter()
        .filter(move |(key, _)| !new.contains_key(key))
        .map(|(key, value)| (key, Some(value), None));
    let there = after.into_iter().map(move |(key, value)| {
        let before = known.get(&key).cloned();
        (key, before, Some(value))
    });
    there.chain(gone).filter_map(move |(key, before, after)| {
        let is_same = before.as_ref().zip(after.as_ref()).is_some_and(|(a, b)| same_value(a, b));
        let origin = origin((base, other), &key, after.is_some());
        let is_written = origin.as_ref() != base.origin(&key)
            && origin.as_ref().is_some_and(|origin| deltas.contains(origin.file.as_str()));
        if is_same && !is_written {
            return None;
        }
        let touch = if is_same { Touch::Unfelt(Unfelt::SameValue) } else { Touch::Together };
        Some(Change { key: format!("{part}.{key}"), before, after, origin, touch })
    })
}

/// Persons by category and residents that differ between two places of the same counties.
fn tables(base: &Scenario, other: &Scenario, extent: Extent<'_>, all: &mut Vec<Change>) {
    let b = &other.files.tables;
    let origin = |file: &str| Some(Origin { file: file.to_owned(), line: 0, layer: 0 });
    for (position, one) in base.place.counties.iter().enumerate() {
        let Some(same) = other.place.counties.iter().find(|county| county.code == one.code) else { continue };
        let touch = if extent.counties.contains(&position) {
            Touch::Draws
        } else {
            Touch::Unfelt(Unfelt::OtherCounties)
        };
        for count in &one.categories {
            let there = same.categories.iter().find(|there| there.id == count.id).map(|there| there.persons);
            if there != Some(count.persons) {
                all.push(Change {
                    key: format!("place.categories.{}.{}", one.label_zh, count.id),
                    before: Some(count.persons.into()),
                    after: there.map(Into::into),
                    origin: origin(&b.categories.0),
                    touch: touch.clone(),
                });
            }
        }
        if (one.residents, one.rural, one.households) != (same.residents, same.rural, same.households) {
            all.push(Change {
                key: format!("place.counties.{}", one.label_zh),
                before: Some(one.all.into()),
                after: Some(same.all.into()),
                origin: origin(&b.counties.0),
                touch,
            });
        }
    }
}

/// What the second scenario writes and `--set` overwrites in both.
fn overwritten(base: &Scenario, other: &Scenario) -> Vec<Change> {
    let of_base = |one: &&Overwritten| {
        let same = |known: &Overwritten| known.key == one.key && same_value(&known.value, &one.value);
        base.files.overwritten.iter().any(same)
    };
    let new = other.files.overwritten.iter().filter(|one| !of_base(one));
    new.map(|one| Change {
        key: one.key.clone(),
        before: None,
        after: Some(one.value.clone()),
        origin: Some(one.origin.clone()),
        touch: Touch::Unfelt(Unfelt::Overwritten(one.by.clone())),
    })
    .collect()
}
