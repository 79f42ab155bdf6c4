//! A shard: what the simulation of one county in some replicates gave, as a file, so that a run can be worked out in parts,
//! on one machine after an interruption or on several.
//!
//! A shard is a Parquet file: a row for each scenario, year and replicate, a column for each number that an outcome keeps
//! (`fact_N`, in the order of [`crate::simulation::facts::FactLayout`]) and for each number that was drawn for many persons
//! at once (`driver_N`). Everything else stands in its footer under [`KEY`] as JSON, with a hash of it and of all numbers.
//! The same unit gives the same numbers on every machine; shards of one county whose replicates follow each other are
//! joined by [`joined`], and nothing else is.

mod columns;
pub mod plan;
mod read;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::policy::schedule::FunderShare;
use crate::population::{FitRow, RegisterCount};
use crate::scenario::Scenario;
use crate::scenario::notice::Words;
use crate::simulation::drivers::Drivers;
use crate::simulation::facts::FactLayout;
use crate::simulation::from_scenario::Simulated;
use crate::simulation::outcome::{Cell, CountyOutcome, Moments, NotJoined, WorkDone};

pub use read::{Refused, head, read};

/// The key of the footer.
pub const KEY: &str = "fundcast";

/// The version of the file: it grows when anything in it changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// The version of the program that works units out: others may give other numbers.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// One county in some replicates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unit {
    /// Administrative code of the county.
    pub county_code: u32,
    /// The number of the first replicate.
    pub first_replicate: u32,
    /// Number of replicates.
    pub n_replicates: u32,
}

impl Unit {
    /// The replicate after the last one.
    #[must_use]
    pub const fn end(&self) -> u32 {
        self.first_replicate.saturating_add(self.n_replicates)
    }

    /// The name of its file, such as `450602-256-512.parquet`: county, first replicate, the one after the last.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{:06}-{}-{}.parquet", self.county_code, self.first_replicate, self.end())
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:06} {}-{}", self.county_code, self.first_replicate, self.end().saturating_sub(1))
    }
}

/// What decides the numbers of every unit of a run, as a hash: the content of the scenarios but for the number of
/// replicates, the years that are simulated and reported, and the version of the program. The instruction set and the
/// number of threads do not count, because the numbers do not depend on them.
#[must_use]
pub fn work_hash(scenarios: &[&Scenario], simulated: &[u16], reported: &[u16]) -> String {
    let contents: Vec<String> = scenarios.iter().map(|scenario| scenario.replicate_hash()).collect();
    let all = serde_json::json!([SCHEMA_VERSION, VERSION, contents, simulated, reported]);
    crate::scenario::kept::hash(all.to_string().as_bytes())
}

/// What a shard says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// [`SCHEMA_VERSION`] of whoever wrote it.
    pub schema_version: u32,
    /// [`VERSION`] of whoever wrote it.
    pub program: String,
    /// [`work_hash`] of the run that it belongs to.
    pub work_hash: String,
    /// Which county and replicates.
    pub unit: Unit,
    /// The engine and the instruction set, such as `tiled (avx2)`; the numbers do not depend on it.
    pub engine: String,
    /// BLAKE3 of all this but the hash, and of all numbers.
    pub hash: String,
    fit: Vec<Fit>,
    work: WorkDone,
    outcomes: Vec<OutcomeHead>,
}

/// A row of the fit. Its number is written bit by bit, since a decimal one may not come back as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fit {
    margin: String,
    cell: String,
    target_bits: u64,
    achieved: u32,
    exact: bool,
}

impl Fit {
    fn of(row: &FitRow) -> Self {
        Self {
            margin: row.margin.to_string(),
            cell: row.cell.clone(),
            target_bits: row.target.to_bits(),
            achieved: row.achieved,
            exact: row.exact,
        }
    }

    fn row(&self) -> FitRow {
        FitRow {
            margin: self.margin.clone().into(),
            cell: self.cell.clone(),
            target: f64::from_bits(self.target_bits),
            achieved: self.achieved,
            exact: self.exact,
        }
    }
}

/// What is not by replicate, of the outcome of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeHead {
    n_years: usize,
    layout: FactLayout,
    cells: Vec<Cell>,
    averaged: Vec<Moments>,
    funders: Vec<Vec<Vec<FunderShare>>>,
    register: Vec<Vec<RegisterCount>>,
    drivers_width: usize,
}

/// The bytes of a shard.
///
/// # Errors
/// What the Parquet library says.
pub fn bytes(
    done: &Simulated,
    (unit, work_hash, engine): (&Unit, &str, &str),
) -> Result<Vec<u8>, parquet::errors::ParquetError> {
    let mut head = Head {
        schema_version: SCHEMA_VERSION,
        program: VERSION.to_owned(),
        work_hash: work_hash.to_owned(),
        unit: unit.clone(),
        engine: engine.to_owned(),
        hash: String::new(),
        fit: done.fit.iter().map(Fit::of).collect(),
        work: done.work,
        outcomes: done.outcomes.iter().map(OutcomeHead::of).collect(),
    };
    head.hash = hash(&head, done.outcomes.iter().map(|one| (one.kept.as_slice(), one.drivers.values())));
    columns::write(done, &json(&head))
}

fn json(head: &Head) -> String {
    serde_json::to_string(head).unwrap_or_default()
}

/// The hash of a head and of the numbers of all outcomes.
fn hash<'n>(head: &Head, numbers: impl Iterator<Item = (&'n [i64], &'n [f64])>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(json(&Head { hash: String::new(), ..head.clone() }).as_bytes());
    for (kept, drivers) in numbers {
        for number in kept {
            hasher.update(&number.to_le_bytes());
        }
        for number in drivers {
            hasher.update(&number.to_bits().to_le_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}

impl OutcomeHead {
    fn of(outcome: &CountyOutcome) -> Self {
        Self {
            n_years: outcome.n_years,
            layout: outcome.layout,
            cells: outcome.cells.clone(),
            averaged: outcome.averaged.clone(),
            funders: outcome.funders.clone(),
            register: outcome.register.clone(),
            drivers_width: outcome.drivers.width,
        }
    }

    /// How many numbers of each kind its replicates have; `None` where they are more than there can be.
    fn sizes(&self, n_replicates: usize) -> Option<[usize; 2]> {
        let rows = self.n_years.checked_mul(n_replicates)?;
        Some([rows.checked_mul(self.layout.n_kept())?, rows.checked_mul(self.drivers_width)?])
    }

    /// The outcome with its numbers.
    fn outcome(self, (county, unit): (usize, &Unit), kept: Vec<i64>, drivers: Vec<f64>) -> CountyOutcome {
        let n_replicates = unit.n_replicates as usize;
        CountyOutcome {
            county,
            first_replicate: unit.first_replicate,
            n_replicates,
            n_years: self.n_years,
            layout: self.layout,
            cells: self.cells,
            kept,
            averaged: self.averaged,
            funders: self.funders,
            drivers: Drivers::from_values((self.drivers_width, n_replicates), drivers),
            register: self.register,
        }
    }
}

/// A county with the replicates that come after those before.
///
/// # Errors
/// Parts that do not follow each other, or are of other rules.
pub fn joined(before: Simulated, later: &Simulated) -> Result<Simulated, NotJoined> {
    if before.outcomes.len() != later.outcomes.len() || before.fit != later.fit {
        return Err(NotJoined::Another);
    }
    let pairs = before.outcomes.iter().zip(&later.outcomes);
    let outcomes = pairs.map(|(before, later)| before.followed_by(later)).collect::<Result<Vec<_>, _>>()?;
    let mut work = before.work;
    work.merge(&later.work);
    let seconds = std::array::from_fn(|phase| before.seconds[phase] + later.seconds[phase]);
    Ok(Simulated { outcomes, work, seconds, fit: before.fit })
}

impl Refused {
    /// Why, in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Unreadable(unreadable) => {
                use crate::lang::Lang::{En, Zh};
                Words::new(unreadable.text(Zh), unreadable.text(En))
            }
            Self::NoShard => Words::new(
                "不是 fundcast 的分块结果（或文件被截断、损坏）",
                "is no shard of fundcast, or is cut off or damaged",
            ),
            Self::OtherVersion { program, schema_version } => Words::new(
                format!(
                    "由其他版本的程序写出（{program}，格式{schema_version}；本程序{VERSION}，格式{SCHEMA_VERSION}）"
                ),
                format!(
                    "was written by another version of the program ({program}, format {schema_version}; this is {VERSION}, format {SCHEMA_VERSION})"
                ),
            ),
            Self::Damaged => Words::new("内容与其校验值不符", "does not hold what its hash says"),
        }
    }
}
