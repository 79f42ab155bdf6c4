//! The place's own order of the categories: that of the rows of a county's persons. Who has two identities is drawn, and
//! falls ill, by the one that comes first there, however a policy ranks them.

use super::params::{PopulationParams, TraitParams};
use super::target::{CategoryTarget, CountyTarget};
use super::{FitRow, Overlap, Population};
use crate::policy::claim::{Category, Spell};

/// The categories in the place's order, and back.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The rank of each, in the order of the place.
    ranks: Vec<usize>,
    /// The place in that order by rank.
    pub place: Vec<u8>,
}

impl Order {
    /// The order of a county's rows; categories without a row have no persons and come last, by rank.
    pub fn of(target: &CountyTarget, n: usize) -> Self {
        let mut ranks: Vec<usize> = Vec::with_capacity(n);
        let rows = target.categories.iter().map(|wanted| usize::from(wanted.category.0));
        for rank in rows.filter(|rank| *rank < n).chain(0..n) {
            if !ranks.contains(&rank) {
                ranks.push(rank);
            }
        }
        let mut place = vec![0; n];
        for (at, &rank) in ranks.iter().enumerate() {
            place[rank] = super::plan::category(at).0;
        }
        Self { ranks, place }
    }

    fn placed(&self, category: Category) -> Category {
        self.place.get(usize::from(category.0)).map_or(category, |&at| Category(at))
    }

    fn ranked(&self, category: Category) -> Category {
        self.ranks.get(usize::from(category.0)).map_or(category, |&rank| super::plan::category(rank))
    }

    /// The target with categories numbered in the place's order.
    pub fn target(&self, target: &CountyTarget) -> CountyTarget {
        let categories = target.categories.iter();
        let placed =
            categories.map(|one| CategoryTarget { category: self.placed(one.category), ..one.clone() });
        CountyTarget { categories: placed.collect(), ..target.clone() }
    }

    /// The parameters with categories in the place's order.
    pub fn params(&self, params: &PopulationParams) -> PopulationParams {
        let overlap = |one: &Overlap| Overlap {
            of: self.placed(one.of),
            also: self.placed(one.also),
            share: one.share,
        };
        let of_trait = |one: &TraitParams| TraitParams { share: self.picked(&one.share), ..one.clone() };
        PopulationParams {
            categories: self.picked(&params.categories),
            overlaps: params.overlaps.iter().map(overlap).collect(),
            traits: params.traits.iter().map(of_trait).collect(),
            ..params.clone()
        }
    }

    fn picked<T: Clone>(&self, by_rank: &[T]) -> Vec<T> {
        self.ranks.iter().map(|&rank| by_rank[rank].clone()).collect()
    }

    /// The population with categories numbered by rank again.
    pub fn back(&self, mut drawn: Population, fit: Vec<FitRow>) -> Population {
        let back = |spell: &mut Spell| spell.category = self.ranked(spell.category);
        drawn.spells.iter_mut().for_each(back);
        for year in &mut drawn.register {
            let placed = year.clone();
            for (at, &rank) in self.ranks.iter().enumerate() {
                year[rank] = placed[at];
            }
        }
        Population { order: self.place.clone(), fit, ..drawn }
    }
}
