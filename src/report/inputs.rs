//! The files that a run was worked out from, kept in its folder: what they are called there, and how they are read back.
//!
//! A file keeps its place relative to the others, so that a scenario can be read from the folder by hand as well; where
//! the files stood on the machine is not kept.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::finished::Input;
use super::write;
use crate::file;
use crate::scenario::kept::{self, Kept, Texts};

/// The folder of the kept files in the folder of a run.
pub const FOLDER: &str = "inputs";

/// Where files lie that were named from the root of the disk, beside others that were not.
const ELSEWHERE: &str = "elsewhere";

/// What stands for a folder that is known as `..` only.
const ABOVE: &str = "above";

/// The names in the folder of a run of files that were read, by the names under which they were read, scenario by
/// scenario. Files of one name and other content get names of their own.
#[must_use]
pub fn stored(scenarios: &[&Texts]) -> Vec<BTreeMap<String, String>> {
    let names = scenarios.iter().flat_map(|texts| texts.keys());
    let places = places(names.map(String::as_str));
    let mut taken: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    let mut of = |(name, bytes): (&String, &Arc<[u8]>)| {
        let place = &places[name.as_str()];
        let file = (1..)
            .map(|number| numbered(place, number))
            .find(|file| taken.get(file).is_none_or(|known| known == bytes))
            .unwrap_or_default();
        taken.insert(file.clone(), bytes.clone());
        (name.clone(), file)
    };
    scenarios.iter().map(|texts| texts.iter().map(&mut of).collect()).collect()
}

/// A name with a number before its ending, but for the first.
fn numbered(place: &Path, number: usize) -> String {
    let mut path = Path::new(FOLDER).join(place);
    if number > 1 {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
        path.set_file_name(format!("{stem}-{number}{}", ending.unwrap_or_default()));
    }
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

/// Where files lie relative to each other, without the folders that all of them lie in.
fn places<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, PathBuf> {
    let all: BTreeMap<&str, (bool, Vec<String>)> = names.map(|name| (name, parts(Path::new(name)))).collect();
    let of =
        |is_absolute: bool| all.values().filter(move |(own, _)| *own == is_absolute).map(|(_, parts)| parts);
    // As many folders are known as `..` only as the file that climbs highest needs.
    let climbs = |parts: &Vec<String>| parts.iter().take_while(|part| *part == "..").count();
    let most = of(false).map(climbs).max().unwrap_or_default();
    let placed = |is_absolute: bool, parts: &Vec<String>| -> Vec<String> {
        let n = if is_absolute { 0 } else { climbs(parts) };
        let above = if is_absolute { 0 } else { most - n };
        std::iter::repeat_n(ABOVE.to_owned(), above).chain(parts[n..].iter().cloned()).collect()
    };
    let is_mixed = of(true).next().is_some() && of(false).next().is_some();
    let shared: Vec<usize> = [false, true]
        .iter()
        .map(|&kind| shared(&of(kind).map(|parts| placed(kind, parts)).collect::<Vec<_>>()))
        .collect();
    let place = |(is_absolute, parts): &(bool, Vec<String>)| {
        let whole = placed(*is_absolute, parts);
        let own = whole[shared[usize::from(*is_absolute)]..].iter();
        let first = PathBuf::from(if is_mixed && *is_absolute { ELSEWHERE } else { "" });
        own.fold(first, |path, part| path.join(part))
    };
    all.iter().map(|(name, parts)| (*name, place(parts))).collect()
}

/// Whether a path begins at the root of a disk, and its parts without detours.
fn parts(path: &Path) -> (bool, Vec<String>) {
    let (mut is_absolute, mut parts): (bool, Vec<String>) = (false, Vec::new());
    for part in path.components() {
        match part {
            Component::Prefix(_) | Component::RootDir => is_absolute = true,
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => drop(parts.pop()),
            // There is nothing above the root.
            Component::ParentDir if is_absolute => {}
            Component::ParentDir => parts.push("..".to_owned()),
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
        }
    }
    (is_absolute, parts)
}

/// The number of folders that all files lie in.
fn shared(all: &[Vec<String>]) -> usize {
    let Some(first) = all.first() else { return 0 };
    let folders = first.len().saturating_sub(1);
    let same = |n: &usize| all.iter().all(|one| one.len() > n + 1 && one[*n] == first[*n]);
    (0..folders).take_while(same).count()
}

/// Where the text of a file comes from that a run was worked out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// It is kept in the run's folder.
    InRun,
    /// It is not kept there, but what lies under its name today is the same to the bit.
    Today,
}

/// What keeps a scenario of a run from being read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Files that are not in the folder as the run read them, nor under their names.
    pub files: Vec<String>,
}

/// The files of a scenario of a run as it read them: those in its folder, else those of today with the same hash.
///
/// # Errors
/// The files that are in neither place.
pub fn read(folder: &Path, input: &Input, today: &Today) -> Result<(Kept, Found), Lost> {
    let (mut texts, mut lost, mut found) = (Texts::new(), Vec::new(), Found::InRun);
    for (name, known) in &input.files {
        let is_known = |bytes: &Vec<u8>| kept::hash(bytes) == *known;
        let read = |path: &Path| file::read(path, file::MOST_OF_A_SCENARIO).ok().filter(is_known);
        let stored = input.kept.get(name).filter(|stored| write::is_inside(stored));
        let in_run = stored.and_then(|stored| read(&folder.join(stored)));
        let bytes = in_run.or_else(|| {
            found = Found::Today;
            read(&today.path(name))
        });
        match bytes {
            Some(bytes) => drop(texts.insert(name.clone(), Arc::from(bytes))),
            None => lost.push(name.clone()),
        }
    }
    let own = own_files(input, today);
    if lost.is_empty() && !own.is_empty() {
        Ok((Kept { own, texts }, found))
    } else {
        Err(Lost { files: lost })
    }
}

/// The scenario files of an input; an earlier version did not say which of its files they are.
fn own_files(input: &Input, today: &Today) -> Vec<String> {
    if !input.own.is_empty() {
        return input.own.clone();
    }
    today.own.iter().filter_map(|file| named(file, input.files.keys())).collect()
}

/// The name under which a file was read, of which the whole path is known.
fn named<'a>(file: &Path, names: impl Iterator<Item = &'a String>) -> Option<String> {
    let ends = |name: &&String| file.ends_with(parts(Path::new(name.as_str())).1.iter().collect::<PathBuf>());
    names.filter(ends).max_by_key(|name| name.len()).cloned()
}

/// Where the files of a scenario are to be found today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Today {
    /// The scenario files as the system knew them.
    own: Vec<PathBuf>,
    /// The folder in which the run was started; empty: that of this command.
    started_in: PathBuf,
}

impl Today {
    /// Of a scenario of a run: where its file still lies where it was, the folder in which the run was started follows
    /// from its name; elsewhere names are taken from the folder of this command.
    #[must_use]
    pub fn of(input: &Input, scenario_files: &str) -> Self {
        let own: Vec<PathBuf> = scenario_files.split('+').map(PathBuf::from).collect();
        let folder = |file: &PathBuf| {
            let name = named(file, input.files.keys()).filter(|name| !parts(Path::new(name)).0)?;
            let n = parts(Path::new(&name)).1.len();
            file.is_file().then(|| file.ancestors().nth(n).map(Path::to_owned)).flatten()
        };
        let started_in = own.iter().find_map(folder).unwrap_or_default();
        Self { own, started_in }
    }

    /// The path of a file of today by the name under which a run read it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.started_in.join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[(&str, &str)]) -> Texts {
        files.iter().map(|(name, text)| ((*name).to_owned(), Arc::from(text.as_bytes()))).collect()
    }

    fn of_one(files: &[(&str, &str)]) -> Vec<String> {
        stored(&[&texts(files)]).remove(0).into_values().collect()
    }

    #[test]
    fn exact_files_keep_their_place_beside_each_other_and_nothing_of_the_machine() {
        let scenarios = [("scenarios/a.toml", "1"), ("scenarios/places/p/place.toml", "2")];
        assert_eq!(of_one(&scenarios), ["inputs/a.toml", "inputs/places/p/place.toml"]);
        let absolute = [("/data/x/a.toml", "1"), ("/data/x/policies/b.toml", "2")];
        assert_eq!(of_one(&absolute), ["inputs/a.toml", "inputs/policies/b.toml"]);
        // A base above the folder of the command: what is called `..` has no name.
        let above = [("../lib/base.toml", "1"), ("./own/a.toml", "2")];
        assert_eq!(of_one(&above), ["inputs/lib/base.toml", "inputs/above/own/a.toml"]);
        let mixed = [("/data/lib/base.toml", "1"), ("own/a.toml", "2")];
        assert_eq!(of_one(&mixed), ["inputs/elsewhere/base.toml", "inputs/a.toml"]);
        assert_eq!(of_one(&[("a.toml", "1")]), ["inputs/a.toml"]);
    }

    #[test]
    fn exact_two_files_of_one_name_are_both_kept() {
        let (one, two) =
            (texts(&[("s/a.toml", "1"), ("s/p.toml", "x")]), texts(&[("s/a.toml", "2"), ("s/p.toml", "x")]));
        let both = stored(&[&one, &two]);
        assert_eq!(both[0]["s/a.toml"], "inputs/a.toml");
        assert_eq!(both[1]["s/a.toml"], "inputs/a-2.toml");
        assert_eq!(both[0]["s/p.toml"], both[1]["s/p.toml"]);
        let deltas = texts(&[("s/x/a.toml", "1"), ("s/y/a.toml", "2")]);
        assert_eq!(
            stored(&[&deltas])[0].values().collect::<Vec<_>>(),
            ["inputs/x/a.toml", "inputs/y/a.toml"]
        );
    }
}
