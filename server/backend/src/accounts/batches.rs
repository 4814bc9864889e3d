//! The list of a school's batches.

use chrono::{DateTime, Utc};
use domain::accounts::batch::BatchSummary;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{BatchId, SchoolId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::CreateAccounts;
use crate::db::one_more;
use crate::operations::Operation as _;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// The number of batches on a page of the list.
pub const PAGE: usize = 50;

#[derive(sqlx::FromRow)]
struct BatchRow {
    id: Uuid,
    created_at: DateTime<Utc>,
    size: i32,
    undone_at: Option<DateTime<Utc>>,
    activated: i64,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
}

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
    let rows = sqlx::query_as::<_, BatchRow>(
        "SELECT b.id, b.ran_at AS created_at, b.size, b.undone_at, p.given_name, p.family_name, p.preferred_name,
                (SELECT count(*) FROM accounts a WHERE a.batch_id = b.id AND a.activated_at IS NOT NULL) AS activated
         FROM operations b
         LEFT JOIN accounts maker ON maker.id = b.account_id AND maker.organisation_id = b.organisation_id
         LEFT JOIN people p ON p.id = maker.person_id
         WHERE b.organisation_id = $1 AND b.school_id = $2 AND b.kind = $7 AND b.ran_at IS NOT NULL
           AND ($4::uuid IS NULL OR b.id = $4)
           AND ($5::timestamptz IS NULL OR (b.ran_at, b.id) < ($5, $6))
         ORDER BY b.ran_at DESC, b.id DESC LIMIT $3",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(one_more(PAGE))
    .bind(only.map(|batch| batch.0))
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(CreateAccounts::KIND)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(BatchRow::summary).collect())
}

impl BatchRow {
    fn summary(self) -> BatchSummary {
        let maker = self.given_name.zip(self.family_name).zip(self.preferred_name);
        BatchSummary {
            id: BatchId(self.id),
            created_by: maker.map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
            created_at: self.created_at,
            size: u32::try_from(self.size).unwrap_or_default(),
            undone_at: self.undone_at,
            activated: u32::try_from(self.activated).unwrap_or(u32::MAX),
        }
    }
}
