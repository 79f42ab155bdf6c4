//! A scenario file as typed.

use serde::{Deserialize, Serialize};

/// A scenario: which policy, place and illness model, and how to run them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The scenario file that this one is a delta on; what is not written here stays as there.
    pub base: Option<String>,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// What the scenario is for, in Chinese.
    pub description_zh: String,
    /// What the scenario is for, in English.
    pub description_en: String,
    /// The policy file, without folder and `.toml`; or `timeline`.
    pub policy: Option<String>,
    /// Policies by the month in which each comes into force.
    pub timeline: Option<Vec<InForce>>,
    /// The folder of the place.
    pub place: String,
    /// The file of the illness model, without folder and `.toml`.
    pub model: String,
    /// How to run it.
    pub run: Run,
    /// Changes to the policy, place and model files, merged over them.
    #[serde(default)]
    pub change: Change,
}

/// A policy and when it comes into force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// First month, `2022-08`.
    pub from: String,
    /// The policy file, without folder and `.toml`.
    pub policy: String,
    /// Whether tilt assistance counts the claims of the year that were settled by an earlier policy too (年度累计);
    /// left out: only those admitted under this one.
    #[serde(default)]
    pub tilts_count_whole_year: bool,
}

/// How a scenario is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Years to project, ascending and without gaps.
    pub years: Vec<u16>,
    /// Years that are simulated before the first one and not reported, so that its applications, lists and newly
    /// recognised persons have a past.
    #[serde(default = "two_years")]
    #[schemars(range(max = 5))]
    pub warm_up_years: u16,
    /// What becomes of the rules of a policy's transition in years after its end. Left out: they lapse, and a run says
    /// what it would cost to hold them.
    pub after_transition: Option<AfterTransition>,
    /// Sources of uncertainty that are switched off, to see what each does. Left out: none, as a budget needs it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Source>,
    /// Number of replicates.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replicates: u32,
    /// Seed of all draws.
    pub seed: u64,
    /// Warn where the Monte Carlo error of a county-year's mean exceeds this share of the mean.
    #[schemars(range(min = 0.000_001, max = 1.0))]
    pub precision_target: f64,
}

/// A source of uncertainty beside the luck of each person.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The numbers of persons by category, and their growth.
    Counts,
    /// Shocks of a year that all counties share.
    YearShocks,
    /// Shocks of a county in a year, and what sets a county apart in all years.
    CountyShocks,
    /// Uncertain parameters of the illness model, and the trend after the last year that it knows.
    Parameters,
    /// Uncertain revenue of a fund.
    Revenue,
}

impl Source {
    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::YearShocks => "year_shocks",
            Self::CountyShocks => "county_shocks",
            Self::Parameters => "parameters",
            Self::Revenue => "revenue",
        }
    }
}

/// What becomes of the rules of a transition after its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterTransition {
    /// They end as the documents say.
    Lapse,
    /// They go on as in the last year of the transition.
    Hold,
}

const fn two_years() -> u16 {
    2
}

/// Changes merged over the files; the keys are those of the files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Changes to every policy of the scenario.
    #[serde(default)]
    pub policy: serde_json::Map<String, serde_json::Value>,
    /// Changes to one policy of a timeline alone, by its name; laid over those of every policy.
    #[serde(default)]
    pub policies: serde_json::Map<String, serde_json::Value>,
    /// Changes to the place.
    #[serde(default)]
    pub place: serde_json::Map<String, serde_json::Value>,
    /// Changes to the illness model.
    #[serde(default)]
    pub model: serde_json::Map<String, serde_json::Value>,
}
