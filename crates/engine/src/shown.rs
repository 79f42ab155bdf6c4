//! The one way to show a text from outside: on a terminal, in JSON, in a cell of a table.
//!
//! A name out of a file may hold signs that a terminal obeys instead of showing, or begin like a formula of a
//! spreadsheet program. What is shown says what stands there and does nothing.

use std::borrow::Cow;
use std::fmt::Write;

/// The longest line that is shown whole, in characters; of a longer one the beginning and the end are.
pub const LONGEST_LINE: usize = 4000;

/// How much of the end of a line is shown that is too long: there stands what is allowed.
const END: usize = 1000;

/// Whether a terminal may obey a character instead of showing it: control characters but the end of a line and the
/// tabulator, and what turns the direction of writing or ends a line without being seen.
#[must_use]
pub const fn is_obeyed(one: char) -> bool {
    match one {
        '\n' | '\t' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        // Marks of direction, separators of lines and paragraphs, tags.
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// A text for a terminal: what it would obey is written out, as in `\u{1b}`.
#[must_use]
pub fn on_terminal(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for one in text.chars() {
        if is_obeyed(one) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(one));
        } else {
            shown.push(one);
        }
    }
    Cow::Owned(shown)
}

/// A message for a terminal: as [`on_terminal`], and lines that nobody would read to their end are cut in the middle.
#[must_use]
pub fn message(text: &str) -> String {
    let lines = text.split('\n').map(|line| on_terminal(&shortened(line, LONGEST_LINE)).into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// A line of at most some characters: where it is longer, its beginning, how many are left out, its end.
fn shortened(line: &str, most: usize) -> Cow<'_, str> {
    // No character is longer than four bytes, so most lines need no counting.
    if line.len() <= most {
        return Cow::Borrowed(line);
    }
    let n = line.chars().count();
    if n <= most {
        return Cow::Borrowed(line);
    }
    let at = |position: usize| line.char_indices().nth(position).map_or(line.len(), |(at, _)| at);
    let (first, last) = (&line[..at(most - END)], &line[at(n - END)..]);
    Cow::Owned(format!("{first} … ({} characters) … {last}", n - most))
}

/// JSON for a terminal or a file: what [`is_obeyed`] stands there as `\u001b`, which JSON reads as the same text.
#[must_use]
pub fn in_json(text: &str) -> Cow<'_, str> {
    // JSON lets no control character but blanks stand outside of a text, and writers of JSON write the others out.
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for one in text.chars() {
        if is_obeyed(one) {
            for unit in one.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(one);
        }
    }
    Cow::Owned(shown)
}

/// The mark before a text that a spreadsheet program would take for a formula.
const MARK: char = '\'';

/// Whether a spreadsheet program would take a text for a formula.
#[must_use]
pub fn is_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'])
        && text.parse::<f64>().is_err()
}

/// A text for a cell of a table: what begins like a formula gets a `'` before it, which spreadsheet programs take for
/// the mark of a text. A number stays one.
#[must_use]
pub fn in_cell(text: &str) -> Cow<'_, str> {
    // What has the mark already gets another, so that it can be told from what got it here.
    let is_marked = is_like_formula(text.trim_start_matches(MARK));
    if is_marked { Cow::Owned(format!("{MARK}{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`in_cell`] wrote.
#[must_use]
pub fn from_cell(cell: &str) -> &str {
    match cell.strip_prefix(MARK) {
        Some(text) if is_like_formula(text.trim_start_matches(MARK)) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_what_a_terminal_obeys_is_written_out() {
        assert_eq!(on_terminal("上思县\n\t1"), "上思县\n\t1");
        assert_eq!(on_terminal("a\u{1b}[2J\u{9b}\r\u{7}\u{202e}"), "a\\u{1b}[2J\\u{9b}\\u{d}\\u{7}\\u{202e}");
    }

    #[test]
    fn exact_a_line_without_end_is_cut_in_the_middle() {
        let long = format!("a.toml:3: key = {}: must be shorter\nb", "é".repeat(10_000));
        let shown = message(&long);
        assert!(
            shown.starts_with("a.toml:3: key = é") && shown.ends_with("é: must be shorter\nb"),
            "{shown}"
        );
        let line = shown.lines().next().unwrap();
        assert!(line.contains("… (6033 characters) …"), "{line}");
        assert_eq!(line.chars().count(), LONGEST_LINE + " … (6033 characters) … ".chars().count());
        assert_eq!(message("short\n\u{1b}"), "short\n\\u{1b}");
    }

    #[test]
    fn exact_json_says_the_same_and_does_nothing() {
        for text in ["上思县", "a\u{9b}2J\u{202e}b", "\u{e0041}"] {
            let json = serde_json::to_string(text).unwrap();
            let shown = in_json(&json);
            assert!(!shown.contains(is_obeyed), "{shown}");
            assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
        }
    }

    #[test]
    fn exact_no_cell_begins_like_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+上思", "'+上思"),
            ("-县", "'-县"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("-0.05", "-0.05"),
            ("+3", "+3"),
            ("上思县", "上思县"),
            ("'a", "'a"),
            ("", ""),
        ] {
            assert_eq!(in_cell(text), cell);
            assert_eq!(from_cell(cell), text);
        }
        assert_eq!(from_cell(&in_cell("''=1")), "''=1");
    }
}
