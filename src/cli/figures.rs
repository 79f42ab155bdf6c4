//! What the charts of a run need beyond the projection: the trials of one county-year, the facts of a taper.

use super::simulate::Size;
use crate::lang::Lang;
use crate::policy::claim::Insurance;
use crate::policy::claim::{Category, Person, Sex, Spell};
use crate::policy::schedule::SubsidyAmount;
use crate::policy::subsidy::subsidy;
use crate::report::figures::{CountyYearTrials, TaperFacts, in_sentence, label};
use crate::scenario::Scenario;
use crate::simulation::outcome::CountyOutcome;
use crate::units::{Fen, Month};

/// Keeps the trials of the county that spends most in the last year.
#[derive(Debug, Default)]
pub struct Largest {
    kept: Option<(i128, CountyYearTrials)>,
}

impl Largest {
    /// Looks at a county.
    pub fn see(&mut self, outcome: &CountyOutcome, year: u16) {
        let last = outcome.n_years - 1;
        let fen: Vec<i64> =
            (0..outcome.n_replicates).map(|number| outcome.trial(last, number).iter().sum()).collect();
        let sum: i128 = fen.iter().map(|&fen| i128::from(fen)).sum();
        if self.kept.as_ref().is_none_or(|(most, _)| sum > *most) {
            self.kept = Some((sum, CountyYearTrials { county: outcome.county, year, fen }));
        }
    }

    /// The trials of that county.
    #[must_use]
    pub fn trials(&self) -> Option<&CountyYearTrials> {
        self.kept.as_ref().map(|(_, trials)| trials)
    }
}

/// The contribution subsidy that is not paid by the first funder (the assistance fund) and needs no trait: in the
/// shipped plans the one that tapers. One where it is the same in all counties of the run, else one for each county;
/// none where a policy has none.
#[must_use]
pub fn tapers(scenario: &Scenario, size: &Size, lang: Lang) -> Vec<TaperFacts> {
    let of = |&county: &usize| taper(scenario, county, &size.reported, lang);
    let all: Vec<Option<TaperFacts>> = size.counties.iter().map(of).collect();
    if all.windows(2).all(|pair| pair[0] == pair[1]) {
        return all.into_iter().next().flatten().into_iter().collect();
    }
    let named =
        |(&county, facts): (&usize, Option<TaperFacts>)| Some(TaperFacts { county: Some(county), ..facts? });
    size.counties.iter().zip(all).filter_map(named).collect()
}

/// A grown-up resident stands for a group: the contribution may depend on age.
const fn grown_up(spells: &[Spell]) -> Person<'_> {
    Person {
        age: 40,
        sex: Some(Sex::Male),
        insurance: Insurance::Resident,
        traits: 0,
        spells,
        recognised: None,
    }
}

/// What a resident pays whom nobody helps.
pub fn full_contribution(scenario: &Scenario, county: usize, year: u16) -> Option<Fen> {
    let rules = scenario.rules(county, year).ok()?;
    Some(subsidy(&rules, &grown_up(&[])).ok()??.contribution)
}

fn taper(scenario: &Scenario, county: usize, years: &[u16], lang: Lang) -> Option<TaperFacts> {
    let mut facts: Option<TaperFacts> = None;
    for &year in years {
        let rules = scenario.rules(county, year).ok()?;
        let schedule = rules.of_coverage_year();
        let found = schedule.subsidies.iter().find_map(|rule| {
            let payer = schedule.funders[usize::from(rule.rule.0)].last()?;
            (payer.funder != 0 && rule.who.traits == 0).then_some((rule, usize::from(payer.funder)))
        });
        let Some((rule, funder)) = found else { continue };
        let category = Category(rule.categories.trailing_zeros() as u8);
        let spells = [Spell { category, from: Month::FIRST, to: Month::LAST }];
        let paid = subsidy(&rules, &grown_up(&spells)).ok()??;
        let share = match rule.amount {
            SubsidyAmount::Share(share) => share.as_f64(),
            SubsidyAmount::Fixed(amount) => amount.yuan() / paid.contribution.yuan(),
            SubsidyAmount::LeftToPerson => 0.0,
        };
        let line = scenario.policy.rules[usize::from(rule.rule.0)].line?;
        let group = in_sentence(label(&scenario.policy.names.categories[usize::from(category.0)], lang));
        let facts = facts.get_or_insert(TaperFacts { county: None, group, funder, line, years: Vec::new() });
        facts.years.push((year, share, paid.amount, paid.contribution));
    }
    facts
}
