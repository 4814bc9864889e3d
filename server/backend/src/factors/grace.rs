//! For how long staff may go without a second factor: a setting of the organisation.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::factors::{GraceDays, GraceDaysError};
use domain::fields::FieldErrors;

use crate::audit;
use crate::audit::AuditEntry;
use crate::authorization::target::{AnySchool, Organisation};
use crate::{Backend, Error, Result};

/// The days that there are, and whether `actor` may set them.
pub async fn grace(backend: &Backend, actor: &Actor) -> Result<(GraceDays, bool)> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, AnySchool).await?.transaction;
    let days: i32 = sqlx::query_scalar("SELECT second_factor_grace_days FROM organisations WHERE id = $1")
        .bind(actor.organisation.0)
        .fetch_one(&mut *transaction)
        .await?;
    let sets = decide(actor, Permission::ManageSettings, Resource::Organisation(actor.organisation)).is_ok();
    Ok((GraceDays::try_from(days).map_err(Error::unexpected)?, sets))
}

/// Sets them, for everyone who has not set one up yet.
#[tracing::instrument(skip_all)]
pub async fn set_grace(backend: &Backend, actor: &Actor, typed: &str) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let days: GraceDays =
        typed.parse().map_err(|error: GraceDaysError| FieldErrors::one("days", error.to_string()))?;
    sqlx::query("UPDATE organisations SET second_factor_grace_days = $2 WHERE id = $1")
        .bind(actor.organisation.0)
        .bind(i32::from(days))
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .details(serde_json::json!({ "second_factor_grace_days": i32::from(days) }));
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
