//! How a command ends that lays arms of one scenario beside each other: tables, charts and record, then the answer.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::args::{OutputArgs, SizeArgs};
use super::project::{self, Timer};
use super::simulate::Size;
use super::{Stop, caption, charts, pretty, terminal};
use crate::lang::Lang;
use crate::projection::layout::Layout;
use crate::report::figures::Figure;
use crate::report::record::{Execution, Owner, Record};
use crate::report::typed::Typed;
use crate::report::write::{RunFolder, WriteError};
use crate::scenario::Scenario;
use crate::simulation::outcome::WorkDone;

/// What was simulated, and how.
pub struct Done<'a> {
    /// The command, as it is recorded.
    pub command: &'a str,
    /// The scenario as written.
    pub scenario: &'a Scenario,
    /// What its positions mean.
    pub layout: &'a Layout,
    /// How much was simulated.
    pub size: &'a Size,
    /// What was typed of it.
    pub typed: &'a SizeArgs,
    /// Where results go.
    pub output: &'a OutputArgs,
    /// Threads.
    pub threads: usize,
    /// Persons and claims.
    pub work: WorkDone,
    /// Seconds so far.
    pub timer: Timer,
}

/// Whose folder it is: that of the scenario and a name behind it.
pub fn owner(scenario: &Scenario, name: &str) -> Owner {
    Owner::of(&format!("{}-{name}", scenario.id), &[scenario])
}

/// Draws the charts, writes tables and record, and puts the folder in place.
pub fn write(
    folder: RunFolder,
    owner: &Owner,
    (figures, tables): (Vec<Figure>, impl FnOnce(&RunFolder) -> Result<(), WriteError>),
    done: Done<'_>,
) -> Result<PathBuf, Stop> {
    let Done { command, scenario, layout, size, typed, output, threads, work, mut timer } = done;
    let caption = caption::caption(scenario, size, Lang::from(output.lang));
    let warning = timer.phase("charts", || charts::draw(&folder, figures, &caption, &output.drawing))?;
    timer.phase("writing", || tables(&folder))?;
    let execution = Execution { threads, engine: size.engine.name(), work, seconds: timer.seconds };
    let mut record =
        Record::of_comparison(&owner.scenario, &[scenario], (layout, &size.counties), &execution);
    record.came_of(Typed::new(command, &typed.all_settings()));
    record.rests_on(caption::basis(scenario, size));
    record.warn(warning.as_slice(), layout);
    record.write(&folder)?;
    Ok(folder.finish()?)
}

/// Prints the answer, and says where the files are.
pub fn print(
    (json, text): (impl FnOnce() -> Value, impl FnOnce(Lang) -> String),
    target: &Path,
    args: &OutputArgs,
) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    let printed = if args.json { terminal::json(&pretty(&json())?) } else { terminal::result(&text(lang)) };
    printed.map_err(|error| project::not_printed(&error, target))?;
    project::written_to(target, args);
    Ok(())
}
