//! A run folder is written completely or not at all.
//!
//! Everything goes into a hidden folder beside the target, which is renamed once all files are there. What a crash
//! leaves behind is put in order by the next run to the same target. A folder of another scenario, or one that no
//! run wrote, is never replaced; of a run's own folder only the files that the run wrote are, and only as it wrote
//! them: what somebody else put there is carried over, what somebody changed is not touched.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use super::record::{self, Held, Owner};
use crate::file;
use lock::Lock;
use place::resolved;
use underway::underway;

mod error;
mod lock;
mod place;
mod reopen;
mod underway;

pub use error::{Unfit, WriteError, not_written, reason};
pub use underway::abandon;

/// Whether an earlier run of the same scenario may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// It may not: the default.
    Refuse,
    /// It may: `--force`.
    SameScenario,
}

/// A run folder that is being written; dropped before [`RunFolder::finish`], it leaves nothing.
#[derive(Debug)]
pub struct RunFolder {
    /// The folder as it was named.
    named: PathBuf,
    /// The same without links and detours.
    target: PathBuf,
    partial: PathBuf,
    /// Held until the end: what other partial folders there are, a crash left.
    _lock: Lock,
}

impl RunFolder {
    /// Begins a folder for a scenario's run; to be called before the simulation, so that a refusal costs nothing.
    ///
    /// # Errors
    /// A target that must not be replaced, another run to it, or what the system says.
    pub fn begin(named: &Path, owner: &Owner, replace: Replace) -> Result<Self, WriteError> {
        let target = resolved(named)?;
        let parent = parent_of(&target);
        fs::create_dir_all(&parent).map_err(WriteError::at(&parent))?;
        let folder = Self::locked(named, target)?;
        folder.tidy()?;
        folder.may_replace(owner, replace)?;
        fs::create_dir(&folder.partial).map_err(WriteError::at(&folder.partial))?;
        Ok(folder)
    }

    fn locked(named: &Path, target: PathBuf) -> Result<Self, WriteError> {
        let lock = Lock::take(&target)?;
        let partial = beside(&target, &format!("partial-{}", std::process::id()));
        underway().begins(&partial, &beside(&target, "lock"));
        Ok(Self { named: named.to_owned(), target, partial, _lock: lock })
    }

    /// Where the folder will be.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The path of a file or folder while it is being written.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// Creates a file; `charts/fan.svg` creates the folder too.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(&self, name: &str) -> Result<BufWriter<File>, WriteError> {
        let path = self.path(name);
        let parent = parent_of(&path);
        fs::create_dir_all(&parent).map_err(WriteError::at(&parent))?;
        Ok(BufWriter::new(File::create(&path).map_err(WriteError::at(&path))?))
    }

    /// Writes a file by a function.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(
        &self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
    ) -> Result<(), WriteError> {
        let mut file = self.create(name)?;
        let path = self.path(name);
        fill(&mut file).and_then(|()| file.flush()).map_err(WriteError::at(&path))
    }

    /// The files written so far, by name with `/`, in order, each with its BLAKE3 hash.
    ///
    /// # Errors
    /// What the system says.
    pub fn hashes(&self) -> Result<Vec<(String, String)>, WriteError> {
        let mut found = Vec::new();
        for name in entries(&self.partial)? {
            let path = self.partial.join(&name);
            found.push((name, hash(&path).map_err(WriteError::at(&path))?));
        }
        Ok(found)
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// What the system says; the target is then as it was.
    pub fn finish(self) -> Result<PathBuf, WriteError> {
        self.sync(&entries(&self.partial)?)?;
        if self.target.exists() {
            self.carry_over()?;
        }
        self.put_in_place()
    }

    /// Makes sure that files are on the disk before the folder is put into its place: after a power cut there is the
    /// old run or the new one, never names without content.
    fn sync(&self, names: &[String]) -> Result<(), WriteError> {
        for path in names.iter().map(|name| self.partial.join(name)) {
            file::sync(&path).map_err(WriteError::at(&path))?;
        }
        Ok(())
    }

    fn put_in_place(self) -> Result<PathBuf, WriteError> {
        for folder in folders(&self.partial)? {
            file::sync_folder(&folder).map_err(WriteError::at(&folder))?;
        }
        let mut underway = underway();
        let old = beside(&self.target, &format!("old-{}", std::process::id()));
        let had_one = self.target.exists();
        if had_one {
            fs::rename(&self.target, &old).map_err(WriteError::at(&self.target))?;
        }
        if let Err(cause) = fs::rename(&self.partial, &self.target) {
            if had_one {
                fs::rename(&old, &self.target).map_err(WriteError::at(&self.target))?;
            }
            return Err(WriteError::System { path: self.target.clone(), cause });
        }
        underway.is_placed(&self.named);
        // Dropping what follows asks for it too.
        drop(underway);
        let parent = parent_of(&self.target);
        file::sync_folder(&parent).map_err(WriteError::at(&parent))?;
        // The new run is in place: what is left of the old one is no failure, the next run tidies up.
        let _ = fs::remove_dir_all(&old);
        Ok(self.named.clone())
    }

    fn may_replace(&self, owner: &Owner, replace: Replace) -> Result<(), WriteError> {
        if !self.target.exists() || is_empty(&self.target) {
            return Ok(());
        }
        let path = self.named.clone();
        let Some(Held { owner: before, .. }) = record::held(&self.target) else {
            return Err(WriteError::NotARun { path });
        };
        if !before.is(owner) {
            let same_name = before.scenario == owner.scenario;
            let from = if same_name { before.scenario_files } else { Vec::new() };
            return Err(WriteError::OtherScenario { path, other: before.scenario, from });
        }
        match replace {
            Replace::Refuse => Err(WriteError::Exists(path)),
            Replace::SameScenario => others_in(&self.target).map(drop),
        }
    }

    /// Puts what the earlier run did not write into the new folder as well, before anything is replaced.
    fn carry_over(&self) -> Result<(), WriteError> {
        for name in others_in(&self.target)? {
            if fs::symlink_metadata(self.partial.join(&name)).is_ok() {
                return Err(WriteError::Changed { path: self.target.clone(), files: vec![name] });
            }
            self.bring(&name)?;
        }
        Ok(())
    }

    /// Puts in order what a crash left: a replaced run whose successor never came goes back, the rest is removed.
    fn tidy(&self) -> Result<(), WriteError> {
        let parent = parent_of(&self.target);
        let (partial, old) = (prefix(&self.target, "partial-"), prefix(&self.target, "old-"));
        for entry in fs::read_dir(&parent).map_err(WriteError::at(&parent))? {
            let path = entry.map_err(WriteError::at(&parent))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if is_numbered(&name, &old) && !self.target.exists() {
                fs::rename(&path, &self.target).map_err(WriteError::at(&path))?;
            } else if is_numbered(&name, &old) || is_numbered(&name, &partial) {
                fs::remove_dir_all(&path).map_err(WriteError::at(&path))?;
            }
        }
        Ok(())
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // Nothing can be done about a failure here: the next run tidies up.
        let _ = fs::remove_dir_all(&self.partial);
        underway().ends();
    }
}

/// What stands in a run's folder that the run did not write.
///
/// # Errors
/// Files of the run that are no longer as it wrote them: they are somebody's work now, and would be lost.
fn others_in(target: &Path) -> Result<Vec<String>, WriteError> {
    let files = record::held(target).map_or_else(Default::default, |held: Held| held.files);
    let (mut others, mut changed) = (Vec::new(), Vec::new());
    for name in entries(target)?.into_iter().filter(|name| name != record::FILE) {
        let path = target.join(&name);
        match files.get(&name) {
            None => others.push(name),
            Some(known) => match hash(&path) {
                Ok(now) if now == *known => {}
                _ => changed.push(name),
            },
        }
    }
    if changed.is_empty() {
        Ok(others)
    } else {
        Err(WriteError::Changed { path: target.to_owned(), files: changed })
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn prefix(target: &Path, kind: &str) -> String {
    format!(".{}.{kind}", target.file_name().unwrap_or_default().to_string_lossy())
}

fn beside(target: &Path, kind: &str) -> PathBuf {
    parent_of(target).join(prefix(target, kind))
}

/// Whether a name is a prefix followed by a process number.
fn is_numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// The files and links below a folder and the empty folders, by name with `/`, in order. Links are not followed.
pub(super) fn entries(folder: &Path) -> Result<Vec<String>, WriteError> {
    let mut found = Vec::new();
    collect(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<(), WriteError> {
    for entry in fs::read_dir(folder).map_err(WriteError::at(folder))? {
        let entry = entry.map_err(WriteError::at(folder))?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let is_folder = entry.file_type().map_err(WriteError::at(&path))?.is_dir();
        if is_folder && !is_empty(&path) {
            collect(&path, &format!("{name}/"), found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}

/// A folder and all folders below it, the inner ones first. Links are not followed.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(WriteError::at(folder))? {
        let entry = entry.map_err(WriteError::at(folder))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(folders(&entry.path())?);
        }
    }
    found.push(folder.to_owned());
    Ok(found)
}

/// BLAKE3 of a file.
pub(super) fn hash(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Whether the name of a file of a run stays inside of its folder.
pub(super) fn is_inside(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
