//! What stands above and below every chart of a scenario; what is said of the inputs is read off their statuses.

use std::collections::BTreeMap;

use super::simulate::Size;
use crate::chart::Caption;
use crate::lang::Lang;
use crate::raw::Status;
use crate::report::names::Label;
use crate::scenario::Scenario;

/// The caption of a scenario's charts, for the counties that were simulated.
pub fn caption(scenario: &Scenario, size: &Size, lang: Lang) -> Caption {
    let hash = scenario.content_hash();
    Caption {
        lang,
        title: None,
        scenario: lang.pick(&scenario.settings.title_zh, &scenario.settings.title_en).to_owned(),
        replicates: u64::from(size.n_replicates),
        run: hash.chars().take(8).collect(),
        source: source(scenario, &size.counties, lang),
    }
}

/// What stands at the foot of a scenario's charts, in both languages.
pub fn basis(scenario: &Scenario, size: &Size) -> Label {
    let text = |lang| source(scenario, &size.counties, lang);
    Label::new(text(Lang::Zh), text(Lang::En))
}

/// Where the figures come from: the policy, and how much of counts and illness model was found, derived or assumed.
fn source(scenario: &Scenario, counties: &[usize], lang: Lang) -> String {
    let policy = lang.pick(&scenario.policy.title_zh, &scenario.policy.title_en);
    let place = lang.pick(&scenario.place.name_zh, &scenario.place.name_en);
    let persons = statuses(&scenario.persons_by_status(counties), lang);
    let none = BTreeMap::new();
    let values = |part: &str| {
        let counts = scenario.provenance.counts.get(part).unwrap_or(&none);
        statuses(&counts.iter().map(|(status, n)| (*status, *n as u64)).collect(), lang)
    };
    let (rules, values) = (values("policy"), values("model"));
    let model = &scenario.settings.model;
    match lang {
        Lang::Zh => format!(
            "政策：{policy}，其参数（按个数）：{rules}；人口：{place}分县人口表；各类对象人数（按人数）：{persons}；疾病模型{model}的参数（按个数）：{values}"
        ),
        Lang::En => format!(
            "Policy: {policy}, its values: {rules}; population: county table of {place}; persons by category: {persons}; values of the illness model {model}: {values}"
        ),
    }
}

/// The shares of each status, as percentages that add up to 100; one status alone is "all".
fn statuses(counts: &BTreeMap<Status, u64>, lang: Lang) -> String {
    let present: Vec<(Status, u64)> =
        counts.iter().map(|(status, n)| (*status, *n)).filter(|(_, n)| *n > 0).collect();
    let all: u64 = present.iter().map(|(_, n)| n).sum();
    match present.as_slice() {
        [] => lang.pick("无", "none").to_owned(),
        [(status, _)] => format!("{}{}", lang.pick("全部", "all "), status.text(lang)),
        _ => {
            let part = |(status, n): &(Status, u64)| match lang {
                Lang::Zh => format!("{}{}", status.text(lang), percent(*n, all)),
                Lang::En => format!("{} {}", percent(*n, all), status.text(lang)),
            };
            present.iter().map(part).collect::<Vec<_>>().join(lang.pick("、", ", "))
        }
    }
}

/// A part as a percentage with one decimal, never rounded to nothing or to everything.
#[expect(clippy::cast_precision_loss, reason = "counts")]
fn percent(part: u64, all: u64) -> String {
    let share = part as f64 / all as f64 * 100.0;
    if share < 0.1 {
        "<0.1%".to_owned()
    } else if share > 99.9 {
        ">99.9%".to_owned()
    } else {
        format!("{share:.1}%")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_the_words_follow_the_statuses() {
        let of = |list: &[(Status, u64)]| statuses(&list.iter().copied().collect(), Lang::Zh);
        assert_eq!(of(&[(Status::Found, 7)]), "全部查得");
        assert_eq!(of(&[(Status::Found, 0), (Status::Assumed, 7)]), "全部推算");
        assert_eq!(of(&[(Status::Found, 750), (Status::Assumed, 250)]), "查得75.0%、推算25.0%");
        assert_eq!(of(&[(Status::Found, 1), (Status::Assumed, 9_999)]), "查得<0.1%、推算>99.9%");
        assert_eq!(of(&[]), "无");
    }

    /// The footer of the main scenario changes when the counts of its categories are found, whichever county is run.
    #[test]
    fn exact_the_footer_is_computed_from_the_counts_that_were_used() {
        let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/fangchenggang.toml"));
        let mut scenario = crate::scenario::load(path, &[]).unwrap();
        for count in &mut scenario.place.counties[0].categories {
            count.status = Status::Found;
        }
        assert!(source(&scenario, &[0], Lang::Zh).contains("各类对象人数（按人数）：全部查得；"));
        assert!(source(&scenario, &[0], Lang::En).contains("persons by category: all found;"));
        let both = source(&scenario, &[0, 1], Lang::Zh);
        assert!(both.contains("各类对象人数（按人数）：查得") && !both.contains("全部查得"), "{both}");
    }
}
