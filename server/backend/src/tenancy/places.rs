//! What a use case knows of the place that it was entered for.

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

/// An organisation: the zone of its clocks, and the day it is there.
#[derive(Debug, Clone, Copy)]
pub struct OrganisationContext {
    /// The tenant.
    pub organisation: OrganisationId,
    /// Where its clocks are.
    pub zone: Tz,
    /// The day it is there.
    pub today: NaiveDate,
}

/// A school as use cases need it: names for messages, the zone for times, the day that roll status is computed for.
#[derive(Debug, Clone)]
pub struct SchoolContext {
    /// The tenant it belongs to.
    pub organisation: OrganisationId,
    /// The school.
    pub school: SchoolId,
    /// Its short name.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where its clocks are.
    pub zone: Tz,
    /// The day it is there.
    pub today: NaiveDate,
    /// Those whom the actor may do to what they entered for.
    pub visible: VisiblePeople,
}

impl SchoolContext {
    /// Whether a role gives it for everybody of the school, but those whom a restriction hides: then no statement has to
    /// ask the view `visible_people`, which looks at people one by one.
    pub fn everybody(&self) -> bool {
        self.visible.reaches_all_of(self.school)
    }

    /// Those whom a restriction hides from the actor.
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
    /// The school it is of.
    pub school: SchoolContext,
}

/// One person.
#[derive(Debug, Clone)]
pub struct PersonContext {
    /// The tenant they belong to.
    pub organisation: OrganisationId,
    /// Who.
    pub person: PersonId,
    /// Where the clocks of their organisation are.
    pub zone: Tz,
    /// The day it is there.
    pub today: NaiveDate,
    /// The schools that they are or were on roll at, where their record was entered for.
    pub schools: Vec<SchoolId>,
    /// The groups that they are a member of today, where their record was entered for.
    pub groups: Vec<GroupId>,
}

impl PersonContext {
    /// Whether the actor, who entered for the record of this person, may do something else to them too.
    pub fn allows(&self, actor: &Actor, permission: Permission) -> bool {
        let places = PersonPlaces { person: self.person, schools: &self.schools, groups: &self.groups };
        decide(actor, permission, Resource::Person(self.organisation, places)).is_ok()
    }
}

#[derive(sqlx::FromRow)]
struct SchoolRow {
    id: Uuid,
    code: String,
    name: String,
}

/// The schools where the actor's roles give `permission` for some people at least, by name.
pub async fn reached(backend: &Backend, actor: &Actor, permission: Permission) -> Result<Vec<SchoolView>> {
    let mut transaction = backend.enter(actor, permission, AnySchool).await?.transaction;
    let rows = sqlx::query_as::<_, SchoolRow>(
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
