//! Why a run folder cannot be written, in Chinese and English.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::lang::{Lang, Words};
use crate::report::record;

/// Why a run folder cannot be written.
#[derive(Debug)]
pub enum WriteError {
    /// There is a run of the same scenario.
    Exists(PathBuf),
    /// There is a run of another scenario.
    OtherScenario {
        /// The folder.
        path: PathBuf,
        /// The scenario that it holds.
        other: String,
        /// Where that has the same name, the files that it was read from.
        from: Vec<String>,
    },
    /// There are documents of the run already.
    HasDocuments {
        /// The folder.
        path: PathBuf,
        /// The documents, by name.
        files: Vec<String>,
    },
    /// There are files under the names of documents that this program did not write.
    Foreign {
        /// The folder.
        path: PathBuf,
        /// The files, by name.
        files: Vec<String>,
    },
    /// Files of the earlier run are no longer as it wrote them.
    Changed {
        /// The folder.
        path: PathBuf,
        /// The files, by name.
        files: Vec<String>,
    },
    /// There is something that no run wrote.
    NotARun {
        /// The file or folder.
        path: PathBuf,
    },
    /// A folder that another one cannot take the place of.
    Unfit {
        /// The folder.
        path: PathBuf,
        /// What it is.
        why: Unfit,
    },
    /// Something else has the name of the lock.
    NoLock(PathBuf),
    /// Another process is writing to the same folder.
    Busy(PathBuf),
    /// The system refused.
    System {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
}

/// Why another folder cannot take the place of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// No name at all.
    Empty,
    /// The folder of the command.
    Here,
    /// One above it.
    Above,
    /// A mounted disk.
    Mounted,
    /// A link to nothing.
    Dangling,
    /// A file.
    File,
}

impl Unfit {
    fn words(self) -> Words {
        match self {
            Self::Empty => Words::new("没有写文件夹名", "is empty"),
            Self::Here => Words::new(
                "是运行命令所在的文件夹；结果会整个替换文件夹",
                "is the folder in which the command was started; results replace a folder as a whole",
            ),
            Self::Above => Words::new(
                "是运行命令所在文件夹的上级",
                "lies above the folder in which the command was started",
            ),
            Self::Mounted => Words::new(
                "是挂载的磁盘，不能整个替换；请写其中的文件夹",
                "is a mounted disk, which cannot be replaced as a whole; name a folder in it",
            ),
            Self::Dangling => Words::new("是指向不存在处的链接", "is a link that leads nowhere"),
            Self::File => Words::new("是文件，不是文件夹", "is a file, not a folder"),
        }
    }
}

impl WriteError {
    /// Names the path for what the system says.
    pub fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::System { path, cause }
    }

    /// What is said of it.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Exists(path) => exists(path),
            Self::OtherScenario { path, other, from } => other_scenario(path, other, from),
            Self::HasDocuments { path, files } => has_documents(path, files),
            Self::Foreign { path, files } => foreign(path, files),
            Self::Changed { path, files } => changed(path, files),
            Self::NotARun { path } => not_a_run(path),
            Self::Unfit { path, why } => {
                let (path, why) = (path.display(), why.words());
                Words::new(
                    format!("{path} {}；请用 --out 换一个文件夹", why.zh),
                    format!("{path} {}; choose another folder with --out", why.en),
                )
            }
            Self::NoLock(path) => no_lock(path),
            Self::Busy(path) => busy(path),
            Self::System { path, cause } => not_written(path, cause),
        }
    }
}

fn exists(path: &Path) -> Words {
    let path = path.display();
    Words::new(
        format!("{path} 已有这个方案的结果；加 --force 替换，或用 --out 换一个文件夹"),
        format!(
            "{path} already holds a run of this scenario; replace it with --force or choose another folder with --out"
        ),
    )
}

fn has_documents(path: &Path, files: &[String]) -> Words {
    let (path, zh, en) = (path.display(), files.join("、"), files.join(", "));
    Words::new(
        format!("{path} 已有 {zh}；加 --force 替换"),
        format!("{path} already has {en}; replace with --force"),
    )
}

fn foreign(path: &Path, files: &[String]) -> Words {
    let (path, zh, en) = (path.display(), files.join("、"), files.join(", "));
    Words::new(
        format!("{path}：{zh} 不是本程序写的，不覆盖；请移走或改名"),
        format!(
            "{path}: {en} was not written by this program and is not overwritten; move it away or give it another name"
        ),
    )
}

fn changed(path: &Path, files: &[String]) -> Words {
    let (path, zh, en) = (path.display(), files.join("、"), files.join(", "));
    Words::new(
        format!("{path}：写出后被改动：{zh}；需要的请另存（或用 --out 换一个文件夹），再从这里删除"),
        format!(
            "{path}: changed since the run wrote it: {en}; keep what you need elsewhere (or choose another folder with --out), then delete it here"
        ),
    )
}

fn not_a_run(path: &Path) -> Words {
    let (path, file) = (path.display(), record::FILE);
    Words::new(
        format!("{path} 已存在，但不是测算结果（{file} 缺失或无法读取），不覆盖；请用 --out 换一个文件夹"),
        format!(
            "{path} exists and holds no run ({file} is missing or unreadable); it is not overwritten: choose another folder with --out"
        ),
    )
}

fn no_lock(path: &Path) -> Words {
    let path = path.display();
    Words::new(
        format!(
            "{path} 挡住了：写结果时要用这个名称加锁，而它不是本程序建的；请移走，或用 --out 换一个文件夹"
        ),
        format!(
            "{path} is in the way: this name is needed for a lock, and what has it was not made by this program; move it away or choose another folder with --out"
        ),
    )
}

fn busy(path: &Path) -> Words {
    let path = path.display();
    Words::new(
        format!("另一次运行正在写入 {path}；请等它结束，或用 --out 换一个文件夹"),
        format!("another run is writing to {path}; wait for it or choose another folder with --out"),
    )
}

fn other_scenario(path: &Path, other: &str, from: &[String]) -> Words {
    let path = path.display();
    let (zh, en) = match from {
        [] => (String::new(), String::new()),
        from => (format!("（来自 {}）", from.join("、")), format!(" from {}", from.join(", "))),
    };
    Words::new(
        format!("{path} 是另一个方案 {other}{zh} 的结果，不覆盖；请用 --out 换一个文件夹"),
        format!(
            "{path} holds a run of `{other}`{en} and is not overwritten; choose another folder with --out"
        ),
    )
}

/// A file or folder that the system does not let be written.
#[must_use]
pub fn not_written(path: &Path, cause: &std::io::Error) -> Words {
    let path = path.display();
    Words::new(
        format!("{path} 无法写入：{}", reason(cause, Lang::Zh)),
        format!("cannot write {path}: {}", reason(cause, Lang::En)),
    )
}

/// What the system says of something that is to be written, in plain words where they are known.
#[must_use]
pub fn reason(cause: &std::io::Error, lang: Lang) -> String {
    let (zh, en) = match cause.kind() {
        ErrorKind::PermissionDenied => ("没有写入权限", "permission is denied"),
        ErrorKind::ReadOnlyFilesystem => ("磁盘是只读的", "the disk is read-only"),
        ErrorKind::StorageFull => ("磁盘已满", "the disk is full"),
        ErrorKind::QuotaExceeded => ("超出磁盘配额", "the quota of the disk is used up"),
        ErrorKind::AlreadyExists => ("同名的文件已存在", "a file of this name is already there"),
        ErrorKind::IsADirectory => ("这是文件夹，不是文件", "it is a folder, not a file"),
        ErrorKind::NotADirectory => ("上级是文件，不是文件夹", "what it lies in is a file, not a folder"),
        ErrorKind::NotFound => ("没有这个文件或文件夹", "there is no such file or folder"),
        _ => return cause.to_string(),
    };
    lang.pick(zh, en).to_owned()
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::System { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
