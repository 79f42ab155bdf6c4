//! What the figures rest on: every source with its status, and the record of the run.

use super::content::Block;
use super::findings;
use super::grid::{Cell, Grid, Show};
use super::labels::Words;
use super::overview::column;
use crate::lang::Lang;

/// A source of values or counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Found, derived or assumed.
    pub status: String,
    /// How good the source is; may be empty.
    pub grade: String,
    /// What it covers.
    pub what: String,
    /// The source or the reasoning.
    pub source: String,
    /// Where it is written.
    pub file: String,
}

/// Every source of values and counts, each once, assumed ones first.
#[must_use]
pub fn sources(words: Words<'_>) -> Vec<Basis> {
    let mut all: Vec<Basis> = Vec::new();
    // Scenarios of a comparison share most of their sources.
    let mut add = |one: Basis| {
        if !all.contains(&one) {
            all.push(one);
        }
    };
    for input in &words.run.record.inputs {
        for one in &input.counts {
            let what = match words.lang {
                Lang::Zh => format!("各类对象人数（{}个数）", one.counts),
                Lang::En => format!("persons by category ({} counts)", one.counts),
            };
            let (status, source) = (one.status.clone(), in_language(words.lang, &one.source, &one.source_zh));
            add(Basis { status, grade: String::new(), what, source, file: "categories.csv".to_owned() });
        }
        for one in &input.sources {
            add(Basis {
                status: one.status.clone(),
                grade: one.grade.clone(),
                what: one.covers.join(", "),
                source: in_language(words.lang, &one.source, &one.source_zh),
                file: file_name(&one.file),
            });
        }
    }
    let rank = |status: &str| ["assumed", "derived", "found"].iter().position(|known| *known == status);
    all.sort_by_key(|one| rank(&one.status));
    all
}

/// A source in a language, as far as the file gives it in it.
fn in_language(lang: Lang, source: &str, source_zh: &Option<String>) -> String {
    match (lang, source_zh) {
        (Lang::Zh, Some(text)) => text.clone(),
        _ => source.to_owned(),
    }
}

/// A path without the folders above `scenarios`, which are this machine's.
#[must_use]
pub fn file_name(path: &str) -> String {
    path.rfind("scenarios/").map_or(path, |at| &path[at..]).to_owned()
}

/// What is assumed and derived as a table; how many sources were found, in words.
#[must_use]
pub fn assumptions(words: Words<'_>) -> Vec<Block> {
    let all = sources(words);
    let n_found = all.iter().filter(|one| one.status == "found").count();
    let columns = vec![
        column(words.pick("性质", "Status"), Show::Text),
        column(words.pick("内容", "What"), Show::Text),
        column(words.pick("来源或理由", "Source or reasoning"), Show::Text),
    ];
    let rows = all.iter().filter(|one| one.status != "found").map(|one| {
        [words.status(&one.status), &one.what, &one.source].map(|text| Cell::Text(text.to_owned())).to_vec()
    });
    let grid = Grid { columns, n_keys: 1, rows: rows.collect() };
    let note = match words.lang {
        Lang::Zh => {
            format!(
                "另有{n_found}项来源为查得，列在工作簿（fundcast report --formats xlsx 写出的 report.xlsx）的“参数依据”。来源的文字照录自方案文件。"
            )
        }
        Lang::En => format!(
            "{n_found} more sources were found; they stand in the workbook (report.xlsx, which fundcast report --formats xlsx writes), “Assumptions”."
        ),
    };
    let caption = words.pick("推算和推导的参数与人数", "Values and counts that are assumed or derived");
    vec![Block::Table { caption: caption.to_owned(), grid }, Block::Note(note)]
}

/// What the run was, as pairs of a name and a value.
#[must_use]
pub fn facts(words: Words<'_>) -> Vec<[String; 2]> {
    let record = &words.run.record;
    let mut rows: Vec<[String; 2]> = Vec::new();
    let mut say = |what: &str, value: String| rows.push([what.to_owned(), value]);
    say(words.pick("程序版本", "Version of fundcast"), record.version.clone());
    say(words.pick("结果文件版本", "Version of the files"), record.schema_version.to_string());
    say(words.pick("方案", "Scenario"), record.scenario.clone());
    for input in &record.inputs {
        say(words.pick("方案名称", "Title"), input.names.title.text(words.lang).to_owned());
        say(words.pick("政策", "Policy"), input.names.policy.text(words.lang).to_owned());
        if !record.published {
            say(words.pick("输入的哈希值", "Hash of what decides the results"), input.input_hash.clone());
        }
    }
    say(words.pick("地区", "Place"), findings::place(words));
    say(words.pick("年度", "Years"), findings::years(words));
    for year in &record.warm_up {
        let (of, rules) = (year.year, year.rules_of);
        say(
            words.pick("预热年度", "Warm-up year"),
            match words.lang {
                Lang::Zh => format!("{of}年，按{rules}年的规定模拟，不列入结果"),
                Lang::En => format!("{of}, simulated under the rules of {rules}, not reported"),
            },
        );
    }
    say(words.pick("模拟次数", "Replicates"), record.replicates.to_string());
    if !record.published {
        say(words.pick("随机种子", "Seed"), record.seed.to_string());
    }
    say(words.pick("县区代码", "Counties"), record.counties.join(" "));
    rows
}

/// The record as a table.
#[must_use]
pub fn record(words: Words<'_>) -> Vec<Block> {
    let columns =
        vec![column(words.pick("项目", "What"), Show::Text), column(words.pick("内容", "Value"), Show::Text)];
    let rows = facts(words).into_iter().map(|row| row.map(Cell::Text).to_vec()).collect();
    let caption = words.pick("本次运行", "This run").to_owned();
    let note = if words.run.record.published {
        words.pick(
            "供公布：运行编号是所公布各表的哈希值的开头；由同一次测算再次写出的，编号相同。",
            "For publication: the run number begins the hash of the published tables; written again from the same run it is the same.",
        )
    } else {
        words.pick(
            "相同的运行编号、年度和县区给出相同的数；输入文件及其哈希值见 run.json。",
            "The same run number, years and counties give the same figures; the input files and their hashes stand in run.json.",
        )
    };
    vec![Block::Table { caption, grid: Grid { columns, n_keys: 1, rows } }, Block::Note(note.to_owned())]
}
