//! What each step of a subsidy that tapers saves, what going on or stopping costs, and who may leave insurance as the own
//! contribution rises.

use std::collections::BTreeSet;

use super::compare::Comparison;
use super::layout::Layout;
use super::money::{Part, Slice, county_column};
use super::people::PeopleRow;
use crate::lang::Lang;
use crate::policy::rule::Family;
use crate::projection::clauses::EffectRow;
use crate::simulation::outcome::CountyOutcome;
use crate::stats::Estimate;

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
    /// The standard error of those who leave with the stronger response: that of the persons with the subsidy.
    #[must_use]
    pub fn leave_error(&self) -> Option<f64> {
        let (persons, error) = self.persons;
        error.map(|error| if persons > 0.0 { error * self.leave.1 / persons } else { 0.0 })
    }

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

/// County by county and year by year, from the persons to whom the subsidy was paid; in a year behind its end, from those
/// who had it last.
#[must_use]
pub fn leavers(
    (rows_of_rules, rules): (&[EffectRow], &[usize]),
    own: &[OwnContribution],
    elasticities: (f64, f64),
) -> Vec<LeaversRow> {
    let paid: Vec<&EffectRow> = rows_of_rules
        .iter()
        .filter(|row| rules.contains(&row.of) && row.county.is_some() && row.effect.persons.mean() > 0.0)
        .collect();
    let mut rows = Vec::new();
    for row in &paid {
        let Some(county) = row.county else { continue };
        let is_its = |one: &&OwnContribution| one.county.is_none_or(|own| own == county);
        let mut of_county: Vec<&OwnContribution> = own.iter().filter(is_its).collect();
        of_county.sort_by_key(|one| one.year);
        let Some(first) = of_county.first() else { continue };
        // Behind the last year that pays it, those who had it pay all themselves.
        let is_last = !paid.iter().any(|other| other.county == row.county && other.year > row.year);
        let is_shown = |one: &&&OwnContribution| {
            one.year == row.year || (is_last && one.year > row.year && one.subsidy_yuan == 0.0)
        };
        for own in of_county.iter().filter(is_shown) {
            let risen = if first.own_yuan > 0.0 { own.own_yuan / first.own_yuan } else { 1.0 };
            let persons = row.effect.persons.mean();
            rows.push(LeaversRow {
                county,
                own: **own,
                risen,
                persons: (persons, row.effect.persons.standard_error()),
                leave: (persons * leaving(risen, elasticities.0), persons * leaving(risen, elasticities.1)),
            });
        }
    }
    rows
}

/// The persons with a subsidy: what each payer spends on the subsidies and on the assistance of their categories.
#[derive(Debug, Clone, Copy)]
pub struct Group<'l> {
    /// The scenario as written.
    pub layout: &'l Layout,
    /// The rules of the subsidy, of each policy of a timeline its own.
    pub rules: &'l [usize],
}

/// What a payer spends on the categories that have the subsidy, in a county and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupRow {
    /// The county.
    pub county: usize,
    /// The year.
    pub year: u16,
    /// The payer; `None` for all together.
    pub funder: Option<usize>,
    /// The subsidy, yuan.
    pub subsidy: Estimate,
    /// Everything but contribution subsidies, yuan.
    pub assistance: Estimate,
}

impl Group<'_> {
    /// The categories that have the subsidy in a year, by rank.
    fn categories(&self, year: usize) -> Vec<usize> {
        let layout = self.layout;
        let reach = self.rules.iter().filter_map(|&rule| *layout.years.get(year)?.reach.get(rule)?);
        let bits = reach.fold(0, |bits, reach| bits | reach.categories);
        let has = |category: &usize| layout.bit_of(*category).is_some_and(|bit| bits & bit != 0);
        (0..layout.categories.len()).filter(has).collect()
    }

    /// The lines of this subsidy, and those of all subsidies.
    fn lines(&self) -> [BTreeSet<usize>; 2] {
        let rules = &self.layout.rules;
        let all = rules.iter().filter(|rule| rule.key.family == Family::Subsidy);
        [
            self.rules.iter().filter_map(|&rule| rules[rule].line).collect(),
            all.filter_map(|rule| rule.line).collect(),
        ]
    }

    /// Every payer and all of them, year by year.
    #[must_use]
    pub fn rows(&self, outcome: &CountyOutcome) -> Vec<GroupRow> {
        let [own, subsidies] = self.lines();
        let mut rows = Vec::new();
        for (at, year) in self.layout.year_numbers().into_iter().enumerate() {
            let categories = self.categories(at);
            let sum = |part: Part| -> Vec<i64> {
                let mut sums = vec![0; outcome.n_replicates];
                for &category in &categories {
                    let of = (&part, Slice::People(category));
                    let column = county_column(outcome, at, &outcome.cells, of);
                    sums.iter_mut().zip(column).for_each(|(sum, fen)| *sum += fen);
                }
                sums
            };
            let of_lines = |lines: &BTreeSet<usize>, funder: Option<usize>| {
                let mut sums = vec![0; outcome.n_replicates];
                for &line in lines {
                    let column = sum(Part { line: Some(line), funder });
                    sums.iter_mut().zip(column).for_each(|(sum, fen)| *sum += fen);
                }
                sums
            };
            let funders = (0..self.layout.funders.len()).map(Some).chain([None]);
            rows.extend(funders.filter_map(|funder| {
                let all = sum(Part { line: None, funder });
                let subsidised = of_lines(&subsidies, funder);
                let assistance: Vec<i64> = all.iter().zip(&subsidised).map(|(all, own)| all - own).collect();
                Some(GroupRow {
                    county: outcome.county,
                    year,
                    funder,
                    subsidy: Estimate::of(&of_lines(&own, funder), 100)?,
                    assistance: Estimate::of(&assistance, 100)?,
                })
            }));
        }
        rows
    }

    /// The persons of the categories that have the subsidy, on average.
    fn persons(&self, people: &[PeopleRow], (county, year): (usize, u16)) -> f64 {
        let at = self.layout.year_numbers().iter().position(|known| *known == year).unwrap_or_default();
        let categories = self.categories(at);
        let is_own = |row: &&PeopleRow| {
            (row.county, row.year) == (Some(county), year) && categories.contains(&row.category)
        };
        people.iter().filter(is_own).map(|row| row.persons().mean()).sum()
    }
}

/// What a payer no longer pays for those who leave insurance: with the weaker and with the stronger response, yuan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeaversPayerRow {
    /// The county.
    pub county: usize,
    /// The year.
    pub year: u16,
    /// The payer; `None` for all together.
    pub funder: Option<usize>,
    /// Subsidies.
    pub subsidy_yuan: [f64; 2],
    /// Assistance, were those who leave as ill as all of their categories. The ill have reason to stay, so that it is the
    /// most that is not paid, and nothing the least.
    pub assistance_yuan: [f64; 2],
    /// The Monte Carlo standard error of the assistance with the stronger response.
    pub assistance_error_yuan: Option<f64>,
}

/// What is not paid for those who leave, payer by payer: their subsidies as the payers share them, and of the assistance
/// of their categories as much as they are of its persons.
#[must_use]
pub fn not_paid(
    leavers: &[LeaversRow],
    (group, spent, people): (Group<'_>, &[GroupRow], &[PeopleRow]),
) -> Vec<LeaversPayerRow> {
    let mut rows = Vec::new();
    for row in leavers {
        let (county, year) = (row.county, row.own.year);
        let own: Vec<&GroupRow> =
            spent.iter().filter(|one| (one.county, one.year) == (county, year)).collect();
        let subsidies = own.iter().find(|one| one.funder.is_none()).map_or(0.0, |one| one.subsidy.mean);
        let persons = group.persons(people, (county, year));
        let part = |of: f64, whole: f64| if whole > 0.0 { of / whole } else { 0.0 };
        for one in own {
            let (low, high) = row.saved_yuan();
            let leave = [row.leave.0, row.leave.1].map(|leave| part(leave, persons));
            rows.push(LeaversPayerRow {
                county,
                year,
                funder: one.funder,
                subsidy_yuan: [low, high].map(|yuan| yuan * part(one.subsidy.mean, subsidies)),
                assistance_yuan: leave.map(|share| share * one.assistance.mean),
                assistance_error_yuan: one.assistance.standard_error.map(|error| leave[1] * error),
            });
        }
    }
    rows
}
