//! Integration tests.

mod access;
mod accounts;
mod browser;
mod command;
mod embedded;
mod imports;
mod portal;
