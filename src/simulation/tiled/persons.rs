//! One lane's view of a tile: the claims are settled side by side, then person by person it is seen who is listed,
//! whose year must be settled plainly, and what is booked.

use super::super::book::YearBook;
use super::super::household::ordinary_applies;
use super::super::person::{LaneState, Scene, Who};
use super::super::second::held;
use super::super::stage::Stage;
use super::super::watch::Found;
use super::book::Gathered;
use super::layout::Layout;
use super::rules::{MOVING, NO_PAYERS, TileRules};
use super::tracks::{moment, months, of_months};
use super::view::View;
use super::{Subjects, Tile};
use crate::illness::tile::Bills;
use crate::instruction_set::Instructions;
use crate::policy::claim::Spell;
use crate::policy::programme::{CODES, IRREGULAR};
use crate::policy::tile::BILL_BITS;
use crate::units::{Fen, Month};

impl LaneState {
    /// Settles the bills of a tile and books what was paid.
    pub(super) fn settle_tile(
        &mut self,
        instructions: Instructions,
        scene: Scene<'_, '_>,
        (rules, subjects, bills): (&TileRules, Subjects<'_>, &Bills),
        (tile, gathered, book): (&mut Tile, &mut Gathered, &mut YearBook),
    ) {
        self.stand(scene, subjects, (rules, tile));
        let Tile { settled, layout, luck, .. } = tile;
        settled.settle(instructions, (&rules.programme, &rules.lines), &layout.claims);
        if let Subjects::Costly(residents) = subjects {
            luck.draw(instructions, scene, residents);
        }
        scene.county.observer.done(Stage::Settlement);
        let mut rare = std::mem::take(&mut tile.rare);
        let view = View { rules, tile, subjects };
        let quick = Quick::new(scene);
        for person in 0..subjects.len() {
            if self.book_quickly(scene, (quick, view, person), (gathered, book))
                || self.book_person(scene, (view, person), (gathered, book))
            {
                continue;
            }
            let claims = bills.claims_of(tile.begin + person, scene.ctx.year);
            self.settle_year(scene, (subjects.who(person), &claims), book);
            rare.push(person);
        }
        scene.county.observer.done(Stage::Persons);
        rare.drain(..).for_each(|person| tile.take_out(person));
        gathered.add((scene.lane, scene.year, rules), (&tile.settled, subjects.len()), book);
        scene.county.observer.done(Stage::Booking);
        tile.rare = rare;
    }

    /// Finds how each person stands: one standing for all claims, or a cell claim by claim.
    fn stand(&self, scene: Scene<'_, '_>, subjects: Subjects<'_>, (rules, tile): (&TileRules, &mut Tile)) {
        let claims = &mut tile.layout.claims;
        claims.moving.clear();
        claims.movers.clear();
        for person in 0..subjects.len() {
            let place = tile.layout.place[person] as usize;
            let track = subjects.track(rules, person);
            let on_track = &rules.on_track[track];
            tile.settled.persons.tilt_from[place] = on_track.tilt_from_fen;
            tile.layout.claims.standing[place] = u32::from(on_track.standing);
            if self.any_gained() && self.gained(subjects.who(person)).is_some() {
                self.move_with_gained(scene, (subjects.who(person), person), (rules, tile));
            } else if on_track.standing == MOVING {
                let track = &rules.tracks[track];
                move_along(&mut tile.layout, person, |month, span| track[moment(month, span)]);
            }
        }
        tile.layout.claims.movers.sort_unstable();
    }

    /// The cells of a person who gained an identity from a list in an earlier year.
    fn move_with_gained(
        &self,
        scene: Scene<'_, '_>,
        (who, person): (Who, usize),
        (rules, tile): (&TileRules, &mut Tile),
    ) {
        let Who::Holder { row, .. } = who else { return };
        let mut spells = Vec::new();
        self.spells_of(scene, who, &mut spells);
        let held = months(scene.ctx.year, &spells);
        let class = rules.rows[row].class;
        let tilt_from = &mut tile.settled.persons.tilt_from[tile.layout.place[person] as usize];
        move_along(&mut tile.layout, person, |month, span| {
            let key = (usize::from(rules.by_month[month]), of_months(&held, month, span), class);
            let standing = rules.standing_of.get(&key).copied().unwrap_or(IRREGULAR);
            let from = rules.programme.standings[usize::from(standing)].tilt_from_fen;
            *tilt_from = tilt_from.min(from);
            standing
        });
    }

    /// Books the year of an identity holder for whom nothing but the payments matters; false for all others.
    #[inline]
    fn book_quickly(
        &mut self,
        scene: Scene<'_, '_>,
        (quick, view, person): (Quick, View<'_>, usize),
        (gathered, book): (&mut Gathered, &mut YearBook),
    ) -> bool {
        let Subjects::Holders(ill) = view.subjects else { return false };
        let (rules, tile) = (view.rules, view.tile);
        let place = view.place(person);
        let (one, settled) = (&ill[person], &tile.settled.persons);
        let row = one.row as usize;
        let payers = rules.on_track[usize::from(rules.track_of_row[row])].payers;
        let self_pay = Fen(settled.self_pay[place] as i64);
        let other = !quick.holds
            || rules.all_plain
            || settled.rare[place] != 0
            || payers == NO_PAYERS
            || tile.layout.n_claims[person] == 0
            || self_pay >= rules.least_watched
            || self.has_gained[row];
        if other {
            return false;
        }
        self.serial += 1;
        let assisted = i64::from(settled.assisted[place]);
        let people = &mut book.people[usize::from(rules.people_of_row[row])];
        people.assisted_cases += assisted;
        people.assisted_persons += i64::from(assisted > 0);
        people.admitted += i64::from(one.stays > 0);
        if quick.has_applications {
            let household = scene.county.population.household[row];
            self.add_to_household(household, (self_pay, view.last_month(scene.ctx.year, person)));
        }
        gathered.count_by_flags(usize::from(payers), rules, settled.flags[place]);
        true
    }

    /// Books a person's year from the tile; false where the year must be settled plainly.
    fn book_person(
        &mut self,
        scene: Scene<'_, '_>,
        (view, person): (View<'_>, usize),
        (gathered, book): (&mut Gathered, &mut YearBook),
    ) -> bool {
        let (rules, tile) = (view.rules, view.tile);
        if view.is_rare(person) {
            return false;
        }
        if tile.layout.n_claims[person] == 0 {
            return true;
        }
        let who = view.subjects.who(person);
        let has_gained = self.gained(who).is_some();
        let has_indicators = !scene.lane.schedule(scene.year).indicators.is_empty();
        // The lists and indicators of who gained an identity go by claims.
        if has_gained && (view.is_listable(person) || has_indicators) {
            return false;
        }
        let found = view.found(scene, person);
        let gained = self.confirmed(scene, (view, person), (who, &found));
        let year = scene.ctx.year;
        // Later claims of a year in which an identity is gained are settled anew.
        if gained.is_some_and(|spell| view.last_month(year, person) >= spell.from) {
            return false;
        }
        self.enter(scene, (view, person), (who, &found), book);
        let payers = rules.on_track[view.subjects.track(rules, person)].payers;
        if payers == NO_PAYERS || has_gained {
            let claims = view.claims(person).map(|place| place.at);
            gathered.count_by_claim(rules, &tile.settled, claims);
        } else {
            gathered.count_by_flags(
                usize::from(payers),
                rules,
                tile.settled.persons.flags[view.place(person)],
            );
        }
        let approved = matches!(view.subjects, Subjects::Costly(..)) && tile.luck.approved[person] != 0;
        if approved && ordinary_applies(scene, who, view.self_pay(person)) {
            let (claims, left) = view.settled_claims(year, person);
            self.application_of_settled(scene, who, (&claims, &left), book);
        }
        if let Some(spell) = gained {
            self.recognise(scene, (who, spell), book);
        }
        true
    }

    /// The identity that verification of a list gives.
    #[inline]
    fn confirmed(
        &mut self,
        scene: Scene<'_, '_>,
        (view, person): (View<'_>, usize),
        (who, found): (Who, &Found),
    ) -> Option<Spell> {
        if found.is_empty() {
            return None;
        }
        let confirmed = view.tile.luck.confirmed[person];
        let known = matches!(view.subjects, Subjects::Costly(..));
        if known && !found.iter().any(|(list, _)| confirmed & 1 << list != 0) {
            return None;
        }
        let mut spells = std::mem::take(&mut self.spells);
        self.spells_of(scene, who, &mut spells);
        let gained = self.verified(scene, (who, found), &spells);
        self.spells = spells;
        gained
    }

    /// Counts a person, enters the lists, and keeps what the year's end will ask for.
    #[inline]
    fn enter(
        &mut self,
        scene: Scene<'_, '_>,
        (view, person): (View<'_>, usize),
        (who, found): (Who, &Found),
        book: &mut YearBook,
    ) {
        self.serial += 1;
        let (people, held) = self.standing_in_year(scene, (who, view.rules));
        self.count(scene, (who, people), (view.assisted(person), found), book);
        let schedule = scene.lane.schedule(scene.year);
        if !schedule.second_assistance.is_empty() {
            self.add_need(view.in_scope(person), held);
        }
        if let (Who::Holder { row, .. }, true) = (who, scene.lane.has_applications(scene.year)) {
            let last: Month = view.last_month(scene.ctx.year, person);
            let household = scene.county.population.household[row];
            self.add_to_household(household, (view.self_pay(person), last));
        }
        if !schedule.indicators.is_empty() {
            view.indicators(scene.lane, (scene.year, person, self.serial), book);
        }
    }

    /// The row of the people's table and the identities held in the year.
    #[inline]
    fn standing_in_year(&mut self, scene: Scene<'_, '_>, (who, rules): (Who, &TileRules)) -> (usize, u32) {
        match who {
            Who::Holder { row, .. } if self.gained(who).is_none() => {
                (usize::from(rules.people_of_row[row]), rules.rows[row].held)
            }
            Who::Holder { .. } => {
                let mut spells = Vec::new();
                self.spells_of(scene, who, &mut spells);
                (scene.lane.people_row(scene.year, &spells), held(scene.ctx.year, &spells))
            }
            Who::Ordinary { .. } | Who::Recruit { .. } => (scene.lane.policy.names.categories.len(), 0),
        }
    }
}

/// What is asked once for all persons of a tile.
#[derive(Debug, Clone, Copy)]
struct Quick {
    /// Neither second assistance nor an indicator asks for more than payments.
    holds: bool,
    has_applications: bool,
}

impl Quick {
    fn new(scene: Scene<'_, '_>) -> Self {
        let schedule = scene.lane.schedule(scene.year);
        Self {
            holds: schedule.second_assistance.is_empty() && schedule.indicators.is_empty(),
            has_applications: scene.lane.has_applications(scene.year),
        }
    }
}

/// Writes down the cells of a person whose standing depends on month of admission and months until discharge.
fn move_along(layout: &mut Layout, person: usize, mut standing: impl FnMut(usize, usize) -> u16) {
    let (first, n) = (layout.first[person] as usize, layout.n_claims[person] as usize);
    let claims = &mut layout.claims;
    claims.movers.push((layout.place[person] as usize, claims.moving.len(), n));
    for key in &claims.keys[first..first + n] {
        let tag = claims.tag[(key & ((1 << BILL_BITS) - 1)) as usize];
        let standing = standing((key >> (BILL_BITS + 5)) as usize, (tag >> 8) as usize);
        claims.moving.push(u32::from(standing) * CODES as u32 + (tag & 0xFF));
    }
}
