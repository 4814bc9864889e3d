//! When someone's permissions grow. What was made to open the account of a person with fewer permissions must
//! not open it any more: neither what is still waiting, nor what its maker could not make today.

use domain::authorization::actor::Actor;
use domain::authorization::policy::reaches_up_to;
use domain::ids::{AccountId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::stored::roles_of;
use crate::credentials::revoke::revoke_all;
use crate::{Backend, Result};

/// Ends everything that opens the accounts of these people: sessions, sign-ins in progress, links, codes and
/// invitations. Runs in the transaction that gives them more permissions. They sign in again, and choose a
/// longer password if theirs is too short for staff (`sign_in::steps`).
pub(super) async fn end_what_opens(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    people: &[Uuid],
) -> Result<()> {
    // In a fixed order, so that two such changes wait for each other instead of deadlocking.
    let accounts: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = ANY($2) ORDER BY id FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(people)
    .fetch_all(&mut *connection)
    .await?;
    if accounts.is_empty() {
        return Ok(());
    }
    revoke_all(backend, connection, organisation, &accounts, None).await?;
    for given in backend.rooms.given_out {
        given.revoke_unused(backend, connection, organisation, &accounts).await?;
    }
    Ok(())
}

/// Whether the person with the account `maker` could still make something that opens this person's account:
/// they have every permission that the owner has today. Compared when it is used, because both may have
/// changed since. `None` is the owner, the server's operator or Greencap itself.
pub(crate) async fn maker_reaches(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    maker: Option<AccountId>,
    owner: PersonId,
) -> Result<bool> {
    let Some(maker) = maker else { return Ok(true) };
    let person: Option<Uuid> = sqlx::query_scalar(
        "SELECT person_id FROM accounts
         WHERE organisation_id = $1 AND id = $2 AND state IN ('active', 'locked')",
    )
    .bind(organisation.0)
    .bind(maker.0)
    .fetch_optional(&mut *connection)
    .await?;
    let people: Vec<Uuid> = person.into_iter().chain([owner.0]).collect();
    let mut roles = roles_of(backend, connection, organisation, Some(&people)).await?;
    let theirs = roles.remove(&owner).unwrap_or_default();
    // Someone who has no account any more has no permissions either.
    let maker_person = person.map_or(PersonId(Uuid::nil()), PersonId);
    let made_by = roles.remove(&maker_person).unwrap_or_default();
    let maker = Actor::signed_in(organisation, maker, maker_person, made_by);
    Ok(reaches_up_to(&maker, &theirs).is_ok())
}
