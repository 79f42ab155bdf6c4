//! A fault stands where the slip was made: every line of the shipped files is changed in many ways, and each fault
//! names the file and the line that were changed. The same slips are made in a delta and on the command line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fundcast::scenario::fault::{Fault, Faults};
use fundcast::scenario::load::Setting;
use fundcast::scenario::notice::Notice;
use fundcast::scenario::{self, Scenario};

use crate::languages;
use crate::mutation::{Copy, Entry, Kind, entries, line_of, lot, pattern, replaced, tell};

/// A slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    /// A text where a number stands, a number where anything else does.
    WrongType,
    /// A number far outside of what is possible.
    FarOff,
    /// A share of a hundred.
    PerCent,
    /// A name that there is not.
    Unknown,
    /// The key with a letter more.
    Misspelt,
    /// The key a second time, in the next line.
    Twice,
    /// The key without a value.
    NoValue,
    /// The line is lost.
    Lost,
    /// A delta on the scenario writes the wrong type.
    InDelta,
    /// The command line gives the wrong type.
    OnCommandLine,
    /// A cell that holds nothing.
    Empty,
    /// A cell too many in the row.
    Wider,
    /// A row that lacks its last cell.
    Narrower,
}

const SLIPS: [Slip; 10] = [
    Slip::WrongType,
    Slip::FarOff,
    Slip::PerCent,
    Slip::Unknown,
    Slip::Misspelt,
    Slip::Twice,
    Slip::NoValue,
    Slip::Lost,
    Slip::InDelta,
    Slip::OnCommandLine,
];
const SLIPS_OF_CELLS: [Slip; 5] = [Slip::WrongType, Slip::FarOff, Slip::Empty, Slip::Wider, Slip::Narrower];

/// Where a slip was made.
#[derive(Debug, Clone)]
struct Made {
    /// The end of the file's name.
    file: String,
    /// The lines that say it: the key's, the value's, or of what is lost those around it.
    lines: Vec<usize>,
    settings: Vec<Setting>,
    scenario: String,
}

/// Faults that stand elsewhere and rightly so: the slip, the kind of key, what the fault says, the reason.
const ELSEWHERE: [(Slip, &str, &str, &str); 3] = [
    (Slip::Lost, "*.extends", "missing", "what the file below has is missing from this one"),
    (Slip::Lost, "scenario.base", "missing", "what the base has is missing from this one"),
    (
        Slip::Lost,
        "place.toml.contribution",
        "is for nobody",
        "the group now takes those of the next one as well",
    ),
];

/// What became of the slips.
#[derive(Debug, Clone, Default)]
struct Tally {
    counts: BTreeMap<(Slip, &'static str), usize>,
    wrong: Vec<String>,
    /// Faults that are not said in each language alone.
    mixed: BTreeSet<String>,
    /// What was accepted and is as it was.
    same: Vec<String>,
}

const SAME: &str = "accepted, same content";

struct Bench {
    copy: Copy,
    /// The first scenario that reads a file, with its notices and what it resolves to.
    readers: BTreeMap<String, (String, Vec<Notice>, String)>,
}

impl Bench {
    fn new() -> Self {
        let copy = Copy::new();
        let mut readers = BTreeMap::new();
        let mut scenarios: Vec<&String> = copy.scenarios().collect();
        // Wuxi and Ewenki overwrite much of the illness model that they build on.
        let overwrites = |name: &str| name == "wuxi.toml" || name == "ewenki.toml";
        scenarios.sort_by_key(|name| (overwrites(name), name.len(), (*name).clone()));
        for scenario in scenarios {
            let loaded = scenario::load(&copy.path(scenario), &[]).expect("a shipped scenario");
            for file in loaded.hashes.keys() {
                let name = file.rsplit_once("scenarios/").expect("below the folder").1;
                let (notices, hash) = (loaded.notices.clone(), loaded.content_hash());
                readers.entry(name.to_owned()).or_insert_with(|| (scenario.clone(), notices, hash));
            }
        }
        Self { copy, readers }
    }

    /// Makes a slip; none where it cannot be made there.
    fn make(&self, slip: Slip, file: &str, entry: &Entry) -> Option<Made> {
        let text = &self.copy.files[file];
        let (scenario, ..) = &self.readers[file];
        let made = |lines: &[usize]| {
            let (file, lines) = (file.to_owned(), lines.to_vec());
            Some(Made { file, lines, settings: Vec::new(), scenario: scenario.clone() })
        };
        let write = |text: String| self.copy.write(file, &text);
        let wrong = match entry.kind {
            Kind::Integer | Kind::Float | Kind::Bool => "\"x\"",
            Kind::Text | Kind::List | Kind::Table => "7",
        };
        let lines = [entry.key_line, entry.line];
        let is_number = matches!(entry.kind, Kind::Integer | Kind::Float);
        // A table with a header of its own has no value that could be replaced.
        let header = match entry.kind {
            Kind::Table => !text[entry.range.clone()].starts_with('{'),
            Kind::List => text[entry.range.clone()].starts_with("[["),
            _ => false,
        };
        let is_value = !header;
        let alone = text[..entry.name.start].ends_with('\n') && text[entry.range.end..].starts_with('\n');
        match slip {
            Slip::WrongType if is_value => write(replaced(text, &entry.range, wrong)),
            Slip::FarOff if is_number => write(replaced(text, &entry.range, "-1e12")),
            Slip::PerCent if entry.kind == Kind::Float => write(replaced(text, &entry.range, "87.5")),
            Slip::Unknown if entry.kind == Kind::Text => {
                write(replaced(text, &entry.range, "\"no_such_name\""))
            }
            Slip::Misspelt if !entry.name.is_empty() => {
                let name = &text[entry.name.clone()];
                let name =
                    name.strip_suffix('"').map_or_else(|| format!("{name}x"), |name| format!("{name}x\""));
                write(replaced(text, &entry.name, &name));
            }
            Slip::Twice if alone && is_value => {
                let line = &text[entry.name.start..=entry.range.end];
                write(format!("{}{line}{}", &text[..=entry.range.end], &text[entry.range.end + 1..]));
                return made(&[line_of(text, entry.range.end + 1)]);
            }
            Slip::NoValue if is_value && !entry.name.is_empty() => write(replaced(text, &entry.range, "")),
            Slip::Lost if alone && is_value => {
                write(replaced(text, &(entry.name.start..entry.range.end + 1), ""));
                return made(&self.around(file, entry));
            }
            Slip::InDelta if !entry.in_list && is_value => return self.in_delta(file, entry, wrong),
            Slip::OnCommandLine if !entry.in_list && is_value => {
                let (part, mut made) = (part(file)?, made(&[])?);
                if entry.key.split('.').next() == Some("provenance") {
                    return None;
                }
                let path = format!("{part}{}", entry.key);
                made.file = format!("--set {path}");
                made.settings = vec![Setting { path, value: wrong.to_owned() }];
                return Some(made);
            }
            _ => return None,
        }
        made(&lines)
    }

    /// The lines at which something that is missing may be reported: those of the tables that it was in.
    fn around(&self, file: &str, entry: &Entry) -> Vec<usize> {
        let all = entries(file, &self.copy.files[file]);
        let above = all
            .iter()
            .filter(|other| entry.key.strip_prefix(&other.key).is_some_and(|rest| rest.starts_with('.')));
        above.map(|other| other.key_line).collect()
    }

    fn in_delta(&self, file: &str, entry: &Entry, wrong: &str) -> Option<Made> {
        let part = part(file)?;
        if entry.key.split('.').next() == Some("provenance") {
            return None;
        }
        let (scenario, ..) = &self.readers[file];
        let path = if part.is_empty() { String::new() } else { format!("change.{part}") };
        let quoted: Vec<String> =
            format!("{path}{}", entry.key).split('.').map(|key| format!("{key:?}")).collect();
        let text = format!("base = {scenario:?}\n\n# A slip.\n{} = {wrong}\n", quoted.join("."));
        self.copy.write("delta.toml", &text);
        let (file, lines) = ("delta.toml".to_owned(), vec![4]);
        Some(Made { file, lines, settings: Vec::new(), scenario: "delta.toml".to_owned() })
    }

    /// Makes a slip in a cell; none where it cannot be made there.
    fn make_in_cell(&self, slip: Slip, file: &str, entry: &Entry) -> Option<Made> {
        let text = &self.copy.files[file];
        let end = entry.range.end + text[entry.range.end..].find('\n')?;
        let first = text[..entry.range.start].ends_with('\n');
        let changed = match slip {
            Slip::WrongType if entry.kind == Kind::Integer => replaced(text, &entry.range, "many"),
            Slip::FarOff if entry.kind == Kind::Integer => replaced(text, &entry.range, "-7"),
            Slip::Empty => replaced(text, &entry.range, ""),
            Slip::Wider if first => replaced(text, &(end..end), ",more"),
            Slip::Narrower if first => {
                let last = entries(file, text).into_iter().rfind(|other| other.line == entry.line)?;
                replaced(text, &(last.range.start - 1..last.range.end), "")
            }
            _ => return None,
        };
        // Of every second slip the lines end as spreadsheets end them.
        let dos = lot(&entry.key, 2) == 0;
        self.copy.write(file, &if dos { changed.replace('\n', "\r\n") } else { changed });
        let (scenario, ..) = &self.readers[file];
        let (file, lines) = (file.to_owned(), vec![entry.line]);
        Some(Made { file, lines, settings: Vec::new(), scenario: scenario.clone() })
    }

    /// Makes a slip, looks at what the program says, and unmakes it.
    fn try_slip(&self, slip: Slip, file: &str, entry: &Entry, tally: &mut Tally) {
        let cell = file.ends_with(".csv");
        let made = if cell { self.make_in_cell(slip, file, entry) } else { self.make(slip, file, entry) };
        let Some(made) = made else { return };
        let result = scenario::load(&self.copy.path(&made.scenario), &made.settings);
        self.copy.restore(file);
        let fate = match &result {
            Err(faults) => {
                let mixed = faults.list.iter().filter_map(languages::mixed);
                tally.mixed.extend(mixed);
                tally.refused((slip, file, entry), &made, faults)
            }
            Ok(loaded) => self.accepted(loaded, file, &made),
        };
        if fate == SAME {
            tally.same.push(format!("{slip:?} of {file}: {}", entry.key));
        }
        *tally.counts.entry((slip, fate)).or_default() += 1;
    }

    fn accepted(&self, loaded: &Scenario, file: &str, made: &Made) -> &'static str {
        let (_, notices, hash) = &self.readers[file];
        let new: Vec<&Notice> = loaded.notices.iter().filter(|notice| !notices.contains(notice)).collect();
        let here = |notice: &&Notice| made.is_at(&notice.file, notice.line);
        match new.iter().any(here) {
            true => "warned",
            false if loaded.content_hash() != *hash => "accepted, other content",
            false => SAME,
        }
    }
}

/// The part of a scenario to which a file belongs, as the command line names it.
fn part(file: &str) -> Option<&'static str> {
    match file.split('/').next()? {
        "policies" => Some("policy."),
        "places" => Some("place."),
        "models" => Some("model."),
        _ => Some(""),
    }
}

impl Made {
    fn is_at(&self, file: &str, line: Option<usize>) -> bool {
        if self.file.starts_with("--set") {
            return file.starts_with(&self.file);
        }
        file.ends_with(&self.file) && line.is_some_and(|line| self.lines.contains(&line))
    }
}

impl Tally {
    fn refused(
        &mut self,
        (slip, file, entry): (Slip, &str, &Entry),
        made: &Made,
        faults: &Faults,
    ) -> &'static str {
        let kind = pattern(file, &entry.key);
        let listed = |fault: &Fault| {
            ELSEWHERE.iter().any(|(of, keys, words, _)| {
                *of == slip
                    && fundcast::scenario::provenance::covers(keys, &kind)
                    && fault.problem.en.contains(words)
            })
        };
        let gone = matches!(slip, Slip::Lost | Slip::Misspelt | Slip::Unknown);
        // Of two lines that contradict each other one has the fault, which names the other.
        let other = |fault: &Fault| {
            let hint = fault.hint.as_ref().map_or("", |hint| hint.en.as_str());
            let keys = hint.split('`').skip(1).step_by(2);
            keys.into_iter().any(|key| key.contains('.') && entry.key.starts_with(key))
        };
        let listed = |fault: &Fault| listed(fault) || (gone && names(fault, entry)) || other(fault);
        let elsewhere: Vec<&Fault> = faults
            .list
            .iter()
            .filter(|fault| !made.is_at(&fault.file, fault.line) && !listed(fault))
            .collect();
        if let Some(fault) = elsewhere.first() {
            let wanted = format!("{} {:?}", made.file, made.lines);
            self.wrong.push(format!("{slip:?} of {file}: {} (wanted {wanted}): {fault}", entry.key));
            return "wrong position";
        }
        "refused"
    }
}

/// Whether a fault that stands elsewhere names what is gone: whatever refers to a lost or misspelt key or name is the
/// other half of the contradiction.
fn names(fault: &Fault, entry: &Entry) -> bool {
    let said = format!("{} {} {}", fault.key, fault.value, fault.problem.en);
    let part = |name: &str| {
        !name.is_empty() && said.split(|one: char| " .`\",;:()[]".contains(one)).any(|word| word == name)
    };
    let own = entry.key.rsplit('.').next().is_some_and(|last| part(last) || part(&format!("{last}x")));
    // An entry that covers what is gone, or covered by what is gone.
    let covers = |one: &str| fundcast::scenario::provenance::covers(one, &entry.key);
    let covered = fault.key.starts_with("provenance")
        && (covers(&fault.value) || covers(fault.value.trim_matches('"')));
    // Another rule that contradicts the one in which something is gone.
    let rule: Vec<&str> = entry.key.split('.').take(2).collect();
    own || part(&entry.written) || covered || said.contains(&format!("`{}`", rule.join(".")))
}

/// Makes every slip at every entry, by two workers.
fn slips(chosen: &[(String, Entry, Vec<Slip>)]) -> Tally {
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let (bench, mut own) = (Bench::new(), Tally::default());
                while let Some((file, entry, slips)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    slips.iter().for_each(|slip| bench.try_slip(*slip, file, entry, &mut own));
                }
                let mut all = all.lock().expect("no worker fails");
                all.wrong.extend(own.wrong);
                all.mixed.extend(own.mixed);
                all.same.extend(own.same);
                for (key, n) in own.counts {
                    *all.counts.entry(key).or_default() += n;
                }
            });
        }
    });
    let mut all = all.into_inner().expect("no worker fails");
    all.wrong.sort();
    all
}

fn all_slips() -> Vec<(String, Entry, Vec<Slip>)> {
    let mut all = Vec::new();
    for (name, text) in &Copy::new().files {
        let slips = if name.ends_with(".csv") { SLIPS_OF_CELLS.to_vec() } else { SLIPS.to_vec() };
        all.extend(entries(name, text).into_iter().map(|entry| (name.clone(), entry, slips.clone())));
    }
    all
}

fn none_is_wrong(tally: &Tally) {
    for ((slip, fate), n) in &tally.counts {
        tell(&format!("{slip:?}, {fate}: {n}"));
    }
    tell(&format!("accepted without any effect:\n{}", tally.same.join("\n")));
    let n = tally.wrong.len();
    assert!(n == 0, "{n} faults stand elsewhere than the slip:\n{}", tally.wrong.join("\n"));
    let mixed: Vec<&str> = tally.mixed.iter().map(String::as_str).collect();
    assert!(mixed.is_empty(), "faults that mix the languages:\n{}", mixed.join("\n"));
}

/// For every kind of key and slip one, chosen by lot; of these a share.
fn sample(one_of: usize) -> Vec<(String, Entry, Vec<Slip>)> {
    let mut kinds = BTreeMap::new();
    for (file, entry, slips) in all_slips() {
        for slip in slips {
            let lot = lot(&format!("{slip:?} {file} {}", entry.key), 1 << 30);
            let chosen = (lot, file.clone(), entry.clone(), vec![slip]);
            let seen = kinds.entry((slip, pattern(&file, &entry.key))).or_insert_with(|| chosen.clone());
            if lot < seen.0 {
                *seen = chosen;
            }
        }
    }
    let mut chosen: Vec<_> = kinds.into_values().collect();
    chosen.retain(|(number, ..)| number % one_of == 0);
    chosen.into_iter().map(|(_, file, entry, slips)| (file, entry, slips)).collect()
}

#[test]
fn exact_a_fault_stands_where_the_slip_was_made() {
    let sample = sample(4);
    assert!(sample.len() > 400, "{} slips", sample.len());
    none_is_wrong(&slips(&sample));
}

#[test]
#[ignore = "takes minutes: some thousand files"]
fn exact_a_fault_stands_where_any_kind_of_slip_was_made() {
    none_is_wrong(&slips(&sample(1)));
}

/// The long form: every slip at every line.
#[test]
#[ignore = "takes long: tens of thousands of files"]
fn exact_every_fault_stands_where_the_slip_was_made() {
    none_is_wrong(&slips(&all_slips()));
}
