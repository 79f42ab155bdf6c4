//! A run worked out in units: cut any way, on any number of threads, interrupted and taken up again, it is the same run.

use std::collections::BTreeMap;
use std::path::Path;

use fundcast::lang::Lang;

use crate::command::{FANGCHENGGANG, fundcast};

/// Two counties, few years.
const SMALL: [&str; 8] =
    [FANGCHENGGANG, "--county", "450621", "--county", "450603", "--years", "2024-2025", "--seed=5"];

/// The hash of each file of a run, as its record says.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder.join("run.json")).expect("a record");
    let record: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let files = record["files"].as_object().expect("files");
    files.iter().map(|(name, hash)| (name.clone(), hash.as_str().expect("a hash").to_owned())).collect()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The names of the shards in a folder, in order.
fn shards(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn run(more: &[&str], out: &Path) -> String {
    fundcast(&["run"]).with(&SMALL).with(more).with(&["--dpi=50", "--out", &shown(out)]).run().good()
}

/// Cut into two units and into many, worked out in any order and twice, put together by one thread or two: every file is that
/// of the run in one piece. What is missing, there twice, damaged or of another plan is named, and nothing is written.
#[test]
fn exact_units_put_together_are_the_run_of_one_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    run(&["--replicates=70", "--quiet"], &at("whole"));
    for (name, seconds) in [("two", "3600"), ("many", "1")] {
        let plan = shown(&at(&format!("{name}.plan.json")));
        let seconds = format!("--unit-seconds={seconds}");
        let made =
            fundcast(&["plan"]).with(&SMALL).with(&["--replicates=70", &seconds, "--json", "--out", &plan]);
        let made: serde_json::Value = serde_json::from_str(&made.run().good()).expect("JSON");
        let n = made["units"].as_array().expect("units").len();
        assert!(if name == "two" { n == 2 } else { n >= 4 }, "{n} units");
        let own = at(&format!("{name}.plan.shards"));
        for number in (1..=n).rev() {
            let threads = if number % 2 == 0 { "1" } else { "2" };
            fundcast(&["block", &plan, &number.to_string(), "--threads", threads, "--quiet"]).run().good();
        }
        let before = std::fs::read(own.join(&shards(&own)[0])).expect("a shard");
        let again = fundcast(&["block", &plan, "1-2"]).run();
        assert!(again.code == 0 && again.err.contains("unit 1 is there already"), "{}", again.err);
        assert_eq!(std::fs::read(own.join(&shards(&own)[0])).expect("a shard"), before);
        let out = at(&format!("{name}-merged"));
        fundcast(&["merge", &plan, "--dpi=50", "--quiet", "--out", &shown(&out)])
            .speaking(Lang::Zh)
            .run()
            .good();
        assert_eq!(files(&out), files(&at("whole")), "{name}");
    }
    let (plan, own) = (shown(&at("many.plan.json")), at("many.plan.shards"));
    let names = shards(&own);
    std::fs::remove_file(own.join(&names[1])).expect("it is there");
    std::fs::copy(own.join(&names[2]), own.join("copy.parquet")).expect("a copy");
    let mut bytes = std::fs::read(own.join(&names[0])).expect("a shard");
    bytes.truncate(bytes.len() / 2);
    std::fs::write(own.join(&names[0]), bytes).expect("a damaged shard");
    let out = shown(&at("refused"));
    let refused = fundcast(&["merge", &plan, "--out", &out]).run();
    assert_eq!(refused.code, 2);
    let count = |said: &str| refused.err.matches(said).count();
    // The damaged one and the one that is gone, the one that is there twice, the damaged file itself.
    assert_eq!(
        [count("is missing: run fundcast block"), count("is there 2 times")],
        [2, 1],
        "{}",
        refused.err
    );
    assert!(refused.err.contains(&names[0]) && refused.err.contains("cut off or damaged"), "{}", refused.err);
    assert!(refused.err.contains("4 problems; nothing was put together"), "{}", refused.err);
    assert!(!at("refused").exists());
}

/// What is left in a folder is used by a run with more replicates, and what is damaged is simulated again.
#[test]
fn exact_a_run_is_extended_from_its_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let parts = shown(&at("parts"));
    run(&["--replicates=24", "--quiet", "--parts", &parts], &at("few"));
    let few = shards(&at("parts"));
    run(&["--replicates=40", "--quiet", "--parts", &parts], &at("many"));
    let many = shards(&at("parts"));
    assert!(few.iter().all(|name| many.contains(name)) && many.len() == 2 * few.len(), "{few:?} {many:?}");
    run(&["--replicates=40", "--quiet"], &at("whole"));
    assert_eq!(files(&at("many")), files(&at("whole")));
    std::fs::write(at("parts").join(&few[0]), "no shard").expect("a damaged part");
    let again = fundcast(&["run"]).with(&SMALL).with(&["--replicates=40", "--dpi=50", "--parts", &parts]);
    let again = again.with(&["--out", &shown(&at("again"))]).run();
    assert!(again.code == 0 && again.err.contains("不用") && again.err.contains("重新模拟"), "{}", again.err);
    assert_eq!(files(&at("again")), files(&at("whole")));
    // Parts of another run are not taken for those of this one.
    let other = fundcast(&["run"]).with(&SMALL).with(&["--replicates=40", "--dpi=50", "--parts", &parts]);
    let other =
        other.with(&["--set", "policy.assistance.margin.ratio=0.6", "--out", &shown(&at("other"))]).run();
    assert!(other.code == 0 && other.err.contains("属于另一次测算"), "{}", other.err);
    assert_ne!(files(&at("other")), files(&at("whole")));
}

/// Interrupted in the middle, a run says how to go on; taken up again it is the same run, and nothing else is left.
#[cfg(unix)]
#[test]
fn exact_an_interrupted_run_goes_on_where_it_was() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use crate::command::with_locale;

    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let arguments: Vec<String> = ["run"]
        .iter()
        .chain(&SMALL)
        .chain(&["--replicates=200", "--dpi=50", "--resume", "--out"])
        .map(|arg| (*arg).to_owned())
        .chain([shown(&at("run"))])
        .collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fundcast"));
    let mut child = with_locale(&mut command, Lang::Zh)
        .args(&arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a run");
    let parts = at("run.parts");
    let has_one = || parts.is_dir() && shards(&parts).iter().any(|name| !name.starts_with('.'));
    let began = Instant::now();
    while !has_one() && began.elapsed() < Duration::from_secs(300) {
        assert!(child.try_wait().expect("a state").is_none(), "it ended before its first part");
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = Instant::now();
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.expect("kill").success());
    let done = child.wait_with_output().expect("an end");
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    let said = String::from_utf8(done.stderr).expect("UTF-8");
    assert_eq!(done.status.code(), Some(130), "{said}");
    assert!(said.contains("再次运行同一命令（--resume）即可接着算"), "{said}");
    assert!(!at("run").exists() && has_one());
    let done = fundcast(&arguments).run();
    assert!(done.code == 0 && !done.err.contains("不用"), "what is there is used: {}", done.err);
    assert!(!parts.exists(), "parts are gone with the results in place");
    run(&["--replicates=200", "--quiet"], &at("whole"));
    assert_eq!(files(&at("run")), files(&at("whole")));
}

/// Plans that are none, were changed or ask for what is not there.
#[test]
fn exact_bad_plans_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = folder.path().join("a.plan.json");
    let make = || fundcast(&["plan"]).with(&SMALL).with(&["--replicates=2", "--out", &shown(&plan)]).run();
    make().good();
    let twice = make();
    assert!(twice.code == 2 && twice.err.contains("--force"), "{}", twice.err);
    let text = std::fs::read_to_string(&plan).expect("a plan");
    let refused = |text: &str, why: &str| {
        std::fs::write(&plan, text).expect("a plan");
        for command in ["block", "merge"] {
            let unit: &[&str] = if command == "block" { &["1"] } else { &[] };
            let done = fundcast(&[command, &shown(&plan)]).with(unit).run();
            assert!(done.code == 2 && done.err.contains(why), "{command}: {}", done.err);
        }
    };
    refused("", "is no plan");
    refused("{}", "is no plan");
    refused(&text.replace("\"n_replicates\": 2", "\"n_replicates\": 3"), "was changed since it was made");
    refused(
        &text.replace("\"program\": \"0.1.0\"", "\"program\": \"0.0.9\""),
        "another version of the program (0.0.9",
    );
    std::fs::write(&plan, &text).expect("a plan");
    for (unit, why) in
        [("3", "the plan has units 1 to 2"), ("0", "a number such as 3"), ("2-1", "a range such as 5-9")]
    {
        let done = fundcast(&["block", &shown(&plan), unit]).run();
        assert!(done.code == 2 && done.err.contains(why), "{unit}: {}", done.err);
    }
    let done = fundcast(&["merge", &shown(&plan)]).run();
    assert!(done.code == 2 && done.err.contains("a.plan.shards"), "{}", done.err);
}
