//! Opening an invitation: what the page behind its link shows. Opening neither uses it up nor is recorded, because
//! mail scanners open links too. That a person is there shows when they go on.

use domain::invitations::views::Opening;

use super::queries::LoadedInvitation;
use crate::{Backend, Result};

/// Looks up the invitation behind a link's token.
#[tracing::instrument(skip_all)]
pub async fn open(backend: &Backend, token: &str) -> Result<Opening> {
    let Some(hash) = backend.keys.invitations.link_hash(token) else { return Ok(Opening::Ended) };
    let now = backend.now();
    let found = LoadedInvitation::by_link(backend, &hash).await?;
    Ok(match found.filter(|found| found.would_be_live(now)) {
        Some(found) if found.is_live(now) => Opening::Ready { view: found.view()? },
        Some(found) => Opening::OutsideDays { opens_on: found.opens_on },
        None => Opening::Ended,
    })
}

/// Records that a person went on from the page: they sent its form, or used it in a browser that runs scripts.
#[tracing::instrument(skip_all)]
pub async fn went_on(backend: &Backend, token: &str) -> Result<()> {
    let Some(hash) = backend.keys.invitations.link_hash(token) else { return Ok(()) };
    let now = backend.now();
    let found = LoadedInvitation::by_link(backend, &hash).await?;
    let Some(found) = found.filter(|found| found.is_live(now)) else { return Ok(()) };
    let mut tx = backend.tenant_transaction(found.organisation()).await?;
    sqlx::query("UPDATE invitations SET opened_at = $2 WHERE id = $1 AND opened_at IS NULL")
        .bind(found.id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
