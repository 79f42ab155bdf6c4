//! The years before the first one that is reported, and the rules that hold in them.

use std::ops::Range;

use super::Scenario;
use super::fault::Faults;
use crate::policy::schedule::YearRules;

/// The rules of a year before the first one that is reported.
#[derive(Debug, PartialEq)]
pub struct WarmUpRules {
    /// The rules.
    pub rules: YearRules,
    /// The year that they are of.
    pub of: u16,
}

impl Scenario {
    /// The years that are simulated before the first one that is reported.
    #[must_use]
    pub fn warm_up_years(&self) -> Range<u16> {
        let first = self.years().first().copied().unwrap_or_default();
        first - self.settings.run.warm_up_years..first
    }

    /// The rules of a county in a year of the warm-up: those then in force where the files give all their values, else
    /// those in force in the first January that can be settled.
    ///
    /// # Errors
    /// Values that the files do not give for the first year.
    pub fn warm_up_rules(&self, county: usize, year: u16) -> Result<WarmUpRules, Faults> {
        self.warm_up_rules_of(county, year, 1)
    }

    /// The same for a household of so many members.
    ///
    /// # Errors
    /// Values that the files do not give for the first year.
    pub fn warm_up_rules_of(
        &self,
        county: usize,
        year: u16,
        household_size: u8,
    ) -> Result<WarmUpRules, Faults> {
        let compiled = |of| self.rules_of(county, of, household_size);
        let first = self.warm_up_years().end;
        for of in year.max(self.policy.first_year)..first {
            if let Ok(rules) = compiled(of) {
                let rules = if of == year { rules } else { as_of_january(rules, year) };
                return Ok(WarmUpRules { rules, of });
            }
        }
        Ok(WarmUpRules { rules: as_of_january(compiled(first)?, year), of: first })
    }
}

/// The rules in force in January, for the whole of another year.
fn as_of_january(rules: YearRules, year: u16) -> YearRules {
    let january = usize::from(rules.by_month[0]);
    YearRules {
        year,
        schedules: rules.schedules.into_iter().skip(january).take(1).collect(),
        by_month: [0; 12],
        tilts_count_from: vec![0],
    }
}
