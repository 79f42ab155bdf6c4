//! The integration tests, in one binary.

mod cli;
mod command;
mod invented;
mod properties;
mod refused;
mod settlement;
mod support;
mod tidy;
