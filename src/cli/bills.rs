//! Who pays the bills: the persons of the first replicates, looked at one by one, county by county.

use super::Stop;
use super::simulate::{self, Size};
use super::terminal;
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::bills::BillsBuilder;
use crate::scenario::Scenario;
use crate::simulation::bills::of_county;
use crate::simulation::from_scenario::Plan;
use crate::simulation::winners::Again;

/// Looks at the persons of so many replicates and says in the projection what was seen.
pub fn look(
    scenario: &Scenario,
    (size, n_replicates): (&Size, u32),
    projection: &mut Projection,
    (quiet, lang): (bool, Lang),
) -> Result<(), Stop> {
    let n_replicates = n_replicates.min(size.n_replicates);
    if n_replicates == 0 {
        return Ok(());
    }
    let plan = Plan { first_replicate: 0, n_replicates, ..size.plan() };
    let again = Again { plan, reported: &size.reported };
    let mut builder = BillsBuilder::new(&size.reported, n_replicates as usize);
    let bar = terminal::progress(u64::from(n_replicates) * size.counties.len() as u64, quiet, lang);
    for &county in &size.counties {
        let here = &scenario.place.counties[county];
        terminal::reached(&bar, lang.pick(&here.label_zh, &here.label_en));
        let seen = of_county(scenario, county, again, &|n| bar.inc(n)).map_err(simulate::stop)?;
        builder.add(&seen);
    }
    bar.finish_and_clear();
    projection.bills = builder.finish();
    Ok(())
}
