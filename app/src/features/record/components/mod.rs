//! The parts of a student's record.

mod access;
mod addresses;
mod code;
mod deeds;
mod details;
mod grant;
mod help;
mod history;
mod sessions;

pub use access::{AccountActions, PortalAccess};
pub use details::Details;
pub use grant::GrantDialog;

use leptos::prelude::*;

use crate::error::AppError;

/// What the parts of a record share: whose it is, and how to read it again after a change.
#[derive(Clone, Copy)]
pub struct Record {
    /// The student.
    pub person: domain::ids::PersonId,
    /// The student's name; the record is drawn again when it changes.
    pub name: StoredValue<String>,
    /// What went wrong last, shown at the head of the record.
    pub problem: RwSignal<Option<AppError>>,
    /// Counts up to have the record read again.
    pub version: RwSignal<u32>,
}

impl Record {
    /// Reads the record again.
    pub fn changed(self) {
        self.problem.try_set(None);
        self.version.try_update(|version| *version += 1);
    }

    /// Shows what went wrong.
    pub fn failed(self, error: AppError) {
        self.problem.try_set(Some(error));
    }
}
