//! The kinds of charts: what each is called in a folder `charts`, and what it shows.

/// A kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartKind {
    /// The name of its files; further pages have their number behind it.
    pub name: &'static str,
    /// What it shows, in Chinese.
    pub zh: &'static str,
    /// What it shows, in English.
    pub en: &'static str,
}

const fn kind(name: &'static str, zh: &'static str, en: &'static str) -> ChartKind {
    ChartKind { name, zh, en }
}

/// All kinds, those of a run first.
pub const KINDS: [ChartKind; 26] = [
    kind(
        "spending_by_county",
        "各县区各年度医疗救助支出，均值和P5至P95",
        "Spending by county and year, mean and P5 to P95",
    ),
    kind(
        "purse_spending",
        "各县区各年度支出，分资金渠道（医疗救助基金、县级财政各一页）",
        "Spending by county and year of each payer alone",
    ),
    kind("per_resident", "各县区人均支出，由大到小", "Spending for each resident, the counties ranked"),
    kind("fan", "医疗救助支出的各年度区间", "Spending over the years, with its intervals"),
    kind("purse_fan", "支出的各年度区间，分资金渠道", "Spending over the years of each payer alone"),
    kind(
        "heat",
        "各县区各年度支出均值，金额和人均",
        "Mean spending by county and year, in all and for each resident",
    ),
    kind(
        "balance",
        "基金各月结余（含未付款项），P5至P95",
        "Balance of the funds by month, unpaid bills taken off, P5 to P95",
    ),
    kind(
        "runs_out",
        "基金在各月首次用尽的概率",
        "How likely the money of the funds first runs out in each month",
    ),
    kind(
        "needed",
        "不同把握所需预算，各县区，末年",
        "The budget that each safety needs, by county, last year",
    ),
    kind(
        "exceedance",
        "支出超过预算的概率，按预算大小，末年",
        "How likely spending is above a budget, by its size, last year",
    ),
    kind("months", "各月支出，P5至P95", "Spending by month, P5 to P95"),
    kind(
        "categories",
        "分人员类别的支出，均值和P5至P95，末年",
        "Spending by category of person, mean and P5 to P95, last year",
    ),
    kind(
        "heat_categories",
        "各县区分人员类别的支出均值，末年",
        "Mean spending by county and category of person, last year",
    ),
    kind(
        "payers",
        "各类对象的医疗费由谁负担，末年（--bills N 逐人查看）",
        "Who pays the bills of each category, last year (--bills N looks at persons)",
    ),
    kind(
        "lorenz",
        "医疗费集中程度：人数与医疗费的累计比例，末年（--bills N 逐人查看）",
        "How unequal bills are: share of persons against share of bills, last year (--bills N looks at persons)",
    ),
    kind(
        "pooling",
        "市级统筹与各县区分别备付的比较（P95）",
        "Reserves of the counties apart and pooled (P95)",
    ),
    kind(
        "uncertainty",
        "末年支出的不确定性来自哪里，各来源占方差的比例",
        "What the spread of the last year comes from, share of the variance by source",
    ),
    kind("lines", "分支出项目的医疗救助支出均值", "Mean spending by line"),
    kind("subsidy_taper", "参保资助的退坡", "The taper of the contribution subsidy"),
    kind(
        "distribution",
        "支出最多的县区末年支出的分布",
        "Distribution in the county that spends most, last year",
    ),
    kind(
        "difference",
        "与基准方案的差额，均值的95%误差和P5至P95",
        "Difference from the base: mean with its 95 % error, P5 to P95",
    ),
    kind(
        "winners",
        "逐人比较：多得和少得救助的人数，按人员类别和变化大小",
        "Persons who get more and persons who get less, by category and size of the change",
    ),
    kind("waterfall", "各改动行引起的差额，分资金渠道", "What each changed line causes, payer by payer"),
    kind(
        "taper",
        "资助退坡的每一步、延长、停止各改变多少支出",
        "What each step of a taper, one more year and stopping change",
    ),
    kind(
        "sensitivity",
        "预算取决于哪些输入：各输入取低端和高端时的变动及其误差",
        "What a budget depends on: the change at the low and the high end of each input, with errors",
    ),
    kind("solve", "一个输入项取到多少，条件仍然满足", "Up to which value of an input a condition holds"),
];

/// What a kind of chart shows, by the name of its files without the page.
#[must_use]
pub fn of(name: &str) -> Option<&'static ChartKind> {
    KINDS.iter().find(|kind| kind.name == name)
}
