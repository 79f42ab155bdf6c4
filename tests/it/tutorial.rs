//! The tutorial in both languages: every command runs in the order of the page and shows what the page says it shows.

use std::path::Path;

use fundcast::lang::Lang;

use crate::command::fundcast;
use crate::support::{path, text};

/// A step of a page: a block of commands, of lines that the last of them shows, or a file to be written.
#[derive(Debug, PartialEq)]
enum Step {
    Commands(Vec<String>),
    Shown(Vec<String>),
    File(String, String),
}

/// The blocks of a page, in order.
fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let block: Vec<String> =
                lines.by_ref().take_while(|line| *line != "```").map(ToOwned::to_owned).collect();
            steps.push(match kind {
                "sh" => Step::Commands(block),
                "text" => Step::Shown(block),
                _ => {
                    let name = before.strip_prefix("<!-- file: ").and_then(|name| name.strip_suffix(" -->"));
                    Step::File(name.expect("the name of the file").to_owned(), block.join("\n") + "\n")
                }
            });
        }
        before = line;
    }
    steps
}

/// A command as it is typed, without the name of the program.
fn arguments(command: &str) -> Vec<&str> {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("fundcast"), "{command}");
    words.collect()
}

/// A command of a page, where nothing but the command says the language.
fn reader(command: &str) -> crate::command::Fundcast {
    fundcast(&arguments(command)).speaking(Lang::Zh)
}

/// Runs the steps in a folder with the tables of the page; commands that `is_run` leaves out show nothing.
fn follow(folder: &Path, steps: &[Step], is_run: impl Fn(&str) -> bool) {
    for table in ["register.xlsx", "register-new.xlsx", "fund.xlsx"] {
        std::fs::copy(path("docs/examples/tutorial").join(table), folder.join(table)).expect("copied");
    }
    let mut shown: Option<String> = None;
    for step in steps {
        match step {
            Step::File(name, content) => std::fs::write(folder.join(name), content).expect("written"),
            Step::Commands(commands) => {
                for command in commands {
                    shown = is_run(command).then(|| reader(command).within(folder).run().good());
                }
            }
            Step::Shown(lines) => {
                let Some(shown) = &shown else { continue };
                for line in lines {
                    assert!(shown.lines().any(|known| known == line), "{line}\nis not shown:\n{shown}");
                }
            }
        }
    }
}

#[test]
fn the_tutorial_does_what_it_says() {
    let steps = steps(&text("docs/教程.md"));
    let folder = tempfile::tempdir().expect("a folder");
    follow(folder.path(), &steps, |_| true);
    assert!(folder.path().join("output/shangsi/report.docx").is_file());
    assert!(folder.path().join("output/shangsi-vs-monitored-80/report.docx").is_file());
}

/// The English page has the same commands and shows the same figures; what takes a simulation is not run once more.
#[test]
fn the_english_tutorial_is_the_same() {
    let (zh, en) = (steps(&text("docs/教程.md")), steps(&text("docs/tutorial.md")));
    assert_eq!(zh.len(), en.len());
    let figures = |lines: &[String]| -> Vec<String> {
        let is_figure =
            |word: &&str| word.contains('.') && word.contains(|letter: char| letter.is_ascii_digit());
        let words = lines.iter().flat_map(|line| line.split([' ', '（', '）', '(', ')']));
        let bare = |word: &str| word.trim_start_matches(|c: char| !c.is_ascii() && c != '±').to_owned();
        words.filter(is_figure).map(bare).collect()
    };
    for (zh, en) in zh.iter().zip(&en) {
        match (zh, en) {
            (Step::Commands(zh), Step::Commands(en)) => {
                let translated: Vec<String> =
                    zh.iter().map(|command| format!("{command} --lang en")).collect();
                assert_eq!(&translated, en);
            }
            (Step::Shown(zh), Step::Shown(en)) => {
                assert_eq!(figures(zh), figures(en), "{zh:?}\n{en:?}");
            }
            (zh, en) => assert_eq!(zh, en),
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let is_quick = |command: &str| ["new", "check", "import"].contains(&arguments(command)[0]);
    follow(folder.path(), &en, is_quick);
}
