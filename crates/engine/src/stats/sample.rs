//! The replicates of one quantity, sorted: quantiles, tail means, probabilities.

use super::estimate::Estimate;
use super::interval::{normal_quantile, quantile_ranks};

/// A probability in whole thousandths, so that ranks are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PerMille(u16);

impl PerMille {
    /// 5 %.
    pub const P05: Self = Self(50);
    /// 10 %.
    pub const P10: Self = Self(100);
    /// 25 %.
    pub const P25: Self = Self(250);
    /// The median.
    pub const P50: Self = Self(500);
    /// 75 %.
    pub const P75: Self = Self(750);
    /// 80 %.
    pub const P80: Self = Self(800);
    /// 90 %.
    pub const P90: Self = Self(900);
    /// 95 %.
    pub const P95: Self = Self(950);
    /// 99 %.
    pub const P99: Self = Self(990);

    /// 0 to 1000; `None` above.
    #[must_use]
    pub const fn new(thousandths: u16) -> Option<Self> {
        if thousandths <= 1000 { Some(Self(thousandths)) } else { None }
    }

    /// The fewest replicates from which the percentile can be told with a 95 % interval of its own, see
    /// [`quantile_ranks`]: below them it is as good as the largest (or smallest) replicate.
    #[must_use]
    pub fn fewest_replicates(self) -> Option<u64> {
        (1..=20_000).find(|&n| quantile_ranks(n, self, 0.95).is_some())
    }

    /// As a number between 0 and 1.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

/// Whole numbers (fen, persons), one a replicate, in ascending order; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample(Vec<i64>);

impl Sample {
    /// Sorts the values of all replicates; `None` without any.
    #[must_use]
    pub fn new(mut values: Vec<i64>) -> Option<Self> {
        values.sort_unstable();
        (!values.is_empty()).then_some(Self(values))
    }

    /// The values in ascending order.
    #[must_use]
    pub fn sorted(&self) -> &[i64] {
        &self.0
    }

    /// The mean with its error, see [`Estimate::from_sums`].
    #[must_use]
    pub fn estimate(&self, per_unit: u32) -> Estimate {
        Estimate::of(&self.0, per_unit).unwrap_or_default()
    }

    /// The quantile as the inverse of the empirical distribution: the smallest value that at least the share
    /// p of the replicates does not exceed, x₍ₖ₎ with k = ⌈n p⌉ (and the smallest value for p = 0).
    ///
    /// It is always the value of a replicate. For money: the smallest budget that was enough in at least p of
    /// the replicates. Type 1 of Hyndman and Fan, *The American Statistician* 50 (1996) 361-365,
    /// doi:10.1080/00031305.1996.10473566.
    #[must_use]
    pub fn quantile(&self, at: PerMille) -> i64 {
        let rank = (self.0.len() * usize::from(at.0)).div_ceil(1000).max(1);
        self.0[rank - 1]
    }

    /// Two values that enclose the quantile of the distribution with at least 95 % confidence, see
    /// [`quantile_ranks`]; `None` with too few replicates.
    #[must_use]
    pub fn quantile_interval_95(&self, at: PerMille) -> Option<(i64, i64)> {
        let (lower, upper) = quantile_ranks(self.0.len() as u64, at, 0.95)?;
        Some((self.0[lower as usize - 1], self.0[upper as usize - 1]))
    }

    /// The standard error of a quantile: the width of its 95 % interval (order statistics by binomial ranks, free of
    /// any assumption on the distribution) divided by 2 × 1.96. `None` where the replicates are too few to enclose the
    /// quantile: below 6 for the median, 36 for the 90th and 72 for the 95th percentile.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "statistics")]
    pub fn quantile_error(&self, at: PerMille) -> Option<f64> {
        let (low, high) = self.quantile_interval_95(at)?;
        Some((high - low) as f64 / (2.0 * normal_quantile(0.975)))
    }

    /// TVaR: the mean of the worst (largest) part of the replicates beyond p.
    ///
    /// The part is n (1 − p) replicates, the last of which counts by its fraction: with 30 replicates and
    /// p = 95 % the largest counts fully, the second by half, over 1.5. The numerator is an exact integer.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "one rounding of an exact sum")]
    pub fn tail_mean(&self, beyond: PerMille) -> f64 {
        let part = self.0.len() * usize::from(1000 - beyond.0);
        let (whole, fraction) = (part / 1000, part % 1000);
        let mut worst = self.0.iter().rev();
        let sum: i128 = worst.by_ref().take(whole).map(|&value| i128::from(value)).sum();
        let next = worst.next().map_or(0, |&value| i128::from(value));
        if part == 0 {
            return self.0[self.0.len() - 1] as f64;
        }
        (sum * 1000 + next * fraction as i128) as f64 / part as f64
    }

    /// The share of the replicates that do not exceed a value.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts")]
    pub fn share_at_most(&self, value: i64) -> f64 {
        self.0.partition_point(|&one| one <= value) as f64 / self.0.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_to(n: i64) -> Sample {
        Sample::new((1..=n).rev().collect()).unwrap()
    }

    #[test]
    fn exact_quantiles_are_order_statistics() {
        let hundred = one_to(100);
        for (at, value) in [(PerMille::P05, 5), (PerMille::P50, 50), (PerMille::P95, 95), (PerMille::P99, 99)]
        {
            assert_eq!(hundred.quantile(at), value);
        }
        let ten = one_to(10);
        for (at, value) in [(0, 1), (1, 1), (100, 1), (101, 2), (950, 10), (1000, 10)] {
            assert_eq!(ten.quantile(PerMille::new(at).unwrap()), value, "{at}");
        }
        assert_eq!(Sample::new(vec![7]).unwrap().quantile(PerMille::P50), 7);
        assert_eq!(Sample::new(Vec::new()), None);
    }

    /// The definition itself: F(q) ≥ p, and nothing smaller has it.
    #[test]
    fn prop_a_quantile_is_the_smallest_sufficient_budget() {
        let sample = Sample::new(vec![5, 1, 1, 9, 3, 3, 3, 20, 4, 8, 2]).unwrap();
        for thousandths in 1..=1000 {
            let at = PerMille::new(thousandths).unwrap();
            let budget = sample.quantile(at);
            assert!(sample.share_at_most(budget) >= at.as_f64() - 1e-12);
            assert!(sample.share_at_most(budget - 1) < at.as_f64());
        }
    }

    /// 100 replicates: 96 … 100 averages 98. 30: (30 + 29 / 2) / 1.5. 10: half of the largest over a half.
    #[test]
    fn exact_tail_means_with_a_fraction() {
        assert!((one_to(100).tail_mean(PerMille::P95) - 98.0).abs() < 1e-12);
        assert!((one_to(30).tail_mean(PerMille::P95) - 44.5 / 1.5).abs() < 1e-12);
        assert!((one_to(10).tail_mean(PerMille::P95) - 10.0).abs() < 1e-12);
        assert!((one_to(10).tail_mean(PerMille::new(0).unwrap()) - 5.5).abs() < 1e-12);
        assert!((one_to(10).tail_mean(PerMille::new(1000).unwrap()) - 10.0).abs() < 1e-12);
    }

    /// The error against brute force: the spread of the quantiles of 2,000 independent samples of a skewed
    /// distribution. Ranks are whole numbers, so that the error is rather a little too large than too small.
    #[test]
    fn val_the_error_of_a_quantile_is_the_spread_of_repeated_samples() {
        let mut state = 1_u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        for (n, at) in
            [(400, PerMille::P50), (400, PerMille::P90), (400, PerMille::P95), (1000, PerMille::P95)]
        {
            let samples: Vec<Sample> = (0..2000)
                .map(|_| Sample::new((0..n).map(|_| (-uniform().ln() * 1e6) as i64).collect()).unwrap())
                .collect();
            let quantiles: Vec<i64> = samples.iter().map(|sample| sample.quantile(at)).collect();
            let spread = Estimate::of(&quantiles, 1).unwrap().sd.unwrap();
            let errors: f64 = samples.iter().map(|sample| sample.quantile_error(at).unwrap()).sum();
            let ratio = errors / 2000.0 / spread;
            assert!((0.95..1.2).contains(&ratio), "{n} {at:?}: {ratio}");
        }
    }

    /// The upper rank must exist: 1 − p^n ≥ 0.975, so n ≥ ln 0.025 / ln p = 35.01, 71.9, 367.04.
    #[test]
    fn exact_a_percentile_needs_replicates_above_it() {
        let fewest = |at: PerMille| at.fewest_replicates().unwrap();
        assert_eq!(fewest(PerMille::P90), 36);
        assert_eq!(fewest(PerMille::P95), 72);
        assert_eq!(fewest(PerMille::P99), 368);
        assert_eq!(fewest(PerMille::P05), 72);
        assert_eq!(PerMille::new(1000).unwrap().fewest_replicates(), None);
        for at in [PerMille::P90, PerMille::P95] {
            let n = fewest(at);
            assert!(
                one_to(n as i64).quantile_error(at).is_some()
                    && one_to(n as i64 - 1).quantile_error(at).is_none()
            );
        }
    }

    #[test]
    fn exact_interval_and_error_of_a_median() {
        assert_eq!(one_to(10).quantile_interval_95(PerMille::P50), Some((2, 9)));
        let error = one_to(10).quantile_error(PerMille::P50).unwrap();
        assert!((error - 7.0 / 3.919_927_969).abs() < 1e-8);
        assert_eq!(one_to(10).quantile_error(PerMille::P99), None);
    }
}
