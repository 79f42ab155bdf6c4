//! A finished run as it may be shown to anybody: no count of fewer than ten persons stands in it, and none can be found
//! from what does. One pass over the tables, told by their own columns what is a count of persons and what is money;
//! documents and charts are made from the tables that come out of it. The rule stands in `docs/publish.md`.

mod column;
mod groups;
mod mask;
mod record;
mod round;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use super::finished::{Finished, NotFinished, ReadTable, columns_as_written};
use super::table;
use super::tables;
use super::write::{RunFolder, WriteError};
use crate::scenario::kept;
pub use groups::SmallGroups;
pub use record::{Publication, is_published, read};

/// The fewest persons whose number is shown.
pub const FEWEST: f64 = 10.0;
/// What stands for a number of fewer persons.
pub const FEW: &str = "<10";
/// What stands for an amount, an error or a count that would say how many of so few there are.
pub const WITHHELD: &str = "..";
/// To how many persons counts are rounded where anything is hidden.
pub const PERSONS: f64 = 10.0;
/// To how many yuan amounts are rounded where anything is hidden: more than what ten persons get by the head.
pub const YUAN: f64 = 10_000.0;

/// A run with what may not be shown taken out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The run: its tables and its record as they are shown.
    pub run: Finished,
    /// What was done to it.
    pub publication: Publication,
    /// The rows of `columns.csv`.
    columns: Vec<Vec<String>>,
}

impl Published {
    /// Of a finished run and the groups that are known to be small from its inputs.
    ///
    /// # Errors
    /// A `columns.csv` that cannot be read.
    pub fn of(run: &Finished, small: SmallGroups) -> Result<Self, NotFinished> {
        let mut tables = run.tables.clone();
        let small = tables.iter().fold(small, SmallGroups::with_register);
        let n_hidden: usize = tables.iter_mut().map(|table| mask::mask(table, &small)).sum();
        if n_hidden > 0 {
            tables.iter_mut().for_each(round::round);
        }
        let columns = columns_of(run, n_hidden > 0)?;
        let mut bytes = Vec::new();
        for table in &tables {
            // A vector takes whatever is written.
            let _ = write_table(&mut bytes, table);
        }
        let publication = Publication { n_hidden, id: kept::hash(&bytes) };
        let record = record::of(run, &publication);
        let run = Finished { folder: run.folder.clone(), record, tables };
        Ok(Self { run, publication, columns })
    }

    /// Writes the tables into a folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_tables(&self, folder: &RunFolder) -> Result<(), WriteError> {
        for table in &self.run.tables {
            folder.write(&table.file, |out| write_table(out, table))?;
        }
        let names = tables::COLUMNS.columns.iter().map(|column| column.name);
        folder.write(tables::COLUMNS.file, |out| table::write_rows(out, names, self.columns.iter().cloned()))
    }

    /// Writes the record, with the hash of every other file, as the last file of the folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_record(&self, folder: &RunFolder) -> Result<(), WriteError> {
        record::write(self, folder)
    }
}

/// The folder for publication of a run's folder: beside it.
#[must_use]
pub fn folder_of(run: &Path) -> PathBuf {
    // `.` has no name of its own.
    let named = match run.file_name() {
        Some(_) => run.to_owned(),
        None => std::fs::canonicalize(run).unwrap_or_else(|_| run.to_owned()),
    };
    let name = named.file_name().unwrap_or_default().to_string_lossy().into_owned();
    named.with_file_name(format!("{name}-published"))
}

fn write_table(out: impl std::io::Write, table: &ReadTable) -> std::io::Result<()> {
    let names = table.columns.iter().map(|column| column.name.as_str());
    table::write_rows(out, names, table.rows.iter().cloned())
}

/// What `columns.csv` says of the tables that are published. What was rounded does not add up to the last digit.
fn columns_of(run: &Finished, is_rounded: bool) -> Result<Vec<Vec<String>>, NotFinished> {
    let mut rows = columns_as_written(&run.folder)?;
    rows.retain(|row| row.first().is_some_and(|file| run.table(file).is_some()));
    let adds_over = tables::COLUMNS.columns.iter().position(|column| column.name == "adds_over");
    if let Some(at) = adds_over.filter(|_| is_rounded) {
        rows.iter_mut().filter_map(|row| row.get_mut(at)).for_each(String::clear);
    }
    Ok(rows)
}
