//! The account of somebody new, by the logon type that the office chose.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::fields::FieldErrors;
use domain::guardians::adult::{LogonType, NewAdult};
use domain::ids::{PersonId, SchoolId};

use crate::accounts::guardian::{grant_to_guardian, propose_for_guardian};
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Refuses a logon type that would not work: signing in with an address that somebody else has too. Nobody is named.
pub async fn check_logon(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    adult: &NewAdult,
    logon: LogonType,
) -> Result<()> {
    let mut transaction =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?.transaction;
    let Some(email) = adult.email.as_ref().filter(|_| logon == LogonType::Email) else { return Ok(()) };
    let shared: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM addresses d
                        WHERE d.organisation_id = $1 AND d.comparable = $2 AND d.kind = 'email' AND d.is_primary)",
    )
    .bind(actor.organisation.0)
    .bind(email.comparable())
    .fetch_one(&mut *transaction)
    .await?;
    if shared {
        return Err(FieldErrors::one(
            "logon",
            "Somebody else has this email address too, so nobody can sign in with it alone. Choose Username.",
        )
        .into());
    }
    Ok(())
}

/// Creates the account of somebody who was just added, with the username of the school's pattern. Returns whether it did: a
/// username that needs a decision is left to their record.
pub async fn create_account(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<bool> {
    let row = propose_for_guardian(backend, actor, school, person).await?;
    let Some(username) = row.username().filter(|_| row.complaint().is_none()) else { return Ok(false) };
    match grant_to_guardian(backend, actor, school, person, username.as_str(), false).await {
        Ok(_) => Ok(true),
        Err(Error::Invalid(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
