//! What people ask for who cannot sign in: a link to a new password, their usernames, a new invitation. It is kept at
//! once and looked up after the answer, by a job, so that an answer takes the same time for everyone, also while a
//! stranger asks for much at once (OWASP ASVS 5.0, V6.3.8).

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::send;
use crate::credentials::limits;
use crate::credentials::limits::{MESSAGE, MESSAGE_SOURCE};
use crate::invitations::resend;
use crate::jobs::job::{Ended, Job, Priority, Retry, Run};
use crate::jobs::queue::queue;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Error, Result};

/// Longer than any name or address is; of more, nothing is anyone's.
const LONGEST: usize = 320;

/// How long a request waits for a worker, if all of them are away. Nobody waits for its message any more then.
pub(super) const WAITS: TimeDelta = TimeDelta::hours(1);

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A link to a new password.
    Links,
    /// One's usernames.
    Usernames,
    /// A fresh invitation.
    Invitation,
}

impl Wanted {
    const ALL: [Self; 3] = [Self::Links, Self::Usernames, Self::Invitation];

    fn slug(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::Usernames => "usernames",
            Self::Invitation => "invitation",
        }
    }
}

/// The answer to a request: the same whatever there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// What there is to send is on its way.
    Heard,
    /// Too many requests from this network.
    Slowed,
}

/// Keeps a request for a name or an address, as it was typed.
#[tracing::instrument(skip_all)]
pub async fn ask(backend: &Backend, visitor: &Visitor, wanted: Wanted, name: &str) -> Result<Asked> {
    if !limits::take(backend, &[MESSAGE_SOURCE.from(backend, visitor.source)]).await? {
        return Ok(Asked::Slowed);
    }
    if name.len() > LONGEST {
        return Ok(Asked::Heard);
    }
    let id: Uuid = backend.new_id();
    let mut transaction = backend.system_transaction().await?;
    queue::<LookUp>(backend, &mut transaction, id, None, Some(id)).await?;
    sqlx::query("INSERT INTO recovery_requests (id, kind, name, asked_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(wanted.slug())
        .bind(backend.keys.recovery_requests.seal(&*backend.random, id, name)?)
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Asked::Heard)
}

/// Looks up what someone asked for, and queues what there is to send.
///
/// A look-up that fails is tried again until nobody waits for it any more; meanwhile, messages go out. One that a crash
/// ends may be made twice: then two messages arrive, of which the second one's link works.
pub struct LookUp;

impl Job for LookUp {
    const NAME: &'static str = "recovery_request";
    const PRIORITY: Priority = Priority::Urgent;
    const RETRY: Retry =
        Retry { first: TimeDelta::seconds(1), longest: TimeDelta::minutes(2), attempts: None };

    async fn run(run: Run) -> Result<Ended> {
        let backend = &run.backend;
        let request: Option<Request> =
            sqlx::query_as("SELECT id, kind, name, asked_at FROM recovery_requests WHERE id = $1")
                .bind(run.subject)
                .fetch_optional(&mut *backend.system_connection().await?)
                .await?;
        let Some(request) = request else { return Ok(Ended::Done) };
        if backend.now() < request.asked_at + WAITS {
            request.serve(backend).await?;
        }
        sqlx::query("DELETE FROM recovery_requests WHERE id = $1")
            .bind(request.id)
            .execute(&mut *backend.system_connection().await?)
            .await?;
        Ok(Ended::Done)
    }
}

#[derive(sqlx::FromRow)]
struct Request {
    id: Uuid,
    kind: String,
    name: Vec<u8>,
    asked_at: DateTime<Utc>,
}

impl Request {
    async fn serve(&self, backend: &Backend) -> Result<()> {
        let name = backend.keys.recovery_requests.open(self.id, &self.name)?;
        let served = match Wanted::ALL.into_iter().find(|wanted| wanted.slug() == self.kind) {
            Some(Wanted::Links) => send::send_links(backend, &name).await,
            Some(Wanted::Usernames) => send::send_usernames(backend, &name).await,
            Some(Wanted::Invitation) => resend::by_name(backend, &name).await,
            None => Err(Error::unexpected(format!("recovery request {}", self.kind))),
        };
        if served.is_err() {
            // Tried again for the same request, it does not count again.
            limits::give_back(backend, &[MESSAGE.of(backend, name.trim().to_lowercase())]).await?;
        }
        served
    }
}
