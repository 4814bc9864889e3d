//! Who tutors a group.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::role::Role;
use domain::credentials::state::AccountState;
use domain::groups::tutor::TutorStanding;
use domain::ids::{GroupId, PersonId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::record_all;
use crate::authorization::roles::tutors::{appoint, dismiss};
use crate::staff::employed::staff_of;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::Group;
use crate::{Backend, Error, Result};

/// A tutor of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tutor {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Whether they can go on.
    pub standing: TutorStanding,
}

/// Somebody who can be made a tutor.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TutorChoice {
    /// The person.
    #[sqlx(try_from = "Uuid")]
    pub person: PersonId,
    /// Their name, with the code of the staff list.
    #[sqlx(flatten)]
    pub named: NamedStaff,
}

/// How staff are written in a choice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NamedStaff {
    given_name: String,
    family_name: String,
    preferred_name: String,
    staff_code: String,
}

impl NamedStaff {
    /// "Marek Lindqvist (MLI)".
    pub fn label(&self) -> String {
        let name = display_name(&self.given_name, &self.family_name, &self.preferred_name);
        if self.staff_code.is_empty() { name } else { format!("{name} ({})", self.staff_code) }
    }
}

#[derive(sqlx::FromRow)]
struct TutorRow {
    group_id: Uuid,
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    state: Option<String>,
}

/// The tutors of these groups, by name.
pub(crate) async fn of_groups(
    connection: &mut PgConnection,
    at: &SchoolContext,
    groups: &[GroupId],
) -> Result<HashMap<GroupId, Vec<Tutor>>> {
    let rows = sqlx::query_as::<_, TutorRow>(
        "SELECT r.group_id, r.person_id, p.given_name, p.family_name, p.preferred_name, w.starts_on, w.ends_on,
                CASE WHEN a.id IS NOT NULL THEN account_state(a.id, a.state) END AS state
         FROM staff_roles r
         JOIN people p ON p.organisation_id = r.organisation_id AND p.id = r.person_id
         LEFT JOIN employments w ON w.school_id = r.school_id AND w.person_id = r.person_id
         LEFT JOIN accounts a ON a.organisation_id = r.organisation_id AND a.person_id = r.person_id
         WHERE r.organisation_id = $1 AND r.school_id = $2 AND r.role = $3 AND r.group_id = ANY ($4)
           AND (r.ends_on < $5) IS NOT TRUE
         ORDER BY p.sort_key, p.id",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(Role::GroupTutor.slug())
    .bind(groups.iter().map(|group| group.0).collect::<Vec<_>>())
    .bind(at.today)
    .fetch_all(connection)
    .await?;
    let mut tutors: HashMap<GroupId, Vec<Tutor>> = HashMap::new();
    for row in rows {
        let state = row
            .state
            .map(|slug| {
                AccountState::from_slug(&slug)
                    .ok_or_else(|| Error::unexpected(format!("account state {slug}")))
            })
            .transpose()?;
        tutors.entry(GroupId(row.group_id)).or_default().push(Tutor {
            person: PersonId(row.person_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            standing: TutorStanding::of((row.starts_on, row.ends_on), state, at.today),
        });
    }
    Ok(tutors)
}

/// Everyone who can be made a tutor at a school, by name: its staff, except the actor and people whom a restriction hides.
pub(crate) async fn choices(
    connection: &mut PgConnection,
    at: &SchoolContext,
    actor: &Actor,
) -> Result<Vec<TutorChoice>> {
    Ok(sqlx::query_as::<_, TutorChoice>(
        "SELECT p.id AS person, p.given_name, p.family_name, p.preferred_name, w.staff_code
         FROM employments w JOIN people p ON p.organisation_id = w.organisation_id AND p.id = w.person_id
         WHERE w.organisation_id = $1 AND w.school_id = $2 AND (w.ends_on < $3) IS NOT TRUE
           AND p.id <> ALL ($4) AND p.id IS DISTINCT FROM $5
         ORDER BY p.sort_key, p.id",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(at.today)
    .bind(at.hidden())
    .bind(actor.person().map(|person| person.0))
    .fetch_all(connection)
    .await?)
}

/// Refuses people who are not staff of the school.
pub(crate) async fn refuse_strangers(
    connection: &mut PgConnection,
    at: &SchoolContext,
    people: &[PersonId],
) -> Result<()> {
    if staff_of(connection, at, people).await?.len() == people.len() {
        Ok(())
    } else {
        Err(Error::NotFound("member of staff"))
    }
}

/// Makes a member of staff a tutor of a group: they see and manage the accounts of its members.
#[tracing::instrument(skip_all, fields(%group, %person))]
pub async fn add(backend: &Backend, actor: &Actor, group: GroupId, person: PersonId) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, Group(group)).await?;
    refuse_strangers(&mut transaction, &at.school, &[person]).await?;
    let place = (at.school.school, group);
    let (mut transaction, entries) = appoint(backend, transaction, actor, place, &[person]).await?;
    record_all(backend, &mut transaction, actor, entries).await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends that somebody tutors a group, from their next request.
#[tracing::instrument(skip_all, fields(%group, %person))]
pub async fn remove(backend: &Backend, actor: &Actor, group: GroupId, person: PersonId) -> Result<()> {
    let Entered { transaction, at } = backend.enter(actor, Permission::ManageGroups, Group(group)).await?;
    let place = (at.school.school, group);
    let (mut transaction, entry) = dismiss(backend, transaction, actor, place, person).await?;
    record_all(backend, &mut transaction, actor, vec![entry]).await?;
    transaction.commit().await?;
    Ok(())
}
