//! What `budget` is told: a run, and what to solve.

use clap::Args;

use super::args::RunArgs;
use super::usage::Refused;
use crate::projection::condition::{self, Measure};
use crate::projection::grid;

/// What `budget` is told.
#[derive(Debug, Args)]
pub struct BudgetArgs {
    /// The run
    #[command(flatten)]
    pub run: RunArgs,
    /// Of how many of the replicates in which a fund's money does not last it is looked, person by person, who waits; spread
    /// evenly over all of them; 0 leaves it out. Unasked a twenty-fifth of the replicates, at least 2 and at most 20, so that
    /// it takes little beside the run
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub waiting: Option<u32>,
    /// What to solve
    #[command(flatten)]
    pub solve: SolveArgs,
}

/// The value that is looked for, and what is to hold with it.
#[derive(Debug, Args)]
pub struct SolveArgs {
    /// Look for the value of this input up to which the condition of --until holds, on common draws: policy.…, policies.NAME.…,
    /// place.… or model.…, such as policy.assistance.monitored.ratio, or `revenue`: all revenue of the funds, as a multiple
    #[arg(long, value_name = "KEY", requires = "until", conflicts_with_all = ["precision", "trials_by", "waiting", "report"])]
    pub solve: Option<String>,
    /// What is to hold, in every county and year reported: "P(exceed) <= 0.05" (a budget in force), "P(short) <= 5%" (a fund's
    /// money); of all counties together, every year: "mean <= 6000万", "P95 <= 65000000" (yuan; P50, P80, P90, P95, P99)
    #[arg(long, value_name = "CONDITION", requires = "solve", value_parser = until)]
    pub until: Option<(Measure, f64)>,
    /// Values from where to where [default: of a share 0..1, of an amount from nothing to four times as much]
    #[arg(long, value_name = "LOW..HIGH", requires = "solve", value_parser = range)]
    pub range: Option<(i64, i64)>,
    /// How finely the value is looked for [default: of a share 0.001, of an amount about a hundredth of it]
    #[arg(long, value_name = "STEP", requires = "solve", value_parser = step)]
    pub step: Option<i64>,
    /// Whose spending and budget the condition is about, an id or name of a funder [default: the fund's own]
    #[arg(long, value_name = "FUNDER", requires = "solve")]
    pub payer: Option<String>,
}

fn until(text: &str) -> Result<(Measure, f64), Refused> {
    Ok(condition::parse(text)?)
}

fn step(text: &str) -> Result<i64, Refused> {
    Ok(grid::parse(text)?)
}

/// Two numbers with two dots between them.
fn range(text: &str) -> Result<(i64, i64), Refused> {
    let allowed =
        || Refused::new("须为从小到大的范围，例如 0.5..0.9", "a range that goes up, such as 0.5..0.9");
    let (low, high) = text.split_once("..").ok_or_else(allowed)?;
    let (low, high) = (grid::parse(low)?, grid::parse(high.trim_start_matches('='))?);
    if low < high { Ok((low, high)) } else { Err(allowed()) }
}
