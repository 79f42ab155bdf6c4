//! What can be read of a person from a settled tile.

use super::super::book::YearBook;
use super::super::facts::{BurdenMeasure, Fact};
use super::super::lane::Lane;
use super::super::scene::{Scene, Who};
use super::super::settled::SettledClaims;
use super::super::watch::Found;
use super::rules::TileRules;
use super::tracks::moment;
use super::{Subjects, Tile};
use crate::policy::programme::{CODES, claim_of};
use crate::policy::schedule::Watch;
use crate::policy::tile::{NOT_REACHED, bill_of, code_of, month_of, span_of};
use crate::units::{Fen, Month};

/// A settled tile under one lane's rules.
#[derive(Clone, Copy)]
pub struct View<'v> {
    /// The lane's year.
    pub rules: &'v TileRules,
    /// The tile.
    pub tile: &'v Tile,
    /// Whose bills it holds.
    pub subjects: Subjects<'v>,
}

impl Subjects<'_> {
    /// The person at a position.
    #[inline]
    pub fn who(&self, person: usize) -> Who {
        match self {
            Self::Holders(ill) => Who::Holder { row: ill[person].row as usize, stays: ill[person].stays },
            Self::Costly(residents) => residents[person].who,
        }
    }

    /// The row of the people's table, and whether the person was admitted to hospital and is counted so here.
    #[inline]
    pub fn people(&self, scene: Scene<'_, '_>, rules: &TileRules, person: usize) -> (u8, bool) {
        match self {
            Self::Holders(ill) => (rules.people_of_row[ill[person].row as usize], ill[person].stays > 0),
            Self::Costly(..) => (scene.lane.policy.names.categories.len() as u8, false),
        }
    }

    /// The person's track.
    #[inline]
    pub fn track(&self, rules: &TileRules, person: usize) -> usize {
        match self {
            Self::Holders(ill) => usize::from(rules.track_of_row[ill[person].row as usize]),
            Self::Costly(residents) => rules.track_of_cell[residents[person].cell as usize] as usize,
        }
    }
}

/// One claim of a settled tile.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Where its payments stand.
    pub at: usize,
    bill: usize,
    month: usize,
}

impl View<'_> {
    /// The place of a person in the rounds.
    #[inline]
    pub fn place(&self, person: usize) -> usize {
        self.tile.layout.place[person] as usize
    }

    /// The whole self-pay of the year.
    #[inline]
    pub fn self_pay(&self, person: usize) -> Fen {
        Fen(self.tile.settled.persons.self_pay[self.place(person)] as i64)
    }

    /// The self-pay inside the catalogue.
    pub fn in_scope(&self, person: usize) -> Fen {
        Fen(self.tile.settled.persons.in_scope[self.place(person)] as i64)
    }

    /// Payments of assistance.
    #[inline]
    pub fn assisted(&self, person: usize) -> i64 {
        i64::from(self.tile.settled.persons.assisted[self.place(person)])
    }

    /// Whether something could matter that tiles leave out.
    #[inline]
    pub fn is_rare(&self, person: usize) -> bool {
        self.rules.all_plain || self.tile.settled.persons.rare[self.place(person)] != 0
    }

    /// Whether the self-pay reaches what any list asks for.
    #[inline]
    pub fn is_listable(&self, person: usize) -> bool {
        self.self_pay(person) >= self.rules.least_watched
    }

    /// The last month in which a bill of the person ends.
    #[inline]
    pub fn last_month(&self, year: u16, person: usize) -> Month {
        Month(Month::new(year, 1).0 + self.tile.settled.persons.last_month[self.place(person)] as u16)
    }

    /// The claims of a person, by day.
    pub fn claims(&self, person: usize) -> impl Iterator<Item = Place> + '_ {
        let Tile { layout, settled, .. } = self.tile;
        let place = self.place(person);
        (0..layout.n_claims[person] as usize).map(move |round| {
            let key = layout.claims.key(place, round);
            let (bill, month) = (bill_of(key) as usize, month_of(key) as usize);
            Place { at: settled.at(place, round), bill, month }
        })
    }

    /// The claims of a person by day, with kind, setting and months, and what each left to the patient in scope.
    pub fn settled_claims(&self, year: u16, person: usize) -> SettledClaims {
        let january = Month::new(year, 1).0;
        let claim = |place: Place| {
            let tag = self.tile.layout.claims.tag[place.bill];
            let mut claim = claim_of(code_of(tag) as usize);
            claim.admitted.month = Month(january + place.month as u16);
            claim.discharged.month = Month(claim.admitted.month.0 + span_of(tag) as u16);
            claim
        };
        let left: Vec<(i64, i64)> = self.claims(person).map(|place| self.left(place)).collect();
        SettledClaims {
            claims: self.claims(person).map(claim).collect(),
            left: left.iter().map(|&(inside, _)| Fen(inside)).collect(),
            self_pay: left.iter().map(|&(inside, outside)| Fen(inside + outside)).collect(),
            assisted: self.assisted(person) > 0,
        }
    }

    /// The cost of a claim inside the catalogue.
    fn in_scope_cost(&self, place: Place) -> i64 {
        let bills = &self.tile.layout.claims;
        bills.total[place.bill] as i64 - bills.out_of_scope[place.bill] as i64
    }

    /// What a claim leaves to the patient, inside and outside the catalogue.
    fn left(&self, place: Place) -> (i64, i64) {
        let [provider, rest @ ..] = self.tile.settled.paid(place.at);
        let insured: i64 = rest.into_iter().map(i64::from).sum();
        let outside = self.tile.layout.claims.out_of_scope[place.bill] as i64;
        (self.in_scope_cost(place) - insured, outside - i64::from(provider))
    }

    /// The lists that name the person, with the month in which the self-pay of the year passed the threshold.
    #[inline]
    pub fn found(&self, scene: Scene<'_, '_>, person: usize) -> Found {
        let mut found = Found::default();
        if self.is_listable(person) {
            self.look(scene, person, &mut found);
        }
        found
    }

    fn look(&self, scene: Scene<'_, '_>, person: usize, found: &mut Found) {
        let named = self.rules.on_track[self.subjects.track(self.rules, person)].named;
        let who = self.subjects.who(person);
        let january = Month::new(scene.ctx.year, 1).0;
        for (number, watch) in scene.lane.schedule(scene.year).watches.iter().enumerate() {
            if watch.rural_only && !who.is_rural(scene) {
                continue;
            }
            let month = match named {
                Some(lists) if lists & 1 << number == 0 => None,
                Some(_) => self.reached(number, person),
                None => self.passed((number, watch), person),
            };
            if let Some(month) = month {
                found.push(number, Month(january + month as u16));
            }
        }
    }

    /// The month of the year (January 0) in which the self-pay reached a list's threshold.
    fn reached(&self, list: usize, person: usize) -> Option<usize> {
        let month = self.tile.settled.persons.reached[list][self.place(person)];
        (month != NOT_REACHED).then_some(month as usize)
    }

    /// The same for a person whose identities change: the list must name the person in that month.
    fn passed(&self, (number, watch): (usize, &Watch), person: usize) -> Option<usize> {
        let track = &self.rules.tracks[self.subjects.track(self.rules, person)];
        let mut sum = 0;
        for place in self.claims(person) {
            let (inside, outside) = self.left(place);
            sum += inside + if watch.counts_out_of_scope { outside } else { 0 };
            let standing = usize::from(track[moment(place.month, 0)]);
            let named = self.rules.programme.standings[standing].named & 1 << number != 0;
            if sum >= watch.threshold.0 && named {
                return Some(place.month);
            }
        }
        None
    }

    /// The cell of a claim of a person who gained no identity this year.
    fn cell(&self, place: Place, person: usize) -> usize {
        let tag = self.tile.layout.claims.tag[place.bill];
        let track = &self.rules.tracks[self.subjects.track(self.rules, person)];
        let standing = usize::from(track[moment(place.month, span_of(tag) as usize)]);
        standing * CODES + code_of(tag) as usize
    }

    /// Adds the person's claims to the indicators.
    pub fn indicators(
        &self,
        lane: &Lane<'_>,
        (year, person, serial): (usize, usize, u64),
        book: &mut YearBook,
    ) {
        let mut counted = 0_u8;
        for place in self.claims(person) {
            let bits = self.rules.programme.indicators_of[self.cell(place, person)];
            counted |= bits;
            for number in (0..8).filter(|number| bits & 1 << number != 0) {
                let (cost, left) = (self.in_scope_cost(place), self.left(place).0);
                book.add(Fact::Indicator { number, measure: BurdenMeasure::InScopeFen }, cost);
                book.add(Fact::Indicator { number, measure: BurdenMeasure::SelfPayFen }, left);
            }
        }
        for (number, indicator) in lane.schedule(year).indicators.iter().enumerate().take(8) {
            if counted & 1 << number != 0 {
                book.add(Fact::Indicator { number, measure: BurdenMeasure::Persons }, 1);
                book.touch(indicator.rule, serial);
            }
        }
    }
}
