//! Bringing exactly the plan that was checked to the roll.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::ImportId;
use domain::imports::outcome::Outcome;
use domain::imports::plan::PlanHash;
use domain::imports::views::{Committed, ImportState, LogLine};
use serde_json::json;
use sqlx::PgConnection;

use super::planning::{Planning, add_outcomes, begin_outcomes, keep_plan};
use super::queries::{Import, lock, reach};
use super::{keeping, view, writing};
use crate::audit::{AuditEntry, record};
use crate::credentials::revoke::revoke_everything_sent_to;
use crate::own_account::address::moved::Before;
use crate::{Backend, Error, Result};

/// How many rows of a difference are told.
const TOLD: i64 = 100;

/// Writes a plan to the roll. It is made again first; if it is not the plan that was checked, nothing is written, the
/// new plan takes the old one's place, and the answer says which rows differ.
pub async fn commit(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    checked: PlanHash,
) -> Result<Committed> {
    backend.authorize(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    let school = reach(backend, actor, import).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    // Two files for one school wait for each other, whatever students they name.
    sqlx::query("SELECT FROM schools WHERE id = $1 FOR NO KEY UPDATE")
        .bind(school.school.0)
        .execute(&mut *transaction)
        .await?;
    let held = lock(&mut transaction, actor, import).await?;
    held.still_open()?;
    let mut planning = Planning::new(backend, actor, &mut transaction, &held, &school).await?;
    begin_outcomes(&mut transaction).await?;
    writing::begin(&mut transaction).await?;
    loop {
        let plans = planning.next(&mut transaction).await?;
        if plans.is_empty() {
            break;
        }
        add_outcomes(&mut transaction, &plans).await?;
        writing::add(backend, &mut transaction, &plans).await?;
    }
    let (counts, hash) = planning.finish();
    if hash != checked {
        let differing = differing(&mut transaction, &held).await?;
        keep_plan(&mut transaction, &held, (counts, hash)).await?;
        let import = view::of(&mut transaction, actor, import).await?;
        transaction.commit().await?;
        return Ok(Committed::Drifted { import, differing });
    }
    keep_plan(&mut transaction, &held, (counts, hash)).await?;
    writing::gathered(&mut transaction).await?;
    keeping::before(&mut transaction, school.school).await?;
    let emailed = writing::emailed(&mut transaction).await?;
    let addresses = Before::of(&mut transaction, actor.organisation, &emailed).await?;
    let left = writing::left(&mut transaction, actor.organisation).await?;
    revoke_everything_sent_to(&mut transaction, actor.organisation, &left, backend.now()).await?;
    writing::apply(&mut transaction, actor.organisation, school.school, backend.now()).await?;
    addresses.settle(backend, &mut transaction, actor.organisation).await?;
    keeping::after(&mut transaction, actor.organisation, import).await?;
    sqlx::query("UPDATE imports SET state = $2, committed_by = $3, committed_at = $4 WHERE id = $1")
        .bind(import.0)
        .bind(ImportState::Committed.slug())
        .bind(actor.account().map(|account| account.0))
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::RollImported).subject("import", import.0).details(json!(counts));
    record(backend, &mut transaction, actor, entry).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(Committed::Done { import: view })
}

#[derive(sqlx::FromRow)]
struct DifferingRow {
    number: i32,
    outcome: String,
    code: String,
    message: String,
    key: Option<String>,
}

/// The first rows of which the new plan says something else than the log.
async fn differing(connection: &mut PgConnection, import: &Import) -> Result<Vec<LogLine>> {
    let rows = sqlx::query_as::<_, DifferingRow>(
        "SELECT o.number, o.outcome, o.code, o.message, o.key FROM import_outcomes o
         JOIN import_rows r ON r.import_id = $1 AND r.number = o.number
         WHERE (r.outcome, r.message) IS DISTINCT FROM (o.outcome, o.message) ORDER BY o.number LIMIT $2",
    )
    .bind(import.id.0)
    .bind(TOLD)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(LogLine {
                row: u32::try_from(row.number).map_err(Error::unexpected)?,
                outcome: Outcome::from_slug(&row.outcome)
                    .ok_or_else(|| Error::unexpected(format!("outcome {}", row.outcome)))?,
                code: row.code,
                message: row.message,
                key: row.key,
            })
        })
        .collect()
}
