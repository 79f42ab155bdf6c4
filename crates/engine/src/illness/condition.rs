//! Major conditions treated as outpatients every month: who has one, since when, until when, at what cost.
//!
//! A person has at most one. Between the ages a - 1 and a it ends with probability x(a) and begins, in those
//! without any, with o(a) = (p(a) - p(a-1) (1 - x(a))) / (1 - all conditions' p(a-1)), where p is the prevalence
//! wanted; x(a) is raised where the prevalence falls faster than persons leave. So the prevalence at each age
//! stays what the file says, in every year.

use super::fault::Faults;
use super::incidence::table_row;
use super::math;
use super::series::{AGES, by_age};
use crate::lang::{Words, words};
use crate::policy::claim::Level;
use crate::raw::model::RawCondition;
use crate::rng::threshold;

/// The resolved conditions.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub(super) list: Vec<Condition>,
    /// By group, age and condition: words below it mean the onset of this condition or one before it.
    onset: Vec<u32>,
    /// By group, age and condition: cumulated prevalence at the end of the year.
    present: Vec<u32>,
    /// By group, age and condition: words below it end the condition.
    exit: Vec<u32>,
}

/// One condition.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) id: String,
    /// Share of persons with the condition by age, in the group of factor one.
    pub(super) prevalence: Vec<f64>,
    pub(super) extra_stays: f64,
    pub(super) stay_cost_factor: f64,
    pub(super) log_stay_cost: f64,
    /// Log of the median of a month's outpatient bill in yuan, and its spread between persons.
    pub(super) log_month: f64,
    pub(super) log_sd: f64,
    pub(super) levels: [u64; 4],
    exit_per_year: f64,
}

/// A condition in the months of one year: number plus one (0 for none), first and last month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Spell {
    pub(super) condition: u8,
    pub(super) first: u8,
    pub(super) last: u8,
}

impl Spell {
    /// The part of it in some months; none where they share no month.
    pub(super) fn within(self, (first, last): (u8, u8)) -> Self {
        let (first, last) = (self.first.max(first), self.last.min(last));
        if self.condition == 0 || first > last { Self::default() } else { Self { first, last, ..self } }
    }
}

impl Condition {
    fn new(id: &str, raw: &RawCondition, faults: &mut Faults) -> Self {
        let key = format!("condition.{id}");
        for (name, value, range) in [
            ("exit_per_year", raw.exit_per_year, (0.0, 1.0)),
            ("year_mean_yuan", raw.year_mean_yuan, (1.0, 1e7)),
            ("year_sd_yuan", raw.year_sd_yuan, (0.0, 1e7)),
            ("outpatient_share", raw.outpatient_share, (0.0, 1.0)),
            ("extra_stays_per_year", raw.extra_stays_per_year, (0.0, 20.0)),
            ("stay_cost_factor", raw.stay_cost_factor, (0.1, 10.0)),
        ] {
            faults.within(&format!("{key}.{name}"), value, range);
        }
        let shares = faults.levels(&format!("{key}.level_shares"), &raw.level_shares, |&share| share);
        faults.shares(&format!("{key}.level_shares"), &shares);
        let log_sd = math::log_sd(raw.year_sd_yuan / raw.year_mean_yuan.max(1.0));
        let month = raw.year_mean_yuan.max(1.0) * raw.outpatient_share / 12.0;
        let prevalence = by_age(
            &format!("{key}.prevalence_per_1000_by_age"),
            &raw.prevalence_per_1000_by_age,
            100.0,
            faults,
        );
        Self {
            id: id.into(),
            prevalence: prevalence.iter().map(|per_1000| per_1000 / 1000.0).collect(),
            extra_stays: raw.extra_stays_per_year,
            stay_cost_factor: raw.stay_cost_factor,
            log_stay_cost: libm::log(raw.stay_cost_factor.max(0.1)),
            log_month: libm::log(month.max(0.005)) - 0.5 * log_sd * log_sd,
            log_sd,
            levels: super::cost::level_thresholds(shares),
            exit_per_year: raw.exit_per_year,
        }
    }
}

impl Conditions {
    pub(super) fn new(
        raw: &std::collections::BTreeMap<String, RawCondition>,
        group_factors: &[f64],
        faults: &mut Faults,
    ) -> Self {
        if raw.len() > 30 {
            faults.add("condition", raw.len(), Words::new("至多30种重特大疾病", "at most 30 conditions"));
        }
        let list: Vec<_> = raw.iter().take(30).map(|(id, row)| Condition::new(id, row, faults)).collect();
        let mut all = Self { list, onset: vec![], present: vec![], exit: vec![] };
        for (group, &factor) in group_factors.iter().enumerate() {
            for age in 0..AGES {
                all.push_age(factor, age);
            }
            let most = (0..AGES).map(|age| all.any_at(factor, Some(age))).fold(0.0, f64::max);
            if most > 0.9 {
                faults.add(
                    "condition.*.prevalence_per_1000_by_age",
                    most,
                    words!(
                        "患任一重特大疾病的人员比例（第{number}组人员类别）至多0.9",
                        "at most 0.9 of persons with any condition (of group {number} of categories)",
                        number = group + 1
                    ),
                );
            }
        }
        all
    }

    /// The share of persons with any condition at an age in a group; none before birth.
    fn any_at(&self, factor: f64, age: Option<usize>) -> f64 {
        age.map_or(0.0, |age| self.list.iter().map(|c| c.prevalence[age] * factor).sum())
    }

    fn push_age(&mut self, factor: f64, age: usize) {
        let before = age.checked_sub(1);
        let free = (1.0 - self.any_at(factor, before)).max(0.1);
        let (mut onset, mut present) = (0.0, 0.0);
        for condition in &self.list {
            let now = condition.prevalence[age] * factor;
            let then = before.map_or(0.0, |age| condition.prevalence[age] * factor);
            let falls = if then > 0.0 { 1.0 - now / then } else { 0.0 };
            let exit = condition.exit_per_year.max(falls);
            onset += ((now - then * (1.0 - exit)) / free).max(0.0);
            present += now;
            self.exit.push(word_threshold(exit));
            self.onset.push(word_threshold(onset));
            self.present.push(word_threshold(present));
        }
    }

    /// Words from it on mean no onset in any group and age.
    pub(super) fn most_onset(&self) -> u32 {
        self.onset.iter().copied().max().unwrap_or(0)
    }

    /// Words from it on mean no condition at the beginning in any group and age.
    pub(super) fn most_present(&self) -> u32 {
        self.present.iter().copied().max().unwrap_or(0)
    }

    /// A condition by its number plus one; none for 0.
    pub(super) fn get(&self, number: u8) -> Option<&Condition> {
        self.list.get(usize::from(number).checked_sub(1)?)
    }

    /// The condition at the end of the year before a person of this age begins: none for those not yet born.
    pub(super) fn at_begin(&self, group: u8, age: u8, word: u32) -> u8 {
        age.checked_sub(1).map_or(0, |age| number(self.of_age(group, age), word))
    }

    /// The condition of an ordinary person at a word uniform over those who have one.
    pub(super) fn given_any(&self, group: u8, age: u8, word: u32) -> u8 {
        let present = self.of_age(group, age);
        let any = present.last().copied().unwrap_or(0);
        number(present, ((u64::from(word) * u64::from(any)) >> 32) as u32)
    }

    /// Of a group and age: cumulated prevalence by condition, as thresholds of words.
    pub(super) fn of_age(&self, group: u8, age: u8) -> &[u32] {
        self.of_row(&self.present, table_row(group, age) as usize)
    }

    /// The share of persons of a group and age with any condition.
    pub(super) fn any(&self, group: u8, age: u8) -> f64 {
        f64::from(self.of_age(group, age).last().copied().unwrap_or(0)) / 4_294_967_296.0
    }

    /// The thresholds of a group and age.
    fn of_row<'a>(&self, thresholds: &'a [u32], row: usize) -> &'a [u32] {
        let n = self.list.len();
        &thresholds[row * n..(row + 1) * n]
    }

    /// Moves the condition of one person of a group and age (`row`) on by a year: the one word decides on end or
    /// onset, the other on the month.
    pub(super) fn advance(&self, row: usize, words: [u32; 2], condition: &mut u8) -> Spell {
        #[expect(clippy::cast_possible_truncation, reason = "below 12")]
        let month = ((u64::from(words[1]) * 12) >> 32) as u8 + 1;
        if *condition == 0 {
            *condition = number(self.of_row(&self.onset, row), words[0]);
            return Spell { condition: *condition, first: month, last: 12 };
        }
        let had = *condition;
        let ends = words[0] < self.of_row(&self.exit, row)[usize::from(had) - 1];
        if ends {
            *condition = 0;
        }
        Spell { condition: had, first: 1, last: if ends { month } else { 12 } }
    }

    /// The level of hospital of a person with this condition.
    pub(super) fn level(condition: &Condition, word: u32) -> Level {
        super::cost::level_of(&condition.levels, word)
    }
}

/// The number plus one of the condition whose threshold is the first above a word; 0 for none.
#[expect(clippy::cast_possible_truncation, reason = "at most 30 conditions")]
fn number(thresholds: &[u32], word: u32) -> u8 {
    thresholds.iter().position(|&threshold| word < threshold).map_or(0, |at| at as u8 + 1)
}

/// A probability below one as a threshold on a word.
#[expect(clippy::cast_possible_truncation, reason = "bounded")]
fn word_threshold(probability: f64) -> u32 {
    threshold(probability).min(u64::from(u32::MAX)) as u32
}
