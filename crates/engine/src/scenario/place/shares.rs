//! The documented shares by which persons of a category are estimated where nobody has counted them (docs/new.md).

use super::County;

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

/// A number of persons by the shares, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// Persons.
    pub persons: u32,
    /// The shares with their sources, Chinese and English.
    pub source: String,
}

/// A county's persons of a category by the shares. `dibao` is the number of persons on the subsistence allowance, where
/// that is known.
#[must_use]
pub fn estimate(county: &County, category: &str, dibao: Option<u32>) -> Estimate {
    let mut sum = 0;
    let (mut zh, mut en): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for share in SHARES.iter().filter(|share| share.category == category) {
        sum += rounded(base(county, share.of, dibao), share.per_100_000);
        zh.push(share.zh);
        en.push(share.en);
    }
    if zh.is_empty() {
        // A policy of one's own may have categories of its own.
        zh.push("无可用比例，暂按0人");
        en.push("no share is known: 0 is taken");
    }
    let source = format!("{} / {}", zh.join("，"), en.join("; "));
    Estimate { persons: u32::try_from(sum).unwrap_or(u32::MAX), source }
}

/// Counties of fewer residents are islands, parks and zones, of whose few old people the shares can ask more than there are.
const FEW_RESIDENTS: u32 = 5_000;

/// The same where all counties of the census stand with the shares alone: nobody was lifted out of poverty in the few that
/// are hardly inhabited.
#[must_use]
pub fn of_census(county: &County, category: &str) -> Estimate {
    if category == "stable_lifted" && county.all < FEW_RESIDENTS {
        let source = "常住人口不足5000人的岛屿、园区：按0人 / fewer than 5,000 residents, an island or a park: 0 is taken";
        return Estimate { persons: 0, source: source.to_owned() };
    }
    estimate(county, category, None)
}

/// The persons that a share is a share of.
#[must_use]
pub fn base(county: &County, of: Base, dibao: Option<u32>) -> u64 {
    let children =
        || county.residents.iter().flat_map(|sex| &sex[..3]).map(|&persons| u64::from(persons)).sum();
    match of {
        Base::Residents => u64::from(county.all),
        Base::Rural => u64::from(county.rural),
        Base::Children => children(),
        Base::Dibao => dibao.unwrap_or_else(|| estimate(county, "dibao", None).persons).into(),
    }
}

/// `base × share`, to the nearest person, half up.
#[must_use]
pub const fn rounded(base: u64, per_100_000: u64) -> u64 {
    (2 * base * per_100_000 + 100_000) / 200_000
}
