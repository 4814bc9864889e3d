//! The stored values of settings.

use std::collections::HashMap;

use domain::ids::{OrganisationId, SchoolId};
use domain::settings::{Setting, SettingValue};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::SettingsOf;
use crate::{Backend, Error, Result};

/// Returns an organisation's value, or the default.
pub(crate) async fn of_organisation<T: SettingValue>(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    setting: &Setting<T>,
) -> Result<T> {
    let stored: Option<Json<Value>> = sqlx::query_scalar(
        "SELECT value FROM settings WHERE organisation_id = $1 AND school_id IS NULL AND setting = $2",
    )
    .bind(organisation.0)
    .bind(setting.slug)
    .fetch_optional(connection)
    .await?;
    Ok(setting.value(stored.as_ref().map(|Json(value)| value)))
}

/// Returns the values that an organisation or one of its schools has stored, by the names of their settings.
pub(super) async fn stored(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    of: SettingsOf,
) -> Result<HashMap<String, Value>> {
    let stored: Vec<(String, Json<Value>)> = sqlx::query_as(
        "SELECT setting, value FROM settings WHERE organisation_id = $1 AND school_id IS NOT DISTINCT FROM $2",
    )
    .bind(organisation.0)
    .bind(of.school())
    .fetch_all(connection)
    .await?;
    Ok(stored.into_iter().map(|(name, Json(value))| (name, value)).collect())
}

/// Returns a school's value, or the default.
///
/// # Errors
/// [`Error::NotFound`] if the school does not exist.
pub(crate) async fn of_school<T: SettingValue>(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    school: SchoolId,
    setting: &Setting<T>,
) -> Result<T> {
    let stored: Option<Json<Value>> = sqlx::query_scalar(
        "SELECT (SELECT value FROM settings WHERE organisation_id = s.organisation_id AND school_id = s.id AND setting = $3)
         FROM schools s WHERE s.organisation_id = $1 AND s.id = $2",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(setting.slug)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("school"))?;
    Ok(setting.value(stored.as_ref().map(|Json(value)| value)))
}

/// Stores a school's value.
///
/// # Errors
/// [`Error::NotFound`] if the school does not exist.
pub(crate) async fn set_for_school<T: SettingValue>(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    school: SchoolId,
    setting: &Setting<T>,
    value: &T,
) -> Result<()> {
    let set = sqlx::query(
        "INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
         SELECT organisation_id, id, $3, $4, $5 FROM schools WHERE organisation_id = $1 AND id = $2
         ON CONFLICT ON CONSTRAINT settings_setting_key DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(setting.slug)
    .bind(Json(value.stored()))
    .bind(backend.now())
    .execute(connection)
    .await?;
    if set.rows_affected() == 0 { Err(Error::NotFound("school")) } else { Ok(()) }
}

/// Stores a value for each school of an organisation.
pub(crate) async fn set_for_all_schools<T: SettingValue>(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    setting: &Setting<T>,
    choice: impl Fn(SchoolId) -> T,
) -> Result<()> {
    let schools: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM schools WHERE organisation_id = $1")
        .bind(organisation.0)
        .fetch_all(&mut *connection)
        .await?;
    let values: Vec<Json<Value>> =
        schools.iter().map(|school| Json(choice(SchoolId(*school)).stored())).collect();
    sqlx::query(
        "INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
         SELECT $1, chosen.school, $2, chosen.value, $5 FROM unnest($3::uuid[], $4::jsonb[]) AS chosen (school, value)
         ON CONFLICT ON CONSTRAINT settings_setting_key DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
    )
    .bind(organisation.0)
    .bind(setting.slug)
    .bind(schools)
    .bind(values)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores values of an organisation or of one of its schools, by the names of their settings.
pub(crate) async fn set_values(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    of: SettingsOf,
    values: &[(&'static str, Value)],
) -> Result<()> {
    let (names, values): (Vec<&str>, Vec<Json<&Value>>) =
        values.iter().map(|(name, value)| (*name, Json(value))).unzip();
    sqlx::query(
        "INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
         SELECT $1, $5, chosen.setting, chosen.value, $4 FROM unnest($2::text[], $3::jsonb[]) AS chosen (setting, value)
         ON CONFLICT ON CONSTRAINT settings_setting_key DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
    )
    .bind(organisation.0)
    .bind(names)
    .bind(values)
    .bind(backend.now())
    .bind(of.school())
    .execute(connection)
    .await?;
    Ok(())
}
