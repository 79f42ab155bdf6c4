//! Rules that count the sums of a household: over the policies of a timeline, and at a place whose projection does not draw
//! everybody of a household.

use std::collections::BTreeSet;

use super::Files;
use super::fault::Faults;
use crate::lang::Words;
use crate::policy::rule::Family;
use crate::policy::sums::SumsOf;
use crate::raw::policy as raw;
use crate::raw::population::Given;
use crate::raw::rules::Head;

/// In a year of two policies the sums of a pool go on, so they are whose they were.
pub(super) fn of_timeline(files: &Files, faults: &mut Faults) {
    for (number, (_, typed)) in files.policies.iter().enumerate() {
        for (id, pool) in &typed.raw.pools {
            let earlier = files.policies[..number].iter().find_map(|(_, other)| {
                let sums_of = other.raw.pools.get(id)?.sums_of;
                (sums_of != pool.sums_of).then_some(&other.id)
            });
            if let Some(other) = earlier {
                let (here, there) = match pool.sums_of {
                    SumsOf::Person => (&EACH_PERSON, &THE_HOUSEHOLD),
                    SumsOf::Household => (&THE_HOUSEHOLD, &EACH_PERSON),
                };
                let problem = Words::new(
                    format!(
                        "共用额度此处{}累计，而在`{other}`中{}累计：一年中有两个政策时累计金额延续，请给其中一个换用其他名称",
                        here.0, there.0
                    ),
                    format!(
                        "the pool counts {} here and {} in `{other}`: in a year of two policies its sums go on, so give one of them another id",
                        here.1, there.1
                    ),
                );
                faults.push(typed.document.fault(&format!("pools.{id}"), problem, None));
            }
        }
    }
}

const EACH_PERSON: (&str, &str) = ("按个人", "each person");
const THE_HOUSEHOLD: (&str, &str) = ("按家庭", "the household");

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
    let heads = files.policies.iter().flat_map(|(_, typed)| typed.raw.rules_as_written());
    heads.filter(|head| head.pools.contains(&pool)).map(|head| head.path()).collect()
}

/// The keys that let rules count households, each with the categories whom such rules are for, by rank.
fn counting_households(policy: &raw::Policy) -> Vec<(String, Vec<&str>)> {
    let by_rank = || policy.rank.iter().map(String::as_str).chain(["ordinary"]);
    let is_for = |head: &Head<'_>, id: &str| {
        // Whoever is recognised on application comes out of all residents.
        let anybody = head.family == Family::Application;
        anybody
            || head.who.is_some_and(|who| {
                who.categories.as_ref().unwrap_or(&policy.rank).iter().any(|one| one == id)
            })
    };
    let of = |heads: &[&Head<'_>]| -> Vec<&str> {
        by_rank().filter(|id| heads.iter().any(|head| is_for(head, id))).collect()
    };
    let rules = policy.rules();
    let rules: Vec<&Head<'_>> = rules.iter().filter(|head| head.enabled).collect();
    let mut all = Vec::new();
    for (id, _) in policy.pools.iter().filter(|(_, pool)| pool.sums_of == SumsOf::Household) {
        let within = |head: &&Head<'_>| head.pools.contains(&id.as_str());
        let (on_application, others): (Vec<_>, Vec<_>) =
            rules.iter().copied().filter(within).partition(|head| head.family == Family::Application);
        all.push((format!("pools.{id}.sums_of"), of(&others)));
        // One that says so itself is told of below.
        let by_pool = on_application.into_iter().filter(|head| head.sums_of.is_none());
        all.extend(by_pool.map(|head| (format!("{}.pool", head.path()), of(&[head]))));
    }
    let own = rules.iter().filter(|head| head.sums_of == Some(SumsOf::Household));
    all.extend(own.map(|head| (format!("{}.sums_of", head.path()), of(&[head]))));
    all
}
