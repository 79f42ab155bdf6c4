//! `--precision`: as many replicates as it takes until the 95th percentile of each county's fund is known well enough.

use super::args::RunArgs;
use super::loaded::Loaded;
use super::project::begin_with;
use super::simulate::{self, Size, Source};
use super::supply::{Ready, Supply, after};
use super::{Stop, terminal};
use crate::lang::Lang;
use crate::projection::money::{Part, Slice, Spending, county_column};
use crate::report::number::{grouped, percent};
use crate::report::record::Owner;
use crate::report::write::RunFolder;
use crate::scenario::Scenario;
use crate::simulation::from_scenario::Simulated;
use crate::simulation::outcome::CountyOutcome;
use crate::stats::margin_95;

/// Replicates of the first look.
const FIRST: u32 = 256;
/// A look says how many are needed only roughly: no next one is more than so many times as large.
const MOST_GROWTH: f64 = 4.0;
/// The error found may be too small by luck, so that a little more is taken than it asks for.
const RESERVE: f64 = 1.1;
/// No run has more.
const MOST: u32 = 1_000_000;
/// Trials of all counties that are held at once while the number is looked for, in bytes.
const MOST_MEMORY: f64 = 4e9;

/// A run of which the number of replicates is found.
pub struct Reached {
    /// Its arguments, with the number.
    pub args: RunArgs,
    /// Its counties.
    pub ready: Ready,
    /// Its folder, begun before anything was simulated.
    pub folder: RunFolder,
}

/// Simulates until the precision is reached, or says why it is not. A folder that cannot be written is refused before.
pub fn reach(args: &RunArgs, precision: f64) -> Result<Reached, Stop> {
    let lang = Lang::from(args.output.lang);
    let loaded = Loaded::new(&args.size, Source::Disk(&args.scenario))?;
    let (scenario, size, scenarios) = (&loaded.scenario, &loaded.size, loaded.scenarios());
    let folder = begin_with((&args.output, &args.documents), &Owner::of(&scenario.id, &[scenario]))?;
    let (mut ready, mut n, mut wanted) = (Ready::new(), 0, FIRST);
    let (reached, enough) = loop {
        let part = Size { first_replicate: n, n_replicates: wanted - n, ..size.clone() };
        simulate::each_county(
            &scenarios,
            (&part, Supply::simulation()),
            (args.output.quiet, lang),
            |county, later| {
                let done = after(ready.remove(&county), later)?;
                ready.insert(county, done);
                Ok(())
            },
        )?;
        n = wanted;
        let mut of_counties = ready.values().filter_map(|done| done.outcomes.first());
        let error =
            of_counties.try_fold(0.0, |so_far, outcome| Some(f64::max(so_far, worst(scenario, outcome)?)));
        let Some(error) = error.filter(|error| *error > precision) else { break (error, true) };
        let growth = ((error / precision).powi(2) * RESERVE).min(MOST_GROWTH);
        wanted = next(n, growth);
        let held_bytes: f64 = ready.values().map(|done| bytes(done) * growth).sum();
        if wanted <= n || held_bytes > MOST_MEMORY {
            break (Some(error), false);
        }
    };
    if !(args.output.quiet && enough) {
        terminal::note(&said((n, reached, enough), precision, lang));
    }
    let mut args = args.clone();
    args.size.replicates = Some(n);
    args.precision = None;
    Ok(Reached { args, ready, folder })
}

/// The number of the next look: whole blocks, so that a number does not look more exact than it is.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a million")]
fn next(n: u32, growth: f64) -> u32 {
    let wanted = (f64::from(n) * growth).min(f64::from(MOST));
    ((wanted / 64.0).ceil() as u32 * 64).min(MOST)
}

/// The largest error (95 %) of the 95th percentile of the county's fund in any year, as a share of it; none where
/// replicates are too few for one.
fn worst(scenario: &Scenario, outcome: &CountyOutcome) -> Option<f64> {
    let fund = Part::funder(scenario.funds.funder);
    let of_year = |year: usize| {
        let spending = Spending::of(county_column(outcome, year, &outcome.cells, (&fund, Slice::Year)))?;
        match spending.p95_fen {
            0 => Some(0.0),
            fen => Some(margin_95(spending.p95_error_yuan?) * 100.0 / fen as f64),
        }
    };
    (0..outcome.n_years).map(of_year).try_fold(0.0, |worst, error| Some(f64::max(worst, error?)))
}

fn bytes(done: &Simulated) -> f64 {
    let of = |outcome: &CountyOutcome| {
        (outcome.n_years * outcome.n_replicates * (outcome.layout.n_kept() + outcome.drivers.width) * 8)
            as f64
    };
    done.outcomes.iter().map(of).sum()
}

fn said((n, reached, enough): (u32, Option<f64>, bool), precision: f64, lang: Lang) -> String {
    let (n, wanted) = (grouped(f64::from(n), 0), percent(precision));
    let reached = reached.map_or_else(|| "-".to_owned(), percent);
    match (lang, enough) {
        (Lang::Zh, true) => format!("模拟{n}次：各县区基金P95的95%误差最大为{reached}，达到要求的{wanted}"),
        (Lang::En, true) => {
            format!(
                "{n} replicates: the 95 % error of P95 of each county's fund is at most {reached}, as wanted ({wanted})"
            )
        }
        (Lang::Zh, false) => format!(
            "模拟{n}次后停止：各县区基金P95的95%误差最大仍为{reached}，未达到{wanted}；再多则内存不足，请减少县区，或用 --replicates 指定次数"
        ),
        (Lang::En, false) => format!(
            "stopped after {n} replicates: the 95 % error of P95 of some county's fund is still {reached}, not {wanted}; more would not fit into memory: take fewer counties, or say --replicates"
        ),
    }
}
