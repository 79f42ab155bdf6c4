//! Finding a county by what somebody wrote: code, name, city and name, English name, former name or code.

use std::sync::LazyLock;

use super::County;
use crate::lang::Words;
use crate::scenario::fault::nearest;
use crate::scenario::table::{self, Columns};

/// Why a county was not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong, as a continuation of the name that was written.
    pub problem: Words,
    /// The nearest known name, or what to write instead.
    pub hint: Option<Words>,
}

/// A county that changed its name or code and kept its people.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Renamed {
    former: Label,
    present: Label,
    city: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Label {
    code: u32,
    name: String,
}

const FORMER_COUNTIES: &str = include_str!("../../../../../assets/former-counties.csv");
const FORMER_COLUMNS: [&str; 7] = ["since", "former_code", "former_name", "code", "name", "city", "source"];

static RENAMED: LazyLock<Vec<Renamed>> = LazyLock::new(|| {
    let columns = Columns::plain(&FORMER_COLUMNS, &FORMER_COLUMNS);
    let table = table::read(FORMER_COUNTIES, columns).unwrap_or_default();
    let label = |row: &table::Row, code: &str, name: &str| {
        let code = table.cell(row, code).parse().ok()?;
        Some(Label { code, name: table.cell(row, name).to_owned() })
    };
    let renamed = |row: &table::Row| {
        let city = table.cell(row, "city").to_owned();
        Some(Renamed {
            former: label(row, "former_code", "former_name")?,
            present: label(row, "code", "name")?,
            city,
        })
    };
    table.rows.iter().filter_map(renamed).collect()
});

/// The position of the county that a text means: its code, its name, `city/name`, its English name, or a former name
/// or code of it.
///
/// # Errors
/// Where no county is meant, or several are.
pub fn find(counties: &[County], typed: &str) -> Result<usize, Unknown> {
    let typed = typed.trim();
    let meant = match typed.parse::<u32>() {
        Ok(code) => by_codes(counties, &same_codes(code)),
        Err(_) => by_name(counties, typed),
    };
    match meant.as_slice() {
        [one] => Ok(*one),
        [] => Err(Unknown {
            problem: Words::new("没有这个名称或代码的县区", "no county has this name or code"),
            hint: nearest(typed, counties.iter().map(|county| county.label_zh.as_str())),
        }),
        several => {
            let write = |&index: &usize| format!("{} ({})", counties[index].code, counties[index].label_zh);
            let all = Words::list(&several.iter().map(write).collect::<Vec<_>>());
            Err(Unknown {
                problem: Words::new("有几个县区同名", "several counties have this name"),
                hint: Some(Words::new(
                    format!("请写代码或“市/县区”：{}", all.zh),
                    format!("write the code or city/county: {}", all.en),
                )),
            })
        }
    }
}

fn by_name(counties: &[County], typed: &str) -> Vec<usize> {
    let is_meant = |county: &County| {
        let en = [
            county.name_en.clone(),
            format!("{}/{}", county.city_en, county.name_en),
            county.label_en.clone(),
        ];
        county.name == typed
            || county.label_zh == typed
            || format!("{}/{}", county.city, county.name) == typed
            || format!("{}{}", county.city, county.name) == typed
            || en.iter().any(|name| name.eq_ignore_ascii_case(typed))
    };
    let now: Vec<usize> = (0..counties.len()).filter(|&index| is_meant(&counties[index])).collect();
    if now.is_empty() { by_codes(counties, &codes_of_name(typed)) } else { now }
}

fn by_codes(counties: &[County], codes: &[u32]) -> Vec<usize> {
    (0..counties.len()).filter(|&index| codes.contains(&counties[index].code)).collect()
}

/// A code with the codes that the same county had before or has now; the code itself first.
#[must_use]
pub fn same_codes(code: u32) -> Vec<u32> {
    let same = RENAMED.iter().filter(|one| one.former.code == code || one.present.code == code);
    std::iter::once(code).chain(same.flat_map(|one| [one.former.code, one.present.code])).collect()
}

/// The codes of the counties that have or had a name, with or without the city before it.
fn codes_of_name(typed: &str) -> Vec<u32> {
    let name = typed.rsplit('/').next().unwrap_or(typed);
    let is_meant = |one: &&Renamed| {
        let of_city = typed == name || typed.strip_suffix(name) == Some(format!("{}/", one.city).as_str());
        of_city && (one.former.name == name || one.present.name == name)
    };
    RENAMED.iter().filter(is_meant).flat_map(|one| [one.former.code, one.present.code]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::fault::meant;

    fn county(code: u32, city: &str, name: &str) -> County {
        County {
            code,
            name: name.to_owned(),
            name_en: format!("Name{code}"),
            city: city.to_owned(),
            city_en: "City".to_owned(),
            label_zh: format!("{city}/{name}"),
            label_en: format!("Name{code}"),
            ..County::default()
        }
    }

    fn counties() -> Vec<County> {
        vec![
            county(450_127, "南宁市", "横县"),
            county(320_106, "南京市", "鼓楼区"),
            county(320_302, "徐州市", "鼓楼区"),
            county(320_312, "徐州市", "铜山区"),
        ]
    }

    #[test]
    fn exact_every_row_of_the_former_counties_is_read() {
        assert_eq!(RENAMED.len(), FORMER_COUNTIES.lines().count() - 1);
        assert!(RENAMED.len() >= 20);
    }

    #[test]
    fn exact_a_county_is_found_by_each_of_its_names() {
        let counties = counties();
        for typed in
            ["450127", "横县", "横州市", "450181", "南宁市/横州市", "南宁市/横县", "南宁市横县", "name450127"]
        {
            assert_eq!(find(&counties, typed), Ok(0), "{typed}");
        }
        for typed in ["铜山县", "320323", " 320312 "] {
            assert_eq!(find(&counties, typed), Ok(3), "{typed}");
        }
        assert_eq!(find(&counties, "徐州市/鼓楼区"), Ok(2));
    }

    #[test]
    fn exact_a_name_of_several_counties_is_refused_with_what_to_write() {
        let unknown = find(&counties(), "鼓楼区").expect_err("two of them");
        assert_eq!(unknown.problem.en, "several counties have this name");
        let hint = unknown.hint.expect("says what to write").en;
        assert!(hint.contains("320106 (南京市/鼓楼区), 320302 (徐州市/鼓楼区)"), "{hint}");
    }

    #[test]
    fn exact_an_unknown_county_gets_the_nearest_name() {
        let unknown = find(&counties(), "徐州市/鼓搂区").expect_err("misspelt");
        assert_eq!(unknown.hint, Some(meant("徐州市/鼓楼区")));
        for typed in ["999999", "武鸣县", "铜山", "南京市/铜山县", ""] {
            assert!(find(&counties(), typed).is_err(), "{typed}");
        }
    }
}
