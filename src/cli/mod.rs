//! The command line: arguments in, results and exit codes out. One file a command.

mod again;
mod again_args;
pub mod args;
mod attribution;
mod caption;
mod check;
mod compare;
mod explain;
mod figures;
mod fill;
mod given;
mod held;
pub mod help;
mod help_zh;
mod import;
mod interrupt;
mod lines;
mod locale;
mod new;
mod new_args;
mod new_policy;
mod out_file;
mod precision;
mod project;
mod register;
mod remarks;
mod report;
mod report_args;
pub mod sensitivity;
mod sensitivity_args;
mod settle;
mod side_by_side;
mod simulate;
mod shell;
mod size_args;
mod solve;
mod solve_args;
mod taper;
mod taper_args;
mod terminal;
mod touched;
mod usage;
mod verify;
mod waiting;
mod why;
mod winners;
mod wrapped;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use args::{Cli, Command};

use crate::lang::Lang;
use crate::report::write::reason;
use crate::scenario::notice::Words;

/// What ends a command before its result.
#[derive(Debug)]
pub enum Stop {
    /// The input is at fault: exit code 2.
    BadInput(String),
    /// The run failed: exit code 1.
    Failed(String),
    /// As [`Stop::BadInput`], shown in the language of the command.
    BadInputIn(Words),
    /// As [`Stop::Failed`], shown in the language of the command.
    FailedIn(Words),
}

impl Stop {
    /// What is wrong with the input, where that is what ends the command.
    fn bad_input(self) -> Result<Words, Self> {
        match self {
            Self::BadInputIn(words) => Ok(words),
            Self::BadInput(text) => Ok(Words::new(text.clone(), text)),
            other => Err(other),
        }
    }
}

impl From<crate::scenario::fault::Faults> for Stop {
    fn from(faults: crate::scenario::fault::Faults) -> Self {
        Self::BadInputIn(faults.words())
    }
}

impl From<crate::cases::field::CaseFaults> for Stop {
    fn from(faults: crate::cases::field::CaseFaults) -> Self {
        Self::BadInput(faults.to_string())
    }
}

impl From<crate::cases::NotSettled> for Stop {
    fn from(error: crate::cases::NotSettled) -> Self {
        match error {
            crate::cases::NotSettled::Faults(faults) => faults.into(),
            crate::cases::NotSettled::Unbalanced { .. } => Self::Failed(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::FailedIn(Words::new(
            format!("结果无法输出：{}", reason(&error, Lang::Zh)),
            format!("the output cannot be written: {}", reason(&error, Lang::En)),
        ))
    }
}

/// The nearest known name, behind what is refused.
fn behind(hint: Option<Words>) -> Words {
    hint.map_or_else(Words::default, |Words { zh, en }| Words::new(format!("；{zh}"), format!("; {en}")))
}

/// A result as JSON for readers.
fn pretty(value: &impl serde::Serialize) -> Result<String, Stop> {
    serde_json::to_string_pretty(value).map_err(|error| Stop::Failed(error.to_string()))
}

/// Runs the command that was typed.
#[must_use]
pub fn run() -> ExitCode {
    let typed = match Cli::try_parse() {
        Ok(typed) => typed,
        Err(error) => return not_understood(error),
    };
    let lang = Lang::from(typed.lang);
    let done = match typed.command {
        Command::Run(args) => project::run(&args, project::Shows::Spending),
        Command::Budget(args) => solve::budget(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Why(args) => why::run(&args),
        Command::Settle(args) => settle::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Clauses(args) => register::run(&args),
        Command::Taper(args) => taper::run(&args),
        Command::Sensitivity(args) => sensitivity::run(&args),
        Command::Fill(args) => fill::run(&args),
        Command::Schema(args) => check::schema(&args),
        Command::Completions(args) => shell::completions(&args, lang),
        Command::Man(args) => shell::man(&args),
        Command::New(args) => new::run(&args),
        Command::Import(args) => import::run(&args),
        Command::NewPolicy(args) => new_policy::run(&args),
    };
    ended(done, lang)
}

/// Shows help, or what is wrong with the arguments.
fn not_understood(mut error: clap::Error) -> ExitCode {
    let lang = locale::spoken();
    let mut program = help::command(lang);
    if error.kind() == ErrorKind::DisplayHelp {
        // Read again by definitions that have the help of the language.
        error = program.try_get_matches_from_mut(locale::arguments()).err().unwrap_or(error);
    }
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    match terminal::usage(&error, &usage::said(&error, &program, lang)) {
        Ok(()) => ExitCode::from(code),
        Err(error) => ended(Err(error.into()), lang),
    }
}

/// The exit code of a command, after what it has to say.
fn ended(done: Result<(), Stop>, lang: Lang) -> ExitCode {
    let (code, text) = match &done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Failed(text)) => (1, text.as_str()),
        Err(Stop::FailedIn(words)) => (1, words.pick(lang)),
        Err(Stop::BadInput(text)) => (2, text.as_str()),
        Err(Stop::BadInputIn(words)) => (2, words.pick(lang)),
    };
    terminal::failure(text);
    ExitCode::from(code)
}
