//! The columns of who pays the bills, and how unequal bills are.

use super::money::CATEGORY;
use super::{COUNTY, COUNTY_CODE, YEAR};
use crate::report::table::{Column, Table, number, text};

const LOOKED_AT: Column = number(
    "person_replicates",
    "number",
    "逐人查看的模拟次数（前若干次），以上各列为这些模拟的结果",
    "replicates, the first ones, whose persons were looked at one by one: all columns are of these",
);

/// Who pays the bills; written where persons were looked at.
pub const PAYERS: Table = Table {
    file: "payers.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        CATEGORY,
        text(
            "bill_payer",
            "医疗费由谁负担：basic_insurance基本医保，critical_insurance大病保险，assistance医疗救助（含依申请和二次救助），tilt倾斜救助，elsewhere医疗机构等，person个人；各行之和为医疗费总额，不含参保资助",
            "who pays of the bills: basic_insurance, critical_insurance, assistance (on application and second assistance too), tilt, elsewhere (hospitals, and payers whom the plan does not book), person; together they are the whole bills, without contribution subsidies",
        ),
        number(
            "bill_yuan",
            "yuan",
            "负担金额均值（元）；普通居民（ordinary）只含逐人查看的费用",
            "mean of what is paid, yuan; of ordinary residents of the bills alone that are looked at singly",
        )
        .adds_over("county year category bill_payer"),
        number("bill_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        LOOKED_AT,
    ],
};

/// How unequal bills are; written where persons were looked at.
pub const LORENZ: Table = Table {
    file: "lorenz.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        number(
            "top_share",
            "share",
            "费用最高的人占有医疗费的救助对象人数的比例（不含普通居民）",
            "persons with the largest bills, as a share of those who hold an identity and have bills",
        ),
        number(
            "top_bill_share",
            "share",
            "这些人的医疗费占全部的比例",
            "the share of all their bills that these have",
        ),
        number("top_bill_share_se", "share", "其标准误", "its standard error"),
        number(
            "persons_with_bills",
            "persons",
            "有医疗费的救助对象人数均值",
            "mean number of persons who hold an identity and have bills",
        ),
        number("persons_with_bills_se", "persons", "其标准误", "its standard error"),
        LOOKED_AT,
    ],
};
