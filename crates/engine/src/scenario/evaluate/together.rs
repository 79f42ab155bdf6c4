//! Keys of a value that need each other, or exclude each other.

use super::Evaluator;
use crate::lang::Words;
use crate::raw::value::{ShareTable, YuanTable};

impl Evaluator<'_, '_> {
    /// The keys of a share that mean nothing without another one.
    pub(super) fn keys_of_share(&mut self, table: &ShareTable, key: &str) {
        if table.at_most.is_some() && table.county_parameter.is_none() {
            self.fault(
                &format!("{key}.at_most"),
                Words::new(
                    "限制`county_parameter`的取值，但此处没有写",
                    "bounds a `county_parameter`; there is none here",
                ),
                None,
            );
        }
        self.times(table.times.is_some() && table.value_of.is_none(), key);
    }

    /// The same of an amount.
    pub(super) fn keys_of_amount(&mut self, table: &YuanTable, key: &str) {
        if table.income.is_some() && table.share_of_income.is_none() {
            self.fault(
                &format!("{key}.income"),
                Words::new(
                    "须同时写`share_of_income`，即其倍数",
                    "needs `share_of_income`, the multiple of it",
                ),
                None,
            );
        }
        if table.income_of.is_some() && table.share_of_income.is_none() {
            let problem = Words::new(
                "说明`share_of_income`是谁的收入的倍数，但没有写`share_of_income`",
                "says whose income `share_of_income` is a multiple of; there is none",
            );
            self.fault(&format!("{key}.income_of"), problem, None);
        }
        self.times(table.times.is_some() && table.value_of.is_none(), key);
        if table.plus_yuan.is_some() && table.value_of.is_none() && table.share_of_income.is_none() {
            let problem = Words::new(
                "加在`share_of_income`或`value_of`之上，但两者都没有写",
                "is added to `share_of_income` or `value_of`; there is neither",
            );
            self.fault(&format!("{key}.plus_yuan"), problem, None);
        }
    }

    fn times(&mut self, is_alone: bool, key: &str) {
        if is_alone {
            self.fault(
                &format!("{key}.times"),
                Words::new(
                    "是`value_of`所引用数值的倍数，但没有写`value_of`",
                    "multiplies the value that `value_of` names; there is none",
                ),
                None,
            );
        }
    }

    pub(super) fn not_one_way(&mut self, key: &str, names: &[&str]) {
        match names.split_last() {
            None => self.fault(key, one_way(), None),
            Some((last, others)) => {
                let others = Words::list(others);
                let problem = Words::new(
                    format!("同时按此和按{}变化", others.zh),
                    format!("varies by this and by {} at once", others.en),
                );
                let hint = Words::new(
                    "一个值只按一种方式变化；请把一张表写在另一张表的各项之内",
                    "a value varies in one way; write one table inside the entries of the other",
                );
                self.fault(&format!("{key}.{last}"), problem, Some(hint));
            }
        }
    }
}

/// The ways in which a value may vary.
const WAYS: [&str; 9] = [
    "by_year",
    "by_level",
    "by_place",
    "by_referral",
    "by_category",
    "by_stay",
    "share_of_income",
    "county_parameter",
    "value_of",
];

fn one_way() -> Words {
    let ways = Words::list(&WAYS);
    Words::new(
        format!("按情形取值的表须写以下之一：{}", ways.zh),
        format!("a table of values needs one of {}", ways.en),
    )
}
