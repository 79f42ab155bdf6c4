//! Every key of every shipped file reaches something: another value in its place gives another result, or a message
//! that names it. What is looked at is what a user gets: the outcome of a simulation, the files of a run, the checks, the register
//! of clauses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fundcast::scenario::load::Setting;
use fundcast::scenario::notice::Notice;
use fundcast::scenario::{self, Scenario};
use fundcast::simulation::from_scenario::{EngineChoice, Plan, simulate_county};
use serde_json::{Value, json};

use crate::command::{Done, fundcast};
use crate::mutation::{Copy, Entry, Kind, entries, is_by_id, lot, pattern, replaced, tell};
use crate::support::settle;

/// Keys that may change without another result or a message: file, key (one star stands for any part), reason.
const EXCEPTIONS: [(&str, &str, &str); 23] = [
    (
        "places/*/counties.csv",
        "row *.city*",
        "tells counties of one name apart; no two of a place have one here",
    ),
    (
        "policies/*-common.toml",
        "about.*",
        "what others build on has a document of its own, and they name theirs",
    ),
    ("policies/guangxi-2022-06.toml", "tilt.monitored.cap_counts", NO_SUCH_BILL),
    ("policies/fangchenggang-2022-08.toml", "tilt.monitored.cap_counts", NO_SUCH_BILL),
    ("policies/national-common.toml", "critical.bands_on", ONE_BAND),
    ("policies/ewenki-2022-09.toml", "critical.bands_on", ONE_BAND),
    ("places/handan/place.toml", "income.residents.yuan_by_year.2022", NO_APPLICATION),
    ("places/ewenki/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/ewenki/place.toml", "population.groups.*.income_*", NO_APPLICATION),
    ("places/guangde/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/guangde/place.toml", "population.groups.*.income_*", NO_APPLICATION),
    ("places/handan/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/handan/place.toml", "population.groups.*.income_*", NO_APPLICATION),
    ("places/jiujiang/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/jiujiang/place.toml", "population.groups.*.income_*", NO_APPLICATION),
    ("places/panjin/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/panjin/place.toml", "population.groups.*.income_*", NO_APPLICATION),
    ("places/suqian/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/suqian/place.toml", "population.groups.*.income_*", NO_APPLICATION),
    ("places/wuxi/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/wuxi/place.toml", "population.groups.*.income_*", NO_APPLICATION),
    ("places/zichuan/counties.csv", "row *.household*", NO_APPLICATION),
    ("places/zichuan/place.toml", "population.groups.*.income_*", NO_APPLICATION),
];

/// Why it does not matter on what the bands of critical-illness insurance are given.
const ONE_BAND: &str =
    "one band from the deductible on is the same in both readings; plans that build on it may add bands";

/// Why it does not matter which payments count against the cap of the tilts for monitored persons.
const NO_SUCH_BILL: &str =
    "critical-illness insurance without a cap leaves no bill of which the tilt would pay 80,000 yuan";

/// Why the incomes and sizes of households change nothing in places without assistance on application.
const NO_APPLICATION: &str =
    "asked for by assistance on application; the policies of this place have none, others could";

/// What is asked, one question after the other, until an answer differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// What typed cases of all kinds are paid.
    Cases,
    /// The outcome of one replicate of the first county.
    Outcome,
    /// That of every county.
    Counties,
    /// The outcome of more replicates in which rare things are common.
    Rare,
    /// The outcome of the last years that can be run.
    Later,
    /// What `check` says, in both languages.
    Check,
    /// The register of clauses, in both languages.
    Clauses,
    /// The files of a run.
    Run,
    /// The files of a run in Chinese.
    RunZh,
}

/// The order for numbers, names and switches of a policy, that for those of a place or a model, which typed cases hardly
/// ask for, and the one for texts, which only change what is shown.
const RULES_OF_POLICY: [Question; 7] = [
    Question::Cases,
    Question::Outcome,
    Question::Counties,
    Question::Run,
    Question::Later,
    Question::Clauses,
    Question::Rare,
];
const NUMBERS: [Question; 6] =
    [Question::Outcome, Question::Counties, Question::Cases, Question::Later, Question::Run, Question::Rare];
const TEXTS: [Question; 4] = [Question::Run, Question::Check, Question::RunZh, Question::Clauses];
const CHINESE: [Question; 4] = [Question::RunZh, Question::Check, Question::Run, Question::Clauses];
/// Clauses stand in their register.
const CLAUSES: [Question; 1] = [Question::Clauses];

/// Changes that make rare things common, on top of whatever is looked at.
const RARE: [(&str, &str); 2] =
    [("place.application.approval_share", "1.0"), ("place.application.self_pay_share_of_income", "0.02")];

impl Question {
    /// The answer of a scenario that was read; none where a command is asked, or other settings.
    fn ask_of(self, scenario: &Scenario) -> Option<Answer> {
        match self {
            Self::Cases => {
                let answers = settle(scenario, &cases(scenario)).into_iter().enumerate();
                Some(answers.map(|(n, answer)| (n.to_string(), answer.to_string())).collect())
            }
            Self::Outcome => Some(outcome_of(scenario, (1, 1))),
            _ => None,
        }
    }

    /// The answer under a scenario of a copy.
    fn ask(self, copy: &Copy, scenario: &str) -> Answer {
        let file = copy.path(scenario).display().to_string();
        let each = |args: &dyn Fn(&str) -> Vec<String>, out: &dyn Fn(Done) -> Answer| {
            let [mut en, zh] = ["en", "zh"].map(|lang| out(fundcast(&args(lang)).run()));
            en.extend(zh.into_iter().map(|(name, text)| (format!("zh {name}"), text)));
            en
        };
        let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let text = |done: Done| Answer::from([("text".to_owned(), done.good())]);
        match self {
            Self::Cases | Self::Outcome => {
                let scenario = scenario::load(&copy.path(scenario), &[]).expect("accepted before");
                self.ask_of(&scenario).expect("a question to a scenario")
            }
            Self::Counties => outcome(copy, scenario, &[], (1, usize::MAX)),
            Self::Rare => {
                let set = |(path, value): (&str, &str)| Setting { path: path.into(), value: value.into() };
                outcome(copy, scenario, &RARE.map(set), (12, usize::MAX))
            }
            Self::Later => {
                let (path, value) = ("run.years".to_owned(), "[2025, 2026, 2027]".to_owned());
                outcome(copy, scenario, &[Setting { path, value }], (1, usize::MAX))
            }
            Self::Check => each(&|lang| words(&["check", &file, "--lang", lang]), &text),
            Self::Clauses => {
                each(&|lang| words(&["clauses", &file, "--lang", lang, "--json", "--threads", "1"]), &text)
            }
            Self::Run | Self::RunZh => {
                let out = copy.beside(&format!("run of {scenario}"));
                let options = ["--threads", "1", "--dpi", "50", "--force", "--quiet"];
                let lang = if self == Self::Run { "en" } else { "zh" };
                let args = words(&[&["run", &file, "--lang", lang, "--out", &out], &options[..]].concat());
                fundcast(&args).run().good();
                files_of_run(&out)
            }
        }
    }
}

/// What came out, by name.
type Answer = BTreeMap<String, String>;

/// How the persons with typed cases are insured.
const PERSONS: [&str; 6] = ["resident", "employee", "resident", "employee", "resident", "resident"];

/// Persons of each category, insurance, age and with and without traits, each with claims of every kind and level.
fn cases(scenario: &Scenario) -> String {
    let names = &scenario.policy.names;
    // The first year that can be settled may lie before those that are run.
    let (run, known) = (scenario.years(), scenario.years_with_parameters());
    let years: BTreeSet<u16> =
        [run.first(), run.last(), known.first()].into_iter().flatten().copied().collect();
    let categories = names.categories.iter().map(|name| Some(name.id.as_str())).chain([None]);
    let traits: Vec<&str> = names.traits.iter().map(|name| name.id.as_str()).collect();
    let mut lines = Vec::new();
    for (category, year) in categories.flat_map(|category| years.iter().map(move |year| (category, *year))) {
        // The last but one has bills that reach every cap.
        for (number, insurance) in PERSONS.into_iter().enumerate() {
            let identities: Vec<Value> =
                category.iter().map(|id| json!({ "category": id, "from": format!("{year}-01") })).collect();
            let age = [70, 40, 10, 62, 50, 45][number];
            let case = json!({
                "case": format!("{}-{year}-{number}", category.unwrap_or("ordinary")),
                "county": scenario.place.counties[0].code.to_string(),
                "year": year,
                "age": age,
                "sex": "f",
                "insurance": insurance,
                "identities": identities,
                "traits": if number < 2 { traits.clone() } else { Vec::new() },
                "recognised": format!("{year}-12"),
                "claims": claims(year, number),
            });
            lines.push(case.to_string());
        }
    }
    lines.join("\n")
}

fn claims(year: u16, person: usize) -> Vec<Value> {
    let places = ["county", "city", "province", "elsewhere"];
    let mut all = Vec::new();
    for (number, (kind, level)) in
        CLOSED[0].iter().flat_map(|kind| CLOSED[1].iter().map(move |level| (*kind, *level))).enumerate()
    {
        // Of the last one small outpatient bills come before any deductible is passed, and stays after them.
        let month = if person == 5 { 12 - number * 12 / 16 } else { number % 12 + 1 };
        let sizes = if person == 5 && kind != "inpatient" { 2 } else { 4 };
        let (total, outside) =
            [(900, 300), (7_000, 500), (60_000, 9_000), (300_000, 20_000)][(number + person) % sizes];
        let times = if person == 4 { 8 } else { 1 };
        let mut claim = json!({
            "id": format!("c{number}"),
            "kind": kind,
            "admitted": format!("{year}-{month:02}-03"),
            "level": level,
            "place": places[(number + person) % 4],
            "referred": !(number + person).is_multiple_of(3),
            "total": total * times,
            "out_of_scope": outside * times,
        });
        if kind == "inpatient" {
            claim["discharged"] = json!(format!("{year}-{month:02}-12"));
        }
        all.push(claim);
    }
    all
}

/// The simulated outcome of the first counties, without what a reader is shown.
fn outcome(copy: &Copy, scenario: &str, settings: &[Setting], size: (u32, usize)) -> Answer {
    let path = copy.path(scenario);
    // Not every policy has what is made common.
    let scenario = scenario::load(&path, settings).or_else(|_| scenario::load(&path, &[]));
    outcome_of(&scenario.expect("accepted before"), size)
}

fn outcome_of(scenario: &Scenario, (n_replicates, n_counties): (u32, usize)) -> Answer {
    let (years, run) = (scenario.years().to_vec(), &scenario.settings.run);
    let plan = Plan {
        years: &years,
        warm_up_years: run.warm_up_years,
        first_replicate: 0,
        n_replicates,
        seed: run.seed,
        engine: EngineChoice::default(),
        observer: &(),
    };
    let county = |county| {
        let done = simulate_county(&[scenario], county, plan, &|_| ()).expect("a simulation");
        (county.to_string(), format!("{:?} {:?}", done.outcomes, done.fit))
    };
    (0..scenario.place.counties.len().min(n_counties)).map(county).collect()
}

/// The files of a run, without pictures and what tells only which files were read, how long it took, and the like.
fn files_of_run(folder: &str) -> Answer {
    let read = |name: &str| std::fs::read(format!("{folder}/{name}")).expect("a file of the run");
    let mut record: Value = serde_json::from_slice(&read("run.json")).expect("JSON");
    let hash = record["inputs"][0]["input_hash"].as_str().expect("a hash").to_owned();
    let names: Vec<String> = record["files"].as_object().expect("files").keys().cloned().collect();
    let mut answer = Answer::new();
    for name in names.iter().filter(|name| !name.ends_with(".png") && !name.starts_with("inputs/")) {
        answer.insert(name.clone(), String::from_utf8_lossy(&read(name)).replace(&hash[..8], ""));
    }
    for key in ["files", "seconds", "typed"] {
        record.as_object_mut().expect("a record").remove(key);
    }
    for key in ["files", "own", "kept", "input_hash"] {
        record["inputs"][0].as_object_mut().expect("inputs").remove(key);
    }
    answer.insert("run.json".to_owned(), record.to_string());
    answer
}

/// Seconds that were spent on what, for whoever makes the long form shorter.
static SECONDS: Mutex<BTreeMap<String, (usize, f64)>> = Mutex::new(BTreeMap::new());

fn timed<T>(what: &str, does: impl FnOnce() -> T) -> T {
    let start = std::time::Instant::now();
    let out = does();
    let mut all = SECONDS.lock().expect("no worker fails");
    let spent = all.entry(what.to_owned()).or_default();
    *spent = (spent.0 + 1, spent.1 + start.elapsed().as_secs_f64());
    out
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Changed(Question),
    Warned,
    Refused,
    /// A message that does not name the key.
    Unnamed,
    Nothing,
}

/// The copy of one worker and the answers without a change.
struct Bench {
    copy: Copy,
    plain: BTreeMap<(String, Question), Answer>,
    /// The scenarios that read a file, cheap ones first, with their notices.
    readers: BTreeMap<String, Vec<(String, Vec<Notice>)>>,
}

impl Bench {
    fn new(copy: Copy) -> Self {
        let mut readers = BTreeMap::<String, Vec<_>>::new();
        let mut scenarios: Vec<&String> = copy.scenarios().collect();
        scenarios.sort_by_key(|name| (name.contains("wuxi"), name.len(), (*name).clone()));
        for scenario in scenarios {
            let loaded = scenario::load(&copy.path(scenario), &[]).expect("a shipped scenario");
            let delta = loaded.hashes.keys().filter(|file| is_scenario(file)).count() > 1;
            for file in loaded.hashes.keys() {
                // A delta reads what its base reads; only what it writes itself is looked at through it.
                if !delta || file.ends_with(scenario.as_str()) {
                    let name = file.rsplit_once("scenarios/").expect("below the folder").1;
                    let reader = (scenario.clone(), loaded.notices.clone());
                    readers.entry(name.to_owned()).or_default().push(reader);
                }
            }
        }
        Self { copy, plain: BTreeMap::new(), readers }
    }

    /// The entry of this copy that has the place of one of another.
    fn entry(&self, file: &str, other: &Entry) -> Option<Entry> {
        if !file.ends_with(".csv") {
            return Some(other.clone());
        }
        self.copy.entries()[file].iter().find(|entry| entry.key == other.key).cloned()
    }

    fn plain(&mut self, scenario: &str, question: Question) -> Answer {
        let key = (scenario.to_owned(), question);
        let copy = &self.copy;
        self.plain.entry(key).or_insert_with(|| question.ask(copy, scenario)).clone()
    }

    /// The message that another value in the place of an entry leads to, if it does; the first reader tells.
    fn message(&self, file: &str, entry: &Entry) -> Option<Fate> {
        for (scenario, before) in &self.readers[file] {
            let mut texts = String::new();
            let (fate, keys) = match scenario::load(&self.copy.path(scenario), &[]) {
                Ok(loaded) => {
                    let new = loaded.notices.iter().filter(|notice| !before.contains(notice));
                    (Fate::Warned, new.map(|one| (one.file.clone(), one.line, one.key.clone())).collect())
                }
                Err(faults) => {
                    texts = faults.to_string();
                    let all = faults.list.iter();
                    let keys: Vec<_> = all.map(|one| (one.file.clone(), one.line, one.key.clone())).collect();
                    (Fate::Refused, keys)
                }
            };
            let named = keys.iter().any(|(of, line, key)| {
                (of.ends_with(file) && *line == Some(entry.line))
                    || key.split('.').any(|part| part == entry.last())
                    || entry.key.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('.'))
            });
            // Numbers that an entry of provenance no longer covers.
            let of_list = entry.key.split('.').collect::<Vec<_>>();
            let uncovered = matches!(of_list[..], ["provenance", _, "covers", ..])
                && !keys.is_empty()
                && keys.iter().all(|(_, _, key)| was_covered(&entry.written, key));
            // Two rules of which a fault names one as its place and this one in its words.
            let rule: Vec<&str> = entry.key.split('.').take(2).collect();
            let in_words = [rule.join("."), entry.last().to_owned()];
            // Of a category that a rule is no longer for, the value that the same rule still has for it.
            let of_rule = rule.len() == 2
                && is_by_id(rule[0])
                && keys.iter().any(|(_, _, key)| key.starts_with(&format!("{}.", in_words[0])));
            let named = named
                || uncovered
                || of_rule
                || in_words.iter().any(|name| texts.contains(&format!("`{name}`")));
            match (fate, named) {
                (_, true) => return Some(fate),
                (Fate::Refused, false) => return Some(Fate::Unnamed),
                _ => {}
            }
        }
        None
    }

    /// What becomes of an entry under other values: a message that one of them leads to, or else the first question that one
    /// of them answers otherwise.
    fn fate(&mut self, file: &str, entry: &Entry) -> Fate {
        let others = others(&self.copy, file, entry);
        let (mut best, mut accepted) = (Fate::Nothing, Vec::new());
        for value in &others.values {
            let changed = replaced(&self.copy.files[file], &entry.range, value);
            self.copy.write(file, &changed);
            let message = timed("load", || self.message(file, entry));
            self.copy.restore(file);
            match message {
                Some(Fate::Warned) => return Fate::Warned,
                // A result of another value says more than a refusal.
                Some(fate) => best = best.min(fate),
                None => accepted.push(changed),
            }
        }
        let found = self.first_answered(file, (questions(file, entry, &others), &accepted), usize::MAX);
        found.map_or(best, Fate::Changed)
    }

    /// The first quick question of the first scenario that reads a file which another value answers otherwise.
    fn quickly(&mut self, file: &str, entry: &Entry) -> Option<Question> {
        let others = others(&self.copy, file, entry);
        let question = questions(file, entry, &others)[0];
        let (first, _) = self.readers[file][0].clone();
        let plain = self.plain(&first, question);
        let differs = others.values.iter().any(|value| {
            self.copy.write(file, &replaced(&self.copy.files[file], &entry.range, value));
            let after = timed("quick", || {
                let loaded = scenario::load(&self.copy.path(&first), &[]).ok()?;
                // What was read need not be read again, where no command is asked.
                Some(question.ask_of(&loaded).unwrap_or_else(|| question.ask(&self.copy, &first)))
            });
            self.copy.restore(file);
            after.is_some_and(|after| after != plain)
        });
        differs.then_some(question)
    }

    /// The first question that one of several texts of a file answers otherwise, for the first scenarios that read it.
    fn first_answered(
        &mut self,
        file: &str,
        (questions, texts): (&[Question], &[String]),
        n_readers: usize,
    ) -> Option<Question> {
        questions.iter().copied().find(|question| {
            texts.iter().any(|changed| {
                self.copy.write(file, changed);
                let differs = self.answers_differ(file, *question, n_readers);
                self.copy.restore(file);
                differs
            })
        })
    }

    /// Whether one of the first scenarios that read a file answers otherwise than without a change.
    fn answers_differ(&mut self, file: &str, question: Question, n_readers: usize) -> bool {
        let changed = std::fs::read_to_string(self.copy.path(file)).expect("text");
        let readers = self.readers[file].iter().take(n_readers);
        let readers: Vec<String> = readers.map(|(scenario, _)| scenario.clone()).collect();
        readers.iter().any(|scenario| {
            let after = timed(&format!("{question:?} {scenario}"), || question.ask(&self.copy, scenario));
            self.copy.restore(file);
            let before = self.plain(scenario, question);
            self.copy.write(file, &changed);
            before != after
        })
    }
}

/// What is asked about an entry, one question after the other.
fn questions(file: &str, entry: &Entry, others: &Others) -> &'static [Question] {
    match (others.shown_only, entry.key.starts_with("clauses.")) {
        (true, true) => &CLAUSES,
        (true, false) if entry.last().ends_with("zh") => &CHINESE,
        (true, false) => &TEXTS,
        (false, _) if file.starts_with("policies/") => &RULES_OF_POLICY,
        (false, _) => &NUMBERS,
    }
}

/// Whether a list of `covers` as it was written covers a key.
fn was_covered(written: &str, key: &str) -> bool {
    // An element stands without quotes, a list with those of its elements.
    let quoted = written.split('"').skip(1).step_by(2);
    std::iter::once(written).chain(quoted).any(|one| fundcast::scenario::provenance::covers(one, key))
}

fn is_scenario(file: &str) -> bool {
    file.rsplit_once("scenarios/").is_some_and(|(_, name)| !name.contains('/'))
}

/// Values that could stand in the place of another.
struct Others {
    values: Vec<String>,
    /// Whether it is a text for readers, which nothing is computed from.
    shown_only: bool,
}

/// Names that stand in lists of their own; one of them is replaced by the next.
const CLOSED: [&[&str]; 15] = [
    &["inpatient", "outpatient", "outpatient_chronic", "outpatient_major"],
    &["primary", "secondary", "tertiary", "provincial"],
    &["county", "city", "province", "elsewhere"],
    &["resident", "employee"],
    &["found", "derived", "assumed"],
    &["money", "status", "watch"],
    &["above_deductible", "cumulative"],
    &["points", "relative"],
    &["all_assistance", "tilt_alone"],
    &["all_groups", "each_group"],
    &["unless_paid", "always", "from_next_year"],
    &["person", "household"],
    &["after_insurance", "after_earlier_rules"],
    &["female", "male"],
    &["A", "B", "C"],
];

/// Other values that could stand in the place of one, the likeliest first.
fn others(copy: &Copy, file: &str, entry: &Entry) -> Others {
    let written = &entry.written;
    let quoted = |text: &str| if file.ends_with(".csv") { text.to_owned() } else { format!("{text:?}") };
    let values = match entry.kind {
        Kind::Bool => vec![(written == "false").to_string()],
        Kind::Integer | Kind::Float => numbers(entry),
        // What the other payers leave.
        Kind::Text if written == "rest" => vec!["0.5".to_owned()],
        Kind::Text => match next_name(copy, entry) {
            Some(names) => names.iter().map(|name| quoted(name)).collect(),
            None => {
                let values = vec![quoted(&format!("{} 另", written.replace('"', "'")))];
                return Others { values, shown_only: true };
            }
        },
        Kind::List => without_last(copy, file, entry).into_iter().collect(),
        Kind::Table => vec![format!("{}\nenabled = false", &copy.files[file][entry.range.clone()])],
    };
    Others { values, shown_only: false }
}

/// A list without its last element, as written.
fn without_last(copy: &Copy, file: &str, list: &Entry) -> Option<String> {
    let (text, all) = (&copy.files[file], &copy.entries()[file]);
    // A list of tables with headers of their own has no brackets around it.
    if text[list.range.clone()].starts_with("[[") {
        return None;
    }
    let elements = all.iter().filter(|one| {
        let number = one.key.strip_prefix(&list.key).and_then(|rest| rest.strip_prefix('.'));
        number.is_some_and(|number| number.parse::<usize>().is_ok())
    });
    let ends: Vec<usize> = elements.map(|one| one.range.end).collect();
    let [.., before, last] = ends[..] else { return None };
    Some(format!("{}{}", &text[list.range.start..before], &text[last..list.range.end]))
}

/// Whether a table is a rule that can be switched off, with a header of its own.
fn is_rule(text: &str, entry: &Entry) -> bool {
    let parts: Vec<&str> = entry.key.split('.').collect();
    parts.len() == 2 && is_by_id(parts[0]) && text[entry.range.clone()].starts_with('[')
}

fn numbers(entry: &Entry) -> Vec<String> {
    let value: f64 = entry.written.replace('_', "").parse().expect("a number");
    let year = (2000.0..2100.0).contains(&value) && (entry.key.contains("year") || entry.last() == "years");
    let integer = entry.kind == Kind::Integer;
    let all = if year {
        vec![value - 1.0, value + 1.0]
    } else if value == 0.0 {
        vec![0.3, 1.0]
    } else {
        // The last is for what hardly ever happens, such as the death of one of few children.
        vec![value * 1.3, value * 0.7, value * 10.0, value * 0.1, value + 1.0, value - 1.0, value * 100.0]
    };
    let shown = |number: &f64| {
        let rounded = (number * 1e6).round() / 1e6;
        if integer && (value != 0.0 || entry.key.starts_with("row")) {
            format!("{}", if rounded > value { rounded.ceil() } else { rounded.floor() })
        } else {
            format!("{rounded:?}")
        }
    };
    all.iter().map(shown).collect()
}

/// Other names of the list that a name is from; none where it is free text.
fn next_name(copy: &Copy, entry: &Entry) -> Option<Vec<String>> {
    let written = entry.written.as_str();
    let last = entry.last();
    if last.ends_with("zh") || last.ends_with("en") || ["source", "note", "where", "document"].contains(&last)
    {
        return None;
    }
    if last == "in_force" || last == "from" {
        let (last, rest) = (written.ends_with('1'), &written[..written.len() - 1]);
        return Some(vec![format!("{rest}{}", if last { '2' } else { '1' })]);
    }
    let rotate = |names: Vec<String>| {
        let at = names.iter().position(|name| name == written)?;
        Some(names[at + 1..].iter().chain(&names[..at]).cloned().collect::<Vec<_>>())
    };
    let section = match last {
        "pool" => "pools",
        "line" => "lines",
        "funder" => "funders",
        "cite" | "superseded_by" => "clauses",
        "income" | "ordinary_income" => "income",
        "by_standard_of" | "changes" => "assistance",
        "traits" | "without_traits" => "traits",
        "diseases" | "without_diseases" => "diseases",
        "county_parameter" => "county_parameters",
        "categories" | "recognised_as" | "of" | "also" | "category" | "rank" => "categories",
        _ => "",
    };
    if !section.is_empty() {
        let mut names = BTreeSet::new();
        for (_, all) in copy.entries().iter().filter(|(name, _)| name.ends_with(".toml")) {
            let below = all.iter().filter_map(|one| one.key.strip_prefix(section)?.strip_prefix('.'));
            let found: Vec<String> =
                below.filter(|rest| !rest.contains('.')).map(ToOwned::to_owned).collect();
            if found.iter().any(|name| name == written) {
                names.extend(found);
            }
        }
        return rotate(names.into_iter().collect());
    }
    let closed = CLOSED.iter().find(|names| names.contains(&written))?;
    rotate(closed.iter().map(|name| (*name).to_owned()).collect())
}

/// The keys whose values are changed one by one, the lists that lose an element, and the rules that are switched off.
fn keys(copy: &Copy) -> Vec<(String, Entry)> {
    let mut all = Vec::new();
    for (name, text) in &copy.files {
        let found = copy.entries()[name].iter().cloned();
        let is_switched = |rule: &str| {
            let key = format!("{rule}.enabled");
            copy.entries()[name].iter().any(|entry| entry.key == key)
        };
        let can_change = |entry: &Entry| match entry.kind {
            Kind::List => without_last(copy, name, entry).is_some(),
            Kind::Table => name.starts_with("policies/") && is_rule(text, entry) && !is_switched(&entry.key),
            _ => true,
        };
        all.extend(found.filter(can_change).map(|entry| (name.clone(), entry)));
    }
    all
}

fn excepted(file: &str, key: &str) -> Option<usize> {
    EXCEPTIONS.iter().position(|(of, pattern, _)| {
        fundcast::scenario::provenance::covers(of, file)
            && fundcast::scenario::provenance::covers(pattern, key)
    })
}

/// Whether a rule by the standard of others cites last what each of them cites: their clauses count for it too.
fn repeats_its_standard(copy: &Copy, file: &str, key: &str) -> bool {
    let ["assistance", id, "cite"] = key.split('.').collect::<Vec<_>>()[..] else { return false };
    let policy: toml::Table = copy.files[file].parse().expect("TOML");
    let rule = |id: &str| policy.get("assistance")?.get(id);
    let cited = |id: &str| rule(id)?.get("cite")?.as_array();
    let last = cited(id).and_then(|clauses| clauses.last());
    let standards = rule(id).and_then(|rule| rule.get("by_standard_of")?.as_array());
    standards.is_some_and(|standards| {
        let mut ids = standards.iter().filter_map(toml::Value::as_str);
        ids.all(|id| cited(id).is_some_and(|clauses| clauses.iter().any(|one| Some(one) == last)))
    })
}

/// The fate of every key but the exceptions, worked out by two workers.
fn fates(chosen: &[(String, Entry)]) -> Vec<(String, String, Fate)> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let (mut small, mut bench) = (Bench::new(Copy::small()), Bench::new(Copy::new()));
                while let Some((file, entry)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let known = excepted(file, &entry.key).is_some();
                    if known || repeats_its_standard(&bench.copy, file, &entry.key) {
                        continue;
                    }
                    // What changes a result of few persons reaches something; all else is asked of the whole counties.
                    let same = small.entry(file, entry);
                    let quick = same.and_then(|same| small.quickly(file, &same));
                    let fate = quick.map_or_else(|| bench.fate(file, entry), Fate::Changed);
                    if matches!(fate, Fate::Nothing | Fate::Unnamed) {
                        tell(&format!("{file}: {}: {fate:?}", entry.key));
                    }
                    let mut done = done.lock().expect("no worker fails");
                    done.push((file.clone(), entry.key.clone(), fate));
                    if done.len().is_multiple_of(250) {
                        tell(&format!("{} of {} keys", done.len(), chosen.len()));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no worker fails");
    done.sort();
    done
}

/// Asserts that every key reaches something; gives how many had which fate.
fn every_one_reaches(chosen: &[(String, Entry)]) -> BTreeMap<Fate, usize> {
    let (mut counts, mut dead) = (BTreeMap::new(), Vec::new());
    for (file, key, fate) in fates(chosen) {
        *counts.entry(fate).or_default() += 1;
        if matches!(fate, Fate::Nothing | Fate::Unnamed) {
            dead.push(format!("{file}: {key}: {fate:?}"));
        }
    }
    tell(&format!("{counts:?}\n{:?}", SECONDS.lock().expect("no worker fails")));
    assert!(dead.is_empty(), "{} keys reach nothing:\n{}", dead.len(), dead.join("\n"));
    counts
}

/// One key of each kind, chosen by lot.
fn one_of_each_kind() -> BTreeMap<String, (String, Entry)> {
    let mut kinds = BTreeMap::<String, (usize, (String, Entry))>::new();
    for (file, entry) in keys(&Copy::new()) {
        let lot = lot(&format!("{file} {}", entry.key), 1 << 30);
        let kind = pattern(&file, &entry.key);
        let seen = kinds.entry(kind).or_insert_with(|| (lot, (file.clone(), entry.clone())));
        if lot < seen.0 {
            *seen = (lot, (file, entry));
        }
    }
    kinds.into_iter().map(|(kind, (_, chosen))| (kind, chosen)).collect()
}

#[test]
fn exact_every_exception_is_one() {
    let all = keys(&Copy::new());
    for (number, (file, pattern, _)) in EXCEPTIONS.iter().enumerate() {
        let met = all.iter().any(|(of, entry)| excepted(of, &entry.key) == Some(number));
        assert!(met, "no key is {file} {pattern}");
    }
}

/// Of the kinds of keys a twelfth, chosen by lot.
#[test]
fn exact_keys_of_many_kinds_reach_something() {
    let kinds = one_of_each_kind();
    assert!(kinds.len() > 300, "{} kinds", kinds.len());
    let sample: Vec<_> =
        kinds.into_iter().filter(|(kind, _)| lot(kind, 12) == 0).map(|(_, one)| one).collect();
    assert!(sample.len() > 20, "{} keys", sample.len());
    every_one_reaches(&sample);
}

#[test]
#[ignore = "takes minutes: several hundred keys"]
fn exact_a_key_of_every_kind_reaches_something() {
    every_one_reaches(&one_of_each_kind().into_values().collect::<Vec<_>>());
}

/// Residents who move from the country into the town leave the lists that are for rural residents.
#[test]
fn exact_urban_and_rural_residents_decide_lists_for_rural_residents() {
    let copy = Copy::new();
    let listed = |rural: i64| {
        let table = "places/guangxi/counties.csv";
        let all = entries(table, &copy.files[table]);
        let cell =
            |column: &str| all.iter().find(|one| one.key == format!("row 2.{column}")).expect("a cell");
        let number = |entry: &Entry| entry.written.parse::<i64>().expect("a number");
        let (urban, country) = (cell("urban"), cell("rural"));
        let moved = number(country) - rural;
        let text = replaced(&copy.files[table], &country.range, &rural.to_string());
        copy.write(table, &replaced(&text, &urban.range, &(number(urban) + moved).to_string()));
        let scenario = scenario::load(&copy.path("guangxi.toml"), &[]).expect("a shipped scenario");
        let plan = Plan {
            years: scenario.years(),
            warm_up_years: 0,
            first_replicate: 0,
            n_replicates: 2,
            seed: 1,
            engine: EngineChoice::default(),
            observer: &(),
        };
        let done = simulate_county(&[&scenario], 0, plan, &|_| ()).expect("a simulation");
        let by_list = |list: usize| -> i64 {
            let outcome = &done.outcomes[0];
            let months = (0..outcome.n_years).flat_map(|year| (0..12).map(move |month| (year, month)));
            months.map(|(year, month)| outcome.listed(year, list, month).sum as i64).sum()
        };
        (by_list(0), by_list(1))
    };
    let (few, many) = (listed(60_000), listed(110_000));
    assert!(few.1 > 0 && few.1 < many.1 * 3 / 4, "{few:?} {many:?}");
    assert_eq!(listed(0).1, 0, "nobody is rural");
}

/// The long form: every key of every shipped file.
#[test]
#[ignore = "takes long: thousands of runs"]
fn exact_every_key_of_every_shipped_file_reaches_something() {
    let mut all = keys(&Copy::new());
    // By lot, so that what is done when it is stopped early says something of all.
    all.sort_by_cached_key(|(file, entry)| lot(&format!("{file} {}", entry.key), 1_000_003));
    every_one_reaches(&all);
}
