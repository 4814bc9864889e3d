//! The home page of a person's own portal.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset as _, Utc};
use chrono_tz::Tz;
use domain::accounts::portal_choice::PortalChoice;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{OrganisationId, PersonId};
use domain::portal::{PortalFrameView, PortalHome, PortalSchool};
use domain::roll::name::PersonName;
use domain::roll::status::RollStatus;
use sqlx::PgConnection;

use super::visits::visits;
use crate::guardians::family::children::{Looking, children, granted};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// How many visits by staff the home page shows.
const VISITS: i64 = 5;

/// Returns the home page of the signed-in person.
pub async fn home(backend: &Backend, actor: &Actor) -> Result<PortalHome> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    load(backend, &mut transaction, actor, at.person, Looking::Guardian).await
}

#[derive(sqlx::FromRow)]
struct PortalPersonRow {
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    born_on: Option<NaiveDate>,
    username: String,
    portal_group: Option<String>,
    time_zone: String,
    works_here: bool,
    employed: bool,
    emails: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct PortalEnrolmentRow {
    name: String,
    year_group: String,
    registration_group: String,
    admission_number: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Loads the home page of a person with an account, for themselves or for a preview: their own data, and the children that
/// their grants open.
pub(super) async fn load(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    looking: Looking,
) -> Result<PortalHome> {
    decide(actor, Permission::OwnPortal, Resource::Own(actor.organisation, person))?;
    let organisation = actor.organisation;
    let row: PortalPersonRow = sqlx::query_as(
        "SELECT p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on, a.username, a.portal_group, o.time_zone,
                EXISTS (SELECT FROM staff_roles r WHERE r.organisation_id = p.organisation_id AND r.person_id = p.id
                          AND daterange(r.starts_on, r.ends_on, '[]') @> ($3 AT TIME ZONE o.time_zone)::date) AS works_here,
                EXISTS (SELECT FROM employments w WHERE w.organisation_id = p.organisation_id AND w.person_id = p.id) AS employed,
                ARRAY(SELECT m.value FROM addresses m WHERE m.person_id = p.id AND m.kind = 'email'
                      ORDER BY m.is_primary DESC, m.created_at, m.id) AS emails
         FROM people p
         JOIN organisations o ON o.id = p.organisation_id
         JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND p.id = $2",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(backend.now())
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(Error::NotFound("account"))?;
    let choice = PortalChoice::from_stored(row.portal_group.as_deref()).unwrap_or_default();
    let zone: Tz = row.time_zone.parse().map_err(Error::unexpected)?;
    let name = PersonName::new(&row.given_name, &row.middle_name, &row.family_name, &row.preferred_name)
        .map_err(Error::unexpected)?;
    let schools = schools(backend, connection, organisation, person, zone).await?;
    let granted = granted(actor);
    let children = children(connection, organisation, backend.today(zone), &granted, looking).await?;
    let guardian = schools.is_empty() && !row.works_here && !row.employed;
    Ok(PortalHome {
        person,
        familiar: name.familiar().to_owned(),
        name: [name.given(), name.middle(), name.family()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        preferred: if name.preferred() == name.given() { String::new() } else { name.preferred().to_owned() },
        username: row.username,
        born_on: row.born_on,
        emails: row.emails,
        frame: PortalFrameView::of(!schools.is_empty(), row.works_here, choice),
        schools,
        now: local(backend.now(), zone),
        visits: visits(connection, organisation, person, zone, VISITS).await?,
        guardian,
        children_not_shown: granted.len() - children.len(),
        children,
    })
}

async fn schools(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    zone: Tz,
) -> Result<Vec<PortalSchool>> {
    let rows: Vec<PortalEnrolmentRow> = sqlx::query_as(
        "SELECT c.name, e.year_group, e.registration_group, e.admission_number, e.starts_on, e.ends_on
         FROM enrolments e JOIN schools c ON c.id = e.school_id
         WHERE e.organisation_id = $1 AND e.person_id = $2 AND e.latest
         ORDER BY e.starts_on DESC, e.id",
    )
    .bind(organisation.0)
    .bind(person.0)
    .fetch_all(connection)
    .await?;
    let today = backend.today(zone);
    let mut schools: Vec<PortalSchool> = rows
        .into_iter()
        .map(|row| PortalSchool {
            name: row.name,
            year: row.year_group,
            group: row.registration_group,
            admission_number: row.admission_number,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            status: RollStatus::on(today, row.starts_on, row.ends_on),
        })
        .collect();
    schools.sort_by_key(|school| school.status != RollStatus::Current);
    Ok(schools)
}

pub(super) fn local(at: DateTime<Utc>, zone: Tz) -> DateTime<FixedOffset> {
    let at = at.with_timezone(&zone);
    let offset = at.offset().fix();
    at.with_timezone(&offset)
}
