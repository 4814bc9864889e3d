//! Schools: which ones someone reaches, and what a use case needs to know of one.

use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Refusal, Resource, decide};
use domain::ids::{OrganisationId, PersonId, SchoolId};
use domain::roll::school::{SchoolCode, SchoolView};
use uuid::Uuid;

use crate::{Backend, Error, Result};

/// A school as use cases need it: names for messages, the zone for times, the day that roll status is computed for.
#[derive(Debug, Clone)]
pub struct SchoolContext {
    /// The tenant it belongs to.
    pub organisation: OrganisationId,
    /// The school.
    pub school: SchoolId,
    /// Its short name.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where its clocks are.
    pub zone: Tz,
    /// The day it is there.
    pub today: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct SchoolRow {
    id: Uuid,
    code: String,
    name: String,
    time_zone: String,
}

/// The schools where the actor's roles allow `permission`, by name. Empty for who holds no such role.
pub async fn reached(backend: &Backend, actor: &Actor, permission: Permission) -> Result<Vec<SchoolView>> {
    backend.authorize(actor, permission, Resource::AnySchool(actor.organisation))?;
    let rows = sqlx::query_as::<_, SchoolRow>(
        "SELECT s.id, s.code, s.name, o.time_zone FROM schools s JOIN organisations o ON o.id = s.organisation_id
         WHERE s.organisation_id = $1 ORDER BY s.name, s.code",
    )
    .bind(actor.organisation.0)
    .fetch_all(&mut *backend.tenant_transaction(actor.organisation).await?)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SchoolView { id: SchoolId(row.id), code: row.code, name: row.name })
        .filter(|school| decide(actor, permission, Resource::School(actor.organisation, school.id)).is_ok())
        .collect())
}

/// The school with this code, if the actor may do `permission` there.
pub async fn by_code(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    code: &SchoolCode,
) -> Result<SchoolContext> {
    backend.authorize(actor, permission, Resource::AnySchool(actor.organisation))?;
    let id = sqlx::query_scalar::<_, Uuid>("SELECT id FROM schools WHERE organisation_id = $1 AND code = $2")
        .bind(actor.organisation.0)
        .bind(code.to_string())
        .fetch_optional(&mut *backend.tenant_transaction(actor.organisation).await?)
        .await?
        .ok_or(Error::NotFound("school"))?;
    context(backend, actor, permission, SchoolId(id)).await
}

/// What use cases need to know of a school, if the actor may do `permission` there.
pub async fn context(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    school: SchoolId,
) -> Result<SchoolContext> {
    backend.authorize(actor, permission, Resource::School(actor.organisation, school))?;
    let row = sqlx::query_as::<_, SchoolRow>(
        "SELECT s.id, s.code, s.name, o.time_zone FROM schools s JOIN organisations o ON o.id = s.organisation_id
         WHERE s.organisation_id = $1 AND s.id = $2",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .fetch_optional(&mut *backend.tenant_transaction(actor.organisation).await?)
    .await?
    .ok_or(Error::NotFound("school"))?;
    let zone: Tz = row.time_zone.parse().map_err(Error::unexpected)?;
    Ok(SchoolContext {
        organisation: actor.organisation,
        school,
        code: row.code,
        name: row.name,
        zone,
        today: backend.today(zone),
    })
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
    backend.authorize(actor, permission, Resource::AnySchool(actor.organisation))?;
    let (zone, schools) = sqlx::query_as::<_, (String, Vec<Uuid>)>(
        "SELECT o.time_zone, ARRAY(SELECT DISTINCT e.school_id FROM enrolments e WHERE e.organisation_id = $1 AND e.person_id = p.id)
         FROM people p JOIN organisations o ON o.id = p.organisation_id
         WHERE p.organisation_id = $1 AND p.id = $2",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *backend.tenant_transaction(actor.organisation).await?)
    .await?
    .ok_or(Error::NotFound("student"))?;
    let at = |school| Resource::School(actor.organisation, SchoolId(school));
    if schools.is_empty() {
        backend.authorize(actor, permission, Resource::Organisation(actor.organisation))?;
    } else if !schools.iter().any(|school| decide(actor, permission, at(*school)).is_ok()) {
        return Err(Refusal::OtherSchool.into());
    }
    zone.parse().map_err(Error::unexpected)
}
