//! The files of a place that is there already, with a new register or a new table of its fund: only what these say is
//! written anew, everything else stays as it was, byte by byte.

pub mod place;
pub mod rows;
