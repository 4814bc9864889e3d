//! The simulation: what would become of every row, without doing it.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::ImportId;
use domain::imports::views::ImportView;

use super::queries::{lock, reach};
use super::view;
use crate::{Backend, Result};

/// Plans every row against what the database holds, and keeps the plan and the log. Nothing else is changed.
pub async fn simulate(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    backend.authorize(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    let (school, kind) = reach(backend, actor, import).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    let current = lock(&mut transaction, actor, import).await?;
    current.still_open()?;
    let cx = current.importing(backend, actor, &school, false);
    kind.simulate(&cx, &mut transaction, &current).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}
