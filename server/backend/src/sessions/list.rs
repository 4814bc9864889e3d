//! A person's sessions, and ending them: by the person, or by staff who manage portal access.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{PersonId, SessionId};
use domain::sessions::device::{Browser, Device, System};
use domain::sessions::views::{SessionLine, SessionsToEnd};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::session::SignedIn;
use crate::audit;
use crate::audit::AuditEntry;
use crate::authorization::roles::refuse_outranked;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::{Own, Person};
use crate::{Backend, Result};

#[derive(sqlx::FromRow)]
struct SessionLineRow {
    id: Uuid,
    browser: Option<String>,
    system: Option<String>,
    source: Option<String>,
    provider: Option<String>,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
}

/// Returns the person's sessions; this one first, then by last use.
pub async fn sessions_of(backend: &Backend, who: &SignedIn) -> Result<Vec<SessionLine>> {
    let Entered { mut transaction, at } = backend.enter(&who.actor, Permission::OwnPortal, Own).await?;
    let mut lines = of(backend, &mut transaction, &who.actor, who.person, Some(who.session), at.zone).await?;
    lines.sort_by_key(|line| !line.here);
    Ok(lines)
}

/// Ends sessions of the signed-in person and returns how many.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn end_own(backend: &Backend, who: &SignedIn, ending: SessionsToEnd) -> Result<u64> {
    let transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    end(backend, transaction, &who.actor, who.person, Some(who.session), ending).await
}

/// Ends sessions of a person, for staff who manage their portal access, and returns how many.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn end_of_person(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    ending: SessionsToEnd,
) -> Result<u64> {
    let transaction = backend.enter(actor, Permission::ManageAccounts, Person(person)).await?.transaction;
    end(backend, transaction, actor, person, None, ending).await
}

/// Returns a person's sessions, by last use.
pub(crate) async fn of(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    here: Option<SessionId>,
    zone: Tz,
) -> Result<Vec<SessionLine>> {
    let rows: Vec<SessionLineRow> = sqlx::query_as(
        "SELECT s.id, s.browser, s.system, host(s.source) AS source, i.name AS provider, s.created_at, s.last_seen_at
         FROM accounts a JOIN sessions s ON s.organisation_id = a.organisation_id AND s.account_id = a.id
         LEFT JOIN identity_providers i ON i.organisation_id = s.organisation_id AND i.id = s.provider_id
         WHERE a.organisation_id = $1 AND a.person_id = $2 AND s.ends_at > $3 AND s.idle_ends_at > $3
           AND a.state IN ('active', 'locked')
         ORDER BY s.last_seen_at DESC, s.id",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(backend.now())
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionLine {
            session: SessionId(row.id),
            device: Device {
                browser: row.browser.as_deref().and_then(Browser::from_name),
                system: row.system.as_deref().and_then(System::from_name),
            },
            source: row.source,
            provider: row.provider,
            since: row.created_at.with_timezone(&zone).fixed_offset(),
            last_seen_at: row.last_seen_at.with_timezone(&zone).fixed_offset(),
            here: here == Some(SessionId(row.id)),
        })
        .collect())
}

async fn end(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    person: PersonId,
    here: Option<SessionId>,
    ending: SessionsToEnd,
) -> Result<u64> {
    let (one, keep) = match ending {
        SessionsToEnd::One { session } => (Some(session.0), None),
        SessionsToEnd::Others => (None, here.map(|session| session.0)),
    };
    if actor.person() != Some(person) {
        transaction =
            refuse_outranked(backend, transaction, actor, Permission::ManageAccounts, person).await?;
    }
    let ended: Vec<Uuid> = sqlx::query_scalar(
        "DELETE FROM sessions s USING accounts a
         WHERE a.organisation_id = $1 AND a.person_id = $2 AND s.organisation_id = $1 AND s.account_id = a.id
           AND ($3::uuid IS NULL OR s.id = $3) AND s.id IS DISTINCT FROM $4
         RETURNING a.id",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(one)
    .bind(keep)
    .fetch_all(&mut *transaction)
    .await?;
    if let Some(account) = ended.first() {
        let entry = AuditEntry::new(AuditAction::SessionsEnded)
            .person(person)
            .subject("account", *account)
            .details(serde_json::json!({ "ended": ended.len() }));
        audit::record(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(ended.len() as u64)
}
