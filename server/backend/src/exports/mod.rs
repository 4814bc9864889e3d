//! What is taken out of Greencap is watched: so many rows a day for one person, and administrators are told about many
//! at once.

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

/// A list that is more than its asker may take out: what administrators are told, and what the asker is.
pub(crate) struct TooMany {
    /// For the audit log.
    pub(crate) told: AuditEntry,
    /// For the person who asked.
    pub(crate) error: Error,
}

/// Refuses a list of so many people where the actor would take out more than one person may in a day, and tells
/// administrators. The transaction comes back only where it continues.
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

/// Whether a list of so many people is more than the actor may take out in a day. What was taken out is what the log
/// says; until this transaction ends, another list of the same actor waits.
pub(crate) async fn too_many(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    rows: usize,
) -> Result<Option<TooMany>> {
    let Some(account) = actor.account() else { return Ok(None) };
    // Any number that nothing else locks, and the account's own.
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
        "You asked for {rows} rows and have already exported {before} today. The daily limit is {limit}. Export fewer rows, try again tomorrow, or ask an administrator of all schools to raise the limit under Settings, Exports. They have been told about this."
    ));
    Ok(Some(TooMany { told, error }))
}

/// Writes that so many rows were taken out; administrators are told where they are many. Comes last, as [`record`] does.
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
