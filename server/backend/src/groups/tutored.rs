//! The teaching groups that somebody tutors.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::role::Role;
use domain::ids::{GroupId, PersonId, SchoolId};
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// A group that somebody tutors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TutoredGroup {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// The name of its year; empty for a group of no year.
    pub year: String,
    /// Whether it is closed, so that the role gives nothing.
    pub closed: bool,
    /// The last day of the role, if it has one.
    pub until: Option<NaiveDate>,
    /// Whether somebody else tutors it too.
    pub shared: bool,
}

#[derive(sqlx::FromRow)]
struct TutoredGroupRow {
    id: Uuid,
    name: String,
    year: Option<String>,
    closed: bool,
    until: Option<NaiveDate>,
    shared: bool,
}

/// Returns the groups that somebody tutors at a school today or later, by name, the closed ones last.
pub async fn tutored(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<Vec<TutoredGroup>> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ViewRoll, School(school)).await?;
    let rows = sqlx::query_as::<_, TutoredGroupRow>(
        "SELECT g.id, g.name, y.name AS year, g.closed_at IS NOT NULL AS closed, r.ends_on AS until,
                EXISTS (SELECT FROM staff_roles o
                        WHERE o.group_id = g.id AND o.role = r.role AND o.person_id <> r.person_id
                          AND (o.ends_on < $5) IS NOT TRUE) AS shared
         FROM staff_roles r
         JOIN groups g ON g.organisation_id = r.organisation_id AND g.id = r.group_id
         LEFT JOIN academic_years y ON y.id = g.academic_year_id
         WHERE r.organisation_id = $1 AND r.school_id = $2 AND r.person_id = $3 AND r.role = $4
           AND (r.ends_on < $5) IS NOT TRUE AND r.person_id <> ALL ($6)
         ORDER BY g.closed_at IS NOT NULL, lower(g.name), g.id",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(person.0)
    .bind(Role::GroupTutor.slug())
    .bind(at.today)
    .bind(at.hidden())
    .fetch_all(&mut *transaction)
    .await?;
    let group = |row: TutoredGroupRow| TutoredGroup {
        group: GroupId(row.id),
        name: row.name,
        year: row.year.unwrap_or_default(),
        closed: row.closed,
        until: row.until,
        shared: row.shared,
    };
    Ok(rows.into_iter().map(group).collect())
}
