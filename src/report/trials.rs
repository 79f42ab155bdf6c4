//! `trials.parquet`: the whole fen of every replicate, county, year, line and funder.
//!
//! Rows of one replicate may be added over counties, lines and funders. County after county is written, in row groups of
//! at most [`GROUP_ROWS`] rows, so that memory does not grow with the counties. The file holds no time and no machine.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::csv_files;
use crate::projection::layout::Layout;
use crate::simulation::outcome::CountyOutcome;

/// The name of the file.
pub const FILE: &str = "trials.parquet";

/// The most rows of a row group.
pub const GROUP_ROWS: usize = 1 << 20;

const SCHEMA: &str = "message trials {
    required int32 replicate;
    required binary county_code (UTF8);
    required binary county (UTF8);
    required int32 year;
    required binary line (UTF8);
    required binary funder (UTF8);
    required int64 fen;
}";

/// Writes outcomes county after county.
pub struct TrialsWriter<W: Write + Send> {
    layout: Layout,
    file: SerializedFileWriter<W>,
}

impl<W: Write + Send> TrialsWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(out: W, layout: &Layout) -> std::io::Result<Self> {
        let schema = parse_message_type(SCHEMA).map_err(std::io::Error::other)?;
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties()));
        Ok(Self { layout: layout.clone(), file: file.map_err(std::io::Error::other)? })
    }

    /// Adds a county: years, then replicates, then cells.
    ///
    /// # Errors
    /// What the system says.
    pub fn add(&mut self, outcome: &CountyOutcome) -> std::io::Result<()> {
        self.add_groups(&outcome.on_cells(&self.layout.cells.clone())).map_err(std::io::Error::other)
    }

    fn add_groups(&mut self, outcome: &CountyOutcome) -> Result<(), ParquetError> {
        let fen: Vec<i64> = outcome.trials().collect();
        let n_rows = fen.len();
        for first in (0..n_rows).step_by(GROUP_ROWS) {
            let last = n_rows.min(first + GROUP_ROWS);
            let rows = Rows { layout: &self.layout, outcome, fen: &fen, first, last };
            let mut group = self.file.next_row_group()?;
            rows.write(&mut group)?;
            group.close()?;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> std::io::Result<()> {
        self.file.close().map(|_| ()).map_err(std::io::Error::other)
    }
}

/// The same bytes everywhere: the writer is named by the format alone.
fn properties() -> WriterProperties {
    let column = |name: &str| ColumnPath::from(name);
    WriterProperties::builder()
        .set_created_by("fundcast".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_dictionary_enabled(column("fen"), false)
        .set_column_encoding(column("fen"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(column("replicate"), false)
        .set_column_encoding(column("replicate"), Encoding::DELTA_BINARY_PACKED)
        .build()
}

/// Part of a county's rows, in the order of [`CountyOutcome::trials`].
struct Rows<'a> {
    layout: &'a Layout,
    outcome: &'a CountyOutcome,
    /// All trials of the county.
    fen: &'a [i64],
    first: usize,
    last: usize,
}

impl Rows<'_> {
    fn write<W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let n_cells = self.outcome.layout.n_cells;
        let n_replicates = self.outcome.n_replicates;
        let [code, county] = csv_files::county(self.layout, Some(self.outcome.county)).map(text);
        let cells = &self.layout.cells;
        let line = |row: usize| &self.layout.lines[cells[row % n_cells].line].id;
        let funder = |row: usize| &self.layout.funders[cells[row % n_cells].funder].id;
        let lines: Vec<ByteArray> = (0..n_cells).map(|cell| text(line(cell).clone())).collect();
        let funders: Vec<ByteArray> = (0..n_cells).map(|cell| text(funder(cell).clone())).collect();
        let year = |row: usize| i32::from(self.layout.years[row / (n_cells * n_replicates)].year);

        self.column::<Int32Type, _>(group, |row| (row / n_cells % n_replicates) as i32)?;
        self.column::<ByteArrayType, _>(group, |_| code.clone())?;
        self.column::<ByteArrayType, _>(group, |_| county.clone())?;
        self.column::<Int32Type, _>(group, year)?;
        self.column::<ByteArrayType, _>(group, |row| lines[row % n_cells].clone())?;
        self.column::<ByteArrayType, _>(group, |row| funders[row % n_cells].clone())?;
        self.column::<Int64Type, _>(group, |row| self.fen[row])
    }

    fn column<T: DataType, W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
        value: impl Fn(usize) -> T::T,
    ) -> Result<(), ParquetError> {
        let values: Vec<T::T> = (self.first..self.last).map(value).collect();
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General("more columns than the schema has".to_owned()));
        };
        column.typed::<T>().write_batch(&values, None, None)?;
        column.close()
    }
}

fn text(text: String) -> ByteArray {
    ByteArray::from(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    use super::*;
    use crate::projection::fixture::{layout, outcome};

    fn write(path: &std::path::Path) {
        let layout = layout(2);
        let mut writer = TrialsWriter::new(File::create(path).unwrap(), &layout).unwrap();
        writer.add(&outcome(0, &[[1, 2, 3], [4, 5, 6]])).unwrap();
        writer.add(&outcome(1, &[[-7, 8, i64::MAX], [0, 0, 0]])).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn exact_rows_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        write(&path);
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 12);
        let row = |index: usize| {
            let row = &rows[index];
            let text = |column| row.get_string(column).unwrap().as_str();
            let place = (text(1), text(2), row.get_int(3).unwrap());
            (row.get_int(0).unwrap(), place, text(4), text(5), row.get_long(6).unwrap())
        };
        assert_eq!(row(1), (0, ("450602", "港口区", 2023), "subsidy", "county", 2));
        assert_eq!(row(5), (1, ("450602", "港口区", 2023), "inpatient", "fund", 6));
        assert_eq!(row(8), (0, ("450603", "防城区", 2023), "inpatient", "fund", i64::MAX));
        assert_eq!(row(6).4, -7);
    }

    /// `columns.csv` explains exactly the columns that the file has, text where it holds text.
    #[test]
    fn exact_the_columns_are_those_explained() {
        use crate::report::table::Kind;
        let schema = parse_message_type(SCHEMA).unwrap();
        let columns: Vec<(&str, bool)> = schema
            .get_fields()
            .iter()
            .map(|field| (field.name(), field.get_physical_type() == parquet::basic::Type::BYTE_ARRAY))
            .collect();
        let explained = crate::report::tables::TRIALS.columns.iter();
        let explained: Vec<(&str, bool)> =
            explained.map(|column| (column.name, column.kind == Kind::Text)).collect();
        assert_eq!(columns, explained);
        assert_eq!(crate::report::tables::TRIALS.file, FILE);
    }

    #[test]
    fn prop_the_same_outcomes_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        write(&a);
        write(&b);
        assert_eq!(std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
    }
}
