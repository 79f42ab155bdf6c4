//! What is possible but odd in a place: amounts in a wrong unit, counts far from what is usual, values that nothing asks for.

use super::Files;
use super::fault::Faults;
use super::fund::Funds;
use super::notice::Notice;
use super::place::{CategoryCount, County, Place};
use super::provenance::covers;
use super::usual::{Range, Unit, numbers};
use crate::lang::Words;
use crate::policy::subsidy::NewlyRecognised;
use crate::population::{BANDS, band_name};
use crate::raw::population::Given;

/// Adds a notice for everything odd in a place.
pub(super) fn check(files: &Files, (place, funds): (&Place, &Funds), faults: &mut Faults) {
    fund(files, funds, faults);
    already_paid(files, faults);
    application(files, faults);
    newborns(files, place, faults);
    ages(files, place, faults);
    amounts(files, faults);
    growth(files, place, faults);
    for county in &place.counties {
        counts(files, (place, county), faults);
    }
}

/// Second assistance is given out of the fund's money: without revenue there is none to give.
fn fund(files: &Files, funds: &Funds, faults: &mut Faults) {
    let years = &files.scenario.raw.run.years;
    let is_given = |year: &&u16| funds.revenue.iter().any(|one| one.year == **year);
    let without: Vec<String> = years.iter().filter(|year| !is_given(year)).map(ToString::to_string).collect();
    if without.is_empty() || (funds.revenue.is_empty() && funds.opening.is_empty()) {
        return;
    }
    let gives = files
        .policies
        .iter()
        .any(|(_, policy)| policy.raw.second_assistance.values().any(|rule| rule.enabled));
    let mut words = Words::new(
        format!("{}年没有收入，不计算基金收支", without.join("、")),
        format!("no revenue is given for {}: no account of these years", without.join(", ")),
    );
    if gives {
        words.zh.push_str("，也不支付二次救助");
        words.en.push_str(", and no second assistance is paid");
    }
    faults.warn(files.place.document.notice("fund", words));
}

/// Who has already paid is asked for by policies that subsidise the newly recognised unless they have.
fn already_paid(files: &Files, faults: &mut Faults) {
    let document = &files.place.document;
    let given = document.get("already_paid_share").is_some();
    let asks = files.policies.iter().any(|(_, policy)| {
        let rule = policy.raw.enrolment.as_ref().map(|enrolment| enrolment.newly_recognised);
        let subsidises = policy.raw.subsidy.values().any(|rule| rule.enabled && rule.funders.is_some());
        subsidises && rule.unwrap_or_default() == NewlyRecognised::UnlessPaid
    });
    let words = match (asks, given) {
        (true, false) => Words::new(
            "未给出，按0计：当年新认定人员全部视为尚未缴费，全部给予参保资助",
            "not given, so 0: all who are recognised in the year are taken not to have paid, and are subsidised",
        ),
        (false, true) => Words::new(
            "不起作用：方案的政策都不按是否已缴费资助新认定人员",
            "changes nothing: no policy of the scenario asks whether the newly recognised have paid",
        ),
        _ => return,
    };
    faults.warn(document.notice("already_paid_share", words));
}

/// The household test is asked for by assistance on application alone.
fn application(files: &Files, faults: &mut Faults) {
    let document = &files.place.document;
    let pays =
        files.policies.iter().any(|(_, policy)| policy.raw.application.values().any(|rule| rule.enabled));
    match (pays, document.get("application").is_some()) {
        (true, false) => {
            let problem = Words::new(
                "缺少：政策规定了依申请救助，需要家庭认定条件",
                "missing: the policy gives assistance on application, which asks for the household test",
            );
            faults.push(document.fault("application", problem, None));
        }
        (false, true) => {
            let words = Words::new(
                "不起作用：方案的政策没有依申请救助",
                "changes nothing: no policy of the scenario gives assistance on application",
            );
            faults.warn(document.notice("application", words));
        }
        _ => {}
    }
}

/// Only in a household that holds an identity together is a newborn given it.
fn newborns(files: &Files, place: &Place, faults: &mut Faults) {
    for (name, group) in &place.raw.population.groups {
        let alone = group.household_sizes.iter().skip(1).all(|&weight| weight <= 0.0);
        if group.newborn_share > 0.0 && (group.given_to == Given::Person || alone) {
            let words = Words::new(
                "不起作用：该类身份按个人认定（或家庭只有一人），新生儿不随家庭取得身份；请写0",
                "changes nothing: the identity is given to single persons, or no household has a second member, so that no newborn gets it with the household; write 0",
            );
            let key = format!("population.groups.{name}.newborn_share");
            faults.warn(files.place.document.notice(&key, words));
        }
    }
}

/// Weights and shares at ages that nobody of a group has.
fn ages(files: &Files, place: &Place, faults: &mut Faults) {
    for (name, group) in &place.raw.population.groups {
        let weights = &group.age_weight;
        let allowed = |band: &usize| group.ages.is_none_or(|ages| ages.reach(*band));
        let held = |band: &usize| allowed(band) && (weights.male[*band] > 0.0 || weights.female[*band] > 0.0);
        let lists = [
            ("age_weight.male", &weights.male, (0..BANDS).filter(allowed).collect::<Vec<_>>()),
            ("age_weight.female", &weights.female, (0..BANDS).filter(allowed).collect()),
            ("employee_share", &group.employee_share, (0..BANDS).filter(held).collect()),
        ];
        for (list, values, reached) in lists {
            let dead = (0..values.len()).filter(|band| values[*band] > 0.0 && !reached.contains(band));
            let bands: Vec<String> = dead.map(band_name).collect();
            if bands.is_empty() {
                continue;
            }
            let words = Words::new(
                format!("以下年龄不起作用（{}）：该类人员没有这些年龄；请写0", bands.join("、")),
                format!(
                    "changes nothing at {}: nobody of the group has these ages; write 0",
                    bands.join(", ")
                ),
            );
            let key = format!("population.groups.{name}.{list}");
            faults.warn(files.place.document.notice(&key, words));
        }
    }
}

/// What is usual in a place file, with where that is from.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The range.
    pub range: Range,
    /// Where it is from, in Chinese and in English.
    pub source: (&'static str, &'static str),
}

const fn known(
    pattern: &'static str,
    usual: (f64, f64),
    unit: Unit,
    source: (&'static str, &'static str),
) -> Known {
    Known { range: Range { pattern, usual, zero: false, shipped: usual, unit }, source }
}

/// What is usual in a place file; the first that fits counts.
pub const PLACE: [Known; 6] = [
    known(
        "outlook",
        (-0.02, 0.12),
        Unit::Number,
        (
            "推算：个人缴费标准2022至2025年每年增长7.7%，两端放宽",
            "assumed: the individual contribution rose by 7.7 % a year from 2022 to 2025, made wider on both sides",
        ),
    ),
    known(
        "contribution.*.yuan_by_year",
        (50.0, 3_000.0),
        Unit::Yuan,
        (
            "国家规定的居民个人缴费标准2022年320元、2025年400元，放宽数倍",
            "the national individual contribution was 320 yuan in 2022 and 400 in 2025, widened several times",
        ),
    ),
    known(
        "income.*.yuan_by_year",
        (3_000.0, 300_000.0),
        Unit::Yuan,
        (
            "推算：无锡2020年农村35750元、城镇64714元，放宽数倍",
            "assumed: in Wuxi 35,750 yuan rural and 64,714 urban in 2020, widened several times",
        ),
    ),
    known(
        "fund.revenue_yuan_per_resident",
        (1.0, 1_000.0),
        Unit::Yuan,
        (
            "广西2024年中央和自治区资金人均52.4元，放宽数倍",
            "Guangxi spent 52.4 yuan a resident of central and regional money in 2024, widened many times",
        ),
    ),
    known(
        "population.category_growth",
        (0.75, 1.3),
        Unit::Number,
        (
            "推算：全国资助参保人数2022至2025年共下降6.3%",
            "assumed: persons subsidised fell by 6.3 % nationally from 2022 to 2025",
        ),
    ),
    known(
        "register_per_resident",
        (0.4, 2.5),
        Unit::Number,
        (
            "推算：人口流出大县户籍人口约为常住人口的1.5倍，流入区约为一半，再放宽",
            "assumed: counties that many leave have about 1.5 persons on the register for a resident, districts that many move to about half; made wider",
        ),
    ),
];

fn amounts(files: &Files, faults: &mut Faults) {
    let document = &files.place.document;
    for (key, value) in numbers(&document.root) {
        let Some(Known { range, source }) = PLACE.iter().find(|known| covers(known.range.pattern, &key))
        else {
            continue;
        };
        if let Some(problem) = range.problem(value) {
            let notice = document.notice(&key, problem);
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
#[derive(Debug, Clone, Copy)]
pub struct UsualShare {
    /// The category.
    pub category: &'static str,
    /// The least, per cent of the persons on the register.
    pub least: f64,
    /// The most.
    pub most: f64,
    /// Where that is from, in Chinese.
    pub source_zh: &'static str,
    /// In English.
    pub source_en: &'static str,
}

/// How many persons of the large categories there usually are.
pub const SHARES: [UsualShare; 2] = [
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
