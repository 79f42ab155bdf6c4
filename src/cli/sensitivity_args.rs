//! What `sensitivity` is told.

use std::path::PathBuf;

use clap::Args;

use super::again_args::FigureArg;
use super::args::OutputArgs;
use super::size_args::SizeArgs;
use super::usage::Refused;
use crate::projection::grid;

/// What `sensitivity` is told.
#[derive(Debug, Args)]
pub struct SensitivityArgs {
    /// The scenario file
    pub scenario: PathBuf,
    /// How much is simulated
    #[command(flatten)]
    pub size: SizeArgs,
    /// Where results go [default: output/SCENARIO-sensitivity]
    #[command(flatten)]
    pub output: OutputArgs,
    /// Which figure of a year's spending
    #[arg(long, value_enum, default_value_t = FigureArg::P95)]
    pub figure: FigureArg,
    /// Whose spending: fund (the assistance fund), all, or the id or name of a funder
    #[arg(long, default_value = "fund")]
    pub payer: String,
    /// A value of a file to be held low and high as well, such as policy.assistance.margin.ratio=0.7..0.9; may be given
    /// several times
    #[arg(long, value_name = "KEY=LOW..HIGH", value_parser = vary)]
    pub vary: Vec<Vary>,
}

/// A value of a file and its two ends, in millionths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vary {
    /// Where it is written.
    pub key: String,
    /// Its ends.
    pub ends: [i64; 2],
}

fn vary(text: &str) -> Result<Vary, Refused> {
    let example = "policy.assistance.margin.ratio=0.7..0.9";
    let allowed = || {
        Refused::new(
            format!("须写成 键=低端..高端，低端小于高端，例如 {example}"),
            format!("KEY=LOW..HIGH, such as {example}; the range goes up"),
        )
    };
    let (key, range) = text.split_once('=').ok_or_else(allowed)?;
    let (low, high) = range.split_once("..").ok_or_else(allowed)?;
    let ends = [grid::parse(low)?, grid::parse(high.trim_start_matches('='))?];
    if key.trim().is_empty() || ends[0] >= ends[1] {
        return Err(allowed());
    }
    Ok(Vary { key: key.trim().to_owned(), ends })
}
