//! What a tile's claims were paid, gathered by account before it goes into the year's book.

use super::super::book::YearBook;
use super::super::lane::Lane;
use super::rules::{MOST_PAYERS, TileRules};
use crate::policy::programme::PAYMENTS;
use crate::policy::schedule::RuleId;
use crate::policy::tile::Settled;
use crate::units::Fen;

/// The payment of critical-illness insurance.
const CRITICAL: usize = 2;
/// Where the number of payments begins in a gathered sum: the lower bits hold the fen.
const CASES: u32 = 44;
/// Persons after which the sums are handed on, long before either part could overflow.
const MOST_PERSONS: usize = 10_000;

/// Sums by account and payment, and persons by rule.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Twice, so that a claim need not wait for the one before it.
    sums: [Vec<[u64; PAYMENTS]>; 2],
    persons: Vec<i64>,
    /// Persons by set of payers and rule within it.
    by_flags: Vec<[u32; MOST_PAYERS]>,
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
        self.by_flags.clear();
        self.by_flags.resize(rules.payers.len(), [0; MOST_PAYERS]);
        self.n_persons = 0;
    }

    /// Counts a person for every rule that paid, by the flags of the payments.
    #[inline]
    pub fn count_by_flags(&mut self, payers: usize, rules: &TileRules, flags: u32) {
        let (counts, masks) = (&mut self.by_flags[payers], &rules.payers[payers].flags);
        for (count, mask) in counts.iter_mut().zip(masks) {
            *count += u32::from(flags & mask != 0);
        }
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
            let bits = &rules.bits[settled.account[at] as usize];
            for (paid, bit) in settled.paid.iter().zip(bits) {
                touched |= if paid[at] > 0 { *bit } else { 0 };
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
        (lane, year, rules): (&Lane<'_>, usize, &TileRules),
        (settled, n_persons): (&Settled, usize),
        book: &mut YearBook,
    ) {
        for (payment, paid) in settled.paid.iter().enumerate() {
            match rules.only[payment] {
                Some(account) => {
                    self.sums[0][account][payment] += paid.iter().map(|&fen| packed(fen)).sum::<u64>()
                }
                None if payment == CRITICAL => self.add_critical(settled),
                None if payment + 1 < PAYMENTS || rules.programme.two_slots => {
                    self.add_by_account(payment, (&settled.account, paid));
                }
                None => {}
            }
        }
        if rules.any_shared {
            for (at, &account) in settled.account.iter().enumerate() {
                let paid = settled.paid.each_ref().map(|paid| paid[at]);
                book_shares((lane, year), (rules, account as usize), &paid, book);
            }
        }
        self.n_persons += n_persons;
        if self.n_persons >= MOST_PERSONS {
            self.hand_on((lane, year, rules), book);
        }
    }

    fn add_by_account(&mut self, payment: usize, (account, paid): (&[u32], &[u32])) {
        let [even, odd] = &mut self.sums;
        // Rounds have even lengths.
        for (account, paid) in account.chunks_exact(2).zip(paid.chunks_exact(2)) {
            even[account[0] as usize][payment] += packed(paid[0]);
            odd[account[1] as usize][payment] += packed(paid[1]);
        }
    }

    /// Critical-illness insurance pays few claims: they are listed.
    fn add_critical(&mut self, settled: &Settled) {
        for &at in &settled.critical {
            let account = settled.account[at as usize] as usize;
            self.sums[0][account][CRITICAL] += packed(settled.paid[CRITICAL][at as usize]);
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
            }
        }
        self.sums.iter_mut().for_each(|sums| sums.fill([0; PAYMENTS]));
        for (counts, payers) in self.by_flags.iter_mut().zip(&rules.payers) {
            for (count, &rule) in counts.iter_mut().zip(&payers.rule) {
                self.persons[usize::from(rule)] += i64::from(std::mem::take(count));
            }
        }
        for (&rule, persons) in rules.paying.iter().zip(&mut self.persons) {
            book.rules[usize::from(rule)].persons += *persons;
            *persons = 0;
        }
        self.n_persons = 0;
    }
}

/// An amount with its count: one payment where it is above zero.
#[inline]
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
