//! Shares of persons with two identities, lowered where a county's numbers do not allow so many.

use toml::{Table, Value};

use super::shares::Count;

/// Of the persons of a category at most this share may hold another one too: numbers change over the years, and
/// somebody holds it alone.
const MOST: f64 = 0.8;

/// A share as the shipped place has it, and as the numbers of the new one allow.
#[derive(Debug, Clone, PartialEq)]
struct Fitted {
    of: String,
    also: String,
    shipped: f64,
    share: f64,
}

/// The part on the population with shares that the numbers of every county allow; what was lowered says so.
pub(super) fn fit(population: &str, counts: &[Vec<Count>]) -> String {
    let table: Table = population.parse().unwrap_or_default();
    let mut text = population.to_owned();
    for one in fitted(&table, counts).iter().filter(|one| one.share < one.shipped) {
        let block = |share: f64| format!("of = \"{}\"\nalso = \"{}\"\nshare = {share:?}\n", one.of, one.also);
        let lowered = format!(
            "# 由{:?}调低：本地人数容不下这么多重叠 / lowered from {:?}: the numbers here do not allow more\n{}",
            one.shipped,
            one.shipped,
            block(one.share)
        );
        text = text.replace(&block(one.shipped), &lowered);
    }
    text
}

fn fitted(table: &Table, counts: &[Vec<Count>]) -> Vec<Fitted> {
    let list = table.get("population").and_then(|part| part.get("overlaps")).and_then(Value::as_array);
    let read = |entry: &Value| {
        let text = |key: &str| entry.get(key)?.as_str().map(ToOwned::to_owned);
        let shipped = entry.get("share")?.as_float()?;
        Some(Fitted { of: text("of")?, also: text("also")?, shipped, share: shipped })
    };
    let mut all: Vec<Fitted> = list.into_iter().flatten().filter_map(read).collect();
    let categories: Vec<String> = all.iter().flat_map(|one| [one.of.clone(), one.also.clone()]).collect();
    for category in categories {
        let allowed = counts.iter().map(|county| allowed(&all, county, &category)).fold(1.0, f64::min);
        if allowed < 1.0 {
            let own = all.iter_mut().filter(|one| one.of == category || one.also == category);
            own.for_each(|one| one.share = (one.share * allowed * 1e4).floor() / 1e4);
        }
    }
    all
}

/// By which factor the overlaps of a category must be multiplied in a county; 1 where they fit.
fn allowed(all: &[Fitted], county: &[Count], category: &str) -> f64 {
    let persons = |id: &str| {
        county.iter().find(|count| count.category == id).map_or(0.0, |count| f64::from(count.persons))
    };
    let own = all.iter().filter(|one| one.of == category || one.also == category);
    let needed: f64 = own.map(|one| one.share * persons(&one.of)).sum();
    let most = MOST * persons(category);
    if needed > most { most / needed } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Status;

    const POPULATION: &str = "[[population.overlaps]]\nof = \"stable\"\nalso = \"dibao\"\nshare = 0.2\n\n\
                              [[population.overlaps]]\nof = \"margin\"\nalso = \"dibao\"\nshare = 0.1\n";

    fn counts(persons: [u32; 3]) -> Vec<Count> {
        let count = |(category, persons): (&str, u32)| Count {
            category: category.to_owned(),
            persons,
            status: Status::Assumed,
            source: String::new(),
        };
        ["stable", "margin", "dibao"].into_iter().zip(persons).map(count).collect()
    }

    /// By hand: 0.2 × 1,000 + 0.1 × 100 = 210 of 250 on dibao; 0.8 × 250 = 200, so both are multiplied by 200 / 210.
    #[test]
    fn exact_overlaps_are_lowered_where_the_numbers_of_a_county_do_not_allow_them() {
        assert_eq!(fit(POPULATION, &[counts([1_000, 100, 1_000])]), POPULATION);
        let text = fit(POPULATION, &[counts([1_000, 100, 1_000]), counts([1_000, 100, 250])]);
        let table: Table = text.parse().unwrap();
        let shares: Vec<f64> = fitted(&table, &[]).iter().map(|one| one.share).collect();
        assert_eq!(shares, [0.1904, 0.0952]);
        assert!(text.contains("lowered from 0.2"), "{text}");
    }
}
