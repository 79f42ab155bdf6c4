//! The one way to read a file from outside, and the ways to make sure of what was written.
//!
//! Only regular files are read: a pipe or a device may never end. Each kind of input has a size beyond which it is
//! refused, so that a wrong file costs a message, not all memory.

use std::fs::{File, Metadata};
use std::io::{Read, Write};
use std::path::Path;

use crate::lang::Lang;

/// The largest scenario, policy, place or model file, and table beside a place, in bytes.
pub const MOST_OF_A_SCENARIO: u64 = 64 << 20;

/// The largest register of persons, in bytes: workbooks are packed.
pub const MOST_OF_A_REGISTER: u64 = 64 << 20;

/// The largest file of a finished run that is read as a whole, in bytes.
pub const MOST_OF_A_RUN: u64 = 1 << 30;

/// Why a file is not read.
#[derive(Debug)]
pub enum Unreadable {
    /// It is a folder, a pipe, a device …
    NoFile(Thing),
    /// It is larger than files of the kind may be, in bytes.
    TooLarge(u64),
    /// What the system says.
    System(std::io::Error),
}

/// What stands in the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A folder.
    Folder,
    /// A pipe, also one of a shell, as in `<(…)`.
    Pipe,
    /// Anything else: a device, a socket.
    Device,
}

impl From<std::io::Error> for Unreadable {
    fn from(error: std::io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Unreadable> for std::io::Error {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::System(error) => error,
            other => Self::other(other.text(Lang::En)),
        }
    }
}

impl Unreadable {
    /// The cause in plain words, to stand after "cannot be read:".
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let text = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            Self::NoFile(Thing::Folder) => text("这是文件夹，不是文件", "it is a folder, not a file"),
            Self::NoFile(Thing::Pipe) => text(
                "这是管道，不是文件；请先存为文件",
                "it is a pipe, not a file: save what it gives as a file first",
            ),
            Self::NoFile(Thing::Device) => text("这是设备，不是文件", "it is a device, not a file"),
            Self::TooLarge(most) => {
                let most = most >> 20;
                match lang {
                    Lang::Zh => format!("文件太大：最多{most} MiB"),
                    Lang::En => format!("it is too large: at most {most} MiB"),
                }
            }
            Self::System(error) => reason(error, lang),
        }
    }
}

/// What the system says, in plain words where they are known.
#[must_use]
pub fn reason(error: &std::io::Error, lang: Lang) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => lang.pick("没有这个文件", "there is no such file").to_owned(),
        std::io::ErrorKind::PermissionDenied => lang.pick("没有读取权限", "permission is denied").to_owned(),
        _ => error.to_string(),
    }
}

/// What a thing is that is no regular file.
fn thing(known: &Metadata) -> Option<Thing> {
    if known.is_file() {
        return None;
    }
    Some(if known.is_dir() {
        Thing::Folder
    } else if is_pipe(known) {
        Thing::Pipe
    } else {
        Thing::Device
    })
}

#[cfg(unix)]
fn is_pipe(known: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&known.file_type())
}

#[cfg(not(unix))]
const fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Opens a regular file to be read; to open a pipe would already wait for whoever writes to it.
///
/// # Errors
/// What is no regular file, or what the system says.
pub fn open(path: &Path) -> Result<File, Unreadable> {
    let refused = |known: &Metadata| thing(known).map_or(Ok(()), |thing| Err(Unreadable::NoFile(thing)));
    refused(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    refused(&file.metadata()?)?;
    Ok(file)
}

/// Reads a regular file whole, up to a size.
///
/// # Errors
/// What is no regular file, a larger one, or what the system says.
pub fn read(path: &Path, most_bytes: u64) -> Result<Vec<u8>, Unreadable> {
    let file = open(path)?;
    let size = file.metadata()?.len();
    if size > most_bytes {
        return Err(Unreadable::TooLarge(most_bytes));
    }
    // A file may grow while it is read, and some files of the system have no size.
    read_up_to(file, most_bytes)
}

/// Reads what has no size, such as standard input, up to one.
///
/// # Errors
/// What is larger, or what the system says.
pub fn read_up_to(from: impl Read, most_bytes: u64) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    from.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most_bytes { Err(Unreadable::TooLarge(most_bytes)) } else { Ok(bytes) }
}

/// Reads a regular file of UTF-8 text, up to a size.
///
/// # Errors
/// As [`read`], and what is no UTF-8.
pub fn read_text(path: &Path, most_bytes: u64) -> Result<String, Unreadable> {
    String::from_utf8(read(path, most_bytes)?)
        .map_err(|error| Unreadable::System(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))
}

thread_local! {
    /// Whether a panic of this thread is awaited.
    static AWAITED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// What a library makes of bytes from outside; `None` where it panics. Libraries that read packed formats may do so on a
/// file that is damaged: for a user it cannot be read, and nothing else is said of it.
pub fn undisturbed<T>(read: impl FnOnce() -> T) -> Option<T> {
    static SILENT: std::sync::Once = std::sync::Once::new();
    SILENT.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |what| {
            if !AWAITED.get() {
                usual(what);
            }
        }));
    });
    let before = AWAITED.replace(true);
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).ok();
    AWAITED.set(before);
    done
}

/// Whether two are one file of the system; where it gives files no numbers, yes.
#[must_use]
pub fn is_same(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    }
    #[cfg(not(unix))]
    {
        one.is_file() == other.is_file()
    }
}

/// Whether a folder is where another file system is mounted: it cannot be replaced by another folder.
#[must_use]
pub fn is_mount_point(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| std::fs::metadata(path).map(|known| known.dev()).ok();
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.is_some_and(|parent| device(parent) != device(folder))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

/// Writes a new file, and makes sure that it is on the disk.
///
/// # Errors
/// What is there already, or what the system says; nothing is left then.
pub fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// Writes a file whole or not at all, in the place of one that may be there. What has its name is not written into: the
/// file that a link leads to stays as it is, and a pipe is not waited for.
///
/// # Errors
/// What the system says; what was there is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.part-{}", std::process::id()));
    write_new(&part, bytes)?;
    let placed = match std::fs::symlink_metadata(path) {
        Ok(there) if thing(&there).is_some() && !there.is_symlink() => {
            Err(std::io::Error::other("what is there is no file, and is not replaced"))
        }
        _ => std::fs::rename(&part, path),
    };
    if placed.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    placed
}

/// Makes sure that what was written to a file is on the disk, so that a power cut after this takes nothing of it.
///
/// # Errors
/// What the system says: a disk may be full only now.
pub fn sync(path: &Path) -> std::io::Result<()> {
    let mut how = File::options();
    // Windows asks for the right to write; elsewhere that to read is enough.
    how.read(true).write(cfg!(windows));
    how.open(path)?.sync_all()
}

/// Makes sure that the names in a folder are on the disk.
///
/// # Errors
/// What the system says. Systems and disks that cannot do this for folders are let be.
pub fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let folder = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    match File::open(folder)?.sync_all() {
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::InvalidInput | std::io::ErrorKind::Unsupported) =>
        {
            Ok(())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> String {
        read(path, 8).unwrap_err().text(Lang::En)
    }

    #[test]
    fn exact_only_regular_files_up_to_their_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("a");
        std::fs::write(&at, "12345678").unwrap();
        assert_eq!(read(&at, 8).unwrap(), b"12345678");
        std::fs::write(&at, "123456789").unwrap();
        assert_eq!(refused(&at), "it is too large: at most 0 MiB");
        assert_eq!(refused(folder.path()), "it is a folder, not a file");
        assert_eq!(refused(&folder.path().join("b")), "there is no such file");
        assert!(matches!(read_up_to(&b"123456789"[..], 8), Err(Unreadable::TooLarge(8))));
        std::fs::write(&at, b"\xff").unwrap();
        assert!(read_text(&at, 8).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn exact_what_never_ends_is_not_opened() {
        assert_eq!(refused(Path::new("/dev/zero")), "it is a device, not a file");
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(refused(&pipe).starts_with("it is a pipe"));
    }

    #[cfg(unix)]
    #[test]
    fn exact_what_is_written_goes_into_no_link_and_no_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("thesis"), "mine").unwrap();
        std::os::unix::fs::symlink(at("thesis"), at("link")).unwrap();
        write(&at("link"), b"new").unwrap();
        assert_eq!(std::fs::read(at("thesis")).unwrap(), b"mine");
        assert_eq!(std::fs::read(at("link")).unwrap(), b"new");
        assert!(write_new(&at("link"), b"x").is_err());
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        assert!(write(&at("pipe"), b"x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn exact_a_panic_of_a_library_is_no_answer() {
        assert_eq!(undisturbed(|| 3), Some(3));
        assert_eq!(undisturbed(|| undisturbed(|| [1, 2][std::hint::black_box(2)])), Some(None));
        assert_eq!(undisturbed(|| [1, 2][std::hint::black_box(2)]), None);
        assert!(!AWAITED.get());
    }

    #[test]
    fn exact_files_and_folders_are_put_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("a");
        std::fs::write(&at, "1").unwrap();
        sync(&at).unwrap();
        sync_folder(folder.path()).unwrap();
        assert!(sync(&folder.path().join("b")).is_err());
    }
}
