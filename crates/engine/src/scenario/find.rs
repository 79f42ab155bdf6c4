//! From what was typed to a scenario file: a path, a name in `scenarios/`, or deltas joined by `+`; and what to say
//! when a folder or a file of another kind was meant.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::fault::{Fault, Faults, nearest};
use super::schema;
use crate::file;
use crate::lang::Words;
use crate::raw;

/// The folder in which a name without a folder is looked for.
const HOME: &str = "scenarios";

/// The most scenarios that a message lists.
const MOST_NAMES: usize = 24;

/// The scenario files that are meant: one, or several deltas (`a.toml+b.toml`) to be laid over each other.
///
/// # Errors
/// What is no scenario file: what it is, which scenarios there are, and the nearest name.
pub fn find(named: &Path) -> Result<Vec<PathBuf>, Faults> {
    if let Some(path) = existing(named) {
        return is_scenario(path).map(|path| vec![path]);
    }
    let text = named.display().to_string();
    let parts: Vec<&str> = text.split('+').map(str::trim).collect();
    let mut faults = Faults::default();
    let mut paths = Vec::new();
    for part in &parts {
        let found = existing(Path::new(part)).map_or_else(|| Err(missing(Path::new(part))), is_scenario);
        match found {
            Ok(path) => paths.push(path),
            Err(more) => faults.list.extend(more.list),
        }
    }
    if faults.list.is_empty() { Ok(paths) } else { Err(faults) }
}

/// The file of a path or of a name: as it stands, with `.toml`, and then in `scenarios/`.
fn existing(named: &Path) -> Option<PathBuf> {
    let with_ending = |path: &Path| PathBuf::from(format!("{}.toml", path.display()));
    let is_name = named.components().count() == 1 && !named.as_os_str().is_empty();
    let mut candidates = vec![named.to_owned(), with_ending(named)];
    if is_name {
        let home = Path::new(HOME).join(named);
        candidates.extend([home.clone(), with_ending(&home)]);
    }
    // What is no regular file is told of where it is read.
    candidates.into_iter().find(|path| path.exists() && !path.is_dir())
}

/// The kinds of files that make up a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scenario,
    Policy,
    Place,
    Model,
}

/// The kind of a TOML file by its keys; `None` where it has none of them, or is no TOML.
fn kind(path: &Path) -> Option<Kind> {
    let text = file::read_text(path, file::MOST_OF_A_SCENARIO).ok()?;
    let table: toml::Table = text.trim_start_matches('\u{feff}').parse().ok()?;
    let known = |schema: Value| {
        let properties = schema.get("properties").and_then(Value::as_object);
        table.keys().filter(|key| properties.is_some_and(|known| known.contains_key(*key))).count()
    };
    let counts = [
        (Kind::Scenario, known(schema::of::<raw::settings::Scenario>())),
        (Kind::Policy, known(schema::of::<raw::policy::Policy>())),
        (Kind::Place, known(schema::of::<raw::place::Place>())),
        (Kind::Model, known(schema::of::<raw::model::RawModel>())),
    ];
    let most = counts.iter().map(|(_, n)| *n).max().filter(|n| *n > 0)?;
    counts.into_iter().find(|(_, n)| *n == most).map(|(kind, _)| kind)
}

/// The path itself, unless the file is surely one of another kind. What cannot be told is read as a scenario, so
/// that its own faults are found.
fn is_scenario(path: PathBuf) -> Result<PathBuf, Faults> {
    let problem = match kind(&path) {
        None | Some(Kind::Scenario) => return Ok(path),
        Some(Kind::Policy) => Words::new("是政策文件，不是方案文件", "is a policy, not a scenario"),
        Some(Kind::Place) => Words::new("是地区文件，不是方案文件", "is the file of a place, not a scenario"),
        Some(Kind::Model) => Words::new("是疾病模型，不是方案文件", "is an illness model, not a scenario"),
    };
    // A place is known by the name of its folder.
    let id =
        if path.ends_with("place.toml") { path.parent().map(stem).unwrap_or_default() } else { stem(&path) };
    Err(fault(&path, problem, named_in(&scenarios_near(&path), &id)))
}

/// What is said of a path at which there is no file.
fn missing(named: &Path) -> Faults {
    let near = scenarios_near(named);
    if named.is_dir() {
        let is_place = named.join("place.toml").is_file();
        let problem = if is_place {
            Words::new("是测算地区的文件夹，不是方案文件", "is the folder of a place, not a scenario file")
        } else {
            Words::new("是文件夹，不是方案文件", "is a folder, not a scenario file")
        };
        let hint = if is_place { named_in(&near, &stem(named)) } else { listed(&near) };
        return fault(named, problem, hint);
    }
    let name = |path: &PathBuf| {
        let has_ending = named.extension().is_some_and(|ending| ending == "toml");
        if has_ending {
            path.file_name().unwrap_or_default().to_string_lossy().into_owned()
        } else {
            stem(path)
        }
    };
    let names: Vec<String> = near.iter().map(name).collect();
    let wrong = named.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let hint = nearest(&wrong, names.iter().map(String::as_str)).or_else(|| listed(&near));
    let problem = Words::new("无法读取：没有这个文件", "cannot be read: there is no such file");
    fault(named, problem, hint)
}

fn fault(path: &Path, problem: Words, hint: Option<Words>) -> Faults {
    let mut faults = Faults::default();
    faults.push(Fault { file: path.display().to_string(), problem, hint, ..Fault::default() });
    faults
}

/// The scenario files in the folder, or in the nearest folder above that has some, or in `scenarios/`.
fn scenarios_near(path: &Path) -> Vec<PathBuf> {
    let above = path
        .ancestors()
        .take(4)
        .map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() });
    let folders = above.chain([PathBuf::from(HOME)]).filter(|folder| folder.is_dir());
    folders.map(|folder| scenarios_in(&folder)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn scenarios_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_toml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "toml") && path.is_file();
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_toml).collect();
    found.retain(|path| kind(path) == Some(Kind::Scenario));
    found.iter_mut().for_each(|path| {
        if let Ok(short) = path.strip_prefix(".") {
            *path = short.to_owned();
        }
    });
    found.sort();
    found
}

/// The scenarios that name a policy, place or model; all of them where none does.
fn named_in(scenarios: &[PathBuf], id: &str) -> Option<Words> {
    let quoted = format!("\"{id}\"");
    let names_it = |path: &&PathBuf| {
        file::read_text(path, file::MOST_OF_A_SCENARIO).is_ok_and(|text| text.contains(&quoted))
    };
    let own: Vec<PathBuf> = scenarios.iter().filter(names_it).cloned().collect();
    if own.is_empty() { listed(scenarios) } else { list(("用到它的方案", "scenarios with it"), &own) }
}

fn listed(scenarios: &[PathBuf]) -> Option<Words> {
    if scenarios.is_empty() {
        Some(Words::new("这里没有方案文件", "there is no scenario here"))
    } else {
        list(("方案", "scenarios"), scenarios)
    }
}

fn list((zh, en): (&str, &str), scenarios: &[PathBuf]) -> Option<Words> {
    let names: Vec<String> =
        scenarios.iter().take(MOST_NAMES).map(|path| path.display().to_string()).collect();
    let all = Words::list(&names);
    let (more_zh, more_en) = if scenarios.len() > MOST_NAMES { ("等", ", …") } else { ("", "") };
    Some(Words::new(format!("{zh}：{}{more_zh}", all.zh), format!("{en}: {}{more_en}", all.en)))
}

/// The names beside a path that could have been meant: folders, or files with the same ending.
pub(super) fn siblings(path: &Path, folders: bool) -> Vec<String> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let fits = |other: &Path| if folders { other.is_dir() } else { other.extension() == path.extension() };
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .flatten()
                .filter(|entry| fits(&entry.path()))
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

/// Whether a text is the name of a file or folder and nothing else: no path, nothing that leads to the folder above.
#[must_use]
pub fn is_plain_name(text: &str) -> bool {
    !text.contains(['/', '\\', ':', '\0']) && !text.trim_matches('.').trim().is_empty()
}

/// A path without detours: `a/../b` is `b`.
pub(super) fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        let after_name = matches!(tidied.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if after_name => {
                tidied.pop();
            }
            Component::CurDir => {}
            _ => tidied.push(part),
        }
    }
    tidied
}

/// A path as the system knows it.
pub(super) fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The name of a file without folder and ending.
#[must_use]
pub fn stem(path: &Path) -> String {
    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
