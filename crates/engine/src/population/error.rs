//! Why a population cannot be drawn.

use crate::lang::Words;
use crate::policy::claim::Sex;

/// Why a county's population cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PopulationError {
    /// More holders of identities than residents of a sex and band of age.
    #[error(
        "{county}: the categories need {holders} {} {ages} in {year}, but only {residents} live there, most of \
         them for {most}: lower its persons or growth or its age weights, or raise an overlap",
        sex_word(*sex)
    )]
    TooManyHolders {
        /// Name of the county.
        county: String,
        /// Sex of the cell.
        sex: Sex,
        /// Band of age, as in `60-64`.
        ages: String,
        /// The year.
        year: u16,
        /// Persons needed.
        holders: u64,
        /// Residents in the census.
        residents: u32,
        /// Id of the category that most of them hold.
        most: String,
    },
    /// The overlaps of a category need more persons than it has.
    #[error(
        "{county}: {category} has {persons} persons in {year}, but overlaps with other categories need {overlapping}: \
         lower the shares in population.overlaps"
    )]
    TooMuchOverlap {
        /// Name of the county.
        county: String,
        /// Id of the category.
        category: String,
        /// The year.
        year: u16,
        /// Persons of the category.
        persons: u32,
        /// Persons of the category who hold another one too.
        overlapping: u64,
    },
    /// Persons to be drawn, but no resident of any age with a weight above zero.
    #[error(
        "{county}: {persons} persons of {category}, but no residents at ages where its age_weight is above 0"
    )]
    NoSuchAges {
        /// Name of the county.
        county: String,
        /// Ids of the category or of the two.
        category: String,
        /// Persons to be drawn.
        persons: u32,
    },
    /// A category of the county's table without parameters.
    #[error("{county}: category {category} has no group in population.groups")]
    NoParameters {
        /// Name of the county.
        county: String,
        /// Id of the category.
        category: String,
    },
}

impl PopulationError {
    /// The same in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            Self::TooManyHolders { county, sex, ages, year, holders, residents, most } => format!(
                "{county}：{year}年各类对象需要{}{ages}岁{holders}人，而当地只有{residents}人，其中{most}最多；请调低其人数、增长或年龄权重，或调高重叠比例",
                sex_zh(*sex)
            ),
            Self::TooMuchOverlap { county, category, year, persons, overlapping } => format!(
                "{county}：{category}在{year}年有{persons}人，而与其他类别的重叠需要{overlapping}人；请调低population.overlaps的比例"
            ),
            Self::NoSuchAges { county, category, persons } => {
                format!("{county}：{category}有{persons}人，但其age_weight大于0的年龄没有居民")
            }
            Self::NoParameters { county, category } => {
                format!("{county}：人员类别{category}在population.groups中没有人群")
            }
        };
        Words::new(zh, self.to_string())
    }
}

const fn sex_zh(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "男性",
        Sex::Female => "女性",
    }
}

const fn sex_word(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "males aged",
        Sex::Female => "females aged",
    }
}
