//! Entering for what an adult sees of a child: the actor has to reach both, and is neither.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::PersonId;

use crate::tenancy::enter::Entered;
use crate::tenancy::places::PersonContext;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// Enters for the child's record, and checks that the adult is reached too.
///
/// # Errors
/// [`Error::NotFound`] if one of them is out of reach, and a conflict if the actor is the adult: nobody decides what they
/// see themselves.
pub(crate) async fn enter_pair(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    (adult, child): (PersonId, PersonId),
) -> Result<Entered<PersonContext>> {
    let mut entered = backend.enter(actor, permission, Person(child)).await?;
    let reached: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM visible_people v WHERE v.organisation_id = $1 AND v.person_id = $2)
                OR EXISTS (SELECT FROM access_grants g
                           WHERE g.organisation_id = $1 AND g.adult_id = $2 AND g.child_id = $3)",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .fetch_one(&mut *entered.transaction)
    .await?;
    if !reached {
        return Err(Error::NotFound("guardian"));
    }
    if actor.person() == Some(adult) {
        return Err(Error::conflict(
            "own_access",
            "This is about yourself. Ask a colleague: nobody decides what they see themselves.",
        ));
    }
    Ok(entered)
}
