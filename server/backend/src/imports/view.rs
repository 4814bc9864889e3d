//! One import, as its page shows it.

use domain::authorization::actor::Actor;
use domain::guardians::import::name_order::is_asked;
use domain::ids::ImportId;
use domain::imports::views::{ColumnView, ImportView};
use sqlx::PgConnection;

use super::choices;
use super::commit::approval;
use super::corrections;
use super::dates;
use super::queries::{StoredImport, load};
use super::spare;
use super::target::{ImportFor, enter};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// How many sample values are shown for a column.
const SAMPLES: usize = 3;

/// The first different values of a column. Most rows of a column can be empty, or say the same.
fn samples<'a>(cells: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut samples: Vec<String> = Vec::with_capacity(SAMPLES);
    for cell in cells.filter(|cell| !cell.trim().is_empty()) {
        if samples.iter().all(|sample| sample.trim() != cell.trim()) {
            samples.push(cell.clone());
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    samples
}

/// Reads an import.
pub async fn view(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Reading(import)).await?;
    let approval = match at.import.still_open() {
        Ok(()) => approval(backend, &mut transaction, &at.school, &at.import).await?,
        Err(_) => None,
    };
    let view = show(&mut transaction, at.import).await?;
    Ok(ImportView { approval, ..view })
}

/// Reads the import of the use case that entered this transaction, as it is now.
pub(super) async fn of(connection: &mut PgConnection, actor: &Actor, import: ImportId) -> Result<ImportView> {
    let import = load(connection, actor, import).await?;
    show(connection, import).await
}

async fn show(connection: &mut PgConnection, import: StoredImport) -> Result<ImportView> {
    let decided = choices::count(connection, (import.organisation.0, import.id)).await?;
    let corrected = corrections::count(connection, (import.organisation.0, import.id)).await?;
    let first = spare::first_rows(connection, &import).await?;
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
            samples: samples(first.iter().filter_map(|(_, cells)| cells.get(at))),
            dates: evidence.get(at).cloned().unwrap_or_default(),
        })
        .collect();
    let mut reading = import.reading.unwrap_or_default();
    // A person who has chosen a column is not asked again.
    reading.asks_name_order &= is_asked(&import.mapping);
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
        reading,
        counts: import.counts,
        findings: import.findings,
        decided,
        replaces_edits: import.replaces_edits,
        corrected,
        plan: import.plan,
        approval: None,
        created_at: import.created_at,
        committed_at: import.committed_at,
        undone_at: import.undone_at,
    })
}
