//! From resolved scenarios to the counties and lanes of a simulation.

use super::agreement::{Disagreement, held_against_itself};
use super::assemble::with_county;
use super::columns::YearColumns;
use super::lane::{FundMoney, HouseholdTest, Lane, WarmedRules, needs_general_outpatient};
use super::outcome::{CountyOutcome, WorkDone};
use super::stage::Observer;
use crate::instruction_set::Instructions;
use crate::lang::{Words, words};
use crate::policy::schedule::YearRules;
use crate::population::{FitRow, Population, PopulationError, RegisterCount, RegisterError};
use crate::rng::Draws;
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::scenario::place;
use crate::units::Fen;

/// Why a county cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// The population cannot be drawn.
    #[error("{county}: {source}")]
    Population {
        /// The county.
        county: String,
        /// Why.
        source: PopulationError,
    },
    /// The population is not what its tables say.
    #[error("{county}: {source}")]
    Register {
        /// The county.
        county: String,
        /// Where.
        source: RegisterError,
    },
    /// The rules lack values.
    #[error(transparent)]
    Rules(#[from] Faults),
    /// A settlement does not add up.
    #[error("{county}, {source}")]
    Unbalanced {
        /// The county.
        county: String,
        /// Which settlement.
        source: super::Unbalanced,
    },
    /// Two figures of the outcome that should be the same are not.
    #[error("{county}, {source}")]
    Disagreement {
        /// The county.
        county: String,
        /// Which figures.
        source: Disagreement,
    },
}

impl SimulationError {
    /// The same in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let (county, Words { zh, en }) = match self {
            Self::Rules(faults) => return faults.words(),
            // It names the county itself.
            Self::Population { source, .. } => return source.words(),
            Self::Register { county, source } => (county, source.words()),
            Self::Unbalanced { county, source } => (county, source.words()),
            Self::Disagreement { county, source } => (county, source.words()),
        };
        words!("{county}：{zh}", "{county}: {en}")
    }

    pub(super) fn unbalanced(scenario: &Scenario, county: usize, source: super::Unbalanced) -> Self {
        Self::Unbalanced { county: label(scenario, county), source }
    }

    pub(super) fn disagreement(scenario: &Scenario, county: usize, source: Disagreement) -> Self {
        Self::Disagreement { county: label(scenario, county), source }
    }
}

/// How much is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// Years of the outcome, the first one the base year of the population.
    pub years: &'a [u16],
    /// Years that are simulated before the first one and left out of the outcome.
    pub warm_up_years: u16,
    /// The number of the first replicate; 0 but where a run is worked out in parts.
    pub first_replicate: u32,
    /// Number of replicates.
    pub n_replicates: u32,
    /// Seed of all draws.
    pub seed: u64,
    /// How replicates are worked out.
    pub engine: EngineChoice,
    /// Is told when a stage is done; `&()` where nobody wants to know.
    pub observer: &'a dyn Observer,
}

/// Which engine works out the replicates; all give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineChoice {
    /// Person by person: the plain reference.
    Reference,
    /// Many persons at once, with these instructions.
    Tiled(Instructions),
}

impl EngineChoice {
    /// The name in records, such as `tiled (avx512)`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Reference => "reference".to_owned(),
            Self::Tiled(instructions) => format!("tiled ({})", instructions.set()),
        }
    }
}

impl Default for EngineChoice {
    /// The tiled engine with the widest instructions of the machine.
    fn default() -> Self {
        Self::Tiled(Instructions::widest())
    }
}

/// What the simulation of a county gives.
#[derive(Debug, Default)]
pub struct Simulated {
    /// One outcome for each scenario.
    pub outcomes: Vec<CountyOutcome>,
    /// The work done for one of them.
    pub work: WorkDone,
    /// How well the population meets its targets.
    pub fit: Vec<FitRow>,
    /// Seconds for the population and for the simulation: the only clock, and only for the run's record.
    pub seconds: [f64; 2],
}

/// Simulates one county for scenarios that share place, illness model, years and seed.
///
/// # Errors
/// A population that cannot be drawn, or rules that lack values.
pub fn simulate_county(
    scenarios: &[&Scenario],
    county: usize,
    plan: Plan<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Simulated, SimulationError> {
    let mut needs = Vec::new();
    for scenario in scenarios {
        needs.push(needs_general_outpatient(&rules(scenario, county, plan.years)?));
    }
    if needs.windows(2).all(|pair| pair[0] == pair[1]) {
        return simulate_together(scenarios, county, plan, progress);
    }
    // A scenario gives the same figures alone and beside others: bills that only some of them need are drawn for these.
    let mut all = Simulated::default();
    let mut outcomes: Vec<Option<CountyOutcome>> = vec![None; scenarios.len()];
    for needed in [needs[0], !needs[0]] {
        let own: Vec<usize> = (0..scenarios.len()).filter(|&index| needs[index] == needed).collect();
        let together: Vec<&Scenario> = own.iter().map(|&index| scenarios[index]).collect();
        let part = simulate_together(&together, county, plan, progress)?;
        for (index, outcome) in own.into_iter().zip(part.outcomes) {
            outcomes[index] = Some(outcome);
        }
        if needed == needs[0] {
            (all.work, all.fit) = (part.work, part.fit);
        }
        all.seconds.iter_mut().zip(part.seconds).for_each(|(sum, more)| *sum += more);
    }
    Ok(Simulated { outcomes: outcomes.into_iter().flatten().collect(), ..all })
}

fn simulate_together(
    scenarios: &[&Scenario],
    county: usize,
    plan: Plan<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Simulated, SimulationError> {
    let began = std::time::Instant::now();
    let Some(first) = scenarios.first() else { return Ok(Simulated::default()) };
    with_county((scenarios, county, plan), |place, lanes| {
        let population = place.population;
        let register = held_against_register(first, county, population)?;
        let drawn = began.elapsed().as_secs_f64();
        let (outcomes, work) = super::simulate(&place, lanes, plan.replicates(), progress)
            .map_err(|source| SimulationError::unbalanced(first, county, source))?;
        let persons = persons_of(first, county);
        let all_years = plan.simulated_years();
        let mut reported = Vec::new();
        for (outcome, scenario) in outcomes.into_iter().zip(scenarios) {
            let outcome =
                CountyOutcome { register: register.clone(), ..outcome.of_years(&all_years, plan.years) };
            held_against_itself(&outcome, plan.years, &scenario.policy.rules, persons)
                .map_err(|source| SimulationError::disagreement(first, county, source))?;
            reported.push(outcome);
        }
        let seconds = [drawn, began.elapsed().as_secs_f64() - drawn];
        Ok(Simulated { outcomes: reported, work, fit: population.fit().to_vec(), seconds })
    })
}

impl Plan<'_> {
    /// The replicates.
    #[must_use]
    pub const fn replicates(&self) -> std::ops::Range<u32> {
        self.first_replicate..self.first_replicate.saturating_add(self.n_replicates)
    }

    /// The years of the warm-up and those of the outcome.
    #[must_use]
    pub fn simulated_years(&self) -> Vec<u16> {
        let first = self.years.first().copied().unwrap_or_default();
        (first - self.warm_up_years..first).chain(self.years.iter().copied()).collect()
    }
}

/// The years that are simulated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Years<'y> {
    pub all: &'y [u16],
    /// So many of them are the warm-up.
    pub warm_up: usize,
}

impl Years<'_> {
    pub(super) fn first_reported(&self) -> u16 {
        self.all.get(self.warm_up).copied().unwrap_or_default()
    }
}

/// The rules of a county in each year.
///
/// # Errors
/// Values that the files do not give.
pub fn rules(scenario: &Scenario, county: usize, years: &[u16]) -> Result<Vec<YearRules>, Faults> {
    years.iter().map(|&year| scenario.rules(county, year)).collect()
}

pub(super) fn columns(
    scenario: &Scenario,
    population: &Population,
    years: &[u16],
    draws: &Draws,
) -> Vec<YearColumns> {
    let shares = enrolment(scenario);
    let of_year = |&year: &u16| {
        YearColumns::new(population, &scenario.model, &scenario.policy.names, year)
            .with_enrolment(population, draws, &shares)
    };
    years.iter().map(of_year).collect()
}

pub(super) fn population(
    scenario: &Scenario,
    county: usize,
    years: &[u16],
    draws: &Draws,
) -> Result<Population, SimulationError> {
    let target = scenario.county_target(county);
    let (first, last) =
        (years.first().copied().unwrap_or_default(), years.last().copied().unwrap_or_default());
    Population::draw(&target, &scenario.population, first..=last, draws)
        .map_err(|source| SimulationError::Population { county: target.name.clone(), source })
}

/// The share of enrolled persons by category.
fn enrolment(scenario: &Scenario) -> Vec<f64> {
    let given = &scenario.place.raw.enrolment;
    let names = &scenario.policy.names.categories;
    names.iter().map(|name| given.get(&name.id).map_or(1.0, |share| share.0)).collect()
}

/// A place's income in a year, yuan; the nearest year given where that year is not.
pub(super) fn income_of(scenario: &Scenario, name: &str, year: u16) -> f64 {
    let series = scenario.place.values.incomes.get(name);
    let nearest = series.and_then(|series| {
        series.iter().min_by_key(|(known, _)| known.abs_diff(year)).map(|(_, amount)| amount.yuan())
    });
    nearest.unwrap_or(0.0)
}

pub(super) fn lane<'a>(scenario: &'a Scenario, county: usize, years: Years<'_>) -> Result<Lane<'a>, Faults> {
    let raw = &scenario.place.raw;
    let test = HouseholdTest {
        self_pay_share_of_income: raw.application.self_pay_share_of_income,
        approval_share: raw.application.approval_share.0,
        delay_months: raw.application.delay_months,
    };
    let fund = fund_money(scenario, county, years);
    let of_ordinary = warmed_rules(scenario, county, (years, ordinary_household(scenario, county)))?;
    let mut by_size = Vec::new();
    if of_ordinary.go_by_household_size() {
        for size in 1..=scenario.largest_household() {
            by_size.push(warmed_rules(scenario, county, (years, size))?.all());
        }
    }
    Ok(Lane::after_warm_up(&scenario.policy, of_ordinary, test, fund).with_household_sizes(by_size))
}

/// What second assistance can be paid out of: the county's fund, or its part of the pooled one, by residents.
fn fund_money(scenario: &Scenario, county: usize, years: Years<'_>) -> FundMoney {
    let (funds, counties) = (&scenario.funds, &scenario.place.counties);
    let owner = (!funds.pooled).then_some(county);
    let all: i64 = counties.iter().map(|county| i64::from(county.all)).sum();
    let part = |amount: Fen| match owner {
        Some(_) => amount,
        None => {
            Fen((i128::from(amount.0) * i128::from(counties[county].all) / i128::from(all.max(1))) as i64)
        }
    };
    // The opening balance is that of the first year reported: nothing comes in before it.
    let revenue = years.all.iter().map(|year| {
        let reported = *year >= years.first_reported();
        funds.revenue_of(owner, *year).filter(|_| reported).map(part)
    });
    FundMoney { opening: funds.opening.get(&owner).copied().map(part), revenue: revenue.collect() }
}

/// The rules of each year for a household of so many members.
fn warmed_rules(
    scenario: &Scenario,
    county: usize,
    (years, size): (Years<'_>, u8),
) -> Result<WarmedRules, Faults> {
    let (before, reported) = years.all.split_at(years.warm_up);
    let warm_up = before.iter().map(|&year| Ok(scenario.warm_up_rules_of(county, year, size)?.rules));
    let reported = reported.iter().map(|&year| scenario.rules_of(county, year, size));
    Ok(WarmedRules {
        warm_up: warm_up.collect::<Result<_, Faults>>()?,
        reported: reported.collect::<Result<_, _>>()?,
    })
}

/// The members of an ordinary resident's household: the mean of the county, in whole persons.
fn ordinary_household(scenario: &Scenario, county: usize) -> u8 {
    mean_household(&scenario.place.counties[county]).round().clamp(1.0, f64::from(u8::MAX)) as u8
}

pub(super) fn mean_household(county: &place::County) -> f64 {
    let (households, persons) = county.households;
    if households == 0 { 1.0 } else { f64::from(persons) / f64::from(households) }
}

/// A county's name, told apart from another of the same name.
fn label(scenario: &Scenario, county: usize) -> String {
    scenario.place.counties[county].label_zh.clone()
}

/// The residents of a county as the population has them.
fn persons_of(scenario: &Scenario, county: usize) -> u32 {
    scenario.county_target(county).census.iter().flatten().sum()
}

fn held_against_register(
    scenario: &Scenario,
    county: usize,
    population: &Population,
) -> Result<Vec<Vec<RegisterCount>>, SimulationError> {
    population
        .held_against_register()
        .map_err(|source| SimulationError::Register { county: label(scenario, county), source })
}
