//! The lock of a run folder: who holds it may write there.
//!
//! It is an empty file beside the folder that is removed at the end. Nothing that somebody else has under its name is
//! opened, emptied or removed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{WriteError, beside};
use crate::file;

/// Held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: Option<File>,
}

/// How often a lock is tried that whoever held it took away in the same moment.
const MOST_TRIES: usize = 1000;

impl Lock {
    /// Takes the lock of a target; a system without file locks goes without.
    pub(super) fn take(target: &Path) -> Result<Self, WriteError> {
        let path = beside(target, "lock");
        for _ in 0..MOST_TRIES {
            refuse_others(&path)?;
            let mut how = File::options();
            how.read(true).write(true).create(true).truncate(false);
            let file = how.open(&path).map_err(WriteError::at(&path))?;
            match file.try_lock() {
                Err(fs::TryLockError::WouldBlock) => return Err(WriteError::Busy(target.to_owned())),
                Err(fs::TryLockError::Error(_)) => return Ok(Self { path, file: Some(file) }),
                Ok(()) => {}
            }
            // Whoever held it before may have removed it after it was opened here: the next one would lock a new file.
            let known = file.metadata().map_err(WriteError::at(&path))?;
            if fs::symlink_metadata(&path).is_ok_and(|there| file::is_same(&there, &known)) {
                return Ok(Self { path, file: Some(file) });
            }
        }
        Err(WriteError::Busy(target.to_owned()))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is held, so that nobody else holds what is removed. Where this cannot be told of a file, it stays.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
        drop(self.file.take());
    }
}

/// What has the name of the lock and is none: a link, a pipe, a folder, a file with content.
fn refuse_others(path: &Path) -> Result<(), WriteError> {
    match fs::symlink_metadata(path) {
        Ok(known) if known.is_file() && known.len() == 0 => Ok(()),
        Ok(_) => Err(WriteError::NoLock(path.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(WriteError::at(path)(error)),
    }
}
