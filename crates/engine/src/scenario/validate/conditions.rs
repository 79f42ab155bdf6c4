//! Conditions that can never be met, and entries that change nothing.

use serde_json::Value;

use super::Checker;
use crate::lang::{Words, words};
use crate::policy::claim::{Insurance, Kind, Level, Locality};
use crate::raw::policy as raw;
use crate::scenario::document::join;

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

/// Why two conditions never meet, in Chinese and in English.
type Why = (&'static str, &'static str);

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
                self.contrary(table, path, ("traits", "without_traits", ("没有人符合", "nobody fits")));
                self.contrary(
                    table,
                    path,
                    ("diseases", "without_diseases", ("没有费用符合", "no claim fits")),
                );
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
            self.fault(
                path,
                Words::new(
                    "是空的，因此从不适用；没有条件时请删去这个键",
                    "is empty, so it never applies; leave the key out where there is no condition",
                ),
            );
        }
        if items.is_empty() && key.starts_with("without_") {
            self.fault(
                path,
                Words::new(
                    "是空的，不排除任何内容；请删去这个键",
                    "is empty, so it excludes nothing; leave the key out",
                ),
            );
        }
        if !ONCE.contains(&key) {
            return;
        }
        for (number, item) in items.iter().enumerate() {
            if items[..number].contains(item) {
                self.fault(
                    &join(path, &number.to_string()),
                    Words::new("在这个列表中写了两次", "stands twice in this list"),
                );
            }
        }
    }

    /// What is asked for is not excluded too.
    fn contrary(
        &mut self,
        table: &serde_json::Map<String, Value>,
        path: &str,
        (with, without, then): (&str, &str, (&str, &str)),
    ) {
        let (Some(Value::Array(asked)), Some(Value::Array(excluded))) = (table.get(with), table.get(without))
        else {
            return;
        };
        for (number, name) in excluded.iter().enumerate().filter(|(_, name)| asked.contains(name)) {
            let problem = Words::new(
                format!("{name}在`{with}`中要求，此处又排除：{}", then.0),
                format!("{name} is asked for in `{with}` and excluded here: {}", then.1),
            );
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
                    let problem = words!(
                        "`{name}`已在第{group}组；同一费用会补两次",
                        "`{name}` stands in group {group} already; a claim would be topped up twice",
                        group = first + 1
                    );
                    self.fault(&at, problem);
                }
                if rule.when.kinds.as_ref().is_some_and(|kinds| !kinds.contains(kind)) {
                    self.fault(
                        &at,
                        words!(
                            "`{name}`不在`when.kinds`之中，这类费用不会计入",
                            "`{name}` is not among `when.kinds`, so that no claim of it counts"
                        ),
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
            self.fault(
                &format!("{key}.{name}"),
                Words::new("没有`recognised_as`时不起作用", "changes nothing without `recognised_as`"),
            );
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
            self.fault(
                key,
                Words::new(
                    "`ordinary`表示没有身份；请写`rank`中的人员类别",
                    "`ordinary` stands for no identity; name a category of `rank`",
                ),
            );
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
                Words::new(
"不起作用：`times`和`deductible_times`为1、`points`为0时一切照旧",
"changes nothing: `times` and `deductible_times` of 1 and `points` of 0 leave all as it is",
)
            );
        }
        for (number, target) in rule.changes.iter().enumerate() {
            if let Some(why) = self.never_fits(rule, target) {
                let problem = Words::new(
                    format!("与`{target}`从不相合：{}", why.0),
                    format!("never fits `{target}`: {}", why.1),
                );
                self.fault(&format!("{key}.changes.{number}"), problem);
            }
        }
    }

    fn never_fits(&self, rule: &raw::Adjustment, target: &str) -> Option<Why> {
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
                    return Some(("该保险不保这类费用", "the insurance does not cover this kind of claim"));
                }
                let when = raw::When { kinds: Some(vec![kind]), ..every };
                (when, raw::Who { insurance: Some(vec![insurance]), ..everybody })
            }
        };
        apart(&rule.when, &when).or_else(|| self.nobody(&rule.who, &who))
    }

    /// Whether a basic insurance covers a kind of claim.
    pub(super) fn covers(&self, insurance: Insurance, kind: Kind) -> bool {
        self.raw.basic.settled(insurance).kinds[kind.index()].is_some()
    }

    /// Why no person fits both.
    fn nobody(&self, one: &raw::Who, other: &raw::Who) -> Option<Why> {
        if disjoint(one.categories.as_deref(), other.categories.as_deref()) {
            return Some(("二者没有共同的人员类别", "the two have no category in common"));
        }
        if disjoint(one.insurance.as_deref(), other.insurance.as_deref()) {
            return Some(("二者没有共同的保险", "the two have no insurance in common"));
        }
        let from = one.age_from.unwrap_or(0).max(other.age_from.unwrap_or(0));
        let below = one.age_below.unwrap_or(u8::MAX).min(other.age_below.unwrap_or(u8::MAX));
        if from >= below {
            return Some(("二者没有共同的年龄", "the two have no age in common"));
        }
        let contrary =
            |one: &raw::Who, other: &raw::Who| one.traits.iter().any(|id| other.without_traits.contains(id));
        (contrary(one, other) || contrary(other, one))
            .then_some(("一方要求的特征被另一方排除", "one asks for a trait that the other excludes"))
    }
}

/// Why no claim fits both.
fn apart(one: &raw::When, other: &raw::When) -> Option<Why> {
    if disjoint(one.kinds.as_deref(), other.kinds.as_deref()) {
        return Some(("二者没有共同的费用类别", "the two have no kind of claim in common"));
    }
    if disjoint::<Level>(one.levels.as_deref(), other.levels.as_deref()) {
        return Some(("二者没有共同的医院等级", "the two have no level of hospital in common"));
    }
    if disjoint::<Locality>(one.places.as_deref(), other.places.as_deref()) {
        return Some(("二者没有共同的就医地", "the two have no place of treatment in common"));
    }
    if disjoint(one.diseases.as_deref(), other.diseases.as_deref())
        || excluded(one, other)
        || excluded(other, one)
    {
        return Some(("二者没有共同的病种", "the two have no disease in common"));
    }
    let contrary = matches!((one.referred, other.referred), (Some(one), Some(other)) if one != other);
    contrary.then_some(("一方要求转诊，另一方要求未转诊", "one asks for referral, the other for none"))
}

/// Whether one excludes every disease that the other asks for.
fn excluded(one: &raw::When, other: &raw::When) -> bool {
    other.diseases.as_ref().is_some_and(|all| all.iter().all(|id| one.without_diseases.contains(id)))
}

/// Whether two conditions, each met by all where it is left out, have nothing in common.
fn disjoint<T: PartialEq>(one: Option<&[T]>, other: Option<&[T]>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if !one.iter().any(|item| other.contains(item)))
}
