//! What people ask for who cannot come in: a link to a new password, their usernames, a fresh invitation. It is kept at once
//! and looked up after the answer, by the worker, so that an answer takes the same time for everybody, also while a stranger
//! asks for much at once (OWASP ASVS 5.0, V6.3.8).

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::send;
use crate::credentials::limits;
use crate::credentials::limits::MESSAGE_SOURCE;
use crate::invitations::queue::CHANNEL;
use crate::invitations::resend;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Error, Result};

/// Longer than any name or address is; of more, nothing is anybody's.
const LONGEST: usize = 320;

/// How long a request waits for a worker, if all of them are away. Nobody waits for its message any more then.
const WAITS: TimeDelta = TimeDelta::hours(1);

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
    sqlx::query("INSERT INTO recovery_requests (id, kind, name, asked_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(wanted.slug())
        .bind(backend.keys.recovery_requests.seal(&*backend.random, id, name)?)
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Asked::Heard)
}

#[derive(sqlx::FromRow)]
struct Request {
    id: Uuid,
    kind: String,
    name: Vec<u8>,
    asked_at: DateTime<Utc>,
}

/// Looks up what is kept, and queues what there is to send. Of several workers one takes a request. One that fails is not
/// taken up again: it would stand in the way of the others, and its sender asks once more.
pub(crate) async fn look_up(backend: &Backend) -> Result<()> {
    while let Some(request) = next(backend).await? {
        if backend.now() < request.asked_at + WAITS {
            request.serve(backend).await?;
        }
    }
    Ok(())
}

async fn next(backend: &Backend) -> Result<Option<Request>> {
    Ok(sqlx::query_as(
        "DELETE FROM recovery_requests
         WHERE id = (SELECT id FROM recovery_requests ORDER BY asked_at, id FOR UPDATE SKIP LOCKED LIMIT 1)
         RETURNING id, kind, name, asked_at",
    )
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?)
}

impl Request {
    async fn serve(&self, backend: &Backend) -> Result<()> {
        let name = backend.keys.recovery_requests.open(self.id, &self.name)?;
        match Wanted::ALL.into_iter().find(|wanted| wanted.slug() == self.kind) {
            Some(Wanted::Links) => send::send_links(backend, &name).await,
            Some(Wanted::Usernames) => send::send_usernames(backend, &name).await,
            Some(Wanted::Invitation) => resend::by_name(backend, &name).await,
            None => Err(Error::unexpected(format!("recovery request {}", self.kind))),
        }
    }
}
