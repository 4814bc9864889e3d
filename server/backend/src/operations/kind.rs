//! What a kind of operation declares.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, OperationId, PersonId};
use domain::operations::plan::{Plan, PlannedRow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;

use crate::audit::{AuditEntry, record, record_for_each};
use crate::exports::note;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// What an approved operation may do when it runs, at most a day after the approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterApproval {
    /// The very plan that was approved, or nothing.
    SamePlan,
    /// What the kind does for the very people who were approved, as far as it still fits them.
    SamePeople,
}

/// A kind of operation. The value is what it is given: whom it is about and how they are to be treated. It is stored as
/// JSON, so a field that is added later needs a default.
pub trait Operation: Serialize + DeserializeOwned + Send + Sync + Unpin + 'static {
    /// The word in the database.
    const KIND: &'static str;
    /// What it takes at the school to plan it, run it, approve it and undo it.
    const PERMISSION: Permission;
    /// What an approval allows.
    const AFTER_APPROVAL: AfterApproval;
    /// The button that runs it once it is approved; with [`Self::describe`] after it, its full name.
    const VERB: &'static str;
    /// How long it is kept after it ran; none for as long as its organisation.
    const KEPT: Option<TimeDelta>;

    /// One row of its plan.
    type Row: PlannedRow + Send + 'static;
    /// What planning finds beside the rows, such as who is left out.
    type Beside: Send;
    /// What was written, before the commit.
    type Written: Send;
    /// What the caller is told, after the commit.
    type Outcome: Send;

    /// What it is, for so many rows: "12 one-time codes to print".
    fn describe(&self, rows: usize) -> String;

    /// Whether a second person approves it where it is about more people than the organisation has set.
    fn needs_second_person(&self) -> bool {
        true
    }

    /// Holds back everybody else whose work could change the plan, until the transaction ends.
    fn lock(&self, work: &mut Work<'_>) -> impl Future<Output = Result<()>> + Send {
        let _ = work;
        async { Ok(()) }
    }

    /// What it would do, and what stands beside it. Writes nothing.
    fn plan(
        &self,
        work: &mut Work<'_>,
    ) -> impl Future<Output = Result<(Plan<Self::Row>, Self::Beside)>> + Send;

    /// Whom a row is about.
    fn person(row: &Self::Row) -> PersonId;

    /// The same, about these people instead. A second person is asked about the very people of the plan; what is kept
    /// for the record when it has run is about nobody.
    #[must_use]
    fn about(&self, people: Vec<PersonId>) -> Self;

    /// Writes the rows, in as many statements for one as for thousands, and says what goes to the audit log. What it
    /// writes may refer to [`Work::operation`].
    fn apply(
        &self,
        work: &mut Work<'_>,
        rows: Vec<Self::Row>,
        beside: &Self::Beside,
    ) -> impl Future<Output = Result<Applied<Self::Written>>> + Send;

    /// What remains to be done when it is committed: reading and wording, nothing that could take it back.
    fn finish(
        &self,
        backend: &Backend,
        school: &SchoolContext,
        operation: OperationId,
        written: Self::Written,
    ) -> impl Future<Output = Result<Self::Outcome>> + Send;
}

/// A kind that can be undone.
pub trait Undoable: Operation {
    /// Takes back what [`Work::operation`] wrote. A conflict where something was built on it, which says what.
    fn undo(work: &mut Work<'_>) -> impl Future<Output = Result<Undone>> + Send;
}

/// What was written, and its lines for the audit log.
pub struct Applied<W> {
    /// For [`Operation::finish`].
    pub written: W,
    /// For the audit log.
    pub log: Log,
}

/// What an undo took back, and its lines for the audit log.
pub struct Undone {
    /// How many rows.
    pub rows: u64,
    /// For the audit log.
    pub log: Log,
}

/// What goes to the audit log.
pub enum Log {
    /// One line for the whole.
    One(AuditEntry),
    /// One line for so many rows that left Greencap; administrators are told where they are many.
    TakenOut(AuditEntry, usize),
    /// A line for each account, with the same details: for what each person's history tells of.
    Each(AuditAction, Vec<(AccountId, PersonId)>, Value),
}

/// What a kind works with: one transaction, and for whom.
pub struct Work<'a> {
    /// Everything from outside.
    pub backend: &'a Backend,
    /// Who asked.
    pub actor: &'a Actor,
    /// At which school.
    pub school: &'a SchoolContext,
    /// The transaction.
    pub connection: &'a mut PgConnection,
    /// Its id: of the operation that is to run, or to be undone.
    pub operation: OperationId,
    /// What administrators are told if it is refused.
    alert: Option<AuditEntry>,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        backend: &'a Backend,
        actor: &'a Actor,
        school: &'a SchoolContext,
        connection: &'a mut PgConnection,
        operation: OperationId,
    ) -> Self {
        Self { backend, actor, school, connection, operation, alert: None }
    }

    /// Refuses with `error`. Once everything is rolled back, `told` is written to the audit log and administrators are
    /// told of it.
    pub fn refuse_and_tell(&mut self, told: AuditEntry, error: Error) -> Error {
        self.alert = Some(told);
        error
    }

    pub(super) fn into_alert(self) -> Option<AuditEntry> {
        self.alert
    }

    /// Writes the lines of the audit log. Comes last before the commit, as [`record`] says.
    pub(super) async fn log(&mut self, log: Log) -> Result<()> {
        match log {
            Log::One(entry) => record(self.backend, self.connection, self.actor, entry).await,
            Log::TakenOut(entry, rows) => note(self.backend, self.connection, self.actor, entry, rows).await,
            Log::Each(action, accounts, details) => {
                record_for_each(self.backend, self.connection, self.actor, action, &accounts, &details).await
            }
        }
    }
}
