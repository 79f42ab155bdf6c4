//! The columns of every CSV file, in one place: the header, `columns.csv` and the documentation all come from here.

use super::table::{Column, Table, column};

const COUNTY_CODE: Column = column(
    "county_code",
    "县区行政区划代码；ALL为全部县区按次模拟加总",
    "administrative code; ALL: all counties added up within each replicate",
);
const COUNTY: Column = column("county", "县区名称；ALL为全部县区", "county; ALL: all counties");
const YEAR: Column = column("year", "年度", "calendar year; coverage year for contribution subsidies");
const LINE: Column = column("line", "支出项目；total为合计", "line of spending; total: all lines");
const FUNDER: Column = column("funder", "出资方；total为合计", "who pays; total: all funders");
const CLAUSE: Column = column("clause", "政策条款编号", "clause of the policy document");

/// Money by county, year, line and funder.
pub const PROJECTION: Table = Table {
    file: "projection.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        LINE,
        FUNDER,
        column("mean_yuan", "均值（元）", "mean over the replicates, yuan"),
        column("sd_yuan", "各次模拟间的标准差（元）", "standard deviation between replicates, yuan"),
        column("se_yuan", "均值的蒙特卡洛标准误（元）", "Monte Carlo standard error of the mean, yuan"),
        column(
            "p05_yuan",
            "5%分位数（元）：至少5%的模拟不超过的最小值",
            "5th percentile, yuan: the smallest amount that at least 5 % of the replicates do not exceed",
        ),
        column("p25_yuan", "25%分位数（元）", "25th percentile, yuan"),
        column("p50_yuan", "中位数（元）", "median, yuan"),
        column("p75_yuan", "75%分位数（元）", "75th percentile, yuan"),
        column("p90_yuan", "90%分位数（元）", "90th percentile, yuan"),
        column(
            "p95_yuan",
            "95%分位数（元）：在至少95%的模拟中够用的最小预算",
            "95th percentile, yuan: the smallest budget that is enough in at least 95 % of the replicates",
        ),
        column("p99_yuan", "99%分位数（元）", "99th percentile, yuan"),
        column("tvar95_yuan", "最差5%模拟的均值（元）", "mean of the worst 5 % of the replicates, yuan"),
    ],
};

/// People by county, year and category.
pub const PEOPLE: Table = Table {
    file: "people.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        column(
            "category",
            "人员类别：按当年所持最优身份；ordinary为普通居民",
            "category: the best identity held in the year; ordinary: residents without one",
        ),
        column(
            "register",
            "台账人数：各月应有人数，多重身份分别计入；ordinary为其余居民",
            "persons whom the register has in every month; who holds two categories counts in both; ordinary: all other residents",
        ),
        column(
            "holders",
            "合成人口中持有该身份的月均人数，与台账人数核对一致",
            "persons of the synthetic population who hold it, on the average of the months: held against the register in every run",
        ),
        column(
            "persons",
            "月均人数均值：每人每月按所持最优身份计一次，含测算中新认定人员，各类相加为全部居民",
            "mean number of persons on the average of the months: each counts once, under the best identity held in the month, newly recognised ones too; the categories add up to all residents",
        ),
        column(
            "persons_se",
            "人数均值的标准误；ALL为其上限（各县区标准误之和）",
            "standard error of the mean; for ALL its upper bound, the sum of the counties' errors. The same holds for the other errors",
        ),
        column("subsidised", "享受参保资助人数", "persons with a contribution subsidy"),
        column("subsidised_se", "标准误", "standard error"),
        column(
            "subsidised_newly",
            "其中：年内新认定后资助人数",
            "of these, recognised in the year and subsidised then",
        ),
        column("subsidised_newly_se", "标准误", "standard error"),
        column("admitted", "住院人数", "persons admitted at least once"),
        column("admitted_se", "标准误", "standard error"),
        column("assisted_persons", "获得医疗救助人数（不含参保资助）", "persons with assistance on bills"),
        column("assisted_persons_se", "标准误", "standard error"),
        column("assisted_cases", "医疗救助人次", "assistance payments on bills and at the year's end"),
        column("assisted_cases_se", "标准误", "standard error"),
        column("watch_listed", "列入预警名单人数", "persons on a watch list"),
        column("watch_listed_se", "标准误", "standard error"),
        column("recognised", "新认定人数", "persons newly recognised through a list or on application"),
        column("recognised_se", "标准误", "standard error"),
    ],
};

const PERSONS: Column = column(
    "persons",
    "涉及人数均值",
    "mean number of persons touched; a person touched by two rules of a clause counts twice",
);
const PERSONS_SE: Column = column(
    "persons_se",
    "标准误；加总行为其上限",
    "standard error; its upper bound where rules or counties are added up",
);
const CASES: Column = column("cases", "支付人次均值", "mean number of payments");
const CASES_SE: Column = column(
    "cases_se",
    "标准误；加总行为其上限",
    "standard error; its upper bound where rules or counties are added up",
);
const MOVED: Column = column(
    "mean_yuan",
    "金额均值（元），含保险和医疗机构承担的部分，以及条款规定由个人全额负担的缴费",
    "mean amount moved, yuan; insurers and hospitals included, and contributions that a clause leaves with the person",
);
const MOVED_SE: Column = column(
    "se_yuan",
    "标准误（元）；加总行为其上限",
    "standard error, yuan; its upper bound where rules or counties are added up",
);
const BOOKED: Column = column(
    "booked_yuan",
    "其中列入救助支出项目的金额均值（元）",
    "the part of it that is booked to a line of spending, mean, yuan",
);

/// Clauses by county and year.
pub const CLAUSES: Table = Table {
    file: "clauses.csv",
    columns: &[
        column(
            "clause",
            "政策条款编号；引用两个条款的规则，其金额在两个条款下均全额列示，故各条款不可相加；关于基金的条款列示该基金出资的全部规则",
            "clause; a rule that cites two clauses appears in full under both, so clauses do not add up (rules.csv does); a clause on a fund has every rule that the fund pays",
        ),
        COUNTY_CODE,
        COUNTY,
        YEAR,
        PERSONS,
        PERSONS_SE,
        CASES,
        CASES_SE,
        MOVED,
        MOVED_SE,
        BOOKED,
    ],
};

/// Rules by county and year.
pub const RULES: Table = Table {
    file: "rules.csv",
    columns: &[
        column("rule", "政策文件中的规则", "rule of the policy file"),
        column("line", "支出项目；空为不列入救助支出", "line of spending; empty: booked to none"),
        column(
            "clauses",
            "引用的条款，以空格分隔；不含关于出资基金的条款",
            "clauses that it cites, separated by spaces; not those on the fund that pays it",
        ),
        COUNTY_CODE,
        COUNTY,
        YEAR,
        PERSONS,
        PERSONS_SE,
        CASES,
        CASES_SE,
        MOVED,
        MOVED_SE,
    ],
};

/// Watch lists by county, year and month.
pub const WATCH: Table = Table {
    file: "watch.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        column("list", "预警名单（规则编号）", "rule of the watch list"),
        column("month", "月份（1至12）", "month, 1 to 12"),
        column("persons", "当月新列入人数均值", "mean number of persons newly listed"),
        column("persons_se", "标准误；ALL为其上限", "standard error; for ALL its upper bound"),
    ],
};

/// Indicators by county and year.
pub const INDICATORS: Table = Table {
    file: "indicators.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        column("indicator", "指标（规则编号）", "rule of the indicator"),
        column("persons", "人数均值", "mean number of persons"),
        column("in_scope_yuan", "政策范围内费用均值（元）", "mean in-scope cost, yuan"),
        column(
            "in_scope_se_yuan",
            "标准误（元）；ALL为其上限",
            "standard error, yuan; for ALL its upper bound",
        ),
        column("self_pay_yuan", "政策范围内个人自付均值（元）", "mean in-scope self-pay, yuan"),
        column(
            "self_pay_se_yuan",
            "标准误（元）；ALL为其上限",
            "standard error, yuan; for ALL its upper bound",
        ),
        column("self_pay_share", "自付占比", "self-pay as a share of in-scope cost, over all replicates"),
        column("at_most", "政策上限", "the share that should not be exceeded"),
    ],
};

/// What stays unmet after tilt assistance.
pub const RESIDUAL: Table = Table {
    file: "residual.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        column(
            "persons",
            "倾斜救助后仍有缺口的人数均值",
            "mean number of persons whose tilt assistance met its cap or missed its target",
        ),
        column("persons_se", "标准误；ALL为其上限", "standard error; for ALL its upper bound"),
        column(
            "self_pay_yuan",
            "仍由个人负担的政策范围内费用均值（元）",
            "mean in-scope self-pay that stays with them, yuan",
        ),
        column(
            "self_pay_se_yuan",
            "标准误（元）；ALL为其上限",
            "standard error, yuan; for ALL its upper bound",
        ),
        column("in_scope_yuan", "其政策范围内费用均值（元）", "mean in-scope cost of these persons, yuan"),
    ],
};

/// What pooling saves.
pub const POOLING: Table = Table {
    file: "pooling.csv",
    columns: &[
        YEAR,
        FUNDER,
        column("apart_p95_yuan", "各县区95%分位数之和（元）", "sum of the counties' 95th percentiles, yuan"),
        column(
            "pooled_p95_yuan",
            "统筹后的95%分位数（元）",
            "95th percentile of the counties together, yuan",
        ),
        column("saved_yuan", "统筹节省（元）", "what pooling saves, yuan"),
    ],
};

/// Targets and results of the synthetic population.
pub const POPULATION_FIT: Table = Table {
    file: "population_fit.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        column("margin", "边际分布", "what is held against the table"),
        column("cell", "单元", "which part of it"),
        column("target", "目标人数（户数）", "persons asked for (household_size: households)"),
        column("achieved", "实际人数（户数）", "persons drawn (household_size: households)"),
        column(
            "promise",
            "exact：必须相等；rounded：允许取整差异",
            "exact: both are equal; rounded: they may differ by rounding",
        ),
    ],
};

const BASE: Column = column("base", "基准方案", "the first scenario");
const OTHER: Column = column("other", "对比方案", "the second scenario");

/// Paired differences of money.
pub const DIFFERENCE: Table = Table {
    file: "difference.csv",
    columns: &[
        BASE,
        OTHER,
        COUNTY_CODE,
        COUNTY,
        YEAR,
        LINE,
        FUNDER,
        column("base_yuan", "基准方案均值（元）", "mean of the first scenario, yuan"),
        column("other_yuan", "对比方案均值（元）", "mean of the second scenario, yuan"),
        column(
            "mean_yuan",
            "差额均值（元）：对比方案减基准方案，同一随机数配对",
            "mean difference, second minus first on the same draws, yuan",
        ),
        column(
            "sd_yuan",
            "差额的标准差（元）",
            "standard deviation of the difference between replicates, yuan",
        ),
        column(
            "se_yuan",
            "差额均值的标准误（元）",
            "Monte Carlo standard error of the mean difference, yuan",
        ),
        column(
            "low95_yuan",
            "均值95%区间下限（元）",
            "lower end of the 95 % interval of the mean (Student's t), yuan",
        ),
        column("high95_yuan", "均值95%区间上限（元）", "upper end of the 95 % interval of the mean, yuan"),
        column("p05_yuan", "差额5%分位数（元）", "5th percentile of the difference, yuan"),
        column("p50_yuan", "差额中位数（元）", "median of the difference, yuan"),
        column("p95_yuan", "差额95%分位数（元）", "95th percentile of the difference, yuan"),
        column(
            "probability_dearer",
            "对比方案支出更高的概率（相等不计）",
            "share of the replicates in which the second is dearer; ties are not",
        ),
        column("probability_equal", "两方案相等的概率", "share of the replicates in which both are equal"),
        column(
            "variance_reduction",
            "方差缩减倍数：不配对方差除以配对方差；配对方差为0时为空",
            "variance of an unpaired difference divided by the paired one; empty where the paired one is 0",
        ),
    ],
};

/// Differences by clause.
pub const DIFFERENCE_CLAUSES: Table = Table {
    file: "difference_clauses.csv",
    columns: &[
        BASE,
        OTHER,
        CLAUSE,
        COUNTY_CODE,
        COUNTY,
        YEAR,
        column(
            "base_yuan",
            "基准方案该条款金额均值（元）",
            "mean amount of the clause in the first scenario, yuan",
        ),
        column(
            "other_yuan",
            "对比方案该条款金额均值（元）",
            "mean amount of the clause in the second scenario, yuan",
        ),
        column("difference_yuan", "差额均值（元）", "mean difference, yuan"),
        column(
            "se_at_most_yuan",
            "差额标准误的上限（元）：两方案标准误之和",
            "upper bound of its standard error: the sum of both errors, yuan",
        ),
        column(
            "booked_difference_yuan",
            "其中救助支出的差额均值（元）",
            "the part of the difference that is booked to lines of spending, yuan",
        ),
    ],
};

/// The list of all columns itself.
pub const COLUMNS: Table = Table {
    file: "columns.csv",
    columns: &[
        column("file", "文件", "file"),
        column("column", "列名", "column"),
        column("meaning_zh", "含义（中文）", "meaning in Chinese"),
        column("meaning_en", "含义（英文）", "meaning in English"),
    ],
};

/// The tables of a run.
pub const OF_A_RUN: [&Table; 9] =
    [&PROJECTION, &PEOPLE, &CLAUSES, &RULES, &WATCH, &INDICATORS, &RESIDUAL, &POOLING, &POPULATION_FIT];

/// The tables of a comparison.
pub const OF_A_COMPARISON: [&Table; 2] = [&DIFFERENCE, &DIFFERENCE_CLAUSES];
