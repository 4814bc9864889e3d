//! Integration tests.

mod embedded;
mod imports;
