//! The rules of a county and year: the policies in force in its months, compiled.

use super::Scenario;
use super::compile::{self, Source, Target};
use super::fault::Faults;
use super::load::Files;
use crate::policy::schedule::YearRules;
use crate::units::Month;

impl Scenario {
    /// The rules of one county and year for whoever is a household of one.
    ///
    /// # Errors
    /// Values that the files do not give for this county or year.
    pub fn rules(&self, county: usize, year: u16) -> Result<YearRules, Faults> {
        self.rules_of(county, year, 1)
    }

    /// The rules of one county and year for a household of so many members.
    ///
    /// # Errors
    /// Values that the files do not give for this county or year.
    pub fn rules_of(&self, county: usize, year: u16, household_size: u8) -> Result<YearRules, Faults> {
        let mut faults = Faults::default();
        let rules = self.compiled(county, (year, household_size), &mut faults);
        faults.finish()?;
        Ok(rules)
    }

    /// The rules of one county and year, as far as they can be compiled.
    fn compiled(&self, county: usize, of: (u16, u8), faults: &mut Faults) -> YearRules {
        let here = &self.place.counties[county];
        let (year, household_size) = of;
        let (county, place) = (here.label_zh.as_str(), &self.place.values);
        let target = Target { county, code: here.code, year, household_size, place };
        let mut rules =
            YearRules { year, schedules: Vec::new(), by_month: [0; 12], tilts_count_from: Vec::new() };
        for month in 1..=12 {
            let number = self.policy_in(Month::new(year, month));
            let position = rules.by_month[..usize::from(month) - 1]
                .last()
                .filter(|_| month > 1 && number == self.policy_in(Month::new(year, month - 1)));
            rules.by_month[usize::from(month) - 1] = if let Some(same) = position {
                *same
            } else {
                let (_, typed) = &self.files.policies[number];
                let source = Source {
                    raw: &typed.raw,
                    document: &typed.document,
                    names: &self.names,
                    register: &self.register,
                    policy: policy_of_rules(&self.files, number),
                };
                rules.schedules.push(compile::compile(&source, target, faults));
                let own = (rules.schedules.len() - 1) as u8;
                rules.tilts_count_from.push(if self.counts_whole_year(number) { 0 } else { own });
                own
            };
        }
        rules
    }

    /// Years that can be settled: in force and with a contribution and every value given, for every county.
    #[must_use]
    pub fn years_with_parameters(&self) -> Vec<u16> {
        let known = self.place.values.contribution_years();
        known
            .into_iter()
            .filter(|&year| {
                let mut counties = 0..self.place.counties.len();
                year >= self.policy.first_year && counties.all(|county| self.rules(county, year).is_ok())
            })
            .collect()
    }

    /// Whether the tilts of a policy of a timeline count the claims of the year before it came into force.
    pub(super) fn counts_whole_year(&self, number: usize) -> bool {
        let entry = self.settings.timeline.as_ref().and_then(|timeline| timeline.get(number));
        entry.is_some_and(|entry| entry.tilts_count_whole_year)
    }

    /// The number of the policy in force in a month; before the first one, the first.
    pub(super) fn policy_in(&self, month: Month) -> usize {
        let begun =
            |from: &Option<String>| from.as_deref().and_then(Month::parse).is_none_or(|from| from <= month);
        self.files.policies.iter().rposition(|(from, _)| begun(from)).unwrap_or(0)
    }

    /// Compiles the rules of a county and year; where amounts go by the size of a household for each size, until one has a
    /// fault.
    pub(super) fn check_rules(&self, county: usize, year: u16, faults: &mut Faults) {
        let before = faults.list.len();
        for size in 1..=self.largest_household() {
            let rules = self.compiled(county, (year, size), faults);
            if faults.list.len() > before || !rules.go_by_household_size() {
                return;
            }
        }
    }

    /// The most members of a household that the place has.
    #[must_use]
    pub fn largest_household(&self) -> u8 {
        let groups = self.place.raw.population.groups.values();
        groups.map(|group| group.household_sizes.len() as u8).max().unwrap_or(1)
    }
}

/// What tells the rules of a policy from those of another: its id, and nothing where there is only one policy.
pub(super) fn policy_of_rules(files: &Files, number: usize) -> &str {
    if files.policies.len() == 1 { "" } else { &files.policies[number].1.id }
}
