//! A finished run worked out again: what was typed, and the files that it read, from its folder.

use std::path::{Path, PathBuf};

use super::again_args::AgainArgs;
use super::args::{
    AttributionArg, ChartArgs, CompareArgs, DetailArg, DocumentArgs, OutputArgs, RunArgs, SizeArgs,
};
use super::project::Shows;
use super::simulate::Source;
use super::work_args::PartsArgs;
use super::{Stop, compare, project};
use crate::report::finished::RunRecord;
use crate::report::inputs::{self, Today};
use crate::report::record::Owner;
use crate::report::trials::Detail;
use crate::report::write::{Replace, RunFolder};
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::scenario::kept::Kept;
use crate::scenario::load::Setting;

/// A finished run with all that it takes to work it out again.
#[derive(Debug)]
pub struct Again<'a> {
    /// Its record.
    pub record: &'a RunRecord,
    /// How much was simulated.
    pub size: SizeArgs,
    /// The files of each scenario.
    pub kept: Vec<Kept>,
}

/// The commands whose tables can be written again.
const COMMANDS: [&str; 3] = ["run", "budget", "compare"];

/// Why a run cannot be worked out again, in Chinese and English.
pub type NotAgain = [String; 2];

/// Where the files of each scenario of a run are to be found today.
#[must_use]
pub fn today(record: &RunRecord) -> Vec<Today> {
    let files = record.scenario_files.iter().map(String::as_str).chain(std::iter::repeat(""));
    record.inputs.iter().zip(files).map(|(input, files)| Today::of(input, files)).collect()
}

impl<'a> Again<'a> {
    /// From the folder of a run.
    ///
    /// # Errors
    /// Inputs that are neither in the folder nor, as the run read them, where they were; changes that were typed and not kept.
    pub fn of(folder: &Path, record: &'a RunRecord, args: &AgainArgs) -> Result<Self, NotAgain> {
        if let Some(typed) = &record.typed
            && !COMMANDS.contains(&typed.command.as_str())
        {
            let [zh, en] = [
                "只有 run、budget 和 compare 的结果可以重新测算",
                "only what run, budget and compare wrote is worked out again",
            ];
            return Err([format!("{zh}（{}）", typed.command), format!("{en} (not {})", typed.command)]);
        }
        let (mut all, mut lost) = (Vec::new(), Vec::new());
        for (input, today) in record.inputs.iter().zip(today(record)) {
            match inputs::read(folder, input, &today) {
                Ok((kept, _)) => all.push(kept),
                Err(files) => lost.extend(files.files),
            }
        }
        if all.len() < record.inputs.len() || all.is_empty() {
            return Err(not_there(&lost));
        }
        let again = Self { record, size: size(record, args.threads), kept: all };
        if record.typed.is_none() {
            again.is_known()?;
        }
        Ok(again)
    }

    /// Reads a scenario of the run with changes beyond its own.
    ///
    /// # Errors
    /// The faults of its files.
    pub fn scenario(&self, number: usize, more: &[Setting]) -> Result<Scenario, Faults> {
        self.size.load_from(Source::Kept(&self.kept[number]), more)
    }

    /// Reads a scenario of the run with other settings of the run, the years among them.
    ///
    /// # Errors
    /// The faults of its files, and settings that do not go with them.
    pub fn scenario_as(&self, number: usize, run: &[Setting]) -> Result<Scenario, Faults> {
        // The years that were asked for must not be added to those that are set.
        let size = SizeArgs { years: None, ..self.size.clone() };
        size.load_from(Source::Kept(&self.kept[number]), run)
    }

    /// A run of a version that kept no changes: where there were some, the content is another one.
    fn is_known(&self) -> Result<(), NotAgain> {
        for (number, input) in self.record.inputs.iter().enumerate() {
            let scenario = self.scenario(number, &[]);
            if !scenario.is_ok_and(|scenario| scenario.content_hash() == input.input_hash) {
                return Err([
                    "该次测算由不保存命令行设置的旧版本写出，仅凭文件得不到当时的输入（当时可能用了 --set，或程序此后有改动）"
                        .to_owned(),
                    "the run is of a version that did not keep what was typed, and its files alone do not give its input (values may have been changed by --set, or the program has changed since)"
                        .to_owned(),
                ]);
            }
        }
        Ok(())
    }

    /// Writes its tables and trials into a folder that is never put in place.
    pub fn write_tables(&self, into: &RunFolder, args: &AgainArgs) -> Result<(), Stop> {
        let output = output(args);
        if self.record.inputs.len() > 1 {
            let args = self.compare_args(output);
            return compare::write_tables_again(&args, (&self.kept, &self.record.inputs), into);
        }
        let trials_by = [(Detail::Month, DetailArg::Month), (Detail::Category, DetailArg::Category)];
        let is_there = |detail: Detail| self.record.files.contains_key(detail.table().file);
        let trials_by = trials_by.into_iter().filter(|(detail, _)| is_there(*detail)).map(|(_, arg)| arg);
        let args = RunArgs {
            scenario: PathBuf::new(),
            size: self.size.clone(),
            output,
            precision: None,
            trials_by: trials_by.collect(),
            bills: self.record.typed.as_ref().and_then(|typed| typed.bills).unwrap_or(0),
            parts: PartsArgs::default(),
            documents: DocumentArgs::default(),
        };
        let typed = self.record.typed.as_ref();
        let shows = match typed.filter(|typed| typed.command == "budget") {
            Some(typed) => Shows::Budgets { waiting: Some(typed.waiting.unwrap_or(0)) },
            None => Shows::Spending,
        };
        project::write_tables_again((&args, shows), &self.kept[0], into)
    }

    fn compare_args(&self, output: OutputArgs) -> CompareArgs {
        let attribution = self.record.typed.as_ref().and_then(|typed| typed.attribution.clone());
        let attribution = attribution.unwrap_or_default();
        CompareArgs {
            base: PathBuf::new(),
            others: Vec::new(),
            attribution: match attribution.when.as_str() {
                "always" => AttributionArg::Always,
                "never" => AttributionArg::Never,
                _ => AttributionArg::Auto,
            },
            attribution_orders: attribution.orders.max(2),
            winners: self.record.typed.as_ref().and_then(|typed| typed.winners).unwrap_or(0),
            size: self.size.clone(),
            output,
            documents: DocumentArgs::default(),
        }
    }
}

/// A folder beside a run for tables that are written again; dropped, it leaves nothing.
pub fn scratch(folder: &Path) -> Result<RunFolder, Stop> {
    // `.` has no name of its own.
    let whole = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = whole.with_file_name(format!(".{name}.again"));
    Ok(RunFolder::begin(&beside, &Owner::default(), Replace::Refuse)?)
}

fn not_there(lost: &[String]) -> NotAgain {
    if lost.is_empty() {
        return [
            "旧版本未注明哪个文件是方案文件".to_owned(),
            "an earlier version did not say which file is the scenario".to_owned(),
        ];
    }
    [
        format!("以下输入既不在结果文件夹内，原处的文件也与测算时不同或已缺少：{}", lost.join("、")),
        format!(
            "these inputs are not in the folder, and where they were they have changed or are gone: {}",
            lost.join(", ")
        ),
    ]
}

/// How much was simulated. Of a version that did not keep what was typed, what else the record says.
pub fn size(record: &RunRecord, threads: Option<u16>) -> SizeArgs {
    let settings = match &record.typed {
        Some(typed) => typed.all_settings(),
        None => {
            let run = |key: &str, value: String| Setting { path: format!("run.{key}"), value };
            let without: Vec<String> = record.without.iter().map(|source| format!("{source:?}")).collect();
            vec![
                run("seed", record.seed.to_string()),
                run("replicates", record.replicates.to_string()),
                run("without", format!("[{}]", without.join(", "))),
            ]
        }
    };
    let years = record.years.first().copied().zip(record.years.last().copied());
    SizeArgs::of_typed(settings, (years, &record.counties), threads)
}

fn output(args: &AgainArgs) -> OutputArgs {
    OutputArgs {
        out: None,
        force: false,
        lang: args.lang,
        drawing: ChartArgs::default(),
        all_counties: false,
        quiet: args.quiet || args.json,
        json: false,
    }
}
