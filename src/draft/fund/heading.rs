//! What the headings of a fund's table mean: items, sources of revenue, payers of budgets, years, totals.

use super::Item;
use super::words::{
    AMOUNT_KEYS, BUDGETS, ENDS, ENGLISH_ENDS, ERROR_KEYS, FUND, ITEM_KEYS, ITEMS, LEFT_OUT, MONTH_KEYS,
    OTHER_KEYS, REVENUES, SOURCE_KEYS, STARTS, YEAR_KEYS,
};
use crate::draft::register::sheet::plain;
use crate::lang::Words;
use crate::raw::fund::Source;

/// What a text in the place of an item means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Something that a place file asks for.
    Item(Item),
    /// Revenue or budget, of whom another text says.
    Kind(Kind),
    /// The sum of others.
    Total,
    /// Something that no place file asks for.
    LeftOut,
    /// None of these.
    Unknown,
}

/// What an item is, where its source or payer stands elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Revenue.
    Revenue,
    /// A budget.
    Budget,
}

/// What a column is about by its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Items.
    Item,
    /// Sources or payers.
    Source,
    /// Years.
    Year,
    /// Months of arrival.
    Months,
    /// How uncertain amounts are.
    Error,
    /// Amounts.
    Amount,
    /// Nothing of the fund.
    Other,
}

/// Who may pay by a budget, and what the user said that texts mean.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The payers of the policy with their labels.
    pub funders: &'a [(String, Words)],
    /// The payer whose money the fund is.
    pub funder: &'a str,
    /// Text and id, or `-` for what is left out.
    pub maps: &'a [(String, String)],
}

/// A text without blanks, numbering and what stands in brackets.
fn bare(text: &str) -> String {
    let mut text = plain(text).to_lowercase();
    if let Some((number, rest)) = text.strip_prefix('(').and_then(|rest| rest.split_once(')'))
        && !rest.trim().is_empty()
        && number.chars().all(is_numbering)
    {
        text = rest.to_owned();
    }
    let unnumbered = text.trim_start_matches(is_numbering);
    if let Some(rest) = unnumbered.strip_prefix(['、', '.', ')']).filter(|_| unnumbered.len() < text.len()) {
        text = rest.to_owned();
    }
    if let Some((before, _)) = text.split_once('(').filter(|(before, _)| !before.trim().is_empty()) {
        text = before.to_owned();
    }
    let text = text.trim().trim_end_matches(':');
    if text.is_ascii() { text.to_owned() } else { text.replace(' ', "") }
}

fn is_numbering(one: char) -> bool {
    one.is_ascii_digit() || "一二三四五六七八九十".contains(one)
}

/// A text without words that every item may have; never nothing.
fn core(text: &str) -> String {
    let mut text = bare(text);
    for start in STARTS {
        let rest = text.strip_prefix(start).map(|rest| rest.trim_start_matches(':').to_owned());
        text = rest.filter(|rest| !rest.is_empty()).unwrap_or(text);
    }
    for _ in 0..3 {
        let shorter = ENDS.iter().chain(&ENGLISH_ENDS).find_map(|end| text.strip_suffix(end));
        match shorter.filter(|rest| !rest.is_empty()) {
            Some(rest) => text = rest.to_owned(),
            None => break,
        }
    }
    text
}

/// The key that a heading names.
#[must_use]
pub fn key(text: &str) -> Option<Key> {
    let text = bare(text);
    let lists = [
        (Key::Item, ITEM_KEYS),
        (Key::Source, SOURCE_KEYS),
        (Key::Year, YEAR_KEYS),
        (Key::Months, MONTH_KEYS),
        (Key::Error, ERROR_KEYS),
        (Key::Amount, AMOUNT_KEYS),
        (Key::Other, OTHER_KEYS),
    ];
    lists.into_iter().find(|(_, list)| list.contains(&text.as_str())).map(|(key, _)| key)
}

/// The year that a text is: `2025`, `2025年`, `2025年度预算`.
#[must_use]
pub fn year(text: &str) -> Option<u16> {
    let text = bare(text);
    let (digits, rest) = text.split_at_checked(4)?;
    let rest = rest.trim_start_matches('年').trim_start_matches('度');
    let is_year = ["", "预算", "预算数", "执行", "执行数", "决算", "决算数", "数"].contains(&rest);
    digits.parse().ok().filter(|year| is_year && (1990..=2100).contains(year))
}

/// Whether a text says that what it names is a part of what stands before it.
#[must_use]
pub fn is_of_which(text: &str) -> bool {
    let text = plain(text).to_lowercase();
    text.starts_with("其中") || text.starts_with("of which")
}

/// What one text means.
#[must_use]
pub fn meaning(text: &str, names: Names<'_>) -> Meaning {
    if let Some((_, id)) = names.maps.iter().find(|(from, _)| plain(from) == plain(text)) {
        return of_id(id, names).map_or(Meaning::LeftOut, Meaning::Item);
    }
    let plain = plain(text).to_lowercase();
    let text =
        plain.strip_prefix("of which").map_or(plain.as_str(), |rest| rest.trim_start_matches([':', ' ']));
    let whole = bare(text);
    let whole = whole.strip_prefix("其中").map_or(whole.as_str(), |rest| rest.trim_start_matches(':'));
    if let Some(id) = named(whole) {
        return id;
    }
    if REVENUES.contains(&whole) {
        return Meaning::Kind(Kind::Revenue);
    }
    if LEFT_OUT.contains(&whole) {
        return Meaning::LeftOut;
    }
    if let Some(rest) = BUDGETS.iter().find_map(|word| without(whole, word)) {
        return match rest.as_str() {
            "" => Meaning::Kind(Kind::Budget),
            rest => payer(rest, names),
        };
    }
    if crate::draft::register::heading::is_total(whole) {
        return Meaning::Total;
    }
    named(&core(whole)).unwrap_or(Meaning::Unknown)
}

/// A text without the word for a budget, at its beginning or end.
fn without(text: &str, word: &str) -> Option<String> {
    let rest = text.strip_suffix(word).or_else(|| text.strip_prefix(word))?;
    Some(rest.trim_matches([':', ' ', '-', ',']).trim_start_matches("of ").trim_end_matches(" of").to_owned())
}

/// What a text without endings is by the list of items.
fn named(text: &str) -> Option<Meaning> {
    let fits = |name: &&&str| **name == text || core(name) == text;
    let (id, _) = ITEMS.iter().find(|(_, names)| names.iter().any(|name| fits(&name)))?;
    Some(Meaning::Item(match *id {
        "opening" => Item::Opening,
        "outstanding" => Item::Outstanding,
        id => Item::Revenue(source(id)?),
    }))
}

/// The budget of the payer that a text names.
fn payer(text: &str, names: Names<'_>) -> Meaning {
    if crate::draft::register::heading::is_total(text) {
        return Meaning::Total;
    }
    let own = core(text);
    let is = |label: &str| bare(label) == bare(text) || core(label) == own;
    let found = names.funders.iter().find(|(id, label)| bare(text) == *id || is(&label.zh) || is(&label.en));
    // What the level of a payer is called differs: 县级, 区级, 旗级.
    let level = || match named(&own) {
        Some(Meaning::Item(Item::Revenue(Source::County))) => Some("county_finance"),
        Some(Meaning::Item(Item::Revenue(Source::City))) => Some("city_finance"),
        _ => None,
    };
    let is_fund = FUND.contains(&own.as_str()) || FUND.contains(&bare(text).as_str());
    let id = found.map(|(id, _)| id.as_str()).or_else(|| is_fund.then_some(names.funder)).or_else(level);
    let known = id.filter(|id| names.funders.iter().any(|(known, _)| known == id));
    known.map_or(Meaning::Unknown, |id| Meaning::Item(Item::Budget(id.to_owned())))
}

/// What several texts mean together: `收入` above or beside `中央`, `预算` beside `县级财政`.
#[must_use]
pub fn together(texts: &[&str], names: Names<'_>) -> Meaning {
    let whole = texts.join("/");
    if let (true, Some((_, id))) = (texts.len() > 1, names.maps.iter().find(|(from, _)| plain(from) == whole))
    {
        return of_id(id, names).map_or(Meaning::LeftOut, Meaning::Item);
    }
    let mut kind = None;
    for text in texts.iter().filter(|text| !text.is_empty()) {
        let is_mapped = names.maps.iter().any(|(from, _)| plain(from) == plain(text));
        let one = match kind {
            Some(Kind::Budget) if !is_mapped => payer(text, names),
            _ => meaning(text, names),
        };
        match one {
            Meaning::Kind(own) => kind = Some(own),
            other => return other,
        }
    }
    match kind {
        Some(Kind::Budget) => Meaning::Item(Item::Budget(names.funder.to_owned())),
        Some(Kind::Revenue) => Meaning::Total,
        None => Meaning::Unknown,
    }
}

/// The item of an id: `opening`, `central`, `budget.county_finance`; none for `-` and whatever is none.
#[must_use]
pub fn of_id(id: &str, names: Names<'_>) -> Option<Item> {
    match id {
        "opening" => Some(Item::Opening),
        "outstanding" => Some(Item::Outstanding),
        other => match other.strip_prefix("budget.") {
            Some(funder) => {
                let known = names.funders.iter().any(|(known, _)| known == funder);
                known.then(|| Item::Budget(funder.to_owned()))
            }
            None => source(other).map(Item::Revenue),
        },
    }
}

fn source(id: &str) -> Option<Source> {
    super::SOURCES.into_iter().find(|source| source.name() == id)
}

/// The names nearest to a text that means nothing.
#[must_use]
pub fn nearest(text: &str, names: Names<'_>) -> Vec<String> {
    let own = bare(text);
    let budgets = names.funders.iter().map(|(_, label)| format!("{}预算", label.zh));
    let items = ITEMS.iter().flat_map(|(_, names)| names.iter().map(|name| (*name).to_owned()));
    let known: Vec<String> = items.chain(budgets).collect();
    let likeness = |name: &str| {
        let plain = strsim::normalized_damerau_levenshtein(&own, &bare(name));
        plain.max(strsim::normalized_damerau_levenshtein(&core(text), &core(name)))
    };
    let mut near: Vec<(f64, String)> = known.into_iter().map(|name| (likeness(&name), name)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().take(3).filter(|(likeness, _)| *likeness >= 0.3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn funders() -> Vec<(String, Words)> {
        [
            ("assistance_fund", "医疗救助基金", "Assistance fund"),
            ("county_finance", "县级财政", "County finance"),
            ("city_finance", "市级财政", "City finance"),
        ]
        .map(|(id, zh, en)| (id.to_owned(), Words::new(zh, en)))
        .to_vec()
    }

    fn means(texts: &[&str]) -> Meaning {
        let funders = funders();
        together(texts, Names { funders: &funders, funder: "assistance_fund", maps: &[] })
    }

    #[test]
    fn exact_items_of_tables_are_understood() {
        let budget = |id: &str| Item::Budget(id.to_owned());
        for (texts, item) in [
            (vec!["期初余额"], Item::Opening),
            (vec!["一、上年结余（万元）"], Item::Opening),
            (vec!["应付未付款项"], Item::Outstanding),
            (vec!["中央财政补助资金"], Item::Revenue(Source::Central)),
            (vec!["中央"], Item::Revenue(Source::Central)),
            (vec!["自治区级补助"], Item::Revenue(Source::Region)),
            (vec!["省级财政"], Item::Revenue(Source::Region)),
            (vec!["市级财政配套资金"], Item::Revenue(Source::City)),
            (vec!["县级财政安排"], Item::Revenue(Source::County)),
            (vec!["其中：福彩公益金"], Item::Revenue(Source::WelfareLottery)),
            (vec!["社会捐赠收入"], Item::Revenue(Source::Donations)),
            (vec!["利息收入"], Item::Revenue(Source::Other)),
            (vec!["其他收入"], Item::Revenue(Source::Other)),
            (vec!["收入", "中央财政"], Item::Revenue(Source::Central)),
            (vec!["预算", "县级财政"], budget("county_finance")),
            (vec!["医疗救助基金支出预算"], budget("assistance_fund")),
            (vec!["基金预算"], budget("assistance_fund")),
            (vec!["年初预算"], budget("assistance_fund")),
            (vec!["区级财政预算数"], budget("county_finance")),
            (vec!["Budget", "County finance"], budget("county_finance")),
            (vec!["Central subsidies"], Item::Revenue(Source::Central)),
            (vec!["Opening balance"], Item::Opening),
        ] {
            assert_eq!(means(&texts), Meaning::Item(item), "{texts:?}");
        }
        for text in ["合计", "收入合计", "本年收入", "小 计", "Total"] {
            assert_eq!(means(&[text]), Meaning::Total, "{text}");
        }
        for text in ["年末结余", "本年支出"] {
            assert_eq!(means(&[text]), Meaning::LeftOut, "{text}");
        }
        for text in ["", "中央财证", "港口区", "乡镇", "本级"] {
            assert_eq!(means(&[text]), Meaning::Unknown, "{text}");
        }
    }

    #[test]
    fn exact_every_synonym_names_one_item() {
        let all: Vec<(&str, &str)> =
            ITEMS.iter().flat_map(|(id, names)| names.iter().map(move |name| (*id, *name))).collect();
        for (id, name) in all {
            let item = of_id(id, Names { funders: &[], funder: "", maps: &[] });
            assert_eq!(Some(means(&[name])), item.map(Meaning::Item), "{name}");
        }
    }

    #[test]
    fn exact_years_are_read_as_they_stand_over_columns() {
        for text in ["2025", "2025年", "2025年度", "２０２５年预算数", "2025年（万元）"] {
            assert_eq!(year(text), Some(2025), "{text}");
        }
        for text in ["480", "20250", "2025年12月", "年度", "2025.5", "3025年"] {
            assert_eq!(year(text), None, "{text}");
        }
    }
}
