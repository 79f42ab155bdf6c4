//! `categories.csv` with the numbers of a register: lines of other numbers stay as they are.

use crate::scenario::place::{County, lookup};
use crate::shown::in_cell;

/// A number that the register has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCount {
    /// The county's code.
    pub code: u32,
    /// The category.
    pub category: String,
    /// Persons.
    pub persons: u32,
    /// Where it stands in the register.
    pub source: String,
}

/// The table with the new numbers, found; a row that says the same already is not touched. `None` where the table is none
/// that could be read before.
#[must_use]
pub fn with_counts(text: &str, counties: &[County], new: &[NewCount]) -> Option<String> {
    let (mark, table) = text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(table.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().ok()?;
    let begins = |record: &csv::StringRecord| record.position().map(|position| position.byte() as usize);
    let header = records.iter().find(|record| record.iter().any(|cell| !cell.is_empty()))?;
    let column = |name: &str| header.iter().position(|heading| heading == name);
    let columns = Columns {
        code: column("code")?,
        category: column("category")?,
        persons: column("persons")?,
        status: column("status")?,
        source: column("source")?,
        source_zh: column("source_zh"),
        spread: column("spread"),
    };
    let mut out = mark.to_owned();
    let mut at = 0;
    for (number, record) in records.iter().enumerate() {
        let end = records.get(number + 1).and_then(begins).unwrap_or(table.len());
        let line = table.get(at..end)?;
        match columns.new_row(record, counties, new) {
            Some(cells) => out.push_str(&written(&cells, line)?),
            None => out.push_str(line),
        }
        at = end;
    }
    Some(out)
}

struct Columns {
    code: usize,
    category: usize,
    persons: usize,
    status: usize,
    source: usize,
    source_zh: Option<usize>,
    spread: Option<usize>,
}

impl Columns {
    /// The cells of a row of which the register says something else.
    fn new_row(
        &self,
        record: &csv::StringRecord,
        counties: &[County],
        new: &[NewCount],
    ) -> Option<Vec<String>> {
        let county = &counties[lookup::find(counties, record.get(self.code)?).ok()?];
        let category = record.get(self.category)?;
        let found = new.iter().find(|one| (one.code, one.category.as_str()) == (county.code, category))?;
        let mut cells: Vec<String> = record.iter().map(ToOwned::to_owned).collect();
        let own =
            [(self.persons, found.persons.to_string()), (self.source, in_cell(&found.source).into_owned())];
        let was_found = record.get(self.status) == Some("found");
        for (column, text) in own.into_iter().chain([(self.status, "found".to_owned())]) {
            *cells.get_mut(column)? = text;
        }
        // The source of a register is in both languages already.
        if let Some(in_chinese) = self.source_zh.and_then(|column| cells.get_mut(column)) {
            in_chinese.clear();
        }
        // How uncertain an estimate was says nothing of the number that was found.
        if let Some(spread) = self.spread.filter(|_| !was_found).and_then(|column| cells.get_mut(column)) {
            spread.clear();
        }
        (cells.iter().map(String::as_str).ne(record.iter())).then_some(cells)
    }
}

/// A row with the line ends of the one that it replaces.
fn written(cells: &[String], line: &str) -> Option<String> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record(cells).ok()?;
    let text = String::from_utf8(writer.into_inner().ok()?).ok()?;
    let ends = line.trim_end_matches(['\r', '\n']).len();
    // Blank lines before a record belong to it.
    let begins = line.len() - line.trim_start_matches(['\r', '\n']).len();
    Some(format!("{}{}{}", &line[..begins.min(ends)], text.trim_end_matches('\n'), &line[ends..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_only_rows_with_other_numbers_are_written_anew() {
        let county = |code, name: &str| County { code, name: name.to_owned(), ..County::default() };
        let counties = [county(450_621, "上思县"), county(450_681, "东兴市")];
        let text = "\u{feff}code,category,persons,status,source,spread,source_zh\r\n450621 , dibao,\"7\",assumed,x,0.4,甲\r\n\r\n上思县,tekun,3,found,\"a, b\",,\r\n450681,dibao,5,found,z,0.1,乙";
        let new = |code, category: &str, persons, source: &str| NewCount {
            code,
            category: category.to_owned(),
            persons,
            source: source.to_owned(),
        };
        let all = [
            new(450_621, "dibao", 8, "r A1"),
            new(450_621, "tekun", 3, "a, b"),
            new(450_681, "dibao", 6, "=1"),
        ];
        let out = with_counts(text, &counties, &all).unwrap();
        assert_eq!(
            out,
            "\u{feff}code,category,persons,status,source,spread,source_zh\r\n450621,dibao,8,found,r A1,,\r\n\r\n上思县,tekun,3,found,\"a, b\",,\r\n450681,dibao,6,found,'=1,0.1,"
        );
        assert_eq!(with_counts(&out, &counties, &all[..2]).unwrap(), out, "nothing more to do");
        assert_eq!(with_counts("a,b\n1,2\n", &counties, &all), None);
    }
}
