//! The only prints: the result on standard output, everything else on standard error.

#![expect(clippy::print_stderr, reason = "this is the one place that prints")]

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lang::Lang;

/// Prints a result.
///
/// # Errors
/// A reader that has gone away, or a full disk.
pub fn result(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') && !text.is_empty() {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Says something that is not the result.
pub fn note(text: &str) {
    eprintln!("{text}");
}

/// Reports a failure.
pub fn failure(text: &str) {
    eprintln!("{text}");
}

/// A progress bar with the time left, on a terminal only.
#[must_use]
pub fn progress(total: u64, quiet: bool, lang: Lang) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let left = lang.pick("剩余", "left");
    let template = format!("{{msg}} {{wide_bar}} {{percent}} % {left} {{eta}}");
    // The template is a constant of the program: where it is wrong, the plain bar is shown.
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}
