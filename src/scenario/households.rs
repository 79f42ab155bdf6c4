//! Rules that count the sums of a household: over the policies of a timeline, and at a place whose projection does not draw
//! everybody of a household.

use std::collections::BTreeSet;

use super::Files;
use super::fault::Faults;
use super::notice::Words;
use crate::policy::sums::SumsOf;
use crate::raw::policy as raw;
use crate::raw::population::Given;

/// In a year of two policies the sums of a pool go on, so they are whose they were.
pub(super) fn of_timeline(files: &Files, faults: &mut Faults) {
    for (number, (_, typed)) in files.policies.iter().enumerate() {
        for (id, pool) in &typed.raw.pools {
            let earlier = files.policies[..number].iter().find_map(|(_, other)| {
                let sums_of = other.raw.pools.get(id)?.sums_of;
                (sums_of != pool.sums_of).then_some(&other.id)
            });
            if let Some(other) = earlier {
                let problem = format!(
                    "the pool counts {} here and {} in `{other}`: in a year of two policies its sums go on, so give one of them another id",
                    name(pool.sums_of),
                    name(match pool.sums_of {
                        SumsOf::Person => SumsOf::Household,
                        SumsOf::Household => SumsOf::Person,
                    })
                );
                faults.push(typed.document.fault(&format!("pools.{id}"), problem, None));
            }
        }
    }
}

const fn name(sums_of: SumsOf) -> &'static str {
    match sums_of {
        SumsOf::Person => "each person",
        SumsOf::Household => "the household",
    }
}

/// Says which categories a projection settles alone although a rule counts the household: those that are given to single
/// persons, the others of whose household are not drawn.
pub(super) fn of_single_persons(files: &Files, faults: &mut Faults) {
    let groups = files.place.raw.population.groups.values();
    let single = groups.filter(|group| group.given_to == Given::Person).flat_map(|group| &group.categories);
    // Of ordinary residents nobody else of the household is drawn either.
    let single: BTreeSet<&str> = single.map(String::as_str).chain(["ordinary"]).collect();
    for (_, typed) in &files.policies {
        for (key, categories) in counting_households(&typed.raw) {
            let ids: Vec<&str> = categories.into_iter().filter(|id| single.contains(id)).collect();
            if ids.is_empty() {
                continue;
            }
            let words = Words::new(
                format!(
                    "测算中{}按个人模拟，其家庭其他成员不在模拟人口中，其费用不计入全户累计",
                    named(&ids, "普通居民").join("、")
                ),
                format!(
                    "in a projection {} are drawn as single persons: the others of their household are not, so no bills of theirs count",
                    named(&ids, "ordinary residents").join(", ")
                ),
            );
            faults.warn(typed.document.notice(&key, words));
        }
    }
}

/// Where a household's self-pay is held against a share of an income, the plan has to say whose income that is.
pub(super) fn of_income(files: &Files, faults: &mut Faults) {
    const HELD_AGAINST: [&str; 3] = ["deductible_yuan", "threshold_yuan", "trigger_yuan"];
    for (_, typed) in &files.policies {
        let counting = counting_households(&typed.raw);
        let rules = counting.iter().filter_map(|(key, _)| key.rsplit_once('.')).flat_map(|(rule, _)| {
            match rule.strip_prefix("pools.") {
                Some(pool) => rules_of_pool(files, pool),
                None => vec![rule.to_owned()],
            }
        });
        for rule in rules.collect::<BTreeSet<String>>() {
            for key in HELD_AGAINST.map(|key| format!("{rule}.{key}.share_of_income")) {
                let income_of = key.replace("share_of_income", "income_of");
                if typed.document.get(&key).is_some() && typed.document.get(&income_of).is_none() {
                    let words = Words::new(
                        "按一个人的收入计算，而自付费用按全户累计；如指家庭收入，请写income_of = \"household\"（一个人的收入乘以家庭人口数），否则写income_of = \"person\"",
                        "is a share of one person's income, while the self-pay is that of the household; where the household's income is meant, that of a person times its members, write `income_of = \"household\"`, else `income_of = \"person\"`",
                    );
                    faults.warn(typed.document.notice(&key, words));
                }
            }
        }
    }
}

/// The categories, with the words for ordinary residents.
fn named<'i>(ids: &[&'i str], ordinary: &'i str) -> Vec<&'i str> {
    ids.iter().map(|id| if *id == "ordinary" { ordinary } else { *id }).collect()
}

/// The keys of the rules that count in a pool, of all policies.
pub(super) fn rules_of_pool(files: &Files, pool: &str) -> Vec<String> {
    let of_policy = |policy: &raw::Policy| -> Vec<String> {
        let assistance = assistance_in(policy, pool).map(|(id, _)| format!("assistance.{id}"));
        let tilts = tilts_in(policy, pool).map(|(id, _)| format!("tilt.{id}"));
        let applications = policy.application.iter().filter(|(_, rule)| rule.pool.as_deref() == Some(pool));
        assistance.chain(tilts).chain(applications.map(|(id, _)| format!("application.{id}"))).collect()
    };
    files.policies.iter().flat_map(|(_, typed)| of_policy(&typed.raw)).collect()
}

fn is_within(within: Option<&raw::Within>, pool: &str) -> bool {
    within.is_some_and(|one| one.pool == pool)
}

/// The rules of regular assistance that count in a pool, as their own or as a further one.
fn assistance_in<'p>(
    policy: &'p raw::Policy,
    pool: &'p str,
) -> impl Iterator<Item = (&'p String, &'p raw::Assistance)> {
    let counts = move |rule: &raw::Assistance| {
        rule.pool.as_deref() == Some(pool) || is_within(rule.within.as_ref(), pool)
    };
    policy.assistance.iter().filter(move |(_, rule)| counts(rule))
}

/// The tilts within a pool.
fn tilts_in<'p>(policy: &'p raw::Policy, pool: &'p str) -> impl Iterator<Item = (&'p String, &'p raw::Tilt)> {
    policy.tilt.iter().filter(move |(_, rule)| is_within(rule.within.as_ref(), pool))
}

/// The keys that let rules count households, each with the categories whom such rules are for, by rank.
fn counting_households(policy: &raw::Policy) -> Vec<(String, Vec<&str>)> {
    let of = |who: &raw::Who| -> Vec<String> {
        let all = who.categories.as_ref().unwrap_or(&policy.rank);
        all.clone()
    };
    let ids = |names: Vec<String>| -> Vec<&str> {
        let known = policy.rank.iter().map(String::as_str).chain(["ordinary"]);
        known.filter(|id| names.iter().any(|name| name == id)).collect()
    };
    let of_household = |pool: Option<&str>| {
        pool.and_then(|id| policy.pools.get(id)).is_some_and(|pool| pool.sums_of == SumsOf::Household)
    };
    let mut all = Vec::new();
    for (id, _) in policy.pools.iter().filter(|(_, pool)| pool.sums_of == SumsOf::Household) {
        let rules = assistance_in(policy, id).filter(|(_, rule)| rule.enabled);
        let tilts = tilts_in(policy, id).filter(|(_, rule)| rule.enabled);
        let who = rules.filter_map(|(_, rule)| rule.who.as_ref()).chain(tilts.map(|(_, rule)| &rule.who));
        all.push((format!("pools.{id}.sums_of"), ids(who.flat_map(of).collect())));
    }
    for (id, rule) in policy.tilt.iter().filter(|(_, rule)| rule.enabled && rule.sums_of == SumsOf::Household)
    {
        all.push((format!("tilt.{id}.sums_of"), ids(of(&rule.who))));
    }
    for (id, rule) in policy.application.iter().filter(|(_, rule)| rule.enabled) {
        let own = rule.sums_of == Some(SumsOf::Household);
        if own || of_household(rule.pool.as_deref()) {
            let key = if own { "sums_of" } else { "pool" };
            let everybody = [policy.rank.as_slice(), &["ordinary".to_owned()]].concat();
            all.push((format!("application.{id}.{key}"), ids(everybody)));
        }
    }
    let adjustments = policy.adjustment.iter().filter(|(_, rule)| rule.enabled);
    for (id, rule) in adjustments.filter(|(_, rule)| rule.sums_of == Some(SumsOf::Household)) {
        all.push((format!("adjustment.{id}.sums_of"), ids(of(&rule.who))));
    }
    all
}
