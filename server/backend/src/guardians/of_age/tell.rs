//! Telling students, the adults who see their portal, and the office, before the day.

use chrono::NaiveDate;
use domain::guardians::settings::{OF_AGE, OF_AGE_NOTICE};
use domain::guardians::task::{OfAgeNotice, TaskDetails, TaskKind};
use domain::ids::{AddressId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::message::{ChildComesOfAge, ComesOfAge};
use crate::guardians::tasks::add::{NewTask, insert};
use crate::messages::queue::{MessageDestination, NewMessage, queue};
use crate::settings::of_organisation;
use crate::{Backend, Result};

#[derive(sqlx::FromRow)]
struct ToldRow {
    person_id: Uuid,
    comes_on: NaiveDate,
    /// Where the student is told, if their account is in use.
    address_id: Option<Uuid>,
}

/// An adult who sees something of one of these students.
#[derive(sqlx::FromRow)]
struct SeeingRow {
    adult_id: Uuid,
    child_id: Uuid,
    /// Where the adult is told, if their account is in use.
    told_at: Option<Uuid>,
}

/// Tells every student on roll who comes of age within the days of notice, and whom adults see. Those adults are told too. Somebody
/// who is of age already gets the same notice before anything ends. The office gets a task, which says whom no message reached.
pub(crate) async fn tell(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<()> {
    let age = of_organisation(connection, organisation, &OF_AGE).await?;
    let notice = of_organisation(connection, organisation, &OF_AGE_NOTICE).await?;
    let students: Vec<ToldRow> = sqlx::query_as::<_, ToldRow>(
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
         SELECT new.person_id, new.comes_on, m.id AS address_id FROM new
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = new.person_id AND a.state IN ('active', 'locked')
         LEFT JOIN addresses m ON m.organisation_id = $1 AND m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         ORDER BY new.person_id",
    )
    .bind(organisation.0)
    .bind(i32::try_from(age.years()).unwrap_or(i32::MAX))
    .bind(i32::try_from(notice.days()).unwrap_or(i32::MAX))
    .bind(today)
    .bind(backend.now())
    .fetch_all(&mut *connection)
    .await?;
    let adults = seeing(connection, organisation, &students, today).await?;
    let tasks: Vec<NewTask> = students.iter().map(|student| student.task(&adults)).collect();
    insert(backend, connection, organisation, &tasks).await?;
    let message = |address: Option<Uuid>, person: Uuid, subject: Option<Uuid>| {
        Some(NewMessage {
            id: backend.new_id(),
            to: MessageDestination::Address(AddressId(address?)),
            person: Some(PersonId(person)),
            subject,
        })
    };
    let to_students: Vec<NewMessage> =
        students.iter().filter_map(|row| message(row.address_id, row.person_id, None)).collect();
    queue::<ComesOfAge>(backend, connection, organisation, &to_students).await?;
    let to_adults: Vec<NewMessage> =
        adults.iter().filter_map(|row| message(row.told_at, row.adult_id, Some(row.child_id))).collect();
    queue::<ChildComesOfAge>(backend, connection, organisation, &to_adults).await
}

/// The adults whose access to these students ends on the day: not by a court order, and not what a restriction closes.
async fn seeing(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    students: &[ToldRow],
    today: NaiveDate,
) -> Result<Vec<SeeingRow>> {
    Ok(sqlx::query_as::<_, SeeingRow>(
        "SELECT seen.adult_id, seen.child_id, m.id AS told_at
         FROM (SELECT DISTINCT g.adult_id, g.child_id FROM access_grants g
               WHERE g.organisation_id = $1 AND g.child_id = ANY($2) AND g.stopped_at IS NULL AND g.ground <> 'order'
                 AND (g.ends_on IS NULL OR g.ends_on >= $3)
                 AND NOT 'profile' = ANY (closed_parts(g.adult_id, g.child_id, $3))) seen
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = seen.adult_id AND a.state IN ('active', 'locked')
         LEFT JOIN addresses m ON m.organisation_id = $1 AND m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         ORDER BY seen.child_id, seen.adult_id",
    )
    .bind(organisation.0)
    .bind(students.iter().map(|student| student.person_id).collect::<Vec<_>>())
    .bind(today)
    .fetch_all(connection)
    .await?)
}

impl ToldRow {
    /// What the office is asked to look at: the day, and whom no message reached.
    fn task(&self, adults: &[SeeingRow]) -> NewTask {
        let theirs = adults.iter().filter(|adult| adult.child_id == self.person_id);
        let (told, untold): (Vec<_>, Vec<_>) = theirs.partition(|adult| adult.told_at.is_some());
        let count = |people: Vec<&SeeingRow>| u32::try_from(people.len()).unwrap_or(u32::MAX);
        let notice = OfAgeNotice {
            student: self.address_id.is_some(),
            adults: count(told),
            adults_untold: count(untold),
        };
        NewTask {
            kind: TaskKind::ComingOfAge,
            adult: None,
            child: Some(PersonId(self.person_id)),
            details: TaskDetails { day: Some(self.comes_on), of_age: Some(notice) },
        }
    }
}
