//! The first claims of a block's persons in columns, one for each round, and sorted for all persons at once.

#![expect(
    clippy::needless_range_loop,
    reason = "columns of one length, indexed alike: so loops become vectors"
)]

use crate::instruction_set::Kernel;
use crate::policy::tile::{BILLS, BLOCK, COLUMNS, Claims, Columns, PERSONS};

/// Where the keys of each person stand, by place.
#[derive(Debug)]
#[repr(align(64))]
pub struct SourceColumns {
    /// Claims.
    pub n: [u32; PERSONS],
    /// The first stay, and how many there are; or all keys, sorted already.
    pub stays: [u32; PERSONS],
    /// How many stays.
    pub n_stays: [u32; PERSONS],
    /// The first bill of special chronic disease.
    pub chronic: [u32; PERSONS],
    /// How many of these.
    pub n_chronic: [u32; PERSONS],
    /// The bill of general outpatient care, where claims are left.
    pub outpatient: [u32; PERSONS],
}

impl Default for SourceColumns {
    fn default() -> Self {
        let none = [0; PERSONS];
        Self { n: none, stays: none, n_stays: none, chronic: none, n_chronic: none, outpatient: none }
    }
}

/// Takes the keys of a block's persons into columns and sorts them.
pub struct Arrange<'a> {
    /// The claims; the bills are there.
    pub claims: &'a mut Claims,
    /// Whose keys stand where.
    pub sources: &'a SourceColumns,
    /// The block.
    pub block: usize,
}

impl Kernel for Arrange<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { claims, sources, block } = self;
        let rounds = claims.rounds_of(block);
        let Claims { keys, columns, .. } = claims;
        let columns = &mut columns[block];
        for round in 0..rounds.min(COLUMNS) {
            take_round(keys, sources, (block, round), &mut columns[round]);
        }
        columns[rounds.min(COLUMNS)..].iter_mut().for_each(|column| column.fill(u32::MAX));
        match rounds {
            0 | 1 => {}
            2 => order::<0, 1>(columns),
            3 | 4 => sort_four(columns),
            _ => sort_eight(columns),
        }
    }
}

/// The keys of one round before they are sorted: stays, then chronic bills, then general outpatient care.
#[inline(always)]
fn take_round(
    keys: &[u32; BILLS],
    sources: &SourceColumns,
    (block, round): (usize, usize),
    column: &mut [u32; BLOCK],
) {
    let round = round as u32;
    for i in 0..BLOCK {
        let at = block * BLOCK + i;
        let (stays, chronic) = (sources.n_stays[at], sources.n_chronic[at]);
        let stay = sources.stays[at] + round;
        let quarter = (sources.chronic[at] + round).wrapping_sub(stays);
        let other = (sources.outpatient[at] + round).wrapping_sub(stays + chronic);
        let bill = if round < stays + chronic { quarter } else { other };
        let bill = if round < stays { stay } else { bill };
        let none = u32::from(round >= sources.n[at]).wrapping_neg();
        column[i] = keys[bill as usize % BILLS] | none;
    }
}

/// Sorts four columns for each person.
#[inline(always)]
fn sort_four(columns: &mut Columns) {
    order::<0, 1>(columns);
    order::<2, 3>(columns);
    order::<0, 2>(columns);
    order::<1, 3>(columns);
    order::<1, 2>(columns);
}

/// Sorts eight columns for each person, by Batcher's merges of odd and even ones.
#[inline(always)]
fn sort_eight(columns: &mut Columns) {
    sort_four(columns);
    order::<4, 5>(columns);
    order::<6, 7>(columns);
    order::<4, 6>(columns);
    order::<5, 7>(columns);
    order::<5, 6>(columns);
    order::<0, 4>(columns);
    order::<1, 5>(columns);
    order::<2, 6>(columns);
    order::<3, 7>(columns);
    order::<2, 4>(columns);
    order::<3, 5>(columns);
    order::<1, 2>(columns);
    order::<3, 4>(columns);
    order::<5, 6>(columns);
}

/// The smaller key of each person into the first of two columns, the larger into the second.
#[inline(always)]
fn order<const LOW: usize, const HIGH: usize>(columns: &mut Columns) {
    for i in 0..BLOCK {
        let (a, b) = (columns[LOW][i], columns[HIGH][i]);
        columns[LOW][i] = if a < b { a } else { b };
        columns[HIGH][i] = if a < b { b } else { a };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network sorts everything if it sorts all rows of zeros and ones.
    #[test]
    fn exact_columns_are_sorted() {
        for first in (0..1_u32 << COLUMNS).step_by(BLOCK) {
            let mut columns: Columns =
                std::array::from_fn(|column| std::array::from_fn(|i| (first + i as u32) >> column & 1));
            let mut four = columns;
            sort_eight(&mut columns);
            sort_four(&mut four);
            for i in 0..BLOCK {
                assert!((1..COLUMNS).all(|column| columns[column - 1][i] <= columns[column][i]), "{i}");
                assert!((1..4).all(|column| four[column - 1][i] <= four[column][i]), "{i}");
            }
        }
    }
}
