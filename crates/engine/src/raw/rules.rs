//! All rules of a policy file in one list: what each is called, and what all families write alike.
//!
//! This is the only place that knows in which sections of a policy file rules stand. Both walks take the file apart
//! whole, so that a new section cannot be forgotten here.

use indexmap::IndexMap;

use super::kinds::Kinds;
use super::policy::{
    Adjustment, Assistance, BasicInsurances, CriticalTilt, Indicator, OutOfCatalogue, Policy, Subsidy, Watch,
    When, Who,
};
use super::value::FunderShare;
use super::year_end::{Application, SecondAssistance, Tilt};
use crate::policy::claim::Insurance;
use crate::policy::rule::{Family, RuleKey};
use crate::policy::sums::SumsOf;

/// The keys of a rule that say where its payments are booked and who pays them, and change none of them.
pub const BOOKING: [&str; 4] = ["line", "funders", "funder", "cite"];

/// What every rule of a policy file writes, whatever its family.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    /// The family.
    pub family: Family,
    /// Its id in the section of the family; empty where the section is one rule.
    pub id: String,
    /// The rule of the same family whose standard it follows.
    pub standard: Option<&'a str>,
    /// Persons; none where they are not asked, or `categories` names them, or each standard says so.
    pub who: Option<&'a Who>,
    /// Identities, of a rule that asks for nothing else.
    pub categories: Option<&'a [String]>,
    /// Claims, by the key that names them; empty where they are not asked.
    pub when: Vec<(&'static str, &'a When)>,
    /// First and last year.
    pub years: (Option<u16>, Option<u16>),
    /// Whether it is not switched off.
    pub enabled: bool,
    /// The line of spending.
    pub line: Option<&'a str>,
    /// Who pays.
    pub funders: Funders<'a>,
    /// The pools in whose sums its payments count.
    pub pools: Vec<&'a str>,
    /// Whose sums it is held against, where it says so itself.
    pub sums_of: Option<SumsOf>,
    /// The clauses that it cites.
    pub cite: &'a [String],
    /// Clauses that it cites through others: the pools of an insurance, the rule whose standard it follows.
    pub further_cite: Vec<&'a String>,
}

/// Who pays a rule.
#[derive(Debug, Clone, Copy)]
pub enum Funders<'a> {
    /// Insurers, hospitals or the person; or each standard says so.
    Nobody,
    /// Funders with their shares, and the rule that writes them: the rule itself, or that whose standard it follows.
    Shared(&'a IndexMap<String, FunderShare>, WrittenBy),
    /// One funder out of its surplus.
    Surplus(&'a String),
}

/// Which of two rules writes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenBy {
    /// The rule itself.
    Itself,
    /// The rule whose standard it follows.
    Standard,
}

impl<'a> Funders<'a> {
    fn of(funders: Option<&'a IndexMap<String, FunderShare>>, by: WrittenBy) -> Self {
        funders.map_or(Self::Nobody, |funders| Self::Shared(funders, by))
    }

    /// Whether a funder pays.
    #[must_use]
    pub const fn is_anybody(&self) -> bool {
        !matches!(self, Self::Nobody)
    }

    /// The ids of the funders.
    #[must_use]
    pub fn ids(&self) -> Vec<&'a String> {
        match self {
            Self::Nobody => Vec::new(),
            Self::Shared(funders, _) => funders.keys().collect(),
            Self::Surplus(funder) => vec![*funder],
        }
    }
}

impl<'a> Head<'a> {
    /// A rule that says nothing but what it cites.
    fn new(family: Family, id: impl Into<String>, cite: &'a [String]) -> Self {
        Self {
            family,
            id: id.into(),
            standard: None,
            who: None,
            categories: None,
            when: Vec::new(),
            years: (None, None),
            enabled: true,
            line: None,
            funders: Funders::Nobody,
            pools: Vec::new(),
            sums_of: None,
            cite,
            further_cite: Vec::new(),
        }
    }

    /// Its key; `policy` tells the rules of one policy of a timeline from another's.
    #[must_use]
    pub fn key(&self, policy: &str) -> RuleKey {
        RuleKey {
            policy: policy.to_owned(),
            family: self.family,
            id: self.id.clone(),
            standard: self.standard.map(ToOwned::to_owned),
        }
    }

    /// Where it stands in the policy file.
    #[must_use]
    pub fn path(&self) -> String {
        self.family.key(&self.id)
    }

    /// Where its funders stand in the policy file.
    #[must_use]
    pub fn path_of_funders(&self) -> String {
        match (&self.funders, self.standard) {
            (Funders::Shared(_, WrittenBy::Standard), Some(standard)) => self.family.key(standard),
            _ => self.path(),
        }
    }

    /// The identities that it names, with the path of the list; none where it names none and all are meant.
    #[must_use]
    pub fn identities(&self) -> Option<(String, &'a [String])> {
        let path = self.path();
        match (self.categories, self.who) {
            (Some(categories), _) => Some((format!("{path}.categories"), categories)),
            (None, who) => Some((format!("{path}.who.categories"), who?.categories.as_deref()?)),
        }
    }

    /// All clauses that it cites, by itself and through others, each once.
    #[must_use]
    pub fn all_cited(&self) -> Vec<String> {
        let mut all = self.cite.to_vec();
        for clause in &self.further_cite {
            if !all.contains(clause) {
                all.push((*clause).clone());
            }
        }
        all
    }
}

impl Policy {
    /// Every rule as it is written, in the order in which rules are numbered.
    #[must_use]
    pub fn rules_as_written(&self) -> Vec<Head<'_>> {
        self.walk(&self.basic.employee.kinds())
    }

    /// Every rule as it is settled, in the order of their numbers: one that follows the standards of others once for each
    /// of them, and employees with what they have as residents.
    #[must_use]
    pub fn rules(&self) -> Vec<Head<'_>> {
        let written = self.walk(&self.basic.settled(Insurance::Employee));
        written.into_iter().flat_map(|head| self.by_standards(head)).collect()
    }

    fn walk<'a>(&'a self, employees: &Kinds<'a>) -> Vec<Head<'a>> {
        let Self {
            extends: _,
            about: _,
            rank: _,
            categories: _,
            traits: _,
            diseases: _,
            pools: _,
            lines: _,
            funders: _,
            clauses: _,
            basic: BasicInsurances { resident, employee: _ },
            critical,
            out_of_catalogue,
            subsidy,
            enrolment,
            new_year,
            subsidy_choice,
            assistance,
            tilt,
            application,
            second_assistance,
            adjustment,
            watch,
            indicator,
            provenance: _,
        } = self;
        let one = |family: Family, cite: &'a [String]| Head::new(family, "", cite);
        let mut all = Vec::new();
        all.extend(out_of_catalogue.as_ref().map(|limit| limit.head()));
        all.extend(resident.kinds().heads(Insurance::Resident));
        all.extend(employees.heads(Insurance::Employee));
        all.push(one(Family::Critical, &critical.cite));
        all.extend(section(&critical.tilt, CriticalTilt::head));
        all.extend(section(assistance, Assistance::head));
        all.extend(section(tilt, Tilt::head));
        all.extend(section(application, Application::head));
        all.extend(section(subsidy, Subsidy::head));
        all.extend(section(second_assistance, SecondAssistance::head));
        all.extend(section(adjustment, Adjustment::head));
        all.extend(section(watch, Watch::head));
        all.extend(section(indicator, Indicator::head));
        all.extend(subsidy_choice.as_ref().map(|choice| one(Family::SubsidyChoice, &choice.cite)));
        all.extend(new_year.as_ref().map(|new_year| one(Family::NewYear, &new_year.cite)));
        all.extend(enrolment.as_ref().map(|enrolment| one(Family::Enrolment, &enrolment.cite)));
        all
    }

    /// A rule once for each of the rules whose standards it follows; itself where it follows none.
    fn by_standards<'a>(&'a self, head: Head<'a>) -> Vec<Head<'a>> {
        let own = (head.family == Family::Assistance).then(|| self.assistance.get(&head.id)).flatten();
        let Some(own) = own.filter(|own| !own.by_standard_of.is_empty()) else { return vec![head] };
        let by_standard = |standard: &'a String| {
            let Some(of) = self.assistance.get(standard) else {
                return Head { standard: Some(standard), ..head.clone() };
            };
            let within = own.within.as_ref().or(of.within.as_ref());
            let pools = of.pool.as_ref().into_iter().chain(within.map(|within| &within.pool));
            let of = of.head(standard);
            Head {
                standard: Some(standard),
                who: of.who,
                years: both(head.years, of.years),
                enabled: head.enabled && of.enabled,
                funders: match (head.funders, of.funders) {
                    (Funders::Nobody, Funders::Shared(funders, _)) => {
                        Funders::Shared(funders, WrittenBy::Standard)
                    }
                    (own, _) => own,
                },
                pools: pools.map(String::as_str).collect(),
                further_cite: of.cite.iter().collect(),
                ..head.clone()
            }
        };
        own.by_standard_of.iter().map(by_standard).collect()
    }
}

/// The years in which two rules hold.
fn both(
    (from, to): (Option<u16>, Option<u16>),
    (other_from, other_to): (Option<u16>, Option<u16>),
) -> (Option<u16>, Option<u16>) {
    (from.max(other_from), to.into_iter().chain(other_to).min())
}

/// The rules of a section by their ids.
fn section<'a, R>(
    rules: &'a IndexMap<String, R>,
    head: fn(&'a R, &str) -> Head<'a>,
) -> impl Iterator<Item = Head<'a>> {
    rules.iter().map(move |(id, rule)| head(rule, id))
}

impl<'a> Kinds<'a> {
    fn heads(&self, insurance: Insurance) -> impl Iterator<Item = Head<'a>> + use<'a> {
        let pools = self.pools;
        self.covered().map(move |(kind, raw)| {
            // The clauses of a pool are those of every kind that shares it.
            let shared = pools.values().filter(|pool| pool.kinds.contains(&kind));
            let further_cite = shared.flat_map(|pool| &pool.cite).collect();
            let id = format!("{}.{}", insurance.name(), kind.name());
            Head { further_cite, ..Head::new(Family::Basic, id, &raw.cite) }
        })
    }
}

impl OutOfCatalogue {
    fn head(&self) -> Head<'_> {
        Head {
            categories: Some(&self.categories),
            enabled: self.enabled,
            ..Head::new(Family::OutOfCatalogue, "", &self.cite)
        }
    }
}

impl CriticalTilt {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        Head {
            categories: Some(&self.categories),
            years: (self.from_year, self.to_year),
            enabled: self.enabled,
            ..Head::new(Family::CriticalTilt, id, &self.cite)
        }
    }
}

impl Assistance {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        let further = self.within.as_ref().map(|within| &within.pool);
        Head {
            who: self.who.as_ref().filter(|_| self.by_standard_of.is_empty()),
            when: vec![("when", &self.when)],
            years: (self.from_year, self.to_year),
            enabled: self.enabled,
            line: Some(&self.line),
            funders: Funders::of(self.funders.as_ref(), WrittenBy::Itself),
            pools: self.pool.as_ref().into_iter().chain(further).map(String::as_str).collect(),
            ..Head::new(Family::Assistance, id, &self.cite)
        }
    }
}

impl Tilt {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        Head {
            who: Some(&self.who),
            when: vec![("when", &self.when)],
            years: (self.from_year, self.to_year),
            enabled: self.enabled,
            line: Some(&self.line),
            funders: Funders::of(Some(&self.funders), WrittenBy::Itself),
            pools: self.within.as_ref().map(|within| within.pool.as_str()).into_iter().collect(),
            sums_of: Some(self.sums_of),
            ..Head::new(Family::Tilt, id, &self.cite)
        }
    }
}

impl Application {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        let assisted = self.when_assisted.as_ref().map(|when| ("when_assisted", when));
        Head {
            who: Some(&self.who),
            when: [("when", &self.when)].into_iter().chain(assisted).collect(),
            years: (self.from_year, self.to_year),
            enabled: self.enabled,
            line: Some(&self.line),
            funders: Funders::of(Some(&self.funders), WrittenBy::Itself),
            pools: self.pool.as_deref().into_iter().collect(),
            sums_of: self.sums_of,
            ..Head::new(Family::Application, id, &self.cite)
        }
    }
}

impl Subsidy {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        Head {
            who: Some(&self.who),
            years: (self.from_year, self.to_year),
            enabled: self.enabled,
            line: Some(&self.line),
            funders: Funders::of(self.funders.as_ref(), WrittenBy::Itself),
            ..Head::new(Family::Subsidy, id, &self.cite)
        }
    }
}

impl SecondAssistance {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        Head {
            who: Some(&self.who),
            enabled: self.enabled,
            line: Some(&self.line),
            funders: Funders::Surplus(&self.funder),
            ..Head::new(Family::SecondAssistance, id, &self.cite)
        }
    }
}

impl Adjustment {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        Head {
            who: Some(&self.who),
            when: vec![("when", &self.when)],
            years: (self.from_year, self.to_year),
            enabled: self.enabled,
            sums_of: self.sums_of,
            ..Head::new(Family::Adjustment, id, &self.cite)
        }
    }
}

impl Watch {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        Head { who: Some(&self.who), ..Head::new(Family::Watch, id, &self.cite) }
    }
}

impl Indicator {
    fn head<'a>(&'a self, id: &str) -> Head<'a> {
        Head {
            who: Some(&self.who),
            when: vec![("when", &self.when)],
            ..Head::new(Family::Indicator, id, &self.cite)
        }
    }
}
