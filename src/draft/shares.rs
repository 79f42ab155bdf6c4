//! The number of persons of a category where nobody has said it: a shipped place's, or a documented share of residents.

use super::census::CensusCounty;
use super::shipped;
use crate::lang::Words;
use crate::raw::Status;
pub use crate::scenario::place::shares::{Base, Estimate, SHARES, Share, estimate, of_census};

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
    let dibao = match category {
        "dibao" => None,
        _ => dibao.or_else(|| Some(count(place, county, "dibao", None).persons)),
    };
    by_share(county, category, dibao)
}

/// The number of a county's persons of a category by the shares alone.
fn by_share(county: &CensusCounty, category: &str, dibao: Option<u32>) -> Count {
    counted(category, estimate(&county.county, category, dibao))
}

/// The number of persons where all counties of the census stand with the shares alone.
#[must_use]
pub fn by_census(county: &CensusCounty, category: &str) -> Count {
    counted(category, of_census(&county.county, category))
}

fn counted(category: &str, Estimate { persons, source }: Estimate) -> Count {
    Count { category: category.to_owned(), persons, status: Status::Assumed, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::census;
    use crate::scenario::place::shares::{base, rounded};

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
                let base = base(&county.county, estimate.of, Some(dibao));
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
