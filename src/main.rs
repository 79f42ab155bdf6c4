//! The `fundcast` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    fundcast::cli::run()
}
