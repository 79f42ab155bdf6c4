//! A scenario put together from parts of others: the policy of one on the place of another.

use std::fmt::Debug;

use super::fault::Faults;
use super::identity::Content;
use super::{Scenario, resolve};
use crate::raw::settings::AfterTransition;

/// What a scenario is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The policy, or the policies of a timeline.
    Policy,
    /// The place with its tables.
    Place,
    /// The illness model.
    Model,
    /// The years, the warm-up, what becomes of a transition, sources of uncertainty that are switched off; neither the
    /// seed nor the number of replicates.
    Run,
}

/// From which scenario each part is taken. All have been read with the same settings of the run.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The policy.
    pub policy: &'a Scenario,
    /// The place.
    pub place: &'a Scenario,
    /// The illness model.
    pub model: &'a Scenario,
}

/// The scenario of some parts.
///
/// # Errors
/// Parts that do not go together: a policy ranks categories that the place does not count, and the like.
pub fn mixed(parts: Parts<'_>) -> Result<Scenario, Faults> {
    let mut files = parts.policy.files.clone();
    files.place = parts.place.files.place.clone();
    files.tables = parts.place.files.tables.clone();
    files.model = parts.model.files.model.clone();
    resolve(files)
}

impl Scenario {
    /// BLAKE3 over a part of what decides the results, see [`Scenario::content_hash`]: where those of two scenarios are
    /// the same, it does not matter from which of them the part is taken.
    #[must_use]
    pub fn part_hash(&self, part: Part) -> String {
        let mut content = Content::default();
        match part {
            Part::Policy => {
                for (number, (from, policy)) in self.files.policies.iter().enumerate() {
                    content.part("from", from);
                    content.part("policy", &policy.raw);
                    content.part("tilts count whole year", &self.counts_whole_year(number));
                }
            }
            Part::Place => {
                content.part("place", &self.files.place.raw);
                let tables = &self.files.tables;
                for (role, (_, text)) in [("counties", &tables.counties), ("categories", &tables.categories)]
                {
                    content.part(role, &text.replace('\r', ""));
                }
            }
            Part::Model => content.part("model", &self.files.model.raw),
            Part::Run => {
                let run = &self.settings.run;
                let after = run.after_transition.unwrap_or(AfterTransition::Lapse);
                content.part("run", &(&run.years, run.warm_up_years, after, &run.without));
            }
        }
        content.part("status", &self.status_of(part));
        content.finish()
    }

    /// The status of every number of a part: how uncertain it is depends on it.
    fn status_of(&self, part: Part) -> impl Debug {
        let of_place = |key: &str| key.starts_with("place.");
        let of_model = |key: &str| key.starts_with("model.");
        let is_of = move |key: &str| match part {
            Part::Place => of_place(key),
            Part::Model => of_model(key),
            Part::Policy => !of_place(key) && !of_model(key),
            Part::Run => false,
        };
        let own = self.provenance.status.iter().filter(|(key, _)| is_of(key));
        own.map(|(key, status)| (key.clone(), *status)).collect::<Vec<_>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::Setting;

    fn scenario(settings: &[(&str, &str)]) -> Scenario {
        let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/ewenki.toml"));
        let set =
            |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
        crate::scenario::load(path, &settings.iter().map(set).collect::<Vec<_>>()).unwrap()
    }

    const ALL: [Part; 4] = [Part::Policy, Part::Place, Part::Model, Part::Run];

    /// The parts in which two scenarios differ.
    fn differing(one: &Scenario, other: &Scenario) -> Vec<Part> {
        ALL.into_iter().filter(|&part| one.part_hash(part) != other.part_hash(part)).collect()
    }

    #[test]
    fn exact_each_change_is_one_of_its_part() {
        let base = scenario(&[]);
        let of = |path: &str, value: &str| differing(&base, &scenario(&[(path, value)]));
        assert_eq!(of("policy.assistance.tekun.ratio", "0.9"), [Part::Policy]);
        assert_eq!(of("place.enrolment.dibao", "0.9"), [Part::Place]);
        assert_eq!(of("model.ordinary.costly_stay_yuan", "17000"), [Part::Model]);
        assert_eq!(of("run.warm_up_years", "1"), [Part::Run]);
        assert_eq!(of("run.seed", "5"), []);
        assert_eq!(of("title_zh", "\"x\""), []);
        // Unasked, a transition lapses.
        assert_eq!(of("run.after_transition", "\"lapse\""), []);
    }

    #[test]
    fn exact_all_parts_of_one_scenario_are_that_scenario() {
        let changed = [
            ("policy.assistance.tekun.ratio", "0.9"),
            ("place.enrolment.dibao", "0.9"),
            ("model.ordinary.costly_stay_yuan", "17000"),
        ];
        let (base, other) = (scenario(&[]), scenario(&changed));
        let all = mixed(Parts { policy: &other, place: &other, model: &other }).unwrap();
        assert_eq!(all.content_hash(), other.content_hash());
        let policy = mixed(Parts { policy: &other, place: &base, model: &base }).unwrap();
        assert_eq!(policy.content_hash(), scenario(&changed[..1]).content_hash());
        let rest = mixed(Parts { policy: &base, place: &other, model: &other }).unwrap();
        assert_eq!(rest.content_hash(), scenario(&changed[1..]).content_hash());
    }
}
