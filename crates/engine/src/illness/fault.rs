//! What is wrong with a model file, all of it at once.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::policy::claim::Level;

/// One wrong value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} = {value}: allowed is {allowed}")]
pub struct Fault {
    /// The key in the model file, such as `risk.permanent_share`.
    pub key: String,
    /// The value found.
    pub value: String,
    /// What is allowed.
    pub allowed: String,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, key: &str, value: impl Display, allowed: impl Display) {
        self.0.push(Fault { key: key.into(), value: value.to_string(), allowed: allowed.to_string() });
    }

    /// Whether the value lies in the range; anything else, NaN too, is a fault.
    pub(super) fn within(&mut self, key: &str, value: f64, (least, most): (f64, f64)) -> bool {
        let inside = value >= least && value <= most;
        if !inside {
            self.add(key, value, format!("{least} to {most}"));
        }
        inside
    }

    /// Shares that must lie in 0 to 1 and add up to one.
    pub(super) fn shares(&mut self, key: &str, shares: &[f64]) -> bool {
        let sum: f64 = shares.iter().sum();
        let good = shares.iter().all(|share| (0.0..=1.0).contains(share)) && (sum - 1.0).abs() < 1e-6;
        if !good {
            self.add(key, format!("{shares:?}"), "shares from 0 to 1 that add up to 1");
        }
        good
    }

    /// One value for each level; zeros where a level is missing, which is a fault.
    pub(super) fn levels<T>(
        &mut self,
        key: &str,
        map: &BTreeMap<Level, T>,
        value: fn(&T) -> f64,
    ) -> [f64; 4] {
        let mut values = [0.0; 4];
        for &level in Level::ALL {
            match map.get(&level) {
                Some(found) => values[level.index()] = value(found),
                None => self.add(&format!("{key}.{}", level.name()), "missing", "a value for every level"),
            }
        }
        values
    }
}
