//! Who of a tile needs to be looked at singly, and the counts of all others, place by place.

use super::super::book::YearBook;
use super::rules::{MOST_PAYERS, NO_PAYERS, Payers};
use crate::instruction_set::{Instructions, Kernel};
use crate::policy::tile::{PERSONS, Persons};
use crate::units::Fen;

/// The most rows of the people's table: one for each identity and one for ordinary residents.
const MOST_PEOPLE: usize = 64;
/// The bit of [`Sift::people`] of persons admitted to hospital, above the row of the people's table.
const ADMITTED: u32 = 8;
/// The bits below it.
const PEOPLE: u32 = (1 << ADMITTED) - 1;
/// Where the counts of a tile stand in a word above the payments of assistance: persons with any.
const ASSISTED: u32 = 24;
/// Persons admitted.
const IS_ADMITTED: u32 = 44;

const _: () = assert!(PERSONS * super::layout::MOST_CLAIMS < 1 << 24 && PERSONS < 1 << 20);

/// What is known of the persons of a tile by place.
#[derive(Debug)]
#[repr(align(64))]
pub struct Sift {
    /// The row of the people's table, and whether the person was admitted.
    people: [u32; PERSONS],
    /// Which of [`TileRules::payers`](super::rules::TileRules::payers).
    payers: [u32; PERSONS],
    /// Not zero: the person is looked at singly.
    apart: [u32; PERSONS],
}

/// Counts of those who are not looked at singly; twice, so that a person need not wait for the one before.
#[derive(Debug)]
#[repr(align(64))]
pub struct Counts {
    people: [[u64; MOST_PEOPLE]; 2],
    /// Persons by set of payers and rule within it.
    payers: [Vec<[u32; MOST_PAYERS]>; 2],
}

impl Default for Sift {
    fn default() -> Self {
        Self { people: [0; PERSONS], payers: [0; PERSONS], apart: [0; PERSONS] }
    }
}

impl Default for Counts {
    fn default() -> Self {
        Self { people: [[0; MOST_PEOPLE]; 2], payers: [Vec::new(), Vec::new()] }
    }
}

impl Sift {
    /// Enters a person.
    #[inline]
    pub fn enter(&mut self, place: usize, (people, admitted): (u8, bool), payers: u16, apart: bool) {
        self.people[place] = u32::from(people) | u32::from(admitted) << ADMITTED;
        self.payers[place] = u32::from(payers);
        self.apart[place] = u32::from(apart);
    }

    /// The row of people of the person at a place.
    #[inline]
    pub fn people(&self, place: usize) -> usize {
        (self.people[place] & PEOPLE) as usize
    }

    /// Enters a person in another row of people.
    pub fn set_people(&mut self, place: usize, row: usize) {
        self.people[place] = (self.people[place] & !PEOPLE) | row as u32;
    }

    /// Whether a person is looked at singly.
    #[inline]
    pub fn is_apart(&self, place: usize) -> bool {
        self.apart[place] != 0
    }

    /// Whether kind and payment alone do not tell which rules paid a person.
    #[inline]
    pub fn goes_by_claim(&self, place: usize) -> bool {
        self.payers[place] == u32::from(NO_PAYERS)
    }

    /// Sets those apart who meet something rare or whose self-pay reaches a list, and counts the others.
    pub fn count(
        &mut self,
        instructions: Instructions,
        (n, persons, least_watched): (usize, &Persons, Fen),
        (payers, counts): (&[Payers], &mut Counts),
    ) {
        let least_watched = least_watched.0 as f64;
        instructions.run(Count { n, persons, least_watched, payers, sift: self, counts });
    }
}

impl Counts {
    /// Makes room for the sets of payers.
    pub fn begin(&mut self, payers: usize) {
        for counts in &mut self.payers {
            counts.clear();
            counts.resize(payers, [0; MOST_PAYERS]);
        }
    }

    /// Enters the people of a tile into the book.
    pub fn hand_people_on(&mut self, book: &mut YearBook) {
        let [even, odd] = &mut self.people;
        let n_people = book.layout().n_people;
        for (row, (even, odd)) in even.iter_mut().zip(odd).take(n_people).enumerate() {
            let sum = std::mem::take(even) + std::mem::take(odd);
            let part = |from: u32, to: u32| ((sum >> from) & ((1 << (to - from)) - 1)) as i64;
            let counts = [part(0, ASSISTED), part(ASSISTED, IS_ADMITTED), part(IS_ADMITTED, 63)];
            book.count_assisted(row, counts);
        }
    }

    /// Counts one person for every rule of a set that paid, by the flags of the payments.
    #[inline]
    pub fn add(&mut self, number: usize, payers: &Payers, flags: u32) {
        add_flags(&mut self.payers[0][number], &payers.flags, flags);
    }

    /// Takes out the persons counted by set of payers and rule.
    pub fn take_payers(&mut self, number: usize) -> [u32; MOST_PAYERS] {
        let [even, odd] = self.payers.each_mut().map(|counts| std::mem::take(&mut counts[number]));
        std::array::from_fn(|at| even[at] + odd[at])
    }
}

#[inline(always)]
fn add_flags(counts: &mut [u32; MOST_PAYERS], masks: &[u32; MOST_PAYERS], flags: u32) {
    for at in 0..MOST_PAYERS {
        counts[at] += u32::from(flags & masks[at] != 0);
    }
}

/// Sets persons apart and counts the others.
struct Count<'a> {
    n: usize,
    persons: &'a Persons,
    least_watched: f64,
    payers: &'a [Payers],
    sift: &'a mut Sift,
    counts: &'a mut Counts,
}

impl Kernel for Count<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { n, persons, least_watched, payers, sift, counts } = self;
        set_apart(least_watched, persons, sift);
        let [even, odd] = &mut counts.payers;
        let [people_even, people_odd] = &mut counts.people;
        for place in (0..n.min(PERSONS)).step_by(2) {
            count_one((persons, sift, place), payers, (even, people_even));
            if place + 1 < n.min(PERSONS) {
                count_one((persons, sift, place + 1), payers, (odd, people_odd));
            }
        }
    }
}

#[inline(always)]
fn set_apart(least_watched: f64, persons: &Persons, sift: &mut Sift) {
    for place in 0..PERSONS {
        let listable = u32::from(persons.self_pay[place] >= least_watched);
        sift.apart[place] |= listable | persons.rare[place];
    }
}

#[inline(always)]
fn count_one(
    (persons, sift, place): (&Persons, &Sift, usize),
    payers: &[Payers],
    (counts, people): (&mut [[u32; MOST_PAYERS]], &mut [u64; MOST_PEOPLE]),
) {
    let together = sift.apart[place] == 0;
    // Who is apart is counted for the set of nobody.
    let set = sift.payers[place] as usize * usize::from(together);
    if let (Some(payers), Some(counts)) = (payers.get(set), counts.get_mut(set)) {
        add_flags(counts, &payers.flags, persons.flags[place]);
    }
    let cases = u64::from(persons.assisted[place]);
    let admitted = u64::from(sift.people[place] >> ADMITTED);
    let own = cases | u64::from(cases > 0) << ASSISTED | admitted << IS_ADMITTED;
    people[sift.people[place] as usize % MOST_PEOPLE] += own * u64::from(together);
}
