//! Simulating an import: the outcome of every row, without writing any.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::views::{ImportView, LogLine};

use super::target::{ImportFor, LoadedImport, enter};
use super::{spare, view};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Plans every row against the database, and stores the plan and the log. Changes nothing else.
pub async fn simulate(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    again(backend, actor, import).await.map(|(view, _)| view)
}

/// Like [`simulate`], and returns the rows whose log entry changed.
pub(super) async fn again(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
) -> Result<(ImportView, Vec<LogLine>)> {
    let Entered { mut transaction, at: LoadedImport { import: mut current, school, kind } } =
        enter(backend, actor, ImportFor::Changing(import)).await?;
    current.still_open()?;
    // The columns are settled now. If a question is still open, the transaction is rolled back.
    spare::settle(&mut transaction, &mut current).await?;
    let cx = current.importing(backend, actor, &school, false);
    let differing = kind.simulate(&cx, &mut transaction, &current).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok((view, differing))
}
