//! Whom of a county-year several lanes settle alike, so that tiles settle them once.
//!
//! A lane that changes a rule of some categories treats everybody else as the first lane does. Persons whom all such lanes
//! treat alike stand in tiles of their own: the first lane settles them, and what it books of them by columns goes into the
//! books of all. What is looked at singly, and what lanes remember of a person, is each lane's own.

use super::super::lane::Lane;
use super::super::person::LaneState;
use super::rules::{MOVING, TileRules};
use crate::illness::Ill;
use crate::policy::claim::OverNewYear;
use crate::policy::programme::{CODES, Programme};

/// Who is settled alike in one year.
#[derive(Debug, Default)]
pub struct Alike {
    /// By lane: whether it goes along with the first one. The first one does where any other does.
    pub shares: Vec<bool>,
    /// By row: whether a lane that goes along treats the person otherwise.
    otherwise: Vec<bool>,
}

impl Alike {
    /// Compares the lanes of a year with the first one.
    #[must_use]
    pub fn new(lanes: &[&Lane<'_>], rules: &[&TileRules], year: usize) -> Self {
        let (Some((base, others)), Some((first, rest))) = (lanes.split_first(), rules.split_first()) else {
            return Self::default();
        };
        let goes_along = |(lane, own): (&&Lane<'_>, &&TileRules)| {
            is_plain((base, first), year)
                && is_plain((lane, own), year)
                && books_like((base, first), (lane, own), year)
        };
        let mut shares: Vec<bool> = others.iter().zip(rest).map(goes_along).collect();
        let any = shares.contains(&true);
        let mut otherwise = vec![false; first.track_of_row.len()];
        for (own, _) in rest.iter().zip(&shares).filter(|(_, shares)| **shares) {
            let tracks = tracks_alike(first, own);
            for (row, otherwise) in otherwise.iter_mut().enumerate() {
                let track = first.track_of_row[row];
                let same = own.track_of_row[row] == track
                    && own.people_of_row[row] == first.people_of_row[row]
                    && tracks[usize::from(track)];
                *otherwise |= !same;
            }
        }
        shares.insert(0, any);
        Self { shares, otherwise }
    }

    /// Whether any lane goes along with the first one.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.shares.first() == Some(&true)
    }

    /// Takes those apart whom all lanes that go along treat alike; whoever gained an identity in any of them is not.
    #[must_use]
    pub fn part(&self, ill: &[Ill], lanes: &[LaneState]) -> [Vec<Ill>; 2] {
        let [mut alike, mut otherwise] = [Vec::new(), Vec::new()];
        for one in ill {
            let row = one.row as usize;
            let is_otherwise = self.otherwise[row] || lanes.iter().any(|state| state.knows_more_of(row));
            if is_otherwise { &mut otherwise } else { &mut alike }.push(*one);
        }
        [alike, otherwise]
    }
}

/// Whether the tiles of a lane hold nothing that goes by more than a person's own claims and identities.
fn is_plain((lane, rules): (&Lane<'_>, &TileRules), year: usize) -> bool {
    let schedule = lane.schedule(year);
    !rules.all_plain
        && schedule.second_assistance.is_empty()
        && schedule.indicators.is_empty()
        && !lane.counts_households(year)
        && (0..lane.rules.len()).all(|year| lane.schedule(year).over_new_year == OverNewYear::ByAdmission)
}

/// Whether columns of two lanes are booked alike, and lists ask for the same.
fn books_like(
    (base, first): (&Lane<'_>, &TileRules),
    (lane, own): (&Lane<'_>, &TileRules),
    year: usize,
) -> bool {
    let watches = |lane: &Lane<'_>| lane.schedule(year).watches.clone();
    base.books_like(lane, year)
        && watches(base) == watches(lane)
        && first.by_month == own.by_month
        && first.lines == own.lines
        && first.least_watched == own.least_watched
        && first.asks_for_disease == own.asks_for_disease
        && first.payers == own.payers
        && first.bits == own.bits
        && first.paying == own.paying
        && first.shared == own.shared
        && first.only == own.only
        && first.whole == own.whole
        && programmes_alike(&first.programme, &own.programme)
}

/// Whether two programmes differ in cells, bands and standings alone.
fn programmes_alike(one: &Programme, other: &Programme) -> bool {
    let limits = |programme: &Programme| {
        let fen = [
            programme.moving_from_fen,
            programme.most_fen,
            programme.basic_cap_fen,
            programme.critical_cap_fen,
        ];
        fen.map(f64::to_bits)
    };
    one.accounts == other.accounts
        && one.adjusted_by == other.adjusted_by
        && (one.caps_kinds, one.n_pools, one.two_slots) == (other.caps_kinds, other.n_pools, other.two_slots)
        && limits(one) == limits(other)
}

/// By track of the first lane: whether another one's track of the same number says the same.
fn tracks_alike(first: &TileRules, own: &TileRules) -> Vec<bool> {
    let standings: Vec<bool> = (0..first.programme.standings.len())
        .map(|standing| standing_alike((&first.programme, &own.programme), standing))
        .collect();
    let is_alike = |standing: u16| standings.get(usize::from(standing)) == Some(&true);
    let track = |number: usize| {
        let (Some(ours), Some(other)) = (first.on_track.get(number), own.on_track.get(number)) else {
            return false;
        };
        let says_the_same = ours.tilt_from_fen.to_bits() == other.tilt_from_fen.to_bits()
            && (ours.named, ours.standing, ours.payers) == (other.named, other.standing, other.payers);
        let is_moving = ours.standing == MOVING;
        says_the_same
            && (!is_moving || first.tracks[number] == own.tracks[number])
            && first.tracks[number].iter().all(|&standing| is_alike(standing))
    };
    (0..first.on_track.len()).map(track).collect()
}

/// Whether a standing has the same cells in two programmes.
fn standing_alike((one, other): (&Programme, &Programme), standing: usize) -> bool {
    let cells = standing * CODES..(standing + 1) * CODES;
    let bands =
        |programme: &Programme, cell: usize| programme.bands[programme.band_of[cell] as usize].clone();
    other.standings.get(standing) == Some(&one.standings[standing])
        && one.cells[cells.clone()] == other.cells[cells.clone()]
        && one.indicators_of[cells.clone()] == other.indicators_of[cells.clone()]
        && cells.into_iter().all(|cell| bands(one, cell) == bands(other, cell))
}
