//! A plan: a run cut into units that can be worked out anywhere, in any order, each of them any number of times.
//!
//! A plan is one file that holds all it takes: the texts of the scenario's files, what was typed, and the units. Whoever
//! works a unit out needs the plan and the program, nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{SCHEMA_VERSION, Unit, VERSION, read};
use crate::file::{self, Unreadable};
use crate::lang::Lang;
use crate::scenario::kept::{Kept, hash};
use crate::scenario::load::Setting;
use crate::scenario::notice::Words;
use crate::scenario::place::County;

/// The largest plan that is read, in bytes.
const MOST_OF_A_PLAN: u64 = 1 << 30;

/// Seconds of one core to draw one resident, and for an identity holder in one year and replicate, as measured
/// (`docs/many-machines.md`): only the size of the units depends on them.
const SECONDS_PER_RESIDENT: f64 = 6.6e-7;
const SECONDS_PER_HOLDER_YEAR: f64 = 2.4e-7;
/// A unit works on its replicates for at least so many times as long as on the drawing of its population, which every unit
/// of a county does again.
const DRAWINGS_WORTH: f64 = 10.0;
/// Replicates of a unit are a multiple of this.
const STEP: u32 = 16;

/// A run cut into units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The version of this file and of the shards.
    pub schema_version: u32,
    /// The program that works it out.
    pub program: String,
    /// BLAKE3 of all this but the hash.
    pub hash: String,
    /// What decides the numbers of every unit, see [`super::work_hash`].
    pub work_hash: String,
    /// The scenario's id.
    pub scenario: String,
    /// Changes of the scenario as they were typed.
    pub settings: Vec<String>,
    /// First and last year reported, where they were typed.
    pub years: Option<(u16, u16)>,
    /// Codes of the counties.
    pub counties: Vec<String>,
    /// Number of replicates.
    pub n_replicates: u32,
    /// The units.
    pub units: Vec<PlannedUnit>,
    /// The scenario file, or the deltas that are laid over each other, as they were named.
    pub own: Vec<String>,
    /// The texts of all files that were read, by the name under which each was read.
    pub texts: BTreeMap<String, String>,
}

/// A unit of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedUnit {
    /// Its number, from 1.
    pub number: usize,
    /// The county's name.
    pub county: String,
    /// County and replicates.
    pub unit: Unit,
    /// How long one core will take, about.
    pub seconds: f64,
}

/// The units of some counties, each of about so many seconds of one core. The replicates of a unit begin where those of any
/// run of the county would begin: more replicates mean more units, and the first ones stay as they are.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
pub fn units(counties: &[&County], n_years: usize, (n_replicates, seconds): (u32, f64)) -> Vec<PlannedUnit> {
    let mut all = Vec::new();
    for county in counties {
        let holders: u64 = county.categories.iter().map(|row| u64::from(row.persons)).sum();
        #[expect(clippy::cast_precision_loss, reason = "counts of persons")]
        let each = (holders.max(1) as f64) * n_years as f64 * SECONDS_PER_HOLDER_YEAR;
        let drawing = f64::from(county.all) * SECONDS_PER_RESIDENT;
        let wanted = (seconds - drawing).max(drawing * DRAWINGS_WORTH) / each;
        let block = (wanted.clamp(1.0, 1e6) as u32).next_multiple_of(STEP);
        for first_replicate in (0..n_replicates).step_by(block as usize) {
            let own = block.min(n_replicates - first_replicate);
            all.push(PlannedUnit {
                number: all.len() + 1,
                county: county.label_zh.clone(),
                unit: Unit { county_code: county.code, first_replicate, n_replicates: own },
                seconds: (drawing + each * f64::from(own)).round(),
            });
        }
    }
    all
}

/// Why a file is not taken as a plan.
#[derive(Debug)]
pub enum NoPlan {
    /// It is not there or cannot be opened.
    Unreadable(Unreadable),
    /// It is something else.
    Other(String),
    /// Another version of the program made it.
    OtherVersion(String),
    /// It was changed since.
    Changed,
}

impl NoPlan {
    /// Why, in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Unreadable(unreadable) => Words::new(unreadable.text(Lang::Zh), unreadable.text(Lang::En)),
            Self::Other(error) => Words::new(
                format!("不是 fundcast plan 写出的计划（{error}）"),
                format!("is no plan that fundcast plan wrote ({error})"),
            ),
            Self::OtherVersion(program) => Words::new(
                format!("由其他版本的程序写出（{program}，本程序{VERSION}）；请用同一版本，或重新生成计划"),
                format!(
                    "was made by another version of the program ({program}, this is {VERSION}); take that one, or make the plan again"
                ),
            ),
            Self::Changed => Words::new(
                "写出之后被改动过（与其校验值不符）；请重新生成计划",
                "was changed since it was made (its hash says otherwise): make the plan again",
            ),
        }
    }
}

impl Plan {
    /// With its hash.
    #[must_use]
    pub fn sealed(self) -> Self {
        let hash = self.own_hash();
        Self { hash, ..self }
    }

    fn own_hash(&self) -> String {
        let bare = Self { hash: String::new(), ..self.clone() };
        hash(serde_json::to_string(&bare).unwrap_or_default().as_bytes())
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// Anything but a plan that this version of the program made.
    pub fn read(path: &Path) -> Result<Self, NoPlan> {
        #[derive(Deserialize)]
        struct Versions {
            schema_version: u32,
            program: String,
        }
        let text = file::read_text(path, MOST_OF_A_PLAN).map_err(NoPlan::Unreadable)?;
        let other = |error: serde_json::Error| NoPlan::Other(error.to_string());
        let made: Versions = serde_json::from_str(&text).map_err(other)?;
        if (made.schema_version, made.program.as_str()) != (SCHEMA_VERSION, VERSION) {
            return Err(NoPlan::OtherVersion(made.program));
        }
        let plan: Self = serde_json::from_str(&text).map_err(other)?;
        if plan.hash != plan.own_hash() {
            return Err(NoPlan::Changed);
        }
        Ok(plan)
    }

    /// The files of the scenario.
    #[must_use]
    pub fn kept(&self) -> Kept {
        let bytes = |text: &String| Arc::from(text.as_bytes());
        let texts = self.texts.iter().map(|(name, text)| (name.clone(), bytes(text))).collect();
        Kept { own: self.own.clone(), texts }
    }

    /// What was typed.
    #[must_use]
    pub fn all_settings(&self) -> Vec<Setting> {
        self.settings.iter().filter_map(|text| Setting::of_typed(text)).collect()
    }

    /// The shard of every unit among some files, in the order of the units: complete, each once, and as it was written.
    ///
    /// # Errors
    /// Every file that is no such shard, and every unit that has none or several.
    pub fn shards(&self, files: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<Words>> {
        let mut wrong = Vec::new();
        let mut found: BTreeMap<usize, Vec<&PathBuf>> = BTreeMap::new();
        for path in files {
            match self.unit_of(path) {
                Ok(number) => found.entry(number).or_default().push(path),
                Err(why) => wrong.push(why.at(path.display())),
            }
        }
        let mut shards = Vec::new();
        for PlannedUnit { number, county, unit, .. } in &self.units {
            match found.get(number).map(Vec::as_slice) {
                Some([one]) => shards.push((*one).clone()),
                Some(several) => {
                    let list: Vec<String> = several.iter().map(|path| path.display().to_string()).collect();
                    wrong.push(Words::new(
                        format!("第{number}块（{county} {unit}）有{}个：{}", list.len(), list.join("、")),
                        format!("unit {number} ({unit}) is there {} times: {}", list.len(), list.join(", ")),
                    ));
                }
                None => wrong.push(Words::new(
                    format!("缺第{number}块（{county} {unit}）：请运行 fundcast block 计划 {number}"),
                    format!("unit {number} ({unit}) is missing: run fundcast block PLAN {number}"),
                )),
            }
        }
        if wrong.is_empty() { Ok(shards) } else { Err(wrong) }
    }

    /// Which unit a file is the shard of.
    fn unit_of(&self, path: &Path) -> Result<usize, Words> {
        let (head, _) = read(path, 0).map_err(|refused| refused.words())?;
        if head.work_hash != self.work_hash {
            return Err(Words::new(
                "属于另一次测算（方案、年度、种子或程序不同）",
                "belongs to another run (another scenario, years, seed or program)",
            ));
        }
        let unit = self.units.iter().find(|planned| planned.unit == head.unit);
        unit.map(|planned| planned.number).ok_or_else(|| {
            Words::new(
                format!("不是本计划中的分块（{}）", head.unit),
                format!("is no unit of this plan ({})", head.unit),
            )
        })
    }

    /// The units with these numbers, each once and in their order.
    ///
    /// # Errors
    /// The numbers that no unit has.
    pub fn chosen(&self, numbers: &BTreeSet<usize>) -> Result<Vec<&PlannedUnit>, Vec<usize>> {
        let known: BTreeSet<usize> = self.units.iter().map(|unit| unit.number).collect();
        let unknown: Vec<usize> = numbers.difference(&known).copied().collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        Ok(self.units.iter().filter(|unit| numbers.contains(&unit.number)).collect())
    }
}
