//! Years beyond the last one that the files give: what is given by year goes on by a stated growth, and the rules of a
//! transition lapse or are held.

use serde_json::{Map, Value};

use super::document::{Document, Origin, join};
use super::fault::Faults;
use super::load::Files;
use crate::lang::{Words, words};
use crate::raw::place;
use crate::raw::settings::{AfterTransition, Run};

/// What a file says when a year is missing that could be continued.
pub(super) fn hint() -> Words {
    words!(
        "请补上该年，或在地区文件的[outlook]中写明以后的年增长率，最多{MOST_AHEAD}年（income_growth、contribution_growth、amount_growth）",
        "add the year, or say under [outlook] of the place file by what growth it goes on, for at most {MOST_AHEAD} years (income_growth, contribution_growth, amount_growth)"
    )
}

/// The most years that anything is continued: growth that is merely stated says less with each of them.
pub const MOST_AHEAD: u16 = 10;

/// How the files of a scenario are read for years beyond those that they give.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outlook {
    /// The last year that is run.
    last_year: u16,
    /// Whether rules of a transition are held.
    hold: bool,
    /// The growth that the place states, once it was read.
    growth: place::Outlook,
}

/// A table by year that is continued.
struct Series {
    /// Its key.
    path: String,
    /// Growth a year.
    growth: f64,
    /// The key that states it; none for what stays as it is.
    by: Option<&'static str>,
}

impl Outlook {
    /// What a scenario asks for.
    pub fn of(run: &Run) -> Self {
        let last_year = run.years.last().copied().unwrap_or_default();
        let hold = run.after_transition == Some(AfterTransition::Hold);
        Self { last_year, hold, growth: place::Outlook::default() }
    }

    /// Continues what a place gives by year.
    pub fn place(&mut self, document: &mut Document, faults: &mut Faults) {
        // What is wrong with it is found when the file is typed.
        let stated = document.get("outlook").and_then(|value| serde_json::from_value(value.clone()).ok());
        self.growth = stated.unwrap_or_default();
        let parts = [
            ("contribution", self.growth.contribution_growth, "contribution_growth"),
            ("income", self.growth.income_growth, "income_growth"),
        ];
        for (part, growth, by) in parts {
            let Some(growth) = growth else { continue };
            let ids = document.get(part).and_then(Value::as_object).map(|all| all.keys().cloned());
            for id in ids.into_iter().flatten().collect::<Vec<_>>() {
                let series = Series { path: format!("{part}.{id}.yuan_by_year"), growth, by: Some(by) };
                self.go_on(document, &series, faults);
            }
        }
    }

    /// Continues what a policy gives by year, after the rules of its transition are held where they are.
    pub fn policy(self, document: &mut Document, faults: &mut Faults) {
        if let Some(end) = transition_end(document).filter(|end| self.hold && *end < self.last_year) {
            let mut held = Vec::new();
            ending_with(&document.root, "", end, &mut held);
            held.iter().for_each(|rule| super::load::remove(&mut document.root, &join(rule, "to_year")));
        }
        let mut tables = Vec::new();
        self.tables_by_year(&document.root, "", &mut tables);
        for path in tables {
            let is_amount = path.trim_end_matches(".by_year").ends_with("_yuan");
            let growth = match (is_amount, self.growth.amount_growth) {
                (true, Some(growth)) => Some((growth, Some("amount_growth"))),
                // Shares stay, where the place looks ahead at all.
                (false, _) if self.growth != place::Outlook::default() => Some((0.0, None)),
                _ => None,
            };
            if let Some((growth, by)) = growth {
                self.go_on(document, &Series { path, growth, by }, faults);
            }
        }
    }

    /// The tables by year of rules that hold in the last year.
    fn tables_by_year(self, table: &Map<String, Value>, path: &str, out: &mut Vec<String>) {
        if table.get("to_year").and_then(Value::as_u64).is_some_and(|end| end < u64::from(self.last_year)) {
            return;
        }
        for (key, value) in table {
            let path = join(path, key);
            match value {
                Value::Object(_) if key == "by_year" => out.push(path),
                Value::Object(below) => self.tables_by_year(below, &path, out),
                _ => {}
            }
        }
    }

    /// Adds the years that are missing after the last one of a table.
    fn go_on(self, document: &mut Document, series: &Series, faults: &mut Faults) {
        let Some(table) = document.get(&series.path).and_then(Value::as_object) else { return };
        let years = table.keys().filter_map(|year| year.parse::<u16>().ok());
        let ahead = |last: &u16| (1..=MOST_AHEAD).contains(&self.last_year.saturating_sub(*last));
        let Some(last) = years.max().filter(ahead) else { return };
        let Some(value) = table.get(&last.to_string()).cloned() else { return };
        let origin = document.origin(&join(&series.path, &last.to_string())).cloned();
        let notice = document.notice(&series.path, self.words(series, (last, &value)));
        for year in last + 1..=self.last_year {
            let factor = libm::pow(1.0 + series.growth, f64::from(year - last));
            let grown = if series.growth == 0.0 { value.clone() } else { times(&value, factor) };
            document.add_continued(&join(&series.path, &year.to_string()), grown, origin.as_ref());
        }
        faults.warn(notice);
    }

    fn words(self, series: &Series, (last, value): (u16, &Value)) -> Words {
        let years = match (last + 1, self.last_year) {
            (first, end) if first == end => first.to_string(),
            (first, end) => format!("{first}-{end}"),
        };
        let given = if value.is_number() { value.to_string() } else { String::new() };
        let percent = (series.growth * 100_000.0).round() / 1000.0;
        match series.by {
            Some(by) => Words::new(
                format!("未给出{years}年：按outlook.{by}，从{last}年的{given}每年增长{percent}%延续（推算）"),
                format!(
                    "gives nothing for {years}: continued from {given} of {last} by {percent} % a year, as `outlook.{by}` says (assumed)"
                ),
            ),
            None => Words::new(
                format!("未给出{years}年：沿用{last}年的{given}（推算）"),
                format!("gives nothing for {years}: {given} of {last} goes on (assumed)"),
            ),
        }
    }
}

/// A value, or each of a table of them, times a factor: whole yuan stay whole.
fn times(value: &Value, factor: f64) -> Value {
    match value {
        Value::Object(table) => {
            table.iter().map(|(key, value)| (key.clone(), times(value, factor))).collect()
        }
        Value::Number(number) => {
            let old = number.as_f64().unwrap_or_default();
            let is_whole = number.is_i64() || number.is_u64() || old.fract() == 0.0;
            let grown = old * factor;
            if is_whole {
                Value::from(grown.round() as i64)
            } else {
                Value::from((grown * 100.0).round() / 100.0)
            }
        }
        other => other.clone(),
    }
}

/// The last year of a policy's transition.
fn transition_end(document: &Document) -> Option<u16> {
    let end = document.get("about.transition_to_year")?.as_u64()?;
    u16::try_from(end).ok()
}

/// The rules that hold until a year and no longer, by their keys.
fn ending_with(table: &Map<String, Value>, path: &str, year: u16, out: &mut Vec<String>) {
    if table.get("to_year").and_then(Value::as_u64) == Some(u64::from(year)) {
        out.push(path.to_owned());
    }
    for (key, value) in table {
        if let Value::Object(below) = value {
            ending_with(below, &join(path, key), year, out);
        }
    }
}

/// Says where rules of a transition lapse because nobody said what becomes of them, and where the question does not arise;
/// gives the last year of a transition whose rules lapse unasked.
pub(super) fn transition(files: &Files, faults: &mut Faults) -> Option<u16> {
    let run = &files.scenario.raw.run;
    let last_year = run.years.last().copied().unwrap_or_default();
    let mut unasked = None;
    let mut any = false;
    for (_, typed) in &files.policies {
        let Some(end) = transition_end(&typed.document) else { continue };
        let mut rules = Vec::new();
        ending_with(&typed.document.root, "", end, &mut rules);
        let key = "about.transition_to_year";
        let held = run.after_transition == Some(AfterTransition::Hold) && last_year > end;
        if rules.is_empty() && !held {
            let words = Words::new("没有规则到该年为止", "no rule holds until this year");
            faults.warn(typed.document.notice(key, words));
        }
        any |= last_year > end;
        if last_year <= end || rules.is_empty() || run.after_transition.is_some() {
            continue;
        }
        let names = rules.join(", ");
        let words = Words::new(
            format!(
                "过渡期到{end}年为止，{}年起这些规则失效：{names}；如继续执行，写run.after_transition = \"hold\"，否则写\"lapse\"",
                end + 1
            ),
            format!(
                "the transition ends with {end}; from {} on these rules lapse: {names}; write `after_transition = \"hold\"` under [run] where they go on, else \"lapse\"",
                end + 1
            ),
        );
        faults.warn(typed.document.notice(key, words));
        unasked = Some(end);
    }
    if run.after_transition.is_some() && !any {
        let words = Words::new(
            "不影响结果：没有测算年度在过渡期之后",
            "changes nothing: no year that is run lies after a policy's transition (`about.transition_to_year`)",
        );
        faults.warn(files.scenario.document.notice("run.after_transition", words));
    }
    unasked
}

impl Document {
    /// Adds a value that the file does not give, with the origin of the one that it continues.
    fn add_continued(&mut self, path: &str, value: Value, origin: Option<&Origin>) {
        let Some((above, key)) = path.rsplit_once('.') else { return };
        let mut table = &mut self.root;
        for key in above.split('.') {
            match table.get_mut(key).and_then(Value::as_object_mut) {
                Some(below) => table = below,
                None => return,
            }
        }
        table.insert(key.to_owned(), value);
        self.origins.extend(origin.map(|origin| (path.to_owned(), origin.clone())));
        self.continued.insert(path.to_owned());
    }

    /// Whether a value, or a table around it, was continued.
    pub(super) fn is_continued(&self, path: &str) -> bool {
        let mut path = path;
        loop {
            if self.continued.contains(path) {
                return true;
            }
            match path.rsplit_once('.') {
                Some((above, _)) => path = above,
                None => return false,
            }
        }
    }
}
