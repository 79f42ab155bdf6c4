//! What the tests share: loading scenarios, settling JSON lines, comparing amounts as fen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fundcast::cases::answer::Writer;
use fundcast::cases::household::fit_together;
use fundcast::cases::typed::TypedCase;
use fundcast::cases::{SettledCase, Settler, json, typed};
use fundcast::policy::claim::{Insurance, Person, Sex, Spell};
use fundcast::policy::settle::{Ledger, Payment};
use fundcast::scenario::load::Setting;
use fundcast::scenario::{self, Scenario};
use fundcast::units::Month;
use serde_json::Value;

/// A path below the root of the repository.
pub fn path(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// Copies a folder with everything below it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A copy of the shipped scenarios with more files in it.
pub fn scenarios_with<A: AsRef<str>, B: AsRef<str>>(files: &[(A, B)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&path("scenarios"), folder.path());
    for (name, text) in files {
        std::fs::write(folder.path().join(name.as_ref()), text.as_ref()).expect("a file");
    }
    folder
}

/// The rows of a CSV file, without its header.
pub fn rows(file: &[u8]) -> Vec<Vec<String>> {
    let text = String::from_utf8(file.to_vec()).expect("UTF-8");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(ToOwned::to_owned).collect()).collect()
}

/// The text of a file of the repository.
pub fn text(relative: &str) -> String {
    std::fs::read_to_string(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// A scenario with settings such as `("policy.assistance.class1.ratio", "0.9")`.
pub fn scenario(relative: &str, settings: &[(&str, &str)]) -> Scenario {
    let settings: Vec<Setting> = settings
        .iter()
        .map(|(path, value)| Setting { path: (*path).to_owned(), value: (*value).to_owned() })
        .collect();
    scenario::load(&path(relative), &settings).unwrap_or_else(|faults| panic!("{relative}:\n{faults}"))
}

/// The shipped policies, each with a scenario that settles by it.
pub const POLICIES: [(&str, &str); 11] = [
    ("fangchenggang-2022-08", "scenarios/fangchenggang.toml"),
    ("guangxi-2022-06", "scenarios/guangxi.toml"),
    ("baise-2022-05", "scenarios/baise.toml"),
    ("ewenki-2022-09", "scenarios/ewenki.toml"),
    ("wuxi-2023", "scenarios/wuxi.toml"),
    ("suqian-2024", "scenarios/suqian.toml"),
    ("jiujiang-2023", "scenarios/jiujiang.toml"),
    ("panjin-2025", "scenarios/panjin.toml"),
    ("zichuan-2025", "scenarios/zichuan.toml"),
    ("handan-2024", "scenarios/handan.toml"),
    ("guangde-2024", "scenarios/guangde.toml"),
];

/// The scenario that settles by a shipped policy.
pub fn scenario_of(policy: &str) -> &'static str {
    let found = POLICIES.iter().find(|(id, _)| *id == policy);
    found.unwrap_or_else(|| panic!("no scenario for {policy}")).1
}

/// Who a drawn person is.
#[derive(Debug, Clone)]
pub struct Who {
    pub age: u8,
    pub insurance: Insurance,
    pub traits: u32,
    pub spells: Vec<Spell>,
    pub recognised: Option<Month>,
}

impl Who {
    /// What the policy reads.
    pub fn person(&self) -> Person<'_> {
        Person {
            age: self.age,
            sex: Some(Sex::Female),
            insurance: self.insurance,
            traits: self.traits,
            spells: &self.spells,
            recognised: self.recognised,
        }
    }
}

/// Keeps every payment.
#[derive(Default)]
pub struct Recorder(pub Vec<Payment>);

impl Ledger for Recorder {
    fn pays(&mut self, payment: &Payment) {
        self.0.push(*payment);
    }
}

/// The answers to cases, one JSON value for each line.
pub fn settle(scenario: &Scenario, lines: &str) -> Vec<Value> {
    let mut settler = Settler::new(scenario);
    let fields = json::read("cases", lines).unwrap_or_else(|faults| panic!("{faults}"));
    let read = |one| typed::read(one, ("cases", "cases"), settler.scenario(), settler.years());
    let cases: Vec<_> =
        fields.iter().map(|one| read(one).unwrap_or_else(|faults| panic!("{faults}"))).collect();
    settle_households(&mut settler, &cases)
        .iter()
        .zip(&cases)
        .map(|(settled, case)| {
            let rules = settler.rules_of_settled(case, settled).expect("settled by these rules").clone();
            let answer = Writer { policy: &scenario.policy, rules: &rules }.answer(case, settled);
            serde_json::to_value(answer).expect("an answer is JSON")
        })
        .collect()
}

/// Settles cases, those of one household together; in the order of the cases.
pub fn settle_households(settler: &mut Settler<'_>, cases: &[TypedCase]) -> Vec<SettledCase> {
    fit_together(&mut cases.to_vec(), settler).unwrap_or_else(|faults| panic!("{faults}"));
    let settled = settler.settle_households(cases, |_| true).unwrap_or_else(|faults| panic!("{faults}"));
    settled.into_iter().flatten().collect()
}

/// An amount in whole fen.
pub fn fen(value: &Value) -> Option<i64> {
    let yuan = value.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "amounts of the tests are far below the limit")]
    let fen = (yuan * 100.0).round() as i64;
    assert!((fen as f64 / 100.0 - yuan).abs() < 1e-6, "{yuan} is not whole fen");
    Some(fen)
}

/// What is named in an entry of a list: a claim by its id, a payment by its line.
fn name_of(entry: &Value, index: usize) -> String {
    let name = entry.get("id").or(entry.get("line")).and_then(Value::as_str);
    name.map_or_else(|| index.to_string(), ToOwned::to_owned)
}

/// All amounts and texts of an answer by path; what is zero or empty is left out, and so are clause ids.
pub fn flat(answer: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    flatten(answer, "", &mut all);
    all
}

fn flatten(value: &Value, path: &str, out: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields.iter().filter(|(key, _)| *key != "cite") {
                flatten(inner, &format!("{path}.{key}"), out);
            }
        }
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                let path = format!("{path}[{}]", name_of(entry, index));
                assert!(out.insert(path.clone(), "present".to_owned()).is_none(), "{path} stands twice");
                flatten(entry, &path, out);
            }
        }
        Value::Number(_) => match fen(value) {
            Some(0) | None => {}
            Some(fen) => {
                out.insert(path.to_owned(), fen.to_string());
            }
        },
        Value::Null => {}
        other => {
            out.insert(path.to_owned(), other.to_string());
        }
    }
}

/// What differs between what is expected and what is there; only what is expected is looked at.
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut out = Vec::new();
    differ(expected, actual, "", &mut out);
    out
}

fn differ(expected: &Value, actual: &Value, path: &str, out: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(wanted), _) => {
            for (key, inner) in wanted {
                let found = actual.get(key).unwrap_or(&Value::Null);
                differ(inner, found, &format!("{path}.{key}"), out);
            }
        }
        (Value::Array(wanted), Value::Array(found)) if is_list_of_claims(wanted) => {
            for claim in wanted {
                let id = claim.get("id");
                let same = found.iter().find(|other| other.get("id") == id).unwrap_or(&Value::Null);
                differ(claim, same, &format!("{path}[{}]", name_of(claim, 0)), out);
            }
        }
        (Value::Array(wanted), Value::Array(found)) => {
            if wanted.len() != found.len() {
                out.push(format!("{path}: expected {} entries, found {found:?}", wanted.len()));
                return;
            }
            for (index, (inner, other)) in wanted.iter().zip(found).enumerate() {
                differ(inner, other, &format!("{path}[{index}]"), out);
            }
        }
        (Value::Number(_), _) => {
            // A line or payer with nothing may be left out.
            if fen(expected) != Some(fen(actual).unwrap_or(0)) {
                out.push(format!("{path}: by hand {expected}, settled {actual}"));
            }
        }
        _ if expected == actual => {}
        _ => out.push(format!("{path}: by hand {expected}, settled {actual}")),
    }
}

fn is_list_of_claims(list: &[Value]) -> bool {
    list.first().is_some_and(|entry| entry.get("id").is_some())
}

/// One hand-worked case.
#[derive(Debug, serde::Deserialize)]
pub struct Hand {
    /// Its name.
    pub name: String,
    /// The clauses that it tests.
    pub clauses: Vec<String>,
    /// How the amounts were worked out.
    pub arithmetic: String,
    /// The case, one JSON line.
    pub input: String,
    /// What the answer must contain.
    pub expect: String,
}

#[derive(Debug, serde::Deserialize)]
struct Hands {
    case: Vec<Hand>,
}

/// The hand-worked cases of a file.
pub fn hands(relative: &str) -> Vec<Hand> {
    let hands: Hands = toml::from_str(&text(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"));
    hands.case
}

/// Settles every hand-worked case of a file and compares each expected amount.
pub fn check_hands(relative: &str, scenario: &Scenario) {
    let cases = hands(relative);
    let lines: Vec<&str> = cases.iter().map(|case| case.input.trim()).collect();
    let answers = settle(scenario, &lines.join("\n"));
    assert_eq!(answers.len(), cases.len());
    let mut wrong = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let expected: Value = serde_json::from_str(&case.expect).expect("expected amounts are JSON");
        for difference in differences(&expected, answer) {
            wrong.push(format!("{}{difference}\n{}", case.name, case.arithmetic));
        }
        assert!(!case.clauses.is_empty(), "{} names no clause", case.name);
    }
    assert!(wrong.is_empty(), "{} differences in {relative}:\n{}", wrong.len(), wrong.join("\n"));
}
