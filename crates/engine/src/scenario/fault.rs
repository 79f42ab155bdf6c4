//! Everything that is wrong with the files of a scenario, gathered before anything is reported.

use std::fmt;

use super::notice::Notice;
use crate::lang::{Lang, Words, words};

/// One fault, in the words of the person who wrote the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, where there is one.
    pub line: Option<usize>,
    /// The key, such as `assistance.class1.ratio`; empty where the file as a whole is meant.
    pub key: String,
    /// The value that was written; empty where something is missing.
    pub value: String,
    /// What is wrong and what is allowed.
    pub problem: Words,
    /// The nearest known name or the next step.
    pub hint: Option<Words>,
}

impl Fault {
    /// The fault for readers of a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        let mut text = self.file.clone();
        if let Some(line) = self.line.filter(|_| !self.file.starts_with("--set")) {
            text.push_str(&format!(" 第{line}行"));
        }
        if !self.key.is_empty() {
            text.push_str(&format!(" {}", self.key));
        }
        if !self.key.is_empty() && !self.value.is_empty() {
            text.push_str(&format!(" = {}", self.value));
        }
        text.push('：');
        text.push_str(&self.problem.zh);
        if let Some(hint) = &self.hint {
            text.push_str(&format!("；{}", hint.zh));
        }
        text
    }

    /// Whether it is about a key of the top of a file, or about another name that stands for it.
    #[must_use]
    pub(super) fn says(&self, key: &str) -> bool {
        self.key == key || self.hint.as_ref().is_some_and(|hint| *hint == meant(key))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        // What was typed on the command line has no lines.
        if let Some(line) = self.line
            && !self.file.starts_with("--set")
        {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "{}", self.key)?;
            if !self.value.is_empty() {
                write!(f, " = {}", self.value)?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.problem.en)?;
        if let Some(hint) = &self.hint {
            write!(f, "; {}", hint.en)?;
        }
        Ok(())
    }
}

/// All faults of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct Faults {
    /// In the order of files and lines once [`Faults::finish`] was called.
    pub list: Vec<Fault>,
    /// What is odd but no fault, gathered on the same way.
    pub notices: Vec<Notice>,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.list {
            writeln!(f, "{fault}")?;
        }
        for notice in &self.notices {
            writeln!(f, "{}", notice.line_of_text(Lang::En))?;
        }
        let n = self.list.len();
        write!(f, "{n} fault{} found; nothing was run", if n == 1 { "" } else { "s" })
    }
}

impl Faults {
    /// All of them for readers of a language, as [`Fault::text`].
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        let faults = self.list.iter().map(|fault| fault.text(lang));
        let notices = self.notices.iter().map(|notice| notice.line_of_text(lang));
        let last = format!("共{}处错误，没有运行", self.list.len());
        faults.chain(notices).chain([last]).collect::<Vec<_>>().join("\n")
    }

    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.list.push(fault);
    }

    /// Adds a notice: what is odd does not stop a run.
    pub fn warn(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Adds everything that was found elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.list.extend(other.list);
        self.notices.extend(other.notices);
    }

    /// Adds a fault of a whole file.
    pub fn file(&mut self, file: &str, problem: Words) {
        self.push(Fault { file: file.to_owned(), problem, ..Fault::default() });
    }

    /// All of them in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        Words::new(self.text(Lang::Zh), self.text(Lang::En))
    }

    /// Sorts, removes repetitions and says whether all is well; the notices, where it is.
    ///
    /// # Errors
    /// The faults, if there are any, with the notices.
    pub fn finish(mut self) -> Result<Vec<Notice>, Self> {
        self.list.sort();
        self.list.dedup();
        self.notices.sort();
        self.notices.dedup();
        if self.list.is_empty() { Ok(self.notices) } else { Err(self) }
    }
}

/// Whether a name is so like a known one that it is most likely a slip.
#[must_use]
pub fn is_slip<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> bool {
    known.into_iter().any(|known| strsim::normalized_damerau_levenshtein(name, known) >= 0.75)
}

/// A hint with the one name that was meant.
#[must_use]
pub fn meant(name: &str) -> Words {
    words!("是不是`{name}`？", "did you mean `{name}`?")
}

/// A hint with the known name that a wrong one is like, where there is one.
#[must_use]
pub fn like<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Words> {
    let near = known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    near.filter(|(likeness, _)| *likeness >= 0.5).map(|(_, name)| meant(name))
}

/// A hint with the known name nearest to a wrong one, or with all of them where none is near and they are few.
#[must_use]
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Words> {
    let known: Vec<&str> = known.into_iter().collect();
    like(wrong, known.iter().copied()).or_else(|| {
        let all = Words::list(&known);
        (1..=24)
            .contains(&known.len())
            .then(|| Words::new(format!("可用的有：{}", all.zh), format!("known: {}", all.en)))
    })
}
