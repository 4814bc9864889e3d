//! What a kind of operation declares.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, OperationId, PersonId};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::{LeftOutCount, ResultPage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;

use crate::audit::{AuditEntry, alerts, record, record_all, record_for_each};
use crate::exports::note;
use crate::jobs::job::JobRun;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// What an approved operation may do when it runs, at most a day after the approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterApproval {
    /// Exactly the plan that was approved, or nothing.
    SamePlan,
    /// Whatever is still possible for the people who were approved, and nobody else.
    SamePeople,
}

/// A kind of operation. The value is its input: the people it concerns and its options. It is stored as JSON,
/// so a field that is added later needs a default.
pub trait Operation: Serialize + DeserializeOwned + Send + Sync + Unpin + 'static {
    /// The kind's name in the database.
    const KIND: &'static str;
    /// The permission needed at the school to plan, run, approve or undo it.
    const PERMISSION: Permission;
    /// What an approval allows.
    const AFTER_APPROVAL: AfterApproval;
    /// The label of the button that runs it after approval. Followed by [`Self::describe`], it is the
    /// operation's full name.
    const VERB: &'static str;
    /// How long it is kept after it ran; `None` keeps it as long as its organisation.
    const KEPT: Option<TimeDelta>;

    /// One row of its plan.
    type Row: PlannedRow + Send + Sync + 'static;
    /// What planning finds besides the rows, such as the people it leaves out.
    type Beside: Send + Sync;
    /// What was written, before the commit.
    type Written: Send;
    /// The result for the caller, after the commit.
    type Outcome: Send;

    /// Describes the operation for this many rows: "12 one-time codes to print".
    fn describe(&self, rows: usize) -> String;

    /// Whether a second person must approve it when it concerns more people than the organisation allows
    /// without approval.
    fn needs_second_person(&self) -> bool {
        true
    }

    /// Whether what it would do needs a second person whatever the limit, and whatever [`Self::needs_second_person`] says.
    fn alarms(
        &self,
        work: &mut OperationContext<'_>,
        rows: &[Self::Row],
        beside: &Self::Beside,
    ) -> impl Future<Output = Result<bool>> + Send {
        let _ = (work, rows, beside);
        async { Ok(false) }
    }

    /// Whether even a single row needs a second person once the limit is exceeded. Otherwise it never does,
    /// because a record has a button for it too.
    const EVEN_ONE: bool = false;

    /// How many of these rows open a way into an account; `None` if this kind opens none. Such rows, even a single one,
    /// count towards the limit together with all other ways that the same person opened within a day, on a record or by
    /// another kind ([`crate::credentials::ways_in::opened_lately`]); rows of other kinds count with those of their own kind.
    fn ways_in(rows: &[Self::Row]) -> Option<usize> {
        let _ = rows;
        None
    }

    /// The page that shows what it would do, for the person who has to approve it.
    fn review(&self) -> Option<ResultPage> {
        None
    }

    /// The page that shows what it did, for people who return after it ran as a job.
    fn result(&self, operation: OperationId) -> ResultPage;

    /// Whether what it makes is itself the response, such as a file. Then it always runs in the request;
    /// other operations run as a job if they have many rows.
    fn is_answer(&self) -> bool {
        false
    }

    /// The number of rows, if it is known before planning. A long operation then goes to its job unplanned.
    fn size_ahead(
        &self,
        work: &mut OperationContext<'_>,
    ) -> impl Future<Output = Result<Option<usize>>> + Send {
        let _ = work;
        async { Ok(None) }
    }

    /// How many rows these count as.
    fn size(rows: &[Self::Row]) -> usize {
        rows.len()
    }

    /// How many people were left out, by reason, to continue "12 left out: …".
    fn left_out(beside: &Self::Beside) -> Vec<LeftOutCount> {
        let _ = beside;
        Vec::new()
    }

    /// Blocks everyone else whose work could change the plan until the transaction ends.
    fn lock(&self, work: &mut OperationContext<'_>) -> impl Future<Output = Result<()>> + Send {
        let _ = work;
        async { Ok(()) }
    }

    /// Like [`Self::lock`], but returns whether it got the lock instead of waiting. A request that might be
    /// long plans without the lock, because a job can hold it for as long as thousands of rows take.
    fn try_lock(&self, work: &mut OperationContext<'_>) -> impl Future<Output = Result<bool>> + Send {
        async {
            self.lock(work).await?;
            Ok(true)
        }
    }

    /// Returns the rows it would write, and what it found besides. Writes nothing.
    fn plan(
        &self,
        work: &mut OperationContext<'_>,
    ) -> impl Future<Output = Result<(Plan<Self::Row>, Self::Beside)>> + Send;

    /// The person a row concerns, if that person is in Greencap.
    fn person(row: &Self::Row) -> Option<PersonId>;

    /// The same input for these people instead. A second person is asked about exactly the people in the
    /// plan; once it has run, the stored record names nobody.
    #[must_use]
    fn about(&self, people: Vec<PersonId>) -> Self;

    /// Writes the rows, with as many statements for one row as for thousands, and returns the audit log's
    /// entries. What it writes may refer to [`OperationContext::operation`]. Between statements it can report its
    /// progress: [`OperationContext::report`].
    fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<Self::Row>,
        beside: &Self::Beside,
    ) -> impl Future<Output = Result<AppliedPlan<Self::Written>>> + Send;

    /// Does what remains after the commit, whether or not anyone waits for the response.
    fn after_commit(
        &self,
        backend: &Backend,
        school: &SchoolContext,
        written: &Self::Written,
    ) -> impl Future<Output = ()> + Send {
        let _ = (backend, school, written);
        async {}
    }

    /// Runs after a job found that the plan changed and rolled back: a kind that stores the plan that was
    /// seen makes it again here.
    fn after_drift(&self, backend: &Backend, actor: &Actor) -> impl Future<Output = Result<()>> + Send {
        let _ = (backend, actor);
        async { Ok(()) }
    }

    /// Reads and formats the response after the commit. Must not do anything that could require a rollback.
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
    /// Reverts what [`OperationContext::operation`] wrote.
    ///
    /// # Errors
    /// A conflict that says what, if something was built on it.
    fn undo(work: &mut OperationContext<'_>) -> impl Future<Output = Result<UndoneOperation>> + Send;
}

/// What was written, and its audit log entries.
pub struct AppliedPlan<W> {
    /// The value for [`Operation::finish`].
    pub written: W,
    /// The audit log entries.
    pub log: AuditLogEntries,
}

/// What an undo reverted, and its audit log entries.
pub struct UndoneOperation {
    /// The number of rows.
    pub rows: u64,
    /// The audit log entries.
    pub log: AuditLogEntries,
}

/// Entries for the audit log.
pub enum AuditLogEntries {
    /// One entry for the whole operation.
    One(AuditEntry),
    /// One entry for this many rows that left Greencap; administrators are notified if there are many.
    TakenOut(AuditEntry, usize),
    /// One entry per account, with the same details, so that it shows in each person's history.
    Each(AuditAction, Vec<(AccountId, PersonId)>, Value),
    /// Entries with their own details, each about another person.
    EachOwn(Vec<AuditEntry>),
    /// Several of these, in order.
    All(Vec<AuditLogEntries>),
    /// An alert to administrators. Before other entries, because it takes locks that they must not wait for.
    Alert(AuditEntry),
}

/// The context a kind works in: one transaction, one actor, one school.
pub struct OperationContext<'a> {
    /// The database, the clock and everything else from outside.
    pub backend: &'a Backend,
    /// The person who asked.
    pub actor: &'a Actor,
    /// The school it is for.
    pub school: &'a SchoolContext,
    /// The transaction.
    pub connection: &'a mut PgConnection,
    /// The id of the operation to run or undo.
    pub operation: OperationId,
    /// The job that runs it, if it is long.
    run: Option<&'a JobRun>,
    /// What to tell administrators if it is refused.
    alert: Option<AuditEntry>,
}

impl<'a> OperationContext<'a> {
    /// For what is done beside an operation, as if it were one.
    pub(crate) fn new(
        backend: &'a Backend,
        actor: &'a Actor,
        school: &'a SchoolContext,
        connection: &'a mut PgConnection,
        operation: OperationId,
    ) -> Self {
        Self { backend, actor, school, connection, operation, run: None, alert: None }
    }

    /// Sets the job that runs it.
    pub(super) fn in_job(self, run: &'a JobRun) -> Self {
        Self { run: Some(run), ..self }
    }

    /// Reports the current step and how many of `total` rows are done. Call it for each step or every few
    /// thousand rows. Does nothing in a request, where nobody could see it.
    ///
    /// # Errors
    /// A conflict if the operation was cancelled; the rest is then not worth starting.
    pub async fn report(&mut self, step: &str, done: usize, total: usize) -> Result<()> {
        let Some(run) = self.run else { return Ok(()) };
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        if let Err(error) = run.report_step(Some(step), count(done), count(total)).await {
            // Progress is optional, and the work itself is on another connection.
            tracing::warn!(operation = %self.operation, %error, "the progress could not be written");
        }
        if run.is_stopped() { Err(run.no_longer()) } else { Ok(()) }
    }

    /// Refuses with `error`. After everything is rolled back, `told` is written to the audit log and
    /// administrators are notified.
    pub fn refuse_and_tell(&mut self, told: AuditEntry, error: Error) -> Error {
        self.alert = Some(told);
        error
    }

    /// Checks one last time that the job may still commit: see [`JobRun::fence`].
    pub(super) async fn fence(&mut self) -> Result<()> {
        match self.run {
            Some(run) => run.fence(self.connection).await,
            None => Ok(()),
        }
    }

    pub(super) fn into_alert(self) -> Option<AuditEntry> {
        self.alert
    }

    /// Writes the audit log entries. Must be the last write before the commit, as [`record`] explains.
    pub(super) async fn log(&mut self, log: AuditLogEntries) -> Result<()> {
        let mut left = vec![log];
        while let Some(log) = left.pop() {
            match log {
                AuditLogEntries::One(entry) => {
                    record(self.backend, self.connection, self.actor, entry).await?;
                }
                AuditLogEntries::TakenOut(entry, rows) => {
                    note(self.backend, self.connection, self.actor, entry, rows).await?;
                }
                AuditLogEntries::Each(action, accounts, details) => {
                    record_for_each(self.backend, self.connection, self.actor, action, &accounts, &details)
                        .await?;
                }
                AuditLogEntries::EachOwn(entries) => {
                    record_all(self.backend, self.connection, self.actor, entries).await?;
                }
                AuditLogEntries::Alert(entry) => {
                    alerts::raise(self.backend, self.connection, self.actor, entry).await?;
                }
                AuditLogEntries::All(logs) => left.extend(logs.into_iter().rev()),
            }
        }
        Ok(())
    }
}
