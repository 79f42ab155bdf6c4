//! What must hold for every chart: legible, complete, deterministic, and honest about bad input.

mod layout;
mod sample;
mod structure;
mod tables;
