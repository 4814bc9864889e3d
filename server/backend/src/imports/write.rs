//! Writing a plan: gathered in temporary tables by COPY, then written set by set.

use domain::ids::{AccountId, PersonId};
use domain::imports::plan::PlanCounts;
use domain::operations::plan::PlanHash;
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::{Importing, StoredKind};
use super::planning::Planning;
use super::queries::StoredImport;
use super::undo_log;
use super::written::WrittenKind;
use crate::Result;
use crate::operations::OperationContext;

/// Plans every row, and gathers what the plan writes. Writes only temporary tables.
pub(super) async fn gather<K: StoredKind>(
    cx: &Importing<'_>,
    work: &mut OperationContext<'_>,
    import: &StoredImport,
) -> Result<(PlanCounts, PlanHash)> {
    let rows = usize::try_from(import.row_count).unwrap_or(usize::MAX);
    for statement in K::GATHER {
        sqlx::query(*statement).execute(&mut *work.connection).await?;
    }
    // A file whose columns were changed after its simulation has another plan, whatever is found here.
    let grouped = import.findings.repeats_keys != Some(false);
    let mut planning = Planning::<K>::new(cx, work.connection, import, grouped).await?;
    let mut checked = 0;
    loop {
        work.report("Checking every row", checked, rows).await?;
        let parts = planning.next(work.connection).await?;
        if parts.is_empty() {
            break;
        }
        checked += parts.iter().map(|(_, plans)| plans.len()).sum::<usize>();
        let plans = parts.into_iter().flat_map(|(_, plans)| plans);
        let writes: Vec<_> = plans.filter_map(|plan| plan.write).collect();
        if !writes.is_empty() {
            K::gather(cx, work.connection, &writes).await?;
        }
    }
    let (counts, _, hash) = planning.finish();
    Ok((counts, hash))
}

/// Writes what was gathered, and keeps what an undo needs. Returns what [`WrittenKind::apply`] does.
pub(super) async fn apply<K: WrittenKind>(
    cx: &Importing<'_>,
    work: &mut OperationContext<'_>,
    rows: usize,
) -> Result<Vec<(AccountId, PersonId)>> {
    sqlx::query(K::GATHERED).execute(&mut *work.connection).await?;
    work.report("Keeping what an undo needs", 0, rows).await?;
    undo_log::before(cx, work.connection, K::WRITTEN).await?;
    work.report("Writing the rows", 0, rows).await?;
    let disowned = K::apply(cx, work.connection).await?;
    work.report("Keeping what an undo needs", rows, rows).await?;
    undo_log::after(cx, work.connection, K::WRITTEN).await?;
    Ok(disowned)
}

/// The people whose key was given to somebody else, and the key that they have now.
pub(super) async fn freed<K: StoredKind>(connection: &mut PgConnection) -> Result<Vec<(PersonId, String)>> {
    let freed = sqlx::query_as::<_, (Uuid, String)>(K::FREED).fetch_all(connection).await?;
    Ok(freed.into_iter().map(|(person, key)| (PersonId(person), key)).collect())
}
