//! What the files of a scenario say in words: titles, labels, documents, where numbers come from. Nothing is computed
//! from it; the record of a run keeps it, so that a result can be read without the files.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::Scenario;
use super::document::{Document, leaves};
use crate::raw::{Provenance, Status};

/// Where some values come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The file in which it is written.
    pub file: String,
    /// What it covers.
    #[serde(flatten)]
    pub of: Provenance,
}

/// Where some counts of persons come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CountSource {
    /// Found, derived or assumed.
    pub status: Status,
    /// The source, or the reasoning where it is assumed.
    pub source: String,
    /// The same in Chinese, where the table gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_zh: Option<String>,
    /// How many counts have it.
    pub counts: usize,
}

impl Scenario {
    /// Titles, labels and documents by part and key, such as `place.income.rural.label.zh`. Clauses stand in the
    /// register of clauses.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        let policies = self.files.policies.iter().map(|(_, policy)| ("policy", &policy.id, &policy.document));
        let others = [
            ("place", &self.files.place.id, &self.files.place.document),
            ("model", &self.files.model.id, &self.files.model.document),
        ];
        for (part, id, document) in policies.chain(others) {
            of_document(&format!("{part} {id}"), document, &mut all);
        }
        of_document("scenario", &self.files.scenario.document, &mut all);
        all
    }

    /// Where the values of the policies, the place and the illness model come from, in the order of the files.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        let policies = self.files.policies.iter().map(|(_, policy)| &policy.provenance);
        let others =
            [&self.files.place.provenance, &self.files.model.provenance, &self.files.scenario.provenance];
        let mut all: Vec<Source> = Vec::new();
        for (file, of) in policies.chain(others).flatten() {
            let source = Source { file: file.clone(), of: of.clone() };
            // Policies of a timeline may build on one file.
            if !all.contains(&source) {
                all.push(source);
            }
        }
        all
    }

    /// Where the counts of persons of some counties come from, by status and source.
    #[must_use]
    pub fn count_sources(&self, counties: &[usize]) -> Vec<CountSource> {
        let mut all = BTreeMap::<(Status, &str, Option<&str>), usize>::new();
        let counts = counties.iter().flat_map(|&county| &self.place.counties[county].categories);
        for count in counts {
            *all.entry((count.status, &count.source, count.source_zh.as_deref())).or_default() += 1;
        }
        let sources = all.into_iter().map(|((status, source, source_zh), counts)| CountSource {
            status,
            source: source.to_owned(),
            source_zh: source_zh.map(ToOwned::to_owned),
            counts,
        });
        sources.collect()
    }
}

fn of_document(part: &str, document: &Document, all: &mut BTreeMap<String, String>) {
    for (key, value) in document.root.iter().filter(|(key, _)| *key != "clauses" && *key != "change") {
        let mut found = Vec::new();
        leaves(value, key, &mut found);
        for (path, value) in found {
            let last = path.rsplit('.').next().unwrap_or_default();
            let shown =
                last.ends_with("zh") || last.ends_with("en") || ["document", "in_force"].contains(&last);
            if let (true, Value::String(text)) = (shown, value) {
                all.insert(format!("{part}: {path}"), text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario;

    #[test]
    fn exact_titles_labels_and_sources_are_kept_with_their_keys() {
        let file = format!("{}/../../scenarios/fangchenggang.toml", env!("CARGO_MANIFEST_DIR"));
        let scenario = scenario::load(file.as_ref(), &[]).expect("a shipped scenario");
        let texts = scenario.texts();
        assert_eq!(texts["model guangxi: condition.dialysis_haemo.label_en"], "Haemodialysis");
        assert_eq!(texts["place fangchenggang: income.rural.label.zh"], "农村居民人均可支配收入");
        assert!(texts["policy fangchenggang-2022-08: about.document"].contains("2022年8月1日"));
        assert!(!texts.keys().any(|key| key.contains("clauses")));
        let sources = scenario.sources();
        assert!(
            sources
                .iter()
                .any(|one| one.of.covers == ["already_paid_share"] && one.file.ends_with("place.toml"))
        );
        let counts: usize = scenario.count_sources(&[0, 1]).iter().map(|one| one.counts).sum();
        assert_eq!(counts, 2 * scenario.policy.names.categories.len());
    }
}
