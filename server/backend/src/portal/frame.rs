//! What the frame around every page of somebody's portal shows.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::portal::PortalFrameView;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// The frame of the signed-in person: the tabs of their features, and the way to the office for those who work here.
pub async fn frame(backend: &Backend, actor: &Actor) -> Result<PortalFrameView> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    let student: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM enrolments WHERE organisation_id = $1 AND person_id = $2)",
    )
    .bind(actor.organisation.0)
    .bind(at.person.0)
    .fetch_one(&mut *transaction)
    .await?;
    Ok(PortalFrameView::of(student, actor.is_staff()))
}
