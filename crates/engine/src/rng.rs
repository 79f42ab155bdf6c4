//! Keyed, counter-based draws: the only maker of random numbers.
//!
//! Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
//! doi:10.1145/2063384.2063405) turns a 64-bit key and a 128-bit counter into four 32-bit words. The key is the
//! seed, the counter is (person, replicate, county and year, purpose and index): a draw depends on nothing
//! else, so results are the same for any number of threads, any split and any order, and a person has the same
//! luck under every policy.

use std::convert::Infallible;

use rand::rand_core::TryRng;

/// What a draw is for. The number is part of the key: a changed number is a change of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Composition of the synthetic population.
    Population = 1,
    /// Uncertain parameters of a replicate.
    Parameter = 2,
    /// The common shock of a year.
    YearShock = 3,
    /// The shock of one county in one year.
    CountyYearShock = 4,
    /// What of a person's risk does not change between years.
    Frailty = 5,
    /// A person's year: number of admissions, innovation of the risk, onset and end of conditions.
    PersonYear = 6,
    /// One inpatient stay.
    Stay = 7,
    /// Bills of a special chronic condition.
    Chronic = 8,
    /// Bills of a major condition.
    Major = 9,
    /// General outpatient bills.
    Outpatient = 10,
    /// Number of ordinary residents with a costly year.
    OrdinaryCount = 11,
    /// Attributes of one such resident.
    OrdinaryPerson = 12,
    /// Verification of watch lists and approval of applications.
    Recognition = 13,
    /// Who has already paid the contribution of the year in which they are recognised.
    Enrolment = 14,
    /// Whether an ordinary resident with a costly year is on the rural register.
    Residence = 15,
    /// Which listed disease a stay is for.
    Disease = 16,
    /// Uncertain revenue of a fund.
    Revenue = 17,
    /// Uncertain numbers of persons by category.
    Counts = 18,
    /// The order in which the changes of a comparison are switched on.
    Order = 19,
}

/// The draws of one seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    seed: u64,
}

/// Whose draw it is: one row of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Number of the person in the county.
    pub person: u32,
    /// Number of the replicate.
    pub replicate: u32,
    /// Administrative code of the county, below 2^20.
    pub county: u32,
    /// Calendar year, below 2^12; 0 for what holds in every year.
    pub year: u16,
}

impl Draws {
    /// The draws of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Four independent words, uniform on 0..2^32: block `index` of this key and purpose.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the seed")]
    pub const fn block(&self, key: Key, purpose: Purpose, index: u32) -> [u32; 4] {
        let counter = [
            key.person,
            key.replicate,
            (key.county << 12) | (key.year as u32 & 0xFFF),
            ((purpose as u32) << 24) | (index & 0x00FF_FFFF),
        ];
        philox4x32_10(counter, [self.seed as u32, (self.seed >> 32) as u32])
    }

    /// The blocks of many persons of one replicate, county and year side by side; the person of the key is not read.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the seed")]
    pub const fn lanes(&self, key: Key, purpose: Purpose) -> Lanes {
        Lanes {
            key: [self.seed as u32, (self.seed >> 32) as u32],
            replicate: key.replicate,
            place: (key.county << 12) | (key.year as u32 & 0xFFF),
            purpose: (purpose as u32) << 24,
        }
    }

    /// A generator over the blocks of this key and purpose, for the samplers of libraries.
    #[must_use]
    pub const fn stream(&self, key: Key, purpose: Purpose) -> Stream {
        Stream { draws: *self, key, purpose, next_block: 0, words: [0; 4], used: 4 }
    }
}

/// What the draws of many persons share; a loop over [`Lanes::block`] becomes vector code.
#[derive(Debug, Clone, Copy)]
pub struct Lanes {
    key: [u32; 2],
    replicate: u32,
    place: u32,
    purpose: u32,
}

impl Lanes {
    /// The same words as [`Draws::block`] with this person and index.
    #[must_use]
    #[inline(always)]
    pub const fn block(&self, person: u32, index: u32) -> [u32; 4] {
        self.finish(self.begin(person, index))
    }

    /// The first half of the rounds of a block: for loops of one half each, because a processor sees no more than a
    /// block ahead and would wait for one round before the next.
    #[must_use]
    #[inline(always)]
    pub const fn begin(&self, person: u32, index: u32) -> [u64; 4] {
        let index = (self.purpose | (index & 0x00FF_FFFF)) as u64;
        self.five_rounds(0, [person as u64, self.replicate as u64, self.place as u64, index])
    }

    /// The words of a block from the first half of its rounds.
    #[must_use]
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the low half is the word")]
    pub const fn finish(&self, half: [u64; 4]) -> [u32; 4] {
        let [c0, c1, c2, c3] = self.five_rounds(5, half);
        [c0 as u32, c1 as u32, c2 as u32, c3 as u32]
    }

    /// Five rounds, of which `before` have gone before.
    ///
    /// Counters stand in 64 bits and are never cut to 32: the product reads only the low half of each, which is
    /// one instruction for all lanes, and what stands in the high halves is left over from earlier products.
    #[inline(always)]
    const fn five_rounds(&self, before: u32, [mut c0, mut c1, mut c2, mut c3]: [u64; 4]) -> [u64; 4] {
        const LOW: u64 = 0xFFFF_FFFF;
        let mut key_0 = self.key[0].wrapping_add(0x9E37_79B9_u32.wrapping_mul(before));
        let mut key_1 = self.key[1].wrapping_add(0xBB67_AE85_u32.wrapping_mul(before));
        let mut round = 0;
        while round < 5 {
            let product_0 = (c0 & LOW) * 0xD251_1F53;
            let product_1 = (c2 & LOW) * 0xCD9E_8D57;
            c0 = (product_1 >> 32) ^ c1 ^ key_0 as u64;
            c1 = product_1;
            c2 = (product_0 >> 32) ^ c3 ^ key_1 as u64;
            c3 = product_0;
            key_0 = key_0.wrapping_add(0x9E37_79B9);
            key_1 = key_1.wrapping_add(0xBB67_AE85);
            round += 1;
        }
        [c0, c1, c2, c3]
    }
}

/// A generator that reads the blocks of one key and purpose in order.
#[derive(Debug, Clone)]
pub struct Stream {
    draws: Draws,
    key: Key,
    purpose: Purpose,
    next_block: u32,
    words: [u32; 4],
    used: usize,
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        if self.used == 4 {
            self.words = self.draws.block(self.key, self.purpose, self.next_block);
            self.next_block += 1;
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        Ok(word)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = u64::from(self.try_next_u32()?);
        Ok(low | (u64::from(self.try_next_u32()?) << 32))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            let word = self.try_next_u32()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// The middle of the word's cell on (0, 1): never 0 and never 1.
#[must_use]
#[inline(always)]
pub fn uniform(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// The probability as a threshold: a word below it is a success. One means always, zero never.
#[must_use]
#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=2^32")]
pub fn threshold(probability: f64) -> u64 {
    (probability.clamp(0.0, 1.0) * 4_294_967_296.0) as u64
}

const fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    let mut round = 0;
    while round < 10 {
        if round > 0 {
            key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
        }
        let [high0, low0] = halves(0xD251_1F53, counter[0]);
        let [high1, low1] = halves(0xCD9E_8D57, counter[2]);
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0];
        round += 1;
    }
    counter
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
const fn halves(multiplier: u32, word: u32) -> [u32; 2] {
    let product = multiplier as u64 * word as u64;
    [(product >> 32) as u32, product as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers published with the reference implementation (Random123, `kat_vectors`).
    #[test]
    fn val_philox_known_answers() {
        assert_eq!(philox4x32_10([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox4x32_10([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox4x32_10([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn exact_lanes_give_the_words_of_blocks() {
        let edges = [0, 1, 2, 4095, 4096, 1 << 20, (1 << 31) - 1, 1 << 31, u32::MAX - 1, u32::MAX];
        for seed in [0, 1, 1 << 32, u64::MAX, 0x0123_4567_89AB_CDEF] {
            let draws = Draws::new(seed);
            for (replicate, county, year) in [(0, 0, 0), (7, 450_621, 2024), (u32::MAX, (1 << 20) - 1, 4095)]
            {
                let key = Key { person: 3, replicate, county, year };
                let lanes = draws.lanes(key, Purpose::Stay);
                for person in edges {
                    for index in edges {
                        let wanted = draws.block(Key { person, ..key }, Purpose::Stay, index);
                        assert_eq!(lanes.block(person, index), wanted, "{seed} {key:?} {person} {index}");
                    }
                }
            }
        }
    }

    #[test]
    fn exact_uniform_stays_inside_and_thresholds_reach_both_ends() {
        assert!(uniform(0) > 0.0 && uniform(u32::MAX) < 1.0);
        assert_eq!(threshold(0.0), 0);
        assert_eq!(threshold(1.0), 1 << 32);
        assert_eq!(threshold(0.5), 1 << 31);
    }

    #[test]
    fn exact_each_part_of_the_key_changes_the_draw() {
        let draws = Draws::new(7);
        let key = Key { person: 1, replicate: 2, county: 450_621, year: 2023 };
        let block = draws.block(key, Purpose::Stay, 0);
        for other in [
            Key { person: 2, ..key },
            Key { replicate: 3, ..key },
            Key { county: 450_681, ..key },
            Key { year: 2024, ..key },
        ] {
            assert_ne!(draws.block(other, Purpose::Stay, 0), block);
        }
        assert_ne!(draws.block(key, Purpose::Chronic, 0), block);
        assert_ne!(draws.block(key, Purpose::Stay, 1), block);
        assert_ne!(Draws::new(8).block(key, Purpose::Stay, 0), block);
    }
}
