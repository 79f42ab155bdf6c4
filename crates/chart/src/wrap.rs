//! Breaking a text into lines by its true width: between hanzi anywhere, in Latin text at spaces.

use super::font::{self, Weight};

/// Marks that must not begin a line.
const CLOSING: &str = "，。；：、？！）》〉」』】〕％%～,.;:)]-–/·’”";
/// Marks that must not end a line.
const OPENING: &str = "（《〈「『【〔([“‘";

/// `text` in lines of at most `width` pixels; a single word wider than that stands alone on its line.
pub(super) fn lines(text: &str, size: i32, weight: Weight, width: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(text) {
        let line = lines.last().map_or("", String::as_str);
        let longer = format!("{line}{piece}");
        if !line.is_empty() && font::width(longer.trim_end(), size, weight) > f64::from(width) {
            lines.push(piece.trim_start().to_owned());
        } else if let Some(last) = lines.last_mut() {
            *last = longer;
        }
    }
    lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// `text` in as few lines as [`lines`] needs, of about equal length: for names, which are read as a whole. A break after
/// the name of a people (东乡族) is better than any other.
pub(super) fn balanced(text: &str, size: i32, weight: Weight, width: i32) -> Vec<String> {
    let widest = lines(text, size, weight, width);
    if widest.len() < 2 {
        return widest;
    }
    let even = font::width(text, size, weight) as i32 / widest.len() as i32;
    let narrower = (even..width).step_by(4).map(|narrow| lines(text, size, weight, narrow));
    let mut even: Vec<_> = narrower.filter(|narrow| narrow.len() == widest.len()).collect();
    let best = even.iter().position(|lines| lines[..lines.len() - 1].iter().all(|line| line.ends_with('族')));
    if even.is_empty() { widest } else { even.swap_remove(best.unwrap_or(0)) }
}

/// Parts in lines of at most `width` pixels, broken between parts where possible.
pub(super) fn parts(parts: &[String], size: i32, weight: Weight, width: i32) -> Vec<String> {
    let mut merged = vec![String::new()];
    for part in parts {
        let line = merged.last().map_or("", String::as_str);
        let longer = format!("{line}{part}");
        if !line.is_empty() && font::width(longer.trim_end(), size, weight) > f64::from(width) {
            merged.push(part.clone());
        } else if let Some(last) = merged.last_mut() {
            *last = longer;
        }
    }
    merged.iter().flat_map(|line| lines(line, size, weight, width)).collect()
}

/// The unbreakable pieces of a text, in order.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut previous = ' ';
    for c in text.chars() {
        let glued = CLOSING.contains(c)
            || OPENING.contains(previous)
            || within_name(previous, c)
            || !(is_wide(c) || is_wide(previous) || previous == ' ');
        match pieces.last_mut() {
            Some(piece) if glued || c == ' ' => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        previous = c;
    }
    pieces
}

/// Whether two characters belong together in the name of a county: 东乡族, 自治县.
fn within_name(previous: char, c: char) -> bool {
    c == '族' || (previous == '自' && c == '治') || (previous == '治' && "县州区旗".contains(c))
}

/// Whether a line may break beside this character.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_hanzi_break_anywhere_but_not_before_a_stop() {
        assert_eq!(lines("隆林各族自治县", 10, Weight::Regular, 40), ["隆林各族", "自治县"]);
        assert_eq!(lines("甲乙丙丁，戊", 10, Weight::Regular, 45), ["甲乙丙", "丁，戊"]);
    }

    #[test]
    fn exact_names_break_evenly_between_their_parts() {
        let name = "积石山保安族东乡族撒拉族自治县";
        assert_eq!(lines(name, 10, Weight::Regular, 130), ["积石山保安族东乡族撒拉族", "自治县"]);
        assert_eq!(balanced(name, 10, Weight::Regular, 130), ["积石山保安族东乡族", "撒拉族自治县"]);
        assert_eq!(balanced("鄠邑区", 10, Weight::Regular, 130), ["鄠邑区"]);
    }

    #[test]
    fn exact_latin_breaks_at_spaces() {
        assert_eq!(lines("Longlin County", 10, Weight::Regular, 50), ["Longlin", "County"]);
        assert_eq!(lines("Longlin", 10, Weight::Regular, 5), ["Longlin"]);
    }
}
