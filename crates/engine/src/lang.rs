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
