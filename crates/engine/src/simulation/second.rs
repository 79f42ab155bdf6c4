//! Second assistance: case by case, only as far as the fund has a surplus at the year's end.

use super::book::{Occasion, YearBook};
use super::facts::{AFTER_THE_YEAR, Fact};
use super::person::LaneState;
use super::scene::{Scene, Who};
use super::trace::{Got, PaidOn, PersonId};
use crate::policy::claim::Spell;
use crate::policy::schedule::SecondAssistance;
use crate::policy::subsidy::held_in_year;
use crate::units::Fen;

/// A person's in-scope self-pay after everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Who; not said of persons who are settled in tiles.
    person: Option<PersonId>,
    left: Fen,
    held: u32,
    serial: u64,
    /// Whether the person is counted as assisted in the year already.
    assisted: bool,
    /// For how many persons the person stands.
    weight: i64,
}

impl LaneState {
    pub(super) fn remember_need(&mut self, scene: Scene<'_, '_>, (who, spells): (Who, &[Spell])) {
        let left: Fen = self.work.settled.iter().map(|claim| claim.patient_in_scope).sum();
        let held = held(scene.ctx.year, spells);
        let before = self.needs.len();
        self.add_need(left - self.work.year_end, (held, scene.weight(who)), self.is_assisted());
        let person = self.id_of(scene, who);
        self.needs[before..].iter_mut().for_each(|need| need.person = Some(person));
    }

    /// Adds what is left to the person counted last.
    pub(super) fn add_need(&mut self, left: Fen, (held, weight): (u32, i64), assisted: bool) {
        if weight > 0 {
            self.needs.push(Need { person: None, left, held, serial: self.serial, assisted, weight });
        }
    }

    /// Pays the largest needs first, until the surplus of the fund is used up. Where the place gives no revenue
    /// no surplus is known, and nothing is paid.
    pub fn second_assistance(&mut self, scene: Scene<'_, '_>, book: &mut YearBook) {
        let schedule = scene.lane.schedule(scene.year);
        for rule in &schedule.second_assistance {
            let surplus = self.surplus(scene, rule, book);
            let Some(mut surplus) = surplus else { continue };
            let mut needs = std::mem::take(&mut self.needs);
            needs.sort_by(|a, b| b.left.cmp(&a.left).then(a.serial.cmp(&b.serial)));
            for need in &mut needs {
                if need.left <= rule.threshold || surplus <= Fen::ZERO {
                    break;
                }
                if need.held & rule.categories == 0 {
                    continue;
                }
                let wanted = rule.ratio.of(need.left.above(rule.threshold)).min(rule.cap);
                let paid = wanted.min(Fen(surplus.0 / need.weight));
                if paid == Fen::ZERO {
                    continue;
                }
                surplus -= Fen(paid.0 * need.weight);
                match need.person {
                    Some(person) => book.turn_to(person, need.weight),
                    None => book.weigh(need.weight),
                }
                let row = need.held.trailing_zeros() as usize;
                let occasion = Occasion { month: AFTER_THE_YEAR, row };
                book.pays_on(PaidOn::YearEnd { settlement: need.serial, rule: rule.rule });
                scene.lane.book_payment(scene.year, rule.rule, (paid, occasion), book);
                book.touch(rule.rule, need.serial);
                book.gets(Got::SelfPay, -paid.0);
                let newly_assisted = !std::mem::replace(&mut need.assisted, true);
                book.count_assisted(row, [1, i64::from(newly_assisted), 0]);
            }
            self.needs = needs;
        }
        self.close_fund(scene, book);
    }

    /// What the fund has at the year's end before second assistance.
    fn surplus(&self, scene: Scene<'_, '_>, rule: &SecondAssistance, book: &YearBook) -> Option<Fen> {
        let revenue = scene.lane.fund.revenue.get(scene.year).copied().flatten()?;
        let own = (0..scene.lane.cells.len())
            .filter(|&cell| scene.lane.cells[cell].funder == usize::from(rule.funder));
        let spent: i64 = own.map(|cell| book[Fact::Money { cell }]).sum();
        let surplus = self.balance.unwrap_or_default() + revenue - Fen(spent);
        Some(surplus.max(Fen::ZERO))
    }

    /// Carries the fund's balance into the next year.
    fn close_fund(&mut self, scene: Scene<'_, '_>, book: &YearBook) {
        let rules = &scene.lane.schedule(scene.year).second_assistance;
        if let Some(rule) = rules.first() {
            self.balance = self.surplus(scene, rule, book).or(self.balance);
        }
    }
}

/// The identities held in any month of a year.
pub(super) fn held(year: u16, spells: &[Spell]) -> u32 {
    held_in_year(year, &super::person::ordinary_person(0, crate::policy::claim::Sex::Male, spells))
}
