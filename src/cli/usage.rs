//! What is wrong with the arguments, in the language of the reader, with what is allowed and the nearest known name.

use std::fmt;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::help::usage;
use crate::lang::Lang;
use crate::lang::Words;

/// Why a value is refused, for the parsers of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub Words);

impl Refused {
    /// From both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Words::new(zh, en))
    }
}

impl From<Words> for Refused {
    fn from(words: Words) -> Self {
        Self(words)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl std::error::Error for Refused {}

/// What is said of arguments that cannot be understood.
#[must_use]
pub fn said(error: &clap::Error, program: &Command, lang: Lang) -> String {
    match (error.kind(), lang) {
        (ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, _) => next_steps(lang),
        (_, Lang::En) => error.to_string(),
        (_, Lang::Zh) => in_chinese(error, program),
    }
}

/// What can be done next, for whoever types the name of the program alone.
fn next_steps(lang: Lang) -> String {
    let steps = [
        (
            "fundcast new hengzhou --county 450181 --policy fangchenggang-2022-08",
            lang.pick("为本县区新建方案", "make a scenario of your county"),
        ),
        (
            "fundcast run scenarios/fangchenggang.toml --replicates 100",
            lang.pick("试算随附的方案", "try a scenario that is shipped"),
        ),
        ("fundcast --help", lang.pick("全部命令和说明", "all commands, explained")),
    ];
    let widest = steps.iter().map(|(typed, _)| typed.len()).max().unwrap_or_default();
    steps.map(|(typed, purpose)| format!("{typed:widest$}  {purpose}")).join("\n")
}

fn in_chinese(error: &clap::Error, program: &Command) -> String {
    let mut text = format!("错误：{}", problem(error));
    let mut is_near = false;
    for (kind, what) in [
        (ContextKind::SuggestedSubcommand, "命令"),
        (ContextKind::SuggestedArg, "参数"),
        (ContextKind::SuggestedValue, "取值"),
    ] {
        let near = texts(error, kind);
        if !near.is_empty() {
            is_near = true;
            text.push_str(&format!("\n  相近的{what}：{}", near.join("、")));
        }
    }
    let written = texts(error, ContextKind::Usage).join("");
    let known = match error.kind() {
        ErrorKind::InvalidValue => ("可取的值", texts(error, ContextKind::ValidValue)),
        ErrorKind::InvalidSubcommand | ErrorKind::MissingSubcommand if !is_near => {
            ("全部命令", commands(program))
        }
        ErrorKind::UnknownArgument if !is_near => ("可用的选项", options(program, &written)),
        _ => ("", Vec::new()),
    };
    if !known.1.is_empty() {
        text.push_str(&format!("\n  {}：{}", known.0, known.1.join("、")));
    }
    if !written.is_empty() {
        text.push_str(&format!("\n\n用法：{}", usage(&written, Lang::Zh)));
    }
    text + "\n\n加 --help 查看说明"
}

/// The names of all commands.
fn commands(program: &Command) -> Vec<String> {
    program.get_subcommands().map(|one| one.get_name().to_owned()).collect()
}

/// The options of the command that a usage names.
fn options(program: &Command, written: &str) -> Vec<String> {
    let of = written.split_whitespace().find_map(|word| program.find_subcommand(word)).unwrap_or(program);
    of.get_arguments().filter_map(|arg| arg.get_long()).map(|name| format!("--{name}")).collect()
}

/// The texts that an error has of a kind.
fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        Some(ContextValue::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

fn problem(error: &clap::Error) -> String {
    let argument = texts(error, ContextKind::InvalidArg).join("、");
    let value = texts(error, ContextKind::InvalidValue).join("、");
    let command = texts(error, ContextKind::InvalidSubcommand).join("");
    let prior = texts(error, ContextKind::PriorArg).join("、");
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面没有值"),
        ErrorKind::InvalidValue => format!("{argument} 不能取“{value}”"),
        ErrorKind::ValueValidation => format!("{argument} 不能取“{value}”：{}", reason(error)),
        ErrorKind::UnknownArgument => format!("没有参数“{argument}”"),
        ErrorKind::InvalidSubcommand => format!("没有命令“{command}”"),
        ErrorKind::MissingSubcommand => "没有写命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("还要写 {argument}"),
        ErrorKind::ArgumentConflict if prior.is_empty() || prior == argument => {
            format!("{argument} 只能写一次")
        }
        ErrorKind::ArgumentConflict => format!("{argument} 不能与 {prior} 同时使用"),
        ErrorKind::NoEquals => format!("{argument} 的值要写在等号后面"),
        ErrorKind::TooManyValues => format!("{argument} 后面多了“{value}”"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{argument} 后面值的个数不对"),
        ErrorKind::InvalidUtf8 => "参数中有不能识别的字符（不是 UTF-8）".to_owned(),
        _ => "参数不能识别".to_owned(),
    }
}

/// Why a value is refused.
fn reason(error: &clap::Error) -> String {
    let Some(source) = std::error::Error::source(error) else { return "不能识别".to_owned() };
    if let Some(Refused(words)) = source.downcast_ref::<Refused>() {
        return words.zh.clone();
    }
    // Of a number out of range clap says the range, and of anything else that it is no whole number.
    let text = source.to_string();
    match text.rsplit_once(" is not in ").and_then(|(_, range)| range.split_once("..=")) {
        Some((least, most)) => format!("须为 {least} 至 {most} 的整数"),
        None => "须为整数".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::help;

    fn of(line: &str) -> String {
        let mut program = help::command(Lang::Zh);
        let error = program.try_get_matches_from_mut(line.split(' ')).expect_err("refused");
        said(&error, &program, Lang::Zh)
    }

    #[test]
    fn exact_what_is_wrong_is_said_with_what_is_allowed() {
        for (line, parts) in [
            ("fundcast projekt", &["没有命令“projekt”", "全部命令：run、budget"][..]),
            ("fundcast budgett", &["没有命令“budgett”", "相近的命令：budget"]),
            ("fundcast check --qiet x", &["没有参数“--qiet”", "相近的参数：--quiet", "用法：fundcast check"]),
            ("fundcast check --zzz x", &["没有参数“--zzz”", "可用的选项：--set、--quiet", "--lang"]),
            ("fundcast check", &["还要写 <SCENARIO>", "用法：fundcast check <SCENARIO>"]),
            ("fundcast check x --set", &["--set <PATH=VALUE> 后面没有值"]),
            ("fundcast check x --set polcy.x=1", &["不能取“polcy.x=1”", "policy."]),
            ("fundcast check x --lang fr", &["--lang <LANG> 不能取“fr”", "可取的值：zh、en"]),
            ("fundcast run x --replicates 0", &["不能取“0”：须为 1 至 1000000 的整数"]),
            ("fundcast run x --replicates many", &["不能取“many”：须为整数"]),
            ("fundcast run x --years 2025-2024", &["须为年度，例如 2024 或 2023-2025"]),
            ("fundcast run x --precision 2", &["0.1%"]),
            ("fundcast run x --precision 1% --replicates 5", &["--precision <SHARE> 不能与 --replicates"]),
            ("fundcast settle x --persons y", &["还要写 --claims"]),
            ("fundcast compare x y --attribution-orders 1", &["须为 2 至 10000 的整数"]),
            ("fundcast run x --quiet --quiet", &["--quiet 只能写一次"]),
            ("fundcast report", &["还要写 <RUN>..."]),
        ] {
            let text = of(line);
            for part in parts {
                assert!(text.contains(part), "{line}: {part} in\n{text}");
            }
        }
    }

    #[test]
    fn exact_whoever_types_nothing_is_told_what_to_do_next() {
        let text = of("fundcast");
        assert_eq!(text.lines().count(), 3, "{text}");
        for part in ["fundcast new", "fundcast run", "fundcast --help"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
