//! What `plan`, `block` and `merge` are told, and how a run is taken up again.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{DocumentArgs, LangOption, OutputArgs, SizeArgs};
use super::usage::Refused;

/// What `plan` is told.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The scenario file, such as scenarios/fangchenggang.toml, or the name of one in scenarios/ (fangchenggang)
    pub scenario: PathBuf,
    /// How much is simulated
    #[command(flatten)]
    pub size: SizeArgs,
    /// The plan's file [default: SCENARIO.plan.json]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Replace a plan that is there already
    #[arg(long)]
    pub force: bool,
    /// Seconds of one core that a unit is to take, about
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub unit_seconds: u32,
    /// Print the plan as JSON, without the texts of the files
    #[arg(long)]
    pub json: bool,
    /// Print nothing but the result
    #[arg(long)]
    pub quiet: bool,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
}

/// What `block` is told.
#[derive(Debug, Args)]
pub struct BlockArgs {
    /// The plan that `plan` wrote
    pub plan: PathBuf,
    /// Numbers of units, such as 3 or 5-9; several may be given
    #[arg(required = true, value_name = "UNIT", value_parser = numbers)]
    pub units: Vec<(usize, usize)>,
    /// Folder of the shards [default: beside the plan, PLAN.shards]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Number of threads; the results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print nothing but the names of the shards
    #[arg(long)]
    pub quiet: bool,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
}

/// What `merge` is told.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The plan that `plan` wrote
    pub plan: PathBuf,
    /// The shards that `block` wrote, or folders of them [default: beside the plan, PLAN.shards]
    pub shards: Vec<PathBuf>,
    /// Number of threads; the results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Where results go
    #[command(flatten)]
    pub output: OutputArgs,
    /// Write every replicate by month or by category too, separated by commas: files some ten times as large as trials.parquet
    #[arg(long, value_enum, value_delimiter = ',', value_name = "DETAIL")]
    pub trials_by: Vec<DetailArg>,
    /// Documents beside the tables
    #[command(flatten)]
    pub documents: DocumentArgs,
}

/// How a run that may be interrupted goes on.
#[derive(Debug, Args, Clone, Default)]
pub struct PartsArgs {
    /// Keep what is finished beside the results while the run goes on, and go on from there after an interruption; it is
    /// deleted when the run is done
    #[arg(long, conflicts_with = "precision")]
    pub resume: bool,
    /// Keep what is finished in this folder and use what is there already, also for a later run with more replicates
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["resume", "precision"])]
    pub parts: Option<PathBuf>,
}

/// How finely trials are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DetailArg {
    /// trials_by_month.parquet: by the month in which the money falls due
    Month,
    /// trials_by_category.parquet: by category of person
    Category,
}

/// A number, or the first and the last one.
fn numbers(text: &str) -> Result<(usize, usize), Refused> {
    let wrong = || {
        Refused::new("须为序号，例如 3，或一段序号，例如 5-9", "a number such as 3, or a range such as 5-9")
    };
    let number = |text: &str| text.parse::<usize>().map_err(|_| wrong());
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    if first == 0 || first > last { Err(wrong()) } else { Ok((first, last)) }
}
