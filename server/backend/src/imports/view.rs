//! One import, as its page shows it.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::views::{ColumnView, ImportView};
use sqlx::PgConnection;

use super::choices;
use super::dates;
use super::queries::{StoredImport, load};
use super::spare;
use super::target::{ImportFor, enter};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// How many sample values are shown for a column.
const SAMPLES: usize = 3;

/// How many rows are searched for samples.
const SAMPLE_ROWS: usize = 20;

/// Reads an import.
pub async fn view(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Reading(import)).await?;
    show(&mut transaction, at.import).await
}

/// Reads the import of the use case that entered this transaction, as it is now.
pub(super) async fn of(connection: &mut PgConnection, actor: &Actor, import: ImportId) -> Result<ImportView> {
    let import = load(connection, actor, import).await?;
    show(connection, import).await
}

async fn show(connection: &mut PgConnection, import: StoredImport) -> Result<ImportView> {
    let decided = choices::count(connection, (import.organisation.0, import.id)).await?;
    let first = spare::first_rows(connection, &import).await?;
    let rows = || first.iter().take(SAMPLE_ROWS);
    // What was imported or discarded asks nothing any more.
    let evidence = match import.still_open() {
        Ok(()) => dates::evidence(connection, &import).await?,
        Err(_) => import.date_orders.clone().unwrap_or_default(),
    };
    let columns = import
        .headers
        .iter()
        .zip(import.mapping.columns())
        .enumerate()
        .map(|(at, (header, goes_to))| ColumnView {
            header: header.clone(),
            goes_to: goes_to.clone(),
            samples: rows()
                .filter_map(|(_, cells)| cells.get(at).filter(|cell| !cell.trim().is_empty()).cloned())
                .take(SAMPLES)
                .collect(),
            dates: evidence.get(at).cloned().unwrap_or_default(),
        })
        .collect();
    Ok(ImportView {
        id: import.id,
        school: import.school,
        kind: import.kind,
        file_name: import.file_name,
        state: import.state,
        row_count: import.row_count,
        columns,
        date_order: import.date_order,
        decisions: import.decisions,
        reading: import.reading.unwrap_or_default(),
        counts: import.counts,
        findings: import.findings,
        decided,
        plan: import.plan,
        created_at: import.created_at,
        committed_at: import.committed_at,
        undone_at: import.undone_at,
    })
}
