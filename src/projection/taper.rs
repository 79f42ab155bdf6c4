//! What each step of a subsidy that tapers saves, what going on or stopping costs, and who may leave insurance as the own
//! contribution rises.

use super::compare::Comparison;
use crate::lang::Lang;
use crate::projection::clauses::EffectRow;

/// What is asked of a subsidy that tapers. Every answer is "so much more than as written".
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// The share stays where it was before a step, against staying where the step takes it: so that the steps add up to
    /// no step at all.
    Step {
        /// The year of the step.
        year: u16,
        /// The shares before and after it.
        shares: (f64, f64),
    },
    /// No step is taken: the share of the first year stays.
    NoSteps,
    /// The subsidies that end with the transition are paid until a later year.
    Until(u16),
    /// They are no longer paid from a year on.
    Stopped(u16),
    /// All rules of the transition are held, not the subsidies alone.
    Held(u16),
}

impl Question {
    /// The name in the table.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Step { year, .. } => format!("step_{year}"),
            Self::NoSteps => "no_steps".to_owned(),
            Self::Until(year) => format!("until_{year}"),
            Self::Stopped(year) => format!("stopped_from_{year}"),
            Self::Held(year) => format!("transition_held_after_{year}"),
        }
    }

    /// The question in words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let percent = |share: f64| format!("{:.0}%", share * 100.0);
        match (self, lang) {
            (Self::Step { year, shares: (from, to) }, Lang::Zh) => {
                format!("{year}年不由{}降至{}", percent(*from), percent(*to))
            }
            (Self::Step { year, shares: (from, to) }, Lang::En) => {
                format!("no step from {} to {} in {year}", percent(*from), percent(*to))
            }
            (Self::NoSteps, _) => lang.pick("各步均不降（合计）", "no step at all (all of them)").to_owned(),
            (Self::Until(year), Lang::Zh) => format!("到期资助延长至{year}年"),
            (Self::Until(year), Lang::En) => {
                format!("the ending subsidies until {year}")
            }
            (Self::Stopped(year), Lang::Zh) => format!("{year}年起停止资助"),
            (Self::Stopped(year), Lang::En) => format!("no such subsidy from {year} on"),
            (Self::Held(year), Lang::Zh) => format!("{year}年后过渡期规则全部保持"),
            (Self::Held(year), Lang::En) => format!("all rules of the transition held after {year}"),
        }
    }
}

/// A question with its answer: the first scenario of the comparison spends less by so much.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// What is spent more than as written.
    pub comparison: Comparison,
}

/// What a subsidised person pays in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnContribution {
    /// The county; `None`: the same in all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// Contribution less subsidy, yuan.
    pub own_yuan: f64,
    /// Subsidy, yuan.
    pub subsidy_yuan: f64,
}

/// Who may leave insurance because the own contribution has risen since the first year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeaversRow {
    /// The county.
    pub county: usize,
    /// What a person pays.
    pub own: OwnContribution,
    /// By which factor that has risen since the first year.
    pub risen: f64,
    /// Persons with the subsidy, on average, and the error of that.
    pub persons: (f64, Option<f64>),
    /// Persons who leave: with the weaker and with the stronger response.
    pub leave: (f64, f64),
}

impl LeaversRow {
    /// The subsidies that are then not paid, yuan.
    #[must_use]
    pub fn saved_yuan(&self) -> (f64, f64) {
        (self.leave.0 * self.own.subsidy_yuan, self.leave.1 * self.own.subsidy_yuan)
    }
}

/// The share that leaves when the own contribution rises by a factor, with a constant elasticity of enrolment.
#[must_use]
pub fn leaving(risen: f64, elasticity: f64) -> f64 {
    (1.0 - libm::pow(risen, elasticity)).max(0.0)
}

/// County by county and year by year, from the persons to whom the subsidy was paid.
#[must_use]
pub fn leavers(
    (rows_of_rules, rules): (&[EffectRow], &[usize]),
    own: &[OwnContribution],
    elasticities: (f64, f64),
) -> Vec<LeaversRow> {
    let mut rows = Vec::new();
    for row in rows_of_rules.iter().filter(|row| rules.contains(&row.of) && row.effect.persons.mean() > 0.0) {
        let Some(county) = row.county else { continue };
        let of =
            |year: u16| own.iter().find(|one| one.county.is_none_or(|own| own == county) && one.year == year);
        let first =
            own.iter().filter(|one| one.county.is_none_or(|own| own == county)).map(|one| one.year).min();
        let (Some(first), Some(own)) = (first.and_then(of), of(row.year)) else { continue };
        let risen = if first.own_yuan > 0.0 { own.own_yuan / first.own_yuan } else { 1.0 };
        let persons = row.effect.persons.mean();
        rows.push(LeaversRow {
            county,
            own: *own,
            risen,
            persons: (persons, row.effect.persons.standard_error()),
            leave: (persons * leaving(risen, elasticities.0), persons * leaving(risen, elasticities.1)),
        });
    }
    rows
}
