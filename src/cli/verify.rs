//! `verify`: whether finished runs still are what was written, and come out again.

use std::path::Path;

use super::again::{self, Again};
use super::again_args::VerifyArgs;
use super::{Stop, interrupt, lines, pretty, simulate, terminal};
use crate::lang::{Lang, Words};
use crate::report::finished::{RunRecord, read_record};
use crate::report::inputs::Today;
use crate::report::publish;
use crate::report::screen_published::{self, CheckedPublication};
use crate::report::screen_verify::{self, Verified};
use crate::report::verify::{AgainCheck, Content, FilesCheck, InputsCheck};
use simulate::Source;

/// Verifies every run that is named; those that do not hold make the command fail, after all were looked at.
pub fn run(args: &VerifyArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.again.lang);
    interrupt::watch(lang);
    let (mut records, mut faults) = (Vec::new(), Vec::new());
    for folder in &args.runs {
        if publish::read(folder).is_some() {
            records.push((folder.as_path(), None));
            continue;
        }
        match read_record(folder) {
            Ok(record) => records.push((folder.as_path(), Some(record))),
            Err(fault) => faults.push(fault.words()),
        }
    }
    if !faults.is_empty() {
        return Err(Stop::BadInput(lines(&faults)));
    }
    if args.rerun {
        simulate::threads(args.again.threads)?;
    }
    let mut all = Vec::new();
    for (folder, record) in records {
        let looked = match record {
            Some(record) => Looked::Run(Box::new(verified(folder, record, args)?)),
            None => Looked::Publication(publication(folder, args.rerun)?),
        };
        if !args.again.json {
            terminal::result(&looked.text(lang))?;
        }
        all.push(looked);
    }
    if args.again.json {
        terminal::json(&pretty(&all.iter().map(|one| one.json(lang)).collect::<Vec<_>>())?)?;
    } else {
        terminal::result(&screen_verify::meaning(args.rerun, lang))?;
    }
    let failing: Vec<&str> = all.iter().filter_map(Looked::failing).collect();
    if failing.is_empty() {
        return Ok(());
    }
    Err(Stop::Failed(Words::new(
        format!("核对未通过：{}", failing.join("、")),
        format!("not verified: {}", failing.join(", ")),
    )))
}

/// What was looked at.
enum Looked {
    Run(Box<Verified>),
    Publication(CheckedPublication),
}

impl Looked {
    fn text(&self, lang: Lang) -> String {
        match self {
            Self::Run(run) => screen_verify::text(run, lang),
            Self::Publication(check) => screen_published::text(check, lang),
        }
    }

    fn json(&self, lang: Lang) -> serde_json::Value {
        match self {
            Self::Run(run) => screen_verify::json(run, lang),
            Self::Publication(check) => screen_published::json(check, lang),
        }
    }

    /// The folder, where something of it does not hold.
    fn failing(&self) -> Option<&str> {
        let (folder, failing) = match self {
            Self::Run(run) => (&run.folder, run.failing()),
            Self::Publication(check) => (&check.folder, check.failing()),
        };
        (!failing.is_empty()).then_some(folder.as_str())
    }
}

fn publication(folder: &Path, is_rerun: bool) -> Result<CheckedPublication, Stop> {
    let files = FilesCheck::of(folder, &publish::read(folder).unwrap_or_default())?;
    Ok(CheckedPublication { folder: folder.display().to_string(), files, is_rerun })
}

fn verified(folder: &Path, record: RunRecord, args: &VerifyArgs) -> Result<Verified, Stop> {
    let files = FilesCheck::of(folder, &record.files)?;
    let todays = again::today(&record);
    let inputs = (0..record.inputs.len()).map(|number| inputs(folder, (&record, number), &todays[number]));
    let inputs = inputs.collect();
    let again = match args.rerun {
        false => None,
        true => Some(rerun(folder, &record, args)?),
    };
    Ok(Verified { folder: folder.display().to_string(), record, files, inputs, again })
}

/// The inputs of today of one scenario of a run.
fn inputs(folder: &Path, (record, number): (&RunRecord, usize), today: &Today) -> InputsCheck {
    let input = &record.inputs[number];
    let mut check = InputsCheck::of(folder, input, today);
    // What was typed belongs to the content as well.
    if record.typed.is_some() && !check.is_elsewhere() && !input.own.is_empty() {
        let paths: Vec<String> =
            input.own.iter().map(|name| today.path(name).display().to_string()).collect();
        let size = again::size(record, None);
        check.content = match size.load_from(Source::Disk(Path::new(&paths.join("+"))), &[]) {
            Ok(scenario) if scenario.content_hash() == input.input_hash => Content::Same,
            Ok(_) => Content::Differs,
            Err(faults) => Content::Invalid(faults.words()),
        };
    }
    check
}

fn rerun(folder: &Path, record: &RunRecord, args: &VerifyArgs) -> Result<screen_verify::Again, Stop> {
    let again = match Again::of(folder, record, &args.again) {
        Ok(again) => again,
        Err(why) => return Ok(screen_verify::Again::NotDone(why)),
    };
    let scratch = again::scratch(folder)?;
    match again.write_tables(&scratch, &args.again) {
        Ok(()) => Ok(screen_verify::Again::Done(AgainCheck::of(folder, record, &scratch)?)),
        // What was a valid input once is none for this program.
        Err(Stop::BadInput(faults)) => {
            let zh = format!("本程序不接受这些输入：{}", faults.zh);
            let en = format!("this program does not take these inputs: {}", faults.en);
            Ok(screen_verify::Again::NotDone([zh, en]))
        }
        Err(other) => Err(other),
    }
}
