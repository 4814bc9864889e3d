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
    Ok(sqlx::query_scalar("SELECT addresses_hidden_of($1, $2)")
        .bind(at.person.0)
        .bind(at.today)
        .fetch_one(connection)
        .await?)
}
