//! Lanes that settle persons as the first one does: the first settles them, and what it books and notes is theirs, too.

use super::book::YearBook;
use super::person::LaneState;
use super::scene::Scene;
use crate::policy::claim::Spell;

/// Where a person's year is booked: by the lane itself, or in a book of several lanes that settle it alike.
#[derive(Debug)]
pub struct Onto<'b> {
    own: &'b mut YearBook,
    common: Option<&'b mut YearBook>,
    /// The identities, as bits, of which the lanes of the common book have different rules.
    changed: u32,
    is_apart: bool,
}

impl<'b> Onto<'b> {
    /// Everything is the lane's own.
    pub const fn own(own: &'b mut YearBook) -> Self {
        Self { own, common: None, changed: 0, is_apart: false }
    }

    /// Common is what goes by none of the identities in `changed`.
    pub const fn together(own: &'b mut YearBook, common: &'b mut YearBook, changed: u32) -> Self {
        Self { own, common: Some(common), changed, is_apart: false }
    }

    /// The book for the year of a person to whom it gives an identity, or none.
    #[inline]
    pub fn book(&mut self, gained: Option<Spell>) -> &mut YearBook {
        self.is_apart = gained.is_some_and(|spell| self.changed & spell.category.bit() != 0);
        if self.is_apart { self.own } else { self.of_columns() }
    }

    /// The book for what columns add up.
    #[inline]
    pub fn of_columns(&mut self) -> &mut YearBook {
        self.common.as_deref_mut().unwrap_or(self.own)
    }

    /// Whether the year booked last is to be settled by each lane for itself.
    pub const fn is_apart(&self) -> bool {
        self.is_apart
    }
}

/// A lane that settles persons as the first one does.
#[derive(Debug)]
pub struct Follower<'f, 'c> {
    /// The lane's year.
    pub scene: Scene<'f, 'c>,
    /// What it carries.
    pub state: &'f mut LaneState,
    /// What is its own.
    pub book: &'f mut YearBook,
}

/// How far the notes of a lane reached at a moment.
#[derive(Debug, Clone, Copy)]
pub struct Noted {
    acquired: usize,
    recruits: usize,
    may_apply: usize,
    kept: usize,
    pending: usize,
}

impl LaneState {
    /// How far the notes reach.
    pub(super) const fn noted(&self) -> Noted {
        Noted {
            acquired: self.acquired_rows.len(),
            recruits: self.recruits.len(),
            may_apply: self.may_apply.len(),
            kept: self.kept.len(),
            pending: self.pending.len(),
        }
    }

    /// Takes over what another lane noted between two moments, and the self-pay of some rows.
    pub(super) fn take_over(
        &mut self,
        from: &Self,
        (since, until): (Noted, Noted),
        rows: impl Iterator<Item = usize>,
    ) {
        for row in rows {
            self.self_pay[row] = from.self_pay[row];
        }
        for &row in &from.acquired_rows[since.acquired..until.acquired] {
            self.acquired[row] = from.acquired[row];
            self.acquired_rows.push(row);
            self.has_gained[row] = true;
        }
        self.recruits.extend_from_slice(&from.recruits[since.recruits..until.recruits]);
        self.may_apply.extend_from_slice(&from.may_apply[since.may_apply..until.may_apply]);
        self.kept.extend_from_slice(&from.kept[since.kept..until.kept]);
        self.pending.extend_from_slice(&from.pending[since.pending..until.pending]);
    }
}
