//! What `run`, `budget`, `compare` and `clauses` are told of the size of a run.

use clap::{Args, ValueEnum};

use super::args::{setting, years};
use crate::raw::settings::Source;
use crate::scenario::load::Setting;

/// How much is simulated.
#[derive(Debug, Args, Clone)]
pub struct SizeArgs {
    /// Number of replicates, instead of the scenario's
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub replicates: Option<u32>,
    /// Seed of all draws, instead of the scenario's
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Number of threads; the results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// How replicates are worked out: many persons at once, or one by one as a check; the results are the same
    #[arg(long, value_enum, default_value_t = EngineArg::Tiled)]
    pub engine: EngineArg,
    /// Instructions of the tiled engine [default: the widest of this machine]; the results do not depend on them
    #[arg(long, value_enum)]
    pub instructions: Option<InstructionsArg>,
    /// Years to report, such as 2024 or 2023-2025; the results are those of the whole run, which goes on to the last of
    /// them: what the place gives by year is continued by the growth of its outlook
    #[arg(long, value_parser = years)]
    pub years: Option<(u16, u16)>,
    /// What becomes of the rules of the transition after its end, instead of the scenario's
    #[arg(long, value_enum)]
    pub after_transition: Option<AfterTransitionArg>,
    /// Switch sources of uncertainty off, separated by commas, to see what each does; never for a budget
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SOURCE")]
    pub without: Vec<SourceArg>,
    /// Only this county (code, name, `city/name` or a former name); may be given several times
    #[arg(long)]
    pub county: Vec<String>,
    /// Change a value: policy.…, place.…, model.… or run.…, such as policy.assistance.margin.ratio=0.85; of a
    /// comparison, the value of all its scenarios
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    pub settings: Vec<Setting>,
}

impl SizeArgs {
    /// What was typed of a run that is worked out again: its changes, and which years and counties of it.
    #[must_use]
    pub fn of_typed(
        settings: Vec<Setting>,
        (years, counties): (Option<(u16, u16)>, &[String]),
        threads: Option<u16>,
    ) -> Self {
        Self {
            replicates: None,
            seed: None,
            threads,
            engine: EngineArg::Tiled,
            instructions: None,
            years,
            after_transition: None,
            without: Vec::new(),
            county: counties.to_vec(),
            settings,
        }
    }
}

/// What becomes of the rules of a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AfterTransitionArg {
    /// They end as the documents say
    Lapse,
    /// They go on as in its last year
    Hold,
}

/// A source of uncertainty beside the luck of each person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SourceArg {
    /// The numbers of persons by category, and their growth
    Counts,
    /// All shocks: of years and of counties
    Shocks,
    /// Shocks of a year that all counties share
    YearShocks,
    /// Shocks of a county in a year, and what sets a county apart in all years
    CountyShocks,
    /// Uncertain parameters of the illness model, and the trend after the last year that it knows
    Parameters,
    /// Uncertain revenue of a fund
    Revenue,
}

impl SourceArg {
    /// The sources meant.
    #[must_use]
    pub fn sources(self) -> Vec<Source> {
        match self {
            Self::Counts => vec![Source::Counts],
            Self::Shocks => vec![Source::YearShocks, Source::CountyShocks],
            Self::YearShocks => vec![Source::YearShocks],
            Self::CountyShocks => vec![Source::CountyShocks],
            Self::Parameters => vec![Source::Parameters],
            Self::Revenue => vec![Source::Revenue],
        }
    }
}

/// How replicates are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// Person by person
    Reference,
    /// Many persons at once
    Tiled,
}

/// The instructions of the tiled engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InstructionsArg {
    /// What every processor of the kind has
    Baseline,
    /// Vectors of 256 bits
    Avx2,
    /// Vectors of 512 bits
    Avx512,
}
