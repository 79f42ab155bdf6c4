//! Round axis values: steps of 1, 2, 2.5 or 5 times a power of ten.

use super::number::figure;

/// An axis with round values on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ticks {
    /// Lowest axis value.
    pub(super) low: f64,
    /// Highest axis value.
    pub(super) high: f64,
    step: f64,
    decimals: usize,
}

impl Ticks {
    /// About `about` steps covering `low` to `high`. Equal ends are widened: zero to 0–1, another value by a tenth of it.
    pub(super) fn covering(low: f64, high: f64, about: i32) -> Self {
        let (low, high) = widened(low, high);
        let step = round_step((high - low) / f64::from(about.max(1)));
        Self {
            low: (low / step + 1e-9).floor() * step,
            high: (high / step - 1e-9).ceil() * step,
            step,
            decimals: decimals_of(step),
        }
    }

    /// The same for bars, which start at zero.
    pub(super) fn from_zero(low: f64, high: f64, about: i32) -> Self {
        Self::covering(low.min(0.0), high.max(0.0), about)
    }

    /// An axis for differences: from `low` to `high` with some air, always with the zero line, its ends not round.
    pub(super) fn around_zero(low: f64, high: f64, about: i32) -> Self {
        match (low.min(0.0), high.max(0.0)) {
            (low, high) if high - low <= 0.0 => Self::covering(-1.0, 1.0, 2),
            (low, high) => {
                Self { low: low * 1.06, high: high * 1.06, ..Self::covering(low * 1.06, high * 1.06, about) }
            }
        }
    }

    /// Distance between two neighbours.
    pub(super) const fn step(&self) -> f64 {
        self.step
    }

    /// The axis values, lowest first.
    pub(super) fn values(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-9).ceil() as i64;
        let last = (self.high / self.step + 1e-9).floor() as i64;
        (first..=last).map(|i| i as f64 * self.step).collect()
    }

    /// The values as written.
    pub(super) fn labels(&self) -> Vec<String> {
        self.values().into_iter().map(|value| figure(value, self.decimals)).collect()
    }
}

/// The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `raw`.
pub(super) fn round_step(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .map(|m| m * power)
        .find(|step| *step >= raw * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

fn widened(low: f64, high: f64) -> (f64, f64) {
    if high - low > 1e-12 * low.abs().max(high.abs()) {
        return (low, high);
    }
    match low.abs() {
        size if size > 0.0 => (low - size / 10.0, high + size / 10.0),
        _ => (0.0, 1.0),
    }
}

fn decimals_of(step: f64) -> usize {
    (0..12)
        .find(|&decimals| {
            let scaled = step * 10f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled && scaled.round() >= 1.0
        })
        .unwrap_or(12) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_round_axes() {
        assert_eq!(Ticks::from_zero(0.0, 1234.0, 5).labels(), ["0", "250", "500", "750", "1,000", "1,250"]);
        assert_eq!(
            Ticks::covering(-0.3, 0.3, 6).labels(),
            ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"]
        );
        assert_eq!(Ticks::from_zero(0.0, 0.0, 5).labels().first().map(String::as_str), Some("0.0"));
        assert_eq!(Ticks::from_zero(-70.0, -20.0, 4).labels(), ["−80", "−60", "−40", "−20", "0"]);
    }

    #[test]
    fn prop_axes_cover_their_values() {
        for (low, high) in [(1e-9, 3e-9), (-5e11, 1e12), (7.0, 7.0), (0.0, 0.0), (-3.0, -3.0), (99.0, 101.0)]
        {
            let ticks = Ticks::covering(low, high, 5);
            assert!(ticks.low <= low && ticks.high >= high && ticks.high > ticks.low, "{ticks:?}");
            assert!((2..=13).contains(&ticks.values().len()), "{ticks:?}");
        }
    }
}
