//! Texts that are broken into lines, in which a Chinese character takes two columns.

use crate::document::workbook::width;

/// Marks before which no line is broken.
const CLOSING: &str = "，。；：、）」』”’！？》…,.;:!?)]}%～";

/// Marks after which no line is broken.
const OPENING: &str = "（「『“‘《([{";

/// The lines of a text, each indented and no wider than a number of columns; lines of the text itself stay apart.
#[must_use]
pub fn wrapped(text: &str, indent: usize, wide: usize) -> String {
    text.lines().map(|line| after(&" ".repeat(indent), line, indent, wide)).collect()
}

/// A text behind a mark, whose further lines begin where the first does.
#[must_use]
pub fn hanging(mark: &str, text: &str, wide: usize) -> String {
    after(mark, text, width(mark), wide)
}

/// A text behind a mark, whose further lines are indented.
#[must_use]
pub fn after(mark: &str, text: &str, indent: usize, wide: usize) -> String {
    let mut lines = String::new();
    let mut line = mark.to_owned();
    let mut is_begun = false;
    for piece in pieces(text) {
        if is_begun && width(&line) + width(piece.trim_end()) > wide {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line = " ".repeat(indent);
        }
        line.push_str(piece);
        is_begun = true;
    }
    lines.push_str(line.trim_end());
    lines.push('\n');
    lines
}

/// The pieces of a text between which a line may be broken: after blanks, and beside a Chinese character.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, one) in text.char_indices() {
        if before.is_some_and(|before| may_break(before, one)) {
            pieces.push(&text[begin..at]);
            begin = at;
        }
        before = Some(one);
    }
    pieces.push(&text[begin..]);
    pieces
}

fn may_break(before: char, one: char) -> bool {
    if before == ' ' {
        return one != ' ';
    }
    let is_chinese = |letter: char| letter >= '\u{2e80}';
    (is_chinese(before) || is_chinese(one))
        && one != ' '
        && !CLOSING.contains(one)
        && !OPENING.contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_lines_fit_and_no_mark_begins_one() {
        assert_eq!(wrapped("one two three", 2, 9), "  one two\n  three\n");
        assert_eq!(wrapped("测算支出，按年度", 0, 8), "测算支\n出，按年\n度\n");
        assert_eq!(hanging("用法：", "a bb ccc", 11), "用法：a bb\n      ccc\n");
        assert_eq!(after("- x：", "甲乙（丙）", 2, 9), "- x：甲乙\n  （丙）\n");
        // What cannot be broken stands as it is.
        assert_eq!(wrapped("policy.assistance.ratio 之后", 0, 10), "policy.assistance.ratio\n之后\n");
        assert_eq!(wrapped("a\n\nb", 0, 10), "a\n\nb\n");
    }
}
