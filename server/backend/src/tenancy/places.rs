//! What a use case knows about the place it was entered for.

use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::place::PersonPlaces;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::authorization::visible::VisiblePeople;
use domain::ids::{GroupId, OrganisationId, PersonId, SchoolId};
use domain::roll::school::SchoolView;
use uuid::Uuid;

use super::target::AnySchool;
use crate::{Backend, Result};

/// An organisation with its time zone and current date.
#[derive(Debug, Clone, Copy)]
pub struct OrganisationContext {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its time zone.
    pub zone: Tz,
    /// The current date there.
    pub today: NaiveDate,
}

/// A school as use cases need it: names for messages, the time zone, and the date for roll status.
#[derive(Debug, Clone)]
pub struct SchoolContext {
    /// The organisation it belongs to.
    pub organisation: OrganisationId,
    /// The school.
    pub school: SchoolId,
    /// Its short name.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Tz,
    /// The current date there.
    pub today: NaiveDate,
    /// The people the actor may act on, with the permission they entered with.
    pub visible: VisiblePeople,
}

impl SchoolContext {
    /// Whether a role gives the permission for everyone at the school except people hidden by a restriction.
    /// Statements then do not need the view `visible_people`, which checks people one by one.
    pub fn everybody(&self) -> bool {
        self.visible.reaches_all_of(self.school)
    }

    /// The people hidden from the actor by a restriction.
    pub fn hidden(&self) -> Vec<Uuid> {
        self.visible.hidden.iter().map(|person| person.0).collect()
    }
}

/// A group of a school.
#[derive(Debug, Clone)]
pub struct GroupContext {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// Its school.
    pub school: SchoolContext,
}

/// One person.
#[derive(Debug, Clone)]
pub struct PersonContext {
    /// The organisation they belong to.
    pub organisation: OrganisationId,
    /// The person.
    pub person: PersonId,
    /// Their organisation's time zone.
    pub zone: Tz,
    /// The current date there.
    pub today: NaiveDate,
    /// The schools at which they are or were on roll, if the use case is about their record.
    pub schools: Vec<SchoolId>,
    /// The groups they are a member of today, if the use case is about their record.
    pub groups: Vec<GroupId>,
}

impl PersonContext {
    /// Whether the actor, who entered for this person's record, may also do something else to them.
    pub fn allows(&self, actor: &Actor, permission: Permission) -> bool {
        let places = PersonPlaces { person: self.person, schools: &self.schools, groups: &self.groups };
        decide(actor, permission, Resource::Person(self.organisation, places)).is_ok()
    }
}

#[derive(sqlx::FromRow)]
struct ReachedSchoolRow {
    id: Uuid,
    code: String,
    name: String,
}

/// Returns the schools where the actor's roles give `permission` for at least some people, by name.
pub async fn reached(backend: &Backend, actor: &Actor, permission: Permission) -> Result<Vec<SchoolView>> {
    let mut transaction = backend.enter(actor, permission, AnySchool).await?.transaction;
    let rows = sqlx::query_as::<_, ReachedSchoolRow>(
        "SELECT id, code, name FROM schools WHERE organisation_id = $1 ORDER BY name, code",
    )
    .bind(actor.organisation.0)
    .fetch_all(&mut *transaction)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SchoolView { id: SchoolId(row.id), code: row.code, name: row.name })
        .filter(|school| decide(actor, permission, Resource::InSchool(actor.organisation, school.id)).is_ok())
        .collect())
}
