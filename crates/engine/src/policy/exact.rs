//! Amounts between whole fen, for payments on what is a fraction itself: only the payment is rounded.

use super::schedule::Band;
use crate::units::{Fen, Ratio};

/// An amount as whole fen less a fraction of a fen, in 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exact {
    pub(super) whole: i128,
    /// Numerator of what is taken off, less than the denominator unless several fractions add up.
    pub(super) numerator: i128,
    pub(super) denominator: i128,
}

impl Exact {
    /// Nothing.
    pub(super) const ZERO: Self = Self { whole: 0, numerator: 0, denominator: 1 };
    /// Beyond such a denominator the products of [`Self::banded`] would outgrow 128 bits.
    const FINEST: i128 = 10_i128.pow(30);

    /// `whole − numerator ÷ denominator`; nothing may be negative.
    pub(super) fn less(whole: Fen, numerator: i64, denominator: i64) -> Self {
        let (numerator, denominator) = (i128::from(numerator), i128::from(denominator.max(1)));
        let whole = i128::from(whole.0) - numerator / denominator;
        Self { whole, numerator: numerator % denominator, denominator }.reduced()
    }

    /// The sum; where its fraction would be too fine, the last one is rounded down.
    pub(super) fn plus(self, other: Self) -> Self {
        let whole = self.whole + other.whole;
        if self.numerator == 0 || other.numerator == 0 {
            let fraction = if self.numerator == 0 { other } else { self };
            return Self { whole, ..fraction };
        }
        let denominator = self.denominator.checked_mul(other.denominator);
        match denominator.filter(|all| *all <= Self::FINEST) {
            None => Self { whole: whole - 1, ..self },
            Some(denominator) => {
                let numerator = self.numerator * other.denominator + other.numerator * self.denominator;
                let whole = whole - numerator / denominator;
                Self { whole, numerator: numerator % denominator, denominator }.reduced()
            }
        }
    }

    /// At most another amount.
    pub(super) fn at_most(self, most: Fen) -> Self {
        if self.exceeds(most) { Self { whole: i128::from(most.0), ..Self::ZERO } } else { self }
    }

    /// Whole fen, rounded up.
    pub(super) fn fen(self) -> Fen {
        Fen(i64_of(self.whole - self.numerator.div_euclid(self.denominator)))
    }

    fn reduced(self) -> Self {
        let (mut a, mut b) = (self.numerator, self.denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self { numerator: self.numerator / a, denominator: self.denominator / a, ..self }
    }

    pub(super) fn exceeds(self, amount: Fen) -> bool {
        self.whole - i128::from(amount.0) > self.numerator.div_euclid(self.denominator)
    }

    /// `Σ ratio × part in the band`, rounded half up once; whole fen and the fraction are kept apart so that 128
    /// bits are enough.
    pub(super) fn banded(self, bands: &[Band], deductible: Fen) -> Fen {
        let mut floor = deductible;
        let mut millionths = 0_i128;
        let mut open = Ratio::ZERO;
        for band in bands {
            if !self.exceeds(floor) {
                break;
            }
            if self.exceeds(band.to) {
                millionths += i128::from(band.ratio.0) * i128::from((band.to - floor).0.max(0));
                floor = floor.max(band.to);
            } else {
                millionths += i128::from(band.ratio.0) * (self.whole - i128::from(floor.0));
                open = band.ratio;
                break;
            }
        }
        let scale = i128::from(Ratio::SCALE);
        let (quotient, remainder) = (millionths / scale, millionths % scale);
        let fraction = remainder * self.denominator - i128::from(open.0) * self.numerator;
        let unit = scale * self.denominator;
        Fen(i64_of(quotient + (2 * fraction + unit).div_euclid(2 * unit)))
    }
}

/// 128 bits as 64; beyond, the most that there is.
pub(super) fn i64_of(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_fractions_add_up_and_are_rounded_once() {
        // 39,940.04 less 20,000 ÷ 0.67: 10,089.293731…; of it 70 % are 7,062.505611…
        let beyond = Exact::less(Fen(3_994_004), 2_000_000 * 1_000_000, 670_000);
        let bands = [Band { to: Fen::UNBOUNDED, ratio: Ratio(700_000) }];
        assert_eq!((beyond.fen(), beyond.banded(&bands, Fen::ZERO)), (Fen(1_008_930), Fen(706_251)));
        assert!(beyond.exceeds(Fen(1_008_929)) && !beyond.exceeds(Fen(1_008_930)));
        assert_eq!(beyond.at_most(Fen(5)).fen(), Fen(5));
        // Thirds add up to whole fen, whatever the order.
        let third = Exact::less(Fen(1), 2, 3);
        assert_eq!(third.plus(third).plus(third), Exact { whole: 1, ..Exact::ZERO });
        assert_eq!(Exact::ZERO.plus(third), third);
        // Too fine: rounded down.
        let fine = Exact::less(Fen(1), 1, 999_999_999_999_999_989);
        let finer = Exact::less(Fen(1), 1, 999_999_999_999_999_967);
        assert_eq!(fine.plus(finer), Exact { whole: 1, ..fine });
    }
}
