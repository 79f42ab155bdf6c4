//! What a scenario changes in the files that it names: of every policy, of one policy of a timeline, of place and model.

use serde_json::Value;

use super::document::{Document, leaves};
use super::fault::{Fault, Faults, nearest};
use super::load::{Chained, Files, Overwritten, Reader, Setting, Typed, remove};
use crate::lang::{Words, words};
use crate::policy::rule::Family;
use crate::raw;

/// What belongs to a file and cannot be changed from outside.
fn of_files() -> [(&'static str, Words); 2] {
    let extends = Words::new(
        "不能改动：一个文件沿用哪个文件，写在该文件之中",
        "cannot be changed: what a file builds on is written in the file itself",
    );
    let provenance = Words::new(
        "不能改动：请在方案文件中写一条[[provenance]]，覆盖`change.…`",
        "cannot be changed: write an entry of [[provenance]] into the scenario file, covering `change.…`",
    );
    [("extends", extends), ("provenance", provenance)]
}

impl Reader {
    /// Lays one `--set path=value` over the scenario.
    pub(super) fn set(&mut self, document: &mut Document, setting: &Setting) {
        let source = format!("--set {}", setting.path);
        let first = setting.path.split('.').next().unwrap_or_default();
        let path = match first {
            "policy" | "policies" | "place" | "model" => format!("change.{}", setting.path),
            _ => setting.path.clone(),
        };
        let everywhere = [path.clone()].into_iter().chain(of_one_policy(document, &path));
        for path in everywhere.collect::<Vec<_>>() {
            self.set_one(document, (&path, &source), setting);
        }
    }

    fn set_one(&mut self, document: &mut Document, (path, source): (&str, &str), setting: &Setting) {
        let quoted: Vec<String> = path.split('.').map(|key| format!("{key:?}")).collect();
        let dotted = quoted.join(".");
        let plain = format!("{dotted} = {}", setting.value);
        let mut trial = Faults::default();
        let mut over = Document::parse(source, &plain, &mut trial);
        if !trial.list.is_empty() {
            // A bare word is text: `--set place=baise`.
            over = Document::parse(source, &format!("{dotted} = {:?}", setting.value), &mut self.faults);
        }
        if let (Some(value), Some(origin)) = (document.get(path), document.origins.get(path)) {
            let key = path.strip_prefix("change.").unwrap_or(path).to_owned();
            self.overwritten.push(Overwritten {
                key,
                value: value.clone(),
                origin: origin.clone(),
                by: source.to_owned(),
            });
        }
        let file = document.file.clone();
        document.overlay(over);
        document.file = file;
    }

    /// A change of one policy names a policy of the scenario.
    pub(super) fn addressed(
        &mut self,
        scenario: &Typed<raw::settings::Scenario>,
        wanted: &[(Option<String>, String, String)],
    ) {
        for id in scenario.raw.change.policies.keys() {
            if wanted.iter().any(|(_, known, _)| known == id) && !id.contains('.') {
                continue;
            }
            let known: Vec<&str> = wanted.iter().map(|(_, known, _)| known.as_str()).collect();
            let all = Words::list(&known);
            let problem = Words::new(
                format!("方案中没有这个政策；方案中有{}", all.zh),
                format!("the scenario has no such policy; it has {}", all.en),
            );
            let hint = nearest(id, known.iter().copied());
            self.faults.push(scenario.document.fault(&format!("change.policies.{id}"), problem, hint));
        }
    }

    /// Lays the scenario's changes over a file and types it: those of every policy, then those of this one.
    pub(super) fn changed<T>(
        &mut self,
        scenario: &Typed<raw::settings::Scenario>,
        (part, id): (&str, &str),
        (mut document, provenance): Chained,
    ) -> Option<Typed<T>>
    where
        T: serde::de::DeserializeOwned + schemars::JsonSchema,
    {
        let file = document.file.clone();
        let own = (part == "policy").then(|| format!("policies.{id}"));
        if let Some(own) = &own {
            self.beside_each_other(scenario, own);
        }
        for part in [part].into_iter().chain(own.as_deref()) {
            let mut change = scenario.document.below(&format!("change.{part}"));
            for (key, problem) in of_files() {
                if change.take(key).is_some() {
                    let key = format!("change.{part}.{key}");
                    self.faults.push(scenario.document.fault(&key, problem, None));
                }
            }
            if own.is_some() {
                // What was laid over before belongs to the file of the change.
                document.file.clone_from(&file);
                for key in self.misspelt_rules(&document, &change, scenario.raw.timeline.is_some()) {
                    remove(&mut change.root, &key);
                }
            }
            if part == "model" {
                self.unknown_conditions(&document, &mut change);
            }
            document.overlay(change);
        }
        document.file = file;
        match part {
            "place" => self.outlook.place(&mut document, &mut self.faults),
            "policy" => self.outlook.policy(&mut document, &mut self.faults),
            _ => {}
        }
        self.typed(id, (document, provenance))
    }

    /// A change of a condition that the model does not have, and that is no whole condition of its own.
    fn unknown_conditions(&mut self, model: &Document, change: &mut Document) {
        let of = |document: &Document| document.get("condition").and_then(Value::as_object).cloned();
        let (Some(known), Some(changed)) = (of(model), of(change)) else { return };
        let is_whole =
            |entry: &Value| entry.as_object().is_none_or(|entry| entry.contains_key("year_mean_yuan"));
        for (id, _) in changed.iter().filter(|(id, entry)| !known.contains_key(*id) && !is_whole(entry)) {
            let hint = nearest(id, known.keys().map(String::as_str));
            let key = format!("condition.{id}");
            let problem =
                Words::new("疾病模型没有这种重特大疾病可供改动", "the model has no such condition to change");
            self.faults.push(change.fault(&key, problem, hint));
            remove(&mut change.root, &key);
        }
    }

    /// A key that is changed in every policy and otherwise in this one: the change of this one counts, and it is said.
    fn beside_each_other(&mut self, scenario: &Typed<raw::settings::Scenario>, own: &str) {
        let mut keys = Vec::new();
        let written = scenario.document.below(&format!("change.{own}")).root;
        written.iter().for_each(|(key, value)| leaves(value, key, &mut keys));
        for (key, _) in keys {
            let (all, one) = (format!("change.policy.{key}"), format!("change.{own}.{key}"));
            let (Some(of_all), Some(of_one)) = (scenario.document.get(&all), scenario.document.get(&one))
            else {
                continue;
            };
            if of_all != of_one {
                let words = Words::new(
                    format!("不影响该方案：{own}.{key} 另有规定"),
                    format!("does not reach this policy: {own}.{key} is written too"),
                );
                self.faults.warn(scenario.document.notice(&all, words));
            }
        }
    }

    /// A change of a rule that the policy does not have, and that is no whole rule of its own, is a misspelt one:
    /// the keys of such changes.
    fn misspelt_rules(&mut self, policy: &Document, change: &Document, in_timeline: bool) -> Vec<String> {
        let mut keys = Vec::new();
        let by_id = |section: &str| {
            Family::ALL.into_iter().any(|family| family.is_by_id() && family.section() == section)
        };
        for (section, entries) in change.root.iter().filter(|(section, _)| by_id(section)) {
            let none = serde_json::Map::new();
            let known = policy.root.get(section).and_then(Value::as_object).unwrap_or(&none);
            let Some(entries) = entries.as_object() else { continue };
            for (id, entry) in entries {
                let whole = entry.as_object().is_none_or(|entry| entry.contains_key("cite"));
                if !whole && !known.contains_key(id) {
                    let hint = nearest(id, known.keys().map(String::as_str));
                    let key = format!("{section}.{id}");
                    match self.faults.list.iter_mut().find(|fault| same_place(fault, change, &key)) {
                        // A change of every policy of a timeline that several of them lack is one slip.
                        Some(told) => {
                            let Words { zh, en } = &mut told.problem;
                            *zh = zh.replacen('；', &format!("、{}；", policy.file), 1);
                            *en = en.replacen(';', &format!(" and in {};", policy.file), 1);
                        }
                        None => {
                            let problem = no_rule(policy, in_timeline);
                            self.faults.push(change.fault(&key, problem, hint));
                        }
                    }
                    keys.push(key);
                }
            }
        }
        keys
    }
}

/// Said of a change of a rule that a policy does not have.
fn no_rule(policy: &Document, in_timeline: bool) -> Words {
    if in_timeline {
        words!(
            "以下政策没有这条规则可供改动：{file}；`change.policy`改动政策时间表中的每个政策，`change.policies.NAME`只改动一个",
            "there is no such rule to change in {file}; `change.policy` reaches every policy of a timeline, `change.policies.NAME` one alone",
            file = policy.file
        )
    } else {
        Words::new("政策中没有这条规则可供改动", "the policy has no such rule to change")
    }
}

/// Whether a fault stands at a key of a document.
fn same_place(fault: &Fault, document: &Document, key: &str) -> bool {
    let here = document.fault(key, Words::default(), None);
    (&fault.file, fault.line, &fault.key) == (&here.file, here.line, &here.key)
}

/// The changes of one policy alone that a change of every policy would not reach.
fn of_one_policy(document: &Document, path: &str) -> Vec<String> {
    let Some(key) = path.strip_prefix("change.policy.") else { return Vec::new() };
    let policies = document.get("change.policies").and_then(Value::as_object);
    let paths = policies.into_iter().flatten().map(|(id, _)| format!("change.policies.{id}.{key}"));
    paths.filter(|path| document.get(path).is_some()).collect()
}

/// Says at a fault of one policy of a timeline that a change of every policy may be what makes it.
pub(super) fn hint_at_timeline(files: &Files, id: &str, found: &mut [Fault]) {
    if files.policies.len() < 2 {
        return;
    }
    for fault in found.iter_mut().filter(|fault| fault.hint.is_none()) {
        let rule: Vec<&str> = fault.key.split('.').take(2).collect();
        if files.scenario.document.get(&format!("change.policy.{}", rule.join("."))).is_some() {
            fault.hint = Some(words!(
                "`change.policy.{rule}`也改动{id}，因为它改动政策时间表中的每个政策；`change.policies.NAME.{rule}`只改动一个",
                "`change.policy.{rule}` reaches {id} too, as every policy of the timeline; `change.policies.NAME.{rule}` changes one alone",
                rule = rule.join(".")
            ));
        }
    }
}
