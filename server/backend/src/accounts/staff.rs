//! An account for one member of staff, from their page. It gives no permission: that takes a role, which is given to an account.

use domain::accounts::plan::PlanRow;
use domain::accounts::username::Username;
use domain::authorization::actor::Actor;
use domain::ids::{PersonId, SchoolId};

use super::create::Among;
use super::grant::{grant_to_ranked, propose_to};
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// The account that would be made for a member of staff, or opened again. An error for who has an open one, or does not work at this school.
pub async fn propose_for_staff(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<PlanRow> {
    propose_to(backend, actor, school, Among::Staff, person).await?.ok_or_else(gone)
}

/// Makes the account of a member of staff under the username that was proposed or typed; see
/// [`grant`](super::grant::grant). Who already has a role gets one only from somebody with the same permissions.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn grant_to_staff(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
    username: &str,
    accepted: bool,
) -> Result<Username> {
    let at = (school, School(school));
    grant_to_ranked(backend, actor, at, (Among::Staff, person), username, accepted).await?.ok_or_else(gone)
}

fn gone() -> Error {
    Error::conflict(
        "no_candidate",
        "This person already has an account, or no longer works at this school. Reload the page.",
    )
}
