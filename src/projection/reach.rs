//! For whom a rule is: read off the compiled schedules of a year.

use crate::policy::claim::Category;
use crate::policy::schedule::{Adjustment, Assistance, Basic, RuleId, Schedule, YearRules};

/// The persons that a rule is for, by category alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Categories as a bit set.
    pub categories: u32,
    /// Whether residents without an identity are included.
    pub ordinary: bool,
}

/// The reach of every rule in a year, over all of its schedules; `None` for a rule that holds in none of them.
#[must_use]
pub fn reach(rules: &YearRules, n_rules: usize) -> Vec<Option<Reach>> {
    let mut found = Found(vec![None; n_rules]);
    for schedule in &rules.schedules {
        found.insurances(schedule);
        found.assistance(schedule);
        found.lists(schedule);
    }
    found.0
}

struct Found(Vec<Option<Reach>>);

impl Found {
    fn add(&mut self, rule: RuleId, categories: u32, ordinary: bool) {
        if let Some(slot) = self.0.get_mut(usize::from(rule.0)) {
            let known = slot.get_or_insert_default();
            known.categories |= categories;
            known.ordinary |= ordinary;
        }
    }

    fn anyone(&mut self, rule: RuleId) {
        self.add(rule, u32::MAX, true);
    }

    fn adjustments(&mut self, all: &[Adjustment]) {
        for one in all {
            self.add(one.rule, one.categories, one.ordinary);
        }
    }

    fn insurances(&mut self, schedule: &Schedule) {
        if let Some(limit) = &schedule.out_of_catalogue {
            self.add(limit.rule, limit.categories, false);
        }
        for kind in schedule.basic.iter().flat_map(|basic: &Basic| basic.kinds.iter().flatten()) {
            self.anyone(kind.rule);
            self.adjustments(&kind.adjustments);
        }
        for (row, critical) in schedule.critical.iter().enumerate() {
            let (categories, ordinary) = row_of(row, schedule.critical.len());
            self.add(critical.rule, categories, ordinary);
            self.adjustments(&critical.adjustments);
        }
    }

    fn assistance(&mut self, schedule: &Schedule) {
        for (row, rules) in schedule.assistance.iter().enumerate() {
            let (categories, ordinary) = row_of(row, schedule.assistance.len());
            for rule in rules as &[Assistance] {
                self.add(rule.rule, categories, ordinary);
                self.adjustments(&rule.adjustments);
            }
        }
        schedule.tilts.iter().for_each(|rule| self.add(rule.rule, rule.categories, false));
        // Whoever is recognised comes out of all residents: no category's count decides how many.
        schedule.applications.iter().for_each(|rule| self.add(rule.rule, 0, true));
        schedule.subsidies.iter().for_each(|rule| self.add(rule.rule, rule.categories, false));
        schedule.second_assistance.iter().for_each(|rule| self.add(rule.rule, rule.categories, false));
    }

    fn lists(&mut self, schedule: &Schedule) {
        schedule.watches.iter().for_each(|list| self.add(list.rule, list.categories, list.ordinary));
        schedule.indicators.iter().for_each(|one| self.add(one.rule, one.categories, false));
    }
}

/// The category of a row of a schedule; the last row is for ordinary residents.
fn row_of(row: usize, n_rows: usize) -> (u32, bool) {
    if row + 1 == n_rows {
        (0, true)
    } else {
        (u8::try_from(row).map_or(0, |rank| Category(rank).bit()), false)
    }
}
