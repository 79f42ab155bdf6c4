//! The persons of a county in tiles: for each year who of a tile is there, and what they need.

use super::TILE;
use super::tables::{Column, presence};
use crate::illness::IllnessModel;
use crate::illness::incidence::{Persons, table_row};
use crate::illness::series::AGES;

/// Beyond the last person of a tile: nobody is there. No group, age and sex has this number.
pub(super) const NOBODY: u16 = u16::MAX;

/// Rows of a tile are filled up to a multiple of this.
const FILLED: usize = 16;

/// Empty places of a tile are closed when they are more than one in so many.
const GAPS: usize = 8;

/// A county's persons prepared for tiles; the same in all replicates.
///
/// A tile is 256 rows of the population. Who has not entered yet has no place in it; the places of those who left
/// stay empty until there are enough of them for the others to move up.
#[derive(Debug, Clone)]
pub struct PersonTiles {
    /// By year.
    pub years: Vec<PersonYear>,
    /// Tile by tile its years, as they are worked on: what is read stands one behind the other.
    pub(super) tiles: Vec<TileYear>,
}

/// What all persons of a year share, and what their bills need.
#[derive(Debug, Clone)]
pub struct PersonYear {
    /// How many persons are there.
    present: usize,
    /// By row, of all who ever entered: months of presence and group.
    pub(super) held: Vec<[u8; 2]>,
}

/// The persons of a tile in a year.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct TileYear {
    /// Row of the first person of the tile.
    pub(super) first: u32,
    pub(super) year: usize,
    /// Places.
    pub(super) n: usize,
    /// The same, filled up with nobody.
    pub(super) filled: usize,
    /// Places of persons who had one in the year before: the first ones.
    pub(super) n_kept: usize,
    /// Row of the person within the tile, rising.
    pub(super) place: Column<u8>,
    /// Months of presence, none for nobody.
    pub(super) presence: Column<u8>,
    /// Group, age and sex, or nobody.
    pub(super) cell: Column<u16>,
    /// Where the person stood in the year before.
    pub(super) kept: Column<u8>,
}

impl PersonTiles {
    /// Prepares persons whose number is their row, year by year.
    ///
    /// # Panics
    /// When a number is not its row, or somebody comes back who had left.
    #[must_use]
    pub fn new(model: &IllnessModel, years: &[Persons<'_>]) -> Self {
        let mut tiles = Self { years: Vec::new(), tiles: Vec::new() };
        let (mut before, mut n_before) = (Vec::new(), 0);
        for (year, persons) in years.iter().enumerate() {
            let of_tile = |tile| TileYear::new(year, tile, persons, (&before, n_before));
            let now: Vec<TileYear> = (0..persons.len().div_ceil(TILE)).map(of_tile).collect();
            tiles.years.push(PersonYear::new(model, persons));
            tiles.tiles.extend(now.iter().filter(|tile| tile.n > 0).cloned());
            (before, n_before) = (now, persons.len());
        }
        // Stable: the years stay in order.
        tiles.tiles.sort_by_key(|tile| tile.first);
        tiles
    }
}

impl PersonYear {
    fn new(model: &IllnessModel, persons: &Persons<'_>) -> Self {
        assert!(
            persons.number.iter().zip(0_u32..).all(|(number, row)| *number == row),
            "persons are numbered by their rows"
        );
        debug_assert!(persons.group.iter().all(|group| usize::from(*group) < model.groups.len()));
        let months = persons.first_month.iter().zip(persons.last_month).zip(persons.group);
        let held = months.map(|((first, last), group)| [presence(*first, *last), *group]).collect();
        Self { present: (0..persons.len()).filter(|row| is_there(persons, *row)).count(), held }
    }

    /// How many persons are there in any month of the year.
    #[must_use]
    pub fn len(&self) -> usize {
        self.present
    }

    /// Whether nobody is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.present == 0
    }
}

impl TileYear {
    /// A tile of a year, after the tiles of the year before and its number of rows.
    fn new(year: usize, tile: usize, persons: &Persons<'_>, (before, rows): (&[Self], usize)) -> Self {
        let all = tile * TILE..persons.len().min((tile + 1) * TILE);
        let new_from = rows.clamp(all.start, all.end);
        let places = |rows: std::ops::Range<usize>| -> Vec<u8> {
            rows.filter(|row| is_there(persons, *row)).map(|row| (row % TILE) as u8).collect()
        };
        let stood = before.get(tile).map_or(&[][..], |before| &before.place[..before.n]);
        let mut place = places(all.start..new_from);
        if stood.len().saturating_sub(place.len()) * GAPS <= stood.len() {
            place = stood.to_vec();
        }
        let mut stood = (0_u8..=255).zip(stood);
        let of = |place: &u8| stood.find(|(_, other)| *other == place).map(|(at, _)| at);
        let kept: Option<Vec<u8>> = place.iter().map(of).collect();
        let kept = kept.expect("nobody comes back");
        place.extend(places(new_from..all.end));
        let mut tile = Self {
            first: all.start as u32,
            year,
            n: place.len(),
            filled: place.len().next_multiple_of(FILLED),
            n_kept: kept.len(),
            place: [0; TILE],
            presence: [presence(1, 0); TILE],
            cell: [NOBODY; TILE],
            kept: [0; TILE],
        };
        tile.place[..place.len()].copy_from_slice(&place);
        tile.kept[..kept.len()].copy_from_slice(&kept);
        tile.fill(persons);
        tile
    }

    /// The row of the person at a place.
    fn row(&self, at: usize) -> usize {
        self.first as usize + usize::from(self.place[at])
    }

    fn fill(&mut self, persons: &Persons<'_>) {
        for at in 0..self.n {
            let row = self.row(at);
            if is_there(persons, row) {
                let of_both = table_row(persons.group[row], persons.age[row]) as u16;
                self.cell[at] = 2 * of_both + persons.sex[row].index() as u16;
                self.presence[at] = presence(persons.first_month[row], persons.last_month[row]);
            }
        }
    }
}

fn is_there(persons: &Persons<'_>, row: usize) -> bool {
    persons.first_month[row] <= persons.last_month[row]
}

/// Group and age of a cell of somebody.
pub(super) fn group_and_age(cell: u16) -> (u8, u8) {
    ((cell / 2 / AGES as u16) as u8, (cell / 2 % AGES as u16) as u8)
}
