//! What became of a list, as it crosses the wire.

use serde::{Deserialize, Serialize};

use super::plan::{PastePlan, PastePlanRow};
use super::read::RawRows;
use crate::accounts::username::Username;
use crate::ids::{AccountId, GroupId, OperationId, PersonId};

/// A file that was read for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasteFile {
    /// Its rows, with the headings.
    pub rows: RawRows,
    /// What to know about how it was read, as sentences.
    pub said: Vec<String>,
}

/// Somebody of the list who has an account now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedAccount {
    /// The account; `None` if it was there before.
    pub account: Option<AccountId>,
    /// Its owner.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Admission number.
    pub number: String,
    /// Username; `None` if their account is closed.
    pub username: Option<Username>,
}

/// A list whose accounts were created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasteDone {
    /// The operation.
    pub operation: OperationId,
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub group_name: String,
    /// Everybody of the list, in its order.
    pub people: Vec<PastedAccount>,
    /// Rows that were left out, if that was allowed.
    pub waiting: Vec<PastePlanRow>,
}

/// The result of creating the accounts of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasteOutcome {
    /// They were created.
    Done(PasteDone),
    /// The roll has changed since the plan was shown. Nothing was created.
    Drifted(PastePlan),
    /// There is nothing to create. The rows wait, if there are any.
    Nothing(Vec<PastePlanRow>),
    /// It needs a second person's approval.
    Waits,
    /// A job creates them.
    Queued(OperationId),
}

/// Where the people of a list go, for the head of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastePlace {
    /// The group's name.
    pub name: String,
    /// Whether it is created with them.
    pub is_new: bool,
    /// The names of its courses.
    pub courses: Vec<String>,
}
