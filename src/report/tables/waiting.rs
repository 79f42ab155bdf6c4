//! The columns of persons and payments that wait when a fund is short.

use super::{COUNTY, COUNTY_CODE, YEAR};
use crate::report::table::{Table, number, text};

/// Who waits when the money of a fund does not last; written where persons were looked at.
pub const ACCOUNT_WAITING: Table = Table {
    file: "account_waiting.csv",
    columns: &[
        COUNTY_CODE,
        COUNTY,
        YEAR,
        text(
            "moment",
            "时点：runs_out为当年资金首次用尽的月末，year_end为年末；只含当年资金不足的模拟",
            "runs_out: the end of the month in which the money first runs out in the year; year_end: the end of the year. Both of the replicates in which the money does not last in the year",
        ),
        number(
            "short_replicates",
            "number",
            "当年资金不足的模拟次数",
            "replicates in which the money does not last in the year",
        ),
        number(
            "person_replicates",
            "number",
            "其中逐人查看的模拟次数，以下各列为这些模拟的结果",
            "those of them whose persons were looked at: all columns behind it are of these",
        ),
        number(
            "missing_yuan",
            "yuan",
            "缺口均值（元）：应付未有资金支付的金额，含以前年度结转的待支付款",
            "mean of what is missing, yuan: what is due and not covered, outstanding payments of earlier years included",
        ),
        number("missing_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        number(
            "waiting_yuan",
            "yuan",
            "未获全额支付的各笔款项的全额之和，均值（元）；最先未付的一笔可能已有部分资金",
            "mean of the whole amounts of the payments that are not wholly covered, yuan: a part of the first of them may be there",
        ),
        number("waiting_se_yuan", "yuan", "其标准误（元）", "its standard error, yuan"),
        number(
            "persons_waiting",
            "persons",
            "至少有一笔款项在等待的人数均值",
            "mean number of persons with a payment that waits",
        ),
        number("persons_waiting_se", "persons", "其标准误", "its standard error"),
        number(
            "persons_waiting_p05",
            "persons",
            "其5%分位数；次数不足时为空",
            "its 5th percentile; empty with too few replicates",
        ),
        number(
            "persons_waiting_p95",
            "persons",
            "其95%分位数；次数不足时为空",
            "its 95th percentile; empty with too few replicates",
        ),
        number(
            "payments_waiting",
            "payments",
            "等待的款项笔数均值：同一人的一次就医（一份账单）、一次申请、一项参保资助、一项年终救助各为一笔",
            "mean number of payments that wait: for one person one claim, application, contribution subsidy or right of the year's end each",
        ),
        number("payments_waiting_se", "payments", "其标准误", "its standard error"),
        number(
            "payments_waiting_p05",
            "payments",
            "其5%分位数；次数不足时为空",
            "its 5th percentile; empty with too few replicates",
        ),
        number(
            "payments_waiting_p95",
            "payments",
            "其95%分位数；次数不足时为空",
            "its 95th percentile; empty with too few replicates",
        ),
    ],
};
