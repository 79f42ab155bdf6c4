//! A shard read back: whole and as it was written, or refused.

use std::path::Path;

use parquet::column::reader::ColumnReader;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use super::{Fit, Head, KEY, OutcomeHead, SCHEMA_VERSION, VERSION, columns, hash};
use crate::file::{self, Unreadable};
use crate::simulation::from_scenario::Simulated;

/// Why a file is not taken as a shard.
#[derive(Debug)]
pub enum Refused {
    /// It is not there or cannot be opened.
    Unreadable(Unreadable),
    /// It is something else, or so damaged that nothing can be said of it.
    NoShard,
    /// Another version of the program wrote it.
    OtherVersion {
        /// Which.
        program: String,
        /// The version of its files.
        schema_version: u32,
    },
    /// Its numbers are not those that its hash says.
    Damaged,
}

/// What a shard says of itself; its numbers are not looked at.
///
/// # Errors
/// A file that is no shard of this version.
pub fn head(path: &Path) -> Result<Head, Refused> {
    undisturbed(|| Ok(open(path)?.1))
}

/// A shard with its numbers, as the simulation of a county gave them; `county` is the position that the county has.
///
/// # Errors
/// A file that is no shard of this version, or is not as it was written.
pub fn read(path: &Path, county: usize) -> Result<(Head, Simulated), Refused> {
    undisturbed(|| {
        let (reader, head, size) = open(path)?;
        let most = usize::try_from(size).unwrap_or(usize::MAX).saturating_mul(MOST_PACKED);
        let numbers = numbers(&reader, &head, most).ok_or(Refused::Damaged)?;
        if hash(&head, numbers.iter().map(|(kept, drivers)| (kept.as_slice(), drivers.as_slice())))
            != head.hash
        {
            return Err(Refused::Damaged);
        }
        let outcomes = head.outcomes.iter().cloned().zip(numbers);
        let outcomes =
            outcomes.map(|(one, (kept, drivers))| one.outcome((county, &head.unit), kept, drivers)).collect();
        let done = Simulated {
            outcomes,
            work: head.work,
            fit: head.fit.iter().map(Fit::row).collect(),
            seconds: [0.0; 2],
        };
        Ok((head, done))
    })
}

/// A damaged file may lead the library that reads it anywhere: whatever happens there, the file is no shard.
fn undisturbed<T>(read: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    file::undisturbed(read).unwrap_or(Err(Refused::NoShard))
}

/// How many numbers a byte of a file can stand for: zeros are packed best, some twenty bytes into one.
const MOST_PACKED: usize = 8;

type Reader = Box<dyn FileReader>;

/// Versions first, because the rest of a head of another version may be anything.
#[derive(serde::Deserialize)]
struct Versions {
    schema_version: u32,
    program: String,
}

/// The file, what it says of itself, and its size in bytes.
fn open(path: &Path) -> Result<(Reader, Head, u64), Refused> {
    let file = file::open(path).map_err(Refused::Unreadable)?;
    let size = file.metadata().map_or(0, |about| about.len());
    let reader = SerializedFileReader::new(file).map_err(|_| Refused::NoShard)?;
    let footer = reader.metadata().file_metadata().key_value_metadata();
    let text =
        footer.and_then(|all| all.iter().find(|one| one.key == KEY)).and_then(|one| one.value.as_ref());
    let text = text.ok_or(Refused::NoShard)?;
    let versions: Versions = serde_json::from_str(text).map_err(|_| Refused::NoShard)?;
    if (versions.schema_version, versions.program.as_str()) != (SCHEMA_VERSION, VERSION) {
        let Versions { schema_version, program } = versions;
        return Err(Refused::OtherVersion { program, schema_version });
    }
    let head: Head = serde_json::from_str(text).map_err(|_| Refused::NoShard)?;
    Ok((Box::new(reader), head, size))
}

/// The kept and the drawn numbers of each scenario; `None` where there are not as many as the head says, or more than a
/// file of its size can hold.
fn numbers(reader: &Reader, head: &Head, most_numbers: usize) -> Option<Vec<(Vec<i64>, Vec<f64>)>> {
    let n_replicates = head.unit.n_replicates as usize;
    let n_rows = |one: &OutcomeHead| one.n_years.checked_mul(n_replicates);
    let all_rows = head.outcomes.iter().try_fold(0_usize, |sum, one| sum.checked_add(n_rows(one)?))?;
    if reader.num_row_groups() != 1 {
        return None;
    }
    let group = reader.get_row_group(0).ok()?;
    if usize::try_from(group.metadata().num_rows()) != Ok(all_rows) {
        return None;
    }
    let mut all: Vec<(Vec<i64>, Vec<f64>)> = Vec::new();
    let mut n_numbers = 0_usize;
    for one in &head.outcomes {
        let [n_kept, n_drivers] = one.sizes(n_replicates)?;
        let moments = one.n_years * (one.layout.n_facts().checked_sub(one.layout.n_kept())?);
        if one.averaged.len() != moments {
            return None;
        }
        n_numbers = n_numbers.checked_add(n_kept)?.checked_add(n_drivers)?;
        if n_numbers > most_numbers {
            return None;
        }
        all.push((vec![0; n_kept], vec![0.0; n_drivers]));
    }
    let n_columns = group.metadata().num_columns().checked_sub(columns::KEYS.len())?;
    let most = head.outcomes.iter().map(|one| one.layout.n_kept()).max()?;
    for number in 0..n_columns {
        let at = columns::KEYS.len() + number;
        let mut first = 0;
        if number < most {
            let column: Vec<i64> = whole(&*group, at, all_rows)?;
            for ((kept, _), one) in all.iter_mut().zip(&head.outcomes) {
                let rows = &column[first..first + n_rows(one)?];
                put(kept, (number, one.layout.n_kept()), rows);
                first += rows.len();
            }
        } else {
            let column: Vec<f64> = whole(&*group, at, all_rows)?;
            for ((_, drivers), one) in all.iter_mut().zip(&head.outcomes) {
                let rows = &column[first..first + n_rows(one)?];
                put(drivers, (number - most, one.drivers_width), rows);
                first += rows.len();
            }
        }
    }
    Some(all)
}

/// Puts a column in its place in each row; a scenario that has no such column has none.
fn put<T: Copy>(numbers: &mut [T], (column, width): (usize, usize), rows: &[T]) {
    if column < width {
        for (row, &number) in numbers.chunks_exact_mut(width).zip(rows) {
            row[column] = number;
        }
    }
}

/// A kind of number that a column holds.
trait Number: Sized {
    fn of(reader: ColumnReader, n: usize, into: &mut Vec<Self>) -> Option<()>;
}

impl Number for i64 {
    fn of(reader: ColumnReader, n: usize, into: &mut Vec<Self>) -> Option<()> {
        let ColumnReader::Int64ColumnReader(mut column) = reader else { return None };
        column.read_records(n, None, None, into).ok().map(drop)
    }
}

impl Number for f64 {
    fn of(reader: ColumnReader, n: usize, into: &mut Vec<Self>) -> Option<()> {
        let ColumnReader::DoubleColumnReader(mut column) = reader else { return None };
        column.read_records(n, None, None, into).ok().map(drop)
    }
}

/// A column of exactly so many rows.
fn whole<T: Number>(group: &dyn RowGroupReader, at: usize, n: usize) -> Option<Vec<T>> {
    let mut values = Vec::with_capacity(n);
    T::of(group.get_column_reader(at).ok()?, n, &mut values)?;
    (values.len() == n).then_some(values)
}
