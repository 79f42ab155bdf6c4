//! A year's rules compiled to a flat programme: one cell of numbers for every way in which a claim can be settled.
//!
//! What a claim is paid under depends on whose it is (schedule, identities, insurance, traits, age) and on what it is
//! (kind and setting). The first is a **standing**, of which a county has a few dozen; with the 128 kinds and
//! settings a standing has 128 **cells**. A cell holds every value that the settlement needs, with all
//! conditions and adjustments resolved, so that the [tile](super::tile) settles claims without asking what rules
//! there are: rules stay data. A rule of a shape that cells cannot hold makes its cells irregular, and persons
//! with such a claim are left to the plain settlement. So does whatever bounds a person in rare years only.

use std::collections::BTreeMap;

use super::claim::{Claim, Kind, Person};
use super::schedule::{
    Adjustment, Assistance, At, BasicKind, RuleId, Schedule, Setting, Tilt, TiltShape, YearRules,
};
use crate::policy::claim::Category;
use crate::units::{Day, Fen, Month, Ratio};

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
/// No pool.
const NO_POOL: u32 = 7;
/// The largest sum of a person's bills in a year whose products with ratios a float carries exactly.
const MOST_FEN: i64 = 500_000_000;
/// Caps of basic insurance from here on bind so seldom that whoever could reach them is settled plainly.
const SELDOM_FEN: i64 = 10_000_000;

/// The numbers of one cell, two to a word; see [`Words`].
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
    /// The indicators that count who has it.
    pub counted: u32,
}

/// The programme of one county and year.
#[derive(Debug, Clone)]
pub struct Programme {
    /// The cells, by standing and code.
    pub cells: Box<[Cell; CELLS]>,
    /// The bands of each cell.
    pub band_of: Box<[u16; CELLS]>,
    /// The indicators whose claims a cell holds, as bits.
    pub indicators_of: Box<[u8; CELLS]>,
    /// Bands.
    pub bands: Vec<Bands>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Standings.
    pub standings: Vec<Standing>,
    /// Kinds whose basic insurance has a cap that binds now and then.
    pub capped_kinds: Vec<u32>,
    /// How many pools are shared.
    pub n_pools: usize,
    /// Whether any claim has two rules of assistance.
    pub two_slots: bool,
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

/// Everything that tells one standing from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct StandingKey {
    schedule: usize,
    row: usize,
    protected: bool,
    employee: bool,
    named: u32,
    counted: u32,
    tilt_from: i64,
    included: Vec<bool>,
}

/// Compiles standings as they are asked for.
#[derive(Debug)]
pub struct Compiler<'a> {
    rules: &'a YearRules,
    standings: BTreeMap<StandingKey, u16>,
    accounts: BTreeMap<Account, u32>,
    bands: BTreeMap<(i64, Vec<(i64, i64)>), u16>,
    pools: Vec<usize>,
    programme: Programme,
}

impl<'a> Compiler<'a> {
    /// A compiler of a year's rules.
    #[must_use]
    pub fn new(rules: &'a YearRules) -> Self {
        let irregular = Words { info: info::IRREGULAR, ..Words::default() }.pack();
        let programme = Programme {
            cells: boxed(irregular),
            band_of: boxed(0),
            indicators_of: boxed(0),
            bands: Vec::new(),
            accounts: Vec::new(),
            standings: Vec::new(),
            capped_kinds: Vec::new(),
            n_pools: 0,
            two_slots: false,
            most_fen: MOST_FEN as f64,
            basic_cap_fen: least(rules.schedules.iter().flat_map(basic_caps)),
            critical_cap_fen: least(rules.schedules.iter().flat_map(critical_caps)),
        };
        Self {
            rules,
            standings: BTreeMap::new(),
            accounts: BTreeMap::new(),
            bands: BTreeMap::new(),
            pools: Vec::new(),
            programme,
        }
    }

    /// The standing of a person with these identities under a schedule.
    pub fn standing(&mut self, schedule: usize, held: u32, person: &Person<'_>) -> u16 {
        let key = self.key(schedule, held, person);
        if let Some(&known) = self.standings.get(&key) {
            return known;
        }
        let next = self.standings.len() as u16;
        if next >= IRREGULAR - 1 {
            return IRREGULAR;
        }
        let category = category_of(&self.rules.schedules[schedule], held);
        for code in 0..CODES {
            self.cell((usize::from(next) * CODES + code, code), (schedule, category, &key), person);
        }
        self.programme.standings.push(Standing {
            tilt_from_fen: if key.tilt_from == i64::MAX { f64::INFINITY } else { key.tilt_from as f64 },
            named: key.named,
            counted: key.counted,
        });
        self.standings.insert(key, next);
        next
    }

    /// The programme, with an account for what is irregular.
    #[must_use]
    pub fn finish(mut self) -> Programme {
        self.programme.cells[EMPTY as usize] = [0; 8];
        while self.programme.standings.len() < STANDINGS {
            self.programme.standings.push(Standing { tilt_from_fen: 0.0, named: 0, counted: 0 });
        }
        if self.programme.accounts.is_empty() {
            self.programme.accounts.push(Account::default());
        }
        self.programme.n_pools = self.pools.len();
        self.programme
    }

    fn key(&self, number: usize, held: u32, person: &Person<'_>) -> StandingKey {
        let schedule = &self.rules.schedules[number];
        let row = schedule.row(category_of(schedule, held));
        // Watch lists and indicators are those of the coverage year.
        let of_year = self.rules.of_coverage_year();
        let bits = |n: usize, is: &dyn Fn(usize) -> bool| {
            (0..n.min(32)).filter(|&at| is(at)).fold(0, |bits, at| bits | 1 << at)
        };
        let named = |at: usize| {
            let watch = &of_year.watches[at];
            held & watch.categories != 0 || (held == 0 && watch.ordinary)
        };
        let counted = |at: usize| {
            let indicator = &of_year.indicators[at];
            held & indicator.categories != 0 && indicator.who.includes(person)
        };
        StandingKey {
            schedule: number,
            row,
            protected: schedule.out_of_catalogue.as_ref().is_some_and(|limit| held & limit.categories != 0),
            employee: person.insurance.index() == 1,
            named: bits(of_year.watches.len(), &named),
            counted: bits(of_year.indicators.len(), &counted),
            tilt_from: tilt_from(&schedule.tilts, held, person),
            included: schedule.conditions_of(row).map(|who| who.includes(person)).collect(),
        }
    }

    fn cell(
        &mut self,
        (index, code): (usize, usize),
        (number, category, key): (usize, Category, &StandingKey),
        person: &Person<'_>,
    ) {
        let schedule = &self.rules.schedules[number];
        let claim = claim_of(code);
        let at = At { person, claim: &claim, setting: Setting::of(&claim), category };
        let mut words = Words { info: claim.kind as u32, ..Words::default() };
        let mut account = Account::default();
        scope(schedule, &at, key.protected, (&mut words, &mut account));
        let mut regular = self.basic(schedule, &at, (&mut words, &mut account));
        self.critical(schedule, &at, index, (&mut words, &mut account));
        regular &= self.assistance(schedule, &at, (&mut words, &mut account));
        if !regular {
            words.info |= info::IRREGULAR;
        }
        let next = self.accounts.len() as u32;
        let account_number = *self.accounts.entry(account).or_insert(next);
        if account_number == next {
            self.programme.accounts.push(account);
        }
        words.info |= account_number << info::ACCOUNT;
        self.programme.cells[index] = words.pack();
        let of_year = self.rules.of_coverage_year();
        for (bit, indicator) in of_year.indicators.iter().enumerate().take(8) {
            if key.counted & 1 << bit != 0 && indicator.when.includes(claim.kind, at.setting) {
                self.programme.indicators_of[index] |= 1 << bit;
            }
        }
    }

    /// Step 2; whether the cell can hold it.
    fn basic(
        &mut self,
        schedule: &Schedule,
        at: &At<'_>,
        (words, account): (&mut Words, &mut Account),
    ) -> bool {
        words.kind_cap = u32::MAX;
        let Some(rule) = &schedule.basic(at.person.insurance).kinds[at.claim.kind.index()] else {
            return true;
        };
        account.rules[1] = Some(rule.rule);
        words.basic_ratio = Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at).0 as u32;
        let deductible = |number: usize| deductible(rule, number, at);
        words.first_deductible = saturated(deductible(0));
        words.later_deductible = saturated(deductible(1));
        if rule.annual_cap.0 < SELDOM_FEN {
            words.kind_cap = saturated(rule.annual_cap);
            let kind = at.claim.kind as u32;
            if !self.programme.capped_kinds.contains(&kind) {
                self.programme.capped_kinds.push(kind);
            }
        }
        let same_later = (2..rule.deductible.len()).all(|number| deductible(number) == deductible(1));
        rule.annual_deductible == Fen::ZERO && same_later
    }

    /// Step 3.
    fn critical(
        &mut self,
        schedule: &Schedule,
        at: &At<'_>,
        index: usize,
        (words, account): (&mut Words, &mut Account),
    ) {
        let counts = schedule.critical_kinds & (1 << at.claim.kind as u8) != 0
            && schedule.critical_insurance & (1 << at.person.insurance as u8) != 0;
        if !counts {
            return;
        }
        words.info |= info::CRITICAL;
        let rule = &schedule.critical[schedule.row(at.category)];
        account.rules[2] = Some(rule.rule);
        words.critical_deductible = saturated(rule.deductible);
        let ratio = |ratio: Ratio| Adjustment::apply(&rule.adjustments, ratio, at).0;
        let bands: Vec<(i64, i64)> = rule.bands.iter().map(|band| (band.to.0, ratio(band.ratio))).collect();
        let next = self.bands.len() as u16;
        let number = *self.bands.entry((rule.deductible.0, bands.clone())).or_insert(next);
        if number == next {
            let bands = bands.iter().map(|&(to, ratio)| (to as f64, ratio as f64)).collect();
            self.programme.bands.push(Bands { from: rule.deductible.0 as f64, bands });
        }
        self.programme.band_of[index] = number;
    }

    /// Step 4; whether the cell can hold the rules.
    fn assistance(
        &mut self,
        schedule: &Schedule,
        at: &At<'_>,
        (words, account): (&mut Words, &mut Account),
    ) -> bool {
        words.info |= NO_POOL << info::POOL[0] | NO_POOL << info::WITHIN[0];
        words.info |= NO_POOL << info::POOL[1] | NO_POOL << info::WITHIN[1];
        let applies = |rule: &&Assistance| {
            rule.when.includes(at.claim.kind, at.setting) && rule.who.includes(at.person)
        };
        let rules = schedule.assistance[schedule.row(at.category)].iter().filter(applies);
        for (slot, rule) in rules.enumerate() {
            if slot >= SLOTS || !rule.bands.is_empty() || (slot > 0 && rule.within.is_some()) {
                return false;
            }
            account.rules[3 + slot] = Some(rule.rule);
            let Some(pool) = self.pool(rule.pool) else { return false };
            let mut within_cap = Fen::UNBOUNDED;
            let mut within = NO_POOL;
            if let Some(further) = rule.within {
                let Some(found) = self.pool(further.pool) else { return false };
                (within, within_cap) = (found, further.cap);
            }
            let each = rule
                .claim_deductible
                .as_ref()
                .map_or(Fen::ZERO, |each| Adjustment::deductible(&rule.adjustments, each.at(at.setting), at));
            words.slots[slot] = Slot {
                ratio: Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at).0 as u32,
                deductible: saturated(rule.deductible),
                cap: saturated(rule.annual_cap),
                claim_deductible: saturated(each),
                within_cap: saturated(within_cap),
            };
            let none = NO_POOL << info::POOL[slot] | NO_POOL << info::WITHIN[slot];
            words.info = words.info & !none | pool << info::POOL[slot] | within << info::WITHIN[slot];
            if slot > 0 {
                self.programme.two_slots = true;
                words.info |= if rule.after_earlier_rules { info::AFTER } else { 0 };
            }
        }
        true
    }

    /// The number of a pool among those shared; none where there are too many.
    fn pool(&mut self, pool: usize) -> Option<u32> {
        if let Some(at) = self.pools.iter().position(|&known| known == pool) {
            return Some(at as u32);
        }
        if self.pools.len() == POOLS {
            return None;
        }
        self.pools.push(pool);
        Some(self.pools.len() as u32 - 1)
    }
}

/// Step 1: who is not protected pays all that is outside the catalogue, which is at most the whole bill.
fn scope(schedule: &Schedule, at: &At<'_>, protected: bool, (words, account): (&mut Words, &mut Account)) {
    words.patient_share = Ratio::SCALE as u32;
    if let Some(limit) = schedule.out_of_catalogue.as_ref().filter(|_| protected) {
        words.patient_share = limit.share.at(at.setting).0 as u32;
        account.rules[0] = Some(limit.rule);
    }
}

fn deductible(rule: &BasicKind, number: usize, at: &At<'_>) -> Fen {
    let given = rule.deductible.get(number).or(rule.deductible.last());
    given.map_or(Fen::ZERO, |by_setting| {
        Adjustment::deductible(&rule.adjustments, by_setting.at(at.setting), at)
    })
}

/// The in-scope self-pay from which any tilt rule may pay a person with these identities.
fn tilt_from(tilts: &[Tilt], held: u32, person: &Person<'_>) -> i64 {
    let rules = tilts.iter().filter(|rule| rule.who.includes(person) && rule.categories & held != 0);
    let from = rules.flat_map(|rule| &rule.shapes).map(|(_, shape)| match shape {
        TiltShape::TargetRatio { trigger, .. } => trigger.0.max(1),
        TiltShape::ExcessRatio { threshold, .. } => threshold.0 + 1,
    });
    from.min().unwrap_or(i64::MAX)
}

/// The first in rank order among those the policy assists.
fn category_of(schedule: &Schedule, held: u32) -> Category {
    match held & schedule.assisted {
        0 => Category::ORDINARY,
        assisted => Category(assisted.trailing_zeros() as u8),
    }
}

/// A claim of a code (kind and setting) without dates and amounts.
#[must_use]
pub fn claim_of(code: usize) -> Claim {
    let wanted = Setting((code % Setting::COUNT) as u8);
    let january = Month::new(2000, 1);
    let parts = Setting::all().find(|(setting, ..)| *setting == wanted);
    let (_, level, locality, referred) = parts.unwrap_or_else(|| unreachable!("all settings are listed"));
    Claim {
        kind: Kind::ALL[code / Setting::COUNT],
        level,
        locality,
        referred,
        admitted: Day { month: january, of_month: 1 },
        discharged: january,
        total: Fen::ZERO,
        out_of_scope: Fen::ZERO,
    }
}

/// An amount as a word of a cell: what is beyond a word is beyond every bill of a person settled in tiles.
fn saturated(amount: Fen) -> u32 {
    u32::try_from(amount.0.max(0)).unwrap_or(u32::MAX)
}

/// Caps of basic insurance over all kinds, and those of a kind that bind seldom.
fn basic_caps(schedule: &Schedule) -> impl Iterator<Item = Fen> {
    schedule.basic.iter().flat_map(|basic| {
        let kinds = basic.kinds.iter().flatten().map(|kind| kind.annual_cap);
        kinds.filter(|cap| cap.0 >= SELDOM_FEN).chain([basic.annual_cap])
    })
}

fn critical_caps(schedule: &Schedule) -> impl Iterator<Item = Fen> {
    schedule.critical.iter().map(|rule| rule.annual_cap)
}

/// The least of some caps; infinite where none bounds.
fn least(caps: impl Iterator<Item = Fen>) -> f64 {
    caps.filter(|cap| *cap != Fen::UNBOUNDED).min().map_or(f64::INFINITY, |cap| cap.0 as f64)
}

/// A boxed array with the same value everywhere, made without a stop on the stack.
pub(super) fn boxed<T: Clone, const N: usize>(value: T) -> Box<[T; N]> {
    match vec![value; N].into_boxed_slice().try_into() {
        Ok(array) => array,
        Err(_) => unreachable!("the vector has N elements"),
    }
}
