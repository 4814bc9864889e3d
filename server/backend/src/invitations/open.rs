//! Opening an invitation: what the page behind its link shows. Opening never uses it up, because mail
//! scanners open links too.

use domain::invitations::views::Opening;

use super::queries::LoadedInvitation;
use crate::{Backend, Result};

/// Looks up the invitation behind a link's token.
#[tracing::instrument(skip_all)]
pub async fn open(backend: &Backend, token: &str) -> Result<Opening> {
    let Some(hash) = backend.keys.invitations.link_hash(token) else { return Ok(Opening::Ended) };
    let now = backend.now();
    let Some(found) = LoadedInvitation::by_link(backend, &hash).await?.filter(|found| found.is_live(now))
    else {
        return Ok(Opening::Ended);
    };
    let mut tx = backend.tenant_transaction(found.organisation()).await?;
    sqlx::query("UPDATE invitations SET opened_at = $2 WHERE id = $1 AND opened_at IS NULL")
        .bind(found.id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Opening::Ready { view: found.view()? })
}
