//! The question of a run and its answer in three sentences, computed from its tables; what a reader must know besides.

use super::labels::Words;
use super::money::{self, Difference, Spending};
use crate::lang::Lang;
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::number::{grouped, percent, ten_thousands, unit};
use crate::report::tables;

/// Replicates from which on P95 is more than the largest of them, see [`crate::stats::PerMille::fewest_replicates`].
fn fewest_for_p95() -> u64 {
    crate::stats::PerMille::new(950).and_then(crate::stats::PerMille::fewest_replicates).unwrap_or(u64::MAX)
}

/// What stands at the head of every document of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Title, in the two parts between which a line may break.
    pub title: [String; 2],
    /// What was asked.
    pub question: String,
    /// The answer, a sentence each.
    pub answers: Vec<String>,
    /// Warnings of the run.
    pub warnings: Vec<String>,
}

impl Findings {
    /// The title in one line.
    #[must_use]
    pub fn whole_title(&self) -> String {
        self.title.concat()
    }
}

/// The findings of a run or of a comparison.
#[must_use]
pub fn findings(words: Words<'_>) -> Findings {
    let warnings = words.run.record.warnings.iter().map(|one| one.says.text(words.lang).to_owned()).collect();
    let (title, question, answers) =
        if words.run.is_comparison() { of_comparison(words) } else { of_run(words) };
    Findings { title, question, answers, warnings }
}

/// The years of a run: `2022—2025年`, `2022 to 2025`.
#[must_use]
pub fn years(words: Words<'_>) -> String {
    let all = &words.run.record.years;
    match (all.first(), all.last(), words.lang) {
        (Some(first), Some(last), Lang::Zh) if first != last => format!("{first}—{last}年"),
        (Some(first), Some(last), Lang::En) if first != last => format!("{first} to {last}"),
        (Some(first), _, Lang::Zh) => format!("{first}年"),
        (Some(first), _, Lang::En) => first.to_string(),
        (None, _, _) => String::new(),
    }
}

/// What the counties of a run are called together: a single one by its name.
#[must_use]
pub fn place(words: Words<'_>) -> String {
    let counties = &words.run.record.counties;
    match counties.as_slice() {
        [only] => words.county(only).to_owned(),
        _ => match words.run.record.inputs.first() {
            Some(input) => input.names.place.text(words.lang).to_owned(),
            None => String::new(),
        },
    }
}

fn of_run(words: Words<'_>) -> ([String; 2], String, Vec<String>) {
    let (place, years) = (place(words), years(words));
    let n = words.run.record.counties.len();
    let (title, question) = match words.lang {
        Lang::Zh => (
            [format!("{place}{years}"), "医疗救助支出测算报告".to_owned()],
            format!(
                "{place}{}{years}医疗救助各需多少资金，由谁负担，安排多少才有95%的把握？",
                if n > 1 { format!("{n}个县（市、区）") } else { String::new() }
            ),
        ),
        Lang::En => (
            [format!("Projected medical-assistance spending of {place}, "), years.clone()],
            format!(
                "How much will medical assistance in {place}{} cost in {years}, who pays, and how much is enough in 95 of 100 cases?",
                if n > 1 { format!(" ({n} counties)") } else { String::new() }
            ),
        ),
    };
    let all = money::spending(words.run);
    let last = words.run.record.years.last().copied().unwrap_or_default();
    let Some(total) = money::total(&all, ALL, last) else { return (title, question, Vec::new()) };
    let answers = [
        amount(words, &place, total),
        payers(words, &all, last, total.mean),
        course(words, &all, last, total),
    ];
    (title, question, answers.into_iter().filter(|text| !text.is_empty()).collect())
}

/// An amount as a sentence has it: in ten thousands of yuan in Chinese, in millions in English.
fn wan(yuan: f64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}{}", ten_thousands(yuan), unit(lang)),
        Lang::En => format!("{} million yuan", millions(yuan)),
    }
}

/// The same with its sign, for differences.
fn signed(yuan: f64, lang: Lang) -> String {
    let sign = if yuan > 0.0 && !wan(yuan, lang).starts_with("0.00") { "+" } else { "" };
    format!("{sign}{}", wan(yuan, lang))
}

fn millions(yuan: f64) -> String {
    grouped(yuan / 1e6, if yuan.abs() < 1e7 { 3 } else { 2 })
}

fn error(error: Option<f64>, lang: Lang) -> String {
    match (error, lang) {
        (Some(error), Lang::Zh) => format!("（标准误{}）", wan(error, lang)),
        (Some(error), Lang::En) => format!(" (standard error {})", wan(error, lang)),
        (None, Lang::Zh) => "（模拟次数过少，误差未知）".to_owned(),
        (None, Lang::En) => " (too few replicates: the error is unknown)".to_owned(),
    }
}

/// The first sentence: the last year's mean, and what is enough.
fn amount(words: Words<'_>, place: &str, total: &Spending) -> String {
    let (lang, year, n) = (words.lang, total.year, words.run.record.replicates);
    let above = if total.mean > 0.0 { total.p95() / total.mean - 1.0 } else { 0.0 };
    let (mean, p95) = (wan(total.mean, lang), wan(total.p95(), lang));
    let (mean_error, p95_error) = (error(total.error, lang), total.percentile_errors[2]);
    let enough = n >= fewest_for_p95();
    match lang {
        Lang::Zh => {
            let budget = if enough {
                format!("安排{p95}{}在95%的模拟中够用，比均值高{}", error(p95_error, lang), percent(above))
            } else {
                format!("模拟只有{n}次，不足以估计95%分位数，其中最大的一次为{p95}")
            };
            format!("{year}年{place}医疗救助支出均值为{mean}{mean_error}；{budget}。")
        }
        Lang::En => {
            let budget = if enough {
                format!(
                    "a budget of {p95}{} is enough in 95 % of the replicates, {} above the mean",
                    error(p95_error, lang),
                    percent(above)
                )
            } else {
                format!(
                    "{n} {} too few for a 95th percentile, the largest of them is {p95}",
                    Lang::replicates_are(n)
                )
            };
            format!(
                "In {year} medical assistance in {place} is projected to cost {mean}{mean_error} on average; {budget}."
            )
        }
    }
}

/// The second sentence: who pays, and the largest line.
fn payers(words: Words<'_>, all: &[Spending], year: u16, whole: f64) -> String {
    let lang = words.lang;
    if whole <= 0.0 {
        return words.pick("测算年度没有支出。", "Nothing is spent in that year.").to_owned();
    }
    let here = |row: &&Spending| row.county == ALL && row.year == year;
    let funders = all.iter().filter(here).filter(|row| row.line == TOTAL && row.funder != TOTAL);
    // With too few replicates a 95th percentile is the largest of them.
    let enough = words.run.record.replicates >= fewest_for_p95();
    let high = if enough { "P95" } else { words.pick("其中最大的一次", "the largest replicate") };
    let part = |row: &Spending| {
        let (name, share) = (words.funder(&row.funder), percent(row.mean / whole));
        let (mean, p95) = (wan(row.mean, lang), wan(row.p95(), lang));
        match lang {
            Lang::Zh => format!("{name}{mean}（{share}），{high}为{p95}"),
            Lang::En => format!("{name} {mean} ({share}), {high} {p95}"),
        }
    };
    let parts: Vec<String> = funders.map(part).collect();
    let lines = all.iter().filter(here).filter(|row| row.line != TOTAL && row.funder == TOTAL);
    let Some(line) = lines.max_by(|a, b| a.mean.total_cmp(&b.mean)) else { return String::new() };
    let (name, share) = (words.line(&line.line), percent(line.mean / whole));
    match lang {
        Lang::Zh => format!("按资金渠道，均值为：{}；最大的支出项目是{name}，占{share}。", parts.join("；")),
        Lang::En => {
            format!("By payer the means are: {}; the largest line is {name} with {share}.", parts.join("; "))
        }
    }
}

/// The third sentence: the course over the years, and the county that spends most.
fn course(words: Words<'_>, all: &[Spending], last: u16, total: &Spending) -> String {
    let lang = words.lang;
    let first = words.run.record.years.first().copied().unwrap_or(last);
    let mut parts = Vec::new();
    if let Some(before) = money::total(all, ALL, first).filter(|before| first != last && before.mean > 0.0) {
        let change = total.mean / before.mean - 1.0;
        let size = percent(change.abs());
        parts.push(match lang {
            Lang::Zh => format!(
                "与{first}年的{}相比，均值{}{size}",
                wan(before.mean, lang),
                if change < 0.0 { "下降" } else { "上升" }
            ),
            Lang::En => format!(
                "against {} in {first} the mean {} by {size}",
                wan(before.mean, lang),
                if change < 0.0 { "falls" } else { "rises" }
            ),
        });
    }
    let largest = money::largest_counties(all, last);
    if let ([most, _, ..], true) = (largest.as_slice(), total.mean > 0.0) {
        let (name, share) = (words.county(&most.county), percent(most.mean / total.mean));
        parts.push(match lang {
            Lang::Zh => format!("支出最多的是{name}，为{}，占{share}", wan(most.mean, lang)),
            Lang::En => format!("{name} spends most, {}, {share} of all", wan(most.mean, lang)),
        });
    }
    if let Some(amount) = total.per_resident() {
        parts.push(match lang {
            Lang::Zh => format!("按常住人口平均每人{}元", grouped(amount, 2)),
            Lang::En => format!("it is {} yuan per resident", grouped(amount, 2)),
        });
    }
    match lang {
        Lang::Zh => format!("{}。", parts.join("；")),
        Lang::En => format!("{}.", super::labels::capital(&parts.join("; "))),
    }
}

fn of_comparison(words: Words<'_>) -> ([String; 2], String, Vec<String>) {
    let (place, years) = (place(words), years(words));
    let all = money::differences(words.run);
    let others = money::distinct(all.iter().map(|row| row.other.as_str()));
    let base = words.run.record.inputs.first().map_or("", |input| input.names.title.text(words.lang));
    let titles: Vec<&str> = others.iter().map(|other| words.scenario(other)).collect();
    let (title, question) = match words.lang {
        Lang::Zh => (
            [format!("{place}{years}"), "医疗救助政策方案比较报告".to_owned()],
            format!(
                "与基准方案“{base}”相比，{}在{years}使{place}医疗救助支出增减多少？",
                titles.iter().map(|title| format!("“{title}”")).collect::<Vec<_>>().join("、")
            ),
        ),
        Lang::En => (
            [format!("Medical assistance in {place}, {years}: "), "scenarios compared".to_owned()],
            format!(
                "What do {} change in the medical-assistance spending of {place} in {years}, against the base “{base}”?",
                titles.iter().map(|title| format!("“{title}”")).collect::<Vec<_>>().join(", ")
            ),
        ),
    };
    let answers = others.iter().flat_map(|other| of_other(words, &all, other)).collect();
    (title, question, answers)
}

fn of_other(words: Words<'_>, all: &[Difference], other: &str) -> Vec<String> {
    let last = words.run.record.years.last().copied().unwrap_or_default();
    let totals = all.iter().filter(|row| row.other == other && money::is_total(&row.line, &row.funder));
    let totals: Vec<&Difference> = totals.collect();
    let Some(total) = totals.iter().find(|row| row.county == ALL && row.year == last) else {
        return Vec::new();
    };
    let mut answers = vec![difference(words, total), outcomes(words, total, &totals)];
    answers.extend(cause(words, other));
    answers
}

fn difference(words: Words<'_>, row: &Difference) -> String {
    let (lang, year) = (words.lang, row.year);
    let title = words.scenario(&row.other);
    let [base, other] = row.means.map(|yuan| wan(yuan, lang));
    let mean = signed(row.mean, lang);
    let interval = row.mean_95.map(|ends| ends.map(|yuan| signed(yuan, lang)));
    match lang {
        Lang::Zh => {
            let error = interval.map_or_else(
                || "只有一次模拟，误差未知".to_owned(),
                |[low, high]| format!("均值的95%误差区间为{low}至{high}"),
            );
            format!("“{title}”{year}年支出均值为{other}，基准方案为{base}，差额为{mean}（{error}）。")
        }
        Lang::En => {
            let error = interval.map_or_else(
                || "one replicate: the error is unknown".to_owned(),
                |[low, high]| format!("95 % error of the mean {low} to {high}"),
            );
            format!(
                "In {year} “{title}” costs {other} on average, the base {base}: a difference of {mean} ({error})."
            )
        }
    }
}

fn outcomes(words: Words<'_>, row: &Difference, totals: &[&Difference]) -> String {
    let lang = words.lang;
    let [low, _, high] = row.outcomes.map(|yuan| signed(yuan, lang));
    let [dearer, equal] = row.probabilities;
    let counties = totals.iter().filter(|one| one.county != ALL && one.year == row.year);
    let n_counties = counties.clone().count();
    let most = counties.max_by(|a, b| a.mean.abs().total_cmp(&b.mean.abs()));
    let most = most.filter(|most| n_counties > 1 && most.mean != 0.0);
    match lang {
        Lang::Zh => {
            let most = most.map_or_else(String::new, |most| {
                format!("；差额最大的是{}，为{}", words.county(&most.county), signed(most.mean, lang))
            });
            format!(
                "同一随机数下，差额在{low}至{high}之间（5%至95%分位数），{}的模拟中更贵，{}相等{most}。",
                percent(dearer),
                percent(equal)
            )
        }
        Lang::En => {
            let most = most.map_or_else(String::new, |most| {
                format!("; it is largest in {}, {}", words.county(&most.county), signed(most.mean, lang))
            });
            format!(
                "On the same draws the difference lies between {low} and {high} (5th to 95th percentile); it is dearer in {} of the replicates, equal in {}{most}.",
                percent(dearer),
                percent(equal)
            )
        }
    }
}

/// The third sentence: the change that moved most money, in the words of `changes.csv`.
fn cause(words: Words<'_>, other: &str) -> Option<String> {
    let table = words.run.table(tables::CHANGES.file)?;
    let of_it: Vec<&Vec<String>> =
        table.rows.iter().filter(|row| table.field(row, "other") == other).collect();
    let moved = |row: &&&Vec<String>| table.number(row, "moved_yuan").map_or(-1.0, f64::abs);
    let most = of_it.iter().max_by(|a, b| moved(a).total_cmp(&moved(b)))?;
    let (n, key) = (of_it.len(), table.field(most, "key"));
    let says = table.field(most, words.pick("explanation_zh", "explanation_en"));
    Some(match words.lang {
        Lang::Zh => format!("该方案改动{n}项，其中 {key}：{says}。"),
        Lang::En => format!("It changes {n} {}; {key}: {says}.", if n == 1 { "value" } else { "values" }),
    })
}
