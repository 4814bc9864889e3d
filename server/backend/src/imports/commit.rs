//! Importing exactly the plan that was checked.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::views::{Committed, ImportState};
use domain::operations::plan::PlanHash;
use serde_json::json;

use super::target::{ImportFor, LoadedImport, enter};
use super::view;
use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Writes a plan. It is made again first; if it is not the plan that was checked, nothing is written, the new plan takes the
/// old one's place, and the answer says which rows differ.
pub async fn commit(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    checked: PlanHash,
) -> Result<Committed> {
    let Entered { mut transaction, at: LoadedImport { import: current, school, kind } } =
        enter(backend, actor, ImportFor::Writing(import)).await?;
    current.still_open()?;
    // A plan that writes nothing needs nothing to stay as it is.
    let locks = current.counts.is_none_or(|counts| counts.changes() > 0);
    let cx = current.importing(backend, actor, &school, locks);
    if !kind.write(&cx, &mut transaction, &current, checked).await? {
        let differing = kind.simulate(&cx, &mut transaction, &current).await?;
        let import = view::of(&mut transaction, actor, import).await?;
        transaction.commit().await?;
        return Ok(Committed::Drifted { import, differing });
    }
    sqlx::query("UPDATE imports SET state = $2, committed_by = $3, committed_at = $4 WHERE id = $1")
        .bind(import.0)
        .bind(ImportState::Committed.slug())
        .bind(actor.account().map(|account| account.0))
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    let mut details = json!(current.counts);
    details["kind"] = json!(current.kind);
    let entry = AuditEntry::new(AuditAction::RollImported).subject("import", import.0).details(details);
    record(backend, &mut transaction, actor, entry).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(Committed::Done { import: view })
}
