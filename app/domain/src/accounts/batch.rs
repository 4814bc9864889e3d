//! Batches (plans that ran), as they cross the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::plan::{AccountPlan, PlanRow};
use super::username::Username;
use crate::credentials::status::{AccountStanding, AccountStatus};
use crate::ids::{AccountId, BatchId, OperationId, PersonId};

/// An account created by a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedAccount {
    /// The account.
    pub account: AccountId,
    /// The account's owner.
    pub person: PersonId,
    /// The owner's name as pages show it.
    pub name: String,
    /// Registration group, or the year group if there is none; may be empty.
    pub group: String,
    /// Admission number.
    pub admission_number: String,
    /// The account's username.
    pub username: Username,
    /// The address that invitations go to. Without one, staff have to act.
    pub email: Option<String>,
}

/// A batch that was just saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    /// The batch; `None` if there was nothing to create.
    pub id: Option<BatchId>,
    /// The accounts it created, in the order of the plan.
    pub created: Vec<CreatedAccount>,
    /// Rows that need review; only if the save was allowed to skip them.
    pub waiting: Vec<PlanRow>,
    /// How many of the chosen people already had an account, or are no longer on the school's roll.
    pub left_out: u32,
}

/// A plan as the server makes it, with the number of people it leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// The accounts that a save would create.
    pub plan: AccountPlan,
    /// How many of the chosen people already have an account, or are no longer on the school's roll.
    pub left_out: u32,
}

/// The result of a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaveOutcome {
    /// Every account in the plan was created.
    Saved(BatchView),
    /// The roll has changed since the plan was shown. Nothing was created.
    Drifted(DriftedPlan),
    /// The plan needs a second person's approval. Nothing was created yet.
    Waits,
    /// A job creates the accounts; its operation reports progress.
    Queued(OperationId),
}

/// Returned instead of a plan that no longer matches the roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftedPlan {
    /// The current plan for the same choice; [`super::drift::PlanDrift::between`] lists the differences.
    pub now: AccountPlan,
    /// Individually picked people who can no longer be given an account.
    pub gone: Vec<GonePerson>,
}

/// Someone who was picked and can no longer be given an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GonePerson {
    /// The student.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// The account they have now; `None` if they are no longer on the school's roll.
    pub has_account: Option<Username>,
}

/// A batch in the list of batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchSummary {
    /// The batch.
    pub id: BatchId,
    /// Who created it; `None` if it was the command line.
    pub created_by: Option<String>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// How many accounts it created.
    pub size: u32,
    /// When it was undone, if it was.
    pub undone_at: Option<DateTime<Utc>>,
    /// How many of its accounts have been activated. A batch with any cannot be undone.
    pub activated: u32,
}

impl BatchSummary {
    /// Whether it can be undone.
    pub fn can_undo(&self) -> bool {
        self.undone_at.is_none() && self.activated == 0
    }
}

/// How many of a batch's accounts its page lists.
pub const BATCH_ROWS: usize = 500;

/// A batch on its page: the last step of creating accounts, and later reached from the list of batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchDetail {
    /// Who created it, when, and how many accounts.
    pub summary: BatchSummary,
    /// How many of its accounts were never invited and could be now.
    pub can_send: u32,
    /// How many were invited, have not answered, and could be sent a second invitation.
    pub can_send_again: u32,
    /// How many invitations are still on their way.
    pub on_the_way: u32,
    /// How many of its accounts have no email address.
    pub no_email: u32,
    /// At most [`BATCH_ROWS`] accounts: those without an email address first, then by name.
    pub accounts: Vec<BatchAccount>,
}

/// An account of a batch in its current state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchAccount {
    /// The account.
    pub account: CreatedAccount,
    /// The facts its status is derived from.
    pub standing: AccountStanding,
    /// The page that somebody has who is no student: a member of staff, a guardian. A student has a record.
    pub own_page: Option<String>,
}

impl BatchAccount {
    /// The account's status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> AccountStatus {
        AccountStatus::of(Some(&self.standing), now)
    }
}
