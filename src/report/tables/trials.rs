//! The columns of the trials.

use super::YEAR;
use super::money::{CATEGORY, MONTH};
use crate::report::table::{Column, Table, number, text};

const REPLICATE: Column =
    number("replicate", "number", "模拟序号，从0开始", "number of the replicate, from 0");
const CODE: Column =
    text("county_code", "县区行政区划代码（六位文本）", "administrative code, text of six digits");
const NAME: Column = text("county", "县区名称", "county");
const PAID_FOR: Column = text("line", "支出项目", "line of spending");
const PAID_BY: Column = text("funder", "出资方", "who pays");
const FEN: Column = number(
    "fen",
    "fen",
    "金额（分）；同一次模拟内可跨县区、年度、项目和出资方（及月份或类别）加总",
    "amount in fen; rows of one replicate may be added over counties, years, lines and funders, and over months or categories",
);

/// Every replicate, in `trials.parquet`; written by [`crate::report::trials`].
pub const TRIALS: Table = Table {
    file: "trials.parquet",
    columns: &[REPLICATE, CODE, NAME, YEAR, PAID_FOR, PAID_BY, FEN.adds_over("county year line funder")],
};

/// The same by the month in which the money falls due, where it is asked for.
pub const TRIALS_BY_MONTH: Table = Table {
    file: "trials_by_month.parquet",
    columns: &[
        REPLICATE,
        CODE,
        NAME,
        YEAR,
        MONTH,
        PAID_FOR,
        PAID_BY,
        FEN.adds_over("county year month line funder"),
    ],
};

/// The same by category of person, where it is asked for.
pub const TRIALS_BY_CATEGORY: Table = Table {
    file: "trials_by_category.parquet",
    columns: &[
        REPLICATE,
        CODE,
        NAME,
        YEAR,
        CATEGORY,
        PAID_FOR,
        PAID_BY,
        FEN.adds_over("county year category line funder"),
    ],
};
