//! The claims of a tile's persons laid out for the settlement: ordered by day for each person, persons with most
//! claims first.
//!
//! The claims of most persons are few. Their keys are taken from the sections straight into columns, one for each
//! round, and sorted there for all persons of a block at once.

use super::arrange::{Arrange, SourceColumns};
use crate::illness::tile::{Bills, Section};
use crate::instruction_set::{Instructions, Kernel};
use crate::policy::tile::{BILLS, BLOCK, COLUMNS, Claims, PERSONS, key, tag};

/// The most claims that a tile settles for one person. The illness model gives nobody so many: at most 52 stays, 12 months
/// of a condition, 4 quarters and a bill of general outpatient care.
pub const MOST_CLAIMS: usize = 96;

/// The layout of one tile.
#[derive(Debug, Default)]
pub struct Layout {
    /// Keys, bills and rounds, and, once a lane has filled them in, standings.
    pub claims: Claims,
    /// Claims of each person; 0 for who has too many.
    pub n_claims: Vec<u32>,
    /// The place of each person in a round.
    pub place: Vec<u32>,
    /// Persons with too many claims.
    pub crowded: Vec<bool>,
    /// By position, then by place.
    own: Vec<Sources>,
    sources: Box<SourceColumns>,
}

/// Where the keys of a person stand.
#[derive(Debug, Clone, Copy, Default)]
struct Sources {
    /// The first stay, and how many there are; for who has more claims than there are columns, or bills of a major
    /// condition: all keys, sorted.
    stays: [u32; 2],
    chronic: [u32; 2],
    /// The bill of general outpatient care.
    outpatient: u32,
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
    pub fn lay_out(&mut self, instructions: Instructions, bills: &Bills, begin: Cursor) -> (Cursor, usize) {
        let end = Self::fits(bills, begin);
        let sections = Sections::new(begin, end);
        self.gather(instructions, bills, &sections, end);
        let n_claims = self.find(bills, &sections, end.person);
        self.places();
        for block in 0..PERSONS / BLOCK {
            let Self { claims, sources, .. } = self;
            instructions.run(Arrange { claims, sources, block });
        }
        (end, n_claims)
    }

    /// The persons that fit into a tile: bills and keys, those copied and sorted counted twice.
    fn fits(bills: &Bills, begin: Cursor) -> Cursor {
        let all = Cursor {
            person: bills.persons(),
            stays: bills.stays.len(),
            major: bills.major.person.len(),
            chronic: bills.chronic.len(),
            outpatient: bills.outpatient.len(),
        };
        let once = all.stays + all.chronic + all.outpatient;
        if all.person <= PERSONS && ROOM + 2 * once + 13 * all.major <= BILLS {
            return all;
        }
        let (mut end, mut used) = (begin, ROOM);
        while end.person < all.person && end.person - begin.person < PERSONS {
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
    fn gather(&mut self, instructions: Instructions, bills: &Bills, sections: &Sections, end: Cursor) {
        let begin = sections.begin;
        let claims = &mut self.claims;
        instructions.run(Take { section: &bills.stays, from: begin.stays..end.stays, to: 0, claims });
        let major = begin.major..end.major;
        let to = sections.major..sections.chronic;
        claims.total[to.clone()].copy_from_slice(&bills.major.total_fen[major.clone()]);
        claims.out_of_scope[to.clone()].copy_from_slice(&bills.major.out_of_scope_fen[major.clone()]);
        for (own, code) in claims.tag[to].iter_mut().zip(&bills.major.code[major]) {
            *own = tag(*code, 0);
        }
        let (chronic, outpatient) = (begin.chronic..end.chronic, begin.outpatient..end.outpatient);
        instructions.run(Take { section: &bills.chronic, from: chronic, to: sections.chronic, claims });
        let to = sections.outpatient;
        instructions.run(Take { section: &bills.outpatient, from: outpatient, to, claims });
        let last = BILLS - 1;
        (claims.total[last], claims.out_of_scope[last], claims.tag[last]) = (0.0, 0.0, 0);
    }

    /// Finds where the keys of each person stand; returns the number of claims.
    fn find(&mut self, bills: &Bills, sections: &Sections, end: usize) -> usize {
        self.n_claims.clear();
        self.crowded.clear();
        self.own.clear();
        let begin = sections.begin;
        let (mut cursor, mut free, mut all) = (begin, sections.end, 0);
        while cursor.person < end {
            let own = Own::of(bills, &cursor);
            let n = own.claims();
            let crowded = n > MOST_CLAIMS;
            all += n;
            self.crowded.push(crowded);
            self.n_claims.push(if crowded { 0 } else { n as u32 });
            let chronic = sections.chronic + cursor.chronic - begin.chronic;
            let outpatient = sections.outpatient + cursor.outpatient - begin.outpatient;
            let mut sources = Sources {
                stays: [(cursor.stays - begin.stays) as u32, own.stays as u32],
                chronic: [chronic as u32, own.chronic as u32],
                outpatient: outpatient as u32,
            };
            if (n > COLUMNS || own.months != 0) && !crowded {
                self.bring(&own, (sections, &cursor), free);
                self.claims.keys[free..free + n].sort_unstable();
                sources = Sources { stays: [free as u32, n as u32], ..Sources::default() };
                free += n;
            }
            self.own.push(sources);
            cursor.pass(&own);
        }
        all
    }

    /// Copies the keys of a person's bills, section after section.
    fn bring(&mut self, own: &Own, (sections, cursor): (&Sections, &Cursor), free: usize) {
        let keys = &mut *self.claims.keys;
        let begin = sections.begin;
        let mut to = free;
        let mut copy = |keys: &mut [u32; BILLS], from: usize, n: usize| {
            keys.copy_within(from..from + n, to);
            to += n;
        };
        copy(keys, cursor.stays - begin.stays, own.stays);
        copy(keys, sections.chronic + cursor.chronic - begin.chronic, own.chronic);
        copy(keys, sections.outpatient + cursor.outpatient - begin.outpatient, own.outpatient);
        let major = (sections.major + cursor.major - begin.major) as u32;
        let mut months = u32::from(own.months);
        while months != 0 {
            keys[to] = key(months.trailing_zeros() << 5 | 10, major);
            to += 1;
            months &= months - 1;
        }
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
        let sources = &mut *self.sources;
        for (&n, own) in self.n_claims.iter().zip(&self.own) {
            let place = next[n as usize];
            next[n as usize] += 1;
            self.place.push(place);
            let at = place as usize % PERSONS;
            sources.n[at] = n;
            [sources.stays[at], sources.n_stays[at]] = own.stays;
            [sources.chronic[at], sources.n_chronic[at]] = own.chronic;
            sources.outpatient[at] = own.outpatient;
            self.claims.first[at] = own.stays[0];
        }
    }
}

/// Bills of one section as a tile's claims.
struct Take<'a> {
    section: &'a Section,
    from: std::ops::Range<usize>,
    to: usize,
    claims: &'a mut Claims,
}

impl Kernel for Take<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { section, from, to, claims } = self;
        let n = from.len();
        claims.total[to..to + n].copy_from_slice(&section.total_fen[from.clone()]);
        claims.out_of_scope[to..to + n].copy_from_slice(&section.out_of_scope_fen[from.clone()]);
        let kinds = section.code[from.clone()].iter().zip(&section.span[from.clone()]);
        for (own, (&code, &span)) in claims.tag[to..to + n].iter_mut().zip(kinds) {
            *own = tag(code, span);
        }
        let bills = (to as u32..).zip(&section.day[from]);
        for (own, (bill, &day)) in claims.keys[to..to + n].iter_mut().zip(bills) {
            *own = key(u32::from(day), bill);
        }
    }
}

/// What is left free at the end of a tile's bills: an empty one.
const ROOM: usize = 1;
