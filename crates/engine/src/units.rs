//! Money, ratios and months: the units that may not be mixed, checked at the door.
//!
//! Money is whole fen in an integer, so that sums are exact and their order cannot matter. A ratio is whole
//! millionths, so that `ratio × money` has one exact value and is rounded once, half up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount of money in whole fen (0.01 yuan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount that is accepted from outside, 90 billion yuan: its product with a ratio of
    /// 1,000,000 millionths still fits 64 bits.
    pub const MAX_INPUT: Self = Self(9_000_000_000_000);
    /// No upper bound: what a cap is where a plan sets none.
    pub const UNBOUNDED: Self = Self(i64::MAX);

    /// Whole yuan.
    #[must_use]
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// The nearest fen to an amount in yuan, half away from zero; `None` outside the accepted range.
    #[must_use]
    pub fn from_yuan_f64(yuan: f64) -> Option<Self> {
        let fen = (yuan * 100.0).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "checked against the bound"
        )]
        (fen.abs() <= Self::MAX_INPUT.0 as f64).then_some(Self(fen as i64))
    }

    /// The amount in yuan, for statistics and charts only.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "statistics; exact below 2^53 fen")]
    pub fn yuan(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// What is left above `floor`, never below zero.
    #[must_use]
    pub fn above(self, floor: Self) -> Self {
        Self(self.0.max(floor.0) - floor.0)
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals, as in `52000.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Fen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Fen {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Fen {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|fen| fen.0).sum())
    }
}

/// A share or ratio in whole millionths.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Ratio(pub i64);

impl Ratio {
    /// Millionths in a whole.
    pub const SCALE: i64 = 1_000_000;
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(Self::SCALE);

    /// A ratio from a decimal such as `0.95`; `None` when it needs more than six decimals.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        let scaled = value * 1e6;
        let rounded = scaled.round();
        #[expect(clippy::cast_possible_truncation, reason = "checked against the bound")]
        ((scaled - rounded).abs() < 1e-4 && rounded.abs() < 1e12).then_some(Self(rounded as i64))
    }

    /// `ratio × amount` rounded half up to the fen; the amount must not be negative. A product beyond all money is
    /// the most that there is.
    #[must_use]
    #[inline]
    pub fn of(self, amount: Fen) -> Fen {
        match amount.0.checked_mul(self.0).and_then(|product| product.checked_add(Self::SCALE / 2)) {
            Some(product) => Fen(product / Self::SCALE),
            None => self.of_wide(amount),
        }
    }

    #[cold]
    fn of_wide(self, amount: Fen) -> Fen {
        let product = i128::from(amount.0) * i128::from(self.0) + i128::from(Self::SCALE / 2);
        Fen(i64::try_from(product / i128::from(Self::SCALE)).unwrap_or(i64::MAX))
    }

    /// The ratio as a decimal, for display and statistics.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "small integers")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl fmt::Display for Ratio {
    /// A percentage without superfluous zeros, as in `95 %` or `7.5 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 10_000, (self.0 % 10_000).abs());
        if rest == 0 {
            return write!(f, "{whole} %");
        }
        let decimals = format!("{rest:04}");
        write!(f, "{whole}.{} %", decimals.trim_end_matches('0'))
    }
}

/// A calendar month, counted from January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub u16);

impl Month {
    /// Before every month that can be settled: where an open spell begins.
    pub const FIRST: Self = Self(0);
    /// After every month that can be settled: where an open spell ends.
    pub const LAST: Self = Self(u16::MAX);

    /// Month 1-12 of a year.
    #[must_use]
    pub const fn new(year: u16, month_of_year: u8) -> Self {
        Self(year * 12 + month_of_year as u16 - 1)
    }

    /// The calendar year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.0 / 12
    }

    /// 1-12.
    #[must_use]
    pub const fn of_year(self) -> u8 {
        (self.0 % 12) as u8 + 1
    }

    /// Reads `2023-07`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return None;
        }
        let (year, month) = (year.parse::<u16>().ok()?, month.parse::<u8>().ok()?);
        ((1..=12).contains(&month) && (1900..=2200).contains(&year)).then(|| Self::new(year, month))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.of_year())
    }
}

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Its month.
    pub month: Month,
    /// 1-31.
    pub of_month: u8,
}

impl Day {
    /// Reads `2023-02-28`; `None` for a day that does not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = (text.get(..7)?, text.get(7..)?.strip_prefix('-')?);
        if day.len() != 2 || !day.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let month = Month::parse(month)?;
        let of_month = day.parse::<u8>().ok()?;
        (1..=days_in(month)).contains(&of_month).then_some(Self { month, of_month })
    }

    /// Days from an earlier day to this one; negative where it is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.number() - earlier.number()
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        let (mut month, mut of_month) = (self.month, u16::from(self.of_month) + days);
        while of_month > u16::from(days_in(month)) {
            of_month -= u16::from(days_in(month));
            month = Month(month.0 + 1);
        }
        Self { month, of_month: of_month as u8 }
    }

    /// Days since the beginning of year 0 in the Gregorian calendar.
    fn number(self) -> i64 {
        let year = i64::from(self.month.year());
        // Leap days before the year; year 0 has one.
        let leap_days = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
        let first = Month::new(self.month.year(), 1).0;
        let months: i64 = (first..self.month.0).map(|month| i64::from(days_in(Month(month)))).sum();
        365 * year + leap_days + months + i64::from(self.of_month)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.month, self.of_month)
    }
}

/// The number of days of a month in the Gregorian calendar.
#[must_use]
pub const fn days_in(month: Month) -> u8 {
    let year = month.year();
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month.of_year() {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_ratio_rounds_half_up_once() {
        assert_eq!(Ratio::from_f64(0.5).unwrap().of(Fen(1)), Fen(1));
        assert_eq!(Ratio::from_f64(0.49).unwrap().of(Fen(1)), Fen(0));
        assert_eq!(Ratio::from_f64(0.95).unwrap().of(Fen(10)), Fen(10));
        assert_eq!(Ratio::from_f64(0.6).unwrap().of(Fen::from_yuan(350)), Fen::from_yuan(210));
        assert_eq!(Ratio::ONE.of(Fen::MAX_INPUT), Fen::MAX_INPUT);
        assert_eq!(Ratio::ONE.of(Fen::UNBOUNDED), Fen::UNBOUNDED);
        assert_eq!(Ratio(2_000_000).of(Fen::MAX_INPUT), Fen(2 * Fen::MAX_INPUT.0));
        assert_eq!(Ratio(2_000_000).of(Fen::UNBOUNDED), Fen::UNBOUNDED);
    }

    #[test]
    fn exact_days_follow_the_calendar() {
        assert_eq!(Day::parse("2024-02-29").unwrap().to_string(), "2024-02-29");
        for wrong in
            ["2023-02-29", "2023-13-01", "2023-00-01", "2023-1-01", "2023-01-1", "2023-01-32", "x", ""]
        {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        let between = |from: &str, to: &str| Day::parse(to).unwrap().days_since(Day::parse(from).unwrap());
        assert_eq!(between("2023-02-28", "2023-03-01"), 1);
        assert_eq!(between("2024-02-28", "2024-03-01"), 2);
        assert_eq!(between("2023-03-01", "2024-03-01"), 366);
        assert_eq!(between("1999-12-31", "2000-01-01"), 1);
        assert_eq!(between("1900-01-01", "2100-01-01"), 73_049);
        assert_eq!(between("2024-03-01", "2023-03-01"), -366);
        let first = Day::parse("2023-12-05").unwrap();
        for days in 0..500 {
            assert_eq!(first.plus_days(days).days_since(first), i64::from(days));
        }
        assert_eq!(first.plus_days(86).to_string(), "2024-02-29");
    }

    #[test]
    fn exact_amounts_and_ratios_print_as_written() {
        assert_eq!(Fen(5_200_005).to_string(), "52000.05");
        assert_eq!(Fen(-7).to_string(), "-0.07");
        assert_eq!(Ratio::from_f64(0.075).unwrap().to_string(), "7.5 %");
        assert_eq!(Ratio::from_f64(0.95).unwrap().to_string(), "95 %");
    }
}
