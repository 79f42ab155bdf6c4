//! `report`: documents of finished runs, made from the files of their folders; nothing is simulated.

use super::args::{FormatArg, ReportArgs};
use super::{Stop, terminal};
use crate::document::{DocumentError, Format};
use crate::lang::Lang;
use crate::report::finished::Finished;
use crate::report::tables;
use crate::report::write::{Replace, RunFolder};

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
        Self::Failed(error.to_string())
    }
}

/// Writes the documents of every run that is named; what is wrong with any of them is said before one is written.
pub fn run(args: &ReportArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    let mut formats: Vec<Format> = args.formats.iter().map(|&format| format.into()).collect();
    formats.sort_unstable();
    formats.dedup();
    let files: Vec<&str> = formats.iter().map(|format| format.file()).collect();
    let runs = read(args, lang)?;
    let replace = if args.force { Replace::SameScenario } else { Replace::Refuse };
    for run in runs {
        let folder = RunFolder::reopen(&run.folder, &files, replace)?;
        for format in &formats {
            let bytes = format.make(&run, lang)?;
            folder.write(format.file(), |out| std::io::Write::write_all(out, &bytes))?;
        }
        for path in folder.finish_documents(&files)? {
            terminal::result(&path.display().to_string())?;
        }
    }
    Ok(())
}

fn read(args: &ReportArgs, lang: Lang) -> Result<Vec<Finished>, Stop> {
    let (mut runs, mut faults) = (Vec::new(), Vec::new());
    for folder in &args.runs {
        match Finished::read(folder) {
            Ok(run) if run.is_comparison() || run.table(tables::PROJECTION.file).is_some() => runs.push(run),
            Ok(run) => faults.push(none_of_its_kind(&run, lang)),
            Err(fault) => faults.push(fault.text(lang)),
        }
    }
    if faults.is_empty() { Ok(runs) } else { Err(Stop::BadInput(faults.join("\n"))) }
}

/// What is said of the folder of a command that no document is made of.
fn none_of_its_kind(run: &Finished, lang: Lang) -> String {
    let tables: Vec<&str> = run.tables.iter().map(|table| table.file.as_str()).collect();
    let (folder, tables) = (run.folder.display(), tables.join(lang.pick("、", ", ")));
    match lang {
        Lang::Zh => {
            format!("{folder}：只由 run、budget 或 compare 的结果生成报告；此处为 {tables}，表和图可直接使用")
        }
        Lang::En => format!(
            "{folder}: documents are made of what run, budget or compare wrote; this holds {tables}, whose tables and charts can be used as they are"
        ),
    }
}
