//! What is possible but odd in a place: amounts in a wrong unit, counts far from what is usual, values that nothing asks for.

use super::Files;
use super::fault::Faults;
use super::notice::{Notice, Words};
use super::place::{CategoryCount, County, Place};
use super::usual::{Range, Unit};

/// Adds a notice for everything odd in a place.
pub(super) fn check(files: &Files, place: &Place, faults: &mut Faults) {
    fund(files, place, faults);
    amounts(files, place, faults);
    growth(files, place, faults);
    for county in &place.counties {
        counts(files, (place, county), faults);
    }
}

/// The money of the fund is asked for by second assistance alone.
fn fund(files: &Files, place: &Place, faults: &mut Faults) {
    let fund = &place.raw.fund;
    if fund.revenue_yuan_per_resident.is_empty() && fund.opening_yuan_per_resident.is_none() {
        return;
    }
    let gives = files
        .policies
        .iter()
        .any(|(_, policy)| policy.raw.second_assistance.values().any(|rule| rule.enabled));
    let years = &files.scenario.raw.run.years;
    let known = |year: &&u16| fund.revenue_yuan_per_resident.contains_key(&year.to_string());
    let without: Vec<String> = years.iter().filter(|year| !known(year)).map(ToString::to_string).collect();
    let words = if gives {
        let mut words = Words::new(
            "基金收入和期初余额只决定二次救助可用的结余，不影响其他任何支出",
            "revenue and opening balance decide only how much second assistance can pay; they change no other spending",
        );
        if !without.is_empty() {
            words.zh.push_str(&format!("；{}年没有收入，不支付二次救助", without.join("、")));
            words.en.push_str(&format!(
                "; no revenue is given for {}: no second assistance is paid",
                without.join(", ")
            ));
        }
        words
    } else {
        Words::new(
            "基金收入和期初余额不影响任何结果：只有二次救助用到，而本方案的政策没有二次救助",
            "revenue and opening balance change nothing: only second assistance asks for them, and no policy of the scenario gives it",
        )
    };
    faults.warn(files.place.document.notice("fund", words));
}

/// A range with its source.
struct Known {
    range: Range,
    source: (&'static str, &'static str),
}

const fn known(usual: (f64, f64), unit: Unit, source: (&'static str, &'static str)) -> Known {
    Known { range: Range { pattern: "", usual, zero: false, shipped: usual, unit }, source }
}

const CONTRIBUTION: Known = known(
    (50.0, 3_000.0),
    Unit::Yuan,
    (
        "国家规定的居民个人缴费标准2022年320元、2025年400元，放宽数倍",
        "the national individual contribution was 320 yuan in 2022 and 400 in 2025, widened several times",
    ),
);
const INCOME: Known = known(
    (3_000.0, 300_000.0),
    Unit::Yuan,
    (
        "假定：无锡2020年农村35750元、城镇64714元，放宽数倍",
        "assumed: in Wuxi 35,750 yuan rural and 64,714 urban in 2020, widened several times",
    ),
);
const REVENUE: Known = known(
    (1.0, 1_000.0),
    Unit::Yuan,
    (
        "广西2024年中央和自治区资金人均52.4元，放宽数倍",
        "Guangxi spent 52.4 yuan a resident of central and regional money in 2024, widened many times",
    ),
);
const GROWTH: Known = known(
    (0.75, 1.3),
    Unit::Number,
    (
        "假定：全国资助参保人数2022至2025年共下降6.3%",
        "assumed: persons subsidised fell by 6.3 % nationally from 2022 to 2025",
    ),
);

fn amounts(files: &Files, place: &Place, faults: &mut Faults) {
    let raw = &place.raw;
    let mut all: Vec<(String, f64, &Known)> = Vec::new();
    for (id, group) in &raw.contribution {
        let key = |year: &String| format!("contribution.{id}.yuan_by_year.{year}");
        all.extend(group.yuan_by_year.iter().map(|(year, yuan)| (key(year), yuan.0, &CONTRIBUTION)));
    }
    for (id, income) in &raw.income {
        let key = |year: &String| format!("income.{id}.yuan_by_year.{year}");
        all.extend(income.yuan_by_year.iter().map(|(year, yuan)| (key(year), yuan.0, &INCOME)));
    }
    let key = |year: &String| format!("fund.revenue_yuan_per_resident.{year}");
    all.extend(raw.fund.revenue_yuan_per_resident.iter().map(|(year, yuan)| (key(year), yuan.0, &REVENUE)));
    for (id, years) in &raw.population.category_growth {
        let key = |year: &String| format!("population.category_growth.{id}.{year}");
        all.extend(years.iter().map(|(year, factor)| (key(year), *factor, &GROWTH)));
    }
    for (key, value, Known { range, source }) in all {
        if let Some(problem) = range.problem(value) {
            let notice = files.place.document.notice(&key, problem);
            faults.warn(notice.usually(range.words(), Words::new(source.0, source.1)));
        }
    }
}

/// The counts of a table are those of the first year: growth up to that year changes nothing.
fn growth(files: &Files, place: &Place, faults: &mut Faults) {
    let Some(&first) = files.scenario.raw.run.years.first() else { return };
    for (id, years) in &place.raw.population.category_growth {
        for year in years.keys().filter(|year| year.parse::<u16>().is_ok_and(|year| year <= first)) {
            let words = Words::new(
                format!("不起作用：人数表即为首个测算年度{first}年的人数"),
                format!(
                    "changes nothing: the table of persons is that of {first}, the first year that is run"
                ),
            );
            let key = format!("population.category_growth.{id}.{year}");
            faults.warn(files.place.document.notice(&key, words));
        }
    }
}

/// How many persons of a category there usually are.
struct UsualShare {
    category: &'static str,
    /// Per cent of the residents.
    least: f64,
    most: f64,
    source_zh: &'static str,
    source_en: &'static str,
}

const SHARES: [UsualShare; 2] = [
    UsualShare {
        category: "dibao",
        least: 0.2,
        most: 15.0,
        source_zh: "玉林市2024年3月为常住人口的5.98%，无锡市2024年7月各类兜底对象合计为户籍人口的0.81%",
        source_en: "5.98 % of residents in Yulin in March 2024; all on the three standards in Wuxi 0.81 % of the register in July 2024",
    },
    UsualShare {
        category: "tekun",
        least: 0.01,
        most: 3.0,
        source_zh: "玉林市2024年3月为常住人口的0.58%，呼伦贝尔市某牧业旗为0.06%",
        source_en: "0.58 % of residents in Yulin in March 2024, 0.06 % in a pastoral banner",
    },
];

fn counts(files: &Files, (place, county): (&Place, &County), faults: &mut Faults) {
    let file = &files.tables.categories.0;
    let notice = |count: &CategoryCount, problem: Words| Notice {
        file: file.clone(),
        line: Some(count.line),
        key: "persons".to_owned(),
        value: count.persons.to_string(),
        problem,
        usual: None,
    };
    if let Some(first) = county.categories.first()
        && county.categories.iter().all(|count| count.persons == 0)
    {
        let (zh, en) = (&county.label_zh, &county.label_en);
        let words = Words::new(
            format!("{zh}各类对象人数全部为0，没有任何资助和按身份的救助"),
            format!(
                "all categories of {en} have 0 persons: nobody there is subsidised or assisted by identity"
            ),
        );
        faults.warn(notice(first, words));
        return;
    }
    let register = f64::from(county.all) * place.raw.register_per_resident;
    for UsualShare { category: id, least, most, source_zh, source_en } in SHARES {
        let Some(count) = county.categories.iter().find(|count| count.id == id) else { continue };
        let share = f64::from(count.persons) / register * 100.0;
        if (least..=most).contains(&share) {
            continue;
        }
        let (zh, en) = (&county.label_zh, &county.label_en);
        let words = Words::new(
            format!("{zh}的{id}为人口的{share:.2}%，请核对"),
            format!("{id} of {en} are {share:.2} % of the persons there"),
        );
        let range = Words::new(format!("{least}%至{most}%"), format!("{least} to {most} %"));
        faults.warn(notice(count, words).usually(range, Words::new(source_zh, source_en)));
    }
}
