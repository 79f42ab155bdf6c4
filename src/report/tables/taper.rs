//! The tables of a taper.

use super::super::table::{Table, number, text};
use super::{COUNTY, COUNTY_CODE, FUNDER, OUTCOME_P05, OUTCOME_P95, YEAR, error};

/// What each question comes to.
pub const TAPER: Table = Table {
    file: "taper.csv",
    columns: &[
        text("question", "问题编号", "the question, such as step_2024"),
        text("question_zh", "问题（中文）", "the question in Chinese"),
        text("question_en", "问题（英文）", "the question in English"),
        COUNTY_CODE,
        COUNTY,
        YEAR,
        FUNDER,
        number(
            "mean_yuan",
            "yuan",
            "比按方案多支出的均值（元）",
            "mean of what is spent more than as written, yuan",
        )
        .adds_over("county year funder"),
        number("se_yuan", "yuan", "均值的标准误（元）", "Monte Carlo standard error of the mean, yuan"),
        OUTCOME_P05,
        OUTCOME_P95,
    ],
};

/// Who may leave insurance as the own contribution rises.
pub const TAPER_LEAVERS: Table = Table {
    file: "taper_leavers.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        number(
            "own_contribution_yuan",
            "yuan",
            "个人实缴（元）：缴费标准减资助",
            "contribution less subsidy of a person, yuan",
        ),
        number("times_first_year", "ratio", "为首年的倍数", "as a multiple of the first year's"),
        number("subsidised", "persons", "享受参保资助人数", "persons with the subsidy, on average"),
        number("subsidised_se", "persons", "标准误", "its Monte Carlo standard error"),
        number(
            "leave_low",
            "persons",
            "可能不再参保人数，弹性较弱时",
            "persons who may leave, with the weaker response",
        ),
        number(
            "leave_high",
            "persons",
            "可能不再参保人数，弹性较强时",
            "persons who may leave, with the stronger response",
        ),
        number(
            "subsidy_not_paid_low_yuan",
            "yuan",
            "少付的资助（元），弹性较弱时",
            "subsidies then not paid, with the weaker response, yuan",
        ),
        number(
            "subsidy_not_paid_high_yuan",
            "yuan",
            "少付的资助（元），弹性较强时",
            "subsidies then not paid, with the stronger response, yuan",
        ),
    ],
};

/// What payers no longer pay for those who may leave.
pub const TAPER_LEAVERS_PAYERS: Table = Table {
    file: "taper_leavers_payers.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        FUNDER,
        number(
            "subsidy_not_paid_low_yuan",
            "yuan",
            "少付的资助（元），弹性较弱时",
            "subsidies then not paid, with the weaker response, yuan",
        )
        .adds_over("county year funder"),
        number(
            "subsidy_not_paid_high_yuan",
            "yuan",
            "少付的资助（元），弹性较强时",
            "subsidies then not paid, with the stronger response, yuan",
        )
        .adds_over("county year funder"),
        number(
            "assistance_not_paid_low_yuan",
            "yuan",
            "至多少付的救助（元），弹性较弱时：不再参保者患病如同类人员；健康者更可能离开，至少为0",
            "assistance then not paid at most, with the weaker response, yuan: were those who leave as ill as all of their categories; the healthy are likelier to leave, and the least is 0",
        )
        .adds_over("county year funder"),
        number(
            "assistance_not_paid_high_yuan",
            "yuan",
            "同上，弹性较强时",
            "the same with the stronger response, yuan",
        )
        .adds_over("county year funder"),
        error("assistance_not_paid_high_se_yuan"),
    ],
};
