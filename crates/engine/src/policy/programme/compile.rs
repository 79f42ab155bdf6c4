//! From a year's rules to cells: standings are compiled as they are asked for.

use std::collections::BTreeMap;

use super::super::claim::{Category, Claim, Disease, Kind, Person};
use super::super::cut_off;
use super::super::schedule::{
    Adjustment, At, BasicKind, Borne, RuleId, Schedule, Setting, Tilt, TiltShape, YearRules,
};
use super::{
    Account, Bands, CODES, Cell, EMPTY, IRREGULAR, POOLS, Programme, SLOTS, STANDINGS, Slot, Standing, Words,
    choice, info,
};
use crate::instruction_set::arithmetic::boxed;
use crate::units::{Day, Fen, Month, Ratio};

/// No pool.
const NO_POOL: u32 = 7;
/// The largest sum of a person's bills in a year whose products with ratios a float carries exactly.
pub const MOST_FEN: i64 = 500_000_000;
/// Caps of basic insurance from here on bind so seldom that whoever could reach them is settled plainly.
const SELDOM_FEN: i64 = 10_000_000;

/// Everything that a standing depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct StandingKey {
    schedule: usize,
    held: u32,
    employee: bool,
    named: u32,
    counted: u32,
    tilt_from: i64,
    included: Vec<bool>,
}

/// Everything that tells one standing from another: identities by which the same is paid share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Content {
    cells: Vec<CellContent>,
    named: u32,
    tilt_from: i64,
}

/// A cell with what belongs to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct CellContent {
    cell: Cell,
    bands: u32,
    indicators: u8,
}

/// Compiles standings as they are asked for.
#[derive(Debug)]
pub struct Compiler<'a> {
    rules: &'a YearRules,
    standings: BTreeMap<StandingKey, u16>,
    contents: BTreeMap<Content, u16>,
    accounts: BTreeMap<Account, u32>,
    bands: BTreeMap<(i64, Vec<(i64, i64)>), u32>,
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
            adjusted_by: vec![Vec::new()],
            standings: Vec::new(),
            caps_kinds: false,
            n_pools: 0,
            two_slots: false,
            moving_from_fen: if rules.schedules.iter().any(cut_off::is_assisted) {
                1.0
            } else {
                f64::INFINITY
            },
            most_fen: MOST_FEN as f64,
            basic_cap_fen: least(rules.schedules.iter().flat_map(basic_caps)),
            critical_cap_fen: least(rules.schedules.iter().flat_map(critical_caps)),
        };
        Self {
            rules,
            standings: BTreeMap::new(),
            contents: BTreeMap::new(),
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
        let cells = (0..CODES).map(|code| self.cell(code, (schedule, &key), person)).collect();
        let content = Content { cells, named: key.named, tilt_from: key.tilt_from };
        let number = match self.contents.get(&content) {
            Some(&known) => known,
            None => self.enter(content),
        };
        self.standings.insert(key, number);
        number
    }

    /// Enters a standing that is not known yet, if there is room for it.
    fn enter(&mut self, content: Content) -> u16 {
        let next = self.contents.len() as u16;
        if next >= IRREGULAR - 1 {
            return IRREGULAR;
        }
        for (code, one) in content.cells.iter().enumerate() {
            let index = usize::from(next) * CODES + code;
            self.programme.cells[index] = one.cell;
            self.programme.band_of[index] = one.bands;
            self.programme.indicators_of[index] = one.indicators;
        }
        let from = content.tilt_from;
        self.programme.standings.push(Standing {
            tilt_from_fen: if from == i64::MAX { f64::INFINITY } else { from as f64 },
            named: content.named,
        });
        self.contents.insert(content, next);
        next
    }

    /// The programme, with an account for what is irregular.
    #[must_use]
    pub fn finish(mut self) -> Programme {
        self.programme.cells[EMPTY as usize] = [0; 8];
        while self.programme.standings.len() < STANDINGS {
            self.programme.standings.push(Standing { tilt_from_fen: 0.0, named: 0 });
        }
        if self.programme.accounts.is_empty() {
            self.programme.accounts.push(Account::default());
        }
        self.programme.n_pools = self.pools.len();
        self.programme
    }

    fn key(&self, number: usize, held: u32, person: &Person<'_>) -> StandingKey {
        let schedule = &self.rules.schedules[number];
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
            held,
            employee: person.insurance.index() == 1,
            named: bits(of_year.watches.len(), &named),
            counted: bits(of_year.indicators.len(), &counted),
            // A tilt of a later schedule may count the claims of this one.
            tilt_from: (number..self.rules.schedules.len())
                .filter(|&other| usize::from(self.rules.tilts_count_from[other]) <= number)
                .map(|other| tilt_from(&self.rules.schedules[other].tilts, held, person))
                .chain(self.rules.schedules.iter().map(|one| cut_off::self_pay_from(one, held, person).0))
                .chain(self.rules.schedules.iter().flat_map(|one| once_from(one, held, person)))
                .min()
                .unwrap_or(i64::MAX),
            included: Category::open_to(held)
                .flat_map(|category| schedule.conditions_of(schedule.row(category)))
                .map(|who| who.includes(person))
                .collect(),
        }
    }

    fn cell(
        &mut self,
        code: usize,
        (number, key): (usize, &StandingKey),
        person: &Person<'_>,
    ) -> CellContent {
        let schedule = &self.rules.schedules[number];
        let claim = claim_of(code);
        let setting = Setting::of(&claim);
        let of = (key.held, &At { person, claim: &claim, setting, category: Category::ORDINARY, passed: 0 });
        let mut words = Words { info: claim.kind as u32, ..Words::default() };
        let (mut account, mut bands) = (Account::default(), 0);
        scope(schedule, of, (&mut words, &mut account));
        let regular = self.basic(schedule, of, (&mut words, &mut account))
            & self.critical(schedule, of, &mut bands, (&mut words, &mut account))
            & self.assistance(schedule, of, (&mut words, &mut account));
        if !regular {
            words.info |= info::IRREGULAR;
        }
        let next = self.accounts.len() as u32;
        let account_number = *self.accounts.entry(account).or_insert(next);
        if account_number == next {
            self.programme.accounts.push(account);
        }
        words.info |= account_number << info::ACCOUNT;
        let mut indicators = 0;
        for (bit, indicator) in self.rules.of_coverage_year().indicators.iter().enumerate().take(8) {
            if key.counted & 1 << bit != 0 && indicator.when.includes(claim.kind, setting, claim.disease) {
                indicators |= 1 << bit;
            }
        }
        CellContent { cell: words.pack(), bands, indicators }
    }

    /// Step 2; whether the cell can hold it.
    fn basic(
        &mut self,
        schedule: &Schedule,
        (held, at): (u32, &At<'_>),
        (words, account): (&mut Words, &mut Account),
    ) -> bool {
        words.kind_cap = u32::MAX;
        let Some(rule) = &schedule.basic(at.person.insurance).kinds[at.claim.kind.index()] else {
            return true;
        };
        let Some(category) = choice::basic(rule, held, at) else { return false };
        let at = &At { category, ..*at };
        account.rules[1] = Some(rule.rule);
        let ratios = std::iter::once(rule.ratio.at(at.setting));
        let Some(adjusted) = self.adjusted(&rule.adjustments, ratios, at) else { return false };
        account.adjusted[1] = adjusted;
        words.basic_ratio = Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at).0 as u32;
        let deductible = |number: usize| deductible(rule, number, at);
        words.first_deductible = saturated(deductible(0));
        words.later_deductible = saturated(deductible(1));
        if rule.annual_cap.0 < SELDOM_FEN {
            words.kind_cap = saturated(rule.annual_cap);
            self.programme.caps_kinds = true;
        }
        let same_later = (2..rule.deductible.len()).all(|number| deductible(number) == deductible(1));
        rule.annual_deductible.at(at.setting) == Fen::ZERO && rule.shared_cap.is_none() && same_later
    }

    /// Step 3; whether the cell can hold it.
    fn critical(
        &mut self,
        schedule: &Schedule,
        (held, at): (u32, &At<'_>),
        bands_of: &mut u32,
        (words, account): (&mut Words, &mut Account),
    ) -> bool {
        let counts = schedule.critical_kinds & (1 << at.claim.kind as u8) != 0
            && schedule.critical_insurance & (1 << at.person.insurance as u8) != 0;
        if !counts {
            return true;
        }
        words.info |= info::CRITICAL;
        let Some(category) = choice::critical(schedule, held, at) else { return false };
        let at = &At { category, ..*at };
        let rule = &schedule.critical[schedule.row(category)];
        account.rules[2] = Some(rule.rule);
        let ratios = rule.bands.iter().map(|band| band.ratio);
        let Some(adjusted) = self.adjusted(&rule.adjustments, ratios, at) else { return false };
        account.adjusted[2] = adjusted;
        words.critical_deductible = saturated(rule.deductible);
        let ratio = |ratio: Ratio| Adjustment::apply(&rule.adjustments, ratio, at).0;
        let bands: Vec<(i64, i64)> = rule.bands.iter().map(|band| (band.to.0, ratio(band.ratio))).collect();
        let next = self.bands.len() as u32;
        let number = *self.bands.entry((rule.deductible.0, bands.clone())).or_insert(next);
        if number == next {
            let bands = bands.iter().map(|&(to, ratio)| (to as f64, ratio as f64)).collect();
            self.programme.bands.push(Bands { from: rule.deductible.0 as f64, bands });
        }
        *bands_of = number;
        true
    }

    /// Step 4; whether the cell can hold the rules.
    fn assistance(
        &mut self,
        schedule: &Schedule,
        (held, at): (u32, &At<'_>),
        (words, account): (&mut Words, &mut Account),
    ) -> bool {
        words.info |= NO_POOL << info::POOL[0] | NO_POOL << info::WITHIN[0];
        words.info |= NO_POOL << info::POOL[1] | NO_POOL << info::WITHIN[1];
        let Some(chosen) = choice::regular(schedule, held, at) else { return false };
        for (slot, (category, rule)) in chosen.into_iter().enumerate() {
            let at = &At { category, ..*at };
            if rule.borne != Borne::InScope {
                return false;
            }
            if slot >= SLOTS || !rule.bands.is_empty() || (slot > 0 && rule.within.is_some()) {
                return false;
            }
            account.rules[3 + slot] = Some(rule.rule);
            let ratios = rule.ratios(at.setting);
            let Some(adjusted) = self.adjusted(&rule.adjustments, ratios, at) else { return false };
            account.adjusted[3 + slot] = adjusted;
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

    /// The number of the set of rules that change a payment; none where they leave nothing of it, which counts although
    /// nothing is paid, and where there are too many sets.
    fn adjusted(
        &mut self,
        all: &[Adjustment],
        ratios: impl Iterator<Item = Ratio>,
        at: &At<'_>,
    ) -> Option<u8> {
        let by: Vec<RuleId> = Adjustment::fitting(all, at).map(|one| one.rule).collect();
        if !by.is_empty() && Adjustment::leave_nothing(all, ratios, at) {
            return None;
        }
        let sets = &mut self.programme.adjusted_by;
        let number = sets.iter().position(|known| *known == by).unwrap_or_else(|| {
            sets.push(by);
            sets.len() - 1
        });
        u8::try_from(number).ok()
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
fn scope(schedule: &Schedule, (held, at): (u32, &At<'_>), (words, account): (&mut Words, &mut Account)) {
    words.patient_share = Ratio::SCALE as u32;
    let limit = schedule.out_of_catalogue.as_ref();
    if let Some(limit) = limit.filter(|limit| held & limit.categories != 0) {
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

/// The in-scope self-pay from which any tilt rule on self-pay may pay a person with these identities.
fn tilt_from(tilts: &[Tilt], held: u32, person: &Person<'_>) -> i64 {
    let rules = tilts.iter().filter(|rule| rule.who.includes(person) && rule.categories & held != 0);
    let from = rules.flat_map(|rule| &rule.shapes).filter_map(|(_, shape)| match shape {
        TiltShape::TargetRatio { trigger, .. } => Some(trigger.0.max(1)),
        TiltShape::ExcessRatio { beyond_cap_of: Some(_), .. } => None,
        TiltShape::ExcessRatio { threshold, .. } => Some(threshold.0 + 1),
    });
    from.min().unwrap_or(i64::MAX)
}

/// The lines above which an adjustment may hold for the whole year of a person with these identities.
fn once_from(schedule: &Schedule, held: u32, person: &Person<'_>) -> impl Iterator<Item = i64> {
    let fitting = schedule
        .once
        .iter()
        .filter(move |rule| (rule.ordinary || rule.categories & held != 0) && rule.who.includes(person));
    fitting.filter_map(|rule| Some(rule.once?.above.0 + 1))
}

/// A claim of a code (kind and setting) without dates and amounts.
#[must_use]
pub fn claim_of(code: usize) -> Claim {
    let wanted = Setting((code % Setting::COUNT) as u8);
    let day = Day { month: Month::new(2000, 1), of_month: 1 };
    let parts = Setting::all().find(|(setting, ..)| *setting == wanted);
    let (_, level, locality, referred) = parts.unwrap_or_else(|| unreachable!("all settings are listed"));
    Claim {
        kind: Kind::ALL[code / Setting::COUNT],
        level,
        locality,
        referred,
        disease: Disease::NONE,
        admitted: day,
        discharged: day,
        total: Fen::ZERO,
        out_of_scope: Fen::ZERO,
        other_paid: Fen::ZERO,
        stay: 0,
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
