//! Which sheets a run's tables are shown on.

use crate::document::grid::Part;
use crate::document::labels::Words;
use crate::report::finished::Finished;
use crate::report::names::Label;
use crate::report::tables;

/// A sheet of a table.
pub(super) struct Spec {
    /// The file of the table.
    pub file: String,
    /// Which of its rows.
    pub part: Part,
    /// Name of the sheet, at most 31 characters.
    pub name: Label,
    /// Its title.
    pub title: Label,
}

impl Spec {
    /// What is said under the title: where the rows are from.
    pub fn note(&self, words: Words<'_>) -> String {
        let (file, id) = (&self.file, words.run.run_id());
        match words.lang {
            crate::lang::Lang::Zh => format!("取自 {file}，运行编号{id}；金额单位为元，空格表示该值不存在"),
            crate::lang::Lang::En => {
                format!(
                    "From {file}, run {id}; amounts in yuan, an empty cell is a value that does not exist"
                )
            }
        }
    }
}

type Known = (&'static str, Part, [&'static str; 4]);

/// File, rows, and name and title in both languages.
const OF_A_RUN: [Known; 24] = [
    (
        tables::PROJECTION.file,
        Part::Totals,
        ["县区年度", "分县区、年度的医疗救助支出", "Counties", "Spending by county and year"],
    ),
    (
        tables::PROJECTION.file,
        Part::Lines,
        ["支出项目", "分支出项目的医疗救助支出", "Lines", "Spending by line"],
    ),
    (
        tables::PROJECTION.file,
        Part::Funders,
        ["资金渠道", "分资金渠道的医疗救助支出", "Payers", "Spending by payer"],
    ),
    (
        tables::PROJECTION.file,
        Part::Details,
        ["项目与渠道", "分支出项目和资金渠道的医疗救助支出", "Lines by payer", "Spending by line and payer"],
    ),
    (
        tables::BUDGET.file,
        Part::All,
        ["预算把握", "预算的把握程度和所需预算", "Budgets", "How safe budgets are, and what a safety needs"],
    ),
    (
        tables::ACCOUNT.file,
        Part::All,
        ["基金收支", "基金收支和资金缺口（按年）", "Fund account", "Fund accounts by year"],
    ),
    (
        tables::ACCOUNT_MONTHS.file,
        Part::All,
        ["基金收支（按月）", "基金收支和用尽月份", "Fund account by month", "Fund accounts by month"],
    ),
    (
        tables::ACCOUNT_REVENUE.file,
        Part::All,
        ["基金收入", "基金收入（按来源和到账月份）", "Fund revenue", "Revenue of the funds by source"],
    ),
    (
        tables::ACCOUNT_WAITING.file,
        Part::All,
        [
            "等待支付",
            "资金不足时等待支付的人数和笔数",
            "Waiting payments",
            "Persons and payments that wait when a fund is short",
        ],
    ),
    (
        tables::BY_MONTH.file,
        Part::All,
        ["按月", "分应付月份的医疗救助支出", "By month", "Spending by the month in which it falls due"],
    ),
    (
        tables::BY_CATEGORY.file,
        Part::All,
        ["按类别", "分人员类别的医疗救助支出", "By category", "Spending by category of person"],
    ),
    (
        tables::PAYERS.file,
        Part::All,
        ["医疗费负担", "各类对象的医疗费由谁负担", "Payers of bills", "Who pays the bills of each category"],
    ),
    (
        tables::LORENZ.file,
        Part::All,
        ["医疗费集中程度", "医疗费集中程度", "Spread of bills", "How unequal bills are"],
    ),
    (
        tables::PEOPLE.file,
        Part::All,
        ["人员类别", "分人员类别的人数和人次", "People", "Persons and payments by category"],
    ),
    (
        tables::WATCH.file,
        Part::All,
        [
            "预警名单（按月）",
            "各月新列入预警名单的人数",
            "Watch lists by month",
            "Persons newly on watch lists, by month",
        ],
    ),
    (
        tables::CLAUSES.file,
        Part::All,
        ["条款", "各条款涉及的人数、人次和金额", "Clauses", "What each clause moves"],
    ),
    (
        tables::RULES.file,
        Part::All,
        ["规则", "各规则涉及的人数、人次和金额", "Rules", "What each rule moves"],
    ),
    (tables::INDICATORS.file, Part::All, ["指标", "政策指标", "Indicators", "Indicators of the policy"]),
    (
        tables::RESIDUAL.file,
        Part::All,
        [
            "倾斜救助封顶",
            "倾斜救助封顶线以上未支付的金额",
            "Above the cap",
            "What the caps of tilt assistance leave unmet",
        ],
    ),
    (
        tables::UNCERTAINTY.file,
        Part::All,
        ["不确定性来源", "支出的不确定性来自哪里", "Uncertainty", "Where the spread of spending comes from"],
    ),
    (
        tables::POOLING.file,
        Part::All,
        ["统筹节省", "全市（区）统筹比分县安排节省的资金", "Pooling", "What pooling saves"],
    ),
    (
        tables::POOLING_SHARES.file,
        Part::All,
        [
            "统筹份额",
            "统筹预算中各县区的应担份额和净承担",
            "Pooling shares",
            "Each county's share of the pooled budget, and who pays for whom",
        ],
    ),
    (
        tables::POPULATION_FIT.file,
        Part::All,
        ["人口核对", "合成人口与人口表的核对", "Population", "The synthetic population against its tables"],
    ),
    (
        tables::DIFFERENCE.file,
        Part::Totals,
        [
            "差额",
            "对比方案减基准方案的支出差额",
            "Differences",
            "Differences of spending, scenario minus base",
        ],
    ),
];

const OF_A_COMPARISON: [Known; 9] = [
    (
        tables::DIFFERENCE.file,
        Part::Lines,
        ["差额（支出项目）", "分支出项目的支出差额", "Differences by line", "Differences by line"],
    ),
    (
        tables::DIFFERENCE.file,
        Part::Funders,
        ["差额（资金渠道）", "分资金渠道的支出差额", "Differences by payer", "Differences by payer"],
    ),
    (
        tables::DIFFERENCE.file,
        Part::Details,
        [
            "差额（项目与渠道）",
            "分支出项目和资金渠道的支出差额",
            "Differences, details",
            "Differences by line and payer",
        ],
    ),
    (
        tables::DIFFERENCE_CATEGORIES.file,
        Part::All,
        [
            "差额（人员类别）",
            "分人员类别的支出差额",
            "Differences by category",
            "Differences by category of person",
        ],
    ),
    (
        tables::DIFFERENCE_CLAUSES.file,
        Part::All,
        ["差额（条款）", "分条款的金额差额", "Differences by clause", "Differences by clause"],
    ),
    (
        tables::WINNERS.file,
        Part::All,
        [
            "多得与少得",
            "逐人比较：多得和少得救助的人数、金额和变化大小",
            "Winners and losers",
            "Persons who get more and persons who get less",
        ],
    ),
    (
        tables::CHANGES.file,
        Part::All,
        ["改动", "对比方案的改动及其影响", "Changes", "What each scenario changes, and what it moved"],
    ),
    (
        tables::ATTRIBUTION.file,
        Part::All,
        ["归因", "各改动行引起的差额", "Attribution", "What each changed line causes"],
    ),
    (
        tables::ATTRIBUTION_PAIRS.file,
        Part::All,
        [
            "归因（两两交互）",
            "两个改动行合在一起比各自单独之和多出的金额",
            "Attribution by pairs",
            "What two changed lines add together beyond each alone",
        ],
    ),
];

/// The sheets of a run or comparison, in order; tables that are not known here come last, under the name of the file.
pub(super) fn of(run: &Finished) -> Vec<Spec> {
    let known = OF_A_RUN.iter().chain(&OF_A_COMPARISON);
    let spec = |(file, part, [zh, title_zh, en, title_en]): &Known| Spec {
        file: (*file).to_owned(),
        part: *part,
        name: Label::new(*zh, *en),
        title: Label::new(*title_zh, *title_en),
    };
    let mut all: Vec<Spec> = known.filter(|(file, ..)| run.table(file).is_some()).map(spec).collect();
    for table in &run.tables {
        if all.iter().all(|spec| spec.file != table.file) {
            let stem: String = table.file.trim_end_matches(".csv").chars().take(31).collect();
            let name = Label::new(stem.clone(), stem);
            all.push(Spec { file: table.file.clone(), part: Part::All, title: name.clone(), name });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_every_table_has_a_sheet_and_every_sheet_a_name_that_excel_takes() {
        let known: Vec<&Known> = OF_A_RUN.iter().chain(&OF_A_COMPARISON).collect();
        for table in tables::OF_A_RUN.iter().chain(&tables::OF_A_COMPARISON) {
            assert!(known.iter().any(|(file, ..)| *file == table.file), "{}", table.file);
        }
        for (_, _, [zh, _, en, _]) in known {
            for name in [zh, en] {
                assert!(
                    name.chars().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']),
                    "{name}"
                );
            }
        }
    }
}
