//! Numbers of persons as they are written in registers.

use super::sheet::plain;

/// What numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// Persons.
    #[default]
    Persons,
    /// Ten thousand persons.
    TenThousands,
    /// Households: not what is needed.
    Households,
}

/// A cell where a number may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Nothing, or a sign that nothing is known.
    Missing,
    /// So many persons.
    Persons(u32),
}

/// The unit that a heading or title names: in brackets, or after 单位.
#[must_use]
pub fn unit(text: &str) -> Option<Unit> {
    let text = plain(text);
    let inner: String = text
        .split_once("单位")
        .map(|(_, rest)| rest)
        .or_else(|| text.rsplit_once('(').map(|(_, rest)| rest))
        .unwrap_or_default()
        .chars()
        .filter(|one| !matches!(one, ':' | ')' | ' ' | '、' | '/'))
        .collect();
    let lower = inner.to_lowercase();
    if lower.starts_with("万人") || lower.starts_with("万") || lower.starts_with("10,000") {
        Some(Unit::TenThousands)
    } else if lower.starts_with('人') || lower.starts_with("person") {
        Some(Unit::Persons)
    } else if lower.starts_with('户') || lower.starts_with("household") {
        Some(Unit::Households)
    } else {
        None
    }
}

/// Reads a number of persons: thousands separators, `2143.0`, `2143人`, `1.2万`, full-width digits; a dash or nothing is
/// missing.
/// `None` for whatever is no whole number of persons.
#[must_use]
pub fn read(text: &str, unit: Unit) -> Option<Number> {
    let text = plain(text);
    if matches!(text.as_str(), "" | "-" | "--" | "—" | "——" | "/" | "无" | "未统计" | "n/a") {
        return Some(Number::Missing);
    }
    let bare = text.trim_end_matches('人').trim_end();
    let (bare, own) = bare.strip_suffix('万').map_or((bare, None), |rest| (rest, Some(Unit::TenThousands)));
    let digits: String = bare.chars().filter(|one| !matches!(one, ',' | '，' | ' ' | '\'' | '_')).collect();
    let is_number = digits.chars().all(|one| one.is_ascii_digit() || one == '.');
    if !is_number || !separators_fit(bare) {
        return None;
    }
    let factor = if own.unwrap_or(unit) == Unit::TenThousands { 10_000 } else { 1 };
    persons(&digits, factor).map(Number::Persons)
}

/// Whether what separates groups stands between groups of three digits: `1,2` is no number of persons.
fn separators_fit(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split([',', '，', ' ', '\'', '_']);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_none() || (first.len() <= 3 && rest.all(|group| group.len() == 3))
}

/// The whole number of persons in a decimal number of ones or ten thousands; `None` where it is none.
fn persons(digits: &str, factor: u64) -> Option<u32> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part = part.trim_end_matches('0');
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let rest: u64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    if !(rest * factor).is_multiple_of(scale) {
        return None;
    }
    let all = whole.checked_mul(factor)?.checked_add(rest * factor / scale)?;
    // No county of China has as many residents.
    u32::try_from(all).ok().filter(|persons| *persons <= 20_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_are_read_as_people_write_them() {
        for (text, persons) in [
            ("2,143", 2_143),
            ("２１４３", 2_143),
            ("２，１４３", 2_143),
            ("2143.0", 2_143),
            ("2 143 人", 2_143),
            ("0", 0),
            ("1.2万", 12_000),
            ("1.2345万人", 12_345),
        ] {
            assert_eq!(read(text, Unit::Persons), Some(Number::Persons(persons)), "{text}");
        }
        assert_eq!(read("1.9874", Unit::TenThousands), Some(Number::Persons(19_874)));
        for text in ["", " ", "-", "—", "无"] {
            assert_eq!(read(text, Unit::Persons), Some(Number::Missing), "{text:?}");
        }
    }

    #[test]
    fn exact_what_is_no_whole_number_of_persons_is_refused() {
        for text in ["-5", "2143.5", "1,2", "约2000", "#REF!", "1e5", "12,34", ".", "99999999999", "2.1.4"] {
            assert_eq!(read(text, Unit::Persons), None, "{text}");
        }
        assert_eq!(read("1.98745", Unit::TenThousands), None, "half a person");
    }

    #[test]
    fn exact_units_stand_in_headings_and_titles() {
        for (text, unit_of) in [
            ("人数（万人）", Some(Unit::TenThousands)),
            ("台账汇总表（单位：人）", Some(Unit::Persons)),
            ("单位：万人", Some(Unit::TenThousands)),
            ("户数(户)", Some(Unit::Households)),
            ("人数", None),
            ("persons (10,000)", Some(Unit::TenThousands)),
        ] {
            assert_eq!(unit(text), unit_of, "{text}");
        }
    }
}
