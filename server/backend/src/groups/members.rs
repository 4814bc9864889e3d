//! Who is in a group, and since when.

use chrono::NaiveDate;
use domain::ids::{GroupId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// Makes people members of a group from a day on, in the caller's transaction, and returns those who were not already.
/// One statement for one as for thousands.
pub(crate) async fn add(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    group: GroupId,
    (people, from): (&[PersonId], NaiveDate),
) -> Result<Vec<PersonId>> {
    let begun = begin(backend, connection, organisation, group, (people, from)).await?;
    Ok(begun.into_iter().map(|(_, person)| PersonId(person)).collect())
}

/// Like [`add`], with the id of each membership that began.
pub(super) async fn begin(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    group: GroupId,
    (people, from): (&[PersonId], NaiveDate),
) -> Result<Vec<(Uuid, Uuid)>> {
    let ids: Vec<Uuid> = people.iter().map(|_| backend.new_id::<Uuid>()).collect();
    Ok(sqlx::query_as(
        "INSERT INTO group_members (id, organisation_id, group_id, person_id, starts_on, created_at)
         SELECT DISTINCT ON (new.person_id) new.id, $1, $2, new.person_id, $3, $4
         FROM unnest($5::uuid[], $6::uuid[]) AS new (id, person_id)
         WHERE NOT EXISTS (SELECT FROM group_members m
                           WHERE m.group_id = $2 AND m.person_id = new.person_id
                             AND daterange(m.starts_on, m.ends_on, '[]') && daterange($3, NULL, '[]'))
         RETURNING id, person_id",
    )
    .bind(organisation.0)
    .bind(group.0)
    .bind(from)
    .bind(backend.now())
    .bind(ids)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?)
}
