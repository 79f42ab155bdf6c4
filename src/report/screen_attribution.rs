//! Which changed line causes how much of a difference, for the terminal and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::number::{maybe, signed_ten_thousands, signed_with_margin, ten_thousands, unit};
use super::screen::grid;
use crate::lang::Lang;
use crate::projection::attribution::{Attribution, AttributionRow, PairRow, yuan};
use crate::projection::compare::Comparison;
use crate::projection::money::Part;
use crate::stats::Estimate;

/// The most lines and pairs that the screen shows; the tables have all.
const MOST_LINES: usize = 12;
const MOST_PAIRS: usize = 4;

/// The share of the largest value below which what two lines add is not worth a word.
const NOTABLE: f64 = 0.005;

/// What each line causes in all counties, year by year; nothing where it was not asked for.
#[must_use]
pub fn text(comparison: &Comparison, lang: Lang) -> String {
    let Some(attribution) = comparison.attribution.as_ref().filter(|one| one.n_felt() > 0) else {
        return String::new();
    };
    let mut out = format!("\n{}\n", title(attribution, lang));
    for year in comparison.base.year_numbers() {
        out.push_str(&of_year(comparison, attribution, year, lang));
    }
    if attribution.n_felt() > MOST_LINES {
        let n = attribution.n_felt() - MOST_LINES;
        out.push_str(&match lang {
            Lang::Zh => format!("另有{n}行，见 attribution.csv\n"),
            Lang::En => format!("{n} more: see attribution.csv\n"),
        });
    }
    out
}

fn title(attribution: &Attribution, lang: Lang) -> String {
    let unit = unit(lang);
    match (lang, attribution.n_orders) {
        (Lang::Zh, None) => {
            format!("各改动行引起的差额（全部县区，{unit}；Shapley值：各种先后顺序的平均，各行相加等于差额）")
        }
        (Lang::Zh, Some(n)) => format!(
            "各改动行引起的差额（全部县区，{unit}；Shapley值：抽取{n}个先后顺序的平均，误差含抽样误差，各行相加等于差额）"
        ),
        (Lang::En, None) => format!(
            "What each changed line causes (all counties, {unit}; Shapley values: the mean over all orders of switching lines on; they add up to the difference)"
        ),
        (Lang::En, Some(n)) => format!(
            "What each changed line causes (all counties, {unit}; Shapley values: the mean over {n} drawn orders of switching lines on, whose error is in ±; they add up to the difference)"
        ),
    }
}

/// The purses of a year that pay otherwise.
fn purses(comparison: &Comparison, attribution: &Attribution, year: u16) -> Vec<Part> {
    let is_moved = |part: &Part| attribution.of(None, year, *part).any(|row| !row.is_nothing);
    (0..comparison.funders.len()).map(Part::funder).filter(is_moved).collect()
}

fn of_year(comparison: &Comparison, attribution: &Attribution, year: u16, lang: Lang) -> String {
    let total: Vec<&AttributionRow> = attribution.of(None, year, Part::TOTAL).collect();
    let mut felt: Vec<&AttributionRow> =
        total.iter().copied().filter(|row| attribution.lines[row.line].is_felt).collect();
    if felt.len() > MOST_LINES {
        felt.sort_by_key(|row| (std::cmp::Reverse(row.value_units.abs()), row.line));
        felt.truncate(MOST_LINES);
        felt.sort_by_key(|row| row.line);
    }
    if total.iter().all(|row| row.is_nothing) {
        return String::new();
    }
    let purses = purses(comparison, attribution, year);
    let year_text = match lang {
        Lang::Zh => format!("{year}年"),
        Lang::En => year.to_string(),
    };
    let mut header = vec![year_text, lang.pick("合计", "Total").to_owned(), "±".to_owned()];
    let label = |part: &Part| part.funder.map(|funder| &comparison.funders[funder]);
    header.extend(purses.iter().filter_map(label).map(|name| lang.pick(&name.zh, &name.en).to_owned()));
    let ends = [("单独", "Alone"), ("最后", "Last"), ("交互", "Interaction")];
    header.extend(ends.map(|(zh, en)| lang.pick(zh, en).to_owned()));
    let sum = |part: Part| yuan(attribution.of(None, year, part).map(|row| row.value_units).sum());
    let rows = felt.iter().map(|row| {
        let mut cells = vec![attribution.lines[row.line].key.clone(), signed_ten_thousands(row.yuan())];
        cells.push(maybe(row.margin_95_yuan, ten_thousands));
        let of_line = |part: &Part| attribution.of(None, year, *part).find(|own| own.line == row.line);
        let amount = |row: &AttributionRow| signed_ten_thousands(row.yuan());
        cells.extend(purses.iter().map(|part| of_line(part).map_or_else(String::new, amount)));
        let ends = [yuan(row.alone_units), yuan(row.last_units), row.interaction_yuan()];
        let n = comparison.base.n_replicates;
        cells.extend(ends.into_iter().zip(row.end_errors_yuan).map(|(mean, standard_error)| {
            signed_with_margin(&Estimate { n: n as u64, mean, sd: None, standard_error })
        }));
        cells
    });
    let mut last = vec![lang.pick("差额", "Difference").to_owned(), signed_ten_thousands(sum(Part::TOTAL))];
    let error = comparison.difference(None, year, Part::TOTAL).and_then(|one| one.margin_95_yuan());
    last.push(maybe(error, ten_thousands));
    last.extend(purses.iter().map(|part| signed_ten_thousands(sum(*part))));
    last.extend([String::new(), String::new(), String::new()]);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    grid(&header, rows.chain([last]), 1) + &pairs(attribution, (year, &total), lang)
}

/// The pairs of lines that add notably more or less together than apart.
fn pairs(attribution: &Attribution, (year, total): (u16, &[&AttributionRow]), lang: Lang) -> String {
    let largest = total.iter().map(|row| row.yuan().abs()).fold(0.0, f64::max);
    let is_notable = |row: &&PairRow| {
        let yuan = row.alone.mean.abs();
        let error = row.alone.standard_error.unwrap_or(0.0);
        row.year == year && row.part == Part::TOTAL && yuan >= NOTABLE * largest && yuan > 2.0 * error
    };
    let mut notable: Vec<&PairRow> = attribution.pairs.iter().filter(is_notable).collect();
    notable.sort_by(|a, b| b.alone.mean.abs().total_cmp(&a.alone.mean.abs()));
    notable.truncate(MOST_PAIRS);
    let says = |row: &PairRow| {
        let [one, two] = row.lines.map(|line| attribution.lines[line].key.as_str());
        let yuan = signed_with_margin(&row.alone);
        match lang {
            Lang::Zh => format!("  交互：{one} 与 {two} 合在一起比各自单独之和多 {yuan}\n"),
            Lang::En => {
                format!("  interaction: {one} and {two} together add {yuan} beyond what each adds alone\n")
            }
        }
    };
    notable.into_iter().map(says).collect()
}

/// The same as JSON, in yuan: lines, values by county, year and purse, pairs.
#[must_use]
pub fn json(comparison: &Comparison) -> Value {
    let Some(attribution) = &comparison.attribution else { return Value::Null };
    let line = |(number, line): (usize, &crate::projection::attribution::AttributedLine)| {
        let why = attribution.why(number, comparison);
        json!({
            "changed_line": line.key,
            "keys": line.changes.iter().map(|&at| &comparison.changes[at].change.key).collect::<Vec<_>>(),
            "reason": why.as_ref().map(|why| why.name()),
            "explanation_zh": why.as_ref().map(|why| why.text(Lang::Zh)),
            "explanation_en": why.as_ref().map(|why| why.text(Lang::En)),
        })
    };
    json!({
        "orders": attribution.n_orders.map_or_else(|| json!("all"), |n| json!(n)),
        "variants": attribution.n_variants,
        "lines": attribution.lines.iter().enumerate().map(line).collect::<Vec<Value>>(),
        "values": attribution.rows.iter().map(|row| value(comparison, attribution, row)).collect::<Vec<_>>(),
        "pairs": attribution.pairs.iter().map(|row| pair(comparison, attribution, row)).collect::<Vec<_>>(),
    })
}

fn value(comparison: &Comparison, attribution: &Attribution, row: &AttributionRow) -> Value {
    let [code, county] = csv_files::county(&comparison.base, row.county);
    json!({
        "county_code": code,
        "county": county,
        "year": row.year,
        "funder": csv_files::id_or_total(&comparison.funders, row.part.funder),
        "changed_line": attribution.lines[row.line].key,
        "value_yuan": row.yuan(),
        "se_yuan": row.error_yuan,
        "order_se_yuan": row.order_error_yuan,
        "outcome_p05_yuan": row.p05_yuan,
        "outcome_p95_yuan": row.p95_yuan,
        "alone_yuan": yuan(row.alone_units),
        "alone_se_yuan": row.end_errors_yuan[0],
        "last_yuan": yuan(row.last_units),
        "last_se_yuan": row.end_errors_yuan[1],
        "interaction_yuan": row.interaction_yuan(),
        "interaction_se_yuan": row.end_errors_yuan[2],
    })
}

fn pair(comparison: &Comparison, attribution: &Attribution, row: &PairRow) -> Value {
    let [one, two] = row.lines.map(|line| &attribution.lines[line].key);
    json!({
        "year": row.year,
        "funder": csv_files::id_or_total(&comparison.funders, row.part.funder),
        "changed_line": one,
        "with_line": two,
        "together_yuan": row.alone.mean,
        "together_se_yuan": row.alone.standard_error,
        "pair_interaction_yuan": row.mean.map(|mean| mean.mean),
        "pair_interaction_se_yuan": row.mean.and_then(|mean| mean.standard_error),
    })
}
