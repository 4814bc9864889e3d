//! The two people of a merge, and what is in the way of one.

use chrono::{DateTime, NaiveDate, Utc};
use domain::authorization::actor::Actor;
use domain::guardians::duplicates::obstacle::MergeObstacle;
use domain::ids::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Error, Result};

/// One of the two.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(in crate::guardians::duplicates) struct Party {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) given_name: String,
    pub(super) middle_name: String,
    pub(super) family_name: String,
    pub(super) preferred_name: String,
    pub(super) born_on: Option<NaiveDate>,
    pub(super) language: String,
    pub(super) is_organisation: bool,
    pub(super) updated_at: DateTime<Utc>,
    merged: bool,
    /// The admission number, if they are or were on roll: names are found together with it.
    pub(super) admission_number: Option<String>,
    is_student: bool,
    is_staff: bool,
    has_roles: bool,
    pub(super) account_id: Option<Uuid>,
    pub(super) account_state: Option<String>,
    pub(super) username: Option<String>,
    pub(super) last_sign_in_at: Option<DateTime<Utc>>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) home: Option<String>,
    /// Whether somebody whom the reader may not see is their child.
    hides_child: bool,
}

impl Party {
    pub(in crate::guardians::duplicates) fn person(&self) -> PersonId {
        PersonId(self.id)
    }

    /// Whether they are on the staff list or have a role.
    fn works(&self) -> bool {
        self.is_staff || self.has_roles
    }

    /// Whether they can sign in, or will once they activate their account, or once it is enabled.
    pub(super) fn has_login(&self) -> bool {
        self.account_state.as_deref().is_some_and(|state| state != "closed")
    }
}

/// Locks people, in the order of their ids, so that two merges wait for each other instead of deadlocking.
pub(in crate::guardians::duplicates) async fn lock(
    connection: &mut PgConnection,
    actor: &Actor,
    people: &[PersonId],
) -> Result<()> {
    sqlx::query(
        "SELECT FROM people WHERE organisation_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Loads two people whom the transaction's actor may see, in the order asked for.
pub(super) async fn look(
    connection: &mut PgConnection,
    actor: &Actor,
    people: [PersonId; 2],
) -> Result<[Party; 2]> {
    let mut rows = read(connection, actor, &people).await?;
    let mut take = |person: PersonId| {
        let at = rows.iter().position(|row| row.id == person.0).ok_or(Error::NotFound("guardian"))?;
        Ok::<_, Error>(rows.swap_remove(at))
    };
    Ok([take(people[0])?, take(people[1])?])
}

/// Loads one.
pub(super) async fn look_at(connection: &mut PgConnection, actor: &Actor, person: PersonId) -> Result<Party> {
    read(connection, actor, &[person]).await?.pop().ok_or(Error::NotFound("guardian"))
}

async fn read(connection: &mut PgConnection, actor: &Actor, people: &[PersonId]) -> Result<Vec<Party>> {
    Ok(sqlx::query_as::<_, Party>(
        "SELECT p.id, p.title, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on, p.language,
                p.is_organisation, p.updated_at, p.merged_into IS NOT NULL AS merged,
                (SELECT e.admission_number FROM enrolments e WHERE e.person_id = p.id AND e.latest ORDER BY e.id LIMIT 1)
                    AS admission_number,
                EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)
                OR EXISTS (SELECT FROM contacts c WHERE c.child_id = p.id) AS is_student,
                EXISTS (SELECT FROM employments e WHERE e.person_id = p.id) AS is_staff,
                EXISTS (SELECT FROM staff_roles r WHERE r.person_id = p.id) AS has_roles,
                a.id AS account_id, a.state AS account_state, a.username, a.last_sign_in_at,
                (SELECT m.value FROM addresses m WHERE m.person_id = p.id AND m.kind = 'email' AND m.is_primary) AS email,
                (SELECT m.value FROM addresses m WHERE m.person_id = p.id AND m.kind = 'phone' AND m.is_primary) AS phone,
                (SELECT h.lines || CASE h.postcode WHEN '' THEN '' ELSE ', ' || h.postcode END
                 FROM postal_addresses h WHERE h.person_id = p.id) AS home,
                EXISTS (SELECT FROM (SELECT c.child_id FROM contacts c WHERE c.adult_id = p.id AND c.ended_at IS NULL
                                     UNION SELECT g.child_id FROM access_grants g WHERE g.adult_id = p.id AND g.stopped_at IS NULL
                                    ) theirs
                        WHERE NOT EXISTS (SELECT FROM visible_people v WHERE v.person_id = theirs.child_id)) AS hides_child
         FROM people p
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND p.id = ANY ($2) AND p.id IN (SELECT v.person_id FROM known_adults v)",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?)
}

/// What is in the way of merging `other` into `survivor`, if anything is.
pub(super) async fn obstacle(
    connection: &mut PgConnection,
    actor: &Actor,
    survivor: &Party,
    other: &Party,
) -> Result<Option<MergeObstacle>> {
    use MergeObstacle as O;
    let related: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM contacts WHERE adult_id = ANY ($1) AND child_id = ANY ($1))
             OR EXISTS (SELECT FROM access_grants WHERE adult_id = ANY ($1) AND child_id = ANY ($1))
             OR EXISTS (SELECT FROM access_restrictions WHERE adult_id = ANY ($1) AND child_id = ANY ($1))",
    )
    .bind([survivor.id, other.id])
    .fetch_one(connection)
    .await?;
    let checks = [
        (O::AlreadyMerged, survivor.merged || other.merged),
        (
            O::Yourself,
            [survivor.person(), other.person()].iter().any(|person| actor.person() == Some(*person)),
        ),
        (O::OrganisationAndPerson, survivor.is_organisation != other.is_organisation),
        (O::Related, related),
        (O::BothStudents, survivor.is_student && other.is_student),
        (O::BothStaff, survivor.works() && other.works()),
        (O::Student, other.is_student),
        (O::Staff, other.works()),
        (O::RolesForALogin, survivor.has_roles && !survivor.has_login() && other.account_id.is_some()),
        (O::ClosedAccountStays, survivor.account_id.is_some() && !survivor.has_login() && other.has_login()),
        (O::ChildOutOfReach, survivor.hides_child || other.hides_child),
    ];
    Ok(checks.into_iter().find(|(_, holds)| *holds).map(|(obstacle, _)| obstacle))
}

/// Refuses what is in the way.
pub(super) fn refuse(obstacle: Option<MergeObstacle>) -> Result<()> {
    obstacle.map_or(Ok(()), |obstacle| Err(Error::conflict(obstacle.code(), obstacle.to_string())))
}
