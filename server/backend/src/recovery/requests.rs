//! Requests by people who cannot sign in: for a link to set a new password, their usernames, or a new
//! invitation. A request is stored at once and processed by a job after the response, so that the response
//! takes the same time for everyone, even while a stranger sends many requests (OWASP ASVS 5.0, V6.3.8).

use chrono::{DateTime, TimeDelta, Utc};
use domain::fold::typed_name;
use uuid::Uuid;

use super::send;
use crate::credentials::limits;
use crate::credentials::limits::{MESSAGE, MESSAGE_SOURCE};
use crate::invitations::resend;
use crate::jobs::job::{Job, JobEnd, JobRun, Priority, RetryPolicy};
use crate::jobs::queue::queue;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Error, Result};

/// Longer than any name or address, so longer input matches nobody.
const LONGEST: usize = 320;

/// How long a request waits if no worker runs. After that, nobody expects the message any more.
pub(super) const WAITS: TimeDelta = TimeDelta::hours(1);

/// What is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryKind {
    /// A link to set a new password.
    Links,
    /// The person's usernames.
    Usernames,
    /// A new invitation.
    Invitation,
    /// A new invitation for the person whose link this was.
    InvitationOfLink,
}

impl RecoveryKind {
    const ALL: [Self; 4] = [Self::Links, Self::Usernames, Self::Invitation, Self::InvitationOfLink];

    fn slug(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::Usernames => "usernames",
            Self::Invitation => "invitation",
            Self::InvitationOfLink => "invitation_of_link",
        }
    }
}

/// The response to a request, which is the same whether anyone was found or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryRequestOutcome {
    /// Anything there is to send is on its way.
    Heard,
    /// Too many requests from this network.
    Slowed,
}

/// Stores a request for a name or an address, as typed, or for the token of a link. Looks nobody up.
#[tracing::instrument(skip_all)]
pub async fn ask(
    backend: &Backend,
    visitor: &Visitor,
    wanted: RecoveryKind,
    name: &str,
) -> Result<RecoveryRequestOutcome> {
    if !limits::take(backend, &[MESSAGE_SOURCE.from(backend, visitor.source)]).await? {
        return Ok(RecoveryRequestOutcome::Slowed);
    }
    if name.len() > LONGEST || name.contains('\0') {
        return Ok(RecoveryRequestOutcome::Heard);
    }
    let id: Uuid = backend.new_id();
    let mut transaction = backend.system_transaction().await?;
    queue::<RecoveryLookUp>(backend, &mut transaction, id, None, Some(id)).await?;
    sqlx::query("INSERT INTO recovery_requests (id, kind, name, asked_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(wanted.slug())
        .bind(backend.keys.recovery_requests.seal(&*backend.random, id, name)?)
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(RecoveryRequestOutcome::Heard)
}

/// Looks up what someone requested, and queues the messages.
///
/// A failed look-up is retried until nobody expects the message any more. After a crash a look-up may run
/// twice; then two messages arrive, and the link in the second one works.
pub struct RecoveryLookUp;

impl Job for RecoveryLookUp {
    const NAME: &'static str = "recovery_request";
    const PRIORITY: Priority = Priority::Urgent;
    const RETRY: RetryPolicy =
        RetryPolicy { first: TimeDelta::seconds(1), longest: TimeDelta::minutes(2), attempts: None };

    async fn run(run: JobRun) -> Result<JobEnd> {
        let backend = &run.backend;
        let request: Option<RecoveryRequestRow> =
            sqlx::query_as("SELECT id, kind, name, asked_at FROM recovery_requests WHERE id = $1")
                .bind(run.subject)
                .fetch_optional(&mut *backend.system_connection().await?)
                .await?;
        let Some(request) = request else { return Ok(JobEnd::Done) };
        if backend.now() < request.asked_at + WAITS {
            match request.serve(backend).await {
                Ok(()) => {}
                // The database is away, or there is a bug: later it may work.
                Err(error @ (Error::Unavailable(_) | Error::Unexpected(_))) => return Err(error),
                // It fails every time: it is logged and left.
                Err(error) => tracing::warn!(request = %request.id, %error, "a recovery request was dropped"),
            }
        }
        sqlx::query("DELETE FROM recovery_requests WHERE id = $1")
            .bind(request.id)
            .execute(&mut *backend.system_connection().await?)
            .await?;
        Ok(JobEnd::Done)
    }
}

#[derive(sqlx::FromRow)]
struct RecoveryRequestRow {
    id: Uuid,
    kind: String,
    name: Vec<u8>,
    asked_at: DateTime<Utc>,
}

impl RecoveryRequestRow {
    async fn serve(&self, backend: &Backend) -> Result<()> {
        let name = backend.keys.recovery_requests.open(self.id, &self.name)?;
        let served = match RecoveryKind::ALL.into_iter().find(|wanted| wanted.slug() == self.kind) {
            Some(RecoveryKind::Links) => send::send_links(backend, &name).await,
            Some(RecoveryKind::Usernames) => send::send_usernames(backend, &name).await,
            Some(RecoveryKind::Invitation) => resend::by_name(backend, &name).await,
            Some(RecoveryKind::InvitationOfLink) => resend::by_link(backend, &name).await,
            None => Err(Error::unexpected(format!("recovery request {}", self.kind))),
        };
        if served.is_err() {
            // A retry of the same request does not count again.
            limits::give_back(backend, &[MESSAGE.of(backend, typed_name(&name))]).await?;
        }
        served
    }
}
