//! A plan: what a save would do, and nothing done.

use domain::accounts::batch::PlanView;
use domain::accounts::naming::Naming;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::SchoolId;
use domain::selection::Selection;

use super::queries;
use crate::roll::schools;
use crate::{Backend, Result};

/// The accounts that would be made for `selection` under `naming`. Those who have one are left out, and counted.
pub async fn plan(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    naming: &Naming,
) -> Result<PlanView> {
    backend.authorize(actor, Permission::ManageAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ManageAccounts, school).await?;
    let mut transaction = backend.tenant_snapshot(actor.organisation).await?;
    let chosen = queries::choose(&mut transaction, &school, selection, Some(naming), backend.now()).await?;
    transaction.commit().await?;
    let (plan, chosen) = queries::make_plan(naming.clone(), chosen).await?;
    Ok(PlanView { plan, left_out: chosen.left_out })
}
