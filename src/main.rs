//! The `fundcast` command.
fn main() {}
