//! Staff, as shown to the office.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::credentials::invited::CurrentInvitation;
use crate::credentials::status::AccountStatus;
use crate::ids::PersonId;
use crate::roll::views::RollAccount;

/// A staff member in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEntry {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their code in the school's other systems; empty for a colleague who was invited and is not on the staff list.
    pub staff_code: String,
    /// The address for messages; empty if there is none.
    pub email: String,
    /// Their username, if they have an account.
    pub username: Option<String>,
    /// How far they are on the way to signing in, for readers who may see accounts.
    pub status: Option<AccountStatus>,
    /// The last day, if known.
    pub ends_on: Option<NaiveDate>,
}

/// Someone's work at a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employment {
    /// What the school's other systems call them.
    pub staff_code: String,
    /// Their first day.
    pub starts_on: NaiveDate,
    /// The last day, if it is known.
    pub ends_on: Option<NaiveDate>,
}

/// A member of staff on their own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their work here; `None` for a colleague who has a role and is not on the staff list.
    pub employment: Option<Employment>,
    /// Whether they work here today or will.
    pub works_here: bool,
    /// Where messages go.
    pub email: Option<String>,
    /// Whether the reader may see accounts.
    pub shows_account: bool,
    /// Their account, if they have one and the reader may see it.
    pub account: Option<RollAccount>,
    /// The invitation to that account that can be used now, if there is one.
    pub invitation: Option<CurrentInvitation>,
}
