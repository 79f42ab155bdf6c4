//! The table of a goal seek.

use super::super::table::{Table, number, text};
use super::{COUNTY, COUNTY_CODE, YEAR};

/// What each value came to.
pub const SOLVE: Table = Table {
    file: "solve.csv",
    columns: &[
        text("solved_key", "求解的输入", "the input that was solved"),
        number("tried_value", "as of the input", "试算的取值", "the value that was tried"),
        text(
            "draws",
            "run为本次运行的抽样，fresh为换种子复核",
            "run: the draws of the run; fresh: those of another seed",
        ),
        COUNTY_CODE,
        COUNTY,
        YEAR,
        text("condition", "条件中的指标", "the figure of the condition"),
        number("figure", "share or yuan", "该指标的数值", "its value"),
        number("figure_low", "share or yuan", "95%区间下限", "lower end of its 95 % interval"),
        number("figure_high", "share or yuan", "95%区间上限", "upper end of its 95 % interval"),
        number("at_most", "share or yuan", "条件允许的最大值", "what it may be at most"),
        number(
            "holds",
            "1 or 0",
            "该取值在全部县区和年度是否满足条件",
            "whether the condition holds with the value in every county and year",
        ),
    ],
};
