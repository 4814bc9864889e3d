//! What keeps somebody from being erased.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::{Resource, decide};
use domain::data_rights::obstacle::ErasureObstacle;
use domain::ids::{PersonId, SchoolId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::subject::DataSubject;
use crate::authorization::roles::outranking;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct ObstacleRow {
    /// Slugs of obstacles.
    found: Vec<String>,
    schools: Vec<Uuid>,
}

/// Everything that is in the way of an erasure; empty if nothing is.
pub(super) async fn obstacles(
    backend: &Backend,
    connection: &mut PgConnection,
    (actor, school): (&Actor, &SchoolContext),
    subject: &DataSubject,
) -> Result<Vec<ErasureObstacle>> {
    use ErasureObstacle as O;
    let row = sqlx::query_as::<_, ObstacleRow>(
        "SELECT array_remove(ARRAY[
                    CASE WHEN EXISTS (
                        SELECT FROM enrolments e
                        WHERE e.organisation_id = $1 AND e.person_id = ANY ($2) AND e.latest
                          AND roll_status_on($3, e.starts_on, e.ends_on) <> 'leaver') THEN 'on_roll' END,
                    CASE WHEN EXISTS (
                        SELECT FROM employments e
                        WHERE e.organisation_id = $1 AND e.person_id = ANY ($2)
                          AND (e.ends_on IS NULL OR e.ends_on >= $3)) THEN 'works' END,
                    CASE WHEN EXISTS (
                        SELECT FROM staff_roles r
                        WHERE r.organisation_id = $1 AND r.person_id = ANY ($2)
                          AND (r.ends_on IS NULL OR r.ends_on >= $3)) THEN 'holds_role' END,
                    CASE WHEN EXISTS (
                        SELECT FROM contacts c
                        JOIN enrolments e ON e.organisation_id = c.organisation_id AND e.person_id = c.child_id AND e.latest
                        WHERE c.organisation_id = $1 AND c.adult_id = ANY ($2) AND c.ended_at IS NULL
                          AND roll_status_on($3, e.starts_on, e.ends_on) <> 'leaver') THEN 'contact' END,
                    CASE WHEN EXISTS (
                        SELECT FROM access_restrictions r
                        WHERE r.organisation_id = $1 AND r.adult_id = ANY ($2) AND r.lifted_at IS NULL
                          AND (r.ends_on IS NULL OR r.ends_on >= $3)) THEN 'restricted' END,
                    CASE WHEN p.merged_into IS NOT NULL THEN 'merged_away' END,
                    CASE WHEN EXISTS (
                        SELECT FROM erasures x
                        WHERE x.organisation_id = $1 AND x.person_id = p.id AND x.what = 'person' AND x.erased_at >= p.updated_at) THEN 'erased' END
                ], NULL) AS found,
                ARRAY(SELECT s.school_id FROM person_schools s WHERE s.person_id = ANY ($2)
                      UNION
                      SELECT e.school_id FROM employments e
                      WHERE e.organisation_id = $1 AND e.person_id = ANY ($2)) AS schools
         FROM people p WHERE p.organisation_id = $1 AND p.id = $4",
    )
    .bind(actor.organisation.0)
    .bind(&subject.records)
    .bind(school.today)
    .bind(subject.person.0)
    .fetch_one(&mut *connection)
    .await?;
    let unreached = |school: &Uuid| {
        let there = Resource::School(actor.organisation, SchoolId(*school));
        decide(actor, Permission::ManageDataRights, there).is_err()
    };
    let records: Vec<PersonId> = subject.records.iter().copied().map(PersonId).collect();
    let outranks = !outranking(backend, connection, actor, &records).await?.is_empty();
    let themself = (actor.person() == Some(subject.person)).then_some(O::Themself);
    let elsewhere = row.schools.iter().any(unreached).then_some(O::Elsewhere);
    let stored = row
        .found
        .iter()
        .map(|slug| O::from_slug(slug).ok_or_else(|| Error::unexpected(format!("no obstacle {slug:?}"))))
        .collect::<Result<Vec<_>>>()?;
    Ok(themself.into_iter().chain(stored).chain(elsewhere).chain(outranks.then_some(O::Outranks)).collect())
}
