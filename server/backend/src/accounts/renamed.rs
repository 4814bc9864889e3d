//! Changes of usernames that were made, and the usernames that people had before.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::accounts::rename::{FormerUsername, RENAME_ROWS, RenameDetail, RenameSummary, RenamedPerson};
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{OperationId, OrganisationId, PersonId, SchoolId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::operations::past::PastOperation;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::rename::RenameAccounts;
use crate::operations::past::{PAGE, past};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct RenamedRow {
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    former: String,
    replaced_by: String,
    signs_in_until: Option<DateTime<Utc>>,
}

/// Returns a change of usernames at this school, with those of its people whom the actor may see. Former usernames are
/// for those who may see them.
pub async fn renamed(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    operation: OperationId,
) -> Result<RenameDetail> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?;
    let shows_former =
        decide(actor, Permission::ViewFormerUsernames, Resource::School(actor.organisation, school)).is_ok();
    let operation = past::<RenameAccounts>(&mut transaction, &at, Some(operation), None)
        .await?
        .pop()
        .ok_or(Error::NotFound("operation"))?;
    let rows = sqlx::query_as::<_, RenamedRow>(
        "SELECT f.person_id, p.given_name, p.family_name, p.preferred_name, f.username AS former,
                coalesce(f.replaced_by, '') AS replaced_by,
                CASE WHEN f.stopped_at IS NULL THEN f.signs_in_until END AS signs_in_until
         FROM former_usernames f
         JOIN visible_people v ON v.person_id = f.person_id
         JOIN people p ON p.organisation_id = f.organisation_id AND p.id = f.person_id
         WHERE f.organisation_id = $1 AND f.operation_id = $2
         ORDER BY p.sort_key, p.id LIMIT $3",
    )
    .bind(actor.organisation.0)
    .bind(operation.id.0)
    .bind(i64::try_from(RENAME_ROWS).unwrap_or(i64::MAX))
    .fetch_all(&mut *transaction)
    .await?;
    let now = backend.now();
    Ok(RenameDetail {
        operation,
        old_until: rows.iter().filter_map(|row| row.signs_in_until).max().filter(|until| *until > now),
        people: rows
            .into_iter()
            .map(|row| RenamedPerson {
                person: PersonId(row.person_id),
                name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
                username: row.replaced_by,
                former: shows_former.then_some(row.former),
            })
            .collect(),
    })
}

/// Returns a page of the school's changes of usernames after `after`, newest first, each with a person whom the actor
/// may see.
pub async fn renames(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    after: Option<&Cursor>,
) -> Result<Page<RenameSummary>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?;
    let after = after.map(Cursor::key).transpose()?;
    let found = past::<RenameAccounts>(&mut transaction, &at, None, after).await?;
    let mut firsts = first_people(&mut transaction, actor.organisation, &found).await?;
    let summaries = found
        .into_iter()
        .map(|operation| RenameSummary { first: firsts.remove(&operation.id.0), operation })
        .collect();
    Ok(Page::of(summaries, PAGE, |RenameSummary { operation, .. }| TimeKey {
        at: operation.at,
        id: operation.id.0,
    }))
}

#[derive(sqlx::FromRow)]
struct FirstPersonRow {
    operation_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
}

/// The name of one person of each change whom the actor may see: the first by name among [`RENAME_ROWS`] of them.
async fn first_people(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    changes: &[PastOperation],
) -> Result<HashMap<Uuid, String>> {
    let rows = sqlx::query_as::<_, FirstPersonRow>(
        "SELECT o.id AS operation_id, one.given_name, one.family_name, one.preferred_name
         FROM unnest($2::uuid[]) AS o (id)
         CROSS JOIN LATERAL (
             SELECT p.given_name, p.family_name, p.preferred_name
             FROM (SELECT f.person_id FROM former_usernames f
                   WHERE f.organisation_id = $1 AND f.operation_id = o.id LIMIT $3) f
             JOIN visible_people v ON v.person_id = f.person_id
             JOIN people p ON p.organisation_id = $1 AND p.id = f.person_id
             ORDER BY p.sort_key, p.id LIMIT 1) one",
    )
    .bind(organisation.0)
    .bind(changes.iter().map(|change| change.id.0).collect::<Vec<_>>())
    .bind(i64::try_from(RENAME_ROWS).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.operation_id, display_name(&row.given_name, &row.family_name, &row.preferred_name)))
        .collect())
}

/// Returns the usernames a person had before, the latest first. For those who may not see them, returns only those
/// that still sign in, without the username.
pub(crate) async fn former_usernames(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    shown: bool,
) -> Result<Vec<FormerUsername>> {
    let now = backend.now();
    let rows = sqlx::query_as::<_, (String, Option<DateTime<Utc>>, Option<DateTime<Utc>>)>(
        "SELECT username, signs_in_until, stopped_at FROM former_usernames
         WHERE organisation_id = $1 AND person_id = $2
         ORDER BY coalesce(replaced_at, created_at) DESC, username",
    )
    .bind(organisation.0)
    .bind(person.0)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(username, until, stopped)| FormerUsername {
            username: shown.then_some(username),
            signs_in_until: until.filter(|until| *until > now),
            stopped_at: stopped,
        })
        .filter(|former| shown || former.signs_in_until.is_some())
        .collect())
}
