//! The parts of a student's record.

mod access;
mod actions;
mod addresses;
mod again;
mod code;
mod details;
mod former;
mod grant;
mod help;
mod history;
mod sessions;

pub use access::{AccountActions, PortalAccess};
pub use details::Details;
pub use grant::GrantDialog;

use leptos::prelude::*;

use crate::error::AppError;

/// What the parts of a record share: the student, and how to reload the record after a change.
#[derive(Clone, Copy)]
pub struct Record {
    /// The student.
    pub person: domain::ids::PersonId,
    /// The student's name. The record is drawn again if it changes.
    pub name: StoredValue<String>,
    /// The last error, shown at the top of the record.
    pub problem: RwSignal<Option<AppError>>,
    /// Increased to reload the record.
    pub version: RwSignal<u32>,
}

impl Record {
    /// Reloads the record.
    pub fn changed(self) {
        self.problem.try_set(None);
        self.version.try_update(|version| *version += 1);
    }

    /// Shows an error.
    pub fn failed(self, error: AppError) {
        self.problem.try_set(Some(error));
    }
}
