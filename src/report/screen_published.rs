//! What of a folder for publication still holds, for the terminal and as JSON: its files against their hashes, and
//! nothing else, since neither inputs nor replicates are in it.

use serde_json::{Value, json};

use super::screen_verify;
use super::verify::FilesCheck;
use crate::lang::Lang;

/// What was looked at of a folder for publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPublication {
    /// The folder as it was named.
    pub folder: String,
    /// Its files.
    pub files: FilesCheck,
    /// Whether it was to be worked out again.
    pub is_rerun: bool,
}

/// Why nothing is worked out again, in Chinese and English.
const NOT_AGAIN: [&str; 2] = [
    "供公布的文件夹不含输入和逐次模拟，只能核对文件；数是否由输入得出，须在原来的结果文件夹用 verify --rerun 核对",
    "a folder for publication holds neither inputs nor replicates, so only its files are held against their hashes; whether the figures come from the inputs is told by verify --rerun of the run's own folder",
];

impl CheckedPublication {
    /// What does not hold, by the names of the parts: to work it out again cannot.
    #[must_use]
    pub fn failing(&self) -> Vec<&'static str> {
        let parts = [("files", self.files.holds()), ("rerun", !self.is_rerun)];
        parts.into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name).collect()
    }
}

/// As text.
#[must_use]
pub fn text(check: &CheckedPublication, lang: Lang) -> String {
    let what = match (check.is_rerun, lang) {
        (true, Lang::Zh) => "  重新测算：无法进行：",
        (true, Lang::En) => "  rerun: not possible: ",
        (false, Lang::Zh) => "  供公布：",
        (false, Lang::En) => "  for publication: ",
    };
    let lines = [
        check.folder.clone(),
        screen_verify::files(&check.files, lang),
        format!("{what}{}", lang.pick(NOT_AGAIN[0], NOT_AGAIN[1])),
        screen_verify::conclusion(&check.failing(), lang),
    ];
    lines.join("\n") + "\n"
}

/// As JSON.
#[must_use]
pub fn json(check: &CheckedPublication, lang: Lang) -> Value {
    let failing = check.failing();
    let why = json!({ "zh": NOT_AGAIN[0], "en": NOT_AGAIN[1] });
    json!({
        "run": check.folder,
        "published": true,
        "holds": failing.is_empty(),
        "failing": failing,
        "failing_label": screen_verify::labels(&failing, lang),
        "files": screen_verify::files_json(&check.files),
        "rerun": check.is_rerun.then(|| json!({ "done": false, "why": why })),
        "meaning": why,
    })
}
