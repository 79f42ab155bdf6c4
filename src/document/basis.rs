//! What the figures rest on: every source with its status, and the record of the run.

use super::findings;
use super::labels::Words;
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
            let (status, source) = (one.status.clone(), one.source.clone());
            add(Basis { status, grade: String::new(), what, source, file: "categories.csv".to_owned() });
        }
        for one in &input.sources {
            add(Basis {
                status: one.status.clone(),
                grade: one.grade.clone(),
                what: one.covers.join(", "),
                source: one.source.clone(),
                file: file_name(&one.file),
            });
        }
    }
    let rank = |status: &str| ["assumed", "derived", "found"].iter().position(|known| *known == status);
    all.sort_by_key(|one| rank(&one.status));
    all
}

/// A path without the folders above `scenarios`, which are this machine's.
#[must_use]
pub fn file_name(path: &str) -> String {
    path.rfind("scenarios/").map_or(path, |at| &path[at..]).to_owned()
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
        say(words.pick("输入的哈希值", "Hash of what decides the results"), input.input_hash.clone());
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
    say(words.pick("随机种子", "Seed"), record.seed.to_string());
    say(words.pick("县区代码", "Counties"), record.counties.join(" "));
    rows
}
