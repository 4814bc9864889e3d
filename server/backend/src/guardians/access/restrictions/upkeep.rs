//! What becomes due by the calendar: restrictions that begin, and those to be looked at again.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::grant::PortalScope;
use domain::guardians::task::{TaskDetails, TaskKind};
use domain::ids::{OrganisationId, PersonId, RestrictionId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::effects::act;
use super::record::{acted, adults_of};
use crate::audit::AuditEntry;
use crate::guardians::tasks::add::{NewTask, insert};
use crate::{Backend, Result};

#[derive(sqlx::FromRow)]
struct BeginningRow {
    id: Uuid,
    child_id: Uuid,
    adult_id: Option<Uuid>,
    except_ids: Vec<Uuid>,
    scopes: Vec<String>,
}

/// Ends what restrictions close that begin today, and returns the lines for the audit log. There are few: each is a decision
/// of a person, made days before.
pub(crate) async fn begin(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<Vec<AuditEntry>> {
    let rows: Vec<BeginningRow> = sqlx::query_as(
        "SELECT id, child_id, adult_id, except_ids, scopes FROM access_restrictions
         WHERE organisation_id = $1 AND acted_at IS NULL AND lifted_at IS NULL AND starts_on <= $2
           AND (ends_on IS NULL OR ends_on >= $2)
         ORDER BY id FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(today)
    .fetch_all(&mut *connection)
    .await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let child = PersonId(row.child_id);
        let adults = if let Some(adult) = row.adult_id {
            vec![adult]
        } else {
            let mut adults = adults_of(connection, organisation, child).await?;
            adults.retain(|adult| !row.except_ids.contains(adult));
            adults
        };
        let scopes: Vec<PortalScope> =
            row.scopes.iter().filter_map(|scope| PortalScope::from_slug(scope)).collect();
        let done = act(backend, connection, organisation, child, (&adults, &scopes)).await?;
        acted(backend, connection, organisation, RestrictionId(row.id), done).await?;
        let details = json!({
            "began": true, "sessions": done.sessions, "invitations": done.invitations, "codes": done.codes,
            "messages": done.messages,
        });
        entries.push(
            AuditEntry::new(AuditAction::RestrictionChanged)
                .person(child)
                .subject("restriction", row.id)
                .details(details),
        );
    }
    Ok(entries)
}

/// Asks the office to look at restrictions whose review date has come.
pub(crate) async fn remind(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<()> {
    let due: Vec<(Uuid, Option<Uuid>, NaiveDate)> = sqlx::query_as(
        "SELECT r.child_id, r.adult_id, r.review_on FROM access_restrictions r
         WHERE r.organisation_id = $1 AND r.lifted_at IS NULL AND r.review_on <= $2
           AND (r.ends_on IS NULL OR r.ends_on >= $2)
           -- One that the office has done since then comes back only with a new date.
           AND NOT EXISTS (SELECT FROM office_tasks t
                           WHERE t.organisation_id = $1 AND t.kind = 'restriction_review' AND t.child_id = r.child_id
                             AND t.adult_id IS NOT DISTINCT FROM r.adult_id
                             AND t.details ->> 'day' = r.review_on::text)
         ORDER BY r.id",
    )
    .bind(organisation.0)
    .bind(today)
    .fetch_all(&mut *connection)
    .await?;
    let tasks: Vec<NewTask> = due
        .into_iter()
        .map(|(child, adult, day)| NewTask {
            kind: TaskKind::RestrictionReview,
            adult: adult.map(PersonId),
            child: Some(PersonId(child)),
            details: TaskDetails { day: Some(day), of_age: None },
        })
        .collect();
    insert(backend, connection, organisation, &tasks).await?;
    Ok(())
}
