//! The numbers of rules, in one fixed order, and the names of a policy or timeline.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::policy::claim::{Disease, Kind};
use crate::policy::names::{ListedDisease, Name, Names, position};
use crate::policy::schedule::RuleId;
use crate::policy::{CitingFunder, Rule};
use crate::raw::policy as raw;
use crate::raw::value::FunderShare;

/// All rules of a policy or timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The rules; the position is the number.
    pub rules: Vec<Rule>,
}

impl Register {
    /// Adds the rules of one policy file; `prefix` tells them from another's in a timeline.
    pub fn add(&mut self, policy: &raw::Policy, names: &Names, prefix: &str) {
        let mut entry = Entry { rules: &mut self.rules, policy, names, prefix };
        if let Some(limit) = &policy.out_of_catalogue {
            entry.unbooked("out_of_catalogue".to_owned(), &limit.cite);
        }
        for (insurance, kinds) in basic_kinds(policy) {
            for (kind, cite) in kinds {
                entry.unbooked(format!("basic.{insurance}.{kind}"), &cite);
            }
        }
        entry.unbooked("critical".to_owned(), &policy.critical.cite);
        for (id, tilt) in &policy.critical.tilt {
            entry.unbooked(format!("critical.tilt.{id}"), &tilt.cite);
        }
        for (id, rule) in &policy.assistance {
            if rule.by_standard_of.is_empty() {
                entry.paid(format!("assistance.{id}"), &rule.line, &rule.cite, payers(rule.funders.as_ref()));
            }
            for standard in &rule.by_standard_of {
                let of = policy.assistance.get(standard);
                let above = of.map(|of| of.cite.clone()).unwrap_or_default();
                let above = above.into_iter().filter(|id| !rule.cite.contains(id));
                let mut cite = rule.cite.clone();
                cite.extend(above.into_iter().filter(|id| !rule.cite.contains(id)));
                let funders = rule.funders.as_ref().or(of.and_then(|of| of.funders.as_ref()));
                entry.paid(format!("assistance.{id}/{standard}"), &rule.line, &cite, payers(funders));
            }
        }
        for (id, rule) in &policy.tilt {
            entry.paid(format!("tilt.{id}"), &rule.line, &rule.cite, payers(Some(&rule.funders)));
        }
        for (id, rule) in &policy.application {
            entry.paid(format!("application.{id}"), &rule.line, &rule.cite, payers(Some(&rule.funders)));
        }
        for (id, rule) in &policy.subsidy {
            match &rule.funders {
                Some(funders) => {
                    entry.paid(format!("subsidy.{id}"), &rule.line, &rule.cite, payers(Some(funders)));
                }
                // Nobody pays but the person, so that nothing is booked to a line.
                None => entry.unbooked(format!("subsidy.{id}"), &rule.cite),
            }
        }
        for (id, rule) in &policy.second_assistance {
            entry.paid(format!("second_assistance.{id}"), &rule.line, &rule.cite, vec![&rule.funder]);
        }
        for (id, rule) in &policy.adjustment {
            entry.unbooked(format!("adjustment.{id}"), &rule.cite);
        }
        for (id, rule) in &policy.watch {
            entry.unbooked(format!("watch.{id}"), &rule.cite);
        }
        for (id, rule) in &policy.indicator {
            entry.unbooked(format!("indicator.{id}"), &rule.cite);
        }
        if let Some(choice) = &policy.subsidy_choice {
            entry.unbooked("subsidy_choice".to_owned(), &choice.cite);
        }
        if let Some(new_year) = &policy.new_year {
            entry.unbooked("new_year".to_owned(), &new_year.cite);
        }
        if let Some(enrolment) = &policy.enrolment {
            entry.unbooked("enrolment".to_owned(), &enrolment.cite);
        }
    }

    /// The number of a rule; `None` for one that was never registered.
    #[must_use]
    pub fn number(&self, prefix: &str, id: &str) -> Option<RuleId> {
        let found =
            self.rules.iter().position(|rule| rule.id.strip_prefix(prefix).is_some_and(|rest| rest == id))?;
        u16::try_from(found).ok().map(RuleId)
    }
}

/// The rules of one policy file on their way into the register.
struct Entry<'a> {
    rules: &'a mut Vec<Rule>,
    policy: &'a raw::Policy,
    names: &'a Names,
    prefix: &'a str,
}

impl Entry<'_> {
    /// A rule whose payments are booked to no line.
    fn unbooked(&mut self, id: String, cite: &[String]) {
        self.push(id, None, cite, Vec::new());
    }

    /// A rule whose payments are booked to a line and paid by funders.
    fn paid(&mut self, id: String, line: &str, cite: &[String], payers: Vec<&String>) {
        let line = position(&self.names.lines, line);
        let citing = payers.into_iter().filter_map(|id| {
            let cite =
                self.policy.funders.get(id).map(|funder| &funder.cite).filter(|cite| !cite.is_empty())?;
            Some(CitingFunder { funder: position(&self.names.funders, id)?, cite: cite.clone() })
        });
        let citing = citing.collect();
        self.push(id, line, cite, citing);
    }

    fn push(&mut self, id: String, line: Option<usize>, cite: &[String], funders: Vec<CitingFunder>) {
        let id = format!("{}{id}", self.prefix);
        self.rules.push(Rule { id, line, cite: cite.to_vec(), funders });
    }
}

/// The ids of the funders of a rule.
fn payers(funders: Option<&IndexMap<String, FunderShare>>) -> Vec<&String> {
    funders.map_or_else(Vec::new, |funders| funders.keys().collect())
}

/// Kinds of claim, each with the clauses it cites.
type KindsWithClauses = Vec<(&'static str, Vec<String>)>;

/// The kinds that each insurance covers, with their clauses.
fn basic_kinds(policy: &raw::Policy) -> [(&'static str, KindsWithClauses); 2] {
    let resident = &policy.basic.resident;
    let own = &policy.basic.employee;
    let residents =
        [&resident.inpatient, &resident.outpatient, &resident.outpatient_chronic, &resident.outpatient_major];
    let employees = if own.like_resident.is_some() {
        residents
    } else {
        [&own.inpatient, &own.outpatient, &own.outpatient_chronic, &own.outpatient_major]
    };
    let pools = if own.like_resident.is_some() { &resident.pool } else { &own.pool };
    let all = [("resident", residents, &resident.pool), ("employee", employees, pools)];
    all.map(|(insurance, kinds, pools)| {
        // The clauses of a pool are those of every kind that shares it.
        let cited = |kind: &Kind, raw: &raw::BasicKind| {
            let of_pools = pools.values().filter(|pool| pool.kinds.contains(kind));
            let mut cite = raw.cite.clone();
            cite.extend(of_pools.flat_map(|pool| pool.cite.iter().cloned()));
            let mut known = BTreeSet::new();
            cite.retain(|clause| known.insert(clause.clone()));
            cite
        };
        let covered = Kind::ALL
            .iter()
            .zip(kinds)
            .filter_map(|(kind, raw)| raw.as_ref().map(|raw| (kind.name(), cited(kind, raw))));
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
    let sets = [(&mut names.traits, &policy.traits), (&mut names.lines, &policy.lines)];
    for (known, labels) in sets {
        for (id, label) in labels {
            add_name(known, id, (&label.zh, &label.en));
        }
    }
    for (id, label) in &policy.diseases {
        if names.disease(id).is_none() {
            let name = Name { id: id.clone(), zh: label.zh.clone(), en: label.en.clone() };
            names.diseases.push(ListedDisease { name, disease: Disease::NONE });
        }
    }
    for (id, pool) in &policy.pools {
        add_name(&mut names.pools, id, (&pool.zh, &pool.en));
    }
    for (id, funder) in &policy.funders {
        add_name(&mut names.funders, id, (&funder.zh, &funder.en));
    }
}

fn add_name(known: &mut Vec<Name>, id: &str, (zh, en): (&str, &str)) {
    if position(known, id).is_none() {
        known.push(Name { id: id.to_owned(), zh: zh.to_owned(), en: en.to_owned() });
    }
}

/// The categories of the policies, ranked ones first, as far as they have a label: what has one of the two only is a
/// fault of the policy, and none of the place that has holders of it or not.
pub(super) fn with_labels(mut ids: Vec<String>, files: &super::Files) -> Vec<String> {
    let is_labelled =
        |id: &String| files.policies.iter().any(|(_, policy)| policy.raw.categories.contains_key(id));
    ids.retain(is_labelled);
    for (_, policy) in &files.policies {
        let labelled = policy.raw.categories.keys().filter(|id| !policy.raw.rank.contains(*id));
        let new: Vec<String> = labelled.filter(|id| !ids.contains(*id)).cloned().collect();
        ids.extend(new);
    }
    ids
}
