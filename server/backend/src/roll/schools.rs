//! Schools: which ones someone reaches, and what a use case needs to know of one.

use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{PersonId, SchoolId};
use domain::roll::school::SchoolCode;

pub use crate::authorization::places::{SchoolContext, reached};
use crate::authorization::target::{Person, School, SchoolWithCode};
use crate::{Backend, Result};

/// The school with this code, if the actor may do `permission` there.
pub async fn by_code(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    code: &SchoolCode,
) -> Result<SchoolContext> {
    Ok(backend.enter(actor, permission, SchoolWithCode(code)).await?.at)
}

/// What use cases need to know of a school, if the actor may do `permission` there.
pub async fn context(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    school: SchoolId,
) -> Result<SchoolContext> {
    Ok(backend.enter(actor, permission, School(school)).await?.at)
}

/// What guards a use case about one person: the actor must hold `permission` at a school where the person is or was on
/// roll. Who was never on any roll, such as staff, is reached by a role for all schools. Answers with the zone that
/// times are shown in.
pub async fn reach_person(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    person: PersonId,
) -> Result<Tz> {
    Ok(backend.enter(actor, permission, Person(person)).await?.at.zone)
}
