//! Guards of the habits that no compiler sees: arrows between modules, lengths, absences, links, the glossary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fundcast::report::tables;

use crate::support::{POLICIES, path, scenario, text};

/// The longest function, in lines.
const LONGEST_FUNCTION: usize = 70;

/// The longest source file, in lines.
const LONGEST_FILE: usize = 450;

/// Source files that may be longer, with the reason; the number is their wall.
const LONG_FILES: [(&str, usize, &str); 4] = [
    ("src/report/tables.rs", 650, "one list: every column of every table"),
    ("crates/engine/src/policy/schedule.rs", 660, "one list: the compiled form of every rule shape"),
    (
        "crates/engine/src/raw/policy.rs",
        640,
        "one list: the file form of every rule shape, a comment for each key",
    ),
    ("crates/engine/src/population/tests.rs", 480, "tests"),
];

/// Uses of a module that stands below: none. An entry is (module, used module, reason).
const UPWARD: [(&str, &str, &str); 0] = [];

/// What may stand only in some source files: the word, where, and why.
const ABSENCES: [(&str, &[&str], &str); 18] = [
    ("HashMap", &[], "its order differs from run to run"),
    ("HashSet", &[], "its order differs from run to run"),
    (
        "println!",
        &["src/cli/terminal.rs", "crates/engine/src/illness/tests/speed.rs"],
        "the core prints nothing",
    ),
    (
        "print!(",
        &["src/cli/terminal.rs", "crates/engine/src/illness/tests/speed.rs"],
        "the core prints nothing",
    ),
    (
        "rayon",
        &["crates/engine/src/simulation/", "src/cli/simulate.rs", "src/cli/charts.rs"],
        "threads belong to the simulation and to drawing",
    ),
    ("thread::spawn", &[], "threads belong to the simulation"),
    (
        "std::fs",
        &["crates/engine/src/file.rs", "crates/engine/src/scenario/find.rs", "src/report/", "src/cli/"],
        "the core reads no file",
    ),
    ("File::open", FILES, "files from outside are opened in one place, which refuses what never ends"),
    ("fs::read(", FILES, "files from outside are read in one place, up to a size"),
    ("read_to_string", FILES, "files from outside are read in one place, up to a size"),
    ("fs::write(", FILES, "files are written whole, and into no link"),
    ("stdout()", TERMINAL, "only `terminal` prints, and shows what a terminal would obey"),
    ("stderr()", TERMINAL, "only `terminal` prints, and shows what a terminal would obey"),
    ("set_message(", TERMINAL, "only `terminal` prints, and shows what a terminal would obey"),
    (
        "Instant",
        &[
            "crates/engine/src/simulation/from_scenario.rs",
            "src/cli/",
            "crates/engine/src/illness/tests/speed.rs",
        ],
        "no clock",
    ),
    ("SystemTime", &[], "no clock"),
    ("std::env", &["src/cli/locale.rs"], "the locale alone is looked up, for the language of what is said"),
    ("rand::rng(", &[], "draws are keyed"),
];

/// Where files from outside are opened.
const FILES: &[&str] = &["crates/engine/src/file.rs"];

/// Where is printed.
const TERMINAL: &[&str] = &["src/cli/terminal.rs"];

/// Words that belong in no file; written in parts, so that this file does not hold them.
const FORBIDDEN: [&str; 12] = [
    concat!("to", "do!"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
    concat!("db", "g!("),
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("local", "host"),
    concat!("crates-", "mirror"),
    concat!("py", "pi."),
];

/// Every file of the repository below a folder, in order, without what is built.
fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if entry.is_dir() {
            if ![".git", "target", "output"].contains(&name.as_str()) {
                files(&entry, out);
            }
        } else {
            out.push(entry);
        }
    }
}

/// Name and text of every text file below a folder.
fn texts(below: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    files(&path(below), &mut all);
    let root = path("");
    all.into_iter()
        .filter_map(|file| {
            let text = String::from_utf8(std::fs::read(&file).expect("a file")).ok()?;
            let name = file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
            Some((name, text))
        })
        .collect()
}

fn rust(below: &str) -> Vec<(String, String)> {
    texts(below).into_iter().filter(|(name, _)| name.ends_with(".rs")).collect()
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

#[test]
fn exact_every_source_file_says_what_it_is() {
    let mut faults = Vec::new();
    for (name, text) in ["src", "crates", "tests", "examples", "benches"].into_iter().flat_map(rust) {
        if !text.starts_with("//! ") {
            faults.push(format!("{name} does not open with //!"));
        }
    }
    none(&faults);
}

/// All source files of the three crates.
fn sources() -> Vec<(String, String)> {
    let crates = rust("crates").into_iter().filter(|(name, _)| !name.contains("/tests/it/"));
    rust("src").into_iter().chain(crates).collect()
}

/// Where the source files of a crate stand.
const ENGINE: &str = "crates/engine/src/";
const CHART: &str = "crates/chart/src/";
const PROGRAM: &str = "src/";

/// A module: where its file or folder stands, and its name; the charts are a crate of one module.
type Module = (&'static str, String);

/// The modules of all crates in their order: those of the engine, then those of the program, the charts before
/// the reports.
fn modules() -> Vec<Module> {
    let of = |folder: &'static str| {
        let lib = text(&format!("{folder}lib.rs"));
        let names = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
        names.map(|name| (folder, name.to_owned())).collect::<Vec<Module>>()
    };
    let mut all = of(ENGINE);
    all.extend(of(PROGRAM));
    let report = all.iter().position(|(_, name)| name == "report").expect("a module `report`");
    all.insert(report, (CHART, "chart".to_owned()));
    all
}

/// The module of a source file; none for `lib.rs` and `main.rs`.
fn module_of(file: &str, modules: &[Module]) -> Option<usize> {
    modules.iter().position(|(folder, module)| {
        file.strip_prefix(folder).is_some_and(|rest| {
            let first = rest.split('/').next().unwrap_or_default();
            *folder == CHART || first.strip_suffix(".rs").unwrap_or(first) == module
        })
    })
}

/// The names that follow the name of a crate in a line; those of the charts among themselves are no modules.
fn used<'l>(file: &str, line: &'l str) -> impl Iterator<Item = &'l str> {
    let own = if file.starts_with(CHART) { "fundcast_engine::" } else { "crate::" };
    line.split(own).skip(1).map(|rest| {
        rest.split(|one: char| !one.is_ascii_alphanumeric() && one != '_').next().unwrap_or_default()
    })
}

#[test]
fn exact_modules_use_only_what_stands_above_them() {
    let modules = modules();
    assert!(modules.len() >= 15, "{modules:?}");
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let Some(own) = module_of(&file, &modules) else { continue };
        let own_name = &modules[own].1;
        for (number, line) in text.lines().enumerate() {
            let line = code(line);
            if line.contains("crate::{") {
                faults.push(format!("{file}:{}: one `use crate::` a module", number + 1));
            }
            for name in used(&file, line) {
                let allowed = UPWARD.iter().any(|(from, to, _)| from == own_name && *to == name);
                let below = modules.iter().position(|(_, one)| one == name).is_some_and(|other| other > own);
                if below && !allowed {
                    faults.push(format!("{file}:{}: {own_name} must not use {name}", number + 1));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn exact_folders_of_src_are_the_modules_of_lib() {
    let modules = modules();
    let mut seen = BTreeSet::new();
    for (file, _) in sources() {
        match module_of(&file, &modules) {
            Some(module) => drop(seen.insert(module)),
            None => {
                let roots = ["src/lib.rs", "src/main.rs", "crates/engine/src/lib.rs"];
                assert!(roots.contains(&file.as_str()), "{file} is in no module");
            }
        }
    }
    assert_eq!(seen.len(), modules.len());
    let map = text("docs/architecture.md");
    for (_, module) in &modules {
        assert!(
            map.contains(&format!("| `{module}` |")),
            "{module} is not in the map of docs/architecture.md"
        );
    }
}

/// Functions with their first line and length; the form that `cargo fmt` gives is taken for granted.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        let is_function = bare.split("fn ").next().is_some_and(|before| {
            before.len() < bare.len()
                && before
                    .split_whitespace()
                    .all(|word| ["const", "unsafe"].contains(&word) || word.starts_with("pub"))
        });
        if !is_function || bare.ends_with(';') || bare.ends_with('}') {
            continue;
        }
        let indent = &line[..line.len() - bare.len()];
        let end = lines[start + 1..].iter().position(|line| {
            line.strip_prefix(indent)
                .is_some_and(|rest| rest == "}" || (rest.starts_with(')') && rest.ends_with(';')))
        });
        all.push((start + 1, end.map_or(0, |end| end + 2)));
    }
    all
}

#[test]
fn exact_functions_of_src_are_short() {
    let mut faults = Vec::new();
    let mut n = 0;
    for (file, text) in sources().into_iter().chain(rust("benches")) {
        for (line, length) in functions(&text) {
            n += 1;
            if length > LONGEST_FUNCTION {
                faults.push(format!("{file}:{line}: {length} lines"));
            }
        }
    }
    none(&faults);
    assert!(n > 500, "{n} functions seen");
}

#[test]
fn exact_files_of_src_are_short() {
    let mut faults = Vec::new();
    for (file, text) in sources().into_iter().chain(rust("benches")) {
        let n = text.lines().count();
        let wall =
            LONG_FILES.iter().find(|(name, ..)| *name == file).map_or(LONGEST_FILE, |(_, wall, _)| *wall);
        if n > wall {
            faults.push(format!("{file}: {n} lines, at most {wall}"));
        }
    }
    for (file, _, _) in LONG_FILES {
        if text(file).lines().count() <= LONGEST_FILE {
            faults.push(format!("{file} is no longer long: take it off the list"));
        }
    }
    none(&faults);
}

/// Whether a file holds tests only.
fn is_test(file: &str) -> bool {
    file.contains("/tests") || file.ends_with("_tests.rs") || file.ends_with("/fixture.rs")
}

#[test]
fn exact_what_the_core_must_not_have_is_not_there() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let production = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (word, places, reason) in ABSENCES {
            let everywhere = ["HashMap", "HashSet", "println!", "print!("].contains(&word);
            if places.iter().any(|place| file.starts_with(place)) || (is_test(&file) && !everywhere) {
                continue;
            }
            let at = production.lines().position(|line| code(line).contains(word));
            if let Some(at) = at {
                faults.push(format!("{file}:{}: {word}: {reason}", at + 1));
            }
        }
    }
    none(&faults);
}

#[test]
fn exact_no_file_holds_a_forbidden_word() {
    let mut faults = Vec::new();
    for (file, text) in texts("") {
        for (number, line) in text.lines().enumerate() {
            for word in FORBIDDEN {
                if line.contains(word) {
                    faults.push(format!("{file}:{}: {word}", number + 1));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn exact_the_lock_file_names_only_the_public_registry() {
    for line in text("Cargo.lock").lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
}

/// The targets of all links of a Markdown text, without what is quoted as code.
fn links(markdown: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect();
        for rest in prose.split("](").skip(1) {
            all.extend(rest.split(')').next().map(|target| target.trim_matches(['<', '>']).to_owned()));
        }
    }
    all
}

#[test]
fn exact_links_between_documents_lead_somewhere() {
    let mut faults = Vec::new();
    for (file, text) in texts("").into_iter().filter(|(name, _)| name.ends_with(".md")) {
        for link in links(&text) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let folder = path(&file).parent().map(Path::to_owned).unwrap_or_default();
            if !folder.join(target).exists() {
                faults.push(format!("{file}: {link}"));
            }
        }
    }
    none(&faults);
}

#[test]
fn exact_files_named_in_documents_exist() {
    let beginnings = [
        "src/",
        "docs/",
        "tests/",
        "assets/",
        "scenarios/",
        "examples/",
        "benches/",
        "crates/",
        "integrations/",
    ];
    let mut faults = Vec::new();
    for (file, text) in texts("").into_iter().filter(|(name, _)| name.ends_with(".md")) {
        for quoted in text.split('`').skip(1).step_by(2) {
            let is_file = beginnings.iter().any(|start| quoted.starts_with(start))
                && !quoted.contains([' ', '*', '<', '{', '…', '\n'])
                && !quoted.contains("NAME")
                && !quoted.contains("/example");
            if is_file && !path(quoted).exists() {
                faults.push(format!("{file}: `{quoted}`"));
            }
        }
    }
    none(&faults);
}

/// The glossary: the identifiers of each section.
fn glossary() -> BTreeMap<String, Vec<String>> {
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut section = String::new();
    for line in text("docs/glossary.md").lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.to_owned();
        }
        let Some(row) = line.strip_prefix("| `") else { continue };
        let cells: Vec<&str> = row.trim_end_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 4, "four columns: {line}");
        assert!(cells.iter().all(|cell| !cell.trim().is_empty()), "{line}");
        let first = format!("`{}", cells[0]);
        let names = first.split('`').skip(1).step_by(2).map(ToOwned::to_owned);
        // A word with two uses says after it which one is meant, and stands once for each.
        let qualified = first.contains(" (of ");
        let known = sections.entry(section.clone()).or_default();
        for name in names {
            assert!(qualified || !known.contains(&name), "`{name}` stands twice in {section}");
            known.push(name);
        }
    }
    sections
}

#[test]
fn exact_the_glossary_has_every_id_of_the_shipped_policies() {
    let glossary = glossary();
    let known = &glossary["Ids of the shipped policies"];
    let mut ids = BTreeSet::new();
    for (_, file) in POLICIES {
        let names = scenario(file, &[]).policy.names;
        let all = [names.categories, names.traits, names.pools, names.lines, names.funders];
        ids.extend(all.into_iter().flatten().map(|name| name.id));
    }
    assert!(ids.len() > 30, "{ids:?}");
    let known: BTreeSet<String> = known.iter().cloned().collect();
    assert_eq!(known, ids, "what the glossary has, and what the policies have");
}

#[test]
fn exact_the_glossary_has_every_column_of_the_tables() {
    let glossary = glossary();
    let known: BTreeSet<&str> = glossary["Columns of the tables"].iter().map(String::as_str).collect();
    let written: BTreeSet<&str> = tables::OF_A_RUN
        .iter()
        .chain(&tables::OF_A_COMPARISON)
        .chain([
            &&tables::COLUMNS,
            &&tables::TRIALS,
            &&tables::SOLVE,
            &&tables::SENSITIVITY,
            &&tables::TAPER,
            &&tables::TAPER_LEAVERS,
            &&tables::TAPER_LEAVERS_PAYERS,
        ])
        .flat_map(|table| table.columns.iter().map(|column| column.name))
        .collect();
    // A definition may name another column, which is quoted too: only the first cell counts.
    assert_eq!(known, written, "what the glossary has, and what the tables have");
}
