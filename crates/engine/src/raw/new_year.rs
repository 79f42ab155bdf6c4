//! Which year a stay over New Year belongs to, as typed.

use serde::{Deserialize, Serialize};

use crate::policy::claim::OverNewYear;

/// Stays over New Year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewYear {
    /// Whether the whole stay belongs to the year of admission (`by_admission`), to that of discharge (`by_discharge`), or
    /// is split between both by days (`split`).
    pub stays: OverNewYear,
    /// Clause ids.
    pub cite: Vec<String>,
}

impl super::policy::Policy {
    /// Which year a stay over New Year belongs to.
    #[must_use]
    pub fn over_new_year(&self) -> OverNewYear {
        self.new_year.as_ref().map_or(OverNewYear::ByAdmission, |new_year| new_year.stays)
    }
}
