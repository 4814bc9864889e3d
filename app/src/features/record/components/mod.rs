//! The parts of a student's record.

mod access;
mod actions;
mod addresses;
mod again;
mod code;
mod contact_columns;
mod contacts;
mod details;
mod former;
mod grant;
mod help;
mod history;
mod sessions;

pub use access::{AccountActions, PortalAccess};
pub use contacts::Contacts;
pub use details::Details;
pub use grant::GrantDialog;
pub use history::History;
pub use sessions::device;

use leptos::prelude::*;

use crate::error::AppError;
use crate::ui::focus::focus_when_drawn;

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
    /// The `id` of what has the focus after that, since all of the record is drawn again.
    pub focus: StoredValue<Option<String>>,
}

impl Record {
    /// Reloads the record; then the element with this `id` has the focus.
    pub fn changed(self, focus: impl Into<String>) {
        self.focus.try_set_value(Some(focus.into()));
        self.problem.try_set(None);
        self.version.try_update(|version| *version += 1);
    }

    /// Puts the focus where the change that drew the record again wants it.
    pub fn give_focus(self) {
        if let Some(id) = self.focus.try_update_value(Option::take).flatten() {
            focus_when_drawn(id);
        }
    }

    /// Shows an error.
    pub fn failed(self, error: AppError) {
        self.problem.try_set(Some(error));
    }
}
