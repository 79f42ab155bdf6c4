//! Whose sums a deductible, a cap or a threshold is held against.

use super::rules::Stage;
use super::schedule::{Schedule, YearRules};

/// Whose sums a deductible, a cap, a threshold or a trigger is held against.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SumsOf {
    /// Those of each person.
    #[default]
    Person,
    /// Those of the whole household together.
    Household,
}

impl Schedule {
    /// Whether any rule is held against the sums of a household, or goes by the number of its members.
    #[must_use]
    pub fn counts_households(&self) -> bool {
        self.by_household_size || self.counts_claims_of_households() || self.applies_by_household()
    }

    /// Whether any rule but those of applications counts the sums of a household.
    #[must_use]
    pub fn counts_claims_of_households(&self) -> bool {
        !self.household_pools.is_empty()
            || self.rules().any(|rule| rule.stage != Stage::Application && rule.counts_household())
    }

    /// Whether any application counts the claims of the whole household.
    #[must_use]
    pub fn applies_by_household(&self) -> bool {
        self.rules().any(|rule| rule.stage == Stage::Application && rule.counts_household())
    }
}

impl YearRules {
    /// Whether any rule of the year is held against the sums of a household, or goes by the number of its members.
    #[must_use]
    pub fn counts_households(&self) -> bool {
        self.schedules.iter().any(Schedule::counts_households)
    }

    /// Whether any amount of the year goes by the number of a household's members.
    #[must_use]
    pub fn go_by_household_size(&self) -> bool {
        self.schedules.iter().any(|schedule| schedule.by_household_size)
    }
}
