//! Deltas on one base laid over each other: `a.toml+b.toml`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::document::Document;
use super::find::stem;
use super::identity::same_value;
use super::load::{Chained, Reader};
use crate::lang::{Words, words};

/// What every delta may write for itself; the titles of all are joined.
const OWN: [&str; 5] = ["base", "title_zh", "title_en", "description_zh", "description_en"];

impl Reader {
    /// The base of all deltas with each of them laid over it, in order. A key that two of them change otherwise is
    /// a fault: which one counts must not depend on the order in which they are named.
    pub(super) fn composed(&mut self, paths: &[PathBuf]) -> Option<Chained> {
        let mut deltas: Vec<(PathBuf, Chained)> = Vec::new();
        for path in paths {
            let own = self.own(path)?;
            match self.below(path, "base", &own.0) {
                Some(Ok(base)) => deltas.push((base, own)),
                Some(Err(())) => return None,
                None => {
                    let problem = Words::new(
                        "没有写`base`：用`+`连接的只能是改动方案",
                        "names no `base`: only deltas can be joined by `+`",
                    );
                    self.faults.file(&path.display().to_string(), problem);
                    return None;
                }
            }
        }
        let n_faults = self.faults.list.len();
        for (number, (base, (delta, _))) in deltas.iter().enumerate() {
            for (other_base, (other, _)) in &deltas[..number] {
                if !self.is_same(base, other_base) {
                    let problem = words!(
                        "{other}的基准方案是{base}：用`+`连接的改动方案必须有同一个基准方案",
                        "{other} is a delta on {base}: deltas that are joined must be on the same base",
                        other = other.file,
                        base = other_base.display()
                    );
                    self.faults.push(delta.fault("base", problem, None));
                }
                self.conflicts(other, delta);
            }
        }
        if self.faults.list.len() > n_faults {
            return None;
        }
        let base = deltas.first()?.0.clone();
        let (mut whole, mut provenance) = self.chain(&base, "base", &[])?;
        let titles = joined(&deltas);
        for (_, (delta, own)) in deltas {
            whole.overlay(delta);
            provenance.extend(own);
        }
        for (key, title) in titles {
            whole.root.insert(key.to_owned(), Value::String(title));
        }
        Some((whole, provenance))
    }

    /// A fault for every key that both deltas change, unless to the same value.
    fn conflicts(&mut self, one: &Document, other: &Document) {
        let theirs = leaves(one);
        for (key, value) in leaves(other) {
            let same_key = |(known, _): &&(String, Value)| {
                *known == key
                    || known.starts_with(&format!("{key}."))
                    || key.starts_with(&format!("{known}."))
            };
            let Some((known, before)) = theirs.iter().find(same_key) else { continue };
            if *known == key && same_value(before, &value) {
                continue;
            }
            let line = one.origin(known).map_or(0, |origin| origin.line);
            let problem = words!(
                "{one}第{line}行改动了同一个键（{known} = {before}）：用`+`连接的改动方案不能改动同一个键",
                "{one}:{line} changes the same key ({known} = {before}): deltas that are joined must not",
                one = one.file
            );
            self.faults.push(other.fault(&key, problem, None));
        }
    }
}

/// The keys that a delta changes, with their values; a list is one value.
fn leaves(document: &Document) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (key, value) in document.root.iter().filter(|(key, _)| !OWN.contains(&key.as_str())) {
        super::document::leaves(value, key, &mut all);
    }
    all
}

/// The titles and descriptions of all deltas, joined; where one has none, the name of its file stands for it.
fn joined(deltas: &[(PathBuf, Chained)]) -> Vec<(&'static str, String)> {
    let own = |key: &str, delta: &Document| {
        let text = delta.root.get(key).and_then(Value::as_str);
        text.map_or_else(|| stem(Path::new(&delta.file)), ToOwned::to_owned)
    };
    OWN[1..]
        .iter()
        .map(|key| {
            let texts: Vec<String> = deltas.iter().map(|(_, (delta, _))| own(key, delta)).collect();
            (*key, texts.join(" + "))
        })
        .collect()
}
