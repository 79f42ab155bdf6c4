//! What is odd about cases that can be settled, gathered while they are read one after the other.

use std::collections::BTreeSet;

use super::terminal;
use crate::cases::Settler;
use crate::cases::field::CaseFaults;
use crate::cases::typed::TypedCase;
use crate::lang::{Lang, Words};

/// What was seen so far.
#[derive(Debug, Default)]
pub struct Remarks {
    warnings: CaseFaults,
    has_households: bool,
    counts_households: bool,
    has_sizes: bool,
    goes_by_size: bool,
    /// Name and line of the first case whose household should have a size.
    without_size: Option<(String, usize)>,
    n_cases: usize,
    n_claims: usize,
}

impl Remarks {
    /// Looks at cases, with all others of their households.
    pub fn see(&mut self, cases: &[TypedCase], settler: &mut Settler<'_>) {
        self.n_cases += cases.len();
        self.n_claims += cases.iter().map(|case| case.claims.len()).sum::<usize>();
        cases.iter().for_each(|case| self.warnings.extend(case.warnings.clone()));
        self.has_households |= cases.iter().any(|case| case.household.is_some());
        self.counts_households = self.counts_households || settler.counts_households(cases);
        self.has_sizes |= cases.iter().any(|case| case.household_size.is_some());
        let stated: BTreeSet<(&str, u16)> = cases
            .iter()
            .filter(|case| case.household_size.is_some())
            .filter_map(|case| Some((case.household.as_deref()?, case.year)))
            .collect();
        for case in cases.iter().filter(|case| settler.goes_by_household_size(case)) {
            self.goes_by_size = true;
            let of_household = case.household.as_deref().map(|name| (name, case.year));
            let is_stated =
                case.household_size.is_some() || of_household.is_some_and(|key| stated.contains(&key));
            let is_first = self.without_size.as_ref().is_none_or(|(_, line)| case.line < *line);
            if !is_stated && is_first {
                self.without_size = Some((case.name.clone(), case.line));
            }
        }
    }

    /// Says it, of the files of cases and of claims.
    pub fn say(&self, (file, claims_file): (&str, &str), lang: Lang) {
        let note = |words: Words| terminal::note(words.pick(lang));
        for line in self.warnings.lines(lang).lines() {
            note(Words::new(format!("提示: {line}"), format!("warning: {line}")));
        }
        if self.has_households && !self.counts_households {
            note(Words::new(
                format!("{file}：`household` 不起作用：政策没有按家庭累计的规则"),
                format!(
                    "{file}: `household` changes nothing: no rule of the policy counts the sums of a household"
                ),
            ));
        }
        if self.has_sizes && !self.goes_by_size {
            note(Words::new(
                format!("{file}：`household_size` 不起作用：政策没有因家庭人口数而异的金额"),
                format!(
                    "{file}: `household_size` changes nothing: no amount of the policy goes by the members of a household"
                ),
            ));
        }
        if let Some((name, line)) = &self.without_size {
            note(Words::new(
                format!(
                    "{file}：第{line}行的个案 {name:?} 等没有填 `household_size`，而政策有金额因它而异：这些家庭按个案数计人口数"
                ),
                format!(
                    "{file}: case {name:?} on line {line}, and others like it, give no `household_size`, by which amounts of the \
                     policy go: their households have as many members as cases here"
                ),
            ));
        }
        if self.n_cases == 0 {
            note(Words::new(
                format!("{file}：没有个案，未作结算"),
                format!("{file}: holds no case; nothing was settled"),
            ));
        } else if self.n_claims == 0 {
            note(Words::new(
                format!("{claims_file}：没有费用，只结算了缴费"),
                format!("{claims_file}: holds no claim; contributions alone were settled"),
            ));
        }
    }
}
