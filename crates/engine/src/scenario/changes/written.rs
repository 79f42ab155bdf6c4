//! What is written in files that differ, key by key, and which keys belong together.

use std::collections::BTreeSet;

use serde_json::Value;

use super::touch::{Edit, put_all};
use super::{Change, differing};
use crate::scenario::Scenario;
use crate::scenario::document::{Document, Origin};
use crate::scenario::load::Files;

/// The most keys of a line that its name holds; `changes.csv` has all of them.
const MOST_NAMED: usize = 6;

/// What is named or stands beside the scenario file, and is switched as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whole {
    /// The policy or the timeline, what becomes of a transition, and which sources of uncertainty are left out.
    Policy,
    Place,
    Model,
    /// The tables beside the place file.
    Tables,
}

/// A key of a file that differs.
#[derive(Debug, Clone)]
pub(super) struct KeyEdit {
    pub part: Whole,
    pub edit: Edit,
    /// The id of the policy; empty for others.
    pub policy: String,
    /// The key in its file.
    pub key: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub origin: Option<Origin>,
}

impl KeyEdit {
    pub fn is_of(&self, change: &Change) -> bool {
        let part = match self.part {
            Whole::Policy => "policy",
            Whole::Place | Whole::Tables => "place",
            Whole::Model => "model",
        };
        change.plain_key().strip_prefix(part).and_then(|key| key.strip_prefix('.')) == Some(&self.key)
            && (&change.before, &change.after) == (&self.before, &self.after)
            && change.place() == place_of(self)
    }

    pub fn put(&self, files: &mut Files, value: Option<&Value>) {
        let place = (self.key.as_str(), self.origin.as_ref());
        match self.edit {
            Edit::Policy(_) => {
                let own = files.policies.iter_mut().find(|(_, policy)| policy.id == self.policy);
                own.into_iter().for_each(|(_, policy)| put_all(&mut policy.document, place, value));
            }
            Edit::Place => put_all(&mut files.place.document, place, value),
            Edit::Model => put_all(&mut files.model.document, place, value),
        }
    }
}

/// All keys that differ between the files of two scenarios, in the order of the second.
pub(super) fn edits(base: &Scenario, other: &Scenario) -> Vec<KeyEdit> {
    let none = BTreeSet::new();
    let mut all = Vec::new();
    let mut of = |(part, edit, policy): (Whole, Edit, &str), sides: (&Document, &Document)| {
        let new = differing("", sides, &none).map(|change| KeyEdit {
            part,
            edit,
            policy: policy.to_owned(),
            key: change.key.trim_start_matches('.').to_owned(),
            before: change.before,
            after: change.after,
            origin: change.origin,
        });
        all.extend(new);
    };
    for (number, (_, policy)) in base.files.policies.iter().enumerate() {
        let same = other.files.policies.iter().find(|(_, one)| one.id == policy.id);
        if let Some((_, same)) = same {
            of((Whole::Policy, Edit::Policy(number), &policy.id), (&policy.document, &same.document));
        }
    }
    let (a, b) = (&base.files, &other.files);
    of((Whole::Place, Edit::Place, ""), (&a.place.document, &b.place.document));
    of((Whole::Model, Edit::Model, ""), (&a.model.document, &b.model.document));
    all
}

/// What the scenario files themselves name otherwise.
pub(super) fn own_wholes(changes: &[Change]) -> BTreeSet<Whole> {
    let named = |change: &Change| match change.key.split('.').next()? {
        "policy" | "timeline" if change.key.split('.').count() == 1 => Some(Whole::Policy),
        "run" if ["run.after_transition", "run.without"].contains(&change.key.as_str()) => {
            Some(Whole::Policy)
        }
        "place" if change.key == "place" => Some(Whole::Place),
        "model" if change.key == "model" => Some(Whole::Model),
        _ => None,
    };
    changes.iter().filter_map(named).collect()
}

/// What is switched as a whole by a change that is no key of a file.
pub(super) fn whole_of(change: &Change, named: &BTreeSet<Whole>) -> Option<Whole> {
    let own = own_wholes(std::slice::from_ref(change)).pop_first();
    let is_table = ["place.categories.", "place.counties."].iter().any(|table| change.key.starts_with(table))
        && change.origin.as_ref().is_some_and(|origin| origin.file.ends_with(".csv"));
    let tables = if named.contains(&Whole::Place) { Whole::Place } else { Whole::Tables };
    own.or(is_table.then_some(tables))
}

/// For each edit the group that it belongs to, by the number of its first edit; behind the last: what is switched as a
/// whole with what the scenario files name.
pub(super) fn groups(
    edits: &[KeyEdit],
    (base, other): (&Scenario, &Scenario),
    named: &BTreeSet<Whole>,
) -> Vec<usize> {
    let files = [base, other].map(|one| one.files.scenario.document.origins.values());
    let deltas: BTreeSet<&str> = files.into_iter().flatten().map(|origin| origin.file.as_str()).collect();
    let tables: Vec<Option<String>> = edits.iter().map(|edit| table_of(edit, (base, other))).collect();
    let mut group_of: Vec<usize> = (0..edits.len()).collect();
    for (number, edit) in edits.iter().enumerate() {
        let is_delta = edit.origin.as_ref().is_some_and(|origin| deltas.contains(origin.file.as_str()));
        if named.contains(&edit.part) && !is_delta {
            let old = group_of[number];
            let whole = edits.len() + edit.part as usize;
            group_of.iter_mut().filter(|group| **group == old).for_each(|group| *group = whole);
            continue;
        }
        for (earlier, known) in edits[..number].iter().enumerate() {
            let one_file = known.part == edit.part && known.policy == edit.policy;
            let one_line =
                known.origin.is_some() && known.part == edit.part && place_of(known) == place_of(edit);
            let one_table = one_file && tables[number].is_some() && tables[number] == tables[earlier];
            if one_line || one_table || (one_file && holds_other(&known.key, &edit.key)) {
                let (from, to) = (group_of[number], group_of[earlier]);
                group_of.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
    }
    group_of
}

fn place_of(edit: &KeyEdit) -> Option<(&str, usize)> {
    edit.origin.as_ref().map(|origin| (origin.file.as_str(), origin.line))
}

/// Whether one key is a table in which the other stands.
fn holds_other(one: &str, two: &str) -> bool {
    let below =
        |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    below(one, two) || below(two, one)
}

/// The outermost table around a key that only one of the scenarios has; `None` where both have the table of the key.
fn table_of(edit: &KeyEdit, (base, other): (&Scenario, &Scenario)) -> Option<String> {
    let lacking = if edit.after.is_some() { base } else { other };
    let files = &lacking.files;
    let document = match edit.edit {
        Edit::Policy(_) => &files.policies.iter().find(|(_, policy)| policy.id == edit.policy)?.1.document,
        Edit::Place => &files.place.document,
        Edit::Model => &files.model.document,
    };
    let dots = edit.key.match_indices('.').map(|(at, _)| &edit.key[..at]);
    dots.into_iter().find(|path| document.get(path).is_none()).map(ToOwned::to_owned)
}

/// Several keys as one text: what they begin with, then what tells them apart.
pub(super) fn together(keys: &[&str]) -> String {
    let [first, rest @ ..] = keys else { return String::new() };
    if rest.is_empty() {
        return (*first).to_owned();
    }
    let parts: Vec<Vec<&str>> = keys.iter().map(|key| key.split('.').collect()).collect();
    let n = parts.iter().map(|parts| parts.len() - 1).min().unwrap_or(0);
    let common = (0..n).take_while(|&at| parts.iter().all(|own| own[at] == parts[0][at])).count();
    if common < 2 {
        let named = keys[..keys.len().min(MOST_NAMED)].join(" + ");
        return if keys.len() > MOST_NAMED { format!("{named} + … ({})", keys.len()) } else { named };
    }
    let mut ends: Vec<String> =
        parts.iter().take(MOST_NAMED).map(|parts| parts[common..].join(".")).collect();
    if keys.len() > MOST_NAMED {
        ends.push(format!("… ({})", keys.len()));
    }
    format!("{}.{{{}}}", parts[0][..common].join("."), ends.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_keys_of_one_line_are_named_by_what_they_share() {
        assert_eq!(together(&["policy.a.b.ratio"]), "policy.a.b.ratio");
        let years = ["policy.subsidy.x.share.by_year.2023", "policy.subsidy.x.share.by_year.2024"];
        assert_eq!(together(&years), "policy.subsidy.x.share.by_year.{2023, 2024}");
        assert_eq!(together(&["policy.a.b.ratio", "policy.a.b"]), "policy.a.{b.ratio, b}");
        assert_eq!(together(&["policy.a.b", "place.c"]), "policy.a.b + place.c");
    }
}
