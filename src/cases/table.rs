//! Cases as two tables: persons and their claims.
//!
//! Tables come out of spreadsheets: cells may be separated by commas, semicolons or tabs, rows may be empty, days may be
//! written `2023/2/3`, amounts `52,000.00`, columns by their Chinese headings, and kinds, levels and the like by their
//! Chinese labels.

use std::collections::BTreeMap;

use super::columns::{
    AMOUNTS, CLAIMS, CLAIMS_NEEDED, CLAIMS_ZH, NUMBERS, PERSONS, PERSONS_NEEDED, PERSONS_ZH,
};
use super::field::{CaseFault, CaseFaults, Fields, Typed, same};
use super::typed::hinted;
use crate::lang::Words;
use crate::policy::claim::{Insurance, Kind, Level, Locality, OverNewYear, Sex};
use crate::scenario::table::{self, Columns, TableFault};
use crate::units::{Day, Month};

/// What may stand between cells besides commas.
const SEPARATORS: &[char] = &[';', '\t'];

/// Name and text of a table.
pub type Table<'a> = (&'a str, &'a str);

/// The rule for stays over the end of a year.
pub type OfYear<'a> = &'a dyn Fn(u16) -> OverNewYear;

/// Reads persons and claims into fields, as [`super::json::read`] does.
///
/// A claim belongs to the row of its case; where a case has a row for each of several years, to that of the year of
/// admission, a stay over New Year to the rows of the years in which it counts, and a claim that is marked as earlier to the
/// first of the next years; `year` names the row where it is another.
///
/// # Errors
/// Tables that cannot be read, unknown or missing columns, claims of nobody, cases listed twice for one year.
pub fn read(
    persons: Table<'_>,
    claims: Table<'_>,
    over_new_year: OfYear<'_>,
) -> Result<Vec<Fields>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let columns =
        Columns { headings: PERSONS_ZH, separators: SEPARATORS, ..Columns::plain(PERSONS, PERSONS_NEEDED) };
    let people = rows(persons, columns, &mut faults);
    // What was left of an earlier bill stands in the place of its total.
    let one_of = &["total", "self_pay"];
    let columns = Columns {
        one_of,
        headings: CLAIMS_ZH,
        separators: SEPARATORS,
        ..Columns::plain(CLAIMS, CLAIMS_NEEDED)
    };
    let bills = rows(claims, columns, &mut faults);
    // Without one of the tables every row of the other would be at fault.
    let (Some(mut cases), Some(bills)) = (people, bills) else { return Err(faults) };
    let by_case = by_case(persons.0, &cases, &mut faults);
    let mut lists: Vec<[Vec<Fields>; 2]> = vec![<[Vec<Fields>; 2]>::default(); cases.len()];
    let known = years_of_claims(&bills, over_new_year);
    for mut bill in bills {
        let id = text_of(&bill, "case");
        let earlier = is_earlier(&bill);
        let own = years_of(&bill, over_new_year);
        // A reversal belongs to the bill that it takes back, whatever its own day.
        let years = match text_of(&bill, "reverses") {
            of if of.is_empty() || !text_of(&bill, "year").is_empty() => own,
            of => known.get(&(id.clone(), of)).map_or(own, |bill| bill.years.clone()),
        };
        bill.list.retain(|(name, value)| {
            !["case", "year"].contains(&name.as_str())
                && (name != "earlier" || matches!(value, Typed::Text(_)))
        });
        match by_case.get(&id).map(|rows| rows_of(rows, &years, earlier)) {
            Some(rows) if rows.is_empty() => {
                let known = Words::new(
                    "在人员表中，但没有这笔费用的年度",
                    "is in the table of persons, but not for the year of this claim",
                );
                faults.push(fault(claims.0, bill.line, ("case", same(&id)), known));
            }
            Some(rows) => {
                rows.iter().for_each(|&index| lists[index][usize::from(earlier)].push(bill.clone()));
            }
            None => {
                let unknown = Words::new("不在人员表中", "is not in the table of persons");
                faults.push(fault(claims.0, bill.line, ("case", same(&id)), unknown));
            }
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
                let problem = Words::new(
                    format!("{year}年有两行，第一行是第{line}行；一人一年一行"),
                    format!(
                        "stands twice for the year {year}: first on line {line}; one row for a person and year"
                    ),
                );
                faults.push(fault(file, case.line, ("case", same(&id)), problem));
            }
            None => drop(rows.insert(year, index)),
        }
    }
    all
}

/// The years of a claim, and whether its row was named.
#[derive(Debug, Clone, Default)]
struct ClaimYears {
    years: Vec<u16>,
    named: bool,
}

/// The rows that a claim belongs to: of a stay that is split at New Year two.
fn rows_of(rows: &BTreeMap<String, usize>, of: &ClaimYears, earlier: bool) -> Vec<usize> {
    let row = |year: u16| rows.get(&year.to_string()).copied();
    if of.named {
        return of.years.iter().filter_map(|year| row(*year)).collect();
    }
    if rows.len() == 1 {
        return rows.values().copied().collect();
    }
    match of.years.first() {
        Some(year) if earlier => [year + 1, year + 2].into_iter().find_map(row).into_iter().collect(),
        _ => of.years.iter().filter_map(|year| row(*year)).collect(),
    }
}

/// A bill that may be reversed.
struct KnownBill {
    admitted: String,
    years: ClaimYears,
}

/// The years of each claim that is no reversal, by case and id; of a bill that stands on a row for each of two years, both.
fn years_of_claims(bills: &[Fields], over_new_year: OfYear<'_>) -> BTreeMap<(String, String), KnownBill> {
    let mut all: BTreeMap<(String, String), KnownBill> = BTreeMap::new();
    for bill in bills.iter().filter(|bill| text_of(bill, "reverses").is_empty()) {
        let (admitted, years) = (text_of(bill, "admitted"), years_of(bill, over_new_year));
        match all.get_mut(&(text_of(bill, "case"), text_of(bill, "id"))) {
            Some(known) if known.admitted == admitted => known.years.years.extend(years.years),
            _ => {
                let id = (text_of(bill, "case"), text_of(bill, "id"));
                drop(all.insert(id, KnownBill { admitted, years }));
            }
        }
    }
    all
}

/// The years in which a claim counts: the one that its row names, else that of admission, for a stay over New Year those of
/// the policy's rule. That its days can be meant is looked at where the case is read.
fn years_of(bill: &Fields, over_new_year: OfYear<'_>) -> ClaimYears {
    let named = text_of(bill, "year");
    if !named.is_empty() {
        return ClaimYears { years: named.parse().into_iter().collect(), named: true };
    }
    // A day that does not exist is refused where the case of its year is read.
    let admitted = text_of(bill, "admitted");
    let Some(from) = admitted.get(..4).and_then(|year| year.parse::<u16>().ok()) else {
        return ClaimYears::default();
    };
    let to = Day::parse(&text_of(bill, "discharged")).map(|day| day.month.year());
    let is_stay = text_of(bill, "kind") == Kind::Inpatient.name();
    let years = match to.filter(|to| is_stay && *to > from) {
        None => vec![from],
        Some(to) => match over_new_year(from) {
            OverNewYear::ByAdmission => vec![from],
            OverNewYear::ByDischarge => vec![to],
            OverNewYear::Split => vec![from, to],
        },
    };
    ClaimYears { years, named: false }
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
            other => other.words().en,
        })
        .unwrap_or_default()
}

fn fault(file: &str, line: usize, (field, value): (&str, Words), allowed: Words) -> CaseFault {
    CaseFault { file: file.to_owned(), line, field: same(field), value, allowed }
}

/// The rows of a table; none where it is not in order, because every row would be at fault for that.
fn rows((file, text): Table<'_>, columns: Columns<'_>, faults: &mut CaseFaults) -> Option<Vec<Fields>> {
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Some(Vec::new());
    }
    match table::read(text, columns) {
        Ok(table) => {
            Some(table.rows.iter().map(|row| fields(&table.columns, &row.cells, row.line)).collect())
        }
        Err(found) => {
            for TableFault { line, column, problem, hint, .. } in found {
                let hint = hint.unwrap_or_default();
                if column.is_empty() {
                    faults.push(fault(file, line, ("", Words::default()), hinted(problem, &hint)));
                } else {
                    faults.push(fault(file, line, (&column, problem), hint));
                }
            }
            None
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
        _ if AMOUNTS.contains(&column) => Typed::Number(without_separators(cell)),
        _ => Typed::Text(label(column, cell).unwrap_or(cell).to_owned()),
    }
}

/// An amount without thousands separators, where they stand after every third digit; else as it was typed: whether
/// `8,80` means 8.80 or 880 cannot be told.
fn without_separators(cell: &str) -> String {
    let (whole, rest) = cell.split_once('.').map_or((cell, None), |(whole, rest)| (whole, Some(rest)));
    let groups: Vec<&str> = whole.split([',', '，']).collect();
    let all_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let in_threes = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3)
        && groups.iter().all(all_digits);
    match rest {
        _ if !in_threes => cell.to_owned(),
        Some(rest) => format!("{}.{rest}", groups.concat()),
        None => groups.concat(),
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

/// A month as the format writes it, where the year comes first; else as it was typed. A spreadsheet keeps a month as its
/// first day.
fn month(cell: &str) -> String {
    let text = match numbers(cell)[..] {
        [year, month] | [year, month, "1" | "01"] => format!("{year}-{month:0>2}"),
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
    fn exact_thousands_separators_are_read_where_nothing_else_can_be_meant() {
        for (written, read) in
            [("52,000.00", "52000.00"), ("1,234,567", "1234567"), ("1，000.5", "1000.5"), ("999.5", "999.5")]
        {
            assert_eq!(without_separators(written), read);
        }
        for written in
            ["8,80", "8,8000", ",800", "1,,000", "1,000,00", "12,34.5", "a,000", "1000,000", "-1,000"]
        {
            assert_eq!(without_separators(written), written);
        }
    }

    #[test]
    fn exact_every_column_has_one_chinese_heading() {
        for (columns, headings) in [(PERSONS, PERSONS_ZH), (CLAIMS, CLAIMS_ZH)] {
            assert_eq!(headings.iter().map(|(_, column)| *column).collect::<Vec<_>>(), columns);
        }
    }

    #[test]
    fn exact_days_and_months_of_spreadsheets_are_read() {
        for written in ["2023-02-03", "2023/2/3", "2023.02.03", "2023年2月3日", "2023/2/3 0:00"] {
            assert_eq!(day(written), "2023-02-03", "{written}");
        }
        for written in ["2023-11", "2023/11", "2023年11月", "2023-11-01"] {
            assert_eq!(month(written), "2023-11", "{written}");
        }
        // Which number is the day cannot be told, or it does not exist: as typed, so that it is refused.
        for written in ["3/2/2023", "2023/2/29", "23/2/3", "2023/2", "2023/2/3 8:30", "44960", ""] {
            assert_eq!(day(written), written);
        }
    }
}
