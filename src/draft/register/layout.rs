//! Where the table of a sheet stands and how it is built: a row for each category, a column for each, or both.

use super::Question;
use super::heading::{self, Meaning};
use super::number::{self, Unit};
use super::sheet::{At, Sheet, TableFault};
use crate::draft::census;
use crate::lang::Words;

/// A title and headings stand in the first rows.
const FIRST_ROWS: usize = 20;

/// A column of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its position.
    pub(super) at: At,
    /// Its heading.
    pub(super) label: String,
    /// What it counts.
    pub(super) unit: Unit,
    /// Which county or category it is, where columns say so.
    pub(super) is: Axis,
}

/// What a column is one of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Axis {
    /// Rows say which category; this column has the numbers.
    Numbers,
    /// The column of a category.
    Category(Meaning),
    /// The column of a county.
    County(u32),
    /// A sum over counties.
    AllCounties,
}

/// A table found in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The last row of the headings.
    pub(super) header: usize,
    /// The texts of the headings; what is merged over two rows stands in both.
    pub(super) texts: Vec<String>,
    /// The column of the categories, where there is one.
    pub(super) category: Option<usize>,
    /// The column of the counties, where there is one.
    pub(super) county: Option<usize>,
    /// The columns of numbers.
    pub(super) numbers: Vec<Column>,
    /// The county that the whole sheet is about, where neither rows nor columns say it.
    pub(super) only: Option<u32>,
}

/// Finds the table of a sheet.
pub(super) fn find(sheet: &Sheet, question: Question<'_>) -> Result<Layout, TableFault> {
    let mut households = None;
    for row in 0..sheet.rows.len().min(FIRST_ROWS) {
        let header = headings(sheet, row);
        if is_first_of_two(sheet, row, question) {
            continue;
        }
        let category = header.iter().position(|text| heading::is_category(text));
        let county = (0..header.len()).find(|&at| Some(at) != category && heading::is_county(&header[at]));
        let title = title_unit(sheet, row);
        let numbers = numbers((row, &header), (category, county, title), question);
        let is_table = match category {
            Some(_) => !numbers.is_empty(),
            // Headings that are categories: one could be a title, two are a table.
            None => {
                numbers.iter().filter(|one| !matches!(one.is, Axis::Category(Meaning::Total))).count() >= 2
            }
        };
        if !is_table {
            continue;
        }
        if let Some(column) = numbers.iter().find(|one| one.unit == Unit::Households) {
            households = Some(column.at);
            continue;
        }
        let columns_say = numbers.iter().any(|one| matches!(one.is, Axis::County(_)));
        let only = match (county, columns_say) {
            (None, false) => Some(only_county(sheet, question).ok_or_else(|| which_county(question))?),
            _ => None,
        };
        return Ok(Layout { header: row, texts: header, category, county, numbers, only });
    }
    Err(households.map_or_else(
        || no_table(question),
        |at| {
            let problem = Words::new(
                "单位是户，需要的是人数；请加一列“人数”",
                "counts households, but persons are needed; add a column of persons",
            );
            TableFault::new(sheet, at, problem)
        },
    ))
}

/// Whether the row below has headings too, of parts of what a heading of this row names: the table begins with that.
fn is_first_of_two(sheet: &Sheet, row: usize, question: Question<'_>) -> bool {
    let (Some(below), true) = (sheet.rows.get(row + 1), sheet.rows[row].iter().any(|text| !text.is_empty()))
    else {
        return false;
    };
    let has_digits = below.iter().any(|text| text.contains(|one: char| one.is_ascii_digit()));
    let is_heading = |text: &&String| {
        let meaning = heading::meaning(text, question.categories, question.maps);
        heading::is_persons(text) || !matches!(meaning, Meaning::Unknown)
    };
    let first = below.iter().find(|text| !text.is_empty()).is_some_and(|text| below.first() != Some(text));
    !has_digits && first && below.iter().any(|text| is_heading(&text))
}

/// The texts of a row of headings; what was merged over several columns, or stands in the row above a blank, goes on.
fn headings(sheet: &Sheet, row: usize) -> Vec<String> {
    let cells = &sheet.rows[row];
    let above = row.checked_sub(1).map(|above| &sheet.rows[above]);
    // A title above is one text over the whole table.
    let above = above.filter(|above| above.iter().filter(|text| !text.is_empty()).count() > 1);
    (0..cells.len().max(above.map_or(0, Vec::len)))
        .map(|column| {
            let own = cells.get(column).cloned().unwrap_or_default();
            let over = above.and_then(|above| above.get(column)).filter(|text| !text.is_empty());
            // A heading merged over two rows stands in the upper one.
            if own.is_empty() { over.cloned().unwrap_or_default() } else { own }
        })
        .collect()
}

/// The unit that a title above the headings names.
fn title_unit(sheet: &Sheet, header: usize) -> Option<Unit> {
    sheet.rows[..header].iter().flatten().find_map(|text| number::unit(text))
}

fn numbers(
    (row, header): (usize, &[String]),
    (category, county, title): (Option<usize>, Option<usize>, Option<Unit>),
    question: Question<'_>,
) -> Vec<Column> {
    let unit = |text: &str| number::unit(text).or(title).unwrap_or_default();
    let column = |at: usize, is: Axis| {
        let label = header[at].clone();
        Column { at: At { row, column: at }, unit: unit(&label), label, is }
    };
    let others = || (0..header.len()).filter(|at| Some(*at) != category && Some(*at) != county);
    if category.is_some() {
        let plain: Vec<usize> = others().filter(|&at| heading::is_persons(&header[at])).collect();
        if !plain.is_empty() {
            // Of several columns of persons the last that is not a sum over time would be a guess: the first counts.
            return plain.into_iter().take(1).map(|at| column(at, Axis::Numbers)).collect();
        }
        let of_county = |at: usize| {
            let text = &header[at];
            let code = county_named(text, question);
            let all = heading::is_total(text).then(|| column(at, Axis::AllCounties));
            code.map(|code| column(at, Axis::County(code))).or(all)
        };
        let counties: Vec<Column> = others().filter_map(of_county).collect();
        let any = counties.iter().any(|one| matches!(one.is, Axis::County(_)));
        if any {
            return counties;
        }
        let totals: Vec<usize> = others().filter(|&at| heading::is_total(&header[at])).collect();
        if let [at] = totals[..] {
            return vec![column(at, Axis::Numbers)];
        }
        // "户数" beside nothing else: the fault is said by whoever asked.
        return others()
            .filter(|&at| number::unit(&header[at]) == Some(Unit::Households) || header[at] == "户数")
            .map(|at| Column { unit: Unit::Households, ..column(at, Axis::Numbers) })
            .collect();
    }
    let of_category = |at: usize| match heading::meaning(&header[at], question.categories, question.maps) {
        Meaning::Unknown => None,
        meaning => Some(column(at, Axis::Category(meaning))),
    };
    let known: Vec<Column> = others().filter_map(of_category).collect();
    known
}

/// The county of the question that a text names; the text as it stands, or without the word for its kind.
pub(super) fn county_named(text: &str, question: Question<'_>) -> Option<u32> {
    let found = census::among(question.counties, text);
    match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The county that the name of a sheet or its title is about.
pub(super) fn county_of(sheet: &Sheet, question: Question<'_>) -> Option<u32> {
    let titles = sheet.rows.iter().take(3).flatten();
    let texts: Vec<&str> = std::iter::once(sheet.name.as_str()).chain(titles.map(String::as_str)).collect();
    let named = |one: &&&census::CensusCounty| texts.iter().any(|text| text.contains(&one.county.name));
    let mut found = question.counties.iter().filter(named).map(|one| one.county.code);
    match (found.next(), found.next()) {
        (Some(code), None) => Some(code),
        _ => None,
    }
}

fn only_county(sheet: &Sheet, question: Question<'_>) -> Option<u32> {
    match question.counties {
        [one] => Some(one.county.code),
        _ => county_of(sheet, question),
    }
}

fn which_county(question: Question<'_>) -> TableFault {
    let n = question.counties.len();
    TableFault::whole(Words::new(
        format!("表中没有“县区”一列，标题和工作表名也没有县名，无法分到{n}个县；请加一列县区"),
        format!("no column, title or sheet names the county, of {n}; add a column of counties"),
    ))
}

fn no_table(question: Question<'_>) -> TableFault {
    let labels: Vec<&str> = question.categories.iter().map(|(_, label)| label.zh.as_str()).collect();
    TableFault::whole(Words::new(
        format!(
            "前{FIRST_ROWS}行中没有找到表头：需要“对象类别”和“人数”两列（可有“县区”一列），或每个类别一列（{}）",
            labels.join("、")
        ),
        format!(
            "no headings were found in the first {FIRST_ROWS} rows: columns `对象类别` (category) and `人数` (persons) are \
             needed, with `县区` (county) where there are several, or a column for each category ({})",
            labels.join("、")
        ),
    ))
}

/// Year and month that a title names: 2025年12月.
pub(super) fn date(sheet: &Sheet, layout: &Layout) -> Option<(u16, u8)> {
    let titles = sheet.rows[..layout.header].iter().flatten();
    std::iter::once(&sheet.name).chain(titles).find_map(|text| date_in(text))
}

fn date_in(text: &str) -> Option<(u16, u8)> {
    let (before, after) = text.split_once('年')?;
    let year: u16 = before.get(before.len().checked_sub(4)?..)?.parse().ok()?;
    let month = after.split_once('月').and_then(|(month, _)| month.trim().parse().ok());
    let month = month.or_else(|| (after.starts_with('末') || after.starts_with('底')).then_some(12));
    (2000..=2100)
        .contains(&year)
        .then_some((year, month.filter(|month| (1..=12).contains(month)).unwrap_or(12)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_the_date_stands_in_the_title() {
        assert_eq!(date_in("临江县2025年12月末医疗救助对象台账汇总表"), Some((2025, 12)));
        assert_eq!(date_in("2024年3月"), Some((2024, 3)));
        assert_eq!(date_in("2024年度汇总"), Some((2024, 12)));
        for text in ["", "年", "台账", "20年", "3025年"] {
            assert_eq!(date_in(text), None, "{text}");
        }
    }
}
