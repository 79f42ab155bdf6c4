//! Changing the shipped files one value at a time: what stands where, and a copy of the files in which it is changed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use fundcast::policy::rule::Family;
use tempfile::TempDir;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::support::path;

/// What stands at a place of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Integer,
    Float,
    Bool,
    Text,
    List,
    Table,
}

/// A value of a file, or a cell of a table.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The path, such as `assistance.class1.ratio` or `row 3.persons`.
    pub key: String,
    /// The line of the value, from 1.
    pub line: usize,
    /// The line of its key, from 1.
    pub key_line: usize,
    /// Where the key stands; empty for elements of lists and for cells.
    pub name: Range<usize>,
    /// Where the value stands.
    pub range: Range<usize>,
    pub kind: Kind,
    /// Whether it stands in a list, so that its path has a position in it.
    pub in_list: bool,
    /// The value as written, without quotes.
    pub written: String,
}

impl Entry {
    /// The last part of its path that is no position in a list.
    pub fn last(&self) -> &str {
        let named = |part: &&str| part.parse::<usize>().is_err();
        self.key.rsplit('.').find(named).unwrap_or(&self.key)
    }
}

/// Every value of a file, tables and lists among them, in the order of the file.
pub fn entries(name: &str, text: &str) -> Vec<Entry> {
    if name.ends_with(".csv") {
        return cells(text);
    }
    let table = DeTable::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut all = Vec::new();
    walk_table(table.get_ref(), "", text, &mut all);
    all.sort_by_key(|entry| entry.range.start);
    all
}

fn walk_table(table: &DeTable<'_>, path: &str, text: &str, out: &mut Vec<Entry>) {
    for (key, value) in table {
        let at =
            if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        walk(value, (&at, key.span()), text, out);
    }
}

fn walk(value: &Spanned<DeValue<'_>>, (path, name): (&str, Range<usize>), text: &str, out: &mut Vec<Entry>) {
    let range = value.span();
    let kind = match value.get_ref() {
        DeValue::Integer(_) => Kind::Integer,
        DeValue::Float(_) => Kind::Float,
        DeValue::Boolean(_) => Kind::Bool,
        DeValue::String(_) | DeValue::Datetime(_) => Kind::Text,
        DeValue::Array(_) => Kind::List,
        DeValue::Table(_) => Kind::Table,
    };
    let written = text[range.clone()].trim_matches('"').to_owned();
    let line = line_of(text, range.start);
    let key_line = if name.is_empty() { line } else { line_of(text, name.start) };
    let in_list = name.is_empty()
        || out.iter().any(|above| {
            above.kind == Kind::List
                && path.strip_prefix(&above.key).is_some_and(|rest| rest.starts_with('.'))
        });
    out.push(Entry { key: path.to_owned(), line, key_line, name, range, kind, in_list, written });
    match value.get_ref() {
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, (&format!("{path}.{index}"), 0..0), text, out);
            }
        }
        DeValue::Table(table) => walk_table(table, path, text, out),
        _ => {}
    }
}

/// The cells of a table below its header.
fn cells(text: &str) -> Vec<Entry> {
    let mut lines = rows(text).into_iter();
    let header: Vec<String> = lines
        .next()
        .map(|cells| cells.into_iter().map(|range| text[range].to_owned()).collect())
        .unwrap_or_default();
    let mut all = Vec::new();
    for (number, row) in lines.enumerate() {
        for (range, column) in row.into_iter().zip(&header) {
            let written = text[range.clone()].trim_matches('"').to_owned();
            let kind = if written.parse::<i64>().is_ok() { Kind::Integer } else { Kind::Text };
            let line = line_of(text, range.start);
            let key = format!("row {}.{column}", number + 2);
            all.push(Entry { key, line, key_line: line, name: 0..0, range, kind, in_list: false, written });
        }
    }
    all
}

/// The cells of every line, quoted ones with their quotes.
fn rows(text: &str) -> Vec<Vec<Range<usize>>> {
    let mut all = Vec::new();
    let (mut row, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                row.push(start..at);
                start = at + 1;
            }
            b'\n' if !quoted => {
                row.push(start..at);
                all.push(std::mem::take(&mut row));
                start = at + 1;
            }
            _ => {}
        }
    }
    all
}

pub fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// The text with another value in the place of one.
pub fn replaced(text: &str, range: &Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

/// The places of the copy with the counties that it keeps: all that is read is kept, of the many rows a few.
const KEPT: [(&str, &[&str]); 4] = [
    ("baise", &["451028", "451030"]),
    ("fangchenggang", &["450621", "450681"]),
    ("guangxi", &["450512", "451481"]),
    ("wuxi", &["320214"]),
];

/// A copy of the shipped scenarios with everything that they read, the tables of counties cut to a few counties.
#[derive(Debug)]
pub struct Copy {
    folder: TempDir,
    /// The files by name below `scenarios`, as they are without a change.
    pub files: BTreeMap<String, String>,
    /// What stands in them, worked out when first asked for.
    entries: OnceLock<BTreeMap<String, Vec<Entry>>>,
}

impl Copy {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut files = BTreeMap::new();
        collect(&path("scenarios"), "", &mut files);
        // What the command makes of the place guangxi, which is looked at itself, with all counties each time it is read.
        files.retain(|name, _| name != "china.toml" && !name.starts_with("places/china/"));
        let mut left_out = Vec::new();
        for (place, codes) in KEPT {
            for table in ["counties.csv", "categories.csv"] {
                let text = files.get_mut(&format!("places/{place}/{table}")).expect("a shipped table");
                let kept = |(number, line): &(usize, &str)| {
                    *number == 0 || codes.iter().any(|code| line.starts_with(code))
                };
                let (lines, others): (Vec<_>, Vec<_>) = text.lines().enumerate().partition(kept);
                let name_of =
                    |(_, line): &(usize, &str)| line.split(',').nth(1).unwrap_or_default().to_owned();
                left_out.extend(others.iter().map(name_of).filter(|_| table == "counties.csv"));
                let lines: Vec<&str> = lines.into_iter().map(|(_, line)| line).collect();
                *text = format!("{}\n", lines.join("\n"));
            }
        }
        for (name, text) in &mut files {
            if !name.contains('/') {
                // What a scenario says of a county stands on a line of its own.
                let says = |line: &&str| {
                    !left_out.iter().any(|county| line.contains(&format!("county = \"{county}\"")))
                };
                *text = text.lines().filter(says).map(few_replicates).collect();
            }
        }
        let copy = Self { folder, files, entries: OnceLock::new() };
        for (name, text) in &copy.files {
            copy.write(name, text);
        }
        copy
    }

    /// A copy whose counties have an eighth of their persons, in which most changes show sooner.
    pub fn small() -> Self {
        let mut copy = Self::new();
        for (name, text) in &mut copy.files {
            match name.rsplit('/').next() {
                Some("counties.csv") => *text = scaled(text, &eighth_of_county),
                Some("categories.csv") => *text = scaled(text, &|cells| cells[2] = eighth(&cells[2])),
                _ => {}
            }
        }
        for (name, text) in &copy.files {
            copy.write(name, text);
        }
        copy
    }

    /// Every value of every file.
    pub fn entries(&self) -> &BTreeMap<String, Vec<Entry>> {
        let all = || self.files.iter().map(|(name, text)| (name.clone(), entries(name, text))).collect();
        self.entries.get_or_init(all)
    }

    /// The path of a file of the copy.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("scenarios").join(name)
    }

    /// A path beside the copied files.
    pub fn beside(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Writes a file with another text.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Makes a file again what it was.
    pub fn restore(&self, name: &str) {
        self.write(name, &self.files[name]);
    }

    /// The scenario files of the copy.
    pub fn scenarios(&self) -> impl Iterator<Item = &String> {
        self.files.keys().filter(|name| !name.contains('/'))
    }
}

/// A table with other cells in each row.
fn scaled(text: &str, change: &dyn Fn(&mut [String])) -> String {
    let mut lines = text.lines();
    let mut out = format!("{}\n", lines.next().expect("a header"));
    for line in lines {
        // Only the last cell of a row, a source, has commas.
        let mut cells: Vec<String> = line.splitn(46, ',').map(ToOwned::to_owned).collect();
        change(&mut cells);
        out.push_str(&format!("{}\n", cells.join(",")));
    }
    out
}

fn eighth(cell: &str) -> String {
    cell.parse::<u64>().expect("a count").div_ceil(8).to_string()
}

/// Residents by age and sex, from which the others follow.
fn eighth_of_county(cells: &mut [String]) {
    let count = |cell: &String| cell.parse::<u64>().expect("a count");
    let (residents, urban) = (count(&cells[5]), count(&cells[6]));
    for cell in &mut cells[8..] {
        *cell = eighth(cell);
    }
    let all: u64 = cells[10..].iter().map(count).sum();
    let urban = all * urban / residents;
    cells[5] = all.to_string();
    cells[6] = urban.to_string();
    cells[7] = (all - urban).to_string();
}

/// A line of a scenario file, with fewer replicates.
fn few_replicates(line: &str) -> String {
    if line.starts_with("replicates =") { "replicates = 2\n".to_owned() } else { format!("{line}\n") }
}

fn collect(folder: &Path, name: &str, out: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry").path();
        let last = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let at = if name.is_empty() { last } else { format!("{name}/{last}") };
        if entry.is_dir() {
            collect(&entry, &at, out);
        } else if at.ends_with(".toml") || at.ends_with(".csv") {
            out.insert(at, std::fs::read_to_string(&entry).expect("text"));
        }
    }
}

/// Figures of a long test, for whoever runs it with `--nocapture`.
#[expect(clippy::print_stderr, reason = "tests may tell what they found")]
pub fn tell(text: &str) {
    eprintln!("{text}");
}

/// A number from 0 to `below` that depends on a text alone.
pub fn lot(text: &str, below: usize) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    ((hash ^ (hash >> 29)) >> 8) as usize % below
}

/// Whether a part of a policy holds rules by id.
pub fn is_by_id(section: &str) -> bool {
    Family::ALL.into_iter().any(|family| family.is_by_id() && family.section() == section)
}

/// The kind of path that a key is: what a file names itself and positions in lists are left out.
pub fn pattern(file: &str, key: &str) -> String {
    const NAMED: [&str; 18] = [
        "categories",
        "traits",
        "pools",
        "lines",
        "funders",
        "clauses",
        "contribution",
        "income",
        "county_parameters",
        "groups",
        "by_year",
        "by_category",
        "yuan_by_year",
        "category_growth",
        "category",
        "condition",
        "share",
        "enrolment",
    ];
    let part = match file.split('/').collect::<Vec<_>>()[..] {
        [_] => "scenario",
        [folder, _] => folder,
        [_, _, last] => last,
        _ => file,
    };
    let mut out = vec![part.to_owned()];
    let mut before = "";
    for key in key.split('.') {
        let by_id = NAMED.contains(&before) || is_by_id(before);
        let named = by_id || key.starts_with("row ") || key.parse::<usize>().is_ok();
        let band = (key.starts_with("m_") || key.starts_with("f_")) && part == "counties.csv";
        out.push(if named || band { "*".to_owned() } else { key.to_owned() });
        before = if named { "" } else { key };
    }
    out.join(".")
}
