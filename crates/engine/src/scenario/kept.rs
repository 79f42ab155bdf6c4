//! The texts that a scenario was read from, and the scenario read from them again: the files may have changed since, lie
//! elsewhere or be gone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fault::Faults;
use super::load::{Files, Reader, Setting};
use super::{Scenario, resolve};
use crate::file;
use crate::lang::Words;

/// The bytes of files, by the name under which each was read.
pub type Texts = BTreeMap<String, Arc<[u8]>>;

/// The files of a scenario as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The scenario file, or the deltas that are laid over each other, as they were named.
    pub own: Vec<String>,
    /// Every file that was read, those of `own` among them.
    pub texts: Texts,
}

/// Reads, checks and resolves a scenario from kept texts: a file that is not among them is not there, whatever lies on
/// the disk. The names of all files are those of the first reading.
///
/// # Errors
/// As of [`super::load()`].
pub fn load(kept: &Kept, settings: &[Setting]) -> Result<Scenario, Faults> {
    let paths: Vec<PathBuf> = kept.own.iter().map(PathBuf::from).collect();
    resolve(files(&paths, Reader::of_kept(kept.texts.clone()), settings)?)
}

/// What a reader makes of scenario files.
pub(super) fn files(paths: &[PathBuf], mut reader: Reader, settings: &[Setting]) -> Result<Files, Faults> {
    let files = reader.scenario(paths, settings);
    let faults = std::mem::take(&mut reader.faults);
    let notices = faults.finish()?;
    let Some(mut files) = files else {
        let mut faults = Faults::default();
        let all: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        faults.file(&all.join("+"), Words::new("无法读取", "cannot be read"));
        return Err(faults);
    };
    files.hashes = reader.read.iter().map(|(name, bytes)| (name.clone(), hash(bytes))).collect();
    files.read = reader.read;
    files.notices = notices;
    files.overwritten = reader.overwritten;
    Ok(files)
}

/// BLAKE3 of a file's content.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

impl Scenario {
    /// The texts of all files that it was read from.
    #[must_use]
    pub fn kept(&self) -> Kept {
        Kept { own: self.files.own.clone(), texts: self.files.read.clone() }
    }
}

impl Reader {
    /// A reader that knows these files and no other.
    fn of_kept(texts: Texts) -> Self {
        Self { kept: Some(texts), ..Self::default() }
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, path: &Path) -> Result<Arc<[u8]>, file::Unreadable> {
        match &self.kept {
            None => file::read(path, file::MOST_OF_A_SCENARIO).map(Arc::from),
            Some(texts) => {
                let bytes = texts.get(&path.display().to_string()).cloned();
                bytes.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound).into())
            }
        }
    }

    /// Whether there is a file, or something that is told of where it is read.
    pub(super) fn is_there(&self, path: &Path) -> bool {
        match &self.kept {
            None => path.exists() && !path.is_dir(),
            Some(texts) => texts.contains_key(&path.display().to_string()),
        }
    }

    /// Whether two paths lead to one file; of kept texts, whether they say the same.
    pub(super) fn is_same(&self, one: &Path, other: &Path) -> bool {
        match &self.kept {
            None => super::find::real(one) == super::find::real(other),
            Some(texts) => {
                one == other || {
                    let text = |path: &Path| texts.get(&path.display().to_string());
                    text(one).is_some() && text(one) == text(other)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scenario read from its kept texts is the same in every respect, with names of files that are not there.
    #[test]
    fn exact_a_scenario_is_read_again_from_its_texts() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/");
        let root = format!("{}/", super::super::find::real(Path::new(root)).display());
        let set = Setting { path: "policy.assistance.class1.ratio".to_owned(), value: "0.8".to_owned() };
        let settings = [set];
        let path = format!("{root}fangchenggang-subsidy-held.toml");
        let read = super::super::load(Path::new(&path), &settings).unwrap();
        let mut kept = read.kept();
        let again = load(&kept, &settings).unwrap();
        assert_eq!(again.content_hash(), read.content_hash());
        assert_eq!((&again.id, &again.hashes), (&read.id, &read.hashes));
        assert_eq!(again.kept(), kept);
        // Under names that lead nowhere the same content comes out: nothing is read from the disk.
        let moved = |name: &String| name.replace(&root, "/nowhere/");
        kept.own = kept.own.iter().map(moved).collect();
        kept.texts = kept.texts.iter().map(|(name, bytes)| (moved(name), bytes.clone())).collect();
        assert_eq!(load(&kept, &settings).unwrap().content_hash(), read.content_hash());
        let base = kept.texts.keys().find(|name| name.ends_with("/fangchenggang.toml")).unwrap().clone();
        kept.texts.remove(&base);
        let faults = load(&kept, &settings).unwrap_err().to_string();
        assert!(faults.contains("there is no file /nowhere/fangchenggang.toml"), "{faults}");
    }
}
