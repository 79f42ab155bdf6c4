//! The columns of the tables of money: what is spent, when it falls due, for whom, and how safe budgets are.

use super::{COUNTY, COUNTY_CODE, FUNDER, LINE, PER_RESIDENT, RESIDENTS, YEAR};
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

/// Money by the month in which it falls due.
pub const BY_MONTH: Table = Table {
    file: "by_month.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        text(
            "month",
            "应付月份：住院按出院月，门诊按就诊月，依申请救助按认定月，参保资助记1月（年内新认定的记认定月）；after为年后：年终才能算出的（倾斜、二次救助）和次年出院的",
            "the month in which it falls due: of a stay that of the discharge, of a visit its own, of assistance on application that of the recognition, of a contribution subsidy January (of who is recognised in the year, that month); after: worked out when the year is over (tilt and second assistance), and stays that end in the next year",
        ),
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
        text(
            "category",
            "人员类别：与people.csv相同，按当年所持最优身份；ordinary为普通居民",
            "category, as in people.csv: the best identity held in the year; ordinary: residents without one",
        ),
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
