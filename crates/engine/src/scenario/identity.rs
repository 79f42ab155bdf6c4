//! What a scenario is: its content as resolved, each part in its role. Names, titles and folders are no part of it.

use std::fmt::Debug;

use serde_json::Value;

use super::Scenario;

impl Scenario {
    /// BLAKE3 over everything that decides the results, each part in its role: which policy holds from which month,
    /// the place with its tables, the illness model, the years, seed and replicates, and the status of every number.
    ///
    /// Two runs with the same one, and the same years and counties reported, give the same tables. What is only
    /// a label of the scenario (its file, id, titles and descriptions) and where its files lie does not count;
    /// `--set` and the changes of a delta count by the content that they lead to: a value that is written as it
    /// was anyway, or a default that is written out, changes nothing.
    #[must_use]
    pub fn content_hash(&self) -> String {
        self.hash_with(&self.settings.run)
    }

    /// The same but for the number of replicates: what decides the results of a replicate, however many there are.
    #[must_use]
    pub fn replicate_hash(&self) -> String {
        self.hash_with(&crate::raw::settings::Run { replicates: 0, ..self.settings.run.clone() })
    }

    fn hash_with(&self, run: &crate::raw::settings::Run) -> String {
        let mut content = Content::default();
        content.part("run", run);
        for (number, (from, policy)) in self.files.policies.iter().enumerate() {
            content.part("policy from", from);
            content.part("policy", &policy.raw);
            // Only where it says more than that the policy holds from then on.
            if self.counts_whole_year(number) {
                content.part("tilts count whole year", &true);
            }
        }
        content.part("place", &self.files.place.raw);
        content.part("model", &self.files.model.raw);
        let tables = &self.files.tables;
        for (role, (_, text)) in [("counties", &tables.counties), ("categories", &tables.categories)] {
            content.part(role, &text.replace('\r', ""));
        }
        content.part("status", &self.provenance.status);
        content.finish()
    }

    /// The scenario file, as it was named; of deltas laid over each other, all of them.
    #[must_use]
    pub fn own_files(&self) -> &[String] {
        &self.files.own
    }

    /// The table of persons by category, and the file of the illness model.
    #[must_use]
    pub fn count_and_model_files(&self) -> (String, String) {
        (self.files.tables.categories.0.clone(), self.files.model.document.file.clone())
    }
}

/// A hash of typed values, each after its role and its length, so that no two contents are written alike.
#[derive(Default)]
pub(super) struct Content(blake3::Hasher);

impl Content {
    pub(super) fn finish(self) -> String {
        self.0.finalize().to_hex().to_string()
    }

    pub(super) fn part(&mut self, role: &str, value: &impl Debug) {
        for text in [role, &format!("{value:?}")] {
            self.0.update(&(text.len() as u64).to_le_bytes());
            self.0.update(text.as_bytes());
        }
    }
}

/// Whether two values say the same, however their numbers were written: 1 and 1.0, 0.9 and 0.90.
#[must_use]
pub fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.as_f64().is_some() && a.as_f64() == b.as_f64()),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(key, value)| b.get(key).is_some_and(|other| same_value(value, other));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_the_way_a_number_is_written_does_not_count() {
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert!(same_value(&value("[1, {\"a\": 0.90}]"), &value("[1.0, {\"a\": 0.9}]")));
        assert!(!same_value(&value("0.9"), &value("0.91")));
        assert!(!same_value(&value("[1]"), &value("[1, 1]")));
        assert!(!same_value(&value("{\"a\": 1}"), &value("{\"b\": 1}")));
    }
}
