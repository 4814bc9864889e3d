//! The undo log: the rows that an import writes, before and after.

use sqlx::PgConnection;

use super::kind::Importing;
use super::written::{WrittenKind, WrittenTable};
use crate::Result;

/// Records the rows that the gathered plan will change, as they are, until the end of the transaction.
pub(super) async fn before(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    written: &[WrittenTable],
) -> Result<()> {
    sqlx::query(
        "CREATE TEMPORARY TABLE import_before (kind text, id uuid, person_id uuid, before jsonb) ON COMMIT DROP",
    )
    .execute(&mut *connection)
    .await?;
    for table in written {
        sqlx::query(table.before).bind(cx.school.organisation.0).execute(&mut *connection).await?;
    }
    sqlx::query("ANALYZE import_before").execute(connection).await?;
    Ok(())
}

/// Stores those rows, and the new ones, with what the import made of them.
pub(super) async fn after(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    written: &[WrittenTable],
) -> Result<()> {
    for table in written {
        sqlx::query(table.after)
            .bind(cx.school.organisation.0)
            .bind(cx.import.0)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Removes what the import added and restores what it changed. Returns how many rows of its first table were
/// removed.
pub(super) async fn undo<K: WrittenKind>(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<u64> {
    let undoing = K::before_undo(cx, connection).await?;
    let removed = take_back(cx, connection, K::WRITTEN).await?;
    K::after_undo(cx, connection, undoing).await?;
    forget(cx, connection).await?;
    Ok(removed)
}

/// Removes the rows that were added, and restores those that were changed.
async fn take_back(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    written: &[WrittenTable],
) -> Result<u64> {
    let (organisation, import) = (cx.school.organisation.0, cx.import.0);
    let mut removed = 0;
    for table in written.iter().rev() {
        let done =
            sqlx::query(table.remove).bind(organisation).bind(import).execute(&mut *connection).await?;
        removed = done.rows_affected();
    }
    for statement in written.iter().flat_map(|table| table.restore) {
        sqlx::query(*statement).bind(organisation).bind(import).execute(&mut *connection).await?;
    }
    Ok(removed)
}

/// Forgets what an undo needed.
async fn forget(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    sqlx::query("DELETE FROM import_writes WHERE organisation_id = $1 AND import_id = $2")
        .bind(cx.school.organisation.0)
        .bind(cx.import.0)
        .execute(connection)
        .await?;
    Ok(())
}
