//! The organisation of this server.

pub mod details;
pub mod time_zone;

use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::ids::OrganisationId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Error, Result};

/// The name of an organisation until set-up, or its first school, gives it one.
pub const UNNAMED: &str = "Greencap";

/// The lock that keeps two processes from creating an organisation at the same time: an arbitrary number that
/// nothing else locks.
const MAKING_ORGANISATION: i64 = 0x67_63_6f_72_67;

/// Returns the organisation of this server, and creates it if there is none yet.
pub async fn ensure(backend: &Backend) -> Result<OrganisationId> {
    let mut transaction = backend.system_transaction().await?;
    let organisation = first_or_new(backend, &mut transaction).await?;
    transaction.commit().await?;
    Ok(organisation)
}

/// Like [`ensure`], within a transaction.
pub(crate) async fn first_or_new(backend: &Backend, connection: &mut PgConnection) -> Result<OrganisationId> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MAKING_ORGANISATION)
        .execute(&mut *connection)
        .await?;
    let first: Option<Uuid> =
        sqlx::query_scalar("SELECT id FROM organisations ORDER BY created_at, id LIMIT 1")
            .fetch_optional(&mut *connection)
            .await?;
    if let Some(id) = first {
        return Ok(OrganisationId(id));
    }
    let id: OrganisationId = backend.new_id();
    sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)")
        .bind(id.0)
        .bind(UNNAMED)
        .bind(backend.now())
        .execute(connection)
        .await?;
    Ok(id)
}

/// The current date in the organisation's time zone.
pub async fn today(backend: &Backend, organisation: OrganisationId) -> Result<NaiveDate> {
    let zone: String = sqlx::query_scalar("SELECT time_zone FROM organisations WHERE id = $1")
        .bind(organisation.0)
        .fetch_one(&mut *backend.tenant_transaction(organisation).await?)
        .await?;
    Ok(backend.today(zone.parse::<Tz>().map_err(Error::unexpected)?))
}
