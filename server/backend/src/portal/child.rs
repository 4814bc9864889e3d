//! A child's page, for their guardian. The child is in the address and never in the session, so that two windows show two
//! children.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::PersonId;
use domain::portal::PortalChildPage;
use sqlx::PgConnection;

use super::frame;
use crate::guardians::access::views::looked;
use crate::guardians::family::children::{Looking, children, granted};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Child;
use crate::{Backend, Error, Result};

/// Returns a child's page. A stranger's child, one under a restriction and an invented id get the same answer.
#[tracing::instrument(skip_all, fields(child = %child))]
pub async fn child(backend: &Backend, actor: &Actor, child: PersonId) -> Result<PortalChildPage> {
    let entered = backend.enter(actor, Permission::ViewChild, Child(child, PortalScope::Profile)).await;
    let Entered { mut transaction, at } = entered.map_err(unknown)?;
    let person = actor.person().ok_or_else(not_found)?;
    let page = load(&mut transaction, actor, (person, child), at.today, Looking::Guardian).await?;
    looked(&mut transaction, actor.organisation, (person, child), at.today).await?;
    transaction.commit().await?;
    Ok(page)
}

/// Loads a child's page for a guardian, or for staff who preview it.
pub(super) async fn load(
    connection: &mut PgConnection,
    actor: &Actor,
    (person, child): (PersonId, PersonId),
    today: NaiveDate,
    looking: Looking,
) -> Result<PortalChildPage> {
    let resource = Resource::Child(actor.organisation, child, PortalScope::Profile);
    decide(actor, Permission::ViewChild, resource).map_err(|_| not_found())?;
    let all = children(connection, actor.organisation, today, &granted(actor), looking).await?;
    // Students have their own page for themselves.
    let found = all.iter().find(|one| one.person == child).cloned().ok_or_else(not_found)?;
    let frame = frame::of(connection, actor, person).await?;
    Ok(PortalChildPage { child: found, children: all, frame })
}

/// What is refused looks like what does not exist.
fn unknown(error: Error) -> Error {
    match error {
        Error::Refused(_) => not_found(),
        other => other,
    }
}

fn not_found() -> Error {
    Error::NotFound("child")
}
