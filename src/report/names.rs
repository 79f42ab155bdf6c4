//! The names behind the ids of a run's tables, kept in its record: a finished run can be read in both languages
//! without the files of its scenario.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::layout::ORDINARY;
use crate::scenario::Scenario;

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Label {
    /// Of two texts.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text of a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// A clause as a reader knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseText {
    /// Where it stands in the document.
    pub position: String,
    /// What it says.
    #[serde(flatten)]
    pub says: Label,
}

/// The names of one scenario, by the ids that its tables use, in the order of its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Title of the scenario.
    pub title: Label,
    /// Name of the place.
    pub place: Label,
    /// Title of the policy.
    pub policy: Label,
    /// Counties, by administrative code of six digits.
    pub counties: IndexMap<String, Label>,
    /// Lines of spending.
    pub lines: IndexMap<String, Label>,
    /// Funders.
    pub funders: IndexMap<String, Label>,
    /// Categories in rank order, then ordinary residents.
    pub categories: IndexMap<String, Label>,
    /// Clauses of the policy.
    pub clauses: IndexMap<String, ClauseText>,
}

impl Names {
    /// Of a scenario.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let (settings, place, policy) = (&scenario.settings, &scenario.place, &scenario.policy);
        let all = |names: &[Name]| names.iter().map(|name| (name.id.clone(), label(name))).collect();
        let mut categories: IndexMap<String, Label> = all(&policy.names.categories);
        categories.insert(ORDINARY.0.to_owned(), Label::new(ORDINARY.1, ORDINARY.2));
        let county = |county: &crate::scenario::place::County| {
            (format!("{:06}", county.code), Label::new(county.label_zh.clone(), county.label_en.clone()))
        };
        let clause = |clause: &crate::policy::names::Clause| {
            let says = Label::new(clause.zh.clone(), clause.en.clone());
            (clause.id.clone(), ClauseText { position: clause.position.clone(), says })
        };
        Self {
            title: Label::new(settings.title_zh.clone(), settings.title_en.clone()),
            place: Label::new(place.name_zh.clone(), place.name_en.clone()),
            policy: Label::new(policy.title_zh.clone(), policy.title_en.clone()),
            counties: place.counties.iter().map(county).collect(),
            lines: all(&policy.names.lines),
            funders: all(&policy.names.funders),
            categories,
            clauses: policy.clauses.iter().map(clause).collect(),
        }
    }
}

fn label(name: &Name) -> Label {
    Label::new(name.zh.clone(), name.en.clone())
}
