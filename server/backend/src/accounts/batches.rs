//! The list of a school's batches.

use std::collections::HashMap;

use domain::accounts::batch::BatchSummary;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{BatchId, SchoolId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::operations::past::PastOperation;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::CreateAccounts;
use super::paste::PasteAccounts;
use crate::operations::past::{PAGE, past};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// Returns a page of the school's batches after `after`, newest first: who created them, when, and whether
/// they can be undone.
pub async fn batches(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    after: Option<&Cursor>,
) -> Result<Page<BatchSummary>> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ViewAccounts, School(school)).await?;
    let after = after.map(Cursor::key).transpose()?;
    let page = read(&mut transaction, &school, None, after).await?;
    let key = |batch: &BatchSummary| TimeKey { at: batch.created_at, id: batch.id.0 };
    Ok(Page::of(page, PAGE, key))
}

/// Reads the school's batches after `after`, or the one asked for; one more than fits on a page.
pub(super) async fn read(
    connection: &mut PgConnection,
    school: &SchoolContext,
    only: Option<BatchId>,
    after: Option<TimeKey>,
) -> Result<Vec<BatchSummary>> {
    let only = only.map(Into::into);
    let mut found = past::<CreateAccounts>(connection, school, only, after).await?;
    found.extend(past::<PasteAccounts>(connection, school, only, after).await?);
    found.sort_by_key(|batch| std::cmp::Reverse((batch.at, batch.id.0)));
    found.truncate(PAGE + 1);
    let activated: HashMap<Uuid, i64> = sqlx::query_as::<_, (Uuid, i64)>(
        "SELECT batch_id, count(*) FROM accounts
         WHERE organisation_id = $1 AND batch_id = ANY($2) AND activated_at IS NOT NULL GROUP BY batch_id",
    )
    .bind(school.organisation.0)
    .bind(found.iter().map(|batch| batch.id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?
    .into_iter()
    .collect();
    let summary = |batch: PastOperation| BatchSummary {
        id: batch.id.into(),
        created_by: batch.by,
        created_at: batch.at,
        size: batch.size,
        undone_at: batch.undone_at,
        activated: activated.get(&batch.id.0).map_or(0, |count| u32::try_from(*count).unwrap_or(u32::MAX)),
    };
    Ok(found.into_iter().map(summary).collect())
}
