//! One command for every ratio that `docs/performance.md` keeps: `cargo bench --bench ratios [-- --quick --markdown]`.
//!
//! Ways that are compared are run in turns, each figure is the middle of several rounds with the least and the most
//! beside it, and everything is measured on this machine in one run: only ratios can be compared between machines.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the report, and what is measured just now")]

mod child;
mod clock;
mod job;
mod machine;
mod memory;
mod plain;
mod speed;
mod table;

use fundcast::scenario::Scenario;
use rayon::{ThreadPool, ThreadPoolBuilder};

use child::Numpy;
use table::{Form, Table};

/// What all measurements share.
struct Bench {
    fangchenggang: Scenario,
    guangxi: Scenario,
    one: ThreadPool,
    two: ThreadPool,
    numpy: Option<Numpy>,
    /// How often everything is measured.
    rounds: usize,
    /// Replicates are divided by this.
    less: u32,
    quick: bool,
}

impl Bench {
    fn new(quick: bool) -> Self {
        let pool = |n| ThreadPoolBuilder::new().num_threads(n).build().expect("threads can be started");
        Self {
            fangchenggang: job::load("fangchenggang.toml", &[]),
            guangxi: job::load("guangxi.toml", &[]),
            one: pool(1),
            two: pool(2),
            numpy: Numpy::find(),
            rounds: if quick { 3 } else { 5 },
            less: if quick { 4 } else { 1 },
            quick,
        }
    }
}

/// A measurement with its name.
type Section = (&'static str, fn(&Bench) -> Table);

const SECTIONS: [Section; 7] = [
    ("rates of the scenarios", speed::rates),
    ("engines, plain loop, numpy", speed::engines),
    ("stages", speed::stages),
    ("threads and second scenario", speed::sharing),
    ("tenfold jobs", speed::tenfold),
    ("memory", memory::table),
    ("the program", memory::program),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, times] = arguments.as_slice()
        && flag == memory::CHILD
    {
        println!("{}", memory::child(times.parse().expect("a number")));
        return;
    }
    let asked = |name: &str| arguments.iter().any(|argument| argument == name);
    let form = if asked("--markdown") { Form::Markdown } else { Form::Text };
    let command = format!("cargo bench --bench ratios{}", if asked("--quick") { " -- --quick" } else { "" });
    println!("{}", machine::table(&command).text(form));
    let bench = Bench::new(asked("--quick"));
    for (name, measure) in SECTIONS {
        eprintln!("measuring: {name}");
        println!("{}", measure(&bench).text(form));
    }
}
