//! Numbers for readers: thousands separators, ten thousands of yuan, percentages.

use crate::lang::Lang;
use crate::stats::{Estimate, PerMille};

/// The unit of amounts on the screen.
#[must_use]
pub const fn unit(lang: Lang) -> &'static str {
    lang.pick("万元", "10,000 yuan")
}

/// Yuan in ten thousands with two decimals and thousands separators.
#[must_use]
pub fn ten_thousands(yuan: f64) -> String {
    grouped(yuan / 10_000.0, 2)
}

/// An amount and half the width of its 95 % interval, where that is known, as two cells.
#[must_use]
pub fn with_margin(yuan: f64, margin_yuan: Option<f64>) -> [String; 2] {
    [ten_thousands(yuan), maybe(margin_yuan, ten_thousands)]
}

/// The same with its sign, for differences; nothing is without sign.
#[must_use]
pub fn signed_ten_thousands(yuan: f64) -> String {
    let text = ten_thousands(yuan);
    if text.starts_with('-') || text == "0.00" { text } else { format!("+{text}") }
}

/// A difference in ten thousand yuan with half the width of its 95 % interval: `+1.50 ± 0.20`; the margin is left out where
/// there is none.
#[must_use]
pub fn signed_with_margin(yuan: &Estimate) -> String {
    plus_minus(signed_ten_thousands(yuan.mean), yuan.margin_95(), ten_thousands)
}

/// A number as shown, and the error behind it where there is one.
#[must_use]
pub fn plus_minus(shown: String, margin: Option<f64>, show: impl Fn(f64) -> String) -> String {
    margin.map_or_else(|| shown.clone(), |margin| format!("{shown} ± {}", show(margin)))
}

/// An amount that may not exist: `-` then.
#[must_use]
pub fn maybe(yuan: Option<f64>, show: impl Fn(f64) -> String) -> String {
    yuan.map_or_else(|| "-".to_owned(), show)
}

/// A share between 0 and 1 as a percentage with one decimal.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}%", grouped(share * 100.0, 1))
}

/// A percentile or a safety in per cent.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
pub fn per_cent(at: PerMille) -> u16 {
    (at.as_f64() * 100.0).round() as u16
}

/// Whole fen in yuan.
#[must_use]
pub fn yuan(fen: i64) -> f64 {
    crate::units::Fen(fen).yuan()
}

/// Fixed decimals with thousands separators, without a negative zero.
#[must_use]
pub fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut out = String::new();
    if value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        out.push('-');
    }
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_for_readers() {
        assert_eq!(grouped(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(grouped(-1_000.0, 0), "-1,000");
        assert_eq!(grouped(-0.001, 2), "0.00");
        assert_eq!(grouped(999.999, 2), "1,000.00");
        assert_eq!(ten_thousands(41_234_567.0), "4,123.46");
        assert_eq!(signed_ten_thousands(123.0), "+0.01");
        assert_eq!(signed_ten_thousands(-123.0), "-0.01");
        assert_eq!(signed_ten_thousands(0.0), "0.00");
        assert_eq!(percent(0.045), "4.5%");
    }
}
