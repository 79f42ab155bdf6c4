//! What the headings of a register mean: categories, counties, numbers, totals. The list of synonyms is here alone.

use super::sheet::plain;
use crate::lang::Words;

/// Other names of the categories of shipped policies; the labels of the policy and the ids themselves hold too.
/// Compared without what [`core`] takes away.
pub const SYNONYMS: &[(&str, &[&str])] = &[
    (
        "tekun",
        &["特困人员", "特困供养人员", "特困救助供养人员", "特困供养", "五保户", "五保供养", "destitute"],
    ),
    ("orphan", &["孤儿", "orphan"]),
    (
        "unattended_child",
        &["事实无人抚养儿童", "事实孤儿", "事实无人抚养", "de facto unattended child", "unattended child"],
    ),
    (
        "dibao",
        &[
            "低保对象",
            "低保",
            "最低生活保障对象",
            "最低生活保障",
            "城乡低保",
            "subsistence allowance",
            "subsistence allowance recipient",
        ],
    ),
    (
        "dibao_margin",
        &[
            "低保边缘家庭成员",
            "低保边缘家庭",
            "低保边缘户",
            "低保边缘",
            "low-income margin",
            "low-income margin household",
            "margin",
        ],
    ),
    ("returned_poor", &["返贫致贫人口", "返贫致贫", "返贫人口", "fallen back into poverty", "fallen back"]),
    (
        "monitored_unstable",
        &["脱贫不稳定户", "脱贫不稳定人口", "脱贫不稳定", "unstable", "unstable lifted-out"],
    ),
    ("monitored_marginal", &["边缘易致贫户", "边缘易致贫人口", "边缘易致贫", "marginal", "poverty-prone"]),
    (
        "monitored_sudden",
        &[
            "突发严重困难户",
            "突发严重困难人口",
            "突发严重困难",
            "突发困难",
            "sudden hardship",
            "sudden severe hardship",
        ],
    ),
    (
        "illness_poor",
        &[
            "因病致贫重病患者",
            "因病致贫",
            "因病支出型困难家庭成员",
            "因病支出型困难家庭",
            "因病支出型",
            "刚性支出困难家庭",
            "支出型困难家庭",
            "支出型贫困家庭",
            "poor by illness",
            "made poor by illness",
        ],
    ),
    ("stable_lifted", &["稳定脱贫人口", "稳定脱贫户", "稳定脱贫", "stable lifted-out", "lifted-out"]),
    ("low_income", &["其他低收入人口", "其他低收入", "低收入人口", "low income"]),
    ("severe_disabled", &["重度残疾人", "重度残疾", "重残", "severely disabled"]),
    ("child_in_difficulty", &["困境儿童", "其他困境儿童", "children in difficulty"]),
    ("entitled_group", &["优抚对象", "重点优抚对象", "entitled veteran"]),
    ("retrenched_1960s", &["精减退职职工", "精简退职职工"]),
    ("hardship_employee", &["特困职工", "困难职工", "hardship employee"]),
];

/// Headings of a column of categories.
const CATEGORY: &[&str] = &[
    "对象类别",
    "类别",
    "身份类别",
    "救助对象类别",
    "救助对象",
    "人员类别",
    "对象",
    "身份",
    "人群",
    "category",
];
/// Headings of a column of counties.
const COUNTY: &[&str] = &[
    "县区",
    "区县",
    "县市区",
    "县(市、区)",
    "县(市区)",
    "县(市,区)",
    "市县",
    "地区",
    "行政区划",
    "行政区",
    "单位",
    "县",
    "区划代码",
    "代码",
    "行政区划代码",
    "county",
    "code",
];
/// Headings of a column of numbers of persons.
const PERSONS: &[&str] = &[
    "人数",
    "人口数",
    "对象人数",
    "数量",
    "在册人数",
    "现有人数",
    "总人数",
    "实有人数",
    "persons",
    "count",
    "number",
];
/// Beginnings of a row or column that adds up others.
const TOTALS: &[&str] =
    &["合计", "小计", "总计", "共计", "总和", "全县合计", "全市合计", "全区合计", "total", "subtotal", "sum"];
/// Words that name a part of a category: what follows or precedes them is the category.
const PARTS: &[&str] =
    &["农村", "城市", "城镇", "乡村", "集中供养", "分散供养", "集中", "分散", "rural", "urban"];

/// What a text in the column of categories, or over a column, means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A category of the policy, as a whole.
    Category(String),
    /// A part of a category, such as the rural recipients; `of which` where the text says so.
    Part(String),
    /// A category that the policy does not have.
    NotInPolicy(String),
    /// The sum of others.
    Total,
    /// None of these.
    Unknown,
}

/// A text as it is compared: plain, without blanks, numbering, brackets and words that every category may have.
fn core(text: &str) -> String {
    let mut text: String = plain(text).to_lowercase();
    // 1. 一、 (一) before it, (人) behind it.
    if let Some(rest) =
        text.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(_, rest)| rest.to_owned())
        && !rest.trim().is_empty()
    {
        text = rest;
    }
    let numbering = |one: char| one.is_ascii_digit() || "一二三四五六七八九十".contains(one);
    let unnumbered = text.trim_start_matches(numbering);
    if let Some(rest) = unnumbered.strip_prefix(['、', '.', ')']).filter(|_| unnumbered.len() < text.len()) {
        text = rest.to_owned();
    }
    if let Some((before, _)) = text.split_once('(').filter(|(before, _)| !before.trim().is_empty()) {
        text = before.to_owned();
    }
    let is_chinese = !text.is_ascii();
    let mut text: String =
        if is_chinese { text.chars().filter(|one| *one != ' ').collect() } else { text.trim().to_owned() };
    let ends = [
        "人数",
        "数",
        "家庭成员",
        "家庭",
        "人员",
        "对象",
        "人口",
        "成员",
        "群众",
        "persons",
        "households",
        "recipients",
        "户",
        "s",
    ];
    // At most three of them, and never all of a text.
    for _ in 0..3 {
        let shorter = ends.iter().find_map(|end| text.strip_suffix(end)).map(str::trim_end);
        match shorter.filter(|rest| rest.chars().count() >= 2) {
            Some(rest) => text = rest.to_owned(),
            None => break,
        }
    }
    text
}

/// Whether two texts are the same heading.
fn same(a: &str, b: &str) -> bool {
    core(a) == core(b)
}

fn is_one_of(text: &str, list: &[&str]) -> bool {
    let text = plain(text).to_lowercase().replace(' ', "");
    let bare = text
        .split_once('(')
        .filter(|(before, _)| !before.is_empty())
        .map_or(text.as_str(), |(before, _)| before);
    list.iter().any(|one| *one == text || *one == bare)
}

/// Whether a heading stands over the categories.
#[must_use]
pub fn is_category(text: &str) -> bool {
    is_one_of(text, CATEGORY)
}

/// Whether a heading stands over the counties.
#[must_use]
pub fn is_county(text: &str) -> bool {
    is_one_of(text, COUNTY)
}

/// Whether a heading stands over numbers of persons.
#[must_use]
pub fn is_persons(text: &str) -> bool {
    is_one_of(text, PERSONS)
}

/// Whether a text begins a row or column that adds up others.
#[must_use]
pub fn is_total(text: &str) -> bool {
    let text = plain(text).to_lowercase().replace(' ', "");
    TOTALS.iter().any(|total| text.starts_with(total))
}

/// What a text means under a policy; `maps` are what the user said: text and id, or `-` for what is not to be counted.
#[must_use]
pub fn meaning(text: &str, categories: &[(String, Words)], maps: &[(String, String)]) -> Meaning {
    let in_policy = |id: &str| categories.iter().any(|(known, _)| known == id);
    if let Some((_, id)) = maps.iter().find(|(from, _)| plain(from) == plain(text)) {
        return if in_policy(id) { Meaning::Category(id.clone()) } else { Meaning::NotInPolicy(id.clone()) };
    }
    if is_total(text) {
        return Meaning::Total;
    }
    let plain_text = plain(text);
    let of_which =
        ["其中:", "其中", "of which:", "of which"].iter().find_map(|start| plain_text.strip_prefix(start));
    if let Some(id) = whole(of_which.unwrap_or(&plain_text), categories) {
        let is_known = in_policy(&id);
        return match of_which {
            _ if !is_known => Meaning::NotInPolicy(id),
            Some(_) => Meaning::Part(id),
            None => Meaning::Category(id),
        };
    }
    let text = of_which.unwrap_or(&plain_text);
    let lower = text.to_lowercase();
    let part = PARTS.iter().find_map(|part| {
        let rest =
            lower.strip_prefix(part).or_else(|| core(&lower).strip_suffix(part).map(|_| lower.as_str()))?;
        whole(&rest.replace(part, ""), categories)
    });
    match part {
        Some(id) if in_policy(&id) => Meaning::Part(id),
        Some(id) => Meaning::NotInPolicy(id),
        None => Meaning::Unknown,
    }
}

/// The category that a text names as a whole: by id, label of the policy, or synonym.
fn whole(text: &str, categories: &[(String, Words)]) -> Option<String> {
    if core(text).is_empty() {
        return None;
    }
    let by_policy = categories.iter().find(|(id, label)| {
        plain(text).eq_ignore_ascii_case(id) || same(text, &label.zh) || same(text, &label.en)
    });
    let by_synonym = || {
        SYNONYMS
            .iter()
            .find(|(_, names)| names.iter().any(|name| same(text, name)))
            .map(|(id, _)| (*id).to_owned())
    };
    by_policy.map(|(id, _)| id.clone()).or_else(by_synonym)
}

/// The names nearest to a text that means nothing.
#[must_use]
pub fn nearest(text: &str, categories: &[(String, Words)]) -> Option<String> {
    let text = core(text);
    let synonyms = SYNONYMS.iter().flat_map(|(id, names)| names.iter().map(move |name| (*id, *name)));
    let labels = categories.iter().map(|(id, label)| (id.as_str(), label.zh.as_str()));
    let near = labels
        .chain(synonyms.filter(|(id, _)| categories.iter().any(|(known, _)| known == id)))
        .map(|(_, name)| (strsim::normalized_damerau_levenshtein(&text, &core(name)), name))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (near.0 >= 0.4).then(|| near.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft;

    fn means(text: &str) -> Meaning {
        meaning(text, &draft::categories("fangchenggang-2022-08"), &[])
    }

    #[test]
    fn exact_headings_of_registers_are_understood() {
        for (text, id) in [
            ("特困人员", "tekun"),
            ("特困供养人员", "tekun"),
            ("特困", "tekun"),
            ("一、特困人员人数（人）", "tekun"),
            ("孤 儿", "orphan"),
            ("低保", "dibao"),
            ("城乡低保", "dibao"),
            ("低保对象人数", "dibao"),
            ("低保边缘家庭成员", "dibao_margin"),
            ("低保边缘", "dibao_margin"),
            ("脱贫不稳定户", "monitored_unstable"),
            ("边缘易致贫户", "monitored_marginal"),
            ("突发严重困难户", "monitored_sudden"),
            ("因病致贫重病患者", "illness_poor"),
            ("2.稳定脱贫人口", "stable_lifted"),
            ("事实无人抚养儿童", "unattended_child"),
            ("返贫致贫人口", "returned_poor"),
            ("Subsistence-allowance recipients", "dibao"),
            ("Orphans", "orphan"),
            ("stable_lifted", "stable_lifted"),
        ] {
            assert_eq!(means(text), Meaning::Category(id.to_owned()), "{text}");
        }
        for (text, id) in
            [("农村低保", "dibao"), ("其中：城市低保对象", "dibao"), ("集中供养特困人员", "tekun")]
        {
            assert_eq!(means(text), Meaning::Part(id.to_owned()), "{text}");
        }
        assert_eq!(means("优抚对象"), Meaning::NotInPolicy("entitled_group".to_owned()));
        for text in ["合计", "小 计", "总计（人）", "Total"] {
            assert_eq!(means(text), Meaning::Total, "{text}");
        }
        for text in ["", "持证残疾人", "监测对象", "备注", "人员"] {
            assert_eq!(means(text), Meaning::Unknown, "{text}");
        }
    }

    /// No two categories share a name, or the first would win unseen.
    #[test]
    fn exact_every_synonym_names_one_category() {
        let all: Vec<(&str, String)> =
            SYNONYMS.iter().flat_map(|(id, names)| names.iter().map(move |name| (*id, core(name)))).collect();
        for (index, (id, name)) in all.iter().enumerate() {
            assert!(all[..index].iter().all(|(other, known)| known != name || other == id), "{name} twice");
        }
    }
}
