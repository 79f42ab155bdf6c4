//! Looking up values that vary by year, level, place, referral, category, stay, county or income.

mod income;
mod together;

use indexmap::IndexMap;

use super::compile::Target;
use super::document::Document;
use super::fault::{Faults, nearest};
use crate::lang::{Words, words};
use crate::policy::claim::{Level, Locality};
use crate::raw::value::{ShareTable, ShareValue, YuanTable, YuanValue};
use crate::units::{Fen, Ratio};

/// What is known where a value is looked up. A value that varies by something else there is a fault.
#[derive(Debug, Clone, Copy, Default)]
pub struct Coordinates<'a> {
    /// Level, place and referral of the claim.
    pub setting: Option<(Level, Locality, bool)>,
    /// The category.
    pub category: Option<&'a str>,
    /// The number of the stay, from 0.
    pub stay: Option<usize>,
}

/// Looks values up and gathers what cannot be found.
#[derive(Debug)]
pub struct Evaluator<'a, 'f> {
    /// The document of the values.
    pub document: &'a Document,
    /// County and year.
    pub target: Target<'a>,
    /// Where faults go.
    pub faults: &'f mut Faults,
    /// The keys of values that are being looked up because another names them.
    pub named: Vec<String>,
    /// How many members the household has, where amounts may go by it; none where they may not.
    pub household_size: Option<u8>,
    /// Whether any amount went by it.
    pub by_household_size: bool,
}

/// One way of varying: its name, its entries and the entry that applies here (none = not known here).
type Way<'v, V> = (&'static str, &'v IndexMap<String, V>, Option<String>);

impl<'a, 'f> Evaluator<'a, 'f> {
    /// An evaluator of the values of a document.
    pub fn new(document: &'a Document, target: Target<'a>, faults: &'f mut Faults) -> Self {
        Self { document, target, faults, named: Vec::new(), household_size: None, by_household_size: false }
    }

    /// Reports a fault at a key.
    pub fn fault(&mut self, key: &str, problem: Words, hint: Option<Words>) {
        self.faults.push(self.document.fault(key, problem, hint));
    }

    /// A plain decimal as a ratio.
    pub fn ratio_of(&mut self, value: f64, key: &str) -> Ratio {
        Ratio::from_f64(value).unwrap_or_else(|| {
            self.fault(key, Words::new("比例至多六位小数", "a ratio has at most six decimals"), None);
            Ratio::ZERO
        })
    }

    /// A plain amount in yuan.
    pub fn fen_of(&mut self, yuan: f64, key: &str) -> Fen {
        match Fen::from_yuan_f64(yuan).filter(|fen| fen.0.abs() <= MOST.0) {
            Some(fen) if (fen.yuan() - yuan).abs() < 1e-6 => fen,
            Some(_) => {
                self.fault(
                    key,
                    Words::new("金额（元）至多两位小数", "an amount in yuan has at most two decimals"),
                    None,
                );
                Fen::ZERO
            }
            None => {
                self.fault(
                    key,
                    Words::new(
                        "每人每年不得超过10亿元",
                        "must be at most 1,000,000,000 yuan, for a person and a year",
                    ),
                    None,
                );
                Fen::ZERO
            }
        }
    }

    /// A share.
    pub fn share(&mut self, value: &ShareValue, key: &str, at: Coordinates<'_>) -> Ratio {
        match value {
            ShareValue::Same(share) => self.ratio_of(share.0, key),
            ShareValue::Varies(table) => self.share_table(table, key, at),
        }
    }

    /// A share that varies.
    pub fn share_table(&mut self, table: &ShareTable, key: &str, at: Coordinates<'_>) -> Ratio {
        let ways = self.ways(
            [&table.by_year, &table.by_level, &table.by_place, &table.by_referral, &table.by_category],
            at,
        );
        self.keys_of_share(table, key);
        if let (Some(name), [], None) = (&table.value_of, ways.as_slice(), &table.county_parameter) {
            return self.named_share((name, table.times), key, at);
        }
        match (ways.as_slice(), &table.county_parameter) {
            ([], Some(name)) if table.value_of.is_none() => self.county_share(name, table, key),
            ([way], None) if table.value_of.is_none() => match self.entry(way, key, at) {
                Some((value, key)) => self.share(value, &key, at),
                None => Ratio::ZERO,
            },
            (_, parameter) => {
                let mut names: Vec<&str> = ways.iter().map(|(name, ..)| *name).collect();
                names.extend(parameter.as_ref().map(|_| "county_parameter"));
                names.extend(table.value_of.as_ref().map(|_| "value_of"));
                self.not_one_way(key, &names);
                Ratio::ZERO
            }
        }
    }

    fn county_share(&mut self, name: &str, table: &ShareTable, key: &str) -> Ratio {
        let Some(value) = self.county_parameter(name, key) else { return Ratio::ZERO };
        let most = table.at_most.map_or(1.0, |share| share.0);
        if !(0.0..=most).contains(&value) {
            let problem = words!(
                "政策{policy}的{key}要求0至{most}之间的比例",
                "allowed is a share between 0 and {most}, by {key} of the policy {policy}",
                policy = self.document.file
            );
            self.bad_parameter(name, problem);
            return Ratio::ZERO;
        }
        self.ratio_of(value, key)
    }

    /// A value of the place that a policy cannot use: the fault stands where the place writes it.
    fn bad_parameter(&mut self, name: &str, problem: Words) {
        let parameter = self.target.place.county_parameters.get(name);
        self.faults.list.extend(parameter.map(|parameter| parameter.fault(self.target.code, problem)));
    }

    fn county_parameter(&mut self, name: &str, key: &str) -> Option<f64> {
        let place = self.target.place;
        let value = place.county_parameter(name, self.target.code);
        if value.is_none() {
            let hint = nearest(name, place.county_parameters.keys().map(String::as_str));
            let problem =
                words!("测算地区没有县区参数`{name}`", "the place has no county parameter `{name}`");
            self.fault(&format!("{key}.county_parameter"), problem, hint);
        }
        value
    }

    /// An amount.
    pub fn yuan(&mut self, value: &YuanValue, key: &str, at: Coordinates<'_>) -> Fen {
        match value {
            YuanValue::Same(yuan) => self.fen_of(yuan.0, key),
            YuanValue::Varies(table) => self.yuan_table(table, key, at),
        }
    }

    fn yuan_table(&mut self, table: &YuanTable, key: &str, at: Coordinates<'_>) -> Fen {
        let ways = self.ways(
            [&table.by_year, &table.by_level, &table.by_place, &table.by_referral, &table.by_category],
            at,
        );
        self.keys_of_amount(table, key);
        let more = table.plus_yuan.map_or(Fen::ZERO, |yuan| self.fen_of(yuan.0, &format!("{key}.plus_yuan")));
        let others = (&table.by_stay, table.share_of_income, &table.county_parameter, &table.value_of);
        match (ways.as_slice(), others) {
            ([], (None, None, None, Some(name))) => {
                let sum = self.named_yuan((name, table.times), key, at) + more;
                self.bounded(sum, key)
            }
            ([way], (None, None, None, None)) => match self.entry(way, key, at) {
                Some((value, key)) => self.yuan(value, &key, at),
                None => Fen::ZERO,
            },
            ([], (Some(stays), None, None, None)) => self.by_stay(stays, key, at),
            ([], (None, Some(share), None, None)) => {
                let income_of = table.income_of.unwrap_or_default();
                let sum = self.of_income(share, (table.income.as_deref(), income_of), key) + more;
                self.bounded(sum, key)
            }
            ([], (None, None, Some(name), None)) => match self.county_parameter(name, key) {
                Some(yuan) if yuan < 0.0 => {
                    let problem = words!(
                        "不得为负数：政策{policy}的{key}把它用作金额（元）",
                        "must not be negative: it is an amount in yuan by {key} of the policy {policy}",
                        policy = self.document.file
                    );
                    self.bad_parameter(name, problem);
                    Fen::ZERO
                }
                Some(yuan) => self.fen_of(yuan, key),
                None => Fen::ZERO,
            },
            (_, (stays, share, parameter, named)) => {
                let mut names: Vec<&str> = ways.iter().map(|(name, ..)| *name).collect();
                names.extend(stays.as_ref().map(|_| "by_stay"));
                names.extend(share.map(|_| "share_of_income"));
                names.extend(parameter.as_ref().map(|_| "county_parameter"));
                names.extend(named.as_ref().map(|_| "value_of"));
                self.not_one_way(key, &names);
                Fen::ZERO
            }
        }
    }

    fn by_stay(&mut self, stays: &[YuanValue], key: &str, at: Coordinates<'_>) -> Fen {
        let Some(stay) = at.stay else {
            self.fault(
                key,
                Words::new(
                    "此处不能按住院次序变化；只有基本医保的起付标准可以",
                    "may not vary by stay here; only deductibles of basic insurance may",
                ),
                None,
            );
            return Fen::ZERO;
        };
        let last = stays.len().saturating_sub(1);
        match stays.get(stay.min(last)) {
            Some(value) => self.yuan(value, &format!("{key}.by_stay.{}", stay.min(last)), at),
            None => {
                self.fault(
                    &format!("{key}.by_stay"),
                    Words::new("至少要有一个金额", "needs at least one amount"),
                    None,
                );
                Fen::ZERO
            }
        }
    }

    /// A sum as far as an amount of a rule may go.
    fn bounded(&mut self, sum: Fen, key: &str) -> Fen {
        if sum <= MOST {
            return sum;
        }
        self.fault(
            key,
            words!(
                "合{sum}元，超过金额上限10亿元",
                "comes to {sum} yuan: more than the 1,000,000,000 yuan that an amount may have"
            ),
            None,
        );
        Fen::ZERO
    }

    /// Another value of the policy, as typed, while it is looked up; a fault where there is none, or where values name each
    /// other in a circle.
    fn named<V: serde::de::DeserializeOwned>(
        &mut self,
        name: &str,
        key: &str,
        (zh, en): (&str, &str),
    ) -> Option<V> {
        let key = format!("{key}.value_of");
        if self.named.iter().any(|known| known == name) || key.starts_with(&format!("{name}.")) {
            self.fault(
                &key,
                Words::new("直接或间接引用了自己", "names itself, directly or by a value in between"),
                None,
            );
            return None;
        }
        let Some(found) = self.document.get(name) else {
            let mut all = Vec::new();
            for (section, value) in &self.document.root {
                super::document::leaves(value, section, &mut all);
            }
            let hint = nearest(name, all.iter().map(|(path, _)| path.as_str()));
            self.fault(&key, words!("政策中没有数值`{name}`", "the policy has no value `{name}`"), hint);
            return None;
        };
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_amount = last.ends_with("_yuan");
        let typed = serde_json::from_value(found.clone()).ok().filter(|_| is_amount == (en == AMOUNT.1));
        if typed.is_none() {
            let problem = Words::new(format!("`{name}`不是{zh}"), format!("`{name}` is no {en}"));
            self.fault(&key, problem, None);
        }
        typed
    }

    fn named_yuan(&mut self, (name, times): (&str, Option<f64>), key: &str, at: Coordinates<'_>) -> Fen {
        let Some(value) = self.named::<YuanValue>(name, key, AMOUNT) else { return Fen::ZERO };
        self.named.push(name.to_owned());
        let found = self.yuan(&value, name, at);
        self.named.pop();
        match times {
            None => found,
            Some(times) => self.ratio_of(times, &format!("{key}.times")).of(found),
        }
    }

    fn named_share(&mut self, (name, times): (&str, Option<f64>), key: &str, at: Coordinates<'_>) -> Ratio {
        let Some(value) = self.named::<ShareValue>(name, key, SHARE) else { return Ratio::ZERO };
        self.named.push(name.to_owned());
        let found = self.share(&value, name, at);
        self.named.pop();
        let Some(times) = times else { return found };
        let times = self.ratio_of(times, &format!("{key}.times"));
        let product = Ratio((found.0 * times.0 + Ratio::SCALE / 2) / Ratio::SCALE);
        if product > Ratio::ONE {
            self.fault(
                &format!("{key}.times"),
                words!("合{product}，超过100%", "comes to {product}, more than 100 %"),
                None,
            );
        }
        Ratio(product.0.min(Ratio::SCALE))
    }

    /// Adds a notice at a key.
    pub fn warn(&mut self, key: &str, problem: Words) {
        self.faults.warn(self.document.notice(key, problem));
    }

    /// How many different stays a deductible tells apart.
    #[must_use]
    pub fn n_stays(value: &YuanValue) -> usize {
        let YuanValue::Varies(table) = value else { return 1 };
        if let Some(stays) = &table.by_stay {
            return stays.len().max(1);
        }
        let nested =
            [&table.by_year, &table.by_level, &table.by_place, &table.by_referral, &table.by_category];
        nested
            .into_iter()
            .flatten()
            .flat_map(|entries| entries.values())
            .map(Self::n_stays)
            .max()
            .unwrap_or(1)
    }

    /// The ways of varying that a table uses, each with the entry that applies.
    fn ways<'v, V>(
        &self,
        tables: [&'v Option<IndexMap<String, V>>; 5],
        at: Coordinates<'_>,
    ) -> Vec<Way<'v, V>> {
        let setting = at.setting;
        let referral = |referred: bool| if referred { "referred" } else { "unreferred" };
        let entries = [
            ("by_year", Some(self.target.year.to_string())),
            ("by_level", setting.map(|(level, ..)| level.name().to_owned())),
            ("by_place", setting.map(|(_, place, _)| place.name().to_owned())),
            ("by_referral", setting.map(|(.., referred)| referral(referred).to_owned())),
            ("by_category", at.category.map(ToOwned::to_owned)),
        ];
        tables
            .into_iter()
            .zip(entries)
            .filter_map(|(table, (name, entry))| table.as_ref().map(|table| (name, table, entry)))
            .collect()
    }

    /// The entry of a table that applies here, with its key.
    ///
    /// A value that varies by what is not known where it is used is a fault.
    fn entry<'v, V>(&mut self, way: &Way<'v, V>, key: &str, at: Coordinates<'_>) -> Option<(&'v V, String)> {
        let (name, table, entry) = way;
        let key = format!("{key}.{name}");
        let Some(entry) = entry else {
            let mut allowed = vec!["by_year"];
            if at.setting.is_some() {
                allowed.extend(["by_level", "by_place", "by_referral"]);
            }
            if at.category.is_some() {
                allowed.push("by_category");
            }
            let problem = Words::new(
                format!("此值不能按`{name}`变化"),
                format!("this value may not vary {}", name.replace('_', " ")),
            );
            let allowed = Words::list(&allowed);
            let hint = Words::new(
                format!("此处只能写：{}；其余情形请各写一条规则，用`who`和`when`区分", allowed.zh),
                format!(
                    "here it may vary by: {}; for the rest write one rule for each, with `who` and `when`",
                    allowed.en
                ),
            );
            self.fault(&key, problem, Some(hint));
            return None;
        };
        if let Some(value) = table.get(entry) {
            return Some((value, format!("{key}.{entry}")));
        }
        let given: Vec<&str> = table.keys().map(String::as_str).collect();
        let hint = (*name == "by_year").then(|| missing_year(entry, &given));
        let given = Words::list(&given);
        let problem = Words::new(
            format!("没有{entry}的值；已有：{}", given.zh),
            format!("has no value for {entry}; given: {}", given.en),
        );
        self.fault(&key, problem, hint);
        None
    }
}

/// What to do where a year is missing: one after all that are given could be continued.
fn missing_year(year: &str, given: &[&str]) -> Words {
    if given.iter().all(|known| *known < year) {
        super::outlook::hint()
    } else {
        Words::new("请补上该年，或不测算该年", "add the year, or leave it out of the years to run")
    }
}

/// The largest amount of a rule, a billion yuan: every product with a ratio and every sum that a settlement makes of
/// such amounts and of the bills of a year fits 64 bits.
const MOST: Fen = Fen::from_yuan(1_000_000_000);

/// What a named value must be.
const AMOUNT: (&str, &str) = ("金额（元）", "amount in yuan");
const SHARE: (&str, &str) = ("比例", "share");
