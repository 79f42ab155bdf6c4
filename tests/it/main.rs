//! The integration tests, in one binary.

mod invented;
mod properties;
mod settlement;
mod support;
