//! Persons and payments that wait when a fund is short: whose persons are looked at, fund by fund.

use super::Stop;
use super::simulate::{self, Size};
use super::terminal;
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::waiting::ShortFund;
use crate::scenario::Scenario;
use crate::simulation::from_scenario::SimulationError;
use crate::simulation::waiting::{Fund, of_county};

/// Looks at the persons of every fund that is short, and says in the projection what was seen. It is done after the run,
/// because a pooled fund is known to be short only once all of its counties are simulated.
pub fn look(
    scenario: &Scenario,
    size: &Size,
    projection: &mut Projection,
    (quiet, lang): (bool, Lang),
) -> Result<(), Stop> {
    let mut funds = std::mem::take(&mut projection.short_funds);
    let counties = |fund: &ShortFund| fund.county.map_or_else(|| size.counties.clone(), |own| vec![own]);
    let n_again = funds.iter().map(|fund| counties(fund).len() * fund.replicates.len()).sum::<usize>();
    if n_again == 0 {
        return Ok(());
    }
    let bar = terminal::progress(n_again as u64, quiet, lang);
    for fund in &mut funds {
        for county in counties(fund) {
            let here = &scenario.place.counties[county];
            terminal::reached(&bar, lang.pick(&here.label_zh, &here.label_en));
            let ShortFund { account, years, replicates, .. } = &mut *fund;
            let of = Fund { account, funder: scenario.funds.funder, years };
            of_county(scenario, county, (size.plan(), of), replicates, &|n| bar.inc(n))
                .map_err(simulate::stop)?;
        }
        held(scenario, fund)?;
    }
    bar.finish_and_clear();
    projection.account_waiting = funds.iter().flat_map(ShortFund::rows).collect();
    Ok(())
}

/// What the persons got must be what the fund paid, in every month of every replicate that was looked at.
fn held(scenario: &Scenario, fund: &ShortFund) -> Result<(), Stop> {
    let name = match fund.county {
        Some(county) => &scenario.place.counties[county].label_zh,
        None => &scenario.place.name_zh,
    };
    for replicate in &fund.replicates {
        replicate.held(&fund.years).map_err(|source| {
            simulate::stop(SimulationError::Disagreement { county: name.clone(), source })
        })?;
    }
    Ok(())
}
