//! Whom verification confirms and whose application is approved, for all ordinary residents of a tile at once.

use super::super::household::APPROVAL;
use super::super::lane::Lane;
use super::super::scene::Scene;
use super::{Resident, Subjects};
use crate::instruction_set::{Instructions, Kernel};
use crate::policy::tile::{BLOCK, PERSONS};
use crate::rng::{Lanes, Purpose, threshold};

/// Decisions by person, as bits.
#[derive(Debug)]
pub struct Luck {
    /// Bit of each watch list that would confirm the person.
    pub confirmed: [u32; PERSONS],
    /// Not zero: an application would be approved.
    pub approved: [u32; PERSONS],
    /// Keys of the persons.
    keys: [u32; PERSONS],
}

impl Default for Luck {
    fn default() -> Self {
        Self { confirmed: [0; PERSONS], approved: [0; PERSONS], keys: [0; PERSONS] }
    }
}

impl Luck {
    /// Whether a person is an ordinary resident whose application would be approved.
    #[inline]
    pub fn may_apply(&self, subjects: Subjects<'_>, person: usize) -> bool {
        matches!(subjects, Subjects::Costly(..)) && self.approved[person] != 0
    }

    /// Draws the decisions for ordinary residents, at most as many as a tile holds.
    pub fn draw(&mut self, instructions: Instructions, scene: Scene<'_, '_>, residents: &[Resident]) {
        let lanes = scene.ctx.draws.lanes(scene.key(0), Purpose::Recognition);
        let lane: &Lane<'_> = scene.lane;
        let n = residents.len().next_multiple_of(BLOCK).min(PERSONS);
        for (key, resident) in self.keys.iter_mut().zip(residents) {
            *key = resident.key;
        }
        let persons = &self.keys;
        self.confirmed = [0; PERSONS];
        let decide = |index, probability, bits: &mut [u32; PERSONS], bit| {
            instructions.run(Decide { lanes, persons, index, below: threshold(probability), bit, n, bits });
        };
        for (number, watch) in lane.schedule(scene.year).watches.iter().enumerate().take(32) {
            if watch.recognised_as.is_some() {
                let share = watch.verification_share.as_f64();
                decide(number as u32, share, &mut self.confirmed, 1 << number);
            }
        }
        self.approved = [0; PERSONS];
        if lane.has_applications(scene.year) {
            decide(APPROVAL, lane.test.approval_share, &mut self.approved, 1);
        }
    }
}

/// Sets a bit for the persons whose word is below a threshold.
struct Decide<'a> {
    lanes: Lanes,
    persons: &'a [u32; PERSONS],
    index: u32,
    below: u64,
    bit: u32,
    n: usize,
    bits: &'a mut [u32; PERSONS],
}

impl Kernel for Decide<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for i in 0..self.n.min(PERSONS) {
            let [word, ..] = self.lanes.block(self.persons[i], self.index);
            let yes = u32::from(u64::from(word) < self.below).wrapping_neg();
            self.bits[i] |= self.bit & yes;
        }
    }
}
