//! Inputs that nobody wrote: shipped files with a few bytes, words, numbers and lines changed, read as the program reads
//! them. The same targets run for as long as one likes in `fuzz/`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::mutation::tell;
use crate::support::path;

#[path = "../../fuzz/targets.rs"]
mod targets;

use targets::{ALL, Target};

/// The longest that one input may take in a test, on a machine that does other things too.
const LONGEST: Duration = Duration::from_secs(20);

/// What takes the place of a word or a number.
const TOKENS: [&str; 40] = [
    "",
    "0",
    "-1",
    "1",
    "2",
    "0.5",
    "-0.0",
    "1e308",
    "1e-308",
    "nan",
    "inf",
    "99999999999999999999",
    "9000000000000",
    "4294967296",
    "65536",
    "255",
    "2023",
    "2024-02-30",
    "9999-12",
    "true",
    "\"\"",
    "\"a\"",
    "[]",
    "{}",
    "[[]]",
    "null",
    ",",
    "=",
    "\n",
    "\r\n",
    "\"",
    "'",
    "#",
    "\u{feff}",
    "\u{1b}",
    "县",
    "%",
    "dibao",
    "2.5",
    "100000000",
];

/// Random numbers, the same in every run.
struct Luck(u64);

impl Luck {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 16) as usize % n.max(1)
    }

    /// A part of some bytes that begins anywhere, up to so many long.
    fn part(&mut self, bytes: &[u8], most: usize) -> std::ops::Range<usize> {
        let first = self.below(bytes.len());
        first..(first + self.below(most.min(bytes.len() - first) + 1)).min(bytes.len())
    }
}

/// The word, number or mark that stands at a place.
fn word(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte) || *byte >= 0x80;
    let before = bytes[..at].iter().rev().take_while(|byte| is_word(byte)).count();
    let after = bytes[at..].iter().take_while(|byte| is_word(byte)).count();
    at - before..(at + after.max(1)).min(bytes.len())
}

fn line(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let before = bytes[..at].iter().rev().take_while(|byte| **byte != b'\n').count();
    let after = bytes[at..].iter().take_while(|byte| **byte != b'\n').count();
    at - before..(at + after + 1).min(bytes.len())
}

/// An input with one to four changes.
fn changed(mut bytes: Vec<u8>, luck: &mut Luck) -> Vec<u8> {
    for _ in 0..=luck.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = luck.below(bytes.len());
        match luck.below(10) {
            0 => bytes[at] ^= 1 << luck.below(8),
            1 => bytes[at] = luck.below(256) as u8,
            2 => drop(bytes.drain(luck.part(&bytes.clone(), 64))),
            3 => {
                let copy = bytes[luck.part(&bytes, 400)].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            4 => drop(bytes.drain(line(&bytes, at))),
            5 => {
                let copy = bytes[line(&bytes, at)].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            6 => {
                let other = word(&bytes, luck.below(bytes.len()));
                let copy = bytes[other].to_vec();
                drop(bytes.splice(word(&bytes, at), copy));
            }
            _ => {
                let token = TOKENS[luck.below(TOKENS.len())];
                drop(bytes.splice(word(&bytes, at), token.bytes()));
            }
        }
    }
    bytes
}

/// Runs a target on so many changed inputs; how many of them were accepted. The first byte of files stays: it says which.
fn run(target: &Target, n: u64, seed: u64) -> usize {
    let seeds = (target.seeds)();
    for (at, input) in seeds.iter().enumerate() {
        assert!((target.run)(input), "{}: seed {at} is refused", target.name);
    }
    let one = |number: u64| {
        let mut luck = Luck(seed << 40 | number);
        let input = changed(seeds[luck.below(seeds.len())].clone(), &mut luck);
        let began = Instant::now();
        let accepted = (target.run)(&input);
        let took = began.elapsed();
        assert!(took < LONGEST, "{}, input {number} of seed {seed}: {took:?}", target.name);
        usize::from(accepted)
    };
    (0..n).into_par_iter().map(one).sum()
}

fn target(name: &str) -> &'static Target {
    ALL.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("{name}"))
}

/// How many inputs of each kind the gate tries: a few seconds of them.
const IN_THE_GATE: [(&str, u64); 7] = [
    ("scenario", 300),
    ("place_table", 300),
    ("case_lines", 1500),
    ("case_tables", 1500),
    ("workbook", 1000),
    ("shard", 1500),
    ("plan", 300),
];

#[test]
fn prop_no_changed_input_breaks_the_program() {
    for (name, n) in IN_THE_GATE {
        let began = Instant::now();
        let accepted = run(target(name), n, 1);
        tell(&format!("{name}: {accepted} of {n} accepted, {:?}", began.elapsed()));
    }
}

/// The long form on the stable compiler.
#[test]
#[ignore = "takes long: fifty times as many inputs"]
fn prop_no_changed_input_of_many_breaks_the_program() {
    for (name, n) in IN_THE_GATE {
        let accepted = run(target(name), 50 * n, 2);
        tell(&format!("{name}: {accepted} of {} accepted", 50 * n));
    }
}

/// The library that reads workbooks panics on some that are cut off: for a user they are damaged.
#[test]
fn exact_a_workbook_that_is_cut_off_is_refused() {
    for whole in (target("workbook").seeds)() {
        for length in (0..whole.len()).step_by(301) {
            (target("workbook").run)(&whole[..length]);
        }
    }
}

/// What once broke the program: each file of `fuzz/found/NAME` is an input of the target of that name.
#[test]
fn exact_what_was_found_is_mended() {
    let mut n = 0;
    for target in ALL {
        let Ok(files) = std::fs::read_dir(path("fuzz/found").join(target.name)) else { continue };
        for file in files {
            let file = file.expect("an entry").path();
            let began = Instant::now();
            (target.run)(&std::fs::read(&file).expect("a file"));
            assert!(began.elapsed() < LONGEST, "{}", file.display());
            n += 1;
        }
    }
    tell(&format!("{n} inputs that were found"));
}

/// Every target has its file for the long run, which runs it and nothing else.
#[test]
fn exact_every_target_can_run_for_long() {
    let manifest = crate::support::text("fuzz/Cargo.toml");
    for Target { name, .. } in ALL {
        assert!(IN_THE_GATE.iter().any(|(one, _)| *one == name), "{name}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let text = crate::support::text(&format!("fuzz/fuzz_targets/{name}.rs"));
        assert!(text.contains("fuzz_target!"), "{name}");
    }
}

/// Writes the inputs to begin with for the long run, and the words of which inputs are made.
#[test]
#[ignore = "writes into fuzz/corpus"]
fn write_the_corpus() {
    let mut words = std::collections::BTreeSet::new();
    for target in ALL {
        let folder: PathBuf = path("fuzz/corpus").join(target.name);
        std::fs::create_dir_all(&folder).expect("a folder");
        for (at, input) in (target.seeds)().into_iter().enumerate() {
            if let Ok(text) = std::str::from_utf8(&input) {
                let parts = text.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
                words.extend(
                    parts.filter(|part| (3..24).contains(&part.len())).map(|part| format!("\"{part}\"")),
                );
            }
            std::fs::write(folder.join(format!("seed-{at:03}")), input).expect("written");
        }
    }
    words.extend(
        TOKENS
            .iter()
            .filter(|token| token.len() > 3 && token.is_ascii())
            .map(|token| format!("\"{}\"", token.replace('"', "\\\"").replace('\u{1b}', "\\x1b"))),
    );
    let words: Vec<String> = words.into_iter().collect();
    std::fs::write(path("fuzz/corpus/words.dict"), words.join("\n") + "\n").expect("written");
}
