//! The result of a comparison for the terminal, and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::number::{maybe, percent, signed_ten_thousands};
use super::screen::{grid, heading, warm_up};
use crate::lang::Lang;
use crate::projection::compare::Comparison;
use crate::projection::difference::DifferenceRow;
use crate::projection::money::Part;

/// How many lines and clauses are named as causes.
const MOST_CAUSES: usize = 3;

/// The differences of the totals by county and year, then what causes them.
#[must_use]
pub fn text(comparison: &Comparison, lang: Lang) -> String {
    let (base, other) = (&comparison.base, &comparison.other);
    let title = match lang {
        Lang::Zh => {
            format!("{}（{}）\n减  {}（{}）", other.title_zh, other.scenario, base.title_zh, base.scenario)
        }
        Lang::En => {
            format!("{} ({})\nminus {} ({})", other.title_en, other.scenario, base.title_en, base.scenario)
        }
    };
    let mut out = heading(&title, base.n_replicates, lang);
    out.push_str(&warm_up(base, lang));
    out.push('\n');
    out.push_str(&differences(comparison, lang));
    out.push_str(&format!("\n{}\n", lang.pick("差额主要来自", "What causes it")));
    for year in base.year_numbers() {
        out.push_str(&causes(comparison, year, lang));
    }
    out
}

fn totals(comparison: &Comparison) -> impl Iterator<Item = &DifferenceRow> {
    comparison.rows.iter().filter(|row| row.part == Part::TOTAL)
}

fn differences(comparison: &Comparison, lang: Lang) -> String {
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("差额", "Difference"),
        lang.pick("95%区间下限", "95 % from"),
        lang.pick("95%区间上限", "to"),
        lang.pick("支出更高的概率", "Chance of being dearer"),
    ];
    let rows = totals(comparison).map(|row| {
        let difference = &row.difference;
        let (low, high) = difference.interval_yuan.unzip();
        let mut cells = vec![comparison.base.county_label(row.county, lang).to_owned(), row.year.to_string()];
        cells.push(signed_ten_thousands(difference.yuan.mean));
        cells.extend([low, high].map(|end| maybe(end, signed_ten_thousands)));
        cells.push(percent(difference.probability_dearer));
        cells
    });
    grid(&header, rows, 1)
}

/// The lines and clauses with the largest part in the difference of all counties in one year.
fn causes(comparison: &Comparison, year: u16, lang: Lang) -> String {
    let named = |causes: Vec<(usize, f64)>, name: &dyn Fn(usize) -> String| {
        let list: Vec<String> = causes
            .into_iter()
            .map(|(position, yuan)| format!("{} {}", name(position), signed_ten_thousands(yuan)))
            .collect();
        if list.is_empty() { "-".to_owned() } else { list.join(lang.pick("，", ", ")) }
    };
    let line = |position: usize| {
        let name = &comparison.lines[position];
        lang.pick(&name.zh, &name.en).to_owned()
    };
    let clause = |position: usize| comparison.clauses[position].id.clone();
    let lines = named(comparison.leading_lines(None, year, MOST_CAUSES), &line);
    let clauses = named(comparison.leading_clauses(None, year, MOST_CAUSES), &clause);
    match lang {
        Lang::Zh => format!("  {year}年  项目：{lines}  条款：{clauses}\n"),
        Lang::En => format!("  {year}  lines: {lines}; clauses: {clauses}\n"),
    }
}

/// The same as JSON, in yuan.
#[must_use]
pub fn json(comparison: &Comparison) -> Value {
    json!({
        "base": comparison.base.scenario,
        "other": comparison.other.scenario,
        "seed": comparison.base.seed,
        "replicates": comparison.base.n_replicates,
        "unit": "yuan",
        "differences": totals(comparison).map(|row| difference_json(comparison, row)).collect::<Vec<Value>>(),
    })
}

fn difference_json(comparison: &Comparison, row: &DifferenceRow) -> Value {
    let [code, county] = csv_files::county(&comparison.base, row.county);
    let difference = &row.difference;
    let cause = |id: &str, yuan: f64| json!({ "id": id, "difference_yuan": yuan });
    let lines = comparison.leading_lines(row.county, row.year, MOST_CAUSES).into_iter();
    let clauses = comparison.leading_clauses(row.county, row.year, MOST_CAUSES).into_iter();
    json!({
        "county_code": code,
        "county": county,
        "year": row.year,
        "base_yuan": difference.base_yuan,
        "other_yuan": difference.other_yuan,
        "difference_yuan": difference.yuan.mean,
        "se_yuan": difference.yuan.standard_error,
        "interval95_yuan": difference.interval_yuan,
        "probability_dearer": difference.probability_dearer,
        "probability_equal": difference.probability_equal,
        "variance_reduction": difference.variance_reduction,
        "lines": lines.map(|(line, yuan)| cause(&comparison.lines[line].id, yuan)).collect::<Vec<Value>>(),
        "clauses": clauses.map(|(clause, yuan)| cause(&comparison.clauses[clause].id, yuan)).collect::<Vec<Value>>(),
    })
}
