//! The school that a command names.

use backend::Backend;
use backend::roll::{organisation, schools};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::roll::school::SchoolCode;

use super::Failure;

/// Finds the school with this code, and returns it with the operator as the actor.
pub(super) async fn find(
    backend: &Backend,
    permission: Permission,
    code: &SchoolCode,
) -> Result<(Actor, schools::SchoolContext), Failure> {
    let actor = Actor::system(organisation::ensure(backend).await?);
    match schools::by_code(backend, &actor, permission, code).await {
        Ok(school) => Ok((actor, school)),
        Err(backend::Error::NotFound(_)) => Err(Failure::WrongUse(format!(
            "there is no school with the code {code}; add it with `greencap schools add {code} NAME`"
        ))),
        Err(other) => Err(other.into()),
    }
}
