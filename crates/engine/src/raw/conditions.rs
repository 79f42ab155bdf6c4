//! Which persons and which claims a rule of a policy file is for.

use serde::{Deserialize, Serialize};

use crate::policy::claim::{Insurance, Kind, Level, Locality};

/// Which persons a rule is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// Category ids; `ordinary` for residents without an assisted identity. Left out: every ranked category.
    pub categories: Option<Vec<String>>,
    /// Traits that must all be there.
    #[serde(default)]
    pub traits: Vec<String>,
    /// Traits none of which may be there.
    #[serde(default)]
    pub without_traits: Vec<String>,
    /// Youngest age in whole years.
    #[schemars(range(min = 0, max = 130))]
    pub age_from: Option<u8>,
    /// First age in whole years that is too old.
    #[schemars(range(min = 1, max = 131))]
    pub age_below: Option<u8>,
    /// Kinds of insurance. Left out: all.
    pub insurance: Option<Vec<Insurance>>,
}

/// Which claims a rule is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Kinds of claim. Left out: all.
    pub kinds: Option<Vec<Kind>>,
    /// Hospital levels. Left out: all.
    pub levels: Option<Vec<Level>>,
    /// Places of treatment. Left out: all.
    pub places: Option<Vec<Locality>>,
    /// Only referred (`true`) or only unreferred (`false`) claims. Left out: both.
    pub referred: Option<bool>,
    /// Only claims for one of these diseases, ids of `diseases`. Left out: all, those for none of them too.
    pub diseases: Option<Vec<String>>,
    /// No claims for these diseases.
    #[serde(default)]
    pub without_diseases: Vec<String>,
}
