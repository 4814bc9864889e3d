//! Undoing a batch, and whose accounts an undo may be about.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{BatchId, PersonId, SchoolId};
use serde_json::json;
use uuid::Uuid;

use super::create::CreateAccounts;
use crate::audit::AuditEntry;
use crate::authorization::undoing::{BeyondReach, beyond_reach};
use crate::operations::OperationContext;
use crate::{Backend, Result, operations};

/// Deletes every account of a batch and its invitations, and returns how many there were.
pub async fn undo(backend: &Backend, actor: &Actor, school: SchoolId, batch: BatchId) -> Result<u64> {
    operations::undo::<CreateAccounts>(backend, actor, school, batch.into()).await
}

/// Refuses an undo that is about people to whom the actor could not have done it. Who tries it with somebody who has
/// more permissions is reported to administrators, as for any other action.
pub(super) async fn refuse_beyond_reach(
    work: &mut OperationContext<'_>,
    permission: Permission,
    people: Vec<Uuid>,
) -> Result<()> {
    let at = (work.school, permission);
    let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
    let Some(why) = beyond_reach(work.backend, work.connection, work.actor, at, &people).await? else {
        return Ok(());
    };
    if matches!(why, BeyondReach::Outranking(_)) {
        let told = AuditEntry::new(AuditAction::InsufficientPermissions)
            .details(json!({ "wanted": permission.slug() }));
        return Err(work.refuse_and_tell(told, why.into()));
    }
    Err(why.into())
}
