//! The files as typed: the only types that are read from TOML, and the source of the published JSON Schemas.

pub mod conditions;
pub mod enrolment;
pub mod kinds;
mod left_out;
pub mod fund;
pub mod model;
pub mod new_year;
pub mod place;
pub mod policy;
pub mod population;
pub mod rules;
pub mod settings;
pub mod value;
pub mod year_end;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// Whether an input was found in a source, derived from found figures, or assumed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read in a source.
    Found,
    /// Arithmetic on found figures.
    Derived,
    /// A reasoned choice without a source.
    Assumed,
}

impl Status {
    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }

    /// The name for readers.
    #[must_use]
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Found => lang.pick("查得", self.name()),
            Self::Derived => lang.pick("推导", self.name()),
            Self::Assumed => lang.pick("推算", self.name()),
        }
    }

    /// The status of a name used in files.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Found, Self::Derived, Self::Assumed].into_iter().find(|status| status.name() == name)
    }
}

/// Where some of a file's values come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Keys of this file that it covers, such as `basic.resident.ratio` or `basic.*`; a key covers all below it.
    pub covers: Vec<String>,
    /// Found, derived or assumed.
    pub status: Status,
    /// Grade of a source: A official or statistical, B named press, C aggregator pages that agree.
    #[serde(default)]
    pub grade: String,
    /// The source, or the reasoning where it is assumed.
    pub source: String,
    /// The same in Chinese, for papers in Chinese; where it is left out they show `source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_zh: Option<String>,
}

impl Provenance {
    /// The source or the reasoning in a language, as far as it is given in it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match (lang, &self.source_zh) {
            (Lang::Zh, Some(text)) => text,
            _ => &self.source,
        }
    }
}
