//! What was typed of a run and does not follow from the rest of its record.

use serde::{Deserialize, Serialize};

use crate::scenario::load::Setting;

/// What was typed that decides the results and does not follow from the rest of the record; with the kept files it is
/// enough to work the run out again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Typed {
    /// The command: `run`, `budget` or `compare`.
    pub command: String,
    /// Changes of the scenario, such as `policy.assistance.margin.ratio=0.85`; what `--replicates`, `--seed`,
    /// `--without` and `--after-transition` change is among them.
    pub settings: Vec<String>,
    /// How differences were to be attributed; of a comparison only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
    /// Of how many replicates persons were looked at; of a comparison only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winners: Option<u32>,
    /// Of how many replicates in which a fund is short persons were looked at; of a budget only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u32>,
    /// Of how many replicates persons were looked at to see who pays the bills; of a run only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bills: Option<u32>,
}

/// How the differences of a comparison were to be attributed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attribution {
    /// `auto`, `always` or `never`.
    pub when: String,
    /// How many orders are drawn of many lines.
    pub orders: u32,
}

impl Typed {
    /// Of a command with its changes of the scenario.
    #[must_use]
    pub fn new(command: &str, settings: &[Setting]) -> Self {
        let settings = settings.iter().map(ToString::to_string).collect();
        Self { command: command.to_owned(), settings, ..Self::default() }
    }

    /// The changes as they were typed.
    #[must_use]
    pub fn all_settings(&self) -> Vec<Setting> {
        self.settings.iter().filter_map(|text| Setting::of_typed(text)).collect()
    }
}
