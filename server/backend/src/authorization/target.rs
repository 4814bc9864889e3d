//! What a use case can be entered for.

use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::permission::Permission;
use domain::authorization::place::PersonPlaces;
use domain::authorization::policy::{Resource, decide};
use domain::authorization::visible::VisiblePeople;
use domain::ids::{GroupId, OrganisationId, PersonId, SchoolId};
use domain::roll::school::SchoolCode;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;
use uuid::Uuid;

use super::enter::look_up;
use super::places::{GroupContext, OrganisationContext, PersonContext, SchoolContext};
use crate::{Backend, Error, Result};

/// A statement that finds a row.
pub type LookUp<R> = QueryAs<'static, Postgres, R, PgArguments>;

/// What a use case is about, as [`Backend::enter`] takes it.
pub trait Target: Copy + Send {
    /// What is known of it afterwards.
    type Place: Send;
    /// It, as the database has it.
    type Row: Send + Unpin + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>;
    /// What it is called where it is not found.
    const KIND: &'static str;

    /// What the policy is asked about before anything is read.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the actor is nobody who could have one.
    fn resource(self, actor: &Actor) -> Result<Resource<'static>>;

    /// Whom the actor may do this to.
    fn visible(self, actor: &Actor, permission: Permission) -> VisiblePeople {
        VisiblePeople::of(actor, permission)
    }

    /// Looks it up, under the settings that it makes: see `look_up!`.
    fn look_up() -> LookUp<Self::Row>;

    /// What it is looked up by.
    fn key(self, actor: &Actor) -> Option<String>;

    /// The place, once the policy was asked about what could not be known before.
    ///
    /// # Errors
    /// [`Error::Refused`] if the policy says no.
    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: Self::Row,
    ) -> Result<Self::Place>;
}

/// The organisation as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Organisation;

/// Whatever the actor's roles reach; the use case then shows only that.
#[derive(Debug, Clone, Copy)]
pub struct AnySchool;

/// A school as a whole.
#[derive(Debug, Clone, Copy)]
pub struct School(pub SchoolId);

/// A school as a whole, by its code.
#[derive(Debug, Clone, Copy)]
pub struct SchoolWithCode<'a>(pub &'a SchoolCode);

/// Those people of a school whom the actor's roles reach: a list or a selection, which then holds only `visible_people`.
#[derive(Debug, Clone, Copy)]
pub struct InSchool(pub SchoolId);

/// A group.
#[derive(Debug, Clone, Copy)]
pub struct Group(pub GroupId);

/// A person's record: of a student, by a role at a school where they are or were on roll or for a group of theirs; of
/// others, by a role for all schools.
#[derive(Debug, Clone, Copy)]
pub struct Person(pub PersonId);

/// A part of a child's portal: the child's own, or a guardian's by a grant.
#[derive(Debug, Clone, Copy)]
pub struct Child(pub PersonId, pub PortalScope);

/// What is the actor's own.
#[derive(Debug, Clone, Copy)]
pub struct Own;

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct OrganisationRow {
    time_zone: String,
}

impl OrganisationRow {
    fn context(&self, backend: &Backend, organisation: OrganisationId) -> Result<OrganisationContext> {
        let zone: Tz = self.time_zone.parse().map_err(Error::unexpected)?;
        Ok(OrganisationContext { organisation, zone, today: backend.today(zone) })
    }

    fn person(&self, backend: &Backend, actor: &Actor, person: PersonId) -> Result<PersonContext> {
        let OrganisationContext { organisation, zone, today } = self.context(backend, actor.organisation)?;
        Ok(PersonContext { organisation, person, zone, today })
    }
}

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct SchoolRow {
    school_id: Uuid,
    code: String,
    school_name: String,
    #[sqlx(flatten)]
    of: OrganisationRow,
}

impl SchoolRow {
    fn context(self, backend: &Backend, actor: &Actor) -> Result<SchoolContext> {
        let OrganisationContext { organisation, zone, today } =
            self.of.context(backend, actor.organisation)?;
        Ok(SchoolContext {
            organisation,
            school: SchoolId(self.school_id),
            code: self.code,
            name: self.school_name,
            zone,
            today,
        })
    }
}

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct GroupRow {
    group_name: String,
    #[sqlx(flatten)]
    school: SchoolRow,
}

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct PersonRow {
    schools: Vec<Uuid>,
    groups: Vec<Uuid>,
    #[sqlx(flatten)]
    of: OrganisationRow,
}

fn organisation() -> LookUp<OrganisationRow> {
    sqlx::query_as::<_, OrganisationRow>(look_up!(
        "SELECT o.time_zone FROM organisations o WHERE o.id = entered.organisation"
    ))
}

fn school() -> LookUp<SchoolRow> {
    sqlx::query_as::<_, SchoolRow>(look_up!(
        "SELECT s.id AS school_id, s.code, s.name AS school_name, o.time_zone
         FROM schools s JOIN organisations o ON o.id = s.organisation_id
         WHERE s.organisation_id = entered.organisation AND s.id = entered.key::uuid"
    ))
}

impl Target for Organisation {
    type Place = OrganisationContext;
    type Row = OrganisationRow;
    const KIND: &'static str = "organisation";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::Organisation(actor.organisation))
    }

    fn look_up() -> LookUp<OrganisationRow> {
        organisation()
    }

    fn key(self, _: &Actor) -> Option<String> {
        None
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        _: Permission,
        row: OrganisationRow,
    ) -> Result<OrganisationContext> {
        row.context(backend, actor.organisation)
    }
}

impl Target for AnySchool {
    type Place = OrganisationContext;
    type Row = OrganisationRow;
    const KIND: &'static str = "organisation";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up() -> LookUp<OrganisationRow> {
        organisation()
    }

    fn key(self, _: &Actor) -> Option<String> {
        None
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        _: Permission,
        row: OrganisationRow,
    ) -> Result<OrganisationContext> {
        row.context(backend, actor.organisation)
    }
}

impl Target for School {
    type Place = SchoolContext;
    type Row = SchoolRow;
    const KIND: &'static str = "school";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::School(actor.organisation, self.0))
    }

    fn look_up() -> LookUp<SchoolRow> {
        school()
    }

    fn key(self, _: &Actor) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(self, backend: &Backend, actor: &Actor, _: Permission, row: SchoolRow) -> Result<SchoolContext> {
        row.context(backend, actor)
    }
}

impl Target for InSchool {
    type Place = SchoolContext;
    type Row = SchoolRow;
    const KIND: &'static str = "school";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::InSchool(actor.organisation, self.0))
    }

    fn look_up() -> LookUp<SchoolRow> {
        school()
    }

    fn key(self, _: &Actor) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(self, backend: &Backend, actor: &Actor, _: Permission, row: SchoolRow) -> Result<SchoolContext> {
        row.context(backend, actor)
    }
}

impl Target for SchoolWithCode<'_> {
    type Place = SchoolContext;
    type Row = SchoolRow;
    const KIND: &'static str = "school";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up() -> LookUp<SchoolRow> {
        sqlx::query_as::<_, SchoolRow>(look_up!(
            "SELECT s.id AS school_id, s.code, s.name AS school_name, o.time_zone
         FROM schools s JOIN organisations o ON o.id = s.organisation_id
         WHERE s.organisation_id = entered.organisation AND s.code = entered.key"
        ))
    }

    fn key(self, _: &Actor) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: SchoolRow,
    ) -> Result<SchoolContext> {
        let school = row.context(backend, actor)?;
        decide(actor, permission, Resource::School(actor.organisation, school.school))?;
        Ok(school)
    }
}

impl Target for Group {
    type Place = GroupContext;
    type Row = GroupRow;
    const KIND: &'static str = "group";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up() -> LookUp<GroupRow> {
        sqlx::query_as::<_, GroupRow>(look_up!(
            "SELECT g.name AS group_name, s.id AS school_id, s.code, s.name AS school_name, o.time_zone
         FROM groups g JOIN schools s ON s.id = g.school_id JOIN organisations o ON o.id = g.organisation_id
         WHERE g.organisation_id = entered.organisation AND g.id = entered.key::uuid"
        ))
    }

    fn key(self, _: &Actor) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: GroupRow,
    ) -> Result<GroupContext> {
        let school = row.school.context(backend, actor)?;
        decide(actor, permission, Resource::Group(actor.organisation, school.school, self.0))?;
        Ok(GroupContext { group: self.0, name: row.group_name, school })
    }
}

impl Target for Person {
    type Place = PersonContext;
    type Row = PersonRow;
    const KIND: &'static str = "student";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up() -> LookUp<PersonRow> {
        sqlx::query_as::<_, PersonRow>(look_up!(
            "SELECT o.time_zone,
                ARRAY(SELECT e.school_id FROM enrolments e WHERE e.person_id = p.id AND e.latest) AS schools,
                ARRAY(SELECT m.group_id FROM group_members m
                      WHERE m.person_id = p.id AND daterange(m.starts_on, m.ends_on, '[]')
                                                   @> (entered.now AT TIME ZONE o.time_zone)::date) AS groups
         FROM people p JOIN organisations o ON o.id = p.organisation_id
         WHERE p.organisation_id = entered.organisation AND p.id = entered.key::uuid"
        ))
    }

    fn key(self, _: &Actor) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: PersonRow,
    ) -> Result<PersonContext> {
        let schools: Vec<SchoolId> = row.schools.into_iter().map(SchoolId).collect();
        let groups: Vec<GroupId> = row.groups.into_iter().map(GroupId).collect();
        let places = PersonPlaces { person: self.0, schools: &schools, groups: &groups };
        decide(actor, permission, Resource::Person(actor.organisation, places))?;
        row.of.person(backend, actor, self.0)
    }
}

impl Target for Child {
    type Place = PersonContext;
    type Row = OrganisationRow;
    const KIND: &'static str = "student";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::Child(actor.organisation, self.0, self.1))
    }

    fn visible(self, actor: &Actor, _: Permission) -> VisiblePeople {
        VisiblePeople::children(actor, self.1)
    }

    fn look_up() -> LookUp<OrganisationRow> {
        sqlx::query_as::<_, OrganisationRow>(look_up!(
            "SELECT o.time_zone FROM people p JOIN organisations o ON o.id = p.organisation_id
         WHERE p.organisation_id = entered.organisation AND p.id = entered.key::uuid"
        ))
    }

    fn key(self, _: &Actor) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        _: Permission,
        row: OrganisationRow,
    ) -> Result<PersonContext> {
        row.person(backend, actor, self.0)
    }
}

impl Own {
    fn of(actor: &Actor) -> Result<PersonId> {
        actor.person().ok_or(Error::NotFound("person"))
    }
}

impl Target for Own {
    type Place = PersonContext;
    type Row = OrganisationRow;
    const KIND: &'static str = "person";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::Own(actor.organisation, Self::of(actor)?))
    }

    fn visible(self, actor: &Actor, _: Permission) -> VisiblePeople {
        VisiblePeople::themselves(actor)
    }

    fn look_up() -> LookUp<OrganisationRow> {
        organisation()
    }

    fn key(self, _: &Actor) -> Option<String> {
        None
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        _: Permission,
        row: OrganisationRow,
    ) -> Result<PersonContext> {
        row.person(backend, actor, Self::of(actor)?)
    }
}
