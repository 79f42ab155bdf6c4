//! `completions` and `man`: what shells complete and the pages of the manual, from the definitions of the command line.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, ValueEnum};

use super::args::{Cli, LangOption};
use super::{Stop, help, terminal};
use crate::file;
use crate::lang::Lang;
use crate::report::write::not_written;

/// The name of the program, and of its pages before that of the command.
const PROGRAM: &str = "fundcast";

/// What `completions` is told.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: ShellArg,
}

/// The shells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShellArg {
    /// fundcast completions bash > ~/.local/share/bash-completion/completions/fundcast
    Bash,
    /// fundcast completions zsh > _fundcast, in a folder of $fpath
    Zsh,
    /// fundcast completions fish > ~/.config/fish/completions/fundcast.fish
    Fish,
    /// fundcast completions powershell >> $PROFILE
    Powershell,
    /// fundcast completions elvish >> ~/.config/elvish/rc.elv
    Elvish,
}

impl From<ShellArg> for clap_complete::Shell {
    fn from(shell: ShellArg) -> Self {
        match shell {
            ShellArg::Bash => Self::Bash,
            ShellArg::Zsh => Self::Zsh,
            ShellArg::Fish => Self::Fish,
            ShellArg::Powershell => Self::PowerShell,
            ShellArg::Elvish => Self::Elvish,
        }
    }
}

/// What `man` is told.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder that gets a page for the program and for each command; without it the page of the program is printed
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
}

/// Prints the script of a shell.
pub fn completions(args: &CompletionsArgs, lang: Lang) -> Result<(), Stop> {
    let mut script = Vec::new();
    clap_complete::generate(
        clap_complete::Shell::from(args.shell),
        &mut help::described(Cli::command(), lang),
        PROGRAM,
        &mut script,
    );
    Ok(terminal::generated(&script)?)
}

/// Prints the page of the program, or writes all pages into a folder; pages that are there are replaced.
pub fn man(args: &ManArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    // Names the commands in full: `fundcast-run`.
    let program = help::described(Cli::command().disable_help_subcommand(true), lang);
    let Some(folder) = &args.out else { return Ok(terminal::generated(&page(&program, lang)?)?) };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for command in std::iter::once(&program).chain(program.get_subcommands()) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let path = folder.join(format!("{name}.1"));
        file::write(&path, &page(command, lang)?).map_err(|error| failed(&path, &error))?;
        terminal::result(&format!("{}\n", path.display()))?;
    }
    Ok(())
}

fn page(command: &clap::Command, lang: Lang) -> Result<Vec<u8>, Stop> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(match lang {
        Lang::En => page,
        Lang::Zh => in_chinese(&String::from_utf8_lossy(&page)).into_bytes(),
    })
}

/// A page whose own words are Chinese too.
fn in_chinese(page: &str) -> String {
    const WORDS: [(&str, &str); 12] = [
        (".SH NAME", ".SH 名称"),
        (".SH SYNOPSIS", ".SH 概要"),
        (".SH DESCRIPTION", ".SH 说明"),
        (".SH OPTIONS", ".SH 选项"),
        (".SH SUBCOMMANDS", ".SH 命令"),
        (".SH EXTRA", ".SH 其他"),
        (".SH VERSION", ".SH 版本"),
        ("[\\fIOPTIONS\\fR]", "[\\fI选项\\fR]"),
        ("<\\fIsubcommands\\fR>", "<\\fI命令\\fR>"),
        ("[default: ", "[默认："),
        ("[possible values: ", "[可取的值："),
        ("\\fIPossible values:\\fR", "\\fI可取的值：\\fR"),
    ];
    WORDS.iter().fold(page.to_owned(), |page, (en, zh)| page.replace(en, zh))
}

fn failed(path: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(not_written(path, error))
}
