//! Staff, as shown to the office.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;

/// A staff member in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEntry {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their code in the school's other systems.
    pub staff_code: String,
    /// The address for messages; empty if there is none.
    pub email: String,
    /// Their username, if they have an account.
    pub username: Option<String>,
    /// The last day, if known.
    pub ends_on: Option<NaiveDate>,
}
