//! A person who is new to the organisation and works in its office.

use domain::fold::{search_key, sort_key};
use domain::ids::{AddressId, OrganisationId, PersonId};
use domain::roll::address::EmailAddress;
use domain::roll::name::PersonName;
use sqlx::PgConnection;

use crate::{Backend, Result};

/// Inserts a person with the email address that messages to them go to.
pub(super) async fn insert_person(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    name: &PersonName,
    email: &EmailAddress,
) -> Result<(PersonId, AddressId)> {
    let (person, address) = (backend.new_id::<PersonId>(), backend.new_id::<AddressId>());
    let (given, family) = (name.given(), name.family());
    let now = backend.now();
    sqlx::query(
        "INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(person.0)
    .bind(organisation.0)
    .bind(given)
    .bind(family)
    .bind(search_key(given, "", family, "", ""))
    .bind(sort_key(given, family))
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         VALUES ($1, $2, $3, 'email', $4, $5, true, $6)",
    )
    .bind(address.0)
    .bind(organisation.0)
    .bind(person.0)
    .bind(email.as_str())
    .bind(email.comparable())
    .bind(now)
    .execute(connection)
    .await?;
    Ok((person, address))
}
