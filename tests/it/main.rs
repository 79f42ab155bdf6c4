//! The integration tests, in one binary.

mod bad_files;
mod cli;
mod command;
mod docs;
mod engines;
mod invented;
mod properties;
mod refused;
mod register;
mod runs;
mod settlement;
mod support;
mod tidy;
mod tiles;
