//! Integration tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, and says where")]

mod access;
mod accounts;
mod audit;
mod browser;
mod command;
mod embedded;
mod endpoints;
mod faults;
mod imports;
mod invitations;
mod portal;
mod tenancy;
mod watch;
