//! The table of a sensitivity.

use super::super::table::{Table, number, text};
use super::{COUNTY, COUNTY_CODE, FUNDER, YEAR};

/// What a figure depends on, input by input.
pub const SENSITIVITY: Table = Table {
    file: "sensitivity.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        FUNDER,
        text("statistic", "统计量：mean均值，p95等百分位", "the figure: mean, p95 …"),
        number("statistic_yuan", "yuan", "该统计量（元）", "its value, yuan"),
        number("statistic_se_yuan", "yuan", "标准误（元）", "its standard error, yuan"),
        text(
            "varied",
            "输入：counts.类别为人数，年度和县区波动、模型参数按来源命名，其余为文件中的取值；luck为个人偶然性",
            "the input: counts.CATEGORY, a number of the illness model by its source, or the key of a file; luck: of single persons",
        ),
        text("varied_zh", "输入（中文）", "the input in Chinese"),
        text("varied_en", "输入（英文）", "the input in English"),
        number(
            "at_low",
            "as of the input",
            "低端取值：人数和波动为倍数，增长为年率，文件取值如所写；各县区取值不同时为空",
            "its value at the low end: a factor, a yearly growth, or as typed; empty where counties have values of their own",
        ),
        number("at_high", "as of the input", "高端取值", "its value at the high end"),
        number("at_low_yuan", "yuan", "低端时的统计量（元）", "the figure at the low end, yuan"),
        number("at_low_se_yuan", "yuan", "标准误（元）", "its standard error, yuan"),
        number("low_moved_yuan", "yuan", "低端时变动多少（元）", "by how much it moves to the low end, yuan"),
        number(
            "low_moved_se_yuan",
            "yuan",
            "变动的标准误（元），逐次配对",
            "standard error of the move, paired by replicate, yuan",
        ),
        number("at_high_yuan", "yuan", "高端时的统计量（元）", "the figure at the high end, yuan"),
        number("at_high_se_yuan", "yuan", "标准误（元）", "its standard error, yuan"),
        number(
            "high_moved_yuan",
            "yuan",
            "高端时变动多少（元）",
            "by how much it moves to the high end, yuan",
        ),
        number(
            "high_moved_se_yuan",
            "yuan",
            "变动的标准误（元），逐次配对",
            "standard error of the move, paired by replicate, yuan",
        ),
        number("swing_yuan", "yuan", "高端减低端（元）", "from the low to the high end, yuan"),
        number("swing_se_yuan", "yuan", "标准误（元）", "its standard error, yuan"),
        number(
            "first_order",
            "share",
            "一阶敏感性指数：单独解释的方差份额",
            "first-order index: the share of the variance that it explains alone",
        ),
        number("first_order_se", "share", "标准误", "its standard error"),
        number(
            "total_order",
            "share",
            "总敏感性指数：连同与其他输入的共同作用；模拟次数不足时为空",
            "total index: with all in which it has a part; empty with too few replicates",
        ),
        number("total_order_se", "share", "标准误", "its standard error"),
        number(
            "fall_if_known_yuan",
            "yuan",
            "若完全查清，该百分位下降多少（元）；无法事先查清的为空",
            "by how much the percentile would fall if it were known, yuan; empty for what nobody can look up",
        ),
        number("fall_if_known_se_yuan", "yuan", "标准误（元）", "its standard error, yuan"),
        number(
            "fall_if_halved_yuan",
            "yuan",
            "若不确定性减半，该百分位下降多少（元）",
            "the same if it were half as uncertain, yuan",
        ),
        number("fall_if_halved_se_yuan", "yuan", "标准误（元）", "its standard error, yuan"),
    ],
};
