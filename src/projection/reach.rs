//! For whom a rule is: read off the compiled schedules of a year.

use crate::policy::claim::Category;
use crate::policy::schedule::{
    Adjustment, Assistance, Band, Basic, RuleId, Schedule, Setting, SubsidyAmount, TiltShape, YearRules,
};
use crate::units::{Fen, Ratio};

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
        self.add_paying(rule, (categories, ordinary), true);
    }

    fn add_paying(&mut self, rule: RuleId, (categories, ordinary): (u32, bool), pays: bool) {
        if let Some(slot) = self.0.get_mut(usize::from(rule.0)) {
            *slot = Some(slot.unwrap_or_default().or(Reach { categories, ordinary, pays }));
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
                let mut ratios = Setting::all().flat_map(|(setting, ..)| rule.ratios(setting));
                let pays = !rule.adjustments.is_empty() || ratios.any(|ratio| ratio > Ratio::ZERO);
                self.add_paying(rule.rule, (categories, ordinary), pays);
                self.adjustments(&rule.adjustments);
            }
        }
        for rule in &schedule.tilts {
            let pays = rule.shapes.iter().any(|(_, shape)| match shape {
                TiltShape::TargetRatio { groups, .. } => {
                    groups.iter().any(|group| group.target > Ratio::ZERO)
                }
                TiltShape::ExcessRatio { bands, .. } => pays(bands),
            });
            self.add_paying(rule.rule, (rule.categories, false), pays);
        }
        // Whoever is recognised comes out of all residents: no category's count decides how many.
        for rule in &schedule.applications {
            self.add_paying(rule.rule, (0, true), pays(&rule.bands));
        }
        for rule in &schedule.subsidies {
            let pays = match rule.amount {
                SubsidyAmount::Share(share) => share > Ratio::ZERO,
                SubsidyAmount::Fixed(amount) => amount > Fen::ZERO,
                // What it leaves with the person is what it moves.
                SubsidyAmount::LeftToPerson => true,
            };
            self.add_paying(rule.rule, (rule.categories, false), pays);
        }
        for rule in &schedule.second_assistance {
            self.add_paying(rule.rule, (rule.categories, false), rule.ratio > Ratio::ZERO);
        }
    }

    fn lists(&mut self, schedule: &Schedule) {
        schedule.watches.iter().for_each(|list| self.add(list.rule, list.categories, list.ordinary));
        schedule.indicators.iter().for_each(|one| self.add(one.rule, one.categories, false));
    }
}

fn pays(bands: &[Band]) -> bool {
    bands.iter().any(|band| band.ratio > Ratio::ZERO)
}

/// The category of a row of a schedule; the last row is for ordinary residents.
fn row_of(row: usize, n_rows: usize) -> (u32, bool) {
    if row + 1 == n_rows {
        (0, true)
    } else {
        (u8::try_from(row).map_or(0, |rank| Category(rank).bit()), false)
    }
}
