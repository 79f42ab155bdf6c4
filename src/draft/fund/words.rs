//! The words of tables of funds: items, payers, headings. The list of synonyms is here alone.

/// Names of what a place file asks for, each with its id; compared without what [`core`] takes away.
pub const ITEMS: &[(&str, &[&str])] = &[
    (
        "opening",
        &[
            "期初余额",
            "期初结余",
            "年初余额",
            "年初结余",
            "上年结余",
            "上年余额",
            "上年结转",
            "上年滚存结余",
            "opening balance",
            "opening",
            "balance brought forward",
        ],
    ),
    (
        "outstanding",
        &[
            "上年未付",
            "上年应付未付",
            "应付未付",
            "未付款项",
            "未支付",
            "待支付",
            "待拨付",
            "欠付",
            "挂账",
            "上年挂账",
            "outstanding",
            "outstanding payments",
            "unpaid",
        ],
    ),
    ("central", &["中央", "国家", "central", "central government"]),
    ("region", &["自治区", "省", "region", "regional", "province", "provincial"]),
    ("city", &["市", "地市", "市本级", "盟市", "州", "city", "municipal", "prefecture"]),
    (
        "county",
        &[
            "县",
            "区",
            "县区",
            "区县",
            "县市区",
            "县本级",
            "区本级",
            "旗",
            "旗县",
            "county",
            "district",
            "banner",
        ],
    ),
    (
        "welfare_lottery",
        &[
            "福彩公益金",
            "福利彩票公益金",
            "彩票公益金",
            "福利彩票",
            "福彩",
            "公益金",
            "welfare lottery",
            "lottery",
        ],
    ),
    ("donations", &["社会捐赠", "捐赠", "捐助", "社会捐助", "慈善捐赠", "donation", "donations"]),
    ("other", &["利息", "其他", "其它", "利息及其他", "interest", "other", "other sources"]),
];

/// What tables say besides, and no place file asks for.
pub const LEFT_OUT: &[&str] = &[
    "支出",
    "本年支出",
    "支出合计",
    "年末结余",
    "年末余额",
    "期末结余",
    "期末余额",
    "本年结余",
    "当年结余",
    "累计结余",
    "滚存结余",
    "closing balance",
    "spending",
    "expenditure",
];

/// Words for revenue as a whole: the source stands beside or below it, or it is the sum of the sources.
pub(super) const REVENUES: &[&str] = &[
    "收入",
    "本年收入",
    "当年收入",
    "基金收入",
    "收入合计",
    "收入小计",
    "资金来源",
    "筹资",
    "资金筹集",
    "revenue",
    "income",
];

/// Words for a budget: the payer stands before, beside or below it; alone it is that of the fund.
pub(super) const BUDGETS: &[&str] = &[
    "年初预算数",
    "年初预算",
    "支出预算数",
    "支出预算",
    "预算安排",
    "预算数",
    "预算",
    "budget in force",
    "budget",
];

/// Names of the fund itself as the payer of a budget.
pub(super) const FUND: &[&str] = &["基金", "救助基金", "医疗救助", "fund", "the fund", "assistance fund"];

/// Headings of a column of items.
pub(super) const ITEM_KEYS: &[&str] =
    &["项目", "科目", "收支项目", "资金项目", "指标", "内容", "类别", "item"];
/// Headings of a column of sources or payers.
pub(super) const SOURCE_KEYS: &[&str] =
    &["来源", "资金来源", "收入来源", "资金渠道", "列支渠道", "支付方", "承担方", "source", "payer"];
/// Headings of a column of years.
pub(super) const YEAR_KEYS: &[&str] = &["年度", "年份", "预算年度", "年", "year"];
/// Headings of a column of months of arrival.
pub(super) const MONTH_KEYS: &[&str] = &[
    "到账月份",
    "到账时间",
    "到位月份",
    "拨付月份",
    "下达月份",
    "月份",
    "months",
    "months of arrival",
    "arrives in",
];
/// Headings of a column of how uncertain an amount is.
pub(super) const ERROR_KEYS: &[&str] =
    &["误差", "不确定性", "浮动", "浮动幅度", "标准差", "error", "uncertainty", "standard deviation"];
/// Headings of a column of amounts.
pub(super) const AMOUNT_KEYS: &[&str] = &["金额", "数额", "资金额", "amount", "yuan"];
/// Columns that say nothing of the fund.
pub(super) const OTHER_KEYS: &[&str] =
    &["序号", "编号", "备注", "说明", "常住人口", "户籍人口", "总人口", "no.", "note", "notes", "remarks"];

/// Beginnings and endings that every item may have.
pub(super) const STARTS: [&str; 4] = ["收到", "上级", "本级", "其中"];
pub(super) const ENDS: [&str; 16] = [
    "补助资金",
    "补助收入",
    "转移支付",
    "配套资金",
    "补助",
    "配套",
    "财政",
    "拨款",
    "拨付",
    "下达",
    "安排",
    "投入",
    "资金",
    "款项",
    "收入",
    "级",
];
pub(super) const ENGLISH_ENDS: [&str; 8] =
    [" subsidies", " subsidy", " revenue", " funds", " money", " finance", " grant", " income"];
