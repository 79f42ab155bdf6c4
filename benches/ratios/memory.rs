//! Memory by persons and replicates, and the program as a whole: start-up, time, size.

use rayon::ThreadPoolBuilder;

use crate::Bench;
use crate::child::{self, Ran, peak_kib, projection, start_up, this_again};
use crate::job::{GANGKOU, Job, Series, enlarged, load};
use crate::table::{Table, figure, spread};

/// The argument with which this program is started again to tell its own memory.
pub const CHILD: &str = "--memory-of-persons";

/// Simulates Gangkou with so many times its persons and tells persons a year and the peak of memory in KiB.
pub fn child(times: u32) -> String {
    let scenario = enlarged(&load("fangchenggang.toml", &[]), GANGKOU, times);
    let one = ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
    let n_replicates = 8;
    let work = Job::new(&[&scenario], GANGKOU, n_replicates).run(&one).work;
    let persons = work.person_years / u64::from(n_replicates) / scenario.years().len() as u64;
    peak_kib("self").map_or_else(|| persons.to_string(), |peak| format!("{persons} {peak}"))
}

fn persons_and_bytes(times: &str) -> Option<(f64, f64)> {
    let text = this_again(&[CHILD, times]);
    let (persons, peak) = text.trim().split_once(' ')?;
    Some((persons.parse().ok()?, peak.parse::<f64>().ok()? * 1024.0))
}

/// Bytes for each person, and the peak of memory against replicates.
pub fn table(bench: &Bench) -> Table {
    let mut table = Table::new("Memory", &["what", "value"]);
    match (persons_and_bytes("4"), persons_and_bytes("16")) {
        (Some((few, small)), Some((many, large))) => {
            table.row(&["bytes per person", &figure((large - small) / (many - few))]);
            table.note(&format!(
                "Bytes per person: growth of the peak from {few:.0} to {many:.0} persons a year (Gangkou 4 and 16 \
                 times, four years, one thread), what is needed only to draw the population included."
            ));
        }
        _ => table.row(&["bytes per person", "not measured: the system does not tell"]),
    }
    let few = 1000 / bench.less / bench.less;
    let peaks = [few, 10 * few].map(|n| {
        let ran = projection(
            "scenarios/fangchenggang.toml",
            &["--county", "Gangkou", "--replicates", &n.to_string()],
        );
        table.row(&[&format!("peak of the program, {n} replicates"), &mib(&ran)]);
        ran.peak_mib
    });
    if let [Some(small), Some(large)] = peaks {
        table.row(&["ratio of the two", &figure(large / small)]);
    }
    table.note(
        "Peak of the program: `fundcast run scenarios/fangchenggang.toml --county Gangkou`, charts included.",
    );
    table
}

fn mib(ran: &Ran) -> String {
    ran.peak_mib.map_or_else(|| "not measured".to_owned(), |mib| format!("{} MiB", figure(mib)))
}

/// Start-up, a whole run, size.
pub fn program(bench: &Bench) -> Table {
    let mut table = Table::new("The program as a whole", &["what", "value"]);
    let scenario = "scenarios/fangchenggang.toml";
    let cases = ["settle", scenario, "--cases", "docs/examples/cases.jsonl"];
    for arguments in [&["--help"][..], &["check", scenario], &cases] {
        start_up(arguments);
        let times = Series((0..15).map(|_| 1e3 * start_up(arguments)).collect());
        let text = format!("{} ms ({})", figure(times.median()), spread(&times));
        table.row(&[&format!("fundcast {}", arguments.join(" ")), &text]);
    }
    let n = if bench.quick { "100" } else { "1000" };
    let ran = projection(scenario, &["--replicates", n, "--threads", "2"]);
    let text = format!("{} s, {}", figure(ran.seconds), mib(&ran));
    table.row(&[&format!("fundcast run {scenario} --replicates {n} --threads 2"), &text]);
    table.row(&["size of the program, with line tables", &format!("{} MiB", figure(child::size_mib()))]);
    table
}
