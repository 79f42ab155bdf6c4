//! What is said of cells of a fund's table that cannot be taken.

use super::number::NoAmount;
use super::{Question, heading};
use crate::lang::Words;

/// What is said of months and errors that no place file takes.
pub(super) fn unused(places: &[String]) -> Option<Words> {
    let list = |between: &str| places.join(between);
    (!places.is_empty()).then(|| {
        Words::new(
            format!("到账月份和误差只用于分来源的收入，余额、预算和合计的未采用：{}", list("、")),
            format!(
                "months and errors are those of revenue by source; of balances, budgets and totals they are not taken: {}",
                list(", ")
            ),
        )
    })
}

pub(super) fn no_amount(why: NoAmount) -> Words {
    match why {
        NoAmount::NoNumber => Words::new(
            "不是金额；写成 480 或 4,800,000（没有的留空）",
            "is no amount; write 480 or 4,800,000 (nothing where there is none)",
        ),
        NoAmount::Negative => Words::new("金额不能小于0", "is below zero"),
        NoAmount::NoWholeFen => Words::new("不足一分，金额须为整分", "is no whole number of fen (0.01 yuan)"),
        NoAmount::NoUnit => Words::new(
            "没有写单位；在表头或标题写“单位：元”或“单位：万元”",
            "nothing says the unit; write `单位：元` (yuan) or `单位：万元` (10,000 yuan) into the heading or title",
        ),
        NoAmount::TooMuch => Words::new("金额过大", "is more than any fund has"),
    }
}

pub(super) fn no_year(label: &str) -> Words {
    Words::new(
        format!("“{label}”没有年度；加一列“年度”，或在标题写明年度"),
        format!("`{label}` has no year; add a column `年度` (year), or name the year in the title"),
    )
}

pub(super) fn unknown_item(label: &str, question: Question<'_>) -> Words {
    let near = heading::nearest(label, question.names);
    let zh = if near.is_empty() { String::new() } else { format!("（相近的：{}）", near.join("、")) };
    let en = if near.is_empty() { String::new() } else { format!(" (nearest: {})", near.join(", ")) };
    Words::new(
        format!(
            "不认识这个项目{zh}；用 --fund-map \"{label}=代码\" 指明，不计入的写 --fund-map \"{label}=-\""
        ),
        format!(
            "no known item{en}; say what it is with --fund-map \"{label}=ID\", or leave it out with --fund-map \"{label}=-\""
        ),
    )
}
