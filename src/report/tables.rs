//! The columns of every CSV file, in one place: the header, `columns.csv` and the documentation all come from here.

mod attribution;
mod bills;
mod money;
mod pooling;
mod sensitivity;
mod solve;
mod taper;
mod trials;
mod waiting;
mod winners;

use super::table::{Column, Table, number, text};

pub use attribution::*;
pub use bills::*;
use money::CATEGORY;
pub use money::*;
pub use pooling::*;
pub use sensitivity::*;
pub use solve::*;
pub use taper::*;
pub use trials::*;
pub use waiting::*;
pub use winners::*;

const COUNTY_CODE: Column = text(
    "county_code",
    "县区行政区划代码（六位文本）；ALL为全部县区按次模拟加总",
    "administrative code, text of six digits; ALL: all counties added up within each replicate",
);
const COUNTY: Column = text("county", "县区名称；ALL为全部县区", "county; ALL: all counties");
const YEAR: Column =
    number("year", "year", "年度", "calendar year; coverage year for contribution subsidies");
const RESIDENTS: Column = number(
    "residents",
    "persons",
    "该县区常住人口；ALL为参与模拟的全部县区之和",
    "residents of the county; for ALL those of all counties simulated",
)
.adds_over("county");
const PER_RESIDENT: Column = number(
    "mean_yuan_per_resident",
    "yuan per resident",
    "均值除以常住人口（元/人）",
    "mean divided by the residents, yuan per resident",
);
const LINE: Column = text("line", "支出项目；total为合计", "line of spending; total: all lines");
const FUNDER: Column = text("funder", "出资方；total为合计", "who pays; total: all funders");
const CLAUSE: Column = text("clause", "政策条款编号", "clause of the policy document");

/// People by county, year and category.
pub const PEOPLE: Table = Table {
    file: "people.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        text(
            "category",
            "人员类别：按当年所持最优身份；ordinary为普通居民",
            "category: the best identity held in the year; ordinary: residents without one",
        ),
        number(
            "register",
            "persons",
            "台账人数：各月应有人数，多重身份分别计入；ordinary为其余居民",
            "persons whom the register has in every month; who holds two categories counts in both; ordinary: all other residents",
        )
        .adds_over("county"),
        number(
            "holders",
            "persons",
            "合成人口中持有该身份的月均人数，与台账人数核对一致",
            "persons of the synthetic population who hold it, on the average of the months: held against the register in every run",
        )
        .adds_over("county"),
        number(
            "persons",
            "persons",
            "月均人数均值：每人每月按所持最优身份计一次，含测算中新认定人员，各类相加为全部居民",
            "mean number of persons on the average of the months: each counts once, under the best identity held in the month, newly recognised ones too; the categories add up to all residents",
        )
        .adds_over("county category"),
        number(
            "persons_se",
            "persons",
            "人数均值的标准误；ALL为其上限（各县区标准误之和）",
            "standard error of the mean; for ALL its upper bound, the sum of the counties' errors. The same holds for the other errors",
        ),
        number("subsidised", "persons", "享受参保资助人数", "persons with a contribution subsidy")
            .adds_over("county category"),
        number("subsidised_se", "persons", "标准误", "standard error"),
        number(
            "subsidised_newly",
            "persons",
            "其中：年内新认定后资助人数",
            "of these, recognised in the year and subsidised then",
        )
        .adds_over("county category"),
        number("subsidised_newly_se", "persons", "标准误", "standard error"),
        number("admitted", "persons", "住院人数", "persons admitted at least once")
            .adds_over("county category"),
        number("admitted_se", "persons", "标准误", "standard error"),
        number(
            "assisted_persons",
            "persons",
            "获得医疗救助人数（不含参保资助）",
            "persons with assistance on bills",
        )
        .adds_over("county category"),
        number("assisted_persons_se", "persons", "标准误", "standard error"),
        number(
            "assisted_cases",
            "payments",
            "医疗救助人次",
            "assistance payments on bills and at the year's end",
        )
        .adds_over("county year category"),
        number("assisted_cases_se", "payments", "标准误", "standard error"),
        number("watch_listed", "persons", "列入预警名单人数", "persons on a watch list")
            .adds_over("county category"),
        number("watch_listed_se", "persons", "标准误", "standard error"),
        number(
            "recognised",
            "persons",
            "新认定人数",
            "persons newly recognised through a list or on application",
        )
        .adds_over("county category"),
        number("recognised_se", "persons", "标准误", "standard error"),
    ],
};

const PERSONS: Column = number(
    "persons",
    "persons",
    "涉及人数均值",
    "mean number of persons touched; a person touched by two rules of a clause counts twice",
)
.adds_over("county");
const PERSONS_SE: Column = number("persons_se", "persons", "标准误", "standard error");
const CASES: Column =
    number("cases", "payments", "支付人次均值", "mean number of payments").adds_over("county year");
const CASES_SE: Column = number("cases_se", "payments", "标准误", "standard error");
const MOVED: Column = number(
    "mean_yuan", "yuan",
    "金额均值（元），含保险和医疗机构承担的部分，以及条款规定由个人全额负担的缴费",
    "mean amount moved, yuan; insurers and hospitals included, and contributions that a clause leaves with the person",
).adds_over("county year");
const MOVED_SE: Column = number("se_yuan", "yuan", "标准误（元）", "standard error, yuan");
const BOOKED: Column = number(
    "booked_yuan",
    "yuan",
    "其中列入救助支出项目的金额均值（元）",
    "the part of it that is booked to a line of spending, mean, yuan",
)
.adds_over("county year");
const BOOKED_SE: Column = number("booked_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan");
const ADDABLE_SE: Column = number("addable_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan");

/// Clauses by county and year.
pub const CLAUSES: Table = Table {
    file: "clauses.csv",
    columns: &[
        text(
            "clause",
            "政策条款编号；引用两个条款的规则，其金额在两个条款下均全额列示，故除addable_yuan外各条款不可相加；关于基金的条款列示该基金出资的全部规则",
            "clause; a rule that cites two clauses appears in full under both, so clauses do not add up but in addable_yuan; a clause on a fund has every rule that the fund pays",
        ),
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        PERSONS,
        PERSONS_SE,
        CASES,
        CASES_SE,
        MOVED,
        MOVED_SE,
        BOOKED,
        BOOKED_SE,
        number(
            "addable_yuan",
            "yuan",
            "可加总的救助支出均值（元）：每一元只计入其规则首先引用的条款，各条款之和等于支出合计；clause为none的行是未引用条款的规则",
            "booked mean, yuan, each yuan under the clause that its rule cites first: clauses add up to all spending; the row none is of rules without a clause",
        )
        .adds_over("clause county year"),
        ADDABLE_SE,
    ],
};

/// Rules by county and year.
pub const RULES: Table = Table {
    file: "rules.csv",
    columns: &[
        text("rule", "政策文件中的规则", "rule of the policy file"),
        text("line", "支出项目；空为不列入救助支出", "line of spending; empty: booked to none"),
        text(
            "clauses",
            "引用的条款，以空格分隔；不含关于出资基金的条款",
            "clauses that it cites, separated by spaces; not those on the fund that pays it",
        ),
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        PERSONS,
        PERSONS_SE,
        CASES,
        CASES_SE,
        MOVED,
        MOVED_SE,
        number(
            "addable_yuan",
            "yuan",
            "可加总的救助支出均值（元）：列入支出项目的金额，各规则之和等于支出合计；mean_yuan含保险支付，不可跨规则相加",
            "booked to a line of spending, mean, yuan: rules add up to all spending; mean_yuan has insurers too and does not",
        )
        .adds_over("rule county year"),
        ADDABLE_SE,
    ],
};

/// Watch lists by county, year and month.
pub const WATCH: Table = Table {
    file: "watch.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        text("list", "预警名单（规则编号）", "rule of the watch list"),
        number("month", "month", "月份（1至12）", "month, 1 to 12"),
        number("persons", "persons", "当月新列入人数均值", "mean number of persons newly listed")
            .adds_over("county month"),
        number("persons_se", "persons", "标准误；ALL为其上限", "standard error; for ALL its upper bound"),
    ],
};

/// Indicators by county and year.
pub const INDICATORS: Table = Table {
    file: "indicators.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        text("indicator", "指标（规则编号）", "rule of the indicator"),
        number("persons", "persons", "人数均值", "mean number of persons").adds_over("county"),
        number("in_scope_yuan", "yuan", "政策范围内费用均值（元）", "mean in-scope cost, yuan")
            .adds_over("county year"),
        number(
            "in_scope_se_yuan",
            "yuan",
            "标准误（元）；ALL为其上限",
            "standard error, yuan; for ALL its upper bound",
        ),
        number("self_pay_yuan", "yuan", "政策范围内个人自付均值（元）", "mean in-scope self-pay, yuan")
            .adds_over("county year"),
        number(
            "self_pay_se_yuan",
            "yuan",
            "标准误（元）；ALL为其上限",
            "standard error, yuan; for ALL its upper bound",
        ),
        number(
            "self_pay_share",
            "share",
            "自付占比",
            "self-pay as a share of in-scope cost, over all replicates",
        ),
        number("at_most", "share", "政策上限", "the share that should not be exceeded"),
    ],
};

/// What the caps of tilt assistance leave unmet.
pub const RESIDUAL: Table = Table {
    file: "residual.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        number(
            "persons",
            "persons",
            "倾斜救助因封顶未能足额支付的人数均值",
            "mean number of persons whose tilt assistance met its cap",
        )
        .adds_over("county"),
        number("persons_se", "persons", "标准误；ALL为其上限", "standard error; for ALL its upper bound"),
        number(
            "above_cap_yuan",
            "yuan",
            "封顶线以上未支付的金额均值（元）",
            "mean amount that the cap cut off, yuan",
        )
        .adds_over("county year"),
        number(
            "above_cap_se_yuan",
            "yuan",
            "标准误（元）；ALL为其上限",
            "standard error, yuan; for ALL its upper bound",
        ),
        number(
            "without_cap_yuan",
            "yuan",
            "不设封顶时倾斜救助应支付的金额均值（元），含未触及封顶线的人员",
            "mean amount that tilt assistance would come to without its cap, yuan; of all whom it assists",
        )
        .adds_over("county year"),
    ],
};

/// Targets and results of the synthetic population.
pub const POPULATION_FIT: Table = Table {
    file: "population_fit.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        text("margin", "边际分布", "what is held against the table"),
        text("cell", "单元", "which part of it"),
        number(
            "target",
            "persons or households",
            "目标人数（户数）",
            "persons asked for (household_size: households)",
        )
        .adds_over("county"),
        number(
            "achieved",
            "persons or households",
            "实际人数（户数）",
            "persons drawn (household_size: households)",
        )
        .adds_over("county"),
        text(
            "promise",
            "核对要求：exact为必须相等；rounded为允许取整差异",
            "what is asked: exact: both are equal; rounded: they may differ by rounding",
        ),
    ],
};

/// The standard error of the column on its left, which a run of too few replicates does not know.
const fn error(name: &'static str) -> Column {
    number(
        name,
        "yuan",
        "左列的标准误（元）；模拟次数过少时为空",
        "standard error of the column on its left, yuan; empty with too few replicates",
    )
}

const BASE: Column = text("base", "基准方案", "the first scenario");
const OTHER: Column = text("other", "对比方案", "the second scenario");

const MEAN_LOW95: Column = number(
    "mean_low95_yuan",
    "yuan",
    "差额均值的95%误差区间下限（元）：说明均值算得多准，不是结果的范围",
    "lower end of the 95 % error of the mean (Student's t), yuan: how well the mean is known, not the range of outcomes",
);
const MEAN_HIGH95: Column = number(
    "mean_high95_yuan",
    "yuan",
    "差额均值的95%误差区间上限（元）",
    "upper end of the 95 % error of the mean, yuan",
);
const OUTCOME_P05: Column = number(
    "outcome_p05_yuan",
    "yuan",
    "各次模拟差额的5%分位数（元）：与95%分位数一起为结果的范围",
    "5th percentile of the difference between replicates, yuan: with the 95th the range of outcomes",
);
const OUTCOME_P50: Column = number(
    "outcome_p50_yuan",
    "yuan",
    "各次模拟差额的中位数（元）",
    "median of the difference between replicates, yuan",
);
const OUTCOME_P95: Column = number(
    "outcome_p95_yuan",
    "yuan",
    "各次模拟差额的95%分位数（元）",
    "95th percentile of the difference between replicates, yuan",
);
const OUTCOME_P05_SE: Column = error_of("outcome_p05_se_yuan");
const OUTCOME_P50_SE: Column = error_of("outcome_p50_se_yuan");
const OUTCOME_P95_SE: Column = error_of("outcome_p95_se_yuan");

const fn error_of(name: &'static str) -> Column {
    number(
        name,
        "yuan",
        "其标准误（元）；空为模拟次数太少",
        "its standard error, yuan; empty where the replicates are too few",
    )
}

/// Paired differences of money.
pub const DIFFERENCE: Table = Table {
    file: "difference.csv",
    columns: &[
        BASE,
        OTHER,
        COUNTY_CODE,
        COUNTY,
        YEAR,
        RESIDENTS,
        LINE,
        FUNDER,
        number("base_yuan", "yuan", "基准方案均值（元）", "mean of the first scenario, yuan")
            .adds_over("county year line funder"),
        number("other_yuan", "yuan", "对比方案均值（元）", "mean of the second scenario, yuan")
            .adds_over("county year line funder"),
        number(
            "mean_yuan",
            "yuan",
            "差额均值（元）：对比方案减基准方案，同一随机数配对",
            "mean difference, second minus first on the same draws, yuan",
        )
        .adds_over("county year line funder"),
        number(
            "sd_yuan",
            "yuan",
            "差额的标准差（元）",
            "standard deviation of the difference between replicates, yuan",
        ),
        number(
            "se_yuan",
            "yuan",
            "差额均值的标准误（元）",
            "Monte Carlo standard error of the mean difference, yuan",
        ),
        MEAN_LOW95,
        MEAN_HIGH95,
        OUTCOME_P05,
        OUTCOME_P05_SE,
        OUTCOME_P50,
        OUTCOME_P50_SE,
        OUTCOME_P95,
        OUTCOME_P95_SE,
        number(
            "probability_dearer",
            "share",
            "对比方案支出更高的概率（相等不计）",
            "share of the replicates in which the second is dearer; ties are not",
        ),
        number("dearer_low95", "share", "其95%区间下限", "its 95 % interval, from"),
        number("dearer_high95", "share", "其95%区间上限", "to"),
        number(
            "probability_equal",
            "share",
            "两方案相等的概率",
            "share of the replicates in which both are equal",
        ),
        number(
            "variance_reduction",
            "ratio",
            "方差缩减倍数：不配对方差除以配对方差；配对方差为0时为空",
            "variance of an unpaired difference divided by the paired one; empty where the paired one is 0",
        ),
        PER_RESIDENT,
    ],
};

/// Differences by category of person.
pub const DIFFERENCE_CATEGORIES: Table = Table {
    file: "difference_categories.csv",
    columns: &[
        BASE,
        OTHER,
        COUNTY_CODE,
        COUNTY,
        YEAR,
        CATEGORY,
        FUNDER,
        number("base_yuan", "yuan", "基准方案均值（元）", "mean of the first scenario, yuan")
            .adds_over("county year category funder"),
        number("other_yuan", "yuan", "对比方案均值（元）", "mean of the second scenario, yuan")
            .adds_over("county year category funder"),
        number("mean_yuan", "yuan", "差额均值（元）", "mean difference, second minus first, yuan")
            .adds_over("county year category funder"),
        number("se_yuan", "yuan", "差额均值的标准误（元）", "standard error of the mean difference, yuan"),
        MEAN_LOW95,
        MEAN_HIGH95,
        OUTCOME_P05,
        OUTCOME_P05_SE,
        OUTCOME_P50,
        OUTCOME_P50_SE,
        OUTCOME_P95,
        OUTCOME_P95_SE,
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
        RESIDENTS,
        number(
            "base_yuan", "yuan",
            "基准方案该条款金额均值（元）",
            "mean amount of the clause in the first scenario, yuan",
        ).adds_over("county year"),
        number(
            "other_yuan", "yuan",
            "对比方案该条款金额均值（元）",
            "mean amount of the clause in the second scenario, yuan",
        ).adds_over("county year"),
        number("difference_yuan", "yuan", "差额均值（元）", "mean difference, yuan").adds_over("county year"),
        number("se_yuan", "yuan", "差额均值的标准误（元），逐次配对", "its standard error, paired by replicate, yuan"),
        number(
            "booked_difference_yuan", "yuan",
            "其中救助支出的差额均值（元）",
            "the part of the difference that is booked to lines of spending, yuan",
        ).adds_over("county year"),
        number("booked_difference_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        number(
            "addable_difference_yuan",
            "yuan",
            "可加总的差额均值（元）：每一元只计入其规则首先引用的条款，各条款之和等于支出差额",
            "mean difference, yuan, each yuan under the clause that its rule cites first: clauses add up to the difference of all spending",
        )
        .adds_over("clause county year"),
        number("addable_difference_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
    ],
};

/// What each scenario of a comparison changes against the base.
pub const CHANGES: Table = Table {
    file: "changes.csv",
    columns: &[
        BASE,
        OTHER,
        text("key", "改动的键", "the key that differs, or that a delta writes with the value that it had"),
        text("before", "基准方案中的值；空为没有", "its value in the first scenario; empty: none"),
        text("after", "对比方案中的值；空为没有", "its value in the second scenario; empty: none"),
        text(
            "written_in",
            "写在哪个文件或命令行选项中",
            "the file or option of the command line in which it is written",
        ),
        number("line_number", "number", "行号；空为不适用", "the line there; empty where there is none"),
        text(
            "outcome",
            "结果：whole_difference为唯一起作用的改动，金额即全部差额；whole_together为各项合在一起引起全部差额，在各项重复列出；its_rules为所属规则的金额变化；shared_rules为该规则另有其他改动，金额为各项改动之和，在各项重复列出；shared为与其他改动共同起作用；其余为无影响的原因",
            "what came of it: whole_difference: the only change that is felt, so the difference is its own; whole_together: several that cannot be told apart cause the whole difference, which stands at each; its_rules: what its rules moved; shared_rules: other changes change the same rules, the amount is of all of them and stands at each; shared: together with others; else why it moved nothing",
        ),
        number(
            "moved_yuan",
            "yuan",
            "各县区各年度合计的金额变化均值（元）；空为无法单独区分，故各行不可相加",
            "mean difference in yuan over all counties and years reported; empty where it cannot be told apart: rows do not add up",
        ),
        number(
            "moved_se_yuan",
            "yuan",
            "其标准误（元），逐次配对",
            "its standard error, paired by replicate, yuan",
        ),
        number(
            "persons_touched",
            "persons",
            "只改动该行时全年所得与基准不同的人数（救助、参保资助、医保支付或个人自付任一项），各年平均；同一行的各键相同；空为未统计或无法单独统计，各行不可相加",
            "persons who get something other than under the base where this line alone is changed (assistance, contribution subsidy, insurance or self-pay of the year), mean a year; the same at all keys of a line; empty where it is not looked at or cannot be told. Rows do not add up: a person may be touched by several lines",
        ),
        number("persons_touched_se", "persons", "其标准误", "its standard error"),
        number(
            "touched_yuan",
            "yuan",
            "只改动该行时救助和参保资助的变化（元）：逐人查看的各次模拟的均值，所列各年合计",
            "what assistance and contribution subsidies change by where this line alone is changed, yuan: mean of the replicates in which persons are looked at, all years reported together",
        ),
        number("touched_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        text("explanation_zh", "说明（中文）", "the same in words, Chinese"),
        text("explanation_en", "说明（英文）", "the same in words, English"),
    ],
};

/// The list of all columns itself.
pub const COLUMNS: Table = Table {
    file: "columns.csv",
    columns: &[
        text("file", "文件", "file"),
        text("column", "列名", "column"),
        text("kind", "text：文本；number：数值", "text or number"),
        text("unit", "单位；文本为空", "unit; empty for text"),
        text(
            "adds_over",
            "可对哪些列的取值加总（ALL和total行除外）；空为不可加总",
            "the columns over whose values it may be added up, rows of ALL and total left out; empty: it may not",
        ),
        text("meaning_zh", "含义（中文）", "meaning in Chinese"),
        text("meaning_en", "含义（英文）", "meaning in English"),
    ],
};

/// The tables of a run; the accounts are written where the place has funds with revenue, who waits and who pays the bills
/// where persons were looked at.
pub const OF_A_RUN: [&Table; 20] = [
    &PROJECTION,
    &UNCERTAINTY,
    &BUDGET,
    &ACCOUNT,
    &ACCOUNT_MONTHS,
    &ACCOUNT_REVENUE,
    &ACCOUNT_WAITING,
    &BY_MONTH,
    &BY_CATEGORY,
    &PAYERS,
    &LORENZ,
    &PEOPLE,
    &CLAUSES,
    &RULES,
    &WATCH,
    &INDICATORS,
    &RESIDUAL,
    &POOLING,
    &POOLING_SHARES,
    &POPULATION_FIT,
];

/// The tables of a comparison; the winners and the attribution are written where there are any.
pub const OF_A_COMPARISON: [&Table; 7] = [
    &DIFFERENCE,
    &DIFFERENCE_CATEGORIES,
    &DIFFERENCE_CLAUSES,
    &WINNERS,
    &CHANGES,
    &ATTRIBUTION,
    &ATTRIBUTION_PAIRS,
];
