//! `report`: documents of finished runs, made from the files of their folders; nothing is simulated.

use std::path::{Path, PathBuf};

use super::args::{DocumentArgs, FormatArg, OutputArgs, ReportArgs};
use super::{Stop, lines, publish, terminal};
use crate::document::{DocumentError, Format};
use crate::lang::{Lang, Words};
use crate::report::finished::Finished;
use crate::report::tables;
use crate::report::write::{Replace, RunFolder};

/// Dots per inch of charts in a folder for publication where nobody says: those of a run.
const DPI: u32 = 300;

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Docx => Self::Docx,
            FormatArg::Xlsx => Self::Xlsx,
            FormatArg::Html => Self::Html,
        }
    }
}

impl From<DocumentError> for Stop {
    fn from(error: DocumentError) -> Self {
        Self::Failed(error.words())
    }
}

/// Writes the documents of every run that is named; what is wrong with any of them is said before one is written.
pub fn run(args: &ReportArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    let runs = read(args)?;
    let replace = if args.force { Replace::SameScenario } else { Replace::Refuse };
    for run in runs {
        if args.publish {
            for path in publish::write(&run, &formats_of(&args.formats), (lang, DPI), replace)? {
                terminal::result(&path.display().to_string())?;
            }
            continue;
        }
        for path in write(&run, &args.formats, lang, replace)? {
            terminal::result(&path.display().to_string())?;
        }
    }
    Ok(())
}

/// Writes the documents that were asked for into the folder of results that has just been written.
pub fn with_results(folder: &Path, args: &DocumentArgs, output: &OutputArgs) -> Result<(), Stop> {
    if args.report.is_empty() && !args.publish {
        return Ok(());
    }
    let lang = Lang::from(output.lang);
    let run = Finished::read(folder).map_err(|fault| Stop::Failed(fault.words()))?;
    let mut written = Vec::new();
    if !args.report.is_empty() {
        written.extend(write(&run, &args.report, lang, Replace::Refuse)?);
    }
    if args.publish {
        let replace = if output.force { Replace::SameScenario } else { Replace::Refuse };
        written.extend(publish::write(&run, &formats_of(&args.report), (lang, output.drawing.dpi), replace)?);
    }
    for path in written.iter().filter(|_| !output.quiet) {
        terminal::note(&path.display().to_string());
    }
    Ok(())
}

/// The files of documents.
pub fn files(formats: &[FormatArg]) -> Vec<&'static str> {
    formats.iter().map(|&format| Format::from(format).file()).collect()
}

/// Writes documents of a run into its folder, all of them or none; gives their paths.
fn write(run: &Finished, formats: &[FormatArg], lang: Lang, replace: Replace) -> Result<Vec<PathBuf>, Stop> {
    let formats = formats_of(formats);
    let files: Vec<&str> = formats.iter().map(|format| format.file()).collect();
    let folder = RunFolder::reopen(&run.folder, &files, replace)?;
    for format in &formats {
        let bytes = format.make(run, lang)?;
        folder.write(format.file(), |out| std::io::Write::write_all(out, &bytes))?;
    }
    Ok(folder.finish_documents(&files)?)
}

/// Kinds of documents, each once.
fn formats_of(formats: &[FormatArg]) -> Vec<Format> {
    let mut formats: Vec<Format> = formats.iter().map(|&format| format.into()).collect();
    formats.sort_unstable();
    formats.dedup();
    formats
}

fn read(args: &ReportArgs) -> Result<Vec<Finished>, Stop> {
    let (mut runs, mut faults) = (Vec::new(), Vec::new());
    for folder in &args.runs {
        match Finished::read(folder) {
            Ok(run) if run.is_comparison() || run.table(tables::PROJECTION.file).is_some() => runs.push(run),
            Ok(run) => faults.push(none_of_its_kind(&run)),
            Err(fault) => faults.push(fault.words()),
        }
    }
    if faults.is_empty() { Ok(runs) } else { Err(Stop::BadInput(lines(&faults))) }
}

/// What is said of the folder of a command that no document is made of.
fn none_of_its_kind(run: &Finished) -> Words {
    let tables: Vec<&str> = run.tables.iter().map(|table| table.file.as_str()).collect();
    let (folder, tables) = (run.folder.display(), Words::list(&tables));
    Words::new(
        format!(
            "{folder}：只由 run、budget 或 compare 的结果生成报告；此处为 {}，表和图可直接使用",
            tables.zh
        ),
        format!(
            "{folder}: documents are made of what run, budget or compare wrote; this holds {}, whose tables and charts can be used as they are",
            tables.en
        ),
    )
}
