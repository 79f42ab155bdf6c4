//! What of a finished run still holds: its files against their hashes, the inputs of today against those that it read,
//! and its tables against those that are worked out again.

use std::collections::BTreeMap;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Row;

use super::finished::{Input, RunRecord};
use super::inputs::{self, Today};
use super::record;
use super::table::BYTE_ORDER_MARK;
use super::write::{self, RunFolder, WriteError};
use crate::file;
use crate::lang::Words;
use crate::scenario::kept;

/// The files of a folder against the record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesCheck {
    /// How many are as they were written.
    pub n_same: usize,
    /// Those that are not.
    pub changed: Vec<String>,
    /// Those that are gone.
    pub missing: Vec<String>,
    /// What stands there beside them.
    pub beyond: Vec<String>,
}

impl FilesCheck {
    /// Looks at every file of a folder; given are the hashes in its record.
    ///
    /// # Errors
    /// What the system says of the folder.
    pub fn of(folder: &Path, files: &BTreeMap<String, String>) -> Result<Self, WriteError> {
        let mut check = Self::default();
        for (name, known) in files {
            match write::hash(&folder.join(name)) {
                Ok(now) if now == *known && write::is_inside(name) => check.n_same += 1,
                Ok(_) => check.changed.push(name.clone()),
                Err(_) => check.missing.push(name.clone()),
            }
        }
        let there = write::entries(folder)?.into_iter();
        check.beyond = there.filter(|name| name != record::FILE && !files.contains_key(name)).collect();
        Ok(check)
    }

    /// Whether the folder holds the files of the run, all of them and nothing else.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.beyond.is_empty()
    }
}

/// What is to be said of the content that the files of today resolve to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// It is that of the run.
    Same,
    /// It is not.
    Differs,
    /// The files are no valid scenario, with what is wrong.
    Invalid(Words),
    /// There are no files, or the changes that were typed are not known.
    NotRead,
}

/// The inputs of today against those of one scenario of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputsCheck {
    /// The scenario.
    pub scenario: String,
    /// The number of files that are as the run read them.
    pub n_same: usize,
    /// Files that are not.
    pub changed: Vec<String>,
    /// Files that are not there.
    pub gone: Vec<String>,
    /// Whether the folder of the run holds all files as the run read them.
    pub is_kept: bool,
    /// What the files of today resolve to.
    pub content: Content,
}

impl InputsCheck {
    /// Looks at the files of today; what they resolve to is not known yet.
    #[must_use]
    pub fn of(folder: &Path, input: &Input, today: &Today) -> Self {
        let (mut n_same, mut changed, mut gone) = (0, Vec::new(), Vec::new());
        for (name, known) in &input.files {
            match file::read(&today.path(name), file::MOST_OF_A_SCENARIO) {
                Ok(bytes) if kept::hash(&bytes) == *known => n_same += 1,
                Ok(_) => changed.push(name.clone()),
                Err(_) => gone.push(name.clone()),
            }
        }
        let read = inputs::read(folder, input, &Today::default());
        let is_kept = read.is_ok_and(|(_, found)| found == inputs::Found::InRun);
        Self { scenario: input.scenario.clone(), n_same, changed, gone, is_kept, content: Content::NotRead }
    }

    /// Whether none of the files lies under its name: there is nothing to be compared.
    #[must_use]
    pub const fn is_elsewhere(&self) -> bool {
        self.n_same == 0 && self.changed.is_empty()
    }

    /// Whether the inputs of today are those of the run, as far as there are any. By another version of the program the
    /// content counts otherwise, and only the files tell.
    #[must_use]
    pub fn holds(&self, is_same_version: bool) -> bool {
        let is_content = match self.content {
            Content::Same | Content::NotRead => true,
            Content::Differs => !is_same_version,
            Content::Invalid(_) => false,
        };
        self.is_elsewhere() || (self.changed.is_empty() && self.gone.is_empty() && is_content)
    }
}

/// A table that is not worked out again as the run wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The file.
    pub file: String,
    /// How it differs.
    pub how: How,
}

/// How a table differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// The run has none.
    OnlyAgain,
    /// The run has one, and it is not written again.
    OnlyInRun,
    /// The file of the run is gone or changed, so that no field can be named.
    NotThere,
    /// This is the first field that differs.
    Field(Box<Field>),
    /// Only bytes differ that are no field.
    Bytes,
}

/// The first field in which two tables differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// The row, from 1, without the header; 0: the header.
    pub row: usize,
    /// The first fields of the row, by which it can be found.
    pub of: String,
    /// The column.
    pub column: String,
    /// What the run wrote; nothing where it has no such row or column.
    pub was: String,
    /// What is worked out again.
    pub again: String,
}

/// The tables of a run against those that were worked out again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgainCheck {
    /// How many are the same to the bit.
    pub n_same: usize,
    /// The others, in the order of their names.
    pub differing: Vec<Differing>,
}

/// Whether a file is a table or holds trials, and not one that the run read.
fn is_table(name: &str) -> bool {
    let is_input = name.split('/').next() == Some(inputs::FOLDER);
    !is_input && (name.ends_with(".csv") || name.ends_with(".parquet"))
}

impl AgainCheck {
    /// Holds the tables in a folder that is written anew against those of a run.
    ///
    /// # Errors
    /// What the system says.
    pub fn of(folder: &Path, run: &RunRecord, again: &RunFolder) -> Result<Self, WriteError> {
        let mut check = Self::default();
        let written: std::collections::BTreeMap<String, String> = again.hashes()?.into_iter().collect();
        let names = run.files.keys().chain(written.keys()).filter(|name| is_table(name));
        for name in names.collect::<std::collections::BTreeSet<_>>() {
            let how = match (run.files.get(name), written.get(name)) {
                (Some(known), Some(now)) if known == now => {
                    check.n_same += 1;
                    continue;
                }
                (None, _) => How::OnlyAgain,
                (_, None) => How::OnlyInRun,
                (Some(known), Some(_)) => {
                    let path = folder.join(name);
                    let is_there = write::hash(&path).is_ok_and(|hash| hash == *known);
                    if is_there { first_difference(&path, &again.path(name)) } else { How::NotThere }
                }
            };
            check.differing.push(Differing { file: name.clone(), how });
        }
        Ok(check)
    }
}

/// The first field in which two files differ that do not have the same bytes.
fn first_difference(was: &Path, again: &Path) -> How {
    let field = if was.extension().is_some_and(|ending| ending == "csv") {
        rows_of_csv(was).zip(rows_of_csv(again)).and_then(|(was, again)| first_field(was, again))
    } else {
        rows_of_trials(was).zip(rows_of_trials(again)).and_then(|(was, again)| first_field(was, again))
    };
    field.map_or(How::Bytes, |field| How::Field(Box::new(field)))
}

/// The fields of a row, the header first.
type Fields = Vec<String>;

/// How many fields say which row is meant.
const NAMING: usize = 6;

fn first_field(
    mut was: impl Iterator<Item = Fields>,
    mut again: impl Iterator<Item = Fields>,
) -> Option<Field> {
    let mut header: Option<Fields> = None;
    for row in 0.. {
        let (one, other) = match (was.next(), again.next()) {
            (None, None) => return None,
            (one, other) => (one.unwrap_or_default(), other.unwrap_or_default()),
        };
        let at = (0..one.len().max(other.len())).find(|&at| one.get(at) != other.get(at));
        if let Some(at) = at {
            let named = if one.is_empty() { &other } else { &one };
            let text = |fields: &Fields| fields.get(at).cloned().unwrap_or_default();
            let column = header.as_ref().map_or_else(|| text(named), text);
            let of = named.iter().take(NAMING.min(named.len())).cloned().collect::<Vec<_>>().join(" ");
            return Some(Field { row, of, column, was: text(&one), again: text(&other) });
        }
        header.get_or_insert(one);
    }
    None
}

fn rows_of_csv(path: &Path) -> Option<impl Iterator<Item = Fields> + use<>> {
    let text = file::read_text(path, file::MOST_OF_A_RUN).ok()?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).to_owned();
    let reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(std::io::Cursor::new(text));
    Some(reader.into_records().map_while(|row| Some(row.ok()?.iter().map(ToOwned::to_owned).collect())))
}

fn rows_of_trials(path: &Path) -> Option<impl Iterator<Item = Fields> + use<>> {
    let reader = SerializedFileReader::new(file::open(path).ok()?).ok()?;
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let header: Fields = columns.iter().map(|column| column.name().to_owned()).collect();
    let fields = |row: Row| row.get_column_iter().map(|(_, field)| plain(field)).collect();
    let rows = reader.into_iter().map_while(move |row| row.ok().map(fields));
    Some(std::iter::once(header).chain(rows))
}

/// A field of the trials as a table would write it.
fn plain(field: &parquet::record::Field) -> String {
    match field {
        parquet::record::Field::Str(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> std::vec::IntoIter<Fields> {
        let fields = |line: &str| line.split(',').map(ToOwned::to_owned).collect();
        text.lines().map(fields).collect::<Vec<Fields>>().into_iter()
    }

    #[test]
    fn exact_the_first_field_that_differs_is_named() {
        let table = "county,year,fen\n上思县,2023,5\n上思县,2024,6";
        assert_eq!(first_field(rows(table), rows(table)), None);
        let other = first_field(rows(table), rows(&table.replace("2024,6", "2024,7"))).unwrap();
        assert_eq!((other.row, other.column.as_str()), (2, "fen"));
        assert_eq!(
            (other.of.as_str(), other.was.as_str(), other.again.as_str()),
            ("上思县 2024 6", "6", "7")
        );
        let shorter = first_field(rows(table), rows("county,year,fen\n上思县,2023,5")).unwrap();
        assert_eq!((shorter.row, shorter.column.as_str(), shorter.again.as_str()), (2, "county", ""));
        let header = first_field(rows(table), rows(&table.replace("fen", "yuan"))).unwrap();
        assert_eq!((header.row, header.column.as_str(), header.again.as_str()), (0, "fen", "yuan"));
    }
}
