//! The person that a command names by the key on a list.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{PersonId, SchoolId};
use uuid::Uuid;

use super::create::Among;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Returns the username of somebody's account at a school, if it is not closed.
pub async fn open_username(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<Option<String>> {
    let mut transaction =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?.transaction;
    Ok(sqlx::query_scalar(
        "SELECT username FROM accounts WHERE organisation_id = $1 AND person_id = $2 AND state <> 'closed'",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *transaction)
    .await?)
}

/// Returns the student with this admission number, or the member of staff with this code.
///
/// # Errors
/// If there is nobody, or a student and a member of staff have the same.
pub async fn person_with_key(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    key: &str,
) -> Result<(Among, PersonId)> {
    let mut transaction =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?.transaction;
    let found: Vec<(Uuid, bool)> = sqlx::query_as(
        "SELECT person_id, false AS is_staff FROM enrolments
         WHERE organisation_id = $1 AND school_id = $2 AND latest AND admission_number = $3
         UNION
         SELECT person_id, true FROM employments
         WHERE organisation_id = $1 AND school_id = $2 AND staff_code = $3",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(key.trim())
    .fetch_all(&mut *transaction)
    .await?;
    match found.as_slice() {
        [] => Err(Error::NotFound("person with this key")),
        [(person, is_staff)] => {
            Ok((if *is_staff { Among::Staff } else { Among::Students }, PersonId(*person)))
        }
        _ => Err(Error::conflict(
            "key_not_unique",
            format!("A student and a member of staff both have the key {key}. Use the pages instead."),
        )),
    }
}
