//! Values by calendar year and by age, as the file gives them, ready for look-up.

use super::fault::Faults;
use crate::lang::Words;
use crate::raw::model::{ByAge, ByYear};

/// The oldest age that is told apart; older persons count as this old.
pub(super) const OLDEST: usize = 130;
/// The number of ages.
pub(super) const AGES: usize = OLDEST + 1;

/// Values of neighbouring years and growth after the last.
#[derive(Debug, Clone)]
pub(super) struct Series {
    first: u16,
    values: Vec<f64>,
    growth: f64,
}

impl Series {
    pub(super) fn new(key: &str, map: &ByYear, growth: f64, most: f64, faults: &mut Faults) -> Self {
        let mut years: Vec<(u16, f64)> = Vec::new();
        for (text, &value) in map {
            let inside = faults.within(&format!("{key}.{text}"), value, (0.0, most));
            match text.parse::<u16>() {
                Ok(year) if (1990..=2100).contains(&year) && inside => years.push((year, value)),
                Ok(year) if (1990..=2100).contains(&year) => {}
                _ => faults.add(
                    &format!("{key}.{text}"),
                    text,
                    Words::new("以1990至2100的年度为键", "a year from 1990 to 2100 as key"),
                ),
            }
        }
        if years.windows(2).any(|pair| pair[0].0 + 1 != pair[1].0) || years.is_empty() {
            faults.add(
                key,
                format!("{:?}", map.keys()),
                Words::new(
                    "至少一个年度，且中间不缺年度",
                    "at least one year, and no year left out between others",
                ),
            );
        }
        let first = years.first().map_or(2000, |year| year.0);
        let values = if years.is_empty() { vec![0.0] } else { years.iter().map(|year| year.1).collect() };
        Self { first, values, growth }
    }

    /// The same years with every value times a factor.
    pub(super) fn scaled(mut self, factor: f64) -> Self {
        self.values.iter_mut().for_each(|value| *value *= factor);
        self
    }

    /// The least value given.
    pub(super) fn least(&self) -> f64 {
        self.values.iter().copied().fold(f64::MAX, f64::min)
    }

    pub(super) fn first(&self) -> u16 {
        self.first
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most 111 years")]
    pub(super) fn last(&self) -> u16 {
        self.first + self.values.len() as u16 - 1
    }

    /// Years after the last one given.
    pub(super) fn years_beyond(&self, year: u16) -> f64 {
        f64::from(year.saturating_sub(self.last()))
    }

    /// The value of a year: the first year's before it, grown from the last year's after it.
    pub(super) fn at(&self, year: u16) -> f64 {
        let at = usize::from(year.clamp(self.first, self.last()) - self.first);
        self.values[at] * libm::pow(1.0 + self.growth, self.years_beyond(year))
    }
}

/// The value at each age, linear between the ages given and level outside them.
pub(super) fn by_age(key: &str, map: &ByAge, most: f64, faults: &mut Faults) -> Vec<f64> {
    let mut knots: Vec<(usize, f64)> = Vec::new();
    for (text, &value) in map {
        faults.within(&format!("{key}.{text}"), value, (0.0, most));
        match text.parse::<usize>() {
            Ok(age) if age <= OLDEST => knots.push((age, value)),
            _ => faults.add(
                &format!("{key}.{text}"),
                text,
                Words::new("以0至130的年龄为键", "an age from 0 to 130 as key"),
            ),
        }
    }
    knots.sort_by_key(|knot| knot.0);
    if knots.is_empty() {
        faults.said(key, Words::new("空的", "empty"), Words::new("至少写一个年龄", "at least one age"));
        return vec![0.0; AGES];
    }
    (0..AGES).map(|age| interpolate(&knots, age)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "ages")]
fn interpolate(knots: &[(usize, f64)], age: usize) -> f64 {
    let after = knots.partition_point(|knot| knot.0 <= age);
    match (after.checked_sub(1).map(|before| knots[before]), knots.get(after)) {
        (Some((from, low)), Some(&(to, high))) => {
            low + (high - low) * ((age - from) as f64 / (to - from) as f64)
        }
        (Some((_, value)), None) | (None, Some(&(_, value))) => value,
        (None, None) => 0.0,
    }
}
