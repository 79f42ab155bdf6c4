//! `check` and `schema`: is a scenario in order, and what may its files say.

use std::collections::BTreeSet;

use super::args::{CheckArgs, FileKind, SchemaArgs};
use super::{Stop, pretty, terminal};
use crate::raw::{self, Status};
use crate::scenario::place::CategoryCount;
use crate::scenario::{self, Scenario, schema};

/// Reads a scenario with everything it names and says what it found.
pub fn run(args: &CheckArgs) -> Result<(), Stop> {
    let scenario = scenario::load(&args.scenario, &args.settings)?;
    let warnings: Vec<String> =
        scenario.notices.iter().map(|notice| notice.line_of_text(args.lang.into())).collect();
    if args.quiet {
        return Ok(terminal::result(&warnings.join("\n"))?);
    }
    let n = match warnings.len() {
        0 => String::new(),
        1 => ", 1 warning".to_owned(),
        n => format!(", {n} warnings"),
    };
    let policies = scenario.policy.ids.join(" → ");
    let years: Vec<String> = scenario.years().iter().map(ToString::to_string).collect();
    let mut text = format!(
        "{}: no fault found{n}\n  {}\n  policy {policies}: {} clauses, {} rules\n  place {}: {} counties\n  years {}\n",
        args.scenario.display(),
        scenario.settings.title_zh,
        scenario.policy.clauses.len(),
        scenario.policy.rules.len(),
        scenario.place.id,
        scenario.place.counties.len(),
        years.join(", "),
    );
    for (part, counts) in &scenario.provenance.counts {
        let list: Vec<String> = counts.iter().map(|(status, n)| format!("{n} {}", status.name())).collect();
        text.push_str(&format!("  inputs of the {part}: {}\n", list.join(", ")));
    }
    text.push_str(&assumed(&scenario));
    text.push_str(&warnings.join("\n"));
    Ok(terminal::result(&text)?)
}

/// What of the place is assumed: persons by category, and the parts of its file with a value that nobody looked up.
fn assumed(scenario: &Scenario) -> String {
    let counties: Vec<usize> = (0..scenario.place.counties.len()).collect();
    let persons: Vec<String> = scenario
        .persons_by_status(&counties)
        .into_iter()
        .map(|(status, persons)| format!("{persons} {}", status.name()))
        .collect();
    let is_assumed = |count: &&CategoryCount| count.status == Status::Assumed;
    let rows = scenario.place.counties.iter().flat_map(|county| &county.categories).filter(is_assumed);
    let categories: BTreeSet<&str> = rows.map(|count| count.id.as_str()).collect();
    let of = |list: BTreeSet<&str>| list.into_iter().collect::<Vec<_>>().join(", ");
    let mut text = format!("  persons by category: {}\n", persons.join(", "));
    if !categories.is_empty() {
        text.push_str(&format!("  assumed numbers of persons: {}\n", of(categories)));
    }
    let parts: BTreeSet<&str> = scenario
        .provenance
        .status
        .iter()
        .filter(|(_, status)| **status == Status::Assumed)
        .filter_map(|(key, _)| key.strip_prefix("place.")?.split('.').next())
        .collect();
    if !parts.is_empty() {
        text.push_str(&format!("  assumed values of the place: {}\n", of(parts)));
    }
    text
}

/// Prints a JSON Schema.
pub fn schema(args: &SchemaArgs) -> Result<(), Stop> {
    let schema = match args.kind {
        FileKind::Scenario => schema::for_editors::<raw::settings::Scenario>(),
        FileKind::Policy => schema::for_editors::<raw::policy::Policy>(),
        FileKind::Place => schema::for_editors::<raw::place::Place>(),
        FileKind::Model => schema::for_editors::<raw::model::RawModel>(),
    };
    Ok(terminal::json(&pretty(&schema)?)?)
}
