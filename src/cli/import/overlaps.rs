//! What is said of persons in two categories: their shares are not the register's, and stay as they were.

use super::changed::{Key, Row};
use crate::lang::Words;
use crate::policy::claim::Category;
use crate::scenario::Scenario;

/// The overlaps of which a number of persons changes, with the persons that they come to now; nothing where there are none.
pub fn stay(after: &Scenario, rows: &[Row]) -> Option<Words> {
    let categories = &after.policy.names.categories;
    let is_changed =
        |id: &str| rows.iter().any(|row| matches!(&row.key, Key::Persons { category, .. } if category == id));
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for overlap in &after.population.overlaps {
        let name = |category: Category| categories.get(usize::from(category.0));
        let (Some(of), Some(also)) = (name(overlap.of), name(overlap.also)) else { continue };
        if !is_changed(&of.id) && !is_changed(&also.id) {
            continue;
        }
        let counts = after.place.counties.iter().flat_map(|county| &county.categories);
        let persons: f64 =
            counts.filter(|count| count.id == of.id).map(|count| f64::from(count.persons)).sum();
        let both = (persons * overlap.share).round();
        zh.push(format!("{}兼{}{both}人", of.zh, also.zh));
        en.push(format!("{} who are {} too: {both}", of.en, also.en));
    }
    (!zh.is_empty()).then(|| {
        Words::new(
            format!("兼有两种身份的比例（population.overlaps）不随台账改变，按新的人数为：{}", zh.join("、")),
            format!(
                "the shares of persons in two categories (population.overlaps) are not the register's and stay; by the new numbers they are: {}",
                en.join("; ")
            ),
        )
    })
}
