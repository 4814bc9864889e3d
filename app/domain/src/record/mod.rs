//! A person's record: what the rooms below hold about one student, together.

pub mod help;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use self::help::SignInHelp;
use crate::ids::PersonId;
use crate::roll::views::{AddressView, EnrolmentView, RollAccount};
use crate::sessions::views::SessionLine;

/// A student's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentRecord {
    /// The student.
    pub person: PersonId,
    /// As pages show it.
    pub name: String,
    /// Given name.
    pub given: String,
    /// Middle names.
    pub middle: String,
    /// Family name.
    pub family: String,
    /// Preferred name.
    pub preferred: String,
    /// Date of birth, if the school holds it.
    pub born_on: Option<NaiveDate>,
    /// Language of messages, in words.
    pub language: String,
    /// Every time at a school, the latest first.
    pub enrolments: Vec<EnrolmentView>,
    /// Every delivery address, the one that invitations go to first.
    pub addresses: Vec<AddressView>,
    /// Whether the actor may see accounts. If not, what follows is empty.
    pub shows_account: bool,
    /// The account, if there is one.
    pub account: Option<RollAccount>,
    /// Where they are signed in, the browser used last first; empty for staff who do not manage portal access.
    pub sessions: Vec<SessionLine>,
    /// Whether and how they can sign in; none without an account.
    pub help: Option<SignInHelp>,
    /// What happened, the latest first.
    pub history: Vec<HistoryLine>,
}

/// A line of a person's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// When, in the school's time zone, already in words.
    pub when: String,
    /// The icon's name.
    pub icon: String,
    /// What happened, and who did it.
    pub what: String,
}
