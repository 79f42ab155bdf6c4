//! A count or an amount that is only averaged over replicates, not kept for each of them.

use crate::simulation::outcome::Moments;

/// The average of a whole number over replicates, or of a sum of several such numbers.
///
/// The mean of a sum is exact. Its error is not known without the replicates, but never above the sum of the
/// errors (the triangle inequality for standard deviations): that bound is given, and it is the error itself
/// where nothing was added up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    n: u64,
    sum: i128,
    error: Option<f64>,
}

impl Tally {
    /// The average of one number.
    #[must_use]
    pub fn of(moments: &Moments) -> Self {
        Self { n: moments.n, sum: moments.sum, error: moments.standard_error() }
    }

    /// The average of a column of so many replicates; an empty one is 0 in each of them.
    #[must_use]
    pub fn of_column(column: &[i64], n_replicates: usize) -> Self {
        let mut moments = Moments::default();
        (0..n_replicates).for_each(|replicate| moments.add(column.get(replicate).copied().unwrap_or(0)));
        Self::of(&moments)
    }

    /// The average of one part of equal parts of the number, such as a month of a year.
    #[must_use]
    pub fn of_parts(moments: &Moments, parts: u32) -> Self {
        let error = moments.standard_error().map(|error| error / f64::from(parts));
        Self { n: moments.n * u64::from(parts), sum: moments.sum, error }
    }

    /// Adds another number.
    pub fn add(&mut self, other: &Self) {
        self.error = if self.n == 0 {
            other.error
        } else if other.n == 0 {
            self.error
        } else {
            self.error.zip(other.error).map(|(a, b)| a + b)
        };
        self.n = self.n.max(other.n);
        self.sum += other.sum;
    }

    /// The sum over all replicates.
    #[must_use]
    pub const fn total(&self) -> i128 {
        self.sum
    }

    /// The mean, in the number's own unit; 0 where nothing was simulated.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "one rounding of an exact sum")]
    pub fn mean(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.sum as f64 / self.n as f64 }
    }

    /// The standard error of the mean, or its upper bound for a sum; `None` below two replicates.
    #[must_use]
    pub const fn standard_error(&self) -> Option<f64> {
        self.error
    }

    /// The mean in yuan of a number of fen.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "one rounding of an exact sum")]
    pub fn mean_yuan(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.sum as f64 / (self.n as f64 * 100.0) }
    }

    /// The standard error in yuan of a number of fen.
    #[must_use]
    pub fn error_yuan(&self) -> Option<f64> {
        self.error.map(|error| error / 100.0)
    }
}

/// A row of a county that can be added up over counties.
pub trait CountyRow: Clone {
    /// What tells rows of one county apart.
    type Key: Ord;
    /// The key.
    fn key(&self) -> Self::Key;
    /// The county; `None` for all.
    fn county_mut(&mut self) -> &mut Option<usize>;
    /// Adds the numbers of another county's row.
    fn add(&mut self, other: &Self);
}

/// Appends the rows of all counties added up, in the order of their keys.
#[must_use]
pub fn with_totals<R: CountyRow>(mut rows: Vec<R>) -> Vec<R> {
    let mut totals: std::collections::BTreeMap<R::Key, R> = std::collections::BTreeMap::new();
    for row in &rows {
        if let Some(total) = totals.get_mut(&row.key()) {
            total.add(row);
        } else {
            let mut total = row.clone();
            *total.county_mut() = None;
            totals.insert(row.key(), total);
        }
    }
    rows.extend(totals.into_values());
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[i64]) -> Moments {
        let mut all = Moments::default();
        values.iter().for_each(|&value| all.add(value));
        all
    }

    /// 1, 3 has mean 2 and error 1; 10, 20 has 15 and 5; the sums 11, 23 have 17 and 6, the bound is met.
    #[test]
    fn exact_a_sum_has_the_exact_mean_and_a_bound_of_the_error() {
        let mut tally = Tally::default();
        tally.add(&Tally::of(&moments(&[1, 3])));
        tally.add(&Tally::of(&moments(&[10, 20])));
        let exact = Tally::of(&moments(&[11, 23]));
        assert!((tally.mean() - 17.0).abs() < 1e-12 && (exact.mean() - 17.0).abs() < 1e-12);
        assert!((tally.standard_error().unwrap() - exact.standard_error().unwrap()).abs() < 1e-12);
        let other_way = Tally::of(&moments(&[21, 13]));
        assert!(other_way.standard_error() <= tally.standard_error());
        assert_eq!(tally.total(), 34);
    }
}
