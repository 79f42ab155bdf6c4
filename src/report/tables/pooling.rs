//! The columns of what pooling saves, and of each county's share of the pooled budget.

use super::{COUNTY, COUNTY_CODE, FUNDER, RESIDENTS, YEAR, error};
use crate::report::table::{Table, number, text};

/// What pooling saves.
pub const POOLING: Table = Table {
    file: "pooling.csv",
    columns: &[
        YEAR,
        FUNDER,
        number(
            "apart_p95_yuan",
            "yuan",
            "各县区95%分位数之和（元）",
            "sum of the counties' 95th percentiles, yuan",
        ),
        error("apart_p95_se_yuan"),
        number(
            "pooled_p95_yuan",
            "yuan",
            "统筹后的95%分位数（元）",
            "95th percentile of the counties together, yuan",
        ),
        error("pooled_p95_se_yuan"),
        number("saved_yuan", "yuan", "统筹节省（元）", "what pooling saves, yuan"),
        number(
            "saved_se_yuan",
            "yuan",
            "节省额的标准误（元）；模拟次数过少时为空",
            "standard error of the saving, yuan; empty with too few replicates",
        ),
        text(
            "verdict",
            "判断：saves为节省；costs为反而增加；not_distinguishable_from_0为与0无法区分；too_few_replicates为模拟次数不足",
            "verdict: saves; costs; not_distinguishable_from_0: 0 lies within the 95 % error; too_few_replicates: the error is unknown",
        ),
        number(
            "independent_p95_yuan",
            "yuan",
            "假定各县区相互独立时统筹后的95%分位数（元）；模拟次数不足以给出误差时为空",
            "95th percentile of the counties together if they were independent, yuan; empty where the replicates are too few for an error",
        ),
        number(
            "independent_saved_yuan",
            "yuan",
            "假定各县区相互独立时的统筹节省（元）：节省的上限参照",
            "what pooling would save if the counties were independent, yuan",
        ),
        error("independent_saved_se_yuan"),
        number(
            "common_saved_yuan",
            "yuan",
            "假定各县区风险完全同步（同好同坏）时的统筹节省（元）：恰为0，即下限参照",
            "what pooling would save if all risk were common, every county having its bad year at once, yuan: exactly 0",
        ),
    ],
};

/// Each county's share of the pooled budget, and who pays for whom in the mean; written with two counties or more.
pub const POOLING_SHARES: Table = Table {
    file: "pooling_shares.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        FUNDER,
        number("mean_yuan", "yuan", "支出均值（元）", "mean spending, yuan").adds_over("county year funder"),
        number("se_yuan", "yuan", "均值的蒙特卡洛标准误（元）", "Monte Carlo standard error of the mean, yuan"),
        number("own_p95_yuan", "yuan", "该县区自行安排时的95%分位数（元）", "95th percentile of the county by itself, yuan"),
        error("own_p95_se_yuan"),
        number(
            "fair_share_yuan",
            "yuan",
            "该县区在统筹预算（统筹后95%分位数）中的应担份额（元）：均值加按其在最差5%中所占部分分担的备付；各县区之和等于统筹预算",
            "its share of the pooled budget (the 95th percentile together), yuan: its mean, and of the reserve its part in the worst 5 %; the counties add up to the pooled budget",
        )
        .adds_over("county"),
        error("fair_share_se_yuan"),
        number(
            "net_by_share_yuan",
            "yuan",
            "按应担份额筹资时，平均为其他县区承担的金额（元）；负数为由其他县区承担；各县区之和为0",
            "paid for other counties in the mean where all pay by their fair shares, yuan; negative: others pay for it; the counties add up to 0",
        )
        .adds_over("county"),
        error("net_by_share_se_yuan"),
        number(
            "net_by_residents_yuan",
            "yuan",
            "按常住人口等额筹资时，平均为其他县区承担的金额（元）；负数为由其他县区承担；各县区之和为0",
            "the same where all pay alike for each resident, yuan",
        )
        .adds_over("county"),
        error("net_by_residents_se_yuan"),
    ],
};
