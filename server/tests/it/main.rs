//! Integration tests.

mod access;
mod browser;
mod embedded;
mod imports;
mod portal;
