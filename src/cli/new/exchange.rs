//! Files that take the place of others in a folder that is there: all of them or none.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Where the files that were replaced stand until all are in place, below the folder of the new ones.
const BEFORE: &str = ".before";

/// Why not all files could be put in place.
#[derive(Debug)]
pub struct NotPlaced {
    /// The file.
    pub path: PathBuf,
    /// What the system says.
    pub cause: Error,
    /// Whether the folder is as it was; else what was replaced stands below the folder of the new files.
    pub is_undone: bool,
}

/// What was done so far, to be taken back.
#[derive(Debug, Default)]
struct Done {
    /// From where to where something was moved, in order.
    moved: Vec<(PathBuf, PathBuf)>,
    /// Folders that were made, the outer ones first.
    made: Vec<PathBuf>,
}

impl Done {
    fn moves(&mut self, from: PathBuf, to: PathBuf) -> Result<(), (PathBuf, Error)> {
        std::fs::rename(&from, &to).map_err(|cause| (to.clone(), cause))?;
        self.moved.push((from, to));
        Ok(())
    }

    fn makes(&mut self, folder: &Path) -> Result<(), (PathBuf, Error)> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|one| !one.exists()).collect();
        for one in missing.into_iter().rev().filter(|one| !one.as_os_str().is_empty()) {
            std::fs::create_dir(one).map_err(|cause| (one.to_owned(), cause))?;
            self.made.push(one.to_owned());
        }
        Ok(())
    }

    /// Takes everything back, the last first; whether that could be done.
    fn undo(&self) -> bool {
        // One that stays behind keeps no other from going back.
        let stays = |(from, to): &&(PathBuf, PathBuf)| std::fs::rename(to, from).is_err();
        let moved = self.moved.iter().rev().filter(stays).count();
        moved + self.made.iter().rev().filter(|folder| std::fs::remove_dir(folder).is_err()).count() == 0
    }
}

/// Moves files, by their names below both, from one folder into another; what has their names there goes under
/// [`BEFORE`] in the first. Where one cannot be moved all are taken back.
pub fn all(from: &Path, to: &Path, names: &[&str]) -> Result<(), NotPlaced> {
    let mut done = Done::default();
    let placed = names.iter().try_for_each(|name| one(&mut done, (from, to), name));
    placed.map_err(|(path, cause)| NotPlaced { path, cause, is_undone: done.undo() })
}

fn one(done: &mut Done, (from, to): (&Path, &Path), name: &str) -> Result<(), (PathBuf, Error)> {
    let target = to.join(name);
    match std::fs::symlink_metadata(&target) {
        Ok(known) if known.is_dir() => return Err((target, Error::from(ErrorKind::IsADirectory))),
        Ok(_) => {
            let kept = from.join(BEFORE).join(name);
            let above = kept.parent().unwrap_or(from);
            std::fs::create_dir_all(above).map_err(|cause| (above.to_owned(), cause))?;
            done.moves(target.clone(), kept)?;
        }
        Err(_) => done.makes(target.parent().unwrap_or(to))?,
    }
    done.moves(from.join(name), target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_a_file_that_cannot_be_placed_takes_back_those_that_were() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("new"), folder.path().join("old"));
        for (at, text) in
            [("new/a", "2"), ("new/deep/b", "2"), ("new/c", "2"), ("old/a", "1"), ("old/c/mine", "1")]
        {
            std::fs::create_dir_all(folder.path().join(at).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(at), text).unwrap();
        }
        let failed = all(&from, &to, &["a", "deep/b", "c"]).unwrap_err();
        assert_eq!((failed.path, failed.is_undone), (to.join("c"), true));
        assert_eq!(std::fs::read_to_string(to.join("a")).unwrap(), "1");
        assert!(!to.join("deep").exists());
        std::fs::remove_dir_all(to.join("c")).unwrap();
        all(&from, &to, &["a", "deep/b", "c"]).unwrap();
        for name in ["a", "deep/b", "c"] {
            assert_eq!(std::fs::read_to_string(to.join(name)).unwrap(), "2", "{name}");
        }
    }
}
