//! Other processes: the program itself, this one again for its memory, and the numpy program.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::job::path;

/// The program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_fundcast");

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub struct Ran {
    /// Seconds from start to end.
    pub seconds: f64,
    /// The most memory it held; none where the system does not tell.
    pub peak_mib: Option<f64>,
}

/// Runs the program to its end with these arguments.
pub fn program(arguments: &[&str]) -> Ran {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(path("")).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut child = command.spawn().expect("the program can be started");
    let mut peak_kib = None;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        peak_kib = peak_of(&child).or(peak_kib);
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "fundcast {}: {status}", arguments.join(" "));
    Ran { seconds: began.elapsed().as_secs_f64(), peak_mib: peak_kib.map(|kib| kib as f64 / 1024.0) }
}

/// Runs `fundcast run` with results in a folder that is gone afterwards.
pub fn projection(scenario: &str, arguments: &[&str]) -> Ran {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let out = folder.path().join("out").display().to_string();
    program(&[&["run", scenario, "--quiet", "--out", &out], arguments].concat())
}

/// Seconds that the program takes with these arguments, without looking at it meanwhile.
pub fn start_up(arguments: &[&str]) -> f64 {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(path("")).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let status = command.status().expect("the program can be started");
    assert!(status.success(), "fundcast {}: {status}", arguments.join(" "));
    began.elapsed().as_secs_f64()
}

/// The size of the program's file in MiB.
pub fn size_mib() -> f64 {
    std::fs::metadata(PROGRAM).map_or(0.0, |file| file.len() as f64 / f64::from(1 << 20))
}

fn peak_of(child: &Child) -> Option<u64> {
    peak_kib(&child.id().to_string())
}

/// The most memory that a process has held so far, in KiB.
pub fn peak_kib(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What this program prints when it is started again with these arguments.
pub fn this_again(arguments: &[&str]) -> String {
    let own = std::env::current_exe().expect("this program has a file");
    let output = Command::new(own).args(arguments).output().expect("this program can be started again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// A Python with numpy.
#[derive(Debug)]
pub struct Numpy {
    python: PathBuf,
    /// The version of numpy.
    pub version: String,
}

impl Numpy {
    /// The interpreter that `FUNDCAST_PYTHON` names, or `python3`; none if it has no numpy.
    pub fn find() -> Option<Self> {
        let python =
            std::env::var_os("FUNDCAST_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
        let asked =
            Command::new(&python).args(["-c", "import numpy; print(numpy.__version__)"]).output().ok()?;
        let version = String::from_utf8(asked.stdout).ok()?.trim().to_owned();
        asked.status.success().then_some(Self { python, version })
    }

    /// Nanoseconds for each claim of one round.
    pub fn ns_per_claim(&self, n_replicates: u32) -> f64 {
        let mut command = Command::new(&self.python);
        let n = n_replicates.to_string();
        command.arg(path("benches/one_claim.py")).args(["--rounds", "1", "--replicates", &n]);
        let output = command.output().expect("Python can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
        answer["ns_per_claim"].as_f64().expect("a figure")
    }
}
