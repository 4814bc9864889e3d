//! Running an action on several guardians.

use domain::accounts::batch::SaveOutcome;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::bulk::{ChosenGuardians, GuardianAction};
use domain::ids::{BatchId, OperationId, SchoolId};
use domain::invitations::views::{InvitationStanding, Recipients, SendReport};
use domain::operations::plan::PlanHash;

use super::ask::ready_accounts;
use super::people::{selection, selection_of};
use crate::accounts::create::save_as;
use crate::invitations::send::send;
use crate::operations::ExpectedPlan;
use crate::{Backend, Error, Result};

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkEnd {
    /// It was done to this many people.
    Done(usize),
    /// Accounts were created, as a batch that can be undone.
    Created(BatchId),
    /// A job does it.
    Queued(OperationId),
    /// A second person has to approve it first.
    Waits,
}

/// Sends invitations to the chosen guardians whose last one stands like this.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn invite(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &ChosenGuardians,
    standing: InvitationStanding,
) -> Result<BulkEnd> {
    let people = selection_of(backend, actor, school, chosen, Permission::SendInvitations).await?;
    let to = Recipients::Selected { selection: selection(&people), only: Some(standing) };
    let SendReport { queued, operation, waits, .. } = send(backend, actor, school, to).await?;
    Ok(ended(waits, operation, queued))
}

/// Creates the accounts of the chosen guardians that were shown.
///
/// # Errors
/// If the plan is not the one that was shown any more.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn create(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &ChosenGuardians,
    seen: PlanHash,
) -> Result<BulkEnd> {
    let action = GuardianAction::Create;
    let people = selection_of(backend, actor, school, chosen, action.permission()).await?;
    let input = ready_accounts(backend, actor, school, people).await?.input;
    Ok(match save_as(backend, actor, school, input, ExpectedPlan::Plan(seen)).await? {
        SaveOutcome::Saved(batch) => batch.id.map_or(BulkEnd::Done(0), BulkEnd::Created),
        SaveOutcome::Waits => BulkEnd::Waits,
        SaveOutcome::Queued(operation) => BulkEnd::Queued(operation),
        SaveOutcome::Drifted(_) => {
            return Err(Error::conflict(
                "plan_moved",
                "The guardians or the usernames changed since this was shown. Nothing was created. Check the new list.",
            ));
        }
    })
}

fn ended(waits: bool, queued: Option<OperationId>, many: u32) -> BulkEnd {
    match queued {
        _ if waits => BulkEnd::Waits,
        Some(operation) => BulkEnd::Queued(operation),
        None => BulkEnd::Done(usize::try_from(many).unwrap_or(usize::MAX)),
    }
}
