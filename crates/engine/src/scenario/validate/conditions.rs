//! Conditions that can never be met, and entries that change nothing.

use serde_json::Value;

use super::Checker;
use crate::policy::claim::{Insurance, Kind, Level, Locality};
use crate::raw::policy as raw;
use crate::scenario::document::join;
use crate::scenario::notice::Words;

/// Lists that must name something: an empty one fits nothing.
const NEVER_EMPTY: [&str; 7] =
    ["categories", "insurance", "kinds", "levels", "places", "changes", "diseases"];

/// Lists in which a name stands once.
const ONCE: [&str; 11] = [
    "categories",
    "insurance",
    "kinds",
    "levels",
    "places",
    "changes",
    "traits",
    "without_traits",
    "diseases",
    "without_diseases",
    "by_standard_of",
];

impl Checker<'_, '_> {
    /// Empty lists, doubled names, traits both asked and excluded.
    pub(super) fn conditions(&mut self) {
        let document = self.document;
        for (key, value) in document.root.iter().filter(|(key, _)| *key != "clauses") {
            self.lists_below(value, key);
        }
    }

    fn lists_below(&mut self, value: &Value, path: &str) {
        match value {
            Value::Object(table) => {
                self.contrary(table, path, ("traits", "without_traits", "nobody fits"));
                self.contrary(table, path, ("diseases", "without_diseases", "no claim fits"));
                for (key, value) in table {
                    let at = join(path, key);
                    if let Value::Array(items) = value {
                        self.list(key, items, &at);
                    }
                    self.lists_below(value, &at);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.lists_below(item, &join(path, &index.to_string()));
                }
            }
            _ => {}
        }
    }

    fn list(&mut self, key: &str, items: &[Value], path: &str) {
        // Critical-illness insurance of no insurance at all can be meant.
        let meant = path == "critical.insurance";
        if items.is_empty() && NEVER_EMPTY.contains(&key) && !meant {
            self.fault(path, "is empty, so it never applies; leave the key out where there is no condition");
        }
        if items.is_empty() && key.starts_with("without_") {
            self.fault(path, "is empty, so it excludes nothing; leave the key out");
        }
        if !ONCE.contains(&key) {
            return;
        }
        for (number, item) in items.iter().enumerate() {
            if items[..number].contains(item) {
                self.fault(&join(path, &number.to_string()), "stands twice in this list");
            }
        }
    }

    /// What is asked for is not excluded too.
    fn contrary(
        &mut self,
        table: &serde_json::Map<String, Value>,
        path: &str,
        (with, without, then): (&str, &str, &str),
    ) {
        let (Some(Value::Array(asked)), Some(Value::Array(excluded))) = (table.get(with), table.get(without))
        else {
            return;
        };
        for (number, name) in excluded.iter().enumerate().filter(|(_, name)| asked.contains(name)) {
            let problem = format!("{name} is asked for in `{with}` and excluded here: {then}");
            self.fault(&format!("{path}.{without}.{number}"), problem);
        }
    }

    /// The groups of a tilt: each kind of claim in one group, and only kinds that the tilt looks at.
    pub(super) fn groups(&mut self, key: &str, rule: &raw::Tilt) {
        for (number, group) in rule.groups.iter().enumerate() {
            for (position, kind) in group.kinds.iter().enumerate() {
                let at = format!("{key}.groups.{number}.kinds.{position}");
                let name = kind.name();
                if let Some(first) = rule.groups[..number].iter().position(|other| other.kinds.contains(kind))
                {
                    let problem = format!(
                        "`{name}` stands in group {} already; a claim would be topped up twice",
                        first + 1
                    );
                    self.fault(&at, problem);
                }
                if rule.when.kinds.as_ref().is_some_and(|kinds| !kinds.contains(kind)) {
                    self.fault(
                        &at,
                        format!("`{name}` is not among `when.kinds`, so that no claim of it counts"),
                    );
                }
            }
        }
    }

    /// What a list needs to lead to a recognition.
    pub(super) fn recognition(&mut self, key: &str, rule: &raw::Watch) {
        let given = [
            ("verification_share", rule.verification_share.is_some()),
            ("delay_months", rule.delay_months.is_some()),
        ];
        for (name, _) in given.iter().filter(|(_, given)| *given && rule.recognised_as.is_none()) {
            self.fault(&format!("{key}.{name}"), "changes nothing without `recognised_as`");
        }
        if rule.recognised_as.is_some() && rule.verification_share.is_none_or(|share| share.0 == 0.0) {
            let words = Words::new(
                "核实比例为0，无人会被认定",
                "nobody is ever recognised: `verification_share` is 0",
            );
            self.faults.warn(self.document.notice(&format!("{key}.recognised_as"), words));
        }
    }

    /// `ordinary` stands for no identity, so that nobody can be recognised as it.
    pub(super) fn recognised_as(&mut self, key: &str, category: &str) {
        self.category(key, category);
        if category == "ordinary" {
            self.fault(key, "`ordinary` stands for no identity; name a category of `rank`");
        }
    }

    /// An adjustment changes something, and of each rule that it names.
    pub(super) fn adjusts(&mut self, key: &str, rule: &raw::Adjustment) {
        let is = |value: Option<f64>, neutral: f64| value.is_none_or(|value| (value - neutral).abs() < 5e-7);
        let given = rule.times.is_some() || rule.points.is_some() || rule.deductible_times.is_some();
        if given
            && rule.deductible_yuan.is_none()
            && is(rule.times, 1.0)
            && is(rule.points, 0.0)
            && is(rule.deductible_times, 1.0)
        {
            self.fault(
                key,
                "changes nothing: `times` and `deductible_times` of 1 and `points` of 0 leave all as it is",
            );
        }
        for (number, target) in rule.changes.iter().enumerate() {
            if let Some(problem) = self.never_fits(rule, target) {
                self.fault(&format!("{key}.changes.{number}"), format!("never fits `{target}`: {problem}"));
            }
        }
    }

    fn never_fits(&self, rule: &raw::Adjustment, target: &str) -> Option<String> {
        let every = raw::When::default();
        let everybody = raw::Who::default();
        let (when, who) = match (target, self.raw.assistance.get(target)) {
            ("critical", _) => {
                let critical = &self.raw.critical;
                let when = raw::When { kinds: Some(critical.kinds.clone()), ..every };
                (when, raw::Who { insurance: Some(critical.insurance.clone()), ..everybody })
            }
            (_, Some(of)) => (of.when.clone(), of.who.clone().unwrap_or_default()),
            (_, None) => {
                let (insurance, kind) = target.strip_prefix("basic.")?.split_once('.')?;
                let (insurance, kind) = (Insurance::from_name(insurance)?, Kind::from_name(kind)?);
                if !self.covers(insurance, kind) {
                    return Some("the insurance does not cover this kind of claim".to_owned());
                }
                let when = raw::When { kinds: Some(vec![kind]), ..every };
                (when, raw::Who { insurance: Some(vec![insurance]), ..everybody })
            }
        };
        apart(&rule.when, &when).or_else(|| self.nobody(&rule.who, &who)).map(ToOwned::to_owned)
    }

    /// Whether a basic insurance covers a kind of claim.
    pub(super) fn covers(&self, insurance: Insurance, kind: Kind) -> bool {
        self.raw.basic.settled(insurance).kinds[kind.index()].is_some()
    }

    /// Why no person fits both.
    fn nobody(&self, one: &raw::Who, other: &raw::Who) -> Option<&'static str> {
        if disjoint(one.categories.as_deref(), other.categories.as_deref()) {
            return Some("the two have no category in common");
        }
        if disjoint(one.insurance.as_deref(), other.insurance.as_deref()) {
            return Some("the two have no insurance in common");
        }
        let from = one.age_from.unwrap_or(0).max(other.age_from.unwrap_or(0));
        let below = one.age_below.unwrap_or(u8::MAX).min(other.age_below.unwrap_or(u8::MAX));
        if from >= below {
            return Some("the two have no age in common");
        }
        let contrary =
            |one: &raw::Who, other: &raw::Who| one.traits.iter().any(|id| other.without_traits.contains(id));
        (contrary(one, other) || contrary(other, one))
            .then_some("one asks for a trait that the other excludes")
    }
}

/// Why no claim fits both.
fn apart(one: &raw::When, other: &raw::When) -> Option<&'static str> {
    if disjoint(one.kinds.as_deref(), other.kinds.as_deref()) {
        return Some("the two have no kind of claim in common");
    }
    if disjoint::<Level>(one.levels.as_deref(), other.levels.as_deref()) {
        return Some("the two have no level of hospital in common");
    }
    if disjoint::<Locality>(one.places.as_deref(), other.places.as_deref()) {
        return Some("the two have no place of treatment in common");
    }
    if disjoint(one.diseases.as_deref(), other.diseases.as_deref())
        || excluded(one, other)
        || excluded(other, one)
    {
        return Some("the two have no disease in common");
    }
    let contrary = matches!((one.referred, other.referred), (Some(one), Some(other)) if one != other);
    contrary.then_some("one asks for referral, the other for none")
}

/// Whether one excludes every disease that the other asks for.
fn excluded(one: &raw::When, other: &raw::When) -> bool {
    other.diseases.as_ref().is_some_and(|all| all.iter().all(|id| one.without_diseases.contains(id)))
}

/// Whether two conditions, each met by all where it is left out, have nothing in common.
fn disjoint<T: PartialEq>(one: Option<&[T]>, other: Option<&[T]>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if !one.iter().any(|item| other.contains(item)))
}
