//! The command line: arguments in, results and exit codes out. One file a command.

mod again;
mod again_args;
pub mod args;
mod attribution;
mod bills;
mod caption;
mod charts;
mod check;
mod compare;
mod explain;
mod figures;
mod fill;
mod fitted;
mod given;
mod held;
pub mod help;
mod help_zh;
mod import;
mod interrupt;
mod lines;
mod loaded;
mod locale;
mod new;
mod new_args;
mod new_policy;
mod out_file;
mod parts;
mod plan;
mod precision;
mod project;
mod publish;
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
mod supply;
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
mod work_args;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use args::{Cli, Command};

use crate::cases::typed::hinted;
use crate::lang::{Lang, Words};
use crate::report::write::reason;

/// What ends a command before its result.
#[derive(Debug)]
pub enum Stop {
    /// The input is at fault: exit code 2.
    BadInput(Words),
    /// The run failed: exit code 1.
    Failed(Words),
}

impl From<crate::scenario::fault::Faults> for Stop {
    fn from(faults: crate::scenario::fault::Faults) -> Self {
        Self::BadInput(faults.words())
    }
}

impl From<crate::cases::field::CaseFaults> for Stop {
    fn from(faults: crate::cases::field::CaseFaults) -> Self {
        Self::BadInput(faults.words())
    }
}

impl From<crate::cases::NotSettled> for Stop {
    fn from(error: crate::cases::NotSettled) -> Self {
        match error {
            crate::cases::NotSettled::Faults(faults) => faults.into(),
            crate::cases::NotSettled::Unbalanced { .. } => Self::Failed(error.words()),
        }
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(Words::new(
            format!("结果无法输出：{}", reason(&error, Lang::Zh)),
            format!("the output cannot be written: {}", reason(&error, Lang::En)),
        ))
    }
}

/// Several messages, a line each.
fn lines(all: &[Words]) -> Words {
    let of = |lang: Lang| all.iter().map(|one| one.pick(lang)).collect::<Vec<_>>().join("\n");
    Words::new(of(Lang::Zh), of(Lang::En))
}

/// What is wrong with the value of an option.
fn of_option((option, value): (&str, &str), problem: &Words) -> Words {
    Words::new(format!("{option} {value}：{}", problem.zh), format!("{option} {value}: {}", problem.en))
}

/// What is said of the value of an option that is none of those known.
fn one_of(typed: (&str, &str), known: &[&str], hint: Option<Words>) -> Words {
    let known = Words::list(known);
    let problem = Words::new(format!("须为 {} 之一", known.zh), format!("must be one of {}", known.en));
    of_option(typed, &hinted(problem, &hint.unwrap_or_default()))
}

/// A result as JSON for readers.
fn pretty(value: &impl serde::Serialize) -> Result<String, Stop> {
    serde_json::to_string_pretty(value).map_err(|error| {
        Stop::Failed(Words::new(
            format!("结果无法写成 JSON（{error}）"),
            format!("the result cannot be written as JSON: {error}"),
        ))
    })
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
        Command::Plan(args) => plan::plan(&args),
        Command::Block(args) => plan::block(&args),
        Command::Merge(args) => plan::merge(&args),
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
    let (code, words) = match &done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Failed(words)) => (1, words),
        Err(Stop::BadInput(words)) => (2, words),
    };
    terminal::failure(words.pick(lang));
    ExitCode::from(code)
}
