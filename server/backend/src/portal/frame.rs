//! The frame around every page of a person's portal.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use domain::portal::PortalFrameView;
use sqlx::PgConnection;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// Returns the signed-in person's frame: the tabs of their features, and a link to the office for staff.
pub async fn frame(backend: &Backend, actor: &Actor) -> Result<PortalFrameView> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    of(&mut transaction, actor, at.person).await
}

/// The frame of a person, who is the actor.
pub(super) async fn of(
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
) -> Result<PortalFrameView> {
    let student: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM enrolments WHERE organisation_id = $1 AND person_id = $2)",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_one(connection)
    .await?;
    Ok(PortalFrameView::of(student, actor.is_staff()))
}
