//! Limits on exports: each person can export only so many rows a day, and administrators are notified of
//! large exports.

pub mod audit_log;

use domain::audit::AuditAction;
use domain::audit::exports::{ALERT_ROWS, ROWS_A_DAY, usual};
use domain::authorization::actor::Actor;
use domain::ids::OrganisationId;
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::audit::{AuditEntry, alerts, record};
use crate::settings::of_organisation;
use crate::{Backend, Error, Result};

/// An export beyond the actor's limit: what to tell administrators, and the error for the actor.
pub(crate) struct ExportLimitExceeded {
    /// The audit log entry.
    pub(crate) told: AuditEntry,
    /// The error for the person who asked.
    pub(crate) error: Error,
}

/// Refuses an export of this many people if it exceeds the actor's daily limit, and notifies administrators.
/// Returns the transaction only if the export may continue.
pub(crate) async fn refuse_too_many(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    rows: usize,
) -> Result<Transaction<'static, Postgres>> {
    let Some(too_many) = too_many(backend, &mut transaction, actor, rows).await? else {
        return Ok(transaction);
    };
    transaction.rollback().await?;
    alerts::raise_alone(backend, actor, too_many.told).await?;
    Err(too_many.error)
}

/// Checks whether an export of this many people exceeds the actor's daily limit, counting earlier exports in
/// the log. Another export by the same actor waits until this transaction ends.
pub(crate) async fn too_many(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    rows: usize,
) -> Result<Option<ExportLimitExceeded>> {
    let Some(account) = actor.account() else { return Ok(None) };
    // An arbitrary number that nothing else locks, and the account.
    sqlx::query("SELECT pg_advisory_xact_lock(x'67726578'::int, hashtext($1::text))")
        .bind(account.0)
        .execute(&mut *connection)
        .await?;
    let before: i64 = sqlx::query_scalar(
        "SELECT coalesce(sum(coalesce(e.details ->> 'accounts', e.details ->> 'rows')::bigint), 0)::bigint
         FROM audit_events e JOIN organisations o ON o.id = e.organisation_id
         WHERE e.organisation_id = $1 AND e.actor_account_id = $2 AND e.action = ANY($3)
           AND e.at >= date_trunc('day', $4 AT TIME ZONE o.time_zone) AT TIME ZONE o.time_zone",
    )
    .bind(actor.organisation.0)
    .bind(account.0)
    .bind([AuditAction::AccountsExported, AuditAction::ImportLogExported].map(AuditAction::slug).as_slice())
    .bind(backend.now())
    .fetch_one(&mut *connection)
    .await?;
    let before = u64::try_from(before).unwrap_or_default();
    let limit = match of_organisation(connection, actor.organisation, &ROWS_A_DAY).await? {
        Some(set) => set.into(),
        None => usual_here(connection, actor.organisation).await?,
    };
    let rows = rows as u64;
    if before + rows <= limit {
        return Ok(None);
    }
    let told = AuditEntry::new(AuditAction::ExportRefused)
        .details(json!({ "accounts": rows, "taken_out_today": before, "limit_of_a_day": limit }));
    let error = Error::Limited(format!(
        "You asked for {rows} rows and have already exported {before} today. The daily limit is {limit}. Export fewer rows, try again tomorrow, or ask an administrator of all schools to raise the limit under Settings, Exports. They have been notified."
    ));
    Ok(Some(ExportLimitExceeded { told, error }))
}

/// Records that this many rows were exported; administrators are notified if they are many. Must be the last
/// write, like [`record`].
pub(crate) async fn note(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    entry: AuditEntry,
    rows: usize,
) -> Result<()> {
    let alert_over = of_organisation(connection, actor.organisation, &ALERT_ROWS).await?;
    if rows as u64 > alert_over.into() {
        alerts::raise(backend, connection, actor, entry).await
    } else {
        record(backend, connection, actor, entry).await
    }
}

async fn usual_here(connection: &mut PgConnection, organisation: OrganisationId) -> Result<u64> {
    let people: i64 = sqlx::query_scalar("SELECT count(*) FROM people WHERE organisation_id = $1")
        .bind(organisation.0)
        .fetch_one(connection)
        .await?;
    Ok(usual(people.unsigned_abs()))
}
