//! One teaching group: what it studies, who tutors it and who is in it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::{Resource, decide};
use domain::credentials::status::AccountStatus;
use domain::ids::{AcademicYearId, CourseId, GroupId, PersonId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::change::RecentChange;
use super::change::recent::recent;
use super::tutors::{Tutor, of_groups};
use crate::roll::entries::{AccountColumns, with_account};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::Group;
use crate::{Backend, Error, Result};

/// A teaching group.
#[derive(Debug, Clone)]
pub struct GroupPage {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its year, with its name.
    pub year: Option<(AcademicYearId, String)>,
    /// Whether it is closed.
    pub closed: bool,
    /// What it studies, by name.
    pub courses: Vec<GroupCourse>,
    /// Its tutors, by name.
    pub tutors: Vec<Tutor>,
    /// Its members today and later, by name, of those the reader may see.
    pub members: Vec<Member>,
    /// Whether the reader may change it.
    pub manages: bool,
    /// The latest changes of its members, for those who may change it.
    pub recent: Vec<RecentChange>,
}

impl GroupPage {
    /// The courses that were chosen.
    pub fn chosen(&self) -> BTreeSet<CourseId> {
        self.courses.iter().filter(|course| course.chosen).map(|course| course.id).collect()
    }
}

/// A course of a group.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupCourse {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: CourseId,
    /// Its name.
    pub name: String,
    /// Whether somebody chose it; otherwise the rule added it.
    pub chosen: bool,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their admission number.
    pub admission_number: String,
    /// Their year group.
    pub year_group: String,
    /// Their registration group.
    pub registration_group: String,
    /// Their username, if the reader may see it.
    pub username: Option<String>,
    /// The state of their account; `None` if the reader may not see it.
    pub status: Option<AccountStatus>,
    /// Their first day in the group.
    pub since: NaiveDate,
    /// Their last day in it.
    pub until: Option<NaiveDate>,
    /// Whether they are a member today.
    pub now: bool,
}

#[derive(sqlx::FromRow)]
struct GroupFactsRow {
    closed: bool,
    year_id: Option<Uuid>,
    year: Option<String>,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    admission_number: String,
    year_group: String,
    registration_group: String,
    since: NaiveDate,
    until: Option<NaiveDate>,
    email: Option<String>,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Returns a group with its members as far as the actor may see them.
pub async fn group(backend: &Backend, actor: &Actor, group: GroupId) -> Result<GroupPage> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ViewRoll, Group(group)).await?;
    let facts = sqlx::query_as::<_, GroupFactsRow>(
        "SELECT g.closed_at IS NOT NULL AS closed, y.id AS year_id, y.name AS year
         FROM groups g LEFT JOIN academic_years y ON y.id = g.academic_year_id
         WHERE g.organisation_id = $1 AND g.id = $2 AND g.kind = 'teaching'",
    )
    .bind(actor.organisation.0)
    .bind(group.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("group"))?;
    let courses = sqlx::query_as::<_, GroupCourse>(
        "SELECT c.id, c.name, gc.chosen FROM group_courses gc JOIN courses c ON c.id = gc.course_id
         WHERE gc.organisation_id = $1 AND gc.group_id = $2 ORDER BY NOT gc.chosen, lower(c.name), c.id",
    )
    .bind(actor.organisation.0)
    .bind(group.0)
    .fetch_all(&mut *transaction)
    .await?;
    let tutors = of_groups(&mut transaction, &at.school, &[group]).await?.remove(&group).unwrap_or_default();
    let here = Resource::Group(actor.organisation, at.school.school, group);
    let sees_accounts = decide(actor, Permission::ViewAccounts, here).is_ok();
    let members = members(backend, &mut transaction, &at.school, (group, sees_accounts)).await?;
    let manages = decide(actor, Permission::ManageGroups, here).is_ok();
    let recent = if manages { recent(&mut transaction, &at.school, group).await? } else { Vec::new() };
    Ok(GroupPage {
        id: group,
        name: at.name,
        year: facts.year_id.map(AcademicYearId).zip(facts.year),
        closed: facts.closed,
        courses,
        tutors,
        members,
        manages,
        recent,
    })
}

/// The members of a group from today on, by name. Somebody who leaves and comes back is there once, with the nearest of
/// their times.
async fn members(
    backend: &Backend,
    connection: &mut PgConnection,
    at: &SchoolContext,
    (group, sees_accounts): (GroupId, bool),
) -> Result<Vec<Member>> {
    let rows = sqlx::query_as::<_, MemberRow>(with_account!(
        "m.person_id, p.given_name, p.family_name, p.preferred_name, coalesce(e.admission_number, '') AS admission_number,
         coalesce(e.year_group, '') AS year_group, coalesce(e.registration_group, '') AS registration_group,
         m.starts_on AS since, m.ends_on AS until, d.value AS email",
        "FROM (SELECT DISTINCT ON (n.person_id) n.person_id, n.starts_on, n.ends_on FROM group_members n
               WHERE n.organisation_id = $1 AND n.group_id = $3 AND (n.ends_on < $4) IS NOT TRUE
               ORDER BY n.person_id, n.starts_on) m
         JOIN people p ON p.id = m.person_id
         LEFT JOIN enrolments e ON e.person_id = m.person_id AND e.school_id = $2 AND e.latest
         LEFT JOIN addresses d ON d.person_id = m.person_id AND d.kind = 'email' AND d.is_primary
         LEFT JOIN accounts a ON a.person_id = m.person_id AND $5
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         WHERE ($6 OR m.person_id IN (SELECT v.person_id FROM visible_people v)) AND m.person_id <> ALL ($7)
         ORDER BY p.sort_key, p.id"
    ))
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(group.0)
    .bind(at.today)
    .bind(sees_accounts)
    .bind(at.everybody())
    .bind(at.hidden())
    .fetch_all(connection)
    .await?;
    let now = backend.now();
    rows.into_iter()
        .map(|row| {
            let account = row.account.account(row.email.is_some())?;
            let status = AccountStatus::of(account.as_ref().map(|account| &account.standing), now);
            Ok(Member {
                person: PersonId(row.person_id),
                name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
                admission_number: row.admission_number,
                year_group: row.year_group,
                registration_group: row.registration_group,
                username: account.map(|account| account.username),
                status: sees_accounts.then_some(status),
                since: row.since,
                until: row.until,
                now: row.since <= at.today,
            })
        })
        .collect()
}
