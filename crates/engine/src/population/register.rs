//! The register: how many persons are to hold each category in each month, held against who does.

use crate::lang::Words;
use crate::units::Month;

use super::Population;
use super::plan::Plan;

/// What one category's register says for a year, and who holds it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RegisterCount {
    /// Persons who are to hold it in every month of the year; for ordinary residents, who are to hold nothing.
    pub target: i64,
    /// Persons times months of the year in which they hold it.
    pub holder_months: i64,
}

/// A month in which not as many persons hold a category as the register says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{month}: {holders} persons hold category number {category} where the register has {target}; this is a fault of the program"
)]
pub struct RegisterError {
    /// The month.
    pub month: Month,
    /// The rank of the category; one more than the last for ordinary residents.
    pub category: usize,
    /// Persons found.
    pub holders: i64,
    /// Persons asked for.
    pub target: i64,
}

impl RegisterError {
    /// The same in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let Self { month, category, holders, target } = self;
        Words::new(
            format!("{month}：第{category}号人员类别有{holders}人，而台账人数为{target}；这是程序的错误"),
            self.to_string(),
        )
    }
}

/// Persons of each category by year of the horizon, and after them those who hold none.
pub(super) fn register(plan: &Plan<'_>) -> Vec<Vec<u32>> {
    let residents: u32 = plan.target.census.iter().flatten().sum();
    let n = plan.params.categories.len();
    let year = |at: usize| {
        let mut persons = vec![0; n + 1];
        let mut any = 0;
        for stratum in &plan.strata {
            any += stratum.persons[at];
            for category in stratum.held() {
                persons[usize::from(category.0)] += stratum.persons[at];
            }
        }
        persons[n] = residents.saturating_sub(any);
        persons
    };
    (0..usize::from(plan.last_year - plan.base_year)).map(year).collect()
}

impl Population {
    /// By year of the horizon and category: the register and who holds it.
    ///
    /// # Errors
    /// The first month in which the two differ.
    pub fn held_against_register(&self) -> Result<Vec<Vec<RegisterCount>>, RegisterError> {
        let by_month = self.holders_by_month();
        let mut counts = Vec::new();
        for (index, year) in self.register.iter().enumerate() {
            let mut of_year = Vec::new();
            for (category, &target) in year.iter().enumerate() {
                let months = &by_month[category][index * 12..index * 12 + 12];
                let target = i64::from(target);
                if let Some(at) = months.iter().position(|&holders| holders != target) {
                    let month = Month(Month::new(self.base_year, 1).0 + (index * 12 + at) as u16);
                    return Err(RegisterError { month, category, holders: months[at], target });
                }
                of_year.push(RegisterCount { target, holder_months: months.iter().sum() });
            }
            counts.push(of_year);
        }
        Ok(counts)
    }

    /// By category and month of the horizon: who holds it, counted from the spells; after the categories those
    /// residents who are not in the population.
    fn holders_by_month(&self) -> Vec<Vec<i64>> {
        let (begin, months) = (Month::new(self.base_year, 1), self.register.len() * 12);
        let n = self.register.first().map_or(0, |year| year.len() - 1);
        // Who begins in a month less who ended before it, then their running sum.
        let mut change = vec![vec![0_i64; months + 1]; n + 1];
        let at = |month: Month| usize::from(month.0.saturating_sub(begin.0)).min(months);
        let mut enter = |row: usize, from: Month, to: Month, sign: i64| {
            if to >= begin {
                change[row][at(from)] += sign;
                change[row][at(Month(to.0.saturating_add(1)))] -= sign;
            }
        };
        for spell in &self.spells {
            enter(usize::from(spell.category.0), spell.from, spell.to, 1);
        }
        for (&entry, &last) in self.entry.iter().zip(&self.last) {
            enter(n, entry, last, -1);
        }
        change[n][0] += i64::from(self.residents);
        let sums = |row: Vec<i64>| {
            let running = row.into_iter().scan(0, |sum, change| {
                *sum += change;
                Some(*sum)
            });
            running.take(months).collect()
        };
        change.into_iter().map(sums).collect()
    }
}
