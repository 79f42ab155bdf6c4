//! What `run`, `compare` and `clauses` share: size, counties, threads, and the simulation county by county.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use indicatif::ProgressBar;

use super::args::{AfterTransitionArg, EngineArg, InstructionsArg, LookArgs, SizeArgs};
use super::supply::Supply;
use super::{Stop, terminal};
use crate::cases::typed::hinted;
use crate::instruction_set::{InstructionSet, Instructions};
use crate::lang::{Lang, Words};
use crate::policy::names::Name;
use crate::projection::layout::Layout;
use crate::projection::{Projection, ProjectionBuilder, simulated};
use crate::scenario::fault::Faults;
use crate::scenario::kept::{self, Kept};
use crate::scenario::load::Setting;
use crate::scenario::outlook::MOST_AHEAD;
use crate::scenario::place::lookup;
use crate::scenario::{self, Scenario};
use crate::simulation::from_scenario::{EngineChoice, Plan, Simulated, SimulationError, simulate_county};

impl SizeArgs {
    /// All changes to the scenario: replicates and seed are changes of its `run` part.
    #[must_use]
    pub fn all_settings(&self) -> Vec<Setting> {
        let run = |key: &str, value: String| Setting { path: format!("run.{key}"), value };
        let replicates = self.replicates.map(|n| run("replicates", n.to_string()));
        let seed = self.seed.map(|seed| run("seed", seed.to_string()));
        let after = self.after_transition.map(|after| {
            let after = match after {
                AfterTransitionArg::Lapse => "lapse",
                AfterTransitionArg::Hold => "hold",
            };
            run("after_transition", format!("{after:?}"))
        });
        let without = self.without.iter().flat_map(|source| source.sources());
        let without: BTreeSet<String> = without.map(|source| format!("{:?}", source.name())).collect();
        let without = (!without.is_empty())
            .then(|| run("without", format!("[{}]", without.into_iter().collect::<Vec<_>>().join(", "))));
        self.settings.iter().cloned().chain(replicates).chain(seed).chain(after).chain(without).collect()
    }

    /// Reads a scenario with all changes; years that are asked for beyond its last one are run as well.
    ///
    /// # Errors
    /// The faults of its files, and years too far ahead.
    pub fn load(&self, path: &Path) -> Result<Scenario, Faults> {
        self.load_with(path, &[])
    }

    /// The same with more changes.
    ///
    /// # Errors
    /// As of [`load`](Self::load).
    pub fn load_with(&self, path: &Path, more: &[Setting]) -> Result<Scenario, Faults> {
        self.load_from(Source::Disk(path), more)
    }

    /// The same from any source.
    ///
    /// # Errors
    /// As of [`load`](Self::load).
    pub fn load_from(&self, source: Source<'_>, more: &[Setting]) -> Result<Scenario, Faults> {
        let settings = [&self.all_settings(), more].concat();
        let scenario = source.load(&settings)?;
        let own = (scenario.years().first().copied(), scenario.years().last().copied());
        let ((_, asked), (Some(first), Some(last))) = (self.years.unwrap_or_default(), own) else {
            return Ok(scenario);
        };
        if asked <= last {
            return Ok(scenario);
        }
        if asked > last + MOST_AHEAD {
            let mut faults = Faults::default();
            let problem = Words::new(
                format!("{asked}年比方案的最后年度{last}年晚{MOST_AHEAD}年以上"),
                format!(
                    "{asked} lies more than {MOST_AHEAD} years after {last}, the last year of the scenario"
                ),
            );
            faults.file("--years", problem);
            return Err(faults);
        }
        let years: Vec<String> = (first..=asked).map(|year| year.to_string()).collect();
        let set = |path: &str, value: String| Setting { path: path.to_owned(), value };
        let titles = &scenario.settings;
        let ahead = [
            set("run.years", format!("[{}]", years.join(", "))),
            set("title_zh", format!("{:?}", format!("{}：展望至{asked}年", titles.title_zh))),
            set("title_en", format!("{:?}", format!("{}: outlook to {asked}", titles.title_en))),
        ];
        source.load(&[settings.as_slice(), &ahead].concat())
    }
}

/// Where a scenario is read from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// The files that lie there today.
    Disk(&'a Path),
    /// Those of a finished run.
    Kept(&'a Kept),
}

impl Source<'_> {
    /// Reads the scenario with some changes.
    fn load(self, settings: &[Setting]) -> Result<Scenario, Faults> {
        match self {
            Self::Disk(path) => scenario::load(path, settings),
            Self::Kept(kept) => kept::load(kept, settings),
        }
    }
}

/// How much is simulated, resolved.
#[derive(Debug, Clone)]
pub struct Size {
    /// Years simulated: all of the scenario's, because its population is drawn for all of them at once.
    pub simulated: Vec<u16>,
    /// Years reported.
    pub reported: Vec<u16>,
    /// Years simulated before the first, and never reported.
    pub warm_up_years: u16,
    /// The first replicate: 0 but where a run is worked out in parts.
    pub first_replicate: u32,
    /// Replicates.
    pub n_replicates: u32,
    /// Seed.
    pub seed: u64,
    /// Positions of the counties.
    pub counties: Vec<usize>,
    /// How replicates are worked out.
    pub engine: EngineChoice,
}

impl Size {
    /// Resolves what was typed against a scenario.
    pub fn new(scenario: &Scenario, args: &SizeArgs) -> Result<Self, Stop> {
        let run = &scenario.settings.run;
        let all = scenario.years();
        let reported: Vec<u16> = match args.years {
            None => all.to_vec(),
            Some((first, last)) => {
                let known = |year: u16| all.contains(&year);
                if !known(first) || !known(last) {
                    let list = Words::list(&all.iter().map(ToString::to_string).collect::<Vec<_>>());
                    return Err(Stop::BadInput(Words::new(
                        format!("--years {first}-{last}：方案测算的年度是 {}", list.zh),
                        format!("--years {first}-{last}: the scenario projects {}", list.en),
                    )));
                }
                all.iter().copied().filter(|year| (first..=last).contains(year)).collect()
            }
        };
        Ok(Self {
            simulated: all.to_vec(),
            reported,
            warm_up_years: run.warm_up_years,
            first_replicate: 0,
            n_replicates: run.replicates,
            seed: run.seed,
            counties: counties(scenario, &args.county)?,
            engine: engine(args)?,
        })
    }

    /// The plan of the simulation.
    #[must_use]
    pub fn plan(&self) -> Plan<'_> {
        Plan {
            years: &self.simulated,
            warm_up_years: self.warm_up_years,
            first_replicate: self.first_replicate,
            n_replicates: self.n_replicates,
            seed: self.seed,
            engine: self.engine,
            observer: &(),
        }
    }
}

fn engine(args: &SizeArgs) -> Result<EngineChoice, Stop> {
    let set = match args.instructions {
        None => {
            return Ok(match args.engine {
                EngineArg::Reference => EngineChoice::Reference,
                EngineArg::Tiled => EngineChoice::default(),
            });
        }
        Some(_) if args.engine == EngineArg::Reference => {
            return Err(Stop::BadInput(Words::new(
                "--instructions：逐人引擎只有一种指令集；请不要写",
                "--instructions: the plain reference is compiled for one set only; leave it out",
            )));
        }
        Some(InstructionsArg::Baseline) => InstructionSet::Baseline,
        Some(InstructionsArg::Avx2) => InstructionSet::Avx2,
        Some(InstructionsArg::Avx512) => InstructionSet::Avx512,
    };
    match Instructions::of(set) {
        Some(instructions) => Ok(EngineChoice::Tiled(instructions)),
        None => {
            let here: Vec<&str> = Instructions::all_here().iter().map(|one| one.set().name()).collect();
            let here = Words::list(&here);
            Err(Stop::BadInput(Words::new(
                format!("--instructions {set}：本机有 {}", here.zh),
                format!("--instructions {set}: this machine has {}", here.en),
            )))
        }
    }
}

fn counties(scenario: &Scenario, typed: &[String]) -> Result<Vec<usize>, Stop> {
    let all = &scenario.place.counties;
    if typed.is_empty() {
        return Ok((0..all.len()).collect());
    }
    let mut chosen = Vec::new();
    for name in typed {
        let found = lookup::find(all, name).map_err(|unknown| {
            let place = &scenario.place.name_zh;
            let why = hinted(unknown.problem, &unknown.hint.unwrap_or_default());
            Stop::BadInput(Words::new(
                format!("--county {name}：须为{place}的县区：{}", why.zh),
                format!("--county {name}: must be a county of {place}: {}", why.en),
            ))
        })?;
        chosen.push(found);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// What the positions in the outcomes of a scenario mean, with the same columns for every county.
pub fn layout(scenario: &Scenario, size: &Size) -> Result<Layout, Stop> {
    let years = (size.simulated.as_slice(), size.reported.as_slice());
    Ok(simulated::layout(scenario, &size.counties, years, size.n_replicates as usize)?)
}

/// Simulates one county for several scenarios: together where the draws are the same, else one by one.
pub fn county(
    scenarios: &[&Scenario],
    county: usize,
    size: &Size,
    bar: &ProgressBar,
) -> Result<Simulated, Stop> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, scenario) in scenarios.iter().enumerate() {
        groups.entry(scenario.draws_key()).or_default().push(index);
    }
    let mut whole: Option<Simulated> = None;
    let mut outcomes: Vec<Option<crate::simulation::outcome::CountyOutcome>> = vec![None; scenarios.len()];
    // The group of the first scenario first: its fit and work are the ones that are reported.
    let mut ordered: Vec<Vec<usize>> = groups.into_values().collect();
    ordered.sort_by_key(|group| group[0]);
    for group in ordered {
        let together: Vec<&Scenario> = group.iter().map(|&index| scenarios[index]).collect();
        let mut done = simulate_county(&together, county, size.plan(), &|n| bar.inc(n)).map_err(stop)?;
        for (index, outcome) in group.into_iter().zip(std::mem::take(&mut done.outcomes)) {
            outcomes[index] = Some(outcome.of_years(&size.simulated, &size.reported));
        }
        match &mut whole {
            None => whole = Some(done),
            Some(first) => {
                first.seconds[0] += done.seconds[0];
                first.seconds[1] += done.seconds[1];
            }
        }
    }
    let Some(mut whole) = whole else {
        return Err(Stop::Failed(Words::new("没有可模拟的方案", "there is no scenario to simulate")));
    };
    whole.outcomes = outcomes.into_iter().flatten().collect();
    Ok(whole)
}

/// A scenario with the size of a small run of it.
pub struct Look {
    /// The scenario.
    pub scenario: Scenario,
    /// With no more replicates than are enough, where no number is asked for.
    pub size: Size,
    /// Whether nothing but the result is printed, and the language.
    pub told: (bool, Lang),
}

/// Reads the scenario of a small run, and says what is odd in it.
pub fn look(args: &LookArgs, enough_replicates: u32) -> Result<Look, Stop> {
    let lang = Lang::from(args.lang);
    let scenario = args.size.load(&args.scenario)?;
    terminal::notices(&scenario.notices, args.quiet, lang);
    let mut size = Size::new(&scenario, &args.size)?;
    if args.size.replicates.is_none() {
        size.n_replicates = size.n_replicates.min(enough_replicates);
    }
    Ok(Look { scenario, size, told: (args.quiet, lang) })
}

/// The projection of a scenario alone: nothing of it is written.
pub fn projected(scenario: &Scenario, size: &Size, told: (bool, Lang)) -> Result<Projection, Stop> {
    let mut builder = ProjectionBuilder::with_layout(layout(scenario, size)?);
    each_county(&[scenario], (size, Supply::simulation()), told, |_, done| {
        done.outcomes.iter().for_each(|outcome| builder.add(outcome));
        Ok(())
    })?;
    Ok(builder.finish())
}

/// County after county, from the simulation or wherever they come from, saying where it is; hands each over.
pub fn each_county(
    scenarios: &[&Scenario],
    (size, mut supply): (&Size, Supply),
    (quiet, lang): (bool, Lang),
    mut take: impl FnMut(usize, Simulated) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let bar = terminal::progress(size.counties.len() as u64 * u64::from(size.n_replicates), quiet, lang);
    for &number in &size.counties {
        if let Some(here) = scenarios.first().map(|scenario| &scenario.place.counties[number]) {
            terminal::reached(&bar, lang.pick(&here.label_zh, &here.label_en));
        }
        take(number, supply.county(scenarios, number, (size, &bar))?)?;
    }
    bar.finish_and_clear();
    Ok(())
}

pub(super) fn stop(error: SimulationError) -> Stop {
    match error {
        SimulationError::Rules(faults) => faults.into(),
        SimulationError::Population { .. } => Stop::BadInput(error.words()),
        SimulationError::Register { .. }
        | SimulationError::Unbalanced { .. }
        | SimulationError::Disagreement { .. } => Stop::Failed(error.words()),
    }
}

/// A funder of the policy, by id or name.
pub fn funder(scenario: &Scenario, typed: &str) -> Option<usize> {
    let is = |name: &Name| [&name.id, &name.zh, &name.en].into_iter().any(|known| known == typed);
    scenario.policy.names.funders.iter().position(is)
}

/// Makes the pool of threads that was asked for.
pub fn threads(asked: Option<u16>) -> Result<usize, Stop> {
    let n = asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    rayon::ThreadPoolBuilder::new().num_threads(n).build_global().map_err(|error| {
        Stop::Failed(Words::new(
            format!("无法启动线程（{error}）"),
            format!("the threads cannot be started: {error}"),
        ))
    })?;
    Ok(n)
}
