//! Trial values in bins of equal, round width.

use super::ticks::round_step;

/// Bins aimed at over the width of the chart.
const BINS: f64 = 45.0;

/// Bars side by side: `shares[i]` lies between `edge(i)` and `edge(i + 1)`.
#[derive(Debug)]
pub(super) struct Histogram {
    /// Width of a bin.
    pub(super) width: f64,
    /// Percentage of the trials in each bin.
    pub(super) shares: Vec<f64>,
    /// Trials to the right of the last bin.
    pub(super) beyond: usize,
    first: f64,
}

impl Histogram {
    /// Bins over all trials and marks. A tail that reaches further beyond the last mark than one and a half times the
    /// span of the marks is cut and counted, since it would press the rest into a few bars.
    pub(super) fn of(trials: &[f64], marks: &[f64]) -> Self {
        let (low, high) = reach(trials, marks);
        let width = match high - low {
            range if range > 1e-9 * high.abs() => round_step(range / BINS),
            _ => round_step(high.abs().max(1.0) / BINS),
        };
        let bin = |value: f64| (value / width + 1e-9).floor();
        let first = bin(low);
        let mut counts = vec![0usize; (bin(high) - first) as usize + 1];
        let mut beyond = 0;
        for &trial in trials {
            match counts.get_mut((bin(trial) - first).max(0.0) as usize) {
                Some(count) => *count += 1,
                None => beyond += 1,
            }
        }
        let percent = 100.0 / trials.len() as f64;
        let shares = counts.into_iter().map(|count| count as f64 * percent).collect();
        Self { width, shares, beyond, first: first * width }
    }

    /// Left end of bin `i`.
    pub(super) fn edge(&self, i: usize) -> f64 {
        self.first + i as f64 * self.width
    }
}

/// The part of the axis to be shown.
fn reach(trials: &[f64], marks: &[f64]) -> (f64, f64) {
    let ends = |values: &[f64]| values.iter().fold((f64::MAX, f64::MIN), |(a, b), &x| (a.min(x), b.max(x)));
    let ((low, high), (first_mark, last_mark)) = (ends(trials), ends(marks));
    let cut = last_mark + 1.5 * (last_mark - first_mark);
    let high = if cut > last_mark { high.min(cut) } else { high };
    (low.min(first_mark), high.max(last_mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_every_trial_is_in_a_bin_or_counted_beyond() {
        // Marks 10 and 20: shown up to 35, so 40 and 50 lie beyond.
        let histogram = Histogram::of(&[5.0, 10.0, 20.0, 34.0, 40.0, 50.0], &[10.0, 20.0]);
        assert_eq!(histogram.beyond, 2);
        let shown: f64 = histogram.shares.iter().sum();
        assert!((shown - 4.0 / 6.0 * 100.0).abs() < 1e-9);
        assert!(histogram.edge(0) <= 5.0 && histogram.edge(histogram.shares.len()) > 34.0);
    }

    #[test]
    fn exact_equal_trials_fill_one_bin() {
        let histogram = Histogram::of(&[7.0; 3], &[7.0, 7.0]);
        assert_eq!(histogram.shares.iter().filter(|share| **share > 0.0).count(), 1);
    }
}
