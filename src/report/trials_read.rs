//! `trials.parquet` read back: what each county spends in each year and replicate, over all lines, and over all funders or
//! funder by funder.

use std::collections::BTreeMap;
use std::path::Path;

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use crate::file;

/// All spending by county, year and replicate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// The columns, in the order of the file.
    pub columns: Vec<TotalColumn>,
}

/// What a county spends in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotalColumn {
    /// Administrative code.
    pub county: String,
    /// The year.
    pub year: u16,
    /// Fen of each replicate.
    pub fen: Vec<i64>,
}

/// Reads the totals.
///
/// # Errors
/// What the system says, or a file that holds something else.
pub fn read_totals(path: &Path, n_replicates: usize) -> std::io::Result<Totals> {
    let add = |totals: &mut Totals, rows: &Rows| totals.add(rows, n_replicates);
    read(path, add)
}

/// What is spent by county, year and funder, each replicate over all lines.
pub type ByFunder = BTreeMap<(String, u16, String), Vec<i64>>;

/// Reads what is spent, funder by funder.
///
/// # Errors
/// As [`read_totals`].
pub fn read_by_funder(path: &Path, n_replicates: usize) -> std::io::Result<ByFunder> {
    read(path, |all: &mut ByFunder, rows| rows.add_to(all, n_replicates))
}

/// Reads row group after row group; whatever takes them says where they are no trials of the run.
fn read<T: Default>(path: &Path, add: impl Fn(&mut T, &Rows) -> Option<()>) -> std::io::Result<T> {
    let reader = SerializedFileReader::new(file::open(path)?).map_err(std::io::Error::other)?;
    let mut all = T::default();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(std::io::Error::other)?;
        let rows = Rows::read(&*group).map_err(std::io::Error::other)?;
        add(&mut all, &rows).ok_or_else(|| {
            std::io::Error::other("a replicate beyond those of the run, or a year that is none")
        })?;
    }
    Ok(all)
}

impl Totals {
    fn add(&mut self, rows: &Rows, n_replicates: usize) -> Option<()> {
        let mut at = None;
        for (position, fen) in rows.fen.iter().enumerate() {
            let (county, year) = (rows.county[position].data(), u16::try_from(rows.year[position]).ok()?);
            let same = |column: &TotalColumn| column.year == year && column.county.as_bytes() == county;
            // Rows of one county and year stand together.
            let column = match at.filter(|&at: &usize| same(&self.columns[at])) {
                Some(at) => at,
                None => self.columns.iter().position(same).unwrap_or_else(|| {
                    let county = String::from_utf8_lossy(county).into_owned();
                    self.columns.push(TotalColumn { county, year, fen: vec![0; n_replicates] });
                    self.columns.len() - 1
                }),
            };
            at = Some(column);
            let replicate = usize::try_from(rows.replicate[position]).ok()?;
            *self.columns[column].fen.get_mut(replicate)? += fen;
        }
        Some(())
    }
}

/// The columns of a row group that matter here.
#[derive(Default)]
struct Rows {
    replicate: Vec<i32>,
    county: Vec<ByteArray>,
    year: Vec<i32>,
    funder: Vec<ByteArray>,
    fen: Vec<i64>,
}

impl Rows {
    fn add_to(&self, all: &mut ByFunder, n_replicates: usize) -> Option<()> {
        let text = |bytes: &ByteArray| String::from_utf8_lossy(bytes.data()).into_owned();
        let same = |one: usize, other: usize| {
            self.county[one].data() == self.county[other].data()
                && self.year[one] == self.year[other]
                && self.funder[one].data() == self.funder[other].data()
        };
        // Rows of one county and year stand together, and in each replicate the funders come in the same order.
        let mut columns: Vec<(usize, (String, u16, String))> = Vec::new();
        for (position, fen) in self.fen.iter().enumerate() {
            let key = match columns.iter().rev().find(|(at, _)| same(*at, position)) {
                Some((_, key)) => key,
                None => {
                    let year = u16::try_from(self.year[position]).ok()?;
                    let key = (text(&self.county[position]), year, text(&self.funder[position]));
                    all.entry(key.clone()).or_insert_with(|| vec![0; n_replicates]);
                    columns.push((position, key));
                    &columns.last()?.1
                }
            };
            let replicate = usize::try_from(self.replicate[position]).ok()?;
            *all.get_mut(key)?.get_mut(replicate)? += fen;
        }
        Some(())
    }

    fn read(group: &dyn RowGroupReader) -> Result<Self, ParquetError> {
        let n = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
        let columns = group.metadata().schema_descr().columns();
        let at = |name: &str| {
            let found = columns.iter().position(|column| column.name() == name);
            found.ok_or_else(|| ParquetError::General(format!("there is no column {name}")))
        };
        let mut rows = Self::default();
        match group.get_column_reader(at("replicate")?)? {
            ColumnReader::Int32ColumnReader(mut column) => {
                column.read_records(n, None, None, &mut rows.replicate).map(|_| ())?
            }
            _ => return Err(wrong("replicate")),
        }
        match group.get_column_reader(at("county_code")?)? {
            ColumnReader::ByteArrayColumnReader(mut column) => {
                column.read_records(n, None, None, &mut rows.county).map(|_| ())?
            }
            _ => return Err(wrong("county_code")),
        }
        match group.get_column_reader(at("year")?)? {
            ColumnReader::Int32ColumnReader(mut column) => {
                column.read_records(n, None, None, &mut rows.year).map(|_| ())?
            }
            _ => return Err(wrong("year")),
        }
        match group.get_column_reader(at("funder")?)? {
            ColumnReader::ByteArrayColumnReader(mut column) => {
                column.read_records(n, None, None, &mut rows.funder).map(|_| ())?
            }
            _ => return Err(wrong("funder")),
        }
        match group.get_column_reader(at("fen")?)? {
            ColumnReader::Int64ColumnReader(mut column) => {
                column.read_records(n, None, None, &mut rows.fen).map(|_| ())?
            }
            _ => return Err(wrong("fen")),
        }
        let Rows { replicate, county, year, funder, fen } = &rows;
        let whole = [replicate.len(), county.len(), year.len(), funder.len(), fen.len()];
        if whole.iter().any(|&read| read != n) {
            return Err(ParquetError::General("a row group is cut off".to_owned()));
        }
        Ok(rows)
    }
}

fn wrong(column: &str) -> ParquetError {
    ParquetError::General(format!("the column {column} holds another type"))
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::projection::fixture::{layout, outcome};
    use crate::report::trials::{Detail, FILE, TrialsWriter};

    #[test]
    fn exact_totals_are_those_that_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut writer = TrialsWriter::new(File::create(&path).unwrap(), &layout(2), Detail::Year).unwrap();
        writer.add(&outcome(0, &[[1, 2, 3], [4, 5, 6]])).unwrap();
        writer.add(&outcome(1, &[[-7, 8, 9], [0, 0, 0]])).unwrap();
        writer.finish().unwrap();
        let totals = read_totals(&path, 2).unwrap();
        let shown: Vec<(&str, u16, &[i64])> =
            totals.columns.iter().map(|one| (one.county.as_str(), one.year, one.fen.as_slice())).collect();
        assert_eq!(shown, [("450602", 2023, &[6, 15][..]), ("450603", 2023, &[10, 0][..])]);
        assert!(read_totals(&path, 1).is_err(), "more replicates than the run says");
        // Funder by funder it is the same money.
        let funders = read_by_funder(&path, 2).unwrap();
        for column in &totals.columns {
            let own =
                funders.iter().filter(|((code, year, _), _)| (code, *year) == (&column.county, column.year));
            let sum = own.fold(vec![0; 2], |sum, (_, fen)| vec![sum[0] + fen[0], sum[1] + fen[1]]);
            assert_eq!(sum, column.fen);
        }
        assert!(funders.len() > totals.columns.len(), "{funders:?}");
    }
}
