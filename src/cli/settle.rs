//! `settle`: the rules without the dice.

use std::io::Write;
use std::path::Path;

use crate::cases::Settler;
use crate::cases::answer::Writer;
use crate::cases::field::{CaseFaults, Fields};
use crate::cases::typed::{self, TypedCase};

/// Reads every case; nothing is settled unless all can be.
///
/// # Errors
/// All faults of all cases.
pub fn read_cases(
    settler: &Settler<'_>,
    fields: &[Fields],
    files: (&str, &str),
) -> Result<Vec<TypedCase>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let mut cases = Vec::new();
    for one in fields {
        match typed::read(one, files, settler.scenario(), settler.years()) {
            Ok(case) => cases.push(case),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(cases) } else { Err(faults) }
}

/// Settles cases and writes one JSON line for each, in order.
///
/// # Errors
/// Faults of the cases, with nothing written, or an output that cannot be written.
pub fn settle(
    settler: &mut Settler<'_>,
    cases: &[TypedCase],
    out: &mut impl Write,
) -> Result<std::io::Result<()>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let mut settled = Vec::new();
    for case in cases {
        match settler.settle(case) {
            Ok(one) => settled.push(one),
            Err(more) => faults.extend(more),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let policy = &settler.scenario().policy;
    for (case, settled) in cases.iter().zip(&settled) {
        let Some(rules) = settler.rules(case.county, case.year) else { continue };
        let answer = Writer { policy, rules }.answer(case, settled);
        let text = serde_json::to_string(&answer).unwrap_or_default();
        if let Err(error) = writeln!(out, "{text}") {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// What the system says.
pub fn read_input(path: &Path) -> std::io::Result<String> {
    if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    }
}
