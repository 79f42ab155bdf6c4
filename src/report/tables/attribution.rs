//! The columns of the attribution of a comparison.

use super::{BASE, COUNTY, COUNTY_CODE, FUNDER, MEAN_HIGH95, MEAN_LOW95, OTHER, YEAR};
use crate::report::table::{Column, Table, number, text};

const CHANGED_LINE: Column = text(
    "changed_line",
    "改动行：写在同一行或只能一起生效的键合为一行，花括号内为各键的末段",
    "the changed line: keys that are written in one line or make no sense apart are one, with their ends in braces",
);

/// Which changed line causes how much of a difference; written where it was asked for, or few lines differ.
pub const ATTRIBUTION: Table = Table {
    file: "attribution.csv",
    columns: &[
        BASE,
        OTHER,
        COUNTY_CODE,
        COUNTY,
        YEAR,
        FUNDER,
        CHANGED_LINE,
        text("written_in", "写在哪个文件中", "the file in which it is written"),
        number("line_number", "number", "行号；空为不适用", "the line there; empty where there is none"),
        number(
            "value_yuan",
            "yuan",
            "该行引起的差额均值（元）：Shapley值，即各种先后顺序下加入该行所增金额的平均；各行之和等于difference.csv中同县区、年度、出资方（line为total）的mean_yuan",
            "mean difference that the line causes, yuan: its Shapley value, the mean over all orders of what it adds when it is switched on; the lines add up to mean_yuan of the same county, year and funder (line total) in difference.csv",
        )
        .adds_over("changed_line county year funder"),
        number(
            "se_yuan",
            "yuan",
            "该值的标准误（元），含顺序抽样的误差",
            "standard error of the value, yuan; that of sampled orders is in it",
        ),
        MEAN_LOW95,
        MEAN_HIGH95,
        number(
            "order_se_yuan",
            "yuan",
            "其中顺序抽样的标准误（元）；空为计算了全部顺序",
            "the part of it that sampling the orders adds, yuan; empty where all orders were taken",
        ),
        number(
            "outcome_p05_yuan",
            "yuan",
            "该值在各次模拟间的5%分位数（元）",
            "5th percentile of the value between replicates, yuan",
        ),
        number(
            "outcome_p95_yuan",
            "yuan",
            "该值在各次模拟间的95%分位数（元）",
            "95th percentile of the value between replicates, yuan",
        ),
        number(
            "alone_yuan",
            "yuan",
            "基准方案上只改该行的差额均值（元）",
            "mean difference with this line alone on the base, yuan",
        )
        .adds_over("county year funder"),
        number("alone_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        number(
            "last_yuan",
            "yuan",
            "从对比方案中去掉该行所减少的金额均值（元）",
            "mean of what goes when the line is taken away from the second scenario, yuan",
        )
        .adds_over("county year funder"),
        number("last_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        number(
            "interaction_yuan",
            "yuan",
            "交互（元）：value_yuan减alone_yuan，即因其他行同时改动而产生的部分",
            "interaction, yuan: value_yuan less alone_yuan, what of the value is due to other lines being changed too",
        )
        .adds_over("changed_line county year funder"),
        number("interaction_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        text(
            "reason",
            "各处均为0时的原因，取值同changes.csv的outcome；nothing_booked为各资金渠道支出不变",
            "where it is 0 everywhere, why: as outcome in changes.csv; nothing_booked: every purse pays the same",
        ),
        text("explanation_zh", "原因（中文）", "the same in words, Chinese"),
        text("explanation_en", "原因（英文）", "the same in words, English"),
    ],
};

/// What changed lines add two by two, of all counties.
pub const ATTRIBUTION_PAIRS: Table = Table {
    file: "attribution_pairs.csv",
    columns: &[
        BASE,
        OTHER,
        YEAR,
        FUNDER,
        CHANGED_LINE,
        text("with_line", "另一改动行", "the other changed line"),
        number(
            "together_yuan",
            "yuan",
            "两行合在一起比各自单独之和多出的金额均值（元），其他行均不改",
            "mean of what both together add beyond the sum of each alone, nothing else changed, yuan",
        )
        .adds_over("year funder"),
        number("together_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        number(
            "pair_interaction_yuan",
            "yuan",
            "同上，按其他行改与不改的各种情形加权平均（元，Shapley交互指数）；空为顺序系抽样",
            "the same in the mean over what else is changed, yuan (Shapley interaction index); empty where orders were sampled",
        )
        .adds_over("year funder"),
        number("pair_interaction_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
    ],
};
