//! The integration tests, in one binary.

mod bad_files;
mod invented;
mod properties;
mod settlement;
mod support;
