//! The whole roll of a school for the browser.

use std::sync::Arc;

use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::ids::SchoolId;

use super::held::HeldRoll;
use super::schools;
use crate::{Backend, Result};

/// The roll of a school. What crosses the wire is the text of its snapshot; its version is a good `ETag`.
pub async fn snapshot(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Arc<HeldRoll>> {
    backend.allow(actor, Permission::ViewRoll, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ViewRoll, school).await?;
    backend.rolls.current(backend, &school).await
}
