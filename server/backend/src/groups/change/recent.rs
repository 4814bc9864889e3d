//! The latest changes of who is in a group, which can still be undone.

use chrono::{DateTime, Utc};
use domain::ids::{GroupId, OperationId};
use domain::operations::progress::LeftOutCount;
use domain::roll::name::display_name;
use domain::when::moment;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::ChangeMembers;
use crate::Result;
use crate::operations::Operation as _;
use crate::tenancy::places::SchoolContext;

/// How many are shown.
const SHOWN: i64 = 5;

/// A change that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentChange {
    /// Its operation.
    pub operation: OperationId,
    /// What it did: "3 students added", and who did it when.
    pub what: String,
    /// Who was left out, and why.
    pub left_out: Vec<LeftOutCount>,
    /// Whether it was undone.
    pub is_undone: bool,
}

#[derive(sqlx::FromRow)]
struct RecentChangeRow {
    id: Uuid,
    did: String,
    joined: bool,
    size: i32,
    ran_at: DateTime<Utc>,
    left_out: Option<Json<Vec<LeftOutCount>>>,
    is_undone: bool,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
}

/// Returns the latest changes of a group, the newest first.
pub(crate) async fn recent(
    connection: &mut PgConnection,
    at: &SchoolContext,
    group: GroupId,
) -> Result<Vec<RecentChange>> {
    let rows = sqlx::query_as::<_, RecentChangeRow>(
        "SELECT o.id, o.input -> 'change' ->> 'do' AS did, coalesce(o.input -> 'change' ->> 'to' = $4, false) AS joined, o.size,
                o.ran_at, o.left_out, o.undone_at IS NOT NULL AS is_undone, p.given_name, p.family_name, p.preferred_name
         FROM operations o
         LEFT JOIN accounts maker ON maker.organisation_id = o.organisation_id AND maker.id = o.account_id
         LEFT JOIN people p ON p.id = maker.person_id
         WHERE o.organisation_id = $1 AND o.school_id = $2 AND o.kind = $3 AND o.ran_at IS NOT NULL
           AND $4 IN (o.input -> 'change' ->> 'from', o.input -> 'change' ->> 'to')
         ORDER BY o.ran_at DESC, o.id DESC LIMIT $5",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(ChangeMembers::KIND)
    .bind(group.to_string())
    .bind(SHOWN)
    .fetch_all(connection)
    .await?;
    let view = |row: RecentChangeRow| {
        let students = if row.size == 1 { "1 student".to_owned() } else { format!("{} students", row.size) };
        let did = match (row.did.as_str(), row.joined) {
            ("move", true) => "moved here from another group",
            ("move", false) => "moved to another group",
            (_, true) => "added",
            (_, false) => "taken out",
        };
        let by = row.given_name.zip(row.family_name).zip(row.preferred_name);
        let by = by.map(|((given, family), preferred)| display_name(&given, &family, &preferred));
        let by = by.map(|name| format!(" by {name}")).unwrap_or_default();
        let when = moment(row.ran_at.with_timezone(&at.zone).naive_local(), at.today);
        RecentChange {
            operation: OperationId(row.id),
            what: format!("{students} {did}{by}, {when}"),
            left_out: row.left_out.map(|Json(left_out)| left_out).unwrap_or_default(),
            is_undone: row.is_undone,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}
