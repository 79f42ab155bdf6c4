//! What is being written, for whoever ends the program before its end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The folder and the lock of a run that is not in its place yet, and where the last one was put.
#[derive(Debug, Default)]
pub(super) struct Underway {
    partial: Option<PathBuf>,
    lock: Option<PathBuf>,
    placed: Option<PathBuf>,
}

static UNDERWAY: Mutex<Underway> = Mutex::new(Underway { partial: None, lock: None, placed: None });

/// While it is held no folder is put into its place, and none is abandoned.
pub(super) fn underway() -> MutexGuard<'static, Underway> {
    // Nothing that is done while it is held can leave it half done.
    UNDERWAY.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Underway {
    pub(super) fn begins(&mut self, partial: &Path, lock: &Path) {
        self.partial = Some(partial.to_owned());
        self.lock = Some(lock.to_owned());
    }

    pub(super) fn is_placed(&mut self, named: &Path) {
        self.placed = Some(named.to_owned());
    }

    pub(super) fn ends(&mut self) {
        (self.partial, self.lock) = (None, None);
    }
}

/// Removes what is half written, and keeps this program from putting anything into its place from now on: to be called
/// right before it ends. Returns the folder, where one was put into its place already.
pub fn abandon() -> Option<PathBuf> {
    let mut underway = underway();
    let placed = underway.placed.take();
    if let Some(partial) = underway.partial.take() {
        // Whoever writes there may add a file in the same moment. What is left is removed by the next run.
        for _ in 0..3 {
            let _ = fs::remove_dir_all(&partial);
        }
    }
    underway.lock.take().map(fs::remove_file);
    std::mem::forget(underway);
    placed
}
