//! The number of persons of a category where nobody has said it: a shipped place's, or a documented share of residents.

use super::census::CensusCounty;
use super::shipped;
use crate::lang::Words;
use crate::raw::Status;

/// A share by which a number is estimated: persons in so many of a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The category.
    pub category: &'static str,
    /// What it is a share of.
    pub of: Base,
    /// Persons of the category in 100,000 of the base.
    pub per_100_000: u64,
    /// Why, in Chinese.
    pub zh: &'static str,
    /// Why, in English.
    pub en: &'static str,
}

/// What a number is estimated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// All residents.
    Residents,
    /// Rural residents.
    Rural,
    /// Residents of 0 to 14 years.
    Children,
    /// Persons on the subsistence allowance, as given or estimated.
    Dibao,
}

const fn share(
    category: &'static str,
    (of, per_100_000): (Base, u64),
    zh: &'static str,
    en: &'static str,
) -> Share {
    Share { category, of, per_100_000, zh, en }
}

/// The shares of all categories of the shipped policies. A category with several rows is their sum.
pub const SHARES: &[Share] = &[
    share(
        "dibao",
        (Base::Residents, 2_840),
        "常住人口的2.84%：2023年10月全国低保4000万人，人口14.1亿",
        "2.84 % of residents: 40 million in the country in October 2023 beside 1.41 billion",
    ),
    share(
        "tekun",
        (Base::Dibao, 11_000),
        "每名低保对象0.11人：2020年末全国特困477.7万人，低保4426.8万人",
        "0.11 per dibao person, as in the country at the end of 2020 (4.777 million beside 44.268 million)",
    ),
    share(
        "orphan",
        (Base::Children, 110),
        "0—14岁常住人口的0.11%，同云南2020年1月",
        "0.11 % of residents aged 0-14, as in Yunnan in January 2020",
    ),
    share(
        "unattended_child",
        (Base::Children, 110),
        "0—14岁常住人口的0.11%，同云南2020年1月",
        "0.11 % of residents aged 0-14, as in Yunnan in January 2020",
    ),
    share(
        "dibao_margin",
        (Base::Dibao, 15_000),
        "每名低保对象0.15人：2023年10月全国低保边缘600万人，低保4000万人",
        "0.15 per dibao person, as in the country in October 2023 (6 million beside 40 million)",
    ),
    share(
        "returned_poor",
        (Base::Rural, 2),
        "乡村人口的0.002%：2021年起有风险的几乎都纳入监测",
        "0.002 % of rural residents: since 2021 nearly all at risk are listed as monitored instead",
    ),
    share(
        "monitored_unstable",
        (Base::Rural, 102),
        "监测对象取乡村人口的0.3%，其中脱贫不稳定34%（保山2021年）",
        "0.3 % of rural residents are taken to be monitored, 34 % of them unstable (Baoshan 2021)",
    ),
    share(
        "monitored_marginal",
        (Base::Rural, 96),
        "监测对象取乡村人口的0.3%，其中边缘易致贫32%（保山2021年）",
        "0.3 % of rural residents are taken to be monitored, 32 % of them marginal (Baoshan 2021)",
    ),
    share(
        "monitored_sudden",
        (Base::Rural, 102),
        "监测对象取乡村人口的0.3%，其中突发严重困难34%（保山2021年）",
        "0.3 % of rural residents are taken to be monitored, 34 % of them sudden (Baoshan 2021)",
    ),
    share(
        "illness_poor",
        (Base::Residents, 20),
        "常住人口的0.02%：期初已认定的；以后的认定由模拟产生",
        "0.02 % of residents: already recognised at the start; later recognitions follow simulated bills",
    ),
    share(
        "stable_lifted",
        (Base::Rural, 19_335),
        "乡村人口的19.3%：全国9899万脱贫人口按2020年乡村人口分摊，减去脱贫不稳定；各地差别很大",
        "19.3 % of rural residents: 98.99 million lifted out in the country over the rural residents of 2020, less \
         monitored_unstable; places differ widely",
    ),
    share(
        "low_income",
        (Base::Dibao, 15_000),
        "每名低保对象0.15人（低保边缘），另加突发严重困难",
        "0.15 per dibao person (margin households), and those in sudden hardship",
    ),
    share(
        "low_income",
        (Base::Rural, 102),
        "乡村人口的0.102%（突发严重困难）",
        "0.102 % of rural residents (sudden hardship)",
    ),
    share(
        "severe_disabled",
        (Base::Dibao, 127_500),
        "每名低保对象1.275人：领取重度残疾人补贴的为低保人数的1.7倍（江苏），四分之三符合条件",
        "1.275 per dibao person: 1.7 x dibao persons receive the severe-disability allowance (Jiangsu), three quarters \
         of them without work and of the four kinds",
    ),
    share(
        "expenditure_poor_patient",
        (Base::Residents, 30),
        "常住人口的0.03%：期初已认定的",
        "0.03 % of residents: already recognised at the start",
    ),
    share(
        "temporary_relief_patient",
        (Base::Residents, 10),
        "常住人口的0.01%：期初已认定的",
        "0.01 % of residents: already recognised at the start",
    ),
    share(
        "child_in_difficulty",
        (Base::Residents, 24),
        "常住人口的0.024%：重病、重残和困难家庭儿童",
        "0.024 % of residents: children seriously ill, disabled or of families in difficulty",
    ),
    share(
        "entitled_group",
        (Base::Residents, 150),
        "常住人口的0.15%：农村籍退役军人和享受抚恤的家庭",
        "0.15 % of residents: rural veterans and families entitled to state pensions",
    ),
    share(
        "retrenched_1960s",
        (Base::Residents, 20),
        "常住人口的0.02%：1961—1965年精减退职，现已78岁以上",
        "0.02 % of residents: workers sent home in 1961-1965, now 78 and older",
    ),
    share(
        "hardship_employee",
        (Base::Residents, 20),
        "常住人口的0.02%：工会建档的特困职工取少数",
        "0.02 % of residents: the union files of hardship employees are taken to be few",
    ),
    share(
        "other_special",
        (Base::Residents, 20),
        "常住人口的0.02%：其余少数",
        "0.02 % of residents: a small residual group",
    ),
    share(
        "six_classes",
        (Base::Residents, 200),
        "常住人口的0.2%：来源未说明对象范围",
        "0.2 % of residents: the source does not say who they are",
    ),
];

/// A number of persons with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The category.
    pub category: String,
    /// Persons.
    pub persons: u32,
    /// Status.
    pub status: Status,
    /// Source, Chinese and English in one sentence.
    pub source: String,
}

/// The number of a county's persons of a category that nobody has said. `dibao` is the number of persons on the
/// subsistence allowance, where it was said.
#[must_use]
pub fn count(place: &str, county: &CensusCounty, category: &str, dibao: Option<u32>) -> Count {
    let code = county.county.code;
    let of_dibao = SHARES.iter().any(|share| share.category == category && share.of == Base::Dibao);
    // What follows from a number that was said is better than what a shipped place assumed without it.
    let known = shipped::count(place, code, category).filter(|_| dibao.is_none() || !of_dibao);
    if let Some((from, known)) = known {
        let Words { zh, en } = &known.source;
        let source = format!("同随附的{from}：{zh} / as in the place {from}: {en}");
        let status = Status::from_name(&known.status).unwrap_or(Status::Assumed);
        return Count { category: category.to_owned(), persons: known.persons, status, source };
    }
    let dibao = dibao
        .unwrap_or_else(|| if category == "dibao" { 0 } else { count(place, county, "dibao", None).persons });
    let mut sum = 0;
    let (mut zh, mut en): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for share in SHARES.iter().filter(|share| share.category == category) {
        let base = match share.of {
            Base::Residents => u64::from(county.county.all),
            Base::Rural => u64::from(county.county.rural),
            Base::Children => county.children(),
            Base::Dibao => u64::from(dibao),
        };
        sum += rounded(base, share.per_100_000);
        zh.push(share.zh);
        en.push(share.en);
    }
    if zh.is_empty() {
        // A policy of one's own may have categories of its own.
        zh.push("无可用比例，暂按0人");
        en.push("no share is known: 0 is taken");
    }
    let source = format!("{} / {}", zh.join("，"), en.join("; "));
    let persons = u32::try_from(sum).unwrap_or(u32::MAX);
    Count { category: category.to_owned(), persons, status: Status::Assumed, source }
}

/// `base × share`, to the nearest person, half up.
const fn rounded(base: u64, per_100_000: u64) -> u64 {
    (2 * base * per_100_000 + 100_000) / 200_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::census;

    fn county(code: u32) -> &'static CensusCounty {
        census::counties().iter().find(|one| one.county.code == code).unwrap()
    }

    /// By hand: Zichuan has 646,676 residents; the shares are those of its shipped place, so that both must agree.
    #[test]
    fn exact_shares_give_the_numbers_of_a_shipped_place_of_a_single_county() {
        for (place, code) in [("zichuan", 370_302), ("handan", 130_408), ("guangde", 341_882)] {
            let county = county(code);
            let categories = ["dibao", "tekun", "dibao_margin", "monitored_unstable"];
            for category in categories {
                let (from, shipped) = shipped::count(place, code, category).unwrap();
                assert_eq!(from, place);
                let dibao = count(place, county, "dibao", None).persons;
                let estimate = SHARES.iter().find(|share| share.category == category).unwrap();
                let base = match estimate.of {
                    Base::Residents => u64::from(county.county.all),
                    Base::Rural => u64::from(county.county.rural),
                    Base::Children => county.children(),
                    Base::Dibao => u64::from(dibao),
                };
                let persons = rounded(base, estimate.per_100_000);
                // Monitored persons are shared out by largest remainder there: one person more or less.
                assert!(persons.abs_diff(u64::from(shipped.persons)) <= 1, "{place} {category}: {persons}");
            }
        }
    }

    /// 98.99 million of the rural residents of the whole census, less 0.102 % monitored as unstable.
    #[test]
    fn exact_the_national_share_of_lifted_out_persons_follows_from_the_census() {
        let rural: u64 = census::counties().iter().map(|one| u64::from(one.county.rural)).sum();
        let share = (98_990_000 * 100_000 + rural / 2) / rural - 102;
        let stated = SHARES.iter().find(|share| share.category == "stable_lifted").unwrap();
        assert_eq!(stated.per_100_000, share, "of {rural} rural residents");
    }

    #[test]
    fn exact_a_number_that_was_said_is_what_others_follow_from() {
        let shangsi = county(450_621);
        assert_eq!(count("fangchenggang", shangsi, "dibao", None).persons, 13_765, "the shipped place's");
        let margin = count("fangchenggang", shangsi, "dibao_margin", Some(20_000));
        assert_eq!((margin.persons, margin.status), (3_000, Status::Assumed));
        assert_eq!(count("fangchenggang", shangsi, "own_idea", None).persons, 0);
    }
}
