//! Staff, as shown to the office.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::roll::views::RollAccount;

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

/// A member of staff on their own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What the school's other systems call them.
    pub staff_code: String,
    /// Their first day.
    pub starts_on: NaiveDate,
    /// The last day, if it is known.
    pub ends_on: Option<NaiveDate>,
    /// Whether that day is not over.
    pub works_here: bool,
    /// Where messages go.
    pub email: Option<String>,
    /// Whether the reader may see accounts.
    pub shows_account: bool,
    /// Their account, if they have one and the reader may see it.
    pub account: Option<RollAccount>,
}
