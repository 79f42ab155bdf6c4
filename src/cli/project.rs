//! `run`: load, simulate, project, draw, write.

use std::time::Instant;

use super::args::{DetailArg, DocumentArgs, OutputArgs, RunArgs};
use super::charts::{draw, try_charts};
use super::figures::{self, Largest};
use super::held::Held;
use super::loaded::Loaded;
use super::parts::Parts;
use super::precision::{self, Reached};
use super::simulate::{self, Size, Source};
use super::supply::Supply;
use super::{Stop, bills, caption, interrupt, parts, pretty, publish, report, terminal, waiting};
use crate::chart::Caption;
use crate::lang::{Lang, Words};
use crate::population::FitRow;
use crate::projection::budget::Funds;
use crate::projection::layout::Layout;
use crate::projection::warning::Warning;
use crate::projection::{Projection, ProjectionBuilder};
use crate::report::figures::{CountyYearTrials, TaperFacts, of_projection};
use crate::report::record::{Execution, Owner, Record};
use crate::report::trials::{Detail, TrialsWriter};
use crate::report::typed::Typed;
use crate::report::write::{Replace, RunFolder, WriteError, reason};
use crate::report::{files, screen, screen_budget};
use crate::scenario::Scenario;
use crate::scenario::kept::Kept;
use crate::simulation::outcome::WorkDone;

/// What of a run is shown on the screen; its files are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// What is spent.
    Spending,
    /// How safe budgets are.
    Budgets {
        /// Of how many replicates in which a fund is short the persons are looked at, where it was said.
        waiting: Option<u32>,
    },
}

impl Shows {
    /// Of how many replicates in which a fund is short the persons are looked at; none where it is not asked for. To look
    /// at one takes about as long as some five replicates: unasked it stays below a fifth of the run.
    fn waiting(self, n_replicates: u32) -> Option<u32> {
        match self {
            Self::Spending => None,
            Self::Budgets { waiting } => Some(waiting.unwrap_or_else(|| (n_replicates / 25).clamp(2, 20))),
        }
    }

    /// The command that shows it.
    const fn command(self) -> &'static str {
        match self {
            Self::Spending => "run",
            Self::Budgets { .. } => "budget",
        }
    }
}

/// Projects a scenario. Whatever can be refused is refused before anything is simulated.
pub fn run(args: &RunArgs, shows: Shows) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    interrupt::watch(lang);
    let threads = simulate::threads(args.size.threads)?;
    if let Some(precision) = args.precision {
        let Reached { args, ready, folder } = precision::reach(args, precision)?;
        let loaded = Loaded::new(&args.size, Source::Disk(&args.scenario))?;
        return project((&args, shows), (threads, loaded), (Supply::Simulation(ready), Some(folder)));
    }
    let loaded = Loaded::new(&args.size, Source::Disk(&args.scenario))?;
    run_from((args, shows), (threads, loaded), Supply::simulation())
}

/// Projects a scenario whose outcomes come from anywhere.
pub fn run_from(what: (&RunArgs, Shows), how: (usize, Loaded), supply: Supply) -> Result<(), Stop> {
    project(what, how, (supply, None))
}

/// The same with a number of replicates; a folder that is begun is used.
fn project(
    (args, shows): (&RunArgs, Shows),
    (threads, loaded): (usize, Loaded),
    (supply, begun): (Supply, Option<RunFolder>),
) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    let (scenario, size) = (&loaded.scenario, loaded.size.clone());
    terminal::notices(&scenario.notices, args.output.quiet, lang);
    let caption = caption::caption(scenario, &size, lang);
    let tapers = figures::tapers(scenario, &size, lang);
    try_charts_of_run(&loaded.layout, &size, &tapers, &caption)?;
    let folder = match begun {
        Some(folder) => folder,
        None => begin_with((&args.output, &args.documents), &Owner::of(&scenario.id, &[scenario]))?,
    };
    let parts = Parts::of(args, folder.target(), &loaded)?;
    let passing = parts.as_ref().filter(|parts| parts.passing).map(Parts::folder);
    let supply = parts.map_or(supply, Supply::Parts);
    let mut timer = Timer::default();

    let told = Told { folder: &folder, quiet: args.output.quiet, lang };
    let mut tables = Prepared::new((args, shows), loaded).write_tables(supply, told, &mut timer)?;
    let projection = &mut tables.projection;
    let charts = of_projection(projection, tables.largest.trials(), &tapers, lang);
    let warning = timer.phase("charts", || draw(&folder, charts, &caption, &args.output.drawing))?;
    projection.warnings.extend(warning);
    projection.warnings.splice(0..0, tables.held);
    let execution =
        Execution { threads, engine: size.engine.name(), work: tables.work, seconds: timer.seconds };
    let mut record = Record::of_run(&tables.scenario, projection, &execution);
    let typed = Typed::new(shows.command(), &args.size.all_settings());
    let bills = (args.bills > 0).then_some(args.bills);
    record.came_of(Typed { waiting: shows.waiting(size.n_replicates), bills, ..typed });
    record.rests_on(caption::basis(&tables.scenario, &size));
    record.write(&folder)?;
    let target = folder.finish()?;
    passing.iter().for_each(|folder| parts::remove(folder));
    finish((projection, shows), &target, &args.output, lang)?;
    report::with_results(&target, &args.documents, &args.output)
}

/// Writes the tables and trials of a run into a folder: all of its files but charts and record. It is given what was
/// typed and the files that were read.
pub fn write_tables_again(
    (args, shows): (&RunArgs, Shows),
    kept: &Kept,
    folder: &RunFolder,
) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    let prepared = Prepared::new((args, shows), Loaded::new(&args.size, Source::Kept(kept))?);
    let told = Told { folder, quiet: args.output.quiet, lang };
    prepared.write_tables(Supply::simulation(), told, &mut Timer::default()).map(drop)
}

/// A run before anything is simulated, with what is written of it.
struct Prepared {
    loaded: Loaded,
    details: Vec<Detail>,
    waiting: u32,
    bills: u32,
}

/// What of a run is in memory once its tables are written.
struct Tables {
    scenario: Scenario,
    projection: Projection,
    largest: Largest,
    held: Option<Warning>,
    work: WorkDone,
}

impl Prepared {
    fn new((args, shows): (&RunArgs, Shows), loaded: Loaded) -> Self {
        let waiting = shows.waiting(loaded.size.n_replicates).unwrap_or(0);
        Self { loaded, details: details(&args.trials_by), waiting, bills: args.bills }
    }

    /// Simulates, projects and writes all tables and trials.
    fn write_tables(self, supply: Supply, told: Told<'_>, timer: &mut Timer) -> Result<Tables, Stop> {
        let Self { loaded: Loaded { scenario, size, layout, mut held }, details, waiting, bills: n_bills } =
            self;
        let funds = Funds::of(&scenario, &size.reported, &size.counties);
        let funds = Funds { waiting: waiting as usize, ..funds };
        let builder = ProjectionBuilder::with_layout(layout).with_funds(funds);
        let scenarios = (&scenario, held.as_mut());
        let simulated = simulate(scenarios, builder, (&size, supply), (told, &details), timer)?;
        let mut projection = timer.phase("projection", || simulated.builder.finish());
        let (quiet, lang) = (told.quiet, told.lang);
        timer.phase("waiting", || waiting::look(&scenario, &size, &mut projection, (quiet, lang)))?;
        let looked = (&size, n_bills);
        timer.phase("bills", || bills::look(&scenario, looked, &mut projection, (quiet, lang)))?;
        let folder = told.folder;
        timer.phase("writing", || files::write_run_tables(folder, &projection, &simulated.fits, &details))?;
        let (largest, work) = (simulated.largest, simulated.work);
        Ok(Tables { scenario, projection, largest, held: held.map(Held::finish), work })
    }
}

/// Draws the charts of a run in which nothing is spent, and forgets them.
fn try_charts_of_run(
    layout: &Layout,
    size: &Size,
    tapers: &[TaperFacts],
    caption: &Caption,
) -> Result<(), Stop> {
    let nothing = Projection::of_nothing(layout.clone(), &size.counties);
    let first = size.counties.first().copied().unwrap_or_default();
    let year = size.reported.last().copied().unwrap_or_default();
    let trials = CountyYearTrials { county: first, year, fen: vec![0; nothing.layout.n_replicates] };
    try_charts(&of_projection(&nothing, Some(&trials), tapers, caption.lang), caption)
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::System { .. } | WriteError::Busy(_) => Self::Failed(error.words()),
            _ => Self::BadInput(error.words()),
        }
    }
}

/// Opens the folder of the results: nothing is simulated that could not be written.
pub fn begin(args: &OutputArgs, owner: &Owner) -> Result<RunFolder, Stop> {
    Ok(RunFolder::begin(&target(args, owner), owner, replace(args))?)
}

/// The folder of the results.
fn target(args: &OutputArgs, owner: &Owner) -> std::path::PathBuf {
    args.out.clone().unwrap_or_else(|| std::path::Path::new("output").join(&owner.scenario))
}

const fn replace(args: &OutputArgs) -> Replace {
    if args.force { Replace::SameScenario } else { Replace::Refuse }
}

/// The same where documents follow the results: there must be room for them too.
pub fn begin_with(
    (output, documents): (&OutputArgs, &DocumentArgs),
    owner: &Owner,
) -> Result<RunFolder, Stop> {
    if documents.publish {
        publish::leaves_room(&target(output, owner), owner, replace(output))?;
    }
    let folder = begin(output, owner)?;
    folder.leaves_room_for(&report::files(&documents.report))?;
    Ok(folder)
}

/// Seconds by phase, for the record of the run only.
#[derive(Debug, Default)]
pub struct Timer {
    /// Phase and seconds, in order.
    pub seconds: Vec<(String, f64)>,
}

impl Timer {
    /// Times a phase.
    pub fn phase<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.add(name, began.elapsed().as_secs_f64());
        done
    }

    /// Adds seconds to a phase.
    pub fn add(&mut self, name: &str, seconds: f64) {
        match self.seconds.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += seconds,
            None => self.seconds.push((name.to_owned(), seconds)),
        }
    }
}

/// Where trials go, and how progress is shown.
#[derive(Clone, Copy)]
struct Told<'a> {
    folder: &'a RunFolder,
    quiet: bool,
    lang: Lang,
}

/// The kinds of trials that are written: by year always.
fn details(asked: &[DetailArg]) -> Vec<Detail> {
    let of = |detail: &DetailArg| match detail {
        DetailArg::Month => Detail::Month,
        DetailArg::Category => Detail::Category,
    };
    let mut all: Vec<Detail> = [Detail::Year].into_iter().chain(asked.iter().map(of)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

struct Done {
    builder: ProjectionBuilder,
    largest: Largest,
    fits: Vec<(usize, Vec<FitRow>)>,
    work: WorkDone,
}

/// Simulates county after county: each is folded into the projection and its trials are written, then forgotten.
fn simulate(
    (scenario, held): (&Scenario, Option<&mut Held>),
    mut builder: ProjectionBuilder,
    (size, supply): (&Size, Supply),
    (told, details): (Told<'_>, &[Detail]),
    timer: &mut Timer,
) -> Result<Done, Stop> {
    let Told { folder, quiet, lang } = told;
    let failed = |detail: Detail| {
        let path = folder.path(detail.table().file);
        move |cause| Stop::from(WriteError::at(&path)(cause))
    };
    let mut writers = Vec::new();
    for &detail in details {
        let out = folder.create(detail.table().file)?;
        writers.push((detail, TrialsWriter::new(out, builder.layout(), detail).map_err(failed(detail))?));
    }
    let (mut largest, mut fits, mut work) = (Largest::default(), Vec::new(), WorkDone::default());
    let last = size.reported.last().copied().unwrap_or_default();
    let (beside, mut seen) = held.map(Held::split).unzip();
    let scenarios: Vec<&Scenario> = [scenario].into_iter().chain(beside).collect();
    simulate::each_county(&scenarios, (size, supply), (quiet, lang), |county, done| {
        timer.add("population", done.seconds[0]);
        timer.add("simulation", done.seconds[1]);
        let [outcome, beside @ ..] = &done.outcomes[..] else { return Ok(()) };
        builder.add(outcome);
        largest.see(outcome, last);
        for (detail, writer) in &mut writers {
            timer.phase("writing", || writer.add(outcome)).map_err(failed(*detail))?;
        }
        if let (Some(seen), [other]) = (&mut seen, beside) {
            seen.add(outcome, other);
        }
        fits.push((county, done.fit));
        work.merge(&done.work);
        Ok(())
    })?;
    for (detail, writer) in writers {
        writer.finish().map_err(failed(detail))?;
    }
    Ok(Done { builder, largest, fits, work })
}

/// Which counties the screen shows.
pub const fn rows(args: &OutputArgs) -> screen::Rows {
    if args.all_counties { screen::Rows::All } else { screen::Rows::Largest }
}

/// What is said where the results are written and the screen cannot be.
pub fn not_printed(error: &std::io::Error, target: &std::path::Path) -> Stop {
    let target = target.display();
    Stop::Failed(Words::new(
        format!("结果无法输出：{}；结果文件完整地在 {target}", reason(error, Lang::Zh)),
        format!(
            "the output cannot be written: {}; the results are complete in {target}",
            reason(error, Lang::En)
        ),
    ))
}

/// Says where the files are.
pub fn written_to(target: &std::path::Path, args: &OutputArgs) {
    if !args.quiet {
        let words = Lang::from(args.lang).pick("结果已写入", "results written to");
        terminal::note(&format!("{words} {}", target.display()));
    }
}

/// Prints the table and says where the files are.
fn finish(
    (projection, shows): (&Projection, Shows),
    target: &std::path::Path,
    args: &OutputArgs,
    lang: Lang,
) -> Result<(), Stop> {
    let printed = if args.json {
        let json = match shows {
            Shows::Spending => screen::json(projection),
            Shows::Budgets { .. } => screen_budget::json(projection),
        };
        terminal::json(&pretty(&json)?)
    } else {
        terminal::result(&match shows {
            Shows::Spending => screen::text(projection, rows(args), lang),
            Shows::Budgets { .. } => screen_budget::text(projection, rows(args), lang),
        })
    };
    printed.map_err(|error| not_printed(&error, target))?;
    written_to(target, args);
    Ok(())
}
