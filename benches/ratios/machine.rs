//! What the figures were measured on.

use std::process::Command;

use fundcast::instruction_set::Instructions;

use crate::job::SEED;
use crate::table::Table;

/// The machine and the build.
pub fn table(command: &str) -> Table {
    let mut table = Table::new("Machine", &["what", "value"]);
    table.row(&["command", command]);
    table.row(&["processor", &processor().unwrap_or_else(|| "unknown".to_owned())]);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    table.row(&["threads of the machine", &threads.to_string()]);
    let sets: Vec<&str> = Instructions::all_here().iter().map(|one| one.set().name()).collect();
    table.row(&["instruction sets", &sets.join(", ")]);
    table.row(&["compiler", &compiler().unwrap_or_else(|| "unknown".to_owned())]);
    table.row(&["version", concat!("fundcast ", env!("CARGO_PKG_VERSION"))]);
    table.row(&["seed", &SEED.to_string()]);
    if let Some(load) = load() {
        table.row(&["load before the first measurement", &load]);
    }
    table
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn compiler() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// How many programs wanted to run in the last minute: much above 0, the figures below are disturbed.
fn load() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next().map(ToOwned::to_owned)
}
