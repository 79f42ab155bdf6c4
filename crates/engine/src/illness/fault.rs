//! What is wrong with a model file, all of it at once.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::lang::{Words, words};
use crate::policy::claim::Level;

/// One wrong value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} = {}: allowed is {}", .value.en, .allowed.en)]
pub struct Fault {
    /// The key in the model file, such as `risk.permanent_share`.
    pub key: String,
    /// The value found.
    pub value: Words,
    /// What is allowed.
    pub allowed: Words,
}

impl Fault {
    /// What is wrong, and what is allowed.
    #[must_use]
    pub fn words(&self) -> Words {
        let Self { value, allowed, .. } = self;
        Words::new(
            format!("不能是{}；应为{}", value.zh, allowed.zh),
            format!("{} is not allowed; allowed: {}", value.en, allowed.en),
        )
    }
}

/// In place of a value that is not there.
pub(super) fn missing() -> Words {
    Words::new("空缺", "missing")
}

/// In place of values that are 0 without exception.
pub(super) fn all_zero() -> Words {
    Words::new("全部为0", "all zero")
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    /// A value that cannot be.
    pub(super) fn add(&mut self, key: &str, value: impl Display, allowed: Words) {
        self.said(key, words!("{value}", "{value}"), allowed);
    }

    /// What is not there, in the words of what is there instead.
    pub(super) fn said(&mut self, key: &str, value: Words, allowed: Words) {
        self.0.push(Fault { key: key.into(), value, allowed });
    }

    /// Whether the value lies in the range; anything else, NaN too, is a fault.
    pub(super) fn within(&mut self, key: &str, value: f64, (least, most): (f64, f64)) -> bool {
        let inside = value >= least && value <= most;
        if !inside {
            self.add(key, value, words!("{least}至{most}", "{least} to {most}"));
        }
        inside
    }

    /// Shares that must lie in 0 to 1 and add up to one.
    pub(super) fn shares(&mut self, key: &str, shares: &[f64]) -> bool {
        let sum: f64 = shares.iter().sum();
        let good = shares.iter().all(|share| (0.0..=1.0).contains(share)) && (sum - 1.0).abs() < 1e-6;
        if !good {
            self.add(
                key,
                format!("{shares:?}"),
                Words::new("0至1之间、合计为1的比例", "shares from 0 to 1 that add up to 1"),
            );
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
                None => self.said(
                    &format!("{key}.{}", level.name()),
                    missing(),
                    Words::new("每个医院等级都写一个值", "a value for every level"),
                ),
            }
        }
        values
    }
}
