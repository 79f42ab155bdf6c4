//! Where a run folder may be: looked at before anything is simulated.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{Unfit, WriteError};
use crate::file;

/// A path without links and detours, so that names beside it are beside the folder itself: `run/../run` is `run`. What
/// is not there yet is taken as written.
///
/// # Errors
/// What can be no folder that another one takes the place of.
pub(super) fn resolved(named: &Path) -> Result<PathBuf, WriteError> {
    let unfit = |why: Unfit| WriteError::Unfit { path: named.to_owned(), why };
    if named.as_os_str().is_empty() {
        return Err(unfit(Unfit::Empty));
    }
    let whole = without_detours(named)?;
    let here = fs::canonicalize(".").map_err(WriteError::at(Path::new(".")))?;
    if whole == here {
        return Err(unfit(Unfit::Here));
    }
    if here.starts_with(&whole) {
        return Err(unfit(Unfit::Above));
    }
    if whole.is_dir() && file::is_mount_point(&whole) {
        return Err(unfit(Unfit::Mounted));
    }
    Ok(whole)
}

fn without_detours(named: &Path) -> Result<PathBuf, WriteError> {
    let parts = std::path::absolute(named).map_err(WriteError::at(named))?;
    if let Ok(there) = fs::canonicalize(&parts) {
        return Ok(there);
    }
    let mut whole = PathBuf::new();
    for part in parts.components() {
        match part {
            Component::ParentDir => drop(whole.pop()),
            Component::CurDir => {}
            _ => whole.push(part),
        }
        // Step by step, because `link/..` is the folder above that to which the link leads.
        match fs::canonicalize(&whole) {
            Ok(there) => whole = there,
            Err(_) if fs::symlink_metadata(&whole).is_ok_and(|kind| kind.is_symlink()) => {
                return Err(WriteError::Unfit { path: whole, why: Unfit::Dangling });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
                let path = whole.parent().map_or_else(|| whole.clone(), Path::to_owned);
                return Err(WriteError::Unfit { path, why: Unfit::File });
            }
            // It is made when the run is written.
            Err(_) => {}
        }
    }
    Ok(whole)
}
