//! Quantiles of the normal and Student distributions, and the order statistics that enclose a quantile.

use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal, StudentsT};

use super::sample::PerMille;

/// The quantile of the standard normal distribution: 1.96 at 0.975.
#[must_use]
pub fn normal_quantile(probability: f64) -> f64 {
    Normal::standard().inverse_cdf(probability)
}

/// Half the width of the 95 % interval that goes with a standard error, by the normal distribution.
#[must_use]
pub fn margin_95(standard_error: f64) -> f64 {
    normal_quantile(0.975) * standard_error
}

/// The quantile of Student's t; the normal one where the degrees of freedom are none.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "degrees of freedom")]
pub fn student_t_quantile(degrees: u64, probability: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees as f64)
        .map_or_else(|_| normal_quantile(probability), |distribution| distribution.inverse_cdf(probability))
}

/// The ranks (from 1) of the order statistics that enclose a quantile with at least the given confidence.
///
/// The number of replicates at or below the quantile is binomial (n, p), whatever the distribution: the lower
/// rank l is the largest with P(B < l) ≤ α/2, the upper u the smallest with P(B < u) ≥ 1 − α/2 (Conover,
/// *Practical Nonparametric Statistics*, 3rd ed. 1999, section 3.2). `None` where n is too small to enclose it.
#[must_use]
pub fn quantile_ranks(n: u64, at: PerMille, confidence: f64) -> Option<(u64, u64)> {
    let binomial = Binomial::new(at.as_f64(), n).ok()?;
    let tail = (1.0 - confidence) / 2.0;
    // P(B < r) = cdf(r − 1) grows with r: the first rank above the lower tail is one too far.
    let below = |rank: u64| if rank == 0 { 0.0 } else { binomial.cdf(rank - 1) };
    let beyond = first(1, n + 1, |rank| below(rank) > tail);
    let lower = beyond - 1;
    let upper = first(lower.max(1), n + 1, |rank| below(rank) >= 1.0 - tail);
    (lower >= 1 && upper <= n).then_some((lower, upper))
}

/// The first number in a range for which a condition, once true, stays true; the end if there is none.
fn first(from: u64, to: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn val_normal_and_student_quantiles_from_tables() {
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
        assert!((student_t_quantile(9, 0.975) - 2.262_157_162_740_992).abs() < 1e-6);
        assert!((student_t_quantile(0, 0.975) - normal_quantile(0.975)).abs() < 1e-12);
    }

    /// Median of 10: P(B ≤ 1) = 11/1024 ≤ 0.025 < P(B ≤ 2) = 56/1024, so ranks 2 and 9, as in textbooks.
    #[test]
    fn exact_ranks_around_the_median_of_ten() {
        assert_eq!(quantile_ranks(10, PerMille::P50, 0.95), Some((2, 9)));
    }

    /// Five replicates cannot enclose their median with 95 %: 1 − 2/32 = 0.9375.
    #[test]
    fn exact_too_few_replicates_enclose_nothing() {
        assert_eq!(quantile_ranks(5, PerMille::P50, 0.95), None);
        assert_eq!(quantile_ranks(6, PerMille::P50, 0.95), Some((1, 6)));
        assert_eq!(quantile_ranks(20, PerMille::P99, 0.95), None);
    }

    /// With 1,000 replicates the normal approximation gives 950 ± 13.5.
    #[test]
    fn val_ranks_agree_with_the_normal_approximation() {
        let (lower, upper) = quantile_ranks(1000, PerMille::P95, 0.95).unwrap();
        assert!((935..=938).contains(&lower) && (963..=966).contains(&upper), "{lower} {upper}");
    }
}
