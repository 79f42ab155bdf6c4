//! What the program is built of: licences, crates that are there twice, and the notices that go with a binary. The lists are
//! those of `deny.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use toml::Table;

use crate::support::{path, text};

const NOTICES: &str = "THIRD-PARTY-NOTICES.txt";

/// A crate that a binary holds a part of, or whose macros wrote a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    licence: String,
    /// Where its sources stand.
    folder: String,
    is_own: bool,
}

fn deny() -> Table {
    text("deny.toml").parse().expect("TOML")
}

fn list<'t>(table: &'t Table, of: &str, key: &str) -> &'t [toml::Value] {
    table[of][key].as_array().map(Vec::as_slice).expect("a list")
}

fn cargo(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    let done =
        command.args(args).args(["--offline", "--locked"]).current_dir(path("")).output().expect("cargo");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

/// The crates of the binaries, without those of tests and build scripts; nothing is asked of a network.
fn parts() -> BTreeSet<Part> {
    let mut wanted = BTreeSet::new();
    for target in list(&deny(), "graph", "targets") {
        let target = target.as_str().expect("a target");
        let tree =
            cargo(&["tree", "-e", "normal", "--prefix", "none", "--format", "{p}", "--target", target]);
        let named = |line: &str| {
            let mut words = line.split_whitespace();
            Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
        };
        wanted.extend(tree.lines().filter_map(named));
    }
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--format-version", "1"])).expect("JSON");
    let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |package: &Value| Part {
        name: id(&package["name"]),
        version: id(&package["version"]),
        licence: id(&package["license"]),
        folder: Path::new(&id(&package["manifest_path"])).parent().expect("a folder").display().to_string(),
        is_own: package["source"].is_null(),
    };
    let packages = metadata["packages"].as_array().expect("packages").iter().map(of);
    let all: BTreeSet<Part> =
        packages.filter(|part| wanted.contains(&(part.name.clone(), part.version.clone()))).collect();
    assert_eq!(all.len(), wanted.len(), "every crate of the tree is among the packages");
    all
}

/// Whether one of the ways that a licence leaves is among those that are allowed: `A OR B`, `(A OR B) AND C`, `A/B`.
fn is_allowed(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let every = |part: &str| {
        let part = part.trim_matches(['(', ')', ' ']);
        part.replace('/', " OR ").split(" OR ").any(|one| allowed.contains(one.trim()))
    };
    !licence.is_empty() && licence.split(" AND ").all(every)
}

#[test]
fn exact_every_crate_is_under_a_licence_that_is_allowed() {
    let deny = deny();
    let allowed: BTreeSet<&str> =
        list(&deny, "licenses", "allow").iter().filter_map(|one| one.as_str()).collect();
    let parts = parts();
    let wrong: Vec<_> = parts.iter().filter(|part| !is_allowed(&part.licence, &allowed)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!is_allowed("GPL-3.0-only", &allowed) && !is_allowed("MIT AND GPL-3.0-only", &allowed));
    let unused: Vec<_> =
        allowed.iter().filter(|one| !parts.iter().any(|part| part.licence.contains(**one))).collect();
    assert!(unused.is_empty(), "allowed, but nobody's: {unused:?}");
}

/// Each crate once, but for those whose reason stands in `deny.toml`.
#[test]
fn exact_no_crate_is_there_twice_without_a_reason() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for part in parts() {
        versions.entry(part.name).or_default().insert(part.version);
    }
    let twice: BTreeSet<&str> =
        versions.iter().filter(|(_, all)| all.len() > 1).map(|(name, _)| name.as_str()).collect();
    let deny = deny();
    let skipped: BTreeSet<&str> = list(&deny, "bans", "skip")
        .iter()
        .filter_map(|one| one["crate"].as_str()?.split('@').next())
        .collect();
    assert_eq!(twice, skipped);
    let most = versions.values().map(BTreeSet::len).max();
    assert_eq!(most, Some(2), "{versions:?}");
}

/// The files of a crate that say under what it is given: where it leaves the choice, the shortest text will do.
fn licence_files(part: &Part) -> Vec<String> {
    let known = ["license", "licence", "copying", "copyright", "notice", "unlicense"];
    let mut names: Vec<String> = std::fs::read_dir(&part.folder)
        .expect("the sources of a crate")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| known.iter().any(|known| name.to_lowercase().starts_with(known)))
        .collect();
    names.sort();
    let mit = names.iter().any(|name| name.to_lowercase().contains("mit"));
    if mit && !part.licence.contains("AND") {
        let others = ["apache", "unlicense", "zlib", "boost", "cc0", "bsd", "bsl"];
        names.retain(|name| !others.iter().any(|other| name.to_lowercase().contains(other)));
    }
    names
}

/// The notices as they should be.
fn notices() -> String {
    let mut by_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for part in parts().into_iter().filter(|part| !part.is_own) {
        let Part { name, version, licence, folder, .. } = &part;
        let files = licence_files(&part);
        assert!(!files.is_empty(), "{name} {version} has no file of its licence: {folder}");
        for file in files {
            let bytes = std::fs::read(Path::new(folder).join(file)).expect("a file");
            let lines =
                String::from_utf8_lossy(&bytes).lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
            let text = lines.trim_matches('\n').to_owned();
            by_text.entry(text).or_default().insert(format!("{name} {version} ({licence})"));
        }
    }
    let mut groups: Vec<(BTreeSet<String>, String)> =
        by_text.into_iter().map(|(text, crates)| (crates, text)).collect();
    groups.sort();
    let mut out = String::from(
        "Third-party notices of fundcast\n\nA binary of fundcast holds parts of the crates below, each under the text that \
         follows its name; where a crate leaves\na choice of licences, the one whose text is given was chosen.\n",
    );
    for (crates, text) in groups {
        let crates: Vec<String> = crates.into_iter().collect();
        out.push_str(&format!("\n{}\n{}\n\n{text}\n", "=".repeat(100), crates.join("\n")));
    }
    out
}

#[test]
fn exact_the_notices_name_every_crate_of_the_binary() {
    let text = text(NOTICES);
    let lines: BTreeSet<&str> = text.lines().collect();
    let others = parts().into_iter().filter(|part| !part.is_own);
    let named: Vec<String> =
        others.map(|part| format!("{} {} ({})", part.name, part.version, part.licence)).collect();
    let missing: Vec<_> = named.iter().filter(|one| !lines.contains(one.as_str())).collect();
    assert!(missing.is_empty(), "write {NOTICES} anew (docs/reliability.md): {missing:#?}");
    assert!(named.len() > 100, "{}", named.len());
    assert!(text == notices(), "{NOTICES} is not what docs/reliability.md makes");
}

#[test]
#[ignore = "writes THIRD-PARTY-NOTICES.txt"]
fn write_the_notices() {
    std::fs::write(path(NOTICES), notices()).expect("written");
}
