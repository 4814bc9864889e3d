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

use crate::audit::{AuditEntry, record, record_for_each};
use crate::exports::note;
use crate::jobs::job::Run;
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

    /// Where to see what it did, for people who come back to one that ran as a job.
    fn result(&self, operation: OperationId) -> ResultPage;

    /// Whether what it makes is itself the answer to the request, such as a file. Then it runs in the request, however
    /// long it takes; otherwise one about many rows runs as a job.
    fn is_answer(&self) -> bool {
        false
    }

    /// How many rows it will have, where that is known before it is planned. One that is long then goes to its job
    /// unplanned.
    fn size_ahead(&self, work: &mut Work<'_>) -> impl Future<Output = Result<Option<usize>>> + Send {
        let _ = work;
        async { Ok(None) }
    }

    /// How many rows these count for.
    fn size(rows: &[Self::Row]) -> usize {
        rows.len()
    }

    /// How many were left out, by reason, as "12 left out: …" goes on.
    fn left_out(beside: &Self::Beside) -> Vec<LeftOutCount> {
        let _ = beside;
        Vec::new()
    }

    /// Holds back everybody else whose work could change the plan, until the transaction ends.
    fn lock(&self, work: &mut Work<'_>) -> impl Future<Output = Result<()>> + Send {
        let _ = work;
        async { Ok(()) }
    }

    /// The same without waiting: whether it has it. A request that might be long plans without it, since a job can hold it
    /// for as long as thousands of rows take.
    fn try_lock(&self, work: &mut Work<'_>) -> impl Future<Output = Result<bool>> + Send {
        async {
            self.lock(work).await?;
            Ok(true)
        }
    }

    /// What it would do, and what stands beside it. Writes nothing.
    fn plan(
        &self,
        work: &mut Work<'_>,
    ) -> impl Future<Output = Result<(Plan<Self::Row>, Self::Beside)>> + Send;

    /// Whom a row is about, if it is about somebody whom Greencap knows.
    fn person(row: &Self::Row) -> Option<PersonId>;

    /// The same, about these people instead. A second person is asked about the very people of the plan; what is kept
    /// for the record when it has run is about nobody.
    #[must_use]
    fn about(&self, people: Vec<PersonId>) -> Self;

    /// Writes the rows, in as many statements for one as for thousands, and says what goes to the audit log. What it
    /// writes may refer to [`Work::operation`]. Between two statements it may tell people who wait how far it has come:
    /// [`Work::report`].
    fn apply(
        &self,
        work: &mut Work<'_>,
        rows: Vec<Self::Row>,
        beside: &Self::Beside,
    ) -> impl Future<Output = Result<Applied<Self::Written>>> + Send;

    /// What remains to be done when it is committed, whether or not somebody waits for the answer.
    fn after_commit(
        &self,
        backend: &Backend,
        school: &SchoolContext,
        written: &Self::Written,
    ) -> impl Future<Output = ()> + Send {
        let _ = (backend, school, written);
        async {}
    }

    /// What is to be done where a job found the plan changed, after all is rolled back: a kind that stores the plan that
    /// was seen makes it again.
    fn after_drift(&self, backend: &Backend, actor: &Actor) -> impl Future<Output = Result<()>> + Send {
        let _ = (backend, actor);
        async { Ok(()) }
    }

    /// Reads and words the answer of a request, after the commit: nothing that could take it back.
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
    /// The job that does it, if it is a long one.
    run: Option<&'a Run>,
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
        Self { backend, actor, school, connection, operation, run: None, alert: None }
    }

    /// The same in a job.
    pub(super) fn in_job(self, run: &'a Run) -> Self {
        Self { run: Some(run), ..self }
    }

    /// Says for people who wait what it is doing and how many rows of `total` are done: for each step, or each some
    /// thousand rows. Does nothing in a request, where nobody could read it.
    ///
    /// # Errors
    /// A conflict once it was cancelled; then the rest is not worth beginning.
    pub async fn report(&mut self, step: &str, done: usize, total: usize) -> Result<()> {
        let Some(run) = self.run else { return Ok(()) };
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        if let Err(error) = run.report_step(Some(step), count(done), count(total)).await {
            // It is a courtesy: the work itself is on another connection.
            tracing::warn!(operation = %self.operation, %error, "the progress could not be written");
        }
        if run.is_stopped() { Err(run.no_longer()) } else { Ok(()) }
    }

    /// Refuses with `error`. Once everything is rolled back, `told` is written to the audit log and administrators are
    /// told of it.
    pub fn refuse_and_tell(&mut self, told: AuditEntry, error: Error) -> Error {
        self.alert = Some(told);
        error
    }

    /// Asks for the last time whether it is still to be done: see [`Run::fence`].
    pub(super) async fn fence(&mut self) -> Result<()> {
        match self.run {
            Some(run) => run.fence(self.connection).await,
            None => Ok(()),
        }
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
