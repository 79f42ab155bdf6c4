//! What `verify` and `why` are told: the commands that work finished runs out again.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{LangOption, years};
use crate::projection::figure::Figure;
use crate::stats::PerMille;

/// What `verify` is told.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Folders that run, budget or compare wrote
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Simulate again from the inputs in the folder and compare every table and trials file to the bit
    #[arg(long)]
    pub rerun: bool,
    /// How the run is worked out again
    #[command(flatten)]
    pub again: AgainArgs,
}

/// What `why` is told.
#[derive(Debug, Args)]
pub struct WhyArgs {
    /// The folder of the first run
    #[arg(value_name = "RUN1")]
    pub first: PathBuf,
    /// The folder of the second run, whose figures are explained against those of the first
    #[arg(value_name = "RUN2")]
    pub second: PathBuf,
    /// Which figures, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [FigureArg::Mean, FigureArg::P95])]
    pub figure: Vec<FigureArg>,
    /// Only these years, such as 2024 or 2023-2025 [default: all that both runs have]
    #[arg(long, value_parser = years)]
    pub year: Option<(u16, u16)>,
    /// Only this county, which both runs have; of several given their sum [default: all counties of each run]
    #[arg(long)]
    pub county: Vec<String>,
    /// Whose spending, separated by commas: fund (the assistance fund), all, or the id of a funder such as county_finance
    #[arg(long, value_delimiter = ',', default_values_t = ["fund".to_owned(), "all".to_owned()])]
    pub payer: Vec<String>,
    /// How the runs are worked out again
    #[command(flatten)]
    pub again: AgainArgs,
}

/// A figure of the spending of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FigureArg {
    /// The mean over the replicates
    Mean,
    /// The 5th percentile
    P05,
    /// The median
    P50,
    /// The 80th percentile
    P80,
    /// The 90th percentile
    P90,
    /// The 95th percentile
    P95,
    /// The 99th percentile
    P99,
}

impl From<FigureArg> for Figure {
    fn from(typed: FigureArg) -> Self {
        match typed {
            FigureArg::Mean => Self::Mean,
            FigureArg::P05 => Self::Percentile(PerMille::P05),
            FigureArg::P50 => Self::Percentile(PerMille::P50),
            FigureArg::P80 => Self::Percentile(PerMille::P80),
            FigureArg::P90 => Self::Percentile(PerMille::P90),
            FigureArg::P95 => Self::Percentile(PerMille::P95),
            FigureArg::P99 => Self::Percentile(PerMille::P99),
        }
    }
}

/// How finished runs are worked out again, and how it is told.
#[derive(Debug, Args, Clone)]
pub struct AgainArgs {
    /// Number of threads; the results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
    /// Print nothing but the result
    #[arg(long)]
    pub quiet: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}
