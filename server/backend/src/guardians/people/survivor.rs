//! The person that somebody who was recorded twice turned out to be.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use uuid::Uuid;

use crate::tenancy::target::AnySchool;
use crate::{Backend, Result};

/// Returns whom a person was merged into, so that an old link still leads somewhere; `None` if they were not, or if the
/// actor does not reach the one who stayed.
pub async fn survivor(backend: &Backend, actor: &Actor, person: PersonId) -> Result<Option<PersonId>> {
    let mut transaction = backend.enter(actor, Permission::ViewRoll, AnySchool).await?.transaction;
    let found: Option<Uuid> = sqlx::query_scalar(
        "WITH RECURSIVE steps AS (
             SELECT p.id, p.merged_into FROM people p WHERE p.organisation_id = $1 AND p.id = $2
             UNION
             SELECT p.id, p.merged_into FROM steps s JOIN people p ON p.organisation_id = $1 AND p.id = s.merged_into)
         SELECT s.id FROM steps s JOIN visible_people v ON v.person_id = s.id
         WHERE s.merged_into IS NULL AND s.id <> $2",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *transaction)
    .await?;
    Ok(found.map(PersonId))
}
