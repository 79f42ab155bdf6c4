//! Help in the language of the reader, made from the definitions of the command line: in English from their comments, in
//! Chinese from `help_zh`. Lines fit a terminal of [`WIDE`] columns, in which a Chinese character takes two.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};

use super::args::Cli;
use super::help_zh;
use super::wrapped::{after, hanging, wrapped};
use crate::lang::Lang;

/// How wide lines are: no terminal in use is narrower.
pub const WIDE: usize = 80;

/// Where the text of an argument begins.
const INDENT: usize = 10;

/// The definitions that read the arguments, with help in a language.
#[must_use]
pub fn command(lang: Lang) -> Command {
    let described = described(Cli::command(), lang);
    let told = |mut command: Command, described: &Command| {
        command = command.override_help(page(described, lang));
        command
    };
    let command = told(Cli::command(), &described);
    command.mut_subcommands(|one| match described.find_subcommand(one.get_name()) {
        Some(found) => told(one, found),
        None => one,
    })
}

/// The definitions with the texts of a language, for whoever describes them: help, shells and the manual. They read
/// nothing: their values are names alone.
#[must_use]
pub fn described(mut definitions: Command, lang: Lang) -> Command {
    // Gives every command what all of them have: help, version, language.
    definitions.build();
    match lang {
        Lang::En => definitions,
        Lang::Zh => in_chinese(definitions).after_help(help_zh::AFTER).mut_subcommands(in_chinese),
    }
}

fn in_chinese(mut command: Command) -> Command {
    let name = command.get_name().to_owned();
    if let Some((about, more)) = help_zh::command(&name) {
        let long = if more.is_empty() { about.to_owned() } else { format!("{about}\n\n{more}") };
        command = command.about(about).long_about(long);
    }
    command.mut_args(|arg| {
        let values: Vec<_> = arg.get_possible_values();
        let id = arg.get_id().to_string();
        let arg = match help_zh::argument(&name, &id) {
            Some(text) => arg.help(text).long_help(text),
            None => arg,
        };
        if values.is_empty() {
            return arg;
        }
        let told = values.into_iter().map(|one| match help_zh::value(&id, one.get_name()) {
            Some(text) => one.help(text),
            None => one,
        });
        let told: Vec<_> = told.collect();
        arg.value_parser(PossibleValuesParser::new(told))
    })
}

/// The usage of a command as clap writes it, with the words of a language.
#[must_use]
pub fn usage(written: &str, lang: Lang) -> String {
    let bare = written.trim().trim_start_matches("Usage:").trim();
    match lang {
        Lang::En => bare.to_owned(),
        Lang::Zh => {
            bare.replace("[OPTIONS]", "[选项]").replace("[COMMAND]", "[命令]").replace("<COMMAND>", "<命令>")
        }
    }
}

/// The help of a command.
fn page(command: &Command, lang: Lang) -> String {
    let about = command.get_long_about().or(command.get_about());
    let mut text = about.map_or_else(String::new, |about| wrapped(&about.to_string(), 0, WIDE));
    let written = command.clone().render_usage().to_string();
    text.push('\n');
    text.push_str(&hanging(lang.pick("用法：", "Usage: "), &usage(&written, lang), WIDE));
    let commands: Vec<&Command> = command.get_subcommands().collect();
    if !commands.is_empty() {
        text.push_str(&titled(lang.pick("命令：", "Commands:"), list(&commands)));
    }
    let (mut own, mut of_all) = (Vec::new(), Vec::new());
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        // What every command has stands last.
        let list = if ["help", "version"].contains(&arg.get_id().as_str()) { &mut of_all } else { &mut own };
        list.push(arg);
    }
    let (positional, mut options): (Vec<&Arg>, Vec<&Arg>) =
        own.into_iter().partition(|arg| arg.is_positional());
    options.extend(of_all);
    for (title, args) in
        [(lang.pick("参数：", "Arguments:"), positional), (lang.pick("选项：", "Options:"), options)]
    {
        if !args.is_empty() {
            let all: Vec<String> = args.into_iter().map(|arg| argument(arg, lang)).collect();
            text.push_str(&titled(title, all.join("\n")));
        }
    }
    if let Some(after) = command.get_after_help() {
        text.push('\n');
        text.push_str(&wrapped(&after.to_string(), 0, WIDE));
    }
    text
}

fn titled(title: &str, below: String) -> String {
    format!("\n{title}\n{below}")
}

/// The commands, each with what it is for.
fn list(commands: &[&Command]) -> String {
    let widest = commands.iter().map(|one| one.get_name().len()).max().unwrap_or_default();
    let line = |one: &&Command| {
        let about = one.get_about().map(ToString::to_string).unwrap_or_default();
        hanging(&format!("  {:widest$}  ", one.get_name()), &about, WIDE)
    };
    commands.iter().map(line).collect()
}

/// An argument: how it is written, what it means, its default and its values.
fn argument(arg: &Arg, lang: Lang) -> String {
    let short = match (arg.is_positional(), arg.get_short()) {
        (true, _) => String::new(),
        (false, Some(letter)) => format!("-{letter}, "),
        (false, None) => "    ".to_owned(),
    };
    let mut text = format!("  {short}{arg}\n");
    let meaning = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    text.push_str(&wrapped(&meaning, INDENT, WIDE));
    let values = arg.get_possible_values();
    let defaults: Vec<_> = arg.get_default_values().iter().map(|one| one.to_string_lossy()).collect();
    if arg.get_action().takes_values() && !defaults.is_empty() {
        let words = match lang {
            Lang::Zh => format!("默认：{}", defaults.join(",")),
            Lang::En => format!("default: {}", defaults.join(",")),
        };
        text.push_str(&wrapped(&format!("[{words}]"), INDENT, WIDE));
    }
    if arg.get_action().takes_values() && !values.is_empty() {
        text.push_str(&wrapped(lang.pick("可取的值：", "Possible values:"), INDENT, WIDE));
        for one in &values {
            let mark = format!("{:INDENT$}- {}{}", "", one.get_name(), lang.pick("：", ": "));
            let meaning = one.get_help().map(ToString::to_string).unwrap_or_default();
            text.push_str(&after(&mark, &meaning, INDENT + 2, WIDE));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use help_zh::{ARGS, COMMANDS, EVERY, VALUES};

    /// Every command, the program itself first.
    fn commands() -> Vec<Command> {
        let program = described(Cli::command(), Lang::En);
        let all: Vec<Command> = program.get_subcommands().cloned().collect();
        std::iter::once(program).chain(all).collect()
    }

    /// The arguments of every command, with its name.
    fn arguments() -> Vec<(String, Arg)> {
        let of = |command: &Command| -> Vec<(String, Arg)> {
            command.get_arguments().map(|arg| (command.get_name().to_owned(), arg.clone())).collect()
        };
        commands().iter().filter(|one| one.get_name() != "help").flat_map(of).collect()
    }

    #[test]
    fn exact_every_command_argument_and_value_has_chinese() {
        for command in commands() {
            assert!(help_zh::command(command.get_name()).is_some(), "{}", command.get_name());
        }
        for (command, arg) in arguments() {
            let id = arg.get_id().as_str();
            assert!(help_zh::argument(&command, id).is_some(), "{command}: {id}");
            if arg.get_action().takes_values() {
                for one in arg.get_possible_values() {
                    assert!(
                        help_zh::value(id, one.get_name()).is_some(),
                        "{command}: {id} {}",
                        one.get_name()
                    );
                }
            }
        }
    }

    #[test]
    fn exact_every_chinese_text_names_something() {
        let names: Vec<String> = commands().iter().map(|one| one.get_name().to_owned()).collect();
        for (at, (name, ..)) in COMMANDS.iter().enumerate() {
            assert!(names.contains(&(*name).to_owned()), "{name}");
            assert!(COMMANDS[..at].iter().all(|(before, ..)| before != name), "{name} stands twice");
        }
        let all = arguments();
        for (at, (of, id, _)) in ARGS.iter().enumerate() {
            let own = |command: &str| ARGS.iter().any(|(of, known, _)| *of == command && known == id);
            let is_used = all.iter().any(|(command, arg)| {
                arg.get_id().as_str() == *id && (command == of || (*of == EVERY && !own(command)))
            });
            assert!(is_used, "{of}: {id} is no argument that needs this text");
            assert!(ARGS[..at].iter().all(|one| (one.0, one.1) != (*of, *id)), "{of}: {id} stands twice");
        }
        for (id, name, _) in VALUES {
            let is_value = |arg: &Arg| arg.get_possible_values().iter().any(|one| one.get_name() == *name);
            assert!(all.iter().any(|(_, arg)| arg.get_id().as_str() == *id && is_value(arg)), "{id}: {name}");
        }
    }
}
