//! Who gets more and who gets less under another scenario: persons of some replicates, each held against itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::simulation::winners::{CountyChange, Direction, Kind, NotTheSame, SIZES_YUAN, Tally};
use crate::stats::Estimate;

use super::layout::Layout;

/// The number of size classes.
pub const N_SIZES: usize = SIZES_YUAN.len() + 1;

/// Whom a row counts: `None` for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whom {
    /// The year.
    pub year: u16,
    /// What of their year changes.
    pub kind: Kind,
    /// The category, by the names of the base.
    pub category: Option<usize>,
    /// Which way.
    pub direction: Direction,
    /// The size class of the change.
    pub size: Option<usize>,
}

/// The persons of a county (`None`: all) who are counted together, a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WinnersRow {
    /// The county's position; `None` for all, added up within each replicate.
    pub county: Option<usize>,
    /// Who.
    pub whom: Whom,
    /// How many.
    pub persons: Estimate,
    /// The sum of their changes, yuan; less than nothing where there is less.
    pub yuan: Estimate,
    /// The change of one of them on average, yuan.
    pub mean_yuan: f64,
    /// Its standard error; `None` below two replicates.
    pub mean_error_yuan: Option<f64>,
    /// The largest change of one person in all replicates, fen, without its sign.
    pub largest_fen: i64,
}

/// Why there is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// It was not asked for.
    NotAsked,
    /// The persons are not the same.
    NotTheSame(NotTheSame),
}

/// The persons who get more and those who get less.
#[derive(Debug, Clone, PartialEq)]
pub struct Winners {
    /// The replicates whose persons were looked at.
    pub n_replicates: usize,
    /// By county, then all counties.
    pub rows: Vec<WinnersRow>,
    /// Whether both scenarios look at the same bills; else nothing is said of insurance and self-pay.
    pub same_bills: bool,
    /// Persons of a replicate whom lists found under both scenarios and whose later bills are drawn afresh for each.
    pub drawn_apart: f64,
}

impl Winners {
    /// The rows of a county (`None`: all) and year of which the whole of something changes.
    pub fn of(&self, county: Option<usize>, year: u16, kind: Kind) -> impl Iterator<Item = &WinnersRow> {
        let own = self.rows.iter().filter(move |row| row.county == county);
        own.filter(move |row| (row.whom.year, row.whom.kind) == (year, kind))
    }

    /// All persons for whom something changes one way.
    #[must_use]
    pub fn all(
        &self,
        county: Option<usize>,
        (year, kind, direction): (u16, Kind, Direction),
    ) -> Option<&WinnersRow> {
        self.of(county, year, kind)
            .find(|row| row.whom.direction == direction && (row.whom.category, row.whom.size) == (None, None))
    }

    /// Whether nobody gets or bears more or less.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Tallies by replicate.
type Tallies = BTreeMap<Whom, Vec<Tally>>;

/// Takes what changes for the persons of county after county.
#[derive(Debug, Clone)]
pub struct WinnersBuilder {
    years: Vec<u16>,
    n_replicates: usize,
    absence: Option<NotTheSame>,
    /// The rows of each county.
    counties: BTreeMap<usize, Vec<WinnersRow>>,
    /// All counties, added up within each replicate.
    together: Tallies,
    same_bills: bool,
    drawn_apart: u64,
}

impl WinnersBuilder {
    /// For so many replicates of a comparison.
    #[must_use]
    pub fn new(base: &Layout, n_replicates: usize) -> Self {
        Self {
            years: base.year_numbers(),
            n_replicates,
            absence: None,
            counties: BTreeMap::new(),
            together: Tallies::new(),
            same_bills: true,
            drawn_apart: 0,
        }
    }

    /// Adds a county; the order of counties does not matter.
    pub fn add(&mut self, change: Result<CountyChange, NotTheSame>) {
        match change {
            Err(reason) => self.absence = Some(reason),
            Ok(change) => {
                self.same_bills &= change.same_bills;
                self.drawn_apart += change.drawn_apart;
                let own = self.tallies(&change);
                own.iter().for_each(|(whom, tallies)| add(self.together.entry(*whom).or_default(), tallies));
                self.counties.insert(change.county, rows_of(Some(change.county), &own));
            }
        }
    }

    /// By category and size, by each alone, and all together: nobody is in two groups of one year and kind.
    fn tallies(&self, change: &CountyChange) -> Tallies {
        let mut all = Tallies::new();
        for (group, own) in &change.groups {
            let sizes = [None, Some(group.size)];
            let n_sizes = if group.direction == Direction::Same { 1 } else { 2 };
            for category in [None, Some(group.category)] {
                for &size in &sizes[..n_sizes] {
                    let year = self.years[group.year];
                    let whom = Whom { year, kind: group.kind, category, direction: group.direction, size };
                    add(all.entry(whom).or_default(), own);
                }
            }
        }
        all
    }

    /// The table, or why there is none.
    ///
    /// # Errors
    /// Why there is none.
    pub fn finish(self) -> Result<Winners, Absence> {
        if let Some(reason) = self.absence {
            return Err(Absence::NotTheSame(reason));
        }
        let mut rows: Vec<WinnersRow> = self.counties.into_values().flatten().collect();
        rows.extend(rows_of(None, &self.together));
        if !self.same_bills {
            // Where one county says nothing of them, all counties cannot either.
            rows.retain(|row| !matches!(row.whom.kind, Kind::Insurance | Kind::SelfPay));
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of persons")]
        let drawn_apart = self.drawn_apart as f64 / self.n_replicates.max(1) as f64;
        Ok(Winners { n_replicates: self.n_replicates, rows, same_bills: self.same_bills, drawn_apart })
    }
}

fn add(sum: &mut Vec<Tally>, more: &[Tally]) {
    sum.resize(more.len(), Tally::default());
    sum.iter_mut().zip(more).for_each(|(sum, more)| sum.add(more));
}

/// Who gets the same stands beside those who do not, and is of no interest in a year in which nobody is of these.
fn rows_of(county: Option<usize>, tallies: &Tallies) -> Vec<WinnersRow> {
    let moved: BTreeSet<u16> =
        tallies.keys().filter(|whom| whom.direction != Direction::Same).map(|whom| whom.year).collect();
    let shown = tallies.iter().filter(|(whom, _)| moved.contains(&whom.year));
    shown.filter_map(|(whom, tallies)| row(county, *whom, tallies)).collect()
}

fn row(county: Option<usize>, whom: Whom, tallies: &[Tally]) -> Option<WinnersRow> {
    let persons: Vec<i64> = tallies.iter().map(|tally| tally.persons).collect();
    let fen: Vec<i64> = tallies.iter().map(|tally| tally.fen).collect();
    let (mean_yuan, mean_error_yuan) = mean_change(&persons, &fen)?;
    Some(WinnersRow {
        county,
        whom,
        persons: Estimate::of(&persons, 1)?,
        yuan: Estimate::of(&fen, 100)?,
        mean_yuan,
        mean_error_yuan,
        largest_fen: tallies.iter().map(|tally| tally.largest).max().unwrap_or_default(),
    })
}

/// The change of one person on average over all replicates, with its standard error, yuan: a ratio r of two means, of which
/// the error is that of the residuals, √(Σ(y − r x)² / (n (n − 1))) / x̄ (Cochran, Sampling Techniques, 6.4).
#[expect(clippy::cast_precision_loss, reason = "statistics")]
fn mean_change(persons: &[i64], fen: &[i64]) -> Option<(f64, Option<f64>)> {
    let (n, all) = (persons.len() as f64, persons.iter().sum::<i64>());
    if all == 0 {
        return None;
    }
    let ratio = fen.iter().sum::<i64>() as f64 / 100.0 / all as f64;
    let residual = |(&persons, &fen): (&i64, &i64)| (fen as f64 / 100.0 - ratio * persons as f64).powi(2);
    let squares: f64 = persons.iter().zip(fen).map(residual).sum();
    let error = (persons.len() > 1).then(|| (squares / (n * (n - 1.0))).sqrt() / (all as f64 / n));
    Some((ratio, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::winners::Group;

    const fn tally(persons: i64, fen: i64, largest: i64) -> Tally {
        Tally { persons, fen, largest }
    }

    /// Two replicates: 2 persons who gain 300 yuan, the one 200 and the other 100, then 4 who gain 500, the largest 240.
    /// Together 800 yuan for 6 persons: 133.33 each; residuals 300 − 266.67 and 500 − 533.33, so that the error is
    /// √(2 · 33.33² / 2) / 3 = 11.11.
    #[test]
    fn exact_persons_sums_and_means_by_hand() {
        let mut builder = WinnersBuilder {
            years: vec![2024],
            n_replicates: 2,
            absence: None,
            counties: BTreeMap::new(),
            together: Tallies::new(),
            same_bills: true,
            drawn_apart: 0,
        };
        let group =
            |category, direction, size| Group { year: 0, kind: Kind::Assistance, category, direction, size };
        let groups = [
            (group(0, Direction::More, 1), vec![tally(1, 20_000, 20_000), tally(4, 50_000, 24_000)]),
            (group(1, Direction::More, 0), vec![tally(1, 10_000, 10_000), tally(0, 0, 0)]),
            (group(1, Direction::Less, 0), vec![tally(1, -100, 100), tally(0, 0, 0)]),
            (group(1, Direction::Same, 0), vec![tally(9, 0, 0), tally(9, 0, 0)]),
        ];
        let touched = vec![3, 4];
        let change =
            CountyChange { county: 3, groups: groups.into(), touched, same_bills: true, drawn_apart: 0 };
        builder.add(Ok(change));
        let winners = builder.finish().unwrap();
        let all = winners.all(None, (2024, Kind::Assistance, Direction::More)).unwrap();
        assert!((all.persons.mean - 3.0).abs() < 1e-12 && (all.yuan.mean - 400.0).abs() < 1e-12);
        assert!((all.persons.standard_error.unwrap() - 1.0).abs() < 1e-12);
        assert!((all.mean_yuan - 400.0 / 3.0).abs() < 1e-9);
        assert!((all.mean_error_yuan.unwrap() - 100.0 / 9.0).abs() < 1e-9);
        assert_eq!(all.largest_fen, 24_000);
        // Nobody is hidden: the loser stands beside the winners of the same category.
        let less = winners.all(Some(3), (2024, Kind::Assistance, Direction::Less)).unwrap();
        assert!((less.persons.mean - 0.5).abs() < 1e-12 && (less.yuan.mean + 0.5).abs() < 1e-12);
        // Of who gains: all, two sizes, two categories, and the size of each category; of the county and of all counties.
        let gains = winners.rows.iter().filter(|row| row.whom.direction == Direction::More);
        assert_eq!(gains.count(), 2 * 7);
    }
}
