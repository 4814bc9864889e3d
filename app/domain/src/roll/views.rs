//! The roll, as sent to the office.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::address::AddressKind;
use super::status::RollStatus;
use crate::credentials::status::{AccountStanding, AccountStatus, StatusGroup};
use crate::ids::{AccountId, AddressId, PersonId, SchoolId};

/// A student in a list, with their account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollRow {
    /// The student.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// See [`crate::fold::search_key`]; includes the username.
    pub search: String,
    /// Admission number.
    pub admission_number: String,
    /// Year group, as the school writes it; may be empty.
    pub year: String,
    /// Registration group, as the school writes it; may be empty.
    pub group: String,
    /// Roll status on the day of the list.
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
    /// The facts its status is derived from.
    pub standing: AccountStanding,
    /// When the status began, if known: created, invited, activated or disabled.
    pub since: DateTime<Utc>,
    /// The last sign-in. Previews do not count.
    pub last_sign_in_at: Option<DateTime<Utc>>,
}

impl RollRow {
    /// The student's status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> AccountStatus {
        AccountStatus::of(self.account.as_ref().map(|account| &account.standing), now)
    }

    /// The group of their status at `now`.
    pub fn group(&self, now: DateTime<Utc>) -> StatusGroup {
        self.status(now).group(self.roll == RollStatus::Leaver)
    }
}

/// An enrolment.
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
    /// Roll status on the day of the page.
    pub roll: RollStatus,
}

/// An address that was removed a short while ago, which one click brings back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedAddress {
    /// Its identifier.
    pub id: AddressId,
    /// Email or phone.
    pub kind: AddressKind,
    /// The address as written on messages.
    pub value: String,
    /// Whether invitations went to it.
    pub was_primary: bool,
    /// When it was removed.
    pub removed_at: DateTime<Utc>,
    /// How many invitations that were sent there ended with it, and work again once it is back.
    pub ended: u32,
}

impl RemovedAddress {
    /// What the removal ended; `in_use` is whether the person has an account with a password.
    pub fn consequence(&self, in_use: bool) -> String {
        let ended = match self.ended {
            0 => "",
            1 => " The invitation sent to it no longer works.",
            _ => " The invitations sent to it no longer work.",
        };
        let messages = if self.was_primary { " Messages no longer go there." } else { "" };
        let links = match self.kind {
            AddressKind::Email if in_use => {
                " Links and codes for a new password that were sent there have ended."
            }
            AddressKind::Email | AddressKind::Phone => "",
        };
        format!("{messages}{ended}{links}").trim_start().to_owned()
    }
}

/// A delivery address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressView {
    /// Its identifier.
    pub id: AddressId,
    /// Email or phone.
    pub kind: AddressKind,
    /// The address as written on messages.
    pub value: String,
    /// Whether invitations go to this address.
    pub primary: bool,
    /// How many other people share it.
    pub shared_with: u32,
    /// What it is, as a file says it: "Work", "ext. 12"; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}
