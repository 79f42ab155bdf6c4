//! A population drawn for fewer or more years, and for years before the base year.

use super::*;

/// What is known of a person up to a month.
fn until(population: &Population, person: usize, end: Month) -> impl PartialEq + std::fmt::Debug {
    let cut = |month: Month| month.min(end);
    let spells = population.spells_of(person).iter().filter(|spell| spell.from <= end);
    let household = population.household[person] as usize;
    (
        (population.birth_year[person], population.sex[person], population.insurance[person]),
        (population.rural[person], population.traits[person], population.entry[person]),
        (cut(population.last[person]), population.households.income_per_year[household]),
        spells.map(|spell| (spell.category, spell.from, cut(spell.to))).collect::<Vec<_>>(),
    )
}

#[test]
fn exact_a_longer_horizon_adds_persons_behind_the_same_ones() {
    let growing = {
        let (target, mut params) = ewenki();
        let dibao = params.categories.iter_mut().find(|category| category.name == "dibao").unwrap();
        dibao.growth = BTreeMap::from([(2023, 1.1), (2024, 0.9), (2025, 0.8)]);
        (target, params)
    };
    for (target, params) in [ewenki(), growing] {
        let draw = |last| Population::draw(&target, &params, 2022..=last, &Draws::new(5)).unwrap();
        let long = draw(2025);
        assert!(long.entry.is_sorted());
        for last in 2022..2025 {
            let (short, end) = (draw(last), Month::new(last, 12));
            assert_eq!(short.ordinary, long.ordinary);
            assert_eq!(short.len(), long.entry.iter().filter(|entry| **entry <= end).count());
            for person in 0..short.len() {
                assert_eq!(until(&short, person, end), until(&long, person, end), "{last} {person}");
            }
        }
    }
}

#[test]
fn exact_a_warm_up_keeps_everybody_and_only_begins_earlier() {
    let (target, params) = ewenki();
    let drawn = Population::draw(&target, &params, 2022..=2024, &Draws::new(5)).unwrap();
    let warm = drawn.clone().with_warm_up(2);
    for month in (2020..=2024).flat_map(|year| (1..=12).map(move |month| Month::new(year, month))) {
        assert_totals(&warm, &target, month);
    }
    assert!(warm.entry.is_sorted());
    let begin = Month::new(2022, 1);
    for person in 0..drawn.len() {
        let later = |population: &Population| {
            let spells = population.spells_of(person).iter();
            spells.map(|spell| (spell.category, spell.from.max(begin), spell.to)).collect::<Vec<_>>()
        };
        assert_eq!(warm.entry[person].max(begin), drawn.entry[person]);
        assert_eq!(later(&warm), later(&drawn));
    }
}
