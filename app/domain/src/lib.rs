//! Greencap's rules.
//!
//! Pure code without I/O or user interface, compiled into both the server and the browser, so that what a
//! page shows before a change is what the server does. A folder is a feature, with the same name in every
//! layer. Code that needs a clock, randomness or a database takes it as an argument or is in `backend`.

pub mod accounts;
pub mod audit;
pub mod authorization;
pub mod cards;
pub mod credentials;
pub mod data_rights;
pub mod digits;
pub mod factors;
pub mod fields;
pub mod fold;
pub mod groups;
pub mod guardians;
pub mod ids;
pub mod imports;
pub mod invitations;
pub mod lists;
pub mod messages;
pub mod operations;
pub mod own_account;
pub mod portal;
pub mod record;
pub mod recovery;
pub mod registry;
pub mod roll;
pub mod rooms;
pub mod school_year;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod single_sign_on;
pub mod spreadsheet;
pub mod staff;
pub mod when;
