//! `check` and `schema`: is a scenario in order, and what may its files say.

use std::collections::BTreeSet;

use super::args::{CheckArgs, FileKind, SchemaArgs};
use super::{Stop, pretty, terminal};
use crate::lang::{Lang, Words};
use crate::raw::{self, Status};
use crate::scenario::place::CategoryCount;
use crate::scenario::{self, Scenario, schema};

/// Reads a scenario with everything it names and says what it found.
pub fn run(args: &CheckArgs) -> Result<(), Stop> {
    let scenario = scenario::load(&args.scenario, &args.settings)?;
    let lang = args.lang.into();
    let warnings: Vec<String> = scenario.notices.iter().map(|notice| notice.line_of_text(lang)).collect();
    if args.quiet {
        return Ok(terminal::result(&warnings.join("\n"))?);
    }
    let found = no_fault(warnings.len(), lang);
    let mut text = match lang {
        Lang::Zh => format!("{}：{found}\n", args.scenario.display()),
        Lang::En => format!("{}: {found}\n", args.scenario.display()),
    };
    text.push_str(&content(&scenario, lang));
    for (part, counts) in &scenario.provenance.counts {
        let list = in_words(counts.iter().map(|(status, n)| (*status, *n as u64)), lang);
        text.push_str(&match lang {
            Lang::Zh => format!("  {}的取值：{list}\n", part_zh(part)),
            Lang::En => format!("  inputs of the {part}: {list}\n"),
        });
    }
    text.push_str(&assumed(&scenario, lang));
    text.push_str(&warnings.join("\n"));
    Ok(terminal::result(&text)?)
}

fn no_fault(n_warnings: usize, lang: Lang) -> String {
    match (lang, n_warnings) {
        (Lang::Zh, 0) => "没有错误".to_owned(),
        (Lang::Zh, n) => format!("没有错误，{n}条提示"),
        (Lang::En, 0) => "no fault found".to_owned(),
        (Lang::En, 1) => "no fault found, 1 warning".to_owned(),
        (Lang::En, n) => format!("no fault found, {n} warnings"),
    }
}

/// What the scenario is made of.
fn content(scenario: &Scenario, lang: Lang) -> String {
    let policies = scenario.policy.ids.join(" → ");
    let years: Vec<String> = scenario.years().iter().map(ToString::to_string).collect();
    let years = Words::list(&years);
    let (clauses, rules) = (scenario.policy.clauses.len(), scenario.policy.rules.len());
    let (place, counties) = (&scenario.place.id, scenario.place.counties.len());
    let settings = &scenario.settings;
    match lang {
        Lang::Zh => format!(
            "  {}\n  政策 {policies}：条款{clauses}条、规则{rules}条\n  测算地区 {place}：{counties}个县区\n  年度 {}\n",
            settings.title_zh, years.zh
        ),
        Lang::En => format!(
            "  {}\n  policy {policies}: {clauses} clauses, {rules} rules\n  place {place}: {counties} counties\n  years {}\n",
            settings.title_en, years.en
        ),
    }
}

fn part_zh(part: &str) -> &str {
    match part {
        "policy" => "政策",
        "place" => "测算地区",
        "model" => "疾病模型",
        other => other,
    }
}

/// How many of each status.
fn in_words(counts: impl Iterator<Item = (Status, u64)>, lang: Lang) -> String {
    let one = |(status, n): (Status, u64)| match lang {
        Lang::Zh => format!("{}{n}", status.text(lang)),
        Lang::En => format!("{n} {}", status.text(lang)),
    };
    counts.map(one).collect::<Vec<_>>().join(lang.pick("、", ", "))
}

/// What of the place is assumed: persons by category, and the parts of its file with a value that nobody looked up.
fn assumed(scenario: &Scenario, lang: Lang) -> String {
    let counties: Vec<usize> = (0..scenario.place.counties.len()).collect();
    let persons = in_words(scenario.persons_by_status(&counties).into_iter(), lang);
    let is_assumed = |count: &&CategoryCount| count.status == Status::Assumed;
    let rows = scenario.place.counties.iter().flat_map(|county| &county.categories).filter(is_assumed);
    let categories: BTreeSet<&str> = rows.map(|count| count.id.as_str()).collect();
    let statuses = scenario.provenance.status.iter().filter(|(_, status)| **status == Status::Assumed);
    let parts: BTreeSet<&str> =
        statuses.filter_map(|(key, _)| key.strip_prefix("place.")?.split('.').next()).collect();
    let mut text = match lang {
        Lang::Zh => format!("  各类人员人数：{persons}\n"),
        Lang::En => format!("  persons by category: {persons}\n"),
    };
    let lists = [
        (categories, "推算的人数", "assumed numbers of persons"),
        (parts, "测算地区中推算的取值", "assumed values of the place"),
    ];
    for (names, zh, en) in lists.into_iter().filter(|(names, ..)| !names.is_empty()) {
        let names = Words::list(&names.into_iter().collect::<Vec<_>>());
        text.push_str(&match lang {
            Lang::Zh => format!("  {zh}：{}\n", names.zh),
            Lang::En => format!("  {en}: {}\n", names.en),
        });
    }
    text
}

/// Prints a JSON Schema.
pub fn schema(args: &SchemaArgs) -> Result<(), Stop> {
    let schema = match args.kind {
        FileKind::Scenario => schema::for_editors::<raw::settings::Scenario>(),
        FileKind::Policy => schema::for_editors::<raw::policy::Policy>(),
        FileKind::Place => schema::for_editors::<raw::place::Place>(),
        FileKind::Model => schema::for_editors::<raw::model::RawModel>(),
    };
    Ok(terminal::json(&pretty(&schema)?)?)
}
