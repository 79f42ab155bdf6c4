//! What a goal seek is told to hold: a figure of the budgets and what it may be at most.

use crate::lang::{Lang, Words};
use crate::stats::PerMille;

/// The figure that a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// How likely the budget in force is exceeded, in each county and year that has one.
    Exceed,
    /// How likely the fund's money does not last, for each fund and year with an account.
    Short,
    /// Mean spending of all counties together, each year.
    Mean,
    /// A percentile of the spending of all counties together, each year.
    Percentile(PerMille),
}

impl Measure {
    /// Whether it is a share of the replicates; else yuan.
    #[must_use]
    pub const fn is_share(self) -> bool {
        matches!(self, Self::Exceed | Self::Short)
    }

    /// The name, as it is typed.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Exceed => "P(exceed)".to_owned(),
            Self::Short => "P(short)".to_owned(),
            Self::Mean => "mean".to_owned(),
            Self::Percentile(at) => format!("P{:.0}", at.as_f64() * 100.0),
        }
    }
}

impl Measure {
    /// What a reader calls it.
    #[must_use]
    pub fn label(self, lang: Lang) -> String {
        match self {
            Self::Exceed => lang.pick("超预算概率", "P(exceed)").to_owned(),
            Self::Short => lang.pick("基金不足概率", "P(short)").to_owned(),
            Self::Mean => lang.pick("均值", "mean").to_owned(),
            Self::Percentile(_) => self.name(),
        }
    }
}

/// A figure of one payer that may be at most so much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// The figure.
    pub measure: Measure,
    /// A share, or yuan.
    pub at_most: f64,
    /// The payer: position among the funders.
    pub payer: usize,
}

/// What is allowed.
fn allowed() -> Words {
    Words::new(
        "例如 \"P(exceed) <= 0.05\"（现行预算）、\"P(short) <= 5%\"（基金的资金）、\"mean <= 6000万\"、\"P95 <= 65000000\"（元；P50、P80、P90、P95、P99）",
        "such as \"P(exceed) <= 0.05\" (a budget in force), \"P(short) <= 5%\" (a fund's money), \"mean <= 6000万\", \"P95 <= 65000000\" (yuan; P50, P80, P90, P95, P99)",
    )
}

/// Reads a figure and its most from what was typed.
///
/// # Errors
/// What is allowed.
pub fn parse(text: &str) -> Result<(Measure, f64), Words> {
    let (name, most) = text.split_once("<=").or_else(|| text.split_once('≤')).ok_or_else(allowed)?;
    let name: String = name.chars().filter(|one| !one.is_whitespace()).collect();
    let measure = match name.to_lowercase().as_str() {
        "p(exceed)" => Measure::Exceed,
        "p(short)" => Measure::Short,
        "mean" => Measure::Mean,
        "p50" => Measure::Percentile(PerMille::P50),
        "p80" => Measure::Percentile(PerMille::P80),
        "p90" => Measure::Percentile(PerMille::P90),
        "p95" => Measure::Percentile(PerMille::P95),
        "p99" => Measure::Percentile(PerMille::P99),
        _ => return Err(allowed()),
    };
    let at_most = amount(most.trim(), measure.is_share()).ok_or_else(allowed)?;
    let is_allowed = if measure.is_share() { (0.0..1.0).contains(&at_most) } else { at_most >= 0.0 };
    if is_allowed { Ok((measure, at_most)) } else { Err(allowed()) }
}

/// A share with or without a sign for per cent, or yuan with or without 万 or 亿.
fn amount(text: &str, is_share: bool) -> Option<f64> {
    let plain: String = text.chars().filter(|one| *one != '_' && *one != ',').collect();
    let signs: [(&[char], f64); 2] =
        if is_share { [(&['%', '％'], 0.01), (&[], 1.0)] } else { [(&['万'], 1e4), (&['亿'], 1e8)] };
    let plain =
        if is_share { plain } else { plain.trim_end_matches("yuan").trim_end_matches('元').to_owned() };
    let (digits, unit) = signs
        .into_iter()
        .find_map(|(sign, unit)| Some((plain.trim().strip_suffix(sign)?.to_owned(), unit)))
        .unwrap_or((plain, 1.0));
    digits.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_with_their_units() {
        assert_eq!(parse("P(exceed) <= 0.05"), Ok((Measure::Exceed, 0.05)));
        assert_eq!(parse("p( short ) ≤ 5%"), Ok((Measure::Short, 0.05)));
        assert_eq!(parse("mean<=6_000万元"), Ok((Measure::Mean, 6e7)));
        assert_eq!(parse("P95 <= 65,000,000 yuan"), Ok((Measure::Percentile(PerMille::P95), 6.5e7)));
        for wrong in
            ["", "P(exceed)", "P(exceed) >= 0.1", "P(exceed) <= 5", "P42 <= 1", "mean <= -1", "mean <= x"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
