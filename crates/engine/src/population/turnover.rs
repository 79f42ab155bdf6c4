//! One year: who dies, who loses the identity, and who follows.

use std::collections::BTreeMap;

use rand::Rng as _;

use crate::policy::claim::{Category, Insurance, Sex};
use crate::rng::{threshold, uniform};
use crate::units::Month;

use super::people::{Exit, Newcomer, People, Roll, Slot, Unit, block};
use super::standing::{Roster, Start, age_in_band, shuffle};
use super::target::{BANDS, band_of_age};

/// The most members of a household.
const MOST_MEMBERS: usize = 16;

/// What happens to a unit in a year, at the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// Nothing.
    Stays,
    /// Everybody loses all identities and is followed by a newly recognised unit.
    Exits(Month),
    /// Everybody holds the identities of another stratum from the next month.
    Becomes(Month, u16),
    /// So many persons lose their identities and nobody follows.
    Shrinks(Month, u8),
}

/// A unit with two identities that loses one of them.
struct Loss {
    unit: usize,
    month: Month,
    keeps: Category,
}

impl People<'_> {
    /// Lives through one year. January adds persons where a category grows; then each unit meets its deaths and
    /// its event in the order of the months, because who follows in a month can still be met by a later event.
    pub fn live_through(&mut self, year: u16) {
        self.grow(year);
        let events = self.events(year);
        let mut rosters = self.followers(year, &events);
        for (unit, &event) in events.iter().enumerate() {
            self.live(unit, year, event, &mut rosters);
        }
    }

    fn grow(&mut self, year: u16) {
        for index in 0..self.plan.strata.len() {
            let more = self.change(index, year).max(0);
            if more > 0 {
                let mut stream = self.stratum_stream(index, Roll::Growth, year);
                let start = self.later(index, Month::new(year, 1), uniform(stream.next_u32()));
                self.enlarge(index, more.unsigned_abs(), Roll::Growth, start);
            }
        }
    }

    /// Persons of a stratum in a year less those of the year before; 0 outside the horizon.
    fn change(&self, index: usize, year: u16) -> i32 {
        let persons = &self.plan.strata[index].persons;
        let now = usize::from(year - self.plan.base_year);
        match (now.checked_sub(1).and_then(|before| persons.get(before)), persons.get(now)) {
            (Some(&before), Some(&now)) => now.cast_signed() - before.cast_signed(),
            _ => 0,
        }
    }

    /// Who enters later is young enough to hold the identity for some time.
    fn later(&self, index: usize, entry: Month, offset: f64) -> Start {
        let stratum = &self.plan.strata[index];
        let age_to =
            if stratum.ends_by_age() { (stratum.age_to - 1).max(stratum.age_from) } else { stratum.age_to };
        Start { entry, offset, age_to }
    }

    fn events(&self, year: u16) -> Vec<Event> {
        let mut events = vec![Event::Stays; self.units.len()];
        for index in 0..self.plan.strata.len() {
            let fewer = (-self.change(index, year + 1)).max(0);
            if fewer > 0 {
                self.shrink(index, year, fewer.unsigned_abs(), &mut events);
            }
        }
        let loss: Vec<u64> =
            self.plan.params.categories.iter().map(|params| threshold(params.loss_per_year)).collect();
        let mut losses = Vec::new();
        for (index, &unit) in self.units.iter().enumerate() {
            if unit.size == 0 || events[index] != Event::Stays {
                continue;
            }
            events[index] = self.ending(unit, year);
            if events[index] == Event::Stays
                && let Some((lost, month)) = self.first_loss(unit, year, &loss)
            {
                let held = self.stratum(unit).held();
                if held.len() == 2 && self.can_be_handed_on(held[lost]) {
                    losses.push(Loss { unit: index, month, keeps: held[1 - lost] });
                } else {
                    events[index] = Event::Exits(month);
                }
            }
        }
        self.hand_on(year, &losses, &mut events);
        events
    }

    /// Chooses at random who leaves at the end of a year because the category shrinks.
    fn shrink(&self, index: usize, year: u16, persons: u32, events: &mut [Event]) {
        let of_stratum = |unit: &Unit| usize::from(unit.stratum) == index && unit.size > 0;
        let mut units: Vec<usize> =
            (0..self.units.len()).filter(|&unit| of_stratum(&self.units[unit])).collect();
        shuffle(&mut units, &mut self.stratum_stream(index, Roll::Shrinking, year));
        let mut left = persons;
        for unit in units {
            let n = u32::from(self.units[unit].size).min(left);
            if n == 0 {
                break;
            }
            left -= n;
            #[expect(clippy::cast_possible_truncation, reason = "at most the members of a household")]
            (events[unit] = Event::Shrinks(Month::new(year, 12), n as u8));
        }
    }

    /// The identity ends with the year in which its last age is reached.
    fn ending(&self, unit: Unit, year: u16) -> Event {
        let stratum = self.stratum(unit);
        let person = self.slots[unit.first_slot as usize].person;
        if stratum.ends_by_age() && self.age(person, year) >= stratum.age_to {
            Event::Exits(Month::new(year, 12))
        } else {
            Event::Stays
        }
    }

    /// The first identity that a unit loses in a year, if any: its position and the last month.
    fn first_loss(&self, unit: Unit, year: u16, loss: &[u64]) -> Option<(usize, Month)> {
        let words = self.words(self.household(unit), year, block::LOSS);
        let held = self.stratum(unit).held().iter().enumerate();
        held.filter(|&(position, category)| u64::from(words[position]) < loss[usize::from(category.0)])
            .map(|(position, _)| (position, month_of(year, words[2 + position])))
            .min_by_key(|&(_, month)| month)
    }

    fn household(&self, unit: Unit) -> u32 {
        self.made.household[self.slots[unit.first_slot as usize].person as usize]
    }

    /// Whether another unit can take the identity over as it is: it depends neither on age nor on a trait.
    fn can_be_handed_on(&self, category: Category) -> bool {
        let stratum = &self.plan.strata[usize::from(category.0)];
        !stratum.ends_by_age()
            && stratum.age_from == 0
            && stratum.trait_shares.iter().all(|&share| share < 1.0)
    }

    /// Who loses one of two identities keeps the other, and a unit of the same size that holds only that other
    /// one gains what was lost: persons with each set of identities stay the same in number. Where there is no
    /// such unit, a new one follows.
    fn hand_on(&self, year: u16, losses: &[Loss], events: &mut [Event]) {
        let mut heirs: BTreeMap<(u16, u8), Vec<usize>> = BTreeMap::new();
        let kind = |loss: &Loss| (u16::from(loss.keeps.0), self.units[loss.unit].size);
        for loss in losses {
            heirs.entry(kind(loss)).or_default();
        }
        for (index, unit) in self.units.iter().enumerate().filter(|_| !losses.is_empty()) {
            if events[index] == Event::Stays
                && let Some(list) = heirs.get_mut(&(unit.stratum, unit.size))
            {
                list.push(index);
            }
        }
        for loss in losses {
            let unit = self.units[loss.unit];
            let word = self.words(self.household(unit), year, block::HEIR)[0];
            let list = heirs.entry(kind(loss)).or_default();
            if list.is_empty() {
                events[loss.unit] = Event::Exits(loss.month);
                continue;
            }
            let heir =
                list.swap_remove(usize::try_from((u64::from(word) * list.len() as u64) >> 32).unwrap_or(0));
            events[loss.unit] = Event::Becomes(loss.month, u16::from(loss.keeps.0));
            events[heir] = Event::Becomes(loss.month, unit.stratum);
        }
    }

    /// Drafts those who follow units that lose their identities, stratum by stratum.
    fn followers(&mut self, year: u16, events: &[Event]) -> Vec<Roster> {
        let mut wanted = vec![(0, 0); self.plan.strata.len()];
        for (unit, event) in self.units.iter().zip(events) {
            if matches!(event, Event::Exits(month) if self.within_horizon(next(*month))) {
                let (persons, households) = &mut wanted[usize::from(unit.stratum)];
                *persons += u32::from(unit.size);
                *households += 1;
            }
        }
        let draft = |(index, wanted): (usize, (u32, usize))| {
            if wanted.0 == 0 {
                return Roster::default();
            }
            let mut stream = self.stratum_stream(index, Roll::Followers, year);
            let start = self.later(index, Month::new(year, 1), uniform(stream.next_u32()));
            self.draft(index, wanted, &mut stream, start)
        };
        wanted.into_iter().enumerate().map(draft).collect()
    }

    const fn within_horizon(&self, month: Month) -> bool {
        month.year() <= self.plan.last_year
    }

    /// One unit's year.
    fn live(&mut self, index: usize, year: u16, event: Event, rosters: &mut [Roster]) {
        let unit = self.units[index];
        let mut deaths = [None; MOST_MEMBERS];
        for (death, slot) in deaths.iter_mut().zip(unit.slots()) {
            *death = self.death(unit, self.slots[slot].person, year);
        }
        if event == Event::Stays && deaths.iter().all(Option::is_none) {
            return;
        }
        for (death, slot) in deaths.iter_mut().zip(unit.slots()) {
            if let Some(month) = death.take_if(|month| *month < event.month(year)) {
                self.succeed(unit, slot, month);
            }
        }
        match event {
            Event::Stays => {}
            Event::Exits(month) => return self.follow(unit, month, &deaths, rosters),
            Event::Becomes(month, stratum) => self.become_holders(index, month, stratum),
            Event::Shrinks(month, n) => self.lose_members(index, month, n, &deaths),
        }
        let unit = self.units[index];
        for (death, slot) in deaths.iter().zip(unit.slots()) {
            if let Some(month) = *death {
                self.succeed(unit, slot, month);
            }
        }
    }

    /// The month in which a person dies in a year, if any.
    fn death(&self, unit: Unit, person: u32, year: u16) -> Option<Month> {
        let [die, when, ..] = self.words(person, year, block::DEATH);
        let sex = self.made.sex[person as usize].index();
        let dies_below = self.death[self.stratum(unit).lead()][sex][band_of_age(self.age(person, year))];
        (u64::from(die) < dies_below).then(|| month_of(year, when))
    }

    /// Somebody dies; from the next month a newborn or another person has the place.
    fn succeed(&mut self, unit: Unit, slot: usize, month: Month) {
        let dead = self.slots[slot].person as usize;
        self.end_person(unit, slot, month, Exit::Died);
        let entry = next(month);
        if !self.within_horizon(entry) {
            return;
        }
        let stratum = self.stratum(unit);
        let in_family = stratum.by_household && unit.size > 1;
        let household = if in_family {
            self.made.household[dead]
        } else {
            let size = self.made.households.size[self.made.household[dead] as usize];
            self.add_household(size, stratum.lead())
        };
        let (age, sex, insurance) = self.successor(unit, in_family && !self.has_own_trait(dead), entry);
        let person = self.add_person(Newcomer {
            birth_year: entry.year() - u16::from(age),
            sex,
            insurance,
            traits: self.made.traits[dead],
            rural: self.made.rural[dead],
            household,
            entry,
        });
        self.slots[slot] = Slot { person, since: [entry; 2] };
    }

    fn has_own_trait(&self, person: usize) -> bool {
        let own = |(bit, of): (usize, &super::TraitParams)| {
            !of.by_household && self.made.traits[person] >> bit & 1 == 1
        };
        self.plan.params.traits.iter().enumerate().any(own)
    }

    fn successor(&self, unit: Unit, may_be_newborn: bool, entry: Month) -> (u8, Sex, Insurance) {
        let stratum = self.stratum(unit);
        let params = &self.plan.params.categories[stratum.lead()];
        #[expect(clippy::cast_possible_truncation, reason = "below 2^32 persons")]
        let words = self.words(self.made.birth_year.len() as u32, 0, block::SUCCESSOR);
        if may_be_newborn && u64::from(words[3]) < threshold(params.newborn_share) {
            return (0, Sex::ALL[(words[0] & 1) as usize], Insurance::Resident);
        }
        let drawn = uniform(words[0]);
        let cell = stratum.running.partition_point(|&reached| reached < drawn).min(2 * BANDS - 1);
        let start = self.later(usize::from(unit.stratum), entry, 0.5);
        let age = age_in_band(stratum, cell % BANDS, words[1], start.age_to);
        let employee = u64::from(words[2]) < threshold(params.employee_share[cell % BANDS]);
        let insurance = if employee { Insurance::Employee } else { Insurance::Resident };
        (age, Sex::ALL[cell / BANDS], insurance)
    }

    /// A unit loses its identities; a newly recognised one of the same size follows.
    fn follow(
        &mut self,
        unit: Unit,
        month: Month,
        deaths: &[Option<Month>; MOST_MEMBERS],
        rosters: &mut [Roster],
    ) {
        let before = self.slots[unit.first_slot as usize].person as usize;
        for (death, slot) in deaths.iter().zip(unit.slots()) {
            self.end_person(unit, slot, month, exit(*death, month));
        }
        let entry = next(month);
        if !self.within_horizon(entry) {
            return;
        }
        let size = self.made.households.size[self.made.household[before] as usize];
        let household = self.add_household(size, self.stratum(unit).lead());
        let home = (household, self.made.rural[before], self.made.traits[before] & self.household_traits());
        for (member, slot) in unit.slots().enumerate() {
            if let Some(draft) = rosters[usize::from(unit.stratum)].next(member == 0) {
                let person = self.add_draft(draft, home, entry);
                self.slots[slot] = Slot { person, since: [entry; 2] };
            }
        }
    }

    fn household_traits(&self) -> u32 {
        let shared = self.plan.params.traits.iter().enumerate().filter(|(_, of)| of.by_household);
        shared.fold(0, |mask, (bit, _)| mask | 1 << bit)
    }

    /// A unit holds the identities of another stratum from the next month; what it keeps goes on.
    fn become_holders(&mut self, index: usize, month: Month, stratum: u16) {
        let unit = self.units[index];
        let (old, new) = (self.stratum(unit).held(), self.plan.strata[usize::from(stratum)].held());
        for slot in unit.slots() {
            for (position, category) in old.iter().enumerate() {
                if !new.contains(category) {
                    self.end_identity(slot, (position, *category), month);
                }
            }
            let before = self.slots[slot].since;
            for (position, category) in new.iter().enumerate() {
                let kept = old.iter().position(|held| held == category);
                self.slots[slot].since[position] = kept.map_or(next(month), |kept| before[kept]);
            }
        }
        self.units[index].stratum = stratum;
    }

    /// The last members of a unit lose their identities and nobody follows.
    fn lose_members(&mut self, index: usize, month: Month, n: u8, deaths: &[Option<Month>; MOST_MEMBERS]) {
        let unit = self.units[index];
        let stay = usize::from(unit.size - n);
        for (death, slot) in deaths.iter().zip(unit.slots()).skip(stay) {
            self.end_person(unit, slot, month, exit(*death, month));
        }
        self.units[index].size -= n;
    }
}

impl Event {
    /// The month at whose end it happens; December where nothing does.
    const fn month(self, year: u16) -> Month {
        match self {
            Self::Stays => Month::new(year, 12),
            Self::Exits(month) | Self::Becomes(month, _) | Self::Shrinks(month, _) => month,
        }
    }
}

/// Who dies in the very month in which the identity is lost has died.
fn exit(death: Option<Month>, month: Month) -> Exit {
    if death == Some(month) { Exit::Died } else { Exit::Left }
}

const fn next(month: Month) -> Month {
    Month(month.0 + 1)
}

/// A month of the year, each equally likely.
#[expect(clippy::cast_possible_truncation, reason = "below 12")]
pub(crate) const fn month_of(year: u16, word: u32) -> Month {
    Month::new(year, 1 + ((word as u64 * 12) >> 32) as u8)
}
