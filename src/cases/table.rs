//! Cases as two tables: persons and their claims.

use std::collections::BTreeMap;

use super::field::{CaseFault, CaseFaults, Fields, Typed};

/// The columns of the table of persons.
pub const PERSONS: &[&str] =
    &["case", "county", "year", "age", "sex", "insurance", "identities", "traits", "recognised"];

/// The columns of the table of claims.
pub const CLAIMS: &[&str] =
    &["case", "id", "kind", "admitted", "discharged", "level", "place", "referred", "total", "out_of_scope"];

/// Columns whose content is a number.
const NUMBERS: &[&str] = &["year", "age", "total", "out_of_scope"];

/// Name and text of a table.
pub type Table<'a> = (&'a str, &'a str);

/// Reads persons and claims into fields, as [`super::json::read`] does.
///
/// # Errors
/// Tables that cannot be read, unknown or missing columns, claims of nobody, cases listed twice.
pub fn read(persons: Table<'_>, claims: Table<'_>) -> Result<Vec<Fields>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let mut cases = rows(persons, PERSONS, &["case", "county", "year", "age"], &mut faults);
    let needed = ["case", "id", "kind", "admitted", "level", "total"];
    let bills = rows(claims, CLAIMS, &needed, &mut faults);
    let mut by_case: BTreeMap<String, usize> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        let id = text_of(case, "case");
        if by_case.insert(id.clone(), index).is_some() {
            faults.push(fault(persons.0, case.line, ("case", &id), "stands twice in the table of persons"));
        }
    }
    let mut lists: Vec<Vec<Fields>> = vec![Vec::new(); cases.len()];
    for mut bill in bills {
        let id = text_of(&bill, "case");
        bill.list.retain(|(name, _)| name != "case");
        match by_case.get(&id) {
            Some(&index) => lists[index].push(bill),
            None => faults.push(fault(claims.0, bill.line, ("case", &id), "is not in the table of persons")),
        }
    }
    for (case, bills) in cases.iter_mut().zip(lists) {
        case.list.push(("claims".to_owned(), Typed::Groups(bills)));
    }
    if faults.is_empty() { Ok(cases) } else { Err(faults) }
}

fn text_of(fields: &Fields, name: &str) -> String {
    fields
        .list
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| match value {
            Typed::Text(text) | Typed::Number(text) => text.clone(),
            other => other.to_string(),
        })
        .unwrap_or_default()
}

fn fault(file: &str, line: usize, (field, value): (&str, &str), allowed: &str) -> CaseFault {
    CaseFault {
        file: file.to_owned(),
        line,
        field: field.to_owned(),
        value: value.to_owned(),
        allowed: allowed.to_owned(),
    }
}

fn rows((file, text): Table<'_>, known: &[&str], needed: &[&str], faults: &mut CaseFaults) -> Vec<Fields> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            faults.push(fault(file, 1, ("", ""), &format!("cannot be read as a table: {error}")));
            return Vec::new();
        }
    };
    if header.is_empty() {
        return Vec::new();
    }
    for (position, column) in header.iter().enumerate() {
        if !known.contains(&column) {
            let hint = crate::scenario::fault::nearest(column, known.iter().copied()).unwrap_or_default();
            faults.push(fault(file, 1, (column, "unknown column"), &hint));
        } else if header.iter().take(position).any(|before| before == column) {
            faults.push(fault(file, 1, (column, "column"), "stands twice"));
        }
    }
    for column in needed {
        if !header.iter().any(|name| name == *column) {
            faults.push(fault(file, 1, (column, "missing"), "this column is needed"));
        }
    }
    let mut all = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, |position| position.line() as usize);
                all.push(row(&header, &record, line));
            }
            Err(error) => {
                let line = error.position().map_or(0, |position| position.line() as usize);
                faults.push(fault(file, line, ("", ""), &format!("cannot be read: {error}")));
            }
        }
    }
    all
}

/// One row; an empty cell is as if the field had not been written.
fn row(header: &csv::StringRecord, record: &csv::StringRecord, line: usize) -> Fields {
    let list = header
        .iter()
        .zip(record)
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(column, cell)| (column.to_owned(), cell_value(column, cell, line)))
        .collect();
    Fields { list, line }
}

fn cell_value(column: &str, cell: &str, line: usize) -> Typed {
    match column {
        "identities" => Typed::Groups(cell.split(';').map(|text| identity(text.trim(), line)).collect()),
        "traits" => Typed::Texts(cell.split(';').map(|text| text.trim().to_owned()).collect()),
        "referred" => match cell {
            "true" | "TRUE" | "True" | "1" | "是" => Typed::Bool(true),
            "false" | "FALSE" | "False" | "0" | "否" => Typed::Bool(false),
            _ => Typed::Text(cell.to_owned()),
        },
        _ if NUMBERS.contains(&column) => Typed::Number(cell.to_owned()),
        _ => Typed::Text(cell.to_owned()),
    }
}

/// An identity written `category:from:to`, the end left out or empty while it is open.
fn identity(text: &str, line: usize) -> Fields {
    let list = text
        .splitn(3, ':')
        .zip(["category", "from", "to"])
        .filter(|(part, _)| !part.is_empty())
        .map(|(part, name)| (name.to_owned(), Typed::Text(part.to_owned())))
        .collect();
    Fields { list, line }
}
