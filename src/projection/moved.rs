//! What each change of a scenario moved, or why it moved nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::Lang;
use crate::raw::rules::BOOKING;
use crate::scenario::changes::{Change, Touch, Unfelt};
use crate::stats::Estimate;

use super::clauses::{AllEffects, EffectRow};
use super::compare::Comparison;
use super::difference::{DifferenceRow, estimate, minus};
use super::layout::Layout;
use super::money::Part;
use super::silence::States;
use super::touched::Touched;
use super::warning::Silence;

/// A change with what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRow {
    /// The change.
    pub change: Change,
    /// What came of it.
    pub outcome: Outcome,
    /// Whom the line in which it is written touches by itself.
    pub touched: Touched,
}

/// What came of a change, over all counties and years that are reported.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is the only one that could be felt: the whole difference in spending is its own, yuan.
    Whole(Estimate),
    /// It and other changes of the same thing are all that could be felt: the whole difference is theirs, yuan, and stands at
    /// each of them.
    WholeTogether(Estimate),
    /// Its rules moved so much more or less (insurers and hospitals included), yuan; what other changes did to the
    /// same rules is in it.
    OfItsRules(Estimate),
    /// As before, of rules that other changes of the comparison change too: the same amount stands at each of them.
    OfSharedRules(Estimate),
    /// All spending together is the same, but so much goes to other lines or is paid by others, yuan.
    Shifted(Estimate),
    /// Part of the difference of several changes, without a rule of its own by which to tell it apart.
    Shared,
    /// Nothing at all, and why.
    Nothing(Why),
}

/// Why a change moved nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It cannot reach anything.
    Unfelt(Unfelt),
    /// Its rules are silent.
    Silent(Silence),
    /// Its rules pay, but nobody reached the limit, neither the one before nor the one after.
    LimitNotReached,
    /// Whoever was simulated is treated alike with both values.
    NobodyTreatedOtherwise,
}

/// The changes of a comparison's second scenario, each with what came of it.
#[must_use]
pub fn rows(changes: Vec<Change>, comparison: &Comparison) -> Vec<ChangeRow> {
    let effects = Effects::new(comparison);
    let felt = Felt::of(&changes);
    let n_of_rules = |rules: &[String]| {
        let of_same = |change: &&Change| matches!(&change.touch, Touch::Rules(own) if own.iter().any(|rule| rules.contains(rule)));
        changes.iter().filter(of_same).count()
    };
    let outcome = |change: &Change| match &change.touch {
        Touch::Unfelt(unfelt) => Outcome::Nothing(Why::Unfelt(unfelt.clone())),
        Touch::Rules(rules) => match effects.outcome(&change.key, rules, felt) {
            Outcome::OfItsRules(yuan) if n_of_rules(rules) > 1 => Outcome::OfSharedRules(yuan),
            other => other,
        },
        Touch::Draws | Touch::Together => effects.outcome(&change.key, &[], felt),
    };
    let outcomes: Vec<Outcome> = changes.iter().map(outcome).collect();
    let row = |(change, outcome)| ChangeRow { change, outcome, touched: Touched::NotAsked };
    changes.into_iter().zip(outcomes).map(row).collect()
}

/// How many changes could be felt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Felt {
    One,
    /// All of them change the same rules, or none that could be told apart.
    Alike,
    Several,
}

impl Felt {
    fn of(changes: &[Change]) -> Self {
        let rules = |change: &Change| match &change.touch {
            Touch::Rules(rules) => rules.clone(),
            _ => Vec::new(),
        };
        let all: Vec<Vec<String>> =
            changes.iter().filter(|change| change.touch.is_felt()).map(rules).collect();
        match all.len() {
            0 | 1 => Self::One,
            _ if all.windows(2).all(|pair| pair[0] == pair[1]) => Self::Alike,
            _ => Self::Several,
        }
    }
}

/// What the rules of both scenarios did.
struct Effects<'a> {
    comparison: &'a Comparison,
    states: [States; 2],
    /// Whether no payment and no person differs anywhere.
    all_alike: bool,
}

impl<'a> Effects<'a> {
    fn new(comparison: &'a Comparison) -> Self {
        let [base, other] = &comparison.rules;
        let states = [(&comparison.base, base, 0), (&comparison.other, other, 1)]
            .map(|(layout, rules, side)| States::new(layout, rules, &comparison.people[side]));
        let mut effects = Self { comparison, states, all_alike: false };
        let known = |side: usize| comparison.layout(side).rules.iter().map(|rule| rule.id.as_str());
        let by_money = comparison.rows.iter().all(|row| row.difference.is_nothing());
        effects.all_alike = by_money
            && !known(0).chain(known(1)).any(|rule| effects.is_changed(rule))
            && comparison.people[0] == comparison.people[1];
        effects
    }

    fn outcome(&self, key: &str, rules: &[String], felt: Felt) -> Outcome {
        if self.all_alike {
            return Outcome::Nothing(self.why(key, rules));
        }
        let shifted = self.comparison.moved.shifted;
        if shifted.mean > 0.0 && self.comparison.totals().all(|row| row.difference.is_nothing()) {
            return Outcome::Shifted(shifted);
        }
        match felt {
            Felt::One => return Outcome::Whole(self.comparison.moved.total),
            Felt::Alike => return Outcome::WholeTogether(self.comparison.moved.total),
            Felt::Several => {}
        }
        if rules.is_empty() {
            return Outcome::Shared;
        }
        let moved: Vec<&String> = rules.iter().filter(|rule| self.is_changed(rule)).collect();
        if moved.is_empty() {
            let is_booking = rules.iter().any(|rule| self.is_booking(key, rule));
            // What its rules pay is the same; who bears it, and where it is booked, is not told rule by rule.
            return if is_booking && shifted.mean > 0.0 {
                Outcome::Shared
            } else {
                Outcome::Nothing(self.why(key, rules))
            };
        }
        Outcome::OfItsRules(self.comparison.moved.of_rules(&moved))
    }

    /// Whether a key of a rule says only where its payments are booked and who pays them.
    fn is_booking(&self, key: &str, rule: &str) -> bool {
        let layouts = [0, 1].map(|side| self.comparison.layout(side));
        let known = layouts.iter().flat_map(|layout| &layout.rules).find(|known| known.id == rule);
        let paths = known.into_iter().flat_map(|known| [Some(known.key.path()), known.key.standard_path()]);
        paths.flatten().any(|path| {
            let own = key.split_once(&format!(".{path}.")).map(|(_, own)| own);
            own.is_some_and(|own| own.split('.').next().is_some_and(|first| BOOKING.contains(&first)))
        })
    }

    /// Whether a rule did anything else in the second scenario.
    fn is_changed(&self, id: &str) -> bool {
        let rows = |side: usize| {
            let number = self.comparison.layout(side).rules.iter().position(|rule| rule.id == id);
            let all = self.comparison.rules[side].iter();
            all.filter(|row| Some(row.of) == number && !row.effect.is_nothing()).collect::<Vec<&EffectRow>>()
        };
        let (base, other) = (rows(0), rows(1));
        let is_same =
            |(a, b): (&&EffectRow, &&EffectRow)| (a.county, a.year, a.effect) == (b.county, b.year, b.effect);
        base.len() != other.len() || !base.iter().zip(&other).all(is_same)
    }

    fn why(&self, key: &str, rules: &[String]) -> Why {
        let silences: Option<Vec<Silence>> = rules.iter().map(|rule| self.silence(rule)).collect();
        let last = key.rsplit('.').next().unwrap_or_default();
        let is_limit =
            ["cap", "trigger", "threshold", "at_most", "limit"].iter().any(|word| last.contains(word));
        match silences.and_then(|all| all.into_iter().max()) {
            Some(silence) => Why::Silent(silence),
            None if is_limit && !rules.is_empty() => Why::LimitNotReached,
            None => Why::NobodyTreatedOtherwise,
        }
    }

    /// Why a rule is silent in all years of both scenarios; `None` where it is not.
    fn silence(&self, id: &str) -> Option<Silence> {
        let mut reasons = Vec::new();
        for side in 0..2 {
            let layout = self.comparison.layout(side);
            let Some(rule) = layout.rules.iter().position(|rule| rule.id == id) else { continue };
            for year in 0..layout.years.len() {
                reasons.push(self.states[side].of(rule, year)?);
            }
        }
        reasons.into_iter().max()
    }
}

impl Comparison {
    /// The layout of the first (0) or the second scenario.
    #[must_use]
    pub const fn layout(&self, side: usize) -> &super::layout::Layout {
        if side == 0 { &self.base } else { &self.other }
    }

    /// The differences in all spending, by county and year and of all counties.
    fn totals(&self) -> impl Iterator<Item = &DifferenceRow> {
        self.rows.iter().filter(|row| row.part == Part::TOTAL)
    }
}

/// What moved over all counties and years together, added up within each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedFen {
    /// The difference in all spending, yuan.
    pub total: Estimate,
    /// How much goes to other lines, or is paid by others, than before, yuan: half of what the lines, or the funders, gain
    /// and lose, whichever is more.
    pub shifted: Estimate,
    /// How much more each rule moved in the second scenario, whoever pays: by the rule's id, fen by replicate.
    by_rule: BTreeMap<String, Vec<i64>>,
    n_replicates: usize,
}

impl MovedFen {
    /// From the columns of both scenarios by year and part, and what their rules did.
    pub(super) fn new(
        parts: &[Part],
        columns: impl Fn(usize, &Part) -> [Vec<i64>; 2],
        rules: [(&Layout, &AllEffects); 2],
    ) -> Self {
        let (n_years, n_replicates) = (rules[0].0.years.len(), rules[0].0.n_replicates);
        let difference = |year: usize, part: &Part| {
            let [base, other] = columns(year, part);
            minus([&base, &other], n_replicates)
        };
        let mut total = vec![0; n_replicates];
        (0..n_years).for_each(|year| add(&mut total, &difference(year, &Part::TOTAL), 1));
        let shifted = |is_part: &dyn Fn(&Part) -> bool| {
            let mut halves = vec![0; n_replicates];
            for part in parts.iter().filter(|part| is_part(part)) {
                for year in 0..n_years {
                    let column = difference(year, part);
                    let gains = column.iter().map(|&fen| i128::from(fen)).sum::<i128>() >= 0;
                    add(&mut halves, &column, if gains { 1 } else { -1 });
                }
            }
            Estimate::of(&halves, 200).unwrap_or_default()
        };
        let by_line = shifted(&|part| part.line.is_some() && part.funder.is_none());
        let by_funder = shifted(&|part| part.line.is_none() && part.funder.is_some());
        let mut by_rule: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for (sign, (layout, effects)) in [-1, 1].into_iter().zip(rules) {
            for (year, rule) in effects.keys() {
                let sum =
                    by_rule.entry(layout.rules[rule].id.clone()).or_insert_with(|| vec![0; n_replicates]);
                add(sum, effects.get(year, rule).map_or(&[], |trials| trials.fen()), sign);
            }
        }
        let shifted = if by_line.mean > by_funder.mean { by_line } else { by_funder };
        Self { total: estimate(&total), shifted, by_rule, n_replicates }
    }

    /// How much more these rules moved together in the second scenario, yuan.
    fn of_rules(&self, ids: &[&String]) -> Estimate {
        let mut sum = vec![0; self.n_replicates];
        let known: BTreeSet<&&String> = ids.iter().collect();
        known.into_iter().filter_map(|id| self.by_rule.get(*id)).for_each(|fen| add(&mut sum, fen, 1));
        estimate(&sum)
    }
}

fn add(sum: &mut [i64], more: &[i64], sign: i64) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += sign * more);
}

/// Exactly nothing, in however many replicates.
const NOTHING: Estimate = Estimate { n: 0, mean: 0.0, sd: Some(0.0), standard_error: Some(0.0) };

impl Outcome {
    /// The name in the table.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Whole(_) => "whole_difference",
            Self::WholeTogether(_) => "whole_together",
            Self::OfItsRules(_) => "its_rules",
            Self::OfSharedRules(_) => "shared_rules",
            Self::Shifted(_) => "shifted",
            Self::Shared => "shared",
            Self::Nothing(why) => why.name(),
        }
    }

    /// The yuan that it moved, where they can be told apart; exactly 0 where it moved nothing.
    #[must_use]
    pub const fn yuan(&self) -> Option<Estimate> {
        match self {
            Self::Whole(yuan)
            | Self::WholeTogether(yuan)
            | Self::OfItsRules(yuan)
            | Self::OfSharedRules(yuan)
            | Self::Shifted(yuan) => Some(*yuan),
            Self::Shared => None,
            Self::Nothing(_) => Some(NOTHING),
        }
    }

    /// What came of it, without the amount.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Whole(_) => lang.pick("差额全部由此引起", "causes the whole difference").to_owned(),
            Self::WholeTogether(_) => lang
                .pick("各项合在一起引起全部差额", "together they cause the whole difference")
                .to_owned(),
            Self::OfItsRules(_) => lang
                .pick(
                    "所属规则的金额变化（含保险和医疗机构）",
                    "what its rules moved (insurers and hospitals included)",
                )
                .to_owned(),
            Self::OfSharedRules(_) => lang
                .pick(
                    "所属规则的金额变化（含保险和医疗机构），为同一规则各项改动之和",
                    "what its rules moved (insurers and hospitals included), all changes of the same rules together",
                )
                .to_owned(),
            Self::Shifted(_) => lang
                .pick(
                    "支出合计不变，改由其他资金渠道负担或计入其他项目",
                    "all spending together is the same; paid by others or booked to other lines",
                )
                .to_owned(),
            Self::Shared => lang
                .pick(
                    "与其他改动共同造成差额，无法单独区分",
                    "part of the difference, together with other changes",
                )
                .to_owned(),
            Self::Nothing(why) => why.text(lang),
        }
    }
}

impl Why {
    /// The name in the table.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unfelt(Unfelt::SameValue) => "same_value",
            Self::Unfelt(Unfelt::SameEffect) => "same_effect",
            Self::Unfelt(Unfelt::Status) => "status",
            Self::Unfelt(Unfelt::Overwritten(_)) => "overwritten",
            Self::Unfelt(Unfelt::Label) => "label",
            Self::Unfelt(Unfelt::OtherYears(_)) => "other_years",
            Self::Unfelt(Unfelt::OtherCounties) => "other_counties",
            Self::Unfelt(Unfelt::Unread) => "unread",
            Self::Silent(silence) => silence.name(),
            Self::LimitNotReached => "limit_not_reached",
            Self::NobodyTreatedOtherwise => "nobody_treated_otherwise",
        }
    }

    /// The reason as a sentence.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let text = match self {
            Self::Unfelt(Unfelt::SameValue) => lang.pick("无影响：与原值相同", "moves nothing: the value is the same as before"),
            Self::Unfelt(Unfelt::SameEffect) => lang.pick(
                "无影响：与未写时所用的值相同",
                "moves nothing: without it the same value applied",
            ),
            Self::Unfelt(Unfelt::Status) => lang.pick(
                "无影响：只是数据来源状态不同",
                "moves nothing: only where the number comes from",
            ),
            Self::Unfelt(Unfelt::Label) => lang.pick("无影响：只是名称或说明", "moves nothing: only a title or a name"),
            Self::Unfelt(Unfelt::OtherCounties) => {
                lang.pick("无影响：只涉及未测算的县区", "moves nothing: acts only in counties that are not simulated")
            }
            Self::Unfelt(Unfelt::Unread) => lang.pick(
                "无影响：这些年度没有规则或测算步骤用到它",
                "moves nothing: no rule and no step of these years uses it",
            ),
            Self::LimitNotReached => lang.pick(
                "无影响：各次模拟中无人达到该限额，改动前后均如此",
                "moves nothing: nobody reaches this limit in any replicate, before or after",
            ),
            Self::NobodyTreatedOtherwise => lang.pick(
                "无影响：各次模拟中每笔支付和每个人的待遇前后相同",
                "moves nothing: every payment and every person is the same before and after in every replicate",
            ),
            Self::Unfelt(Unfelt::Overwritten(by)) => {
                let by = match by.as_str() {
                    "--set run.replicates" => "--replicates",
                    "--set run.seed" => "--seed",
                    other => other,
                };
                return match lang {
                    Lang::Zh => format!("无影响：命令行 {by} 对各方案统一取值"),
                    Lang::En => format!("moves nothing: {by} of the command line gives all scenarios its value"),
                };
            }
            Self::Unfelt(Unfelt::OtherYears(years)) => {
                let list: Vec<String> = years.iter().map(ToString::to_string).collect();
                return match lang {
                    Lang::Zh => format!("无影响：只在{}年起作用，该年度不在测算范围内", list.join("、")),
                    Lang::En => format!("moves nothing: acts only in {}, which is not projected", list.join(", ")),
                };
            }
            Self::Silent(silence) => {
                return match lang {
                    Lang::Zh => format!("无影响：{}", silence.text(lang)),
                    Lang::En => format!("moves nothing: {}", silence.text(lang)),
                };
            }
        };
        text.to_owned()
    }
}
