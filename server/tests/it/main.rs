//! Integration tests.

mod access;
mod accounts;
mod browser;
mod command;
mod embedded;
mod faults;
mod imports;
mod invitations;
mod portal;
