//! Amounts that are a multiple of an income of the place.

use super::{Evaluator, MOST};
use crate::lang::{Words, words};
use crate::policy::sums::SumsOf;
use crate::scenario::fault::nearest;
use crate::units::{Fen, Ratio};

impl Evaluator<'_, '_> {
    /// A multiple of last year's per-capita income, rounded half up to the fen.
    pub(super) fn of_income(&mut self, share: f64, (income, of): (Option<&str>, SumsOf), key: &str) -> Fen {
        let place = self.target.place;
        let persons = self.persons_of_income(of, key);
        let year = self.target.year - 1;
        let Some(name) = income else {
            self.fault(
                key,
                Words::new(
                    "写`share_of_income`时须写`income`，即测算地区的收入名称",
                    "`share_of_income` needs `income`, the name of an income series of the place",
                ),
                None,
            );
            return Fen::ZERO;
        };
        let Some(series) = place.incomes.get(name) else {
            let hint = nearest(name, place.incomes.keys().map(String::as_str));
            self.fault(
                &format!("{key}.income"),
                words!("测算地区没有名为`{name}`的收入", "the place has no income series `{name}`"),
                hint,
            );
            return Fen::ZERO;
        };
        match series.get(&year) {
            Some(amount) => self.multiple(share, Fen(amount.0 * persons), (name, key)),
            None => {
                let years: Vec<String> = series.keys().map(ToString::to_string).collect();
                let years = Words::list(&years);
                let problem = Words::new(
                    format!("测算地区的收入`{name}`没有{year}年（上一年）的值；已有：{}", years.zh),
                    format!(
                        "the place's income `{name}` has no value for {year} (last year); given: {}",
                        years.en
                    ),
                );
                self.fault(&format!("{key}.income"), problem, None);
                Fen::ZERO
            }
        }
    }

    /// How many incomes of a person make up an income.
    fn persons_of_income(&mut self, of: SumsOf, key: &str) -> i64 {
        match (of, self.household_size) {
            (SumsOf::Person, _) => 1,
            (SumsOf::Household, Some(size)) => {
                self.by_household_size = true;
                i64::from(size)
            }
            (SumsOf::Household, None) => {
                let problem = Words::new(
                    "家庭收入只用于基本救助、倾斜救助、依申请救助的金额和`year_self_pay_above_yuan`",
                    "the income of a household counts in amounts of assistance, tilts and applications alone, and in `year_self_pay_above_yuan`",
                );
                self.fault(&format!("{key}.income_of"), problem, None);
                1
            }
        }
    }

    /// A multiple of an income, as far as an amount of a rule may go.
    fn multiple(&mut self, share: f64, income: Fen, (name, key): (&str, &str)) -> Fen {
        let ratio = self.ratio_of(share, key);
        if i128::from(ratio.0) * i128::from(income.0) <= i128::from(Ratio::SCALE) * i128::from(MOST.0) {
            return ratio.of(income);
        }
        let problem = words!(
            "为测算地区收入`{name}`{income}元的{share}倍，超过金额上限10亿元",
            "is {share} times the place's income `{name}` of {income} yuan: more than the 1,000,000,000 yuan that an amount may have"
        );
        self.fault(&format!("{key}.share_of_income"), problem, None);
        Fen::ZERO
    }
}
