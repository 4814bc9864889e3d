//! The open tasks of the schools of somebody's office.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::guardians::task::{TaskDetails, TaskKind};
use domain::ids::{PersonId, SchoolId, TaskId};
use domain::roll::name::display_name;
use sqlx::types::Json;
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// The most tasks that the page shows. The oldest come first, so the others follow as these are done.
const MOST: i64 = 200;

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLine {
    /// The task.
    pub id: TaskId,
    /// What happened; `None` for a kind that this version does not know.
    pub kind: Option<TaskKind>,
    /// When.
    pub at: DateTime<Tz>,
    /// What else it says.
    pub details: TaskDetails,
    /// The adult, with their name.
    pub adult: Option<(PersonId, String)>,
    /// The child, with their name.
    pub child: Option<(PersonId, String)>,
    /// The school.
    pub school: String,
}

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: Uuid,
    kind: String,
    created_at: DateTime<Utc>,
    details: Json<TaskDetails>,
    adult_id: Option<Uuid>,
    adult_given: Option<String>,
    adult_family: Option<String>,
    adult_preferred: Option<String>,
    child_id: Option<Uuid>,
    child_given: Option<String>,
    child_family: Option<String>,
    child_preferred: Option<String>,
    school_id: Uuid,
    school: String,
}

/// Returns how many open tasks the actor's page shows; none for those who may not see them.
pub async fn count(backend: &Backend, actor: &Actor) -> Result<usize> {
    match open(backend, actor).await {
        Ok(tasks) => Ok(tasks.len()),
        Err(Error::Refused(_)) => Ok(0),
        Err(error) => Err(error),
    }
}

/// Returns the open tasks about people that the actor reaches, oldest first. Reviews of restrictions are for those who may
/// see restrictions.
pub async fn open(backend: &Backend, actor: &Actor) -> Result<Vec<TaskLine>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, AnySchool).await?;
    let rows: Vec<TaskRow> = sqlx::query_as(
        "SELECT t.id, t.kind, t.created_at, t.details, t.school_id, s.name AS school,
                a.id AS adult_id, a.given_name AS adult_given, a.family_name AS adult_family, a.preferred_name AS adult_preferred,
                c.id AS child_id, c.given_name AS child_given, c.family_name AS child_family, c.preferred_name AS child_preferred
         FROM office_tasks t
         JOIN schools s ON s.id = t.school_id
         LEFT JOIN people a ON a.id = t.adult_id AND (t.kind <> 'known_elsewhere' OR a.id IN (SELECT v.person_id FROM visible_people v))
         LEFT JOIN people c ON c.id = t.child_id
         WHERE t.organisation_id = $1 AND t.done_at IS NULL
           AND (t.child_id IS NULL OR t.child_id IN (SELECT v.person_id FROM visible_people v))
           AND (t.adult_id IS NULL OR t.child_id IS NOT NULL OR t.adult_id IN (SELECT v.person_id FROM visible_people v))
         ORDER BY t.created_at, t.id LIMIT $2",
    )
    .bind(actor.organisation.0)
    .bind(MOST)
    .fetch_all(&mut *transaction)
    .await?;
    let sees_restrictions = |school: Uuid| {
        let place = Resource::InSchool(actor.organisation, SchoolId(school));
        decide(actor, Permission::ManageRestrictions, place).is_ok()
    };
    Ok(rows
        .into_iter()
        .filter(|row| row.kind != TaskKind::RestrictionReview.slug() || sees_restrictions(row.school_id))
        .map(|row| row.line(at.zone))
        .collect())
}

impl TaskRow {
    fn line(self, zone: Tz) -> TaskLine {
        let named =
            |id: Option<Uuid>, given: Option<String>, family: Option<String>, preferred: Option<String>| {
                let name = display_name(&given?, &family?, &preferred?);
                Some((PersonId(id?), name))
            };
        TaskLine {
            id: TaskId(self.id),
            kind: TaskKind::from_slug(&self.kind),
            at: self.created_at.with_timezone(&zone),
            details: self.details.0,
            adult: named(self.adult_id, self.adult_given, self.adult_family, self.adult_preferred),
            child: named(self.child_id, self.child_given, self.child_family, self.child_preferred),
            school: self.school,
        }
    }
}
