//! An even grid of values with at most six decimals, as whole millionths: so that a value is written as it is meant.

use crate::lang::Words;
use crate::units::Fen;

/// Millionths in one.
const ONE: i64 = 1_000_000;

/// The most values of a grid.
pub const MOST_VALUES: i64 = 100_000;

/// Values from `low` in even steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// The lowest value, in millionths.
    pub low: i64,
    /// The step, in millionths.
    pub step: i64,
    /// The place of the highest value, from 0.
    pub last: i64,
}

impl Grid {
    /// The grid of a range; the highest value is the last that a whole number of steps reaches.
    ///
    /// # Errors
    /// What is allowed.
    pub fn new((low, high): (i64, i64), step: i64) -> Result<Self, Words> {
        let last = if step > 0 { (high - low) / step } else { 0 };
        if step <= 0 || last < 1 {
            return Err(Words::new(
                "范围须从小到大，至少有一步",
                "the range must go up, by at least one step",
            ));
        }
        if last > MOST_VALUES {
            return Err(Words::new(
                format!("两端之间最多{MOST_VALUES}步；请加大 --step"),
                format!("there are at most {MOST_VALUES} steps between the ends; take a larger --step"),
            ));
        }
        Ok(Self { low, step, last })
    }

    /// The value at a place, in millionths.
    #[must_use]
    pub const fn millionths(&self, at: i64) -> i64 {
        self.low + self.step * at
    }

    /// The value at a place, as it is written.
    #[must_use]
    pub fn text(&self, at: i64) -> String {
        text(self.millionths(at))
    }

    /// The value at a place.
    #[must_use]
    pub fn value(&self, at: i64) -> f64 {
        as_number(self.millionths(at))
    }

    /// The place of a value, where it is one of the grid.
    #[must_use]
    pub const fn place(&self, millionths: i64) -> Option<i64> {
        let from = millionths - self.low;
        if from >= 0 && from % self.step == 0 && from / self.step <= self.last {
            Some(from / self.step)
        } else {
            None
        }
    }
}

/// A value in millionths as a number, for an axis.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "for an axis")]
pub fn as_number(millionths: i64) -> f64 {
    millionths as f64 / ONE as f64
}

/// A value in millionths, as it is written: no more decimals than it has.
#[must_use]
pub fn text(millionths: i64) -> String {
    let (whole, rest) = (millionths.abs() / ONE, millionths.abs() % ONE);
    let sign = if millionths < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{rest:06}").trim_end_matches('0'))
}

/// A number as typed, in millionths: at most six decimals, with 万, % and separators of digits allowed.
///
/// # Errors
/// What is allowed.
pub fn parse(typed: &str) -> Result<i64, Words> {
    let allowed = || {
        Words::new(
            format!("`{typed}`不是最多六位小数的数"),
            format!("`{typed}` is no number with at most six decimals"),
        )
    };
    let plain: String = typed.trim().chars().filter(|one| !['_', ','].contains(one)).collect();
    let (digits, unit) = match (plain.strip_suffix(['%', '％']), plain.strip_suffix('万')) {
        (Some(digits), _) => (digits, ONE / 100),
        (None, Some(digits)) => (digits, ONE * 10_000),
        (None, None) => (plain.as_str(), ONE),
    };
    let (sign, digits) = digits.strip_prefix('-').map_or((1, digits), |digits| (-1, digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || decimals.len() > 6 || !is_number(whole) || !is_number(decimals)
    {
        return Err(allowed());
    }
    let whole: i128 = whole.parse().map_err(|_| allowed())?;
    let parts: i128 = format!("{decimals:0<6}").parse().map_err(|_| allowed())?;
    let scaled = (whole * i128::from(ONE) + parts) * i128::from(unit);
    if scaled % i128::from(ONE) != 0 {
        return Err(allowed());
    }
    i64::try_from(scaled / i128::from(ONE)).map(|value| sign * value).map_err(|_| allowed())
}

/// An amount times a value, to the nearest fen.
#[must_use]
pub fn scaled(amount: Fen, millionths: i64) -> Fen {
    let product = i128::from(amount.0) * i128::from(millionths);
    let half = i128::from(ONE / 2);
    Fen(i64::try_from((product + half).div_euclid(i128::from(ONE))).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_written_as_they_are_meant() {
        for (typed, millionths, written) in [
            ("0.65", 650_000, "0.65"),
            ("65%", 650_000, "0.65"),
            ("6_000万", 60_000_000_000_000, "60000000"),
            ("-0.000001", -1, "-0.000001"),
            ("1500", 1_500_000_000, "1500"),
        ] {
            assert_eq!(parse(typed), Ok(millionths), "{typed}");
            assert_eq!(text(millionths), written);
        }
        for wrong in ["", "x", "1e3", "0.1234567", "--1", "1.2.3", "9999999999999"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_grid_has_the_values_of_its_steps_only() {
        let grid = Grid::new((0, 1_000_000), 300_000).unwrap();
        assert_eq!((0..=grid.last).map(|at| grid.text(at)).collect::<Vec<_>>(), ["0", "0.3", "0.6", "0.9"]);
        assert_eq!([grid.place(600_000), grid.place(650_000), grid.place(1_200_000)], [Some(2), None, None]);
        assert!(
            Grid::new((0, 10), 0).is_err()
                && Grid::new((10, 0), 1).is_err()
                && Grid::new((0, 1_000_000), 1).is_err()
        );
        assert_eq!(scaled(Fen(101), 1_500_000), Fen(152));
    }
}
