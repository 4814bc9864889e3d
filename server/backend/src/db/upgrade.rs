//! Brings a database up to date, or says why that is not possible and what to do.

use sqlx::PgConnection;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgPool;

use super::standing::{Standing, standing};
use super::{MIGRATOR, rewritten, roles, words};

/// Why a database could not be brought up to date: a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum UpgradeError {
    /// The user lacks roles; the sentence says how to get them.
    #[error("{0}")]
    Roles(String),
    /// There are no tables, and the user may not create any.
    #[error(
        "it is empty, and this user may not create tables: run `greencap migrate` as the user that owns it"
    )]
    Empty,
    /// Migrations are outstanding, and the user may not run them.
    #[error(
        "its tables are from an older version of Greencap: run `greencap migrate` as the user that owns them"
    )]
    Older,
    /// A newer version has been here.
    #[error(
        "a newer version of Greencap has brought it up to date (it has migration {0}): use that version, or restore a backup from before into an empty database"
    )]
    Newer(i64),
    /// A migration was applied with another text.
    #[error(
        "migration {0} was applied with another text than this version of Greencap has: use the version that applied it, or restore a backup into an empty database"
    )]
    Changed(i64),
    /// A migration began and did not end.
    #[error("migration {0} began and did not end: restore a backup into an empty database")]
    Unfinished(i64),
    /// The user may not do what a migration does.
    #[error("{}; run `greencap migrate` as the user that owns its tables", words::of_migration(.0))]
    Refused(MigrateError),
    /// Anything else.
    #[error("{}", words::of_migration(.0))]
    Migration(MigrateError),
}

impl From<MigrateError> for UpgradeError {
    fn from(error: MigrateError) -> Self {
        // SQLSTATE 42501: insufficient privilege.
        let refused = match &error {
            MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => {
                source.as_database_error().is_some_and(|source| source.code().as_deref() == Some("42501"))
            }
            _ => false,
        };
        if refused { Self::Refused(error) } else { Self::Migration(error) }
    }
}

impl From<sqlx::Error> for UpgradeError {
    fn from(error: sqlx::Error) -> Self {
        MigrateError::from(error).into()
    }
}

/// Runs outstanding migrations. A user who may not create tables only checks that none is outstanding.
///
/// # Errors
/// Before anything is changed, unless a migration itself fails.
pub async fn bring_up_to_date(pool: &PgPool) -> Result<(), UpgradeError> {
    {
        let mut connection = pool.acquire().await?;
        if !lacks_migrations(&mut connection).await? {
            return Ok(());
        }
    }
    rewritten::accept(pool).await?;
    MIGRATOR.run(pool).await?;
    // They may have created the roles.
    Ok(roles::take_on(&mut *pool.acquire().await?).await?)
}

/// Whether there are migrations that this user can run.
async fn lacks_migrations(connection: &mut PgConnection) -> Result<bool, UpgradeError> {
    // First: without the roles, a user who owns nothing may not even read which migrations there are, and an owner would
    // notice in the middle of them.
    if let Some(remedy) = roles::lacking(connection).await? {
        return Err(UpgradeError::Roles(remedy));
    }
    roles::take_on(connection).await?;
    let standing = standing(connection).await?;
    let is_empty = match standing {
        Standing::Current => return Ok(false),
        Standing::Newer(migration) => return Err(UpgradeError::Newer(migration)),
        Standing::Changed(migration) => return Err(UpgradeError::Changed(migration)),
        Standing::Unfinished(migration) => return Err(UpgradeError::Unfinished(migration)),
        Standing::Empty => true,
        Standing::Older => false,
    };
    match (may_create_tables(connection).await?, is_empty) {
        (true, _) => Ok(true),
        (false, true) => Err(UpgradeError::Empty),
        (false, false) => Err(UpgradeError::Older),
    }
}

/// Whether the user may create tables, as the owner of a database may.
pub async fn may_create_tables(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)")
        .fetch_one(connection)
        .await
}
