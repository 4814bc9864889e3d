//! What a use case can be entered for. A room declares a [`Target`] for its own things, such as an import.

mod organisation;
mod person;
mod school;

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::{Refusal, Resource, decide};
use domain::authorization::visible::VisiblePeople;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;

pub use organisation::OfOrganisation::{AnySchool, Organisation};
pub use organisation::{OfOrganisation, OrganisationContextRow};
pub use person::{Child, Own, Person, PersonContextRow};
pub use school::OfSchool::{InSchool, School};
pub use school::{Group, GroupContextRow, OfSchool, SchoolContextRow, SchoolWithCode};

use crate::{Backend, Error, Result};

/// Asks the policy about something that was found by its id. What the actor's roles do not reach today is answered like an
/// id that nobody has, whatever the reason: that they had a role there, will have one, or would need one for all schools.
/// Pages answer the refusals that are left in the same way, except that of a restriction.
pub(crate) fn decide_found(
    actor: &Actor,
    permission: Permission,
    resource: Resource<'_>,
    kind: &'static str,
) -> Result<()> {
    match decide(actor, permission, resource) {
        Ok(_) => Ok(()),
        Err(
            refusal @ (Refusal::Restricted
            | Refusal::OtherOrganisation
            | Refusal::OtherSchool
            | Refusal::OneGroup),
        ) => Err(refusal.into()),
        Err(_) => Err(Error::NotFound(kind)),
    }
}

/// A statement that finds a row.
pub type LookUp<R> = QueryAs<'static, Postgres, R, PgArguments>;

/// What a use case is about, for [`Backend::enter`].
pub trait Target: Copy + Send {
    /// What is known about it after entering.
    type Place: Send;
    /// Its database row.
    type Row: Send + Unpin + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>;
    /// What it is called if it is not found.
    const KIND: &'static str;

    /// The resource to ask the policy about before anything is read.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if this actor cannot have one.
    fn resource(self, actor: &Actor) -> Result<Resource<'static>>;

    /// The people the actor may do this to.
    fn visible(self, actor: &Actor, permission: Permission) -> VisiblePeople {
        VisiblePeople::of(actor, permission)
    }

    /// Looks it up, with the locks the use case needs, under the transaction settings that this statement
    /// makes: see `look_up!`.
    fn look_up(self) -> LookUp<Self::Row>;

    /// The key to look it up by; `None` if the organisation is enough.
    fn key(self) -> Option<String> {
        None
    }

    /// Builds the place, after asking the policy about what was not known before.
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
