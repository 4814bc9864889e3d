//! The operations of a kind that ran at a school: who, when, how many, and whether each was undone.

use chrono::{DateTime, Utc};
use domain::ids::OperationId;
use domain::lists::page::TimeKey;
use domain::operations::past::PastOperation;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::Operation;
use crate::Result;
use crate::db::one_more;
use crate::tenancy::places::SchoolContext;

/// The number of operations on a page of a list.
pub(crate) const PAGE: usize = 50;

#[derive(sqlx::FromRow)]
struct PastOperationRow {
    id: Uuid,
    ran_at: DateTime<Utc>,
    size: i32,
    undone_at: Option<DateTime<Utc>>,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
}

/// Reads the operations of kind `O` after `after`, newest first, or the one asked for; one more than fits on a page.
pub(crate) async fn past<O: Operation>(
    connection: &mut PgConnection,
    school: &SchoolContext,
    only: Option<OperationId>,
    after: Option<TimeKey>,
) -> Result<Vec<PastOperation>> {
    let rows = sqlx::query_as::<_, PastOperationRow>(
        "SELECT b.id, b.ran_at, b.size, b.undone_at, p.given_name, p.family_name, p.preferred_name
         FROM operations b
         LEFT JOIN accounts maker ON maker.id = b.account_id AND maker.organisation_id = b.organisation_id
         LEFT JOIN people p ON p.id = maker.person_id
         WHERE b.organisation_id = $1 AND b.school_id = $2 AND b.kind = $3 AND b.ran_at IS NOT NULL
           AND ($4::uuid IS NULL OR b.id = $4)
           AND ($5::timestamptz IS NULL OR (b.ran_at, b.id) < ($5, $6))
         ORDER BY b.ran_at DESC, b.id DESC LIMIT $7",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(O::KIND)
    .bind(only.map(|operation| operation.0))
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(one_more(PAGE))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(PastOperationRow::view).collect())
}

impl PastOperationRow {
    fn view(self) -> PastOperation {
        let by = self.given_name.zip(self.family_name).zip(self.preferred_name);
        PastOperation {
            id: OperationId(self.id),
            by: by.map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
            at: self.ran_at,
            size: u32::try_from(self.size).unwrap_or_default(),
            undone_at: self.undone_at,
        }
    }
}
