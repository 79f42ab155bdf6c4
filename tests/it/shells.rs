//! `fundcast completions` and `fundcast man`: every command stands in the script of every shell and has a page.

use clap::CommandFactory;
use fundcast::cli::args::Cli;

use crate::command::fundcast;
use crate::support::text;

/// The names of all commands.
fn commands() -> Vec<String> {
    let program = Cli::command();
    let names: Vec<String> = program.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    assert!(names.len() >= 19 && names.contains(&"import".to_owned()), "{names:?}");
    names
}

/// Every shell, with how its script names a command and an option.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "fundcast__subcmd__NAME"),
    ("zsh", "(NAME)"),
    ("fish", "__fish_fundcast_using_subcommand NAME"),
    ("powershell", "'fundcast;NAME'"),
    ("elvish", "'fundcast;NAME'"),
];

#[test]
fn exact_every_command_stands_in_the_script_of_every_shell() {
    for (shell, form) in SHELLS {
        let script = fundcast(&["completions", shell]).run().good();
        for name in commands() {
            let bare = form.replace("NAME", &name);
            // Bash joins the parts of a name by this.
            let joined = form.replace("NAME", &name.replace('-', "__subcmd__"));
            assert!(script.contains(&bare) || script.contains(&joined), "{shell}: {name}");
        }
        for option in ["fund-map", "replicates", "attribution-orders"] {
            assert!(script.contains(option), "{shell}: {option}");
        }
        assert_eq!(script, fundcast(&["completions", shell]).run().good(), "{shell}");
    }
    assert_eq!(fundcast(&["completions", "tcsh"]).run().code, 2);
}

#[test]
fn exact_every_command_has_a_page_of_the_manual() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = fundcast(&["man", "--out", "pages/man1"]).within(folder.path()).run().good();
    let page = |name: &str| {
        let path = folder.path().join("pages/man1").join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let program = page("fundcast.1");
    assert_eq!(program, fundcast(&["man"]).run().good());
    for name in commands() {
        assert!(
            program.contains(&format!("fundcast\\-{}(1)", name.replace('-', "\\-"))),
            "{name}: {program}"
        );
        let own = page(&format!("fundcast-{name}.1"));
        assert!(own.contains(".SH SYNOPSIS") && own.contains(".SH OPTIONS"), "{name}: {own}");
        assert!(said.contains(&format!("fundcast-{name}.1")), "{said}");
    }
    assert_eq!(
        std::fs::read_dir(folder.path().join("pages/man1")).expect("a folder").count(),
        commands().len() + 1
    );
    // Where a folder has the name of a page nothing takes its place.
    std::fs::remove_file(folder.path().join("pages/man1/fundcast-run.1")).expect("removed");
    std::fs::create_dir(folder.path().join("pages/man1/fundcast-run.1")).expect("a folder");
    assert_eq!(fundcast(&["man", "--out", "pages/man1"]).within(folder.path()).run().code, 1);
}

#[test]
fn exact_the_pages_name_the_commands_for_shells() {
    for page in ["README.md", "docs/shells.md"] {
        let page = text(page);
        assert!(page.contains("completions") && page.contains("man"), "both are named");
    }
    for (shell, _) in SHELLS {
        assert!(text("docs/shells.md").contains(&format!("fundcast completions {shell}")), "{shell}");
    }
}
