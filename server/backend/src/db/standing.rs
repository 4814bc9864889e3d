//! Where a database stands compared with the migrations of this program.

use sqlx::PgConnection;

use super::{MIGRATOR, rewritten};

/// Where a database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has no tables of Greencap.
    Empty,
    /// It lacks migrations.
    Older,
    /// It is up to date.
    Current,
    /// It has this migration, which this program does not know.
    Newer(i64),
    /// This migration was applied with another text than this program has.
    Changed(i64),
    /// This migration began and did not end.
    Unfinished(i64),
}

#[derive(sqlx::FromRow)]
struct AppliedRow {
    version: i64,
    checksum: Vec<u8>,
    success: bool,
}

/// Reads where a database stands. Changes nothing.
pub async fn standing(connection: &mut PgConnection) -> sqlx::Result<Standing> {
    let migrated: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !migrated {
        return Ok(Standing::Empty);
    }
    let applied: Vec<AppliedRow> =
        sqlx::query_as("SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version")
            .fetch_all(connection)
            .await?;
    Ok(compared(&applied))
}

fn compared(applied: &[AppliedRow]) -> Standing {
    if applied.is_empty() {
        return Standing::Empty;
    }
    let known = |version: i64| MIGRATOR.iter().find(|migration| migration.version == version);
    // The newest of them tells most about the version that knows it.
    if let Some(row) = applied.iter().rev().find(|row| known(row.version).is_none()) {
        return Standing::Newer(row.version);
    }
    if let Some(row) = applied.iter().find(|row| !row.success) {
        return Standing::Unfinished(row.version);
    }
    let is_changed = |row: &&AppliedRow| {
        known(row.version).is_some_and(|migration| *migration.checksum != *row.checksum)
            && !rewritten::was(row.version, &row.checksum)
    };
    if let Some(row) = applied.iter().find(is_changed) {
        return Standing::Changed(row.version);
    }
    let is_missing = |version: i64| applied.iter().all(|row| row.version != version);
    if MIGRATOR.iter().any(|migration| is_missing(migration.version)) {
        return Standing::Older;
    }
    Standing::Current
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up_to_date() -> Vec<AppliedRow> {
        MIGRATOR
            .iter()
            .map(|migration| AppliedRow {
                version: migration.version,
                checksum: migration.checksum.to_vec(),
                success: true,
            })
            .collect()
    }

    #[test]
    fn every_migration_counts_and_not_the_newest_alone() {
        assert_eq!(compared(&up_to_date()), Standing::Current);
        assert_eq!(compared(&[]), Standing::Empty);

        let mut gap = up_to_date();
        gap.remove(1);
        assert_eq!(compared(&gap), Standing::Older);
        let mut older = up_to_date();
        older.pop();
        assert_eq!(compared(&older), Standing::Older);

        let mut unknown = up_to_date();
        unknown.push(AppliedRow { version: i64::MAX, checksum: Vec::new(), success: true });
        assert_eq!(compared(&unknown), Standing::Newer(i64::MAX));

        let mut changed = up_to_date();
        changed[2].checksum[0] ^= 1;
        assert_eq!(compared(&changed), Standing::Changed(changed[2].version));

        let mut unfinished = up_to_date();
        unfinished[3].success = false;
        assert_eq!(compared(&unfinished), Standing::Unfinished(unfinished[3].version));
    }

    #[test]
    fn a_migration_that_was_rewritten_is_not_changed() {
        let mut earlier = up_to_date();
        for row in &mut earlier {
            if let Some(checksum) = rewritten::earlier(row.version) {
                row.checksum = checksum;
            }
        }
        assert_eq!(compared(&earlier), Standing::Current);
    }
}
