//! `clauses`: the register of a policy: what each clause says, which rules implement it, whom it touches, what it
//! moves in a small run, and for frame clauses why not.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde::Serialize;

use super::args::ClausesArgs;
use super::simulate::{self, Look, Size};
use super::{Stop, lines, pretty, terminal};
use crate::lang::{Lang, Words};
use crate::policy::Rule;
use crate::policy::names::{Clause, ClauseKind};
use crate::policy::rule::Family;
use crate::projection::Projection;
use crate::scenario::Scenario;

/// Replicates where none are asked for: enough for rare rules to show, quick enough to ask often.
const REPLICATES: u32 = 40;

/// How wide the register is where there is room, in columns.
const WIDEST: u16 = 160;

/// One clause of the register.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    clause: &'a str,
    kind: &'static str,
    position: &'a str,
    text: &'a str,
    rules: Vec<&'a str>,
    persons: f64,
    cases: f64,
    yuan: f64,
    superseded_by: &'a [String],
    note: Option<&'a str>,
    fault: Option<&'static str>,
    /// The fault in both languages.
    #[serde(skip)]
    refused: Option<[&'static str; 2]>,
}

/// Simulates a small run and prints the register.
pub fn run(args: &ClausesArgs) -> Result<(), Stop> {
    let Look { scenario, size, told } = simulate::look(&args.look, REPLICATES)?;
    let lang = told.1;
    simulate::threads(args.look.size.threads)?;
    let projection = simulate::projected(&scenario, &size, told)?;
    let entries: Vec<Entry<'_>> =
        (0..scenario.policy.clauses.len()).map(|index| entry(&scenario, &projection, index, lang)).collect();
    if args.look.json {
        terminal::json(&pretty(&entries)?)?;
    } else {
        terminal::result(&text(&entries, &scenario, &size, lang))?;
    }
    let faults: Vec<Words> = entries
        .iter()
        .filter_map(|entry| {
            let ([zh, en], at) = (entry.refused?, entry.clause);
            Some(Words::new(format!("{at}：{zh}"), format!("{at}: {en}")))
        })
        .collect();
    if args.strict && !faults.is_empty() {
        return Err(Stop::Failed(lines(&faults)));
    }
    Ok(())
}

fn entry<'a>(scenario: &'a Scenario, projection: &Projection, index: usize, lang: Lang) -> Entry<'a> {
    let clause: &Clause = &scenario.policy.clauses[index];
    let rows = projection.clauses.iter().filter(|row| row.county.is_none() && row.of == index);
    let (mut persons, mut cases, mut yuan) = (0.0, 0.0, 0.0);
    for row in rows {
        persons += row.effect.persons.mean();
        cases += row.effect.cases.mean();
        yuan += row.effect.fen.mean_yuan();
    }
    let counts = |rule: &&Rule| rule.cites(&clause.id) || rule.funders_citing(&clause.id).next().is_some();
    let rules: Vec<&Rule> = scenario.policy.rules.iter().filter(counts).collect();
    // A rule that leaves nothing of a payment moves money although none is paid.
    let is_changed = rules.iter().any(|rule| rule.key.family == Family::Adjustment);
    let refused = match clause.kind {
        ClauseKind::Money if rules.is_empty() => {
            Some(["没有规则实现这条资金类条款", "no rule implements this money clause"])
        }
        ClauseKind::Money if yuan == 0.0 && !(cases > 0.0 && is_changed) => Some([
            "这条资金类条款的规则在本方案中没有带来任何金额",
            "the rules of this money clause move nothing in this scenario",
        ]),
        ClauseKind::Watch if rules.is_empty() => Some([
            "没有预警名单或监测指标实现这条监测类条款",
            "no list or indicator implements this watch clause",
        ]),
        _ => None,
    };
    Entry {
        clause: &clause.id,
        kind: clause.kind.name(),
        position: &clause.position,
        text: lang.pick(&clause.zh, &clause.en),
        rules: rules.into_iter().map(|rule| rule.id.as_str()).collect(),
        persons,
        cases,
        yuan,
        superseded_by: &clause.superseded_by,
        note: match lang {
            Lang::Zh => clause.note_zh.as_deref().or(clause.note.as_deref()),
            Lang::En => clause.note.as_deref(),
        },
        fault: refused.map(|[zh, en]| lang.pick(zh, en)),
        refused,
    }
}

fn text(entries: &[Entry<'_>], scenario: &Scenario, size: &Size, lang: Lang) -> String {
    let header = match lang {
        Lang::Zh => ["条款", "类型", "内容", "实现的规则", "人次", "笔数", "万元", "说明"],
        Lang::En => {
            ["Clause", "Kind", "What it says", "Rules", "Person-years", "Payments", "10,000 yuan", "Note"]
        }
    };
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    let wide = terminal::columns().and_then(|columns| u16::try_from(columns).ok());
    table.set_width(wide.unwrap_or(WIDEST).min(WIDEST)).set_header(header);
    for column in [4, 5, 6] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for (column, width) in [(2, 44), (3, 34), (7, 30)] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(width)));
        }
    }
    for entry in entries {
        let note = entry.fault.or(entry.note).unwrap_or_default();
        table.add_row(vec![
            entry.clause.to_owned(),
            entry.kind.to_owned(),
            entry.text.to_owned(),
            implemented_by(entry),
            number(entry.persons, 0),
            number(entry.cases, 0),
            number(entry.yuan / 1e4, 2),
            note.to_owned(),
        ]);
    }
    let years: Vec<String> = size.reported.iter().map(ToString::to_string).collect();
    let title = lang.pick(&scenario.settings.title_zh, &scenario.settings.title_en);
    let basis = match lang {
        Lang::Zh => format!(
            "{} 年合计，{} 次模拟的平均；一条规则引用几个条款，就在几个条款下各计一次。",
            years.join("、"),
            size.n_replicates
        ),
        Lang::En => format!(
            "Sums of {}, means of {} {}; a rule that cites several clauses counts under each of them.",
            years.join(", "),
            size.n_replicates,
            Lang::replicates(size.n_replicates.into())
        ),
    };
    format!("{title}\n{basis}\n{table}\n")
}

/// The rules of a clause, a line each; of a superseded one the clauses in its place.
fn implemented_by(entry: &Entry<'_>) -> String {
    let places = entry.superseded_by.iter().map(|id| format!("→ {id}"));
    let rules = entry.rules.iter().map(|&id| id.to_owned());
    rules.chain(places).collect::<Vec<_>>().join("\n")
}

/// A number with thousands separators; a dash for nothing.
fn number(value: f64, decimals: usize) -> String {
    if value == 0.0 {
        return "–".to_owned();
    }
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 && digit.is_ascii_digit() && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}
