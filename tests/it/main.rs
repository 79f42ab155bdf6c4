//! The integration tests, in one binary.

mod properties;
mod settlement;
mod support;
