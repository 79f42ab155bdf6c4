//! Amounts, months and errors as they are written in tables of funds.

use crate::draft::register::sheet::plain;
use crate::units::Fen;

/// How many fen one of what is counted has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit(pub i64);

/// Names of units, the longer ones first: each is looked for at the beginning of what a heading says of its unit.
const UNITS: [(&str, i64); 16] = [
    ("百万元", 100_000_000),
    ("亿元", 10_000_000_000),
    ("万元", 1_000_000),
    ("千元", 100_000),
    ("亿", 10_000_000_000),
    ("万", 1_000_000),
    ("元", 100),
    ("人民币元", 100),
    ("100 million yuan", 10_000_000_000),
    ("million yuan", 100_000_000),
    ("10,000 yuan", 1_000_000),
    ("10000 yuan", 1_000_000),
    ("ten thousand yuan", 1_000_000),
    ("1,000 yuan", 100_000),
    ("thousand yuan", 100_000),
    ("yuan", 100),
];

/// The unit of money that a heading or a line above the table names: in brackets, or after 单位 or unit.
#[must_use]
pub fn unit(text: &str) -> Option<Unit> {
    let text = plain(text).to_lowercase();
    let after = ["单位", "unit"].iter().find_map(|word| text.split_once(word).map(|(_, rest)| rest));
    let inner = after.or_else(|| text.rsplit_once('(').map(|(_, rest)| rest))?;
    let inner = inner.trim_start_matches([':', ' ']).trim_start_matches("in ");
    UNITS.iter().find(|(name, _)| inner.starts_with(name)).map(|(_, fen)| Unit(*fen))
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAmount {
    /// It is no number.
    NoNumber,
    /// It is below zero.
    Negative,
    /// It is no whole number of fen.
    NoWholeFen,
    /// Nothing says what it counts.
    NoUnit,
    /// It is more than any fund has.
    TooMuch,
}

/// A text lists no months, or is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRead;

/// Reads an amount: thousands separators, `480万元`, full-width digits; none where a dash or nothing stands there.
///
/// # Errors
/// Whatever is no amount.
pub fn amount(text: &str, unit: Option<Unit>) -> Result<Option<Fen>, NoAmount> {
    let text = plain(text);
    if matches!(text.as_str(), "" | "-" | "--" | "—" | "——" | "/" | "无" | "n/a") {
        return Ok(None);
    }
    let text = text.trim_start_matches(['¥', '￥']).trim();
    let own = UNITS.iter().filter(|(name, _)| !name.is_ascii()).find(|(name, _)| text.ends_with(name));
    let number = own.and_then(|(name, _)| text.strip_suffix(name)).unwrap_or(text).trim();
    if let Some(rest) = number.strip_prefix(['-', '−']).or_else(|| number.strip_prefix('('))
        && rest.starts_with(|one: char| one.is_ascii_digit())
    {
        return Err(NoAmount::Negative);
    }
    let digits = digits(number).ok_or(NoAmount::NoNumber)?;
    let unit = own.map(|(_, fen)| Unit(*fen)).or(unit);
    match (unit, digits.chars().all(|one| matches!(one, '0' | '.'))) {
        (None, true) => Ok(Some(Fen::ZERO)),
        (None, false) => Err(NoAmount::NoUnit),
        (Some(Unit(fen)), _) => scaled(&digits, fen).map(Some),
    }
}

/// The digits of a number without what separates groups; `1,2` is no number.
fn digits(text: &str) -> Option<String> {
    let is_separator = |one: char| matches!(one, ',' | '，' | ' ' | '\'');
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(is_separator);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    let fits = rest.peek().is_none() || (first.len() <= 3 && rest.all(|group| group.len() == 3));
    let digits: String = text.chars().filter(|one| !is_separator(*one)).collect();
    let is_number = digits.chars().all(|one| one.is_ascii_digit() || one == '.')
        && digits.matches('.').count() <= 1
        && digits.chars().any(|one| one.is_ascii_digit());
    (fits && is_number).then_some(digits)
}

/// Digits in units of so many fen, as whole fen. A spreadsheet program keeps 480.1 as 480.10000000000002: what is less
/// than a thousandth of a fen off is whole.
fn scaled(digits: &str, fen: i64) -> Result<Fen, NoAmount> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part: String = part.chars().take(24).collect();
    let number: i128 = format!("{whole}{part}").parse().map_err(|_| NoAmount::TooMuch)?;
    let scale = 10_i128.pow(u32::try_from(part.len()).unwrap_or_default());
    let all = number.checked_mul(i128::from(fen)).ok_or(NoAmount::TooMuch)?;
    let (fen, rest) = ((all + scale / 2) / scale, (all % scale).min(scale - all % scale));
    if rest * 1_000 > scale {
        return Err(NoAmount::NoWholeFen);
    }
    i64::try_from(fen).ok().filter(|fen| *fen <= Fen::MAX_INPUT.0).map(Fen).ok_or(NoAmount::TooMuch)
}

/// Reads months: `3`, `3、9`, `3月,9月`, `1-6月`, `每月`; none where nothing stands there.
///
/// # Errors
/// Whatever lists no months from 1 to 12, each once.
pub fn months(text: &str) -> Result<Option<Vec<u8>>, NotRead> {
    let text = plain(text).to_lowercase();
    if matches!(text.as_str(), "" | "-" | "—" | "/" | "无") {
        return Ok(None);
    }
    if ["每月", "按月", "逐月", "every month", "monthly"].contains(&text.as_str()) {
        return Ok(Some((1..=12).collect()));
    }
    let text: String = text.replace("月份", "").chars().filter(|one| !matches!(one, '月' | ' ')).collect();
    let mut months = Vec::new();
    for part in text.split(['、', ',', '，', ';', '和']) {
        let (first, last) = part.split_once(['-', '~', '—', '至', '到']).unwrap_or((part, part));
        let number =
            |text: &str| text.parse::<u8>().ok().filter(|month| (1..=12).contains(month)).ok_or(NotRead);
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            return Err(NotRead);
        }
        months.extend(first..=last);
    }
    let mut once = months.clone();
    once.sort_unstable();
    once.dedup();
    if once.len() == months.len() { Ok(Some(once)) } else { Err(NotRead) }
}

/// Reads how uncertain an amount is, in millionths: `5%`, `±0.05`, or `5` under a heading in percent.
///
/// # Errors
/// Whatever is no share up to 200 %, the most that a place file takes.
pub fn error(text: &str, heading: &str) -> Result<Option<u32>, NotRead> {
    let text = plain(text);
    if matches!(text.as_str(), "" | "-" | "—" | "/" | "无") {
        return Ok(None);
    }
    let text = text.trim_start_matches(['±', '+']).trim();
    let (number, is_percent) = match text.strip_suffix('%') {
        Some(number) => (number.trim(), true),
        None => (text, plain(heading).contains('%')),
    };
    let digits = digits(number).ok_or(NotRead)?;
    // A share in millionths is an amount of which one has a million parts.
    let millionths = scaled(&digits, if is_percent { 10_000 } else { 1_000_000 }).map_err(|_| NotRead)?;
    u32::try_from(millionths.0).ok().filter(|share| *share <= 2_000_000).map(Some).ok_or(NotRead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_amounts_are_read_to_the_fen() {
        let (yuan, wan) = (Some(Unit(100)), Some(Unit(1_000_000)));
        for (text, unit, fen) in [
            ("4,800,000", yuan, 480_000_000),
            ("４８００.５", yuan, 480_050),
            ("480", wan, 480_000_000),
            ("480.123456", wan, 480_123_456),
            ("480.10000000000002", wan, 480_100_000),
            ("480万元", yuan, 480_000_000),
            ("¥ 1 234.50元", wan, 123_450),
            ("0.0048亿", None, 48_000_000),
            ("0", None, 0),
        ] {
            assert_eq!(amount(text, unit), Ok(Some(Fen(fen))), "{text}");
        }
        for text in ["", "-", "—", "无"] {
            assert_eq!(amount(text, None), Ok(None), "{text}");
        }
        for (text, why) in [
            ("约480", NoAmount::NoNumber),
            ("1,2", NoAmount::NoNumber),
            ("1.2.3", NoAmount::NoNumber),
            (".", NoAmount::NoNumber),
            ("-5", NoAmount::Negative),
            ("(5)", NoAmount::Negative),
            ("480.0000001", NoAmount::NoWholeFen),
            ("999999999999", NoAmount::TooMuch),
        ] {
            assert_eq!(amount(text, wan), Err(why), "{text}");
        }
        assert_eq!(amount("480", None), Err(NoAmount::NoUnit));
    }

    #[test]
    fn exact_units_stand_in_headings_and_lines() {
        for (text, fen) in [
            ("金额（万元）", Some(1_000_000)),
            ("单位：元", Some(100)),
            ("收支表（单位：亿元）", Some(10_000_000_000)),
            ("Amount (10,000 yuan)", Some(1_000_000)),
            ("unit: yuan", Some(100)),
            ("金额", None),
            ("单位：人", None),
        ] {
            assert_eq!(unit(text), fen.map(Unit), "{text}");
        }
    }

    #[test]
    fn exact_months_and_errors_are_read_as_people_write_them() {
        assert_eq!(months("3、9"), Ok(Some(vec![3, 9])));
        assert_eq!(months("10月, 2月"), Ok(Some(vec![2, 10])));
        assert_eq!(months("1-3月"), Ok(Some(vec![1, 2, 3])));
        assert_eq!(months("每月").map(|months| months.map(|all| all.len())), Ok(Some(12)));
        assert_eq!(months(""), Ok(None));
        for text in ["13", "0", "三月", "3,3", "9-3", "2月中旬"] {
            assert_eq!(months(text), Err(NotRead), "{text}");
        }
        for (text, heading) in [("5%", "误差"), ("±0.05", "误差"), ("5", "误差（%）")] {
            assert_eq!(error(text, heading), Ok(Some(50_000)), "{text}");
        }
        assert_eq!(error("5", "误差"), Err(NotRead));
    }
}
