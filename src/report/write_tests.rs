//! Tests of run folders: written whole or not at all, never over another run.

use super::*;

fn run(target: &Path, scenario: &str, replace: Replace, text: &str) -> Result<PathBuf, WriteError> {
    let folder = RunFolder::begin(target, scenario, replace)?;
    folder.write("people.csv", |out| out.write_all(text.as_bytes()))?;
    folder.write("charts/fan.svg", |out| out.write_all(b"<svg/>"))?;
    let record = format!("{{\"scenario\": \"{scenario}\"}}");
    folder.write(crate::report::record::FILE, |out| out.write_all(record.as_bytes()))?;
    folder.finish()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn exact_a_finished_run_is_all_there_is() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    assert_eq!(run(&target, "city", Replace::Refuse, "a").unwrap(), target);
    assert_eq!(names(output.path()), ["city"]);
    assert_eq!(names(&target), ["charts", "people.csv", "run.json"]);
}

#[test]
fn exact_a_run_is_replaced_only_when_asked() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    run(&target, "city", Replace::Refuse, "a").unwrap();
    let refused = run(&target, "city", Replace::Refuse, "b").unwrap_err();
    assert!(matches!(refused, WriteError::Exists(_)), "{refused}");
    assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), "a");
    run(&target, "city", Replace::SameScenario, "b").unwrap();
    assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), "b");
    assert_eq!(names(output.path()), ["city"]);
}

#[test]
fn exact_another_scenario_or_a_strange_folder_is_never_replaced() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    run(&target, "city", Replace::Refuse, "a").unwrap();
    let refused = run(&target, "reform", Replace::SameScenario, "b").unwrap_err();
    let text = refused.to_string();
    assert!(text.contains("holds a run of `city`") && text.contains("--out"), "{text}");
    let strange = output.path().join("papers");
    fs::create_dir(&strange).unwrap();
    fs::write(strange.join("thesis.txt"), "x").unwrap();
    let refused = run(&strange, "city", Replace::SameScenario, "b").unwrap_err();
    assert!(matches!(refused, WriteError::NotARun { .. }), "{refused}");
    assert_eq!(names(&strange), ["thesis.txt"]);
    let file = output.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(matches!(run(&file, "city", Replace::SameScenario, "b"), Err(WriteError::NotARun { .. })));
    assert_eq!(names(output.path()), ["city", "file", "papers"]);
}

#[test]
fn exact_an_abandoned_run_leaves_nothing() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    let folder = RunFolder::begin(&target, "city", Replace::Refuse).unwrap();
    folder.write("people.csv", |out| out.write_all(b"half")).unwrap();
    drop(folder);
    assert_eq!(names(output.path()), Vec::<String>::new());
}

#[test]
fn exact_leftovers_of_a_crash_are_put_in_order() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    for left in [".city.partial-123", ".city.old-5", ".city.partial-x", ".cityhall.partial-1"] {
        fs::create_dir(output.path().join(left)).unwrap();
        fs::write(output.path().join(left).join("run.json"), "{\"scenario\": \"city\"}").unwrap();
    }
    // The run that was to be replaced is back, so that this one needs leave to replace it.
    let refused = run(&target, "city", Replace::Refuse, "a").unwrap_err();
    assert!(matches!(refused, WriteError::Exists(_)), "{refused}");
    assert_eq!(names(output.path()), [".city.partial-x", ".cityhall.partial-1", "city"]);
}

#[test]
fn exact_two_runs_to_one_folder_do_not_mix() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    let first = RunFolder::begin(&target, "city", Replace::Refuse).unwrap();
    let refused = RunFolder::begin(&target, "city", Replace::Refuse).unwrap_err();
    assert!(matches!(refused, WriteError::Busy(_)), "{refused}");
    first.write("people.csv", |out| out.write_all(b"a")).unwrap();
    first.finish().unwrap();
    assert_eq!(names(&target), ["people.csv"]);
}

#[test]
fn exact_an_error_names_the_path_and_the_cause() {
    let output = tempfile::tempdir().unwrap();
    let blocked = output.path().join("file");
    fs::write(&blocked, "x").unwrap();
    let error = RunFolder::begin(&blocked.join("city"), "city", Replace::Refuse).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(&format!("cannot write {}", blocked.display())), "{text}");
}
