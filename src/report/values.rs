//! Values of files on the screen: of long tables only the rows that differ, and no more than a line holds.

use serde_json::Value;

use super::difference_files::value_text;
use crate::lang::Lang;

/// The most characters of a value that the screen shows; `changes.csv` has all of it.
const MOST_CHARACTERS: usize = 120;

/// The values of a key before and after.
#[must_use]
pub fn before_and_after(before: Option<&Value>, after: Option<&Value>, lang: Lang) -> [String; 2] {
    let whole = [before, after].map(|value| text(value, lang));
    let is_long = whole.iter().any(|text| text.chars().count() > MOST_CHARACTERS);
    match (before, after) {
        (Some(Value::Array(one)), Some(Value::Array(other))) if is_long => {
            [rows(one, other, lang), rows(other, one, lang)]
        }
        _ => whole.map(|text| cut(&text)),
    }
}

fn text(value: Option<&Value>, lang: Lang) -> String {
    value.map_or_else(|| lang.pick("（无）", "(none)").to_owned(), |_| value_text(value))
}

/// The rows of a table that the other one does not have, and how many it has as well.
fn rows(own: &[Value], other: &[Value], lang: Lang) -> String {
    let (same, new): (Vec<&Value>, Vec<&Value>) = own.iter().partition(|row| other.contains(row));
    let new: Vec<String> = new.into_iter().map(|row| cut(&value_text(Some(row)))).collect();
    let n = same.len();
    let alike = match lang {
        Lang::Zh => format!("（{n}行相同）"),
        Lang::En => format!("({n} rows alike)"),
    };
    let parts = new.into_iter().chain((n > 0).then_some(alike));
    parts.collect::<Vec<String>>().join(" ")
}

/// A text that is too long, without its end.
#[must_use]
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn exact_of_a_long_table_only_the_rows_that_differ_are_shown() {
        let row =
            |county: &str, yuan: u32| json!({ "county": county, "yuan": yuan, "months": [1, 4, 7, 10] });
        let before: Vec<Value> = (0..6).map(|at| row(&format!("county {at}"), 1000)).collect();
        let mut after = before.clone();
        after[2] = row("county 2", 1001);
        let shown = before_and_after(Some(&json!(before)), Some(&json!(after)), Lang::En);
        let line = |yuan: &str| {
            format!(r#"{{"county":"county 2","months":[1,4,7,10],"yuan":{yuan}}} (5 rows alike)"#)
        };
        assert_eq!(shown.map(|text| sorted(&text)), [line("1000"), line("1001")].map(|text| sorted(&text)));
        assert_eq!(before_and_after(None, Some(&json!(0.5)), Lang::Zh), ["（无）", "0.5"].map(str::to_owned));
    }

    /// The characters in order: the order of the keys in a row is none of this test.
    fn sorted(text: &str) -> Vec<char> {
        let mut all: Vec<char> = text.chars().collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn exact_a_long_value_is_cut_between_characters() {
        let long = "预".repeat(130);
        assert_eq!(cut(&long).chars().count(), MOST_CHARACTERS + 1);
        assert_eq!(cut("short"), "short");
    }
}
