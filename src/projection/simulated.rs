//! A scenario in, a projection out: all that a program needs which asks the library a question and writes no files.

use std::collections::BTreeSet;

use super::layout::Layout;
use super::{Projection, ProjectionBuilder};
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::simulation::from_scenario::{Plan, SimulationError, rules, simulate_county};
use crate::simulation::outcome::cells;

/// Simulates counties of a scenario, by their positions in its place, and says what they spend.
///
/// All years of the plan are reported. The figures are those of `fundcast run` with the same years, replicates and seed, to
/// the bit; fund accounts and what must be asked of single persons are left to the command line.
///
/// # Errors
/// A population that cannot be drawn, rules that lack values for a year, and what is a fault of the program: figures that do
/// not add up.
///
/// # Panics
/// When a position is no county of the place, or stands there twice.
pub fn simulated(
    scenario: &Scenario,
    counties: &[usize],
    plan: Plan<'_>,
) -> Result<Projection, SimulationError> {
    let layout = layout(scenario, counties, (plan.years, plan.years), plan.n_replicates as usize)?;
    let mut builder = ProjectionBuilder::with_layout(layout);
    for &county in counties {
        for outcome in simulate_county(&[scenario], county, plan, &|_| {})?.outcomes {
            builder.add(&outcome);
        }
    }
    Ok(builder.finish())
}

/// What the positions in the outcomes of a scenario mean, with the same columns for every county: lines and funders of all
/// years that are simulated, of which some are reported.
///
/// # Errors
/// A year for which the files do not give every value.
pub fn layout(
    scenario: &Scenario,
    counties: &[usize],
    (simulated, reported): (&[u16], &[u16]),
    n_replicates: usize,
) -> Result<Layout, Faults> {
    let mut all = BTreeSet::new();
    for &county in counties {
        all.extend(cells(&scenario.policy, &rules(scenario, county, simulated)?));
    }
    Layout::new(scenario, all.into_iter().collect(), reported, n_replicates)
}
