//! The imports of a kind at a school.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{ImportId, SchoolId};
use domain::imports::kind::KindSlug;
use domain::imports::plan::PlanCounts;
use domain::imports::views::{ImportState, ImportSummary};
use domain::lists::page::{Cursor, Page, TimeKey};
use sqlx::types::Json;
use uuid::Uuid;

use super::kind;
use crate::db::one_more;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// The number of imports on a page of the list.
pub const PAGE: usize = 50;

#[derive(sqlx::FromRow)]
struct SummaryRow {
    id: Uuid,
    file_name: String,
    state: String,
    row_count: i32,
    counts: Option<Json<PlanCounts>>,
    created_at: DateTime<Utc>,
}

/// Returns a page of a school's imports of a kind after `after`, newest first, without discarded ones.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    kind: &KindSlug,
    school: SchoolId,
    after: Option<&Cursor>,
) -> Result<Page<ImportSummary>> {
    let kind = kind::find(backend, kind)?.declaration();
    decide(actor, kind.permission, Resource::School(actor.organisation, school))?;
    let mut transaction = backend.enter(actor, Permission::ImportRoll, School(school)).await?.transaction;
    let after: Option<TimeKey> = after.map(Cursor::key).transpose()?;
    let rows = sqlx::query_as::<_, SummaryRow>(
        "SELECT id, file_name, state, row_count, counts, created_at FROM imports
         WHERE organisation_id = $1 AND school_id = $2 AND kind = $6 AND state <> 'discarded'
           AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5))
         ORDER BY created_at DESC, id DESC LIMIT $3",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(one_more(PAGE))
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(kind.slug)
    .fetch_all(&mut *transaction)
    .await?;
    let page = Page::of(rows, PAGE, |row| TimeKey { at: row.created_at, id: row.id });
    page.try_map(|row| {
        Ok(ImportSummary {
            id: ImportId(row.id),
            file_name: row.file_name,
            state: ImportState::from_slug(&row.state)
                .ok_or_else(|| Error::unexpected(format!("import state {}", row.state)))?,
            row_count: u32::try_from(row.row_count).map_err(Error::unexpected)?,
            counts: row.counts.map(|counts| counts.0),
            created_at: row.created_at,
        })
    })
}
