//! What a tile's claims were paid, gathered by account before it goes into the year's book.

use super::super::book::YearBook;
use super::super::lane::Lane;
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
    /// Persons by rule, counted claim by claim.
    persons: Vec<i64>,
    /// Persons by category and by set of payers.
    pub counts: Counts,
    n_persons: usize,
}

impl Gathered {
    /// Makes room for a lane's year; what was gathered before must have been handed on.
    pub fn begin(&mut self, rules: &TileRules) {
        for sums in &mut self.sums {
            sums.clear();
            sums.resize(rules.programme.accounts.len(), [0; PAYMENTS]);
        }
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
        (settled, n_persons): (&Settled, usize),
        book: &mut YearBook,
    ) {
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
        }
        if rules.any_shared {
            for (row, n) in settled.rows() {
                for at in 0..n {
                    let paid = row.paid.each_ref().map(|paid| paid[at]);
                    book_shares((lane, year), (rules, row.account[at] as usize), &paid, book);
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

    /// Books what was gathered.
    pub fn hand_on(&mut self, (lane, year, rules): (&Lane<'_>, usize, &TileRules), book: &mut YearBook) {
        for (account, payers) in rules.programme.accounts.iter().enumerate() {
            for (payment, rule) in payers.rules.iter().enumerate() {
                let Some(rule) = *rule else { continue };
                let sum: u64 = self.sums.iter().map(|sums| sums[account][payment]).sum();
                let (cases, fen) = ((sum >> CASES) as i64, (sum & ((1 << CASES) - 1)) as i64);
                book.rules[usize::from(rule.0)].cases += cases;
                if rules.shared[account] & 1 << payment == 0 {
                    lane.book_rule(year, rule, Fen(fen), book);
                }
                for adjusting in &rules.programme.adjusted_by[usize::from(payers.adjusted[payment])] {
                    book.rules[usize::from(adjusting.0)].cases += cases;
                    book.rules[usize::from(adjusting.0)].fen += fen;
                }
            }
        }
        self.sums.iter_mut().for_each(|sums| sums.fill([0; PAYMENTS]));
        for (number, payers) in rules.payers.iter().enumerate() {
            for (count, &rule) in self.counts.take_payers(number).into_iter().zip(&payers.rule) {
                if let Some(persons) = self.persons.get_mut(usize::from(rule)) {
                    *persons += i64::from(count);
                }
            }
        }
        for (&rule, persons) in rules.paying.iter().zip(&mut self.persons) {
            book.rules[usize::from(rule)].persons += *persons;
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

/// An amount with its count: one payment where it is above zero.
#[inline(always)]
fn packed(amount: u32) -> u64 {
    u64::from(amount) + (u64::from(amount > 0) << CASES)
}

/// A payment shared among funders is split, and rounded, one by one.
fn book_shares(
    (lane, year): (&Lane<'_>, usize),
    (rules, account): (&TileRules, usize),
    paid: &[u32; PAYMENTS],
    book: &mut YearBook,
) {
    for (payment, &amount) in paid.iter().enumerate().filter(|(_, amount)| **amount > 0) {
        let rule: Option<RuleId> = rules.programme.accounts[account].rules[payment];
        if let Some(rule) = rule.filter(|_| rules.shared[account] & 1 << payment != 0) {
            lane.book_rule(year, rule, Fen(i64::from(amount)), book);
        }
    }
}
