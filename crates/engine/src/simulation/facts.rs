//! Where each fact of a county's year stands in one row of whole numbers.
//!
//! A book is such a row for one replicate; an outcome keeps the first facts of every replicate and the sums of the
//! others. Whoever wants a figure asks the layout for its place by name; adding, folding, cutting and merging know of no
//! names.

use std::ops::{Index, IndexMut};

/// The months in which a payment falls due: the twelve of the year, and [`AFTER_THE_YEAR`].
pub const MONTHS: usize = 13;
/// What is worked out only when the year is over, or for a stay that ends in the next one.
pub const AFTER_THE_YEAR: usize = 12;

/// What is counted of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum RuleMeasure {
    /// Persons for whom it moved money (or whom a watch list names).
    Persons,
    /// Payments.
    Cases,
    /// Fen.
    Fen,
}

impl RuleMeasure {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Persons, Self::Cases, Self::Fen];
}

/// What is counted of the people of one category; but for months, a person counts under the best identity held in the
/// year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum PeopleMeasure {
    /// Persons times months of the year; each month of a person counts once, under the best identity held in it.
    PersonMonths,
    /// Persons with a contribution subsidy.
    Subsidised,
    /// Of these, recognised after the year was enrolled for.
    SubsidisedNewly,
    /// Persons admitted to hospital at least once.
    Admitted,
    /// Persons with any assistance on bills.
    AssistedPersons,
    /// Assistance payments on bills and at the year's end.
    AssistedCases,
    /// Persons on a watch list.
    WatchListed,
    /// Persons newly recognised through a watch list or on application.
    Recognised,
}

impl PeopleMeasure {
    /// All, in order.
    pub const ALL: [Self; 8] = [
        Self::PersonMonths,
        Self::Subsidised,
        Self::SubsidisedNewly,
        Self::Admitted,
        Self::AssistedPersons,
        Self::AssistedCases,
        Self::WatchListed,
        Self::Recognised,
    ];
}

/// How an indicator stands; and what the caps of tilt assistance leave unmet (GX-12): there what tilt assistance comes
/// to without its cap stands for the cost, what the cap cut off for the self-pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum BurdenMeasure {
    /// In-scope cost, fen.
    InScopeFen,
    /// In-scope self-pay, fen.
    SelfPayFen,
    /// Persons.
    Persons,
}

impl BurdenMeasure {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::InScopeFen, Self::SelfPayFen, Self::Persons];
}

/// One fact of a county's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Fen booked to a line and funder.
    Money {
        /// The cell: line and funder.
        cell: usize,
    },
    /// The part of it that falls due in a month.
    MoneyInMonth {
        /// The cell: line and funder.
        cell: usize,
        /// January 0; [`AFTER_THE_YEAR`].
        month: usize,
    },
    /// The part of it for the people of one category.
    MoneyForPeople {
        /// The cell: line and funder.
        cell: usize,
        /// The category by rank; the last row for ordinary residents.
        row: usize,
    },
    /// What a rule did.
    Rule {
        /// Its number.
        rule: usize,
        /// What of it.
        measure: RuleMeasure,
    },
    /// The people of a category.
    People {
        /// The category by rank; the last row for ordinary residents.
        row: usize,
        /// What of them.
        measure: PeopleMeasure,
    },
    /// Persons newly on a watch list.
    Listed {
        /// The number of the list's rule in the schedule.
        list: usize,
        /// January 0.
        month: usize,
    },
    /// An indicator.
    Indicator {
        /// Its number in the schedule.
        number: usize,
        /// What of it.
        measure: BurdenMeasure,
    },
    /// Persons whose tilt assistance met its cap, and what the cap cut off.
    Residual(BurdenMeasure),
}

/// How many facts of each kind a county's year has; the same for all years of a county.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FactLayout {
    /// Lines and funders that can be booked.
    pub n_cells: usize,
    /// Categories, and ordinary residents.
    pub n_people: usize,
    /// Rules.
    pub n_rules: usize,
    /// The most watch lists of a year.
    pub n_lists: usize,
    /// The most indicators of a year.
    pub n_indicators: usize,
}

impl FactLayout {
    /// The facts that are kept for each replicate: money, and what each rule did. They come first.
    #[must_use]
    pub const fn n_kept(&self) -> usize {
        self.rules() + self.n_rules * RuleMeasure::ALL.len()
    }

    /// All facts.
    #[must_use]
    pub const fn n_facts(&self) -> usize {
        self.residual() + BurdenMeasure::ALL.len()
    }

    const fn months(&self) -> usize {
        self.n_cells
    }

    const fn for_people(&self) -> usize {
        self.months() + self.n_cells * MONTHS
    }

    const fn rules(&self) -> usize {
        self.n_cells * (1 + MONTHS + self.n_people)
    }

    const fn lists(&self) -> usize {
        self.n_kept() + self.n_people * PeopleMeasure::ALL.len()
    }

    const fn indicators(&self) -> usize {
        self.lists() + self.n_lists * 12
    }

    const fn residual(&self) -> usize {
        self.indicators() + self.n_indicators * BurdenMeasure::ALL.len()
    }

    /// The place of a fact.
    #[inline]
    #[must_use]
    pub const fn place(&self, fact: Fact) -> usize {
        match fact {
            Fact::Money { cell } => cell,
            Fact::MoneyInMonth { cell, month } => self.months() + cell * MONTHS + month,
            Fact::MoneyForPeople { cell, row } => self.for_people() + cell * self.n_people + row,
            Fact::Rule { rule, measure } => self.rules() + rule * RuleMeasure::ALL.len() + measure as usize,
            Fact::People { row, measure } => {
                self.n_kept() + row * PeopleMeasure::ALL.len() + measure as usize
            }
            Fact::Listed { list, month } => self.lists() + list * 12 + month,
            Fact::Indicator { number, measure } => {
                self.indicators() + number * BurdenMeasure::ALL.len() + measure as usize
            }
            Fact::Residual(measure) => self.residual() + measure as usize,
        }
    }

    /// All facts, in the order of their places.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts: Vec<Fact> = (0..self.n_cells).map(|cell| Fact::Money { cell }).collect();
        for cell in 0..self.n_cells {
            facts.extend((0..MONTHS).map(|month| Fact::MoneyInMonth { cell, month }));
        }
        for cell in 0..self.n_cells {
            facts.extend((0..self.n_people).map(|row| Fact::MoneyForPeople { cell, row }));
        }
        for rule in 0..self.n_rules {
            facts.extend(RuleMeasure::ALL.map(|measure| Fact::Rule { rule, measure }));
        }
        for row in 0..self.n_people {
            facts.extend(PeopleMeasure::ALL.map(|measure| Fact::People { row, measure }));
        }
        for list in 0..self.n_lists {
            facts.extend((0..12).map(|month| Fact::Listed { list, month }));
        }
        for number in 0..self.n_indicators {
            facts.extend(BurdenMeasure::ALL.map(|measure| Fact::Indicator { number, measure }));
        }
        facts.extend(BurdenMeasure::ALL.map(Fact::Residual));
        facts
    }

    /// The place that each kept fact has in a layout with other cells; `cell_of` says which of them a cell is.
    pub(super) fn kept_places(&self, wide: &Self, cell_of: &[usize]) -> Vec<usize> {
        let mut places = vec![0; self.n_kept()];
        for (cell, &wide_cell) in cell_of.iter().enumerate() {
            let mut pair = |own, other| places[self.place(own)] = wide.place(other);
            pair(Fact::Money { cell }, Fact::Money { cell: wide_cell });
            for month in 0..MONTHS {
                pair(Fact::MoneyInMonth { cell, month }, Fact::MoneyInMonth { cell: wide_cell, month });
            }
            for row in 0..self.n_people {
                pair(Fact::MoneyForPeople { cell, row }, Fact::MoneyForPeople { cell: wide_cell, row });
            }
        }
        for rule in 0..self.n_rules {
            for fact in RuleMeasure::ALL.map(|measure| Fact::Rule { rule, measure }) {
                places[self.place(fact)] = wide.place(fact);
            }
        }
        places
    }
}

/// A row of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    layout: FactLayout,
    numbers: Vec<i64>,
}

impl Facts {
    /// Zero everywhere.
    #[must_use]
    pub fn zero(layout: FactLayout) -> Self {
        Self { layout, numbers: vec![0; layout.n_facts()] }
    }

    /// What stands where.
    #[must_use]
    pub const fn layout(&self) -> &FactLayout {
        &self.layout
    }

    /// All numbers.
    #[must_use]
    pub fn numbers(&self) -> &[i64] {
        &self.numbers
    }

    /// Adds numbers at places, so many times.
    pub fn add_times(&mut self, changes: &[(usize, i64)], times: i64) {
        changes.iter().for_each(|&(place, number)| self.numbers[place] += number * times);
    }

    /// Adds another row.
    pub fn add(&mut self, other: &Self) {
        self.numbers.iter_mut().zip(&other.numbers).for_each(|(number, more)| *number += more);
    }

    /// Adds what came to another row between two moments.
    pub fn add_change(&mut self, before: &Self, after: &Self) {
        let change = before.numbers.iter().zip(&after.numbers).map(|(before, after)| after - before);
        self.numbers.iter_mut().zip(change).for_each(|(number, change)| *number += change);
    }
}

impl Index<Fact> for Facts {
    type Output = i64;

    #[inline]
    fn index(&self, fact: Fact) -> &i64 {
        &self.numbers[self.layout.place(fact)]
    }
}

impl IndexMut<Fact> for Facts {
    #[inline]
    fn index_mut(&mut self, fact: Fact) -> &mut i64 {
        &mut self.numbers[self.layout.place(fact)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Money by cell, month and category comes first, then what rules did: both are kept for each replicate.
    #[test]
    fn every_fact_has_a_place_of_its_own_and_no_place_is_empty() {
        let layout = FactLayout { n_cells: 3, n_people: 4, n_rules: 5, n_lists: 2, n_indicators: 1 };
        let places: Vec<usize> = layout.facts().into_iter().map(|fact| layout.place(fact)).collect();
        assert_eq!(places, (0..layout.n_facts()).collect::<Vec<_>>());
        assert_eq!(
            layout.n_kept(),
            layout.place(Fact::People { row: 0, measure: PeopleMeasure::PersonMonths })
        );
    }

    #[test]
    fn money_moves_to_the_cells_of_a_wider_layout() {
        let own = FactLayout { n_cells: 2, n_people: 2, n_rules: 1, n_lists: 0, n_indicators: 0 };
        let wide = FactLayout { n_cells: 3, ..own };
        let places = own.kept_places(&wide, &[0, 2]);
        let moved = |fact| places[own.place(fact)];
        assert_eq!(moved(Fact::Money { cell: 1 }), wide.place(Fact::Money { cell: 2 }));
        let month = AFTER_THE_YEAR;
        let due = |cell| Fact::MoneyInMonth { cell, month };
        assert_eq!(moved(due(1)), wide.place(due(2)));
        let paid = |cell| Fact::MoneyForPeople { cell, row: 1 };
        assert_eq!(moved(paid(0)), wide.place(paid(0)));
        assert_eq!(moved(paid(1)), wide.place(paid(2)));
        let rule = Fact::Rule { rule: 0, measure: RuleMeasure::Fen };
        assert_eq!(moved(rule), wide.place(rule));
    }
}
