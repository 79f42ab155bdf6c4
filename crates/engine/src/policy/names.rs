//! The names that a policy's data brings along: categories, traits, diseases, pools, lines, funders and clauses.

use super::claim::Disease;

/// A name with its labels for readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The identifier used in files and tables.
    pub id: String,
    /// The Chinese label.
    pub zh: String,
    /// The English label.
    pub en: String,
}

/// What a clause of a policy document does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    /// Pays or charges somebody: computed.
    Money,
    /// Decides who is in a category, and when: computed.
    Status,
    /// Produces a list or an indicator.
    Watch,
    /// A duty without a yuan amount of its own: outside the projection, with the reason.
    Frame,
    /// No longer in force: other clauses took its place.
    Superseded,
}

impl ClauseKind {
    /// The name used in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Status => "status",
            Self::Watch => "watch",
            Self::Frame => "frame",
            Self::Superseded => "superseded",
        }
    }
}

/// One clause of a policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its id, such as `FCG-08`.
    pub id: String,
    /// What it does.
    pub kind: ClauseKind,
    /// Where it stands in the document.
    pub position: String,
    /// What it says, in Chinese, in our words.
    pub zh: String,
    /// What it says, in English.
    pub en: String,
    /// The clauses that took its place, where it is superseded.
    pub superseded_by: Vec<String>,
    /// How the projection treats it, in words (always given for `frame`): explains, never excuses.
    pub note: Option<String>,
    /// The same in Chinese.
    pub note_zh: Option<String>,
}

/// The registry of all names of a policy or of the policies of a timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Categories in rank order: of two that are paid the same, the first counts.
    pub categories: Vec<Name>,
    /// Traits; the position is the bit.
    pub traits: Vec<Name>,
    /// Listed diseases, with the numbers that claims carry.
    pub diseases: Vec<ListedDisease>,
    /// Pools: an annual deductible and an annual cap shared by rules.
    pub pools: Vec<Name>,
    /// Lines of spending.
    pub lines: Vec<Name>,
    /// Who pays a line.
    pub funders: Vec<Name>,
}

/// A disease that the policy declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedDisease {
    /// Its name.
    pub name: Name,
    /// What claims carry.
    pub disease: Disease,
}

impl Names {
    /// A listed disease by its id.
    #[must_use]
    pub fn disease(&self, id: &str) -> Option<Disease> {
        self.diseases.iter().find(|listed| listed.name.id == id).map(|listed| listed.disease)
    }

    /// The listed disease that a claim carries.
    #[must_use]
    pub fn listed(&self, disease: Disease) -> Option<&Name> {
        self.diseases.iter().find(|listed| listed.disease == disease).map(|listed| &listed.name)
    }

    /// Numbers the diseases: those that the illness model marks as it does, the others after them, so that scenarios
    /// with the same model agree on what its claims carry.
    pub fn number_diseases(&mut self, of_model: &[String]) {
        let mut next = of_model.len() as u8;
        for listed in &mut self.diseases {
            let known = of_model.iter().position(|id| *id == listed.name.id);
            listed.disease = Disease(1 + known.map_or(next, |at| at as u8));
            next += u8::from(known.is_none());
        }
    }
}

/// The position of an id among names.
#[must_use]
pub fn position(names: &[Name], id: &str) -> Option<usize> {
    names.iter().position(|name| name.id == id)
}
