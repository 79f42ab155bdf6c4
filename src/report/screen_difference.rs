//! The result of a comparison for the terminal, and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::number::{maybe, percent, signed_ten_thousands, ten_thousands, yuan};
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
    let errors = lang.pick(
        "“±”为差额均值的95%误差（均值算得多准），P5和P95为各次模拟差额的范围（实际可能落在哪里）",
        "±: 95 % error of the mean difference (how well the mean is known); P5 and P95: range of the outcomes of replicates (where the difference may lie)",
    );
    let mut out = heading(&title, base.n_replicates, errors, lang);
    out.push_str(&warm_up(base, lang));
    out.push('\n');
    out.push_str(&differences(comparison, lang));
    let causes_title = lang.pick(
        "差额主要来自（项目之间、条款之间均可相加：每一元只计入其规则首先引用的条款）",
        "What causes it (lines add up, and so do clauses: each yuan counts under the clause that its rule cites first)",
    );
    out.push_str(&format!("\n{causes_title}\n"));
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
        lang.pick("差额均值", "Mean difference"),
        "±",
        lang.pick("结果P5", "Outcome P5"),
        lang.pick("结果P95", "Outcome P95"),
        lang.pick("支出更高的概率", "Chance of being dearer"),
    ];
    let rows = totals(comparison).map(|row| {
        let difference = &row.difference;
        let mut cells = vec![comparison.base.county_label(row.county, lang).to_owned(), row.year.to_string()];
        cells.push(signed_ten_thousands(difference.yuan.mean));
        cells.push(maybe(difference.margin_95_yuan(), ten_thousands));
        cells.extend([difference.p05_fen, difference.p95_fen].map(|fen| signed_ten_thousands(yuan(fen))));
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
    let clause = |position: usize| comparison.clause_id(position).to_owned();
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
        "mean_interval95_yuan": difference.interval_yuan,
        "outcome_p05_yuan": yuan(difference.p05_fen),
        "outcome_p50_yuan": yuan(difference.p50_fen),
        "outcome_p95_yuan": yuan(difference.p95_fen),
        "probability_dearer": difference.probability_dearer,
        "probability_equal": difference.probability_equal,
        "variance_reduction": difference.variance_reduction,
        "lines": lines.map(|(line, yuan)| cause(&comparison.lines[line].id, yuan)).collect::<Vec<Value>>(),
        "clauses": clauses.map(|(clause, yuan)| cause(comparison.clause_id(clause), yuan)).collect::<Vec<Value>>(),
    })
}
