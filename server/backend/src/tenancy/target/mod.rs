//! What a use case can be entered for. A kind of thing that a room has, such as an import, is a [`Target`] of that room.

mod organisation;
mod person;
mod school;

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Resource;
use domain::authorization::visible::VisiblePeople;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;

pub use organisation::OfOrganisation::{AnySchool, Organisation};
pub use organisation::{OfOrganisation, OrganisationRow};
pub use person::{Child, Own, Person, PersonRow};
pub use school::OfSchool::{InSchool, School};
pub use school::{Group, GroupRow, OfSchool, SchoolRow, SchoolWithCode};

use crate::{Backend, Result};

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
    /// [`Error::NotFound`](crate::Error::NotFound) if the actor is nobody who could have one.
    fn resource(self, actor: &Actor) -> Result<Resource<'static>>;

    /// Whom the actor may do this to.
    fn visible(self, actor: &Actor, permission: Permission) -> VisiblePeople {
        VisiblePeople::of(actor, permission)
    }

    /// Looks it up, and locks it where the use case needs that, under the settings that it makes: see `look_up!`.
    fn look_up(self) -> LookUp<Self::Row>;

    /// What it is looked up by; nothing where the organisation is enough.
    fn key(self) -> Option<String> {
        None
    }

    /// The place, once the policy was asked about what could not be known before.
    ///
    /// # Errors
    /// [`Error::Refused`](crate::Error::Refused) if the policy says no.
    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: Self::Row,
    ) -> Result<Self::Place>;
}
