//! Alerts: log entries that all organisation administrators are notified of at once, by email and in the
//! office, so that an action never stays known only to the person who did it.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AddressId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::list::{AuditFilter, AuditLine, PAGE, read};
use super::message::Alert;
use super::{AuditEntry, record};
use crate::messages::queue::{MessageDestination, NewMessage, queue};
use crate::tenancy::target::Organisation;
use crate::{Backend, Result};

/// The most emails sent per hour about one account and one kind of alert, so that mailboxes are not flooded.
/// The office still shows every alert.
const MOST_TOLD: i64 = 10;

/// Writes an alert to the log and queues its messages. Must be the last write, like [`record`].
pub(crate) async fn raise(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    entry: AuditEntry,
) -> Result<()> {
    let told = if told_lately(backend, connection, actor, entry.action).await? < MOST_TOLD {
        administrators(backend, connection, actor).await?
    } else {
        Vec::new()
    };
    record(backend, connection, actor, entry).await?;
    // The head of the chain is the entry just written: nobody else writes before this transaction ends.
    let event: Uuid = sqlx::query_scalar(
        "WITH alert AS (
             INSERT INTO alerts (organisation_id, entry, at)
             SELECT organisation_id, entries, $2 FROM audit_heads WHERE organisation_id = $1
             RETURNING entry)
         SELECT e.id FROM alert JOIN audit_events e ON e.organisation_id = $1 AND e.sequence = alert.entry",
    )
    .bind(actor.organisation.0)
    .bind(backend.now())
    .fetch_one(&mut *connection)
    .await?;
    let messages: Vec<NewMessage> = told
        .into_iter()
        .map(|(person, to)| NewMessage {
            id: backend.new_id(),
            to: MessageDestination::Address(AddressId(to)),
            person: Some(PersonId(person)),
            subject: Some(event),
        })
        .collect();
    queue::<Alert>(backend, connection, actor.organisation, &messages).await
}

/// Like [`raise`], in its own transaction: for something that was refused and rolled back.
pub(crate) async fn raise_alone(backend: &Backend, actor: &Actor, entry: AuditEntry) -> Result<()> {
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// Counts the alerts of the last hour about the same account and the same kind of action.
async fn told_lately(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    action: AuditAction,
) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM alerts l JOIN audit_events e ON e.organisation_id = l.organisation_id AND e.sequence = l.entry
         WHERE l.organisation_id = $1 AND l.at > $4 AND e.actor_account_id IS NOT DISTINCT FROM $2 AND e.action = $3",
    )
    .bind(actor.organisation.0)
    .bind(actor.account().map(|account| account.0))
    .bind(action.slug())
    .bind(backend.now() - TimeDelta::hours(1))
    .fetch_one(connection)
    .await?)
}

/// Returns the person and address of each organisation administrator who can sign in and has an address.
/// Takes its locks before the log's, which is last in every action.
async fn administrators(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(sqlx::query_as(
        "SELECT a.person_id, m.id FROM accounts a
         JOIN addresses m ON m.organisation_id = a.organisation_id AND m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.organisation_id = $1 AND a.state IN ('active', 'locked')
           AND a.person_id IN (SELECT administrators($1, $2))
         ORDER BY a.id FOR KEY SHARE",
    )
    .bind(actor.organisation.0)
    .bind(backend.now())
    .fetch_all(connection)
    .await?)
}

/// Returns the alerts that the actor has not marked as seen, newest first, at most a page.
pub async fn unseen(backend: &Backend, actor: &Actor) -> Result<Vec<AuditLine>> {
    let mut connection = backend.enter(actor, Permission::ViewAudit, Organisation).await?.transaction;
    let seen = seen_until(&mut connection, actor).await?;
    let filter = AuditFilter { alerts_after: Some(seen), ..AuditFilter::default() };
    read(&mut connection, actor, &filter, None, PAGE).await
}

/// Counts the alerts that the actor has not marked as seen.
pub async fn count_unseen(backend: &Backend, actor: &Actor) -> Result<usize> {
    let mut connection = backend.enter(actor, Permission::ViewAudit, Organisation).await?.transaction;
    let seen = seen_until(&mut connection, actor).await?;
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM alerts WHERE organisation_id = $1 AND entry > $2")
            .bind(actor.organisation.0)
            .bind(seen)
            .fetch_one(&mut *connection)
            .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Marks the alerts up to this log entry as seen, for the actor only.
#[tracing::instrument(skip_all)]
pub async fn mark_seen(backend: &Backend, actor: &Actor, until: i64) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ViewAudit, Organisation).await?.transaction;
    let Some(account) = actor.account() else { return Ok(()) };
    sqlx::query(
        "INSERT INTO alert_marks AS mark (account_id, organisation_id, seen_until)
         SELECT $2, $1, coalesce(max(entry), 0) FROM alerts WHERE organisation_id = $1 AND entry <= $3
         ON CONFLICT (account_id) DO UPDATE SET seen_until = greatest(mark.seen_until, excluded.seen_until)",
    )
    .bind(actor.organisation.0)
    .bind(account.0)
    .bind(until)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// The last entry up to which the actor has seen alerts.
async fn seen_until(connection: &mut PgConnection, actor: &Actor) -> Result<i64> {
    let mark: Option<i64> = sqlx::query_scalar(
        "SELECT seen_until FROM alert_marks WHERE organisation_id = $1 AND account_id = $2",
    )
    .bind(actor.organisation.0)
    .bind(actor.account().map(|account| account.0))
    .fetch_optional(connection)
    .await?;
    Ok(mark.unwrap_or_default())
}
