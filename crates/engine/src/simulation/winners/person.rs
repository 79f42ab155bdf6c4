//! What each person of a lane's year got.

use crate::simulation::base::Contributions;
use crate::simulation::counts::Weights;
use crate::simulation::lane::Lane;
use crate::simulation::trace::{Entry, Got, PersonId};

use super::Kind;

/// What a person got in a year, fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Account {
    pub on_bills: i64,
    pub contribution: i64,
    pub insurance: i64,
    pub self_pay: i64,
}

impl Account {
    /// The fen of a kind.
    pub const fn of(&self, kind: Kind) -> i64 {
        match kind {
            Kind::Assistance => self.on_bills + self.contribution,
            Kind::OnBills => self.on_bills,
            Kind::Contribution => self.contribution,
            Kind::Insurance => self.insurance,
            Kind::SelfPay => self.self_pay,
        }
    }

    const fn add(&mut self, got: Got, fen: i64) {
        match got {
            Got::OnBills { .. } => self.on_bills += fen,
            Got::Contribution { .. } => self.contribution += fen,
            Got::Insurance { .. } => self.insurance += fen,
            Got::Elsewhere => {}
            Got::SelfPay => self.self_pay += fen,
        }
    }

    const fn join(&mut self, other: &Self) {
        self.on_bills += other.on_bills;
        self.contribution += other.contribution;
        self.insurance += other.insurance;
        self.self_pay += other.self_pay;
    }
}

/// What holders get for the contribution of a year as it begins: the same in every replicate.
#[derive(Debug)]
pub(super) struct Standing<'b> {
    contributions: Contributions<'b>,
    /// The fen of each kind of person.
    fen: Vec<i64>,
}

impl<'b> Standing<'b> {
    pub fn new(lane: &'b Lane<'_>, year: usize) -> Self {
        let contributions = lane.base[year].contributions();
        let fen = contributions.of_kind.iter().map(|cells| cells.iter().map(|part| part.fen).sum()).collect();
        Self { contributions, fen }
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.contributions.kind_of.len()
    }

    /// What the person of a row gets.
    pub fn of(&self, row: usize) -> i64 {
        self.contributions.kind_of.get(row).map_or(0, |&kind| self.fen[kind as usize])
    }
}

/// What everybody got whom the book names, by person.
pub(super) fn accounts(entries: &[Entry]) -> Vec<(PersonId, Account)> {
    let mut all: Vec<(PersonId, Account)> = Vec::new();
    for &Entry { person, got, fen, .. } in entries {
        let Some(person) = person else { continue };
        match all.last_mut() {
            Some((last, account)) if *last == person => account.add(got, fen),
            _ => {
                let mut account = Account::default();
                account.add(got, fen);
                all.push((person, account));
            }
        }
    }
    all.sort_by_key(|(person, _)| *person);
    all.dedup_by(|(next, account), (person, sum)| {
        let same = next == person;
        if same {
            sum.join(account);
        }
        same
    });
    all
}

/// What all persons together got from each cell, each as often as the person stands for one: money that was booked for
/// nobody is not in it.
pub(super) fn by_cell(
    (entries, standing): (&[Entry], &Standing<'_>),
    weights: &Weights,
    n_cells: usize,
) -> Vec<i64> {
    let mut cells = vec![0; n_cells];
    for &Entry { person, got, fen, .. } in entries {
        if let (Some(person), Got::OnBills { cell, .. } | Got::Contribution { cell, .. }) = (person, got) {
            cells[cell] += person.weight(weights) * fen;
        }
    }
    let Contributions { kind_of, of_kind } = &standing.contributions;
    let mut persons = vec![0; of_kind.len()];
    for (row, &kind) in kind_of.iter().enumerate() {
        persons[kind as usize] += weights.of(row);
    }
    for (of_kind, persons) in of_kind.iter().zip(persons) {
        of_kind.iter().for_each(|part| cells[part.cell] += persons * part.fen);
    }
    cells
}
