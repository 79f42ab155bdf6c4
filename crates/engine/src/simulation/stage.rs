//! The stages of the tiled engine, and whoever wants to know when one is done.
//!
//! The simulation reads no clock: a benchmark that wants to know what a stage costs brings its own.

/// A stage of a tile or of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// What a county-year shares is prepared: shocks, rates, books.
    Year,
    /// Who falls ill.
    Incidence,
    /// The bills of a tile are drawn.
    Bills,
    /// Claims are ordered by day and laid out in rounds.
    Layout,
    /// Each claim finds its cell, and the rounds are settled.
    Settlement,
    /// Lists, rare persons, households and counts, person by person.
    Persons,
    /// What was paid is booked.
    Booking,
    /// Ordinary residents are counted and the costly ones found.
    Ordinary,
    /// Recruits, applications, second assistance.
    YearEnd,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 9] = [
        Self::Year,
        Self::Incidence,
        Self::Bills,
        Self::Layout,
        Self::Settlement,
        Self::Persons,
        Self::Booking,
        Self::Ordinary,
        Self::YearEnd,
    ];

    /// A name for tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Incidence => "incidence",
            Self::Bills => "bills",
            Self::Layout => "layout",
            Self::Settlement => "settlement",
            Self::Persons => "persons",
            Self::Booking => "booking",
            Self::Ordinary => "ordinary",
            Self::YearEnd => "year end",
        }
    }
}

/// Is told when a stage is done, on the thread that did it.
pub trait Observer: Sync {
    /// A stage is done; it began when the one before it was done.
    fn done(&self, stage: Stage);
}

/// Nobody wants to know.
impl Observer for () {
    fn done(&self, _stage: Stage) {}
}

impl std::fmt::Debug for dyn Observer + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Observer")
    }
}
