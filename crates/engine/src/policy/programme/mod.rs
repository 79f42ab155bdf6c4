//! A year's rules compiled to a flat programme: one cell of numbers for every way in which a claim can be settled.
//!
//! What a claim is paid under depends on whose it is (schedule, identities, insurance, traits, age) and on what it is
//! (kind and setting). The first is a **standing**, of which a county has a few dozen; with the 128 kinds and
//! settings a standing has 128 **cells**. A cell holds every value that the settlement needs, with all
//! conditions and adjustments resolved, so that the [tile](super::tile) settles claims without asking what rules
//! there are: rules stay data. A rule of a shape that cells cannot hold makes its cells irregular, and persons
//! with such a claim are left to the plain settlement. So does whatever bounds a person in rare years only.

mod choice;
mod compile;

use super::schedule::{RuleId, Setting};

pub use compile::{Compiler, MOST_FEN, claim_of};

/// Kinds and settings of one standing.
pub const CODES: usize = 4 * Setting::COUNT;
/// The most standings of one programme; the last two are kept for no claim and for what a cell cannot hold.
pub const STANDINGS: usize = 64;
/// Cells of a programme.
pub const CELLS: usize = STANDINGS * CODES;
/// The most pools that payments of one programme can share.
pub const POOLS: usize = 6;
/// Rules of regular assistance that can follow each other on one claim.
pub const SLOTS: usize = 2;
/// Payments of one claim: hospital, basic insurance, critical-illness insurance, then assistance.
pub const PAYMENTS: usize = 3 + SLOTS;

/// The numbers of one cell, two to a word; see `Words`.
pub type Cell = [u64; 8];

/// The values of a cell by name, before they are packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Words {
    basic_ratio: u32,
    patient_share: u32,
    first_deductible: u32,
    later_deductible: u32,
    critical_deductible: u32,
    kind_cap: u32,
    slots: [Slot; SLOTS],
    info: u32,
}

/// One rule of regular assistance in a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Slot {
    ratio: u32,
    deductible: u32,
    cap: u32,
    claim_deductible: u32,
    within_cap: u32,
}

/// Bits of the last word of a cell.
pub mod info {
    /// Kind of claim: the two lowest bits.
    pub const KIND: u32 = 0b11;
    /// The patient's part counts for critical-illness insurance.
    pub const CRITICAL: u32 = 1 << 2;
    /// The cell cannot hold its rules.
    pub const IRREGULAR: u32 = 1 << 3;
    /// The second rule of assistance applies to what the first left.
    pub const AFTER: u32 = 1 << 4;
    /// Where the pools of the slots stand: three bits each, own pool and further pool of each slot.
    pub const POOL: [u32; 2] = [5, 11];
    /// The further pools.
    pub const WITHIN: [u32; 2] = [8, 14];
    /// Where the account stands.
    pub const ACCOUNT: u32 = 17;
}

impl Words {
    fn pack(&self) -> Cell {
        let pair = |low: u32, high: u32| u64::from(low) | (u64::from(high) << 32);
        let [first, second] = self.slots;
        [
            pair(self.basic_ratio, self.patient_share),
            pair(self.first_deductible, self.later_deductible),
            pair(self.critical_deductible, self.kind_cap),
            pair(first.ratio, first.deductible),
            pair(first.cap, first.claim_deductible),
            pair(first.within_cap, self.info),
            pair(second.ratio, second.deductible),
            pair(second.cap, second.claim_deductible),
        ]
    }
}

/// Which rules the payments of a cell are made by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// The rule of each payment.
    pub rules: [Option<RuleId>; PAYMENTS],
    /// Which of [`Programme::adjusted_by`] changed it.
    pub adjusted: [u8; PAYMENTS],
}

/// Bands of critical-illness insurance in a cell: upper ends in fen and ratios in millionths.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Where the first band begins.
    pub from: f64,
    /// Bands from there upwards: upper end and ratio.
    pub bands: Vec<(f64, f64)>,
}

/// What holds for all claims of a standing.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// In-scope self-pay of the year from which tilt assistance may pay; infinite where there is none.
    pub tilt_from_fen: f64,
    /// The watch lists that name who has this standing in the month of admission.
    pub named: u32,
}

/// The programme of one county and year.
#[derive(Debug, Clone)]
pub struct Programme {
    /// The cells, by standing and code.
    pub cells: Box<[Cell; CELLS]>,
    /// The bands of each cell.
    pub band_of: Box<[u32; CELLS]>,
    /// The indicators whose claims a cell holds, as bits.
    pub indicators_of: Box<[u8; CELLS]>,
    /// Bands.
    pub bands: Vec<Bands>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Sets of rules that change a payment; the first is empty.
    pub adjusted_by: Vec<Vec<RuleId>>,
    /// Standings.
    pub standings: Vec<Standing>,
    /// Whether basic insurance of any kind of claim has a cap that binds now and then.
    pub caps_kinds: bool,
    /// How many pools are shared.
    pub n_pools: usize,
    /// Whether any claim has two rules of assistance.
    pub two_slots: bool,
    /// In-scope self-pay from which persons whose standing changes in the year are settled plainly: where something is
    /// paid on what a cap cut off, a cap may be reached under other terms than those at which it cuts off.
    pub moving_from_fen: f64,
    /// Persons whose bills of the year add up to more are settled plainly: up to there floats are exact.
    pub most_fen: f64,
    /// Persons to whom basic insurance would pay more are settled plainly: up to there no annual cap binds.
    pub basic_cap_fen: f64,
    /// The same for critical-illness insurance.
    pub critical_cap_fen: f64,
}

/// The standing of what a programme cannot hold.
pub const IRREGULAR: u16 = (STANDINGS - 1) as u16;
/// The cell of no claim: nothing is paid.
pub const EMPTY: u32 = ((STANDINGS - 2) * CODES) as u32;

impl Programme {
    /// The account of a cell.
    #[must_use]
    pub fn account(&self, cell: usize) -> usize {
        ((self.cells[cell % CELLS][5] >> 32) as u32 >> info::ACCOUNT) as usize
    }
}
