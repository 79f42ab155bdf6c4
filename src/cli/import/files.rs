//! The files of an import: new ones beside the old, all put in place or none.

use std::path::{Path, PathBuf};

use super::super::Stop;
use crate::file;
use crate::lang::Lang;
use crate::lang::Words;
use crate::report::write::not_written;

/// What is added to the name of a file while the others are not written yet.
const UNFINISHED: &str = ".import-unfinished";

/// A file that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub before: String,
    /// What it becomes.
    pub after: String,
}

/// Which table a preview is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The register.
    Register,
    /// The table of the fund.
    Fund,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Fund => "fund",
        }
    }
}

/// Writes the files and what was understood of the tables; gives what is there now that was not before.
///
/// Everything is on the disk under other names before the first file gets its own. A file that cannot be put in place
/// takes those back that were.
pub fn write(changes: &[Change], previews: &[(Kind, String)]) -> Result<Vec<PathBuf>, Stop> {
    let folder = changes[0].path.parent().unwrap_or_else(|| Path::new("")).to_owned();
    for change in changes {
        unchanged(change)?;
        let left = unfinished(&change.path);
        if std::fs::symlink_metadata(&left).is_ok() {
            let left = left.display();
            return Err(Stop::BadInput(Words::new(
                format!("{left} 已存在，可能是上次中断的导入留下的；请先移走，未写入任何文件"),
                format!(
                    "{left} is already there, perhaps left by an interrupted import: move it first; nothing was written"
                ),
            )));
        }
    }
    let number = free_number(&folder, changes, previews);
    let kept = changes.iter().map(|change| (kept_as(&change.path, number), change.before.as_str()));
    let understood = previews
        .iter()
        .map(|(kind, text)| (folder.join(format!("import-{number}-{}.csv", kind.name())), text.as_str()));
    let beside: Vec<(PathBuf, &str)> = kept.chain(understood).collect();
    let new = changes.iter().map(|change| (unfinished(&change.path), change.after.as_str()));
    let all: Vec<(PathBuf, &str)> = beside.iter().cloned().chain(new).collect();
    for (at, (path, text)) in all.iter().enumerate() {
        if let Err(error) = file::write_new(path, text.as_bytes()) {
            all[..at].iter().for_each(|(path, _)| drop(std::fs::remove_file(path)));
            return Err(match error.kind() {
                std::io::ErrorKind::AlreadyExists => at_once(path),
                _ => failed(path, &error),
            });
        }
    }
    if let Err(stop) = put_in_place(changes) {
        all.iter().for_each(|(path, _)| drop(std::fs::remove_file(path)));
        return Err(stop);
    }
    file::sync_folder(&folder).map_err(|error| failed(&folder, &error))?;
    Ok(beside.into_iter().map(|(path, _)| path).collect())
}

/// A file that was not there a moment ago: another import is at work.
fn at_once(path: &Path) -> Stop {
    let at = path.display();
    Stop::BadInput(Words::new(
        format!("另一次导入正在改写同一地区（{at} 刚刚出现）；没有导入任何内容，请等它结束再试"),
        format!(
            "another import is changing the same place ({at} has just appeared); nothing was imported: wait for it and try again"
        ),
    ))
}

/// Gives each new file its name; takes those back that have it where another cannot get it.
fn put_in_place(changes: &[Change]) -> Result<(), Stop> {
    for (number, change) in changes.iter().enumerate() {
        if let Err(error) = std::fs::rename(unfinished(&change.path), &change.path) {
            for done in &changes[..number] {
                file::write(&done.path, done.before.as_bytes())
                    .map_err(|error| failed(&done.path, &error))?;
            }
            return Err(failed(&change.path, &error));
        }
    }
    Ok(())
}

/// Refuses a file that somebody changed while the import was worked out, or that is a link to another.
fn unchanged(change: &Change) -> Result<(), Stop> {
    let now = file::read(&change.path, file::MOST_OF_A_SCENARIO).map_err(|error| {
        let at = change.path.display();
        Stop::Failed(Words::new(
            format!("{at}：文件读取不到（{}）；未写入任何文件", error.text(Lang::Zh)),
            format!("{at} cannot be read: {}; nothing was written", error.text(Lang::En)),
        ))
    })?;
    let is_link = std::fs::symlink_metadata(&change.path).is_ok_and(|known| known.is_symlink());
    if now != change.before.as_bytes() || is_link {
        let at = change.path.display();
        return Err(Stop::BadInput(if is_link {
            Words::new(
                format!("{at} 是指向其他文件的链接；未写入任何文件"),
                format!("{at} is a link to another file; nothing was written"),
            )
        } else {
            Words::new(
                format!("{at} 在导入期间被改动；未写入任何文件"),
                format!("{at} has changed meanwhile; nothing was written"),
            )
        }));
    }
    Ok(())
}

fn unfinished(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}{UNFINISHED}", path.display()))
}

/// Under which name a file stays as it was: `place.before-import-1.toml`.
fn kept_as(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.before-import-{number}.{ending}"))
}

/// The first number under which no import has kept anything.
fn free_number(folder: &Path, changes: &[Change], previews: &[(Kind, String)]) -> u32 {
    let is_free = |number: &u32| {
        let kept = changes.iter().map(|change| kept_as(&change.path, *number));
        let understood =
            previews.iter().map(|(kind, _)| folder.join(format!("import-{number}-{}.csv", kind.name())));
        kept.chain(understood).all(|path| std::fs::symlink_metadata(path).is_err())
    };
    (1..).find(is_free).unwrap_or(u32::MAX)
}

fn failed(path: &Path, error: &std::io::Error) -> Stop {
    let why = not_written(path, error);
    Stop::Failed(Words::new(
        format!("{}；没有导入任何内容", why.zh),
        format!("{}; nothing was imported", why.en),
    ))
}
