//! The result of a comparison for the terminal, and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::difference_files::line_of;
use super::number::{
    grouped, maybe, percent, signed_ten_thousands, signed_with_margin, ten_thousands, unit, yuan,
};
use super::screen::{Rows, grid, heading, warm_up};
use super::screen_attribution;
use super::screen_winners;
use super::values::before_and_after;
use crate::lang::Lang;
use crate::projection::causes::{Leading, MOST_CAUSES};
use crate::projection::compare::Comparison;
use crate::projection::difference::{CategoryDifference, DifferenceRow};
use crate::projection::layout::Layout;
use crate::projection::money::Part;
use crate::projection::moved::{ChangeRow, Outcome};
use crate::projection::touched::{Moved, Touched};
use crate::projection::warning::{star_note, starred};
use crate::scenario::changes::Change;
use crate::stats::Estimate;

/// The percentiles that say between which amounts the difference may lie.
const OUTCOMES: [u16; 2] = [5, 95];

/// The differences of the totals by county and year, then what causes them.
#[must_use]
pub fn text(comparison: &Comparison, rows: Rows, lang: Lang) -> String {
    let (base, other) = (&comparison.base, &comparison.other);
    let title = format!("{}\n{} {}", named(other, lang), lang.pick("减 ", "minus"), named(base, lang));
    let errors = lang.pick(
        "“±”为差额均值的95%误差（均值算得多准），P5和P95为各次模拟差额的范围（实际可能落在哪里）",
        "±: 95 % error of the mean difference (how well the mean is known); P5 and P95: range of the outcomes of replicates (where the difference may lie)",
    );
    let mut out = heading(&title, base.n_replicates, errors, lang);
    out.push_str(&warm_up(base, lang));
    out.push_str(&changes(comparison, lang));
    if comparison.same_content {
        return out;
    }
    out.push('\n');
    out.push_str(&differences(comparison, rows, lang));
    out.push_str(&payers(comparison, lang));
    out.push_str(&categories(comparison, lang));
    out.push_str(&screen_winners::text(comparison, rows, lang));
    out.push_str(&screen_attribution::text(comparison, lang));
    let causes_title = lang.pick(
        "差额主要来自（±为95%误差；项目之间、条款之间均可相加，舍入可差0.01：每一元只计入其规则首先引用的条款）",
        "What causes it (±: 95 % error; lines add up but for rounding, and so do clauses: each yuan counts under the clause that its rule cites first)",
    );
    out.push_str(&format!("\n{causes_title}\n"));
    for year in base.year_numbers() {
        out.push_str(&causes(comparison, year, lang));
    }
    out
}

/// Title and id of a scenario; a title that was made distinct holds the id already.
fn named(layout: &Layout, lang: Lang) -> String {
    let (title, id) = (lang.pick(&layout.title_zh, &layout.title_en), &layout.scenario);
    match lang {
        _ if title.contains(id.as_str()) => title.to_owned(),
        Lang::Zh => format!("{title}（{id}）"),
        Lang::En => format!("{title} ({id})"),
    }
}

/// The most changes that the screen shows; `changes.csv` has all of them.
const MOST_CHANGES: usize = 20;

/// What the second scenario changes, key by key, with what each moved or why it moved nothing.
#[must_use]
pub fn changes(comparison: &Comparison, lang: Lang) -> String {
    let (base, other) = (&comparison.base.scenario, &comparison.other.scenario);
    let mut out = String::new();
    if comparison.same_content {
        out.push_str(&match lang {
            Lang::Zh => format!("\n{other}与{base}内容相同：差额恰为0\n"),
            Lang::En => format!("\n{other} and {base} are identical in content: they differ by exactly 0\n"),
        });
    }
    if comparison.changes.is_empty() {
        return out;
    }
    let n = comparison.changes.len();
    out.push_str(&match lang {
        Lang::Zh => format!("\n{other}的改动（{n}项）\n"),
        Lang::En => format!("\nWhat {other} changes ({n})\n"),
    });
    let felt = |row: &&ChangeRow| row.outcome.yuan().is_none_or(|yuan| yuan.mean != 0.0);
    let (first, rest): (Vec<&ChangeRow>, Vec<&ChangeRow>) = comparison.changes.iter().partition(felt);
    let all: Vec<&ChangeRow> = first.into_iter().chain(rest).collect();
    let shown = &all[..n.min(MOST_CHANGES)];
    shown
        .chunk_by(|one, next| one.outcome == next.outcome)
        .for_each(|alike| out.push_str(&alike_changes(alike, lang)));
    if n > MOST_CHANGES {
        let left = n - MOST_CHANGES;
        out.push_str(&match lang {
            Lang::Zh => format!("  另有{left}项，见 changes.csv\n"),
            Lang::En => format!("  {left} more: see changes.csv\n"),
        });
    }
    out
}

/// Changes of which the same came, each on a line, then what came of them.
fn alike_changes(rows: &[&ChangeRow], lang: Lang) -> String {
    let of_row = |row: &&ChangeRow| change(&row.change, lang) + &touches(&row.touched, lang);
    let mut out: String = rows.iter().map(of_row).collect();
    let Some(&ChangeRow { outcome, .. }) = rows.first() else { return out };
    let moved = match (outcome, outcome.yuan()) {
        (Outcome::Nothing(_), _) | (_, None) => String::new(),
        (_, Some(yuan)) => format!(" {} {}", signed_with_margin(&yuan), unit(lang)),
    };
    out.push_str(&format!("    {}{moved}\n", outcome.text(lang)));
    out
}

/// Whom a line touches by itself, on a line; nothing where it is not looked at, or what came of the change says it.
fn touches(touched: &Touched, lang: Lang) -> String {
    match (touched, lang) {
        (Touched::Somebody(Moved { persons, yuan }), _) => {
            // Of few persons a year the tenths matter.
            let show = |value: f64| grouped(value, usize::from(persons.mean < 100.0));
            let (n, error) = (show(persons.mean), maybe(persons.margin_95(), show));
            let (moved, of) = (signed_ten_thousands(yuan.mean), maybe(yuan.margin_95(), ten_thousands));
            let (unit, looked_at) = (unit(lang), yuan.n);
            match lang {
                Lang::Zh => format!(
                    "    只改动该行时每年有{n}人（±{error}）所得不同，救助和资助共{moved}（±{of}）{unit}（前{looked_at}次模拟）\n"
                ),
                Lang::En => format!(
                    "    the line alone changes what {n} (±{error}) persons a year get, by {moved} (±{of}) {unit} of assistance (first {looked_at} replicates)\n"
                ),
            }
        }
        (Touched::Invalid, Lang::Zh) => "    该行单独不构成有效方案，不统计人数\n".to_owned(),
        (Touched::Invalid, Lang::En) => {
            "    alone it is no valid scenario: persons are not counted\n".to_owned()
        }
        (Touched::TooMany(_) | Touched::NotTheSame(_) | Touched::NotAsked | Touched::Nobody, _) => {
            String::new()
        }
    }
}

fn change(change: &Change, lang: Lang) -> String {
    let place = change.origin.as_ref().map_or_else(String::new, |origin| match line_of(origin) {
        Some(line) => format!(" ({}:{line})", origin.file),
        None => format!(" ({})", origin.file),
    });
    let [before, after] = before_and_after(change.before.as_ref(), change.after.as_ref(), lang);
    format!("  {}: {before} → {after}{place}\n", change.key)
}

fn totals(comparison: &Comparison) -> impl Iterator<Item = &DifferenceRow> {
    comparison.rows.iter().filter(|row| row.part == Part::TOTAL)
}

fn differences(comparison: &Comparison, rows: Rows, lang: Lang) -> String {
    let shown = rows.of(&comparison.counties, |county| {
        let own = totals(comparison).filter(|row| row.county == Some(county));
        own.map(|row| row.difference.yuan.mean.abs()).sum()
    });
    let n_replicates = comparison.base.n_replicates;
    let outcomes = outcomes(comparison, lang);
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("差额均值", "Mean difference"),
        "±",
        &outcomes[0],
        &outcomes[1],
        lang.pick("支出更高的概率", "Chance of being dearer"),
    ];
    let rows = totals(comparison).filter(|row| shown.includes(row.county)).map(|row| {
        let difference = &row.difference;
        let mut cells = vec![comparison.base.county_label(row.county, lang).to_owned(), row.year.to_string()];
        cells.push(signed_ten_thousands(difference.yuan.mean));
        cells.push(maybe(difference.margin_95_yuan(), ten_thousands));
        cells.extend([difference.p05_fen, difference.p95_fen].map(|fen| signed_ten_thousands(yuan(fen))));
        cells.push(percent(difference.probability_dearer));
        cells
    });
    let star = star_note(&OUTCOMES, n_replicates, lang).map_or_else(String::new, |note| note + "\n");
    grid(&header, rows, 1) + &star + &shown.note("difference.csv", lang)
}

/// Who pays more and who less, over all counties, where anybody does.
fn payers(comparison: &Comparison, lang: Lang) -> String {
    let own = |row: &&DifferenceRow| {
        let by_funder = row.part.line.is_none() && row.part.funder.is_some();
        row.county.is_none() && by_funder && !row.difference.is_nothing()
    };
    let rows = comparison.rows.iter().filter(own).map(|row| {
        let funder = row.part.funder.map(|funder| &comparison.funders[funder]);
        named_difference(funder.map_or("", |name| lang.pick(&name.zh, &name.en)), row)
    });
    let title = lang.pick("按资金渠道（全部县区）", "By payer (all counties)");
    named_differences(comparison, (title, lang.pick("资金渠道", "Payer")), rows.collect(), lang)
}

/// A table of payers or categories under its title; nothing where there is no row.
fn named_differences(
    comparison: &Comparison,
    (title, names): (&str, &str),
    rows: Vec<Vec<String>>,
    lang: Lang,
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let outcomes = outcomes(comparison, lang);
    let (year, mean) = (lang.pick("年度", "Year"), lang.pick("差额均值", "Mean difference"));
    let header = [names, year, mean, "±", &outcomes[0], &outcomes[1]];
    format!("\n{title}\n{}", grid(&header, rows.into_iter(), 1))
}

/// A row of payers or categories: name, year, mean difference with its error, range of outcomes.
fn named_difference(name: &str, row: &DifferenceRow) -> Vec<String> {
    let difference = &row.difference;
    let mut cells = vec![name.to_owned(), row.year.to_string(), signed_ten_thousands(difference.yuan.mean)];
    cells.push(maybe(difference.margin_95_yuan(), ten_thousands));
    cells.extend([difference.p05_fen, difference.p95_fen].map(|fen| signed_ten_thousands(yuan(fen))));
    cells
}

/// The names of the columns with the range of outcomes.
fn outcomes(comparison: &Comparison, lang: Lang) -> [String; 2] {
    OUTCOMES.map(|at| lang.pick("结果", "Outcome ").to_owned() + &starred(at, comparison.base.n_replicates))
}

/// For whom more is paid and for whom less, over all counties and payers in the last year, where anybody is.
fn categories(comparison: &Comparison, lang: Lang) -> String {
    let last = comparison.base.year_numbers().last().copied();
    let own = |of: &&CategoryDifference| {
        let row = &of.row;
        let of_all = row.county.is_none() && row.part == Part::TOTAL;
        of_all && Some(row.year) == last && !row.difference.is_nothing()
    };
    let name = |of: &CategoryDifference| {
        let name = &comparison.categories[of.category];
        lang.pick(&name.zh, &name.en).to_owned()
    };
    let rows = comparison.by_category.iter().filter(own).map(|of| named_difference(&name(of), &of.row));
    let title = lang.pick(
        "按人员类别（全部县区、全部资金渠道，最后年度；逐年见 difference_categories.csv）",
        "By category of person (all counties, all payers, the last year; by year: difference_categories.csv)",
    );
    named_differences(comparison, (title, lang.pick("人员类别", "Category")), rows.collect(), lang)
}

/// The lines and clauses with the largest part in the difference of all counties in one year.
fn causes(comparison: &Comparison, year: u16, lang: Lang) -> String {
    let Some(causes) = comparison.causes.iter().find(|causes| causes.year == year) else {
        return String::new();
    };
    // With what is not named the list adds up to the difference.
    let list = |leading: &Leading, name: &dyn Fn(usize) -> String| {
        let named = leading.named.iter().map(|(position, yuan)| (name(*position), yuan));
        let all = named.chain([(lang.pick("其他", "others").to_owned(), &leading.rest)]);
        let shown = all.filter(|(_, yuan)| signed_ten_thousands(yuan.mean) != signed_ten_thousands(0.0));
        let list: Vec<String> =
            shown.map(|(name, yuan)| format!("{name} {}", signed_with_margin(yuan))).collect();
        if list.is_empty() { "-".to_owned() } else { list.join(lang.pick("，", ", ")) }
    };
    let line = |position: usize| {
        let name = &comparison.lines[position];
        lang.pick(&name.zh, &name.en).to_owned()
    };
    let clause = |position: usize| comparison.clause_id(position).to_owned();
    let lines = list(&causes.lines, &line);
    let clauses = list(&causes.clauses, &clause);
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
        "identical": comparison.same_content,
        "warning_zh": star_note(&OUTCOMES, comparison.base.n_replicates, Lang::Zh),
        "warning_en": star_note(&OUTCOMES, comparison.base.n_replicates, Lang::En),
        "attribution": screen_attribution::json(comparison),
        "winners": screen_winners::json(comparison),
        "changes": comparison.changes.iter().map(change_json).collect::<Vec<Value>>(),
        "differences": totals(comparison).map(|row| difference_json(comparison, row)).collect::<Vec<Value>>(),
    })
}

fn change_json(row: &ChangeRow) -> Value {
    let origin = row.change.origin.as_ref();
    json!({
        "key": row.change.key,
        "before": row.change.before,
        "after": row.change.after,
        "written_in": origin.map(|origin| &origin.file),
        "line_number": origin.and_then(line_of),
        "outcome": row.outcome.name(),
        "moved_yuan": row.outcome.yuan().map(|yuan| yuan.mean),
        "moved_se_yuan": row.outcome.yuan().and_then(|yuan| yuan.standard_error),
        "persons_touched": row.touched.persons().map(|(persons, _)| persons),
        "persons_touched_se": row.touched.persons().and_then(|(_, error)| error),
        "touched_yuan": row.touched.yuan().map(|(yuan, _)| yuan),
        "touched_se_yuan": row.touched.yuan().and_then(|(_, error)| error),
        "explanation_zh": row.outcome.text(Lang::Zh),
        "explanation_en": row.outcome.text(Lang::En),
    })
}

fn difference_json(comparison: &Comparison, row: &DifferenceRow) -> Value {
    let [code, county] = csv_files::county(&comparison.base, row.county);
    let difference = &row.difference;
    let cause = |id: &str, yuan: Estimate| json!({ "id": id, "difference_yuan": yuan.mean, "se_yuan": yuan.standard_error });
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
        "outcome_se_yuan": difference.percentile_errors_yuan,
        "outcome_p50_yuan": yuan(difference.p50_fen),
        "outcome_p95_yuan": yuan(difference.p95_fen),
        "probability_dearer": difference.probability_dearer,
        "dearer_interval95": difference.dearer_interval,
        "probability_equal": difference.probability_equal,
        "variance_reduction": difference.variance_reduction,
        "lines": lines.map(|(line, yuan)| cause(&comparison.lines[line].id, yuan)).collect::<Vec<Value>>(),
        "clauses": clauses.map(|(clause, yuan)| cause(comparison.clause_id(clause), yuan)).collect::<Vec<Value>>(),
    })
}
