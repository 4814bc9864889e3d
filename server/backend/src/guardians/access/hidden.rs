//! Whether a restriction hides an adult's addresses from the office. Those who record restrictions see them: they have to reach
//! the adult.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use sqlx::PgConnection;

use crate::Result;
use crate::tenancy::places::PersonContext;

/// Whether the addresses of the person whom the actor entered for are hidden from the actor.
pub(crate) async fn hides_addresses(
    connection: &mut PgConnection,
    actor: &Actor,
    at: &PersonContext,
) -> Result<bool> {
    if at.allows(actor, Permission::ManageRestrictions) {
        return Ok(false);
    }
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM access_restrictions r
                        WHERE r.organisation_id = $1 AND r.lifted_at IS NULL AND r.hides_addresses
                          AND daterange(r.starts_on, r.ends_on, '[]') @> $3::date
                          AND (r.adult_id = $2
                               OR r.adult_id IS NULL AND NOT $2 = ANY (r.except_ids)
                                  AND r.child_id IN (SELECT c.child_id FROM contacts c WHERE c.adult_id = $2)))",
    )
    .bind(actor.organisation.0)
    .bind(at.person.0)
    .bind(at.today)
    .fetch_one(connection)
    .await?)
}
