//! Invites the guardians of students without an adult, all at once.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::BulkStep;
use domain::ids::SchoolId;
use domain::invitations::views::{Recipients, SendReport};

use super::board::{BoardFilter, Chosen};
use super::chosen::{AdultAtStepRow, adults_at, chosen_students};
use crate::invitations::send::send;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Sends an invitation to every guardian of the chosen students whose account waits for one: never invited, expired, not
/// opened, or opened without a password. Restricted pairs and bounced addresses are left alone.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn invite(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<SendReport> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::SendInvitations, InSchool(school)).await?;
    let students = chosen_students(backend, &mut transaction, &at, filter, chosen).await?;
    let adults = adults_at(backend, &mut transaction, &at, &students, BulkStep::Invite).await?;
    drop(transaction);
    let ids = adults.iter().map(AdultAtStepRow::account).collect();
    send(backend, actor, school, Recipients::Accounts { ids, again: true }).await
}
