//! Staff as the office sees them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;

/// A member of staff in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEntry {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What the school's other systems call them.
    pub staff_code: String,
    /// Where messages go; empty for nowhere.
    pub email: String,
    /// Their username, if they have an account.
    pub username: Option<String>,
    /// The last day, if it is known.
    pub ends_on: Option<NaiveDate>,
}
