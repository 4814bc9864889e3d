//! The person whose data it is.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// Somebody whom a school knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSubject {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username, if they have an account.
    pub username: Option<String>,
    /// Their record, and those that were merged into it.
    pub(super) records: Vec<Uuid>,
}

#[derive(sqlx::FromRow)]
struct SubjectRow {
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: Option<String>,
    records: Vec<Uuid>,
}

/// Finds somebody whom this school knows: from its roll, as a contact of somebody on it, or from its staff.
///
/// # Errors
/// [`Error::NotFound`] also if a restriction hides them from the actor.
pub(super) async fn subject(
    connection: &mut PgConnection,
    school: &SchoolContext,
    person: PersonId,
) -> Result<DataSubject> {
    let row = sqlx::query_as::<_, SubjectRow>(
        "SELECT p.given_name, p.family_name, p.preferred_name, a.username,
                ARRAY(WITH RECURSIVE merged AS (
                          SELECT p.id
                          UNION
                          SELECT m.id FROM people m JOIN merged ON m.merged_into = merged.id
                          WHERE m.organisation_id = $1
                      )
                      SELECT id FROM merged) AS records
         FROM people p
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND p.id = $3 AND p.id <> ALL ($4)
           AND (EXISTS (SELECT FROM person_schools s WHERE s.person_id = p.id AND s.school_id = $2)
                OR EXISTS (SELECT FROM employments e WHERE e.person_id = p.id AND e.school_id = $2)
                OR EXISTS (SELECT FROM staff_roles r
                           WHERE r.person_id = p.id AND (r.school_id = $2 OR r.school_id IS NULL))
                OR EXISTS (SELECT FROM erasures x WHERE x.person_id = p.id AND x.school_id = $2))",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(person.0)
    .bind(school.hidden())
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("person"))?;
    Ok(DataSubject {
        person,
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        username: row.username,
        records: row.records,
    })
}

/// Finds the one person of a school with this admission number, staff code, number in another system, or username.
///
/// # Errors
/// If there is nobody, or if several people have it.
pub async fn with_key(backend: &Backend, actor: &Actor, school: SchoolId, key: &str) -> Result<PersonId> {
    let needed = Permission::ManageDataRights;
    let mut transaction = backend.enter(actor, needed, School(school)).await?.transaction;
    let found: Vec<Uuid> = sqlx::query_scalar(
        "SELECT person_id FROM enrolments
         WHERE organisation_id = $1 AND school_id = $2 AND latest AND admission_number = $3
         UNION
         SELECT person_id FROM employments
         WHERE organisation_id = $1 AND school_id = $2 AND staff_code = $3
         UNION
         SELECT person_id FROM person_keys WHERE organisation_id = $1 AND value = $3
         UNION
         SELECT person_id FROM accounts WHERE organisation_id = $1 AND username = lower($3)",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(key.trim())
    .fetch_all(&mut *transaction)
    .await?;
    match found.as_slice() {
        [] => Err(Error::NotFound("person with this key")),
        [person] => Ok(PersonId(*person)),
        _ => Err(Error::conflict(
            "key_not_unique",
            format!("Several people have the key {}. Use their username, or the pages instead.", key.trim()),
        )),
    }
}
