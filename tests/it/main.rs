//! The integration tests, in one binary.

mod bad_files;
mod bad_places;
mod changed;
mod cli;
mod command;
mod compared;
mod counts;
mod docs;
mod engines;
mod invented;
mod nonsense;
mod outputs;
mod properties;
mod published;
mod refused;
mod register;
mod rights;
mod runs;
mod safe;
mod settlement;
mod sheet;
mod support;
mod tables;
mod tidy;
mod tiles;
mod typed;
