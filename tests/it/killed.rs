//! A run that is killed at any moment, or whose disk is full at any byte: the folder of results is the old one, the new
//! one or not there, never half, and the next run puts in order what is left.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fundcast::lang::Lang;

use crate::command::with_locale;
use crate::support::path;

/// How often a run is killed.
const N_KILLS: u32 = 40;

/// How much of the disk is left, in blocks of 512 bytes, from nothing to enough for every file.
const ROOM_IN_BLOCKS: [u32; 9] = [0, 1, 2, 4, 8, 16, 40, 100, 400];

fn run(folder: &Path, seed: u32) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fundcast"));
    with_locale(&mut command, Lang::Zh);
    command
        .args(arguments(seed))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn arguments(seed: u32) -> Vec<String> {
    let scenario = path("scenarios/ewenki.toml").display().to_string();
    let seed = seed.to_string();
    let quick =
        ["--replicates", "2", "--years", "2023", "--dpi", "50", "--threads", "1", "--quiet", "--force"];
    let own = ["run", &scenario, "--out", "run", "--seed", &seed];
    own.iter().chain(&quick).map(|arg| (*arg).to_owned()).collect()
}

/// The seed of the run that a folder holds, each of its files as its record says; none where there is no folder.
fn whole(folder: &Path) -> Option<u32> {
    let run = folder.join("run");
    if !run.exists() {
        return None;
    }
    let text = std::fs::read_to_string(run.join("run.json")).expect("a folder with its record");
    let record: serde_json::Value = serde_json::from_str(&text).expect("a whole record");
    let files = record["files"].as_object().expect("the files of a run");
    assert!(files.len() >= 12, "{files:?}");
    for (name, hash) in files {
        let bytes = std::fs::read(run.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash.as_str().expect("a hash"), "{name}");
    }
    let seed = record["seed"].as_u64().expect("a seed");
    Some(u32::try_from(seed).expect("a small seed"))
}

fn left(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn exact_a_run_that_is_killed_leaves_the_old_results_or_the_new_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    assert!(run(folder.path(), 1).status().expect("a run").success());
    let length = began.elapsed();
    let (mut old, mut n_old, mut n_new) = (1, 0, 0);
    for number in 0..N_KILLS {
        let seed = number + 2;
        let mut child = run(folder.path(), seed).spawn().expect("a run");
        // From before the first file to after the last rename.
        std::thread::sleep(length * (number + 1) / (N_KILLS - 4));
        child.kill().expect("a kill");
        child.wait().expect("an end");
        match whole(folder.path()) {
            Some(found) if found == seed => {
                (old, n_new) = (seed, n_new + 1);
            }
            Some(found) => {
                assert_eq!(found, old, "killed after {number} of {N_KILLS}");
                n_old += 1;
            }
            // Between two renames: what was there stands beside it, and the next run puts it back.
            None => assert!(left(folder.path()).iter().any(|name| name.starts_with(".run.old-")), "lost"),
        }
    }
    assert!(n_old > 0, "no kill came before the end");
    assert!(run(folder.path(), 1000).status().expect("a run").success());
    assert_eq!(whole(folder.path()), Some(1000));
    assert_eq!(left(folder.path()), ["run"], "{n_old} old, {n_new} new");
}

#[test]
fn exact_a_full_disk_leaves_the_old_results_and_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(run(folder.path(), 1).status().expect("a run").success());
    let (mut n_said, mut n_done) = (0, 0);
    for (number, blocks) in ROOM_IN_BLOCKS.into_iter().enumerate() {
        let seed = u32::try_from(number).expect("a few") + 2;
        // Told by an error of the system, and by a signal that ends the program.
        for trap in ["trap '' XFSZ; ", ""] {
            let before = whole(folder.path());
            let line = format!("{trap}ulimit -f {blocks}; exec \"$0\" \"$@\"");
            let done = with_locale(&mut Command::new("sh"), Lang::Zh)
                .args(["-c", &line, env!("CARGO_BIN_EXE_fundcast")])
                .args(arguments(seed))
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .output()
                .expect("a run");
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            if done.status.success() {
                assert_eq!(whole(folder.path()), Some(seed));
                n_done += 1;
            } else {
                assert_eq!(whole(folder.path()), before, "{blocks} blocks: {said}");
                if !trap.is_empty() {
                    assert_eq!(done.status.code(), Some(1), "{said}");
                    assert!(said.contains("无法写入") && !said.contains("panicked"), "{said}");
                    n_said += 1;
                }
            }
        }
    }
    assert!(n_said > 3 && n_done > 0, "{n_said} said, {n_done} done");
    assert!(run(folder.path(), 1000).status().expect("a run").success());
    assert_eq!(left(folder.path()), ["run"]);
}

/// Ctrl-C ends a run within a second, says that nothing was written, and leaves what was there.
#[test]
fn exact_an_interrupted_run_ends_at_once_and_says_that_nothing_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(run(folder.path(), 1).status().expect("a run").success());
    // So many replicates would take hours.
    let mut args = arguments(2);
    let of_replicates = args.iter().position(|arg| arg == "--replicates").expect("replicates") + 1;
    "1000000".clone_into(&mut args[of_replicates]);
    let child = Command::new(env!("CARGO_BIN_EXE_fundcast"))
        .args(args)
        .args(["--lang", "en"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a run");
    let began = Instant::now();
    while !left(folder.path()).iter().any(|name| name.starts_with(".run.partial-")) {
        assert!(began.elapsed() < Duration::from_secs(30), "it never began");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success());
    let done = child.wait_with_output().expect("an end");
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(130), "{said}");
    assert_eq!(said, "stopped: nothing was written\n");
    assert_eq!((whole(folder.path()), left(folder.path())), (Some(1), vec!["run".to_owned()]));
}
