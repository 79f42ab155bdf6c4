//! Fields as typed, whatever the format: each with its text, so that a fault can show what was written.

use std::collections::BTreeMap;
use std::fmt;

use crate::lang::{Lang, Words};
use crate::units::Fen;

/// One fault of a typed-in case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseFault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field, such as `claims[0].total`; empty where the line as a whole is meant.
    pub field: Words,
    /// What was written; see [`missing`] where it was not.
    pub value: Words,
    /// What is allowed.
    pub allowed: Words,
}

/// What stands for a value that was not written.
#[must_use]
pub fn missing() -> Words {
    Words::new("未填", "missing")
}

/// A name, a figure or a value as typed: the same in both languages.
#[must_use]
pub fn same(text: &str) -> Words {
    Words::new(text, text)
}

impl CaseFault {
    /// The fault for readers of a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let Self { file, line, field, value, allowed } = self;
        let (field, value, allowed) = (field.pick(lang), value.pick(lang), allowed.pick(lang));
        match (lang, field.is_empty()) {
            (Lang::Zh, true) => format!("{file} 第{line}行：{allowed}"),
            (Lang::Zh, false) => format!("{file} 第{line}行 {field} = {value}：{allowed}"),
            (Lang::En, true) => format!("{file}:{line}: {allowed}"),
            (Lang::En, false) => format!("{file}:{line}: {field} = {value}: {allowed}"),
        }
    }
}

/// All faults of an input. Of one cause the first few are kept and the others counted, so that a column written in
/// another way is one thing to mend, not a message for each of its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFaults {
    /// The faults that are shown.
    pub list: Vec<CaseFault>,
    causes: BTreeMap<Cause, Met>,
    /// How many more there are.
    pub n_more: usize,
}

/// What faults of one cause have in common: file, field and what is allowed, the numbers in them left out.
type Cause = [String; 3];

/// How often a cause was met, and on which line first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Met {
    n: usize,
    first_line: usize,
}

fn cause(fault: &CaseFault) -> Cause {
    let without_numbers = |text: &str| text.split(|one: char| one.is_ascii_digit()).collect::<String>();
    [fault.file.clone(), without_numbers(&fault.field.en), without_numbers(&fault.allowed.en)]
}

impl CaseFaults {
    /// Most faults that are shown.
    const MOST: usize = 100;
    /// Most faults of one cause that are shown.
    const MOST_OF_A_CAUSE: usize = 3;

    /// A single fault.
    #[must_use]
    pub fn one(fault: CaseFault) -> Self {
        let mut faults = Self::default();
        faults.push(fault);
        faults
    }

    /// Adds a fault; what is said already, as of a row that counts in two years, is not said again.
    pub fn push(&mut self, fault: CaseFault) {
        if self.list.contains(&fault) {
            return;
        }
        let met = self.causes.entry(cause(&fault)).or_default();
        if met.n == 0 {
            met.first_line = fault.line;
        }
        met.n += 1;
        if met.n <= Self::MOST_OF_A_CAUSE && self.list.len() < Self::MOST {
            self.list.push(fault);
        } else {
            self.n_more += 1;
        }
    }

    /// Adds all faults of another list.
    pub fn extend(&mut self, mut other: Self) {
        for fault in other.list {
            if let Some(met) = other.causes.get_mut(&cause(&fault)) {
                met.n -= 1;
            }
            self.push(fault);
        }
        // What the other list only counted is counted here too.
        self.n_more += other.n_more;
        for (cause, met) in other.causes {
            self.causes.entry(cause).or_insert(Met { n: 0, ..met }).n += met.n;
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub const fn n(&self) -> usize {
        self.list.len() + self.n_more
    }

    /// The faults, a line each, then how many more there are of each cause that was met often.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> String {
        let mut text: String = self.list.iter().map(|fault| fault.text(lang) + "\n").collect();
        for ([file, ..], met) in self.causes.iter().filter(|(_, met)| met.n > Self::MOST_OF_A_CAUSE) {
            let more = met.n - Self::MOST_OF_A_CAUSE;
            let first = met.first_line;
            text.push_str(&match lang {
                Lang::Zh => format!("{file}：……与第{first}行同样的错误还有{more}处\n"),
                Lang::En => format!("{file}: … and {more} more of the cause of line {first}\n"),
            });
        }
        text
    }
}

impl CaseFaults {
    /// All of them, and that nothing was settled.
    #[must_use]
    pub fn words(&self) -> Words {
        let n = self.n();
        let ending = if n == 1 { "" } else { "s" };
        Words::new(
            format!("{}发现{n}个错误；没有结算任何个案", self.lines(Lang::Zh)),
            format!("{}{n} fault{ending} found; nothing was settled", self.lines(Lang::En)),
        )
    }
}

impl fmt::Display for CaseFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

/// A value as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Text.
    Text(String),
    /// A number, as its digits were written.
    Number(String),
    /// True or false.
    Bool(bool),
    /// A list of groups of fields.
    Groups(Vec<Fields>),
    /// A list of texts.
    Texts(Vec<String>),
    /// Anything else, as written.
    Other(String),
}

impl Typed {
    /// The value as it is shown in a message.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Text(text) => same(&format!("{text:?}")),
            Self::Number(text) | Self::Other(text) => same(text),
            Self::Bool(yes) => same(&yes.to_string()),
            Self::Groups(groups) => Words::new(
                format!("有{}项的列表", groups.len()),
                format!("a list of {} entries", groups.len()),
            ),
            Self::Texts(texts) => same(&format!("{texts:?}")),
        }
    }
}

/// A group of fields in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Name and value; a name may stand twice, which is a fault.
    pub list: Vec<(String, Typed)>,
    /// The line.
    pub line: usize,
}

/// An amount in yuan with at most two decimals.
///
/// # Errors
/// What is allowed, in words.
pub fn amount(text: &str) -> Result<Fen, Words> {
    let allowed =
        || Words::new("须为以元计的金额，例如 1234.50", "must be an amount in yuan, such as 1234.50");
    if text.starts_with('-') {
        return Err(Words::new("不能为负", "must not be negative"));
    }
    if text.contains([',', '，']) {
        return Err(Words::new(
            "须为以元计的金额，例如 1234.50，不带千位分隔符",
            "must be an amount in yuan, such as 1234.50, without thousands separators",
        ));
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| allowed())?),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, decimals].concat();
    if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || mantissa.ends_with('.') {
        return Err(allowed());
    }
    let n_decimals = decimals.len() as i64 - i64::from(exponent);
    if n_decimals > 2 {
        return Err(Words::new("最多两位小数（以分为止）", "must have at most two decimals (whole fen)"));
    }
    let significant = digits.trim_start_matches('0');
    let zeros = (2 - n_decimals) as usize;
    if significant.is_empty() {
        return Ok(Fen::ZERO);
    }
    if significant.len() + zeros > 15 {
        return Err(too_large());
    }
    let fen: i64 = significant.parse::<i64>().map_err(|_| allowed())? * 10_i64.pow(zeros as u32);
    if fen > Fen::MAX_INPUT.0 { Err(too_large()) } else { Ok(Fen(fen)) }
}

/// What is said of an amount that is too large.
#[must_use]
pub fn too_large() -> Words {
    Words::new(
        "太大：90,000,000,000.00元以内的金额才能结算到分",
        "is too large: amounts up to 90,000,000,000.00 yuan can be settled to the fen",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_amounts_are_whole_fen_or_refused() {
        let good = [
            ("0", 0),
            ("0.01", 1),
            ("52000.00", 5_200_000),
            ("1.5", 150),
            ("5.2e4", 5_200_000),
            ("90000000000", 9_000_000_000_000),
        ];
        for (text, fen) in good {
            assert_eq!(amount(text), Ok(Fen(fen)), "{text}");
        }
        let bad = [
            "",
            "-1",
            "-0.00",
            "1.005",
            "0.001",
            "1.",
            ".5",
            "x",
            "1e",
            "1e99",
            "90000000000.01",
            "NaN",
            "1,000",
            "٣",
        ];
        for text in bad {
            assert!(amount(text).is_err(), "{text}");
        }
    }
}
