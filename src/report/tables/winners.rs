//! The columns of winners and losers.

use super::{BASE, COUNTY, COUNTY_CODE, OTHER, YEAR};
use crate::report::table::{Table, number, text};

/// Who gets more and who gets less under the other scenario; written where any persons were looked at.
pub const WINNERS: Table = Table {
    file: "winners.csv",
    columns: &[
        BASE,
        OTHER,
        COUNTY_CODE,
        COUNTY,
        YEAR,
        text(
            "what_changes",
            "变化的是什么：assistance全部救助（医疗费救助与参保资助之和），on_bills医疗费救助，contribution参保资助，insurance基本医保和大病保险支付，self_pay个人自付",
            "what changes: assistance (all of the plan's payers: on_bills and contribution), on_bills (assistance on bills and at the year's end), contribution (contribution subsidies), insurance (payments of basic and critical-illness insurance), self_pay (what is left of the bills)",
        ),
        text(
            "person_category",
            "人员类别：基准方案下当年所持最优身份；ordinary为普通居民，total为全部人员",
            "category: the best identity held in the year under the base; ordinary: residents without one; total: all persons",
        ),
        text(
            "direction",
            "方向：more为对比方案下更多，less为更少，same为获得救助且金额不变（仅列assistance）",
            "more or less under the other scenario than under the base; same: assistance, and as much (of assistance only)",
        ),
        text(
            "size_class",
            "变化金额分档（元，含上限）：100、1000、5000、20000及以上；total为全部",
            "size of a person's change in the year, yuan, upper bounds included; total: all sizes",
        ),
        number(
            "persons_per_year",
            "persons",
            "当年人数均值：同一批人、同一套随机数，逐人比较全年金额",
            "mean number of persons: each person's whole year is held against itself, on the same draws",
        )
        .adds_over("county person_category size_class direction"),
        number("persons_per_year_se", "persons", "其标准误", "its standard error"),
        number(
            "change_yuan",
            "yuan",
            "这些人变化金额之和的均值（元），减少为负；more与less之和等于同批模拟的支出差额",
            "mean of the sum of their changes, yuan, less than 0 for less: more and less together are the difference of spending in the same replicates",
        )
        .adds_over("county person_category size_class direction"),
        number("change_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        number(
            "change_yuan_per_person",
            "yuan per person",
            "人均变化（元）",
            "their change on average, yuan",
        ),
        number("change_yuan_per_person_se", "yuan per person", "其标准误（元）", "its standard error, yuan"),
        number(
            "largest_change_yuan",
            "yuan",
            "所有模拟中一人一年的最大变化（元），减少为负",
            "the largest change of one person's year in all of these replicates, yuan, less than 0 for less",
        ),
        number(
            "person_replicates",
            "number",
            "逐人比较的模拟次数",
            "the replicates whose persons were looked at",
        ),
    ],
};
