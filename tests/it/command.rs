//! The built program as a user runs it: arguments and standard input in, exit code and texts out.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use fundcast::lang::Lang;

/// The main scenario.
pub const FANGCHENGGANG: &str = "scenarios/fangchenggang.toml";

/// What a run left behind.
#[derive(Debug)]
pub struct Done {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A command to be run, in the root of the repository if not said otherwise.
#[derive(Debug)]
pub struct Fundcast {
    args: Vec<String>,
    lang: Lang,
    input: Vec<u8>,
    folder: std::path::PathBuf,
}

/// The program with arguments.
pub fn fundcast<A: AsRef<str>>(args: &[A]) -> Fundcast {
    let args: Vec<String> = args.iter().map(|arg| arg.as_ref().to_owned()).collect();
    Fundcast {
        lang: lang_of(&args),
        args,
        input: Vec::new(),
        folder: Path::new(env!("CARGO_MANIFEST_DIR")).to_owned(),
    }
}

/// Tests read what reckons for people in Chinese, and in English what looks at files and cases, help and usage; a test
/// that reads another language says so.
fn lang_of(args: &[String]) -> Lang {
    const CHINESE: [&str; 13] = [
        "run",
        "budget",
        "compare",
        "taper",
        "sensitivity",
        "report",
        "verify",
        "why",
        "explain",
        "clauses",
        "fill",
        "new",
        "import",
    ];
    let is_help = args.iter().any(|arg| arg == "--help" || arg == "-h");
    let is_chinese = args.first().is_some_and(|command| CHINESE.contains(&command.as_str()));
    if is_chinese && !is_help { Lang::Zh } else { Lang::En }
}

/// Gives a program the locale of a language, whatever that of the machine is; without any it speaks Chinese.
pub fn with_locale(command: &mut Command, lang: Lang) -> &mut Command {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    match lang {
        Lang::Zh => command,
        Lang::En => command.env("LANG", "en_US.UTF-8"),
    }
}

/// Settles JSON lines from standard input under a scenario.
pub fn settle(scenario: &str, lines: impl AsRef<[u8]>) -> Done {
    fundcast(&["settle", scenario, "--cases", "-"]).input(lines).run()
}

/// Settles two tables, written to files first.
pub fn settle_tables(persons: &str, claims: &str) -> Done {
    settle_tables_of_bytes(persons.as_bytes(), claims.as_bytes())
}

/// Settles two tables in any encoding.
pub fn settle_tables_of_bytes(persons: &[u8], claims: &[u8]) -> Done {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a table");
        path.display().to_string()
    };
    let (persons, claims) = (write("persons.csv", persons), write("claims.csv", claims));
    fundcast(&["settle", FANGCHENGGANG, "--persons", &persons, "--claims", &claims]).run()
}

impl Fundcast {
    /// With more arguments.
    pub fn with<A: AsRef<str>>(mut self, more: &[A]) -> Self {
        self.args.extend(more.iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// In another folder than the root of the repository.
    pub fn within(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }

    /// Where the locale is of this language.
    pub fn speaking(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// With standard input.
    pub fn input(mut self, bytes: impl AsRef<[u8]>) -> Self {
        bytes.as_ref().clone_into(&mut self.input);
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Done {
        let mut child = with_locale(&mut Command::new(env!("CARGO_BIN_EXE_fundcast")), self.lang)
            .args(&self.args)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // A program that stops before it has read its input closes the pipe: that is no fault of the test.
        let _ = child.stdin.take().expect("a pipe").write_all(&self.input);
        let done = child.wait_with_output().expect("the program ends");
        Done {
            code: done.status.code().expect("an exit code"),
            out: String::from_utf8(done.stdout).expect("UTF-8"),
            err: String::from_utf8(done.stderr).expect("UTF-8"),
        }
    }
}

impl Done {
    /// Asserts success and gives standard output.
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// Asserts bad input: exit code 2, nothing on standard output; gives standard error.
    pub fn refused(self) -> String {
        assert_eq!(self.code, 2, "out: {}\nerr: {}", self.out, self.err);
        assert_eq!(self.out, "", "nothing is settled");
        self.err
    }
}

/// Runs another program that opens what ours wrote. `None` where it is not installed; the gate, which installs it, says
/// so by a variable, and then it is a fault.
pub fn opened_with(program: &mut Command) -> Option<std::process::Output> {
    let done = program.output().ok();
    let is_promised = std::env::var_os("FUNDCAST_OPENED_WITH").is_some();
    assert!(done.is_some() || !is_promised, "not installed: {}", program.get_program().display());
    done
}
