//! What a tile's claims were paid, gathered by account before it goes into the year's book.

use super::super::book::{Occasion, YearBook};
use super::super::facts::{AFTER_THE_YEAR, MONTHS, RuleMeasure};
use super::super::lane::Lane;
use super::Tile;
use super::layout::MOST_CLAIMS;
use super::rules::TileRules;
use super::sift::Counts;
use crate::instruction_set::{Instructions, Kernel};
use crate::policy::programme::{MOST_FEN, PAYMENTS};
use crate::policy::schedule::RuleId;
use crate::policy::tile::{PERSONS, Row, Settled};
use crate::units::Fen;

/// The payment of critical-illness insurance.
const CRITICAL: usize = 2;
/// Where the number of payments begins in a gathered sum: the lower bits hold the fen.
const CASES: u32 = 44;
/// Persons after which the sums are handed on, before either part could overflow.
const MOST_PERSONS: usize = 8000;

const _: () = {
    let persons = (MOST_PERSONS + PERSONS) as u64;
    assert!(persons * (MOST_CLAIMS as u64) < 1 << (64 - CASES) && persons * (MOST_FEN as u64) < 1 << CASES);
};

/// Sums by account and payment, and persons by rule.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Twice, so that a claim need not wait for the one before it.
    sums: [Vec<[u64; PAYMENTS]>; 2],
    /// Fen by row of people, month and cell: of payments that no funders share; behind the cells what goes to none.
    occasions: Vec<i64>,
    /// Persons by rule, counted claim by claim.
    persons: Vec<i64>,
    /// Persons by category and by set of payers.
    pub counts: Counts,
    n_persons: usize,
}

impl Gathered {
    /// Makes room for a lane's year; what was gathered before must have been handed on.
    pub fn begin(&mut self, lane: &Lane<'_>, rules: &TileRules) {
        for sums in &mut self.sums {
            sums.clear();
            sums.resize(rules.programme.accounts.len(), [0; PAYMENTS]);
        }
        self.occasions.clear();
        self.occasions.resize(lane.layout.n_people * MONTHS * (lane.layout.n_cells + 1), 0);
        self.persons.clear();
        self.persons.resize(rules.paying.len(), 0);
        self.counts.begin(rules.payers.len());
        self.n_persons = 0;
    }

    /// Counts a person for every rule that paid, claim by claim.
    pub fn count_by_claim(
        &mut self,
        rules: &TileRules,
        settled: &Settled,
        claims: impl Iterator<Item = usize>,
    ) {
        let mut touched = 0;
        for at in claims {
            let bits = &rules.bits[settled.account(at)];
            for (paid, bit) in settled.paid(at).into_iter().zip(bits) {
                touched |= if paid > 0 { *bit } else { 0 };
            }
        }
        self.count(touched);
    }

    #[inline]
    fn count(&mut self, mut touched: u64) {
        while touched != 0 {
            self.persons[touched.trailing_zeros() as usize] += 1;
            touched &= touched - 1;
        }
    }

    /// Adds all claims of a tile; those of persons settled plainly must have been taken out.
    pub fn add(
        &mut self,
        instructions: Instructions,
        (lane, year, rules): (&Lane<'_>, usize, &TileRules),
        (tile, n_persons): (&Tile, usize),
        book: &mut YearBook,
    ) {
        let settled = &tile.settled;
        for payment in 0..PAYMENTS {
            match rules.only[payment] {
                Some(account) => {
                    self.sums[0][account][payment] += instructions.run(Sum { settled, payment });
                }
                None if payment + 1 < PAYMENTS || rules.programme.two_slots => {
                    self.add_by_account(payment, settled);
                }
                None => {}
            }
            if !rules.whole[payment].is_empty() {
                self.add_occasions(payment, (lane, rules), tile);
            }
        }
        if rules.any_shared {
            for (first, row, n) in settled.rows_by_place() {
                for at in 0..n {
                    let occasion = Occasion { month: due(row, at), row: tile.sift.people(first + at) };
                    let paid = row.paid.each_ref().map(|paid| paid[at]);
                    book_shares((lane, year), (rules, row.account[at] as usize), (&paid, occasion), book);
                }
            }
        }
        self.n_persons += n_persons;
        if self.n_persons >= MOST_PERSONS {
            self.hand_on((lane, year, rules), book);
        }
    }

    fn add_by_account(&mut self, payment: usize, settled: &Settled) {
        let [even, odd] = &mut self.sums;
        let asked = |row: &Row| payment != CRITICAL || row.critical;
        for (row, n) in settled.rows().filter(|(row, _)| asked(row)) {
            // Rows have even lengths.
            let (account, paid) = (&row.account[..n], &row.paid[payment][..n]);
            for (account, paid) in account.chunks_exact(2).zip(paid.chunks_exact(2)) {
                even[account[0] as usize][payment] += packed(paid[0]);
                odd[account[1] as usize][payment] += packed(paid[1]);
            }
        }
    }

    /// Adds what a payment comes to by month and row of people.
    fn add_occasions(&mut self, payment: usize, (lane, rules): (&Lane<'_>, &TileRules), tile: &Tile) {
        let width = lane.layout.n_cells + 1;
        let cell_of = &rules.whole[payment];
        for (first, row, n) in tile.settled.rows_by_place() {
            for at in 0..n {
                let occasion = tile.sift.people(first + at) * MONTHS + due(row, at);
                let place = occasion * width + cell_of[row.account[at] as usize] as usize;
                // A row may be filled up by an empty bill, which stands for nobody.
                if let Some(sum) = self.occasions.get_mut(place) {
                    *sum += i64::from(row.paid[payment][at]);
                }
            }
        }
    }

    fn hand_occasions_on(&mut self, lane: &Lane<'_>, book: &mut YearBook) {
        let width = lane.layout.n_cells + 1;
        for (occasion, sums) in self.occasions.chunks_exact_mut(width).enumerate() {
            let occasion = Occasion { month: occasion % MONTHS, row: occasion / MONTHS };
            let cells = sums.iter().take(width - 1).enumerate().filter(|(_, fen)| **fen != 0);
            cells.for_each(|(cell, &fen)| book.detail(cell, occasion, fen));
            sums.fill(0);
        }
    }

    /// Books what was gathered.
    pub fn hand_on(&mut self, (lane, year, rules): (&Lane<'_>, usize, &TileRules), book: &mut YearBook) {
        for (account, payers) in rules.programme.accounts.iter().enumerate() {
            for (payment, rule) in payers.rules.iter().enumerate() {
                let Some(rule) = *rule else { continue };
                let sum: u64 = self.sums.iter().map(|sums| sums[account][payment]).sum();
                let (cases, fen) = ((sum >> CASES) as i64, (sum & ((1 << CASES) - 1)) as i64);
                book.count_rule(usize::from(rule.0), RuleMeasure::Cases, cases);
                if rules.shared[account] & 1 << payment == 0 {
                    lane.book_sum(year, rule, Fen(fen), book);
                }
                for adjusting in &rules.programme.adjusted_by[usize::from(payers.adjusted[payment])] {
                    book.count_rule(usize::from(adjusting.0), RuleMeasure::Cases, cases);
                    book.count_rule(usize::from(adjusting.0), RuleMeasure::Fen, fen);
                }
            }
        }
        self.hand_occasions_on(lane, book);
        self.sums.iter_mut().for_each(|sums| sums.fill([0; PAYMENTS]));
        for (number, payers) in rules.payers.iter().enumerate() {
            for (count, &rule) in self.counts.take_payers(number).into_iter().zip(&payers.rule) {
                if let Some(persons) = self.persons.get_mut(usize::from(rule)) {
                    *persons += i64::from(count);
                }
            }
        }
        for (&rule, persons) in rules.paying.iter().zip(&mut self.persons) {
            book.count_rule(usize::from(rule), RuleMeasure::Persons, *persons);
            *persons = 0;
        }
        self.n_persons = 0;
    }
}

/// The sum of one payment of all claims, with its count.
struct Sum<'a> {
    settled: &'a Settled,
    payment: usize,
}

impl Kernel for Sum<'_> {
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let of_row =
            |(row, n): (&Row, usize)| row.paid[self.payment][..n].iter().map(|&fen| packed(fen)).sum::<u64>();
        self.settled.rows().map(of_row).sum()
    }
}

/// The month in which a claim of a row falls due.
#[inline(always)]
fn due(row: &Row, at: usize) -> usize {
    (row.ends[at] as usize).min(AFTER_THE_YEAR)
}

/// An amount with its count: one payment where it is above zero.
#[inline(always)]
fn packed(amount: u32) -> u64 {
    u64::from(amount) + (u64::from(amount > 0) << CASES)
}

/// A payment shared among funders is split, and rounded, one by one.
fn book_shares(
    (lane, year): (&Lane<'_>, usize),
    (rules, account): (&TileRules, usize),
    (paid, occasion): (&[u32; PAYMENTS], Occasion),
    book: &mut YearBook,
) {
    for (payment, &amount) in paid.iter().enumerate().filter(|(_, amount)| **amount > 0) {
        let rule: Option<RuleId> = rules.programme.accounts[account].rules[payment];
        if let Some(rule) = rule.filter(|_| rules.shared[account] & 1 << payment != 0) {
            lane.book_payment(year, rule, (Fen(i64::from(amount)), occasion), book);
        }
    }
}
