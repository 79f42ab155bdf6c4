//! Memory of the kernels of bills.
//!
//! A kernel writes the columns of one structure and reads those of others: so it is known that what it writes is not
//! what it reads, wherever in a table that is, and loops become vectors. Structures begin where the widest vectors
//! do, so that no vector lies across two lines of the cache.

use super::lanes::Words;

/// Bills that are worked on together.
pub(super) const ROWS: usize = 256;

/// Persons whose bills are made together, so that few chunks are not full.
pub(super) const MANY: usize = 1024;

/// Bits of a person among them.
pub(super) const PERSON_BITS: u32 = 10;

/// Chunks are filled up to a multiple of this, so that no bill is worked on alone.
pub(super) const LANES: usize = 16;

/// The most bills of a kind of these persons, and room to read beyond them.
pub(super) const MOST: usize = MANY * 52 + ROWS;

/// A number of rows filled up.
#[inline(always)]
pub(super) fn filled_up(n: usize) -> usize {
    n.min(ROWS).div_ceil(LANES) * LANES
}

/// Everything that kernels write for one another.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) holders: Holders,
    pub(super) factor: Factors,
    pub(super) lists: Lists,
    pub(super) chunk: Chunk,
    pub(super) quarters: super::quarters::Quarters,
    pub(super) costly: super::ordinary::Numbers,
}

/// What bills need to know of their persons.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Holders {
    pub(super) number: [u32; MANY],
    /// First and last month in a byte.
    pub(super) presence: [u32; MANY],
    pub(super) group: [u32; MANY],
    pub(super) risk: [f64; MANY],
    /// The condition plus one.
    pub(super) condition: [u32; MANY],
    pub(super) stays: [u8; MANY],
}

/// By person: log factor on the cost of a stay.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Factors(pub(super) [f64; MANY]);

/// Persons with a kind of bill, and bills of persons.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Lists {
    /// Persons with a condition, special chronic disease, general outpatient care.
    pub(super) condition: [u32; MANY],
    pub(super) chronic: [u32; MANY],
    pub(super) outpatient: [u32; MANY],
    /// By stay: the person, and above its bits which of the person's stays it is.
    pub(super) stays: [u16; MOST],
}

/// Some bills between the steps.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Chunk {
    pub(super) number: [u32; ROWS],
    /// Which of its person's it is.
    pub(super) order: [u32; ROWS],
    pub(super) presence: [u32; ROWS],
    /// A table's row.
    pub(super) row: [u32; ROWS],
    pub(super) words: Words<ROWS>,
    /// Blocks half drawn.
    pub(super) half: [[u64; ROWS]; 4],
    /// Words of the level and of the place within it.
    pub(super) places: [[u32; ROWS]; 2],
    pub(super) log_factor: [f64; ROWS],
    pub(super) shape: [f64; ROWS],
    pub(super) setting: [u32; ROWS],
    /// Between the steps of a function, and of a date: loops of a few instructions each, because a processor sees
    /// no more than a hundred ahead and would wait for one step before the next.
    pub(super) x: [f64; ROWS],
    pub(super) y: [f64; ROWS],
    pub(super) k: [f64; ROWS],
    pub(super) s: [f64; ROWS],
    pub(super) month: [u32; ROWS],
    pub(super) of_month: [u32; ROWS],
    pub(super) quantile: [u32; ROWS],
    /// One where the tables do not decide.
    pub(super) undecided: [u8; ROWS],
    pub(super) found: [u8; ROWS + 64],
    // What becomes of them: the columns of a section.
    pub(super) total: [f64; ROWS],
    pub(super) out_of_scope: [f64; ROWS],
    pub(super) code: [u8; ROWS],
    pub(super) day: [u16; ROWS],
    pub(super) span: [u8; ROWS],
    pub(super) days: [u8; ROWS],
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            holders: Holders {
                number: [0; MANY],
                presence: [0x1C; MANY],
                group: [0; MANY],
                risk: [0.0; MANY],
                condition: [0; MANY],
                stays: [0; MANY],
            },
            factor: Factors([0.0; MANY]),
            lists: Lists {
                condition: [0; MANY],
                chronic: [0; MANY],
                outpatient: [0; MANY],
                stays: [0; MOST],
            },
            chunk: Chunk {
                number: [0; ROWS],
                order: [0; ROWS],
                presence: [0; ROWS],
                row: [0; ROWS],
                words: [[0; ROWS]; 4],
                half: [[0; ROWS]; 4],
                places: [[0; ROWS]; 2],
                log_factor: [0.0; ROWS],
                shape: [0.0; ROWS],
                setting: [0; ROWS],
                x: [0.0; ROWS],
                y: [0.0; ROWS],
                k: [0.0; ROWS],
                s: [0.0; ROWS],
                month: [0; ROWS],
                of_month: [0; ROWS],
                quantile: [0; ROWS],
                undecided: [0; ROWS],
                found: [0; ROWS + 64],
                total: [0.0; ROWS],
                out_of_scope: [0.0; ROWS],
                code: [0; ROWS],
                day: [0; ROWS],
                span: [0; ROWS],
                days: [0; ROWS],
            },
            quarters: super::quarters::Quarters::EMPTY,
            costly: super::ordinary::Numbers::EMPTY,
        }
    }
}

impl Lists {
    /// Lists a row for each stay of some persons; gives the number of stays.
    #[inline(always)]
    pub(super) fn expand(&mut self, stays: &[u8]) -> usize {
        let mut end = 0;
        for (person, stays) in (0_u16..).zip(stays) {
            // Four at once without a branch: few persons have more.
            if let Some(four) = self.stays[end..].first_chunk_mut::<4>() {
                *four = [0, 1, 2, 3].map(|order| person | order << PERSON_BITS);
            }
            for stay in 4..u16::from(*stays) {
                self.stays[end + usize::from(stay)] = person | stay << PERSON_BITS;
            }
            end += usize::from(*stays);
        }
        end
    }
}
