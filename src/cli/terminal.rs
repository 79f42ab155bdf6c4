//! The only prints: the result on standard output, everything else on standard error. Whatever is printed shows what
//! stands in a text from outside; no terminal obeys it.

use std::collections::BTreeSet;
use std::io::{BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::fitted::fitted;
use crate::lang::Lang;
use crate::scenario::notice::Notice;
use crate::shown;

/// Prints a result for people. A reader that has seen enough, such as `head`, ends it quietly.
///
/// # Errors
/// A full disk, or whatever else keeps the system from writing.
pub fn result(text: &str) -> std::io::Result<()> {
    let text = shown::on_terminal(text);
    quietly(match columns() {
        Some(wide) => write_out(&fitted(&text, wide)),
        None => write_out(&text),
    })
}

/// How many columns the terminal has to which results are printed; `None` if they go into a file or to a program, for which
/// tables are as wide as they are.
#[must_use]
pub fn columns() -> Option<usize> {
    let (_, columns) = console::Term::stdout().size_checked()?;
    (columns > 0).then_some(columns.into())
}

/// Prints a result as JSON, of one text or of one on each line.
///
/// # Errors
/// As [`result`].
pub fn json(text: &str) -> std::io::Result<()> {
    quietly(write_out(&shown::in_json(text)))
}

/// JSON that is printed line by line, for results that are larger than memory should be.
#[derive(Debug)]
pub struct JsonLines {
    out: BufWriter<StdoutLock<'static>>,
}

impl JsonLines {
    /// Begins with nothing printed.
    #[must_use]
    pub fn new() -> Self {
        Self { out: BufWriter::with_capacity(1 << 16, std::io::stdout().lock()) }
    }

    /// Prints whole lines; whether anybody still reads them.
    ///
    /// # Errors
    /// As [`result`].
    pub fn print(&mut self, lines: &str) -> std::io::Result<bool> {
        is_read(self.out.write_all(shown::in_json(lines).as_bytes()))
    }

    /// Prints what is left.
    ///
    /// # Errors
    /// As [`result`].
    pub fn finish(mut self) -> std::io::Result<()> {
        quietly(self.out.flush())
    }
}

/// Whether a reader is still there.
fn is_read(written: std::io::Result<()>) -> std::io::Result<bool> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        other => other.map(|()| true),
    }
}

/// Prints what the definitions of the command line say: help and the version, or the words for what is wrong with the
/// arguments.
///
/// # Errors
/// As [`result`].
pub fn usage(said: &clap::Error, words: &str) -> std::io::Result<()> {
    if said.use_stderr() {
        say(words.trim_end());
        return Ok(());
    }
    // Help and version hold nothing from outside.
    quietly(said.print().and_then(|()| std::io::stdout().flush()))
}

/// Prints what was made of the definitions of the command line, as it is: it holds nothing from outside, and a shell or
/// `man` reads it.
///
/// # Errors
/// As [`result`].
pub fn generated(text: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    quietly(out.write_all(text).and_then(|()| out.flush()))
}

fn write_out(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') && !text.is_empty() {
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn quietly(written: std::io::Result<()>) -> std::io::Result<()> {
    is_read(written).map(drop)
}

/// Says something that is not the result.
pub fn note(text: &str) {
    say(text);
}

/// The most notices that are shown before a run; `check` shows all.
const SHOWN_NOTICES: usize = 20;

/// Says what is odd in the files of scenarios, each thing once.
pub fn notices<'a>(notices: impl IntoIterator<Item = &'a Notice>, quiet: bool, lang: Lang) {
    if quiet {
        return;
    }
    let all: BTreeSet<&Notice> = notices.into_iter().collect();
    for notice in all.iter().take(SHOWN_NOTICES) {
        note(&notice.line_of_text(lang));
    }
    let left = all.len().saturating_sub(SHOWN_NOTICES);
    if left > 0 {
        note(&match lang {
            Lang::Zh => format!("另有{left}条提示，用 fundcast check 查看"),
            Lang::En => format!("{left} more warnings: see fundcast check"),
        });
    }
}

/// Reports a failure.
pub fn failure(text: &str) {
    say(text);
}

/// Writes to standard error. Where nobody reads it, there is nobody to be told.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", shown::message(text));
}

/// A progress bar with the time left, on a terminal only.
#[must_use]
pub fn progress(total: u64, quiet: bool, lang: Lang) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let left = lang.pick("剩余", "left");
    let unknown = lang.pick("估算中", "being estimated");
    let template = format!("{{msg}} {{wide_bar}} {{percent}} % {left} {{time_left}}");
    // The template is a constant of the program: where it is wrong, the plain bar is shown.
    if let Ok(style) = ProgressStyle::with_template(&template) {
        let time_left = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&time_left(state.pos(), state.eta(), unknown));
        };
        bar.set_style(style.with_key("time_left", time_left));
    }
    bar
}

/// Says which county a progress bar has reached.
pub fn reached(bar: &ProgressBar, county: &str) {
    bar.set_message(shown::on_terminal(county).into_owned());
}

/// The time left in words; before anything is done nobody knows it.
fn time_left(done: u64, left: std::time::Duration, unknown: &str) -> String {
    if done == 0 { unknown.to_owned() } else { format!("{:#}", HumanDuration(left)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn exact_no_time_is_promised_before_anything_is_done() {
        assert_eq!(time_left(0, Duration::ZERO, "being estimated"), "being estimated");
        assert_eq!(time_left(1, Duration::from_secs(600), "being estimated"), "10m");
    }
}
