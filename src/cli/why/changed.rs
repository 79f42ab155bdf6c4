//! What differs between two runs, key by key.

use serde_json::Value;

use super::sides::{Counties, Sides};
use crate::projection::why::Cause;
use crate::report::screen_why::Changed;
use crate::scenario::Scenario;
use crate::scenario::changes::{Change, Extent, changes};

/// All that differs: lines of the files, settings, seed, replicates.
#[must_use]
pub fn all(sides: &Sides, years: &[u16], counties: &Counties) -> Vec<Changed> {
    let (one, other) = (&sides.own[0], sides.second());
    let positions = counties.positions(one, 0);
    let extent = Extent { counties: &positions, years };
    let mut all: Vec<Changed> = changes(one, other, extent).iter().filter_map(of_files).collect();
    // Where a part differs, what it differs in is named even where its values are the same and only their status is not.
    all.retain(|changed| sides.causes.contains(&changed.cause) || sides.causes.contains(&Cause::Inputs));
    all.sort_by_key(|changed| changed.cause);
    all.extend(settings(sides, counties));
    all
}

/// A line of a file; none of what the run is and what a scenario is called.
fn of_files(change: &Change) -> Option<Changed> {
    let part = change.key.split(['.', '[', ' ']).next().unwrap_or_default();
    let cause = match part {
        "policy" | "policies" | "timeline" => Cause::Policy,
        "place" => Cause::Place,
        "model" => Cause::Model,
        _ => return None,
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let values = [&change.before, &change.after].map(|value| value.as_ref().map(text));
    // A value that a delta writes as it was is no difference.
    (values[0] != values[1]).then(|| Changed {
        cause,
        key: change.key.clone(),
        values,
        is_felt: change.touch.is_felt(),
    })
}

/// The settings of the run that differ.
fn settings(sides: &Sides, counties: &Counties) -> Vec<Changed> {
    let runs = sides.own.each_ref().map(|scenario| &scenario.settings.run);
    let list = |years: &[u16]| years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let of = |at: usize| -> Vec<(Cause, &'static str, String)> {
        let run = runs[at];
        let without: Vec<&str> = run.without.iter().map(|source| source.name()).collect();
        let after =
            run.after_transition.map_or_else(String::new, |after| format!("{after:?}").to_lowercase());
        vec![
            (Cause::Settings, "run.years", list(&run.years)),
            (Cause::Settings, "run.warm_up_years", run.warm_up_years.to_string()),
            (Cause::Settings, "run.after_transition", after),
            (Cause::Settings, "run.without", without.join(", ")),
            (Cause::Settings, "counties", names(&sides.own[at], counties, at)),
            (Cause::Seed, "run.seed", run.seed.to_string()),
            (Cause::Replicates, "run.replicates", run.replicates.to_string()),
        ]
    };
    let both = of(0).into_iter().zip(of(1)).filter(|((.., before), (.., after))| before != after);
    let changed = |((cause, key, before), (.., after)): (
        (Cause, &'static str, String),
        (Cause, &'static str, String),
    )| {
        let value = |text: String| (!text.is_empty()).then_some(text);
        Changed { cause, key: key.to_owned(), values: [value(before), value(after)], is_felt: true }
    };
    both.map(changed)
        .filter(|changed| sides.causes.iter().any(|own| [changed.cause, Cause::Inputs].contains(own)))
        .collect()
}

/// The counties of a run, where it does not have all.
fn names(scenario: &Scenario, counties: &Counties, at: usize) -> String {
    let Counties::OfRuns(_) = counties else { return String::new() };
    let name = |county: usize| scenario.place.counties[county].label_zh.clone();
    counties.positions(scenario, at).into_iter().map(name).collect::<Vec<_>>().join("、")
}
