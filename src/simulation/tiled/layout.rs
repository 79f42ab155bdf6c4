//! The claims of a tile's persons laid out for the settlement: ordered by day for each person, persons with most
//! claims first.
//!
//! Most persons have bills of one kind, whose keys stand together already; only those with several kinds have
//! their keys copied behind all others and sorted.

use crate::illness::tile::{Bills, Section};
use crate::policy::tile::{BILL_BITS, BILLS, Claims, LANES, PERSONS};

/// More claims than a tile settles for one person.
pub const MOST_CLAIMS: usize = 96;

/// The layout of one tile.
#[derive(Debug, Default)]
pub struct Layout {
    /// Keys, bills and rounds, and, once a lane has filled them in, standings.
    pub claims: Claims,
    /// Where each round begins.
    pub starts: Vec<usize>,
    /// Claims of each person; 0 for who has too many.
    pub n_claims: Vec<u32>,
    /// Where the keys of each person begin.
    pub first: Vec<u32>,
    /// The place of each person in a round.
    pub place: Vec<u32>,
    /// Persons with too many claims.
    pub crowded: Vec<bool>,
}

/// Where the bills of the next person begin in each section.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cursor {
    /// Persons passed.
    pub person: usize,
    stays: usize,
    major: usize,
    chronic: usize,
    outpatient: usize,
}

/// The bills of one person by section; months of the major condition as bits.
#[derive(Debug, Clone, Copy)]
struct Own {
    stays: usize,
    months: u16,
    chronic: usize,
    outpatient: usize,
}

impl Own {
    #[inline]
    fn of(bills: &Bills, cursor: &Cursor) -> Self {
        let person = cursor.person;
        let major = bills.major.person.get(cursor.major) == Some(&(person as u32));
        Self {
            stays: usize::from(bills.stays.each[person]),
            months: if major { bills.major.months[cursor.major] } else { 0 },
            chronic: usize::from(bills.chronic.each[person]),
            outpatient: usize::from(bills.outpatient.each[person]),
        }
    }

    #[inline]
    fn claims(&self) -> usize {
        self.stays + self.months.count_ones() as usize + self.chronic + self.outpatient
    }

    #[inline]
    fn bills(&self) -> usize {
        self.stays + usize::from(self.months != 0) + self.chronic + self.outpatient
    }
}

impl Cursor {
    #[inline]
    fn pass(&mut self, own: &Own) {
        self.person += 1;
        self.stays += own.stays;
        self.major += usize::from(own.months != 0);
        self.chronic += own.chronic;
        self.outpatient += own.outpatient;
    }
}

/// Where the sections of a tile begin among its bills.
#[derive(Debug, Clone, Copy)]
struct Sections {
    begin: Cursor,
    major: usize,
    chronic: usize,
    outpatient: usize,
    end: usize,
}

impl Sections {
    fn new(begin: Cursor, end: Cursor) -> Self {
        let major = end.stays - begin.stays;
        let chronic = major + end.major - begin.major;
        let outpatient = chronic + end.chronic - begin.chronic;
        Self { begin, major, chronic, outpatient, end: outpatient + end.outpatient - begin.outpatient }
    }
}

impl Layout {
    /// Lays out the bills of persons from a cursor on, as many as a tile holds; returns the cursor after them and
    /// the number of claims.
    pub fn lay_out(&mut self, bills: &Bills, begin: Cursor) -> (Cursor, usize) {
        let end = Self::fits(bills, begin);
        let sections = Sections::new(begin, end);
        self.gather(bills, &sections, end);
        let n_claims = self.order(bills, &sections, end.person);
        self.places();
        (end, n_claims)
    }

    /// The persons that fit into a tile: bills and keys, those copied and sorted counted twice.
    fn fits(bills: &Bills, begin: Cursor) -> Cursor {
        let (mut end, mut used) = (begin, LANES);
        while end.person < bills.stays.each.len() && end.person - begin.person < PERSONS {
            let own = Own::of(bills, &end);
            used += own.bills() + own.claims().min(MOST_CLAIMS);
            if used > BILLS && end.person > begin.person {
                break;
            }
            end.pass(&own);
        }
        end
    }

    /// Copies the bills of all sections into one set of columns, with a key for each.
    fn gather(&mut self, bills: &Bills, sections: &Sections, end: Cursor) {
        let begin = sections.begin;
        self.take(&bills.stays, begin.stays..end.stays, 0);
        let major = begin.major..end.major;
        let to = sections.major..sections.chronic;
        self.claims.total[to.clone()].copy_from_slice(&bills.major.total_fen[major.clone()]);
        self.claims.out_of_scope[to.clone()].copy_from_slice(&bills.major.out_of_scope_fen[major.clone()]);
        for (tag, code) in self.claims.tag[to].iter_mut().zip(&bills.major.code[major]) {
            *tag = u32::from(*code);
        }
        self.take(&bills.chronic, begin.chronic..end.chronic, sections.chronic);
        self.take(&bills.outpatient, begin.outpatient..end.outpatient, sections.outpatient);
        let last = BILLS - 1;
        (self.claims.total[last], self.claims.out_of_scope[last], self.claims.tag[last]) = (0.0, 0.0, 0);
    }

    fn take(&mut self, section: &Section, from: std::ops::Range<usize>, to: usize) {
        let n = from.len();
        self.claims.total[to..to + n].copy_from_slice(&section.total_fen[from.clone()]);
        self.claims.out_of_scope[to..to + n].copy_from_slice(&section.out_of_scope_fen[from.clone()]);
        let kinds = section.code[from.clone()].iter().zip(&section.span[from.clone()]);
        for (tag, (&code, &span)) in self.claims.tag[to..to + n].iter_mut().zip(kinds) {
            *tag = u32::from(code) | u32::from(span) << 8;
        }
        let bills = (to as u32..).zip(&section.day[from]);
        for (key, (bill, &day)) in self.claims.keys[to..to + n].iter_mut().zip(bills) {
            *key = u32::from(day) << BILL_BITS | bill;
        }
    }

    /// The keys of each person by day, equal days in the order of the sections; returns the number of claims.
    fn order(&mut self, bills: &Bills, sections: &Sections, end: usize) -> usize {
        self.n_claims.clear();
        self.first.clear();
        self.crowded.clear();
        let (mut cursor, mut free, mut all) = (sections.begin, sections.end, 0);
        while cursor.person < end {
            let own = Own::of(bills, &cursor);
            let n = own.claims();
            let (stay, chronic) =
                (cursor.stays - sections.begin.stays, cursor.chronic - sections.begin.chronic);
            let crowded = n > MOST_CLAIMS;
            let first = if crowded {
                0
            } else if n == own.stays {
                sort(&mut self.claims.keys[stay..stay + n]);
                stay
            } else if n == own.chronic {
                sections.chronic + chronic
            } else {
                self.mix(&own, (sections, &cursor), free);
                free += n;
                free - n
            };
            all += n;
            self.crowded.push(crowded);
            self.n_claims.push(if crowded { 0 } else { n as u32 });
            self.first.push(first as u32);
            cursor.pass(&own);
        }
        all
    }

    /// Copies the keys of a person with bills of several kinds, and sorts them.
    fn mix(&mut self, own: &Own, (sections, cursor): (&Sections, &Cursor), free: usize) {
        let keys = &mut *self.claims.keys;
        let begin = sections.begin;
        let stays = cursor.stays - begin.stays;
        keys.copy_within(stays..stays + own.stays, free);
        let mut to = free + own.stays;
        let major = (sections.major + cursor.major - begin.major) as u32;
        let mut months = u32::from(own.months);
        while months != 0 {
            keys[to] = (months.trailing_zeros() << 5 | 10) << BILL_BITS | major;
            to += 1;
            months &= months - 1;
        }
        let chronic = sections.chronic + cursor.chronic - begin.chronic;
        keys.copy_within(chronic..chronic + own.chronic, to);
        to += own.chronic;
        let outpatient = sections.outpatient + cursor.outpatient - begin.outpatient;
        keys.copy_within(outpatient..outpatient + own.outpatient, to);
        sort(&mut keys[free..to + own.outpatient]);
    }

    /// Places of the persons, those with most claims first, and the length of each round.
    fn places(&mut self) {
        let mut with = [0_u32; MOST_CLAIMS + 1];
        for &n in &self.n_claims {
            with[n as usize] += 1;
        }
        let most = with.iter().rposition(|&persons| persons > 0).unwrap_or(0);
        // The first place of persons with so many claims: after all who have more.
        let mut next = [0_u32; MOST_CLAIMS + 1];
        let mut before = 0;
        self.claims.rounds.clear();
        self.claims.rounds.resize(most, 0);
        for n in (0..=most).rev() {
            next[n] = before;
            before += with[n];
            if n > 0 {
                self.claims.rounds[n - 1] = before as usize;
            }
        }
        self.place.clear();
        for (&n, &first) in self.n_claims.iter().zip(&self.first) {
            let place = next[n as usize];
            next[n as usize] += 1;
            self.place.push(place);
            self.claims.first[place as usize] = first;
        }
        self.starts.clear();
        let mut start = 0;
        for &persons in &self.claims.rounds {
            self.starts.push(start);
            start += Claims::filled(persons);
        }
    }
}

/// Sorts keys: few, and mostly in order already.
#[inline]
fn sort(keys: &mut [u32]) {
    for next in 1..keys.len() {
        let key = keys[next];
        let mut place = next;
        while place > 0 && keys[place - 1] > key {
            keys[place] = keys[place - 1];
            place -= 1;
        }
        keys[place] = key;
    }
}
