//! A finished run, read back from its folder: the record, the tables and the trials, each as the run wrote it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::names::{Label, Names};
use super::record::{self, SCHEMA_VERSION};
use super::table::BYTE_ORDER_MARK;
use super::typed::Typed;
use super::{publish, tables, write};
use crate::file;
use crate::lang::Lang;
use crate::shown::from_cell;
pub use fault::NotFinished;

mod fault;

/// The files that documents are written to: made from the run's own files, never read back.
pub const DOCUMENTS: [&str; 3] = ["report.docx", "report.xlsx", "report.html"];

/// What the record says of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Id of the scenario.
    pub scenario: String,
    /// What decides its results.
    pub input_hash: String,
    /// The scenario file, or the deltas that are laid over each other; empty where an earlier version did not say.
    #[serde(default)]
    pub own: Vec<String>,
    /// Hash of each file, by name.
    pub files: BTreeMap<String, String>,
    /// Where each is kept in the folder; empty where an earlier version kept none.
    #[serde(default)]
    pub kept: BTreeMap<String, String>,
    /// Names behind the ids.
    pub names: Names,
    /// Numbers of values by part and status.
    pub provenance: BTreeMap<String, BTreeMap<String, u64>>,
    /// Where values come from.
    pub sources: Vec<Source>,
    /// Where counts of persons come from.
    pub counts: Vec<CountSource>,
    /// What is odd in the files.
    pub warnings: Vec<InputWarning>,
}

/// Where some values come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file.
    pub file: String,
    /// The keys that it covers.
    pub covers: Vec<String>,
    /// Found, derived or assumed.
    pub status: String,
    /// How good the source is; may be empty.
    #[serde(default)]
    pub grade: String,
    /// The source or the reasoning.
    pub source: String,
    /// The same in Chinese, where the file gives it.
    #[serde(default)]
    pub source_zh: Option<String>,
}

/// Where some counts of persons come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountSource {
    /// Found, derived or assumed.
    pub status: String,
    /// The source or the reasoning.
    pub source: String,
    /// The same in Chinese, where the table gives it.
    #[serde(default)]
    pub source_zh: Option<String>,
    /// How many counts have it.
    pub counts: u64,
}

/// Something odd in a file of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputWarning {
    /// The file.
    pub file: String,
    /// The key.
    pub key: String,
    /// What is odd, in both languages.
    #[serde(flatten)]
    pub says: Label,
}

/// A warning of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Its kind.
    pub kind: String,
    /// What it says.
    #[serde(flatten)]
    pub says: Label,
}

/// How much of the mean spending of a county and year rests on assumed inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumed {
    /// The county, or `ALL`.
    pub county_code: String,
    /// The year; none: all.
    pub year: Option<u16>,
    /// Mean spending, yuan.
    pub mean_yuan: f64,
    /// The share, by kind of input; they overlap.
    pub shares: BTreeMap<String, Option<f64>>,
    /// The share that rests on any.
    pub any: Option<f64>,
}

/// What the record says of a run or a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of the program.
    pub version: String,
    /// Version of the files.
    pub schema_version: u64,
    /// The name of the run.
    pub scenario: String,
    /// The file of each scenario as the system knew it.
    #[serde(default)]
    pub scenario_files: Vec<String>,
    /// What was typed; `None` where an earlier version did not keep it.
    #[serde(default)]
    pub typed: Option<Typed>,
    /// The scenarios; of a comparison the base first.
    pub inputs: Vec<Input>,
    /// Seed of all draws.
    pub seed: u64,
    /// Replicates.
    pub replicates: u64,
    /// Years reported.
    pub years: Vec<u16>,
    /// Years simulated before the first.
    pub warm_up: Vec<WarmUp>,
    /// Sources of uncertainty that were switched off.
    #[serde(default)]
    pub without: Vec<String>,
    /// Codes of the counties.
    pub counties: Vec<String>,
    /// What the figures rest on.
    pub basis: Label,
    /// Warnings.
    pub warnings: Vec<Warning>,
    /// What rests on assumed inputs; empty for a comparison.
    pub resting_on_assumed_inputs: Vec<Assumed>,
    /// Hash of each file of the folder.
    pub files: BTreeMap<String, String>,
    /// Whether what may not be published was taken out; such a record is only made, never read.
    #[serde(default)]
    pub published: bool,
}

/// A year before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarmUp {
    /// The year.
    pub year: u16,
    /// The year whose rules held.
    pub rules_of: u16,
}

/// A column of a table, as `columns.csv` explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadColumn {
    /// Its name.
    pub name: String,
    /// Whether it holds numbers.
    pub is_number: bool,
    /// The unit; empty for text.
    pub unit: String,
    /// What it is.
    pub meaning: Label,
}

/// A table as it was read: every field as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTable {
    /// The file.
    pub file: String,
    /// Its columns.
    pub columns: Vec<ReadColumn>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<String>>,
}

impl ReadTable {
    /// The position of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// A field of a row; nothing where the table has no such column.
    #[must_use]
    pub fn field<'a>(&self, row: &'a [String], name: &str) -> &'a str {
        self.column(name).and_then(|position| row.get(position)).map_or("", String::as_str)
    }

    /// A number of a row; `None` where the field is empty.
    #[must_use]
    pub fn number(&self, row: &[String], name: &str) -> Option<f64> {
        self.field(row, name).parse().ok()
    }

    /// The same table with some of its rows.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&[String]) -> bool) -> Self {
        let rows = self.rows.iter().filter(|row| keep(row)).cloned().collect();
        Self { file: self.file.clone(), columns: self.columns.clone(), rows }
    }
}

/// A finished run or comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The folder.
    pub folder: PathBuf,
    /// Its record.
    pub record: RunRecord,
    /// Its tables, in the order of `columns.csv`.
    pub tables: Vec<ReadTable>,
}

impl Finished {
    /// Reads a folder, and holds every file that the run wrote against its hash.
    ///
    /// # Errors
    /// A folder that holds no run, one of another version, or one whose files are not as the run wrote them.
    pub fn read(folder: &Path) -> Result<Self, NotFinished> {
        let record = read_record(folder)?;
        check_files(folder, &record)?;
        let tables = read_tables(folder)?;
        Ok(Self { folder: folder.to_owned(), record, tables })
    }

    /// A table by its file; `None` where the run has none.
    #[must_use]
    pub fn table(&self, file: &str) -> Option<&ReadTable> {
        self.tables.iter().find(|table| table.file == file)
    }

    /// Whether it is a comparison.
    #[must_use]
    pub fn is_comparison(&self) -> bool {
        self.table(tables::DIFFERENCE.file).is_some()
    }

    /// By which the figures can be found again: the beginning of what decides the results of its first scenario.
    #[must_use]
    pub fn run_id(&self) -> String {
        self.record
            .inputs
            .first()
            .map_or_else(String::new, |input| input.input_hash.chars().take(8).collect())
    }
}

/// Reads the record of a folder; nothing else of it is looked at.
///
/// # Errors
/// A folder that holds no run, or one of another version.
pub fn read_record(folder: &Path) -> Result<RunRecord, NotFinished> {
    if !folder.is_dir() {
        return Err(NotFinished::NoFolder(folder.to_owned()));
    }
    let path = folder.join(record::FILE);
    let Ok(text) = file::read_text(&path, file::MOST_OF_A_RUN) else {
        return Err(NotFinished::NotARun(folder.to_owned()));
    };
    let unreadable = |error: serde_json::Error| NotFinished::Record(folder.to_owned(), error.to_string());
    let value: serde_json::Value = serde_json::from_str(&text).map_err(unreadable)?;
    if value.get("scenario").is_none() || value.get("files").is_none() {
        return Err(NotFinished::NotARun(folder.to_owned()));
    }
    if publish::is_published(&value) {
        return Err(NotFinished::Published(folder.to_owned()));
    }
    let version = value.get("schema_version").and_then(serde_json::Value::as_u64);
    if version != Some(SCHEMA_VERSION) {
        return Err(NotFinished::Schema(folder.to_owned(), version));
    }
    serde_json::from_value(value).map_err(unreadable)
}

fn check_files(folder: &Path, record: &RunRecord) -> Result<(), NotFinished> {
    let (mut missing, mut changed) = (Vec::new(), Vec::new());
    for (name, known) in record.files.iter().filter(|(name, _)| !DOCUMENTS.contains(&name.as_str())) {
        match write::hash(&folder.join(name)) {
            Ok(now) if now == *known && write::is_inside(name) => {}
            Ok(_) => changed.push(name.clone()),
            Err(_) => missing.push(name.clone()),
        }
    }
    if missing.is_empty() && changed.is_empty() {
        Ok(())
    } else {
        Err(NotFinished::Damaged { path: folder.to_owned(), missing, changed })
    }
}

/// The rows of `columns.csv`.
pub(super) fn columns_as_written(folder: &Path) -> Result<Vec<Vec<String>>, NotFinished> {
    let path = folder.join(tables::COLUMNS.file);
    let (header, rows) = read_csv(&path)?;
    let known: Vec<&str> = tables::COLUMNS.columns.iter().map(|column| column.name).collect();
    same_header(&path, &header, &known)?;
    Ok(rows)
}

fn read_tables(folder: &Path) -> Result<Vec<ReadTable>, NotFinished> {
    let mut all: Vec<ReadTable> = Vec::new();
    for row in columns_as_written(folder)? {
        let [file, name, kind, unit, _, zh, en] = row.as_slice() else { continue };
        let column = ReadColumn {
            name: name.clone(),
            is_number: kind == "number",
            unit: unit.clone(),
            meaning: Label::new(zh.clone(), en.clone()),
        };
        match all.last_mut() {
            Some(table) if table.file == *file => table.columns.push(column),
            _ => all.push(ReadTable { file: file.clone(), columns: vec![column], rows: Vec::new() }),
        }
    }
    all.retain(|table| table.file.ends_with(".csv"));
    for table in &mut all {
        let path = folder.join(&table.file);
        if !write::is_inside(&table.file) {
            let problem = Label::new("不在结果文件夹内", "does not lie in the folder");
            return Err(NotFinished::Table { path, problem });
        }
        let (header, rows) = read_csv(&path)?;
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        same_header(&path, &header, &names)?;
        table.rows = rows;
    }
    Ok(all)
}

type Csv = (Vec<String>, Vec<Vec<String>>);

fn read_csv(path: &Path) -> Result<Csv, NotFinished> {
    let fault =
        |zh: String, en: String| NotFinished::Table { path: path.to_owned(), problem: Label::new(zh, en) };
    let text = file::read_text(path, file::MOST_OF_A_RUN).map_err(|error| {
        let (zh, en) = (error.text(Lang::Zh), error.text(Lang::En));
        fault(format!("无法读取（{zh}）"), format!("cannot be read ({en})"))
    })?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let owned =
        |record: csv::StringRecord| record.iter().map(from_cell).map(ToOwned::to_owned).collect::<Vec<_>>();
    let broken = |error: csv::Error| {
        fault(format!("不是完整的表格（{error}）"), format!("is no whole table ({error})"))
    };
    let header = owned(reader.headers().map_err(broken)?.clone());
    let rows = reader.records().map(|row| row.map(owned)).collect::<Result<_, _>>().map_err(broken)?;
    Ok((header, rows))
}

fn same_header(path: &Path, header: &[String], known: &[&str]) -> Result<(), NotFinished> {
    if header.iter().map(String::as_str).eq(known.iter().copied()) {
        return Ok(());
    }
    let (found, known) = (header.join(","), known.join(","));
    let zh = format!("列名为 {found}，应为 {known}");
    let en = format!("its columns are {found}, must be {known}");
    Err(NotFinished::Table { path: path.to_owned(), problem: Label::new(zh, en) })
}
