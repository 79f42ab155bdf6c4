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
