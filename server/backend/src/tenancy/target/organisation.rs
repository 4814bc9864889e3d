//! Entering for an organisation, or for everything the actor's roles give access to in it.

use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Resource;

use super::{LookUp, Target};
use crate::tenancy::enter::look_up;
use crate::tenancy::places::OrganisationContext;
use crate::{Backend, Error, Result};

/// The actor's organisation.
#[derive(Debug, Clone, Copy)]
pub enum OfOrganisation {
    /// The whole organisation.
    Organisation,
    /// Everything the actor's roles give access to; the use case then shows only that.
    AnySchool,
}

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub struct OrganisationContextRow {
    time_zone: String,
}

impl OrganisationContextRow {
    /// Builds what a use case knows about the actor's organisation.
    pub(crate) fn context(&self, backend: &Backend, actor: &Actor) -> Result<OrganisationContext> {
        let zone: Tz = self.time_zone.parse().map_err(Error::unexpected)?;
        Ok(OrganisationContext { organisation: actor.organisation, zone, today: backend.today(zone) })
    }
}

/// Looks up the actor's organisation.
pub(super) fn look_up() -> LookUp<OrganisationContextRow> {
    sqlx::query_as::<_, OrganisationContextRow>(look_up!(
        "SELECT o.time_zone FROM organisations o WHERE o.id = entered.organisation"
    ))
}

impl Target for OfOrganisation {
    type Place = OrganisationContext;
    type Row = OrganisationContextRow;
    const KIND: &'static str = "organisation";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(match self {
            Self::Organisation => Resource::Organisation(actor.organisation),
            Self::AnySchool => Resource::AnySchool(actor.organisation),
        })
    }

    fn look_up(self) -> LookUp<OrganisationContextRow> {
        look_up()
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        _: Permission,
        row: OrganisationContextRow,
    ) -> Result<OrganisationContext> {
        row.context(backend, actor)
    }
}
