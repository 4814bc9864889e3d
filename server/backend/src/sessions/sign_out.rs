//! Signing out.

use domain::audit::AuditAction;
use domain::authorization::permission::Permission;

use super::session::SignedIn;
use crate::audit;
use crate::audit::AuditEntry;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// Ends the current session. The token stops working in every tab from the next request.
pub async fn sign_out(backend: &Backend, who: &SignedIn) -> Result<()> {
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    sqlx::query("DELETE FROM sessions WHERE organisation_id = $1 AND id = $2")
        .bind(who.actor.organisation.0)
        .bind(who.session.0)
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::SignedOut).person(who.person);
    audit::record(backend, &mut transaction, &who.actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
