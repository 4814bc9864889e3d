//! Taking a file in: read by a process of its own, its rows kept as they are, its columns matched as far as known.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::{ImportId, OrganisationId, SchoolId};
use domain::imports::mapping::Mapping;
use domain::imports::views::{ImportState, ImportView};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::table::{ForSchool, Table};
use super::view;
use crate::db::{into, load_rows};
use crate::roll::schools;
use crate::{Backend, Result};

/// Rows that are held in memory at a time.
pub(super) const BATCH: usize = 5000;

/// Reads a file for a school and keeps its rows. A file that cannot be read leaves nothing behind.
pub async fn stage(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    file_name: &str,
    file: Vec<u8>,
) -> Result<ImportView> {
    backend.authorize(actor, Permission::ImportRoll, Resource::School(actor.organisation, school))?;
    let context = schools::context(backend, actor, Permission::ImportRoll, school).await?;
    let file_name = tidy_name(file_name);
    let for_school = ForSchool { code: context.code, name: context.name };
    let mut table = backend.tables.open(file, &file_name, &for_school).await?;
    let mapping = Mapping::automatic(&table.header);
    let import: ImportId = backend.new_id();
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    sqlx::query(
        "INSERT INTO imports (id, organisation_id, school_id, file_name, state, columns, mapping, row_count, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
    )
    .bind(import.0)
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(&file_name)
    .bind(ImportState::Staged.slug())
    .bind(Json(&table.header))
    .bind(Json(&mapping))
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    let rows = keep_rows(&mut transaction, actor.organisation, import, &mut table).await?;
    drop(table);
    sqlx::query("UPDATE imports SET row_count = $2 WHERE id = $1")
        .bind(import.0)
        .bind(rows)
        .execute(&mut *transaction)
        .await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}

/// The last part of a path, without signs that could steer a terminal or a page, no longer than a line.
fn tidy_name(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let length = name.chars().count();
    let name: String = name.trim().chars().skip(length.saturating_sub(120)).collect();
    if name.is_empty() { "file".to_owned() } else { name }
}

/// Copies the rows into the database, as many at a time as memory should hold, and answers how many.
async fn keep_rows(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
    table: &mut Table<'_>,
) -> Result<i32> {
    let mut count = 0i32;
    loop {
        let rows = table.rows(BATCH).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        count = count.saturating_add(i32::try_from(rows.len()).unwrap_or(i32::MAX));
        load_rows(
            connection,
            into!("import_rows", "organisation_id, import_id, number, cells"),
            rows,
            |line, row| {
                let cells = serde_json::Value::from(row.cells).to_string();
                line.plain(organisation).plain(import).plain(row.number).text(&cells);
            },
        )
        .await?;
    }
}
