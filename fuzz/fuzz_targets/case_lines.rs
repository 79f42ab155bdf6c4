//! The long run of one target of `targets.rs`.
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code, reason = "the other targets")]
mod targets;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    targets::case_lines(input);
});
