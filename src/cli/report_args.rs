//! What `report` is told, and what other commands are told of documents.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::LangOption;

/// Documents that are written with the results.
#[derive(Debug, Args, Clone, Default)]
pub struct DocumentArgs {
    /// Write documents into the folder of the results too, separated by commas; report makes them later, too
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMATS")]
    pub report: Vec<FormatArg>,
    /// Also write a folder for publication beside the results, NAME-published: no count of fewer than ten persons stands in
    /// it or can be found from it, inputs and replicates are left out (docs/publish.md)
    #[arg(long)]
    pub publish: bool,
}

/// What `report` is told.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Folders that run or compare wrote
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Which documents, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [FormatArg::Docx, FormatArg::Xlsx, FormatArg::Html])]
    pub formats: Vec<FormatArg>,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
    /// Write the documents into a folder for publication beside each run, RUN-published, with its tables and charts: no
    /// count of fewer than ten persons stands in it or can be found from it, inputs and replicates are left out
    /// (docs/publish.md)
    #[arg(long)]
    pub publish: bool,
    /// Replace documents that report wrote earlier; one that was changed since is never replaced
    #[arg(long)]
    pub force: bool,
}

/// The kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Paper for Word, WPS or LibreOffice
    Docx,
    /// Workbook for Excel, WPS or LibreOffice
    Xlsx,
    /// Page for a browser, one file without network
    Html,
}
