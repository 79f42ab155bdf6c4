//! What `taper` is told.

use std::path::PathBuf;

use clap::Args;

use super::args::OutputArgs;
use super::size_args::SizeArgs;
use super::usage::Refused;

/// What `taper` is told.
#[derive(Debug, Args)]
pub struct TaperArgs {
    /// The scenario file
    pub scenario: PathBuf,
    /// How much is simulated [years: those of the scenario and one after the end of the transition]
    #[command(flatten)]
    pub size: SizeArgs,
    /// Where results go [default: output/SCENARIO-taper]
    #[command(flatten)]
    pub output: OutputArgs,
    /// From which year on the subsidies are stopped, to see what stopping at once saves [default: the second year reported]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(2000..=2100))]
    pub stop_from: Option<u16>,
    /// By how much enrolment responds to the own contribution: from the strongest to the weakest elasticity, assumed
    #[arg(long, value_name = "LOW..HIGH", default_value = "-0.1..-0.02", allow_hyphen_values = true, value_parser = elasticities)]
    pub elasticity: (f64, f64),
}

/// Two elasticities from -2 to 0: the weaker, then the stronger.
fn elasticities(text: &str) -> Result<(f64, f64), Refused> {
    let allowed = || {
        Refused::new(
            "须为 -2 至 0 的两个数，例如 -0.1..-0.02",
            "two numbers from -2 to 0, such as -0.1..-0.02",
        )
    };
    let (strong, weak) = text.split_once("..").ok_or_else(allowed)?;
    let number = |text: &str| {
        text.trim().parse::<f64>().ok().filter(|one| (-2.0..=0.0).contains(one)).ok_or_else(allowed)
    };
    let (strong, weak) = (number(strong)?, number(weak)?);
    if strong <= weak { Ok((weak, strong)) } else { Err(allowed()) }
}
