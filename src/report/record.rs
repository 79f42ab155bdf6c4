//! `run.json`: what a run was, and everything that may vary between identical runs.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::inputs;
use super::names::{Label, Names};
use super::typed::Typed;
use super::write::{RunFolder, WriteError};
use crate::file;
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::assumed::KINDS;
use crate::projection::layout::{Layout, WarmUpYear};
use crate::projection::warning::Warning;
use crate::scenario::Scenario;
use crate::scenario::kept::{Kept, Texts};
use crate::scenario::notice::Notice;
use crate::scenario::texts::{CountSource, Source};
use crate::simulation::outcome::WorkDone;

/// The name of the file.
pub const FILE: &str = "run.json";

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version of the files of a run folder: it grows when columns or keys change their meaning or go away.
pub const SCHEMA_VERSION: u64 = 1;

/// What decides the results of one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// The scenario's id.
    pub scenario: String,
    /// What decides the results, see [`Scenario::content_hash`]: two runs with the same one, and the same years and
    /// counties reported, give the same tables.
    pub input_hash: String,
    /// The scenario file, or the deltas that are laid over each other, by the names under which they were read.
    pub own: Vec<String>,
    /// BLAKE3 of each file, by the name under which it was read.
    pub files: BTreeMap<String, String>,
    /// Where each of them is kept in the folder, by the same name.
    pub kept: BTreeMap<String, String>,
    /// The names behind the ids of the tables.
    pub names: Names,
    /// Numbers by part of the scenario and status: found, derived, assumed.
    pub provenance: BTreeMap<String, BTreeMap<String, usize>>,
    /// Titles, labels and documents of the files, see [`Scenario::texts`].
    pub texts: BTreeMap<String, String>,
    /// Where the values come from, see [`Scenario::sources`].
    pub sources: Vec<Source>,
    /// Where the counts of persons come from, see [`Scenario::count_sources`].
    pub counts: Vec<CountSource>,
    /// What is odd in the files, as `check` shows it.
    pub warnings: Vec<InputWarning>,
}

/// Something odd in a file of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputWarning {
    /// The file.
    pub file: String,
    /// The line, where there is one.
    pub line: Option<usize>,
    /// The key.
    pub key: String,
    /// The value that was written.
    pub value: String,
    /// What is odd and what is usual, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl InputWarning {
    fn of(notice: &Notice) -> Self {
        Self {
            file: notice.file.clone(),
            line: notice.line,
            key: notice.key.clone(),
            value: notice.value.clone(),
            zh: notice.text(Lang::Zh),
            en: notice.text(Lang::En),
        }
    }
}

impl Input {
    /// Of a scenario whose files are kept under some names.
    #[must_use]
    pub fn of(scenario: &Scenario, kept: BTreeMap<String, String>) -> Self {
        let by_status = |counts: &BTreeMap<crate::raw::Status, usize>| {
            counts.iter().map(|(status, n)| (status.name().to_owned(), *n)).collect()
        };
        let provenance = &scenario.provenance.counts;
        Self {
            scenario: scenario.id.clone(),
            input_hash: scenario.content_hash(),
            own: scenario.own_files().to_vec(),
            files: scenario.hashes.clone(),
            kept,
            names: Names::of(scenario),
            provenance: provenance.iter().map(|(part, counts)| (part.clone(), by_status(counts))).collect(),
            texts: scenario.texts(),
            sources: scenario.sources(),
            counts: scenario.count_sources(&(0..scenario.place.counties.len()).collect::<Vec<_>>()),
            warnings: scenario.notices.iter().map(InputWarning::of).collect(),
        }
    }
}

/// Whose run a folder holds: a scenario, or the scenarios of a comparison. A name alone says nothing, because files
/// of one name may lie in different folders.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Owner {
    /// The name, for messages and the default folder.
    pub scenario: String,
    /// The file of each scenario, of a comparison the base's first, as the system knows it; deltas that are laid over
    /// each other are joined by `+`.
    pub scenario_files: Vec<String>,
}

impl Owner {
    /// Of scenarios under a name.
    #[must_use]
    pub fn of(name: &str, scenarios: &[&Scenario]) -> Self {
        let full = |file: &String| {
            let path = std::fs::canonicalize(file).unwrap_or_else(|_| file.into());
            path.display().to_string()
        };
        let of = |scenario: &&Scenario| scenario.own_files().iter().map(full).collect::<Vec<_>>().join("+");
        Self { scenario: name.to_owned(), scenario_files: scenarios.iter().map(of).collect() }
    }

    /// Whether both are the same scenarios. A run of a version that kept no files is known by its name only.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        if self.scenario_files.is_empty() || other.scenario_files.is_empty() {
            return self.scenario == other.scenario;
        }
        self.scenario_files == other.scenario_files
    }
}

/// How the run was made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Execution {
    /// Threads.
    pub threads: usize,
    /// The engine with its instruction set, such as `tiled (avx512)`.
    pub engine: String,
    /// Work done.
    pub work: WorkDone,
    /// Seconds by phase, in order.
    pub seconds: Vec<(String, f64)>,
}

/// What the scenario's draws and rows are about.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Extent {
    seed: u64,
    replicates: usize,
    years: Vec<u16>,
    /// Years simulated before them, each with the year of its rules; nothing of them is reported.
    warm_up: Vec<WarmUpYear>,
    /// Sources of uncertainty that were switched off.
    without: Vec<&'static str>,
    counties: Vec<String>,
}

/// How much of the mean spending rests on assumed inputs, see [`crate::projection::assumed`].
#[derive(Debug, Clone, PartialEq, Serialize)]
struct AssumedShare {
    county_code: String,
    year: Option<u16>,
    mean_yuan: f64,
    /// By the kinds of [`KINDS`]; they overlap, so they do not add up.
    shares: BTreeMap<&'static str, Option<f64>>,
    any: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct WarningText {
    kind: &'static str,
    zh: String,
    en: String,
}

/// The record of a run or of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    version: &'static str,
    schema_version: u64,
    #[serde(flatten)]
    owner: Owner,
    typed: Typed,
    inputs: Vec<Input>,
    /// The kept files, by their names in the folder.
    #[serde(skip)]
    texts: Texts,
    #[serde(flatten)]
    extent: Extent,
    /// Policy, population and illness model, and how much of each was found, derived or assumed.
    basis: Label,
    warnings: Vec<WarningText>,
    resting_on_assumed_inputs: Vec<AssumedShare>,
    threads: usize,
    engine: String,
    work: BTreeMap<&'static str, u64>,
    seconds: serde_json::Map<String, serde_json::Value>,
    files: BTreeMap<String, String>,
}

impl Record {
    /// Of a run.
    #[must_use]
    pub fn of_run(scenario: &Scenario, projection: &Projection, execution: &Execution) -> Self {
        let mut record =
            Self::new(&scenario.id, &[scenario], (&projection.layout, &projection.counties), execution);
        record.add(projection);
        record
    }

    /// Of a comparison, which is known by a name of its own; the first scenario is the base.
    #[must_use]
    pub fn of_comparison(
        name: &str,
        scenarios: &[&Scenario],
        (layout, counties): (&Layout, &[usize]),
        execution: &Execution,
    ) -> Self {
        Self::new(name, scenarios, (layout, counties), execution)
    }

    fn new(
        name: &str,
        scenarios: &[&Scenario],
        (layout, counties): (&Layout, &[usize]),
        execution: &Execution,
    ) -> Self {
        let code = |&county: &usize| layout.counties[county].code_text();
        let work = &execution.work;
        let kept: Vec<Kept> = scenarios.iter().map(|scenario| scenario.kept()).collect();
        let stored = inputs::stored(&kept.iter().map(|kept| &kept.texts).collect::<Vec<_>>());
        let texts = stored.iter().zip(&kept).flat_map(|(stored, kept)| {
            kept.texts.iter().map(|(name, bytes)| (stored[name].clone(), bytes.clone()))
        });
        Self {
            version: VERSION,
            schema_version: SCHEMA_VERSION,
            owner: Owner::of(name, scenarios),
            typed: Typed::default(),
            texts: texts.collect(),
            inputs: scenarios.iter().zip(stored).map(|(scenario, kept)| Input::of(scenario, kept)).collect(),
            extent: Extent {
                seed: layout.seed,
                replicates: layout.n_replicates,
                years: layout.year_numbers(),
                warm_up: layout.warm_up.clone(),
                without: layout.without.iter().map(|source| source.name()).collect(),
                counties: counties.iter().map(code).collect(),
            },
            basis: Label::default(),
            warnings: Vec::new(),
            resting_on_assumed_inputs: Vec::new(),
            threads: execution.threads,
            engine: execution.engine.clone(),
            work: BTreeMap::from([
                ("person_years", work.person_years),
                ("ill_person_years", work.ill_person_years),
                ("claims", work.claims),
            ]),
            seconds: execution.seconds.iter().map(|(phase, s)| (phase.clone(), (*s).into())).collect(),
            files: BTreeMap::new(),
        }
    }

    /// Says what was typed.
    pub fn came_of(&mut self, typed: Typed) {
        self.typed = typed;
    }

    /// Says what the figures rest on.
    pub fn rests_on(&mut self, basis: Label) {
        self.basis = basis;
    }

    /// Adds warnings.
    pub fn warn(&mut self, warnings: &[Warning], layout: &Layout) {
        let text = |warning: &Warning| WarningText {
            kind: warning.name(),
            zh: warning.text(layout, Lang::Zh),
            en: warning.text(layout, Lang::En),
        };
        self.warnings.extend(warnings.iter().map(text));
    }

    /// Adds the warnings and the shares resting on assumed inputs of a projection.
    pub fn add(&mut self, projection: &Projection) {
        let layout = &projection.layout;
        self.warn(&projection.warnings, layout);
        self.resting_on_assumed_inputs.extend(projection.assumed.iter().map(|row| AssumedShare {
            county_code: super::csv_files::county(layout, row.county)[0].clone(),
            year: row.year,
            mean_yuan: row.yuan,
            shares: KINDS.into_iter().zip(row.kinds).collect(),
            any: row.any,
        }));
    }

    /// Writes the files that the run was worked out from, then the record, with the hash of every other file, as the last
    /// file of a folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(mut self, folder: &RunFolder) -> Result<(), WriteError> {
        for (name, bytes) in &self.texts {
            folder.write(name, |out| std::io::Write::write_all(out, bytes))?;
        }
        self.files = folder.hashes()?.into_iter().filter(|(name, _)| name != FILE).collect();
        folder.write(FILE, |out| {
            serde_json::to_writer_pretty(&mut *out, &self).map_err(std::io::Error::from)?;
            std::io::Write::write_all(out, b"\n")
        })
    }
}

/// What the record of a folder's run says of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Whose run it is.
    pub owner: Owner,
    /// The files that the run wrote, besides the record, with their hashes.
    pub files: BTreeMap<String, String>,
}

/// The run that a folder holds; `None` where it holds none.
#[must_use]
pub fn held(folder: &Path) -> Option<Held> {
    let text = file::read_text(&folder.join(FILE), file::MOST_OF_A_RUN).ok()?;
    let record: serde_json::Value = serde_json::from_str(&text).ok()?;
    let text = |value: &serde_json::Value| value.as_str().map(ToOwned::to_owned);
    let scenario = text(record.get("scenario")?)?;
    let list = record.get("scenario_files").and_then(serde_json::Value::as_array);
    let scenario_files = list.into_iter().flatten().filter_map(text).collect();
    let files = record.get("files").and_then(serde_json::Value::as_object);
    let files = files.into_iter().flatten().filter_map(|(name, hash)| Some((name.clone(), text(hash)?)));
    Some(Held { owner: Owner { scenario, scenario_files }, files: files.collect() })
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
