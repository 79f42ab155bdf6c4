//! The numbers of rules, in one fixed order, and the names of a policy or timeline.

use crate::policy::claim::Disease;
use crate::policy::names::{ListedDisease, Name, Names, position};
use crate::policy::schedule::RuleId;
use crate::policy::{CitingFunder, Rule};
use crate::raw::policy as raw;
use crate::raw::rules::Funders;

/// All rules of a policy or timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The rules; the position is the number.
    pub rules: Vec<Rule>,
}

impl Register {
    /// Adds the rules of one policy file; `id` tells them from another's in a timeline, see [`crate::policy::rule::RuleKey::policy`].
    pub fn add(&mut self, policy: &raw::Policy, names: &Names, id: &str) {
        self.rules.extend(policy.rules().into_iter().map(|head| Rule {
            // What nobody pays but insurers, hospitals and the person is booked to no line.
            line:
                head.line.filter(|_| head.funders.is_anybody()).and_then(|line| position(&names.lines, line)),
            cite: head.all_cited(),
            funders: citing(policy, names, &head.funders),
            ..Rule::new(head.key(id))
        }));
    }

    /// The number of a rule of a policy by its own key; `None` for one that was never registered.
    #[must_use]
    pub fn number(&self, policy: &str, own: &str) -> Option<RuleId> {
        let found = self.rules.iter().position(|rule| rule.key.policy == policy && rule.own_id() == own)?;
        u16::try_from(found).ok().map(RuleId)
    }
}

/// The funders of a rule that cite clauses of their own.
fn citing(policy: &raw::Policy, names: &Names, funders: &Funders<'_>) -> Vec<CitingFunder> {
    let citing = |id: &String| {
        let cite = policy.funders.get(id).map(|funder| &funder.cite).filter(|cite| !cite.is_empty())?;
        Some(CitingFunder { funder: position(&names.funders, id)?, cite: cite.clone() })
    };
    funders.ids().into_iter().filter_map(citing).collect()
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
