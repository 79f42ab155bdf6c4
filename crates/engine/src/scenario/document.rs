//! A TOML file as a tree of values in which every key remembers its file and line, and the merging of files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Faults};
use super::notice::Notice;
use super::provenance::covers;
use crate::lang::{Words, words};
use crate::shown::is_obeyed;

/// Where a key was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file as the user would name it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// Which of the documents laid over each other it was, from 0: what is laid over another counts higher.
    pub layer: usize,
}

/// A merged document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The tree.
    pub root: Map<String, Value>,
    /// The origin of each key, by path (`a.b.0.c`); later files win.
    pub origins: BTreeMap<String, Origin>,
    /// The name of the file whose document this is, for faults without a key.
    pub file: String,
    /// The keys of values that no file gives: they continue those of earlier years.
    pub(super) continued: BTreeSet<String>,
    /// How many documents were laid over this one.
    layers: usize,
}

/// The path of a key below another.
#[must_use]
pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl Document {
    /// Reads TOML text; every syntax fault is reported with its line.
    pub fn parse(file: &str, text: &str, faults: &mut Faults) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        for error in &errors {
            let line = error.span().map(|span| line_of(&ends, span.start));
            faults.push(Fault {
                file: file.to_owned(),
                line,
                problem: not_toml(error.message()),
                ..Fault::default()
            });
        }
        let mut document = Self { file: file.to_owned(), ..Self::default() };
        let reader = Reader { file, ends };
        document.root = reader.table(table.get_ref(), "", &mut document.origins);
        document.no_controls(faults);
        document
    }

    /// TOML may write as `\u001b` what no name should have: a terminal would obey it, and no chart or paper can hold it.
    fn no_controls(&self, faults: &mut Faults) {
        let mut all = Vec::new();
        self.root.iter().for_each(|(key, value)| texts(value, key, &mut all));
        for (key, one) in all {
            faults.push(Fault { value: String::new(), ..self.fault(&key, no_control(one), Some(delete())) });
        }
    }

    /// Lays another document over this one: tables are merged, everything else is replaced.
    pub fn overlay(&mut self, mut over: Self) {
        self.layers += 1;
        over.origins.values_mut().for_each(|origin| origin.layer += self.layers);
        self.layers += over.layers;
        merge(&mut self.root, over.root, "", &mut self.origins, &over.origins);
        self.file = over.file;
    }

    /// Takes a key out of the tree.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        self.root.shift_remove(key)
    }

    /// The part of the document below a key, with paths and origins of its own.
    #[must_use]
    pub fn below(&self, path: &str) -> Self {
        let mut node = Some(&self.root);
        for key in path.split('.') {
            node = node.and_then(|table| table.get(key)).and_then(Value::as_object);
        }
        let prefix = format!("{path}.");
        let origins = self
            .origins
            .iter()
            .filter_map(|(key, origin)| {
                key.strip_prefix(&prefix).map(|rest| (rest.to_owned(), origin.clone()))
            })
            .collect();
        let (root, file) = (node.cloned().unwrap_or_default(), self.file.clone());
        Self { root, origins, file, continued: BTreeSet::new(), layers: self.layers }
    }

    /// The origin of a key or of the nearest key above it; of a path with stars the last one written that it covers.
    #[must_use]
    pub fn origin(&self, path: &str) -> Option<&Origin> {
        if path.contains('*') {
            let covered = self.origins.iter().filter(|(key, _)| covers(path, key));
            let last = covered.max_by_key(|(_, origin)| (origin.layer, origin.line));
            return last.map(|(_, origin)| origin);
        }
        let mut path = path;
        loop {
            if let Some(origin) = self.origins.get(path) {
                return Some(origin);
            }
            path = path.rsplit_once('.')?.0;
        }
    }

    /// Whether a value is written at or below a path, which may have stars.
    #[must_use]
    pub fn has_covered(&self, pattern: &str) -> bool {
        let first = pattern.split('.').next().unwrap_or_default();
        self.origins.keys().any(|key| covers(pattern, key))
            && (first.contains('*') || self.root.contains_key(first))
    }

    /// The value at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut keys = path.split('.');
        let mut node = self.root.get(keys.next()?)?;
        for key in keys {
            node = match node {
                Value::Object(table) => table.get(key)?,
                Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// A fault at a key of this document; what is missing from the whole file stands at its beginning.
    #[must_use]
    pub fn fault(&self, key: &str, problem: Words, hint: Option<Words>) -> Fault {
        let origin = self.origin(key);
        Fault {
            file: origin.map_or_else(|| self.file.clone(), |origin| origin.file.clone()),
            line: Some(origin.map_or(1, |origin| origin.line)),
            key: key.to_owned(),
            value: self.shown(key),
            problem,
            hint,
        }
    }

    /// A notice at a key of this document.
    #[must_use]
    pub fn notice(&self, key: &str, problem: Words) -> Notice {
        let origin = self.origin(key);
        Notice {
            file: origin.map_or_else(|| self.file.clone(), |origin| origin.file.clone()),
            line: Some(origin.map_or(1, |origin| origin.line)),
            key: key.to_owned(),
            value: self.shown(key),
            problem,
            usual: None,
        }
    }

    /// A single value as a message shows it; nothing for tables and lists.
    fn shown(&self, key: &str) -> String {
        match self.get(key) {
            Some(Value::Object(_) | Value::Array(_)) | None => String::new(),
            Some(value) => value.to_string(),
        }
    }
}

/// What is said of a character that is obeyed instead of shown.
pub(super) fn no_control(one: char) -> Words {
    words!(
        "含有控制字符U+{code:04X}，读者看不见它",
        "holds the control character U+{code:04X}, which is nothing that a reader sees",
        code = u32::from(one)
    )
}

/// What to do with a control character.
pub(super) fn delete() -> Words {
    Words::new("请删去", "delete it")
}

/// What the reader of TOML says, with its most frequent sentences in Chinese; of all others what to look at.
fn not_toml(said: &str) -> Words {
    let known = [
        ("duplicate key", "同一个键写了两次"),
        ("unclosed", "引号或括号没有配对"),
        ("invalid basic string", "文本的引号没有写完整"),
        ("invalid literal string", "文本的引号没有写完整"),
        ("missing value", "等号后面没有值"),
        ("key with no value", "键后面没有等号和值"),
        ("string values must be quoted", "文本必须写在引号里"),
        ("missing opening quote", "文本前面少了引号"),
        ("extra", "多出了符号"),
    ];
    let found = known.iter().find(|(start, _)| said.starts_with(start));
    let zh = found.map_or("请检查这一行的引号、括号、等号和逗号", |(_, zh)| zh);
    Words::new(format!("不符合TOML格式：{zh}"), format!("not valid TOML: {said}"))
}

/// The keys and texts below a key that hold a character which is obeyed, each with its path.
fn texts(value: &Value, path: &str, out: &mut Vec<(String, char)>) {
    let obeyed = |text: &str| text.chars().find(|&one| is_obeyed(one) && one != '\r');
    if let Some(one) = obeyed(path) {
        // What is below has the same key in its path.
        out.push((path.to_owned(), one));
        return;
    }
    match value {
        Value::String(text) => out.extend(obeyed(text).map(|one| (path.to_owned(), one))),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| texts(item, &join(path, &at.to_string()), out));
        }
        Value::Object(table) => table.iter().for_each(|(key, value)| texts(value, &join(path, key), out)),
        _ => {}
    }
}

/// The values below a key that are no tables, with their paths; a list is one value.
pub fn leaves(value: &Value, path: &str, out: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(table) => table.iter().for_each(|(key, value)| leaves(value, &join(path, key), out)),
        other => out.push((path.to_owned(), other.clone())),
    }
}

fn merge(
    under: &mut Map<String, Value>,
    over: Map<String, Value>,
    path: &str,
    origins: &mut BTreeMap<String, Origin>,
    over_origins: &BTreeMap<String, Origin>,
) {
    for (key, value) in over {
        let path = join(path, &key);
        match (under.get_mut(&key), value) {
            (Some(Value::Object(below)), Value::Object(table)) => {
                // What is missing from the table is missing where it was written last.
                if let Some(origin) = over_origins.get(&path) {
                    origins.insert(path.clone(), origin.clone());
                }
                merge(below, table, &path, origins, over_origins);
            }
            (_, value) => {
                let inner = format!("{path}.");
                origins.retain(|key, _| key != &path && !key.starts_with(&inner));
                let new = over_origins.iter().filter(|(key, _)| *key == &path || key.starts_with(&inner));
                origins.extend(new.map(|(key, origin)| (key.clone(), origin.clone())));
                under.insert(key, value);
            }
        }
    }
}

/// The line of a place in a text, from 1, of which the ends of lines are given.
fn line_of(ends: &[usize], offset: usize) -> usize {
    ends.partition_point(|&end| end < offset) + 1
}

struct Reader<'a> {
    file: &'a str,
    ends: Vec<usize>,
}

impl Reader<'_> {
    fn table(
        &self,
        table: &DeTable<'_>,
        path: &str,
        origins: &mut BTreeMap<String, Origin>,
    ) -> Map<String, Value> {
        let mut map = Map::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = join(path, name);
            let line = line_of(&self.ends, key.span().start);
            origins.insert(path.clone(), Origin { file: self.file.to_owned(), line, layer: 0 });
            let value = self.value(value, &path, origins);
            map.insert(name.to_owned(), value);
        }
        map
    }

    fn value(
        &self,
        value: &Spanned<DeValue<'_>>,
        path: &str,
        origins: &mut BTreeMap<String, Origin>,
    ) -> Value {
        match value.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| Value::String(number.as_str().to_owned()), Value::from),
            DeValue::Float(number) => number
                .as_str()
                .parse::<f64>()
                .ok()
                .and_then(serde_json::Number::from_f64)
                .map_or_else(|| Value::String(number.as_str().to_owned()), Value::Number),
            DeValue::Boolean(yes) => Value::Bool(*yes),
            DeValue::Datetime(date) => Value::String(date.to_string()),
            DeValue::Array(items) => Value::Array(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        let path = join(path, &index.to_string());
                        let line = line_of(&self.ends, item.span().start);
                        origins.insert(path.clone(), Origin { file: self.file.to_owned(), line, layer: 0 });
                        self.value(item, &path, origins)
                    })
                    .collect(),
            ),
            DeValue::Table(table) => Value::Object(self.table(table, path, origins)),
        }
    }
}
