//! How amounts of money are written: the unit a chart uses, its label, thousands separators and decimals.

use fundcast_engine::lang::Lang;

/// The unit in which a chart shows money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Yuan.
    Yuan,
    /// 10,000 yuan, the unit of county budgets.
    TenThousand,
    /// 100 million yuan.
    HundredMillion,
}

impl Unit {
    /// The unit for amounts up to `largest_yuan` in absolute value: 万元 unless that gives fewer than two or more than
    /// 100,000 of them. All zero is 万元, too.
    pub(super) fn for_largest(largest_yuan: f64) -> Self {
        match largest_yuan.abs() {
            x if x >= 1e9 => Self::HundredMillion,
            x if x >= 2e4 || x <= 0.0 => Self::TenThousand,
            _ => Self::Yuan,
        }
    }

    /// The unit for a set of amounts in yuan.
    pub(super) fn for_values(values_yuan: impl IntoIterator<Item = f64>) -> Self {
        Self::for_largest(largest(values_yuan))
    }

    /// Yuan in one unit.
    pub(super) const fn yuan(self) -> f64 {
        match self {
            Self::Yuan => 1.0,
            Self::TenThousand => 1e4,
            Self::HundredMillion => 1e8,
        }
    }

    /// The unit's name.
    pub(super) const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Yuan => lang.pick("元", "yuan"),
            Self::TenThousand => lang.pick("万元", "10,000 yuan"),
            Self::HundredMillion => lang.pick("亿元", "100 million yuan"),
        }
    }

    /// The unit as a fact under the title.
    pub(super) fn fact(self, lang: Lang) -> String {
        format!("{}{}", lang.pick("单位：", "in "), self.label(lang))
    }
}

/// The largest absolute value; 0 for none.
pub(super) fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |most: f64, x| most.max(x.abs()))
}

/// Decimals that give the largest of some figures three significant digits.
pub(super) fn decimals_for(largest: f64) -> usize {
    if largest <= 0.0 {
        return 0;
    }
    (2.0 - largest.log10().floor()).clamp(0.0, 6.0) as usize
}

/// A figure with thousands separators, a true minus sign, and no negative zero.
pub(super) fn figure(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let negative = value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let mut text = String::from(if negative { "−" } else { "" });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// An amount within a sentence: in the unit of the chart in Chinese, in yuan, million or billion yuan in English.
pub(super) fn amount(yuan: f64, unit: Unit, lang: Lang) -> String {
    let (divisor, name) = match (lang, yuan.abs()) {
        (Lang::Zh, _) => (unit.yuan(), unit.label(lang)),
        (Lang::En, x) if x >= 1e9 => (1e9, " billion yuan"),
        (Lang::En, x) if x >= 1e6 => (1e6, " million yuan"),
        (Lang::En, _) => (1.0, " yuan"),
    };
    let value = yuan / divisor;
    let decimals =
        (0..decimals_for(value.abs())).find(|&d| rounds_to(value, d)).unwrap_or(decimals_for(value.abs()));
    format!("{}{name}", figure(value, decimals))
}

/// Whether a value has no more than `decimals` decimals worth writing.
fn rounds_to(value: f64, decimals: usize) -> bool {
    let scaled = value * 10f64.powi(decimals as i32);
    (scaled - scaled.round()).abs() < 1e-9 * scaled.abs()
}

/// A range of two figures, written so that minus signs stay readable.
pub(super) fn range(low: f64, high: f64, decimals: usize, lang: Lang) -> String {
    let dash = match lang {
        Lang::Zh => "～",
        Lang::En if low < 0.0 || high < 0.0 => " to ",
        Lang::En => "–",
    };
    format!("{}{dash}{}", figure(low, decimals), figure(high, decimals))
}

/// A share as a percentage, without decimals where it has none.
pub(super) fn percent(share: f64) -> String {
    let hundredths = share * 100.0;
    let decimals = usize::from((hundredths - hundredths.round()).abs() > 0.05);
    format!("{}%", figure(hundredths, decimals))
}

/// A year as an axis label.
pub(super) fn year(year: i32, lang: Lang) -> String {
    format!("{year}{}", lang.pick("年", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_figures_have_separators_and_a_true_minus() {
        assert_eq!(figure(1_234_567.891, 1), "1,234,567.9");
        assert_eq!(figure(-1234.0, 0), "−1,234");
        assert_eq!(figure(-0.001, 2), "0.00");
        assert_eq!(figure(999.0, 0), "999");
        assert_eq!(figure(1e12, 0), "1,000,000,000,000");
    }

    #[test]
    fn exact_units_switch_at_their_bounds() {
        let label = |yuan: f64| Unit::for_largest(yuan).label(Lang::Zh);
        assert_eq!(label(0.0), "万元");
        assert_eq!(label(19_999.0), "元");
        assert_eq!(label(-20_000.0), "万元");
        assert_eq!(label(999_999_999.0), "万元");
        assert_eq!(label(1e9), "亿元");
    }

    #[test]
    fn exact_decimals_keep_three_digits() {
        assert_eq!([1234.0, 123.0, 12.3, 1.2, 0.5, 0.0].map(decimals_for), [0, 0, 1, 2, 3, 0]);
    }

    #[test]
    fn exact_amounts_in_sentences() {
        assert_eq!(amount(9.782e8, Unit::TenThousand, Lang::Zh), "97,820万元");
        assert_eq!(amount(9.782e8, Unit::TenThousand, Lang::En), "978 million yuan");
        assert_eq!(amount(2e6, Unit::TenThousand, Lang::En), "2 million yuan");
        assert_eq!(amount(-0.25, Unit::Yuan, Lang::Zh), "−0.25元");
    }

    #[test]
    fn exact_percentages() {
        assert_eq!(percent(0.6), "60%");
        assert_eq!(percent(0.125), "12.5%");
        assert_eq!(percent(0.3), "30%");
    }
}
