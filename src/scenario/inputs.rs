//! Whether a rule pays by assumed values: its own, and those of the place that it names.

use serde_json::Value;

use super::Scenario;
use super::load::Typed;
use crate::raw::Status;
use crate::raw::policy::Policy;

impl Scenario {
    /// Whether any value by which a rule pays is assumed, in any year.
    ///
    /// Counted are the numbers of the rule itself (and of the standard that it follows), the county parameters and
    /// incomes that it names, the contribution for a subsidy that is a share of it, and the household test for
    /// assistance on application. Not counted are the insurances that settle before it, the illness model, and the
    /// share of the newly recognised who have already paid.
    #[must_use]
    pub fn rests_on_assumed_values(&self, rule: usize) -> bool {
        let Some(rule) = self.policy.rules.get(rule) else { return false };
        let (policy, id) = self.policy_of(&rule.id);
        sections(id).iter().any(|section| {
            self.assumed_below("policy", section)
                || policy.document.get(section).is_some_and(|value| self.names_assumed(value))
                || (section.starts_with("subsidy.") && self.assumed_below("place", "contribution"))
                || (section.starts_with("application.") && self.assumed_below("place", "application"))
        })
    }

    /// The policy that a rule is from and the rule's id in its file.
    fn policy_of<'a>(&self, id: &'a str) -> (&Typed<Policy>, &'a str) {
        let own = id.split_once(':').and_then(|(prefix, rest)| {
            let found = self.files.policies.iter().find(|(_, policy)| policy.id == prefix);
            found.map(|(_, policy)| (policy, rest))
        });
        own.unwrap_or((&self.files.policies[0].1, id))
    }

    fn assumed_below(&self, part: &str, path: &str) -> bool {
        let (whole, below) = (format!("{part}.{path}"), format!("{part}.{path}."));
        self.provenance
            .status
            .iter()
            .any(|(key, status)| *status == Status::Assumed && (*key == whole || key.starts_with(&below)))
    }

    /// Whether a value names an assumed parameter or income of the place.
    fn names_assumed(&self, value: &Value) -> bool {
        match value {
            Value::Object(table) => table.iter().any(|(key, value)| match (key.as_str(), value) {
                ("county_parameter", Value::String(name)) => {
                    self.assumed_below("place", &format!("county_parameters.{name}"))
                }
                ("income", Value::String(name)) => self.assumed_below("place", &format!("income.{name}")),
                _ => self.names_assumed(value),
            }),
            Value::Array(items) => items.iter().any(|item| self.names_assumed(item)),
            _ => false,
        }
    }
}

/// The keys of the policy file where a rule's values stand: `assistance.major/class1` follows another's standard.
fn sections(id: &str) -> Vec<String> {
    match id.split_once('/') {
        None => vec![id.to_owned()],
        Some((rule, standard)) => {
            let table = rule.split('.').next().unwrap_or_default();
            vec![rule.to_owned(), format!("{table}.{standard}")]
        }
    }
}

#[cfg(test)]
mod tests {

    /// From the files: subsidies of class 1 are the plan's own; county shares and the household test are open in it.
    #[test]
    fn exact_rules_of_the_main_scenario() {
        let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/fangchenggang.toml"));
        let scenario = super::super::load(path, &[]).unwrap();
        let assumed = |id: &str| {
            let rule = scenario.policy.rules.iter().position(|rule| rule.id == id).unwrap();
            scenario.rests_on_assumed_values(rule)
        };
        for found in ["subsidy.class1", "assistance.class1", "assistance.major/class1", "tilt.monitored"] {
            assert!(!assumed(found), "{found}");
        }
        for open in ["subsidy.stable_lifted", "assistance.major/stable_lifted", "application.illness_poor"] {
            assert!(assumed(open), "{open}");
        }
    }
}
