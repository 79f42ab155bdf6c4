//! Entries of values that vary: each names a level, a place, a year or a category that there is.

use serde_json::{Map, Value};

use super::{CATEGORY, Checker, LEVEL, LOCALITY, Named, REFERRAL};
use crate::lang::Words;
use crate::policy::claim::{Level, Locality};
use crate::raw::rules::Head;
use crate::scenario::document::join;
use crate::scenario::fault::nearest;

impl Checker<'_, '_> {
    /// Every table `by_level`, `by_place`, `by_referral`, `by_year` and `by_category` of the file.
    pub(super) fn varying(&mut self) {
        let document = self.document;
        for (key, value) in &document.root {
            self.tables_below(value, key);
        }
    }

    fn tables_below(&mut self, value: &Value, path: &str) {
        match value {
            Value::Object(table) => {
                for (key, value) in table {
                    let at = join(path, key);
                    if let Some(entries) = value.as_object() {
                        self.entries(key, entries, (path, &at));
                    }
                    self.tables_below(value, &at);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.tables_below(item, &join(path, &index.to_string()));
                }
            }
            _ => {}
        }
    }

    fn entries(&mut self, way: &str, entries: &Map<String, Value>, (value, path): (&str, &str)) {
        match way {
            "by_level" => self.among(entries, path, (LEVEL, Level::NAMES)),
            "by_place" => self.among(entries, path, (LOCALITY, Locality::NAMES)),
            "by_referral" => self.among(entries, path, (REFERRAL, &["referred", "unreferred"])),
            "by_year" => {
                for year in entries.keys().filter(|key| !is_year(key)) {
                    self.fault(
                        &join(path, year),
                        Words::new("应为2000至2100之间的年度", "must be a calendar year from 2000 to 2100"),
                    );
                }
            }
            "by_category" => {
                for id in entries.keys() {
                    self.entry_of_category(id, (value, path));
                }
            }
            _ => {}
        }
    }

    fn among(&mut self, entries: &Map<String, Value>, path: &str, (what, known): (Named, &[&str])) {
        for name in entries.keys().filter(|name| !known.contains(&name.as_str())) {
            let hint = nearest(name, known.iter().copied());
            let fault = self.document.fault(&join(path, name), what.unknown(name), hint);
            self.faults.push(fault);
        }
    }

    /// A category that is not there, or that the rule is not for.
    fn entry_of_category(&mut self, id: &str, (value, path): (&str, &str)) {
        let at = join(path, id);
        if self.is_unknown(id) {
            let hint = nearest(id, self.names_of_categories());
            self.faults.push(self.document.fault(&at, CATEGORY.unknown(id), hint));
            return;
        }
        let Some((list, whom)) = self.for_whom(value) else { return };
        if whom.iter().any(|name| name == id) {
            return;
        }
        // What an earlier file of the chain wrote cannot be taken away by a later one that narrows the rule.
        let layer = |key: &str| self.document.origin(key).map(|origin| origin.layer);
        let whom = Words::list(&whom);
        let en = format!("the rule is not for `{id}`; it is for {}", whom.en);
        if layer(&at) >= layer(&list) {
            let zh = format!("该规则不适用于`{id}`，只适用于{}", whom.zh);
            self.fault(&at, Words::new(zh, en));
        } else {
            let zh = format!("该规则不适用于`{id}`，此值未被使用");
            self.faults.warn(self.document.notice(&at, Words::new(zh, en)));
        }
    }

    /// The key and the ids of the categories of the rule that a value belongs to; `None` where all are meant.
    fn for_whom(&self, value: &str) -> Option<(String, Vec<String>)> {
        let (section, rest) = value.split_once('.')?;
        let rule = format!("{section}.{}", rest.split('.').next()?);
        let of = |head: &Head<'_>| head.family.has_values_by_category() && head.path() == rule;
        let who = self.raw.rules_as_written().into_iter().find(of)?.who?;
        let list = format!("{rule}.who.categories");
        Some((list, who.categories.clone().unwrap_or_else(|| self.raw.rank.clone())))
    }
}

/// Whether a key is a year that a scenario could run.
pub(super) fn is_year(key: &str) -> bool {
    key.len() == 4 && key.parse::<u16>().is_ok_and(|year| (2000..=2100).contains(&year))
}
