//! Amounts before they are rounded: exact fractions of a yuan.

use std::fmt;

use crate::units::{Fen, Ratio};

/// A fraction of a yuan; none where it is too long for 128 bits, which no real bill reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction(Option<(i128, i128)>);

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self(Some((0, 1)));

    /// A share of an amount.
    pub fn share(ratio: Ratio, amount: Fen) -> Self {
        Self::from(amount).times(ratio)
    }

    /// The part of a payment that `counted` has of `all`.
    pub fn part(paid: Fen, counted: Fen, all: Fen) -> Self {
        let product = i128::from(paid.0).checked_mul(i128::from(counted.0));
        Self(product.zip(i128::from(all.0).max(1).checked_mul(100))).reduced()
    }

    /// Millionths of a fen.
    pub fn millionths(of_a_fen: i64) -> Self {
        Self(Some((i128::from(of_a_fen), 100 * i128::from(Ratio::SCALE)))).reduced()
    }

    /// Divided by a share that is not 0.
    pub fn over(self, ratio: Ratio) -> Self {
        let quotient = || {
            let (a, b) = self.0?;
            Some((a.checked_mul(i128::from(Ratio::SCALE))?, b.checked_mul(i128::from(ratio.0.max(1)))?))
        };
        Self(quotient()).reduced()
    }

    pub fn plus(self, other: Self) -> Self {
        let sum = || {
            let ((a, b), (c, d)) = (self.0?, other.0?);
            Some((a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?))
        };
        Self(sum()).reduced()
    }

    pub fn minus(self, other: Self) -> Self {
        self.plus(Self(other.0.map(|(a, b)| (-a, b))))
    }

    pub fn times(self, ratio: Ratio) -> Self {
        let product = || {
            let (a, b) = self.0?;
            Some((a.checked_mul(i128::from(ratio.0))?, b.checked_mul(i128::from(Ratio::SCALE))?))
        };
        Self(product()).reduced()
    }

    /// At least nothing.
    pub fn above_zero(self) -> Self {
        Self(self.0.map(|(a, b)| (a.max(0), b))).reduced()
    }

    /// At most another.
    pub fn at_most(self, other: Self) -> Self {
        match self.minus(other).0 {
            Some((difference, _)) if difference > 0 => other,
            _ => self,
        }
    }

    fn reduced(self) -> Self {
        Self(self.0.map(|(a, b)| {
            let (mut high, mut low) = (a.unsigned_abs(), b.unsigned_abs());
            while low != 0 {
                (high, low) = (low, high % low);
            }
            let divisor = i128::try_from(high.max(1)).unwrap_or(1);
            (a / divisor, b / divisor)
        }))
    }
}

impl From<Fen> for Fraction {
    fn from(amount: Fen) -> Self {
        Self(Some((i128::from(amount.0), 100))).reduced()
    }
}

impl fmt::Display for Fraction {
    /// At least two decimals, at most eight, of which the last is rounded.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((a, b)) = self.0 else { return f.write_str("…") };
        let (sign, size, divisor) = (if a < 0 { "-" } else { "" }, a.unsigned_abs(), b.unsigned_abs());
        let (mut whole, mut rest) = (size / divisor, size % divisor);
        let mut decimals = 0_u64;
        for _ in 0..8 {
            rest *= 10;
            decimals = decimals * 10 + u64::try_from(rest / divisor).unwrap_or(0);
            rest %= divisor;
        }
        if rest * 2 >= divisor {
            decimals += 1;
        }
        whole += u128::from(decimals / 100_000_000);
        let digits = format!("{:08}", decimals % 100_000_000);
        let kept = digits.trim_end_matches('0');
        write!(f, "{sign}{whole}.{}", if kept.len() < 2 { &digits[..2] } else { kept })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_fractions_show_what_is_rounded_later() {
        let share = |ratio, fen| Fraction::share(Ratio(ratio), Fen(fen)).to_string();
        assert_eq!(share(650_000, 205_539), "1336.0035");
        assert_eq!(share(1, 1), "0.00000001");
        assert_eq!(share(1_000_000, 5), "0.05");
        let third = Fraction::part(Fen(100), Fen(1), Fen(3));
        assert_eq!(third.to_string(), "0.33333333");
        assert_eq!(Fraction::from(Fen(100)).minus(third).to_string(), "0.66666667");
        assert_eq!(Fraction::from(Fen(50)).minus(Fraction::from(Fen(75))).to_string(), "-0.25");
        assert_eq!(third.minus(Fraction::from(Fen(100))).above_zero(), Fraction::ZERO);
        assert_eq!(third.at_most(Fraction::from(Fen(20))).to_string(), "0.20");
    }
}
