//! A mean with its Monte Carlo error.

use super::interval::student_t_quantile;

/// The mean of a quantity over replicates, with its spread; the unit is the quantity's own.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Estimate {
    /// Number of replicates.
    pub n: u64,
    /// The mean.
    pub mean: f64,
    /// The standard deviation between replicates, divisor n − 1; `None` below two replicates.
    pub sd: Option<f64>,
    /// The Monte Carlo standard error of the mean, sd / √n; `None` below two replicates.
    pub standard_error: Option<f64>,
}

impl Estimate {
    /// From the exact sum and sum of squares of `n` whole numbers, in units of which `per_unit` make one of the
    /// result (100 for fen to yuan); `None` without replicates.
    ///
    /// The variance is (n Σx² − (Σx)²) / (n (n − 1)), its numerator an exact integer.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "one rounding of an exact sum")]
    pub fn from_sums(n: u64, sum: i128, sum_squares: i128, per_unit: u32) -> Option<Self> {
        if n == 0 {
            return None;
        }
        let unit = f64::from(per_unit);
        let mean = sum as f64 / (n as f64 * unit);
        let sd = (n > 1).then(|| {
            let scaled = sum_squares * i128::from(n) - sum * sum;
            (scaled as f64 / (n as f64 * (n - 1) as f64)).sqrt() / unit
        });
        Some(Self { n, mean, sd, standard_error: sd.map(|sd| sd / (n as f64).sqrt()) })
    }

    /// From whole numbers, see [`Self::from_sums`].
    #[must_use]
    pub fn of(values: &[i64], per_unit: u32) -> Option<Self> {
        let sum = values.iter().map(|&value| i128::from(value)).sum();
        let sum_squares = values.iter().map(|&value| i128::from(value) * i128::from(value)).sum();
        Self::from_sums(values.len() as u64, sum, sum_squares, per_unit)
    }

    /// Half the width of the 95 % interval of the mean, by Student's t: 1.96 standard errors of many replicates, 12.7 of two.
    #[must_use]
    pub fn margin_95(&self) -> Option<f64> {
        let error = self.standard_error?;
        // What never varies has no error, and needs no degrees of freedom.
        Some(if error == 0.0 { 0.0 } else { student_t_quantile(self.n - 1, 0.975) * error })
    }

    /// The 95 % interval of the mean by Student's t with n − 1 degrees of freedom.
    #[must_use]
    pub fn interval_95(&self) -> Option<(f64, f64)> {
        let half = self.margin_95()?;
        Some((self.mean - half, self.mean + half))
    }

    /// The standard error as a share of the mean; `None` where the mean is 0.
    #[must_use]
    pub fn relative_error(&self) -> Option<f64> {
        (self.mean != 0.0).then_some(())?;
        self.standard_error.map(|error| error / self.mean.abs())
    }

    /// The replicates with which the relative error would meet a target, because it falls with √n.
    #[must_use]
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn replicates_for(&self, relative_target: f64) -> Option<u64> {
        let ratio = self.relative_error()? / relative_target;
        Some((self.n as f64 * ratio * ratio).ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared deviations 32, so the variance is 32/7.
    #[test]
    fn exact_mean_spread_and_error_of_eight_numbers() {
        let estimate = Estimate::of(&[2, 4, 4, 4, 5, 5, 7, 9], 1).unwrap();
        assert!((estimate.mean - 5.0).abs() < 1e-15);
        assert!((estimate.sd.unwrap() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-15);
        assert!((estimate.standard_error.unwrap() - (4.0_f64 / 7.0).sqrt()).abs() < 1e-15);
        let yuan = Estimate::of(&[200, 400, 400, 400, 500, 500, 700, 900], 100).unwrap();
        assert_eq!(estimate, yuan);
    }

    #[test]
    fn exact_nothing_is_made_up_for_few_replicates() {
        assert_eq!(Estimate::of(&[], 1), None);
        let one = Estimate::of(&[3], 1).unwrap();
        assert_eq!((one.sd, one.standard_error, one.interval_95()), (None, None, None));
    }

    /// Two replicates 0 and 2: sd √2, error 1, t(1) at 97.5 % is tan(0.475 π) = 12.7062.
    #[test]
    fn exact_interval_of_two_replicates() {
        let (low, high) = Estimate::of(&[0, 2], 1).unwrap().interval_95().unwrap();
        let half = (0.475 * std::f64::consts::PI).tan();
        assert!((low - (1.0 - half)).abs() < 1e-6 && (high - (1.0 + half)).abs() < 1e-6);
    }

    /// Relative error 0.2 with 2 replicates (9 and 11 of a mean of 10: error 1): 0.1; for 0.01 a hundredfold.
    #[test]
    fn exact_replicates_needed_grow_with_the_square() {
        let estimate = Estimate::of(&[9, 11], 1).unwrap();
        assert!((estimate.relative_error().unwrap() - 0.1).abs() < 1e-12);
        assert!((200..=201).contains(&estimate.replicates_for(0.01).unwrap()));
        assert_eq!(Estimate::of(&[-1, 1], 1).unwrap().relative_error(), None);
    }

    #[test]
    fn prop_a_constant_has_no_spread() {
        let estimate = Estimate::of(&[9_000_000_000_000; 100], 100).unwrap();
        assert!(estimate.sd.unwrap() == 0.0);
    }
}
