//! Undoing an import while nothing is built on it.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::KEPT_FOR;
use domain::imports::problem::ImportProblem;
use domain::imports::views::{ImportState, ImportView};

use super::commit::WriteImport;
use super::target::{ImportFor, enter};
use super::view;
use crate::{Backend, Result, operations};

/// Removes what an import added and restores what it changed. Refused, by name, if something was built on it
/// or changed since.
pub async fn undo(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    let current = enter(backend, actor, ImportFor::Reading(import)).await?.at.import;
    let written = match (current.state, current.operation) {
        (ImportState::Committed, Some(operation)) => operation,
        (ImportState::Undone, _) => return Err(ImportProblem::Undone.into()),
        _ => return Err(ImportProblem::NotImported.into()),
    };
    if current.committed_at.is_some_and(|at| at + KEPT_FOR <= backend.now()) {
        return Err(ImportProblem::TooOld.into());
    }
    operations::undo::<WriteImport>(backend, actor, current.school, written).await?;
    view::view(backend, actor, import).await
}
