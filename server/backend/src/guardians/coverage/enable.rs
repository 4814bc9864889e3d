//! Enables the disabled accounts of guardians of students without an adult.

use domain::accounts::action::{AccountAction, ActionOutcome};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::BulkStep;
use domain::ids::SchoolId;
use domain::roll::selection::Selection;

use super::board::{BoardFilter, Chosen};
use super::chosen::{AdultAtStepRow, adults_at, chosen_students};
use crate::accounts::change_state::change_state_among;
use crate::accounts::create::Among;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Enables the accounts of guardians of the chosen students that are disabled. Restricted pairs are left alone.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn enable(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<ActionOutcome> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let students = chosen_students(backend, &mut transaction, &at, filter, chosen).await?;
    let adults = adults_at(backend, &mut transaction, &at, &students, BulkStep::Enable).await?;
    drop(transaction);
    let whose = Selection::People { ids: adults.iter().map(AdultAtStepRow::adult).collect() };
    change_state_among(backend, actor, school, (Among::Guardians, &whose), AccountAction::Enable).await
}
