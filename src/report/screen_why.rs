//! Why the figures of two runs differ, for the terminal and as JSON.

use serde_json::{Value, json};

use super::names::Label;
use super::number::{grouped, maybe, per_cent};
use super::record::VERSION;
use super::screen::grid;
use super::values::cut;
use crate::lang::{Lang, Words};
use crate::projection::figure::Figure;
use crate::projection::warning::{star_note, starred};
use crate::projection::why::{Cause, Share};
use crate::stats::student_t_quantile;

/// The most changed lines that the screen shows; JSON has all.
const MOST_LINES: usize = 20;

/// Two runs with the change of their figures taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The folders as they were named.
    pub runs: [String; 2],
    /// The versions of the program that wrote them.
    pub versions: [String; 2],
    /// Which counties the figures are of.
    pub counties: Label,
    /// What differs, key by key.
    pub changed: Vec<Changed>,
    /// Why policy, place, model and settings are not told apart, where they are not.
    pub joined: Option<Words>,
    /// How many runs were simulated.
    pub n_simulated: usize,
    /// The replicates of the run that has fewer of them.
    pub n_replicates: usize,
    /// The figures.
    pub rows: Vec<Row>,
}

impl Why {
    /// The percentiles that were asked for.
    fn percentiles(&self) -> Vec<u16> {
        let mut all: Vec<u16> = self.rows.iter().filter_map(|row| percentile(row.figure)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Half the width of a 95 % interval, by Student's t.
    fn margin_95(&self, standard_error: f64) -> f64 {
        student_t_quantile(self.n_replicates.max(2) as u64 - 1, 0.975) * standard_error
    }

    /// Which percentiles the replicates are too few for.
    fn too_few(&self, lang: Lang) -> Option<String> {
        star_note(&self.percentiles(), self.n_replicates, lang)
    }
}

/// The percentile that a figure is, if it is one.
fn percentile(figure: Figure) -> Option<u16> {
    match figure {
        Figure::Mean => None,
        Figure::Percentile(at) => Some(per_cent(at)),
    }
}

/// A key that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The part that it belongs to.
    pub cause: Cause,
    /// The key.
    pub key: String,
    /// The value in each run; `None` where it has none.
    pub values: [Option<String>; 2],
    /// Whether any rule or draw of the years and counties can differ by it.
    pub is_felt: bool,
}

/// A figure of a year and payer, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The year.
    pub year: u16,
    /// The payer: its id and name.
    pub payer: (String, Label),
    /// The figure.
    pub figure: Figure,
    /// As each run recorded it, fen.
    pub fen: [i64; 2],
    /// The standard error of each, yuan; `None` with too few replicates.
    pub errors_yuan: [Option<f64>; 2],
    /// What each part causes; together the difference.
    pub parts: Vec<(Cause, Share)>,
}

impl Row {
    /// Whether the parts add up to the difference.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.parts.iter().map(|(_, share)| share.fen).sum::<i64>() == self.fen[1] - self.fen[0]
    }
}

/// What a figure is called.
fn figure_name(figure: Figure, lang: Lang) -> String {
    percentile(figure).map_or_else(|| lang.pick("均值", "mean").to_owned(), |at| format!("P{at}"))
}

/// The name of a part.
#[must_use]
pub const fn cause_name(cause: Cause, lang: Lang) -> &'static str {
    match cause {
        Cause::ProgramBefore => lang.pick("程序（第一次测算→今）", "program (first run to now)"),
        Cause::Policy => lang.pick("政策条款", "policy lines"),
        Cause::Place => lang.pick("地区数据", "place data"),
        Cause::Model => lang.pick("疾病模型", "illness model"),
        Cause::Settings => lang.pick("运行设置", "run settings"),
        Cause::Inputs => lang.pick("全部输入", "all inputs"),
        Cause::Seed => lang.pick("随机种子†", "seed†"),
        Cause::Replicates => lang.pick("模拟次数†", "replicates†"),
        Cause::ProgramAfter => lang.pick("程序（今→第二次测算）", "program (now to second run)"),
    }
}

/// What is said where nothing differs that decides the figures.
#[must_use]
pub fn nothing(runs: [&str; 2], lang: Lang) -> String {
    let [one, other] = runs;
    match lang {
        Lang::Zh => format!(
            "{one} 与 {other}：决定结果的内容没有不同（程序版本、政策、地区、疾病模型、运行设置、随机种子、模拟次数），各数值相同\n"
        ),
        Lang::En => format!(
            "{one} and {other}: nothing differs that decides the results (program, policy, place, illness model, settings, seed, replicates), and the figures are the same\n"
        ),
    }
}

/// The figures taken apart, as text.
#[must_use]
pub fn text(why: &Why, lang: Lang) -> String {
    let [one, other] = &why.runs;
    let mut out = match lang {
        Lang::Zh => format!("{one} → {other}：{}，单位元\n", why.counties.zh),
        Lang::En => format!("{one} → {other}: {}, yuan\n", why.counties.en),
    };
    out.push_str(&differing(why, lang));
    let mut keys: Vec<(u16, &(String, Label))> = why.rows.iter().map(|row| (row.year, &row.payer)).collect();
    keys.dedup();
    for (year, payer) in keys {
        out.push_str(&of_payer(why, (year, payer), lang));
    }
    out.push_str(&notes(why, lang));
    out
}

fn differing(why: &Why, lang: Lang) -> String {
    let mut out = format!("{}\n", lang.pick("不同之处", "What differs"));
    let none = lang.pick("无", "none");
    for changed in why.changed.iter().take(MOST_LINES) {
        let [before, after] = changed.values.each_ref().map(|value| cut(value.as_deref().unwrap_or(none)));
        let name = cause_name(changed.cause, lang).trim_end_matches('†');
        let unfelt = match changed.is_felt {
            true => "",
            false => lang.pick("（对所列年度和县区无影响）", " (not felt in these years and counties)"),
        };
        let colon = lang.pick("：", ": ");
        out.push_str(&format!("  {name}{colon}{} {before} → {after}{unfelt}\n", changed.key));
    }
    let left = why.changed.len().saturating_sub(MOST_LINES);
    if left > 0 {
        out.push_str(&match lang {
            Lang::Zh => format!("  另有{left}处，见 --json\n"),
            Lang::En => format!("  {left} more: see --json\n"),
        });
    }
    out
}

fn of_payer(why: &Why, (year, payer): (u16, &(String, Label)), lang: Lang) -> String {
    let rows: Vec<&Row> = why.rows.iter().filter(|row| (row.year, &row.payer) == (year, payer)).collect();
    let name = payer.1.text(lang);
    let title = match lang {
        Lang::Zh => format!("\n{year}年 {name}\n"),
        Lang::En => format!("\n{year} {name}\n"),
    };
    let mut header = vec![String::new()];
    for row in &rows {
        let figure = match percentile(row.figure) {
            None => lang.pick("均值", "mean").to_owned(),
            Some(at) => starred(at, why.n_replicates),
        };
        header.extend([figure, "±".to_owned()]);
    }
    let line = |label: &str, of: &dyn Fn(&Row) -> [String; 2]| {
        let mut line = vec![label.to_owned()];
        rows.iter().for_each(|row| line.extend(of(row)));
        line
    };
    let margin = |error: Option<f64>| maybe(error, |error| grouped(why.margin_95(error), 2));
    let end = |run: usize| move |row: &Row| [money(row.fen[run]), margin(row.errors_yuan[run])];
    let mut lines = vec![line(lang.pick("第一次测算", "first run"), &end(0))];
    let causes = rows.first().map_or(&[][..], |row| row.parts.as_slice());
    for (at, (cause, _)) in causes.iter().enumerate() {
        let part = |row: &Row| {
            let share = row.parts[at].1;
            let error = match cause {
                Cause::ProgramBefore | Cause::ProgramAfter => String::new(),
                _ => margin(share.error_yuan),
            };
            [signed(share.fen), error]
        };
        lines.push(line(cause_name(*cause, lang), &part));
    }
    lines.push(line(lang.pick("第二次测算", "second run"), &end(1)));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    title + &grid(&header, lines.into_iter(), 1)
}

fn notes(why: &Why, lang: Lang) -> String {
    let mut all: Vec<String> = why.too_few(lang).into_iter().collect();
    let mut note = |zh: &str, en: &str| all.push(lang.pick(zh, en).to_owned());
    note(
        "各项相加等于两次测算之差，精确到分；各部分按Shapley值分摊（各种先后顺序的平均，不取决于顺序）。“±”为95%误差，同一随机种子下逐次配对；“-”为模拟次数不足",
        "The parts add up to the difference of both runs, to the fen; they are Shapley values, means over all orders of switching the parts, so that no order counts. ±: 95 % error, paired replicate by replicate within a seed; -: too few replicates",
    );
    let is_any =
        |of: &dyn Fn(Cause) -> bool| why.rows.iter().flat_map(|row| &row.parts).any(|(cause, _)| of(*cause));
    if is_any(&Cause::is_luck) {
        note(
            "† 只是偶然：期望为零，“±”为单凭偶然约有95%不超出的范围",
            "† Luck alone: nothing is expected of it; ± is what luck does not exceed in some 95 % of such pairs",
        );
    }
    if is_any(&|cause| cause == Cause::ProgramBefore || cause == Cause::ProgramAfter) {
        all.push(program(why, lang));
    }
    if let Some(fault) = &why.joined {
        all.push(match lang {
            Lang::Zh => format!("政策、地区、模型和运行设置分开后不能构成有效方案，因此合为一项：{}", fault.zh),
            Lang::En => format!(
                "policy, place, model and settings make no valid scenario apart from each other, so that they are one part: {}",
fault.en
            ),
        });
    }
    all.push(match lang {
        Lang::Zh => format!("为此重新测算了{}个方案", why.n_simulated),
        Lang::En => format!("{} runs were simulated for this", why.n_simulated),
    });
    format!("\n{}\n", all.join("\n"))
}

fn program(why: &Why, lang: Lang) -> String {
    let [one, other] = &why.versions;
    match lang {
        Lang::Zh => format!(
            "程序：第一次由{one}、第二次由{other}测算，本程序为{VERSION}；程序一项为记录的数值与本程序用同一输入重新测算的数值之差，版本号相同而不为零的，是程序已改或结果文件并非由这些输入得出"
        ),
        Lang::En => format!(
            "Program: the first run is of {one}, the second of {other}, this is {VERSION}. Its part is what was recorded against what this program gives for the same inputs; where it is not 0 although the version is the same, the program was changed or the files do not come from these inputs"
        ),
    }
}

/// Whole fen as yuan with two decimals, exactly.
fn money(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    #[expect(clippy::cast_precision_loss, reason = "amounts of a budget, far below 2^53 yuan")]
    let yuan = grouped(yuan as f64, 0);
    format!("{sign}{yuan}.{rest:02}")
}

fn signed(fen: i64) -> String {
    if fen > 0 { format!("+{}", money(fen)) } else { money(fen) }
}

/// What is said as JSON where nothing differs.
#[must_use]
pub fn nothing_json(runs: [&str; 2]) -> Value {
    json!({ "runs": runs, "differs": false, "changed": [], "figures": [] })
}

/// The figures taken apart, as JSON.
#[must_use]
pub fn json(why: &Why, lang: Lang) -> Value {
    let changed = |one: &Changed| {
        json!({
            "part": one.cause.name(),
            "part_label": cause_name(one.cause, lang),
            "key": one.key,
            "before": one.values[0],
            "after": one.values[1],
            "is_felt": one.is_felt,
        })
    };
    let part = |(cause, share): &(Cause, Share)| {
        json!({
            "part": cause.name(),
            "part_label": cause_name(*cause, lang),
            "is_luck": cause.is_luck(),
            "yuan": super::number::yuan(share.fen),
            "se_yuan": share.error_yuan,
            "error95_yuan": share.error_yuan.map(|error| why.margin_95(error)),
        })
    };
    let row = |row: &Row| {
        json!({
            "year": row.year,
            "payer": row.payer.0,
            "payer_label": row.payer.1.text(lang),
            "figure": row.figure.name(),
            "figure_label": figure_name(row.figure, lang),
            "before_yuan": super::number::yuan(row.fen[0]),
            "before_se_yuan": row.errors_yuan[0],
            "after_yuan": super::number::yuan(row.fen[1]),
            "after_se_yuan": row.errors_yuan[1],
            "difference_yuan": super::number::yuan(row.fen[1] - row.fen[0]),
            "parts": row.parts.iter().map(part).collect::<Vec<_>>(),
        })
    };
    json!({
        "runs": why.runs,
        "versions": { "first": why.versions[0], "second": why.versions[1], "program": VERSION },
        "differs": true,
        "counties": why.counties,
        "counties_label": why.counties.text(lang),
        "simulated": why.n_simulated,
        "not_apart": why.joined.as_ref().map(|fault| &fault.en),
        "changed": why.changed.iter().map(changed).collect::<Vec<_>>(),
        "figures": why.rows.iter().map(row).collect::<Vec<_>>(),
        "warning_zh": why.too_few(Lang::Zh),
        "warning_en": why.too_few(Lang::En),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_fen_are_shown_to_the_last_one() {
        assert_eq!(money(123_456_789), "1,234,567.89");
        assert_eq!(
            (signed(-5), signed(0), signed(100)),
            ("-0.05".to_owned(), "0.00".to_owned(), "+1.00".to_owned())
        );
    }
}
