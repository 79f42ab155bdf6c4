//! Cases as JSON lines: one object a line.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::field::{CaseFault, CaseFaults, Fields, Typed};
use crate::lang::Words;

/// Reads JSON lines into fields; a byte order mark and blank lines are skipped.
///
/// # Errors
/// Every line that cannot be read.
pub fn read(file: &str, text: &str) -> Result<Vec<Fields>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let mut all = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match read_line(file, number + 1, line) {
            Ok(fields) => all.push(fields),
            Err(fault) => faults.push(*fault),
        }
    }
    if faults.is_empty() {
        return Ok(all);
    }
    Err(several_lines(file, text).unwrap_or(faults))
}

/// Reads the case of one line.
///
/// # Errors
/// What is no JSON object.
pub fn read_line(file: &str, number: usize, line: &str) -> Result<Fields, Box<CaseFault>> {
    match serde_json::from_str::<Object>(line) {
        Ok(object) => Ok(fields(object, number)),
        Err(error) => {
            // Of a line by itself the parser knows no other number than 1.
            let error = error.to_string().replace(" at line 1 column ", " at column ");
            let place = error.rsplit_once(" at column ").map(|(_, column)| format!("（第{column}列）"));
            let problem = Words::new(
                format!("不是写在一行的一个 JSON 对象{}", place.unwrap_or_default()),
                format!("is not one JSON object on one line: {error}"),
            );
            Err(Box::new(unreadable(file, number, problem)))
        }
    }
}

/// The one fault of a text that is JSON, but not a case on each line.
#[must_use]
pub fn several_lines(file: &str, text: &str) -> Option<CaseFaults> {
    let is_one = text.trim().contains('\n') && serde_json::from_str::<IgnoredAny>(text).is_ok();
    let problem = || {
        Words::new(
            "是分成几行的一个 JSON 值；请把每个个案写成单独一行的一个对象",
            "is one JSON value over several lines; write each case as one object on a line of its own",
        )
    };
    is_one.then(|| CaseFaults::one(unreadable(file, 1, problem())))
}

fn unreadable(file: &str, line: usize, allowed: Words) -> CaseFault {
    CaseFault { file: file.to_owned(), line, field: Words::default(), value: Words::default(), allowed }
}

/// A JSON object that keeps doubled names and the text of each value.
struct Object(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut list = Vec::new();
                while let Some(entry) = map.next_entry::<String, Box<RawValue>>()? {
                    list.push(entry);
                }
                Ok(Object(list))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

fn fields(object: Object, line: usize) -> Fields {
    let list = object.0.into_iter().filter_map(|(name, raw)| Some((name, typed(raw.get(), line)?))).collect();
    Fields { list, line }
}

/// The value of a field; `null` is as if the field had not been written.
fn typed(raw: &str, line: usize) -> Option<Typed> {
    let raw = raw.trim();
    Some(match raw.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => Typed::Text(text),
            Err(_) => Typed::Other(raw.to_owned()),
        },
        Some(b't') => Typed::Bool(true),
        Some(b'f') => Typed::Bool(false),
        Some(b'n') => return None,
        Some(b'[') => list(raw, line),
        Some(b'{') | None => Typed::Other(raw.to_owned()),
        Some(_) => Typed::Number(raw.to_owned()),
    })
}

fn list(raw: &str, line: usize) -> Typed {
    if let Ok(texts) = serde_json::from_str::<Vec<String>>(raw)
        && !texts.is_empty()
    {
        return Typed::Texts(texts);
    }
    match serde_json::from_str::<Vec<Object>>(raw) {
        Ok(objects) => Typed::Groups(objects.into_iter().map(|object| fields(object, line)).collect()),
        Err(_) => Typed::Other(raw.to_owned()),
    }
}
