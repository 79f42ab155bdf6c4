//! Documents made from finished runs: what a bureau opens in its office programs. Nothing is simulated again; every
//! figure and every sentence comes from the files of the run, so the same run gives the same bytes.

pub mod basis;
mod budget;
pub mod content;
pub mod findings;
pub mod grid;
pub mod labels;
pub mod method;
pub mod money;
pub mod overview;
mod page;
pub mod pictures;
pub mod results;
pub mod sources;
mod word;
mod winners;
pub mod workbook;

use crate::lang::Lang;
use crate::report::finished::Finished;

/// Why a document cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A file of the run cannot be read.
    #[error("{0}: {1}")]
    Read(std::path::PathBuf, std::io::Error),
    /// A chart cannot be drawn.
    #[error("a chart cannot be drawn: {0}")]
    Chart(#[from] crate::chart::ChartError),
    /// The paper cannot be packed.
    #[error("report.docx: {0}")]
    Paper(std::io::Error),
    /// The workbook cannot be made.
    #[error("report.xlsx: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A paper for Word, WPS or LibreOffice.
    Docx,
    /// A workbook for Excel, WPS or LibreOffice.
    Xlsx,
    /// A page for a browser.
    Html,
}

impl Format {
    /// Every kind, in the order in which they are written.
    pub const ALL: [Self; 3] = [Self::Docx, Self::Xlsx, Self::Html];

    /// The file in the folder of the run.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Docx => "report.docx",
            Self::Xlsx => "report.xlsx",
            Self::Html => "report.html",
        }
    }

    /// Makes the document of a run: its bytes.
    ///
    /// # Errors
    /// A file of the run that cannot be read, or a document that cannot be made.
    pub fn make(self, run: &Finished, lang: Lang) -> Result<Vec<u8>, DocumentError> {
        match self {
            Self::Docx => word::make(run, lang),
            Self::Xlsx => workbook::make(run, lang),
            Self::Html => page::make(run, lang),
        }
    }
}
