//! Who works at a school, at the moment of an operation.

use domain::ids::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::tenancy::places::SchoolContext;

/// Those of `people` who work at a school, or will, as far as the actor may do this to everybody there: a role for a group
/// reaches no staff. Those whom a restriction hides are left out.
pub(crate) async fn employed(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: &[PersonId],
) -> Result<Vec<PersonId>> {
    if !school.everybody() {
        return Ok(Vec::new());
    }
    let found: Vec<Uuid> = sqlx::query_scalar(
        "SELECT person_id FROM employments
         WHERE organisation_id = $1 AND school_id = $2 AND person_id = ANY($3) AND person_id <> ALL ($4)
           AND (ends_on < $5) IS NOT TRUE",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(school.hidden())
    .bind(school.today)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().map(PersonId).collect())
}

/// Those of `people` who work at a school, or will, or have a role there without being on its staff list; see [`employed`].
pub(crate) async fn staff_of(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: &[PersonId],
) -> Result<Vec<PersonId>> {
    if !school.everybody() {
        return Ok(Vec::new());
    }
    let found: Vec<Uuid> = sqlx::query_scalar(
        "SELECT p.id FROM unnest($3::uuid[]) AS p (id)
         WHERE p.id <> ALL ($4)
           AND (EXISTS (SELECT FROM employments w
                        WHERE w.organisation_id = $1 AND w.school_id = $2 AND w.person_id = p.id
                          AND (w.ends_on < $5) IS NOT TRUE)
                OR NOT EXISTS (SELECT FROM employments w WHERE w.school_id = $2 AND w.person_id = p.id)
                   AND EXISTS (SELECT FROM staff_roles r
                               WHERE r.organisation_id = $1 AND r.person_id = p.id
                                 AND (r.school_id = $2 OR r.school_id IS NULL) AND (r.ends_on < $5) IS NOT TRUE))",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(school.hidden())
    .bind(school.today)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().map(PersonId).collect())
}
