//! Why a folder cannot be read as a finished run, said to whoever named it.

use std::path::{Path, PathBuf};

use crate::lang::{Lang, Words};
use crate::report::names::Label;
use crate::report::record::{self, SCHEMA_VERSION};

/// Why a folder cannot be read as a finished run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFinished {
    /// There is no folder of the name.
    NoFolder(PathBuf),
    /// The folder holds no record of a run.
    NotARun(PathBuf),
    /// The record cannot be understood.
    Record(PathBuf, String),
    /// The run was written by a version with other files; `None`: one that did not say.
    Schema(PathBuf, Option<u64>),
    /// A folder for publication: what is left out of it is not there to be read.
    Published(PathBuf),
    /// Files that are gone, and files that are no longer as the run wrote them.
    Damaged {
        /// The folder.
        path: PathBuf,
        /// Names of files that are gone.
        missing: Vec<String>,
        /// Names of files that have changed.
        changed: Vec<String>,
    },
    /// A table that is not as this version knows it.
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong, in Chinese and English.
        problem: Label,
    },
}

impl NotFinished {
    /// What is wrong and what to do, in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        Words::new(self.text(Lang::Zh), self.text(Lang::En))
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Self::NoFolder(path) if zh => format!(
                "{}：没有这个文件夹；应为 run 或 compare 写出的结果文件夹，如 output/fangchenggang",
                path.display()
            ),
            Self::NoFolder(path) => format!(
                "{}: there is no such folder; must be one that run or compare wrote, such as output/fangchenggang",
                path.display()
            ),
            Self::NotARun(path) if zh => format!(
                "{}：不是结果文件夹（没有 {}）；应为 run 或 compare 写出的文件夹",
                path.display(),
                record::FILE
            ),
            Self::NotARun(path) => format!(
                "{}: holds no run ({} is missing); must be a folder that run or compare wrote",
                path.display(),
                record::FILE
            ),
            // What a parser says is English; whoever reads Chinese needs no more than what to do.
            Self::Record(path, _) if zh => {
                format!("{}/{}：内容不能识别；请重新测算", path.display(), record::FILE)
            }
            Self::Record(path, problem) => {
                format!("{}/{}: cannot be read ({problem}); run it again", path.display(), record::FILE)
            }
            Self::Schema(path, found) => schema(path, *found, lang),
            Self::Published(path) if zh => format!(
                "{}：这是供公布的文件夹，不含输入和逐次模拟，不能再作报告、重新测算或解释差异；请用原来的结果文件夹",
                path.display()
            ),
            Self::Published(path) => format!(
                "{}: this is a folder for publication, without inputs and replicates: no documents are made of it, nothing is worked out again or explained; give the folder of the run itself",
                path.display()
            ),
            Self::Damaged { path, missing, changed } => damaged(path, missing, changed, lang),
            Self::Table { path, problem } => {
                format!("{}{}{}", path.display(), lang.pick("：", ": "), problem.text(lang))
            }
        }
    }
}

fn schema(path: &Path, found: Option<u64>, lang: Lang) -> String {
    let path = path.display();
    let version = found.map(|version| version.to_string());
    match lang {
        Lang::Zh => {
            let found = version.unwrap_or_else(|| "未注明".to_owned());
            format!("{path}：结果文件的格式版本为{found}，本程序可读{SCHEMA_VERSION}；请用本程序重新测算")
        }
        Lang::En => {
            let found = version.unwrap_or_else(|| "not given".to_owned());
            format!(
                "{path}: the version of the run's files is {found}, this program reads {SCHEMA_VERSION}; run it again with this program"
            )
        }
    }
}

fn damaged(path: &Path, missing: &[String], changed: &[String], lang: Lang) -> String {
    let list = |what: &str, files: &[String]| {
        (!files.is_empty()).then(|| format!("{what}{}", files.join(lang.pick("、", ", "))))
    };
    let parts: Vec<String> = [
        list(lang.pick("缺少：", "missing: "), missing),
        list(lang.pick("写出后被改动：", "changed since the run wrote them: "), changed),
    ]
    .into_iter()
    .flatten()
    .collect();
    match lang {
        Lang::Zh => format!("{}：{}；报告只依据原样的结果文件，请重新测算", path.display(), parts.join("；")),
        Lang::En => format!(
            "{}: {}; a report is made from a run's files as they were written: run it again",
            path.display(),
            parts.join("; ")
        ),
    }
}
