//! The numbers of rules, in one fixed order, and the names of a policy or timeline.

use crate::policy::Rule;
use crate::policy::claim::Kind;
use crate::policy::names::{Name, Names, position};
use crate::policy::schedule::RuleId;
use crate::raw::policy as raw;

/// All rules of a policy or timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The rules; the position is the number.
    pub rules: Vec<Rule>,
}

impl Register {
    /// Adds the rules of one policy file; `prefix` tells them from another's in a timeline.
    pub fn add(&mut self, policy: &raw::Policy, names: &Names, prefix: &str) {
        let line = |id: &str| position(&names.lines, id);
        if let Some(limit) = &policy.out_of_catalogue {
            self.push(prefix, "out_of_catalogue".to_owned(), None, &limit.cite);
        }
        for (insurance, kinds) in basic_kinds(policy) {
            for (kind, cite) in kinds {
                self.push(prefix, format!("basic.{insurance}.{kind}"), None, &cite);
            }
        }
        self.push(prefix, "critical".to_owned(), None, &policy.critical.cite);
        for (id, tilt) in &policy.critical.tilt {
            self.push(prefix, format!("critical.tilt.{id}"), None, &tilt.cite);
        }
        for (id, rule) in &policy.assistance {
            if rule.by_standard_of.is_empty() {
                self.push(prefix, format!("assistance.{id}"), line(&rule.line), &rule.cite);
            }
            for standard in &rule.by_standard_of {
                let of = policy.assistance.get(standard).map(|of| of.cite.clone()).unwrap_or_default();
                let cite: Vec<String> = rule.cite.iter().cloned().chain(of).collect();
                self.push(prefix, format!("assistance.{id}/{standard}"), line(&rule.line), &cite);
            }
        }
        for (id, rule) in &policy.tilt {
            self.push(prefix, format!("tilt.{id}"), line(&rule.line), &rule.cite);
        }
        for (id, rule) in &policy.application {
            self.push(prefix, format!("application.{id}"), line(&rule.line), &rule.cite);
        }
        for (id, rule) in &policy.subsidy {
            self.push(prefix, format!("subsidy.{id}"), line(&rule.line), &rule.cite);
        }
        for (id, rule) in &policy.second_assistance {
            self.push(prefix, format!("second_assistance.{id}"), line(&rule.line), &rule.cite);
        }
        for (id, rule) in &policy.adjustment {
            self.push(prefix, format!("adjustment.{id}"), None, &rule.cite);
        }
        for (id, rule) in &policy.watch {
            self.push(prefix, format!("watch.{id}"), None, &rule.cite);
        }
        for (id, rule) in &policy.indicator {
            self.push(prefix, format!("indicator.{id}"), None, &rule.cite);
        }
        if let Some(choice) = &policy.subsidy_choice {
            self.push(prefix, "subsidy_choice".to_owned(), None, &choice.cite);
        }
    }

    fn push(&mut self, prefix: &str, id: String, line: Option<usize>, cite: &[String]) {
        self.rules.push(Rule { id: format!("{prefix}{id}"), line, cite: cite.to_vec() });
    }

    /// The number of a rule; a rule that was never registered cannot be asked for.
    #[must_use]
    pub fn number(&self, prefix: &str, id: &str) -> RuleId {
        let found =
            self.rules.iter().position(|rule| rule.id.strip_prefix(prefix).is_some_and(|rest| rest == id));
        debug_assert!(found.is_some(), "unregistered rule {prefix}{id}");
        RuleId(found.unwrap_or_default() as u16)
    }
}

/// A kind of claim that an insurance covers, with its clauses.
type CoveredKind = (&'static str, Vec<String>);

/// The kinds that each insurance covers, with their clauses.
fn basic_kinds(policy: &raw::Policy) -> [(&'static str, Vec<CoveredKind>); 2] {
    let resident = &policy.basic.resident;
    let own = &policy.basic.employee;
    let residents =
        [&resident.inpatient, &resident.outpatient, &resident.outpatient_chronic, &resident.outpatient_major];
    let employees = if own.like_resident.is_some() {
        residents
    } else {
        [&own.inpatient, &own.outpatient, &own.outpatient_chronic, &own.outpatient_major]
    };
    [("resident", residents), ("employee", employees)].map(|(insurance, kinds)| {
        let covered = Kind::ALL
            .iter()
            .zip(kinds)
            .filter_map(|(kind, raw)| raw.as_ref().map(|raw| (kind.name(), raw.cite.clone())));
        (insurance, covered.collect())
    })
}

/// Adds the names of one policy file to those of a timeline.
pub fn add_names(names: &mut Names, policy: &raw::Policy) {
    if names.categories.is_empty() {
        names.categories = policy
            .rank
            .iter()
            .map(|id| {
                let label = policy.categories.get(id);
                Name {
                    id: id.clone(),
                    zh: label.map_or_else(|| id.clone(), |label| label.zh.clone()),
                    en: label.map_or_else(|| id.clone(), |label| label.en.clone()),
                }
            })
            .collect();
    }
    let sets = [
        (&mut names.traits, &policy.traits),
        (&mut names.pools, &policy.pools),
        (&mut names.lines, &policy.lines),
        (&mut names.funders, &policy.funders),
    ];
    for (known, labels) in sets {
        for (id, label) in labels {
            if position(known, id).is_none() {
                known.push(Name { id: id.clone(), zh: label.zh.clone(), en: label.en.clone() });
            }
        }
    }
}
