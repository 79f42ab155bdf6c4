//! When, where and for how long a person is in hospital.

use super::fault::Faults;
use super::math::{self, normal_quantile};
use crate::lang::Words;
use crate::policy::claim::{Level, Locality};
use crate::raw::model::{RawLocality, RawStay};
use crate::rng::{threshold, uniform};
use crate::units::{Day, Month, days_in};

/// The share of a year's admissions up to the end of each month: 0 before January, 1 after December.
#[derive(Debug, Clone)]
pub(super) struct Season {
    pub(super) until: [f64; 13],
    /// One over the share of each month.
    pub(super) per_month: [f64; 12],
}

/// Days from 1 January on whose month is known: more than a leap year and the longest stay that begins at its end.
pub(super) const DAYS: usize = 1024;

/// The days and months of one year, and of the next as far as a stay can last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    january: u16,
    pub(super) length: [f64; 12],
    /// Days of the year before each month.
    pub(super) before: [u16; 12],
    /// The month of each day, counted from January.
    pub(super) month: [u8; DAYS],
}

impl Calendar {
    pub(super) fn new(year: u16) -> Self {
        let january = Month::new(year, 1).0;
        let mut length = [0.0; 12];
        for (month, days) in (january..).zip(&mut length) {
            *days = f64::from(days_in(Month(month)));
        }
        let (mut before, mut month) = ([0; 12], [0; DAYS]);
        let mut day = 0;
        for number in 0..34_u8 {
            if let Some(days) = before.get_mut(usize::from(number)) {
                *days = day as u16;
            }
            let end = day + usize::from(days_in(Month(january + u16::from(number))));
            month[day.min(DAYS)..end.min(DAYS)].fill(number);
            day = end;
        }
        Self { january, length, before, month }
    }
}

impl Season {
    pub(super) fn new(weights: &[f64], faults: &mut Faults) -> Self {
        let sum: f64 = weights.iter().sum();
        let good = weights.len() == 12 && weights.iter().all(|w| (0.0..=10.0).contains(w)) && sum > 0.0;
        if !good {
            faults.add(
                "stay.month_weights",
                format!("{weights:?}"),
                Words::new("十二个0至10之间的值，不全为0", "twelve values from 0 to 10, not all 0"),
            );
            return Self { until: [0.0; 13], per_month: [0.0; 12] };
        }
        let mut until = [0.0; 13];
        for month in 0..12 {
            until[month + 1] = until[month] + weights[month] / sum;
        }
        until[12] = 1.0;
        let mut per_month = [0.0; 12];
        for month in 0..12 {
            per_month[month] = 1.0 / (until[month + 1] - until[month]).max(1e-9);
        }
        Self { until, per_month }
    }

    /// The share of a year's admissions that falls into these months; zero when the last is before the first.
    pub(super) fn share(&self, first: u8, last: u8) -> f64 {
        let (first, last) = (usize::from(first).clamp(1, 13), usize::from(last).min(12));
        (self.until[last] - self.until[first - 1]).max(0.0)
    }

    /// The day of admission at a word, within the months of presence, and what of the word is left, in [0, 1).
    pub(super) fn day(&self, days: &Calendar, (first, last): (u8, u8), word: u32) -> (Day, f64) {
        let (first, last) = (first.clamp(1, 12), last.min(12));
        let (low, high) = (self.until[usize::from(first) - 1], self.until[usize::from(last)]);
        let at = low + (high - low) * uniform(word);
        let before = self.until[1..12].iter().filter(|&&until| at >= until).count() as u8;
        let month = (before + 1).clamp(first, last);
        let in_month = usize::from(month) - 1;
        let inside = (at - self.until[in_month]) * self.per_month[in_month];
        let in_days = inside.clamp(0.0, 1.0 - f64::EPSILON) * days.length[in_month];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 30")]
        let whole = in_days as u8;
        let month = Month(days.january + u16::from(month) - 1);
        (Day { month, of_month: whole + 1 }, in_days - f64::from(whole))
    }
}

/// One place of treatment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) level: Level,
    pub(super) locality: Locality,
    pub(super) referred: bool,
}

/// Places with their probabilities, and lengths of stay by level.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// The likeliest first, each with the threshold below which a word means it or one before it.
    pub(super) list: Vec<(u64, Place)>,
    /// The same within each level.
    pub(super) within: [Vec<(u64, Place)>; 4],
    /// Shares of the levels.
    pub(super) level_share: [f64; 4],
    /// Days in hospital beyond the first, at 256 even quantiles, by level.
    pub(super) days: [Vec<u8>; 4],
}

impl Places {
    pub(super) fn new(raw: &RawStay, faults: &mut Faults) -> Self {
        faults.within("stay.days_cv", raw.days_cv, (0.0, 3.0));
        let level_share = faults.levels("stay.level", &raw.level, |level| level.share);
        faults.shares("stay.level.*.share", &level_share);
        let mut cells = Vec::new();
        let mut days = [const { Vec::new() }; 4];
        for (&level, row) in &raw.level {
            let key = format!("stay.level.{}", level.name());
            faults.within(&format!("{key}.relative_cost_yuan"), row.relative_cost_yuan, (1.0, 1e6));
            faults.within(&format!("{key}.mean_days"), row.mean_days, (1.0, 60.0));
            faults.shares(&format!("{key}.locality"), &localities(row.locality));
            days[level.index()] = quantiles_of_days(row.mean_days.clamp(1.0, 60.0), raw.days_cv);
            for (&locality, share) in Locality::ALL.iter().zip(localities(row.locality)) {
                let referred = localities(raw.referred)[locality.index()];
                faults.within(&format!("stay.referred.{}", locality.name()), referred, (0.0, 1.0));
                for (yes, part) in [(true, referred), (false, 1.0 - referred)] {
                    cells.push((share * part, Place { level, locality, referred: yes }));
                }
            }
        }
        let within = [0, 1, 2, 3].map(|at| {
            cumulative(cells.iter().filter(|cell| cell.1.level.index() == at).copied().collect::<Vec<_>>())
        });
        cells.iter_mut().for_each(|cell| cell.0 *= level_share[cell.1.level.index()]);
        Self { list: cumulative(cells), within, level_share, days }
    }

    /// The place at a word.
    pub(super) fn at(&self, word: u32) -> Place {
        pick(&self.list, word)
    }

    /// The place at a word, given its level.
    pub(super) fn at_level(&self, level: Level, word: u32) -> Place {
        pick(&self.within[level.index()], word)
    }

    /// The days from admission to discharge, at a rest in [0, 1).
    pub(super) fn days_after(&self, level: Level, rest: f64) -> u16 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 256")]
        let days = self.days[level.index()][(rest * 256.0) as usize];
        u16::from(days)
    }
}

fn localities(raw: RawLocality) -> [f64; 4] {
    [raw.county, raw.city, raw.province, raw.elsewhere]
}

/// The first place whose threshold lies above a word; the last where rounding left the sum of shares below one.
fn pick(list: &[(u64, Place)], word: u32) -> Place {
    let at = list.partition_point(|place| place.0 <= u64::from(word));
    list[at.min(list.len() - 1)].1
}

fn cumulative(mut cells: Vec<(f64, Place)>) -> Vec<(u64, Place)> {
    cells.retain(|cell| cell.0 > 0.0);
    cells.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut sum = 0.0;
    let add = |(share, place): (f64, Place)| {
        sum += share;
        (threshold(sum), place)
    };
    cells.into_iter().map(add).collect()
}

/// Days beyond the day of admission: a lognormal length of stay at even quantiles, at most 250 days.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded to 0..=250")]
fn quantiles_of_days(mean: f64, cv: f64) -> Vec<u8> {
    let sigma = math::log_sd(cv);
    let middle = libm::log(mean) - 0.5 * sigma * sigma;
    let days = |at: u16| libm::exp(middle + sigma * normal_quantile((f64::from(at) + 0.5) / 256.0));
    (0..256).map(|at| libm::floor(days(at)).clamp(0.0, 250.0) as u8).collect()
}
