//! What is settled: a person's identities and traits, and the bills of one year.

use crate::units::{Day, Fen, Month};

macro_rules! named_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal / $zh:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// All values, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The names used in files, in order.
            pub const NAMES: &'static [&'static str] = &[$($text),+];

            /// The name used in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The Chinese label.
            #[must_use]
            pub const fn label_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The value of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }

            /// The position among all values.
            #[must_use]
            pub const fn index(self) -> usize {
                self as usize
            }
        }
    };
}

named_enum! {
    /// The kind of a claim.
    Kind {
        /// A stay in hospital.
        Inpatient = "inpatient" / "住院",
        /// General outpatient visits.
        Outpatient = "outpatient" / "普通门诊",
        /// Outpatient treatment of a special chronic disease.
        OutpatientChronic = "outpatient_chronic" / "门诊特殊慢性病",
        /// Outpatient treatment of a major condition.
        OutpatientMajor = "outpatient_major" / "门诊重特大疾病",
    }
}

named_enum! {
    /// The level of the hospital.
    Level {
        /// Primary: township hospitals and community centres.
        Primary = "primary" / "一级及以下",
        /// Secondary: county hospitals.
        Secondary = "secondary" / "二级",
        /// Tertiary: city hospitals.
        Tertiary = "tertiary" / "三级",
        /// Tertiary hospitals of the province or region.
        Provincial = "provincial" / "省级",
    }
}

named_enum! {
    /// Where the hospital lies (`place` in claims).
    Locality {
        /// In the person's county.
        County = "county" / "县域内",
        /// In the city.
        City = "city" / "市域内",
        /// In the province or region.
        Province = "province" / "省域内",
        /// Outside the province or region.
        Elsewhere = "elsewhere" / "省外",
    }
}

named_enum! {
    /// The kind of basic insurance.
    Insurance {
        /// Resident insurance (城乡居民).
        Resident = "resident" / "城乡居民医保",
        /// Employee insurance (职工).
        Employee = "employee" / "职工医保",
    }
}

named_enum! {
    /// Sex, where a contribution or a rate depends on it.
    Sex {
        /// Male.
        Male = "m" / "男",
        /// Female.
        Female = "f" / "女",
    }
}

named_enum! {
    /// To which year a stay over New Year belongs.
    OverNewYear {
        /// The year of admission, whole.
        ByAdmission = "by_admission" / "按入院日期",
        /// The year of discharge, whole.
        ByDischarge = "by_discharge" / "按出院日期",
        /// Both, by days.
        Split = "split" / "按天数分年度",
    }
}

/// A category by its rank in the policy, 0 first; `Category::ORDINARY` stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(pub u8);

impl Category {
    /// No assisted identity.
    pub const ORDINARY: Self = Self(u8::MAX);
    /// The most categories one policy may name.
    pub const MOST: usize = 32;

    /// The bit of this category in a set.
    #[must_use]
    pub const fn bit(self) -> u32 {
        if self.0 < 32 { 1 << self.0 } else { 0 }
    }

    /// The categories of a set in the order of their rank.
    pub fn all_of(set: u32) -> impl Iterator<Item = Self> + Clone {
        let without_first = |left: &u32| Some(*left & (*left - 1)).filter(|left| *left != 0);
        let sets = std::iter::successors(Some(set).filter(|set| *set != 0), without_first);
        sets.map(|left| Self(left.trailing_zeros() as u8))
    }

    /// By whose terms whoever holds these identities can be paid: their own, in the order of rank, then those of every
    /// resident.
    pub fn open_to(held: u32) -> impl Iterator<Item = Self> + Clone {
        Self::all_of(held).chain([Self::ORDINARY])
    }
}

/// A disease that rules name: a number among those of the policy and of the illness model; 0 for none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Disease(pub u8);

impl Disease {
    /// No listed disease.
    pub const NONE: Self = Self(0);
    /// The most diseases that the policies of a scenario, and that its illness model, may name.
    pub const MOST: usize = 31;

    /// The bit of this disease in a set.
    #[must_use]
    #[inline]
    pub const fn bit(self) -> u64 {
        1 << (self.0 & 63)
    }
}

/// One identity of a person: a category and the whole months in which it is held, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The category.
    pub category: Category,
    /// First month.
    pub from: Month,
    /// Last month; `Month::LAST` while it is open.
    pub to: Month,
}

impl Spell {
    /// Whether any month from `first` to `last` is one of the spell.
    #[must_use]
    #[inline]
    pub fn touches(&self, first: Month, last: Month) -> bool {
        self.from <= last && first <= self.to
    }
}

/// The person whose year is settled.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Age at the last birthday, in the year that is settled.
    pub age: u8,
    /// Sex, where known.
    pub sex: Option<Sex>,
    /// Kind of basic insurance.
    pub insurance: Insurance,
    /// Bit set of the policy's traits.
    pub traits: u32,
    /// Identities, in any order.
    pub spells: &'a [Spell],
    /// Month in which an application for assistance was recognised, if one was.
    pub recognised: Option<Month>,
}

/// One bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Kind of claim.
    pub kind: Kind,
    /// Level of the hospital.
    pub level: Level,
    /// Where it lies.
    pub locality: Locality,
    /// Treated by the rules of referral.
    pub referred: bool,
    /// The listed disease it is for.
    pub disease: Disease,
    /// Day of admission or visit.
    pub admitted: Day,
    /// Day of discharge; not before the day of admission.
    pub discharged: Day,
    /// The whole bill.
    pub total: Fen,
    /// The part outside the catalogue, at most the whole.
    pub out_of_scope: Fen,
    /// What another payer, such as a city's supplementary insurance, pays of the part within the catalogue, after the
    /// insurances and before assistance.
    pub other_paid: Fen,
    /// The stay of which it is one of several bills, counted from 1; 0 for a claim by itself.
    pub stay: u8,
}
