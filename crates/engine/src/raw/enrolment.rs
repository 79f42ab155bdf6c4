//! Who is subsidised when, as typed.

use serde::{Deserialize, Serialize};

use crate::policy::subsidy::NewlyRecognised;

/// Who is subsidised: holders in January of the coverage year, for whom the contribution was paid in the enrolment
/// period before it, and of those recognised later in the year whom `newly_recognised` names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// What is paid for a person who is recognised in the year: `unless_paid` (they enrol and are subsidised; who has
    /// already paid is not paid again), `always` (also who has paid) or `from_next_year`.
    pub newly_recognised: NewlyRecognised,
    /// Clause ids.
    pub cite: Vec<String>,
}
