//! What the program meets in the file system and on the terminal: links, pipes, full disks, files of others, names that
//! do something. It says what is in the way, and loses and obeys nothing.

use std::path::Path;
#[cfg(unix)]
use std::process::{Command, Stdio};
#[cfg(unix)]
use std::time::{Duration, Instant};

use fundcast::lang::Lang;

use crate::command::{Done, FANGCHENGGANG, fundcast, with_locale};
use crate::support::{path, rows, scenarios_with};

/// Nothing of these tests may take longer: what waits, waits for ever.
#[cfg(unix)]
const LONGEST: Duration = Duration::from_secs(60);

/// The quickest run: a banner with one replicate.
fn run(out: &Path, more: &[&str]) -> Done {
    let scenario = path("scenarios/ewenki.toml").display().to_string();
    let out = out.display().to_string();
    let quick = ["--replicates", "1", "--years", "2023", "--dpi", "50", "--quiet", "--lang", "en"];
    fundcast(&["run", &scenario, "--out", &out]).with(&quick).with(more).run()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn is_whole_run(folder: &Path) -> bool {
    let there = names(folder);
    ["run.json", "projection.csv", "trials.parquet", "charts"]
        .iter()
        .all(|name| there.iter().any(|one| one == name))
}

#[cfg(unix)]
fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().expect("mkfifo").success());
}

/// Runs a line of the shell; what does not end in time fails.
#[cfg(unix)]
fn shell(line: &str, folder: &Path) -> (i32, String) {
    let mut child = with_locale(&mut Command::new("sh"), Lang::En)
        .args(["-c", line])
        .env("FUNDCAST", env!("CARGO_BIN_EXE_fundcast"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    let began = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if began.elapsed() > LONGEST {
            let _ = child.kill();
            panic!("it hangs: {line}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let done = child.wait_with_output().expect("the program ends");
    (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&done.stdout).into_owned())
}

#[cfg(unix)]
#[test]
fn exact_a_lock_takes_nothing_that_it_did_not_make() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("thesis"), "mine").expect("a file");
    std::os::unix::fs::symlink(at("thesis"), at(".a.lock")).expect("a link");
    pipe(&at(".b.lock"));
    std::fs::write(at(".c.lock"), "of another program").expect("a file");
    std::fs::create_dir(at(".d.lock")).expect("a folder");
    for name in ["a", "b", "c", "d"] {
        let said = run(&at(name), &[]).refused();
        assert!(said.contains(&format!(".{name}.lock is in the way")), "{said}");
        assert!(!at(name).exists());
    }
    assert_eq!(std::fs::read_to_string(at("thesis")).expect("a file"), "mine");
    assert_eq!(std::fs::read_to_string(at(".c.lock")).expect("a file"), "of another program");
    // What a run that was killed left is empty and nobody's.
    std::fs::write(at(".e.lock"), "").expect("a file");
    run(&at("e"), &[]).good();
    assert!(is_whole_run(&at("e")) && !at(".e.lock").exists());
}

/// Many runs to one folder at once: each writes it whole or says that another one does.
#[test]
fn exact_runs_at_once_never_mix() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let done: Vec<Done> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(|| run(&out, &["--force", "--threads", "1"]))).collect();
        all.into_iter().map(|one| one.join().expect("a run")).collect()
    });
    assert!(done.iter().any(|one| one.code == 0));
    for one in &done {
        assert!(one.code == 0 || one.err.contains("another run is writing to"), "{} {}", one.code, one.err);
    }
    assert!(is_whole_run(&out), "{:?}", names(&out));
    assert_eq!(names(folder.path()), ["run"]);
}

#[test]
fn exact_a_folder_that_cannot_be_replaced_is_refused_before_the_simulation() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("a/b")).expect("folders");
    std::fs::write(at("file"), "mine").expect("a file");
    let scenario = path("scenarios/ewenki.toml").display().to_string();
    // So many replicates would take hours.
    let refused = |within: &Path, out: &str| {
        let many = ["run", &scenario, "--replicates", "1000000", "--quiet", "--lang", "en", "--out", out];
        fundcast(&many).within(within).run().refused()
    };
    let here = at("a/b");
    for (out, words) in [
        (".", "is the folder in which the command was started"),
        ("../b", "is the folder in which the command was started"),
        ("..", "lies above the folder in which the command was started"),
        ("../../a", "lies above"),
        ("/", "lies above"),
        ("../../file", "exists and holds no run"),
        ("../../file/x", "is a file, not a folder"),
    ] {
        let said = refused(&here, out);
        assert!(said.contains(words) && said.contains("--out"), "{out}: {said}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere/x", at("dangling")).expect("a link");
        std::os::unix::fs::symlink("loop", at("loop")).expect("a link");
        std::os::unix::fs::symlink(&here, at("link")).expect("a link");
        for (out, words) in [
            ("../../dangling", "is a link that leads nowhere"),
            ("../../loop", "is a link that leads nowhere"),
            ("../../dangling/x", "is a link that leads nowhere"),
            ("../../link", "is the folder in which the command was started"),
        ] {
            let said = refused(&here, out);
            assert!(said.contains(words), "{out}: {said}");
        }
    }
    assert_eq!(names(&here), Vec::<String>::new());
    assert_eq!(names(&at("a")), ["b"]);
    // A document would take the place of the folder as well.
    run(&at("run"), &[]).good();
    let said = fundcast(&["report", ".", "--formats", "html"]).within(&at("run")).run().refused();
    assert!(said.contains("是运行命令所在的文件夹"), "{said}");
    assert!(is_whole_run(&at("run")));
}

#[test]
fn exact_what_others_put_into_a_run_folder_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    run(&out, &[]).good();
    std::fs::write(out.join("my-notes.docx"), "mine").expect("a file");
    run(&out.join("../run"), &["--force"]).good();
    assert_eq!(std::fs::read_to_string(out.join("my-notes.docx")).expect("a file"), "mine");
    assert_eq!(names(folder.path()), ["run"]);
}

/// Every command, its output to a full disk and to nobody: no panic, and a result that is lost is a failure.
#[cfg(target_os = "linux")]
#[test]
fn exact_a_full_or_closed_terminal_is_no_panic() {
    let root = path("");
    let cases = "docs/examples/cases.jsonl";
    let commands = [
        (format!("check {FANGCHENGGANG}"), 0, true),
        (format!("settle {FANGCHENGGANG} --cases {cases}"), 0, true),
        (format!("explain {FANGCHENGGANG} --cases {cases}"), 0, true),
        ("schema policy".to_owned(), 0, true),
        ("clauses ewenki --replicates 1".to_owned(), 0, true),
        ("--help".to_owned(), 0, true),
        ("run --help".to_owned(), 0, true),
        ("--version".to_owned(), 0, true),
        ("check scenarios/nowhere.toml".to_owned(), 2, false),
        ("settle wuxi --cases nowhere.jsonl".to_owned(), 2, false),
        ("no-such-command".to_owned(), 2, false),
        ("run ewenki --replicates 0".to_owned(), 2, false),
    ];
    for (command, code, has_result) in commands {
        for (streams, expected) in [
            (">/dev/full", if has_result { 1 } else { code }),
            (">/dev/null 2>/dev/full", code),
            (">/dev/full 2>/dev/full", if has_result { 1 } else { code }),
            (">&-", code),
            ("2>&- >/dev/null", code),
            (">&- 2>&-", code),
        ] {
            let (got, _) = shell(&format!("\"$FUNDCAST\" {command} {streams}"), &root);
            assert_eq!(got, expected, "{command} {streams}");
        }
        let (_, out) = shell(
            &format!("{{ {{ \"$FUNDCAST\" {command}; echo $? >&3; }} | true; }} 3>&1 2>&1 | tail -1"),
            &root,
        );
        assert_eq!(out.trim(), code.to_string(), "{command} to a reader that has gone");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn exact_results_that_cannot_be_printed_are_complete_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = path("scenarios/ewenki.toml").display().to_string();
    let line = format!(
        "\"$FUNDCAST\" run '{scenario}' --replicates 1 --years 2023 --dpi 50 --out run 2>&1 >/dev/full | tail -1"
    );
    let (_, said) = shell(&line, folder.path());
    assert!(
        said.contains("the output cannot be written") && said.contains("the results are complete in run"),
        "{said}"
    );
    assert!(is_whole_run(&folder.path().join("run")));
}

/// A pipe that nobody writes to in the place of every file that is read, one after the other.
#[cfg(unix)]
#[test]
fn exact_no_input_without_an_end_is_waited_for() {
    let home = scenarios_with::<&str, &str>(&[]);
    let at = |name: &str| home.path().join(name);
    let main = at("fangchenggang.toml").display().to_string();
    let read = [
        "fangchenggang.toml",
        "policies/fangchenggang-2022-08.toml",
        "policies/guangxi-common.toml",
        "places/fangchenggang/place.toml",
        "places/fangchenggang/counties.csv",
        "places/fangchenggang/categories.csv",
        "models/guangxi.toml",
    ];
    for name in read {
        std::fs::rename(at(name), at("kept")).expect("a file");
        pipe(&at(name));
        let (code, said) = shell(&format!("\"$FUNDCAST\" check '{main}' --lang en 2>&1"), home.path());
        assert!(code == 2 && said.contains("it is a pipe, not a file"), "{name}: {code} {said}");
        assert!(said.contains(name) && said.contains("1 fault found"), "{name}: {said}");
        std::fs::remove_file(at(name)).expect("a pipe");
        std::fs::rename(at("kept"), at(name)).expect("a file");
    }
    pipe(&at("pipe"));
    pipe(&at("pipe.csv"));
    for command in [
        "settle MAIN --cases pipe",
        "explain MAIN --cases pipe",
        "settle MAIN --persons pipe --claims pipe",
        "settle MAIN --cases /dev/zero",
        "new here --county 450181 --policy fangchenggang-2022-08 --register pipe.csv --lang en",
    ] {
        let command = command.replace("MAIN", &format!("'{main}'"));
        let (code, said) = shell(&format!("\"$FUNDCAST\" {command} 2>&1"), home.path());
        assert!(code == 2, "{command}: {code} {said}");
        assert!(
            said.contains("it is a pipe, not a file") || said.contains("it is a device"),
            "{command}: {said}"
        );
    }
    // A folder with a scenario of another kind beside it is looked through for names.
    pipe(&at("endless.toml"));
    let (code, said) = shell("\"$FUNDCAST\" check nowhere.toml --lang en 2>&1", home.path());
    assert!(code == 2 && said.contains("there is no such file"), "{said}");
}

/// Where a file of a finished run is a pipe now, the run is damaged.
#[cfg(unix)]
#[test]
fn exact_a_pipe_in_a_run_folder_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    run(&out, &[]).good();
    std::fs::remove_file(out.join("people.csv")).expect("a file");
    pipe(&out.join("people.csv"));
    let scenario = path("scenarios/ewenki.toml").display().to_string();
    for command in [
        "report run --lang en".to_owned(),
        format!("run '{scenario}' --replicates 1 --dpi 50 --quiet --force --out run"),
    ] {
        let (code, said) = shell(&format!("\"$FUNDCAST\" {command} 2>&1"), folder.path());
        assert!(code == 2 && said.contains("people.csv"), "{command}: {code} {said}");
    }
    assert!(is_whole_run(&out));
}

#[test]
fn exact_a_name_of_a_scenario_leads_to_no_other_folder() {
    let home = scenarios_with::<&str, &str>(&[]);
    let outside = home.path().join("outside");
    std::fs::create_dir_all(&outside).expect("a folder");
    for (from, to) in [("policies/ewenki-2022-09.toml", "a.toml"), ("models/ewenki.toml", "b.toml")] {
        if home.path().join(from).is_file() {
            std::fs::copy(home.path().join(from), outside.join(to)).expect("a copy");
        }
    }
    let main = home.path().join("ewenki.toml");
    let text = std::fs::read_to_string(&main).expect("a scenario");
    let with = |key: &str, value: &str| -> String {
        let lines = text.lines().map(|line| {
            let is_key = line.split('=').next().is_some_and(|name| name.trim() == key);
            if is_key { format!("{key} = {value:?}") } else { line.to_owned() }
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    for (key, value) in [
        ("policy", "../outside/a"),
        ("policy", "../../x"),
        ("policy", ".."),
        ("policy", ""),
        ("policy", "/etc/a"),
        ("policy", "..\\outside\\a"),
        ("place", "../places/ewenki"),
        ("place", "."),
        ("model", "../outside/b"),
    ] {
        std::fs::write(&main, with(key, value)).expect("a scenario");
        let said = fundcast(&["check", &main.display().to_string()]).run().refused();
        assert!(said.contains(&format!("{key} = ")) && said.contains("not a path"), "{key} {value}: {said}");
    }
    let folder = home.path().display().to_string();
    let said =
        fundcast(&["new-policy", "x", "--folder", &folder, "--place", "../places/ewenki"]).run().refused();
    assert!(said.contains("--place ../places/ewenki: must be a name in"), "{said}");
}

/// A county whose name is a formula, in every table that a run and a comparison write.
#[test]
fn exact_no_name_is_a_formula_in_a_table() {
    let home = scenarios_with::<&str, &str>(&[]);
    let counties = home.path().join("places/ewenki/counties.csv");
    let text = std::fs::read_to_string(&counties).expect("a table");
    let old = "鄂温克族自治旗";
    assert!(text.contains(old));
    let main = home.path().join("ewenki.toml").display().to_string();
    for name in ["=1+1", "+上思", "-旗", "@SUM(A1)"] {
        std::fs::write(&counties, text.replace(old, name)).expect("a table");
        let out = home.path().join("run");
        let quick = ["--replicates", "1", "--years", "2023", "--dpi", "50", "--quiet", "--force"];
        fundcast(&["run", &main, "--out", &out.display().to_string()]).with(&quick).run().good();
        let mut met = 0;
        for file in names(&out).into_iter().filter(|file| file.ends_with(".csv")) {
            for row in rows(&std::fs::read(out.join(&file)).expect("a table")) {
                for cell in row {
                    let is_formula =
                        cell.starts_with(['=', '+', '-', '@', '\t']) && cell.parse::<f64>().is_err();
                    assert!(!is_formula, "{file}: {cell}");
                    met += usize::from(cell == format!("'{name}"));
                }
            }
        }
        assert!(met > 0, "{name} stands in no table");
        // What is made from the tables has the name as it is.
        let report = ["report", &out.display().to_string(), "--formats", "html", "--force"];
        fundcast(&report).run().good();
        let page = std::fs::read_to_string(out.join("report.html")).expect("a page");
        assert!(!page.contains(&format!("'{name}")) && !page.contains(&format!("&#39;{name}")), "{name}");
        std::fs::remove_dir_all(&out).expect("a folder");
    }
}

#[test]
fn exact_no_terminal_obeys_what_stands_in_a_file() {
    let home = scenarios_with::<&str, &str>(&[]);
    let main = home.path().join("fangchenggang.toml");
    let text = std::fs::read_to_string(&main).expect("a scenario");
    let counties = home.path().join("places/fangchenggang/counties.csv");
    let table = std::fs::read_to_string(&counties).expect("a table");
    let check = || fundcast(&["check", &main.display().to_string()]).run();
    // In a table as it is, in TOML written out.
    std::fs::write(&counties, table.replace("上思县", "上思\u{1b}[2J县")).expect("a table");
    let said = check().refused();
    assert!(said.contains("counties.csv:") && said.contains("control character U+001B"), "{said}");
    assert!(said.contains("1 fault found"), "{said}");
    std::fs::write(&counties, &table).expect("a table");
    std::fs::write(&main, text.replace("title_zh = \"", "title_zh = \"\\u001b]0;x\\u0007"))
        .expect("a scenario");
    let said = check().refused();
    assert!(said.contains("title_zh: holds the control character U+001B"), "{said}");
    std::fs::write(&main, &text).expect("a scenario");
    // What is echoed: arguments, keys, values, names of cases.
    let nasty = "x\u{1b}[2J\u{9b}\u{202e}y";
    let settings = format!("policy.assistance.margin.{nasty}=1");
    let case = format!("{{\"case\":\"A\",\"county\":\"{nasty}\",\"year\":2023,\"age\":5}}\n");
    let answered =
        "{\"case\":\"a\\u001b[2J\\u009b\",\"county\":\"上思县\",\"year\":2023,\"age\":5,\"claims\":[]}\n";
    let settle = ["settle", FANGCHENGGANG, "--cases", "-"];
    for done in [
        fundcast(&[nasty]).run(),
        fundcast(&["check", nasty]).run(),
        fundcast(&["check", FANGCHENGGANG, "--set", &settings]).run(),
        fundcast(&["run", FANGCHENGGANG, "--county", nasty]).run(),
        fundcast(&["report", nasty]).run(),
        fundcast(&["new", nasty, "--county", nasty, "--policy", nasty]).run(),
        fundcast(&settle).input(case.as_bytes()).run(),
        fundcast(&settle).input(answered).run(),
        fundcast(&["explain", FANGCHENGGANG, "--cases", "-"]).input(answered).run(),
    ] {
        let all = format!("{}{}", done.out, done.err);
        assert!(!all.chars().any(|one| one.is_control() && one != '\n' && one != '\t'), "{all:?}");
        assert!(!all.contains('\u{202e}') && !all.is_empty(), "{all:?}");
    }
}

#[test]
fn exact_a_value_without_end_is_not_echoed() {
    let long = "y".repeat(3_000_000);
    let case = format!("{{\"case\":\"A\",\"county\":\"{long}\",\"year\":2023,\"age\":5}}\n");
    let done = fundcast(&["settle", FANGCHENGGANG, "--cases", "-"]).input(case).run();
    let said = done.refused();
    assert!(said.len() < 10_000, "{} bytes", said.len());
    assert!(said.contains("characters) …") && said.contains("must be a county of"), "{said}");
    let home = scenarios_with::<&str, &str>(&[]);
    let main = home.path().join("fangchenggang.toml");
    let text = std::fs::read_to_string(&main).expect("a scenario");
    std::fs::write(&main, format!("nonsense = \"{long}\"\n{text}")).expect("a scenario");
    let said = fundcast(&["check", &main.display().to_string()]).run().refused();
    assert!(said.len() < 10_000 && said.contains("unknown key"), "{} bytes", said.len());
}

/// A file that is too large costs a message, not all memory.
#[cfg(unix)]
#[test]
fn exact_a_file_that_is_too_large_is_refused() {
    let home = scenarios_with::<&str, &str>(&[]);
    let main = home.path().join("fangchenggang.toml");
    // A hole takes no room on the disk.
    let large = std::fs::File::options().write(true).open(&main).expect("a scenario");
    large.set_len(200_000_000_000).expect("a hole");
    let said = fundcast(&["check", &main.display().to_string()]).run().refused();
    assert!(said.contains("it is too large: at most 64 MiB"), "{said}");
}

#[test]
fn exact_the_highest_resolution_is_drawn_in_strips() {
    use fundcast::chart::save;
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='10in' height='6.25in' viewBox='0 0 1000 625'>\
               <rect width='1000' height='625' fill='#fff'/><circle cx='500' cy='300' r='200' fill='#345'/>\
               <path d='M0 0L1000 625' stroke='#a21' stroke-width='3'/></svg>";
    let pixels = |dpi: u32| {
        let png = save::png(svg, dpi).expect("a picture");
        let decoder = png::Decoder::new(std::io::Cursor::new(png));
        let mut reader = decoder.read_info().expect("a picture");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("a picture");
        (info.width, info.height, pixels)
    };
    let (width, height, fine) = pixels(1200);
    assert_eq!((width, height), (12_000, 7_500));
    let (coarse_width, _, coarse) = pixels(300);
    // Every fourth pixel of the fine one is the pixel of the coarse one, but for the edges.
    let mut differ = 0_usize;
    let mut n = 0_usize;
    for y in (0..1875).step_by(3) {
        for x in (0..3000).step_by(3) {
            let at = |width: u32, x: usize, y: usize| 3 * (y * width as usize + x);
            let (one, other) = (at(width, 4 * x + 1, 4 * y + 1), at(coarse_width, x, y));
            differ += usize::from(fine[one..one + 3] != coarse[other..other + 3]);
            n += 1;
        }
    }
    assert!(differ * 200 < n, "{differ} of {n}");
}
