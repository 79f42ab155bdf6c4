//! One lane's view of a tile: the claims are settled side by side, then person by person it is seen who is listed,
//! whose year must be settled plainly, and what is booked.

use super::super::book::YearBook;
use super::super::following::{Follower, Noted, Onto};
use super::super::household::ordinary_applies;
use super::super::person::LaneState;
use super::super::scene::{Scene, Who};
use super::super::second::held;
use super::super::stage::Stage;
use super::super::watch::Found;
use super::book::Gathered;
use super::layout::Layout;
use super::rules::{MOVING, NO_PAYERS, TileRules};
use super::tracks::{moment, months, of_months};
use super::view::View;
use super::{Filled, Subjects, Tile};
use crate::illness::tile::Bills;
use crate::instruction_set::Instructions;
use crate::policy::balance::Imbalance;
use crate::policy::claim::{Claim, OverNewYear, Spell};
use crate::policy::programme::{CODES, IRREGULAR};
use crate::policy::tile::{bill_of, code_of, month_of, span_of};
use crate::units::Fen;

impl LaneState {
    /// Settles the bills of a tile and books what was paid; what is noted of persons goes over to lanes that follow.
    pub(super) fn settle_tile(
        &mut self,
        instructions: Instructions,
        scene: Scene<'_, '_>,
        (rules, subjects, bills): (&TileRules, Subjects<'_>, &Bills),
        Filled { tile, gathered, mut onto, followers }: Filled<'_, '_>,
    ) {
        if let Subjects::Costly(residents) = subjects {
            tile.luck.draw(instructions, scene, residents);
        }
        tile.note_marked(rules, (subjects.len(), bills));
        self.note_over_new_year(scene, subjects, (bills, tile));
        self.stand(scene, subjects, (rules, tile));
        let Tile { settled, layout, sift, .. } = tile;
        settled.settle(instructions, (&rules.programme, &rules.lines), &layout.claims);
        scene.county.observer.done(Stage::Settlement);
        let n = layout.claims.rounds.first().copied().unwrap_or(0);
        let of_tile = (n, &*settled.persons, rules.least_watched);
        sift.count(instructions, of_tile, (&rules.payers, &mut gathered.counts));
        gathered.counts.hand_people_on(onto.of_columns());
        let mut rare = std::mem::take(&mut tile.rare);
        rare.clear();
        let view = View { rules, tile, subjects };
        let mut told = (0, self.noted());
        for person in 0..subjects.len() {
            if self.is_done(scene, (view, person), Some(&mut *gathered)) {
                continue;
            }
            let before = (person, self.noted());
            let left = self.book_person(scene, (view, person), (Some(&mut *gathered), &mut onto));
            let is_rare = !matches!(left, Left::Nothing);
            if is_rare {
                let claims = bills.claims_of(tile.begin + person, scene.ctx.year);
                self.settle_left(scene, (subjects.who(person), &claims), left, &mut onto);
                rare.push(person);
            }
            if onto.is_apart() && !followers.is_empty() {
                self.tell(subjects, (told, before), followers);
                let how = if is_rare { How::Plainly } else { How::ByColumns };
                followers.iter_mut().for_each(|follower| follower.settle(how, (view, person), bills));
                told = (person + 1, self.noted());
            }
        }
        self.tell(subjects, (told, (subjects.len(), self.noted())), followers);
        scene.county.observer.done(Stage::Persons);
        for &person in &rare {
            tile.take_out(person);
        }
        self.hold_sums(instructions, scene, (tile, &rare, n));
        let of_year = (scene.lane, scene.year, rules);
        gathered.add(instructions, of_year, (tile, subjects.len()), onto.of_columns());
        scene.county.observer.done(Stage::Booking);
        tile.rare = rare;
    }

    /// Tells lanes that follow what was noted between two persons of a tile, of those before the second.
    fn tell(
        &self,
        subjects: Subjects<'_>,
        ((first, since), (end, until)): ((usize, Noted), (usize, Noted)),
        followers: &mut [Follower<'_, '_>],
    ) {
        for Follower { scene, state, .. } in followers {
            let ill = match subjects {
                Subjects::Holders(ill) if scene.lane.has_applications(scene.year) => &ill[first..end],
                Subjects::Holders(_) | Subjects::Costly(_) => &[],
            };
            state.take_over(self, (since, until), ill.iter().map(|one| one.row as usize));
        }
    }

    /// Holds bills, payments and self-pay of those whom the tile settled against each other.
    fn hold_sums(
        &mut self,
        instructions: Instructions,
        scene: Scene<'_, '_>,
        (tile, rare, n): (&Tile, &[usize], usize),
    ) {
        let places = rare.iter().filter(|person| tile.layout.n_claims[**person] > 0);
        let places = places.map(|&person| tile.layout.place[person] as usize);
        let sums = tile.settled.sums(instructions, n, places);
        if !sums.add_up() {
            let fen = |sum: f64| Fen(sum as i64);
            self.work.imbalance.get_or_insert(Imbalance {
                year: scene.ctx.year,
                bills: fen(sums.bills),
                earlier: Fen::ZERO,
                paid: Fen(sums.paid as i64),
                patient: fen(sums.self_pay),
            });
        }
    }

    /// Finds how each person stands: one standing for all claims, or a cell claim by claim.
    fn stand(&self, scene: Scene<'_, '_>, subjects: Subjects<'_>, (rules, tile): (&TileRules, &mut Tile)) {
        let claims = &mut tile.layout.claims;
        claims.clear_movers();
        let singly = rules.all_plain || asks_for_all(scene);
        for person in 0..subjects.len() {
            let place = tile.layout.place[person] as usize;
            let track = subjects.track(rules, person);
            let on_track = &rules.on_track[track];
            tile.settled.persons.tilt_from[place] = on_track.tilt_from_fen;
            tile.layout.claims.standing[place] = u32::from(on_track.standing);
            let has_gained = self.has_gained(subjects, person);
            if has_gained {
                self.move_with_gained(scene, (subjects.who(person), person), (rules, tile));
            } else if on_track.standing == MOVING {
                let track = &rules.tracks[track];
                move_along(&mut tile.layout, person, |month, span| track[moment(month, span)]);
            }
            let may_apply = tile.luck.may_apply(subjects, person);
            let apart = singly || has_gained || may_apply || tile.marked[person];
            tile.sift.enter(place, subjects.people(scene, rules, person), on_track.payers, apart);
            if has_gained {
                tile.sift.set_people(place, self.people_in_year(scene, (subjects.who(person), rules)));
            }
        }
    }

    /// Notes whose stays over New Year do not all belong to the year of admission.
    fn note_over_new_year(
        &self,
        scene: Scene<'_, '_>,
        subjects: Subjects<'_>,
        (bills, tile): (&Bills, &mut Tile),
    ) {
        let moves = scene.over_new_year() != OverNewYear::ByAdmission;
        if !moves && self.carried.is_empty(scene.year) {
            return;
        }
        let mut next = bills.stays.of(tile.begin).start;
        for person in 0..subjects.len() {
            let first = next;
            next += usize::from(bills.stays.each[tile.begin + person]);
            let goes_over = moves && (first..next).any(|stay| bills.stays.is_over_new_year(stay));
            tile.marked[person] |= goes_over || self.carried.holds(scene.year, subjects.who(person).key());
        }
    }

    /// Whether a person gained an identity from a list in an earlier year.
    #[inline]
    fn has_gained(&self, subjects: Subjects<'_>, person: usize) -> bool {
        match subjects {
            Subjects::Holders(ill) => self.has_gained[ill[person].row as usize],
            Subjects::Costly(..) => false,
        }
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
        *tilt_from = tilt_from.min(rules.programme.moving_from_fen);
        move_along(&mut tile.layout, person, |month, span| {
            let key = (usize::from(rules.by_month[month]), of_months(&held, month, span), class);
            let standing = rules.standing_of.get(&key).copied().unwrap_or(IRREGULAR);
            let from = rules.programme.standings[usize::from(standing)].tilt_from_fen;
            *tilt_from = tilt_from.min(from);
            standing
        });
    }

    /// Whether nothing is left to do for a person but what is done here: most are counted already.
    #[inline]
    fn is_done(
        &mut self,
        scene: Scene<'_, '_>,
        (view, person): (View<'_>, usize),
        gathered: Option<&mut Gathered>,
    ) -> bool {
        let (tile, place) = (view.tile, view.place(person));
        if tile.layout.n_claims[person] == 0 {
            return !tile.layout.crowded[person];
        }
        if tile.sift.is_apart(place) {
            return false;
        }
        if let Some(gathered) = gathered.filter(|_| tile.sift.goes_by_claim(place)) {
            let claims = view.claims(person).map(|place| place.at);
            gathered.count_by_claim(view.rules, &tile.settled, claims);
        }
        if let Subjects::Holders(ill) = view.subjects {
            self.note_settled(scene, (view, person), ill[person].row as usize);
        }
        true
    }

    /// Notes what the application of a person's household will ask for.
    #[inline]
    fn note_settled(&mut self, scene: Scene<'_, '_>, (view, person): (View<'_>, usize), row: usize) {
        if scene.lane.has_applications(scene.year) {
            let line = Fen(i64::from(view.rules.line_of_row[row]));
            if self.note_bills(scene, (row, line), view.self_pay(person)) {
                self.keep(scene, row, || view.settled_claims(scene.ctx.year, person));
            }
        }
    }

    /// Settles plainly what a tile left.
    fn settle_left(
        &mut self,
        scene: Scene<'_, '_>,
        (who, claims): (Who, &[Claim]),
        left: Left,
        onto: &mut Onto<'_>,
    ) {
        match left {
            Left::Nothing => {}
            Left::Gained(found, spell) => {
                self.settle_gained(scene, (who, claims), (&found, spell), onto.book(Some(spell)));
            }
            Left::Everything => self.settle_onto(scene, (who, claims), onto),
        }
    }

    /// Books a person's year from the tile, as far as that can be done.
    fn book_person(
        &mut self,
        scene: Scene<'_, '_>,
        (view, person): (View<'_>, usize),
        (gathered, onto): (Option<&mut Gathered>, &mut Onto<'_>),
    ) -> Left {
        let tile = view.tile;
        if view.is_rare(person) || tile.layout.crowded[person] || tile.marked[person] {
            return Left::Everything;
        }
        let who = view.subjects.who(person);
        let has_gained = self.gained(who).is_some();
        let has_indicators = !scene.lane.schedule(scene.year).indicators.is_empty();
        // The lists and indicators of who gained an identity go by claims.
        if has_gained && (view.is_listable(person) || has_indicators) {
            return Left::Everything;
        }
        let found = view.found(scene, person);
        let gained = self.confirmed(scene, (view, person), (who, &found));
        let year = scene.ctx.year;
        // Later claims of a year in which an identity is gained are settled anew.
        if let Some(spell) = gained
            && view.last_month(year, person) >= spell.from
        {
            return Left::Gained(found, spell);
        }
        // An application that shares a pool needs its running sums.
        let approved = matches!(view.subjects, Subjects::Costly(..)) && tile.luck.approved[person] != 0;
        let applies = approved.then(|| ordinary_applies(scene, who, view.self_pay(person))).flatten();
        if applies.is_some() && scene.lane.shares_pools_on_application(scene.year) {
            return Left::Everything;
        }
        let book = onto.book(gained);
        self.enter(scene, (view, person), (who, &found), book);
        if let Some(gathered) = gathered {
            count_rules((view, person, has_gained), gathered);
        }
        if let Some(line) = applies {
            let settled = view.settled_claims(year, person);
            self.application_of_settled(scene, (who, gained, line), &settled, book);
        }
        if let Some(spell) = gained {
            self.recognise(scene, (who, spell), book);
        }
        Left::Nothing
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
        let people = self.people_in_year(scene, (who, view.rules));
        self.count(scene, (who, people), (view.assisted(person), found), book);
        let schedule = scene.lane.schedule(scene.year);
        if !schedule.second_assistance.is_empty() {
            let held = self.held_in_year(scene, (who, view.rules));
            self.add_need(view.in_scope(person), (held, scene.weight(who)), view.assisted(person) > 0);
        }
        if let Who::Holder { row, .. } = who {
            self.note_settled(scene, (view, person), row);
        }
        if !schedule.indicators.is_empty() {
            view.indicators(scene.lane, (scene.year, person, self.serial), book);
        }
    }

    /// The row of the people's table.
    #[inline]
    fn people_in_year(&self, scene: Scene<'_, '_>, (who, rules): (Who, &TileRules)) -> usize {
        match who {
            Who::Holder { row, .. } if !self.has_gained[row] => usize::from(rules.people_of_row[row]),
            Who::Holder { .. } => {
                let mut spells = Vec::new();
                self.spells_of(scene, who, &mut spells);
                scene.lane.people_row(scene.year, &spells)
            }
            Who::Ordinary { .. } | Who::Recruit { .. } => scene.lane.policy.names.categories.len(),
        }
    }

    /// The identities held in the year.
    fn held_in_year(&self, scene: Scene<'_, '_>, (who, rules): (Who, &TileRules)) -> u32 {
        match who {
            Who::Holder { row, .. } if !self.has_gained[row] => rules.rows[row].held,
            Who::Holder { .. } => {
                let mut spells = Vec::new();
                self.spells_of(scene, who, &mut spells);
                held(scene.ctx.year, &spells)
            }
            Who::Ordinary { .. } | Who::Recruit { .. } => 0,
        }
    }
}

impl Follower<'_, '_> {
    /// Settles a person of a tile under this lane's own rules; standings and payers have the numbers of the first lane's.
    fn settle(&mut self, how: How, (view, person): (View<'_>, usize), bills: &Bills) {
        let (scene, mut onto) = (self.scene, Onto::own(self.book));
        let left = match how {
            How::Plainly => Left::Everything,
            // The columns have been counted for all lanes.
            How::ByColumns => self.state.book_person(scene, (view, person), (None, &mut onto)),
        };
        if !matches!(left, Left::Nothing) {
            let claims = bills.claims_of(view.tile.begin + person, scene.ctx.year);
            self.state.settle_left(scene, (view.subjects.who(person), &claims), left, &mut onto);
        }
    }
}

/// How the first lane settled a person.
#[derive(Debug, Clone, Copy)]
enum How {
    ByColumns,
    Plainly,
}

/// Counts a person for every rule that paid.
fn count_rules((view, person, by_claim): (View<'_>, usize, bool), gathered: &mut Gathered) {
    let (rules, settled) = (view.rules, &view.tile.settled);
    let payers = rules.on_track[view.subjects.track(rules, person)].payers;
    if payers == NO_PAYERS || by_claim {
        gathered.count_by_claim(rules, settled, view.claims(person).map(|place| place.at));
    } else {
        let flags = settled.persons.flags[view.place(person)];
        gathered.counts.add(usize::from(payers), &rules.payers[usize::from(payers)], flags);
    }
}

impl Tile {
    /// Notes whose stays are for a listed disease that rules ask for.
    fn note_marked(&mut self, rules: &TileRules, (n, bills): (usize, &Bills)) {
        self.marked.clear();
        if rules.asks_for_disease {
            self.marked.extend(bills.is_marked.iter().skip(self.begin).take(n));
        }
        self.marked.resize(n, false);
    }
}

/// What a tile left of a person's year.
enum Left {
    /// Everything is booked.
    Nothing,
    /// The person gained an identity from the lists found: later claims are to be settled with it.
    Gained(Found, Spell),
    /// The year is to be settled plainly.
    Everything,
}

/// Whether second assistance or an indicator asks for more of everybody than payments.
fn asks_for_all(scene: Scene<'_, '_>) -> bool {
    let schedule = scene.lane.schedule(scene.year);
    !schedule.second_assistance.is_empty() || !schedule.indicators.is_empty()
}

/// Writes down the cells of a person whose standing depends on month of admission and months until discharge.
fn move_along(layout: &mut Layout, person: usize, mut standing: impl FnMut(usize, usize) -> u16) {
    let (place, n) = (layout.place[person] as usize, layout.n_claims[person] as usize);
    let claims = &mut layout.claims;
    claims.enter_mover(place, n);
    for round in 0..n {
        let key = claims.key(place, round);
        let tag = claims.tag[bill_of(key) as usize];
        let standing = standing(month_of(key) as usize, span_of(tag) as usize);
        claims.moving.push(u32::from(standing) * CODES as u32 + code_of(tag));
    }
}
