//! The frame around every page of a person's portal.

use domain::accounts::portal_choice::PortalChoice;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use domain::portal::{PortalFeature, PortalFrameView};
use sqlx::PgConnection;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct FrameRow {
    student: bool,
    portal_group: Option<String>,
}

/// Returns the signed-in person's frame: the tabs of their features, and a link to the office for staff.
pub async fn frame(backend: &Backend, actor: &Actor) -> Result<PortalFrameView> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    of(&mut transaction, actor, at.person).await
}

/// The same for the page of a feature.
///
/// # Errors
/// There is no such page for somebody for whom the school chose a portal group without it.
pub async fn frame_with(backend: &Backend, actor: &Actor, feature: PortalFeature) -> Result<PortalFrameView> {
    let frame = frame(backend, actor).await?;
    let left_out = frame.is_chosen && !frame.group.features().contains(&feature);
    if left_out { Err(Error::NotFound("page")) } else { Ok(frame) }
}

/// The frame of a person, who is the actor.
pub(super) async fn of(
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
) -> Result<PortalFrameView> {
    let FrameRow { student, portal_group } = sqlx::query_as::<_, FrameRow>(
        "SELECT EXISTS (SELECT FROM enrolments WHERE organisation_id = $1 AND person_id = $2) AS student,
                (SELECT portal_group FROM accounts WHERE organisation_id = $1 AND person_id = $2) AS portal_group",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_one(connection)
    .await?;
    let choice = PortalChoice::from_stored(portal_group.as_deref()).unwrap_or_default();
    Ok(PortalFrameView::of(student, actor.is_staff(), choice))
}
