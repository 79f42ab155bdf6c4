//! The columns of a shard.

use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::KEY;
use crate::simulation::from_scenario::Simulated;
use crate::simulation::outcome::CountyOutcome;

/// The columns that say which row it is.
pub(super) const KEYS: [&str; 3] = ["scenario", "year", "replicate"];

/// The name of a column of kept numbers.
pub(super) fn fact(number: usize) -> String {
    format!("fact_{number}")
}

/// The name of a column of drawn numbers.
pub(super) fn driver(number: usize) -> String {
    format!("driver_{number}")
}

/// The bytes of a file with this footer. Where scenarios have different numbers of columns, 0 stands in the others.
pub(super) fn write(done: &Simulated, footer: &str) -> Result<Vec<u8>, ParquetError> {
    let outcomes = &done.outcomes;
    let most = |of: fn(&CountyOutcome) -> usize| outcomes.iter().map(of).max().unwrap_or_default();
    let (n_facts, n_drivers) = (most(|one| one.layout.n_kept()), most(|one| one.drivers.width));
    let keys = KEYS.iter().map(|name| format!("required int32 {name};"));
    let facts = (0..n_facts).map(|number| format!("required int64 {};", fact(number)));
    let drivers = (0..n_drivers).map(|number| format!("required double {};", driver(number)));
    let fields: Vec<String> = keys.chain(facts).chain(drivers).collect();
    let schema = parse_message_type(&format!("message shard {{ {} }}", fields.join(" ")))?;
    let mut file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties(footer)))?;
    let mut group = file.next_row_group()?;
    for key in 0..KEYS.len() {
        let of = |(scenario, year, replicate): (usize, usize, usize)| [scenario, year, replicate][key] as i32;
        column::<Int32Type>(&mut group, &rows(outcomes).map(of).collect::<Vec<_>>())?;
    }
    for number in 0..n_facts {
        let of = |(scenario, year, replicate): (usize, usize, usize)| {
            outcomes[scenario].kept(year, replicate).get(number).copied().unwrap_or(0)
        };
        column::<Int64Type>(&mut group, &rows(outcomes).map(of).collect::<Vec<_>>())?;
    }
    for number in 0..n_drivers {
        let of = |(scenario, year, replicate): (usize, usize, usize)| {
            let one = &outcomes[scenario];
            let row = (year * one.n_replicates + replicate) * one.drivers.width;
            if number < one.drivers.width { one.drivers.values()[row + number] } else { 0.0 }
        };
        column::<DoubleType>(&mut group, &rows(outcomes).map(of).collect::<Vec<_>>())?;
    }
    group.close()?;
    file.into_inner()
}

/// Scenario, year and replicate of each row.
fn rows(outcomes: &[CountyOutcome]) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
    outcomes.iter().enumerate().flat_map(|(scenario, one)| {
        (0..one.n_years)
            .flat_map(move |year| (0..one.n_replicates).map(move |replicate| (scenario, year, replicate)))
    })
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more columns than the schema has".to_owned()));
    };
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

/// The same bytes everywhere: the writer is named by the format alone.
fn properties(footer: &str) -> WriterProperties {
    let footer = KeyValue { key: KEY.to_owned(), value: Some(footer.to_owned()) };
    WriterProperties::builder()
        .set_created_by("fundcast".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::PLAIN)
        .set_key_value_metadata(Some(vec![footer]))
        .build()
}
