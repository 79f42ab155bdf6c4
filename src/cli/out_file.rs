//! A file that a command is asked to write its result to: a workbook or text, new or not at all.

use std::path::{Path, PathBuf};

use super::{Stop, terminal};
use crate::cases::answer_book::NoBook;
use crate::file;
use crate::lang::Words;
use crate::report::write::not_written;

/// What a file is by its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A workbook.
    Book,
    /// Text.
    Text,
}

/// A file that is to be written.
#[derive(Debug, Clone)]
pub struct OutFile {
    path: PathBuf,
    /// What it is to be.
    pub kind: Kind,
}

impl OutFile {
    /// The file that was named, if one was; text has an ending of its own. What could not be written is refused before
    /// anything is worked out.
    pub fn of(path: Option<&Path>, text: &str) -> Result<Option<Self>, Stop> {
        let Some(path) = path else { return Ok(None) };
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let kind = match ending.as_str() {
            "xlsx" => Kind::Book,
            ending if ending == text => Kind::Text,
            _ => {
                let at = path.display();
                return Err(Stop::BadInput(Words::new(
                    format!("--out {at}：文件名须以 .xlsx 或 .{text} 结尾"),
                    format!("--out {at}: the name must end in .xlsx or .{text}"),
                )));
            }
        };
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(taken(path));
        }
        Ok(Some(Self { path: path.to_owned(), kind }))
    }

    /// Writes it, and says where it is.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Stop> {
        match file::write_new(&self.path, bytes) {
            Ok(()) => {
                terminal::note(&self.path.display().to_string());
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(taken(&self.path)),
            Err(error) => Err(Stop::Failed(not_written(&self.path, &error))),
        }
    }
}

fn taken(path: &Path) -> Stop {
    let at = path.display();
    Stop::BadInput(Words::new(
        format!("--out {at}：已存在，不覆盖；请换一个文件名，或先移走"),
        format!("--out {at}: is there already and is not overwritten; choose another name, or move it away"),
    ))
}

impl From<NoBook> for Stop {
    fn from(error: NoBook) -> Self {
        match error {
            NoBook::TooMany(_) => Self::BadInput(error.words()),
            NoBook::Line(_) | NoBook::Book(_) => Self::Failed(error.words()),
        }
    }
}
