//! `trials.parquet`: the whole fen of every replicate, county, year, line and funder; where it is asked for, beside it the
//! same by the month in which it falls due, or by category of person.
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
use super::table::{Column, Kind, Table};
use super::tables;
use crate::projection::layout::Layout;
use crate::projection::money::Slice;
use crate::simulation::outcome::CountyOutcome;

/// The name of the file.
pub const FILE: &str = "trials.parquet";

/// The most rows of a row group.
pub const GROUP_ROWS: usize = 1 << 20;

/// How finely trials are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// By year.
    Year,
    /// By the month in which the money falls due.
    Month,
    /// By the category of the people whom it is for.
    Category,
}

impl Detail {
    /// The columns of its file.
    #[must_use]
    pub const fn table(self) -> &'static Table {
        match self {
            Self::Year => &tables::TRIALS,
            Self::Month => &tables::TRIALS_BY_MONTH,
            Self::Category => &tables::TRIALS_BY_CATEGORY,
        }
    }

    /// The rows of a year and replicate.
    fn slices(self, layout: &Layout) -> Vec<Slice> {
        match self {
            Self::Year => vec![Slice::Year],
            Self::Month => Slice::months().collect(),
            Self::Category => (0..layout.categories.len()).map(Slice::People).collect(),
        }
    }

    fn schema(self) -> String {
        let type_of = |column: &Column| match (column.kind, column.name) {
            (Kind::Text, _) => "binary",
            (Kind::Number, "fen") => "int64",
            (Kind::Number, _) => "int32",
        };
        let annotation = |column: &Column| if column.kind == Kind::Text { " (UTF8)" } else { "" };
        let field =
            |column: &Column| format!("required {} {}{};", type_of(column), column.name, annotation(column));
        let fields: Vec<String> = self.table().columns.iter().map(field).collect();
        format!("message trials {{ {} }}", fields.join(" "))
    }
}

/// Writes outcomes county after county.
pub struct TrialsWriter<W: Write + Send> {
    layout: Layout,
    detail: Detail,
    file: SerializedFileWriter<W>,
}

impl<W: Write + Send> TrialsWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(out: W, layout: &Layout, detail: Detail) -> std::io::Result<Self> {
        let schema = parse_message_type(&detail.schema()).map_err(std::io::Error::other)?;
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties()));
        Ok(Self { layout: layout.clone(), detail, file: file.map_err(std::io::Error::other)? })
    }

    /// Adds a county: years, then replicates, then months or categories, then cells.
    ///
    /// # Errors
    /// What the system says.
    pub fn add(&mut self, outcome: &CountyOutcome) -> std::io::Result<()> {
        self.add_groups(&outcome.on_cells(&self.layout.cells.clone())).map_err(std::io::Error::other)
    }

    fn add_groups(&mut self, outcome: &CountyOutcome) -> Result<(), ParquetError> {
        let (layout, slices) = (&self.layout, self.detail.slices(&self.layout));
        let cells = 0..layout.cells.len();
        let keys: Vec<(Slice, usize)> =
            slices.into_iter().flat_map(|slice| cells.clone().map(move |cell| (slice, cell))).collect();
        let n_rows = outcome.n_years * outcome.n_replicates * keys.len();
        for first in (0..n_rows).step_by(GROUP_ROWS) {
            let last = n_rows.min(first + GROUP_ROWS);
            let rows = Rows { layout, outcome, detail: self.detail, keys: &keys, first, last };
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

/// Part of a county's rows.
struct Rows<'a> {
    layout: &'a Layout,
    outcome: &'a CountyOutcome,
    detail: Detail,
    /// What of a year and replicate stands in each row.
    keys: &'a [(Slice, usize)],
    first: usize,
    last: usize,
}

impl Rows<'_> {
    fn write<W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let (n_keys, n_replicates) = (self.keys.len(), self.outcome.n_replicates);
        let layout = self.layout;
        let [code, county] = csv_files::county(layout, Some(self.outcome.county)).map(text);
        let of_keys = |of: &dyn Fn(Slice, usize) -> String| -> Vec<ByteArray> {
            self.keys.iter().map(|&(slice, cell)| text(of(slice, cell))).collect()
        };
        let lines = of_keys(&|_, cell| layout.lines[layout.cells[cell].line].id.clone());
        let funders = of_keys(&|_, cell| layout.funders[layout.cells[cell].funder].id.clone());
        let slices = of_keys(&|slice, _| csv_files::slice_id(layout, slice));
        let year = |row: usize| row / (n_keys * n_replicates);
        let replicate = |row: usize| row / n_keys % n_replicates;
        let fen = |row: usize| {
            let (slice, cell) = self.keys[row % n_keys];
            self.outcome.kept(year(row), replicate(row))[self.outcome.layout.place(slice.fact(cell))]
        };

        self.column::<Int32Type, _>(group, |row| replicate(row) as i32)?;
        self.column::<ByteArrayType, _>(group, |_| code.clone())?;
        self.column::<ByteArrayType, _>(group, |_| county.clone())?;
        self.column::<Int32Type, _>(group, |row| i32::from(layout.years[year(row)].year))?;
        if self.detail != Detail::Year {
            self.column::<ByteArrayType, _>(group, |row| slices[row % n_keys].clone())?;
        }
        self.column::<ByteArrayType, _>(group, |row| lines[row % n_keys].clone())?;
        self.column::<ByteArrayType, _>(group, |row| funders[row % n_keys].clone())?;
        self.column::<Int64Type, _>(group, fen)
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
        let mut writer = TrialsWriter::new(File::create(path).unwrap(), &layout, Detail::Year).unwrap();
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

    /// The months of a replicate, and its categories, add up to its year.
    #[test]
    fn finer_trials_add_up_to_those_of_the_year() {
        let folder = tempfile::tempdir().unwrap();
        let outcome = outcome(0, &[[1, 2, 3], [4, 5, 6]]);
        for (detail, n_rows, slice) in
            [(Detail::Month, 2 * 13 * 3, "3"), (Detail::Category, 2 * 2 * 3, "destitute")]
        {
            let path = folder.path().join(detail.table().file);
            let mut writer = TrialsWriter::new(File::create(&path).unwrap(), &layout(2), detail).unwrap();
            writer.add(&outcome).unwrap();
            writer.finish().unwrap();
            let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
            let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
            assert_eq!(rows.len(), n_rows);
            let sum: i64 = rows.iter().map(|row| row.get_long(7).unwrap()).sum();
            assert_eq!(sum, 21);
            let text = |row: &parquet::record::Row, column| row.get_string(column).unwrap().clone();
            let is = |row: &&parquet::record::Row| {
                row.get_int(0).unwrap() == 1 && text(row, 4) == slice && text(row, 5) == "inpatient"
            };
            assert_eq!(rows.iter().find(is).unwrap().get_long(7).unwrap(), 6);
        }
    }

    /// The file of the year is as it was before there were others.
    #[test]
    fn the_schema_is_that_of_the_columns() {
        assert_eq!(
            Detail::Year.schema(),
            "message trials { required int32 replicate; required binary county_code (UTF8); required binary county \
             (UTF8); required int32 year; required binary line (UTF8); required binary funder (UTF8); required int64 \
             fen; }"
        );
        assert_eq!(tables::TRIALS.file, FILE);
        assert!(Detail::Month.schema().contains("required binary month (UTF8)"));
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
