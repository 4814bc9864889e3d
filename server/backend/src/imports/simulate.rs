//! The simulation: what would become of every row, without doing it.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::views::{ImportView, LogLine};

use super::target::{ImportFor, LoadedImport, enter};
use super::view;
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Plans every row against what the database holds, and keeps the plan and the log. Nothing else is changed.
pub async fn simulate(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    again(backend, actor, import).await.map(|(view, _)| view)
}

/// The same, with the rows of which the log said something else before.
pub(super) async fn again(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
) -> Result<(ImportView, Vec<LogLine>)> {
    let Entered { mut transaction, at: LoadedImport { import: current, school, kind } } =
        enter(backend, actor, ImportFor::Changing(import)).await?;
    current.still_open()?;
    let cx = current.importing(backend, actor, &school, false);
    let differing = kind.simulate(&cx, &mut transaction, &current).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok((view, differing))
}
