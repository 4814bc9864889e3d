//! The list of schools.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::SchoolId;
use domain::roll::office::OfficeContact;
use domain::roll::school::SchoolView;
use serde::Serialize;
use uuid::Uuid;

use crate::tenancy::target::AnySchool;
use crate::{Backend, Result};

/// A school in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedSchool {
    /// The school.
    #[serde(flatten)]
    pub school: SchoolView,
    /// Its own office; empty if families reach it at the organisation's.
    pub office: OfficeContact,
    /// The number of students on its lists.
    pub students: i64,
}

/// The organisation's schools, for people who manage the settings of at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schools {
    /// Those whose settings the reader manages, by name.
    pub schools: Vec<ListedSchool>,
    /// Whether the reader may add one.
    pub may_add: bool,
}

#[derive(sqlx::FromRow)]
struct SchoolRow {
    id: Uuid,
    code: String,
    name: String,
    office_phone: Option<String>,
    office_email: Option<String>,
    students: i64,
}

/// Returns the schools whose settings the actor manages.
pub async fn schools(backend: &Backend, actor: &Actor) -> Result<Schools> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, AnySchool).await?.transaction;
    let rows: Vec<SchoolRow> = sqlx::query_as(
        "SELECT s.id, s.code, s.name, s.office_phone, s.office_email,
                (SELECT count(*) FROM enrolments e
                 WHERE e.organisation_id = s.organisation_id AND e.school_id = s.id AND e.latest) AS students
         FROM schools s WHERE s.organisation_id = $1 ORDER BY s.name, s.code",
    )
    .bind(actor.organisation.0)
    .fetch_all(&mut *transaction)
    .await?;
    let manages = |resource| decide(actor, Permission::ManageSettings, resource).is_ok();
    let schools = rows
        .into_iter()
        .filter(|row| manages(Resource::School(actor.organisation, SchoolId(row.id))))
        .map(|row| ListedSchool {
            office: OfficeContact::stored(row.office_phone.as_deref(), row.office_email.as_deref()),
            school: SchoolView { id: SchoolId(row.id), code: row.code, name: row.name },
            students: row.students,
        })
        .collect();
    Ok(Schools { schools, may_add: manages(Resource::Organisation(actor.organisation)) })
}
