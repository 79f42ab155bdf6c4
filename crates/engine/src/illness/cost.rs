//! What a stay costs: a lognormal body with a Pareto tail, its mean set by level, year and person.
//!
//! ln cost = base + shape(u): in the body shape = sigma × normal quantile of u; beyond the share `tail_from`
//! shape = sigma × its quantile + (1 / index) × ln((1 - tail_from) / (1 - u)). The base takes off the log of the
//! mean of e^shape and the mean effect of the risk among those admitted, so that the mean is the one wanted.

use super::fault::Faults;
use super::math::{self, NormalTable, exp, ln, normal_below};
use super::series::Series;
use crate::policy::claim::Level;
use crate::raw::model::{RawCost, RawStay};
use crate::rng::threshold;
use crate::units::Fen;

/// The resolved cost of stays.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    pub(super) mean: Series,
    pub(super) place_factor: f64,
    /// Mean of each level against the mean over levels.
    pub(super) level_factor: [f64; 4],
    pub(super) log_sd: f64,
    pub(super) tail_from: f64,
    pub(super) tail_index: f64,
    least_yuan: f64,
    most_yuan: f64,
    tail_word: u32,
    splice: f64,
    log_tail_share: f64,
}

/// The shape of the cost of a stay with the tail index of one replicate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    sigma: f64,
    tail_word: u32,
    splice: f64,
    log_tail_share: f64,
    inverse_index: f64,
}

impl Cost {
    #[expect(clippy::cast_possible_truncation, reason = "the share is below one")]
    pub(super) fn new(raw: &RawCost, stay: &RawStay, faults: &mut Faults) -> Self {
        for (key, value, range) in [
            ("cost.growth_per_year", raw.growth_per_year, (-0.2, 0.2)),
            ("cost.place_factor", raw.place_factor, (0.1, 10.0)),
            ("cost.log_sd", raw.log_sd, (0.1, 3.0)),
            ("cost.tail_from", raw.tail_from, (0.9, 0.9999)),
            ("cost.tail_index", raw.tail_index, (1.2, 10.0)),
            ("cost.least_yuan", raw.least_yuan, (1.0, 1000.0)),
            ("cost.most_yuan", raw.most_yuan, (1e5, 1e8)),
        ] {
            faults.within(key, value, range);
        }
        for (year, &mean) in &raw.mean_by_year {
            faults.within(&format!("cost.mean_by_year.{year}"), mean, (1.0, 1e6));
        }
        let shares = faults.levels("stay.level", &stay.level, |level| level.share);
        let costs = faults.levels("stay.level", &stay.level, |level| level.relative_cost_yuan);
        let mean: f64 = shares.iter().zip(&costs).map(|(share, cost)| share * cost).sum();
        Self {
            mean: Series::new("cost.mean_by_year", &raw.mean_by_year, raw.growth_per_year, f64::MAX, faults),
            place_factor: raw.place_factor,
            level_factor: costs.map(|cost| cost / mean.max(1.0)),
            log_sd: raw.log_sd,
            tail_from: raw.tail_from,
            tail_index: raw.tail_index,
            least_yuan: raw.least_yuan,
            most_yuan: raw.most_yuan,
            tail_word: threshold(raw.tail_from.min(0.9999)) as u32,
            splice: raw.log_sd * math::normal_quantile(raw.tail_from.clamp(0.5, 0.9999)),
            log_tail_share: libm::log(1.0 - raw.tail_from.min(0.9999)),
        }
    }

    pub(super) fn shape(&self, tail_index: f64) -> Shape {
        Shape {
            sigma: self.log_sd,
            tail_word: self.tail_word,
            splice: self.splice,
            log_tail_share: self.log_tail_share,
            inverse_index: 1.0 / tail_index,
        }
    }

    /// The logarithm of the mean of e^shape.
    ///
    /// Body: e^(sigma²/2) Φ(z - sigma), with z the quantile at the splice; tail: (1 - p) e^(sigma z) × index / (index - 1).
    pub(super) fn log_mean_of_shape(&self, tail_index: f64) -> f64 {
        let sigma = self.log_sd;
        let body = libm::exp(0.5 * sigma * sigma) * normal_below(self.splice / sigma - sigma);
        let tail = (1.0 - self.tail_from) * libm::exp(self.splice) * tail_index / (tail_index - 1.0);
        libm::log(body + tail)
    }

    /// The least and the most that a stay costs.
    pub(super) fn bounds(&self) -> (f64, f64) {
        (self.least_yuan, self.most_yuan)
    }

    /// The bill of a log cost in yuan, within the least and the most a stay costs.
    pub(super) fn bill(&self, log_yuan: f64) -> Fen {
        fen(exp(log_yuan).clamp(self.least_yuan, self.most_yuan))
    }
}

impl Shape {
    /// The shape at a word: rising, zero at the median.
    #[inline]
    pub(super) fn at(&self, normal: &NormalTable, word: u32) -> f64 {
        if word < self.tail_word {
            return self.sigma * normal.draw(word);
        }
        self.in_tail(word)
    }

    /// The shape at a word of the tail.
    #[inline(always)]
    pub(super) fn in_tail(&self, word: u32) -> f64 {
        let beyond = (f64::from(!word) + 0.5) * (1.0 / 4_294_967_296.0);
        self.splice + self.inverse_index * (self.log_tail_share - ln(beyond))
    }

    /// The spread of the body, and the word from which on the tail begins.
    pub(super) fn body(&self) -> (f64, u32) {
        (self.sigma, self.tail_word)
    }

    /// The probability that the shape is at least x.
    pub(super) fn at_least(&self, x: f64) -> f64 {
        if x <= self.splice {
            return normal_below(-x / self.sigma);
        }
        exp(self.log_tail_share - (x - self.splice) / self.inverse_index)
    }
}

/// Yuan to whole fen, half up; never negative.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "bills are far below 2^53 fen")]
pub(super) fn fen(yuan: f64) -> Fen {
    Fen((yuan * 100.0 + 0.5) as i64)
}

/// A list of shares by level as thresholds on a word.
pub(super) fn level_thresholds(shares: [f64; 4]) -> [u64; 4] {
    let mut sum = 0.0;
    let mut thresholds = shares.map(|share| {
        sum += share;
        threshold(sum)
    });
    thresholds[3] = 1 << 32;
    thresholds
}

/// The level of a word.
#[inline]
pub(super) fn level_of(thresholds: &[u64; 4], word: u32) -> Level {
    let at = thresholds.iter().take(3).filter(|&&threshold| u64::from(word) >= threshold).count();
    Level::ALL[at]
}
