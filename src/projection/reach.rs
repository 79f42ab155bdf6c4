//! For whom a rule is: read off the compiled schedules of a year.

use crate::policy::rules::{Head, Stage};
use crate::policy::schedule::YearRules;

/// The persons that a rule is for, by category alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Categories as a bit set.
    pub categories: u32,
    /// Whether residents without an identity are included.
    pub ordinary: bool,
    /// Whether a share or an amount of the rule is above nothing for any of them.
    pub pays: bool,
}

impl Reach {
    /// Whom either of two reaches.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            categories: self.categories | other.categories,
            ordinary: self.ordinary || other.ordinary,
            pays: self.pays || other.pays,
        }
    }
}

/// The reach of every rule in a year, over all of its schedules; `None` for a rule that holds in none of them.
#[must_use]
pub fn reach(rules: &YearRules, n_rules: usize) -> Vec<Option<Reach>> {
    let mut found = vec![None; n_rules];
    // The line of an adjustment holds where the rules hold that it changes.
    let all = rules.rules().filter(|rule| rule.stage != Stage::Line);
    for Head { rule, categories, ordinary, pays, .. } in all {
        if let Some(slot) = found.get_mut(usize::from(rule.0)) {
            let known: Reach = slot.unwrap_or_default();
            *slot = Some(known.or(Reach { categories, ordinary, pays }));
        }
    }
    found
}
