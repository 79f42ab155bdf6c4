//! Who pays the bills of each category, and how unequal bills are: persons of some replicates, looked at one by one.

use std::collections::BTreeMap;

use crate::simulation::bills::{ByPayer, CountyBills, Payer, Sizes};
use crate::stats::Estimate;

/// The largest bills whose share is told: of so many of the persons.
pub const TOPS: [f64; 23] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65,
    0.7, 0.75, 0.8, 0.9, 1.0,
];

/// What a payer pays of the bills of a category.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PayerRow {
    /// The county; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// Position among the categories, ordinary residents last.
    pub category: usize,
    /// Who pays.
    pub payer: Payer,
    /// How much.
    pub yuan: Estimate,
}

/// The share of all bills that the persons with the largest have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LorenzRow {
    /// The county; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// How many of the persons, as a share.
    pub top: f64,
    /// The share of the bills.
    pub share: Estimate,
    /// Persons with bills, all of them.
    pub persons: Estimate,
}

/// What was seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bills {
    /// By county, then all counties.
    pub payers: Vec<PayerRow>,
    /// By county, then all counties.
    pub lorenz: Vec<LorenzRow>,
    /// Replicates whose persons were looked at; 0 where it was not asked for.
    pub n_replicates: usize,
}

/// Takes the bills of county after county.
#[derive(Debug)]
pub struct BillsBuilder {
    years: Vec<u16>,
    n_replicates: usize,
    bills: Bills,
    paid: BTreeMap<(usize, usize), Vec<ByPayer>>,
    sizes: Vec<Vec<Sizes>>,
    n_counties: usize,
}

impl BillsBuilder {
    /// For bills of these years and so many replicates.
    #[must_use]
    pub fn new(years: &[u16], n_replicates: usize) -> Self {
        let sizes = vec![vec![Sizes::default(); n_replicates]; years.len()];
        let bills = Bills { n_replicates, ..Bills::default() };
        Self { years: years.to_vec(), n_replicates, bills, paid: BTreeMap::new(), sizes, n_counties: 0 }
    }

    /// Adds a county.
    pub fn add(&mut self, county: &CountyBills) {
        self.put(Some(county.county), &county.paid, &county.sizes);
        for (key, paid) in &county.paid {
            let sums = self.paid.entry(*key).or_insert_with(|| vec![ByPayer::default(); self.n_replicates]);
            for (sums, paid) in sums.iter_mut().zip(paid) {
                sums.iter_mut().zip(paid).for_each(|(sum, fen)| *sum += fen);
            }
        }
        for (sums, sizes) in self.sizes.iter_mut().flatten().zip(county.sizes.iter().flatten()) {
            sums.join(sizes);
        }
        self.n_counties += 1;
    }

    /// What was seen, all counties behind.
    #[must_use]
    pub fn finish(mut self) -> Bills {
        let (paid, sizes) = (std::mem::take(&mut self.paid), std::mem::take(&mut self.sizes));
        self.put(None, &paid, &sizes);
        self.bills
    }

    fn put(
        &mut self,
        county: Option<usize>,
        paid: &BTreeMap<(usize, usize), Vec<ByPayer>>,
        sizes: &[Vec<Sizes>],
    ) {
        for (&(year, category), paid) in paid {
            for payer in Payer::ALL {
                let fen: Vec<i64> = paid.iter().map(|fen| fen[payer as usize]).collect();
                let Some(yuan) = Estimate::of(&fen, 100) else { continue };
                let year = self.years[year];
                self.bills.payers.push(PayerRow { county, year, category, payer, yuan });
            }
        }
        for (&year, sizes) in self.years.iter().zip(sizes) {
            let persons: Vec<i64> = sizes.iter().map(Sizes::persons).collect();
            let Some(persons) = Estimate::of(&persons, 1) else { continue };
            for top in TOPS {
                // In millionths, so that sums are exact.
                #[expect(clippy::cast_possible_truncation, reason = "at most a million")]
                let shares: Vec<i64> = sizes
                    .iter()
                    .filter_map(|one| one.of_top(top))
                    .map(|share| (share * 1e6).round() as i64)
                    .collect();
                if let Some(share) = Estimate::of(&shares, 1_000_000) {
                    self.bills.lorenz.push(LorenzRow { county, year, top, share, persons });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two counties of one person each, in two replicates: 100 and 300 yuan of basic insurance; then nothing and 300. Of all
    /// counties the larger half has 300 of 400, and all of 300.
    #[test]
    fn exact_counties_are_added_up_within_each_replicate() {
        let county = |county: usize, fen: [i64; 2]| {
            let paid = fen.map(|fen| [fen, 0, 0, 0, 0, 0]).to_vec();
            let sizes = fen.map(|fen| {
                let mut sizes = Sizes::default();
                sizes.add(1, fen);
                sizes
            });
            CountyBills { county, paid: BTreeMap::from([((0, 1), paid)]), sizes: vec![sizes.to_vec()] }
        };
        let mut builder = BillsBuilder::new(&[2024], 2);
        builder.add(&county(3, [10_000, 0]));
        builder.add(&county(4, [30_000, 30_000]));
        let bills = builder.finish();
        let of = |county: Option<usize>| {
            bills.payers.iter().find(|row| row.county == county && row.payer == Payer::Basic).unwrap().yuan
        };
        assert!((of(Some(3)).mean - 50.0).abs() < 1e-9 && (of(None).mean - 350.0).abs() < 1e-9);
        assert!((of(None).standard_error.unwrap() - 50.0).abs() < 1e-9);
        let half =
            bills.lorenz.iter().find(|row| row.county.is_none() && (row.top - 0.5).abs() < 1e-9).unwrap();
        // One of two has three quarters; of one, half a person has half.
        assert!((half.share.mean - 0.625).abs() < 1e-6 && (half.persons.mean - 1.5).abs() < 1e-9);
    }
}
