//! `report.docx`: a paper in the form of a Chinese official document (GB/T 9704—2012), as WordprocessingML.
//!
//! The parts of the package are written here and packed with the same library that packs the workbook. Only what a
//! report needs is used: paragraphs with named styles, tables of three rules, pictures with alternative texts, page
//! numbers.

mod body;
mod styles;
mod xml;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::DocumentError;
use super::content::content;
use super::labels::Words;
use crate::chart::save;
use crate::lang::Lang;
use crate::report::finished::Finished;
use body::Body;
pub(super) use body::shown;

/// Resolution of the pictures, dots per inch: for print.
const DPI: u32 = 300;

/// Makes the paper of a run: its bytes.
///
/// # Errors
/// A file of the run that cannot be read, a chart that cannot be drawn.
pub fn make(run: &Finished, lang: Lang) -> Result<Vec<u8>, DocumentError> {
    let words = Words { run, lang };
    let content = content(words)?;
    let body = Body::of(&content, lang);
    let mut package = Package::new();
    package.add("[Content_Types].xml", xml::CONTENT_TYPES)?;
    package.add("_rels/.rels", xml::PACKAGE_RELATIONS)?;
    package.add("docProps/core.xml", &xml::core(&content.title.concat(), &run.run_id(), lang))?;
    package.add("docProps/app.xml", xml::APP)?;
    package.add("word/styles.xml", &styles::styles(lang))?;
    package.add("word/fontTable.xml", &styles::fonts())?;
    package.add("word/settings.xml", xml::SETTINGS)?;
    package.add("word/footer1.xml", &xml::footer(&run.run_id(), lang))?;
    package.add("word/_rels/document.xml.rels", &xml::relations(body.pictures.len()))?;
    package.add("word/document.xml", &body.document())?;
    for (number, svg) in body.pictures.iter().enumerate() {
        package.add_bytes(&format!("word/media/image{}.png", number + 1), &save::png(svg, DPI)?)?;
    }
    package.finish()
}

/// The files of the document in their order; packed at a fixed time, so that the same run gives the same bytes.
struct Package {
    zip: ZipWriter<Cursor<Vec<u8>>>,
}

impl Package {
    fn new() -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())) }
    }

    fn add(&mut self, name: &str, text: &str) -> Result<(), DocumentError> {
        self.add_bytes(name, text.as_bytes())
    }

    fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), DocumentError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        self.zip.start_file(name, options).map_err(|error| DocumentError::Paper(error.into()))?;
        self.zip.write_all(bytes).map_err(DocumentError::Paper)
    }

    fn finish(self) -> Result<Vec<u8>, DocumentError> {
        Ok(self.zip.finish().map_err(|error| DocumentError::Paper(error.into()))?.into_inner())
    }
}
