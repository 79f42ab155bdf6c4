//! Parts of a run: every finished unit is left in a folder, so that the run can go on from there after an interruption, or a
//! later one with more replicates can.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::args::RunArgs;
use super::loaded::Loaded;
use super::simulate::{self, Size};
use super::supply::after;
use super::{Stop, interrupt, terminal};
use crate::file;
use crate::lang::Lang;
use crate::report::write::not_written;
use crate::scenario::Scenario;
use crate::scenario::notice::Words;
use crate::shard::{self, Unit, plan};
use crate::simulation::from_scenario::Simulated;

/// Seconds of one core that a part takes, about: so much is lost when a run is interrupted.
const SECONDS: f64 = 60.0;

/// The parts of a run.
#[derive(Debug)]
pub struct Parts {
    folder: PathBuf,
    work_hash: String,
    lang: Lang,
    /// Those that the folder has, in the order of county and replicates.
    known: Vec<Unit>,
    /// Whether they are deleted when the run is done.
    pub passing: bool,
}

impl Parts {
    /// Of a run that asks for it, in the folder beside its results or the one that it names.
    pub fn of(args: &RunArgs, target: &Path, loaded: &Loaded) -> Result<Option<Self>, Stop> {
        let folder = match &args.parts.parts {
            Some(folder) => folder.clone(),
            None if args.parts.resume => beside(target),
            None => return Ok(None),
        };
        let lang = Lang::from(args.output.lang);
        let failed = |error: &std::io::Error| Stop::BadInput(not_written(&folder, error));
        std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
        let mut known = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(|error| failed(&error))? {
            let name = entry.map_err(|error| failed(&error))?.file_name();
            known.extend(unit_of(&name.to_string_lossy()));
        }
        known.sort();
        interrupt::goes_on(&folder, args.parts.resume);
        let work_hash = loaded.work_hash();
        Ok(Some(Self { folder, work_hash, lang, known, passing: args.parts.resume }))
    }

    /// A county: parts that are there, and what is missing from the simulation.
    pub fn county(
        &self,
        scenarios: &[&Scenario],
        number: usize,
        (size, bar): (&Size, &ProgressBar),
    ) -> Result<Simulated, Stop> {
        let Some(scenario) = scenarios.first() else {
            return Err(Stop::Failed(Words::new("没有要模拟的方案", "there is no scenario to simulate")));
        };
        let n_years = size.simulated.len() + usize::from(size.warm_up_years);
        let county = &scenario.place.counties[number];
        let grid = plan::units(&[county], n_years, (size.n_replicates, SECONDS));
        let (mut whole, mut at) = (None, 0);
        while at < size.n_replicates {
            let later = match self.found((county.code, number), (at, size.n_replicates)) {
                Some(done) => {
                    bar.inc(done.outcomes.first().map_or(0, |outcome| outcome.n_replicates as u64));
                    done
                }
                None => {
                    let ends = grid.iter().map(|planned| planned.unit.end()).filter(|end| *end > at);
                    let next = self.known.iter().filter(|unit| unit.county_code == county.code);
                    let next = next.map(|unit| unit.first_replicate).filter(|first| *first > at);
                    let end = ends.chain(next).min().unwrap_or(size.n_replicates).min(size.n_replicates);
                    let unit = Unit { county_code: county.code, first_replicate: at, n_replicates: end - at };
                    let into = (self.folder.as_path(), self.work_hash.as_str());
                    worked_out((scenarios, number), &unit, into, (size, bar))?.0
                }
            };
            at += later.outcomes.first().map_or(size.n_replicates, |outcome| outcome.n_replicates as u32);
            whole = Some(after(whole, later)?);
        }
        whole.ok_or_else(|| Stop::Failed(Words::new("没有要模拟的次数", "there is no replicate to simulate")))
    }

    /// The longest part that begins at a replicate and does not go beyond the last. One that is damaged or of another run is
    /// not used, and that is said.
    fn found(&self, (code, number): (u32, usize), (at, n_replicates): (u32, u32)) -> Option<Simulated> {
        let fits = |unit: &&Unit| {
            unit.county_code == code && unit.first_replicate == at && unit.end() <= n_replicates
        };
        for unit in self.known.iter().rev().filter(fits) {
            let path = self.folder.join(unit.file_name());
            let why = match shard::read(&path, number) {
                Ok((head, done)) if head.work_hash == self.work_hash && head.unit == *unit => {
                    return Some(done);
                }
                Ok(_) => Words::new("属于另一次测算", "belongs to another run"),
                Err(refused) => refused.words(),
            };
            let path = path.display();
            terminal::note(&match self.lang {
                Lang::Zh => format!("{path} 不用：{}；重新模拟", why.zh),
                Lang::En => format!("{path} is not used: {}; it is simulated again", why.en),
            });
        }
        None
    }

    /// Where they are.
    pub fn folder(&self) -> PathBuf {
        self.folder.clone()
    }
}

/// Deletes the parts that a run left in a folder, once its results are in place.
pub fn remove(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if unit_of(&entry.file_name().to_string_lossy()).is_some() {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    // Whatever else somebody put there stays, and so does the folder then.
    let _ = std::fs::remove_dir(folder);
}

/// Simulates a unit of a county and leaves its shard in a folder, whole or not at all; what came of it, and where the shard is.
pub fn worked_out(
    (scenarios, number): (&[&Scenario], usize),
    unit: &Unit,
    (folder, work_hash): (&Path, &str),
    (size, bar): (&Size, &ProgressBar),
) -> Result<(Simulated, PathBuf), Stop> {
    let (first_replicate, n_replicates) = (unit.first_replicate, unit.n_replicates);
    let part = Size { first_replicate, n_replicates, counties: vec![number], ..size.clone() };
    let done = simulate::county(scenarios, number, &part, bar)?;
    let engine = size.engine.name();
    let path = folder.join(unit.file_name());
    let bytes = shard::bytes(&done, (unit, work_hash, &engine)).map_err(|error| {
        Stop::Failed(Words::new(
            format!("{}：{error}", path.display()),
            format!("{}: {error}", path.display()),
        ))
    })?;
    file::write(&path, &bytes).map_err(|error| Stop::Failed(not_written(&path, &error)))?;
    Ok((done, path))
}

/// The folder beside the results.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".parts");
    target.with_file_name(name)
}

/// The unit that a file is named after.
fn unit_of(name: &str) -> Option<Unit> {
    let mut numbers = name.strip_suffix(".parquet")?.split('-').map(str::parse::<u32>);
    let (code, first, end) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
    let unit = Unit { county_code: code, first_replicate: first, n_replicates: end.checked_sub(first)? };
    (unit.file_name() == name).then_some(unit)
}
