//! What the values of a deciding column mean: counting them, and taking what someone chose.

use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::ids::ImportId;
use domain::imports::deciding::{ChosenMeaning, Decision, MOST_VALUES, ValueCount};
use domain::imports::kind::ImportDeclaration;
use domain::imports::mapping::{FieldSlug, Mapping};
use domain::imports::views::ImportView;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::queries::StoredImport;
use super::target::{ImportFor, enter};
use super::{spare, view};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Saves what values mean. A value that the file does not have is an error under "values".
pub async fn decide(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    chosen: &[ChosenMeaning],
) -> Result<ImportView> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Changing(import)).await?;
    at.import.still_open()?;
    let mut decisions = at.import.decisions;
    let mut errors = FieldErrors::default();
    for ChosenMeaning { field, text, meaning } in chosen {
        let mut found = decisions.iter_mut().filter(|decision| decision.field == *field);
        if !found.any(|decision| decision.choose(text, *meaning)) {
            errors.push(
                "values",
                format!("No column in the file has the value \u{201c}{text}\u{201d} and decides that."),
            );
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    sqlx::query(
        "UPDATE imports SET decisions = $3, state = 'staged', plan_hash = NULL, counts = NULL
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(import.0)
    .bind(Json(&decisions))
    .execute(&mut *transaction)
    .await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}

/// The values whose meaning must be asked, as errors under "values".
pub(super) fn open_questions(import: &StoredImport) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for decision in &import.decisions {
        for value in decision.open() {
            let text = match value.text.as_str() {
                "" => "an empty cell".to_owned(),
                text => format!("\u{201c}{text}\u{201d}"),
            };
            errors
                .push("values", format!("Choose what {text} in \u{201c}{}\u{201d} means.", decision.header));
        }
    }
    errors
}

/// Counts the values of the columns that decide. What someone chose before, for this file or the last one, is
/// chosen again.
pub(super) async fn count(
    connection: &mut PgConnection,
    kind: &ImportDeclaration,
    import: &StoredImport,
) -> Result<()> {
    let mut counts: Vec<(FieldSlug, usize, ValueCount)> = kind
        .fields
        .iter()
        .filter(|field| field.deciding().is_some())
        .filter_map(|field| {
            Some((FieldSlug::from(field), import.mapping.column_of(field.slug)?, ValueCount::default()))
        })
        .collect();
    if counts.is_empty() && import.decisions.is_empty() {
        return Ok(());
    }
    let mut errors = FieldErrors::default();
    let mut after = 0;
    while !counts.is_empty() && errors.is_empty() {
        let Some((last, rows)) = spare::records_after(connection, import, after).await? else { break };
        after = last;
        for (_, column, count) in &mut counts {
            let few =
                rows.iter().all(|(_, cells)| count.count(cells.get(*column).map_or("", String::as_str)));
            if !few {
                errors.push(
                    &Mapping::form_field(*column),
                    format!("This column has more than {MOST_VALUES} values, so it can\u{2019}t decide which rows are imported."),
                );
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let last = last_decisions(connection, import).await?;
    let decisions = counts.into_iter().filter_map(|(slug, column, count)| {
        let deciding = kind.field(slug.as_str())?.deciding()?;
        let header = import.headers.get(column).map_or("", String::as_str);
        let mut decision = Decision::new(deciding, slug, column, header, count);
        decision.as_last_time(&last);
        decision.as_last_time(&import.decisions);
        Some(decision)
    });
    let decisions: Vec<Decision> = decisions.collect();
    sqlx::query("UPDATE imports SET decisions = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(import.organisation.0)
        .bind(import.id.0)
        .bind(Json(&decisions))
        .execute(connection)
        .await?;
    Ok(())
}

/// What was decided for the last file of this kind imported at this school.
async fn last_decisions(connection: &mut PgConnection, import: &StoredImport) -> Result<Vec<Decision>> {
    let last = sqlx::query_scalar::<_, Json<Vec<Decision>>>(
        "SELECT decisions FROM imports
         WHERE organisation_id = $1 AND school_id = $2 AND kind = $3 AND state IN ('committed', 'undone') AND decisions IS NOT NULL
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(import.organisation.0)
    .bind(import.school.0)
    .bind(&import.kind.0)
    .fetch_optional(connection)
    .await?;
    Ok(last.map(|decisions| decisions.0).unwrap_or_default())
}
