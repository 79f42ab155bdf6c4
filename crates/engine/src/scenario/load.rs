//! Reading the files of a scenario: bases and extensions are followed, changes are laid over, faults gathered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::document::{Document, Origin, delete, no_control};
use super::fault::{Fault, Faults, nearest};
use super::find::{is_plain_name, siblings, stem, tidy};
use super::kept::Texts;
use super::notice::Notice;
use super::outlook::Outlook;
use super::place::{Tables, census};
use super::schema;
use crate::file::Unreadable;
use crate::lang::{Lang, Words, words};
use crate::raw;
use crate::shown::is_obeyed;

/// A typed file with its tree and what covers its values.
#[derive(Debug, Clone)]
pub struct Typed<T> {
    /// The name in the scenario, such as `fangchenggang-2022-08`.
    pub id: String,
    /// The typed values.
    pub raw: T,
    /// The tree with its origins.
    pub document: Document,
    /// The provenance entries, each with the file it was written in.
    pub provenance: Vec<(String, raw::Provenance)>,
}

/// All files of a scenario, typed.
#[derive(Debug, Clone)]
pub struct Files {
    /// The scenario file.
    pub scenario: Typed<raw::settings::Scenario>,
    /// The policies with the month from which each holds (`None` for the only one), in order.
    pub policies: Vec<(Option<String>, Typed<raw::policy::Policy>)>,
    /// The place.
    pub place: Typed<raw::place::Place>,
    /// The illness model.
    pub model: Typed<raw::model::RawModel>,
    /// The tables beside the place file.
    pub tables: Tables,
    /// Every file read, by name, with a hash of its content.
    pub hashes: BTreeMap<String, String>,
    /// The content itself.
    pub read: Texts,
    /// What is odd in them as far as reading tells.
    pub notices: Vec<Notice>,
    /// The scenario file, or the deltas that were laid over each other, as named.
    pub own: Vec<String>,
    /// What the scenario's files write and a change of the command line overwrites.
    pub overwritten: Vec<Overwritten>,
}

/// A change of a scenario file that `--set` overwrites.
#[derive(Debug, Clone, PartialEq)]
pub struct Overwritten {
    /// The key, such as `policy.assistance.class1.ratio`.
    pub key: String,
    /// The value that does not come to bear.
    pub value: Value,
    /// Where it is written.
    pub origin: Origin,
    /// What overwrites it, such as `--set policy.assistance.class1.ratio`.
    pub by: String,
}

/// A change given on the command line: `policy.assistance.x.ratio=0.9`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The path: `run.…`, `policy.…`, `place.…` or `model.…`.
    pub path: String,
    /// The value as TOML.
    pub value: String,
}

impl Setting {
    /// From what was typed; `None` without an equals sign.
    #[must_use]
    pub fn of_typed(text: &str) -> Option<Self> {
        let (path, value) = text.split_once('=')?;
        Some(Self { path: path.trim().to_owned(), value: value.trim().to_owned() })
    }
}

/// As it is typed.
impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.path, self.value)
    }
}

/// Reads a scenario file and everything it names.
///
/// # Errors
/// All faults that can be seen without resolving names: unreadable files, syntax, unknown keys, types, ranges.
pub fn load(path: &Path, settings: &[Setting]) -> Result<Files, Faults> {
    super::kept::files(&super::find::find(path)?, Reader::default(), settings)
}

/// A document with everything under it, and its provenance entries, each with the file it was written in.
pub(super) type Chained = (Document, Vec<(String, raw::Provenance)>);

#[derive(Default)]
pub(super) struct Reader {
    pub(super) faults: Faults,
    pub(super) read: Texts,
    /// The only files that there are; `None`: those on the disk.
    pub(super) kept: Option<Texts>,
    pub(super) overwritten: Vec<Overwritten>,
    /// How years beyond those that the files give are read.
    pub(super) outlook: Outlook,
}

impl Reader {
    fn text(&mut self, path: &Path) -> Option<String> {
        let name = path.display().to_string();
        match self.bytes(path) {
            Ok(bytes) => {
                self.read.insert(name.clone(), bytes.clone());
                let Ok(text) = std::str::from_utf8(&bytes) else {
                    self.faults.file(&name, Words::new("不是UTF-8文本，请另存为UTF-8", "is not UTF-8 text"));
                    return None;
                };
                let text = text.trim_start_matches('\u{feff}').to_owned();
                if let Some(fault) = obeyed(&name, &text) {
                    self.faults.push(fault);
                    return None;
                }
                Some(text)
            }
            Err(error) => {
                let known = siblings(path, false);
                let wrong =
                    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                self.faults.push(Fault {
                    file: name,
                    problem: Words::new(
                        format!("无法读取：{}", error.text(Lang::Zh)),
                        format!("cannot be read: {}", error.text(Lang::En)),
                    ),
                    hint: match error {
                        Unreadable::System(_) => nearest(&wrong, known.iter().map(String::as_str)),
                        Unreadable::NoFile(_) | Unreadable::TooLarge(_) => None,
                    },
                    ..Fault::default()
                });
                None
            }
        }
    }

    /// A file with everything it builds on laid under it; `key` names the file below, `above` the files before.
    pub(super) fn chain(&mut self, path: &Path, key: &str, above: &[String]) -> Option<Chained> {
        let name = path.display().to_string();
        let seen = [above, std::slice::from_ref(&name)].concat();
        if above.contains(&name) {
            let round = seen.join(" → ");
            self.faults
                .file(&name, words!("`{key}`循环引用：{round}", "`{key}` goes round in a circle: {round}"));
            return None;
        }
        let (document, own) = self.own(path)?;
        let Some(below) = self.below(path, key, &document) else { return Some((document, own)) };
        let (mut under, mut provenance) = self.chain(&below.ok()?, key, &seen)?;
        under.overlay(document);
        provenance.extend(own);
        Some((under, provenance))
    }

    /// A file by itself.
    pub(super) fn own(&mut self, path: &Path) -> Option<Chained> {
        let text = self.text(path)?;
        let before = self.faults.list.len();
        let mut document = Document::parse(&path.display().to_string(), &text, &mut self.faults);
        if self.faults.list.len() > before {
            // What is read of a file with broken syntax would only give rise to further faults.
            return None;
        }
        let own = super::provenance::take(&mut document, &mut self.faults);
        Some((document, own))
    }

    /// The file that a document builds on; `None` where it names none, an error (reported) where there is none.
    pub(super) fn below(
        &mut self,
        path: &Path,
        key: &str,
        document: &Document,
    ) -> Option<Result<PathBuf, ()>> {
        let Some(below) = document.get(key)?.as_str() else {
            let problem = Words::new("应为引号中的文件名", "must be the name of a file, as text in quotes");
            self.faults.push(document.fault(key, problem, None));
            return Some(Err(()));
        };
        let file = if below.ends_with(".toml") { below.to_owned() } else { format!("{below}.toml") };
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        let under = tidy(&folder.join(file));
        Some(if self.exists(&under, (document, key)) { Ok(under) } else { Err(()) })
    }

    /// Whether a file is there; if not, the fault stands at the key that names it.
    fn exists(&mut self, path: &Path, (document, key): (&Document, &str)) -> bool {
        // What is no regular file is told of where it is read.
        if self.is_there(path) {
            return true;
        }
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        let is_place = path.ends_with("place.toml");
        let wanted = if is_place { folder } else { path };
        let known: Vec<String> =
            siblings(wanted, is_place).iter().map(|name| stem(Path::new(name))).collect();
        let hint = nearest(&stem(wanted), known.iter().map(String::as_str));
        let problem = words!("没有文件{path}", "there is no file {path}", path = path.display());
        self.faults.push(document.fault(key, problem, hint));
        false
    }

    /// Whether a value is the name of something in a folder beside the scenario, not a path that leads elsewhere.
    fn is_name(&mut self, id: &str, (document, key, folder): (&Document, &str, &str)) -> bool {
        if is_plain_name(id) {
            return true;
        }
        let problem = words!(
            "应为方案旁`{folder}`文件夹中的名称，不能是路径",
            "must be a name in the folder `{folder}` beside the scenario, not a path"
        );
        let last = stem(Path::new(&id.replace('\\', "/")));
        let hint = is_plain_name(&last).then(|| words!("例如`{last}`", "such as `{last}`"));
        self.faults.push(document.fault(key, problem, hint));
        false
    }

    pub(super) fn typed<T>(
        &mut self,
        id: &str,
        (document, provenance): (Document, Vec<(String, raw::Provenance)>),
    ) -> Option<Typed<T>>
    where
        T: serde::de::DeserializeOwned + schemars::JsonSchema,
    {
        let before = self.faults.list.len();
        schema::check::<T>(&document, &mut self.faults);
        if self.faults.list.len() > before {
            // What remains without the faulty keys is still good enough to find the faults of other files.
            let mut rest = document;
            for fault in &self.faults.list[before..] {
                remove(&mut rest.root, &fault.key);
            }
            let raw = serde_json::from_value(Value::Object(rest.root.clone())).ok()?;
            return Some(Typed { id: id.to_owned(), raw, document: rest, provenance });
        }
        match serde_json::from_value(Value::Object(document.root.clone())) {
            Ok(raw) => Some(Typed { id: id.to_owned(), raw, document, provenance }),
            Err(error) => {
                let problem = Words::new("内容无法识别", format!("cannot be understood: {error}"));
                self.faults.file(&document.file, problem);
                None
            }
        }
    }

    /// A scenario file with its bases, or deltas on one base laid over each other, and all that it names.
    pub(super) fn scenario(&mut self, paths: &[PathBuf], settings: &[Setting]) -> Option<Files> {
        let (mut document, provenance) = match paths {
            [one] => self.chain(one, "base", &[])?,
            several => self.composed(several)?,
        };
        let stems: Vec<String> = paths.iter().map(|path| stem(path)).collect();
        for (number, setting) in settings.iter().enumerate() {
            if settings[..number].iter().any(|before| before.path == setting.path) {
                let words = Words::new(
                    "给出不止一次，以最后一次为准",
                    "is given more than once; the last value counts",
                );
                self.faults.warn(Notice {
                    file: format!("--set {}", setting.path),
                    line: None,
                    key: String::new(),
                    value: setting.value.clone(),
                    problem: words,
                    usual: None,
                });
            }
            self.set(&mut document, setting);
        }
        let scenario = self.typed::<raw::settings::Scenario>(&stems.join("+"), (document, provenance))?;
        self.outlook = Outlook::of(&scenario.raw.run);
        // The place first: it states by what growth a policy's amounts go on.
        let place = self.place(&scenario);
        let policies = self.policies(&scenario);
        let model = self.model(&scenario);
        let (place, tables) = place?;
        let policies = policies?;
        let tables = tables.unwrap_or_else(|| {
            let mut ranks: Vec<String> = Vec::new();
            for id in policies.iter().flat_map(|(_, policy)| &policy.raw.rank) {
                if !ranks.contains(id) {
                    ranks.push(id.clone());
                }
            }
            census::tables(&ranks)
        });
        let own = paths.iter().map(|path| path.display().to_string()).collect();
        Some(Files {
            policies,
            place,
            model: model?,
            tables,
            hashes: BTreeMap::new(),
            read: Texts::new(),
            notices: Vec::new(),
            own,
            overwritten: Vec::new(),
            scenario,
        })
    }

    fn policies(
        &mut self,
        scenario: &Typed<raw::settings::Scenario>,
    ) -> Option<Vec<(Option<String>, Typed<raw::policy::Policy>)>> {
        let mut wanted: Vec<(Option<String>, String, String)> = Vec::new();
        match (&scenario.raw.policy, &scenario.raw.timeline) {
            (Some(policy), None) => wanted.push((None, policy.clone(), "policy".to_owned())),
            (None, Some(timeline)) if !timeline.is_empty() => {
                for (number, entry) in timeline.iter().enumerate() {
                    let key = format!("timeline.{number}.policy");
                    wanted.push((Some(entry.from.clone()), entry.policy.clone(), key));
                }
            }
            // What has a fault of its own, or another name, is not missing.
            _ if self.faults.list.iter().any(|fault| fault.says("policy") || fault.says("timeline")) => {
                return None;
            }
            _ => {
                let problem = Words::new(
                    "方案写`policy`或`timeline`之一（如要以政策时间表代替基准方案的`policy`，请另写一个方案文件）",
                    "a scenario names either `policy` or `timeline` (a base's `policy` is replaced by writing a timeline in a file of its own)",
                );
                self.faults.push(scenario.document.fault("policy", problem, None));
                return None;
            }
        }
        self.addressed(scenario, &wanted);
        let mut all = Vec::new();
        for (from, id, key) in wanted {
            let path = beside(&scenario.document, &key, &format!("policies/{id}.toml"));
            if !self.is_name(&id, (&scenario.document, &key, "policies"))
                || !self.exists(&path, (&scenario.document, &key))
            {
                all.push(None);
                continue;
            }
            let chained = self.chain(&path, "extends", &[]);
            all.push(
                chained
                    .and_then(|chained| self.changed(scenario, ("policy", &id), chained))
                    .map(|typed| (from, typed)),
            );
        }
        all.into_iter().collect()
    }

    /// The place with its tables; without, where it is the counties of the census.
    fn place(
        &mut self,
        scenario: &Typed<raw::settings::Scenario>,
    ) -> Option<(Typed<raw::place::Place>, Option<Tables>)> {
        let id = &scenario.raw.place;
        let folder = beside(&scenario.document, "place", &format!("places/{id}"));
        if !self.is_name(id, (&scenario.document, "place", "places"))
            || !self.exists(&folder.join("place.toml"), (&scenario.document, "place"))
        {
            return None;
        }
        let chained = self.chain(&folder.join("place.toml"), "extends", &[]);
        let place: Option<Typed<raw::place::Place>> =
            chained.and_then(|chained| self.changed(scenario, ("place", id), chained));
        let files = ["counties.csv", "categories.csv"].map(|name| folder.join(name));
        if let Some(census) = place.as_ref().filter(|place| place.raw.census.is_some()) {
            let beside: Vec<&PathBuf> = files.iter().filter(|path| self.is_there(path)).collect();
            for path in beside {
                let problem = words!(
                    "与{path}并存：县区和人数要么取自普查，要么取自表格，请删去其一",
                    "stands beside {path}: counties and persons are those of the census or those of the tables, delete one of them",
                    path = path.display()
                );
                self.faults.push(census.document.fault("census", problem, None));
            }
            return place.map(|place| (place, None));
        }
        let [counties, categories] =
            files.map(|path| self.text(&path).map(|text| (path.display().to_string(), text)));
        Some((place?, Some(Tables { counties: counties?, categories: categories? })))
    }

    fn model(&mut self, scenario: &Typed<raw::settings::Scenario>) -> Option<Typed<raw::model::RawModel>> {
        let id = &scenario.raw.model;
        let path = beside(&scenario.document, "model", &format!("models/{id}.toml"));
        if !self.is_name(id, (&scenario.document, "model", "models"))
            || !self.exists(&path, (&scenario.document, "model"))
        {
            return None;
        }
        let chained = self.chain(&path, "extends", &[])?;
        self.changed(scenario, ("model", id), chained)
    }
}

/// The first character of a file that a terminal would obey, where a name may carry it.
fn obeyed(file: &str, text: &str) -> Option<Fault> {
    // Lines may end with CR.
    let (at, one) = text.char_indices().find(|&(_, one)| is_obeyed(one) && one != '\r')?;
    Some(Fault {
        file: file.to_owned(),
        line: Some(text[..at].matches('\n').count() + 1),
        problem: no_control(one),
        hint: Some(delete()),
        ..Fault::default()
    })
}

/// Removes the key at a path below tables; what stands in a list stays.
pub(super) fn remove(root: &mut serde_json::Map<String, Value>, path: &str) {
    let mut keys: Vec<&str> = path.split('.').collect();
    let Some(last) = keys.pop() else { return };
    let mut table = root;
    for key in keys {
        match table.get_mut(key).and_then(Value::as_object_mut) {
            Some(below) => table = below,
            None => return,
        }
    }
    table.shift_remove(last);
}

/// A path beside the file in which a key was written.
fn beside(document: &Document, key: &str, relative: &str) -> PathBuf {
    let written = document.origin(key).map_or(document.file.as_str(), |origin: &Origin| origin.file.as_str());
    let written = if written.starts_with("--set") { document.file.as_str() } else { written };
    tidy(&Path::new(written).parent().unwrap_or_else(|| Path::new("")).join(relative))
}
