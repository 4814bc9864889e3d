//! One import, as its page shows it.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::ImportId;
use domain::imports::views::{ColumnView, ImportView};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::queries::{load, reach};
use crate::{Backend, Result};

/// How many values of a column are shown beside it.
const SAMPLES: usize = 3;

/// How many rows are looked through for them.
const SAMPLE_ROWS: i64 = 20;

/// Reads an import.
pub async fn view(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    backend.authorize(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    reach(backend, actor, import).await?;
    let mut connection = backend.tenant_transaction(actor.organisation).await?;
    of(&mut connection, actor, import).await
}

/// Reads an import that the actor was found to reach.
pub(super) async fn of(connection: &mut PgConnection, actor: &Actor, import: ImportId) -> Result<ImportView> {
    let import = load(connection, actor, import).await?;
    let rows = sqlx::query_scalar::<_, Json<Vec<String>>>(
        "SELECT cells FROM import_rows WHERE import_id = $1 ORDER BY number LIMIT $2",
    )
    .bind(import.id.0)
    .bind(SAMPLE_ROWS)
    .fetch_all(connection)
    .await?;
    let columns = import
        .headers
        .iter()
        .zip(import.mapping.columns())
        .enumerate()
        .map(|(at, (header, goes_to))| ColumnView {
            header: header.clone(),
            goes_to: *goes_to,
            samples: rows
                .iter()
                .filter_map(|row| row.get(at).filter(|cell| !cell.trim().is_empty()).cloned())
                .take(SAMPLES)
                .collect(),
        })
        .collect();
    Ok(ImportView {
        id: import.id,
        school: import.school,
        file_name: import.file_name,
        state: import.state,
        row_count: import.row_count,
        columns,
        missing: import.mapping.missing(),
        counts: import.counts,
        plan: import.plan,
        created_at: import.created_at,
        committed_at: import.committed_at,
        undone_at: import.undone_at,
    })
}
