//! The values of a scenario by the keys with which they can be changed.

use serde_json::Value;

use super::Scenario;
use super::document::{Document, leaves};

impl Scenario {
    /// The value of a key as `--set` writes it, such as `policy.assistance.margin.ratio`; of a key that several policies
    /// of a timeline have, that of the last one; `None` where nothing is written.
    #[must_use]
    pub fn value_of(&self, key: &str) -> Option<&Value> {
        let (part, rest) = key.split_once('.')?;
        let policies = self.files.policies.iter().rev();
        match part {
            "policy" => policies.into_iter().find_map(|(_, policy)| policy.document.get(rest)),
            "policies" => {
                let (id, rest) = rest.split_once('.')?;
                policies.into_iter().find(|(_, policy)| policy.id == id)?.1.document.get(rest)
            }
            "place" => self.files.place.document.get(rest),
            "model" => self.files.model.document.get(rest),
            _ => None,
        }
    }

    /// How `--set` addresses the policies that have a key: `policy` where the scenario has one alone, else
    /// `policies.NAME` of each that has it.
    #[must_use]
    pub fn policies_with(&self, key: &str) -> Vec<String> {
        let own = self.files.policies.iter().filter(|(_, policy)| policy.document.get(key).is_some());
        match self.files.policies.len() {
            1 => own.map(|_| "policy".to_owned()).collect(),
            _ => own.map(|(_, policy)| format!("policies.{}", policy.id)).collect(),
        }
    }

    /// The keys of all numbers that can be changed, each once.
    #[must_use]
    pub fn keys_of_numbers(&self) -> Vec<String> {
        let files = &self.files;
        let policies = files.policies.iter().map(|(_, policy)| ("policy", &policy.document));
        let others = [("place", &files.place.document), ("model", &files.model.document)];
        let mut keys: Vec<String> =
            policies.chain(others).flat_map(|(part, document)| numbers(part, document)).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

fn numbers(part: &str, document: &Document) -> Vec<String> {
    let mut all = Vec::new();
    document.root.iter().for_each(|(key, value)| leaves(value, key, &mut all));
    all.into_iter().filter(|(_, value)| value.is_number()).map(|(key, _)| format!("{part}.{key}")).collect()
}
