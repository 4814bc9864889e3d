//! The simulation: what would become of every row, without doing it.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::ImportId;
use domain::imports::views::ImportView;

use super::planning::{Planning, add_outcomes, begin_outcomes, keep_plan};
use super::queries::{lock, reach};
use super::view;
use crate::{Backend, Result};

/// Plans every row against the roll as it is and keeps the plan. The roll is not changed.
pub async fn simulate(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    backend.authorize(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    let school = reach(backend, actor, import).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    let held = lock(&mut transaction, actor, import).await?;
    held.still_open()?;
    let mut planning = Planning::new(backend, actor, &mut transaction, &held, &school).await?;
    begin_outcomes(&mut transaction).await?;
    loop {
        let plans = planning.next(&mut transaction).await?;
        if plans.is_empty() {
            break;
        }
        add_outcomes(&mut transaction, &plans).await?;
    }
    keep_plan(&mut transaction, &held, planning.finish()).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}
