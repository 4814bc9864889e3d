//! Simulating an import: the outcome of every row, without writing any.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::views::{ImportView, LogLine};
use sqlx::PgConnection;

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
    let Entered { mut transaction, at: mut loaded } =
        enter(backend, actor, ImportFor::Changing(import)).await?;
    let differing = plan(backend, actor, &mut transaction, &mut loaded).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok((view, differing))
}

/// Plans every row as part of a transaction, with what this actor may do and see; see [`again`].
pub(super) async fn plan(
    backend: &Backend,
    actor: &Actor,
    connection: &mut PgConnection,
    LoadedImport { import, school, kind }: &mut LoadedImport,
) -> Result<Vec<LogLine>> {
    import.still_open()?;
    // The columns are settled now. If a question is still open, the transaction is rolled back.
    spare::settle(connection, import).await?;
    let cx = import.importing(backend, actor, school, false);
    kind.simulate(&cx, connection, import).await
}
