//! Previewing an operation without doing anything.

use domain::authorization::actor::Actor;
use domain::ids::SchoolId;
use domain::operations::plan::Plan;

use super::kind::{Operation, OperationContext};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Returns the current plan, read from one snapshot. For kinds whose plan takes no locks.
pub async fn preview<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &O,
) -> Result<(Plan<O::Row>, O::Beside)> {
    let Entered { mut transaction, at: school } =
        backend.enter_snapshot(actor, O::PERMISSION, InSchool(school)).await?;
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, backend.new_id());
    input.plan(&mut work).await
}
