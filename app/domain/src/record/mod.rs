//! A student's record: everything that the rooms below store about one student.

pub mod help;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use self::help::SignInHelp;
use crate::accounts::rename::FormerUsername;
use crate::groups::views::StudentGroup;
use crate::guardians::views::ContactLine;
use crate::ids::PersonId;
use crate::roll::views::{AddressView, EnrolmentView, RemovedAddress, RollAccount};
use crate::sessions::views::SessionLine;

/// A student's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentRecord {
    /// The student.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// Given name.
    pub given: String,
    /// Middle names.
    pub middle: String,
    /// Family name.
    pub family: String,
    /// Preferred name.
    pub preferred: String,
    /// Date of birth, if the school has it.
    pub born_on: Option<NaiveDate>,
    /// Language of messages, in words.
    pub language: String,
    /// Enrolments, latest first.
    pub enrolments: Vec<EnrolmentView>,
    /// Teaching groups, those that ended last.
    pub groups: Vec<StudentGroup>,
    /// Delivery addresses, starting with the one for invitations.
    pub addresses: Vec<AddressView>,
    /// Addresses that were removed a short while ago, for staff who may bring them back.
    pub removed: Vec<RemovedAddress>,
    /// Their contacts: by priority, those that have ended last.
    pub contacts: Vec<ContactLine>,
    /// Whether the actor may see accounts. If not, the following fields are empty.
    pub shows_account: bool,
    /// The account, if there is one.
    pub account: Option<RollAccount>,
    /// The days on which the account can be used, in a sentence; empty if it has no limit.
    pub days: String,
    /// The usernames they had before, as far as the actor may see them; see [`FormerUsername`].
    pub former: Vec<FormerUsername>,
    /// Where they are signed in, most recently used browser first; empty for staff who may not manage portal
    /// access.
    pub sessions: Vec<SessionLine>,
    /// Whether and how they can sign in; `None` without an account.
    pub help: Option<SignInHelp>,
    /// What happened, latest first.
    pub history: Vec<HistoryLine>,
}

/// An entry in a person's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// When it happened, in words, in the school's time zone.
    pub when: String,
    /// The icon's name.
    pub icon: String,
    /// What happened, and who did it.
    pub what: String,
}
