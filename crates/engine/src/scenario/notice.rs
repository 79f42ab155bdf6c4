//! What is odd but possible in the files of a scenario: it can be run, but whoever wrote it should look again.
//!
//! Notices are gathered beside the faults, by [`Faults::warn`](super::fault::Faults::warn), while files are read and
//! compiled. They are shown by every command that reads a scenario and kept in the record of a run.

use crate::lang::Lang;
pub use crate::lang::Words;

/// What is usual for a value, and where that is known from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usual {
    /// The usual range with its unit, such as "1,000 to 1,000,000 yuan".
    pub range: Words,
    /// The source of the range, or the reasoning.
    pub source: Words,
}

/// Something odd in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file.
    pub file: String,
    /// The line, where there is one.
    pub line: Option<usize>,
    /// The key; empty where the file as a whole is meant.
    pub key: String,
    /// The value that was written; empty where something is missing.
    pub value: String,
    /// What is odd about it.
    pub problem: Words,
    /// What is usual, where a range is known.
    pub usual: Option<Usual>,
}

impl Notice {
    /// The same notice with what is usual.
    #[must_use]
    pub fn usually(self, range: Words, source: Words) -> Self {
        Self { usual: Some(Usual { range, source }), ..self }
    }

    /// Where it stands: file, line, key and value.
    #[must_use]
    pub fn place(&self) -> String {
        let mut text = self.file.clone();
        // What was typed on the command line has no lines.
        if let Some(line) = self.line.filter(|_| !self.file.starts_with("--set")) {
            text.push_str(&format!(":{line}"));
        }
        if !self.key.is_empty() {
            text.push_str(&format!(": {}", self.key));
            if !self.value.is_empty() {
                text.push_str(&format!(" = {}", self.value));
            }
        }
        text
    }

    /// What is odd, and what is usual with its source.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let mut text = self.problem.pick(lang).to_owned();
        if let Some(Usual { range, source }) = &self.usual {
            let (range, source) = (range.pick(lang), source.pick(lang));
            text.push_str(&match lang {
                Lang::Zh => format!("；通常为{range}（{source}）"),
                Lang::En => format!("; usual: {range} ({source})"),
            });
        }
        text
    }

    /// The whole notice in one line.
    #[must_use]
    pub fn line_of_text(&self, lang: Lang) -> String {
        let word = lang.pick("提示", "warning");
        format!("{word}: {}: {}", self.place(), self.text(lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_a_notice_says_where_what_and_what_is_usual() {
        let notice = Notice {
            file: "policies/a.toml".to_owned(),
            line: Some(7),
            key: "assistance.x.annual_cap_yuan".to_owned(),
            value: "3.5".to_owned(),
            problem: Words::new("金额很小", "is very small"),
            usual: None,
        };
        assert_eq!(
            notice.line_of_text(Lang::En),
            "warning: policies/a.toml:7: assistance.x.annual_cap_yuan = 3.5: is very small"
        );
        let notice = notice.usually(Words::new("1至2元", "1 to 2 yuan"), Words::new("推定", "assumed"));
        assert_eq!(
            notice.line_of_text(Lang::Zh),
            "提示: policies/a.toml:7: assistance.x.annual_cap_yuan = 3.5: 金额很小；通常为1至2元（推定）"
        );
        let typed = Notice { file: "--set policy.x".to_owned(), ..notice };
        assert!(typed.place().starts_with("--set policy.x: assistance"), "{}", typed.place());
    }
}
