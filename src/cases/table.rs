//! Cases as two tables: persons and their claims.
//!
//! Tables come out of spreadsheets: cells may be separated by commas, semicolons or tabs, rows may be empty, days may be
//! written `2023/2/3`, and kinds, levels and the like by their Chinese labels.

use std::collections::BTreeMap;

use super::field::{CaseFault, CaseFaults, Fields, Typed};
use super::grid::{self, Grid};
use crate::policy::claim::{Insurance, Kind, Level, Locality, Sex};
use crate::scenario::fault::nearest;
use crate::units::{Day, Month};

/// The columns of the table of persons.
pub const PERSONS: &[&str] =
    &["case", "county", "year", "age", "sex", "insurance", "identities", "traits", "recognised"];

/// The columns of the table of claims.
pub const CLAIMS: &[&str] = &[
    "case",
    "id",
    "kind",
    "admitted",
    "discharged",
    "level",
    "place",
    "referred",
    "total",
    "out_of_scope",
    "earlier",
    "self_pay",
];

/// Columns whose content is a number.
const NUMBERS: &[&str] = &["year", "age", "total", "out_of_scope", "self_pay"];

/// Name and text of a table.
pub type Table<'a> = (&'a str, &'a str);

/// Reads persons and claims into fields, as [`super::json::read`] does.
///
/// A claim belongs to the row of its case; where a case has a row for each of several years, to that of the year of
/// admission, and a claim that is marked as earlier to the first of the next years.
///
/// # Errors
/// Tables that cannot be read, unknown or missing columns, claims of nobody, cases listed twice for one year.
pub fn read(persons: Table<'_>, claims: Table<'_>) -> Result<Vec<Fields>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let people = rows(persons, PERSONS, &["case", "county", "year", "age"], &mut faults);
    let bills = rows(claims, CLAIMS, &["case", "id", "kind", "admitted", "level"], &mut faults);
    // Without one of the tables every row of the other would be at fault.
    let (Some(mut cases), Some(bills)) = (people, bills) else { return Err(faults) };
    let by_case = by_case(persons.0, &cases, &mut faults);
    let mut lists: Vec<[Vec<Fields>; 2]> = vec![<[Vec<Fields>; 2]>::default(); cases.len()];
    for mut bill in bills {
        let id = text_of(&bill, "case");
        let earlier = is_earlier(&bill);
        let year: Option<u16> = text_of(&bill, "admitted").get(..4).and_then(|year| year.parse().ok());
        bill.list
            .retain(|(name, value)| name != "case" && (name != "earlier" || matches!(value, Typed::Text(_))));
        match by_case.get(&id).map(|rows| row_of(rows, year, earlier)) {
            Some(Some(index)) => lists[index][usize::from(earlier)].push(bill),
            Some(None) => {
                let known = "is in the table of persons, but not for the year of this claim";
                faults.push(fault(claims.0, bill.line, ("case", &id), known));
            }
            None => faults.push(fault(claims.0, bill.line, ("case", &id), "is not in the table of persons")),
        }
    }
    for (case, [bills, earlier]) in cases.iter_mut().zip(lists) {
        case.list.push(("claims".to_owned(), Typed::Groups(bills)));
        if !earlier.is_empty() {
            case.list.push(("earlier".to_owned(), Typed::Groups(earlier)));
        }
    }
    if faults.is_empty() { Ok(cases) } else { Err(faults) }
}

/// The rows of each case by year; a case that stands twice for one year is a fault.
fn by_case(
    file: &str,
    cases: &[Fields],
    faults: &mut CaseFaults,
) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut all: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        let (id, year) = (text_of(case, "case"), text_of(case, "year"));
        if id.is_empty() {
            // That the name is missing is said where the case is read.
            continue;
        }
        let rows = all.entry(id.clone()).or_default();
        match rows.get(&year) {
            Some(&first) => {
                let line = cases[first].line;
                let problem = format!(
                    "stands twice for the year {year}: first on line {line}; one row for a person and year"
                );
                faults.push(fault(file, case.line, ("case", &id), &problem));
            }
            None => drop(rows.insert(year, index)),
        }
    }
    all
}

/// The row that a claim belongs to.
fn row_of(rows: &BTreeMap<String, usize>, year: Option<u16>, earlier: bool) -> Option<usize> {
    if rows.len() == 1 {
        return rows.values().next().copied();
    }
    let year = year?;
    let years: Vec<u16> = if earlier { vec![year + 1, year + 2] } else { vec![year] };
    years.iter().find_map(|year| rows.get(&year.to_string()).copied())
}

fn is_earlier(bill: &Fields) -> bool {
    bill.list.iter().any(|(name, value)| name == "earlier" && *value == Typed::Bool(true))
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

/// The rows of a table; none where its columns are at fault, because every row would be at fault for that.
fn rows(
    (file, text): Table<'_>,
    known: &[&str],
    needed: &[&str],
    faults: &mut CaseFaults,
) -> Option<Vec<Fields>> {
    let Grid { header, header_line, rows } = match grid::read(text, known) {
        Ok(grid) => grid,
        Err((line, problem)) => {
            faults.push(fault(file, line, ("", ""), &problem));
            return None;
        }
    };
    if header.is_empty() {
        return Some(Vec::new());
    }
    let mut wrong = CaseFaults::default();
    columns((file, header_line), &header, (known, needed), &mut wrong);
    if !wrong.is_empty() {
        faults.extend(wrong);
        return None;
    }
    let mut all = Vec::new();
    for row in rows {
        let n = row.cells.len();
        if n == header.len()
            || row.cells[header.len().min(n)..].iter().all(String::is_empty) && n > header.len()
        {
            all.push(fields(&header, &row.cells, row.line));
        } else {
            let problem = format!("has {n} cells where the first line names {} columns", header.len());
            faults.push(fault(file, row.line, ("", ""), &problem));
        }
    }
    Some(all)
}

fn columns(
    (file, line): (&str, usize),
    header: &[String],
    (known, needed): (&[&str], &[&str]),
    faults: &mut CaseFaults,
) {
    let unknown: Vec<&String> = header.iter().filter(|column| !known.contains(&column.as_str())).collect();
    let has = |column: &str| header.iter().any(|name| name == column);
    let mut missing: Vec<&str> = needed.iter().copied().filter(|column| !has(column)).collect();
    // What was left of an earlier bill stands in the place of its total.
    if known.contains(&"total") && !has("total") && !has("self_pay") {
        missing.push("total");
    }
    if missing.len() > 1 {
        // One cause: the first line does not name the columns.
        let list = |names: &[&str]| names.join(", ");
        let mut problem = format!("columns are needed; the first line must name them: {}", list(known));
        if !unknown.is_empty() {
            let unknown: Vec<&str> = unknown.iter().map(|name| name.as_str()).collect();
            problem.push_str(&format!(" (unknown: {})", list(&unknown)));
        }
        faults.push(fault(file, line, (&list(&missing), "missing"), &problem));
    } else {
        for column in unknown {
            let hint = nearest(column, known.iter().copied()).unwrap_or_default();
            faults.push(fault(file, line, (column, "unknown column"), &hint));
        }
        for column in missing {
            faults.push(fault(file, line, (column, "missing"), "this column is needed"));
        }
    }
    for (position, column) in header.iter().enumerate() {
        if known.contains(&column.as_str()) && header[..position].contains(column) {
            faults.push(fault(file, line, (column, "column"), "stands twice"));
        }
    }
}

/// One row; an empty cell is as if the field had not been written.
fn fields(header: &[String], cells: &[String], line: usize) -> Fields {
    let list = header
        .iter()
        .zip(cells)
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(column, cell)| (column.to_owned(), cell_value(column, cell, line)))
        .collect();
    Fields { list, line }
}

fn cell_value(column: &str, cell: &str, line: usize) -> Typed {
    match column {
        "identities" => Typed::Groups(cell.split(';').map(|text| identity(text.trim(), line)).collect()),
        "traits" => Typed::Texts(cell.split(';').map(|text| text.trim().to_owned()).collect()),
        "referred" | "earlier" => match cell {
            "true" | "TRUE" | "True" | "1" | "是" => Typed::Bool(true),
            "false" | "FALSE" | "False" | "0" | "否" => Typed::Bool(false),
            _ => Typed::Text(cell.to_owned()),
        },
        "admitted" | "discharged" => Typed::Text(day(cell)),
        "recognised" => Typed::Text(month(cell)),
        _ if NUMBERS.contains(&column) => Typed::Number(cell.to_owned()),
        _ => Typed::Text(label(column, cell).unwrap_or(cell).to_owned()),
    }
}

/// The name of what a cell gives by its Chinese label.
fn label(column: &str, cell: &str) -> Option<&'static str> {
    macro_rules! of {
        ($kind:ident) => {
            $kind::ALL.iter().find(|one| one.label_zh() == cell).map(|one| one.name())
        };
    }
    match column {
        "sex" => of!(Sex),
        "insurance" => of!(Insurance),
        "kind" => of!(Kind),
        "level" => of!(Level),
        "place" => of!(Locality),
        _ => None,
    }
}

/// The numbers of a date that begins with the year, whatever stands between them.
fn numbers(cell: &str) -> Vec<&str> {
    // A spreadsheet adds the hour to a day.
    let cell = cell.split_once(' ').map_or(cell, |(day, hour)| {
        if ["0:00", "00:00", "0:00:00", "00:00:00"].contains(&hour.trim()) { day } else { cell }
    });
    let cell = cell.strip_suffix(['日', '月']).unwrap_or(cell);
    let parts: Vec<&str> = cell.split(['-', '/', '.', '年', '月']).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let long =
        parts.first().is_some_and(|year| year.len() == 4) && parts[1..].iter().all(|part| part.len() <= 2);
    if long && parts.iter().all(is_number) { parts } else { Vec::new() }
}

/// A day as the format writes it, where year, month and day stand in this order; else as it was typed.
fn day(cell: &str) -> String {
    let text = match numbers(cell)[..] {
        [year, month, day] => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => cell.to_owned(),
    };
    if Day::parse(&text).is_some() { text } else { cell.to_owned() }
}

/// A month as the format writes it, where the year comes first; else as it was typed.
fn month(cell: &str) -> String {
    let text = match numbers(cell)[..] {
        [year, month] => format!("{year}-{month:0>2}"),
        _ => cell.to_owned(),
    };
    if Month::parse(&text).is_some() { text } else { cell.to_owned() }
}

/// An identity written `category:from:to`, the end left out or empty while it is open.
fn identity(text: &str, line: usize) -> Fields {
    let list = text
        .splitn(3, [':', '：'])
        .map(str::trim)
        .zip(["category", "from", "to"])
        .filter(|(part, _)| !part.is_empty())
        .map(|(part, name)| {
            let part = if name == "category" { part.to_owned() } else { month(part) };
            (name.to_owned(), Typed::Text(part))
        })
        .collect();
    Fields { list, line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_days_and_months_of_spreadsheets_are_read() {
        for written in ["2023-02-03", "2023/2/3", "2023.02.03", "2023年2月3日", "2023/2/3 0:00"] {
            assert_eq!(day(written), "2023-02-03", "{written}");
        }
        for written in ["2023-11", "2023/11", "2023年11月"] {
            assert_eq!(month(written), "2023-11", "{written}");
        }
        // Which number is the day cannot be told, or it does not exist: as typed, so that it is refused.
        for written in ["3/2/2023", "2023/2/29", "23/2/3", "2023/2", "2023/2/3 8:30", "44960", ""] {
            assert_eq!(day(written), written);
        }
    }
}
