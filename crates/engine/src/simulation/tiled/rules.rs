//! One lane's rules of a year compiled for tiles, and what is known of each person before anybody falls ill.

use std::collections::BTreeMap;

use super::super::columns::YearColumns;
use super::super::lane::Lane;
use super::super::ordinary::Residents;
use super::super::person::ordinary_person;
use super::tracks::{Track, Tracks, moment};
use crate::policy::programme::{Account, CODES, IRREGULAR, PAYMENTS, Programme};
use crate::policy::schedule::{Setting, Watch};
use crate::policy::subsidy::held_in_year;
use crate::policy::tile::{LINES, Line, flag};
use crate::population::Population;
use crate::units::Fen;

/// The set of nobody: kind and payment alone do not tell the rule.
pub const NO_PAYERS: u16 = 0;
/// Instead of a standing: it changes from month to month.
pub const MOVING: u16 = u16::MAX;
/// The most rules that pay the claims of one standing.
pub const MOST_PAYERS: usize = 16;

/// The rules that pay persons of a standing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Payers {
    /// The [flags](crate::policy::tile::flag) of payments that each rule makes.
    pub flags: [u32; MOST_PAYERS],
    /// The number of each rule among those paying; the flags of unused entries are 0.
    pub rule: [u8; MOST_PAYERS],
}

/// What holds for all persons on a track.
#[derive(Debug, Clone, Copy)]
pub struct OnTrack {
    /// The least in-scope self-pay from which tilt assistance may pay, in fen.
    pub tilt_from_fen: f64,
    /// The watch lists that name the person, as bits, where they are the same in all months.
    pub named: Option<u32>,
    /// The standing, or [`MOVING`].
    pub standing: u16,
    /// Which of [`TileRules::payers`].
    pub payers: u16,
}

/// What is seldom asked of one row of the population.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The identities held in the year.
    pub held: u32,
    /// Which conditions of rules the person meets.
    pub class: u16,
}

/// One lane's year.
#[derive(Debug)]
pub struct TileRules {
    /// The compiled rules.
    pub programme: Programme,
    /// Tracks.
    pub tracks: Vec<Track>,
    /// What holds on each track.
    pub on_track: Vec<OnTrack>,
    /// The track of each row of the population. What every ill person is asked for stands in narrow columns of
    /// its own, so that all years of a county stay in the cache.
    pub track_of_row: Vec<u16>,
    /// The row of the people's table.
    pub people_of_row: Vec<u8>,
    /// The rest.
    pub rows: Vec<Row>,
    /// By row: with less self-pay of each member in fen no household can apply.
    pub line_of_row: Vec<u32>,
    /// The track of each cell of ordinary residents.
    pub track_of_cell: Vec<u32>,
    /// Rules by flags, each set once; the first is [`NO_PAYERS`].
    pub payers: Vec<Payers>,
    /// The thresholds of the watch lists.
    pub lines: Vec<Line>,
    /// The standing of schedule, identities and class, for persons who gained an identity.
    pub standing_of: BTreeMap<(usize, u32, u16), u16>,
    /// The schedule of each month.
    pub by_month: [u8; 12],
    /// The least self-pay that a watch list asks for.
    pub least_watched: Fen,
    /// The payments of each account that are shared among funders, as bits.
    pub shared: Vec<u8>,
    /// For each account and payment: the bits of its rule and of those that change it.
    pub bits: Vec<[u64; PAYMENTS]>,
    /// The rules that pay claims, by bit.
    pub paying: Vec<u16>,
    /// For each payment that one rule alone makes: an account of that rule.
    pub only: [Option<usize>; PAYMENTS],
    /// For each payment, by account: the cell to which it goes whole, one more than the last where it goes to none; empty
    /// where no account has one.
    pub whole: [Vec<u32>; PAYMENTS],
    /// Whether any payment is shared among funders.
    pub any_shared: bool,
    /// Whether rules of any year ask for the disease of a claim, also of an earlier one: whoever has a stay or a bill for a listed one is settled plainly.
    pub asks_for_disease: bool,
    /// More rules, lists or indicators than tiles have room for: everybody is settled plainly.
    pub all_plain: bool,
}

impl TileRules {
    /// Compiles a lane's year.
    #[must_use]
    pub fn new(
        lane: &Lane<'_>,
        year: usize,
        (population, columns, line_of_row): (&Population, &YearColumns, Vec<u32>),
        residents: &Residents,
    ) -> Self {
        let rules = &lane.rules[year];
        let mut tracks = Tracks::new(lane, rules);
        let (mut track_of_row, mut people_of_row) = (Vec::new(), Vec::new());
        let row = |row| {
            let spells = population.spells_of(row);
            let person = columns.person(population, row, spells);
            let class = tracks.class(&person);
            let track = match columns.months(row) {
                Some(months) => tracks.track_in_months(spells, months, (class, &person)),
                None => tracks.track_of_spells(spells, class, &person),
            };
            track_of_row.push(track as u16);
            people_of_row.push(lane.people_row(year, spells) as u8);
            Row { held: held_in_year(rules.year, &person), class }
        };
        let rows = (0..columns.len()).map(row).collect();
        let cells = residents.cells();
        let of_cell = |(age, sex): (&u8, &crate::policy::claim::Sex)| {
            let person = ordinary_person(*age, *sex, &[]);
            let class = tracks.class(&person);
            tracks.track_of_spells(&[], class, &person)
        };
        let track_of_cell = cells.age.iter().zip(cells.sex).map(of_cell).collect();
        let Tracks { compiler, standing_of, list, .. } = tracks;
        let programme = compiler.finish();
        let (shared, bits, paying) = accounts(lane, year, &programme);
        let mut payers = vec![Payers::default()];
        let on_track = list.iter().map(|track| on_track(track, &programme, (&paying, &mut payers))).collect();
        let schedule = lane.schedule(year);
        let watched = schedule.watches.iter().map(|watch| watch.threshold);
        Self {
            all_plain: list.len() > usize::from(u16::MAX)
                || paying.len() > 64
                || schedule.watches.len() > LINES
                || schedule.indicators.len() > 8,
            asks_for_disease: lane.asks_for_disease(),
            lines: schedule.watches.iter().take(LINES).map(line).collect(),
            least_watched: watched.min().unwrap_or(Fen::UNBOUNDED),
            any_shared: shared.iter().any(|&payments| payments != 0),
            only: std::array::from_fn(|payment| only(&programme, payment)),
            by_month: rules.by_month,
            whole: std::array::from_fn(|payment| whole((lane, year), &programme, payment)),
            tracks: list,
            on_track,
            track_of_row,
            people_of_row,
            rows,
            line_of_row,
            track_of_cell,
            payers,
            standing_of,
            shared,
            bits,
            paying,
            programme,
        }
    }
}

fn on_track(track: &Track, programme: &Programme, (paying, known): (&[u16], &mut Vec<Payers>)) -> OnTrack {
    let one = track.iter().all(|&other| other == track[0]);
    let tilt_from = track.iter().map(|&standing| programme.standings[usize::from(standing)].tilt_from_fen);
    let payers = payers_of(track, programme, paying).map(|own| {
        known.iter().position(|other| *other == own).unwrap_or_else(|| {
            known.push(own);
            known.len() - 1
        })
    });
    let moving_from = if one { f64::INFINITY } else { programme.moving_from_fen };
    OnTrack {
        tilt_from_fen: tilt_from.fold(moving_from, f64::min),
        named: named(track, programme),
        standing: if one { track[0] } else { MOVING },
        payers: payers.map_or(NO_PAYERS, |number| number as u16),
    }
}

/// The payers of a track with one standing, where settings do not matter to who pays.
fn payers_of(track: &Track, programme: &Programme, paying: &[u16]) -> Option<Payers> {
    let standing = usize::from(track[0]);
    if standing >= usize::from(IRREGULAR) || track.iter().any(|&other| usize::from(other) != standing) {
        return None;
    }
    let mut by_flag = [None; 32];
    for code in 0..CODES {
        let account = &programme.accounts[programme.account(standing * CODES + code)];
        for (payment, rule) in account.rules.iter().enumerate().filter(|(_, rule)| rule.is_some()) {
            let known = &mut by_flag[flag(code / Setting::COUNT, payment)];
            let own = rule.map(|rule| (rule, account.adjusted[payment]));
            if known.is_some() && *known != own {
                return None;
            }
            *known = own;
        }
    }
    let mut own = Payers::default();
    let mut n = 0;
    for (flag, rule) in by_flag.iter().enumerate() {
        let Some((rule, adjusted)) = rule else { continue };
        for rule in programme.adjusted_by[usize::from(*adjusted)].iter().chain([rule]) {
            let number = paying.binary_search(&rule.0).ok()? as u8;
            let at = own.rule[..n].iter().position(|known| *known == number).unwrap_or(n);
            if at == MOST_PAYERS {
                return None;
            }
            own.rule[at] = number;
            own.flags[at] |= 1 << flag;
            n = n.max(at + 1);
        }
    }
    Some(own)
}

/// The watch lists that name who is on a track, where they are the same in all months.
fn named(track: &Track, programme: &Programme) -> Option<u32> {
    let mut months = (0..12).map(|month| programme.standings[usize::from(track[moment(month, 0)])].named);
    let first = months.next()?;
    months.all(|other| other == first).then_some(first)
}

fn line(watch: &Watch) -> Line {
    Line { fen: watch.threshold.0 as f64, counts_out_of_scope: watch.counts_out_of_scope }
}

/// An account of the rule that makes a payment, where no other rule makes it or changes it otherwise.
fn only(programme: &Programme, payment: usize) -> Option<usize> {
    let of = |account: &Account| account.rules[payment].map(|rule| (rule, account.adjusted[payment]));
    let account = programme.accounts.iter().position(|account| account.rules[payment].is_some())?;
    let own = of(&programme.accounts[account]);
    let mut all = programme.accounts.iter().map(of);
    all.all(|other| other.is_none() || other == own).then_some(account)
}

/// By account: the cell to which a payment goes whole.
fn whole((lane, year): (&Lane<'_>, usize), programme: &Programme, payment: usize) -> Vec<u32> {
    let cell_of = |account: &Account| account.rules[payment].and_then(|rule| lane.whole_cell(year, rule));
    let cells: Vec<Option<usize>> = programme.accounts.iter().map(cell_of).collect();
    if cells.iter().all(Option::is_none) {
        return Vec::new();
    }
    cells.into_iter().map(|cell| cell.unwrap_or(lane.cells.len()) as u32).collect()
}

/// For each account: payments shared among funders, and a bit for each rule that pays claims.
fn accounts(
    lane: &Lane<'_>,
    year: usize,
    programme: &Programme,
) -> (Vec<u8>, Vec<[u64; PAYMENTS]>, Vec<u16>) {
    let payers = programme.accounts.iter().flat_map(|account| account.rules).flatten();
    let adjusting = programme.adjusted_by.iter().flatten().copied();
    let mut paying: Vec<u16> = payers.chain(adjusting).map(|rule| rule.0).collect();
    paying.sort_unstable();
    paying.dedup();
    let bit = |rule: u16| paying.iter().position(|&known| known == rule).map_or(0, |at| 1_u64 << at.min(63));
    let bits = programme.accounts.iter().map(|account| {
        std::array::from_fn(|payment| {
            let adjusting = programme.adjusted_by[usize::from(account.adjusted[payment])].iter();
            account.rules[payment].iter().chain(adjusting).fold(0, |bits, rule| bits | bit(rule.0))
        })
    });
    let shared = programme.accounts.iter().map(|account| {
        let is_shared = |at: &usize| account.rules[*at].is_some_and(|rule| lane.is_shared(year, rule));
        (0..PAYMENTS).filter(is_shared).fold(0, |bits, at| bits | 1 << at)
    });
    (shared.collect(), bits.collect(), paying.clone())
}
