//! Holding a document against the JSON Schema of its raw types: every fault at once, each with its line.
//!
//! The schema is generated from the raw types, so the published schema, the check and the reading are one.
//! Only what those types use is understood: types, properties, ranges, enumerations, references, unions by type.

use std::fmt::Display;

use serde_json::{Map, Value};

use super::document::{Document, join};
use super::fault::{Fault, Faults, like, meant, nearest};
use super::needed;
use crate::lang::{Lang, Words, words};

/// The JSON Schema of a raw type.
#[must_use]
pub fn of<T: schemars::JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// The JSON Schema of a file as it is written: what it builds on may give any key, so that none is required in it.
#[must_use]
pub fn for_editors<T: schemars::JsonSchema>() -> Value {
    fn relax(schema: &mut Value) {
        match schema {
            Value::Object(table) => {
                if table.get("required").is_some_and(Value::is_array) {
                    table.shift_remove("required");
                }
                table.values_mut().for_each(relax);
            }
            Value::Array(items) => items.iter_mut().for_each(relax),
            _ => {}
        }
    }
    let mut schema = of::<T>();
    relax(&mut schema);
    schema
}

/// Adds every fault of the document against the schema of `T`.
pub fn check<T: schemars::JsonSchema>(document: &Document, faults: &mut Faults) {
    let schema = of::<T>();
    let checker = Checker { root: &schema, document };
    let mut found = Faults::default();
    checker.object(&schema, &document.root, "", &mut found);
    let builds_on = BUILDS_ON.map(meant);
    let misspelt = |fault: &Fault| {
        !fault.key.contains('.') && fault.hint.as_ref().is_some_and(|hint| builds_on.contains(hint))
    };
    if found.list.iter().any(misspelt) {
        // Everything that the file below has is missing as well.
        found.list.retain(|fault| fault.problem != missing());
    }
    faults.merge(found);
}

/// The keys that name the file which a file builds on.
const BUILDS_ON: [&str; 2] = ["base", "extends"];

fn missing() -> Words {
    Words::new("缺少", "missing")
}

struct Checker<'a> {
    root: &'a Value,
    document: &'a Document,
}

impl<'a> Checker<'a> {
    /// Follows references.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        while let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            match self.root.get("$defs").and_then(|definitions| definitions.get(name)) {
                Some(definition) => schema = definition,
                None => return schema,
            }
        }
        schema
    }

    /// The parts of a table that have a key which the table itself has not.
    fn parts_with(&self, properties: &'a Map<String, Value>, key: &str) -> Vec<&'a str> {
        let has = |schema: &'a Value| {
            let schema = self.resolve(schema);
            schema.get("properties").and_then(Value::as_object).is_some_and(|below| below.contains_key(key))
        };
        let is_part = |schema: &'a Value| match schema.get("anyOf").and_then(Value::as_array) {
            Some(branches) => branches.iter().any(has),
            None => has(schema),
        };
        properties.iter().filter(|(_, schema)| is_part(schema)).map(|(name, _)| name.as_str()).collect()
    }

    fn value(&self, schema: &'a Value, value: &Value, path: &str, faults: &mut Faults) {
        let schema = self.resolve(schema);
        if let Some(branches) = schema.get("anyOf").and_then(Value::as_array) {
            return self.any_of(branches, value, path, faults);
        }
        if let Some(allowed) = enumeration(schema) {
            return self.enumerated(&allowed, value, path, faults);
        }
        if !fits_type(schema, value) {
            let wanted = |lang: Lang| type_names(schema, lang).unwrap_or_default();
            faults.push(self.mistyped(&Words::new(wanted(Lang::Zh), wanted(Lang::En)), value, path));
            return;
        }
        match value {
            Value::Object(table) => self.object(schema, table, path, faults),
            Value::Array(items) => {
                self.length(schema, items.len(), path, faults);
                if let Some(inner) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.value(inner, item, &join(path, &index.to_string()), faults);
                    }
                }
            }
            Value::Number(number) => self.range(schema, number, path, faults),
            _ => {}
        }
    }

    /// A union: the branch of the value's own type is the one that was meant.
    fn any_of(&self, branches: &'a [Value], value: &Value, path: &str, faults: &mut Faults) {
        let branches: Vec<&Value> = branches.iter().map(|branch| self.resolve(branch)).collect();
        let meant = branches.iter().find(|branch| {
            enumeration(branch).map_or_else(|| fits_type(branch, value), |_| value.is_string())
        });
        match meant {
            Some(branch) => self.value(branch, value, path, faults),
            None => {
                let in_words = |lang: Lang| {
                    let types = branches.iter().filter_map(|branch| match enumeration(branch) {
                        Some(names) => Some(format!("\"{}\"", names.join(lang.pick("\"、\"", "\", \"")))),
                        None => type_names(branch, lang),
                    });
                    types.collect::<Vec<_>>().join(lang.pick("或", " or "))
                };
                let wanted = Words::new(in_words(Lang::Zh), in_words(Lang::En));
                faults.push(self.mistyped(&wanted, value, path));
            }
        }
    }

    /// A value of another type. A whole number beyond what TOML can hold was read as text.
    fn mistyped(&self, wanted: &Words, value: &Value, path: &str) -> Fault {
        let digits =
            value.as_str().filter(|text| text.parse::<i128>().is_ok_and(|n| i64::try_from(n).is_err()));
        if let Some(digits) = digits {
            let problem = between(i64::MIN, i64::MAX);
            return Fault { value: digits.to_owned(), ..self.document.fault(path, problem, None) };
        }
        let (found_zh, found_en) = kind_of(value);
        let problem = Words::new(
            format!("应为{}，不能是{found_zh}", wanted.zh),
            format!("must be {}, not {found_en}", wanted.en),
        );
        self.document.fault(path, problem, None)
    }

    fn enumerated(&self, allowed: &[&str], value: &Value, path: &str, faults: &mut Faults) {
        if value.as_str().is_some_and(|text| allowed.contains(&text)) {
            return;
        }
        let all = Words::list(allowed);
        let problem = Words::new(format!("只能写{}之一", all.zh), format!("must be one of {}", all.en));
        let hint = value.as_str().and_then(|text| like(text, allowed.iter().copied()));
        faults.push(self.document.fault(path, problem, hint));
    }

    fn range(&self, schema: &Value, number: &serde_json::Number, path: &str, faults: &mut Faults) {
        let least = schema.get("minimum").and_then(Value::as_f64);
        let most = schema.get("maximum").and_then(Value::as_f64);
        let value = number.as_f64().unwrap_or(f64::NAN);
        let too_low = least.is_some_and(|least| value < least);
        let too_high = most.is_some_and(|most| value > most);
        if !too_low && !too_high && !value.is_nan() {
            return;
        }
        let problem = match (least, most) {
            (Some(least), Some(most)) => between(least, most),
            (Some(least), None) => words!("不得小于{least}", "must be at least {least}"),
            (None, Some(most)) => words!("不得大于{most}", "must be at most {most}"),
            (None, None) => Words::new("应为有限的数", "must be a finite number"),
        };
        let percent = most.is_some_and(|most| most <= 1.0) && value > 1.0 && value <= 100.0;
        let hint = percent.then(|| {
            words!(
                "比例写成小数：{value}%写作{share}",
                "a share is written as a decimal: {share} for {value} %",
                share = value / 100.0
            )
        });
        faults.push(self.document.fault(path, problem, hint));
    }

    fn length(&self, schema: &Value, n: usize, path: &str, faults: &mut Faults) {
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
        let (least, most) = (bound("minItems"), bound("maxItems"));
        let given = u64::try_from(n).unwrap_or(u64::MAX);
        if least.is_none_or(|least| given >= least) && most.is_none_or(|most| given <= most) {
            return;
        }
        let wanted = match (least, most) {
            (Some(least), Some(most)) if least == most => words!("恰好{least}个", "exactly {least}"),
            (Some(least), Some(most)) => words!("{least}至{most}个", "{least} to {most}"),
            (Some(least), None) => words!("至少{least}个", "at least {least}"),
            (None, most) => words!("至多{most}个", "at most {most}", most = most.unwrap_or(0)),
        };
        let problem = Words::new(
            format!("有{n}个值，应为{}", wanted.zh),
            format!("has {n} values; must have {}", wanted.en),
        );
        faults.push(Fault { value: String::new(), ..self.document.fault(path, problem, None) });
    }

    fn object(&self, schema: &'a Value, table: &Map<String, Value>, path: &str, faults: &mut Faults) {
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let names = schema.get("propertyNames").and_then(enumeration);
        // Keys that stand there under a wrong name are not missing.
        let mut misspelt: Vec<Words> = Vec::new();
        for (key, value) in table {
            let path = join(path, key);
            let mut unknown = |known: &mut dyn Iterator<Item = &str>| {
                let hint = nearest(key, known);
                misspelt.extend(hint.clone());
                let problem = Words::new("没有这个键", "unknown key");
                faults.push(Fault { value: String::new(), ..self.document.fault(&path, problem, hint) });
            };
            match (properties.get(key), schema.get("additionalProperties")) {
                (Some(inner), _) => self.value(inner, value, &path, faults),
                (None, Some(Value::Bool(false))) => {
                    let below = self.parts_with(properties, key);
                    if below.is_empty() {
                        unknown(&mut properties.keys().map(String::as_str));
                    } else {
                        let hint = too_high(&below);
                        let problem = Words::new("写高了一级", "stands one level too high");
                        let fault = self.document.fault(&path, problem, Some(hint));
                        faults.push(Fault { value: String::new(), ..fault });
                    }
                }
                (None, Some(_)) if names.as_ref().is_some_and(|names| !names.contains(&key.as_str())) => {
                    unknown(&mut names.iter().flatten().copied());
                }
                (None, Some(inner @ Value::Object(_))) => self.value(inner, value, &path, faults),
                (None, _) => {}
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        let is_meant = |key: &str| misspelt.iter().any(|hint| hint == &meant(key));
        for key in required.into_iter().flatten().filter_map(Value::as_str) {
            if !table.contains_key(key) && !is_meant(key) {
                let what = properties.get(key).map_or("", |inner| {
                    inner
                        .get("description")
                        .or(self.resolve(inner).get("description"))
                        .and_then(Value::as_str)
                        .unwrap_or("")
                });
                let hint = (!what.is_empty()).then(|| {
                    let first = what.lines().next().unwrap_or_default();
                    Words::new(format!("需要写明：{}", needed::in_chinese(key)), format!("needed: {first}"))
                });
                faults.push(self.document.fault(&join(path, key), missing(), hint));
            }
        }
    }
}

/// The allowed strings of an enumeration, written as `enum`, `const` or a union of them.
fn enumeration(schema: &Value) -> Option<Vec<&str>> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(Value::as_str).collect();
    }
    if let Some(value) = schema.get("const") {
        return value.as_str().map(|text| vec![text]);
    }
    let branches = schema.get("oneOf").and_then(Value::as_array)?;
    let mut all = Vec::new();
    for branch in branches {
        all.extend(enumeration(branch)?);
    }
    Some(all)
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn fits_type(schema: &Value, value: &Value) -> bool {
    let types = types(schema);
    types.is_empty()
        || types.iter().any(|name| match *name {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "null" => value.is_null(),
            _ => true,
        })
}

/// The types that a schema allows, in words; none where it allows nothing that can be written.
fn type_names(schema: &Value, lang: Lang) -> Option<String> {
    let names: Vec<&str> = types(schema)
        .iter()
        .filter_map(|name| match *name {
            "object" => Some(lang.pick("表", "a table")),
            "array" => Some(lang.pick("列表", "a list")),
            "string" => Some(lang.pick("引号中的文本", "text in quotes")),
            "boolean" => Some(lang.pick("true或false", "true or false")),
            "integer" => Some(lang.pick("整数", "a whole number")),
            "number" => Some(lang.pick("数", "a number")),
            _ => None,
        })
        .collect();
    (!names.is_empty()).then(|| names.join(lang.pick("或", " or ")))
}

/// What a value is, in Chinese and in English.
fn kind_of(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Null => ("空值", "nothing"),
        Value::Bool(_) => ("true或false", "true or false"),
        Value::Number(number) if number.is_f64() => ("小数", "a decimal number"),
        Value::Number(_) => ("整数", "a whole number"),
        Value::String(_) => ("文本", "text"),
        Value::Array(_) => ("列表", "a list"),
        Value::Object(_) => ("表", "a table"),
    }
}

fn between(least: impl Display, most: impl Display) -> Words {
    words!("应在{least}与{most}之间", "must lie between {least} and {most}")
}

/// Where a key belongs that stands above the tables that have it.
fn too_high(below: &[&str]) -> Words {
    let all = Words::list(below);
    Words::new(format!("它是以下各表的键：{}", all.zh), format!("it is a key of each of {}", all.en))
}
