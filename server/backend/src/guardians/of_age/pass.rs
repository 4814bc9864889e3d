//! The day itself: what adults see ends, except by a court order or with the student's consent.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::guardians::settings::OF_AGE;
use domain::ids::{OrganisationId, PersonId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::AuditEntry;
use crate::guardians::access::open::{NewGrant, insert};
use crate::settings::of_organisation;
use crate::{Backend, Result};

/// Ends what adults see of students whose day has come, opens what the students let them keep, and returns the lines for the
/// audit log. What a file or a contact opens after that day ends too: only the student opens it then.
pub(crate) async fn pass(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<Vec<AuditEntry>> {
    let age = of_organisation(connection, organisation, &OF_AGE).await?;
    // A date of birth that was corrected, or a higher age, moves the day: they are told again then.
    sqlx::query(
        "DELETE FROM comings_of_age c USING people p
         WHERE c.organisation_id = $1 AND c.passed_at IS NULL AND c.comes_on <= $3 AND p.id = c.person_id
           AND (p.born_on + make_interval(years => $2) > $3::date) IS NOT FALSE",
    )
    .bind(organisation.0)
    .bind(i32::try_from(age.years()).unwrap_or(i32::MAX))
    .bind(today)
    .execute(&mut *connection)
    .await?;
    let passing: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE comings_of_age SET passed_at = $3
         WHERE organisation_id = $1 AND passed_at IS NULL AND comes_on <= $2 RETURNING person_id",
    )
    .bind(organisation.0)
    .bind(today)
    .bind(backend.now())
    .fetch_all(&mut *connection)
    .await?;
    let stopped: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE access_grants g SET stopped_at = $2, stopped_for = 'of_age'
         FROM comings_of_age c
         WHERE g.organisation_id = $1 AND g.stopped_at IS NULL AND c.person_id = g.child_id AND c.passed_at IS NOT NULL
           AND (g.ground IN ('parental_responsibility', 'relation')
                OR (g.ground = 'consent' AND c.person_id = ANY($3)))
         RETURNING g.child_id",
    )
    .bind(organisation.0)
    .bind(backend.now())
    .bind(&passing)
    .fetch_all(&mut *connection)
    .await?;
    let kept = consented(connection, organisation, &passing, today).await?;
    insert(backend, connection, organisation, (None, None), &kept).await?;
    let of =
        |student: &Uuid, people: &mut dyn Iterator<Item = Uuid>| people.filter(|of| of == student).count();
    Ok(passing
        .iter()
        .map(|student| {
            let details = json!({
                "ended": of(student, &mut stopped.iter().copied()),
                "kept": of(student, &mut kept.iter().map(|grant| grant.child.0)),
            });
            AuditEntry::new(AuditAction::RightsPassed).person(PersonId(*student)).details(details)
        })
        .collect())
}

/// What these students let adults see from today on.
async fn consented(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    students: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<NewGrant>> {
    let rows: Vec<(Uuid, Uuid, String)> = sqlx::query_as(
        // Somebody who was merged since is the person who stayed.
        "SELECT DISTINCT coalesce(p.merged_into, p.id) AS adult_id, c.child_id, c.scope
         FROM of_age_consents c JOIN people p ON p.id = c.adult_id
         WHERE c.organisation_id = $1 AND c.child_id = ANY($2) ORDER BY c.child_id, adult_id, c.scope",
    )
    .bind(organisation.0)
    .bind(students)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(adult, child, scope)| {
            Some(NewGrant {
                adult: PersonId(adult),
                child: PersonId(child),
                scope: PortalScope::from_slug(&scope)?,
                ground: GrantGround::Consent,
                starts_on: today,
                ends_on: None,
            })
        })
        .collect())
}
