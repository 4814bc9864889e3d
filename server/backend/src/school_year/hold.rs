//! Holding the nightly changes of a school, for a night or until a day, and releasing them.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::SchoolId;
use serde_json::json;

use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// The longest that changes can be held, in days. Accounts of people who left are not to stay open for a year by one click.
pub const LONGEST: i64 = 60;

/// Holds a school's nightly changes until a day, which is included.
///
/// # Errors
/// A sentence at `until` for a day that has passed, or is too far away.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn hold(backend: &Backend, actor: &Actor, school: SchoolId, until: NaiveDate) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ImportRoll, School(school)).await?;
    let days = (until - at.today).num_days();
    if days < 0 {
        return Err(FieldErrors::one("until", "This day has passed. Enter today or a later day.").into());
    }
    if days > LONGEST {
        let sentence = format!(
            "Changes can be held for {LONGEST} days at most. Enter an earlier day, and hold them again then."
        );
        return Err(FieldErrors::one("until", sentence).into());
    }
    sqlx::query(
        "INSERT INTO nightly_holds (organisation_id, school_id, until, held_by, held_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (school_id) DO UPDATE
         SET until = excluded.until, held_by = excluded.held_by, held_at = excluded.held_at",
    )
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(until)
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::NightlyHeld)
        .subject("school", school.0)
        .details(json!({ "until": until.to_string() }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// Releases a school's nightly changes, also if nights of days to come hold them up. If tonight was held, it is done when the
/// job looks next, within an hour.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn release(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ImportRoll, School(school)).await?;
    let released: bool = sqlx::query_scalar(
        "WITH nights AS (
             DELETE FROM nightly_runs
             WHERE organisation_id = $1 AND school_id = $2 AND (day > $3 OR day = $3 AND outcome IN ('held', 'clock'))
             RETURNING day
         ), holds AS (
             DELETE FROM nightly_holds WHERE organisation_id = $1 AND school_id = $2 RETURNING until
         )
         SELECT EXISTS (SELECT FROM holds) OR EXISTS (SELECT FROM nights)",
    )
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(at.today)
    .fetch_one(&mut *transaction)
    .await?;
    if !released {
        return Ok(());
    }
    let entry = AuditEntry::new(AuditAction::NightlyHeld)
        .subject("school", school.0)
        .details(json!({ "released": "yes" }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
