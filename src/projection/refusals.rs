//! Why scenarios cannot be compared, and values that do not add up.

use crate::lang::Words;

/// Why two scenarios cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompareError {
    /// The counties differ.
    Counties(String, String),
    /// The years differ.
    Years(String, String),
    /// The years before the first that is reported differ.
    WarmUp(String, String),
    /// The seeds or the numbers of replicates differ.
    Draws(String, String),
}

impl CompareError {
    /// What is said of it.
    #[must_use]
    pub fn words(&self) -> Words {
        let (one, other, zh, en) = match self {
            Self::Counties(one, other) => (
                one,
                other,
                "县区不同；请比较同一地区的方案",
                "have different counties; compare scenarios of one place",
            ),
            Self::Years(one, other) => (
                one,
                other,
                "年度不同；请用 --set run.years=[…] 设为相同",
                "have different years; set the same ones with --set run.years=[…]",
            ),
            Self::WarmUp(one, other) => (
                one,
                other,
                "预热年不同；请用 --set run.warm_up_years=… 设为相同",
                "have another warm-up; set the same one with --set run.warm_up_years=…",
            ),
            Self::Draws(one, other) => (
                one,
                other,
                "不是同一套随机数；请设相同的 --seed 和 --replicates",
                "are not on the same draws; set the same --seed and --replicates",
            ),
        };
        Words::new(format!("`{one}`与`{other}`{zh}"), format!("`{one}` and `{other}` {en}"))
    }
}

/// Values that do not add up to the difference: a fault of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAddingUp {
    /// The county.
    pub county: String,
    /// The year.
    pub year: u16,
    /// The funder.
    pub purse: String,
}

impl NotAddingUp {
    /// What is said of it.
    #[must_use]
    pub fn words(&self) -> Words {
        let Self { county, year, purse } = self;
        Words::new(
            format!("{county}，{year}年，{purse}：各行相加不等于差额；这是程序的错误"),
            format!(
                "{county}, {year}, {purse}: the values of the lines do not add up to the difference; this is a fault of the program"
            ),
        )
    }
}
