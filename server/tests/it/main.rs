//! Integration tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, and says where")]

mod accounts;
mod attacks;
mod audit;
mod authorization;
mod backup;
mod browser;
mod cards;
mod command;
mod data_rights;
mod duplicates;
mod edges;
mod embedded;
mod empty_database;
mod endpoints;
mod factors;
mod family_conflicts;
mod faults;
mod groups;
mod guardians;
mod imports;
mod invitations;
mod kept_forms;
mod metrics;
mod neighbours;
mod office;
mod operations;
mod operator;
mod own_account;
mod plain_words;
mod portal;
mod provider_attacks;
mod recovery;
mod scene;
mod school_year;
mod sessions;
mod setup;
mod sibling_ids;
mod sign_in;
mod single_sign_on;
mod sql;
mod staff;
mod tenancy;
mod watch;
mod well_known;
