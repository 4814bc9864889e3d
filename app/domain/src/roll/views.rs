//! The roll as it crosses the wire to the office.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::address::AddressKind;
use super::status::RollStatus;
use crate::credentials::status::{Standing, Status};
use crate::ids::{AccountId, AddressId, PersonId, SchoolId};

/// One student in a list, with where their account stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollRow {
    /// The student.
    pub person: PersonId,
    /// As pages show it.
    pub name: String,
    /// See [`crate::fold::search_key`]; the username is added to it.
    pub search: String,
    /// Admission number.
    pub admission_number: String,
    /// Year group, as the school writes it; may be empty.
    pub year: String,
    /// Registration group, as the school writes it; may be empty.
    pub group: String,
    /// On the day of the list.
    pub roll: RollStatus,
    /// The email address that invitations go to.
    pub email: Option<String>,
    /// The account, if there is one.
    pub account: Option<RollAccount>,
}

/// The account part of a [`RollRow`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollAccount {
    /// The account.
    pub id: AccountId,
    /// Its username.
    pub username: String,
    /// What its status is worked out from.
    pub standing: Standing,
    /// When the status began, as far as known: made, invited, activated or suspended.
    pub since: DateTime<Utc>,
    /// The last sign-in; previews leave none.
    pub last_sign_in_at: Option<DateTime<Utc>>,
}

impl RollRow {
    /// The student's status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        Status::of(self.account.as_ref().map(|account| &account.standing), now)
    }
}

/// A time at a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentView {
    /// The school.
    pub school: SchoolId,
    /// Its name.
    pub school_name: String,
    /// Admission number.
    pub admission_number: String,
    /// Year group.
    pub year: String,
    /// Registration group.
    pub group: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, if set.
    pub ends_on: Option<NaiveDate>,
    /// On the day of the page.
    pub roll: RollStatus,
}

/// A delivery address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressView {
    /// The address's identifier.
    pub id: AddressId,
    /// Email or phone.
    pub kind: AddressKind,
    /// As written on messages.
    pub value: String,
    /// Whether invitations go to it.
    pub primary: bool,
    /// How many other people share it.
    pub shared_with: u32,
}
