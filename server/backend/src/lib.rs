//! Greencap's use cases: what happens, in SQL, messages and jobs, when someone asks for something.
//!
//! Each folder is a feature, and each file in it one action: guard, parse, one transaction, audit event,
//! commit. SQL that two actions share is in the feature's `queries.rs`. Nothing here depends on pages or
//! HTTP.

pub mod accounts;
pub mod audit;
pub mod authorization;
pub mod cards;
pub mod clock;
pub mod config;
pub mod context;
pub mod credentials;
pub mod crypto;
pub mod data_rights;
pub mod db;
pub mod demo;
pub mod error;
pub mod exports;
pub mod factors;
pub mod groups;
pub mod guardians;
pub mod imports;
pub mod invitations;
pub mod jobs;
pub mod lists;
pub mod mailbox;
pub mod memory;
pub mod messages;
pub mod operations;
pub mod own_account;
pub mod portal;
pub mod random;
pub mod record;
pub mod recovery;
pub mod roll;
pub mod rooms;
pub mod school_year;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod single_sign_on;
pub mod staff;
pub mod tables;
pub mod tenancy;
#[cfg(feature = "testing")]
pub mod testing;

pub use context::Backend;
pub use error::{Error, Result};
