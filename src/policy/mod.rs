//! Policy: the rules as data, and the one implementation that settles a person's year by them.
pub mod claim;
