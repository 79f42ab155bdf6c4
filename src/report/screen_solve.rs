//! What a goal seek found, for the terminal and as JSON.

use serde_json::{Value, json};

use super::screen::{grid, heading};
use super::solved::Solved;
use crate::lang::Lang;
use crate::projection::condition::Measure;
use crate::projection::solve::{Found, Holds, Standing};
use crate::projection::warning::star_note;

/// The answer, its figures, and the values that were tried.
#[must_use]
pub fn text(solved: &Solved<'_>, lang: Lang) -> String {
    let layout = solved.layout;
    let title = lang.pick(&layout.title_zh, &layout.title_en);
    let errors = lang.pick("区间为95%", "intervals are of 95 %");
    let mut out = heading(title, layout.n_replicates, errors, lang);
    let current = solved.current.as_deref().unwrap_or("-");
    out.push_str(&match lang {
        Lang::Zh => {
            format!("\n求解：{}（现值{current}），使{}\n", solved.input(lang), solved.condition_text(lang))
        }
        Lang::En => {
            format!(
                "\nSolved: {} (today {current}), so that {}\n",
                solved.input(lang),
                solved.condition_text(lang)
            )
        }
    });
    solved.sentences(lang).iter().for_each(|sentence| out.push_str(&format!("{sentence}\n")));
    out.push_str(&at_answer(solved, lang));
    out.push_str(&tried(solved, lang));
    out
}

/// The figures of the answer, by county and year, on its own draws and on others.
fn at_answer(solved: &Solved<'_>, lang: Lang) -> String {
    let Some(at) = solved.found.shown() else { return String::new() };
    let interval = lang.pick("95%区间", "95 % interval");
    let fresh = lang.pick("换种子", "Fresh seed");
    let name = solved.condition.measure.label(lang);
    // Only an edge is looked at on a fresh seed.
    let all = [lang.pick("县区", "County"), lang.pick("年度", "Year"), &name, interval, fresh, interval];
    let header = &all[..if solved.fresh.is_some() { 6 } else { 4 }];
    let rows = solved.search.standings(at).iter().enumerate().map(|(row, standing)| {
        let mut cells = vec![solved.owner(standing.owner, lang), standing.year.to_string()];
        cells.extend(figures(solved, Some(standing)));
        if let Some(fresh) = &solved.fresh {
            cells.extend(figures(solved, fresh.standings.get(row)));
        }
        cells
    });
    let value = solved.grid.text(at);
    let title = match lang {
        Lang::Zh => format!("取值{value}时"),
        Lang::En => format!("With {value}"),
    };
    format!("\n{title}\n{}", grid(header, rows, 1))
}

fn figures(solved: &Solved<'_>, standing: Option<&Standing>) -> [String; 2] {
    let Some(Standing { figure, low, high, .. }) = standing else { return ["-".to_owned(), "-".to_owned()] };
    let range = match low.is_finite() && high.is_finite() {
        true => format!("{}–{}", solved.figure(*low), solved.figure(*high)),
        false => "-".to_owned(),
    };
    [solved.figure(*figure), range]
}

/// The values that were simulated, each with its worst county and year.
fn tried(solved: &Solved<'_>, lang: Lang) -> String {
    let name = solved.condition.measure.label(lang);
    let header = [
        lang.pick("取值", "Value"),
        &name,
        lang.pick("95%区间", "95 % interval"),
        lang.pick("最高的县区", "Highest in"),
        lang.pick("年度", "Year"),
        lang.pick("条件", "Condition"),
    ];
    let rows = solved.search.simulated().map(|(at, standings, holds)| {
        let worst = standings.iter().max_by(|a, b| a.figure.total_cmp(&b.figure));
        let mut cells = vec![solved.grid.text(at)];
        cells.extend(figures(solved, worst));
        cells.push(worst.map_or_else(String::new, |worst| solved.owner(worst.owner, lang)));
        cells.push(worst.map_or_else(String::new, |worst| worst.year.to_string()));
        cells.push(in_words(holds, lang).to_owned());
        cells
    });
    let title = lang.pick("模拟过的取值（全部见 solve.csv）", "Values simulated (all figures: solve.csv)");
    format!("\n{title}\n{}{}", grid(&header, rows, 0), few(solved, lang))
}

/// That the replicates are too few for the percentile of the condition.
fn few(solved: &Solved<'_>, lang: Lang) -> String {
    let Measure::Percentile(at) = solved.condition.measure else { return String::new() };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole percentile")]
    let percentile = (at.as_f64() * 100.0).round() as u16;
    star_note(&[percentile], solved.layout.n_replicates, lang).map_or_else(String::new, |note| note + "\n")
}

const fn in_words(holds: Holds, lang: Lang) -> &'static str {
    if holds.unknown {
        return match holds.holds {
            true => lang.pick("满足（误差不明）", "holds, error unknown"),
            false => lang.pick("不满足（误差不明）", "does not, error unknown"),
        };
    }
    match (holds.surely, holds.holds, holds.maybe) {
        (true, ..) => lang.pick("满足", "holds"),
        (false, true, _) => lang.pick("满足（误差内）", "holds, within the error"),
        (false, false, true) => lang.pick("不满足（误差内）", "does not, within the error"),
        (false, false, false) => lang.pick("不满足", "does not"),
    }
}

/// The same as JSON.
#[must_use]
pub fn json(solved: &Solved<'_>) -> Value {
    let number = |at: i64| json!(solved.grid.value(at));
    let (found, at, interval) = match solved.found {
        Found::Edge { at, interval: (surely, maybe) } => {
            ("edge", Some(at), Some(json!({ "surely": surely.map(number), "maybe": number(maybe) })))
        }
        Found::Everywhere => ("everywhere", None, None),
        Found::Nowhere { nearest } => ("nowhere", Some(nearest), None),
    };
    let rows = |standings: &[Standing]| -> Vec<Value> {
        standings.iter().map(|one| standing(solved, one)).collect()
    };
    let simulated = solved.search.simulated().map(|(at, standings, holds)| {
        json!({ "value": number(at), "holds": holds.holds, "surely": holds.surely, "maybe": holds.maybe, "rows": rows(standings) })
    });
    json!({
        "key": solved.key,
        "today": solved.current,
        "condition": { "figure": solved.condition.measure.name(), "at_most": solved.condition.at_most,
            "funder": solved.layout.funders.get(solved.condition.payer).map(|name| &name.id) },
        "range": [number(0), number(solved.grid.last)],
        "found": found,
        "value": at.map(number),
        "side": if solved.search.is_safe_at_high() { "smallest" } else { "largest" },
        "interval_95": interval,
        "holds_again_at": solved.search.again().into_iter().map(number).collect::<Vec<_>>(),
        "fresh_seed": solved.fresh.as_ref().map(|fresh| json!({ "seed": fresh.seed, "holds": fresh.holds.holds,
            "maybe": fresh.holds.maybe, "rows": rows(&fresh.standings) })),
        "simulated": simulated.collect::<Vec<_>>(),
        "replicates": solved.layout.n_replicates,
    })
}

fn standing(solved: &Solved<'_>, one: &Standing) -> Value {
    let [code, name] = super::csv_files::county(solved.layout, one.owner);
    let finite = |value: f64| value.is_finite().then_some(value);
    json!({ "county_code": code, "county": name, "year": one.year, "figure": one.figure,
        "low": finite(one.low), "high": finite(one.high) })
}
