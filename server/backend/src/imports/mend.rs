//! Correcting rows on the page. What is typed is stored beside the file, and the plan is made again.

use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::ids::ImportId;
use domain::imports::mend::{CorrectedCell, MAX_CELL, Mending, ProblemKey, problems};
use domain::imports::problem::ImportProblem;
use domain::imports::views::{ImportState, ImportView};
use sqlx::PgConnection;

use super::corrections::{self, Correction};
use super::problems::faulty_parts;
use super::target::{ImportFor, LoadedImport, enter};
use super::{parts, simulate, view};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// Stores corrections and plans the import again with them. Changes nothing else, and never the file.
pub async fn mend(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    mending: Mending,
) -> Result<ImportView> {
    let Entered { mut transaction, at: mut loaded } =
        enter(backend, actor, ImportFor::Changing(import)).await?;
    loaded.import.still_open()?;
    if loaded.import.state != ImportState::Planned {
        return Err(ImportProblem::ColumnsDiffer.into());
    }
    let of = (actor.organisation.0, import);
    let corrected = match mending {
        Mending::Nothing => {
            corrections::clear(&mut transaction, of).await?;
            Vec::new()
        }
        Mending::Row { row, cells } => of_row(&mut transaction, &loaded, row, cells).await?,
        Mending::Replace { problem, value, with } => {
            replaced(&mut transaction, &loaded, &problem, &value, &with).await?
        }
    };
    if !corrected.is_empty() {
        let by = (actor.account().map(|account| account.0), backend.now());
        corrections::put(&mut transaction, of, by, &corrected).await?;
    }
    simulate::plan(backend, actor, &mut transaction, &mut loaded).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}

/// Whether the cells of a column can be corrected: they are imported.
pub(super) fn is_correctable(loaded: &LoadedImport, column: usize) -> bool {
    loaded.import.mapping.columns().get(column).is_some_and(|of| of.field.is_some())
}

/// A value of a column that decides must be one whose meaning is known: a correction asks no new question.
fn is_understood(loaded: &LoadedImport, column: usize, value: &str) -> std::result::Result<(), String> {
    let Some(decision) = loaded.import.decisions.iter().find(|of| of.column == column) else { return Ok(()) };
    if decision.knows(value) {
        return Ok(());
    }
    let known: Vec<&str> = decision.values.iter().map(|value| value.text.as_str()).collect();
    let known: Vec<&str> = known.into_iter().filter(|text| !text.is_empty()).collect();
    Err(format!(
        "This column decides which rows are imported. Enter one of its values: {}.",
        known.join(", ")
    ))
}

/// The name of the form field of a cell.
fn form_field(column: u32) -> String {
    format!("cell-{column}")
}

/// The text of a cell as it can be stored.
fn usable(value: &str, field: &str) -> std::result::Result<String, FieldErrors> {
    if value.chars().count() > MAX_CELL {
        return Err(FieldErrors::one(field, format!("Enter at most {MAX_CELL} characters.")));
    }
    // Line breaks stay; other characters that nobody sees do not.
    Ok(value.chars().filter(|c| !c.is_control() || *c == '\n').collect())
}

/// The corrections of one row.
async fn of_row(
    connection: &mut PgConnection,
    loaded: &LoadedImport,
    row: u32,
    cells: Vec<CorrectedCell>,
) -> Result<Vec<Correction>> {
    let import = &loaded.import;
    let before = i32::try_from(row).map_err(Error::unexpected)?.saturating_sub(1);
    let part = parts::next(connection, import.id, before, None, 1).await?.pop();
    let stored = part.as_ref().and_then(|part| part.rows.iter().find(|(number, _)| *number == row));
    let Some((_, stored)) = stored else { return Err(Error::NotFound("row")) };
    let is_rejected = part
        .as_ref()
        .and_then(|part| part.remarks.get(&row))
        .is_some_and(|remarks| remarks.iter().any(|remark| remark.decides().is_some()));
    let mut errors = FieldErrors::default();
    let mut corrected = Vec::new();
    for CorrectedCell { column, value } in cells {
        let at = usize::try_from(column).map_err(Error::unexpected)?;
        if !is_correctable(loaded, at) {
            return Err(ImportProblem::ColumnsDiffer.into());
        }
        let understood = is_understood(loaded, at, &value);
        let understood = understood.map_err(|why| FieldErrors::one(&form_field(column), why));
        match usable(&value, &form_field(column)).and_then(|value| understood.map(|()| value)) {
            Ok(value) => {
                let is_same = stored.get(at).map_or("", String::as_str) == value;
                if !is_same || is_rejected {
                    corrected.push(Correction { row, column, value, of_whole_row: true });
                }
            }
            Err(wrong) => errors.0.extend(wrong.0),
        }
    }
    if errors.is_empty() { Ok(corrected) } else { Err(errors.into()) }
}

/// The corrections of a value in all rows with a problem.
async fn replaced(
    connection: &mut PgConnection,
    loaded: &LoadedImport,
    problem: &ProblemKey,
    value: &str,
    with: &str,
) -> Result<Vec<Correction>> {
    let with = usable(with, "with")?;
    let (import, kind) = (&loaded.import, loaded.kind.declaration());
    let column = import.mapping.column_of(&problem.field);
    let column = column.filter(|at| is_correctable(loaded, *at)).ok_or(ImportProblem::ColumnsDiffer)?;
    is_understood(loaded, column, &with).map_err(|why| FieldErrors::one("with", why))?;
    let mut corrected = Vec::new();
    let mut last = 0;
    loop {
        let parts = faulty_parts(connection, import, last).await?;
        let Some(part) = parts.last() else { return Ok(corrected) };
        last = part.last;
        for part in parts {
            let lines = part.log.unwrap_or_default();
            for ((number, cells), line) in part.rows.into_iter().zip(lines) {
                let stands = cells.get(column).is_some_and(|cell| cell.trim() == value.trim());
                if stands && problems(&line).into_iter().any(|note| ProblemKey::of(kind, note) == *problem) {
                    let column = u32::try_from(column).map_err(Error::unexpected)?;
                    corrected.push(Correction {
                        row: number,
                        column,
                        value: with.clone(),
                        of_whole_row: false,
                    });
                }
            }
        }
    }
}
