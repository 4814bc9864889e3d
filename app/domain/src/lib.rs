//! Greencap's rules.
//!
//! Pure code without I/O and without a user interface, compiled both into the server and into the browser, so that
//! what a page shows before a change is what the server does. A folder is a feature; the same word names it in every
//! layer. What needs a clock, randomness or a database takes it as an argument or lives in `backend`.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod fields;
pub mod ids;
pub mod imports;
pub mod invitations;
pub mod portal;
pub mod roll;
pub mod selection;
pub mod spreadsheet;
pub mod when;
