//! Planning: what a save would do, without doing it.

use domain::accounts::batch::PlanView;
use domain::accounts::naming::Naming;
use domain::authorization::actor::Actor;
use domain::ids::SchoolId;
use domain::roll::selection::Selection;

use super::create::{Among, CreateAccounts};
use crate::operations::preview;
use crate::{Backend, Result};

/// Returns the accounts that would be created for the students in `selection` under `naming`. People who already
/// have one are left out and counted.
pub async fn plan(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    naming: &Naming,
) -> Result<PlanView> {
    let input =
        CreateAccounts { selection: selection.clone(), among: Among::Students, naming: naming.clone() };
    plan_as(backend, actor, school, &input).await
}

/// The same, for students or for staff.
pub async fn plan_as(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &CreateAccounts,
) -> Result<PlanView> {
    let (plan, chosen) = preview(backend, actor, school, input).await?;
    Ok(PlanView { plan, left_out: chosen.left_out })
}
