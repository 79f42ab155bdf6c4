//! The columns of the tables of money: what is spent, when it falls due, for whom, and how safe budgets are.

use super::{COUNTY, COUNTY_CODE, FUNDER, LINE, PER_RESIDENT, RESIDENTS, YEAR, error};
use crate::report::table::{Column, Table, number, text};

const MEAN: Column = number("mean_yuan", "yuan", "均值（元）", "mean over the replicates, yuan");
const SD: Column =
    number("sd_yuan", "yuan", "各次模拟间的标准差（元）", "standard deviation between replicates, yuan");
const SE: Column =
    number("se_yuan", "yuan", "均值的蒙特卡洛标准误（元）", "Monte Carlo standard error of the mean, yuan");
const P05: Column = number(
    "p05_yuan",
    "yuan",
    "5%分位数（元）：至少5%的模拟不超过的最小值",
    "5th percentile, yuan: the smallest amount that at least 5 % of the replicates do not exceed",
);
const P50: Column = number("p50_yuan", "yuan", "中位数（元）", "median, yuan");
const P90: Column = number("p90_yuan", "yuan", "90%分位数（元）", "90th percentile, yuan");
const P95: Column = number(
    "p95_yuan",
    "yuan",
    "95%分位数（元）：在至少95%的模拟中够用的最小预算",
    "95th percentile, yuan: the smallest budget that is enough in at least 95 % of the replicates",
);
const P50_SE: Column = number(
    "p50_se_yuan",
    "yuan",
    "中位数的标准误（元）；模拟次数过少时为空",
    "standard error of the median, yuan; empty with too few replicates",
);
const P90_SE: Column =
    number("p90_se_yuan", "yuan", "90%分位数的标准误（元）", "standard error of the 90th percentile, yuan");
const P95_SE: Column =
    number("p95_se_yuan", "yuan", "95%分位数的标准误（元）", "standard error of the 95th percentile, yuan");

/// Money by county, year, line and funder.
pub const PROJECTION: Table = Table {
    file: "projection.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        LINE,
        FUNDER,
        MEAN.adds_over("county year line funder"),
        SD,
        SE,
        P05,
        number("p25_yuan", "yuan", "25%分位数（元）", "25th percentile, yuan"),
        P50,
        number("p75_yuan", "yuan", "75%分位数（元）", "75th percentile, yuan"),
        P90,
        P95,
        number("p99_yuan", "yuan", "99%分位数（元）", "99th percentile, yuan"),
        number(
            "tvar95_yuan",
            "yuan",
            "最差5%模拟的均值（元）",
            "mean of the worst 5 % of the replicates, yuan",
        ),
        P50_SE,
        P90_SE,
        P95_SE,
        PER_RESIDENT,
    ],
};

/// How safe budgets are, and what a safety needs.
pub const BUDGET: Table = Table {
    file: "budget.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        FUNDER,
        MEAN.adds_over("county year funder"),
        SE,
        number(
            "budget_yuan",
            "yuan",
            "现行预算（元）；空为未给出",
            "the budget in force, yuan; empty: none is given",
        ),
        number(
            "exceeded_share",
            "share",
            "支出超过预算的概率（模拟占比）；无预算时为空",
            "share of the replicates in which spending is above the budget; empty without one",
        ),
        number("exceeded_share_low", "share", "其95%区间下限", "lower end of its 95 % interval"),
        number("exceeded_share_high", "share", "其95%区间上限", "upper end of its 95 % interval"),
        number(
            "shortfall_yuan",
            "yuan",
            "超过时的平均缺口（元）；从未超过时为空",
            "mean of what is missing where it is exceeded, yuan; empty where it never is",
        ),
        error("shortfall_se_yuan"),
        number(
            "needed_p80_yuan",
            "yuan",
            "80%把握所需预算（元）：至少80%的模拟中够用的最小预算",
            "the budget for a safety of 80 %: the smallest that is enough in at least 80 % of the replicates, yuan",
        ),
        error("needed_p80_se_yuan"),
        number("needed_p90_yuan", "yuan", "90%把握所需预算（元）", "the budget for a safety of 90 %, yuan"),
        error("needed_p90_se_yuan"),
        number("needed_p95_yuan", "yuan", "95%把握所需预算（元）", "the budget for a safety of 95 %, yuan"),
        error("needed_p95_se_yuan"),
        number("needed_p99_yuan", "yuan", "99%把握所需预算（元）", "the budget for a safety of 99 %, yuan"),
        error("needed_p99_se_yuan"),
    ],
};

/// The accounts of funds by year.
pub const ACCOUNT: Table = Table {
    file: "account.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        number("revenue_yuan", "yuan", "收入均值（元）", "mean revenue, yuan").adds_over("county year"),
        error("revenue_se_yuan"),
        number("paid_yuan", "yuan", "支付均值（元）", "mean of what is paid, yuan").adds_over("county year"),
        error("paid_se_yuan"),
        number(
            "short_share",
            "share",
            "年内资金不足的概率（模拟占比）",
            "share of the replicates in which the money does not last in some month of the year",
        ),
        number("short_share_low", "share", "其95%区间下限", "lower end of its 95 % interval"),
        number("short_share_high", "share", "其95%区间上限", "upper end of its 95 % interval"),
        number(
            "likely_month",
            "month",
            "年内最可能首次用尽的月份；从未用尽时为空",
            "the month in which the money most often runs out first in the year; empty where it never does",
        ),
        number(
            "likely_month_share",
            "share",
            "首次用尽恰在该月的概率（模拟占比）",
            "share of the replicates in which it runs out first in that month",
        ),
        number("likely_month_share_low", "share", "其95%区间下限", "lower end of its 95 % interval"),
        number("likely_month_share_high", "share", "其95%区间上限", "upper end of its 95 % interval"),
        number(
            "top_up_p80_yuan",
            "yuan",
            "截至年末累计需补充的资金（元），80%把握",
            "what is to be added by the end of the year, from the first year on, so that all is paid with a safety of 80 %, yuan",
        ),
        error("top_up_p80_se_yuan"),
        number("top_up_p90_yuan", "yuan", "同上，90%把握（元）", "the same with a safety of 90 %, yuan"),
        error("top_up_p90_se_yuan"),
        number("top_up_p95_yuan", "yuan", "同上，95%把握（元）", "the same with a safety of 95 %, yuan"),
        error("top_up_p95_se_yuan"),
        number("top_up_p99_yuan", "yuan", "同上，99%把握（元）", "the same with a safety of 99 %, yuan"),
        error("top_up_p99_se_yuan"),
        number("balance_yuan", "yuan", "年末结余均值（元）", "mean balance at the end of the year, yuan")
            .adds_over("county"),
        error("balance_se_yuan"),
        number(
            "unpaid_yuan",
            "yuan",
            "年末待支付均值（元）",
            "mean of what waits to be paid at the end of the year, yuan",
        )
        .adds_over("county"),
        error("unpaid_se_yuan"),
        number(
            "advanced_yuan",
            "yuan",
            "年末垫付余额均值（元）",
            "mean of what is advanced at the end of the year, yuan",
        )
        .adds_over("county"),
        error("advanced_se_yuan"),
    ],
};

/// The accounts of funds by month.
pub const ACCOUNT_MONTHS: Table = Table {
    file: "account_months.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        number("month", "month", "月份", "month"),
        number(
            "runs_out_share",
            "share",
            "年内首次用尽恰在该月的概率（模拟占比）",
            "share of the replicates in which the money runs out for the first time of the year in this month",
        )
        .adds_over("month"),
        number("runs_out_share_low", "share", "其95%区间下限", "lower end of its 95 % interval"),
        number("runs_out_share_high", "share", "其95%区间上限", "upper end of its 95 % interval"),
        number("revenue_yuan", "yuan", "收入均值（元）", "mean revenue, yuan").adds_over("county year month"),
        error("revenue_se_yuan"),
        number("paid_yuan", "yuan", "支付均值（元）", "mean of what is paid, yuan").adds_over("county year month"),
        error("paid_se_yuan"),
        number(
            "position_yuan",
            "yuan",
            "月末头寸均值（元）：全部应付均已支付时的结余，为负即不足",
            "mean position at the end of the month: what the fund would have, had it paid all that was due; below zero it is short, yuan",
        )
        .adds_over("county"),
        error("position_se_yuan"),
        number("position_p05_yuan", "yuan", "月末头寸5%分位数（元）", "5th percentile of the position, yuan"),
        error("position_p05_se_yuan"),
        number("position_p50_yuan", "yuan", "月末头寸中位数（元）", "median of the position, yuan"),
        error("position_p50_se_yuan"),
        number("position_p95_yuan", "yuan", "月末头寸95%分位数（元）", "95th percentile of the position, yuan"),
        error("position_p95_se_yuan"),
        number("unpaid_yuan", "yuan", "月末待支付均值（元）", "mean of what waits to be paid at the end of the month, yuan").adds_over("county"),
        error("unpaid_se_yuan"),
    ],
};

pub(super) const MONTH: Column = text(
    "month",
    "应付月份：住院按出院月，门诊按就诊月，依申请救助按认定月，参保资助记1月（年内新认定的记认定月）；after为年后：年终才能算出的（倾斜、二次救助）和次年出院的",
    "the month in which it falls due: of a stay that of the discharge, of a visit its own, of assistance on application that of the recognition, of a contribution subsidy January (of who is recognised in the year, that month); after: worked out when the year is over (tilt and second assistance), and stays that end in the next year",
);
pub(super) const CATEGORY: Column = text(
    "category",
    "人员类别：与people.csv相同，按当年所持最优身份；ordinary为普通居民",
    "category, as in people.csv: the best identity held in the year; ordinary: residents without one",
);

/// The revenue of funds, as it was understood.
pub const ACCOUNT_REVENUE: Table = Table {
    file: "account_revenue.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        text(
            "source",
            "来源：central中央，region自治区（省），city市，county县，welfare_lottery福彩公益金，donations捐赠，other其他；空为未分来源",
            "where it comes from; empty: the place does not say",
        ),
        text("months", "到账月份，各月等额", "the months in which it arrives, in equal parts"),
        number(
            "revenue_yuan",
            "yuan",
            "收入（元），不确定时为均值",
            "revenue, yuan: the mean where it is uncertain",
        )
        .adds_over("county year source months"),
        number(
            "log_sd",
            "number",
            "不确定程度：对数标准差，0为确定",
            "how uncertain it is: standard deviation of the logarithm, 0 where it is certain",
        ),
    ],
};

/// Money by the month in which it falls due.
pub const BY_MONTH: Table = Table {
    file: "by_month.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        MONTH,
        LINE,
        FUNDER,
        MEAN.adds_over("county year month"),
        SD,
        SE,
        P05,
        P50,
        P90,
        P95,
        P50_SE,
        P90_SE,
        P95_SE,
    ],
};

/// Money by the category of the people whom it is for.
pub const BY_CATEGORY: Table = Table {
    file: "by_category.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        CATEGORY,
        LINE,
        FUNDER,
        MEAN.adds_over("county year category"),
        SD,
        SE,
        P05,
        P50,
        P90,
        P95,
        P50_SE,
        P90_SE,
        P95_SE,
    ],
};

/// Where the spread of spending comes from.
pub const UNCERTAINTY: Table = Table {
    file: "uncertainty.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        FUNDER,
        text(
            "source",
            "不确定性来源：counts为人数，year_shocks为年度共同波动，county_shocks为县区自身波动，parameters为疾病模型参数，chance为个人偶然性及其余",
            "source: counts: numbers of persons; year_shocks: of all counties; county_shocks: of single counties; parameters: of the illness model; chance: luck of persons, and what acts together",
        ),
        text(
            "category",
            "人员类别：仅counts分类别列示；total为各类别合计或不分类别",
            "category, of counts alone; total: all categories, or none",
        ),
        number(
            "share_of_variance",
            "share",
            "占支出方差的比例；略低于0为噪声",
            "share of the variance of spending; a little below 0: nothing but noise",
        ),
        number("share_of_variance_se", "share", "标准误", "standard error"),
        number(
            "p95_fall_if_halved_yuan",
            "yuan",
            "该项不确定性减半后95%分位数下降的金额（元）；偶然性为空",
            "by how much the 95th percentile falls if this is half as uncertain, yuan; empty for chance",
        ),
        number("p95_fall_if_halved_se_yuan", "yuan", "标准误（元）", "standard error, yuan"),
    ],
};
