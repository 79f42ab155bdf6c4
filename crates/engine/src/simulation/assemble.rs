//! A county and the lanes of some scenarios, put together and lent to whoever simulates them.

use super::columns::YearColumns;
use super::counts::{CountLaw, Counts};
use super::enrolment::{AlreadyPaid, lanes};
use super::from_scenario::{
    EngineChoice, Plan, SimulationError, Years, columns, income_of, mean_household, population,
};
use super::lane::{Lane, leaders};
use super::ordinary::Residents;
use super::replicate::{County, Engine};
use super::tiled::TiledCounty;
use crate::instruction_set::Instructions;
use crate::population::Population;
use crate::rng::Draws;
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::scenario::place;
use crate::units::Month;

/// Lends a county and the lanes of scenarios that share place, illness model and years, one lane each.
///
/// # Errors
/// A population that cannot be drawn, rules that lack values, and what the borrower finds.
pub(super) fn with_county<T>(
    (scenarios, number, plan): (&[&Scenario], usize, Plan<'_>),
    lend: impl FnOnce(County<'_>, &[Lane<'_>]) -> Result<T, SimulationError>,
) -> Result<T, SimulationError> {
    let Some(&first) = scenarios.first() else { return Err(SimulationError::Rules(Faults::default())) };
    let draws = Draws::new(plan.seed);
    let all_years = plan.simulated_years();
    let years = Years { all: &all_years, warm_up: usize::from(plan.warm_up_years) };
    let population = population(first, number, plan.years, &draws)?.with_warm_up(plan.warm_up_years);
    let columns = columns(first, &population, years.all, &draws);
    let residents = residents(first, number, &population, years.all);
    let paid = already_paid(first, &population, &draws);
    let lanes = lanes((scenarios, number, years), (&population, &columns), (paid, plan.engine))?;
    let income_growth = income_growth(first, years);
    let counts = CountLaw::new(first, number).map(|law| Counts::new(law, &draws, &population, &columns));
    let leader_of = match plan.engine {
        // The reference settles every lane by itself.
        EngineChoice::Reference => (0..lanes.len()).collect(),
        EngineChoice::Tiled(_) => leaders(&lanes),
    };
    let engine = match plan.engine {
        EngineChoice::Reference => Engine::Reference,
        EngineChoice::Tiled(instructions) => {
            let persons = (first, &population, columns.as_slice(), income_growth.as_slice());
            tiled(instructions, persons, (&lanes, &leader_of), &residents)
        }
    };
    let county = County {
        index: number,
        population: &population,
        columns,
        ordinary: residents,
        model: &first.model,
        turnover: &first.population,
        draws,
        general_outpatient: lanes.iter().any(Lane::needs_general_outpatient),
        income_growth,
        members: members(&population),
        leader_of,
        counts,
        engine,
        observer: plan.observer,
        follows_persons: false,
    };
    lend(county, &lanes)
}

fn tiled(
    instructions: Instructions,
    (scenario, population, columns, income_growth): (&Scenario, &Population, &[YearColumns], &[f64]),
    (lanes, leader_of): (&[Lane<'_>], &[usize]),
    residents: &Residents,
) -> Engine {
    let persons = (&scenario.model, population);
    let leading = (0..lanes.len()).filter(|&number| leader_of[number] == number);
    let leading: Vec<&Lane<'_>> = leading.map(|number| &lanes[number]).collect();
    Engine::Tiled(TiledCounty::new(instructions, persons, (columns, income_growth), (&leading, residents)))
}

fn already_paid(scenario: &Scenario, population: &Population, draws: &Draws) -> AlreadyPaid {
    AlreadyPaid::new(draws, population.county, scenario.place.raw.already_paid_share.0)
}

fn residents(scenario: &Scenario, county: usize, population: &Population, years: &[u16]) -> Residents {
    let here = &scenario.place.counties[county];
    let test = &scenario.place.raw.application;
    let income: Vec<f64> =
        years.iter().map(|&year| income_of(scenario, &test.ordinary_income, year)).collect();
    Residents::new(&population.ordinary, income, test.ordinary_income_sigma, mean_household(here))
        .with_rural_share(rural_share(here, population))
}

/// The share of ordinary residents who are rural: the county's rural residents without those who hold an identity in
/// the base year.
fn rural_share(here: &place::County, population: &Population) -> f64 {
    let january = Month::new(population.base_year, 1);
    let present = population.entry.partition_point(|&entry| entry <= january);
    let holders = population.rural[..present].iter().filter(|&&rural| rural).count() as f64;
    let all: f64 = population.ordinary.iter().flatten().map(|&persons| f64::from(persons)).sum();
    ((f64::from(here.rural) - holders) / all.max(1.0)).clamp(0.0, 1.0)
}

/// Income per head of each year against the first that is reported, by the rural series that the households' incomes
/// are built on.
fn income_growth(scenario: &Scenario, years: Years<'_>) -> Vec<f64> {
    let base = income_of(scenario, "rural", years.first_reported());
    years
        .all
        .iter()
        .map(|&year| if base > 0.0 { income_of(scenario, "rural", year) / base } else { 1.0 })
        .collect()
}

/// Rows by household.
fn members(population: &Population) -> (Vec<u32>, Vec<u32>) {
    let n = population.households.size.len();
    let mut starts = vec![0_u32; n + 1];
    for &household in &population.household {
        starts[household as usize + 1] += 1;
    }
    for index in 0..n {
        starts[index + 1] += starts[index];
    }
    let mut next = starts.clone();
    let mut rows = vec![0_u32; population.household.len()];
    for (row, &household) in population.household.iter().enumerate() {
        rows[next[household as usize] as usize] = row as u32;
        next[household as usize] += 1;
    }
    (starts, rows)
}
