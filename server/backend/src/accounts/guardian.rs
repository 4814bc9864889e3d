//! An account for one guardian, from their page. It opens no child: access does that.

use domain::accounts::plan::PlanRow;
use domain::accounts::username::Username;
use domain::authorization::actor::Actor;
use domain::ids::{PersonId, SchoolId};

use super::create::Among;
use super::grant::{grant_to_ranked, propose_to};
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// The account that would be made for a guardian, or opened again. An error for who has an open one, or is nobody's guardian
/// at this school.
pub async fn propose_for_guardian(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<PlanRow> {
    propose_to(backend, actor, school, Among::Guardians, person).await?.ok_or_else(gone)
}

/// Makes the account of a guardian under the username that was proposed or typed; see [`grant`](super::grant::grant). A
/// colleague who has a role gets one only from somebody with the same permissions.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn grant_to_guardian(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
    username: &str,
    accepted: bool,
) -> Result<Username> {
    let at = (school, Person(person));
    grant_to_ranked(backend, actor, at, (Among::Guardians, person), username, accepted)
        .await?
        .ok_or_else(gone)
}

fn gone() -> Error {
    Error::conflict(
        "no_candidate",
        "This person already has an account, or is nobody\u{2019}s guardian at this school. Reload the page.",
    )
}
