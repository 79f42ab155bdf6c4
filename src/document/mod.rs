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

use crate::chart::ChartError;
use crate::lang::{Lang, Words};
use crate::report::finished::Finished;
use crate::report::write::reason;

/// Why a document cannot be made.
#[derive(Debug)]
pub enum DocumentError {
    /// A file of the run cannot be read.
    Read(std::path::PathBuf, std::io::Error),
    /// A chart cannot be drawn.
    Chart(ChartError),
    /// The paper cannot be packed.
    Paper(std::io::Error),
    /// The workbook cannot be made.
    Workbook(rust_xlsxwriter::XlsxError),
}

impl DocumentError {
    /// What is said of it.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Read(path, error) => {
                let path = path.display();
                Words::new(
                    format!("{path}：无法读取：{}", reason(error, Lang::Zh)),
                    format!("{path}: cannot be read: {}", reason(error, Lang::En)),
                )
            }
            Self::Chart(error) => not_drawn(error),
            Self::Paper(error) => Words::new(
                format!("report.docx：{}", reason(error, Lang::Zh)),
                format!("report.docx: {}", reason(error, Lang::En)),
            ),
            Self::Workbook(error) => {
                Words::new(format!("report.xlsx：无法生成（{error}）"), format!("report.xlsx: {error}"))
            }
        }
    }
}

/// What is said of a chart that cannot be drawn.
#[must_use]
pub fn not_drawn(error: &ChartError) -> Words {
    let why = error.text_zh();
    Words::new(format!("图无法绘制：{why}"), format!("a chart cannot be drawn: {error}"))
}

impl From<ChartError> for DocumentError {
    fn from(error: ChartError) -> Self {
        Self::Chart(error)
    }
}

impl From<rust_xlsxwriter::XlsxError> for DocumentError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Workbook(error)
    }
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
