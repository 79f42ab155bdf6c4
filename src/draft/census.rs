//! The counties of the census of 2020, and which of them somebody means: by code, name, city, prefecture or province, or
//! all of them.

use crate::lang::Words;
pub use crate::scenario::place::census::{CensusCounty, columns, counties};
use crate::scenario::place::{County, lookup};

/// How many counties a message lists.
const MOST_LISTED: usize = 12;

/// What was meant: counties, and what they are together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The counties by code.
    pub counties: Vec<&'static CensusCounty>,
    /// What the area is called; of a single county with its city.
    pub name: Words,
}

impl Area {
    /// Whether it is every county of the census.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.counties.len() == counties().len()
    }
}

/// What the whole country is called.
const WHOLE: [&str; 3] = ["全国", "中国", "China"];

/// The counties that texts mean together, each once, in the order of the codes.
///
/// # Errors
/// What is no county, prefecture, province or country of the census, with the nearest names; what several have as their name.
pub fn find(typed: &[String]) -> Result<Area, Vec<Words>> {
    let mut counties: Vec<&'static CensusCounty> = Vec::new();
    let (mut names, mut faults): (Vec<Words>, Vec<Words>) = (Vec::new(), Vec::new());
    for text in typed {
        match one(text.trim()) {
            Ok(area) => {
                counties.extend(area.counties);
                names.push(area.name);
            }
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    counties.sort_by_key(|one| one.county.code);
    counties.dedup_by_key(|one| one.county.code);
    let joined =
        |pick: fn(&Words) -> &str, between: &str| names.iter().map(pick).collect::<Vec<_>>().join(between);
    let name = Words::new(joined(|name| &name.zh, "、"), joined(|name| &name.en, ", "));
    Ok(Area { counties, name })
}

fn one(text: &str) -> Result<Area, Words> {
    if WHOLE.iter().any(|name| name.eq_ignore_ascii_case(text)) {
        return Ok(Area { counties: counties().iter().collect(), name: Words::new(WHOLE[0], WHOLE[2]) });
    }
    let by_code = text.len() <= 6 && text.parse::<u32>().is_ok();
    let meant = if by_code { of_code(text) } else { of_name(text) };
    match meant.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(unknown(text)),
        several => Err(ambiguous(text, several)),
    }
}

/// A county by its code of now or before; a prefecture or province by the digits with which its codes begin.
fn of_code(text: &str) -> Vec<Area> {
    let all: Vec<County> = counties().iter().map(|one| one.county.clone()).collect();
    if let (6, Ok(index)) = (text.len(), lookup::find(&all, text)) {
        return vec![single(&counties()[index])];
    }
    let digits = text.strip_suffix("0000").or_else(|| text.strip_suffix("00")).unwrap_or(text);
    let begins = |one: &&CensusCounty| one.county.code.to_string().starts_with(digits);
    match digits.len() {
        2 | 4 => {
            let counties: Vec<_> = counties().iter().filter(begins).collect();
            let Some(first) = counties.first() else { return Vec::new() };
            let name = if digits.len() == 2 { first.province.clone() } else { city(first) };
            vec![Area { counties, name }]
        }
        _ => Vec::new(),
    }
}

fn of_name(text: &str) -> Vec<Area> {
    let exact = matching(text, |name, typed| name.eq_ignore_ascii_case(typed));
    if exact.is_empty() { matching(text, |name, typed| bare(name) == typed) } else { exact }
}

/// A name without the word for the kind of area.
fn bare(name: &str) -> &str {
    let kinds = [
        "壮族自治区",
        "回族自治区",
        "维吾尔自治区",
        "自治区",
        "自治县",
        "自治旗",
        "自治州",
        "地区",
        "省",
        "市",
        "县",
        "区",
        "旗",
        "盟",
    ];
    let without = kinds.iter().find_map(|kind| name.strip_suffix(kind));
    without.filter(|rest| rest.chars().count() > 1).unwrap_or(name)
}

/// Provinces, prefectures and counties with a name; what is a county and its prefecture at once counts once.
fn matching(text: &str, is_name: impl Fn(&str, &str) -> bool) -> Vec<Area> {
    let is = |name: &str| !name.is_empty() && is_name(name, text);
    let mut found: Vec<Area> = Vec::new();
    let mut add = |counties: Vec<&'static CensusCounty>, name: Words| {
        if !counties.is_empty() && !found.iter().any(|area| area.counties == counties) {
            found.push(Area { counties, name });
        }
    };
    let of =
        |fits: &dyn Fn(&CensusCounty) -> bool| counties().iter().filter(|one| fits(one)).collect::<Vec<_>>();
    let province = of(&|one| is(&one.province.zh) || is(&one.province.en));
    if let Some(first) = province.first() {
        add(province.clone(), first.province.clone());
    }
    let cities = of(&|one| is(&one.county.city) || is(&one.county.city_en));
    for code in prefectures(&cities) {
        let counties: Vec<_> = cities.iter().copied().filter(|one| one.county.code / 100 == code).collect();
        let name = city(counties[0]);
        add(counties, name);
    }
    for county in with_name(text, &is) {
        add(vec![county], single(county).name);
    }
    found
}

/// The first four digits of the codes, each once.
fn prefectures(counties: &[&CensusCounty]) -> Vec<u32> {
    let mut codes: Vec<u32> = counties.iter().map(|one| one.county.code / 100).collect();
    codes.dedup();
    codes
}

/// Counties by name, `city/name` or `province/name`, or the names that they had before.
fn with_name(text: &str, is: &dyn Fn(&str) -> bool) -> Vec<&'static CensusCounty> {
    let is_meant = |one: &&CensusCounty| {
        let county = &one.county;
        let within = |area: &str, name: &str| is(&format!("{area}/{name}")) || is(&format!("{area}{name}"));
        is(&county.name)
            || is(&county.name_en)
            || within(&county.city, &county.name)
            || within(&one.province.zh, &county.name)
            || is(&format!("{}/{}", county.city_en, county.name_en))
            || is(&format!("{}/{}", one.province.en, county.name_en))
    };
    let now: Vec<&'static CensusCounty> = counties().iter().filter(is_meant).collect();
    if !now.is_empty() {
        return now;
    }
    let all: Vec<County> = counties().iter().map(|one| one.county.clone()).collect();
    lookup::find(&all, text).map_or_else(|_| Vec::new(), |index| vec![&counties()[index]])
}

/// The codes of those counties among some that a text names, with or without the word for the kind of county.
#[must_use]
pub fn among(counties: &[&CensusCounty], text: &str) -> Vec<u32> {
    let meant: Vec<u32> = if text.parse::<u32>().is_ok() {
        of_code(text)
            .iter()
            .filter(|area| text.len() == 6 && area.counties.len() == 1)
            .map(|area| area.counties[0].county.code)
            .collect()
    } else {
        let exact: Vec<u32> = counties
            .iter()
            .filter(|one| [one.county.name.as_str(), &one.county.name_en].contains(&text))
            .map(|one| one.county.code)
            .collect();
        let loose =
            || of_name(text).into_iter().flat_map(|area| area.counties).map(|one| one.county.code).collect();
        if exact.is_empty() { loose() } else { exact }
    };
    meant.into_iter().filter(|code| counties.iter().any(|one| one.county.code == *code)).collect()
}

fn single(one: &'static CensusCounty) -> Area {
    let county = &one.county;
    let with_city = |city: &str, name: &str, between: &str| {
        if city == name || city.is_empty() { name.to_owned() } else { format!("{city}{between}{name}") }
    };
    let zh = with_city(&county.city, &county.name, "");
    let en = if county.city_en == county.name_en {
        county.name_en.clone()
    } else {
        format!("{}, {}", county.name_en, county.city_en)
    };
    Area { counties: vec![one], name: Words::new(zh, en) }
}

fn city(one: &CensusCounty) -> Words {
    Words::new(one.county.city.clone(), one.county.city_en.clone())
}

fn unknown(text: &str) -> Words {
    let names = counties().iter().map(|one| one.county.name.as_str());
    let areas = counties().iter().flat_map(|one| [one.county.city.as_str(), one.province.zh.as_str()]);
    let mut near: Vec<(f64, &str)> =
        names.chain(areas).map(|name| (strsim::normalized_damerau_levenshtein(text, name), name)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by_key(|one| one.1);
    let digits: String = text.chars().take(4).filter(char::is_ascii_digit).collect();
    let neighbours = || {
        let of_city = |one: &&CensusCounty| one.county.code.to_string().starts_with(&digits);
        listed(counties().iter().filter(of_city))
    };
    let hint = if digits.len() == 4 && text.parse::<u32>().is_ok() {
        Some(neighbours()).filter(|list| !list.is_empty())
    } else {
        let names: Vec<&str> = near.iter().take(5).filter(|one| one.0 >= 0.3).map(|one| one.1).collect();
        Some(names.join("、")).filter(|list| !list.is_empty())
    };
    let zh = hint.as_ref().map_or_else(String::new, |list| format!("；相近的有：{list}"));
    let en = hint.map_or_else(String::new, |list| format!("; nearest: {list}"));
    Words::new(
        format!("--county {text}：2020年人口普查中没有这个县（市、区）、地级市或省份的名称或代码{zh}"),
        format!(
            "--county {text}: no county, prefecture or province of the census of 2020 has this name or code{en}"
        ),
    )
}

fn ambiguous(text: &str, several: &[Area]) -> Words {
    let area = |area: &Area| match area.counties.as_slice() {
        [one] => format!("{} ({}/{})", one.county.code, one.county.city, one.county.name),
        [first, ..] if area.name == first.province => {
            format!("{} ({})", first.county.code / 10_000, first.province.zh)
        }
        [first, ..] => format!("{} ({})", first.county.code / 100, first.county.city),
        [] => String::new(),
    };
    let list: Vec<String> = several.iter().map(area).collect();
    let list = list.join("、");
    Words::new(
        format!("--county {text}：有{}处同名，请写代码或“市/县”：{list}", several.len()),
        format!(
            "--county {text}: {} areas have this name; write the code or city/county: {list}",
            several.len()
        ),
    )
}

fn listed<'a>(counties: impl Iterator<Item = &'a CensusCounty>) -> String {
    let all: Vec<String> = counties.map(|one| format!("{} {}", one.county.code, one.county.name)).collect();
    let more = if all.len() > MOST_LISTED { "…" } else { "" };
    all.iter().take(MOST_LISTED).cloned().collect::<Vec<_>>().join("、") + more
}

/// What is said of a text that names none of the chosen counties.
#[must_use]
pub fn not_chosen(text: &str, chosen: &[&CensusCounty]) -> Words {
    let names: Vec<&str> = chosen.iter().take(12).map(|one| one.county.name.as_str()).collect();
    let names = names.join("、");
    Words::new(
        format!("“{text}”不在所选县区之内：{names}"),
        format!("`{text}` is none of the chosen counties: {names}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> Area {
        find(&[typed.to_owned()]).unwrap_or_else(|faults| panic!("{typed}: {}", faults[0].en))
    }

    fn codes(typed: &str) -> Vec<u32> {
        found(typed).counties.iter().map(|one| one.county.code).collect()
    }

    fn refused(typed: &str) -> Words {
        find(&[typed.to_owned()]).expect_err(typed)[0].clone()
    }

    /// Published totals of the census of 2020: bulletins of Guangxi, Fangchenggang and Baise, and of the country's
    /// provinces together with what the county yearbook leaves out.
    #[test]
    fn exact_the_census_has_all_counties_and_adds_up_to_the_bulletins() {
        assert_eq!(counties().len(), 2_948);
        let sum = |digits: &str| -> u64 {
            let own = counties().iter().filter(|one| one.county.code.to_string().starts_with(digits));
            own.map(|one| u64::from(one.county.all)).sum()
        };
        assert_eq!(sum("45"), 50_126_804);
        assert_eq!(sum("4506"), 1_046_068);
        assert_eq!(sum("4510"), 3_571_505);
        for one in counties() {
            let county = &one.county;
            let cells: u32 = county.residents.iter().flatten().sum();
            assert_eq!((cells, county.urban + county.rural), (county.all, county.all), "{}", county.name);
            let (households, members) = county.households;
            assert!(households > 0 && households <= members && members <= county.all, "{}", county.name);
            assert_eq!(one.row.len(), columns().len());
        }
    }

    #[test]
    fn exact_an_area_is_found_by_code_and_by_each_of_its_names() {
        for typed in [
            "450181",
            "450127",
            "横州市",
            "横县",
            "南宁市/横州市",
            "南宁市横州市",
            "南宁市/横县",
            "横州",
            "Hengzhou",
        ] {
            assert_eq!(codes(typed), [450_181], "{typed}");
        }
        for typed in ["4506", "450600", "防城港市", "防城港", "Fangchenggang"] {
            assert_eq!(codes(typed), [450_602, 450_603, 450_621, 450_681], "{typed}");
        }
        for typed in ["45", "450000", "广西壮族自治区", "广西", "guangxi"] {
            assert_eq!(
                (codes(typed).len(), found(typed).name.zh.as_str()),
                (111, "广西壮族自治区"),
                "{typed}"
            );
        }
        assert_eq!(codes("北京市").len(), 16, "a province and its only city are one area");
        let both = find(&["东兴市".to_owned(), "4506".to_owned()]).expect("an area");
        assert_eq!(both.counties.len(), 4, "each county once");
        assert_eq!(both.name.zh, "防城港市东兴市、防城港市");
    }

    #[test]
    fn exact_what_cannot_be_told_is_refused_with_what_to_write() {
        let several = refused("朝阳区");
        assert!(several.zh.contains("110105 (北京市/朝阳区)、220104 (长春市/朝阳区)"), "{}", several.zh);
        assert!(several.en.contains("write the code or city/county"), "{}", several.en);
        assert_eq!(codes("长春市/朝阳区"), [220_104]);
        let slip = refused("上斯县");
        assert!(slip.zh.contains("相近的有：上思县"), "{}", slip.zh);
        let code = refused("450699");
        assert!(code.zh.contains("450621 上思县"), "{}", code.zh);
        for typed in ["", "4", "45069", "999999", "qqqq"] {
            assert!(find(&[typed.to_owned()]).is_err(), "{typed}");
        }
    }
}
