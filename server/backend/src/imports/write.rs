//! Writing a plan: gathered in temporary tables by COPY, then set by set.

use domain::operations::plan::PlanHash;
use sqlx::PgConnection;

use super::kind::{Importing, StoredKind};
use super::planning::Planning;
use super::queries::Import;
use super::undo_log;
use crate::Result;

/// Plans every row and writes the plan if it is the one that was checked; whether it was.
pub(super) async fn write<K: StoredKind>(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    import: &Import,
    checked: PlanHash,
) -> Result<bool> {
    for statement in K::GATHER {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    let mut planning = Planning::<K>::new(cx, connection, import).await?;
    loop {
        let parts = planning.next(connection).await?;
        if parts.is_empty() {
            break;
        }
        let plans = parts.into_iter().flat_map(|(_, plans)| plans);
        let writes: Vec<_> = plans.filter_map(|plan| plan.write).collect();
        if !writes.is_empty() {
            K::gather(cx, connection, &writes).await?;
        }
    }
    let (counts, hash) = planning.finish();
    if hash != checked {
        return Ok(false);
    }
    if counts.changes() > 0 {
        sqlx::query(K::GATHERED).execute(&mut *connection).await?;
        undo_log::before::<K>(cx, connection).await?;
        K::apply(cx, connection).await?;
        undo_log::after::<K>(cx, connection).await?;
    }
    Ok(true)
}
