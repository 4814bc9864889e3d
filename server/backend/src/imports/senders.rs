//! What columns mean in the files of each sender, told by the names of their columns.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fields::FieldErrors;
use domain::ids::{OrganisationId, SchoolId, SenderId};
use domain::imports::kind::KindSlug;
use domain::imports::mapping::Mapping;
use domain::imports::senders::{MAX_NAME, SenderView, same_columns, sender_name};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::kind;
use super::queries::StoredImport;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// The most senders of a kind that a school has files from.
const MOST: i64 = 100;

/// A sender, with what was chosen for its latest file.
pub(super) struct Sender {
    pub(super) id: SenderId,
    pub(super) name: String,
    pub(super) headers: Vec<String>,
    pub(super) mapping: Mapping,
    used_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct SenderRow {
    id: Uuid,
    name: String,
    columns: Json<Vec<String>>,
    mapping: Json<Mapping>,
    used_at: DateTime<Utc>,
}

/// The senders of a kind at a school, the latest first.
async fn all(
    connection: &mut PgConnection,
    (organisation, school): (OrganisationId, SchoolId),
    kind: &str,
) -> Result<Vec<Sender>> {
    let rows = sqlx::query_as::<_, SenderRow>(
        "SELECT id, name, columns, mapping, used_at FROM import_senders
         WHERE organisation_id = $1 AND school_id = $2 AND kind = $3 ORDER BY used_at DESC, id DESC LIMIT $4",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(kind)
    .bind(MOST)
    .fetch_all(connection)
    .await?;
    let senders = rows.into_iter().map(|row| Sender {
        id: SenderId(row.id),
        name: row.name,
        headers: row.columns.0,
        mapping: row.mapping.0,
        used_at: row.used_at,
    });
    Ok(senders.collect())
}

/// The sender whose files have these columns; otherwise the one of the latest file.
pub(super) async fn of(
    connection: &mut PgConnection,
    at: (OrganisationId, SchoolId),
    kind: &str,
    headers: &[String],
) -> Result<Option<Sender>> {
    let mut senders = all(connection, at, kind).await?;
    let same = senders.iter().position(|sender| same_columns(&sender.headers, headers));
    Ok((!senders.is_empty()).then(|| senders.swap_remove(same.unwrap_or_default())))
}

/// Remembers what the columns of a file mean that is imported.
pub(super) async fn remember(
    backend: &Backend,
    connection: &mut PgConnection,
    import: &StoredImport,
) -> Result<()> {
    let at = (import.organisation, import.school);
    let senders = all(connection, at, &import.kind.0).await?;
    let same = senders.into_iter().find(|sender| same_columns(&sender.headers, &import.headers));
    let id: SenderId = same.as_ref().map_or_else(|| backend.new_id(), |sender| sender.id);
    let name = same.map_or_else(|| sender_name(&import.file_name), |sender| sender.name);
    sqlx::query(
        "INSERT INTO import_senders (id, organisation_id, school_id, kind, name, columns, mapping, used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT ON CONSTRAINT import_senders_pkey
         DO UPDATE SET columns = EXCLUDED.columns, mapping = EXCLUDED.mapping, used_at = EXCLUDED.used_at",
    )
    .bind(id.0)
    .bind(import.organisation.0)
    .bind(import.school.0)
    .bind(&import.kind.0)
    .bind(name)
    .bind(Json(&import.headers))
    .bind(Json(&import.mapping))
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Lists the senders of a kind at a school, the latest first.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    kind: &KindSlug,
    school: SchoolId,
) -> Result<Vec<SenderView>> {
    let kind = kind::find(backend, kind)?.declaration();
    decide(actor, kind.permission, Resource::School(actor.organisation, school))?;
    let mut transaction = backend.enter(actor, Permission::ImportRoll, School(school)).await?.transaction;
    let senders = all(&mut transaction, (actor.organisation, school), kind.slug).await?;
    let views = senders.into_iter().map(|sender| {
        let columns = sender.headers.iter().zip(sender.mapping.columns());
        let matched = columns.filter_map(|(heading, column)| {
            let field = column.field.as_ref()?;
            Some((heading.clone(), kind.label(field.as_str()).to_owned()))
        });
        SenderView { id: sender.id, name: sender.name, used_at: sender.used_at, columns: matched.collect() }
    });
    Ok(views.collect())
}

/// Gives a sender a name of the office's own.
pub async fn rename(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    sender: SenderId,
    name: &str,
) -> Result<()> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        let message = format!("Enter a name with at most {MAX_NAME} characters.");
        return Err(FieldErrors::one("name", message).into());
    }
    let mut transaction = backend.enter(actor, Permission::ImportRoll, School(school)).await?.transaction;
    let renamed = sqlx::query(
        "UPDATE import_senders SET name = $4 WHERE organisation_id = $1 AND school_id = $2 AND id = $3",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(sender.0)
    .bind(name)
    .execute(&mut *transaction)
    .await?;
    if renamed.rows_affected() == 0 {
        return Err(Error::NotFound("sender"));
    }
    transaction.commit().await?;
    Ok(())
}

/// Forgets a sender: the columns of its next file are matched by their names alone.
pub async fn forget(backend: &Backend, actor: &Actor, school: SchoolId, sender: SenderId) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ImportRoll, School(school)).await?.transaction;
    let forgotten =
        sqlx::query("DELETE FROM import_senders WHERE organisation_id = $1 AND school_id = $2 AND id = $3")
            .bind(actor.organisation.0)
            .bind(school.0)
            .bind(sender.0)
            .execute(&mut *transaction)
            .await?;
    if forgotten.rows_affected() == 0 {
        return Err(Error::NotFound("sender"));
    }
    transaction.commit().await?;
    Ok(())
}
