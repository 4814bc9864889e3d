//! Entering for a school, those of its people the actor has access to, or one of its groups.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Resource;
use domain::authorization::visible::VisiblePeople;
use domain::ids::{GroupId, SchoolId};
use domain::roll::school::SchoolCode;
use uuid::Uuid;

use super::organisation::OrganisationContextRow;
use super::{LookUp, Target, decide_found};
use crate::tenancy::enter::look_up;
use crate::tenancy::places::{GroupContext, OrganisationContext, SchoolContext};
use crate::{Backend, Result};

/// A school.
#[derive(Debug, Clone, Copy)]
pub enum OfSchool {
    /// The whole school.
    School(SchoolId),
    /// Those of its people the actor's roles give access to: for a list or a selection, which must use only
    /// `visible_people`.
    InSchool(SchoolId),
}

/// The whole school, by its code.
#[derive(Debug, Clone, Copy)]
pub struct SchoolWithCode<'a>(pub &'a SchoolCode);

/// A group.
#[derive(Debug, Clone, Copy)]
pub struct Group(pub GroupId);

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct SchoolContextRow {
    school_id: Uuid,
    code: String,
    school_name: String,
    #[sqlx(flatten)]
    of: OrganisationContextRow,
}

impl SchoolContextRow {
    /// Builds what a use case knows about a school, for an actor with `permission` there.
    pub(crate) fn context(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
    ) -> Result<SchoolContext> {
        let OrganisationContext { organisation, zone, today } = self.of.context(backend, actor)?;
        let school = SchoolId(self.school_id);
        Ok(SchoolContext {
            organisation,
            school,
            code: self.code,
            name: self.school_name,
            zone,
            today,
            visible: VisiblePeople::of(actor, permission),
        })
    }
}

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct GroupContextRow {
    group_name: String,
    #[sqlx(flatten)]
    school: SchoolContextRow,
}

impl Target for OfSchool {
    type Place = SchoolContext;
    type Row = SchoolContextRow;
    const KIND: &'static str = "school";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(match self {
            Self::School(school) => Resource::School(actor.organisation, school),
            Self::InSchool(school) => Resource::InSchool(actor.organisation, school),
        })
    }

    fn look_up(self) -> LookUp<SchoolContextRow> {
        sqlx::query_as::<_, SchoolContextRow>(look_up!(
            "SELECT s.id AS school_id, s.code, s.name AS school_name, o.time_zone
             FROM schools s JOIN organisations o ON o.id = s.organisation_id
             WHERE s.organisation_id = entered.organisation AND s.id = entered.key::uuid"
        ))
    }

    fn key(self) -> Option<String> {
        let (Self::School(school) | Self::InSchool(school)) = self;
        Some(school.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: SchoolContextRow,
    ) -> Result<SchoolContext> {
        row.context(backend, actor, permission)
    }
}

impl Target for SchoolWithCode<'_> {
    type Place = SchoolContext;
    type Row = SchoolContextRow;
    const KIND: &'static str = "school";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up(self) -> LookUp<SchoolContextRow> {
        sqlx::query_as::<_, SchoolContextRow>(look_up!(
            "SELECT s.id AS school_id, s.code, s.name AS school_name, o.time_zone
             FROM schools s JOIN organisations o ON o.id = s.organisation_id
             WHERE s.organisation_id = entered.organisation AND s.code = entered.key"
        ))
    }

    fn key(self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: SchoolContextRow,
    ) -> Result<SchoolContext> {
        let school = row.context(backend, actor, permission)?;
        decide_found(actor, permission, Resource::School(actor.organisation, school.school), Self::KIND)?;
        Ok(school)
    }
}

impl Target for Group {
    type Place = GroupContext;
    type Row = GroupContextRow;
    const KIND: &'static str = "group";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up(self) -> LookUp<GroupContextRow> {
        sqlx::query_as::<_, GroupContextRow>(look_up!(
            "SELECT g.name AS group_name, s.id AS school_id, s.code, s.name AS school_name, o.time_zone
             FROM groups g JOIN schools s ON s.id = g.school_id JOIN organisations o ON o.id = g.organisation_id
             WHERE g.organisation_id = entered.organisation AND g.id = entered.key::uuid"
        ))
    }

    fn key(self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: GroupContextRow,
    ) -> Result<GroupContext> {
        let school = row.school.context(backend, actor, permission)?;
        let group = Resource::Group(actor.organisation, school.school, self.0);
        decide_found(actor, permission, group, Self::KIND)?;
        Ok(GroupContext { group: self.0, name: row.group_name, school })
    }
}
