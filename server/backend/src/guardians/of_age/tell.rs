//! Telling students, and the office, before the day.

use chrono::NaiveDate;
use domain::guardians::settings::{OF_AGE, OF_AGE_NOTICE};
use domain::guardians::task::TaskKind;
use domain::ids::{OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::message::ComesOfAge;
use crate::guardians::tasks::add::{NewTask, insert};
use crate::messages::notice::LoadedNotice;
use crate::messages::queue::tell_owners;
use crate::settings::of_organisation;
use crate::{Backend, Result};

/// Tells every student on roll who comes of age within the days of notice, and whom adults see. Somebody who is of age
/// already gets the same notice before anything ends.
pub(crate) async fn tell(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<()> {
    let age = of_organisation(connection, organisation, &OF_AGE).await?;
    let notice = of_organisation(connection, organisation, &OF_AGE_NOTICE).await?;
    let told: Vec<(Uuid, NaiveDate, Option<Uuid>)> = sqlx::query_as(
        "WITH due AS (
             SELECT p.id, (p.born_on + make_interval(years => $2))::date AS birthday
             FROM people p
             WHERE p.organisation_id = $1 AND p.born_on + make_interval(years => $2) <= $4::date + $3::int
               AND EXISTS (SELECT FROM enrolments e
                           WHERE e.person_id = p.id AND e.latest AND (e.ends_on IS NULL OR e.ends_on >= $4))
               AND EXISTS (SELECT FROM access_grants g
                           WHERE g.child_id = p.id AND g.stopped_at IS NULL AND g.ground <> 'order'
                             AND (g.ends_on IS NULL OR g.ends_on >= $4))
         ), new AS (
             INSERT INTO comings_of_age (organisation_id, person_id, comes_on, told_at)
             SELECT $1, id, CASE WHEN birthday > $4 THEN birthday ELSE $4::date + $3::int END, $5 FROM due
             ON CONFLICT DO NOTHING
             RETURNING person_id, comes_on
         )
         SELECT new.person_id, new.comes_on, a.id FROM new
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = new.person_id AND a.state IN ('active', 'locked')
         ORDER BY new.person_id",
    )
    .bind(organisation.0)
    .bind(i32::try_from(age.years()).unwrap_or(i32::MAX))
    .bind(i32::try_from(notice.days()).unwrap_or(i32::MAX))
    .bind(today)
    .bind(backend.now())
    .fetch_all(&mut *connection)
    .await?;
    let tasks: Vec<NewTask> = told
        .iter()
        .map(|(student, day, _)| NewTask {
            kind: TaskKind::ComingOfAge,
            adult: None,
            child: Some(PersonId(*student)),
            day: Some(*day),
        })
        .collect();
    insert(backend, connection, organisation, &tasks).await?;
    let accounts: Vec<Uuid> = told.into_iter().filter_map(|(.., account)| account).collect();
    tell_owners::<LoadedNotice<ComesOfAge>>(backend, connection, organisation, &accounts).await
}
