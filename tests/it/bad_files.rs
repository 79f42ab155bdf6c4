//! Broken scenario files: each is refused, at the right place and in words that lead to the repair.

use fundcast::scenario;

use crate::languages;
use crate::support::{path, text};

fn broken_files() -> Vec<String> {
    let entries = std::fs::read_dir(path("tests/bad")).expect("tests/bad is there");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter_map(|name| name.strip_suffix(".toml").map(ToOwned::to_owned))
        .collect();
    names.sort();
    names
}

/// The faults of a broken scenario, as they are shown, with paths relative to the repository.
fn faults_of(name: &str) -> String {
    let faults = scenario::load(&path(&format!("tests/bad/{name}.toml")), &[])
        .err()
        .unwrap_or_else(|| panic!("tests/bad/{name}.toml was accepted"));
    let mixed: Vec<String> = faults.list.iter().filter_map(languages::mixed).collect();
    assert!(mixed.is_empty(), "{name}: {mixed:#?}");
    faults.to_string().replace(&format!("{}/", env!("CARGO_MANIFEST_DIR")), "")
}

#[test]
fn exact_broken_files_are_refused_with_the_expected_words() {
    let names = broken_files();
    assert!(names.len() >= 15, "only {} broken files", names.len());
    for name in names {
        let shown = faults_of(&name);
        let expected = text(&format!("tests/bad/{name}.expected"));
        assert!(!expected.trim().is_empty(), "{name}.expected is empty");
        for line in expected.lines().filter(|line| !line.trim().is_empty()) {
            assert!(shown.contains(line), "tests/bad/{name}.toml\nexpected: {line}\nshown:\n{shown}");
        }
    }
}

/// Every fault names a file and, but for a file that is missing or goes round in a circle, a line.
#[test]
fn exact_faults_name_file_and_line() {
    for name in broken_files().iter().filter(|name| *name != "circular_base") {
        let faults = scenario::load(&path(&format!("tests/bad/{name}.toml")), &[]).expect_err(name);
        for fault in &faults.list {
            assert!(!fault.file.is_empty() && fault.line.is_some(), "{name}: {fault}");
        }
        assert_eq!(faults.list.len(), 1, "{name} is broken in one way, but shows:\n{faults}");
    }
}
