//! Tests of run folders: written whole or not at all, never over another run.

use super::*;

/// The scenario of a file `NAME.toml` in a folder.
fn owner(folder: &str, name: &str) -> Owner {
    Owner { scenario: name.to_owned(), scenario_files: vec![format!("/{folder}/{name}.toml")] }
}

fn run_of(target: &Path, owner: &Owner, replace: Replace, text: &str) -> Result<PathBuf, WriteError> {
    let folder = RunFolder::begin(target, owner, replace)?;
    folder.write("people.csv", |out| out.write_all(text.as_bytes()))?;
    folder.write("charts/fan.svg", |out| out.write_all(b"<svg/>"))?;
    let files: std::collections::BTreeMap<String, String> = folder.hashes()?.into_iter().collect();
    let record = serde_json::json!({
        "scenario": owner.scenario, "scenario_files": owner.scenario_files, "files": files,
    });
    folder.write(record::FILE, |out| out.write_all(record.to_string().as_bytes()))?;
    folder.finish()
}

fn run(target: &Path, scenario: &str, replace: Replace, text: &str) -> Result<PathBuf, WriteError> {
    run_of(target, &owner("plans", scenario), replace, text)
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
    let folder = RunFolder::begin(&target, &owner("plans", "city"), Replace::Refuse).unwrap();
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
    let first = RunFolder::begin(&target, &owner("plans", "city"), Replace::Refuse).unwrap();
    let refused = RunFolder::begin(&target, &owner("plans", "city"), Replace::Refuse).unwrap_err();
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
    let error =
        RunFolder::begin(&blocked.join("city"), &owner("plans", "city"), Replace::Refuse).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(&format!("{} is a file, not a folder", blocked.display())), "{text}");
}

#[test]
fn exact_two_files_of_one_name_are_two_scenarios() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    run_of(&target, &owner("north", "city"), Replace::Refuse, "a").unwrap();
    for replace in [Replace::Refuse, Replace::SameScenario] {
        let refused = run_of(&target, &owner("south", "city"), replace, "b").unwrap_err().to_string();
        assert!(refused.contains("holds a run of `city` from /north/city.toml"), "{refused}");
    }
    assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), "a");
    run_of(&target, &owner("north", "city"), Replace::SameScenario, "c").unwrap();
    assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), "c");
}

#[test]
fn exact_what_no_run_wrote_is_carried_over() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    run(&target, "city", Replace::Refuse, "a").unwrap();
    fs::write(target.join("notes.docx"), "mine").unwrap();
    fs::write(target.join("charts/mine.svg"), "my chart").unwrap();
    fs::create_dir_all(target.join("letters/empty")).unwrap();
    run(&target, "city", Replace::SameScenario, "b").unwrap();
    let text = |name: &str| fs::read_to_string(target.join(name)).unwrap();
    assert_eq!(
        (text("people.csv"), text("notes.docx"), text("charts/mine.svg")),
        ("b".into(), "mine".into(), "my chart".into())
    );
    assert_eq!(names(&target), ["charts", "letters", "notes.docx", "people.csv", "run.json"]);
    assert!(target.join("letters/empty").is_dir());
    // They are still nobody's but the user's, so the next run carries them over as well.
    run(&target, "city", Replace::SameScenario, "c").unwrap();
    assert_eq!((text("people.csv"), text("notes.docx")), ("c".into(), "mine".into()));
    assert_eq!(names(output.path()), ["city"]);
}

#[test]
fn exact_what_somebody_changed_is_not_replaced() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    run(&target, "city", Replace::Refuse, "a").unwrap();
    fs::write(target.join("people.csv"), "a, with my remarks").unwrap();
    let refused = run(&target, "city", Replace::SameScenario, "b").unwrap_err().to_string();
    assert!(refused.contains("changed since the run wrote it: people.csv"), "{refused}");
    assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), "a, with my remarks");
    assert_eq!(names(output.path()), ["city"]);
}

#[test]
fn exact_what_arrives_while_a_run_goes_on_is_kept() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    run(&target, "city", Replace::Refuse, "a").unwrap();
    let folder = RunFolder::begin(&target, &owner("plans", "city"), Replace::SameScenario).unwrap();
    folder.write("people.csv", |out| out.write_all(b"b")).unwrap();
    fs::write(target.join("late.txt"), "mine").unwrap();
    folder.finish().unwrap();
    assert_eq!(fs::read_to_string(target.join("late.txt")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), "b");
}

#[test]
fn exact_a_detour_leads_to_the_same_folder() {
    let output = tempfile::tempdir().unwrap();
    let target = output.path().join("city");
    run(&target, "city", Replace::Refuse, "a").unwrap();
    for detour in ["city/../city", "city/.", "new/../city", "city/charts/.."] {
        let path = output.path().join(detour);
        let refused = run(&path, "city", Replace::Refuse, "b").unwrap_err();
        assert!(matches!(refused, WriteError::Exists(_)), "{detour}: {refused}");
        run(&path, "city", Replace::SameScenario, detour).unwrap();
        assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), detour);
        assert_eq!(names(output.path()), ["city"], "{detour}");
    }
}

#[cfg(unix)]
#[test]
fn exact_links_are_kept_and_not_followed() {
    let output = tempfile::tempdir().unwrap();
    let (target, papers) = (output.path().join("city"), output.path().join("papers"));
    fs::create_dir(&papers).unwrap();
    fs::write(papers.join("thesis.txt"), "x").unwrap();
    run(&target, "city", Replace::Refuse, "a").unwrap();
    std::os::unix::fs::symlink(&papers, target.join("papers")).unwrap();
    let link = output.path().join("latest");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    run(&link, "city", Replace::SameScenario, "b").unwrap();
    assert_eq!(fs::read_to_string(target.join("people.csv")).unwrap(), "b");
    assert_eq!(fs::read_to_string(target.join("papers/thesis.txt")).unwrap(), "x");
    assert!(fs::symlink_metadata(target.join("papers")).unwrap().is_symlink());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}
