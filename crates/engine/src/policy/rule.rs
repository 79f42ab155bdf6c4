//! What a rule is called: its family, its key, and what is known of it apart from its values.
//!
//! [`Family`] is the one list of the families of rules. Whatever differs by family and is no arithmetic is asked of it.

use std::fmt;

/// A family of rules: what stands in one section of a policy file. The order is that in which rules are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The limit on out-of-catalogue costs.
    OutOfCatalogue,
    /// Basic insurance of one kind of insurance and of claim.
    Basic,
    /// Critical-illness insurance.
    Critical,
    /// A tilt of critical-illness insurance.
    CriticalTilt,
    /// Regular assistance.
    Assistance,
    /// Tilt assistance at the year's end.
    Tilt,
    /// Assistance on application.
    Application,
    /// A contribution subsidy.
    Subsidy,
    /// Second assistance from what the fund has left.
    SecondAssistance,
    /// What changes the ratio or the deductible of others.
    Adjustment,
    /// A watch list.
    Watch,
    /// An indicator.
    Indicator,
    /// How one of several subsidies is chosen.
    SubsidyChoice,
    /// Which year a stay over New Year belongs to.
    NewYear,
    /// Who is subsidised when.
    Enrolment,
}

impl Family {
    /// All families, in the order in which their rules are numbered.
    pub const ALL: [Self; 15] = [
        Self::OutOfCatalogue,
        Self::Basic,
        Self::Critical,
        Self::CriticalTilt,
        Self::Assistance,
        Self::Tilt,
        Self::Application,
        Self::Subsidy,
        Self::SecondAssistance,
        Self::Adjustment,
        Self::Watch,
        Self::Indicator,
        Self::SubsidyChoice,
        Self::NewYear,
        Self::Enrolment,
    ];

    /// The section of a policy file in which its rules stand.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            Self::OutOfCatalogue => "out_of_catalogue",
            Self::Basic => "basic",
            Self::Critical => "critical",
            Self::CriticalTilt => "critical.tilt",
            Self::Assistance => "assistance",
            Self::Tilt => "tilt",
            Self::Application => "application",
            Self::Subsidy => "subsidy",
            Self::SecondAssistance => "second_assistance",
            Self::Adjustment => "adjustment",
            Self::Watch => "watch",
            Self::Indicator => "indicator",
            Self::SubsidyChoice => "subsidy_choice",
            Self::NewYear => "new_year",
            Self::Enrolment => "enrolment",
        }
    }

    /// Whether the section holds rules by ids that the plan chooses.
    #[must_use]
    pub const fn is_by_id(self) -> bool {
        match self {
            Self::CriticalTilt
            | Self::Assistance
            | Self::Tilt
            | Self::Application
            | Self::Subsidy
            | Self::SecondAssistance
            | Self::Adjustment
            | Self::Watch
            | Self::Indicator => true,
            Self::OutOfCatalogue
            | Self::Basic
            | Self::Critical
            | Self::SubsidyChoice
            | Self::NewYear
            | Self::Enrolment => false,
        }
    }

    /// Whether its rules may cite no clause: insurances are mostly another document's.
    #[must_use]
    pub const fn may_cite_nothing(self) -> bool {
        matches!(self, Self::Basic | Self::Critical | Self::CriticalTilt)
    }

    /// Whether its rules are for identities that are held, so that `ordinary` cannot be named.
    #[must_use]
    pub const fn is_for_held_identities(self) -> bool {
        match self {
            Self::OutOfCatalogue | Self::Tilt | Self::Subsidy | Self::SecondAssistance | Self::Indicator => {
                true
            }
            Self::Basic
            | Self::Critical
            | Self::CriticalTilt
            | Self::Assistance
            | Self::Application
            | Self::Adjustment
            | Self::Watch
            | Self::SubsidyChoice
            | Self::NewYear
            | Self::Enrolment => false,
        }
    }

    /// Whether the identities alone tell whom its rules are for, although they have a `who`.
    #[must_use]
    pub const fn goes_by_identities_alone(self) -> bool {
        matches!(self, Self::SecondAssistance | Self::Watch)
    }

    /// Whether values of its rules can differ by the category of the person.
    #[must_use]
    pub const fn has_values_by_category(self) -> bool {
        matches!(self, Self::Subsidy | Self::Assistance | Self::Tilt)
    }

    /// Whether its rules move money or name persons of their own, so that one that does neither is told of: not the
    /// ordinary insurances, which are booked to no line, nor what only changes, measures or explains others.
    #[must_use]
    pub const fn is_expected_to_act(self) -> bool {
        match self {
            Self::OutOfCatalogue
            | Self::CriticalTilt
            | Self::Assistance
            | Self::Tilt
            | Self::Application
            | Self::Subsidy
            | Self::SecondAssistance
            | Self::Watch => true,
            Self::Basic
            | Self::Critical
            | Self::Adjustment
            | Self::Indicator
            | Self::SubsidyChoice
            | Self::NewYear
            | Self::Enrolment => false,
        }
    }

    /// Whether its rules only say how others are read, and pay, name, change or measure nothing themselves.
    #[must_use]
    pub const fn only_explains(self) -> bool {
        matches!(self, Self::SubsidyChoice | Self::NewYear | Self::Enrolment)
    }

    /// Whether its rules are about contributions and not about bills.
    #[must_use]
    pub const fn is_about_contributions(self) -> bool {
        matches!(self, Self::Subsidy | Self::SubsidyChoice)
    }

    /// Whether its rules settle a bill before assistance does, so that what assistance pays rests on them.
    #[must_use]
    pub const fn settles_before_assistance(self) -> bool {
        matches!(self, Self::OutOfCatalogue | Self::Basic | Self::Critical | Self::CriticalTilt)
    }

    /// The section of the place file that its rules ask for.
    #[must_use]
    pub const fn asks_of_place(self) -> Option<&'static str> {
        match self {
            Self::Subsidy => Some("contribution"),
            Self::Application => Some("application"),
            _ => None,
        }
    }

    /// Where a rule of the family stands in a policy file: `tilt.monitored`, or the section alone.
    #[must_use]
    pub fn key(self, id: &str) -> String {
        if id.is_empty() { self.section().to_owned() } else { format!("{}.{id}", self.section()) }
    }
}

/// The key of a rule: what no other rule of a scenario has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleKey {
    /// The policy file; empty where the scenario has one policy and no timeline.
    pub policy: String,
    /// The family.
    pub family: Family,
    /// Its id in the section of the family, such as `class1` or, of basic insurance, `resident.inpatient`; empty where the
    /// section is one rule.
    pub id: String,
    /// The rule of the same family whose standard it follows.
    pub standard: Option<String>,
}

impl RuleKey {
    /// Where it stands in its policy file.
    #[must_use]
    pub fn path(&self) -> String {
        self.family.key(&self.id)
    }

    /// Where the rule stands whose standard it follows.
    #[must_use]
    pub fn standard_path(&self) -> Option<String> {
        self.standard.as_ref().map(|standard| self.family.key(standard))
    }
}

impl fmt::Display for RuleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.policy.is_empty() {
            write!(f, "{}:", self.policy)?;
        }
        f.write_str(&self.path())?;
        match &self.standard {
            Some(standard) => write!(f, "/{standard}"),
            None => Ok(()),
        }
    }
}

/// What is known of a rule apart from its values: its key, where its money is booked, what it cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its key.
    pub key: RuleKey,
    /// The key as text, such as `assistance.major/class1`: how tables and messages name the rule.
    pub id: String,
    /// The line of spending, as a position in [`super::names::Names::lines`]; none for insurers, hospitals and lists.
    pub line: Option<usize>,
    /// The clauses it implements.
    pub cite: Vec<String>,
    /// Its funders that cite clauses of their own: those on the fund itself.
    pub funders: Vec<CitingFunder>,
}

/// A funder that can pay a rule, and the clauses on the fund or budget itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitingFunder {
    /// Position in [`super::names::Names::funders`].
    pub funder: usize,
    /// The clauses.
    pub cite: Vec<String>,
}

impl Rule {
    /// A rule that is booked to no line and cites nothing.
    #[must_use]
    pub fn new(key: RuleKey) -> Self {
        let id = key.to_string();
        Self { key, id, line: None, cite: Vec::new(), funders: Vec::new() }
    }

    /// The key as text without the policy.
    #[must_use]
    pub fn own_id(&self) -> &str {
        let policy = self.key.policy.len();
        if policy == 0 { &self.id } else { &self.id[policy + ":".len()..] }
    }

    /// Whether the rule cites a clause.
    #[must_use]
    pub fn cites(&self, clause: &str) -> bool {
        self.cite.iter().any(|id| id == clause)
    }

    /// The funders of the rule that cite a clause.
    pub fn funders_citing<'a>(&'a self, clause: &'a str) -> impl Iterator<Item = usize> + 'a {
        let citing = self.funders.iter().filter(move |of| of.cite.iter().any(|id| id == clause));
        citing.map(|of| of.funder)
    }
}
