//! Undoing a batch.

use domain::authorization::actor::Actor;
use domain::ids::{BatchId, SchoolId};

use super::create::CreateAccounts;
use crate::{Backend, Result, operations};

/// Deletes every account of a batch and its invitations, and returns how many there were.
pub async fn undo(backend: &Backend, actor: &Actor, school: SchoolId, batch: BatchId) -> Result<u64> {
    operations::undo::<CreateAccounts>(backend, actor, school, batch.into()).await
}
