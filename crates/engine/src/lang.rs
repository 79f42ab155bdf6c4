//! The two languages of every table, chart and message for readers: Chinese first, English too.

/// The language in which results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Picks the text of this language.
    #[must_use]
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// The English word for a number of replicates.
    #[must_use]
    pub const fn replicates(n: u64) -> &'static str {
        if n == 1 { "replicate" } else { "replicates" }
    }

    /// The same with the verb of a sentence.
    #[must_use]
    pub const fn replicates_are(n: u64) -> &'static str {
        if n == 1 { "replicate is" } else { "replicates are" }
    }
}

/// A text in both languages.
///
/// There is no way to it from one text alone: what a reader sees in one language does not compile without the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// From both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// What is said of something, behind its name: a file, an option.
    #[must_use]
    pub fn at(&self, place: impl std::fmt::Display) -> Self {
        Self::new(format!("{place}：{}", self.zh), format!("{place}: {}", self.en))
    }

    /// Names in a row, which are the same in both languages; only what stands between them is not.
    pub fn list<T: AsRef<str>>(names: &[T]) -> Self {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        Self::new(names.join("、"), names.join(", "))
    }

    /// The text of one language.
    #[must_use]
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// [`Words`] of two formats, Chinese first, into which the same values are written.
macro_rules! words {
    ($zh:literal, $en:literal $(, $($value:tt)*)?) => {
        $crate::lang::Words::new(format!($zh $(, $($value)*)?), format!($en $(, $($value)*)?))
    };
}
pub(crate) use words;
