//! On which assumed inputs a rule's payments rest: its own values, the insurances, the place, the illness model.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Scenario;
use super::load::Typed;
use crate::policy::rule::{Family, RuleKey};
use crate::raw::Status;
use crate::raw::policy::Policy;

/// Kinds of inputs of which at least one value is assumed and bears on what a rule pays, in any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AssumedInputs {
    /// How the synthetic population is made: ages, households, turnover, enrolment.
    pub population: bool,
    /// What the rule takes from the place: county parameters, incomes, contributions, the household test.
    pub place_values: bool,
    /// The rule's own values, and for a rule that pays on bills those of the insurances that settle before it.
    pub policy_values: bool,
    /// The illness model, for a rule that pays on bills.
    pub illness_model: bool,
}

impl Scenario {
    /// On which kinds of assumed inputs a rule's payments rest.
    ///
    /// Counts of persons by category are not among them: they differ by county, see [`super::place::County`].
    #[must_use]
    pub fn assumed_inputs(&self, rule: usize) -> AssumedInputs {
        let Some(rule) = self.policy.rules.get(rule) else { return AssumedInputs::default() };
        let (policy, family) = (self.policy_of(&rule.key), rule.key.family);
        let sections: Vec<String> = [rule.key.path()].into_iter().chain(rule.key.standard_path()).collect();
        // A subsidy of contributions is the only payment that needs no bill.
        let on_bills = !family.is_about_contributions();
        let insurances = Family::ALL.into_iter().filter(|family| family.settles_before_assistance());
        let named =
            |section: &String| policy.document.get(section).is_some_and(|value| self.names_assumed(value));
        AssumedInputs {
            population: ["population", "enrolment", "register_per_resident"]
                .iter()
                .any(|part| self.assumed_below("place", part)),
            place_values: sections.iter().any(named)
                || family.asks_of_place().is_some_and(|part| self.assumed_below("place", part)),
            policy_values: sections.iter().any(|section| self.assumed_below("policy", section))
                || (on_bills && insurances.into_iter().any(|of| self.assumed_below("policy", of.section()))),
            illness_model: on_bills
                && self
                    .provenance
                    .status
                    .iter()
                    .any(|(key, status)| *status == Status::Assumed && key.starts_with("model.")),
        }
    }

    /// Persons by the status of their category's number, over some counties.
    #[must_use]
    pub fn persons_by_status(&self, counties: &[usize]) -> BTreeMap<Status, u64> {
        let mut all = BTreeMap::new();
        for county in counties.iter().filter_map(|county| self.place.counties.get(*county)) {
            for count in &county.categories {
                *all.entry(count.status).or_insert(0) += u64::from(count.persons);
            }
        }
        all
    }

    /// The policy that a rule is from.
    fn policy_of(&self, key: &RuleKey) -> &Typed<Policy> {
        let policies = &self.files.policies;
        let own = policies.iter().find(|(_, policy)| policy.id == key.policy);
        &own.unwrap_or(&policies[0]).1
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

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(scenario: &Scenario, id: &str) -> AssumedInputs {
        let rule = scenario.policy.rules.iter().position(|rule| rule.id == id).unwrap();
        scenario.assumed_inputs(rule)
    }

    /// From the files: subsidies of class 1 are the plan's own; county shares and the household test are open in it;
    /// whatever pays on bills rests on insurances and an illness model with assumed values.
    #[test]
    fn exact_rules_of_the_main_scenario() {
        let path =
            std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/fangchenggang.toml"));
        let scenario = super::super::load(path, &[]).unwrap();
        let population = AssumedInputs { population: true, ..AssumedInputs::default() };
        let bills = AssumedInputs { policy_values: true, illness_model: true, ..population };
        assert_eq!(inputs(&scenario, "subsidy.class1"), population);
        assert!(inputs(&scenario, "subsidy.stable_lifted").place_values);
        for found in ["assistance.class1", "assistance.major/class1", "tilt.monitored"] {
            assert_eq!(inputs(&scenario, found), bills, "{found}");
        }
        for open in ["assistance.major/stable_lifted", "application.illness_poor"] {
            assert_eq!(inputs(&scenario, open), AssumedInputs { place_values: true, ..bills }, "{open}");
        }
    }
}
