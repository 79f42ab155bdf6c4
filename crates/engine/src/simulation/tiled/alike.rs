//! Whom of a county-year several lanes settle alike, so that tiles settle them once.
//!
//! A lane that changes a rule of some categories treats everybody else as the first lane does. Persons whom all such lanes
//! treat alike stand in tiles of their own: the first lane settles them, and what it books of them by columns goes into the
//! books of all. What is looked at singly, and what lanes remember of a person, is each lane's own.

use std::collections::BTreeMap;

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
    pub(super) otherwise: Vec<bool>,
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
            let mut comparison = Comparison::new([first, own]);
            let rows = otherwise.iter_mut().enumerate();
            rows.for_each(|(row, otherwise)| *otherwise |= !comparison.row(row));
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

/// Whether payments of two lanes are booked alike, lists ask for the same, and the same persons are left to the plain settlement.
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
        && first.line_of_row == own.line_of_row
        && first.asks_for_disease == own.asks_for_disease
        && limits(&first.programme) == limits(&own.programme)
}

/// From where on persons are settled plainly.
fn limits(programme: &Programme) -> [u64; 4] {
    let fen =
        [programme.moving_from_fen, programme.most_fen, programme.basic_cap_fen, programme.critical_cap_fen];
    fen.map(f64::to_bits)
}

/// Whether tracks and standings of two lanes say the same; their numbers may differ.
struct Comparison<'r> {
    rules: [&'r TileRules; 2],
    tracks: BTreeMap<[u16; 2], bool>,
    standings: BTreeMap<[u16; 2], bool>,
}

impl<'r> Comparison<'r> {
    fn new(rules: [&'r TileRules; 2]) -> Self {
        let (tracks, standings) = Default::default();
        Self { rules, tracks, standings }
    }

    /// Of one row of the population.
    fn row(&mut self, row: usize) -> bool {
        let [first, own] = self.rules;
        first.people_of_row[row] == own.people_of_row[row]
            && self.track([first.track_of_row[row], own.track_of_row[row]])
    }

    fn track(&mut self, numbers: [u16; 2]) -> bool {
        if let Some(&known) = self.tracks.get(&numbers) {
            return known;
        }
        let [first, own] = self.rules;
        let [ours, other] =
            [&first.on_track[usize::from(numbers[0])], &own.on_track[usize::from(numbers[1])]];
        let months = first.tracks[usize::from(numbers[0])].iter().zip(&own.tracks[usize::from(numbers[1])]);
        let alike = ours.tilt_from_fen.to_bits() == other.tilt_from_fen.to_bits()
            && ours.named == other.named
            && (ours.standing == MOVING) == (other.standing == MOVING)
            && months.into_iter().all(|(&ours, &other)| self.standing([ours, other]));
        self.tracks.insert(numbers, alike);
        alike
    }

    fn standing(&mut self, numbers: [u16; 2]) -> bool {
        let programmes = self.rules.map(|rules| &rules.programme);
        *self.standings.entry(numbers).or_insert_with(|| standing_alike(programmes, numbers.map(usize::from)))
    }
}

/// Whether two standings have the same cells: the same numbers, bands and payers.
fn standing_alike([one, other]: [&Programme; 2], [ours, theirs]: [usize; 2]) -> bool {
    let same_standing = one.standings.get(ours).zip(other.standings.get(theirs));
    let cells = (ours * CODES..(ours + 1) * CODES).zip(theirs * CODES..(theirs + 1) * CODES);
    same_standing.is_some_and(|(ours, theirs)| ours == theirs)
        && cells.into_iter().all(|(ours, theirs)| one.cell_of(ours) == other.cell_of(theirs))
}
