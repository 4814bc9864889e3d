//! What is taken out of Greencap is watched: so many rows a day for one person, and administrators are told about many
//! at once.

use domain::audit::AuditAction;
use domain::audit::exports::{ExportLimits, Rows, RowsError, usual};
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fields::FieldErrors;
use domain::ids::OrganisationId;
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction};

use super::{AuditEntry, alerts, record};
use crate::authorization::target::{AnySchool, Organisation};
use crate::{Backend, Error, Result};

/// The limits as their page shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSettings {
    /// What is set.
    pub limits: ExportLimits,
    /// The limit of a day where none is set, at present.
    pub usual: u64,
    /// Whether the reader may change them.
    pub sets: bool,
}

/// What is typed on that page.
#[derive(Debug, Clone, Default)]
pub struct ExportForm {
    /// Rows a day for one person; empty for the usual limit.
    pub a_day: String,
    /// Administrators are alerted when an export has more rows than this at once.
    pub alert_over: String,
    /// More people than this wait for a second person; empty for none.
    pub approval_over: String,
}

/// The limits that there are.
pub async fn settings(backend: &Backend, actor: &Actor) -> Result<ExportSettings> {
    let mut connection = backend.enter(actor, Permission::ManageSettings, AnySchool).await?.transaction;
    let limits = limits(&mut connection, actor.organisation).await?;
    let usual = usual_here(&mut connection, actor.organisation).await?;
    let sets = decide(actor, Permission::ManageSettings, Resource::Organisation(actor.organisation)).is_ok();
    Ok(ExportSettings { limits, usual, sets })
}

/// Sets them. Administrators are told: who wants to take much out would begin here.
#[tracing::instrument(skip_all)]
pub async fn set(backend: &Backend, actor: &Actor, form: &ExportForm) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let mut errors = FieldErrors::default();
    let a_day = errors.take("a_day", rows(&form.a_day));
    let alert_over = errors.take("alert_over", form.alert_over.parse::<Rows>());
    let approval_over = errors.take("approval_over", rows(&form.approval_over));
    let (Some(a_day), Some(alert_over), Some(approval_over)) = (a_day, alert_over, approval_over) else {
        return Err(errors.into());
    };
    sqlx::query(
        "UPDATE organisations SET export_rows_a_day = $2, export_alert_rows = $3, approval_over = $4 WHERE id = $1",
    )
    .bind(actor.organisation.0)
    .bind(a_day.map(i32::from))
    .bind(i32::from(alert_over))
    .bind(approval_over.map(i32::from))
    .execute(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged).details(json!({
        "export_rows_a_day": a_day.map(i32::from),
        "export_alert_rows": i32::from(alert_over),
        "approval_over": approval_over.map(i32::from),
    }));
    alerts::raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// A number that may be left out.
fn rows(typed: &str) -> std::result::Result<Option<Rows>, RowsError> {
    if typed.trim().is_empty() { Ok(None) } else { typed.parse().map(Some) }
}

/// Refuses a list of so many people where the actor would take out more than one person may in a day, and tells
/// administrators. What was taken out is what the log says; until this transaction ends, another list of the same actor
/// waits. The transaction comes back only where it continues.
pub(crate) async fn refuse_too_many(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    rows: usize,
) -> Result<Transaction<'static, Postgres>> {
    let Some(account) = actor.account() else { return Ok(transaction) };
    // Any number that nothing else locks, and the account's own.
    sqlx::query("SELECT pg_advisory_xact_lock(x'67726578'::int, hashtext($1::text))")
        .bind(account.0)
        .execute(&mut *transaction)
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
    .fetch_one(&mut *transaction)
    .await?;
    let before = u64::try_from(before).unwrap_or_default();
    let limit = match limits(&mut transaction, actor.organisation).await?.a_day {
        Some(set) => set.into(),
        None => usual_here(&mut transaction, actor.organisation).await?,
    };
    let rows = rows as u64;
    if before + rows <= limit {
        return Ok(transaction);
    }
    transaction.rollback().await?;
    let entry = AuditEntry::new(AuditAction::ExportRefused)
        .details(json!({ "accounts": rows, "taken_out_today": before, "limit_of_a_day": limit }));
    alerts::raise_alone(backend, actor, entry).await?;
    Err(Error::Limited(format!(
        "You asked for {rows} rows and have already exported {before} today. The daily limit is {limit}. Export fewer rows, try again tomorrow, or ask an administrator of all schools to raise the limit under Settings, Exports. They have been told about this."
    )))
}

/// Writes that so many rows were taken out; administrators are told where they are many. Comes last, as [`record`] does.
pub(crate) async fn note(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    entry: AuditEntry,
    rows: usize,
) -> Result<()> {
    let limits = limits(connection, actor.organisation).await?;
    if rows as u64 > limits.alert_over.into() {
        alerts::raise(backend, connection, actor, entry).await
    } else {
        record(backend, connection, actor, entry).await
    }
}

/// What is set in an organisation.
pub(crate) async fn limits(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<ExportLimits> {
    let (a_day, alert_over, approval_over): (Option<i32>, i32, Option<i32>) = sqlx::query_as(
        "SELECT export_rows_a_day, export_alert_rows, approval_over FROM organisations WHERE id = $1",
    )
    .bind(organisation.0)
    .fetch_one(connection)
    .await?;
    Ok(ExportLimits {
        a_day: a_day.map(Rows::try_from).transpose().map_err(Error::unexpected)?,
        alert_over: Rows::try_from(alert_over).map_err(Error::unexpected)?,
        approval_over: approval_over.map(Rows::try_from).transpose().map_err(Error::unexpected)?,
    })
}

async fn usual_here(connection: &mut PgConnection, organisation: OrganisationId) -> Result<u64> {
    let people: i64 = sqlx::query_scalar("SELECT count(*) FROM people WHERE organisation_id = $1")
        .bind(organisation.0)
        .fetch_one(connection)
        .await?;
    Ok(usual(people.unsigned_abs()))
}
