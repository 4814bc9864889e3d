//! What an import asks those who reach two schools: to attach a student to an adult whom the importer does not see.

use domain::guardians::import::write::GuardiansWrite;
use domain::guardians::task::{TaskDetails, TaskKind};
use domain::ids::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::db::copy_rows;
use crate::guardians::tasks::add::{NewTask, insert};
use crate::imports::kind::Importing;

/// Adults and students about whom is asked.
pub(super) const GATHER_ASKED: &str =
    "CREATE TEMPORARY TABLE import_asked (adult_id uuid, child_id uuid) ON COMMIT DROP";

/// Gathers them.
pub(super) async fn gather(connection: &mut PgConnection, writes: &[GuardiansWrite]) -> Result<()> {
    let rows: Vec<(PersonId, PersonId)> =
        writes.iter().flat_map(|write| write.asks.iter().copied()).collect();
    if rows.is_empty() {
        return Ok(());
    }
    copy_rows(
        connection,
        "COPY import_asked (adult_id, child_id) FROM STDIN",
        rows,
        |line, (adult, child)| {
            line.plain(adult).plain(child);
        },
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct AskedRow {
    adult_id: Uuid,
    child_id: Uuid,
}

/// Adds a task for each. One that is open already stays the only one, however often the file comes.
pub(super) async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    let asked = sqlx::query_as::<_, AskedRow>("SELECT DISTINCT adult_id, child_id FROM import_asked")
        .fetch_all(&mut *connection)
        .await?;
    let task = |row: AskedRow| NewTask {
        kind: TaskKind::KnownElsewhere,
        adult: Some(PersonId(row.adult_id)),
        child: Some(PersonId(row.child_id)),
        details: TaskDetails::default(),
    };
    let tasks: Vec<NewTask> = asked.into_iter().map(task).collect();
    if !tasks.is_empty() {
        insert(cx.backend, connection, cx.school.organisation, &tasks).await?;
    }
    Ok(())
}
