//! Amounts with their interval, checked at the door and turned into the unit of the chart.

use super::error::ChartError;
use super::number::{self, Unit};

/// A mean with the 5th and 95th percentile, in yuan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spread {
    /// Mean over the replicates.
    pub mean_yuan: f64,
    /// 5th percentile.
    pub p05_yuan: f64,
    /// 95th percentile.
    pub p95_yuan: f64,
}

/// A value with the ends of its interval, in the unit of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    /// The value drawn as bar or dot.
    pub(super) middle: f64,
    /// Lower end of the whisker.
    pub(super) low: f64,
    /// Upper end of the whisker.
    pub(super) high: f64,
    /// Half the width of the interval of the mean, where it is drawn besides.
    pub(super) error: Option<f64>,
}

impl Reach {
    /// Checks that all three are finite and the interval is in order. The mean may lie outside: it does when the tail is long.
    pub(super) fn checked(
        chart: &'static str,
        what: &str,
        [middle, low, high]: [f64; 3],
    ) -> Result<Self, ChartError> {
        finite(chart, what, &[middle, low, high])?;
        if low > high {
            return Err(ChartError::Disordered { chart, what: what.to_owned() });
        }
        Ok(Self { middle, low, high, error: None })
    }

    /// The same in another unit.
    pub(super) fn in_unit(self, unit: Unit) -> Self {
        let yuan = unit.yuan();
        Self {
            middle: self.middle / yuan,
            low: self.low / yuan,
            high: self.high / yuan,
            error: self.error.map(|error| error / yuan),
        }
    }

    /// With the error of the mean, which must be finite.
    pub(super) fn with_error(
        self,
        chart: &'static str,
        what: &str,
        error: Option<f64>,
    ) -> Result<Self, ChartError> {
        finite(chart, what, error.as_slice())?;
        Ok(Self { error, ..self })
    }

    /// The lowest and highest of its values.
    pub(super) fn ends(&self) -> (f64, f64) {
        let error = self.error.unwrap_or(0.0);
        (self.low.min(self.middle - error), self.high.max(self.middle + error))
    }
}

/// The lowest and highest value of some reaches, and zero; (0, 0) for none.
pub(super) fn hull<'a>(reaches: impl IntoIterator<Item = &'a Reach>) -> (f64, f64) {
    reaches
        .into_iter()
        .map(Reach::ends)
        .fold((0.0, 0.0), |hull: (f64, f64), ends| (hull.0.min(ends.0), hull.1.max(ends.1)))
}

/// The unit that suits some reaches given in yuan.
pub(super) fn unit_for<'a>(reaches: impl IntoIterator<Item = &'a Reach>) -> Unit {
    let (low, high) = hull(reaches);
    Unit::for_values([low, high])
}

/// Decimals for the middles of some reaches.
pub(super) fn decimals_for<'a>(reaches: impl IntoIterator<Item = &'a Reach>) -> usize {
    number::decimals_for(number::largest(reaches.into_iter().map(|reach| reach.middle)))
}

/// An error for the first value that is NaN or infinite.
pub(super) fn finite(chart: &'static str, what: &str, values: &[f64]) -> Result<(), ChartError> {
    match values.iter().find(|value| !value.is_finite()) {
        Some(&value) => Err(ChartError::NotFinite { chart, what: what.to_owned(), value }),
        None => Ok(()),
    }
}
