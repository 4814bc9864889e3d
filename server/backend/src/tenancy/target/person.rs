//! Entering for one person: their record, a part of their portal, or the actor's own data.

use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::permission::Permission;
use domain::authorization::place::PersonPlaces;
use domain::authorization::policy::Resource;
use domain::authorization::visible::VisiblePeople;
use domain::ids::{GroupId, PersonId, SchoolId};
use uuid::Uuid;

use super::organisation::{self, OrganisationContextRow};
use super::{LookUp, Target, decide_found};
use crate::tenancy::enter::{look_up, places_of};
use crate::tenancy::places::{OrganisationContext, PersonContext};
use crate::{Backend, Error, Result};

/// A person's record: a student's, by a role at a school where they are or were on roll or for one of their
/// groups; a guardian's, by a role at a school of one of their children; anyone else's, by a role for all schools.
#[derive(Debug, Clone, Copy)]
pub struct Person(pub PersonId);

/// A part of a child's portal: for the child, or for a guardian with a grant.
#[derive(Debug, Clone, Copy)]
pub struct Child(pub PersonId, pub PortalScope);

/// The actor's own data.
#[derive(Debug, Clone, Copy)]
pub struct Own;

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct PersonContextRow {
    schools: Vec<Uuid>,
    groups: Vec<Uuid>,
    #[sqlx(flatten)]
    of: OrganisationContextRow,
}

impl PersonContextRow {
    /// The context of a person, if the actor may do this where they are: at their schools, and for their groups. Otherwise
    /// there is no such `kind`.
    pub(crate) fn of_person(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        (person, kind): (PersonId, &'static str),
    ) -> Result<PersonContext> {
        let schools: Vec<SchoolId> = self.schools.into_iter().map(SchoolId).collect();
        let groups: Vec<GroupId> = self.groups.into_iter().map(GroupId).collect();
        let places = PersonPlaces { person, schools: &schools, groups: &groups };
        decide_found(actor, permission, Resource::Person(actor.organisation, places), kind)?;
        Ok(PersonContext { schools, groups, ..context(&self.of, backend, actor, person)? })
    }
}

fn context(
    row: &OrganisationContextRow,
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
) -> Result<PersonContext> {
    let OrganisationContext { organisation, zone, today } = row.context(backend, actor)?;
    Ok(PersonContext { organisation, person, zone, today, schools: Vec::new(), groups: Vec::new() })
}

impl Target for Person {
    type Place = PersonContext;
    type Row = PersonContextRow;
    const KIND: &'static str = "student";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up(self) -> LookUp<PersonContextRow> {
        sqlx::query_as::<_, PersonContextRow>(look_up!(places_of!(
            "p.id",
            "",
            "FROM people p JOIN organisations o ON o.id = p.organisation_id
             WHERE p.organisation_id = entered.organisation AND p.id = entered.key::uuid"
        )))
    }

    fn key(self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: PersonContextRow,
    ) -> Result<PersonContext> {
        row.of_person(backend, actor, permission, (self.0, Self::KIND))
    }
}

impl Target for Child {
    type Place = PersonContext;
    type Row = OrganisationContextRow;
    const KIND: &'static str = "student";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::Child(actor.organisation, self.0, self.1))
    }

    fn visible(self, actor: &Actor, _: Permission) -> VisiblePeople {
        VisiblePeople::children(actor, self.1)
    }

    fn look_up(self) -> LookUp<OrganisationContextRow> {
        sqlx::query_as::<_, OrganisationContextRow>(look_up!(
            "SELECT o.time_zone FROM people p JOIN organisations o ON o.id = p.organisation_id
             WHERE p.organisation_id = entered.organisation AND p.id = entered.key::uuid"
        ))
    }

    fn key(self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        _: Permission,
        row: OrganisationContextRow,
    ) -> Result<PersonContext> {
        context(&row, backend, actor, self.0)
    }
}

impl Own {
    fn of(actor: &Actor) -> Result<PersonId> {
        actor.person().ok_or(Error::NotFound("person"))
    }
}

impl Target for Own {
    type Place = PersonContext;
    type Row = OrganisationContextRow;
    const KIND: &'static str = "person";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::Own(actor.organisation, Self::of(actor)?))
    }

    fn visible(self, actor: &Actor, _: Permission) -> VisiblePeople {
        VisiblePeople::themselves(actor)
    }

    fn look_up(self) -> LookUp<OrganisationContextRow> {
        organisation::look_up()
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        _: Permission,
        row: OrganisationContextRow,
    ) -> Result<PersonContext> {
        context(&row, backend, actor, Self::of(actor)?)
    }
}
