//! Invites the guardians of students without an adult, all at once, after a question with their number.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::BulkStep;
use domain::ids::SchoolId;
use domain::invitations::views::{Recipients, SendReport};

use super::board::{BoardFilter, Chosen};
use super::chosen::{AdultAtStepRow, adults_at, chosen_students};
use crate::invitations::send::{SendInvitations, send};
use crate::operations::{Rehearsal, rehearse};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Says how many guardians [`invite`] would send an invitation to, and who is left out. Does nothing.
pub async fn ask_to_invite(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<Rehearsal> {
    let recipients = recipients(backend, actor, school, filter, chosen).await?;
    rehearse(backend, actor, school, &SendInvitations { recipients }).await
}

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
    let recipients = recipients(backend, actor, school, filter, chosen).await?;
    send(backend, actor, school, recipients).await
}

/// The accounts of the guardians.
async fn recipients(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<Recipients> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::SendInvitations, InSchool(school)).await?;
    let students = chosen_students(backend, &mut transaction, &at, filter, chosen).await?;
    let adults = adults_at(backend, &mut transaction, &at, &students, BulkStep::Invite).await?;
    let ids = adults.iter().map(AdultAtStepRow::account).collect();
    Ok(Recipients::Accounts { ids, again: true })
}
