//! The integration tests, in one binary.

mod bad_files;
mod docs;
mod invented;
mod properties;
mod settlement;
mod support;
