//! Batches: plans that ran, as they cross the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::plan::{AccountPlan, PlanRow};
use super::username::Username;
use crate::credentials::status::{Standing, Status};
use crate::ids::{AccountId, BatchId, OperationId, PersonId};

/// An account that a batch made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedAccount {
    /// The account.
    pub account: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// As pages show it.
    pub name: String,
    /// Registration group, or the year group where there is none; may be empty.
    pub group: String,
    /// Admission number.
    pub admission_number: String,
    /// Its username.
    pub username: Username,
    /// The email address that invitations go to; without one, staff have to act.
    pub email: Option<String>,
}

/// A batch that was just saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    /// The batch; none when there was nothing to make.
    pub id: Option<BatchId>,
    /// The accounts it made, in the order of the plan.
    pub created: Vec<CreatedAccount>,
    /// Rows that wait for a person's eye; only where the save was asked to go on without them.
    pub waiting: Vec<PlanRow>,
    /// How many of those chosen already had an account, or are no longer on the school's roll.
    pub left_out: u32,
}

/// A plan as the server makes it, with what it is not about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// What a save would do.
    pub plan: AccountPlan,
    /// How many of those chosen already have an account, or are no longer on the school's roll.
    pub left_out: u32,
}

/// What a save came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaveOutcome {
    /// Every account of the plan was made.
    Saved(BatchView),
    /// The roll has moved since the plan was seen. Nothing was made.
    Drifted(Drifted),
    /// So many accounts wait until a second person approves them. Nothing was made.
    Waits,
    /// So many accounts are made by a job, whose progress the operation tells.
    Queued(OperationId),
}

/// What stands instead of a plan that the roll has moved away from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drifted {
    /// The plan for the same choice as it would be now; [`super::drift::PlanDrift::between`] tells what is other.
    pub now: AccountPlan,
    /// Of people picked one by one, those who fell out of the choice.
    pub gone: Vec<Gone>,
}

/// Someone who was picked and cannot be given an account any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// The student.
    pub person: PersonId,
    /// As pages show it.
    pub name: String,
    /// The account they have meanwhile; none if they are no longer on the school's roll.
    pub has_account: Option<Username>,
}

/// A batch in the list of batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchSummary {
    /// The batch.
    pub id: BatchId,
    /// Who made it; none from the command line.
    pub created_by: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// How many accounts it made.
    pub size: u32,
    /// When it was undone, if it was.
    pub undone_at: Option<DateTime<Utc>>,
    /// How many of its accounts have been activated: while there is one, it cannot be undone.
    pub activated: u32,
}

impl BatchSummary {
    /// Whether it can be undone.
    pub fn can_undo(&self) -> bool {
        self.undone_at.is_none() && self.activated == 0
    }
}

/// How many accounts a batch's page lists one by one.
pub const BATCH_ROWS: usize = 500;

/// A batch on its page: the last step of making accounts, and the way back to it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchDetail {
    /// Who made it, when, how many.
    pub summary: BatchSummary,
    /// How many of its accounts an invitation could be sent to now.
    pub can_send: u32,
    /// How many of its accounts have no email address.
    pub no_email: u32,
    /// At most [`BATCH_ROWS`] accounts: those without an email address first, then by name.
    pub accounts: Vec<BatchAccount>,
}

/// An account of a batch as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchAccount {
    /// The account.
    pub account: CreatedAccount,
    /// What its status is worked out from.
    pub standing: Standing,
}

impl BatchAccount {
    /// The account's status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        Status::of(Some(&self.standing), now)
    }
}
