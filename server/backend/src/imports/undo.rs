//! Undoing an import, while nothing is built on it.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::KEPT_FOR;
use domain::imports::problem::ImportProblem;
use domain::imports::views::{ImportState, ImportView};
use serde_json::json;

use super::target::{ImportFor, LoadedImport, enter};
use super::view;
use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Removes what an import added and puts back what it changed. Refused, by name, once something was built on it or anything
/// that it wrote was changed since.
pub async fn undo(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    let Entered { mut transaction, at: LoadedImport { import: current, school, kind } } =
        enter(backend, actor, ImportFor::Writing(import)).await?;
    match current.state {
        ImportState::Committed => {}
        ImportState::Undone => return Err(ImportProblem::Undone.into()),
        ImportState::Staged | ImportState::Planned | ImportState::Discarded => {
            return Err(ImportProblem::NotImported.into());
        }
    }
    if current.committed_at.is_some_and(|at| at + KEPT_FOR <= backend.now()) {
        return Err(ImportProblem::TooOld.into());
    }
    let cx = current.importing(backend, actor, &school, true);
    let removed = kind.undo(&cx, &mut transaction).await?;
    sqlx::query(
        "UPDATE imports SET state = $3, undone_by = $4, undone_at = $5 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(import.0)
    .bind(ImportState::Undone.slug())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::ImportUndone)
        .subject("import", import.0)
        .details(json!({ "removed": removed, "kind": current.kind }));
    record(backend, &mut transaction, actor, entry).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}
